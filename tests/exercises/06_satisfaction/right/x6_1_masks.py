"""Works with masks of NumPy, and gives each answer 100, 0 or -100."""

import numpy as np
import pandas as pd


def csat(scores, top=2, scale=5):
    scores = np.array(scores, dtype=float)
    n = np.sum((scores >= 1) & (scores <= scale))
    if n == 0:
        return {"value": np.nan, "lo": np.nan, "hi": np.nan}
    p = np.sum((scores > scale - top) & (scores <= scale)) / n
    z = 1.959964
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    lo, hi = ((p + z**2 / (2 * n) + sign * half) / (1 + z**2 / n) for sign in (-1, 1))
    return {"value": p, "lo": lo, "hi": hi}


def nps(scores):
    scores = np.array(scores, dtype=float)
    scores = scores[(scores >= 0) & (scores <= 10)]
    worth = np.where(scores >= 9, 100.0, np.where(scores <= 6, -100.0, 0.0))
    value = worth.mean() if len(worth) else np.nan
    se = worth.std() / np.sqrt(len(worth)) if len(worth) else np.nan
    return pd.Series({"value": value, "se": se, "lo": value - 1.96 * se, "hi": value + 1.96 * se})
