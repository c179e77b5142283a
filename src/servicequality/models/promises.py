"""The promise dial: what should the advert say? (M5.7).

For teachers. A bolder promise brings more customers and raises what they expect; whoever gets less
than expected comes back less often, and a shortfall weighs twice as much as an equal excess. All
numbers and curves are a teaching assumption. In reality rivals promise too, customers learn to
discount the adverts of a firm, a should-expectation does not move as a will-expectation does, and
a broken promise may be a matter of law.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from servicequality.models._checks import checked

Array = NDArray[np.float64]

PROMISES = np.arange(50, 101)
"""Promises from which `best_promise` picks unless told otherwise."""


class Outcome(NamedTuple):
    """What a promise leads to; every part has the shape of the broadcast inputs.

    Attributes
    ----------
    customers : ndarray
        Number of first sales; 100 at a promise of 70.
    expectation : ndarray
        What they expect, 0-100.
    gap : ndarray
        Performance minus expectation.
    repeat_rate : ndarray in [0, 1]
        Share of them who come back.
    profit : ndarray
        Credits.
    """

    customers: Array
    expectation: Array
    gap: Array
    repeat_rate: Array
    profit: Array


class BestPromise(NamedTuple):
    """The promise with the largest profit, and that profit."""

    promise: float
    profit: float


def outcome(
    promise: ArrayLike,
    performance: ArrayLike,
    weight: float = 0.5,
    up: float = 0.12,
    down: float = 0.24,
    repeat_value: float = 40,
) -> Outcome:
    """Follow a promise through demand, expectation and repeat business to profit (M5.7).

    A teaching assumption: demand 100 (1 + .02 (c - 70)), never below 0; expectation
    70 + weight (c - 70); a logistic repeat rate that falls faster below expectation than it
    rises above; 10 credits for a first sale.

    Parameters
    ----------
    promise, performance : array_like in [0, 100]
        What the advert promises (c), and what the firm does.
    weight : float in [0, 1]
        How far the promise moves the expectation; 0 if nobody believes it.
    up, down : float, zero or more
        Steepness of the repeat rate for performance above, and below, expectation.
    repeat_value : float, zero or more
        Credits that a returning customer brings later; 0 counts the first sale only. The default
        is four more sales.

    Returns
    -------
    Outcome

    Raises
    ------
    ValueError
        If a number is impossible.

    References
    ----------
    Promises move expectations and expectations move the verdict: Boulding, Kalra, Staelin and
    Zeithaml (1993).

    Examples
    --------
    >>> result = outcome([70, 78, 100], performance=75)
    >>> result.profit.round(2).tolist()
    [3759.9, 3848.06, 2238.4]
    """
    c = checked("promise", promise, at_least=0, at_most=100)
    p = checked("performance", performance, at_least=0, at_most=100)
    checked("weight", weight, at_least=0, at_most=1)
    for name, value in (("up", up), ("down", down), ("repeat_value", repeat_value)):
        checked(name, value, at_least=0)
    c, p = np.broadcast_arrays(c, p)
    customers = np.maximum(100 * (1 + 0.02 * (c - 70)), 0)
    expectation = 70 + weight * (c - 70)
    gap = p - expectation
    repeat_rate = expit(0.2 + np.where(gap >= 0, up, down) * gap)
    profit = customers * (10 + repeat_value * repeat_rate)
    return Outcome(customers[()], expectation[()], gap[()], repeat_rate[()], profit[()])


def best_promise(
    performance: float,
    promises: ArrayLike = PROMISES,
    weight: float = 0.5,
    up: float = 0.12,
    down: float = 0.24,
    repeat_value: float = 40,
) -> BestPromise:
    """Find the promise with the largest profit (M5.7).

    A teaching assumption, as `outcome`.

    Parameters
    ----------
    performance : float in [0, 100]
        What the firm does.
    promises : array_like in [0, 100]
        Promises to choose from, at least one.
    weight, up, down, repeat_value
        As in `outcome`.

    Returns
    -------
    BestPromise
        Of equally good promises the lowest.

    Raises
    ------
    ValueError
        If a number is impossible, or if there is no promise to choose from.

    Examples
    --------
    >>> best_promise(75).promise
    78.0
    >>> best_promise(75, repeat_value=0).promise
    100.0
    """
    choices = np.unique(checked("promises", promises))
    checked("number of promises", choices.size, at_least=1)
    profit = outcome(choices, performance, weight, up, down, repeat_value).profit
    # Equal profits may differ in the last binary digit.
    best = np.flatnonzero(profit >= profit.max() - 1e-9 * abs(profit.max()))[0]
    return BestPromise(float(choices[best]), float(profit[best]))
