"""Lets demand grow without its failures."""
# ruff: noqa: N803 N806

import math


def guarantee(m, f, i, h, G, lam, rho, u, delta=0):
    per_failure = (1 - delta) * (i * G + lam * (1 - rho))
    pi0 = m - lam * f
    piG = (1 + u) * m - h * G - f * per_failure
    A = u * m - h * G
    B = per_failure - lam
    crosses = A * B > 0 or (A == 0 and B < 0)
    same_everywhere = math.inf if A > 0 else math.nan
    f_star = A / B if crosses else same_everywhere
    verdict = "pays" if piG > pi0 else "does not pay"
    return {"pi0": pi0, "piG": piG, "f_star": f_star, "verdict": verdict}
