"""Erlang B as a ratio of Poisson probabilities; the line first, then the wait by Little's law."""

import math

from scipy import stats


def erlang_c(lam, mu, c, t=None):
    load = lam / mu
    result = {"p_wait": 1.0, "wq": math.inf, "lq": math.inf, "level": 0.0}
    if load < c:
        refused = stats.poisson.pmf(c, load) / stats.poisson.cdf(c, load)
        waits = c * refused / (c - load * (1 - refused))
        line = waits * load / (c - load)
        result |= {"p_wait": waits, "lq": line, "wq": line / lam}
        result["level"] = 1 - waits * math.exp((lam - c * mu) * t) if t is not None else math.nan
    return result
