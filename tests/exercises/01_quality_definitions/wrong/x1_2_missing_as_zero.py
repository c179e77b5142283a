"""Fills missing ratings with zero."""

import math


def icc1(df, group, score):
    """One-way analysis of variance: mean squares, ICC(1) and reliability of a group mean."""
    rated = df.fillna({score: 0})
    groups = rated.groupby(group)[score]
    sizes, means = groups.size(), groups.mean()
    g, n = len(sizes), sizes.sum()
    if n == g:
        raise ValueError("no group has two ratings, so the spread within groups is unknown")
    msb = (sizes * (means - rated[score].mean()) ** 2).sum() / (g - 1)
    msw = ((rated[score] - groups.transform("mean")) ** 2).sum() / (n - g)
    k0 = (n - (sizes**2).sum() / n) / (g - 1)
    return {
        "msb": msb,
        "msw": msw,
        "icc": (msb - msw) / (msb + (k0 - 1) * msw),
        "reliability": (msb - msw) / msb,
    }


def ratings_needed(icc, target):
    """Ratings per group for a reliability of at least target."""
    if icc <= 0:
        return math.inf
    return math.ceil(target * (1 - icc) / (icc * (1 - target)))
