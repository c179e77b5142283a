"""Segments: fuzzy age groups, and how large the differences between groups are (M5.5)."""

from collections.abc import Sequence
from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtrc, ndtr, stdtrit

from servicequality.models._checks import checked

Array = NDArray[np.float64]

AGE_SEGMENTS = ("young", "middle", "senior")
"""Names of the age segments, fuzzy and crisp."""

FUZZY_AGES = (25.0, 40.0, 50.0, 65.0)
"""Fully young up to the first age, fully middle from the second to the third, fully senior from
the fourth; straight lines between. A convention, as every border of age groups is."""

CRISP_AGES = (40.0, 60.0)
"""First age of the crisp middle and senior segments."""


class EffectSizes(NamedTuple):
    """How much of a rating's variance goes with the group (one-way analysis of variance).

    Attributes
    ----------
    eta2 : float in [0, 1]
        Share of the variance in this sample; too large on average.
    omega2 : float
        The same, corrected for chance; may be slightly negative.
    f, p : float
        F statistic and its p value: whether there is a difference, not how large it is.
    df_between, df_within : int
        Degrees of freedom.
    """

    eta2: float
    omega2: float
    f: float
    p: float
    df_between: int
    df_within: int


def age_memberships(ages: ArrayLike) -> pd.DataFrame:
    """Degree to which a person of each age belongs to each segment (M5.5).

    Parameters
    ----------
    ages : array_like, shape (n,)
        Years, zero or more; NaN allowed.

    Returns
    -------
    DataFrame
        n rows; columns young, middle, senior in [0, 1], sum 1. NaN for a missing age.

    Raises
    ------
    ValueError
        If an age is negative or infinite.

    References
    ----------
    Zadeh (1965).

    Examples
    --------
    >>> age_memberships([22, 30, 58]).round(2).to_numpy().tolist()
    [[1.0, 0.0, 0.0], [0.67, 0.33, 0.0], [0.0, 0.47, 0.53]]
    """
    years = checked("ages", ages, at_least=0, missing=True)
    degrees = [
        np.interp(years, FUZZY_AGES, corners)
        for corners in ((1, 0, 0, 0), (0, 1, 1, 0), (0, 0, 0, 1))
    ]
    return pd.DataFrame(np.column_stack(degrees), columns=list(AGE_SEGMENTS))


def fuzzy_means(memberships: pd.DataFrame, values: ArrayLike, m: float = 1.0) -> pd.Series:
    """Mean of each fuzzy segment: people count as far as they belong to it (M5.5).

    Parameters
    ----------
    memberships : DataFrame, shape (n, k)
        Degrees in [0, 1], for example from `age_memberships`.
    values : array_like, shape (n,)
        Ratings of the same people. Whoever lacks a rating or a membership is left out.
    m : float, more than 0
        Above 1, people between two segments count less.

    Returns
    -------
    Series
        One mean per segment; NaN for a segment to which nobody belongs.

    Raises
    ------
    ValueError
        If a membership or m is impossible, or if the lengths differ.

    References
    ----------
    Bezdek (1981).

    Examples
    --------
    >>> degrees = age_memberships([22, 30, 36, 45, 58, 70])
    >>> fuzzy_means(degrees, [8.5, 8.0, 7.4, 6.9, 7.1, 6.2]).round(2).to_dict()
    {'young': 8.18, 'middle': 7.23, 'senior': 6.51}
    """
    checked("m", m, above=0)
    degree = checked("memberships", memberships, at_least=0, at_most=1, missing=True)
    rating = checked("values", values, missing=True)
    _check_same_length("memberships", len(degree), "values", len(rating))
    known = ~(np.isnan(rating) | np.isnan(degree).any(axis=1))
    weight = degree[known] ** m
    total = weight.sum(axis=0)
    means = np.divide(
        rating[known] @ weight, total, out=np.full(len(total), np.nan), where=total > 0
    )
    return pd.Series(means, index=memberships.columns)


def crisp_means(ages: ArrayLike, values: ArrayLike) -> pd.Series:
    """Mean of each crisp age segment: under 40, 40 to 59, 60 and over (M5.5).

    Parameters
    ----------
    ages, values : array_like, shape (n,)
        Years and ratings of the same people. Whoever lacks one of them is left out.

    Returns
    -------
    Series
        Index young, middle, senior; NaN for an empty segment.

    Raises
    ------
    ValueError
        If an age is negative or infinite, or if the lengths differ.

    Examples
    --------
    >>> crisp_means([22, 30, 36, 45, 58, 70], [8.5, 8.0, 7.4, 6.9, 7.1, 6.2]).round(2).to_dict()
    {'young': 7.97, 'middle': 7.0, 'senior': 6.2}
    """
    years = checked("ages", ages, at_least=0, missing=True)
    segment = pd.cut(years, [-1, *CRISP_AGES, np.inf], right=False, labels=AGE_SEGMENTS)
    degree = pd.get_dummies(segment, dtype=float)
    degree[np.isnan(years)] = np.nan
    return fuzzy_means(degree, values)


