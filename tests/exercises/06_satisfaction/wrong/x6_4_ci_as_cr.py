"""Forgets to compare with random judgements."""
# ruff: noqa: N803 N806

import numpy as np


def ahp(A):
    A = np.array(A, dtype=float)
    if A.ndim != 2 or A.shape[0] != A.shape[1]:
        raise ValueError("A must be square.")
    if not (A > 0).all() or not np.allclose(A * A.T, 1, atol=0.01):
        raise ValueError("Each A[j][i] must be 1 / A[i][j], and positive.")
    values, vectors = np.linalg.eig(A)
    largest = values.real.argmax()
    w = np.abs(vectors[:, largest].real)
    lam = values[largest].real
    n = len(A)
    return {
        "w": w / w.sum(),
        "lam": lam,
        "cr": (lam - n) / (n - 1),
    }
