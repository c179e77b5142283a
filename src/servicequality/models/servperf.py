"""SERVQUAL against SERVPERF: which ruler predicts the overall verdict? (D2.2, R2.5)."""

from collections.abc import Mapping, Sequence
from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicequality.models import servqual
from servicequality.models._checks import checked

RULERS = ("performance", "gap", "zone")
"""Perceptions alone (SERVPERF), perception minus expectation (SERVQUAL), and perception minus
the adequate level (measure of service adequacy)."""

_MEAN_PERCEPTION = {
    "tangibles": 5.1,
    "reliability": 4.5,
    "responsiveness": 4.7,
    "assurance": 5.0,
    "empathy": 4.7,
}
_MEAN_EXPECTATION = {
    "tangibles": 4.9,
    "reliability": 5.8,
    "responsiveness": 5.5,
    "assurance": 5.5,
    "empathy": 5.3,
}
MOST_CUSTOMERS = 50_000
"""Most customers in one simulation."""

MOST_DRAWN = 20_000_000
"""Most customers in all bootstrap samples of one comparison together."""

_SD = 0.6
_SPECIFIC_SD = 0.5
_MEAN_VERDICT = 5.5


class Ratings(NamedTuple):
    """What each customer said.

    Attributes
    ----------
    perceptions, expectations : DataFrame, customers x dimensions
        Dimension scores, usually 1-7.
    verdict : Series
        Overall rating.
    """

    perceptions: pd.DataFrame
    expectations: pd.DataFrame
    verdict: pd.Series


def simulate(
    n: int = 480,
    rho: float = 0.3,
    noise: float = 0.8,
    beta_p: float = 1.0,
    beta_e: float = 0.0,
    seed: int = 0,
) -> Ratings:
    """Draw customers of a firm whose true rule is known (D2.2).

    Teaching assumptions: a customer's average perception and average expectation are normal
    with correlation `rho` and equal spread. The verdict is a straight line in both plus noise.
    Single dimensions scatter around the customer's average. Scores are not rounded and not cut
    at the ends of the scale, so that the straight line holds throughout.

    Parameters
    ----------
    n : int, 2 to `MOST_CUSTOMERS`
        Customers.
    rho : float in [-1, 1]
        Correlation of average perceptions and expectations.
    noise : float, zero or more
        Standard deviation of the part of the verdict that neither explains, in verdict points.
    beta_p, beta_e : float
        Verdict points for one standard deviation more perception, or expectation.
    seed : int
        Seed of the random generator.

    Returns
    -------
    Ratings

    Raises
    ------
    ValueError
        If `n`, `rho` or `noise` is out of range.

    Examples
    --------
    >>> customers = simulate()
    >>> customers.perceptions.shape, round(float(customers.verdict.mean()), 2)
    ((480, 5), 5.51)
    """
    checked("n", n, at_least=2, at_most=MOST_CUSTOMERS, whole=True)
    checked("rho", rho, at_least=-1, at_most=1)
    checked("noise", noise, at_least=0)
    rng = np.random.default_rng(seed)
    perceived, other = rng.standard_normal((2, n))
    expected = rho * perceived + np.sqrt(1 - rho**2) * other
    verdict = _MEAN_VERDICT + beta_p * perceived + beta_e * expected
    verdict += noise * rng.standard_normal(n)

    def dimensions(means: Mapping[str, float], average: NDArray[np.float64]) -> pd.DataFrame:
        specific = _SPECIFIC_SD * rng.standard_normal((n, len(means)))
        # Centred, so that a customer's mean over the dimensions is exactly the average.
        specific -= specific.mean(axis=1, keepdims=True)
        scores = np.array(list(means.values())) + _SD * average[:, None] + specific
        return pd.DataFrame(scores, columns=list(means))

    return Ratings(
        dimensions(_MEAN_PERCEPTION, perceived),
        dimensions(_MEAN_EXPECTATION, expected),
        pd.Series(verdict, name="verdict"),
    )


def rule_r_squared(
    rho: float = 0.3,
    noise: float = 0.8,
    beta_p: float = 1.0,
    beta_e: float = 0.0,
    share: float = 0.5,
) -> pd.Series:
    """R squared of each ruler under a rule of `simulate`, if everybody were asked.

    Parameters
    ----------
    rho, noise, beta_p, beta_e
        As in `simulate`.
    share : float
        As in `adequate_level`.

    Returns
    -------
    Series
        One number per ruler of `RULERS`; NaN if the verdict or the ruler does not vary.

    Raises
    ------
    ValueError
        If `rho` or `noise` is out of range.

    Examples
    --------
    >>> rule_r_squared(rho=0.3).round(3).to_dict()
    {'performance': 0.61, 'gap': 0.213, 'zone': 0.464}
    """
    checked("rho", rho, at_least=-1, at_most=1)
    checked("noise", noise, at_least=0)
    # A ruler is perception minus some part of expectation; both are standard normal here.
    part = np.array([0.0, 1.0, share])
    shared = beta_p + rho * beta_e - part * (rho * beta_p + beta_e)
    ruler = 1 + part**2 - 2 * rho * part
    verdict = beta_p**2 + beta_e**2 + 2 * rho * beta_p * beta_e + noise**2
    both = ruler * verdict
    r2 = np.divide(shared**2, both, out=np.full(3, np.nan), where=both > 1e-12)
    return pd.Series(r2, RULERS)


