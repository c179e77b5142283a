"""A Kalman filter: every visit moves the belief by its gain."""
# ruff: noqa: N803

import itertools


def update(E0, P, alpha_up, alpha_down=None):
    down = alpha_up if alpha_down is None else alpha_down

    def learn(E, performed):
        return E + (alpha_up if performed >= E else down) * (performed - E)

    return list(itertools.accumulate(P, learn, initial=E0))[1:]


def bayes_update(m0, sd0, obs, sd):
    mean, variance, kept = m0, sd0**2, 1.0
    for seen in obs:
        gain = variance / (variance + sd**2)
        mean += gain * (seen - mean)
        variance *= 1 - gain
        kept *= 1 - gain
    return mean, variance**0.5, 1 - kept
