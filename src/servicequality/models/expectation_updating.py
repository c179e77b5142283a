"""How experience moves expectations: smoothing and Bayesian learning (M5.3).

For teachers. One number stands for all that a customer expects, and each visit pulls it by a fixed
share of the surprise. That people learn in this way is a teaching assumption; the consequences
(half-life, the price of constant delight, the match with Bayesian learning) are algebra. In
reality people forget, remember peaks and ends, learn from others' visits, and change provider
after a bad one instead of lowering the bar.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicequality.models._checks import checked

Array = NDArray[np.float64]


class Posterior(NamedTuple):
    """What a Bayesian customer believes after some visits.

    Attributes
    ----------
    mean, sd : float
        Mean and standard deviation of the belief about the true level.
    weight : float in [0, 1]
        Weight of the visits in that mean; the prior has the rest.
    """

    mean: float
    sd: float
    weight: float


def expectation_path(
    initial: ArrayLike,
    performance: ArrayLike,
    alpha_up: ArrayLike,
    alpha_down: ArrayLike | None = None,
) -> Array:
    """Predicted service before the first visit and after each (M5.3): E + alpha (P - E).

    A teaching assumption: exponential smoothing.

    Parameters
    ----------
    initial : array_like, shape (...)
        Expectation before the first visit, usually 0-100.
    performance : array_like, shape (..., visits)
        Performance at each visit, on the same scale.
    alpha_up : array_like in [0, 1], shape (...)
        Share of the surprise that a visit better than expected adds.
    alpha_down : array_like in [0, 1], shape (...), optional
        The same for a visit worse than expected. Default: as `alpha_up`.

    Returns
    -------
    ndarray, shape (..., visits + 1)

    Raises
    ------
    ValueError
        If an alpha is not between 0 and 1, or if a level is not a finite number.

    References
    ----------
    Boulding, Kalra, Staelin and Zeithaml (1993).

    Examples
    --------
    >>> expectation_path(60, [80, 80, 80], alpha_up=0.3).round(2).tolist()
    [60.0, 66.0, 70.2, 73.14]
    """
    up = checked("alpha_up", alpha_up, at_least=0, at_most=1)
    down = up if alpha_down is None else checked("alpha_down", alpha_down, at_least=0, at_most=1)
    expected = checked("initial", initial)
    performed = np.atleast_1d(checked("performance", performance))
    shape = np.broadcast_shapes(expected.shape, performed.shape[:-1], up.shape, down.shape)
    path = np.empty((*shape, performed.shape[-1] + 1))
    path[..., 0] = expected
    for visit in range(performed.shape[-1]):
        surprise = performed[..., visit] - path[..., visit]
        path[..., visit + 1] = path[..., visit] + np.where(surprise > 0, up, down) * surprise
    return path


def visits(
    initial: float, performance: ArrayLike, alpha_up: float, alpha_down: float | None = None
) -> pd.DataFrame:
    """One customer's visits, with the surprise of each (M5.3, D5.2).

    A teaching assumption, as `expectation_path`.

    Parameters
    ----------
    initial, performance, alpha_up, alpha_down
        As in `expectation_path`, for one customer.

    Returns
    -------
    DataFrame
        One row per visit: visit (from 1), expected (before), performance, surprise (performance
        minus expected), total_surprise (so far), expected_after. With one alpha the total is the
        rise of the expectation divided by alpha.

    Raises
    ------
    ValueError
        As in `expectation_path`.

    Examples
    --------
    >>> visits(60, [80, 80], alpha_up=0.3)["surprise"].tolist()
    [20.0, 14.0]
    """
    performed = checked("performance", performance)
    path = expectation_path(initial, performed, alpha_up, alpha_down)
    surprise = performed - path[:-1]
    return pd.DataFrame(
        {
            "visit": np.arange(1, len(performed) + 1),
            "expected": path[:-1],
            "performance": performed,
            "surprise": surprise,
            "total_surprise": surprise.cumsum(),
            "expected_after": path[1:],
        }
    )


def expectation_after(
    encounters: ArrayLike, initial: ArrayLike, performance: ArrayLike, alpha: ArrayLike
) -> Array:
    """Predicted service after visits of constant performance, in closed form (M5.3).

    A teaching assumption, as `expectation_path`: P - (P - E0) (1 - alpha)^n.

    Parameters
    ----------
    encounters : array_like, zero or more
        Number n of visits.
    initial, performance : array_like
        Expectation E0 before the first visit, and performance P.
    alpha : array_like in [0, 1]
        Share of the surprise that each visit adds to the expectation.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If a number is impossible.

    Examples
    --------
    >>> float(expectation_after(5, 60, 80, 0.3).round(4))
    76.6386
    """
    n = checked("encounters", encounters, at_least=0)
    kept = (1 - checked("alpha", alpha, at_least=0, at_most=1)) ** n
    performed = checked("performance", performance)
    return np.asarray(performed - (performed - checked("initial", initial)) * kept)[()]


def surprise_half_life(alpha: ArrayLike) -> Array:
    """Visits of constant performance after which half of the surprise is gone (M5.3).

    Parameters
    ----------
    alpha : array_like in [0, 1]
        Share of the surprise that each visit adds to the expectation.

    Returns
    -------
    ndarray
        ln .5 / ln(1 - alpha); infinite for alpha = 0 (nothing is learnt), 0 for alpha = 1.

    Raises
    ------
    ValueError
        If alpha is not between 0 and 1.

    Examples
    --------
    >>> float(surprise_half_life(0.3).round(4))
    1.9434
    """
    with np.errstate(divide="ignore"):
        fading = -np.log1p(-checked("alpha", alpha, at_least=0, at_most=1))
        return np.divide(np.log(2), np.abs(fading))[()]


def performance_for_surprise(surprise: float, initial: float, alpha: float, visits: int) -> Array:
    """List the performance that surprises by the same amount at every visit (M5.3).

    A teaching assumption, as `expectation_path`: it must rise by alpha x surprise a visit.

    Parameters
    ----------
    surprise : float
        Performance minus expectation at each visit.
    initial : float
        Expectation before the first visit.
    alpha : float in [0, 1]
        Share of the surprise that each visit adds to the expectation.
    visits : int, zero or more

    Returns
    -------
    ndarray, shape (visits,)

    Raises
    ------
    ValueError
        If a number is impossible.

    Examples
    --------
    >>> performance_for_surprise(surprise=5, initial=75, alpha=0.3, visits=3).tolist()
    [80.0, 81.5, 83.0]
    """
    checked("visits", visits, at_least=0, whole=True)
    step = float(checked("alpha", alpha, at_least=0, at_most=1)) * surprise
    return initial + surprise + step * np.arange(visits, dtype=float)


def visits_to_ceiling(performance: float, ceiling: float, surprise: float, alpha: float) -> float:
    """Visits until constant surprise asks for more than the firm can do (M5.3).

    A teaching assumption, as `performance_for_surprise`.

    Parameters
    ----------
    performance : float
        Performance now.
    ceiling : float
        The best that the firm can do.
    surprise : float
        Performance minus expectation at each visit.
    alpha : float in [0, 1]
        Share of the surprise that each visit adds to the expectation.

    Returns
    -------
    float
        (ceiling - performance) / (alpha x surprise); 0 if the ceiling is reached already, infinite
        if performance need not rise.

    Raises
    ------
    ValueError
        If alpha is not between 0 and 1.

    Examples
    --------
    >>> round(visits_to_ceiling(performance=80, ceiling=100, surprise=5, alpha=0.3), 2)
    13.33
    """
    step = float(checked("alpha", alpha, at_least=0, at_most=1)) * surprise
    if performance >= ceiling:
        return 0.0
    return (ceiling - performance) / step if step > 0 else float("inf")


def bayes_update(
    prior_mean: float, prior_sd: float, observations: ArrayLike, sd: float
) -> Posterior:
    """Belief of a Bayesian customer after some visits, all at once (M5.3).

    Normal prior, normal observations of known spread: precisions (1 / variance) add.

    Parameters
    ----------
    prior_mean : float
        Expectation before the first visit.
    prior_sd : float, zero or more, may be infinite
        How unsure the customer is of it; infinite for no prior idea.
    observations : array_like, shape (n,)
        Performance at each visit; none leaves the prior.
    sd : float, more than 0
        Standard deviation of performance from visit to visit.

    Returns
    -------
    Posterior

    Raises
    ------
    ValueError
        If a number is impossible.

    References
    ----------
    Gelman, Carlin, Stern, Dunson, Vehtari and Rubin (2013), chapter 2.

    Examples
    --------
    >>> mean, sd, weight = bayes_update(60, 10, [70, 78, 66, 74], 15)
    >>> print(round(mean, 2), round(sd, 2), round(weight, 2))
    67.68 6.0 0.64
    """
    _check_spreads(prior_sd, sd)
    performed = checked("observations", observations)
    if not performed.size:
        return Posterior(float(prior_mean), float(prior_sd), 0.0)
    noise = sd**2 / performed.size
    weight = _weight(prior_sd**2, noise)
    mean = prior_mean + weight * (float(performed.mean()) - prior_mean)
    return Posterior(mean, (weight * noise) ** 0.5, weight)


def bayes_path(
    prior_mean: float,
    prior_sd: float,
    observations: ArrayLike,
    sd: float,
    drift_sd: float = 0.0,
) -> pd.DataFrame:
    """Belief of a Bayesian customer after each visit (M5.3): a Kalman filter.

    Parameters
    ----------
    prior_mean, prior_sd, observations, sd
        As in `bayes_update`.
    drift_sd : float, zero or more
        How far the true level moves between two visits (standard deviation). With drift the gain
        settles at `steady_gain`, and Bayesian learning becomes exponential smoothing.

    Returns
    -------
    DataFrame
        One row per visit: visit (from 1), observation, gain (share of the surprise that the
        customer takes over), mean and sd of the belief after the visit.

    Raises
    ------
    ValueError
        If a number is impossible.

    References
    ----------
    Kalman (1960).

    Examples
    --------
    >>> bayes_path(60, 10, [70, 78, 66, 74], 15)["gain"].round(4).tolist()
    [0.3077, 0.2353, 0.1905, 0.16]
    """
    _check_spreads(prior_sd, sd)
    checked("drift_sd", drift_sd, at_least=0)
    mean, variance, noise = float(prior_mean), float(prior_sd) ** 2, float(sd) ** 2
    rows = []
    for visit, observed in enumerate(checked("observations", observations).tolist(), start=1):
        gain = _weight(variance, noise)
        mean += gain * (observed - mean)
        believed = gain * noise
        rows.append((visit, observed, gain, mean, believed**0.5))
        variance = believed + drift_sd**2
    return pd.DataFrame(rows, columns=["visit", "observation", "gain", "mean", "sd"])


def steady_gain(drift_ratio: ArrayLike) -> Array:
    """Gain at which Bayesian learning settles while the true level drifts (M5.3).

    (-s + sqrt(s^2 + 4 s)) / 2. Smoothing with this alpha is Bayesian learning in a changing world.

    Parameters
    ----------
    drift_ratio : array_like, zero or more
        s, the variance of the drift per visit divided by the variance of a single observation.

    Returns
    -------
    ndarray in [0, 1)
        0 without drift: then every visit counts less than the one before.

    Raises
    ------
    ValueError
        If the ratio is negative.

    References
    ----------
    Muth (1960); Kalman (1960).

    Examples
    --------
    >>> float(steady_gain(0.1).round(5))
    0.27016
    """
    with np.errstate(divide="ignore"):
        # The same as the formula above, without a difference of large numbers.
        spread = 4 / checked("drift_ratio", drift_ratio, at_least=0)
    return (2 / (1 + np.sqrt(1 + spread)))[()]


def _weight(prior: float, noise: float) -> float:
    """Weight of data against a prior, from their two variances: prior / (prior + noise)."""
    # This form also fits an infinite prior variance.
    return 1 / (1 + noise / prior) if prior else 0.0


def _check_spreads(prior_sd: float, sd: float) -> None:
    checked("prior_sd", prior_sd, at_least=0, infinite=True)
    checked("sd", sd, above=0)
