"""Treats performance and expectation as independent."""

import numpy as np
from scipy import stats


def gap(mean_p, mean_e, sd_p, sd_e, rho):
    variance = sd_p**2 + sd_e**2
    return mean_p - mean_e, np.sqrt(variance)


def share_satisfied(mean_p, mean_e, sd_p, sd_e, rho=0):
    d, s = gap(mean_p, mean_e, sd_p, sd_e, rho)
    if s == 0:
        return 1 if d >= 0 else 0
    return stats.norm.cdf(d / s)


def mean_shortfall(mean_p, mean_e, sd_p, sd_e, rho=0):
    d, s = gap(mean_p, mean_e, sd_p, sd_e, rho)
    if s == 0:
        return max(-d, 0)
    return s * stats.norm.pdf(d / s) - d * stats.norm.cdf(-d / s)


def delay_summary(flights):
    delays = flights["arr_delay_min"].dropna()
    late = delays > 15
    return {"mean_min": delays.mean(), "median_min": delays.median(), "late_share": late.mean()}


def padding_pair(flights, at_least=1000):
    kept = flights.dropna(subset=["arr_delay_min"])
    groups = kept.groupby("carrier")["arr_delay_min"]
    n, mean = groups.count(), groups.mean()
    late = groups.agg(lambda delays: (delays > 15).mean())
    large = n.index[n >= at_least]
    pairs = {
        (a, b): late[a] - late[b]
        for a in large
        for b in large
        if mean[a] < mean[b] and late[a] > late[b]
    }
    return max(pairs, key=pairs.get) if pairs else ()
