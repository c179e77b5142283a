"""Optimisers of scipy: for the share, with both ends as candidates, and for the control."""

# ruff: noqa: N803
import numpy as np
from scipy import optimize


def optimal_share(W, w, v, eta, r, L, ef, e0, e1):
    def cost(s):
        error = ef * (1 - s) + (e0 + e1 * s) * s
        return w * (W * (1 - s) + r * error) + v * s * W / eta + L * error

    inside = optimize.minimize_scalar(
        cost, bounds=(0, 1), method="bounded", options={"xatol": 1e-6}
    )
    s = min((0.0, 1.0, float(inside.x)), key=cost)
    return s, cost(s)


def control_balance(shares, exponents, importance):
    a, o = np.array(exponents), np.array(importance)

    def joint(p):
        return 100 * np.prod(np.power(p, a * o))

    def loss(x):
        p = np.exp(x) / np.exp(x).sum()
        return -np.log(joint(p))

    x = optimize.minimize(loss, np.zeros(3), options={"gtol": 1e-9}).x
    return {"joint": joint(np.array(shares)), "best": tuple(np.exp(x) / np.exp(x).sum())}
