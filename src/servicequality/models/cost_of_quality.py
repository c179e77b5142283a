"""Cost of quality: prevention against failure, and when zero defects pay (M1.5).

For teachers. Both curves are teaching assumptions: prevention and appraisal cost a q/(1-q), without
end as conformance q nears 1, and failure costs b for each unit that fails. They make an optimum
below 1 unavoidable, which is Juran's side of the debate. In reality prevention often gets cheaper
through learning and fail-safe design (a falls, and the optimum drifts towards 1, which is Crosby's
side), and failures cost reputation that no ledger shows (b is larger than it looks).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servicequality.models._checks import checked

Array = NDArray[np.float64]


class CostOfQuality(NamedTuple):
    """Cost of a unit, in credits; every part has the shape of the broadcast inputs."""

    prevention: Array
    failure: Array
    total: Array


class Optimum(NamedTuple):
    """The conformance with the lowest total cost, and that cost in credits."""

    conformance: Array
    cost: Array


def cost_of_quality(conformance: ArrayLike, a: ArrayLike, b: ArrayLike) -> CostOfQuality:
    """Cost of a level of conformance, a q/(1-q) + b(1-q) (M1.5). Arguments broadcast.

    A teaching assumption on the form of both curves.

    Parameters
    ----------
    conformance : array_like in [0, 1)
        Share of units without defect, q.
    a : array_like, more than 0
        Difficulty of prevention and appraisal, in credits: what they cost at q = 0.5.
    b : array_like, zero or more
        Cost of a failed unit, internal and external, in credits.

    Returns
    -------
    CostOfQuality

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    Juran (1951) and Feigenbaum (1956) for the categories; Crosby (1979) for the other side.

    Examples
    --------
    >>> cost = cost_of_quality(0.8, a=1, b=25)
    >>> print(f"{cost.prevention:.2f} + {cost.failure:.2f} = {cost.total:.2f}")
    4.00 + 5.00 = 9.00
    """
    q = checked("conformance", conformance, at_least=0, below=1)
    prevention = checked("a", a, above=0) * q / (1 - q)
    failure = checked("b", b, at_least=0) * (1 - q)
    return CostOfQuality(
        *(part[()] for part in np.broadcast_arrays(prevention, failure, prevention + failure))
    )


def best_conformance(a: ArrayLike, b: ArrayLike) -> Optimum:
    """Conformance with the lowest cost, max(0, 1 - sqrt(a/b)) (M1.5). Arguments broadcast.

    Parameters
    ----------
    a, b : array_like
        As in `cost_of_quality`.

    Returns
    -------
    Optimum
        The cost is 2 sqrt(ab) - a, or b where prevention does not pay at all (b at most a).

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> best = best_conformance(1, [25, 400])
    >>> best.conformance.round(4).tolist(), best.cost.tolist()
    ([0.8, 0.95], [9.0, 39.0])
    """
    difficulty, failure = np.broadcast_arrays(checked("a", a, above=0), checked("b", b, at_least=0))
    # Where b is below a, it is as if b were a: then the formulas give 0.
    pays = np.maximum(failure, difficulty)
    conformance = 1 - np.sqrt(difficulty / pays)
    cost = np.where(failure > difficulty, 2 * np.sqrt(difficulty * failure) - difficulty, failure)
    return Optimum(conformance[()], cost[()])
