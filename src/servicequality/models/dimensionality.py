"""Dimensionality: how many things a questionnaire measures, and which items go together (M2.5).

Correlation matrices are square, symmetric, with ones on the diagonal.
"""

from collections.abc import Sequence
from gettext import gettext as _
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

Array = NDArray[np.floating]

ROTATIONS = {None: None, "varimax": "varimax", "oblimin": "quartimin"}
"""Rotations of `principal_axis`, and what statsmodels calls them."""


class Bartlett(NamedTuple):
    """Bartlett's test of sphericity: chi-squared, its degrees of freedom, p value."""

    chi2: float
    df: int
    p: float


class Kmo(NamedTuple):
    """Kaiser-Meyer-Olkin measure in [0, 1]: of the whole matrix, and of each item."""

    overall: float
    items: Array


class Factors(NamedTuple):
    """A factor solution; the order and the signs of the factors are arbitrary.

    Attributes
    ----------
    loadings : ndarray, shape (k, m)
        Pattern loadings of k items on m factors.
    communalities : ndarray, shape (k,)
        Share of each item's variance that the factors explain.
    correlations : ndarray, shape (m, m)
        Correlations of the factors; the identity unless the rotation is oblique.
    """

    loadings: Array
    communalities: Array
    correlations: Array


def eigenvalues(correlations: ArrayLike) -> Array:
    """Eigenvalues of a correlation matrix, largest first; they sum to the number of items.

    Raises
    ------
    ValueError
        If the matrix is not a correlation matrix.
    """
    return np.linalg.eigvalsh(_checked(correlations))[::-1]


def parallel_line(n: int, k: int, reps: int = 200, level: float = 95, seed: int = 0) -> Array:
    """Eigenvalues that pure chance reaches: a percentile over random normal data (M2.5).

    Parameters
    ----------
    n, k : int
        Respondents (more than 1) and items of the survey to compare with.
    reps : int
        Random data sets.
    level : float in (0, 100)
        Percentile.
    seed : int
        Seed of the random generator; the same seed gives the same line.

    Returns
    -------
    ndarray, shape (k,)
        Largest first.

    References
    ----------
    Horn (1965); the 95th percentile follows Glorfeld (1995).
    """
    rng = np.random.default_rng(seed)
    matrices = [np.corrcoef(rng.standard_normal((n, k)), rowvar=False) for _rep in range(reps)]
    line: Array = np.percentile(np.linalg.eigvalsh(np.array(matrices)), level, axis=0)[::-1]
    return line


def count_factors(values: ArrayLike, line: ArrayLike = 1.0) -> int:
    """Count the leading eigenvalues above a line (M2.5).

    Parameters
    ----------
    values : array_like, shape (k,)
        Eigenvalues, largest first.
    line : float or array_like, shape (k,)
        From `parallel_line`; the default 1 is Kaiser's rule.

    Returns
    -------
    int
        Counting stops at the first eigenvalue on or below the line.
    """
    above = np.asarray(values) > np.asarray(line)
    return int(np.logical_and.accumulate(above).sum())


def bartlett(correlations: ArrayLike, n: int) -> Bartlett:
    """Bartlett's test that no two items correlate (M2.5).

    Parameters
    ----------
    correlations : array_like, shape (k, k)
        Correlation matrix.
    n : int
        Respondents.

    Returns
    -------
    Bartlett

    Raises
    ------
    ValueError
        If the matrix is not a correlation matrix, or is singular.

    References
    ----------
    Bartlett (1951).
    """
    matrix = _checked(correlations, invertible=True)
    k = len(matrix)
    df = k * (k - 1) // 2
    chi2 = -((n - 1) - (2 * k + 5) / 6) * np.linalg.slogdet(matrix)[1]
    return Bartlett(float(chi2), df, float(chdtrc(df, chi2)))


def partial_correlations(correlations: ArrayLike) -> Array:
    """Correlation of each two items with all other items held constant; ones on the diagonal.

    Raises
    ------
    ValueError
        If the matrix is not a correlation matrix, or is singular.
    """
    inverse = np.linalg.inv(_checked(correlations, invertible=True))
    scale = np.sqrt(np.diag(inverse))
    partial = -inverse / np.outer(scale, scale)
    np.fill_diagonal(partial, 1.0)
    return partial


def squared_multiple_correlations(correlations: ArrayLike) -> Array:
    """Share of each item's variance that the other items predict.

    Raises
    ------
    ValueError
        If the matrix is not a correlation matrix, or is singular.
    """
    return 1 - 1 / np.diag(np.linalg.inv(_checked(correlations, invertible=True)))


def kmo(correlations: ArrayLike) -> Kmo:
    """Kaiser-Meyer-Olkin measure of whether items share enough for factors to exist (M2.5).

    Parameters
    ----------
    correlations : array_like, shape (k, k)
        Correlation matrix.

    Returns
    -------
    Kmo
        NaN where nothing correlates at all.

    Raises
    ------
    ValueError
        If the matrix is not a correlation matrix, or is singular.

    References
    ----------
    Kaiser (1974).
    """
    partial = partial_correlations(correlations)
    off = ~np.eye(len(partial), dtype=bool)
    simple2 = np.asarray(correlations, dtype=float) ** 2 * off
    both2 = simple2 + partial**2 * off
    with np.errstate(invalid="ignore"):
        return Kmo(float(simple2.sum() / both2.sum()), simple2.sum(axis=0) / both2.sum(axis=0))


