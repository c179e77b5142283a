"""Benchmarking: how long it takes to catch up with a leader who improves too (M3.6).

For teachers. Constant yearly growth on both sides is a teaching assumption. In reality improvement
slows down near what is possible (nobody keeps more than 100 % of promises), the leader changes, and
a number that one firm can copy from another seldom is what makes customers come.
"""

from gettext import gettext as _

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servicequality.models._checks import checked

Array = NDArray[np.float64]


def time_to_parity(
    own: ArrayLike,
    best: ArrayLike,
    own_growth: ArrayLike,
    best_growth: ArrayLike,
    direction: ArrayLike = 1,
) -> Array:
    """Years until one's own level meets the leader's (M3.6). All arguments broadcast.

    A teaching assumption: both levels grow at constant rates,
    t = ln(best/own) / ln((1+own_growth)/(1+best_growth)).

    Parameters
    ----------
    own, best : array_like, more than 0
        Levels now.
    own_growth, best_growth : array_like, more than -1
        Growth a year; 0.06 is 6 %. Where less is better, improvement is negative growth.
    direction : array_like of 1 or -1
        1 if more is better, -1 if less is better.

    Returns
    -------
    ndarray
        Years; 0 where the own level is as good or better already, inf where the distance never
        closes.

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> round(float(time_to_parity(70, 90, 0.06, 0.02)), 3)
    6.533
    """
    x, y, d = (
        checked("own", own, above=0),
        checked("best", best, above=0),
        _direction(direction),
    )
    own_rate = np.log1p(checked("own_growth", own_growth, above=-1))
    best_rate = np.log1p(checked("best_growth", best_growth, above=-1))
    behind = d * np.log(y / x)
    faster = d * (own_rate - best_rate)
    behind, faster = np.broadcast_arrays(behind, faster)
    years = np.divide(behind, faster, out=np.full(behind.shape, np.inf), where=faster > 0)
    return np.where(behind <= 0, 0.0, years)[()]


def growth_needed(
    own: ArrayLike, best: ArrayLike, best_growth: ArrayLike, years: ArrayLike
) -> Array:
    """Yearly growth that reaches the leader in a given time (D3.5). All arguments broadcast.

    Parameters
    ----------
    own, best, best_growth
        As in `time_to_parity`.
    years : array_like, more than 0
        Time to parity.

    Returns
    -------
    ndarray
        Growth a year, (1+best_growth) (best/own)^(1/years) - 1; for those ahead, the growth at
        which the leader meets them.

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> round(float(growth_needed(70, 90, 0.02, years=5)), 4)
    0.0726
    """
    x, y = checked("own", own, above=0), checked("best", best, above=0)
    factor = 1 + checked("best_growth", best_growth, above=-1)
    return (factor * (y / x) ** (1 / checked("years", years, above=0)) - 1)[()]


def radar_area(parts: ArrayLike) -> float:
    """Area of a radar chart as a share of the area if all parts were 1 (D3.5).

    Lengths say how far one is; areas, which the eye sees, shrink with their squares and depend on
    the order of the spokes.

    Parameters
    ----------
    parts : array_like, shape (n,), zero or more
        Length of each spoke in order, for instance own level / best level; at least three.

    Returns
    -------
    float
        Mean product of neighbouring parts.

    Raises
    ------
    ValueError
        If a number is out of range or there are fewer than three.

    Examples
    --------
    >>> radar_area([0.5, 0.5, 0.5])
    0.25
    """
    lengths = checked("parts", parts, at_least=0)
    checked("number of parts", lengths.size, at_least=3)
    return float((lengths * np.roll(lengths, 1)).mean())


def _direction(direction: ArrayLike) -> Array:
    values = np.asarray(direction, dtype=float)
    if not np.isin(values, [1, -1]).all():
        raise ValueError(
            _("direction must be 1 (more is better) or -1 (less is better); it is {value}.").format(
                value=direction
            )
        )
    return values
