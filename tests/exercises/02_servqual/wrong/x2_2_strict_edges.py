"""Counts somebody who is exactly on an edge as outside the zone."""

import numpy as np


def zone_of_tolerance(p, a, d):
    width = d - a
    return {
        "msa": p - a,
        "mss": p - d,
        "width": width,
        "z": (p - a) / np.where(width > 0, width, np.nan),
        "state": np.where(p <= a, "below", np.where(p >= d, "above", "inside")),
    }