def principal_axis(correlations: ArrayLike, factors: int, rotation: str | None = None) -> Factors:
    """Principal-axis factoring (M2.5), computed by statsmodels.

    Parameters
    ----------
    correlations : array_like, shape (k, k)
        Correlation matrix.
    factors : int, 1 to k
        Number of factors to extract.
    rotation : {None, "varimax", "oblimin"}
        None leaves the factors unrotated; oblimin (gamma 0, quartimin) lets them correlate.

    Returns
    -------
    Factors

    Raises
    ------
    ValueError
        If the matrix is not a correlation matrix or is singular, or for a number of factors or
        a rotation that is not allowed.
    """
    matrix = _checked(correlations, invertible=True)
    if not 1 <= factors <= len(matrix):
        raise ValueError(
            _("factors must lie between 1 and {k}; it is {factors}.").format(
                k=len(matrix), factors=factors
            )
        )
    if rotation not in ROTATIONS:
        raise ValueError(
            _("Unknown rotation {rotation!r}; choose one of {known}.").format(
                rotation=rotation, known=", ".join(map(str, ROTATIONS))
            )
        )
    # Slow to import, and no demo needs it at its start.
    from statsmodels.multivariate.factor import Factor
    from statsmodels.multivariate.factor_rotation import rotate_factors

    fit = Factor(corr=matrix, n_factor=factors, method="pa").fit(maxiter=1000)
    if rotation is None or factors == 1:
        return Factors(fit.loadings, fit.communality, np.eye(factors))
    # Unrotated axes can sit exactly on a saddle of the criterion, where a search never leaves.
    start = np.linalg.qr(np.random.default_rng(0).standard_normal((factors, factors)))[0]
    loadings, turn = rotate_factors(fit.loadings, ROTATIONS[rotation], T=start)
    return Factors(loadings, fit.communality, turn.T @ turn)


def composite_reliability(loadings: ArrayLike) -> float:
    """Reliability of a sum of items that load differently on one factor (omega) (M2.5).

    Parameters
    ----------
    loadings : array_like, shape (k,)
        Standardised loadings in [-1, 1] on one factor.

    References
    ----------
    Fornell and Larcker (1981); McDonald (1999).
    """
    loading = np.asarray(loadings, dtype=float)
    common = loading.sum() ** 2
    return float(common / (common + (1 - loading**2).sum()))


def average_variance_extracted(loadings: ArrayLike) -> float:
    """Mean squared standardised loading on one factor, AVE (Fornell and Larcker, 1981) (M2.5)."""
    return float(np.mean(np.square(np.asarray(loadings, dtype=float))))


def htmt(correlations: ArrayLike, groups: Sequence[Sequence[int]]) -> Array:
    """Heterotrait-monotrait ratio between groups of items (M2.5).

    Parameters
    ----------
    correlations : array_like, shape (k, k)
        Correlation matrix.
    groups : sequence of m sequences of int
        Positions of each group's items, at least two items a group.

    Returns
    -------
    ndarray, shape (m, m)
        Ones on the diagonal; a value near 1 says that two groups measure the same thing.

    Raises
    ------
    ValueError
        If the matrix is not a correlation matrix or a group has fewer than two items.

    References
    ----------
    Henseler, Ringle and Sarstedt (2015).
    """
    matrix = np.abs(_checked(correlations))
    if any(len(group) < 2 for group in groups):
        raise ValueError(_("Every group needs at least two items."))

    def mean_within(group: Sequence[int]) -> float:
        block = matrix[np.ix_(group, group)]
        return (block.sum() - len(group)) / (len(group) * (len(group) - 1))

    within = np.array([mean_within(group) for group in groups])
    between = np.array([[matrix[np.ix_(a, b)].mean() for b in groups] for a in groups])
    ratio = between / np.sqrt(np.outer(within, within))
    np.fill_diagonal(ratio, 1.0)
    return ratio


def _checked(correlations: ArrayLike, invertible: bool = False) -> Array:
    matrix = np.asarray(correlations, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(
            _("A correlation matrix is square; this one has the shape {shape}.").format(
                shape=matrix.shape
            )
        )
    if not np.isfinite(matrix).all():
        raise ValueError(_("The correlation matrix has missing values; does some item never vary?"))
    if not (np.allclose(matrix, matrix.T) and np.allclose(np.diag(matrix), 1)):
        raise ValueError(
            _("A correlation matrix is symmetric and has ones on its diagonal; this one is not.")
        )
    smallest = np.linalg.eigvalsh(matrix)[0]
    if smallest < -1e-8:
        raise ValueError(
            _(
                "These correlations contradict each other: the smallest eigenvalue is {value:.3f}."
            ).format(value=smallest)
        )
    if invertible and smallest < 1e-10:
        raise ValueError(
            _("The correlation matrix is singular: some item is the sum or a copy of others.")
        )
    return matrix