def from_survey(
    answers: pd.DataFrame,
    verdict: str,
    dimensions: Mapping[str, Sequence[str]] = servqual.DIMENSIONS,
    prefixes: tuple[str, str] = ("E_", "P_"),
    min_share: float = 0.5,
    scale: tuple[float, float] = (1, 7),
) -> Ratings:
    """Take the ratings from a survey; customers with a missing score are left out.

    Parameters
    ----------
    answers : DataFrame
        One row per respondent.
    verdict : str
        Column with the overall rating.
    dimensions, prefixes, min_share, scale
        As in `servqual.score_survey`.

    Returns
    -------
    Ratings

    Raises
    ------
    ValueError
        If a column is missing, an answer is off the scale, or nobody has all scores.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"E_a": [6, 7], "P_a": [5, None], "overall": [8, 9]})
    >>> from_survey(answers, "overall", {"speed": ["a"]}).verdict.tolist()
    [8]
    """
    if verdict not in answers:
        raise ValueError(_("The survey has no column {column}.").format(column=verdict))
    items = [item for codes in dimensions.values() for item in codes]
    expected, perceived = (
        servqual.dimension_scores(
            servqual.answers_of(answers, items, prefix, scale), dimensions, min_share
        )
        for prefix in prefixes
    )
    complete = pd.concat([expected, perceived, answers[verdict]], axis=1).notna().all(axis=1)
    if not complete.any():
        raise ValueError(_("No respondent has a score on every dimension and a verdict."))
    return Ratings(perceived[complete], expected[complete], answers.loc[complete, verdict])


def adequate_level(
    expectations: pd.DataFrame, distance: float = 1.2, share: float = 0.5
) -> pd.DataFrame:
    """Adequate service where a survey asked only for expectations.

    Teaching assumption: the average customer accepts service `distance` below the expected
    level, and someone who expects one point more than others accepts only `share` of a point
    more. The expected level serves as desired service.

    Parameters
    ----------
    expectations : DataFrame, customers x dimensions
        Expected levels.
    distance : float, zero or more
        Mean expected minus mean adequate level, in scale points.
    share : float in [0, 1]
        With 0 all customers have one adequate level and the zone ruler predicts as performance
        does; with 1 it predicts as the gap does.

    Returns
    -------
    DataFrame, same shape

    Raises
    ------
    ValueError
        If `distance` or `share` is out of range.

    Examples
    --------
    >>> import pandas as pd
    >>> adequate_level(pd.DataFrame({"speed": [5.0, 7.0]}))["speed"].tolist()
    [4.3, 5.3]
    """
    checked("distance", distance, at_least=0)
    checked("share", share, at_least=0, at_most=1)
    mean = expectations.mean()
    return mean - distance + share * (expectations - mean)


def ruler_scores(ratings: Ratings) -> dict[str, pd.DataFrame]:
    """Measure each customer and dimension with each ruler.

    Parameters
    ----------
    ratings : Ratings
        From `simulate` or `from_survey`.

    Returns
    -------
    dict
        Ruler (see `RULERS`) to a DataFrame, customers x dimensions; the zone ruler uses
        `adequate_level`.

    Examples
    --------
    >>> scores = ruler_scores(simulate())
    >>> {ruler: round(float(table.to_numpy().mean()), 2) for ruler, table in scores.items()}
    {'performance': 4.79, 'gap': -0.58, 'zone': 0.62}
    """
    perceptions, expectations, _verdict = ratings
    return {
        "performance": perceptions,
        "gap": perceptions - expectations,
        "zone": perceptions - adequate_level(expectations),
    }


def average_scores(ratings: Ratings) -> pd.DataFrame:
    """Average each customer's dimensions by each ruler.

    Parameters
    ----------
    ratings : Ratings
        From `simulate` or `from_survey`.

    Returns
    -------
    DataFrame
        One row per customer, one column per ruler, and the verdict.

    Examples
    --------
    >>> average_scores(simulate(2)).columns.tolist()
    ['performance', 'gap', 'zone', 'verdict']
    """
    averages = {ruler: scores.mean(axis=1) for ruler, scores in ruler_scores(ratings).items()}
    return pd.DataFrame({**averages, "verdict": ratings.verdict})


