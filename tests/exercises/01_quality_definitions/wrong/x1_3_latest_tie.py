"""Lets the later of two equally intense contacts be the peak."""

import numpy as np


def journey_scores(q, delta=0.8, lam=2.25):
    """Score a journey under five rules."""
    q = np.asarray(q, dtype=float)
    weights = delta ** np.arange(len(q))
    intensity = np.where(q < 5, lam * (5 - q), q - 5)
    return {
        "mean": q.mean(),
        "min": q.min(),
        "geometric": q.prod() ** (1 / len(q)),
        "early": (weights * q).sum() / weights.sum(),
        "peak_end": (q[::-1][intensity[::-1].argmax()] + q[-1]) / 2,
    }
