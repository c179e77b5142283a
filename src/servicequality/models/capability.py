"""Process capability: specification limits, Taguchi's loss and sigma levels (M1.4).

For teachers. The formulas are established. That the output is normal and stable, that loss grows
with the square of the distance from the target on both sides alike, and the price of one goal post
are teaching assumptions. In reality waiting times are skewed to the right (then Cpk says little
about the tails), and being early often costs less than being late. The shift of 1.5 behind "six
sigma = 3.4 defects per million" is a convention, not a measured constant.
"""

from gettext import gettext as _
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from servicequality.models._checks import checked

Array = NDArray[np.float64]

MILLION = 1e6


class Capability(NamedTuple):
    """How a normal process meets its limits; every part has the shape of the broadcast inputs.

    Attributes
    ----------
    cp : ndarray
        Width of the limits over six standard deviations; NaN with one limit only.
    cpk : ndarray
        Distance from the mean to the nearer limit over three standard deviations; negative if the
        mean is outside.
    below, in_spec, above : ndarray in [0, 1]
        Shares of the output below the limits, within them and above them.
    loss : ndarray
        Expected quadratic loss of a unit, the sum of the next two parts.
    spread_loss, bias_loss : ndarray
        Loss through the spread, and through a mean that is off target.
    goal_post_loss : ndarray
        Expected loss under goal-post thinking, see `goal_post_loss`.
    """

    cp: Array
    cpk: Array
    below: Array
    in_spec: Array
    above: Array
    loss: Array
    spread_loss: Array
    bias_loss: Array
    goal_post_loss: Array


class SigmaLevel(NamedTuple):
    """Defects in the language of six sigma; every part has the shape of the broadcast inputs.

    Attributes
    ----------
    dpmo : ndarray
        Defects per million opportunities.
    z : ndarray
        Standard normal deviate that leaves this share in its upper tail; inf without defects.
    sigma : ndarray
        z plus the conventional shift.
    """

    dpmo: Array
    z: Array
    sigma: Array


def capability(
    mean: ArrayLike,
    sd: ArrayLike,
    low: ArrayLike | None,
    high: ArrayLike | None,
    target: ArrayLike,
    k: ArrayLike = 1.0,
) -> Capability:
    """Describe a normal process by its limits and by its loss (M1.4). All arguments broadcast.

    Parameters
    ----------
    mean, sd : array_like
        Of the output, in its unit; sd more than 0.
    low, high : array_like or None
        Specification limits, low below high; None if there is no limit on that side.
    target : array_like
        Best value of the output.
    k : array_like, zero or more
        Loss per squared unit of distance from the target.

    Returns
    -------
    Capability

    Raises
    ------
    ValueError
        If a number is impossible or there is no limit at all.

    References
    ----------
    Kane (1986) for Cp and Cpk; Taguchi (1986) for the loss.

    Examples
    --------
    Clinic B starts more of its appointments within ten minutes than clinic A, and loses more:

    >>> result = capability([0, 6], [5, 2], -10, 10, target=0, k=0.2)
    >>> result.in_spec.round(4).tolist()
    [0.9545, 0.9772]
    >>> result.loss.tolist()
    [5.0, 8.0]
    """
    m = checked("mean", mean)
    s = checked("sd", sd, above=0)
    lower, upper = _limits(low, high)
    t, price = checked("target", target), checked("k", k, at_least=0)
    below, above = ndtr((lower - m) / s), ndtr((m - upper) / s)
    width = upper - lower
    spread_loss, bias_loss = price * s**2, price * (m - t) ** 2
    parts = np.broadcast_arrays(
        np.where(np.isinf(width), np.nan, width / (6 * s)),
        np.minimum(upper - m, m - lower) / (3 * s),
        below,
        1 - below - above,
        above,
        spread_loss + bias_loss,
        spread_loss,
        bias_loss,
        below * _price(lower, t, price) + above * _price(upper, t, price),
    )
    # [()] turns the results of scalar input back into scalars.
    return Capability(*(part[()] for part in parts))


def quadratic_loss(value: ArrayLike, target: ArrayLike, k: ArrayLike = 1.0) -> Array:
    """Loss of one unit, k (value - target)^2 (M1.4). Arguments broadcast.

    Parameters
    ----------
    value, target, k
        The unit's value; the others as in `capability`.

    Raises
    ------
    ValueError
        If a number is impossible.

    References
    ----------
    Taguchi (1986).

    Examples
    --------
    >>> float(quadratic_loss(6, target=0, k=0.5))
    18.0
    """
    price = checked("k", k, at_least=0)
    return (price * (checked("value", value) - checked("target", target)) ** 2)[()]


