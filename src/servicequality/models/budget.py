"""Spending an improvement budget: whole projects, and money with diminishing returns (M3.5).

For teachers. The optimisation is exact. The response curves, wg (1 - exp(-k x)) for each gap, and
the points that a project closes are teaching assumptions: in reality they are guesses with wide
margins, projects help or hinder each other beyond simple prerequisites, effects come late and fade,
and the people who do the work are a second budget. So near ties between portfolios mean nothing;
that the optimum is flat is good news for those who have to guess.
"""

from collections.abc import Collection, Iterable, Mapping
from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicequality.models._checks import check_choice, check_columns, checked

Array = NDArray[np.float64]
Requirements = Mapping[str, str | Collection[str]]

MOST_PROJECTS = 18
"""Most projects for a search through all sets of them."""

GREEDY = ("value for money", "value")
"""What a simple shopper may look at."""

# Sums of costs may miss a budget in the last binary digits.
_ROUNDING = 1e-9
_TIE = 1e-12


class Portfolio(NamedTuple):
    """A set of projects, in the order of the table, with its total cost and value."""

    projects: tuple[str, ...]
    cost: float
    value: float


class Allocation(NamedTuple):
    """A budget spread over gaps.

    Attributes
    ----------
    spending : ndarray, shape (n,)
        Money for each gap; sums to the budget.
    value : float
        Weighted gap points closed.
    marginal : float
        Points that the next unit of money would close.
    """

    spending: Array
    value: float
    marginal: float


def best_portfolio(
    projects: pd.DataFrame, budget: float, requires: Requirements | None = None
) -> Portfolio:
    """Find the most valuable set of projects that a budget can pay (M3.5).

    Every set is tried, so the result is exact.

    Parameters
    ----------
    projects : DataFrame
        One row per project, index its name, at most 18; columns cost and value (weighted gap points
        closed), zero or more.
    budget : float, zero or more
        In the unit of the costs.
    requires : mapping, optional
        Project to the project, or the projects, without which it cannot be done.

    Returns
    -------
    Portfolio
        Among equally good sets a cheapest one.

    Raises
    ------
    ValueError
        If a number is impossible, a name is unknown or appears twice, or there are too many
        projects.

    Examples
    --------
    >>> import pandas as pd
    >>> projects = pd.DataFrame(
    ...     {"cost": [60, 50, 50], "value": [70, 50, 50]}, index=["A", "B", "C"]
    ... )
    >>> best_portfolio(projects, 100)
    Portfolio(projects=('B', 'C'), cost=100.0, value=100.0)
    """
    checked("budget", budget, at_least=0)
    sets, cost, value = _possible_sets(projects, requires)
    affordable = np.flatnonzero(cost <= budget + _ROUNDING)
    # Rounded, so that sums in another order tie.
    best = affordable[np.lexsort((cost[affordable], -value[affordable].round(9)))[0]]
    return evaluate(projects, projects.index[sets[best]])


def greedy_portfolio(
    projects: pd.DataFrame,
    budget: float,
    requires: Requirements | None = None,
    by: str = "value for money",
) -> Portfolio:
    """Buy one project after another by a simple rule, as long as it fits (M3.5).

    Parameters
    ----------
    projects, budget, requires
        As in `best_portfolio`, but with any number of projects. At each step the first project by
        the rule is taken among those that can still be paid and whose prerequisites are there;
        among equals the cheaper one.
    by : str
        One of `GREEDY`: highest value per cost first, or highest value first.

    Returns
    -------
    Portfolio

    Raises
    ------
    ValueError
        If a number is impossible, a name is unknown or appears twice, or the rule is unknown.

    References
    ----------
    Dantzig (1957).

    Examples
    --------
    >>> import pandas as pd
    >>> projects = pd.DataFrame(
    ...     {"cost": [60, 50, 50], "value": [70, 50, 50]}, index=["A", "B", "C"]
    ... )
    >>> greedy_portfolio(projects, 100)
    Portfolio(projects=('A',), cost=60.0, value=70.0)
    """
    check_choice("by", by, GREEDY)
    left = float(checked("budget", budget, at_least=0))
    cost, value = _checked(projects)
    needs = _needs(projects, requires)
    if by == "value":
        open_projects = np.lexsort((cost, -value)).tolist()
    else:
        open_projects = _by_value_for_money(cost, value)
    chosen: set[int] = set()
    while True:
        possible = (
            i
            for i in open_projects
            if cost[i] <= left + _ROUNDING and needs.get(i, set()) <= chosen
        )
        following = next(possible, None)
        if following is None:
            return evaluate(projects, projects.index[sorted(chosen)])
        open_projects.remove(following)
        chosen.add(following)
        left -= cost[following]


