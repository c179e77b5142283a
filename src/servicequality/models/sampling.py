"""How many customers to ask, and why a large sample does not cure bias (M6.5).

For teachers. The formulas assume a simple random sample. Lists of customers are rarely complete,
and those who answer differ from those who do not. The nonresponse model is a teaching assumption:
everyone who is asked answers with the same probability, and the two groups differ by one fixed
`tilt`. In reality the tilt is unknown, which is why it is a slider and not an estimate.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtri, ndtri

from servicequality.models._checks import checked

Array = NDArray[np.float64]

MOST_SURVEYS = 20_000
"""Most surveys in one simulation."""


class SampleSize(NamedTuple):
    """A plan for a survey; every part has the shape of the broadcast inputs.

    Attributes
    ----------
    infinite : ndarray
        Answers needed from an endless population, not rounded.
    finite : ndarray
        Answers needed from this population, not rounded.
    n : ndarray
        Answers needed, rounded up.
    invitations : ndarray
        People to invite, never more than there are.
    reachable : ndarray of bool
        Whether so many invitations bring n answers.
    """

    infinite: Array
    finite: Array
    n: Array
    invitations: Array
    reachable: NDArray[np.bool_]


class Nonresponse(NamedTuple):
    """What silence does to a mean: truth, bias (observed minus truth)."""

    truth: Array
    bias: Array


def z_value(level: ArrayLike) -> Array:
    """Two-sided normal quantile of a confidence level; 1.96 for .95.

    Parameters
    ----------
    level : array_like in (0, 1)
        Confidence level.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If a level is out of range.

    Examples
    --------
    >>> z_value([0.90, 0.95, 0.99]).round(3).tolist()
    [1.645, 1.96, 2.576]
    """
    return ndtri((1 + checked("level", level, above=0, below=1)) / 2)


def sample_size_mean(
    sd: ArrayLike,
    margin: ArrayLike,
    z: ArrayLike = 1.96,
    population: ArrayLike = np.inf,
    response: ArrayLike = 1.0,
) -> SampleSize:
    """Answers needed to know a mean within a margin, (z sd / margin)^2 (M6.5).

    Parameters
    ----------
    sd : array_like, above zero
        Standard deviation of the answers.
    margin : array_like, above zero
        Half width of the confidence interval, in the same points.
    z : array_like, above zero
        From `z_value`.
    population : array_like, at least 1
        People in the population; inf for an endless one.
    response : array_like in (0, 1]
        Share of the invited who answer. All arguments broadcast.

    Returns
    -------
    SampleSize

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    Cochran (1977).

    Examples
    --------
    A town of two thousand, and a city of a million:

    >>> sample_size_mean(1.4, 0.15, population=[2_000, 1_000_000]).n.tolist()
    [287.0, 335.0]
    """
    s = checked("sd", sd, above=0)
    d = checked("margin", margin, above=0)
    return _plan((checked("z", z, above=0) * s / d) ** 2, population, response)


def sample_size_proportion(
    margin: ArrayLike,
    share: ArrayLike = 0.5,
    z: ArrayLike = 1.96,
    population: ArrayLike = np.inf,
    response: ArrayLike = 1.0,
) -> SampleSize:
    """Answers needed to know a share within a margin, z^2 p (1 - p) / margin^2 (M6.5).

    Parameters
    ----------
    margin : array_like in (0, 1)
        Half width of the confidence interval, as a share: .05 for 5 percentage points.
    share : array_like in (0, 1)
        Expected share; .5 is the cautious choice.
    z, population, response
        As in `sample_size_mean`. All arguments broadcast.

    Returns
    -------
    SampleSize

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    Cochran (1977).

    Examples
    --------
    >>> plan = sample_size_proportion(0.05, population=1500, response=0.25)
    >>> print(plan.n, plan.invitations)
    306.0 1224.0
    """
    p = checked("share", share, above=0, below=1)
    d = checked("margin", margin, above=0, below=1)
    return _plan(checked("z", z, above=0) ** 2 * p * (1 - p) / d**2, population, response)


def standard_error(sd: ArrayLike, n: ArrayLike, population: ArrayLike = np.inf) -> Array:
    """Compute the standard error of a mean, smaller if much of the population is asked (M6.5).

    Parameters
    ----------
    sd : array_like, zero or more
        Standard deviation of the answers.
    n : array_like, at least 1
        Answers, not more than `population`.
    population : array_like, at least 1
        People in the population; inf for an endless one. All arguments broadcast.

    Returns
    -------
    ndarray
        sd / sqrt(n) x sqrt((N - n) / (N - 1)); zero if everyone answered.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    Cochran (1977).

    Examples
    --------
    >>> standard_error(1.4, 335, population=[2_000, float("inf")]).round(4).tolist()
    [0.0698, 0.0765]
    """
    s = checked("sd", sd, at_least=0)
    size = checked("n", n, at_least=1)
    people = checked("population", population, at_least=1, infinite=True)
    checked("population minus n", people - size, at_least=0, infinite=True)
    # Written with 1 / N, which has a limit; nothing is divided by zero if N = n = 1.
    left = (1 - size / people) / np.maximum(1 - 1 / people, np.finfo(float).tiny)
    return s / np.sqrt(size) * np.sqrt(left)


def nonresponse(
    answering_mean: ArrayLike, silent_mean: ArrayLike, response: ArrayLike
) -> Nonresponse:
    """Truth and bias if the silent would have answered differently (M6.5).

    Parameters
    ----------
    answering_mean, silent_mean : array_like
        Mean of those who answer, and mean that the others would give.
    response : array_like in [0, 1]
        Share who answer. All arguments broadcast.

    Returns
    -------
    Nonresponse
        No number of answers changes it.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> print(round(float(nonresponse(4.2, 3.6, 0.25).truth), 4))
    3.75
    """
    answering = checked("answering_mean", answering_mean)
    silent = checked("silent_mean", silent_mean)
    share = checked("response", response, at_least=0, at_most=1)
    truth = share * answering + (1 - share) * silent
    return Nonresponse(truth, answering - truth)


def survey_rmse(
    sd: ArrayLike,
    n: ArrayLike,
    tilt: ArrayLike = 0.0,
    response: ArrayLike = 1.0,
    population: ArrayLike = np.inf,
) -> Array:
    """Typical error of a survey's mean: chance and bias together (D6.3).

    Parameters
    ----------
    tilt : array_like
        Mean of those who answer minus mean of those who do not, in scale points.
    response : array_like in [0, 1]
        Share who answer.
    sd, n, population
        As in `standard_error`; n counts answers, not invitations. All arguments broadcast.

    Returns
    -------
    ndarray
        sqrt(standard error^2 + bias^2) with bias = tilt (1 - response); it cannot fall below the
        bias.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> survey_rmse(1.4, 335, tilt=0.3, response=[0.25, 0.60]).round(3).tolist()
    [0.238, 0.142]
    """
    bias = nonresponse(tilt, 0.0, response).bias
    return np.hypot(standard_error(sd, n, population), bias)


def simulate_surveys(
    n: int,
    sd: float = 1.4,
    truth: float = 4.0,
    tilt: float = 0.0,
    response: float = 1.0,
    population: float = np.inf,
    surveys: int = 100,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Repeat a survey of one population many times (D6.3).

    A teaching assumption: answers are normally distributed and not cut at the ends of the scale.
    Mean and standard deviation of each survey are drawn directly from their exact distributions,
    so a survey of a thousand costs no more than one of ten.

    Parameters
    ----------
    n : int, at least 2
        Answers in each survey, not more than `population`.
    sd : float, above zero
        Standard deviation of the answers.
    truth : float
        Mean of the whole population, those who stay silent included.
    tilt, response, population
        As in `survey_rmse`.
    surveys : int, 1 to 20,000
        How many surveys.
    level : float in (0, 1)
        Confidence level of the intervals.
    seed : int
        Seed of the random generator.

    Returns
    -------
    DataFrame
        One row per survey: mean; lower and upper (z interval, with the correction for a finite
        population); covers, whether the interval contains the truth.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> surveys = simulate_surveys(335)
    >>> print(len(surveys), round(float(surveys["covers"].mean()), 2))
    100 0.97
    """
    checked("surveys", surveys, at_least=1, at_most=MOST_SURVEYS, whole=True)
    checked("n", n, at_least=2, whole=True)
    spread = standard_error(checked("sd", sd, above=0), n, population)
    bias = nonresponse(tilt, 0.0, response).bias
    rng = np.random.default_rng(seed)
    mean = checked("truth", truth) + bias + spread * rng.standard_normal(surveys)
    # Quantiles of uniform draws, not rng.chisquare: the same seed then moves smoothly with n.
    estimated = spread * np.sqrt(chdtri(n - 1, rng.uniform(size=surveys)) / (n - 1))
    half = z_value(level) * estimated
    return pd.DataFrame(
        {
            "mean": mean,
            "lower": mean - half,
            "upper": mean + half,
            "covers": np.abs(mean - truth) <= half,
        }
    )


def _plan(infinite: Array, population: ArrayLike, response: ArrayLike) -> SampleSize:
    people = checked("population", population, at_least=1, infinite=True)
    share = checked("response", response, above=0, at_most=1)
    finite = infinite / (1 + (infinite - 1) / people)
    n = _round_up(finite)
    wanted = _round_up(n / share)
    parts = (infinite, finite, n, np.minimum(wanted, people), wanted <= people)
    return SampleSize(*(part[()] for part in np.broadcast_arrays(*parts)))


def _round_up(number: Array) -> Array:
    # 400.00000000000006 people are 400.
    return np.ceil(np.round(number, 9))
