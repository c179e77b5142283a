"""Tries eleven shares only."""

# ruff: noqa: N803
import numpy as np


def optimal_share(W, w, v, eta, r, L, ef, e0, e1):
    s = np.linspace(0, 1, 11)
    error = ef * (1 - s) + (e0 + e1 * s) * s
    cost = w * (W * (1 - s) + r * error) + v * s * W / eta + L * error
    return s[cost.argmin()], cost.min()


def control_balance(shares, exponents, importance):
    p, alpha, omega = (np.asarray(x, dtype=float) for x in (shares, exponents, importance))
    weights = omega * alpha
    joint = np.prod((100 * p**alpha) ** omega)
    return {"joint": joint, "best": weights / weights.sum()}
