"""Finds where the line through both ends crosses zero."""
# ruff: noqa: N803

import numpy as np


def guarantee(m, f, i, h, G, lam, rho, u, delta=0):
    def without(rate):
        return m - lam * rate

    def with_it(rate):
        left = rate * (1 - delta)
        return (1 + u) * (m - h * G - left * i * G - left * lam * (1 - rho))

    start, end = (with_it(rate) - without(rate) for rate in (0, 1))
    slope = end - start
    crossing = -start / slope if slope else -1
    if crossing < 0 or (start == 0 and slope <= 0):
        crossing = np.inf if start > 0 else np.nan
    return {
        "verdict": "pays" if with_it(f) - without(f) > 0 else "does not pay",
        "f_star": crossing,
        "piG": with_it(f),
        "pi0": without(f),
    }
