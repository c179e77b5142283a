"""The average trap: equal averages can hide many disappointed customers (M5.4).

Performance and expectation are normal and may correlate; a customer is satisfied who gets at least
what was expected. The algebra is exact for normal distributions; real waits and delays are skewed,
and there the mean misleads even more.
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from servicequality.models._checks import checked

Array = NDArray[np.float64]


def gap_sd(sd_p: ArrayLike, sd_e: ArrayLike, rho: ArrayLike = 0) -> Array:
    """Spread (standard deviation) of performance minus expectation (M5.4).

    Parameters
    ----------
    sd_p, sd_e : array_like, zero or more
        Standard deviations of performance and of expectation.
    rho : array_like in [-1, 1]
        Correlation of the two.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If a number is impossible.

    Examples
    --------
    >>> float(gap_sd(1, 1).round(4))
    1.4142
    """
    p = checked("sd_p", sd_p, at_least=0)
    e = checked("sd_e", sd_e, at_least=0)
    r = checked("rho", rho, at_least=-1, at_most=1)
    # p^2 + e^2 - 2 r p e, in a form that is exactly 0 for equal spreads and r = 1.
    return np.sqrt((p - e) ** 2 + 2 * (1 - r) * p * e)[()]


def share_satisfied(
    mean_p: ArrayLike, mean_e: ArrayLike, sd_p: ArrayLike, sd_e: ArrayLike, rho: ArrayLike = 0
) -> Array:
    """Share of customers whose performance reaches their expectation (M5.4).

    Parameters
    ----------
    mean_p, mean_e : array_like
        Mean performance and mean expectation, on one scale.
    sd_p, sd_e, rho
        As in `gap_sd`.

    Returns
    -------
    ndarray in [0, 1]
        Without any spread 1 or 0; to get exactly what was expected counts as satisfied.

    Raises
    ------
    ValueError
        If a number is impossible.

    References
    ----------
    Oliver (1980) for disconfirmation; Rust, Inman, Jia and Zahorik (1999) for distributions.

    Examples
    --------
    >>> share_satisfied([6, 6.5, 7], 6, 1, 1).round(3).tolist()
    [0.5, 0.638, 0.76]
    """
    gap, spread = _gap(mean_p, mean_e, sd_p, sd_e, rho)
    z = np.divide(gap, spread, out=np.where(gap >= 0, np.inf, -np.inf), where=spread > 0)
    return ndtr(z)[()]


def mean_shortfall(
    mean_p: ArrayLike, mean_e: ArrayLike, sd_p: ArrayLike, sd_e: ArrayLike, rho: ArrayLike = 0
) -> Array:
    """Mean of expectation minus performance, counted as 0 for the satisfied (M5.4).

    Parameters
    ----------
    mean_p, mean_e, sd_p, sd_e, rho
        As in `share_satisfied`.

    Returns
    -------
    ndarray, zero or more
        In points of the scale, per customer.

    Raises
    ------
    ValueError
        If a number is impossible.

    Examples
    --------
    >>> float(mean_shortfall(6.5, 6, 1, 1).round(5))
    0.34909
    """
    gap, spread = _gap(mean_p, mean_e, sd_p, sd_e, rho)
    z = np.divide(gap, spread, out=np.zeros(gap.shape), where=spread > 0)
    normal = spread * density(z, 0, 1) - gap * ndtr(-z)
    # Rounding may leave -1e-17 where almost everybody is satisfied.
    return np.maximum(np.where(spread > 0, normal, -gap), 0)[()]


def required_performance(
    share: ArrayLike, mean_e: ArrayLike, sd_p: ArrayLike, sd_e: ArrayLike, rho: ArrayLike = 0
) -> Array:
    """Mean performance that satisfies a given share of customers (M5.4).

    Parameters
    ----------
    share : array_like in (0, 1)
        Share to satisfy.
    mean_e, sd_p, sd_e, rho
        As in `share_satisfied`.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If a number is impossible.

    Examples
    --------
    >>> float(required_performance(0.9, 6, 1, 1).round(4))
    7.8124
    """
    z = ndtri(checked("share", share, above=0, below=1))
    return (checked("mean_e", mean_e) + z * gap_sd(sd_p, sd_e, rho))[()]


def density(x: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> Array:
    """Height of the normal curve at x (M5.4).

    Parameters
    ----------
    x, mean : array_like
    sd : array_like, more than 0

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If a standard deviation is not above 0.

    Examples
    --------
    >>> density([5, 6], mean=6, sd=1).round(3).tolist()
    [0.242, 0.399]
    """
    s = checked("sd", sd, above=0)
    z = (np.asarray(x, dtype=float) - mean) / s
    return (np.exp(-(z**2) / 2) / (s * np.sqrt(2 * np.pi)))[()]


def population(
    mean_p: float, mean_e: float, sd_p: float, sd_e: float, rho: float = 0, n: int = 200
) -> pd.DataFrame:
    """Let a few customers stand for all, from the worst surprise to the best (D5.3).

    They are spread evenly over the curves instead of drawn at random: customer i is always at the
    same quantile of performance minus expectation, so the count of the satisfied agrees with
    `share_satisfied` to half a customer, and a customer stays who it is while a number moves.

    Parameters
    ----------
    mean_p, mean_e, sd_p, sd_e, rho
        As in `share_satisfied`.
    n : int, 1 or more
        Customers.

    Returns
    -------
    DataFrame
        One row per customer, ordered by performance minus expectation: expectation, performance,
        satisfied (bool).

    Raises
    ------
    ValueError
        If a number is impossible.

    Examples
    --------
    >>> int(population(6.5, 6, 1, 1)["satisfied"].sum())
    128
    """
    mean, spread = (float(part) for part in _gap(mean_p, mean_e, sd_p, sd_e, rho))
    checked("n", n, at_least=1, whole=True)
    luck = ndtri((np.arange(n) + 0.5) / n)
    gap = mean + spread * luck
    # Given its gap, an expectation is normal too: a line in the gap, and what is left.
    slope = (rho * sd_p * sd_e - sd_e**2) / spread if spread > 0 else 0.0
    rest = np.sqrt(max(sd_e**2 - slope**2, 0.0))
    expectation = mean_e + slope * luck + rest * _unrelated(luck)
    return pd.DataFrame(
        {"expectation": expectation, "performance": expectation + gap, "satisfied": gap >= 0}
    )


def _unrelated(luck: Array) -> Array:
    """Shuffle the values, and take out what still goes with their old order."""
    mixed = np.random.default_rng(0).permutation(luck)
    square = luck @ luck
    mixed = mixed - luck * (mixed @ luck / square if square > 0 else 0)
    size = mixed @ mixed
    return mixed * (np.sqrt(square / size) if size > 0 else 0)


def _gap(
    mean_p: ArrayLike, mean_e: ArrayLike, sd_p: ArrayLike, sd_e: ArrayLike, rho: ArrayLike
) -> tuple[Array, Array]:
    """Mean and standard deviation of performance minus expectation, broadcast."""
    gap = checked("mean_p", mean_p) - checked("mean_e", mean_e)
    both = np.broadcast_arrays(gap, gap_sd(sd_p, sd_e, rho))
    return both[0], both[1]
