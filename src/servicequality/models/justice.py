"""Fair recovery: outcome, process and treatment, and the cheapest mix of them (M7.5, D7.2).

For teachers. That all three kinds of justice count is known from many studies (Tax, Brown and
Chandrashekaran, 1998; Smith, Bolton and Wagner, 1999; Gelbrich and Roschk, 2011); that good
manners and a good outcome strengthen each other is found in some. The coefficients, the effect
and price of each action, and the factors by which money fails to make up for lost time or face are
teaching assumptions. In reality a second apology adds little, a rude tone spoils what comes after
it, and the weights depend on what was lost.
"""

from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servicequality.models._checks import check_choice, checked

Array = NDArray[np.float64]

LOWEST, HIGHEST = 1.0, 7.0
"""Ends of the scale of justice and satisfaction."""

KINDS = ("distributive", "procedural", "interactional")
"""Outcome, process, treatment."""

LOSSES: dict[str, float] = {"money": 1.0, "time": 0.5, "face": 0.25}
"""How much of its effect a payment keeps, by what the customer lost. A teaching assumption."""


class Action(NamedTuple):
    """What an action adds to each kind of justice (scale points), and its cost (credits)."""

    distributive: float = 0.0
    procedural: float = 0.0
    interactional: float = 0.0
    cost: float = 0.0


ACTIONS: dict[str, Action] = {
    "full refund": Action(distributive=3, cost=40),
    "half refund": Action(distributive=2, cost=20),
    "voucher": Action(distributive=1, cost=5),
    "fast fix": Action(procedural=2, cost=4),
    "choice of remedy": Action(procedural=1.5, interactional=0.5),
    "explanation": Action(procedural=0.5, interactional=1),
    "apology": Action(interactional=2),
    "follow-up call": Action(interactional=1, cost=1),
    "rude tone": Action(interactional=-2),
}
"""What one can do or say at the recovery desk. A teaching assumption."""


class Recovery(NamedTuple):
    """How a recovery is seen.

    Attributes
    ----------
    distributive, procedural, interactional : float in [1, 7]
        Justice of the outcome, of the process and of the treatment.
    satisfaction : float in [1, 7]
        From `satisfaction`.
    cost : float
        In credits.
    weakest : tuple of str
        The kind of justice with the lowest score; several if tied.
    """

    distributive: float
    procedural: float
    interactional: float
    satisfaction: float
    cost: float
    weakest: tuple[str, ...]


class Mix(NamedTuple):
    """Levels of justice and what they cost, in credits."""

    distributive: float
    procedural: float
    interactional: float
    cost: float


def satisfaction(distributive: ArrayLike, procedural: ArrayLike, interactional: ArrayLike) -> Array:
    """Satisfaction with a recovery from three kinds of justice (M7.5).

    A teaching assumption: .4 + .4 D + .2 P + .3 I + .05 (D - 4) (I - 4), cut at 1 and 7.

    Parameters
    ----------
    distributive, procedural, interactional : array_like in [1, 7]
        D, P and I. They broadcast.

    Returns
    -------
    ndarray in [1, 7]

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    Tax, Brown and Chandrashekaran (1998) for the three kinds of justice.

    Examples
    --------
    A rude refund, and kind and quick help without money:

    >>> satisfaction([6, 3], [3, 6], [1, 6]).round(4).tolist()
    [3.4, 4.5]
    """
    levels = zip(KINDS, (distributive, procedural, interactional), strict=True)
    d, p, i = (checked(kind, level, at_least=LOWEST, at_most=HIGHEST) for kind, level in levels)
    return np.clip(_uncut(d, p, i), LOWEST, HIGHEST)