def fractional_bound(projects: pd.DataFrame, budget: float) -> float:
    """Value that no portfolio can exceed: as if the last project could be done in part (M3.5).

    Parameters
    ----------
    projects, budget
        As in `greedy_portfolio`. Prerequisites could only lower the value.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If a number is impossible or a name appears twice.

    References
    ----------
    Dantzig (1957).

    Examples
    --------
    >>> import pandas as pd
    >>> projects = pd.DataFrame({"cost": [60, 50], "value": [72, 50]}, index=["A", "B"])
    >>> fractional_bound(projects, 100)
    112.0
    """
    checked("budget", budget, at_least=0)
    cost, value = _checked(projects)
    order = _by_value_for_money(cost, value)
    before = np.append(0, cost[order].cumsum()[:-1])
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(cost[order] > 0, np.clip((budget - before) / cost[order], 0, 1), 1)
    return float(part @ value[order])


def evaluate(
    projects: pd.DataFrame, chosen: Iterable[str], requires: Requirements | None = None
) -> Portfolio:
    """Sum up a set of projects.

    Parameters
    ----------
    projects, requires
        As in `greedy_portfolio`.
    chosen : iterable of str
        Names, in any order.

    Returns
    -------
    Portfolio

    Raises
    ------
    ValueError
        If a name is unknown, or a prerequisite is missing from the set.

    Examples
    --------
    >>> import pandas as pd
    >>> projects = pd.DataFrame({"cost": [60, 50], "value": [72, 50]}, index=["A", "B"])
    >>> evaluate(projects, ["B", "A"])
    Portfolio(projects=('A', 'B'), cost=110.0, value=122.0)
    """
    cost, value = _checked(projects)
    names = list(chosen)
    for name in names:
        check_choice("chosen", name, projects.index)
    inside = projects.index.isin(names)
    for project, needed in _needs(projects, requires).items():
        lacking = [projects.index[i] for i in sorted(needed) if not inside[i]]
        if inside[project] and lacking:
            raise ValueError(
                _("{project} needs {needed}, which is not among the chosen projects.").format(
                    project=projects.index[project], needed=", ".join(lacking)
                )
            )
    return Portfolio(
        tuple(projects.index[inside]), float(cost[inside].sum()), float(value[inside].sum())
    )


def frontier(projects: pd.DataFrame, requires: Requirements | None = None) -> pd.DataFrame:
    """Best value for every budget (D3.3).

    Parameters
    ----------
    projects, requires
        As in `best_portfolio`.

    Returns
    -------
    DataFrame
        Columns budget and value, both rising: with this budget the best value is first reached.
        Between two rows the value is that of the row before. Starts at the cost of doing nothing.

    Raises
    ------
    ValueError
        As in `best_portfolio`.

    Examples
    --------
    >>> import pandas as pd
    >>> projects = pd.DataFrame({"cost": [60, 50], "value": [72, 50]}, index=["A", "B"])
    >>> frontier(projects)
       budget  value
    0     0.0    0.0
    1    50.0   50.0
    2    60.0   72.0
    3   110.0  122.0
    """
    _sets, cost, value = _possible_sets(projects, requires)
    # Within one cost the best comes first, so that the others bring nothing new.
    order = np.lexsort((-value, cost.round(9)))
    reached = value[order].round(9)
    record = np.maximum.accumulate(reached)
    new = np.diff(record, prepend=-1) > 0
    return pd.DataFrame({"budget": cost[order][new], "value": reached[new]})


def closure(gaps: ArrayLike, rates: ArrayLike, spending: ArrayLike) -> Array:
    """Weighted gap points that money closes, wg (1 - exp(-k x)) (M3.5). Arguments broadcast.

    A teaching assumption: each further unit of money closes the same share of what is left.

    Parameters
    ----------
    gaps : array_like, zero or more
        Weight x gap of each gap, wg.
    rates : array_like, more than 0
        Response per unit of money, k.
    spending : array_like, zero or more
        Money for each gap, x.

    Returns
    -------
    ndarray
        Of each gap, not their sum.

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> closure([30, 20], [0.05, 0.04], [20, 0]).round(3).tolist()
    [18.964, 0.0]
    """
    wg, k = checked("gaps", gaps, at_least=0), checked("rates", rates, above=0)
    return (wg * -np.expm1(-k * checked("spending", spending, at_least=0)))[()]


