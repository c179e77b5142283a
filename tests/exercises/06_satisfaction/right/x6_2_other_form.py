"""Corrects by n = n₀ N / (n₀ + N − 1)."""
# ruff: noqa: N803

import math


def sample_size(kind, d, s=None, p=0.5, z=1.96, N=None, response=1.0):
    n0 = (z * s / d) ** 2 if kind == "mean" else (z / d) ** 2 * p * (1 - p)
    if N is None:
        n = math.ceil(n0)
        return {"n": n, "invitations": math.ceil(n / response)}
    n = math.ceil(n0 * N / (n0 + N - 1))
    return {"n": n, "invitations": min(N, math.ceil(n / response))}
