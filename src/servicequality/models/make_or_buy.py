"""Do it yourself or buy? The customer as a competitor of the firm (M4.3).

For teachers. The seven factors come from research, their weights here do not: they are a teaching
assumption, and so is that the factors add up and do not depend on each other. In reality the
weights differ from service to service and from person to person, some factors are musts (without
any time nobody does it, however cheap), and habit decides much.
"""

from collections.abc import Mapping
from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from servicequality.models._checks import checked

Array = NDArray[np.float64]

WEIGHTS: dict[str, float] = {
    "expertise": 0.8,
    "resources": 0.5,
    "time": 0.6,
    "economic": 0.7,
    "psychic": 0.4,
    "trust": 0.6,
    "control": 0.3,
}
"""The seven factors and what one point of each adds to the score. A teaching assumption."""

LOWEST, HIGHEST = -2, 2
"""Ends of the rating scale; positive ratings favour doing it oneself."""


class Choice(NamedTuple):
    """Leaning of a customer.

    Attributes
    ----------
    score : ndarray
        Log odds of doing it oneself; 0 is undecided.
    probability : ndarray in [0, 1]
        Probability of doing it oneself.
    """

    score: Array
    probability: Array


def self_provision(
    ratings: ArrayLike | Mapping[str, float],
    weights: Mapping[str, float] = WEIGHTS,
    intercept: float = 0.0,
) -> Choice:
    """Predict whether customers do it themselves (M4.3).

    A teaching assumption: a logistic curve in a weighted sum of seven ratings.

    Parameters
    ----------
    ratings : mapping of factor to rating, or array_like of shape (..., 7)
        Ratings in [-2, 2]; positive favours doing it oneself. An array follows the order of
        `weights`.
    weights : mapping of factor to float
        What one point of each factor adds to the score.
    intercept : float
        Score of a customer whose ratings are all zero.

    Returns
    -------
    Choice
        Each of shape (...).

    Raises
    ------
    ValueError
        If a factor is missing or unknown, or a rating lies outside the scale.

    References
    ----------
    Factors: Lusch, Brown and Brunswick (1992).

    Examples
    --------
    >>> choice = self_provision([-1, 1, -1, 2, 1, -1, 1])
    >>> print(round(float(choice.score), 4), round(float(choice.probability), 5))
    0.6 0.64566
    """
    score = intercept + _in_order(ratings, weights) @ np.array(list(weights.values()))
    return Choice(score, expit(score))


def sensitivity(
    ratings: ArrayLike | Mapping[str, float],
    weights: Mapping[str, float] = WEIGHTS,
    intercept: float = 0.0,
) -> pd.DataFrame:
    """Show what each factor alone could change (M4.3): the table of a tornado chart.

    A teaching assumption, as `self_provision`.

    Parameters
    ----------
    ratings, weights, intercept
        As in `self_provision`, for one customer.

    Returns
    -------
    DataFrame
        One row per factor, the most powerful first: rating; lowest and highest (probability if
        that rating were -2, or 2); swing (their distance); undecided (the rating at which the
        customer would be undecided, NaN if the scale does not reach it).

    Raises
    ------
    ValueError
        As in `self_provision`.

    Examples
    --------
    >>> sensitivity([-1, 1, -1, 2, 1, -1, 1]).round(3).loc["expertise"].to_dict()
    {'rating': -1.0, 'lowest': 0.45, 'highest': 0.953, 'swing': 0.502, 'undecided': -1.75}
    """
    values = _in_order(ratings, weights)
    weight = np.array(list(weights.values()))
    rest = intercept + values @ weight - values * weight
    lowest, highest = expit(rest + weight * LOWEST), expit(rest + weight * HIGHEST)
    undecided = np.divide(-rest, weight, out=np.full(len(weight), np.nan), where=weight != 0)
    reached = (undecided >= LOWEST) & (undecided <= HIGHEST)
    table = pd.DataFrame(
        {
            "rating": values,
            "lowest": lowest,
            "highest": highest,
            "swing": np.abs(highest - lowest),
            "undecided": np.where(reached, undecided, np.nan),
        },
        index=pd.Index(weights, name="factor"),
    )
    return table.sort_values("swing", ascending=False, kind="stable")


def _in_order(ratings: ArrayLike | Mapping[str, float], weights: Mapping[str, float]) -> Array:
    if isinstance(ratings, Mapping):
        if set(ratings) != set(weights):
            raise ValueError(
                _("ratings must name the factors {expected}; they name {found}.").format(
                    expected=", ".join(weights), found=", ".join(map(str, ratings))
                )
            )
        ratings = [ratings[factor] for factor in weights]
    values = checked("ratings", ratings, at_least=LOWEST, at_most=HIGHEST)
    if not values.ndim or values.shape[-1] != len(weights):
        raise ValueError(
            _("ratings must have {n} numbers, one per factor; the shape is {shape}.").format(
                n=len(weights), shape=values.shape
            )
        )
    return values