def compare_rulers(
    ratings: Ratings,
    each_dimension: bool = False,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Share of the verdict's variance that each ruler explains, with a bootstrap interval.

    Parameters
    ----------
    ratings : Ratings
        From `simulate` or `from_survey`.
    each_dimension : bool
        Whether the dimensions predict with a weight of their own (multiple regression), or
        through their mean (one straight line).
    draws : int, 1 or more
        Bootstrap samples of customers, at most `MOST_DRAWN` customers in all; all rulers see the
        same ones.
    level : float in (0, 1)
        Coverage of the percentile interval.
    seed : int
        Seed of the random generator.

    Returns
    -------
    DataFrame
        One row per ruler: r2, lower, upper; and intercept, slope of the straight line through
        the mean over dimensions. r2 is NaN if the verdict does not vary, intercept and slope
        if the ruler does not.

    Raises
    ------
    ValueError
        If `draws` or `level` is out of range, or if too many customers are drawn.

    References
    ----------
    Cronin and Taylor (1992); Efron and Tibshirani (1993) for the bootstrap.

    Examples
    --------
    >>> compare_rulers(simulate())[["r2", "lower", "upper"]].round(2)
                   r2  lower  upper
    performance  0.61   0.56   0.66
    gap          0.27   0.20   0.34
    zone         0.51   0.45   0.57
    """
    checked("draws", draws, at_least=1, whole=True)
    checked("level", level, above=0, below=1)
    verdict = ratings.verdict.to_numpy(dtype=float)
    n = len(verdict)
    checked("draws times customers", draws * n, at_most=MOST_DRAWN)
    picks = np.random.default_rng(seed).integers(n, size=(draws, n)) + n * np.arange(draws)[:, None]
    counts = np.bincount(picks.ravel(), minlength=draws * n).reshape(draws, n)
    samples = counts.astype(float)
    tail = 100 * (1 - level) / 2
    rows = {}
    for ruler, scores in ruler_scores(ratings).items():
        values = scores.to_numpy(dtype=float)
        mean = values.mean(axis=1)
        predictors = values if each_dimension else mean[:, None]
        lower, upper = np.percentile(_r_squared(predictors, verdict, samples), [tail, 100 - tail])
        centred = mean - mean.mean()
        slope = centred @ verdict / (centred @ centred) if mean.std() > 1e-9 else np.nan
        rows[ruler] = {
            "r2": _r_squared(predictors, verdict, np.ones((1, n)))[0],
            "lower": lower,
            "upper": upper,
            "intercept": verdict.mean() - slope * mean.mean(),
            "slope": slope,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def dimension_table(ratings: Ratings) -> pd.DataFrame:
    """Compare what each ruler says about each dimension, and how well that predicts the verdict.

    Parameters
    ----------
    ratings : Ratings
        From `simulate` or `from_survey`.

    Returns
    -------
    DataFrame
        One row per dimension: the mean by each ruler (performance, gap, zone), and r2_performance,
        r2_gap, r2_zone, the squared correlation with the verdict.

    Examples
    --------
    >>> dimension_table(simulate())[["performance", "r2_performance", "r2_gap"]].round(2)
                    performance  r2_performance  r2_gap
    tangibles              5.07            0.36    0.14
    reliability            4.48            0.40    0.13
    responsiveness         4.73            0.41    0.13
    assurance              4.98            0.44    0.18
    empathy                4.67            0.39    0.13
    """
    scores = ruler_scores(ratings)
    means = {ruler: table.mean() for ruler, table in scores.items()}
    fits = {f"r2_{ruler}": table.corrwith(ratings.verdict) ** 2 for ruler, table in scores.items()}
    return pd.DataFrame({**means, **fits})


def _r_squared(
    predictors: NDArray[np.float64], verdict: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """R squared of the least-squares fit, once per row of weights (b, n).

    A bootstrap sample is a set of counts, so all samples come from one matrix product.
    """
    columns = np.column_stack([predictors, verdict])
    columns = columns - columns.mean(axis=0)
    # What is constant but for rounding explains nothing.
    columns *= columns.std(axis=0) > 1e-9
    n, width = columns.shape
    products = (columns[:, :, None] * columns[:, None, :]).reshape(n, -1)
    total = weights.sum(axis=1, keepdims=True)
    mean = weights @ columns / total
    moment = (weights @ products / total).reshape(-1, width, width)
    covariance = moment - mean[:, :, None] * mean[:, None, :]
    within, with_verdict = covariance[:, :-1, :-1], covariance[:, :-1, -1]
    explained = np.einsum(
        "bi,bij,bj->b", with_verdict, np.linalg.pinv(within, hermitian=True), with_verdict
    )
    variance = covariance[:, -1, -1]
    return np.divide(explained, variance, out=np.full(len(weights), np.nan), where=variance > 1e-12)
