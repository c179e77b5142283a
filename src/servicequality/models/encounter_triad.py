"""The encounter triad: organisation, employee and customer share the control (M4.4).

For teachers. Control is cut up like a cake, and each party's benefit grows with its slice, ever
more slowly. The joint benefit multiplies, so that a party without any say brings it to zero. In
reality control is no fixed cake (a good system gives the employee and the customer more of it at
the same time), what people want depends on the person and the day, and a cash machine has no
employee who could miss control: the veto is a point to discuss, not a finding.
"""

from gettext import gettext as _

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import entr

from servicequality.models import servqual
from servicequality.models._checks import checked

Array = NDArray[np.float64]

PARTIES = ("organisation", "employee", "customer")
"""The order of the three numbers everywhere in this module."""

EXPONENTS = (0.6, 0.4, 0.5)
"""How fast each party's benefit grows with its control. A teaching assumption."""

IMPORTANCE = (0.40, 0.25, 0.35)
"""What each party's benefit counts in the joint benefit. A teaching assumption."""


def balance_index(shares: ArrayLike) -> Array:
    """Entropy of the control shares: 0 if one party has all, 1 if each has a third (M4.4).

    Parameters
    ----------
    shares : array_like, shape (..., 3)
        Control of organisation, employee and customer; zero or more, sum 1.

    Returns
    -------
    ndarray in [0, 1], shape (...)

    Raises
    ------
    ValueError
        If the shares are not three numbers, if one is negative, or if they do not sum to 1.

    References
    ----------
    Shannon (1948).

    Examples
    --------
    >>> float(balance_index([0.75, 0.10, 0.15]).round(4))
    0.665
    """
    return (entr(_checked_shares(shares)).sum(axis=-1) / np.log(3))[()]


def benefits(shares: ArrayLike, exponents: ArrayLike = EXPONENTS) -> Array:
    """Benefit of each party, 100 share^exponent (M4.4).

    A teaching assumption.

    Parameters
    ----------
    shares : array_like, shape (..., 3)
        As in `balance_index`.
    exponents : array_like, shape (3,), in (0, 1]
        The smaller, the sooner a party has enough control.

    Returns
    -------
    ndarray in [0, 100], shape (..., 3)

    Raises
    ------
    ValueError
        If a share or an exponent is impossible.

    References
    ----------
    The three parties: Bateson (1985).

    Examples
    --------
    >>> benefits([0.75, 0.10, 0.15]).round(1).tolist()
    [84.1, 39.8, 38.7]
    """
    return 100 * _checked_shares(shares) ** _checked_exponents(exponents)


def joint_benefit(
    shares: ArrayLike, exponents: ArrayLike = EXPONENTS, importance: ArrayLike = IMPORTANCE
) -> Array:
    """Weighted geometric mean of the three benefits (M4.4).

    A teaching assumption.

    Parameters
    ----------
    shares, exponents
        As in `benefits`.
    importance : array_like, shape (3,)
        Weights, zero or more; scaled to sum to 1.

    Returns
    -------
    ndarray in [0, 100], shape (...)
        0 if a party that counts has no control.

    Raises
    ------
    ValueError
        If a share, an exponent or a weight is impossible.

    Examples
    --------
    >>> joint_benefit([[0.75, 0.10, 0.15], [0.35, 0, 0.65]]).round(2).tolist()
    [53.19, 0.0]
    """
    weights = servqual.normalise_weights(_three("importance", importance))
    return np.prod(benefits(shares, exponents) ** weights, axis=-1)[()]


def best_shares(exponents: ArrayLike = EXPONENTS, importance: ArrayLike = IMPORTANCE) -> Array:
    """Control shares with the largest joint benefit (M4.4): proportional to importance x exponent.

    A teaching assumption, as `joint_benefit`.

    Parameters
    ----------
    exponents, importance
        As in `joint_benefit`.

    Returns
    -------
    ndarray, shape (3,), sum 1

    Raises
    ------
    ValueError
        If an exponent or a weight is impossible.

    Examples
    --------
    >>> best_shares().round(4).tolist()
    [0.466, 0.1942, 0.3398]
    """
    weights = servqual.normalise_weights(_three("importance", importance))
    pull = weights * _checked_exponents(exponents)
    return pull / pull.sum()


def joint_benefit_contours(
    levels: ArrayLike,
    exponents: ArrayLike = EXPONENTS,
    importance: ArrayLike = IMPORTANCE,
    points: int = 120,
) -> pd.DataFrame:
    """Where in the triangle of control shares the joint benefit is a part of the largest (D4.3).

    A teaching assumption, as `joint_benefit`. Its logarithm is concave, so that each contour is
    met once on every ray from the best shares.

    Parameters
    ----------
    levels : array_like, shape (n,)
        Parts of the largest joint benefit, above 0 and below 1.
    exponents, importance
        As in `joint_benefit`.
    points : int, 3 to 1000
        Corners of each contour.

    Returns
    -------
    DataFrame
        `points` rows per level, in the order of a walk around the best shares: level,
        organisation, employee and customer (sum 1). Where a contour would leave the triangle
        (only if a party does not count) it follows the side.

    Raises
    ------
    ValueError
        If a level, an exponent, a weight or the number of points is impossible.

    Examples
    --------
    >>> joint_benefit_contours([0.9], points=3).round(2)
       level  organisation  employee  customer
    0    0.9          0.74      0.06      0.20
    1    0.9          0.31      0.50      0.19
    2    0.9          0.33      0.06      0.62
    """
    parts = checked("levels", levels, above=0, below=1).reshape(-1)
    checked("points", points, at_least=3, at_most=1000, whole=True)
    best = best_shares(exponents, importance)
    wanted = parts[:, None] * joint_benefit(best, exponents, importance)
    turn = 2 * np.pi * np.arange(points) / points
    ways = np.cos(turn[:, None] - 2 * np.pi / 3 * np.arange(3))
    room = np.divide(best, -ways, out=np.full_like(ways, np.inf), where=ways < 0).min(axis=1)
    near, far = np.zeros((len(parts), points)), np.tile(room, (len(parts), 1))
    for _step in range(40):
        middle = (near + far) / 2
        shares = (best + middle[..., None] * ways).clip(0)
        above = joint_benefit(shares, exponents, importance) >= wanted
        near, far = np.where(above, middle, near), np.where(above, far, middle)
    found = (best + near[..., None] * ways).clip(0).reshape(-1, 3)
    table = pd.DataFrame(found, columns=list(PARTIES))
    table.insert(0, "level", np.repeat(parts, points))
    return table


def _checked_shares(shares: ArrayLike) -> Array:
    values = _three("shares", shares)
    total = values.sum(axis=-1)
    wrong = np.abs(total - 1) > 1e-6
    if wrong.any():
        raise ValueError(
            _("shares must sum to 1; they sum to {total:g}.").format(total=total[wrong].flat[0])
        )
    return values


def _checked_exponents(exponents: ArrayLike) -> Array:
    values = _three("exponents", exponents)
    return checked("exponents", values, above=0, at_most=1)


def _three(name: str, numbers: ArrayLike) -> Array:
    values = checked(name, numbers, at_least=0)
    if values.shape[-1:] != (3,):
        raise ValueError(
            _("{name} must be three numbers, for {parties}; the shape is {shape}.").format(
                name=name, parties=", ".join(PARTIES), shape=values.shape
            )
        )
    return values
