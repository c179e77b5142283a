"""Lets the formula run where the line grows without end."""

import math


def erlang_c(lam, mu, c, t=None):
    load = lam / mu
    blocked = 1.0
    for server in range(1, c + 1):
        blocked = load * blocked / (server + load * blocked)
    p_wait = blocked / (1 - load / c * (1 - blocked))
    spare = (c * mu - lam) or 1e-9
    wq = p_wait / spare
    level = math.nan if t is None else 1 - p_wait * math.exp(-spare * t)
    return {"p_wait": p_wait, "wq": wq, "lq": lam * wq, "level": level}
