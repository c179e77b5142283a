"""Accepts judgements that cannot be."""
# ruff: noqa: N803 N806

import numpy as np


def ahp(A):
    A = np.array(A, dtype=float)
    values, vectors = np.linalg.eig(A)
    largest = values.real.argmax()
    w = np.abs(vectors[:, largest].real)
    lam = values[largest].real
    n = len(A)
    return {
        "w": w / w.sum(),
        "lam": lam,
        "cr": (lam - n) / (n - 1) / {3: 0.58, 4: 0.90, 5: 1.12}[n],
    }
