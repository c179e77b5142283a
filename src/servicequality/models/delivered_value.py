"""Customer delivered value: what a purchase brings minus, or over, what it costs (M6.3)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servicequality.models._checks import checked

Array = NDArray[np.float64]

VALUES = ("product", "service", "personnel", "image")
"""Kotler's four sources of customer value."""

COSTS = ("money", "time", "energy", "psychic")
"""Kotler's four kinds of customer cost."""


class DeliveredValue(NamedTuple):
    """Value and cost of each offer; every part has the shape of the inputs without the last axis.

    Attributes
    ----------
    value, cost : ndarray
        Totals.
    difference : ndarray
        Value minus cost: the surplus of one purchase.
    ratio : ndarray
        Value over cost: value for money. inf if only the cost is zero, NaN if both are.
    """

    value: Array
    cost: Array
    difference: Array
    ratio: Array


def delivered_value(values: ArrayLike, costs: ArrayLike) -> DeliveredValue:
    """Compare offers by difference and by ratio (M6.3); the two need not agree on the best.

    Parameters
    ----------
    values, costs : array_like, shape (..., parts)
        Parts of the customer value and of the customer cost, zero or more, all in one unit
        (credits). The last axis is summed; usually it has four parts, see `VALUES` and `COSTS`.

    Returns
    -------
    DeliveredValue

    Raises
    ------
    ValueError
        If a part is missing, infinite or negative.

    References
    ----------
    Kotler and Keller, Marketing Management.

    Examples
    --------
    Firm A has the larger surplus, firm B gives more for the money:

    >>> values = [[40, 25, 20, 10], [35, 20, 15, 10]]
    >>> firms = delivered_value(values, [[50, 10, 6, 4], [40, 8, 5, 4]])
    >>> firms.difference.tolist(), firms.ratio.round(4).tolist()
    ([25.0, 23.0], [1.3571, 1.4035])
    """
    value = np.atleast_1d(checked("values", values, at_least=0)).sum(axis=-1)
    cost = np.atleast_1d(checked("costs", costs, at_least=0)).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return DeliveredValue(value, cost, value - cost, np.divide(value, cost)[()])
