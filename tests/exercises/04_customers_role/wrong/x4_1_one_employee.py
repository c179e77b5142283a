"""Uses the formulas of one employee, c times as fast."""

import math


def erlang_c(lam, mu, c, t=None):
    rho = lam / (c * mu)
    if rho >= 1:
        return {"p_wait": 1.0, "wq": math.inf, "lq": math.inf, "level": 0.0}
    wq = rho / (c * mu - lam)
    level = math.nan if t is None else 1 - rho * math.exp(-(c * mu - lam) * t)
    return {"p_wait": rho, "wq": wq, "lq": lam * wq, "level": level}
