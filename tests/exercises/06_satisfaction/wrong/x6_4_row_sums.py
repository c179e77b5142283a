"""Adds up the rows, and leaves the sums as they are."""
# ruff: noqa: N803 N806

import numpy as np


def ahp(A):
    A = np.array(A, dtype=float)
    if A.ndim != 2 or A.shape[0] != A.shape[1]:
        raise ValueError("A must be square.")
    if not (A > 0).all() or not np.allclose(A * A.T, 1, atol=0.01):
        raise ValueError("Each A[j][i] must be 1 / A[i][j], and positive.")
    lam = np.linalg.eigvals(A).real.max()
    n = len(A)
    return {
        "w": A.sum(axis=1),
        "lam": lam,
        "cr": (lam - n) / (n - 1) / {3: 0.58, 4: 0.90, 5: 1.12}[n],
    }
