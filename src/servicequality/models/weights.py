"""How much does each attribute count? Stated, compared and derived weights (M6.6).

All results sum to one, except regression betas. Methods answer different questions: what people
say, what goes with their satisfaction, or merely what varies.
"""

from collections.abc import Mapping
from gettext import gettext as _
from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy

from servicequality.models import dimensionality, servqual
from servicequality.models._checks import checked

Array = NDArray[np.floating]

RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
"""Saaty's mean consistency index of random judgements, for 1 to 10 attributes."""

MOST_FOR_SHAPLEY = 12
"""Most predictors for `shapley`, which fits 2 to that power regressions."""


class Ahp(NamedTuple):
    """Result of pairwise comparisons.

    Attributes
    ----------
    weights : ndarray, shape (k,)
        Sum to 1.
    eigenvalue : float
        Principal eigenvalue; k if the judgements agree perfectly.
    consistency_index, consistency_ratio : float
        (eigenvalue - k) / (k - 1), and that over the random index. Saaty accepts a ratio up to
        .10. Both are 0 for one or two attributes, which cannot contradict each other.
    """

    weights: Array
    eigenvalue: float
    consistency_index: float
    consistency_ratio: float


def direct_rating(ratings: ArrayLike) -> Array:
    """Weights from importance ratings: each attribute's mean over the sum of the means (M6.6).

    Parameters
    ----------
    ratings : array_like, shape (customers, k)
        Zero or more; NaN where a customer did not answer.

    Returns
    -------
    ndarray, shape (k,)

    Raises
    ------
    ValueError
        If a rating is negative or infinite, all are zero, or nobody rated some attribute.

    Examples
    --------
    >>> direct_rating([[7, 6, 7], [5, 6, 1]]).tolist()
    [0.375, 0.375, 0.25]
    """
    table = np.atleast_2d(checked("ratings", ratings, at_least=0, missing=True))
    unrated = np.isnan(table).all(axis=0)
    if unrated.any():
        raise ValueError(
            _("Nobody rated attribute {position}, counted from 0.").format(
                position=int(np.argmax(unrated))
            )
        )
    return servqual.normalise_weights(np.nanmean(table, axis=0))


def point_allocation(points: ArrayLike) -> Array:
    """Weights from points that each customer shared out (M6.6).

    Parameters
    ----------
    points : array_like, shape (customers, k)
        Zero or more, with any positive sum per customer. Customers with a missing number are left
        out.

    Returns
    -------
    ndarray, shape (k,)
        Mean of the customers' shares, so that everyone counts the same.

    Raises
    ------
    ValueError
        As in `servqual.normalise_weights`, or if nobody is left.

    Examples
    --------
    >>> point_allocation([[50, 30, 20], [1, 1, 0]]).tolist()
    [0.5, 0.4, 0.1]
    """
    shares = servqual.normalise_weights(np.atleast_2d(np.asarray(points, dtype=float)))
    complete = shares[~np.isnan(shares).any(axis=1)]
    if not len(complete):
        raise ValueError(_("No customer shared out points on every attribute."))
    return complete.mean(axis=0)


def comparison_matrix(judgements: Mapping[tuple[int, int], float], k: int) -> Array:
    """Reciprocal matrix from judgements of pairs; pairs not judged count as equal (M6.6).

    Parameters
    ----------
    judgements : mapping of (i, j) to float, above zero
        How many times as important attribute i is as attribute j, counted from 0.
    k : int, at least 1
        Attributes.

    Returns
    -------
    ndarray, shape (k, k)

    Raises
    ------
    ValueError
        If a judgement is not above zero, or compares an attribute with itself or with one that
        does not exist.

    Examples
    --------
    >>> comparison_matrix({(0, 1): 2, (0, 2): 4}, 3).tolist()
    [[1.0, 2.0, 4.0], [0.5, 1.0, 1.0], [0.25, 1.0, 1.0]]
    """
    matrix = np.ones((int(checked("k", k, at_least=1, whole=True)),) * 2)
    for (i, j), ratio in judgements.items():
        if i == j or not (0 <= i < k and 0 <= j < k):
            raise ValueError(
                _(
                    "judgements compare two different attributes from 0 to {last}; not {pair}."
                ).format(last=k - 1, pair=(i, j))
            )
        matrix[i, j] = checked("judgements", ratio, above=0)
        matrix[j, i] = 1 / matrix[i, j]
    return matrix


