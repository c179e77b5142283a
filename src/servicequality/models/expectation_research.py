"""Finding out what customers expect: bias and error of four methods (M5.6, M5.8).

For teachers. Expectation and performance are normal, and a customer complains as soon as the
shortfall passes a threshold: then the selection bias is algebra. That everybody has one threshold,
that the answering tilts in an exponential way, and what each method costs, are teaching
assumptions. In reality most of the disappointed say nothing (see chapter 7), complaints name
topics and causes that no rating tells, and interviews find questions that nobody thought of: the
methods complete each other, and error is not the only measure of their worth.
"""

from collections.abc import Mapping
from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr, ndtr, ndtri, stdtrit

from servicequality.models._checks import checked
from servicequality.models.average_trap import gap_sd

Array = NDArray[np.float64]

COSTS: dict[str, float] = {"interview": 150, "survey": 15, "complaints": 2, "manager": 100}
"""Credits for one interview, one returned questionnaire, one complaint read and coded, and one
guess of a manager. A teaching assumption."""


class Complainers(NamedTuple):
    """Those who complain; every part has the shape of the broadcast inputs.

    Attributes
    ----------
    share : ndarray in [0, 1]
        Share of customers who complain.
    mean_e, mean_p : ndarray
        Their mean expectation and mean perceived performance.
    sd_e : ndarray
        Standard deviation of their expectations.
    """

    share: Array
    mean_e: Array
    mean_p: Array
    sd_e: Array


class GapInterval(NamedTuple):
    """A mean gap with its interval; n people gave both answers."""

    gap: float
    lower: float
    upper: float
    n: int


def complainers(
    threshold: ArrayLike = 1.5,
    mean_e: ArrayLike = 6,
    mean_p: ArrayLike = 6,
    sd_e: ArrayLike = 1,
    sd_p: ArrayLike = 1,
    rho: ArrayLike = 0,
) -> Complainers:
    """Describe those whose expectation exceeds performance by more than a threshold (M5.6).

    Expectation and performance are normal; all arguments broadcast.

    Parameters
    ----------
    threshold : array_like
        Shortfall beyond which a customer complains, in points of the scale.
    mean_e, mean_p : array_like
        Mean expectation and mean performance of all customers.
    sd_e, sd_p : array_like, zero or more
        Their standard deviations, not both zero.
    rho : array_like in [-1, 1]
        Their correlation.

    Returns
    -------
    Complainers

    Raises
    ------
    ValueError
        If a number is impossible, or if performance minus expectation does not vary.

    References
    ----------
    Heckman (1979) for the selection; Mills (1926) for the ratio.

    Examples
    --------
    >>> found = complainers()
    >>> print(found.share.round(4), found.mean_e.round(4), found.mean_p.round(4))
    0.1444 7.1129 4.8871
    """
    spread = checked("spread of the gap", gap_sd(sd_p, sd_e, rho), above=0)
    e, p, t = checked("mean_e", mean_e), checked("mean_p", mean_p), checked("threshold", threshold)
    s_e, s_p, r = (np.asarray(value, dtype=float) for value in (sd_e, sd_p, rho))
    z = (t - (e - p)) / spread
    # The ratio density / tail probability, which stays exact where both are tiny.
    mills = np.exp(-(z**2) / 2 - np.log(2 * np.pi) / 2 - log_ndtr(-z))
    of_e = s_e * (s_e - r * s_p) / spread
    of_p = s_p * (r * s_e - s_p) / spread
    variance_e = s_e**2 - of_e**2 * mills * (mills - z)
    parts = (ndtr(-z), e + of_e * mills, p + of_p * mills, np.sqrt(np.maximum(variance_e, 0)))
    share, his_e, his_p, his_sd = (np.asarray(part) for part in np.broadcast_arrays(*parts))
    return Complainers(share[()], his_e[()], his_p[()], his_sd[()])


def margin_of_error(sd: ArrayLike, n: ArrayLike, level: float = 0.95) -> Array:
    """Half the width of the interval of a mean, for a known standard deviation (M5.6).

    Parameters
    ----------
    sd : array_like, zero or more
        Standard deviation of single answers.
    n : array_like of int, 1 or more
        Answers, drawn at random.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    ndarray
        It says nothing about bias. If sd comes from the same few answers the true margin is wider:
        see `gap_interval`.

    Raises
    ------
    ValueError
        If a number is impossible.

    Examples
    --------
    >>> margin_of_error(1.4, [12, 300]).round(3).tolist()
    [0.792, 0.158]
    """
    checked("level", level, above=0, below=1)
    size = checked("n", n, at_least=1, whole=True)
    return (ndtri((1 + level) / 2) * checked("sd", sd, at_least=0) / np.sqrt(size))[()]