def allocate(gaps: ArrayLike, rates: ArrayLike, budget: float) -> Allocation:
    """Spread a budget so that it closes most (M3.5).

    Money goes to where the next unit closes most, until all gaps that get any are level. So a gap
    gets x = ln(wg k / marginal) / k, or nothing if it closes less than that from the start.

    Parameters
    ----------
    gaps, rates : array_like, shape (n,)
        As in `closure`; at least one gap above 0.
    budget : float, zero or more
        Money to spend.

    Returns
    -------
    Allocation

    Raises
    ------
    ValueError
        If a number is out of range or there is no gap.

    References
    ----------
    Boyd and Vandenberghe (2004), water-filling.

    Examples
    --------
    >>> result = allocate([30, 20, 40, 25], [0.05, 0.04, 0.03, 0.06], budget=10)
    >>> result.spending.round(3).tolist(), round(result.value, 4)
    ([4.982, 0.0, 0.866, 4.152], 13.1536)
    """
    wg, k = np.broadcast_arrays(
        np.atleast_1d(checked("gaps", gaps, at_least=0)), checked("rates", rates, above=0)
    )
    checked("budget", budget, at_least=0)
    if not wg.any():
        raise ValueError(_("There is no gap to close: all numbers in gaps are zero."))
    first_return = wg * k
    order = np.argsort(-first_return, kind="stable")
    order = order[first_return[order] > 0]
    # If the first m gaps get money, the budget sets the marginal return; m is right as long as the
    # last of them starts above it.
    logs = np.log(first_return[order])
    marginals = (np.cumsum(logs / k[order]) - budget) / np.cumsum(1 / k[order])
    level = marginals[np.flatnonzero(logs >= marginals - _TIE)[-1]]
    spending = np.zeros(wg.shape)
    spending[order] = np.maximum(0, (logs - level) / k[order])
    return Allocation(spending, float(closure(wg, k, spending).sum()), float(np.exp(level)))


def compare_splits(gaps: ArrayLike, rates: ArrayLike, budget: float) -> pd.DataFrame:
    """Compare the best split of a budget with two simple ones (M3.5, D3.3).

    Parameters
    ----------
    gaps, rates, budget
        As in `allocate`.

    Returns
    -------
    DataFrame
        One row per rule and gap: rule ("best", "equal" or "proportional", to the gaps), gap (its
        position, from 0), spending, closed.

    Raises
    ------
    ValueError
        As in `allocate`.

    Examples
    --------
    >>> splits = compare_splits([30, 20, 40, 25], [0.05, 0.04, 0.03, 0.06], budget=80)
    >>> splits.groupby("rule")["closed"].sum().round(4).to_dict()
    {'best': 66.8887, 'equal': 65.4947, 'proportional': 66.8048}
    """
    best = allocate(gaps, rates, budget).spending
    wg = np.broadcast_to(np.asarray(gaps, dtype=float), best.shape)
    spending = {
        "best": best,
        "equal": np.full(len(best), budget / len(best)),
        "proportional": budget * wg / wg.sum(),
    }
    money = np.concatenate(list(spending.values()))
    return pd.DataFrame(
        {
            "rule": np.repeat(list(spending), len(best)),
            "gap": np.tile(np.arange(len(best)), len(spending)),
            "spending": money,
            "closed": closure(wg, rates, money.reshape(-1, len(best))).ravel(),
        }
    )


def _possible_sets(
    projects: pd.DataFrame, requires: Requirements | None
) -> tuple[NDArray[np.bool_], Array, Array]:
    """List every set of projects that has its prerequisites, with cost and value."""
    cost, value = _checked(projects)
    checked("number of projects", len(cost), at_most=MOST_PROJECTS)
    numbers = np.arange(2 ** len(cost))
    sets = (numbers[:, None] >> np.arange(len(cost)) & 1).astype(bool)
    for project, needed in _needs(projects, requires).items():
        sets = sets[~sets[:, project] | sets[:, sorted(needed)].all(axis=1)]
    return sets, sets @ cost, sets @ value


def _by_value_for_money(cost: Array, value: Array) -> list[int]:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(cost > 0, value / cost, np.inf)
    # Rounded, because 7/15 and 14/30 are equal on paper.
    order: list[int] = np.lexsort((cost, -ratio.round(9))).tolist()
    return order


def _needs(projects: pd.DataFrame, requires: Requirements | None) -> dict[int, set[int]]:
    """Prerequisites by position."""
    position = {name: i for i, name in enumerate(projects.index)}
    needs = {}
    for project, needed in (requires or {}).items():
        others = [needed] if isinstance(needed, str) else list(needed)
        for name in [project, *others]:
            check_choice("requires", name, projects.index)
        needs[position[project]] = {position[name] for name in others}
    return needs


def _checked(projects: pd.DataFrame) -> tuple[Array, Array]:
    check_columns(projects, ["cost", "value"])
    if not projects.index.is_unique:
        raise ValueError(
            _("Each project needs its own name; {name} appears twice.").format(
                name=projects.index[projects.index.duplicated()][0]
            )
        )
    return (
        checked("cost", projects["cost"], at_least=0),
        checked("value", projects["value"], at_least=0),
    )
