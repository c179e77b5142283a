"""Do two people code the same incidents alike? Kappa, Perreault-Leigh, calibration (M7.3)."""

from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from servicequality.models._checks import checked

Array = NDArray[np.float64]


class Agreement(NamedTuple):
    """Agreement of two coders.

    Attributes
    ----------
    observed, expected : float in [0, 1]
        Share of incidents coded alike, and the share that chance alone would give.
    kappa : float, at most 1
        (observed - expected) / (1 - expected): 0 is chance, below 0 worse. NaN if both coders used
        one and the same category throughout.
    se, lower, upper : float
        Standard error and confidence interval of kappa, for many incidents.
    n : int
        Incidents.
    """

    observed: float
    expected: float
    kappa: float
    se: float
    lower: float
    upper: float
    n: int


class Calibration(NamedTuple):
    """Whether confidence is deserved.

    Attributes
    ----------
    by_confidence : DataFrame
        One row per confidence that occurs, rising: n, correct (share).
    overconfidence : float in [-1, 1]
        Mean confidence minus share correct.
    brier : float in [0, 1]
        Mean squared distance of confidence from the truth (1 correct, 0 not); lower is better.
    """

    by_confidence: pd.DataFrame
    overconfidence: float
    brier: float


def confusion_matrix(a: ArrayLike, b: ArrayLike) -> pd.DataFrame:
    """Count how often the codes of two coders meet.

    Parameters
    ----------
    a, b : array_like of the same length
        Codes given to the same incidents; pairs with a missing code are left out.

    Returns
    -------
    DataFrame, k x k
        Rows are coder a, columns coder b, both with every code that occurs, sorted.

    Raises
    ------
    ValueError
        If the lengths differ.

    Examples
    --------
    >>> confusion_matrix(["core", "core", "reaction"], ["core", "reaction", "reaction"])
    b         core  reaction
    a
    core         1         1
    reaction     0         1
    """
    first, second = pd.Series(np.asarray(a, dtype=object)), pd.Series(np.asarray(b, dtype=object))
    if len(first) != len(second):
        raise ValueError(
            _("a and b must code the same incidents; a has {a}, b has {b}.").format(
                a=len(first), b=len(second)
            )
        )
    both = first.notna() & second.notna()
    codes = sorted(set(first[both]) | set(second[both]))
    counts = pd.crosstab(first[both], second[both])
    return counts.reindex(index=codes, columns=codes, fill_value=0).rename_axis(
        index="a", columns="b"
    )


def kappa(table: pd.DataFrame | ArrayLike, level: float = 0.95) -> Agreement:
    """Cohen's kappa of a square table of counts (M7.3).

    Parameters
    ----------
    table : DataFrame or array_like, shape (k, k)
        Incidents by the code of coder a (rows) and of coder b (columns), the same codes in the same
        order. From `confusion_matrix`.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Agreement
        NaN without incidents.

    Raises
    ------
    ValueError
        If the table is not square, a count is negative, or `level` is out of range.

    References
    ----------
    Cohen (1960); standard error by Fleiss, Cohen and Everitt (1969).

    Examples
    --------
    >>> found = kappa([[28, 4, 2, 1], [3, 22, 4, 1], [1, 3, 19, 2], [0, 1, 1, 8]])
    >>> print(round(found.observed, 4), round(found.expected, 4), round(found.kappa, 5))
    0.77 0.279 0.681
    """
    counts = checked("table", np.asarray(table), at_least=0)
    checked("level", level, above=0, below=1)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(
            _("table must be square; its shape is {shape}.").format(shape=counts.shape)
        )
    n = int(counts.sum())
    with np.errstate(invalid="ignore"):
        p = counts / counts.sum()
        rows, columns = p.sum(axis=1), p.sum(axis=0)
        observed, expected = np.trace(p), rows @ columns
        k = (observed - expected) / (1 - expected)
        # Fleiss, Cohen and Everitt's equation 13; rows of b meet columns of a off the diagonal.
        met = rows[None, :] + columns[:, None]
        on = np.diag(p) @ (1 - np.diag(met) * (1 - k)) ** 2
        off = (p * met**2).sum() - np.diag(p) @ np.diag(met) ** 2
        spread = on + (1 - k) ** 2 * off - (k - expected * (1 - k)) ** 2
        se = np.sqrt(np.maximum(spread, 0) / counts.sum()) / (1 - expected)
    half = ndtri((1 + level) / 2) * se
    alike, by_chance, k, se, half = map(float, (observed, expected, k, se, half))
    return Agreement(alike, by_chance, k, se, k - half, k + half, n)


def perreault_leigh(observed: ArrayLike, categories: ArrayLike) -> Array:
    """Perreault and Leigh's index of reliability (M7.3).

    Parameters
    ----------
    observed : array_like in [0, 1]
        Share of incidents coded alike.
    categories : array_like of int, at least 2
        Categories that the coders could choose from. They broadcast.

    Returns
    -------
    ndarray in [0, 1]
        sqrt((p - 1/k) k / (k - 1)); 0 if they agree less than blind guessing would.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    Perreault and Leigh (1989).

    Examples
    --------
    >>> print(round(float(perreault_leigh(0.77, 4)), 5))
    0.83267
    """
    p = checked("observed", observed, at_least=0, at_most=1)
    k = checked("categories", categories, at_least=2, whole=True)
    return np.sqrt(np.maximum(p - 1 / k, 0) * k / (k - 1))


def calibration(confidence: ArrayLike, correct: ArrayLike) -> Calibration:
    """Compare how sure a coder was with how often the coder was right (D7.5).

    Parameters
    ----------
    confidence : array_like in [0, 1], shape (n,)
        Stated probability of being right, for each incident; at least one incident.
    correct : array_like of bool, shape (n,)
        Whether the code was right.

    Returns
    -------
    Calibration

    Raises
    ------
    ValueError
        If there are no incidents, the lengths differ, or a confidence is out of range.

    References
    ----------
    Brier (1950); Lichtenstein, Fischhoff and Phillips (1982).

    Examples
    --------
    >>> result = calibration([0.9, 0.9, 0.6, 0.6], [True, False, True, True])
    >>> print(round(result.overconfidence, 4), round(result.brier, 4))
    0.0 0.285
    """
    sure = np.atleast_1d(checked("confidence", confidence, at_least=0, at_most=1))
    right = np.atleast_1d(np.asarray(correct, dtype=bool))
    if not sure.size or sure.shape != right.shape:
        raise ValueError(
            _("confidence and correct need one entry per incident; they have {a} and {b}.").format(
                a=sure.size, b=right.size
            )
        )
    answers = pd.DataFrame({"confidence": sure, "correct": right.astype(float)})
    table = answers.groupby("confidence").agg(n=("correct", "size"), correct=("correct", "mean"))
    brier = float(np.mean((sure - right) ** 2))
    return Calibration(table, float(sure.mean() - right.mean()), brier)
