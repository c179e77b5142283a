"""Looks for the zero and for the best payment, and counts disputes in a crosstab."""
# ruff: noqa: N803

import numpy as np
import pandas as pd
from scipy.optimize import brentq


def deliberate_failure(gain, loss, q, cost=0):
    def expected(share):
        return np.dot([share, 1 - share], [gain, -loss]) - cost

    return {"expected": expected(q), "q_star": brentq(expected, -1_000, 1_000)}


def best_compensation(p0, delta, k, V):
    x = np.arange(0, 200_001) / 1_000
    p = p0 + delta * (1 - np.exp(-k * x))
    best = np.argmax(p * V - x)
    return x[best], p[best], p[best] * V - x[best]


def dispute_rates(df):
    counts = pd.crosstab(df["company_response"], df["consumer_disputed"])
    counts = counts.drop(index=["In progress", "Untimely response"], errors="ignore")
    return (counts["Yes"] / counts.sum(axis=1)).sort_values()
