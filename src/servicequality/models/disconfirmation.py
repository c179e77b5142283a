"""Expectancy disconfirmation: satisfaction from a gap, where losses weigh more (M6.1).

For teachers. That losses weigh more than gains is well established for many attributes. The form
here is a teaching assumption: one kink at zero, the same for everyone, and gaps that scatter like
a normal distribution. In reality the ratio of loss to gain differs from attribute to attribute
(see `kano`), small gaps may go unnoticed (see `zone_of_tolerance`), and answers end where the scale
ends.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from servicequality.models._checks import checked

Array = NDArray[np.float64]

# Beyond this many standard deviations lies less than 1e-16 of a normal distribution.
_TAIL = 8.5
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(80)


def reaction(
    gap: ArrayLike, gain: ArrayLike = 1.0, loss: ArrayLike = 2.0, exponent: float = 1.0
) -> Array:
    """Feel a gap between perception and expectation (M6.1).

    A teaching assumption: gain x gap above zero, -loss x (-gap) below zero, with the gap raised
    to `exponent` first.

    Parameters
    ----------
    gap : array_like
        Perception minus expectation, in scale points.
    gain, loss : array_like, zero or more
        Satisfaction points for one point above, or below, what was expected. They broadcast.
    exponent : float in (0, 1]
        1 draws two straight lines. Prospect theory's estimate is .88, with a loss of 2.25.

    Returns
    -------
    ndarray
        In satisfaction points; negative after a shortfall.

    Raises
    ------
    ValueError
        If an argument is missing, infinite or out of range.

    References
    ----------
    Oliver (1980); Kahneman and Tversky (1979); Tversky and Kahneman (1992) for .88 and 2.25.

    Examples
    --------
    >>> reaction([1, -1]).tolist()
    [1.0, -2.0]
    >>> reaction([2, -2], loss=2.25, exponent=0.88).round(4).tolist()
    [1.8404, -4.1408]
    """
    d = checked("gap", gap)
    gain, loss = _checked_slopes(gain, loss, exponent)
    return (np.where(d < 0, -loss, gain) * np.abs(d) ** exponent)[()]


def satisfaction(
    gap: ArrayLike,
    neutral: float = 5.0,
    gain: ArrayLike = 1.0,
    loss: ArrayLike = 2.0,
    exponent: float = 1.0,
    scale: tuple[float, float] = (0, 10),
) -> Array:
    """Satisfaction after a gap: the neutral point plus the reaction, cut at the ends (M6.1).

    A teaching assumption, as `reaction`.

    Parameters
    ----------
    neutral : float
        Satisfaction of a customer who got exactly what was expected.
    scale : (low, high)
        Ends of the satisfaction scale.
    gap, gain, loss, exponent
        As in `reaction`.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If `neutral` is off the scale, or as in `reaction`.

    Examples
    --------
    >>> satisfaction([0, 1, -1, -4]).tolist()
    [5.0, 6.0, 3.0, 0.0]
    """
    low, high = scale
    middle = checked("neutral", neutral, at_least=low, at_most=high)
    return np.clip(middle + reaction(gap, gain, loss, exponent), low, high)


def expected_reaction(
    mean: ArrayLike,
    sd: ArrayLike,
    gain: ArrayLike = 1.0,
    loss: ArrayLike = 2.0,
    exponent: float = 1.0,
) -> Array:
    """Mean reaction of customers whose gaps vary around a mean (M6.1).

    A teaching assumption: gaps are normally distributed. With t = mean/sd and an exponent of 1 it
    is gain (mean Phi(t) + sd phi(t)) - loss (-mean Phi(-t) + sd phi(t)); with another exponent it
    is integrated numerically.

    Parameters
    ----------
    mean : array_like
        Mean of perception minus expectation, in scale points.
    sd : array_like, zero or more
        Standard deviation of that gap between customers or visits.
    gain, loss, exponent
        As in `reaction`. All arguments but `exponent` broadcast.

    Returns
    -------
    ndarray
        In satisfaction points.

    Raises
    ------
    ValueError
        If an argument is missing, infinite or out of range.

    References
    ----------
    Anderson and Sullivan (1993) for the asymmetry in satisfaction.

    Examples
    --------
    Service that is on target on average, at two levels of consistency:

    >>> expected_reaction(0, [1, 0.5]).round(5).tolist()
    [-0.39894, -0.19947]
    """
    mu = checked("mean", mean)
    sigma = checked("sd", sd, at_least=0)
    gain, loss = _checked_slopes(gain, loss, exponent)
    return (gain * _mean_above(mu, sigma, exponent) - loss * _mean_above(-mu, sigma, exponent))[()]


def break_even_mean(
    sd: ArrayLike, gain: float = 1.0, loss: float = 2.0, exponent: float = 1.0
) -> Array:
    """Find the mean gap at which gains and losses balance (M6.1).

    A teaching assumption, as `expected_reaction`. The answer grows in proportion to `sd`.

    Parameters
    ----------
    sd : array_like, zero or more
        Standard deviation of the gap.
    gain, loss : float, above zero
        As in `reaction`.
    exponent
        As in `reaction`.

    Returns
    -------
    ndarray
        Zero if gain and loss weigh the same; above zero if losses weigh more.

    Raises
    ------
    ValueError
        If an argument is missing, infinite or out of range.

    Examples
    --------
    >>> round(float(break_even_mean(1)), 5)
    0.27603
    """
    # Slow to import, and no demo needs it at its start.
    from scipy.optimize import brentq

    checked("gain", gain, above=0)
    checked("loss", loss, above=0)
    checked("exponent", exponent, above=0, at_most=1)
    sigma = checked("sd", sd, at_least=0)

    one = np.array(1.0)

    def net(t: float) -> float:
        above, below = (_mean_above(np.array(end), one, exponent) for end in (t, -t))
        return float(gain * above - loss * below)

    return sigma * brentq(net, -_TAIL, _TAIL, xtol=1e-12)


def _mean_above(mean: Array, sd: Array, exponent: float) -> Array:
    """Mean of max(gap, 0) ** exponent."""
    certain = np.maximum(mean, 0) ** exponent
    t = np.divide(mean, sd, out=np.zeros(np.broadcast(mean, sd).shape), where=sd > 0)
    if exponent == 1:
        moment = mean * ndtr(t) + sd * _density(t)
    else:
        # Gauss-Legendre on the part of the distribution above zero only: there it is smooth.
        start = np.clip(-t, -_TAIL, _TAIL)[..., None]
        half = (_TAIL - start) / 2
        z = start + half * (_NODES + 1)
        above = np.maximum(mean[..., None] + sd[..., None] * z, 0) ** exponent
        moment = (half * _NODE_WEIGHTS * above * _density(z)).sum(axis=-1)
    return np.where(sd > 0, moment, certain)


def _density(z: Array) -> Array:
    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)


def _checked_slopes(gain: ArrayLike, loss: ArrayLike, exponent: float) -> tuple[Array, Array]:
    checked("exponent", exponent, above=0, at_most=1)
    return checked("gain", gain, at_least=0), checked("loss", loss, at_least=0)