def ahp(matrix: ArrayLike) -> Ahp:
    """Weights from pairwise comparisons by the principal eigenvector (M6.6).

    Parameters
    ----------
    matrix : array_like, shape (k, k), k at most 10
        How many times as important the row's attribute is as the column's; above zero, ones on the
        diagonal, and reciprocal: m[j, i] = 1 / m[i, j] (to 1 %, for rounded decimals).

    Returns
    -------
    Ahp

    Raises
    ------
    ValueError
        If the matrix is not square, positive and reciprocal, or has more than ten rows.

    References
    ----------
    Saaty (1977).

    Examples
    --------
    >>> result = ahp([[1, 2, 4, 6], [1/2, 1, 3, 4], [1/4, 1/3, 1, 2], [1/6, 1/4, 1/2, 1]])
    >>> result.weights.round(5).tolist(), round(result.consistency_ratio, 5)
    ([0.50412, 0.30052, 0.12263, 0.07274], 0.01148)
    """
    table = _checked_comparisons(matrix)
    k = len(table)
    values, vectors = np.linalg.eig(table)
    first = int(np.argmax(values.real))
    vector = np.abs(vectors[:, first].real)
    # Rounding may put the eigenvalue of perfect judgements a hair below k.
    eigenvalue = max(float(values[first].real), float(k))
    index = (eigenvalue - k) / (k - 1) if k > 2 else 0.0
    ratio = index / RANDOM_INDEX[k - 1] if k > 2 else 0.0
    return Ahp(vector / vector.sum(), eigenvalue, index, ratio)


def geometric_mean_weights(matrix: ArrayLike) -> Array:
    """Weights from pairwise comparisons by the geometric means of the rows (M6.6).

    Equal to `ahp` if the judgements agree perfectly, else close to it.

    Parameters
    ----------
    matrix
        As in `ahp`.

    Returns
    -------
    ndarray, shape (k,)

    Raises
    ------
    ValueError
        As in `ahp`.

    References
    ----------
    Crawford and Williams (1985).

    Examples
    --------
    >>> geometric_mean_weights([[1, 2, 4], [1/2, 1, 2], [1/4, 1/2, 1]]).round(4).tolist()
    [0.5714, 0.2857, 0.1429]
    """
    means = np.exp(np.log(_checked_comparisons(matrix)).mean(axis=1))
    return means / means.sum()


def most_contradictory(matrix: ArrayLike) -> tuple[int, int]:
    """Find the judgement to revisit first: the one furthest from the rest (M6.6).

    Parameters
    ----------
    matrix
        As in `ahp`, at least 3 attributes.

    Returns
    -------
    (i, j) : tuple of int, i < j
        The pair whose judgement is furthest, as a factor, from the ratio of the two
        `geometric_mean_weights`.

    Raises
    ------
    ValueError
        As in `ahp`, or for fewer than three attributes.

    Examples
    --------
    >>> most_contradictory([[1, 2, 1/9], [1/2, 1, 2], [9, 1/2, 1]])
    (0, 1)
    """
    logs = np.log(_checked_comparisons(matrix))
    k = len(logs)
    checked("rows of matrix", k, at_least=3)
    means = logs.mean(axis=1)
    miss = np.triu(np.abs(logs - (means[:, None] - means)))
    i, j = np.unravel_index(int(np.argmax(miss)), miss.shape)
    return int(i), int(j)


def regression(predictors: ArrayLike, with_outcome: ArrayLike) -> tuple[Array, float]:
    """Standardised regression weights from correlations (M6.6).

    Parameters
    ----------
    predictors : array_like, shape (k, k)
        Correlations of the attributes with each other.
    with_outcome : array_like, shape (k,)
        Their correlations with satisfaction.

    Returns
    -------
    betas : ndarray, shape (k,)
        May be negative, and do not sum to one.
    r2 : float in [0, 1]
        Share of the variance of satisfaction that they explain together.

    Raises
    ------
    ValueError
        If the correlations are impossible or the attributes not distinct.

    Examples
    --------
    >>> betas, r2 = regression([[1, 0.5, 0.3], [0.5, 1, 0.4], [0.3, 0.4, 1]], [0.6, 0.5, 0.4])
    >>> betas.round(5).tolist(), round(r2, 5)
    ([0.44194, 0.20484, 0.18548], 0.44177)
    """
    r_xx, r_xy = _checked_correlations(predictors, with_outcome)
    betas = np.linalg.solve(r_xx, r_xy)
    return betas, float(betas @ r_xy)


