"""Powers and factorials as in the book: too large for many employees."""

import math


def erlang_c(lam, mu, c, t=None):
    load = lam / mu
    rho = load / c
    if rho >= 1:
        return {"p_wait": 1.0, "wq": math.inf, "lq": math.inf, "level": 0.0}
    above = load**c / math.factorial(c) / (1 - rho)
    below = sum(load**k / math.factorial(k) for k in range(c))
    p_wait = above / (below + above)
    wq = p_wait / (c * mu - lam)
    level = math.nan if t is None else 1 - p_wait * math.exp(-(c * mu - lam) * t)
    return {"p_wait": p_wait, "wq": wq, "lq": lam * wq, "level": level}