def compare_methods(
    answers: Mapping[str, int] | None = None,
    threshold: float = 1.5,
    manager_bias: float = -0.5,
    manager_sd: float = 0.3,
    tilt: float = 0.0,
    mean_e: float = 6,
    mean_p: float = 6,
    sd_e: float = 1,
    sd_p: float = 1,
    costs: Mapping[str, float] = COSTS,
) -> pd.DataFrame:
    """Bias, error and cost of four estimates of the mean expectation (D5.5).

    Teaching assumptions: interviews reach a random sample; people answer a survey with odds that
    grow as exp(tilt x expectation), which moves the mean of a normal distribution by tilt x
    variance; complaints come from `complainers`, and a reader takes them for typical; a manager
    guesses once.

    Parameters
    ----------
    answers : mapping, optional
        Number of answers: interview, survey, complaints, each 1 or more. Default: 12, 300, 2000.
    threshold : float
        Shortfall beyond which a customer complains.
    manager_bias, manager_sd : float
        Mean error of managers' guesses, and their standard deviation (zero or more).
    tilt : float
        Non-response: above 0 the demanding answer more often.
    mean_e, mean_p, sd_e, sd_p : float
        The truth: means and standard deviations (above 0) of expectation and performance.
    costs : mapping
        Credits for one answer by each method.

    Returns
    -------
    DataFrame
        One row per method (interview, survey, complaints, manager): n, estimate (its mean), bias,
        sd (of the estimate, from sample to sample), rmse, cost.

    Raises
    ------
    ValueError
        If a number is impossible or a method is unknown.

    Examples
    --------
    >>> compare_methods()["rmse"].round(2).to_dict()
    {'interview': 0.29, 'survey': 0.06, 'complaints': 1.11, 'manager': 0.58}
    """
    n = {"interview": 12, "survey": 300, "complaints": 2000, "manager": 1} | dict(answers or {})
    if set(n) != set(COSTS) or set(costs) != set(COSTS):
        raise ValueError(
            _("answers and costs must name the methods {methods}.").format(methods=", ".join(COSTS))
        )
    checked("answers", list(n.values()), at_least=1, whole=True)
    checked("manager_sd", manager_sd, at_least=0)
    loud = complainers(threshold, mean_e, mean_p, sd_e, sd_p)
    bias = np.array([0, tilt * sd_e**2, loud.mean_e - mean_e, manager_bias], dtype=float)
    single_sd = np.array([sd_e, sd_e, loud.sd_e, manager_sd], dtype=float)
    size = np.array([n[method] for method in COSTS])
    sd = single_sd / np.sqrt(size)
    return pd.DataFrame(
        {
            "n": size,
            "estimate": mean_e + bias,
            "bias": bias,
            "sd": sd,
            "rmse": np.hypot(bias, sd),
            "cost": size * [costs[method] for method in COSTS],
        },
        index=pd.Index(COSTS, name="method"),
    )


def gap_interval(
    expected: ArrayLike, actual: ArrayLike, direction: int = 1, level: float = 0.95
) -> GapInterval:
    """Gap between actual and expected service with its t interval (M5.8).

    One metric at a time; `gaps.gap_table` puts several in order of priority.

    Parameters
    ----------
    expected : array_like, shape (n,)
        What each respondent expects.
    actual : float or array_like, shape (n,)
        What the firm is known to do, or what the same respondents perceive. Whoever lacks an
        answer is left out.
    direction : {1, -1}
        -1 where lower is better, so that a negative gap is always a shortfall.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    GapInterval
        The interval is NaN for a single respondent.

    Raises
    ------
    ValueError
        If direction or level is impossible, if the lengths differ, or if no pair is complete.

    References
    ----------
    Student (1908).

    Examples
    --------
    >>> gap, lower, upper, n = gap_interval([4, 5, 6, 5], actual=10, direction=-1)
    >>> print(round(gap, 2), round(lower, 2), round(upper, 2), n)
    -5.0 -6.3 -3.7 4
    """
    if direction not in (1, -1):
        raise ValueError(_("direction must be 1 or -1; it is {value}.").format(value=direction))
    checked("level", level, above=0, below=1)
    wanted = checked("expected", expected, missing=True)
    got = checked("actual", actual, missing=True)
    if got.ndim and got.shape != wanted.shape:
        raise ValueError(
            _("expected has {n} rows but actual has {m}.").format(n=wanted.size, m=got.size)
        )
    gaps = direction * (got - wanted)
    gaps = gaps[~np.isnan(gaps)]
    if not gaps.size:
        raise ValueError(_("No respondent has both an expected and an actual level."))
    gap, n = float(gaps.mean()), int(gaps.size)
    if n == 1:
        return GapInterval(gap, np.nan, np.nan, n)
    margin = float(stdtrit(n - 1, (1 + level) / 2) * gaps.std(ddof=1) / np.sqrt(n))
    return GapInterval(gap, gap - margin, gap + margin, n)
