"""The textbook sum in exact fractions; the level by a table of one's own names."""

import math
from fractions import Fraction


def erlang_c(lam, mu, c, t=None):
    a = Fraction(lam) / Fraction(mu)
    if a >= c:
        return {"level": 0, "lq": math.inf, "wq": math.inf, "p_wait": 1}
    term, below = Fraction(1), Fraction(0)
    for k in range(c):
        below += term
        term *= a / (k + 1)
    all_busy = term * c / (c - a)
    p_wait = float(all_busy / (below + all_busy))
    wq = p_wait / (c * mu - lam)
    level = None if t is None else 1 - p_wait * math.exp(-(c * mu - lam) * t)
    return {"p_wait": p_wait, "wq": wq, "lq": wq * lam, "level": level}
