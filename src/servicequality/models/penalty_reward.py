"""Penalty-reward contrast: what a low rating costs, what a high rating adds (M6.2).

A second road to Kano's classes, from ratings instead of paired questions. The two often disagree
(Mikulic and Prebezac, 2011).
"""

from gettext import gettext as _

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicequality.models._checks import check_columns, checked

LABELS = ("frustrator", "dissatisfier", "hybrid", "satisfier", "delighter")
"""From must-be to attractive. The cuts between them, at -.7, -.2, .2 and .7, are arbitrary."""

_CUTS = (-0.7, -0.2, 0.2, 0.7)
# A ratio of differences can miss a cut in the last binary digit.
_ON_THE_CUT = 1e-9


def impact_asymmetry(reward: ArrayLike, penalty: ArrayLike) -> NDArray[np.float64]:
    """Share of reward minus share of penalty in what an attribute can do (M6.2).

    Parameters
    ----------
    reward : array_like
        Change of satisfaction where the attribute is rated high, against a middle rating.
    penalty : array_like
        Change of satisfaction where it is rated low; normally negative. They broadcast.

    Returns
    -------
    ndarray in [-1, 1]
        (reward - |penalty|) / (reward + |penalty|): -1 can only hurt, 1 can only please. An effect
        of the wrong sign counts as none. NaN if there is no effect at all.

    References
    ----------
    Mikulic and Prebezac (2008).

    Examples
    --------
    >>> print(round(float(impact_asymmetry(0.15, -0.60)), 4))
    -0.6
    """
    up = np.maximum(np.asarray(reward, dtype=float), 0)
    down = np.maximum(-np.asarray(penalty, dtype=float), 0)
    with np.errstate(invalid="ignore"):
        return (up - down) / (up + down)


def label(asymmetry: ArrayLike) -> NDArray[np.str_]:
    """Name the kind of attribute by its impact asymmetry (M6.2).

    Parameters
    ----------
    asymmetry : array_like in [-1, 1]
        From `impact_asymmetry`.

    Returns
    -------
    ndarray of str
        One of `LABELS`; empty for NaN. A value on a cut gets the milder name: -.7 and .7 are a
        dissatisfier and a satisfier, -.2 and .2 hybrids.

    Raises
    ------
    ValueError
        If a value lies outside [-1, 1].

    Examples
    --------
    >>> label([-0.6, 0.1, 0.9]).tolist()
    ['dissatisfier', 'hybrid', 'delighter']
    """
    value = checked("asymmetry", asymmetry, at_least=-1, at_most=1, missing=True)
    inward = value - np.sign(value) * _ON_THE_CUT
    return np.where(np.isnan(value), "", np.array(LABELS)[np.searchsorted(_CUTS, inward)])[()]


def contrast(
    ratings: pd.DataFrame, satisfaction: pd.Series, low: float = 3, high: float = 6
) -> pd.DataFrame:
    """Regress satisfaction on low and high ratings of every attribute at once (M6.2).

    Ordinary least squares with two dummies per attribute; a middle rating is the base.

    Parameters
    ----------
    ratings : DataFrame, customers x attributes
        Ratings of the attributes.
    satisfaction : Series
        Overall satisfaction of the same customers, matched by index. Rows with a missing value are
        left out.
    low, high : float
        Ratings up to `low` count as low, ratings from `high` on as high.

    Returns
    -------
    DataFrame
        One row per attribute: penalty and reward (satisfaction points, all other attributes held
        constant), penalty_se and reward_se (standard errors), asymmetry, label.

    Raises
    ------
    ValueError
        If there are no rows, `low` is not below `high`, too few complete rows are left, some
        attribute has no low, no middle or no high ratings, or attributes always move together.

    References
    ----------
    Brandt (1988); Mikulic and Prebezac (2008).

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"speed": [1, 2, 4, 5, 7, 6, 4, 1]})
    >>> contrast(ratings, pd.Series([3, 3, 7, 7, 8, 8, 7, 3])).round(2)[["penalty", "reward"]]
           penalty  reward
    speed     -4.0     1.0
    """
    check_columns(ratings, [])
    if not low < high:
        raise ValueError(
            _("low must be below high; low is {low} and high is {high}.").format(low=low, high=high)
        )
    satisfaction = satisfaction.reindex(ratings.index)
    complete = ratings.notna().all(axis=1) & satisfaction.notna()
    rated = ratings[complete].to_numpy(dtype=float)
    outcome = satisfaction[complete].to_numpy(dtype=float)
    n, k = rated.shape
    design = np.column_stack([np.ones(n), rated <= low, rated >= high])
    if n <= 2 * k + 1:
        raise ValueError(
            _("{k} attributes need more than {least} complete rows; there are {n}.").format(
                k=k, least=2 * k + 1, n=n
            )
        )
    if np.linalg.matrix_rank(design) < design.shape[1]:
        kinds = (rated > low).astype(int) + (rated >= high)
        lacking = [
            str(name)
            for name, column in zip(ratings, kinds.T, strict=True)
            if len(np.unique(column)) < 3
        ]
        if lacking:
            raise ValueError(
                _(
                    "Each attribute needs low (up to {low:g}), middle and high (from {high:g}) "
                    "ratings; this fails for {names}."
                ).format(low=low, high=high, names=", ".join(lacking))
            )
        raise ValueError(
            _("Some attributes always move together: their effects cannot be told apart.")
        )
    inverse = np.linalg.inv(design.T @ design)
    effects = inverse @ design.T @ outcome
    residual = outcome - design @ effects
    errors = np.sqrt(np.diag(inverse) * (residual @ residual) / (n - design.shape[1]))
    asymmetry = impact_asymmetry(effects[1 + k :], effects[1 : 1 + k])
    return pd.DataFrame(
        {
            "penalty": effects[1 : 1 + k],
            "reward": effects[1 + k :],
            "penalty_se": errors[1 : 1 + k],
            "reward_se": errors[1 + k :],
            "asymmetry": asymmetry,
            "label": label(asymmetry),
        },
        index=ratings.columns,
    )
