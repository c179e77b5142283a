"""Cuts off the decimals."""
# ruff: noqa: N803

import math


def sample_size(kind, d, s=None, p=0.5, z=1.96, N=None, response=1.0):
    variance = s**2 if kind == "mean" else p * (1 - p)
    n = z**2 * variance / d**2
    if N is not None:
        n = n / (1 + (n - 1) / N)
    n = int(n)
    invitations = math.ceil(n / response)
    return {"n": n, "invitations": invitations if N is None else min(invitations, N)}
