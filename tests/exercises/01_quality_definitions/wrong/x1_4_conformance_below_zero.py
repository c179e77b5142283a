"""Finds a conformance below zero where prevention does not pay."""

import math

from scipy import stats


def capability(mu, sigma, low, high, target, k):
    """Capability, share within limits and expected quadratic loss of a normal process."""
    lower = -math.inf if low is None else low
    upper = math.inf if high is None else high
    both = low is not None and high is not None
    return {
        "cp": (high - low) / (6 * sigma) if both else math.nan,
        "cpk": min(upper - mu, mu - lower) / (3 * sigma),
        "in_spec": stats.norm.cdf(upper, mu, sigma) - stats.norm.cdf(lower, mu, sigma),
        "loss": k * (sigma**2 + (mu - target) ** 2),
    }


def sigma_level(defects, units, opps, shift=1.5):
    """Defects per million opportunities and the sigma level."""
    share = defects / (units * opps)
    return {"dpmo": 1e6 * share, "sigma": stats.norm.isf(share) + shift}


def best_conformance(a, b):
    """The cheapest level of conformance, and its cost."""
    q = 1 - math.sqrt(a / b)
    return {"conformance": q, "cost": a * q / (1 - q) + b * (1 - q)}
