"""Variance components of ratings, and how far a ranking of branches can be trusted (M1.2).

For teachers. The formulas are established; the simulated chain of branches is a teaching
assumption: normal effects that simply add up, equal variances everywhere, the same number of
ratings for each employee, ratings not rounded and not cut at the ends of the scale, and a fresh
draw of employees and customers each month while the branches stay as they are. In reality ratings
pile up at the top of the scale, busy branches have more of them, the people who answer differ from
those who do not, and branches serve different customers, so that part of the difference between
branches is not of their making.
"""

from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtrc

from servicequality.models._checks import check_columns, checked

Array = NDArray[np.float64]

MOST_DRAWS = 20_000
"""Most employees, or pairs of months, in one simulation."""


class OneWay(NamedTuple):
    """One-way analysis of variance.

    Attributes
    ----------
    msb, msw : float
        Mean squares between and within groups.
    f, p : float
        F = msb / msw and its p value.
    k : float
        Ratings per group; for groups of different size the number k0 that takes its place.
    icc : float in [-1/(k-1), 1]
        ICC(1), the reliability of a single rating; negative if groups differ less than chance
        would have them differ.
    share : float in [0, 1]
        max(0, icc), the estimated share of the variance that lies between groups.
    reliability : float, at most 1
        ICC(1,k), the reliability of a group mean.
    """

    msb: float
    msw: float
    f: float
    p: float
    k: float
    icc: float
    share: float
    reliability: float


class Components(NamedTuple):
    """Variances, in squared rating points; an estimate can be negative.

    Attributes
    ----------
    branch, employee : float
        Between branches, and between the employees of a branch; NaN if no branch has more than one
        employee, since then the two cannot be told apart.
    residual : float
        Between the ratings of one employee: customers, encounters and errors of measurement.
    """

    branch: float
    employee: float
    residual: float


class Month(NamedTuple):
    """A month of ratings in a simulated chain.

    Attributes
    ----------
    employees : DataFrame
        One row per employee: branch, employee (both count from 1), mean (of the employee's
        ratings).
    branches : DataFrame
        One row per branch, index branch: true and observed (levels), true_rank and observed_rank
        (1 is best).
    components : Components
        As estimated from this month's ratings.
    rank_correlation : float in [-1, 1]
        Spearman's correlation of the true and the observed order.
    """

    employees: pd.DataFrame
    branches: pd.DataFrame
    components: Components
    rank_correlation: float


