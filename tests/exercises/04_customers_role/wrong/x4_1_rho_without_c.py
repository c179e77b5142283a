"""Takes lam / mu for the share of time that an employee is busy."""

import math


def erlang_c(lam, mu, c, t=None):
    rho = lam / mu
    if rho >= 1:
        return {"p_wait": 1.0, "wq": math.inf, "lq": math.inf, "level": 0.0}
    blocked = 1.0
    for server in range(1, c + 1):
        blocked = rho * blocked / (server + rho * blocked)
    p_wait = blocked / (1 - rho * (1 - blocked))
    wq = p_wait / (c * mu - lam)
    level = math.nan if t is None else 1 - p_wait * math.exp(-(c * mu - lam) * t)
    return {"p_wait": p_wait, "wq": wq, "lq": lam * wq, "level": level}
