"""Weights that fade by 1 - alpha; a belief as a mean with a made-up earlier sample."""
# ruff: noqa: N803, N806

import math

import numpy as np


def update(E0, P, alpha_up, alpha_down=None):
    if alpha_down in (None, alpha_up):
        P = np.array(P, dtype=float)
        n = np.arange(len(P))
        weights = np.tril(alpha_up * (1 - alpha_up) ** np.maximum(n[:, None] - n, 0))
        return (1 - alpha_up) ** (n + 1) * E0 + weights @ P
    if not P:
        return []
    first = E0 + max(P[0] - E0, 0) * alpha_up - max(E0 - P[0], 0) * alpha_down
    return [first, *update(first, P[1:], alpha_up, alpha_down)]


def bayes_update(m0, sd0, obs, sd):
    earlier = (sd / sd0) ** 2
    n = earlier + len(obs)
    return [(earlier * m0 + sum(obs)) / n, sd / math.sqrt(n), 1 - earlier / n]
