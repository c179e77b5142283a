"""Reliability: Cronbach's alpha and friends (M2.3), and of a difference score (M2.4)."""

from collections.abc import Mapping, Sequence
from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtri

from servicequality.models._checks import checked

# A computed correlation or alpha of 1 may come out a little larger.
_ROUNDING = 1e-12


class AlphaReport(NamedTuple):
    """What to report with an alpha.

    Attributes
    ----------
    alpha, lower, upper : float
        Cronbach's alpha and its Feldt interval.
    standardised : float
        Alpha of the standardised items.
    mean_correlation : float
        Mean correlation between two items.
    n, k : int
        Respondents with every item answered; items.
    items : DataFrame
        One row per item: item_total (correlation with the sum of the *other* items) and
        alpha_if_deleted (NaN for two items).
    """

    alpha: float
    lower: float
    upper: float
    standardised: float
    mean_correlation: float
    n: int
    k: int
    items: pd.DataFrame


def cronbach_alpha(answers: pd.DataFrame | ArrayLike) -> float:
    """Cronbach's alpha, k/(k-1) (1 - sum of item variances / variance of the sum) (M2.3).

    Parameters
    ----------
    answers : DataFrame or array_like, shape (respondents, k)
        Reversed items already recoded. Rows with a missing answer are left out.

    Returns
    -------
    float
        At most 1, possibly negative. NaN for fewer than two items, fewer than two complete
        rows, or a sum that does not vary.

    Raises
    ------
    ValueError
        If there are rows but none is complete.

    References
    ----------
    Cronbach (1951).

    Examples
    --------
    >>> print(round(cronbach_alpha([[7, 6, 7], [5, 5, 4], [4, 3, 4], [6, 7, 6]]), 4))
    0.9306
    """
    return _alpha(_covariance(_complete_rows(answers)))


