"""Mixes up adequacy and superiority."""

import numpy as np


def zone_of_tolerance(p, a, d):
    width = d - a
    return {
        "msa": p - d,
        "mss": p - a,
        "width": width,
        "z": (p - a) / np.where(width > 0, width, np.nan),
        "state": np.where(p < a, "below", np.where(p > d, "above", "inside")),
    }
