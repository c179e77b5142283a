"""Perceived quality: what is received, how it is received, and the firm's image (M1.1).

For teachers. The Nordic model says that technical quality and functional quality, seen through the
firm's image, are compared with what was expected. It gives no formulas. The power mean, the
straight-line filter and the scale from 0 to 100 are teaching assumptions. In reality technical
quality is often hard for customers to judge, so that manner serves as a clue to it; image is itself
made from past experience; a pleasant surprise counts less than a disappointment of the same size;
and a gap of zero does not promise a satisfied customer.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicequality.models._checks import checked

Array = NDArray[np.float64]

HIGHEST = 100.0

# Nearer to 0 than this the power mean has lost half of its digits; the geometric mean has not.
_GEOMETRIC = 1e-8

# A point on the edge of the map may miss it in the last binary digits.
_ROUNDING = 1e-9


class PerceivedQuality(NamedTuple):
    """Perceived quality; every part has the shape of the broadcast inputs.

    Attributes
    ----------
    experienced : ndarray in [0, 100]
        Technical and functional quality together.
    filtered : ndarray in [0, 100]
        The same, seen through the firm's image.
    gap : ndarray in [-100, 100]
        Filtered minus expected; negative is a shortfall.
    """

    experienced: Array
    filtered: Array
    gap: Array


class GapGains(NamedTuple):
    """What a better technical, or functional, quality adds to the gap."""

    technical: Array
    functional: Array


def perceived_quality(
    technical: ArrayLike,
    functional: ArrayLike,
    expected: ArrayLike,
    weight: ArrayLike = 0.5,
    rho: ArrayLike = 1.0,
    image: ArrayLike = 0.0,
    phi: ArrayLike = 0.5,
) -> PerceivedQuality:
    """Compare experienced with expected quality (M1.1). All arguments broadcast.

    A teaching assumption: experienced quality is the power mean
    (w T^rho + (1-w) F^rho)^(1/rho), and image changes a shortfall by the share phi x image; a
    surplus passes unchanged.

    Parameters
    ----------
    technical, functional, expected : array_like in [0, 100]
        What is received (T), how it is received (F), and what was expected (E).
    weight : array_like in [0, 1]
        Weight of technical quality (w).
    rho : array_like, at most 1
        How far one quality makes up for the other: 1 fully (arithmetic mean), 0 partly (geometric
        mean), -inf not at all (the lower one counts).
    image : array_like in [-1, 1]
        From a notorious to a trusted brand.
    phi : array_like in [0, 1]
        Strength of the filter.

    Returns
    -------
    PerceivedQuality
        Where an input is missing, so is what depends on it.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    Grönroos (1984) for the concepts.

    Examples
    --------
    A good result, poorly delivered, by a trusted brand:

    >>> result = perceived_quality(80, 50, 75, weight=0.6, image=0.6)
    >>> print(f"{result.experienced:.1f} {result.filtered:.1f} {result.gap:.1f}")
    68.0 70.1 -4.9

    If manner cannot be made up for, only the lower quality counts:

    >>> float(perceived_quality(80, 50, 75, rho=float("-inf")).experienced)
    50.0
    """
    e = checked("expected", expected, at_least=0, at_most=HIGHEST, missing=True)
    i = checked("image", image, at_least=-1, at_most=1, missing=True)
    strength = checked("phi", phi, at_least=0, at_most=1, missing=True)
    experienced = _power_mean(
        checked("technical", technical, at_least=0, at_most=HIGHEST, missing=True),
        checked("functional", functional, at_least=0, at_most=HIGHEST, missing=True),
        checked("weight", weight, at_least=0, at_most=1, missing=True),
        checked("rho", rho, at_most=1, missing=True, infinite=True),
    )
    shortfall = np.maximum(e - experienced, 0)
    filtered = np.clip(experienced + strength * i * shortfall, 0, HIGHEST)
    gap = filtered - e
    # [()] turns the results of scalar input back into scalars.
    return PerceivedQuality(
        *(part[()] for part in np.broadcast_arrays(experienced, filtered, gap)),
    )


def gap_gains(
    technical: ArrayLike,
    functional: ArrayLike,
    expected: ArrayLike,
    weight: ArrayLike = 0.5,
    rho: ArrayLike = 1.0,
    image: ArrayLike = 0.0,
    phi: ArrayLike = 0.5,
    step: float = 5.0,
) -> GapGains:
    """Change of the gap if one of the two qualities rises (D1.1).

    Parameters
    ----------
    technical, functional, expected, weight, rho, image, phi
        As in `perceived_quality`.
    step : float, zero or more
        Points to add; a quality stops at 100.

    Returns
    -------
    GapGains
        Points of the gap, zero or more.

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    Under weak compensation the weaker quality decides:

    >>> gains = gap_gains(80, 50, 75, weight=0.6, rho=-2)
    >>> print(f"{gains.technical:.2f} {gains.functional:.2f}")
    1.37 3.75
    """
    checked("step", step, at_least=0)
    rest = (expected, weight, rho, image, phi)
    now = perceived_quality(technical, functional, *rest).gap
    more_technical = np.minimum(np.asarray(technical, dtype=float) + step, HIGHEST)
    more_functional = np.minimum(np.asarray(functional, dtype=float) + step, HIGHEST)
    return GapGains(
        perceived_quality(more_technical, functional, *rest).gap - now,
        perceived_quality(technical, more_functional, *rest).gap - now,
    )


def iso_quality(
    level: float, weight: float = 0.5, rho: float = 1.0, points: int = 101
) -> pd.DataFrame:
    """Trace all pairs of technical and functional quality that give one experienced quality (D1.1).

    Parameters
    ----------
    level : float in (0, 100]
        Experienced quality.
    weight, rho
        As in `perceived_quality`.
    points : int, at least 2
        Points of the grid along each axis.

    Returns
    -------
    DataFrame
        Columns technical (rising) and functional (falling), both in [0, 100]: a line to draw from
        left to right.

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> iso_quality(70, points=3)
       technical  functional
    0       40.0       100.0
    1       50.0        90.0
    2       90.0        50.0
    3      100.0        40.0
    """
    checked("level", level, above=0, at_most=HIGHEST)
    checked("weight", weight, at_least=0, at_most=1)
    checked("rho", rho, at_most=1, infinite=True)
    checked("points", points, at_least=2, whole=True)
    grid = np.linspace(0, HIGHEST, points)
    # Solved both ways, because a steep stretch has few points on a grid of the other axis.
    line = pd.DataFrame(
        {
            "technical": np.append(grid, _other(level, grid, 1 - weight, rho)),
            "functional": np.append(_other(level, grid, weight, rho), grid),
        }
    )
    inside = (line >= 0) & (line <= HIGHEST + _ROUNDING)
    return (
        line[inside.all(axis=1)]
        .clip(upper=HIGHEST)
        .sort_values(["technical", "functional"], ascending=[True, False], ignore_index=True)
    )


def _power_mean(t: Array, f: Array, w: Array, rho: Array) -> Array:
    t, f, w, rho = np.broadcast_arrays(t, f, w, rho)
    # As a share of the decisive quality, because 80 to the power of -1000 is no longer above 0.
    unit = np.where(rho > 0, np.maximum(t, f), np.minimum(t, f))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        power = unit * (w * (t / unit) ** rho + (1 - w) * (f / unit) ** rho) ** (1 / rho)
        mean = np.select(
            [w == 0, w == 1, unit == 0, np.isneginf(rho), np.abs(rho) < _GEOMETRIC],
            [f, t, 0.0, unit, t**w * f ** (1 - w)],
            power,
        )
    return np.where(np.isnan(t + f + w + rho), np.nan, mean)


def _other(level: float, known: Array, weight: float, rho: float) -> Array:
    """Solve the power mean for the quality of weight 1 - `weight`; NaN or inf if there is none."""
    if weight == 1:
        return np.full(known.shape, np.nan)
    if weight == 0:
        return np.full(known.shape, float(level))
    ratio = known / level
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if np.isneginf(rho):
            return np.where(ratio >= 1, level, np.nan)
        if abs(rho) < _GEOMETRIC:
            return level * ratio ** (-weight / (1 - weight))
        power = (1 - weight * ratio**rho) / (1 - weight)
        return np.where(power >= 0, level * power ** (1 / rho), np.nan)
