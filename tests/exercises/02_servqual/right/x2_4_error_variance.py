"""One minus the share of error in the variance of the difference; numpy warns at 0 / 0."""

import numpy as np


def difference_reliability(rpp, ree, rho, sp=1, se=1):
    if not -np.sqrt(rpp * ree) <= rho <= np.sqrt(rpp * ree):
        raise ValueError(f"rho = {rho} cannot be with reliabilities {rpp} and {ree}")
    weights = np.array([sp, -se])
    variance = weights @ np.array([[1, rho], [rho, 1]]) @ weights
    error = np.float64(sp**2 * (1 - rpp) + se**2 * (1 - ree))
    return 1 - error / variance
