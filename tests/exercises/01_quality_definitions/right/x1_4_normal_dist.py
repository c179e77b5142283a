"""The standard library's normal distribution, and a numerical minimum."""

from statistics import NormalDist

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar


def capability(mu, sigma, low, high, target, k):
    output = NormalDist(mu, sigma)
    above = 0 if high is None else 1 - output.cdf(high)
    under = 0 if low is None else output.cdf(low)
    nearest = min(
        sign * (limit - mu) for sign, limit in ((-1, low), (1, high)) if limit is not None
    )
    width = np.nan if low is None or high is None else high - low
    return pd.Series(
        {
            "cp": width / (6 * sigma),
            "cpk": nearest / (3 * sigma),
            "in_spec": 1 - above - under,
            "loss": k * (sigma**2 + (mu - target) ** 2),
        }
    )


def sigma_level(defects, units, opps, shift=1.5):
    share = defects / (units * opps)
    z = -NormalDist().inv_cdf(share) if share > 0 else np.inf
    return {"dpmo": share * 1e6, "sigma": z + shift}


def best_conformance(a, b):
    found = minimize_scalar(
        lambda q: a * q / (1 - q) + b * (1 - q), bounds=(0, 1 - 1e-9), options={"xatol": 1e-10}
    )
    if b <= found.fun:
        return {"conformance": 0.0, "cost": float(b)}
    return {"conformance": found.x, "cost": found.fun}