def feldt_interval(
    alpha: ArrayLike, n: ArrayLike, k: ArrayLike, level: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Confidence interval of alpha (M2.3).

    Parameters
    ----------
    alpha : array_like
        Estimated alpha, at most 1.
    n, k : array_like of int
        Respondents and items; fewer than two of either give NaN. All arguments but `level`
        broadcast.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    lower, upper : ndarray

    Raises
    ------
    ValueError
        If `level` is not between 0 and 1, alpha is above 1, or a count is no whole number.

    References
    ----------
    Feldt (1965).

    Examples
    --------
    >>> lower, upper = feldt_interval(0.913, n=873, k=20)
    >>> print(round(float(lower), 4), round(float(upper), 4))
    0.9044 0.9212
    """
    checked("level", level, above=0, below=1)
    a = checked("alpha", alpha, at_most=1 + _ROUNDING, missing=True)
    n = checked("n", n, at_least=0, whole=True)
    k = checked("k", k, at_least=0, whole=True)
    tail = (1 - level) / 2
    between, within = n - 1, (n - 1) * (k - 1)
    return (
        1 - (1 - a) * fdtri(between, within, 1 - tail),
        1 - (1 - a) * fdtri(between, within, tail),
    )


def alpha_report(answers: pd.DataFrame, level: float = 0.95) -> AlphaReport:
    """Alpha with its interval and what each item does to it (M2.3).

    Parameters
    ----------
    answers : DataFrame, respondents x items
        Reversed items already recoded. Rows with a missing answer are left out.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    AlphaReport

    Raises
    ------
    ValueError
        As in `cronbach_alpha` and `feldt_interval`.

    References
    ----------
    Cronbach (1951); Feldt (1965).

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame([[7, 6, 7], [5, 5, 4], [4, 3, 4], [6, 7, 6]], columns=list("abc"))
    >>> alpha_report(answers).items.round(3)
       item_total  alpha_if_deleted
    a       0.947             0.852
    b       0.797             0.967
    c       0.870             0.889
    """
    rows = _complete_rows(answers)
    n, k = rows.shape
    covariance = _covariance(rows)
    alpha = _alpha(covariance)
    lower, upper = feldt_interval(alpha, n, k, level)
    variances = np.diag(covariance)
    with_rest = covariance.sum(axis=0) - variances
    rest_variance = covariance.sum() - 2 * covariance.sum(axis=0) + variances
    with np.errstate(invalid="ignore"):
        item_total = with_rest / np.sqrt(variances * rest_variance)
        correlation = covariance / np.sqrt(np.outer(variances, variances))
    if_deleted = [_alpha(np.delete(np.delete(covariance, j, 0), j, 1)) for j in range(k)]
    mean_correlation = _mean_off_diagonal(correlation)
    return AlphaReport(
        alpha=alpha,
        lower=float(lower),
        upper=float(upper),
        standardised=float(standardised_alpha(k, mean_correlation)),
        mean_correlation=mean_correlation,
        n=n,
        k=k,
        items=pd.DataFrame(
            {"item_total": item_total, "alpha_if_deleted": if_deleted}, index=answers.columns
        ),
    )


def alpha_by_scale(
    answers: Mapping[str, pd.DataFrame], scales: Mapping[str, Sequence[str]], level: float = 0.95
) -> pd.DataFrame:
    """Alpha of each scale under each kind of score (M2.3).

    Parameters
    ----------
    answers : mapping of str to DataFrame, respondents x items
        Kind of score, such as "perceived", to its answers.
    scales : mapping of str to sequence
        Name of a scale to its items, which are columns of every table of answers.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    DataFrame
        One row a scale and score: scale, score, alpha, lower and upper.

    Raises
    ------
    ValueError
        As in `alpha_report`.

    References
    ----------
    Cronbach (1951); Feldt (1965).

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame([[7, 6, 7], [5, 5, 4], [4, 3, 4], [6, 7, 6]], columns=list("abc"))
    >>> alpha_by_scale({"perceived": answers}, {"speed": ["a", "b"]}).round(3)
       scale      score  alpha  lower  upper
    0  speed  perceived  0.889 -0.715  0.993
    """
    reports = [
        (scale, score, alpha_report(table[list(items)], level))
        for scale, items in scales.items()
        for score, table in answers.items()
    ]
    return pd.DataFrame(
        [(scale, score, r.alpha, r.lower, r.upper) for scale, score, r in reports],
        columns=["scale", "score", "alpha", "lower", "upper"],
    )


def standardised_alpha(k: ArrayLike, mean_correlation: ArrayLike) -> NDArray[np.float64]:
    """Alpha from the number of items and their mean correlation, k r / (1 + (k-1) r) (M2.3).

    Parameters
    ----------
    k : array_like of int
        Number of items.
    mean_correlation : array_like in [-1, 1]
        Mean correlation between two items.

    Returns
    -------
    ndarray
        NaN for fewer than two items or where the sum of the items would not vary.

    Raises
    ------
    ValueError
        If the number of items is no whole number or the correlation is out of range.

    References
    ----------
    Spearman (1910); Brown (1910).

    Examples
    --------
    >>> standardised_alpha([4, 5, 22], [0.5, 0.4, 0.2]).round(4).tolist()
    [0.8, 0.7692, 0.8462]
    """
    limit = 1 + _ROUNDING
    k, r = np.broadcast_arrays(
        checked("k", k, at_least=0, whole=True),
        checked("mean_correlation", mean_correlation, at_least=-limit, at_most=limit, missing=True),
    )
    denominator = 1 + (k - 1) * r
    possible = (k >= 2) & (denominator > 0)
    return np.divide(k * r, denominator, out=np.full(k.shape, np.nan), where=possible)[()]


def implied_correlations(
    k: int, within: float, factors: int = 1, reverse_last: bool = False
) -> NDArray[np.float64]:
    """Correlation matrix of k items that measure one or several unrelated things.

    Teaching assumption: items of one factor all correlate `within`; items of different factors
    do not correlate.

    Parameters
    ----------
    k : int
        Number of items, dealt out to the factors as evenly as possible.
    within : float in [0, 1)
        Correlation between two items of one factor.
    factors : int, at least 1
        Number of unrelated factors.
    reverse_last : bool
        Whether the last item points the other way and nobody recoded it.

    Returns
    -------
    ndarray, shape (k, k)

    Raises
    ------
    ValueError
        If a count or the correlation is out of range.

    Examples
    --------
    >>> implied_correlations(3, 0.5, reverse_last=True).tolist()
    [[1.0, 0.5, -0.5], [0.5, 1.0, -0.5], [-0.5, -0.5, 1.0]]
    """
    checked("k", k, at_least=1, whole=True)
    checked("within", within, at_least=0, below=1)
    checked("factors", factors, at_least=1, whole=True)
    factor = _factor_of_item(k, factors)
    matrix = np.where(factor[:, None] == factor, within, 0.0)
    if reverse_last:
        matrix[-1] *= -1
        matrix[:, -1] *= -1
    np.fill_diagonal(matrix, 1.0)
    return matrix


def correlation_blocks(
    k: int, within: float, factors: int = 1, reverse_last: bool = False
) -> pd.DataFrame:
    """Blocks of equal correlations in `implied_correlations`; far fewer than its cells.

    Parameters
    ----------
    k, within, factors, reverse_last
        As in `implied_correlations`.

    Returns
    -------
    DataFrame
        One row per block: row, last_row, column, last_column (its first and last items, counted
        from 1) and correlation, which does not hold where an item meets itself.

    Raises
    ------
    ValueError
        As in `implied_correlations`.

    Examples
    --------
    >>> correlation_blocks(4, 0.5, factors=2)
       row  last_row  column  last_column  correlation
    0    1         2       1            2          0.5
    1    1         2       3            4          0.0
    2    3         4       1            2          0.0
    3    3         4       3            4          0.5
    """
    matrix = implied_correlations(k, within, factors, reverse_last)
    kind = 2 * _factor_of_item(k, factors)
    kind[-1] += reverse_last
    first = np.flatnonzero(np.diff(kind, prepend=-1))
    last = np.append(first[1:], k) - 1
    across = list(zip(first, last, strict=True))
    return pd.DataFrame(
        [(a + 1, b + 1, c + 1, d + 1, matrix[a, d]) for a, b in across for c, d in across],
        columns=["row", "last_row", "column", "last_column", "correlation"],
    )


def alpha_curve(
    ks: Sequence[int],
    within: float,
    factors: int = 1,
    reverse_last: bool = False,
    n: int = 100,
    level: float = 0.95,
) -> pd.DataFrame:
    """Standardised alpha for growing numbers of items (M2.3), under `implied_correlations`.

    Parameters
    ----------
    ks : sequence of int
        Numbers of items.
    within, factors, reverse_last
        As in `implied_correlations`.
    n : int
        Respondents, for the interval.
    level : float in (0, 1)
        Confidence level of the Feldt interval.

    Returns
    -------
    DataFrame
        Columns k, mean_correlation, alpha, lower, upper.

    Raises
    ------
    ValueError
        As in `implied_correlations` and `feldt_interval`.

    Examples
    --------
    >>> alpha_curve([5, 10], within=0.3).round(3)
        k  mean_correlation  alpha  lower  upper
    0   5               0.3  0.682  0.571  0.771
    1  10               0.3  0.811  0.750  0.862
    """
    means = [_mean_off_diagonal(implied_correlations(k, within, factors, reverse_last)) for k in ks]
    alpha = standardised_alpha(ks, means)
    lower, upper = feldt_interval(alpha, n, ks, level)
    return pd.DataFrame(
        {"k": ks, "mean_correlation": means, "alpha": alpha, "lower": lower, "upper": upper}
    )


def difference_reliability(
    r_pp: float, r_ee: float, rho: float, sd_p: float = 1.0, sd_e: float = 1.0
) -> float:
    """Reliability of perception minus expectation (M2.4).

    Parameters
    ----------
    r_pp, r_ee : float in [0, 1]
        Reliabilities of perceptions and expectations.
    rho : float
        Correlation of the two observed scores, at most sqrt(r_pp r_ee) in size: two scores
        cannot correlate more than their reliabilities allow.
    sd_p, sd_e : float, zero or more
        Standard deviations.

    Returns
    -------
    float
        NaN if the difference does not vary.

    Raises
    ------
    ValueError
        If a reliability, a standard deviation or rho is impossible.

    References
    ----------
    Peter, Churchill and Brown (1993).

    Examples
    --------
    >>> print(round(difference_reliability(0.85, 0.80, rho=0.6), 4))
    0.5625
    """
    limit = largest_correlation(r_pp, r_ee)
    _check_spreads(sd_p, sd_e)
    if not abs(rho) <= limit + 1e-12:
        raise ValueError(
            _(
                "rho = {rho} is impossible: with reliabilities {r_pp} and {r_ee} two scores "
                "correlate at most {limit:.4f}."
            ).format(rho=rho, r_pp=r_pp, r_ee=r_ee, limit=limit)
        )
    return float(_difference_reliability(r_pp, r_ee, np.asarray(rho), sd_p, sd_e))


def difference_curve(
    r_pp: float, r_ee: float, rhos: ArrayLike, sd_p: float = 1.0, sd_e: float = 1.0
) -> pd.DataFrame:
    """Reliability of a difference along a grid of correlations (M2.4).

    Parameters
    ----------
    rhos : array_like
        Correlations of perceptions and expectations.
    r_pp, r_ee, sd_p, sd_e
        As in `difference_reliability`.

    Returns
    -------
    DataFrame
        Columns rho, reliability, gap_correlation (of the gap with perceptions) and possible.
        Where the correlation is impossible the two numbers are NaN.

    Raises
    ------
    ValueError
        If a reliability or a standard deviation is impossible.

    Examples
    --------
    >>> difference_curve(0.85, 0.80, [0, 0.6, 0.9]).round(3)
       rho  reliability  gap_correlation  possible
    0  0.0        0.825            0.707      True
    1  0.6        0.562            0.447      True
    2  0.9          NaN              NaN     False
    """
    limit = largest_correlation(r_pp, r_ee)
    _check_spreads(sd_p, sd_e)
    rho = np.asarray(rhos, dtype=float)
    possible = np.abs(rho) <= limit + 1e-12
    allowed = np.where(possible, rho, np.nan)
    return pd.DataFrame(
        {
            "rho": rho,
            "reliability": _difference_reliability(r_pp, r_ee, allowed, sd_p, sd_e),
            "gap_correlation": gap_correlation(allowed, sd_p, sd_e),
            "possible": possible,
        }
    )


def largest_correlation(r_pp: float, r_ee: float) -> float:
    """Largest correlation that two scores of these reliabilities can have (M2.4).

    Parameters
    ----------
    r_pp, r_ee : float in [0, 1]
        Reliabilities of perceptions and expectations.

    Returns
    -------
    float in [0, 1]

    Raises
    ------
    ValueError
        If a reliability is impossible.

    References
    ----------
    Spearman (1904).

    Examples
    --------
    >>> print(round(largest_correlation(0.85, 0.80), 4))
    0.8246
    """
    checked("r_pp", r_pp, at_least=0, at_most=1)
    checked("r_ee", r_ee, at_least=0, at_most=1)
    return float(np.sqrt(r_pp * r_ee))


def gap_correlation(rho: ArrayLike, sd_p: float = 1.0, sd_e: float = 1.0) -> NDArray[np.float64]:
    """Correlation of the gap with the perceptions it is made from (M2.4).

    Parameters
    ----------
    rho : array_like in [-1, 1]
        Correlation of perceptions and expectations.
    sd_p, sd_e : float, zero or more
        Standard deviations.

    Returns
    -------
    ndarray
        NaN if the gap does not vary.

    Raises
    ------
    ValueError
        If rho or a standard deviation is impossible.

    References
    ----------
    Peter, Churchill and Brown (1993).

    Examples
    --------
    >>> gap_correlation([0, 0.6]).round(4).tolist()
    [0.7071, 0.4472]
    """
    rho = checked("rho", rho, at_least=-1, at_most=1, missing=True)
    _check_spreads(sd_p, sd_e)
    return ((sd_p - rho * sd_e) / np.sqrt(_difference_variance(rho, sd_p, sd_e)))[()]


def _difference_reliability(
    r_pp: float, r_ee: float, rho: NDArray[np.float64], sd_p: float, sd_e: float
) -> NDArray[np.float64]:
    true_variance = sd_p**2 * r_pp + sd_e**2 * r_ee - 2 * rho * sd_p * sd_e
    return true_variance / _difference_variance(rho, sd_p, sd_e)


def _difference_variance(rho: NDArray[np.float64], sd_p: float, sd_e: float) -> NDArray[np.float64]:
    """Variance of a difference; NaN, not 0, if it does not vary."""
    variance = sd_p**2 + sd_e**2 - 2 * rho * sd_p * sd_e
    return np.where(variance > 1e-12, variance, np.nan)


def _check_spreads(sd_p: float, sd_e: float) -> None:
    checked("sd_p", sd_p, at_least=0)
    checked("sd_e", sd_e, at_least=0)


def _complete_rows(answers: pd.DataFrame | ArrayLike) -> NDArray[np.float64]:
    rows = np.asarray(answers, dtype=float)
    complete = rows[~np.isnan(rows).any(axis=1)]
    if len(rows) and not len(complete):
        raise ValueError(
            _("None of the {rows} rows has all {k} items answered.").format(
                rows=len(rows), k=rows.shape[1]
            )
        )
    return complete


def _covariance(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    n, k = rows.shape
    if n < 2:
        return np.full((k, k), np.nan)
    return np.atleast_2d(np.cov(rows, rowvar=False))


def _alpha(covariance: NDArray[np.float64]) -> float:
    k, total = len(covariance), covariance.sum()
    # Rounding leaves a variance of about 1e-16 where opposite items cancel exactly.
    if k < 2 or not total > 1e-12 * np.trace(covariance):
        return float("nan")
    return float(k / (k - 1) * (1 - np.trace(covariance) / total))


def _factor_of_item(k: int, factors: int) -> NDArray[np.int64]:
    """Deal k items out to factors as evenly as possible, neighbours together."""
    return np.arange(k) * factors // k


def _mean_off_diagonal(correlation: NDArray[np.float64]) -> float:
    k = len(correlation)
    return float((correlation.sum() - np.trace(correlation)) / (k * (k - 1))) if k > 1 else np.nan
