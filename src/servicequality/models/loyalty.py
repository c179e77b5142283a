"""From satisfaction to loyalty: a curve that competition bends, and the loyalty matrix (M6.7).

For teachers. That satisfied customers of a monopoly stay whatever happens, while in a competitive
market only the very satisfied do, is the message of Jones and Sasser (1995); the formula, the place
of each market on it, and the parts of inertia and switching cost are teaching assumptions. In
reality customers differ, satisfaction is measured with error, markets change, and people stay for
reasons that no survey asks about.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from servicequality.models import servqual
from servicequality.models._checks import checked

Array = NDArray[np.float64]

LEVELS = (1, 2, 3, 4, 5)
"""Answers to a satisfaction question, from very dissatisfied to very satisfied."""

MARKETS: dict[str, float] = {
    "telephone monopoly": 0.05,
    "hub airline": 0.3,
    "hospital": 0.5,
    "personal computer": 0.75,
    "car": 0.9,
}
"""Competitiveness in five markets: their order follows Jones and Sasser (1995), the numbers are a
teaching assumption."""

LOYALTIES = ("true", "latent", "spurious", "none")
"""High attitude and patronage; only attitude high; only patronage high; neither."""


class Move(NamedTuple):
    """What lifting customers one step would do; each field of shape (4,), from levels 1 to 4.

    Attributes
    ----------
    start : ndarray
        Level before; one more after.
    gain : ndarray
        Percentage points of loyalty for each customer moved.
    needed : ndarray
        Share of all customers that must be moved to reach the goal; inf if the move gains nothing.
    possible : ndarray of bool
        Whether so many customers are at that level.
    """

    start: Array
    gain: Array
    needed: Array
    possible: NDArray[np.bool_]


def loyalty(
    satisfaction: ArrayLike,
    competitiveness: ArrayLike,
    inertia: ArrayLike = 0.0,
    switching_cost: ArrayLike = 0.0,
) -> Array:
    """Percentage of customers at a level of satisfaction who stay (M6.7).

    A teaching assumption: 100 [(1 - c) (.80 + .04 (S - 1)) + c / (1 + exp(-4 (S - 4.5)))].
    Switching cost dampens competition to c (1 - switching cost); those who stay out of inertia stay
    anyway.

    Parameters
    ----------
    satisfaction : array_like in [1, 5]
        S.
    competitiveness : array_like in [0, 1]
        c: 0 a monopoly, 1 free choice. See `MARKETS`.
    inertia : array_like in [0, 1]
        Share of customers who stay from habit, whatever happens.
    switching_cost : array_like in [0, 1]
        Share of competition that the trouble of switching takes away. All arguments broadcast.

    Returns
    -------
    ndarray in [0, 100]

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    Jones and Sasser (1995) for the shapes.

    Examples
    --------
    >>> loyalty([3, 4, 5], 0.9).round(3).tolist()
    [9.023, 19.928, 88.872]
    >>> loyalty([3, 4, 5], 0.1).round(3).tolist()
    [79.225, 83.992, 95.208]
    """
    s = checked("satisfaction", satisfaction, at_least=1, at_most=5)
    c = checked("competitiveness", competitiveness, at_least=0, at_most=1)
    habit = checked("inertia", inertia, at_least=0, at_most=1)
    c = c * (1 - checked("switching_cost", switching_cost, at_least=0, at_most=1))
    captive = 0.80 + 0.04 * (s - 1)
    free = expit(4 * (s - 4.5))
    return 100 * (habit + (1 - habit) * ((1 - c) * captive + c * free))


def retention(
    shares: ArrayLike,
    competitiveness: float,
    inertia: float = 0.0,
    switching_cost: float = 0.0,
) -> float:
    """Percentage of all customers who stay (M6.7).

    Parameters
    ----------
    shares : array_like, shape (5,)
        Customers at satisfaction 1 to 5; any positive sum.
    competitiveness, inertia, switching_cost
        As in `loyalty`.

    Returns
    -------
    float in [0, 100]

    Raises
    ------
    ValueError
        If there are not five shares, for shares as in `servqual.normalise_weights`, or as in
        `loyalty`.

    Examples
    --------
    >>> round(retention([5, 10, 15, 50, 20], 0.9), 1)
    30.3
    """
    share = _checked_shares(shares)
    return float(share @ loyalty(LEVELS, competitiveness, inertia, switching_cost))


def lift(shares: ArrayLike, start: int, share: float) -> Array:
    """Lift a part of all customers by one level of satisfaction (D6.2).

    Parameters
    ----------
    shares : array_like, shape (5,)
        As in `retention`.
    start : int, 1 to 4
        Level from which they are lifted.
    share : float, from zero to the share of customers at that level
        Part of all customers.

    Returns
    -------
    ndarray, shape (5,)
        Shares afterwards; they sum to 1.

    Raises
    ------
    ValueError
        If an argument is out of range, or for shares as in `retention`.

    Examples
    --------
    >>> lift([5, 10, 15, 50, 20], 4, 0.1).round(2).tolist()
    [0.05, 0.1, 0.15, 0.4, 0.3]
    """
    level = int(checked("start", start, at_least=1, at_most=len(LEVELS) - 1, whole=True))
    after = _checked_shares(shares)
    # A share that was scaled may miss the last binary digit.
    most = float(after[level - 1])
    moved = min(float(checked("share", share, at_least=0, at_most=most + 1e-12)), most)
    after[[level - 1, level]] += [-moved, moved]
    return after


def moves(
    shares: ArrayLike,
    competitiveness: float,
    points: float = 5.0,
    inertia: float = 0.0,
    switching_cost: float = 0.0,
) -> Move:
    """Compare the four ways to lift customers one step (D6.2).

    Parameters
    ----------
    shares : array_like, shape (5,)
        As in `retention`.
    points : float, above zero
        Percentage points of retention to gain.
    competitiveness, inertia, switching_cost
        As in `loyalty`.

    Returns
    -------
    Move

    Raises
    ------
    ValueError
        As in `retention`.

    Examples
    --------
    >>> moves([5, 10, 15, 50, 20], 0.9).needed[-1].round(3).tolist()
    0.073
    """
    goal = checked("points", points, above=0)
    share = _checked_shares(shares)
    gain = np.diff(loyalty(LEVELS, competitiveness, inertia, switching_cost))
    needed = np.divide(goal, gain, out=np.full(len(gain), np.inf), where=gain > 1e-12)
    return Move(np.array(LEVELS[:-1]), gain, needed, needed <= share[:-1] + 1e-12)


def loyalty_type(
    attitude: ArrayLike, patronage: ArrayLike, attitude_cut: float, patronage_cut: float
) -> NDArray[np.str_]:
    """Place customers in the loyalty matrix (M6.7).

    Parameters
    ----------
    attitude, patronage : array_like
        Attitude towards the firm and repeat patronage, in any units. They broadcast.
    attitude_cut, patronage_cut : float
        From here on a value counts as high.

    Returns
    -------
    ndarray of str
        One of `LOYALTIES`; empty where a value is missing.

    References
    ----------
    Dick and Basu (1994).

    Examples
    --------
    >>> loyalty_type([6, 6, 2, 2], [9, 1, 9, 1], attitude_cut=5, patronage_cut=4).tolist()
    ['true', 'latent', 'spurious', 'none']
    """
    liking, buying = np.broadcast_arrays(
        np.asarray(attitude, dtype=float), np.asarray(patronage, dtype=float)
    )
    likes, buys = liking >= attitude_cut, buying >= patronage_cut
    missing = np.isnan(liking) | np.isnan(buying)
    return np.select([missing, likes & buys, likes, buys], ["", *LOYALTIES[:3]], LOYALTIES[3])[()]


def _checked_shares(shares: ArrayLike) -> Array:
    share = servqual.normalise_weights(checked("shares", shares, at_least=0))
    checked("number of shares", share.size, at_least=len(LEVELS), at_most=len(LEVELS))
    return share
