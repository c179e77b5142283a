"""Series throughout, and the geometric mean of scipy."""

import numpy as np
import pandas as pd
from scipy import stats


def journey_scores(q, delta=0.8, lam=2.25):
    q = pd.Series(list(q), dtype=float)
    weights = pd.Series([delta**i for i in range(len(q))])
    intensity = (q - 5).where(q >= 5, lam * (5 - q))
    return pd.Series(
        {
            "mean": np.average(q),
            "min": q.sort_values().iloc[0],
            "geometric": 0 if (q == 0).any() else stats.gmean(q),
            "early": np.average(q, weights=weights),
            "peak_end": (q[intensity.idxmax()] + q.iloc[-1]) / 2,
        }
    )
