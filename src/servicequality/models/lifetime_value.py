"""What customers are worth: lifetime value, leaky bucket, ladder, mixed customers (M6.8).

For teachers. This is algebra: true where margin, retention and discount stay as they are. Firms do
not see retention itself; without contracts nobody cancels, and long customers need not be
profitable ones (Reinartz and Kumar, 2000). A constant rate undervalues a cohort of different
customers; see `cohort_retention`.
"""

from gettext import gettext as _
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaln

from servicequality.models._checks import check_choice, checked

Array = NDArray[np.floating]

STARTS = ("now", "end")
"""The first margin comes now and is certain, or after one period from those who stayed."""


class Indicators(NamedTuple):
    """Movements of a customer base in one period, each as a share of the base at its start.

    Attributes
    ----------
    new, churn, retention, upgraded, downgraded : float
        retention is 1 - churn.
    growth : float
        new - churn; negative if the base shrinks.
    """

    new: float
    churn: float
    retention: float
    upgraded: float
    downgraded: float
    growth: float


def clv(
    margin: ArrayLike,
    retention: ArrayLike,
    discount: ArrayLike,
    horizon: ArrayLike = np.inf,
    first: str = "now",
) -> Array:
    """Value a customer for life, with a constant margin and retention (M6.8).

    Parameters
    ----------
    margin : array_like
        Margin of a period, in credits.
    retention : array_like in [0, 1]
        Probability of staying for one more period.
    discount : array_like, zero or more
        Discount rate of a period.
    horizon : array_like of int, zero or more
        Margins counted; inf for all. All arguments but `first` broadcast.
    first : {"now", "end"}
        See `STARTS`.

    Returns
    -------
    ndarray
        In credits. With x = r / (1 + d) it is m (1 - x^T) / (1 - x), and x times that if the first
        margin comes at the end. inf (-inf for a negative margin) if it grows without end: nobody
        leaves, nothing is discounted, no horizon.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    Berger and Nasr (1998).

    Examples
    --------
    >>> value = clv(100, 0.8, 0.1)
    >>> print(round(float(value), 4))
    366.6667
    """
    check_choice("first", first, STARTS)
    m = checked("margin", margin)
    x = _kept(retention, discount)
    periods = checked("horizon", horizon, at_least=0, whole=True, infinite=True)
    with np.errstate(invalid="ignore"):
        total = np.where(x < 1, (1 - x**periods) / (1 - x), periods)
        # Nothing a period is nothing for ever.
        value = np.where(m == 0, 0.0, m * total)
    return (value * x if first == "end" else value)[()]


