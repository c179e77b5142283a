"""Satisfaction metrics with their uncertainty: CSAT, NPS, CES and a 0-100 index (M6.4)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri, stdtrit

from servicequality.models import servqual
from servicequality.models._checks import checked

Array = NDArray[np.float64]


class Estimate(NamedTuple):
    """A number from a sample with its confidence interval, and the answers that it rests on."""

    value: float
    lower: float
    upper: float
    n: int


class NetPromoterScore(NamedTuple):
    """A net promoter score.

    Attributes
    ----------
    value : float in [-100, 100]
        Percentage of promoters minus percentage of detractors, in points.
    se, lower, upper : float
        Standard error and confidence interval, in points.
    promoters, passives, detractors : float in [0, 1]
        Shares.
    n : int
        Answers.
    """

    value: float
    se: float
    lower: float
    upper: float
    promoters: float
    passives: float
    detractors: float
    n: int


class Change(NamedTuple):
    """A change between two independent samples: its size, standard error, z and two-sided p."""

    value: float
    se: float
    z: float
    p: float


def wilson_interval(successes: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[Array, Array]:
    """Wilson's confidence interval of a share (M6.4).

    Parameters
    ----------
    successes, n : array_like, 0 <= successes <= n
        Answers that count, and all answers. They broadcast.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    lower, upper : ndarray in [0, 1]
        NaN without answers.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    Wilson (1927).

    Examples
    --------
    >>> lower, upper = wilson_interval(168, 240)
    >>> print(round(float(lower), 3), round(float(upper), 3))
    0.639 0.754
    """
    share, size, z = _share(successes, n, level)
    with np.errstate(divide="ignore"):
        shrink = 1 / (1 + z**2 / size)
        centre = shrink * (share + z**2 / (2 * size))
        half = shrink * z * np.sqrt(share * (1 - share) / size + (z / (2 * size)) ** 2)
    return centre - half, centre + half


def wald_interval(successes: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[Array, Array]:
    """Textbook interval of a share, for comparison (M6.4).

    It has no width where everyone agrees and can leave [0, 1]: report `wilson_interval`.

    Parameters
    ----------
    successes, n, level
        As in `wilson_interval`.

    Returns
    -------
    lower, upper : ndarray
        NaN without answers.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> lower, upper = wald_interval(168, 240)
    >>> print(round(float(lower), 3), round(float(upper), 3))
    0.642 0.758
    """
    share, size, z = _share(successes, n, level)
    half = z * np.sqrt(share * (1 - share) / size)
    return share - half, share + half


def csat(scores: ArrayLike, top: int = 2, scale: int = 5, level: float = 0.95) -> Estimate:
    """Share of satisfied customers: those in the top boxes, with Wilson's interval (M6.4).

    Parameters
    ----------
    scores : array_like of int, 1 to `scale`
        Answers; NaN is left out. Codes such as "never used" must be taken out before.
    top : int, 1 to `scale` - 1
        How many of the highest answers count as satisfied.
    scale : int, at least 2
        Highest answer.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Estimate
        In [0, 1]; NaN without answers.

    Raises
    ------
    ValueError
        If an answer is off the scale, naming its position, or another argument is out of range.

    Examples
    --------
    >>> print(csat([5, 4, 4, 2, 1]).value)
    0.6
    """
    checked("scale", scale, at_least=2, whole=True)
    checked("top", top, at_least=1, at_most=scale - 1, whole=True)
    answers = _answers(scores, 1, scale)
    satisfied = int((answers > scale - top).sum())
    lower, upper = wilson_interval(satisfied, answers.size, level)
    value = satisfied / answers.size if answers.size else np.nan
    return Estimate(value, float(lower), float(upper), answers.size)


def nps(scores: ArrayLike, level: float = 0.95) -> NetPromoterScore:
    """Net promoter score of answers from 0 to 10 (M6.4).

    Parameters
    ----------
    scores : array_like of int, 0 to 10
        Likelihood to recommend: 0-6 detractors, 7-8 passives, 9-10 promoters. NaN is left out.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    NetPromoterScore
        NaN without answers.

    Raises
    ------
    ValueError
        If an answer is off the scale, naming its position, or `level` is out of range.

    References
    ----------
    Reichheld (2003); that it predicts growth best was not replicated (Keiningham et al., 2007).

    Examples
    --------
    >>> print(nps([10, 9, 8, 7, 6]).value)
    20.0
    """
    answers = _answers(scores, 0, 10)
    promoters, detractors = int((answers >= 9).sum()), int((answers <= 6).sum())
    return nps_from_counts(promoters, answers.size - promoters - detractors, detractors, level)


def nps_from_counts(
    promoters: float, passives: float, detractors: float, level: float = 0.95
) -> NetPromoterScore:
    """Net promoter score of counted answers (M6.4).

    Parameters
    ----------
    promoters, passives, detractors : float, zero or more
        Numbers of customers.
    level : float in (0, 1)
        Confidence level of the normal interval; it has no width where all answers are alike.

    Returns
    -------
    NetPromoterScore
        NaN without answers.

    Raises
    ------
    ValueError
        If a count is negative or `level` is out of range.

    Examples
    --------
    >>> score = nps_from_counts(108, 84, 48)
    >>> print(score.value, round(score.se, 4))
    25.0 4.9476
    """
    groups = {"promoters": promoters, "passives": passives, "detractors": detractors}
    counts = np.array([float(checked(name, group, at_least=0)) for name, group in groups.items()])
    n = counts.sum()
    z = _z(level)
    with np.errstate(invalid="ignore"):
        p, passive, d = counts / n
        value = 100 * (p - d)
        se = 100 * np.sqrt(nps_variance(p, d) / n) if n else np.nan
    value, se, p, passive, d = map(float, (value, se, p, passive, d))
    return NetPromoterScore(value, se, value - z * se, value + z * se, p, passive, d, int(n))


def nps_variance(promoters: ArrayLike, detractors: ArrayLike) -> Array:
    """Variance of one customer's vote: 1 promoter, 0 passive, -1 detractor (M6.4).

    Parameters
    ----------
    promoters, detractors : array_like in [0, 1]
        Shares, together at most 1. They broadcast.

    Returns
    -------
    ndarray in [0, 1]

    Raises
    ------
    ValueError
        If a share is out of range.

    Examples
    --------
    Two firms with the same score of 25:

    >>> nps_variance([0.25, 0.60], [0, 0.35]).round(4).tolist()
    [0.1875, 0.8875]
    """
    p = checked("promoters", promoters, at_least=0, at_most=1)
    d = checked("detractors", detractors, at_least=0, at_most=1)
    checked("promoters and detractors together", p + d, at_most=1 + 1e-12)
    return p + d - (p - d) ** 2


def nps_sample_size(margin: ArrayLike, variance: ArrayLike, level: float = 0.95) -> Array:
    """Answers needed for a net promoter score within a margin (M6.4).

    Parameters
    ----------
    margin : array_like, above zero
        Half width of the confidence interval, in points.
    variance : array_like, zero or more
        From `nps_variance`. They broadcast.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    ndarray
        Rounded up.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> print(nps_sample_size(5, 0.5875))
    903.0
    """
    half = checked("margin", margin, above=0) / 100
    return np.ceil(_z(level) ** 2 * checked("variance", variance, at_least=0) / half**2)


def nps_change(before: NetPromoterScore, after: NetPromoterScore) -> Change:
    """Change of the net promoter score between two independent samples (M6.4).

    Parameters
    ----------
    before, after : NetPromoterScore
        From `nps` or `nps_from_counts`.

    Returns
    -------
    Change
        z and p are NaN if neither score has a standard error above zero.

    Examples
    --------
    >>> change = nps_change(nps_from_counts(108, 84, 48), nps_from_counts(120, 78, 42))
    >>> print(round(change.value, 1), round(change.z, 4))
    7.5 1.0802
    """
    value, se = after.value - before.value, float(np.hypot(before.se, after.se))
    z = value / se if se else np.nan
    return Change(value, se, z, float(2 * ndtr(-abs(z))))


def ces(scores: ArrayLike, scale: tuple[float, float] = (1, 7), level: float = 0.95) -> Estimate:
    """Mean customer effort score with Student's interval (M6.4).

    Parameters
    ----------
    scores : array_like
        Answers; NaN is left out.
    scale : (low, high)
        Ends of the answering scale.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Estimate
        NaN without answers; no interval (NaN) for a single one.

    Raises
    ------
    ValueError
        If an answer is off the scale, naming its position, or `level` is out of range.

    References
    ----------
    Dixon, Freeman and Toman (2010), a vendor's study.

    Examples
    --------
    >>> print(ces([1, 2, 2, 3]).value)
    2.0
    """
    checked("level", level, above=0, below=1)
    answers = _answers(scores, *scale, whole=False)
    n = answers.size
    mean = float(answers.mean()) if n else np.nan
    half = np.nan
    if n > 1:
        half = float(stdtrit(n - 1, (1 + level) / 2) * answers.std(ddof=1) / np.sqrt(n))
    return Estimate(mean, mean - half, mean + half, n)


def index_0_100(
    means: ArrayLike, weights: ArrayLike, scale: tuple[float, float] = (1, 10)
) -> Array:
    """Weighted index of satisfaction questions: 0 bottom of the scale, 100 top (M6.4).

    Parameters
    ----------
    means : array_like, shape (..., k)
        Mean answers to k questions.
    weights : array_like, shape (k,)
        Importance, zero or more, with any positive sum.
    scale : (low, high)
        Ends of the answering scale.

    Returns
    -------
    ndarray in [0, 100], shape (...)

    Raises
    ------
    ValueError
        If a mean is off the scale, or for weights as in `servqual.normalise_weights`.

    References
    ----------
    Fornell et al. (1996), without the weights from their structural model.

    Examples
    --------
    >>> print(round(float(index_0_100([8.2, 7.6, 7.1], [0.4, 0.35, 0.25])), 4))
    74.6111
    """
    low, high = scale
    answers = checked("means", means, at_least=low, at_most=high)
    return 100 * (answers - low) @ servqual.normalise_weights(weights) / (high - low)


def _answers(scores: ArrayLike, low: float, high: float, whole: bool = True) -> Array:
    answers = checked("scores", scores, at_least=low, at_most=high, whole=whole, missing=True)
    return answers[~np.isnan(answers)]


def _share(successes: ArrayLike, n: ArrayLike, level: float) -> tuple[Array, Array, float]:
    z = _z(level)
    size = checked("n", n, at_least=0)
    count = checked("successes", successes, at_least=0)
    checked("n minus successes", size - count, at_least=0)
    with np.errstate(invalid="ignore"):
        return np.divide(count, size), size, z


def _z(level: float) -> float:
    checked("level", level, above=0, below=1)
    return float(ndtri((1 + level) / 2))