def shapley(predictors: ArrayLike, with_outcome: ArrayLike) -> Array:
    """Shapley (LMG) shares of the explained variance (M6.6).

    Each attribute gets its gain in R squared, averaged over all orders in which the attributes can
    enter the regression.

    Parameters
    ----------
    predictors, with_outcome
        As in `regression`; at most 12 attributes.

    Returns
    -------
    ndarray, shape (k,)
        Shares of R squared; NaN if nothing is explained.

    Raises
    ------
    ValueError
        As in `regression`, or for more than 12 attributes.

    References
    ----------
    Lindeman, Merenda and Gold (1980); Lipovetsky and Conklin (2001).

    Examples
    --------
    >>> shapley([[1, 0.5, 0.3], [0.5, 1, 0.4], [0.3, 0.4, 1]], [0.6, 0.5, 0.4]).round(5).tolist()
    [0.53754, 0.28224, 0.18022]
    """
    r_xx, r_xy = _checked_correlations(predictors, with_outcome)
    k = len(r_xy)
    checked("number of attributes", k, at_most=MOST_FOR_SHAPLEY)
    # A set of attributes is a number whose bits say who is in it.
    r2, sizes = np.zeros(2**k), np.zeros(2**k, dtype=int)
    for size in range(1, k + 1):
        members = np.array(list(combinations(range(k), size)))
        own = r_xy[members][..., None]
        betas = np.linalg.solve(r_xx[members[:, :, None], members[:, None, :]], own)
        sets = (1 << members).sum(axis=1)
        r2[sets], sizes[sets] = (own * betas).sum(axis=(1, 2)), size
    # Share of all orders in which exactly these attributes enter before a given other one.
    share_of_orders = np.array([1 / (k * comb(k - 1, size)) for size in range(k)])
    gains = np.zeros(k)
    for j in range(k):
        before = np.flatnonzero((np.arange(2**k) >> j) % 2 == 0)
        gains[j] = share_of_orders[sizes[before]] @ (r2[before + (1 << j)] - r2[before])
    return _shares(gains)


def relative_weights(predictors: ArrayLike, with_outcome: ArrayLike) -> Array:
    """Johnson's relative weights: shares of the explained variance (M6.6).

    Satisfaction is regressed on the uncorrelated variables closest to the attributes, and what
    these explain is handed back to the attributes. Close to `shapley`, and quick for many
    attributes.

    Parameters
    ----------
    predictors, with_outcome
        As in `regression`.

    Returns
    -------
    ndarray, shape (k,)
        Shares of R squared; NaN if nothing is explained.

    Raises
    ------
    ValueError
        As in `regression`.

    References
    ----------
    Johnson (2000).

    Examples
    --------
    >>> r_xx, r_xy = [[1, 0.5, 0.3], [0.5, 1, 0.4], [0.3, 0.4, 1]], [0.6, 0.5, 0.4]
    >>> relative_weights(r_xx, r_xy).round(5).tolist()
    [0.53896, 0.27709, 0.18395]
    """
    r_xx, r_xy = _checked_correlations(predictors, with_outcome)
    values, vectors = np.linalg.eigh(r_xx)
    root = vectors * np.sqrt(values) @ vectors.T
    return _shares(root**2 @ np.linalg.solve(root, r_xy) ** 2)


def squared_correlations(with_outcome: ArrayLike) -> Array:
    """Squared correlations with satisfaction, as shares of their sum (M6.6).

    What attributes have in common is counted again for each of them.

    Parameters
    ----------
    with_outcome : array_like in [-1, 1], shape (k,)
        Correlations of the attributes with satisfaction.

    Returns
    -------
    ndarray, shape (k,)
        NaN if all are zero.

    Raises
    ------
    ValueError
        If a correlation is missing or out of range.

    Examples
    --------
    >>> squared_correlations([0.6, 0.5, 0.4]).round(4).tolist()
    [0.4675, 0.3247, 0.2078]
    """
    return _shares(checked("with_outcome", with_outcome, at_least=-1, at_most=1) ** 2)