def goal_post_loss(
    value: ArrayLike,
    low: ArrayLike | None,
    high: ArrayLike | None,
    target: ArrayLike,
    k: ArrayLike = 1.0,
) -> Array:
    """Loss of one unit to those who think that inside the limits all is well (M1.4, D1.4).

    A teaching assumption: a unit outside loses what `quadratic_loss` gives at the limit it misses,
    so that the two losses agree there.

    Parameters
    ----------
    value, low, high, target, k
        The unit's value; the others as in `capability`. Arguments broadcast.

    Returns
    -------
    ndarray
        0 within the limits, the limits included.

    Raises
    ------
    ValueError
        If a number is impossible or there is no limit at all.

    Examples
    --------
    >>> goal_post_loss([9, 10, 11], -10, 10, target=0, k=0.2).tolist()
    [0.0, 0.0, 20.0]
    """
    x = checked("value", value)
    lower, upper = _limits(low, high)
    t, price = checked("target", target), checked("k", k, at_least=0)
    outside = [x < lower, x > upper]
    return np.select(outside, [_price(lower, t, price), _price(upper, t, price)], 0.0)[()]


def density(value: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> Array:
    """Probability density of the output, a normal distribution. Arguments broadcast.

    Parameters
    ----------
    value, mean, sd : array_like
        In the unit of the output; sd more than 0.

    Returns
    -------
    ndarray
        Per unit of the output.

    Raises
    ------
    ValueError
        If a number is impossible.

    Examples
    --------
    >>> round(float(density(0, mean=0, sd=1)), 4)
    0.3989
    """
    s = checked("sd", sd, above=0)
    z = (checked("value", value) - checked("mean", mean)) / s
    return (np.exp(-(z**2) / 2) / (s * np.sqrt(2 * np.pi)))[()]


def sigma_level(
    defects: ArrayLike, units: ArrayLike, opportunities: ArrayLike = 1, shift: float = 1.5
) -> SigmaLevel:
    """Express defects per million opportunities and as a sigma level (M1.4).

    Parameters
    ----------
    defects : array_like, zero or more
        Defects found; at most units x opportunities.
    units, opportunities : array_like, more than 0
        Units inspected, and chances for a defect in each. All three broadcast.
    shift : float
        Added to z by convention; 0 gives the long-term level itself.

    Returns
    -------
    SigmaLevel

    Raises
    ------
    ValueError
        If a number is impossible.

    References
    ----------
    Harry (1988), for the convention.

    Examples
    --------
    >>> result = sigma_level(137, 2500, 8)
    >>> print(f"{result.dpmo:.0f} {result.z:.3f} {result.sigma:.3f}")
    6850 2.465 3.965
    """
    found = checked("defects", defects, at_least=0)
    chances = checked("units", units, above=0) * checked("opportunities", opportunities, above=0)
    share = found / chances
    checked("defects / (units x opportunities)", share, at_most=1)
    checked("shift", shift)
    z = -ndtri(share)
    return SigmaLevel((MILLION * share)[()], z[()], (z + shift)[()])


def dpmo_at(sigma: ArrayLike, shift: float = 1.5) -> Array:
    """Defects per million opportunities at a sigma level (M1.4).

    Parameters
    ----------
    sigma : array_like
        Sigma level with the conventional shift in it; inf means no defects.
    shift : float
        See `sigma_level`.

    Returns
    -------
    ndarray in [0, 1e6]

    Raises
    ------
    ValueError
        If a number is missing or the shift is infinite.

    Examples
    --------
    >>> round(float(dpmo_at(6)), 3)
    3.398
    """
    return (MILLION * ndtr(checked("shift", shift) - checked("sigma", sigma, infinite=True)))[()]


def _limits(low: ArrayLike | None, high: ArrayLike | None) -> tuple[Array, Array]:
    if low is None and high is None:
        raise ValueError(_("At least one of the limits low and high must be given."))
    lower = np.asarray(-np.inf) if low is None else checked("low", low)
    upper = np.asarray(np.inf) if high is None else checked("high", high)
    if not (lower < upper).all():
        raise ValueError(
            _("low must be below high; they are {low} and {high}.").format(low=low, high=high)
        )
    return lower, upper


def _price(limit: Array, target: Array, k: Array) -> Array:
    """Quadratic loss at a limit; nothing is ever lost at a limit that is not there."""
    return np.where(np.isinf(limit), 0.0, k * (limit - target) ** 2)
