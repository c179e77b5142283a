"""Customer journeys: one number for many encounters, under five rules (M1.3).

For teachers. Each rule is a theory of what customers remember, and the evidence is mixed: there are
studies for the mean, the worst moment, the beginning, the peak and the end, and no rule wins
everywhere. That one score stands for an encounter, that all encounters are equally long, and the
form of the weights are teaching assumptions; so is the independence of failures behind the share
of flawless journeys. In reality a failure at check-in makes the next one likelier, customers skip
steps, and which encounter matters most depends on the sector.
"""

from gettext import gettext as _
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servicequality.models._checks import checked

Array = NDArray[np.float64]

NEUTRAL = 5.0
"""Middle of the scale from 0 to 10: from here on a score is pleasant."""


class JourneyScores(NamedTuple):
    """One number for a journey under each rule; the names are those of the rules.

    Attributes
    ----------
    mean, minimum, geometric : ndarray in [0, 10]
        Arithmetic mean, worst encounter, geometric mean (0 if one encounter is 0).
    early : ndarray in [0, 10]
        Weighted by position, see `position_weights`.
    peak_end : ndarray in [0, 10]
        Mean of the most intense encounter, see `peak`, and the last one.
    """

    mean: Array
    minimum: Array
    geometric: Array
    early: Array
    peak_end: Array


def journey_scores(scores: ArrayLike, delta: float = 0.8, lam: float = 2.25) -> JourneyScores:
    """Score journeys under five rules (M1.3).

    Parameters
    ----------
    scores : array_like in [0, 10], shape (n,) or (journeys, n)
        Scores of the encounters in the order in which they happen.
    delta : float in (0, 2]
        Weight of an encounter relative to the one before: below 1 the early ones count more
        (primacy), above 1 the late ones (recency).
    lam : float, at least 1
        How much more intense a bad moment is than a good one equally far from the middle.

    Returns
    -------
    JourneyScores
        Each part a number, or one number per journey; NaN for a journey with a missing score.

    Raises
    ------
    ValueError
        If there is no encounter or a number is out of range.

    References
    ----------
    Fredrickson and Kahneman (1993) for peak and end; Tversky and Kahneman (1992) for lam = 2.25.

    Examples
    --------
    >>> result = journey_scores([8, 9, 3, 8, 9])
    >>> {rule: round(float(score), 2) for rule, score in result._asdict().items()}
    {'mean': 7.4, 'minimum': 3.0, 'geometric': 6.89, 'early': 7.41, 'peak_end': 6.0}
    """
    q = _encounters(scores)
    with np.errstate(divide="ignore"):
        geometric = np.exp(np.log(q).mean(axis=-1))
    most_intense = np.take_along_axis(q, np.expand_dims(peak(q, lam), -1), axis=-1)[..., 0]
    return JourneyScores(
        q.mean(axis=-1),
        q.min(axis=-1),
        geometric,
        q @ position_weights(q.shape[-1], delta),
        (most_intense + q[..., -1]) / 2,
    )


def position_weights(n: int, delta: float = 0.8) -> Array:
    """Weights of the encounters by position, proportional to delta^(i-1) (M1.3).

    Parameters
    ----------
    n : int, at least 1
        Encounters.
    delta : float in (0, 2]
        See `journey_scores`.

    Returns
    -------
    ndarray, shape (n,)
        Sums to 1.

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> position_weights(3, delta=0.5).round(4).tolist()
    [0.5714, 0.2857, 0.1429]
    """
    checked("n", n, at_least=1, whole=True)
    checked("delta", delta, above=0, at_most=2)
    # Counted from the heavier end, because 2 to the power of 2000 is no longer a number.
    weights = delta ** np.arange(n) if delta <= 1 else (1 / delta) ** np.arange(n)[::-1]
    return weights / weights.sum()


def peak(scores: ArrayLike, lam: float = 2.25) -> NDArray[np.intp]:
    """Find the most intense encounter (M1.3).

    Intensity is the distance from the middle of the scale, times `lam` below it.

    Parameters
    ----------
    scores, lam
        As in `journey_scores`.

    Returns
    -------
    int, or ndarray of int with one number per journey
        Position, counted from 0; among equals the earliest.

    Raises
    ------
    ValueError
        If there is no encounter or a number is out of range.

    Examples
    --------
    >>> int(peak([8, 9, 3, 8, 9]))
    2
    """
    q = _encounters(scores)
    checked("lam", lam, at_least=1)
    intensity = np.where(q < NEUTRAL, lam * (NEUTRAL - q), q - NEUTRAL)
    # Ties on paper must tie even where products differ in the last binary digit.
    return np.argmax(intensity.round(9), axis=-1)


def flawless_share(success: ArrayLike, encounters: ArrayLike) -> Array:
    """Share of journeys without any failure, if encounters fail independently (M1.3).

    Parameters
    ----------
    success : array_like in [0, 1]
        Probability that an encounter succeeds.
    encounters : array_like of int, at least 1
        Encounters in a journey. Arguments broadcast.

    Returns
    -------
    ndarray in [0, 1]

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> round(float(flawless_share(0.99, 20)), 4)
    0.8179
    """
    p = checked("success", success, at_least=0, at_most=1, missing=True)
    return (p ** checked("encounters", encounters, at_least=1, whole=True))[()]


def success_needed(flawless: ArrayLike, encounters: ArrayLike) -> Array:
    """Probability with which each encounter must succeed for a share of flawless journeys (M1.3).

    Parameters
    ----------
    flawless : array_like in [0, 1]
        Share of journeys without any failure.
    encounters : array_like of int, at least 1
        Encounters in a journey. Arguments broadcast.

    Returns
    -------
    ndarray in [0, 1]

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> round(float(success_needed(0.9, 20)), 5)
    0.99475
    """
    share = checked("flawless", flawless, at_least=0, at_most=1, missing=True)
    return (share ** (1 / checked("encounters", encounters, at_least=1, whole=True)))[()]


def _encounters(scores: ArrayLike) -> Array:
    q = checked("scores", scores, at_least=0, at_most=10, missing=True)
    if q.ndim == 0 or q.shape[-1] == 0:
        raise ValueError(_("A journey needs at least one encounter."))
    return q