def one_way(ratings: pd.DataFrame, group: str, score: str) -> OneWay:
    """Split the variance of ratings into between and within groups (M1.2).

    Parameters
    ----------
    ratings : DataFrame
        One row per rating. Rows without a group or a score are left out.
    group, score : str
        Columns with the group (such as the branch) and the rating.

    Returns
    -------
    OneWay
        Parts are NaN if the ratings do not vary at all.

    Raises
    ------
    ValueError
        If a column is missing, there are fewer than two groups, or no group has two ratings.

    References
    ----------
    Shrout and Fleiss (1979); for groups of different size Searle, Casella and McCulloch (1992).

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"branch": list("AAABBB"), "score": [8, 7, 9, 6, 7, 5]})
    >>> result = one_way(ratings, "branch", "score")
    >>> print(f"{result.icc:.4f} {result.reliability:.4f}")
    0.6250 0.8333
    """
    check_columns(ratings, [group, score])
    complete = ratings[[group, score]].dropna()
    scores = checked(score, complete[score])
    sizes, means, within = _groups(complete[group], scores)
    g, n = len(sizes), sizes.sum()
    if g < 2:
        raise ValueError(
            _("The ratings must come from at least two groups; column {group!r} has {g}.").format(
                group=group, g=g
            )
        )
    if n == g:
        raise ValueError(
            _(
                "Every group of column {group!r} has only one rating, so that the spread within "
                "groups is unknown. At least one group needs two ratings."
            ).format(group=group)
        )
    msb = float(sizes @ (means - scores.mean()) ** 2 / (g - 1))
    msw = float(within / (n - g))
    k = float((n - (sizes**2).sum() / n) / (g - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        f, icc, reliability = np.divide(
            [msb, msb - msw, msb - msw], [msw, msb + (k - 1) * msw, msb]
        ).tolist()
    p = float(fdtrc(g - 1, n - g, f))
    return OneWay(msb, msw, f, p, k, icc, float(np.maximum(icc, 0)), reliability)


def spearman_brown(icc: ArrayLike, n: ArrayLike) -> Array:
    """Reliability of the mean of n ratings, n icc / (1 + (n-1) icc) (M1.2). Arguments broadcast.

    Parameters
    ----------
    icc : array_like in [-1, 1]
        Reliability of a single rating.
    n : array_like, more than 0
        Ratings per group.

    Returns
    -------
    ndarray
        NaN where the mean would have no variance.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    Spearman (1910); Brown (1910).

    Examples
    --------
    >>> spearman_brown(0.06, [10, 25]).round(4).tolist()
    [0.3896, 0.6148]
    """
    single, ratings = np.broadcast_arrays(
        checked("icc", icc, at_least=-1, at_most=1, missing=True),
        checked("n", n, above=0, missing=True),
    )
    variance = 1 + (ratings - 1) * single
    nothing = np.full(variance.shape, np.nan)
    return np.divide(ratings * single, variance, out=nothing, where=variance > 0)[()]


def ratings_needed(icc: ArrayLike, target: ArrayLike) -> Array:
    """Ratings per group that lift the reliability of the mean to a target (M1.2).

    Parameters
    ----------
    icc : array_like in [-1, 1]
        Reliability of a single rating.
    target : array_like in (0, 1)
        Reliability of the group mean. Arguments broadcast.

    Returns
    -------
    ndarray
        Whole numbers, at least 1; inf where icc is zero or less, since then no number is enough.

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> float(ratings_needed(0.06, 0.8))
    63.0
    """
    single, wanted = np.broadcast_arrays(
        checked("icc", icc, at_least=-1, at_most=1, missing=True),
        checked("target", target, above=0, below=1, missing=True),
    )
    with np.errstate(divide="ignore"):
        n = wanted * (1 - single) / (single * (1 - wanted))
    # Rounded first: what is a whole number on paper may lie just above it in binary.
    n = np.maximum(np.ceil(n.round(9)), 1)
    return np.where(single <= 0, np.inf, n)[()]


def branch_reliability(
    branch: ArrayLike,
    employee: ArrayLike,
    residual: ArrayLike,
    employees: ArrayLike,
    ratings: ArrayLike,
) -> Array:
    """Reliability of branch means when employees within a branch differ too (M1.2).

    Parameters
    ----------
    branch, employee, residual : array_like, zero or more
        Variances as in `Components`; shares of the variance do as well.
    employees : array_like, at least 1
        Employees rated in each branch.
    ratings : array_like, at least 1
        Ratings of each employee; inf gives the ceiling that more ratings cannot break. All
        arguments broadcast.

    Returns
    -------
    ndarray in [0, 1]
        Also the expected correlation of the branch means of two months with other employees and
        customers; NaN where nothing varies.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    Brennan (2001), on generalizability theory.

    Examples
    --------
    >>> branch_reliability(0.10, 0.25, 1.65, employees=6, ratings=[10, 100, np.inf]).round(4)
    array([0.5911, 0.6924, 0.7059])
    """
    b, e, r = (
        checked(name, value, at_least=0)
        for name, value in (("branch", branch), ("employee", employee), ("residual", residual))
    )
    j = checked("employees", employees, at_least=1)
    n = checked("ratings", ratings, at_least=1, infinite=True)
    observed = b + (e + r / n) / j
    with np.errstate(invalid="ignore"):
        return (b / observed)[()]


def wrong_pairs(reliability: ArrayLike) -> Array:
    """Share of pairs of branches that a ranking is expected to put in the wrong order (D1.2).

    Assumes normal effects.

    Parameters
    ----------
    reliability : array_like in [0, 1]
        Of the branch means.

    Returns
    -------
    ndarray in [0, 0.5]

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    Sheppard (1899), on the orthant probability of the bivariate normal distribution.

    Examples
    --------
    >>> wrong_pairs([0, 0.5, 1]).round(4).tolist()
    [0.5, 0.25, 0.0]
    """
    r = checked("reliability", reliability, at_least=0, at_most=1, missing=True)
    return (np.arccos(np.sqrt(r)) / np.pi)[()]


def bottom_again(
    reliability: float, branches: int = 12, bottom: int = 3, draws: int = 5000, seed: int = 0
) -> float:
    """Simulate how many of the bottom branches are at the bottom again next month (D1.2).

    Parameters
    ----------
    reliability : float in [0, 1]
        Of the branch means.
    branches, bottom : int
        Branches in the ranking, and at its bottom (at least 1, at most all).
    draws : int in [1, 20000]
        Pairs of months to draw.
    seed : int
        Seed of the random generator.

    Returns
    -------
    float in [0, bottom]
        Mean number; `bottom` squared / `branches` if the ranking is pure noise.

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> print(f"{bottom_again(0.0):.1f} {bottom_again(0.6):.1f} {bottom_again(1.0):.1f}")
    0.7 1.6 3.0
    """
    checked("reliability", reliability, at_least=0, at_most=1)
    checked("branches", branches, at_least=1, at_most=1000, whole=True)
    checked("bottom", bottom, at_least=1, at_most=branches, whole=True)
    checked("draws", draws, at_least=1, at_most=MOST_DRAWS, whole=True)
    rng = np.random.default_rng(seed)
    first, fresh = rng.standard_normal((2, draws, branches))
    second = reliability * first + np.sqrt(1 - reliability**2) * fresh
    at_bottom = [
        month <= np.partition(month, bottom - 1)[:, [bottom - 1]] for month in (first, second)
    ]
    return float((at_bottom[0] & at_bottom[1]).sum(axis=1).mean())


def nested_components(ratings: pd.DataFrame, branch: str, employee: str, score: str) -> Components:
    """Estimate the variance between branches, between employees, and of the rest (M1.2).

    The estimates equate the mean squares of the nested analysis of variance with what is expected
    of them; branches and employees may have different numbers of ratings.

    Parameters
    ----------
    ratings : DataFrame
        One row per rating. Rows in which one of the columns is missing are left out.
    branch, employee, score : str
        Columns. The same employee code in two branches means two employees.

    Returns
    -------
    Components

    Raises
    ------
    ValueError
        If a column is missing, there are fewer than two branches, or no employee has two ratings.

    References
    ----------
    Searle, Casella and McCulloch (1992).

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({
    ...     "branch": ["A"] * 4 + ["B"] * 4,
    ...     "employee": ["a", "a", "b", "b"] * 2,
    ...     "score": [8, 9, 6, 7, 5, 6, 5, 4],
    ... })
    >>> [round(part, 4) for part in nested_components(ratings, "branch", "employee", "score")]
    [2.5, 1.0, 0.5]
    """
    columns = [branch, employee, score]
    check_columns(ratings, columns)
    complete = ratings[columns].dropna()
    scores = checked(score, complete[score])
    cells = complete.groupby([branch, employee]).ngroup()
    sizes, means, within = _groups(cells, scores)
    parent = complete[branch].groupby(cells).first()
    of_cell, names = pd.factorize(parent)
    if len(names) < 2:
        raise ValueError(
            _(
                "The ratings must come from at least two branches; column {branch!r} has {found}."
            ).format(branch=branch, found=len(names))
        )
    if sizes.sum() == len(sizes):
        raise ValueError(
            _(
                "Every employee of column {employee!r} has only one rating, so that the spread of "
                "an employee's ratings is unknown. At least one employee needs two ratings."
            ).format(employee=employee)
        )
    return _components(sizes, means, within, of_cell)


def variance_shares(components: Components) -> Components:
    """Express variances as shares of their sum (M1.2). An estimate below zero counts as zero.

    Parameters
    ----------
    components : Components
        True or estimated variances.

    Returns
    -------
    Components
        Shares in [0, 1] that sum to 1; NaN where a component is missing or nothing varies.

    Examples
    --------
    >>> [round(share, 3) for share in variance_shares(Components(0.10, 0.25, 1.65))]
    [0.05, 0.125, 0.825]
    """
    parts = np.maximum(components, 0.0)
    with np.errstate(invalid="ignore"):
        return Components(*(parts / parts.sum()).tolist())


def simulate(
    branch: float = 0.10,
    employee: float = 0.25,
    residual: float = 1.65,
    branches: int = 12,
    employees: int = 6,
    ratings: int = 15,
    mean: float = 7.0,
    month: int = 1,
    seed: int = 0,
) -> Month:
    """Draw a month of ratings in a chain of branches whose true levels are known (D1.2).

    A teaching assumption: normal effects that add up. The branches keep their true levels from
    month to month; employees on duty and customers change.

    Parameters
    ----------
    branch, employee, residual : float, zero or more
        True variances as in `Components`.
    branches, employees, ratings : int, at least 2, 1 and 2
        Branches, employees of each branch (together at most 20000), and ratings of each employee.
    mean : float
        Level of the whole chain.
    month : int, at least 1
        Another month is another draw from the same branches.
    seed : int, zero or more
        Seed of the chain. The same seed and month with other variances gives the same draws on
        another scale, so that sliders move smoothly.

    Returns
    -------
    Month

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> chain = simulate(seed=7)
    >>> chain.employees.shape, chain.branches.shape
    ((72, 3), (12, 4))
    """
    for name, value in (("branch", branch), ("employee", employee), ("residual", residual)):
        checked(name, value, at_least=0)
    checked("branches", branches, at_least=2, whole=True)
    checked("employees", employees, at_least=1, whole=True)
    checked("branches x employees", branches * employees, at_most=MOST_DRAWS)
    checked("ratings", ratings, at_least=2, whole=True)
    checked("month", month, at_least=1, whole=True)
    true = mean + np.sqrt(branch) * np.random.default_rng(seed).standard_normal(branches)
    rng = np.random.default_rng([seed, month])
    # Mean and variance of an employee's ratings are all that is ever used of them, and they can
    # be drawn directly.
    own, luck = rng.standard_normal((2, branches, employees))
    levels = true[:, None] + np.sqrt(employee) * own
    means = levels + np.sqrt(residual / ratings) * luck
    within = residual * rng.chisquare(branches * employees * (ratings - 1))
    observed = means.mean(axis=1)
    index = np.repeat(np.arange(branches), employees)
    sizes = np.full(branches * employees, float(ratings))
    table = pd.DataFrame(
        {"true": true, "observed": observed}, index=pd.RangeIndex(1, branches + 1, name="branch")
    )
    ranks = table.rank(ascending=False)
    return Month(
        pd.DataFrame(
            {
                "branch": index + 1,
                "employee": np.tile(np.arange(1, employees + 1), branches),
                "mean": means.ravel(),
            }
        ),
        table.assign(true_rank=ranks["true"], observed_rank=ranks["observed"]),
        _components(sizes, means.ravel(), float(within), index),
        float(ranks["true"].corr(ranks["observed"])),
    )


def _groups(labels: pd.Series, scores: Array) -> tuple[Array, Array, float]:
    """Size and mean of each group, and the sum of squares within all of them."""
    of_row, _names = pd.factorize(labels, sort=True)
    sizes = np.bincount(of_row).astype(float)
    means = np.bincount(of_row, scores) / sizes
    return sizes, means, float(((scores - means[of_row]) ** 2).sum())


def _components(sizes: Array, means: Array, within: float, of_cell: NDArray[np.intp]) -> Components:
    """Solve the expected mean squares for the components.

    Parameters
    ----------
    sizes, means : ndarray, shape (cells,)
        Ratings of each employee, and their mean.
    within : float
        Sum of squares of the ratings around the mean of their employee.
    of_cell : ndarray of int, shape (cells,)
        Number of the branch of each employee.
    """
    total, cells = sizes.sum(), len(sizes)
    branch_sizes = np.bincount(of_cell, sizes)
    branches = len(branch_sizes)
    branch_means = np.bincount(of_cell, sizes * means) / branch_sizes
    residual = within / (total - cells)
    if cells == branches:
        return Components(float("nan"), float("nan"), float(residual))
    # Ratings behind each component in a mean square; with equal numbers simply n and J x n.
    squares = np.bincount(of_cell, sizes**2) / branch_sizes
    of_employee = (total - squares.sum()) / (cells - branches)
    of_employee_above = (squares.sum() - (sizes**2).sum() / total) / (branches - 1)
    of_branch = (total - (branch_sizes**2).sum() / total) / (branches - 1)
    between_employees = sizes @ (means - branch_means[of_cell]) ** 2 / (cells - branches)
    grand = sizes @ means / total
    between_branches = branch_sizes @ (branch_means - grand) ** 2 / (branches - 1)
    employee = (between_employees - residual) / of_employee
    branch = (between_branches - residual - of_employee_above * employee) / of_branch
    return Components(float(branch), float(employee), float(residual))
