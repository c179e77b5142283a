"""The error function, formulas put together in another way."""

import math

from scipy import stats


def capability(mu, sigma, low, high, target, k):
    def below(limit):
        return (1 + math.erf((limit - mu) / (sigma * math.sqrt(2)))) / 2

    sides = []
    if high is not None:
        sides.append((high - mu) / (3 * sigma))
    if low is not None:
        sides.append((mu - low) / (3 * sigma))
    return {
        "cp": sum(sides) / 2 if len(sides) == 2 else float("nan"),
        "cpk": min(sides),
        "in_spec": (1 if high is None else below(high)) - (0 if low is None else below(low)),
        "loss": k * sigma**2 + k * (mu - target) ** 2,
    }


def sigma_level(defects, units, opps, shift=1.5):
    dpmo = defects / units / opps * 1_000_000
    if defects == 0:
        return {"dpmo": dpmo, "sigma": math.inf}
    return {"dpmo": dpmo, "sigma": stats.norm.ppf(1 - dpmo / 1_000_000) + shift}


def best_conformance(a, b):
    if b <= a:
        return {"conformance": 0, "cost": b}
    return {"conformance": 1 - (a / b) ** 0.5, "cost": 2 * (a * b) ** 0.5 - a}
