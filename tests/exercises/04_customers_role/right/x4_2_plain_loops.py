"""Plain Python: loops, and groups by bisection in the sorted loads; letters as a set."""

import bisect
import math


def mixed_wait(lam, shares, means, sds):
    first = second = 0.0
    for share, mean, sd in zip(shares, means, sds, strict=True):
        first += share / sum(shares) * mean
        second += share / sum(shares) * (mean * mean + sd * sd)
    if lam * first >= 1:
        return math.inf
    return lam * second / 2 / (1 - lam * first)


def load_curve(df):
    hours = []
    for hour in df.to_dict("records"):
        year, month, _ = map(int, hour["date"].split("-"))
        if (year, month) < (2020, 3) and hour["booths"]:
            hours.append((hour["passengers"] / hour["booths"], hour["all_avg_wait_min"]))
    loads = sorted(load for load, _ in hours)
    deciles = []
    for tenth in range(1, 10):
        place = tenth * (len(loads) - 1) / 10
        low = loads[int(place)]
        deciles.append(low + (place - int(place)) * (loads[int(place) + 1] - low))
    waits = [[] for _ in range(10)]
    for load, wait in hours:
        waits[bisect.bisect_left(deciles, load)].append(wait)
    return [sum(group) / len(group) for group in waits]


def why_no_explosion():
    return {"D", "B"}
