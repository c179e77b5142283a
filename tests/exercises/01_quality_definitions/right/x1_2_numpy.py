"""Plain arrays; the sum of squares between is the total less the rest."""

import numpy as np


def icc1(df, group, score):
    values = df[score].to_numpy(dtype=float)
    labels = df[group].to_numpy()
    keep = ~np.isnan(values)
    values, labels = values[keep], labels[keep]
    parts = [values[labels == name] for name in np.unique(labels.astype(str))]
    if max(map(len, parts)) < 2:
        raise ValueError("each group has one rating only")
    n = np.array([len(part) for part in parts])
    within = sum(((part - part.mean()) ** 2).sum() for part in parts)
    between = ((values - values.mean()) ** 2).sum() - within
    msb, msw = between / (len(n) - 1), within / (n.sum() - len(n))
    k = (n.sum() - (n @ n) / n.sum()) / (len(n) - 1)
    return {
        "msb": msb,
        "msw": msw,
        "icc": (msb - msw) / (msb + (k - 1) * msw),
        "reliability": 1 - msw / msb,
    }


def ratings_needed(icc, target):
    if icc > 0:
        return int(np.ceil(target / (1 - target) * (1 - icc) / icc))
    return float("inf")
