"""Complaints: the iceberg below them, when voice pays, and which causes come first (M7.1, M7.2).

For teachers. The funnel is arithmetic; its rates are teaching assumptions. No firm has one
complaint rate: it depends on how bad the problem is, what was at stake, and where complaints are
counted (at the counter, or at head office). How many stay after each outcome is as uncertain. Here
an unsolved complaint does more harm than silence. In the figures that are quoted from TARP's
studies of 1979 and 1986 it is the other way round: those who said nothing came back *least*. With
those rates, inviting complaints pays even if few are solved. They are intentions, not behaviour.
`complaint_probability` assumes that people weigh costs and benefits; they also complain from anger
or duty, and stay silent from fear or habit.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicequality.models._checks import checked

Array = NDArray[np.float64]

GROUPS = ("silent", "fast", "slow", "unresolved")
"""Customers with a problem: those who did not complain, and what became of the complaints."""


class Repurchase(NamedTuple):
    """Shares who buy again, in [0, 1]. The defaults are teaching assumptions."""

    no_problem: float = 0.90
    silent: float = 0.55
    fast: float = 0.82
    slow: float = 0.65
    unresolved: float = 0.35


REPURCHASE = Repurchase()


class Iceberg(NamedTuple):
    """What problems cost; every number has the shape of the broadcast inputs.

    Attributes
    ----------
    problems, complaints : ndarray
        Customers with a problem, and those of them who complained.
    customers, lost : dict of group to ndarray
        Customers in each of `GROUPS`, and how many of them are lost *because of* the problem:
        those who would have left anyway are not counted.
    lost_customers : ndarray
        Sum of `lost`.
    lost_value : ndarray
        Their value, in credits.
    """

    problems: Array
    complaints: Array
    customers: dict[str, Array]
    lost: dict[str, Array]
    lost_customers: Array
    lost_value: Array


def iceberg(
    customers: ArrayLike,
    failure_rate: ArrayLike,
    complaint_rate: ArrayLike,
    fast: ArrayLike,
    slow: ArrayLike,
    value: ArrayLike,
    repurchase: Repurchase = REPURCHASE,
) -> Iceberg:
    """Follow customers with a problem to silence or a complaint, and on to the loss (M7.1).

    A teaching assumption: fixed rates, the same for everyone.

    Parameters
    ----------
    customers : array_like, zero or more
        Customers in a period.
    failure_rate : array_like in [0, 1]
        Share of customers with a problem.
    complaint_rate : array_like in [0, 1]
        Share of these who complain.
    fast, slow : array_like in [0, 1]
        Shares of the complaints resolved fast, or slowly; together at most 1.
    value : array_like, zero or more
        Value of a customer, in credits. All arguments but `repurchase` broadcast.
    repurchase : Repurchase
        Shares who buy again.

    Returns
    -------
    Iceberg

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    TARP (1979) for the idea.

    Examples
    --------
    >>> found = iceberg(10_000, 0.12, 0.4, 0.5, 0.2, 300)
    >>> print(round(float(found.lost_customers), 1), round(float(found.lost_value)))
    374.4 112320
    """
    people = checked("customers", customers, at_least=0)
    f = checked("failure_rate", failure_rate, at_least=0, at_most=1)
    c = checked("complaint_rate", complaint_rate, at_least=0, at_most=1)
    quick = checked("fast", fast, at_least=0, at_most=1)
    late = checked("slow", slow, at_least=0, at_most=1)
    checked("fast and slow together", quick + late, at_most=1 + 1e-12)
    worth = checked("value", value, at_least=0)
    rates = repurchase._asdict()
    for name, rate in rates.items():
        checked(f"repurchase.{name}", rate, at_least=0, at_most=1)
    problems = people * f
    complaints = problems * c
    groups = {
        "silent": problems * (1 - c),
        "fast": complaints * quick,
        "slow": complaints * late,
        "unresolved": complaints * np.maximum(1 - quick - late, 0),
    }
    shape = np.broadcast(people, f, c, quick, late).shape
    groups = {group: np.broadcast_to(many, shape)[()] for group, many in groups.items()}
    lost = {group: many * (rates["no_problem"] - rates[group]) for group, many in groups.items()}
    lost_customers = np.sum(list(lost.values()), axis=0)
    return Iceberg(problems, complaints, groups, lost, lost_customers, worth * lost_customers)


def failures_from_complaints(
    complaints: ArrayLike, lowest_rate: ArrayLike, highest_rate: ArrayLike
) -> tuple[Array, Array]:
    """Range of problems behind the complaints that were counted (M7.1).

    Parameters
    ----------
    complaints : array_like, zero or more
        Complaints counted.
    lowest_rate, highest_rate : array_like in (0, 1]
        Range of the share of problems that reach the place where they are counted.

    Returns
    -------
    fewest, most : ndarray
        complaints / highest_rate and complaints / lowest_rate.

    Raises
    ------
    ValueError
        If an argument is out of range, or the lowest rate is above the highest.

    Examples
    --------
    48 letters at head office; between 4 % and 69 % of those with a problem write one:

    >>> fewest, most = failures_from_complaints(48, 0.04, 0.69)
    >>> print(round(float(fewest)), round(float(most)))
    70 1200
    """
    counted = checked("complaints", complaints, at_least=0)
    low = checked("lowest_rate", lowest_rate, above=0, at_most=1)
    high = checked("highest_rate", highest_rate, above=0, at_most=1)
    checked("highest_rate minus lowest_rate", high - low, at_least=0)
    return counted / high, counted / low


def complaint_probability(cost: ArrayLike, success: ArrayLike, mean_severity: ArrayLike) -> Array:
    """Probability that a customer complains: if success x severity exceeds the cost (M7.2).

    A teaching assumption: severity is exponentially distributed over problems.

    Parameters
    ----------
    cost : array_like, zero or more
        What complaining costs the customer, in the units of severity.
    success : array_like in [0, 1]
        Chance of getting something for it.
    mean_severity : array_like, above zero
        Mean severity of a problem. They broadcast.

    Returns
    -------
    ndarray in [0, 1]
        exp(-k / (p g)); 0 if there is no chance, even where complaining is free.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    Hirschman (1970) for voice that is weighed.

    Examples
    --------
    >>> complaint_probability([2, 1], 0.5, 4).round(5).tolist()
    [0.36788, 0.60653]
    """
    k = checked("cost", cost, at_least=0)
    p = checked("success", success, at_least=0, at_most=1)
    g = checked("mean_severity", mean_severity, above=0)
    hope = p * g
    threshold = np.divide(k, hope, out=np.full(np.broadcast(k, hope).shape, np.inf), where=hope > 0)
    return np.exp(-threshold)[()]


def pareto(counts: Mapping[str, float] | pd.Series) -> pd.DataFrame:
    """Order causes by how often they occur, with the cumulative share (M7.3).

    Parameters
    ----------
    counts : mapping or Series of cause to float, zero or more
        How often each cause was recorded; equal counts keep their order.

    Returns
    -------
    DataFrame
        One row per cause, the most frequent first: count, share, cumulative. The shares are NaN if
        nothing was recorded.

    Raises
    ------
    ValueError
        If a count is missing or negative.

    References
    ----------
    Juran, Quality Handbook.

    Examples
    --------
    >>> pareto({"wrong bill": 54, "late": 96, "rude": 30}).round(2)["cumulative"].to_dict()
    {'late': 0.53, 'wrong bill': 0.83, 'rude': 1.0}
    """
    series = pd.Series(counts, dtype=float)
    checked("counts", series, at_least=0)
    ordered = series.sort_values(ascending=False, kind="stable")
    share = ordered / ordered.sum()
    return pd.DataFrame({"count": ordered, "share": share, "cumulative": share.cumsum()})
