"""Forgets the standard deviations."""

import math


def difference_reliability(rpp, ree, rho, sp=1, se=1):
    if rho**2 > rpp * ree:
        raise ValueError("rho is impossible")
    if sp**2 + se**2 - 2 * rho * sp * se == 0:
        return math.nan
    return (rpp + ree - 2 * rho) / (2 - 2 * rho)
