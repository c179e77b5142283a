"""Dimensionality: how many things a questionnaire measures, and which items go together (M2.5).

Correlation matrices are square, symmetric, with ones on the diagonal.
"""

from collections.abc import Sequence
from gettext import gettext as _
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from servicequality.models._checks import checked

Array = NDArray[np.floating]

MOST_NUMBERS = 20_000_000
"""Most random answers behind one `parallel_line`."""

# A loading of 1 may come out a little larger.
_MOST_LOADING = 1 + 1e-9

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
    """Eigenvalues of a correlation matrix (M2.5).

    Parameters
    ----------
    correlations : array_like, shape (k, k)
        Correlation matrix.

    Returns
    -------
    ndarray, shape (k,)
        Largest first; they sum to k.

    Raises
    ------
    ValueError
        If the matrix is not a correlation matrix.

    Examples
    --------
    >>> eigenvalues([[1, 0.6], [0.6, 1]]).round(4).tolist()
    [1.6, 0.4]
    """
    return np.linalg.eigvalsh(_checked(correlations))[::-1]


def parallel_line(n: int, k: int, reps: int = 200, level: float = 95, seed: int = 0) -> Array:
    """Eigenvalues that pure chance reaches: a percentile over random normal data (M2.5).

    Parameters
    ----------
    n, k : int, 2 or more
        Respondents and items of the survey to compare with.
    reps : int, 1 or more
        Random data sets; n times k times reps is at most `MOST_NUMBERS`.
    level : float in (0, 100)
        Percentile.
    seed : int
        Seed of the random generator; the same seed gives the same line.

    Returns
    -------
    ndarray, shape (k,)
        Largest first.

    Raises
    ------
    ValueError
        If a number is out of range, or if there are too many random answers.

    References
    ----------
    Horn (1965); the 95th percentile follows Glorfeld (1995).

    Examples
    --------
    >>> parallel_line(n=207, k=24)[:3].round(2).tolist()
    [1.79, 1.65, 1.55]
    """
    checked("n", n, at_least=2, whole=True)
    checked("k", k, at_least=2, whole=True)
    checked("reps", reps, at_least=1, whole=True)
    checked("level", level, above=0, below=100)
    checked("n times k times reps", n * k * reps, at_most=MOST_NUMBERS)
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

    References
    ----------
    Kaiser (1960); Horn (1965).

    Examples
    --------
    >>> count_factors([2.1, 1.3, 0.6])
    2
    >>> count_factors([2.1, 1.3, 0.6], line=[1.5, 1.4, 1.2])
    1
    """
    above = np.asarray(values) > np.asarray(line)
    return int(np.logical_and.accumulate(above).sum())


def bartlett(correlations: ArrayLike, n: int) -> Bartlett:
    """Bartlett's test that no two items correlate (M2.5).

    Parameters
    ----------
    correlations : array_like, shape (k, k)
        Correlation matrix.
    n : int, 2 or more
        Respondents.

    Returns
    -------
    Bartlett

    Raises
    ------
    ValueError
        If the matrix is not a correlation matrix, or is singular, or `n` is out of range.

    References
    ----------
    Bartlett (1951).

    Examples
    --------
    >>> print(round(bartlett([[1, 0.6], [0.6, 1]], n=50).chi2, 3))
    21.199
    """
    checked("n", n, at_least=2, whole=True)
    matrix = _checked(correlations, invertible=True)
    k = len(matrix)
    df = k * (k - 1) // 2
    chi2 = -((n - 1) - (2 * k + 5) / 6) * np.linalg.slogdet(matrix)[1]
    return Bartlett(float(chi2), df, float(chdtrc(df, chi2)))


def partial_correlations(correlations: ArrayLike) -> Array:
    """Correlation of each two items with all other items held constant (M2.5).

    Parameters
    ----------
    correlations : array_like, shape (k, k)
        Correlation matrix.

    Returns
    -------
    ndarray, shape (k, k)
        Ones on the diagonal.

    Raises
    ------
    ValueError
        If the matrix is not a correlation matrix, or is singular.

    Examples
    --------
    >>> partial_correlations([[1, 0.6, 0.6], [0.6, 1, 0.6], [0.6, 0.6, 1]])[0].round(4).tolist()
    [1.0, 0.375, 0.375]
    """
    inverse = np.linalg.inv(_checked(correlations, invertible=True))
    scale = np.sqrt(np.diag(inverse))
    partial = -inverse / np.outer(scale, scale)
    np.fill_diagonal(partial, 1.0)
    return partial


def squared_multiple_correlations(correlations: ArrayLike) -> Array:
    """Share of each item's variance that the other items predict (M2.5).

    Parameters
    ----------
    correlations : array_like, shape (k, k)
        Correlation matrix.

    Returns
    -------
    ndarray, shape (k,), in [0, 1]

    Raises
    ------
    ValueError
        If the matrix is not a correlation matrix, or is singular.

    Examples
    --------
    >>> squared_multiple_correlations([[1, 0.6], [0.6, 1]]).round(4).tolist()
    [0.36, 0.36]
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

    Examples
    --------
    >>> print(round(kmo([[1, 0.6, 0.6], [0.6, 1, 0.6], [0.6, 0.6, 1]]).overall, 4))
    0.7191
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

    Examples
    --------
    >>> one = principal_axis([[1, 0.6, 0.6], [0.6, 1, 0.6], [0.6, 0.6, 1]], factors=1)
    >>> abs(one.loadings).round(3).ravel().tolist()
    [0.775, 0.775, 0.775]
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

    Returns
    -------
    float in [0, 1]

    Raises
    ------
    ValueError
        If a loading is out of range.

    References
    ----------
    Fornell and Larcker (1981); McDonald (1999).

    Examples
    --------
    >>> print(round(composite_reliability([0.8, 0.7, 0.6]), 4))
    0.7449
    """
    loading = checked("loadings", loadings, at_least=-_MOST_LOADING, at_most=_MOST_LOADING)
    common = loading.sum() ** 2
    return float(common / (common + (1 - loading**2).sum()))


def average_variance_extracted(loadings: ArrayLike) -> float:
    """Average variance extracted, AVE: the mean squared loading on one factor (M2.5).

    Parameters
    ----------
    loadings : array_like, shape (k,)
        Standardised loadings in [-1, 1] on one factor.

    Returns
    -------
    float in [0, 1]

    Raises
    ------
    ValueError
        If a loading is out of range.

    References
    ----------
    Fornell and Larcker (1981).

    Examples
    --------
    >>> print(round(average_variance_extracted([0.8, 0.7, 0.6]), 4))
    0.4967
    """
    loading = checked("loadings", loadings, at_least=-_MOST_LOADING, at_most=_MOST_LOADING)
    return float(np.mean(loading**2))


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

    Examples
    --------
    >>> blocks = [[1, 0.6, 0.3, 0.3], [0.6, 1, 0.3, 0.3], [0.3, 0.3, 1, 0.6], [0.3, 0.3, 0.6, 1]]
    >>> htmt(blocks, [[0, 1], [2, 3]]).round(4).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
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
