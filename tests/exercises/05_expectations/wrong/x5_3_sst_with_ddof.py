"""Takes n times the sample variance for the sum of squares."""

import numpy as np


def memberships(age):
    young = min(max((40 - age) / 15, 0), 1)
    senior = min(max((age - 50) / 15, 0), 1)
    return {"young": young, "middle": 1 - young - senior, "senior": senior}


def fuzzy_means(ages, y, m=1):
    means = {}
    for segment in ("young", "middle", "senior"):
        weights = [memberships(age)[segment] ** m for age in ages]
        total = sum(weights)
        products = [weight * rating for weight, rating in zip(weights, y, strict=True)]
        means[segment] = sum(products) / total if total > 0 else float("nan")
    return means


def eta_squared(groups):
    everyone = np.concatenate([np.array(group, dtype=float) for group in groups])
    n, g = len(everyone), len(groups)
    sst = everyone.var(ddof=1) * n
    ssb = sum(len(group) * (np.mean(group) - everyone.mean()) ** 2 for group in groups)
    msw = (sst - ssb) / (n - g)
    return ssb / sst, (ssb - (g - 1) * msw) / (sst + msw)
