"""Plain Python, point by point; sets of signals."""

import itertools
import math
from collections import Counter
from datetime import timedelta


def control_limits(kind, data, n=None):
    values = [float(value) for value in data]
    steps = [abs(b - a) for a, b in itertools.pairwise(values)]
    points = len(values)
    if kind == "p":
        units = [n] * points if isinstance(n, int) else list(n)
        center = sum(values) / sum(units)
        values = [value / size for value, size in zip(values, units, strict=True)]
        spread = [3 * math.sqrt(center * (1 - center) / size) for size in units]
    elif kind == "mr":
        center = sum(steps) / len(steps)
        values = [center, *steps]
        spread = [2.267 * center] * points
    else:
        center = sum(values) / points
        sigma = math.sqrt(center) if kind == "c" else sum(steps) / len(steps) / 1.128
        spread = [3 * sigma] * points
    floor = -math.inf if kind == "i" else 0
    lcl = [max(center - width, floor) for width in spread]
    ucl = [center + width for width in spread]
    signals = {i for i in range(points) if not lcl[i] <= values[i] <= ucl[i]}
    return {"center": center, "lcl": lcl, "ucl": ucl, "signals": signals}


def late_by_week(requests, at_least=20):
    late, n = Counter(), Counter()
    for row in requests.dropna().to_dict("records"):
        day = row["open_dt"].date()
        monday = day - timedelta(days=day.weekday())
        n[monday] += 1
        late[monday] += row["closed_dt"] > row["target_dt"]
    weeks = sorted(monday for monday in n if n[monday] >= at_least)
    return {"late": [late[monday] for monday in weeks], "n": [n[monday] for monday in weeks]}
