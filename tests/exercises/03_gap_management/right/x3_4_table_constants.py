"""Other constants of the tables (3/1.128 and 3.2665), and pandas."""

import math

import pandas as pd


def control_limits(kind, data, n=None):
    values = pd.Series(list(data), dtype=float)
    if kind == "mr":
        ranges = values.diff().abs()
        center = ranges.mean()
        signals = ranges.index[ranges > 3.2665 * center].tolist()
        return {"center": center, "lcl": 0, "ucl": 3.2665 * center, "signals": signals}
    if kind == "p":
        units = pd.Series(n if hasattr(n, "__len__") else [n] * len(values), dtype=float)
        units = units.reset_index(drop=True)
        center = values.sum() / units.sum()
        values = values / units
        sigma = (center * (1 - center) / units) ** 0.5
    else:
        center = values.mean()
        sigma = math.sqrt(center) if kind == "c" else values.diff().abs().mean() / 1.128
    lcl, ucl = center - 3 * sigma, center + 3 * sigma
    if kind != "i":
        lcl = lcl.clip(lower=0) if kind == "p" else max(lcl, 0)
    signals = values.index[(values < lcl) | (values > ucl)].tolist()
    return {"center": center, "lcl": lcl, "ucl": ucl, "signals": signals}


def late_by_week(requests, at_least=20):
    judged = requests[requests["closed_dt"].notna() & requests["target_dt"].notna()]
    opened = judged["open_dt"]
    monday = opened.dt.normalize() - pd.to_timedelta(opened.dt.weekday, unit="D")
    late = (judged["closed_dt"] > judged["target_dt"]).groupby(monday)
    n = late.size()
    kept = n.index[n >= at_least]
    return {"late": late.sum()[kept], "n": n[kept]}
