"""Averages logarithms, which a zero does not have."""

import math

import numpy as np


def journey_scores(q, delta=0.8, lam=2.25):
    """Score a journey under five rules."""
    q = np.asarray(q, dtype=float)
    weights = delta ** np.arange(len(q))
    intensity = np.where(q < 5, lam * (5 - q), q - 5)
    return {
        "mean": q.mean(),
        "min": q.min(),
        "geometric": math.exp(sum(math.log(score) for score in q) / len(q)),
        "early": (weights * q).sum() / weights.sum(),
        "peak_end": (q[intensity.argmax()] + q[-1]) / 2,
    }
