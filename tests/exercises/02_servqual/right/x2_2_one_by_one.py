"""Written for one customer, then repeated for each; returns lists."""

import math

import numpy as np


def zone_of_tolerance(p, a, d):
    if np.ndim(p):
        each = [zone_of_tolerance(*levels) for levels in zip(p, a, d, strict=True)]
        return {name: [one[name] for one in each] for name in each[0]}
    z = (p - a) / (d - a) if d > a else math.nan
    state = "below" if p < a else "above" if p > d else "inside"
    return {"msa": p - a, "mss": p - d, "width": d - a, "z": z, "state": state}