def derive(ratings: pd.DataFrame, satisfaction: pd.Series) -> pd.DataFrame:
    """Weigh attributes by how they go with satisfaction, by every method (M6.6).

    Parameters
    ----------
    ratings : DataFrame, customers x attributes
        Ratings of at most 12 attributes.
    satisfaction : Series
        Overall satisfaction of the same customers, matched by index. Rows with a missing value are
        left out.

    Returns
    -------
    DataFrame
        One row per attribute: beta, shapley, relative_weight, squared_correlation.

    Raises
    ------
    ValueError
        As in `shapley`; also if an attribute or satisfaction never varies.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"speed": [1, 2, 3, 4, 5, 6], "decor": [3, 1, 2, 6, 4, 5]})
    >>> derive(ratings, pd.Series([1, 3, 2, 5, 4, 6])).round(3)
            beta  shapley  relative_weight  squared_correlation
    speed  0.733    0.668            0.668                0.606
    decor  0.233    0.332            0.332                0.394
    """
    together = np.column_stack([ratings, satisfaction.reindex(ratings.index)]).astype(float)
    complete = together[~np.isnan(together).any(axis=1)]
    if len(complete) < 2:
        raise ValueError(_("Fewer than two customers have every rating and a satisfaction."))
    constant = np.ptp(complete, axis=0) == 0
    if constant.any():
        names = np.array([*map(str, ratings.columns), _("satisfaction")])
        raise ValueError(
            _("No variation in {names}: nothing can be derived from it.").format(
                names=", ".join(names[constant])
            )
        )
    matrix = np.corrcoef(complete, rowvar=False)
    r_xx, r_xy = matrix[:-1, :-1], matrix[:-1, -1]
    return pd.DataFrame(
        {
            "beta": regression(r_xx, r_xy)[0],
            "shapley": shapley(r_xx, r_xy),
            "relative_weight": relative_weights(r_xx, r_xy),
            "squared_correlation": squared_correlations(r_xy),
        },
        index=ratings.columns,
    )


def entropy(alternatives: ArrayLike) -> Array:
    """Entropy weights: most weight to the attribute in which the alternatives differ most (M6.6).

    It asks nobody what matters.

    Parameters
    ----------
    alternatives : array_like, shape (m, k), m at least 2
        Scores of m alternatives on k attributes, zero or more, each column with a positive sum.

    Returns
    -------
    ndarray, shape (k,)
        In proportion to 1 - e with e = -sum(p ln p) / ln m, p the shares in a column. NaN if the
        alternatives do not differ at all.

    Raises
    ------
    ValueError
        If there are fewer than two alternatives, a score is missing or negative, or a column sums
        to zero.

    References
    ----------
    Shannon (1948); Zeleny (1982) for weights.

    Examples
    --------
    >>> entropy([[8.2, 7, 6], [8, 5, 6.2], [8.1, 9, 5.9], [7.9, 3, 6.1]]).round(5).tolist()
    [0.00133, 0.99632, 0.00235]
    """
    table = checked("alternatives", alternatives, at_least=0)
    if table.ndim != 2 or len(table) < 2:
        raise ValueError(
            _("alternatives must be a table of at least two rows; its shape is {shape}.").format(
                shape=table.shape
            )
        )
    share = table / checked("column sums of alternatives", table.sum(axis=0), above=0)
    diversity = 1 + xlogy(share, share).sum(axis=0) / np.log(len(table))
    # What is left of equal scores is rounding.
    return _shares(np.where(diversity > 1e-12, diversity, 0.0))


def _shares(parts: Array) -> Array:
    total = parts.sum()
    return parts / total if total > 0 else np.full(len(parts), np.nan)


def _checked_comparisons(matrix: ArrayLike) -> Array:
    table = checked("matrix", matrix, above=0)
    if table.ndim != 2 or table.shape[0] != table.shape[1]:
        raise ValueError(
            _("matrix must be square; its shape is {shape}.").format(shape=table.shape)
        )
    if len(table) > len(RANDOM_INDEX):
        raise ValueError(
            _("matrix may have at most {most} rows; it has {k}.").format(
                most=len(RANDOM_INDEX), k=len(table)
            )
        )
    product = table * table.T
    wrong = np.abs(product - 1) > 0.01
    if wrong.any():
        i, j = map(int, np.unravel_index(int(np.argmax(wrong)), wrong.shape))
        raise ValueError(
            _(
                "matrix must be reciprocal, with ones on its diagonal: entry ({i}, {j}) is "
                "{value:g}, so entry ({j}, {i}) must be {wanted:g}; it is {found:g}."
            ).format(i=i, j=j, value=table[i, j], wanted=1 / table[i, j], found=table[j, i])
        )
    return table


def _checked_correlations(predictors: ArrayLike, with_outcome: ArrayLike) -> tuple[Array, Array]:
    r_xx = np.asarray(predictors, dtype=float)
    r_xy = checked("with_outcome", with_outcome, at_least=-1, at_most=1)
    if r_xx.shape != (len(r_xy),) * 2:
        raise ValueError(
            _("predictors must have the shape {wanted}; it is {found}.").format(
                wanted=(len(r_xy),) * 2, found=r_xx.shape
            )
        )
    # Possible only if attributes and outcome together have a correlation matrix.
    dimensionality.eigenvalues(np.block([[r_xx, r_xy[:, None]], [r_xy[None, :], np.ones((1, 1))]]))
    dimensionality.squared_multiple_correlations(r_xx)
    return r_xx, r_xy
