"""Draws two million pairs; lists instead of tuples."""

import numpy as np


def draw(mean_p, mean_e, sd_p, sd_e, rho):
    z, other = np.random.default_rng(5).standard_normal((2, 2_000_000))
    expected = mean_e + sd_e * (rho * z + np.sqrt(1 - rho**2) * other)
    return mean_p + sd_p * z - expected


def share_satisfied(mean_p, mean_e, sd_p, sd_e, rho=0):
    return np.mean(draw(mean_p, mean_e, sd_p, sd_e, rho) >= 0)


def mean_shortfall(mean_p, mean_e, sd_p, sd_e, rho=0):
    return np.mean(np.maximum(-draw(mean_p, mean_e, sd_p, sd_e, rho), 0))


def delay_summary(flights):
    delay = flights["arr_delay_min"].to_numpy(dtype=float)
    return {
        "late_share": np.sum(delay > 15) / np.sum(~np.isnan(delay)),
        "mean_min": np.nanmean(delay),
        "median_min": np.nanmedian(delay),
    }


def padding_pair(flights, at_least=1000):
    arrived = flights[flights["arr_delay_min"].notna()]
    facts = []
    for name, rows in arrived.groupby("carrier"):
        delay = rows["arr_delay_min"]
        if len(delay) >= at_least:
            facts.append((name, delay.mean(), (delay > 15).mean()))
    best, widest = [], 0
    for a, mean_a, late_a in facts:
        for b, mean_b, late_b in facts:
            if mean_a < mean_b and late_a - late_b > widest:
                best, widest = [a, b], late_a - late_b
    return best