def recover(actions: Iterable[str], loss: str = "money", start: float = 3.0) -> Recovery:
    """Play cards at the recovery desk (D7.2).

    A teaching assumption: every action adds its points, whatever else is done, up to the ends of
    the scale.

    Parameters
    ----------
    actions : iterable of str
        Names in `ACTIONS`; each counts once.
    loss : {"money", "time", "face"}
        What the customer lost, see `LOSSES`: payments make up best for lost money.
    start : float in [1, 7]
        All three kinds of justice after the failure.

    Returns
    -------
    Recovery

    Raises
    ------
    ValueError
        For an unknown action or loss, or a start off the scale.

    Examples
    --------
    >>> rude, kind = recover(["full refund", "rude tone"]), recover(["voucher", "apology"])
    >>> print(round(rude.satisfaction, 2), rude.cost, round(kind.satisfaction, 2), kind.cost)
    3.4 40.0 4.1 5.0
    """
    check_choice("loss", loss, LOSSES)
    chosen = list(dict.fromkeys(actions))
    for name in chosen:
        check_choice("actions", name, ACTIONS)
    effects = np.array([ACTIONS[name] for name in chosen]).reshape(-1, len(Action()))
    *points, cost = effects.sum(axis=0)
    points[0] *= LOSSES[loss]
    begin = float(checked("start", start, at_least=LOWEST, at_most=HIGHEST))
    levels = [float(np.clip(begin + more, LOWEST, HIGHEST)) for more in points]
    weakest = tuple(
        kind for kind, level in zip(KINDS, levels, strict=True) if level <= min(levels) + 1e-9
    )
    d, p, i = levels
    return Recovery(d, p, i, float(satisfaction(d, p, i)), float(cost), weakest)


def cheapest_mix(
    target: float,
    unit_costs: tuple[float, float, float],
    start: tuple[float, float, float] = (LOWEST, LOWEST, LOWEST),
    whole: bool = False,
) -> Mix:
    """Reach a satisfaction at the lowest cost (M7.5).

    Parameters
    ----------
    target : float in [1, 7]
        Satisfaction to reach.
    unit_costs : (distributive, procedural, interactional), zero or more
        Credits for one more point of each kind of justice.
    start : (distributive, procedural, interactional), each in [1, 7]
        Levels to begin with; they cannot be lowered.
    whole : bool
        Whether a level that is raised must end on a whole number.

    Returns
    -------
    Mix

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    Money costs 10 a point, speed 3, manners 2: manners first, money last.

    >>> mix = cheapest_mix(5, (10, 3, 2))
    >>> [round(float(part), 4) for part in mix]
    [3.0909, 7.0, 7.0, 50.9091]
    >>> cheapest_mix(5, (10, 3, 2), whole=True)
    Mix(distributive=4.0, procedural=5.0, interactional=7.0, cost=54.0)
    """
    goal = float(checked("target", target, at_least=LOWEST, at_most=HIGHEST))
    costs = checked("unit_costs", unit_costs, at_least=0)
    begin = checked("start", start, at_least=LOWEST, at_most=HIGHEST)
    candidates = _whole_levels(begin) if whole else _candidates(goal, costs, begin)
    levels = np.array(candidates)
    # What was solved for the goal may miss it in the last binary digit.
    reached = _uncut(*levels.T) >= goal - 1e-9
    spent = np.where(reached, (levels - begin) @ costs, np.inf)
    best = int(np.argmin(spent))
    d, p, i = map(float, levels[best])
    return Mix(d, p, i, float(spent[best]))


def _uncut(d: Array, p: Array, i: Array) -> Array:
    return 0.4 + 0.4 * d + 0.2 * p + 0.3 * i + 0.05 * (d - 4) * (i - 4)


def _whole_levels(begin: Array) -> list[tuple[float, ...]]:
    steps = (sorted({low, *np.arange(np.ceil(low), HIGHEST + 1)}) for low in begin.tolist())
    return list(product(*steps))


def _candidates(goal: float, costs: Array, begin: Array) -> list[tuple[float, ...]]:
    """Levels among which the cheapest mix is found.

    The uncut score is .8 + .2 P + .05 (D + 2) (I + 4). With D and I at their best the cost is
    concave in P, so P ends up at a bound, or alone between its bounds. At a bound of P the best D
    and I lie at a bound too, or where (D + 2) (I + 4) = room touches a line of equal cost.
    """
    corners = list(product(*((low, HIGHEST) for low in begin.tolist())))
    found = list(corners)
    for corner in corners:
        for free in range(3):
            zero, one = (np.where(np.arange(3) == free, level, corner) for level in (0.0, 1.0))
            slope = _uncut(*one) - _uncut(*zero)
            level = np.clip((goal - _uncut(*zero)) / slope, begin[free], HIGHEST)
            found.append(tuple(np.where(np.arange(3) == free, level, corner)))
    for p in (begin[1], HIGHEST):
        room = (goal - 0.8 - 0.2 * p) / 0.05
        if room > 0 and costs[0] > 0:
            with np.errstate(over="ignore"):
                d = np.clip(np.sqrt(room * costs[2] / costs[0]) - 2, begin[0], HIGHEST)
            i = np.clip(room / (d + 2) - 4, begin[2], HIGHEST)
            found.append((d, p, i))
    return found
