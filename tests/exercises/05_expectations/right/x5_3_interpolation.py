"""NumPy interpolates and averages; pandas does the sums of squares."""

import numpy as np
import pandas as pd

CORNERS = {"young": [1, 0, 0, 0], "middle": [0, 1, 1, 0], "senior": [0, 0, 0, 1]}


def memberships(age):
    return pd.Series({k: np.interp(age, [25, 40, 50, 65], y) for k, y in CORNERS.items()})


def fuzzy_means(ages, y, m=1):
    means = {}
    for segment, corners in CORNERS.items():
        weights = np.interp(ages, [25, 40, 50, 65], corners) ** m
        means[segment] = np.average(y, weights=weights) if weights.any() else np.nan
    return means


def eta_squared(groups):
    table = pd.concat({i: pd.Series(group, dtype=float) for i, group in enumerate(groups)})
    within = table - table.groupby(level=0).transform("mean")
    sst, ssw = table.var() * (len(table) - 1), (within**2).sum()
    g = len(groups)
    msw = ssw / (len(table) - g)
    return np.array([1 - ssw / sst, (sst - ssw - (g - 1) * msw) / (sst + msw)])
