"""Begins its weeks on Sunday."""

import numpy as np


def control_limits(kind, data, n=None):
    x = np.asarray(data, dtype=float)
    moving = np.append(np.nan, np.abs(np.diff(x)))
    if kind == "p":
        units = np.broadcast_to(np.asarray(n, dtype=float), x.shape)
        center = x.sum() / units.sum()
        points, spread = x / units, 3 * np.sqrt(center * (1 - center) / units)
    elif kind == "c":
        center = x.mean()
        points, spread = x, 3 * np.sqrt(center)
    elif kind == "i":
        center = x.mean()
        points, spread = x, 2.66 * np.nanmean(moving)
    else:
        center = np.nanmean(moving)
        points, spread = moving, 2.267 * center
    lcl, ucl = np.maximum(center - spread, -np.inf if kind == "i" else 0), center + spread
    outside = (points < lcl) | (points > ucl)
    return {"center": center, "lcl": lcl, "ucl": ucl, "signals": np.flatnonzero(outside).tolist()}


def late_by_week(requests, at_least=20):
    judged = requests.dropna(subset=["target_dt", "closed_dt"])
    late = judged["closed_dt"] > judged["target_dt"]
    weeks = late.groupby(judged["open_dt"].dt.to_period("W-SAT")).agg(["sum", "size"])
    weeks = weeks[weeks["size"] >= at_least]
    return {"late": weeks["sum"].tolist(), "n": weeks["size"].tolist()}
