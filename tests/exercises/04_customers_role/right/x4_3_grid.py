"""A grid of 1,001 shares; plain Python for the control."""

# ruff: noqa: N803
import math

import numpy as np


def optimal_share(W, w, v, eta, r, L, ef, e0, e1):
    s = np.linspace(0, 1, 1001)
    error = ef * (1 - s) + (e0 + e1 * s) * s
    cost = w * (W * (1 - s) + r * error) + v * s * W / eta + L * error
    best = cost.argmin()
    return [s[best], cost[best]]


def control_balance(shares, exponents, importance):
    joint = math.prod(
        (100 * p**a) ** o for p, a, o in zip(shares, exponents, importance, strict=True)
    )
    best = [a * o for a, o in zip(exponents, importance, strict=True)]
    return {"joint": joint, "best": [weight / sum(best) for weight in best]}
