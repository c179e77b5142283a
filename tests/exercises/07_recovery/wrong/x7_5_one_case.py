"""Divides A by B whatever their signs."""
# ruff: noqa: N803 N806

import math


def guarantee(m, f, i, h, G, lam, rho, u, delta=0):
    per_failure = (1 - delta) * (i * G + lam * (1 - rho))
    pi0 = m - lam * f
    piG = (1 + u) * (m - h * G - f * per_failure)
    A = (1 + u) * (m - h * G) - m
    B = (1 + u) * per_failure - lam
    f_star = A / B if B else math.inf
    verdict = "pays" if piG > pi0 else "does not pay"
    return {"pi0": pi0, "piG": piG, "f_star": f_star, "verdict": verdict}
