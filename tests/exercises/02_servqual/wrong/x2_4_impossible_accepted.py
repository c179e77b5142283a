"""Returns a negative reliability for a correlation that cannot be."""

import numpy as np


def difference_reliability(rpp, ree, rho, sp=1, se=1):
    variance = np.float64(sp**2 + se**2 - 2 * rho * sp * se)
    return (sp**2 * rpp + se**2 * ree - 2 * rho * sp * se) / variance
