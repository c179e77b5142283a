"""Returns a half where the cost is a straight line."""

# ruff: noqa: N803
import numpy as np


def optimal_share(W, w, v, eta, r, L, ef, e0, e1):
    error_cost = w * r + L

    def cost(s):
        error = ef * (1 - s) + (e0 + e1 * s) * s
        return w * W * (1 - s) + v * s * W / eta + error_cost * error

    saving = w * W - v * W / eta - error_cost * (e0 - ef)
    growth = 2 * error_cost * e1
    s = min(max(saving / growth, 0.0), 1.0) if growth > 0 else 0.5
    return s, cost(s)


def control_balance(shares, exponents, importance):
    p, alpha, omega = (np.asarray(x, dtype=float) for x in (shares, exponents, importance))
    weights = omega * alpha
    joint = np.prod((100 * p**alpha) ** omega)
    return {"joint": joint, "best": weights / weights.sum()}
