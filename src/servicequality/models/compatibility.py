"""Other customers: compatibility management, and crowding (M4.5, M4.2).

For teachers. Counting pairs treats every meeting of two groups as a chance of conflict, and the
fit of a segment to a time of day is a single number. In reality most meetings pass unnoticed,
some are welcome, and people of one group differ more than groups do. The mood curve is a teaching
assumption: company lifts the mood of a bar and crowding spoils it, in the shape of a parabola.
Whether it is fair or lawful to separate people is a question that no assignment answers.
"""

from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicequality.models._checks import checked

Array = NDArray[np.float64]


class Pairs(NamedTuple):
    """Pairs of guests in one room.

    Attributes
    ----------
    cross : ndarray
        Pairs of guests from two different groups.
    total : ndarray
        All pairs, n (n - 1) / 2.
    share : ndarray in [0, 1]
        cross / total; NaN for fewer than two guests.
    """

    cross: Array
    total: Array
    share: Array


class Assignment(NamedTuple):
    """Which segment gets which slot: a Series of slots by segment, and the sum of the fits."""

    slots: pd.Series
    total: float


def cross_pairs(guests: ArrayLike) -> Pairs:
    """Count the pairs of guests who belong to different groups (M4.5).

    Parameters
    ----------
    guests : array_like of int, shape (..., k)
        Guests of each of k groups, zero or more.

    Returns
    -------
    Pairs
        Each of shape (...).

    Raises
    ------
    ValueError
        If a number of guests is negative or not whole.

    References
    ----------
    Martin and Pranter (1989).

    Examples
    --------
    >>> pairs = cross_pairs([28, 12])
    >>> print(int(pairs.cross), int(pairs.total), round(float(pairs.share), 4))
    336 780 0.4308
    """
    groups = np.atleast_1d(checked("guests", guests, at_least=0, whole=True))
    n = groups.sum(axis=-1)
    total = n * (n - 1) / 2
    cross = (n**2 - (groups**2).sum(axis=-1)) / 2
    share = np.divide(cross, total, out=np.full(n.shape, np.nan), where=total > 0)
    return Pairs(cross[()], total[()], share[()])


def best_assignment(fit: pd.DataFrame) -> Assignment:
    """Give each segment a slot of its own so that the fits sum to the most (M4.5).

    Parameters
    ----------
    fit : DataFrame, segments x slots
        How well each slot suits each segment; at least as many slots as segments.

    Returns
    -------
    Assignment
        One of the best, if there are several.

    Raises
    ------
    ValueError
        If a fit is missing or infinite, or if there are too few slots.

    References
    ----------
    Kuhn (1955), the Hungarian method.

    Examples
    --------
    >>> import pandas as pd
    >>> fit = pd.DataFrame({"noon": [9, 8], "evening": [7, 2]}, index=["families", "seniors"])
    >>> best = best_assignment(fit)
    >>> best.slots.to_dict(), best.total
    ({'families': 'evening', 'seniors': 'noon'}, 15.0)
    """
    from scipy.optimize import linear_sum_assignment  # half a second to import

    values = _checked_fit(fit)
    return _assignment(fit, values, linear_sum_assignment(values, maximize=True)[1])


def first_come_assignment(fit: pd.DataFrame) -> Assignment:
    """Let each segment in turn take the best slot that is left (M4.5).

    Parameters
    ----------
    fit : DataFrame, segments x slots
        As in `best_assignment`; the segments come in the order of the rows. Of equal slots they
        take the first.

    Returns
    -------
    Assignment

    Raises
    ------
    ValueError
        As in `best_assignment`.

    Examples
    --------
    >>> import pandas as pd
    >>> fit = pd.DataFrame({"noon": [9, 8], "evening": [7, 2]}, index=["families", "seniors"])
    >>> first_come_assignment(fit).total
    11.0
    """
    values = _checked_fit(fit)
    left = values.copy()
    taken = []
    for row in range(len(values)):
        slot = int(left[row].argmax())
        left[:, slot] = -np.inf
        taken.append(slot)
    return _assignment(fit, values, np.array(taken, dtype=int))


def mood(occupancy: ArrayLike, company: float, crowding: float) -> Array:
    """Mood of the guests in a place that is partly full: company x - crowding x^2 (M4.2).

    A teaching assumption.

    Parameters
    ----------
    occupancy : array_like in [0, 1]
        Share x of the places taken.
    company : float, zero or more
        What other guests add; about 6 in a bar, 1 in a library.
    crowding : float, zero or more
        What crowding costs; about 4 in a bar, 5 in a library.

    Returns
    -------
    ndarray
        Mood points above (or below) an empty room.

    Raises
    ------
    ValueError
        If a number is impossible.

    References
    ----------
    Grove and Fisk (1997): other customers please as well as disturb.

    Examples
    --------
    >>> mood([0.5, 0.75, 1], company=6, crowding=4).tolist()
    [2.0, 2.25, 2.0]
    """
    x = checked("occupancy", occupancy, at_least=0, at_most=1)
    checked("company", company, at_least=0)
    checked("crowding", crowding, at_least=0)
    return np.asarray(company * x - crowding * x**2)[()]


def best_occupancy(company: float, crowding: float) -> float:
    """Share of places taken at which the mood is best (M4.2).

    A teaching assumption, as `mood`.

    Parameters
    ----------
    company, crowding
        As in `mood`.

    Returns
    -------
    float in [0, 1]
        company / (2 crowding), and 1 where crowding never spoils the mood. 0 if both are zero.

    Raises
    ------
    ValueError
        If a number is impossible.

    Examples
    --------
    >>> best_occupancy(company=6, crowding=4)
    0.75
    """
    checked("company", company, at_least=0)
    checked("crowding", crowding, at_least=0)
    if company >= 2 * crowding:
        return float(company > 0)
    return company / (2 * crowding)


def _checked_fit(fit: pd.DataFrame) -> Array:
    values = fit.to_numpy(dtype=float)
    segments, slots = values.shape
    if segments > slots:
        raise ValueError(
            _("fit has {segments} segments but only {slots} slots.").format(
                segments=segments, slots=slots
            )
        )
    wrong = ~np.isfinite(values)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise ValueError(
            _("The fit of {segment!r} and {slot!r} must be a finite number; it is {value}.").format(
                segment=fit.index[row], slot=fit.columns[column], value=values[row, column]
            )
        )
    return values


def _assignment(fit: pd.DataFrame, values: Array, chosen: NDArray[np.int64]) -> Assignment:
    slots = pd.Series(fit.columns[chosen], index=fit.index, name="slot")
    return Assignment(slots, float(values[np.arange(len(values)), chosen].sum()))