def retention_gain(
    retention: ArrayLike,
    points: ArrayLike,
    discount: ArrayLike,
    horizon: ArrayLike = np.inf,
    first: str = "now",
) -> Array:
    """Relative gain in lifetime value from more retention (M6.8).

    Parameters
    ----------
    retention : array_like in [0, 1]
        Retention today.
    points : array_like
        Added to it; the sum stays in [0, 1].
    discount, horizon, first
        As in `clv`. All arguments but `first` broadcast.

    Returns
    -------
    ndarray
        .2 is 20 % more value. NaN if the value today is zero or infinite.

    Raises
    ------
    ValueError
        As in `clv`.

    Examples
    --------
    "Five points more retention", in three situations:

    >>> retention_gain(0.90, 0.05, [0.1, 0, 0.1], [float("inf"), float("inf"), 5]).round(4).tolist()
    [0.3333, 1.0, 0.0937]
    """
    today = clv(1.0, retention, discount, horizon, first)
    better = checked("retention plus points", np.add(retention, points), at_least=0, at_most=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = clv(1.0, better, discount, horizon, first) / today
    return np.where((today > 0) & np.isfinite(today), ratio - 1, np.nan)[()]


def retention_elasticity(retention: ArrayLike, discount: ArrayLike, first: str = "now") -> Array:
    """Percent more lifetime value for one percent more retention, without horizon (M6.8).

    Parameters
    ----------
    retention, discount, first
        As in `clv`.

    Returns
    -------
    ndarray
        r / (1 + d - r), or one more if the first margin comes at the end; inf if nobody leaves and
        nothing is discounted.

    Raises
    ------
    ValueError
        As in `clv`.

    References
    ----------
    Gupta, Lehmann and Stuart (2004).

    Examples
    --------
    >>> print(round(float(retention_elasticity(0.8, 0.1)), 4))
    2.6667
    """
    check_choice("first", first, STARTS)
    x = _kept(retention, discount)
    with np.errstate(divide="ignore"):
        return np.divide(x, 1 - x) + (first == "end")


def leaky_bucket(start: float, retention: float, acquired: float, periods: int) -> Array:
    """Count customers over time if a share leaves and a fixed number joins (M6.8).

    Parameters
    ----------
    start : float, zero or more
        Customers now.
    retention : float in [0, 1]
        Share who stay for one more period.
    acquired : float, zero or more
        New customers a period.
    periods : int, zero or more
        How many periods.

    Returns
    -------
    ndarray, shape (periods + 1,)
        From now on.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> leaky_bucket(1000, 0.8, 500, 3).tolist()
    [1000.0, 1300.0, 1540.0, 1732.0]
    """
    checked("periods", periods, at_least=0, whole=True)
    now = checked("start", start, at_least=0)
    level = steady_state(retention, acquired)
    t = np.arange(periods + 1)
    if np.isinf(level):
        return now + acquired * t
    return level + (now - level) * np.power(float(retention), t)


def steady_state(retention: ArrayLike, acquired: ArrayLike) -> Array:
    """Find the number of customers at which as many join as leave (M6.8).

    Parameters
    ----------
    retention : array_like in [0, 1]
        Share who stay for one more period.
    acquired : array_like, zero or more
        New customers a period. They broadcast.

    Returns
    -------
    ndarray
        acquired / (1 - retention); inf if nobody leaves, whether or not anybody joins.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> steady_state([0.8, 0.85], 500).round(2).tolist()
    [2500.0, 3333.33]
    """
    r = checked("retention", retention, at_least=0, at_most=1)
    joining = checked("acquired", acquired, at_least=0)
    return np.divide(
        joining, 1 - r, out=np.full(np.broadcast(r, joining).shape, np.inf), where=r < 1
    )[()]


def cost_per_retained(cost: ArrayLike, points: ArrayLike) -> Array:
    """Cost of each customer who stays only because of a programme (M6.8).

    Parameters
    ----------
    cost : array_like, zero or more
        Cost of the programme for each customer of the base, in credits.
    points : array_like in (0, 1]
        Retention that it adds. They broadcast.

    Returns
    -------
    ndarray
        In credits; compare it with the cost of acquiring one customer. Most who get the programme
        would have stayed anyway, hence the division.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> print(cost_per_retained(4, 0.02))
    200.0
    """
    return checked("cost", cost, at_least=0) / checked("points", points, above=0, at_most=1)


def ladder_value(transitions: ArrayLike, margins: ArrayLike, discount: float) -> Array:
    """Lifetime value of a customer on each step of a ladder (M6.8).

    Parameters
    ----------
    transitions : array_like, shape (k, k)
        Probability of moving from the row's step to the column's step in a period. What a row lacks
        to 1 is the probability of being lost.
    margins : array_like, shape (k,)
        Margin of a period on each step, in credits; the first comes now.
    discount : float, zero or more
        Discount rate of a period.

    Returns
    -------
    ndarray, shape (k,)
        (I - Q / (1 + d))^-1 m, in credits.

    Raises
    ------
    ValueError
        If a probability is out of range, a row sums to more than 1, the shapes do not fit, or
        (without discount) some customers are never lost.

    References
    ----------
    Pfeifer and Carraway (2000).

    Examples
    --------
    >>> steps = [[0.30, 0.45, 0], [0.10, 0.55, 0.20], [0.02, 0.13, 0.78]]
    >>> ladder_value(steps, [10, 40, 120], 0.1).round(3).tolist()
    [191.387, 315.8, 552.755]
    """
    q = checked("transitions", transitions, at_least=0, at_most=1)
    m = checked("margins", margins)
    d = checked("discount", discount, at_least=0)
    if q.ndim != 2 or q.shape != (m.size, m.size):
        raise ValueError(
            _(
                "transitions must have the shape {wanted}, as there are {k} margins; it is {found}."
            ).format(wanted=(m.size, m.size), k=m.size, found=q.shape)
        )
    checked("row sums of transitions", q.sum(axis=1), at_most=1 + 1e-9)
    if np.abs(np.linalg.eigvals(q)).max() / (1 + d) > 1 - 1e-12:
        raise ValueError(
            _(
                "transitions let some customers stay for ever; without a discount their value has "
                "no limit."
            )
        )
    return np.linalg.solve(np.eye(m.size) - q / (1 + d), m)


def ladder_lifetimes(transitions: ArrayLike) -> Array:
    """Mean number of periods that a customer on each step stays, this one included (M6.8).

    Parameters
    ----------
    transitions
        As in `ladder_value`.

    Returns
    -------
    ndarray, shape (k,)

    Raises
    ------
    ValueError
        As in `ladder_value`.

    Examples
    --------
    >>> steps = [[0.30, 0.45, 0], [0.10, 0.55, 0.20], [0.02, 0.13, 0.78]]
    >>> ladder_lifetimes(steps).round(4).tolist()
    [6.6497, 8.1218, 9.9492]
    """
    return ladder_value(transitions, np.ones(len(np.asarray(transitions))), 0.0)


def cohort_retention(alpha: ArrayLike, beta: ArrayLike, period: ArrayLike) -> Array:
    """Retention that a cohort of different customers shows in a period (M6.8).

    Every customer leaves with a constant probability, which differs between customers like a beta
    distribution. The cohort's rate rises although no one changes: those likely to leave go first.

    Parameters
    ----------
    alpha, beta : array_like, above zero
        Parameters of the probability of leaving, whose mean is alpha / (alpha + beta).
    period : array_like of int, at least 1
        1 is the first renewal. All arguments broadcast.

    Returns
    -------
    ndarray in (0, 1)
        (beta + t - 1) / (alpha + beta + t - 1).

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    Fader and Hardie (2007).

    Examples
    --------
    >>> cohort_retention(1, 4, [1, 2, 3, 4]).round(4).tolist()
    [0.8, 0.8333, 0.8571, 0.875]
    """
    a, b = checked("alpha", alpha, above=0), checked("beta", beta, above=0)
    t = checked("period", period, at_least=1, whole=True)
    return (b + t - 1) / (a + b + t - 1)


def cohort_survival(alpha: ArrayLike, beta: ArrayLike, periods: ArrayLike) -> Array:
    """Share of a cohort of different customers left after some periods (M6.8).

    Parameters
    ----------
    alpha, beta
        As in `cohort_retention`.
    periods : array_like of int, zero or more
        Renewals passed. All arguments broadcast.

    Returns
    -------
    ndarray in (0, 1]
        B(alpha, beta + t) / B(alpha, beta): the product of `cohort_retention` up to t.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    Fader and Hardie (2007).

    Examples
    --------
    >>> print(round(float(cohort_survival(1, 4, 4)), 4))
    0.5
    """
    a, b = checked("alpha", alpha, above=0), checked("beta", beta, above=0)
    t = checked("periods", periods, at_least=0, whole=True)
    return np.exp(betaln(a, b + t) - betaln(a, b))


def cohort_value(
    margin: float, alpha: float, beta: float, discount: float, horizon: float = np.inf
) -> float:
    """Lifetime value of a new customer from a mixed cohort, first margin now (M6.8).

    Parameters
    ----------
    margin : float
        Margin of a period, in credits.
    alpha, beta
        As in `cohort_retention`.
    discount : float, zero or at least .0001
        Discount rate of a period.
    horizon : int or inf, zero or more
        Margins counted.

    Returns
    -------
    float
        In credits. Without discount and horizon m (alpha + beta - 1) / (alpha - 1), or inf (-inf
        for a negative margin) if alpha is at most 1: too many stay too long.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    Fader and Hardie (2010).

    Examples
    --------
    The same mean retention of .8, and customers who differ:

    >>> print(round(float(clv(100, 0.8, 0.1)), 1), round(cohort_value(100, 1, 4, 0.1), 1))
    366.7 483.2
    """
    m = float(checked("margin", margin))
    a, b = float(checked("alpha", alpha, above=0)), float(checked("beta", beta, above=0))
    d = float(checked("discount", discount, at_least=0))
    periods = float(checked("horizon", horizon, at_least=0, whole=True, infinite=True))
    if m == 0:
        return 0.0
    if d == 0 and np.isinf(periods):
        return m * (a + b - 1) / (a - 1) if a > 1 else m * np.inf
    if d > 0:
        checked("discount, unless it is zero,", d, at_least=1e-4)
        # What comes later is worth less than 1e-11 of a margin.
        periods = min(periods, np.ceil(35 / np.log1p(d)))
    t = np.arange(periods)
    return m * float((cohort_survival(a, b, t) / (1 + d) ** t).sum())


def indicators(
    base: float, new: float, lost: float, upgraded: float = 0.0, downgraded: float = 0.0
) -> Indicators:
    """Describe a customer base by its movements in one period (M6.8).

    Parameters
    ----------
    base : float, above zero
        Customers at the start of the period.
    new : float, zero or more
        Customers who joined.
    lost, upgraded, downgraded : float in [0, base]
        Customers of the base who left, or moved to a higher or lower tier; together at most `base`.

    Returns
    -------
    Indicators

    Raises
    ------
    ValueError
        If a count is impossible.

    Examples
    --------
    >>> print(round(indicators(1000, 120, 80, 60, 20).growth, 4))
    0.04
    """
    size = float(checked("base", base, above=0))
    joined = float(checked("new", new, at_least=0)) / size
    counts = {"lost": lost, "upgraded": upgraded, "downgraded": downgraded}
    moved = [float(checked(name, count, at_least=0)) for name, count in counts.items()]
    checked("lost, upgraded and downgraded together", sum(moved), at_most=size)
    churn, up, down = (count / size for count in moved)
    return Indicators(joined, churn, 1 - churn, up, down, joined - churn)


def _kept(retention: ArrayLike, discount: ArrayLike) -> Array:
    """Present value of one credit that a customer pays in a period if still there."""
    r = checked("retention", retention, at_least=0, at_most=1)
    return r / (1 + checked("discount", discount, at_least=0))
