"""Eigenvalues as squared singular values of the standardised answers."""
# ruff: noqa: N803

import numpy as np


def n_factors(R=None, X=None, method="parallel", reps=200, seed=0):
    def spectrum(rows):
        rows = np.asarray(rows, dtype=float)
        z = (rows - rows.mean(axis=0)) / rows.std(axis=0)
        return np.linalg.svd(z, compute_uv=False) ** 2 / len(z)

    found = np.linalg.svd(R, compute_uv=False) if X is None else spectrum(X)
    if method == "kaiser":
        return float((found > 1).sum())
    rng = np.random.default_rng(seed)
    noise = [spectrum(rng.standard_normal(np.shape(X))) for _ in range(reps)]
    above = found > np.quantile(noise, 0.95, axis=0)
    return np.argmin(np.append(above, False))
