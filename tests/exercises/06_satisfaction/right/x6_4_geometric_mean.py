"""Takes the geometric mean of each row."""
# ruff: noqa: N803 N806

import numpy as np


def ahp(A):
    A = np.array(A, dtype=float)
    n = len(A)
    if A.shape != (n, n) or np.any(A <= 0) or np.any(abs(A * A.T - 1) > 0.02):
        raise ValueError("not a table of pairwise comparisons")
    w = np.prod(A, axis=1) ** (1 / n)
    w /= w.sum()
    lam = np.mean(A @ w / w)
    return {"w": w, "lam": lam, "cr": (lam - n) / (n - 1) / [0.58, 0.9, 1.12][n - 3]}
