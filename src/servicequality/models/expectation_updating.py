"""How experience moves expectations: smoothing and Bayesian learning (M5.3).

For teachers. One number stands for all that a customer expects, and each visit pulls it by a fixed
share of the surprise. That people learn in this way is a teaching assumption; the consequences
(half-life, the price of constant delight, the match with Bayesian learning) are algebra. In
reality people forget, remember peaks and ends, learn from others' visits, and change provider
after a bad one instead of lowering the bar.
"""

from gettext import gettext as _
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


class Customers(NamedTuple):
    """Customers who differ: what each expects at first, gets at each visit, and how each learns.

    Attributes
    ----------
    initial : ndarray, shape (customers,)
        Expectation before the first visit.
    performance : ndarray, shape (customers, visits)
        What each gets at each visit.
    alpha_up, alpha_down : ndarray in [0, 1], shape (customers,)
        Shares of a good and of a bad surprise that a visit adds to the expectation.
    """

    initial: Array
    performance: Array
    alpha_up: Array
    alpha_down: Array


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


def draw_customers(
    customers: int,
    initial: float,
    performance: ArrayLike,
    alpha_up: float,
    alpha_down: float | None = None,
    *,
    initial_sd: float = 0.0,
    performance_sd: float = 0.0,
    alpha_spread: float = 0.0,
    seed: int,
) -> Customers:
    """Draw customers around an average one, for `expectation_path` (M5.3, D5.2).

    A teaching assumption: first expectations and luck are normal and independent. Customers come
    in pairs of the same alpha, with opposite first expectations and opposite luck, so that the
    means are those asked for: if all have one and the same alpha, their mean expectation is
    exactly the expectation of the average customer, however few they are.

    Parameters
    ----------
    customers : int
        An even number, 2 or more.
    initial : float
        Their mean expectation before the first visit.
    performance : array_like, shape (visits,)
        Mean performance at each visit.
    alpha_up, alpha_down : float in [0, 1]
        Middle alphas, as in `expectation_path`.
    initial_sd, performance_sd : float, zero or more
        Standard deviations of first expectations, and of what a customer gets at a visit.
    alpha_spread : float in [0, 1]
        How far alphas spread evenly to both sides: 0 not at all, 1 as far as 0 or 1 is reached.
    seed : int
        Seed of the random numbers. The same seed gives the same luck to other means and spreads.

    Returns
    -------
    Customers

    Raises
    ------
    ValueError
        If a number is impossible.

    Examples
    --------
    >>> crowd = draw_customers(20, 70, [90, 90], 0.3, initial_sd=8, performance_sd=4, seed=5)
    >>> path = expectation_path(*crowd)
    >>> path.shape, path.mean(axis=0).round(2).tolist()
    ((20, 3), [70.0, 76.0, 80.2])
    """
    checked("customers", customers, at_least=2)
    if customers % 2:
        raise ValueError(
            _("customers must be an even number, since they are drawn in pairs; it is {n}.").format(
                n=customers
            )
        )
    checked("initial_sd", initial_sd, at_least=0)
    checked("performance_sd", performance_sd, at_least=0)
    checked("alpha_spread", alpha_spread, at_least=0, at_most=1)
    up = float(checked("alpha_up", alpha_up, at_least=0, at_most=1))
    down = (
        up
        if alpha_down is None
        else float(checked("alpha_down", alpha_down, at_least=0, at_most=1))
    )
    performed = np.atleast_1d(checked("performance", performance))
    rng = np.random.default_rng(seed)
    pairs = customers // 2
    quickness = alpha_spread * np.repeat(rng.uniform(-1, 1, pairs), 2)
    start, luck = (
        np.stack([draw, -draw], axis=1).reshape(customers, -1)
        for draw in (rng.standard_normal((pairs, 1)), rng.standard_normal((pairs, performed.size)))
    )
    return Customers(
        float(checked("initial", initial)) + initial_sd * start[:, 0],
        performed + performance_sd * luck,
        up + quickness * min(up, 1 - up),
        down + quickness * min(down, 1 - down),
    )


def visits_of_customers(path: ArrayLike, performance: ArrayLike) -> pd.DataFrame:
    """List what each of several customers lives through (M5.3, D5.2).

    Parameters
    ----------
    path : array_like, shape (customers, visits + 1)
        Expectations of each before the first visit and after each, as from `expectation_path`.
    performance : array_like, shape (customers, visits)
        What each gets.

    Returns
    -------
    DataFrame
        One row per customer and visit: customer (from 1) and the columns of `visits`.

    Examples
    --------
    >>> path = expectation_path([60, 70], [80, 80], alpha_up=0.3)
    >>> table = visits_of_customers(path, [[80, 80], [80, 80]])
    >>> table.loc[table["customer"] == 2, "surprise"].tolist()
    [10.0, 7.0]
    """
    expected, performed = checked("path", path), checked("performance", performance)
    customers, count = performed.shape
    surprise = performed - expected[:, :-1]
    return pd.DataFrame(
        {
            "customer": np.repeat(np.arange(1, customers + 1), count),
            "visit": np.tile(np.arange(1, count + 1), customers),
            "expected": expected[:, :-1].ravel(),
            "performance": performed.ravel(),
            "surprise": surprise.ravel(),
            "total_surprise": surprise.cumsum(axis=1).ravel(),
            "expected_after": expected[:, 1:].ravel(),
        }
    )


def summarise_visits(table: pd.DataFrame) -> pd.DataFrame:
    """Summarise what several customers live through, visit by visit: mean and spread.

    Parameters
    ----------
    table : DataFrame
        From `visits_of_customers`.

    Returns
    -------
    DataFrame
        One row per visit: visit; means of expected, performance, surprise, total_surprise and
        expected_after; lower and upper, between which the middle 80 % of expectations before the
        visit lie; disappointed, how many customers get less than they expect.

    Examples
    --------
    >>> path = expectation_path([60, 70], [80, 66], alpha_up=0.5)
    >>> table = visits_of_customers(path, [[80, 66], [80, 66]])
    >>> summarise_visits(table)[["expected", "surprise", "disappointed"]].to_numpy().tolist()
    [[65.0, 15.0, 0.0], [72.5, -6.5, 2.0]]
    """
    by_visit = table.groupby("visit")
    means = by_visit[
        ["expected", "performance", "surprise", "total_surprise", "expected_after"]
    ].mean()
    return means.assign(
        lower=by_visit["expected"].quantile(0.1),
        upper=by_visit["expected"].quantile(0.9),
        disappointed=(table["surprise"] < 0).groupby(table["visit"]).sum(),
    ).reset_index()


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
        fading = np.abs(np.log1p(-checked("alpha", alpha, at_least=0, at_most=1)))
        return np.divide(np.log(2), fading)[()]


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
