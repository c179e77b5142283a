"""Plain Python: a case for each age; effect sizes from F."""
# ruff: noqa: N806

import math
from statistics import fmean

from scipy.stats import f_oneway


def memberships(age):
    if age <= 25:
        return {"young": 1, "middle": 0, "senior": 0}
    if age < 40:
        return {"young": (40 - age) / 15, "middle": (age - 25) / 15, "senior": 0}
    if age <= 50:
        return {"young": 0, "middle": 1, "senior": 0}
    if age < 65:
        return {"young": 0, "middle": (65 - age) / 15, "senior": (age - 50) / 15}
    return {"young": 0, "middle": 0, "senior": 1}


def fuzzy_means(ages, y, m=1):
    weights = [memberships(age) for age in ages]
    found = {}
    for segment in ("senior", "middle", "young"):
        w = [row[segment] ** m for row in weights]
        found[segment] = fmean(y, weights=w) if any(w) else math.nan
    return found


def eta_squared(groups):
    F = f_oneway(*groups).statistic
    between = len(groups) - 1
    n = sum(len(group) for group in groups)
    eta2 = F * between / (F * between + n - len(groups))
    return eta2, between * (F - 1) / (between * F + n - len(groups) + 1)
