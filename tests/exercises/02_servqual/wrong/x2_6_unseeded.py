"""Makes a generator but ignores the seed: another answer at every call."""
# ruff: noqa: N803, N806

import numpy as np


def n_factors(R=None, X=None, method="parallel", reps=200, seed=0):
    if R is None:
        R = np.corrcoef(np.asarray(X, dtype=float), rowvar=False)
    found = np.sort(np.linalg.eigvalsh(R))[::-1]
    if method == "kaiser":
        return (found > 1).sum()
    rng = np.random.default_rng()
    noise = np.empty((reps, len(found)))
    for i in range(reps):
        draw = rng.normal(size=np.shape(X))
        noise[i] = np.linalg.eigvalsh(np.corrcoef(draw, rowvar=False))[::-1]
    count = 0
    for value, line in zip(found, np.percentile(noise, 95, axis=0), strict=True):
        if value <= line:
            break
        count += 1
    return count