def effect_sizes(groups: Sequence[ArrayLike]) -> EffectSizes:
    """How strongly a rating depends on the group (M5.5).

    Parameters
    ----------
    groups : sequence of array_like
        Ratings of each group; missing ones are left out, and so are empty groups.

    Returns
    -------
    EffectSizes
        NaN where nothing varies, or (all but eta2) where each group has one rating only.

    Raises
    ------
    ValueError
        If there are fewer than two groups with ratings.

    References
    ----------
    Pearson (1905) for eta squared; Hays (1963) for omega squared.

    Examples
    --------
    >>> sizes = effect_sizes([(6, 7, 8, 7, 9, 8), (5, 7, 6, 8, 7, 6), (6, 5, 7, 8, 6, 7)])
    >>> print(round(sizes.eta2, 5), round(sizes.omega2, 5), round(sizes.f, 4))
    0.19512 0.08333 1.8182
    """
    ratings = [checked("groups", group, missing=True) for group in groups]
    ratings = [group[~np.isnan(group)] for group in ratings]
    ratings = [group for group in ratings if group.size]
    if len(ratings) < 2:
        raise ValueError(
            _("groups must hold at least two groups with ratings; it holds {n}.").format(
                n=len(ratings)
            )
        )
    everyone = np.concatenate(ratings)
    df_between, df_within = len(ratings) - 1, everyone.size - len(ratings)
    within = sum(float(((group - group.mean()) ** 2).sum()) for group in ratings)
    total = float(((everyone - everyone.mean()) ** 2).sum())
    between = total - within
    # Rounding leaves about 1e-30 where all ratings are equal.
    if total <= 1e-12 * max(1.0, float((everyone**2).sum())):
        return EffectSizes(np.nan, np.nan, np.nan, np.nan, df_between, df_within)
    if not df_within:
        return EffectSizes(between / total, np.nan, np.nan, np.nan, df_between, df_within)
    mean_square = within / df_within
    f = between / df_between / mean_square if mean_square else np.inf
    return EffectSizes(
        eta2=between / total,
        omega2=(between - df_between * mean_square) / (total + mean_square),
        f=f,
        p=float(fdtrc(df_between, df_within, f)),
        df_between=df_between,
        df_within=df_within,
    )


def group_means(values: ArrayLike, labels: ArrayLike, level: float = 0.95) -> pd.DataFrame:
    """Mean of each group with its t interval (D5.6).

    Parameters
    ----------
    values : array_like, shape (n,)
        Ratings; missing ones are left out.
    labels : array_like, shape (n,)
        Group of each person.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    DataFrame
        One row per group: n, mean, sd, lower, upper; the last three are NaN for a single rating.

    Raises
    ------
    ValueError
        If the level is impossible or the lengths differ.

    References
    ----------
    Student (1908).

    Examples
    --------
    >>> group_means([6, 7, 8, 5, 5, 5], ["a", "a", "a", "b", "b", "b"]).round(2).loc["a"].tolist()
    [3.0, 7.0, 1.0, 4.52, 9.48]
    """
    checked("level", level, above=0, below=1)
    rating = checked("values", values, missing=True)
    group = np.asarray(labels)
    _check_same_length("values", len(rating), "labels", len(group))
    table = pd.Series(rating).groupby(group).agg(n="count", mean="mean", sd="std")
    n = table["n"]
    margin = stdtrit(n - 1, (1 + level) / 2) * table["sd"] / np.sqrt(n)
    return table.assign(lower=table["mean"] - margin, upper=table["mean"] + margin)


def cohens_d(a: ArrayLike, b: ArrayLike) -> float:
    """Difference of two means in units of their common standard deviation (M5.5).

    Parameters
    ----------
    a, b : array_like
        Ratings of two groups; missing ones are left out.

    Returns
    -------
    float
        Positive if the mean of `a` is larger. NaN for fewer than two ratings in a group, or if
        the ratings within the groups do not vary.

    References
    ----------
    Cohen (1988).

    Examples
    --------
    >>> round(cohens_d([6, 7, 8], [5, 6, 7]), 2)
    1.0
    """
    x, y = (np.asarray(group, dtype=float) for group in (a, b))
    x, y = x[~np.isnan(x)], y[~np.isnan(y)]
    if min(x.size, y.size) < 2:
        return float("nan")
    squares = ((x - x.mean()) ** 2).sum() + ((y - y.mean()) ** 2).sum()
    pooled = np.sqrt(squares / (x.size + y.size - 2))
    return float((x.mean() - y.mean()) / pooled) if pooled > 0 else float("nan")


def probability_of_superiority(d: ArrayLike) -> Array:
    """Probability that a random member of one group exceeds a random one of the other (M5.5).

    Parameters
    ----------
    d : array_like
        Difference of two normal groups of equal spread, in standard deviations.

    Returns
    -------
    ndarray in [0, 1]
        One half for d = 0.

    Raises
    ------
    ValueError
        If d is not a finite number.

    References
    ----------
    McGraw and Wong (1992).

    Examples
    --------
    >>> float(probability_of_superiority(0.3).round(4))
    0.584
    """
    return ndtr(checked("d", d) / np.sqrt(2))[()]


def overlap(d: ArrayLike) -> Array:
    """Measure the common area of two normal curves of equal spread (M5.5).

    Parameters
    ----------
    d : array_like
        Their distance, in standard deviations.

    Returns
    -------
    ndarray in [0, 1]
        1 for d = 0.

    Raises
    ------
    ValueError
        If d is not a finite number.

    References
    ----------
    Inman and Bradley (1989).

    Examples
    --------
    >>> float(overlap(0.3).round(4))
    0.8808
    """
    return (2 * ndtr(-np.abs(checked("d", d)) / 2))[()]


def _check_same_length(name: str, n: int, other: str, m: int) -> None:
    if n != m:
        raise ValueError(
            _("{name} has {n} rows but {other} has {m}.").format(name=name, n=n, other=other, m=m)
        )
