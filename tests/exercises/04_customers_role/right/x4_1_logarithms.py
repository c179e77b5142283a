"""The textbook sum in logarithms, which do not overflow; returns a Series."""

import numpy as np
import pandas as pd
from scipy.special import gammaln, logsumexp


def erlang_c(lam, mu, c, t=None):
    a, rho = lam / mu, lam / mu / c
    if rho >= 1:
        return pd.Series({"p_wait": 1, "wq": np.inf, "lq": np.inf, "level": 0})
    k = np.arange(c)
    below = logsumexp(k * np.log(a) - gammaln(k + 1))
    above = c * np.log(a) - gammaln(c + 1) - np.log(1 - rho)
    p_wait = np.exp(above - np.logaddexp(below, above))
    wq = p_wait / (c * mu - lam)
    level = np.nan if t is None else 1 - p_wait * np.exp(-(c * mu - lam) * t)
    return pd.Series({"p_wait": p_wait, "wq": wq, "lq": lam * wq, "level": level})
