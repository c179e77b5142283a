"""The service profit chain as a path model (M4.6).

For teachers. The algebra of direct, indirect and total effects holds for every model without
loops; the numbers in `PATHS` are a teaching assumption, and so are straight lines and the order of
cause and effect. In reality links differ by service type, further paths lead past employee
satisfaction, profit pays for tools and training (a loop), and high satisfaction can cost more
than it earns. No correlation tells which way the arrows point: see `simulate`.
"""

from collections.abc import Mapping, Sequence
from gettext import gettext as _
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicequality.models._checks import checked

Array = NDArray[np.float64]
Paths = Mapping[tuple[str, str], float]

NODES = ("ISQ", "ES", "ER", "EP", "ESV", "CS", "CL", "PR")
"""Internal service quality, employee satisfaction, retention and productivity, external service
value, customer satisfaction, customer loyalty, profit."""

PATHS: dict[tuple[str, str], float] = {
    ("ISQ", "ES"): 0.5,
    ("ES", "ER"): 0.4,
    ("ES", "EP"): 0.3,
    ("ER", "ESV"): 0.25,
    ("EP", "ESV"): 0.35,
    ("ESV", "CS"): 0.6,
    ("ES", "CS"): 0.1,
    ("CS", "CL"): 0.45,
    ("CL", "PR"): 0.3,
    ("EP", "PR"): 0.2,
}
"""Standardised path coefficients from cause to effect. A teaching assumption."""

MOST_UNITS = 20_000
"""Most business units in one simulation."""


class Effects(NamedTuple):
    """Effects of one standard deviation more of the row on the column, in standard deviations.

    Attributes
    ----------
    direct : DataFrame, nodes x nodes
        Along the arrow from row to column, if there is one.
    indirect : DataFrame, nodes x nodes
        Along all longer chains of arrows.
    total : DataFrame, nodes x nodes
        direct + indirect.
    """

    direct: pd.DataFrame
    indirect: pd.DataFrame
    total: pd.DataFrame


def effects(paths: Paths = PATHS, nodes: Sequence[str] = NODES) -> Effects:
    """Direct, indirect and total effects (M4.6): total = (I - B)^-1 - I.

    Parameters
    ----------
    paths : mapping of (cause, effect) to float
        Path coefficients.
    nodes : sequence of str
        All variables, in any order.

    Returns
    -------
    Effects

    Raises
    ------
    ValueError
        If a path leads to or from an unknown node, if a coefficient is not finite, or if arrows
        form a loop.

    References
    ----------
    The chain: Heskett, Jones, Loveman, Sasser and Schlesinger (1994). The algebra: Bollen (1987).

    Examples
    --------
    >>> float(effects().total.loc["ISQ", "PR"].round(6))
    0.045052
    """
    direct = _matrix(paths, nodes)
    identity = np.eye(len(direct))
    total = np.linalg.inv(identity - direct) - identity
    return Effects(_table(direct, nodes), _table(total - direct, nodes), _table(total, nodes))


def chains(cause: str, effect: str, paths: Paths = PATHS) -> pd.DataFrame:
    """Every chain of arrows from one variable to another (M4.6); their effects sum to the total.

    Parameters
    ----------
    cause, effect : str
        Nodes.
    paths
        As in `effects`.

    Returns
    -------
    DataFrame
        One row per chain, the strongest first: chain (tuple of nodes) and effect (product of its
        coefficients).

    Raises
    ------
    ValueError
        As in `effects`, or if no path touches `cause` or `effect`.

    Examples
    --------
    >>> for row in chains("ES", "CS").itertuples():
    ...     print("-".join(row.chain), round(row.effect, 3))
    ES-CS 0.1
    ES-EP-ESV-CS 0.063
    ES-ER-ESV-CS 0.06
    """
    nodes = list(dict.fromkeys(node for path in paths for node in path))
    for node in (cause, effect):
        _check_known(node, nodes)
    _matrix(paths, nodes)
    found: list[tuple[tuple[str, ...], float]] = []
    unfinished: list[tuple[tuple[str, ...], float]] = [((cause,), 1.0)]
    while unfinished:
        chain, product = unfinished.pop()
        for (start, end), coefficient in paths.items():
            if start == chain[-1]:
                longer = ((*chain, end), product * coefficient)
                (found if end == effect else unfinished).append(longer)
    table = pd.DataFrame(found, columns=["chain", "effect"])
    return table.sort_values(
        "effect", key=np.abs, ascending=False, kind="stable", ignore_index=True
    )


def leverage(
    cause: str, effect: str, paths: Paths = PATHS, nodes: Sequence[str] = NODES
) -> pd.DataFrame:
    """Show what a stronger single path does to a total effect (M4.6, D4.4).

    Parameters
    ----------
    cause, effect : str
        Nodes.
    paths, nodes
        As in `effects`.

    Returns
    -------
    DataFrame
        One row per path, index (cause, effect): coefficient; slope (change of the total effect
        when the coefficient rises by 1); to_double (increase of the coefficient that doubles the
        total effect; NaN if no increase can, or if there is no effect to double).

    Raises
    ------
    ValueError
        As in `effects`, or if `cause` or `effect` is unknown.

    Examples
    --------
    >>> leverage("ISQ", "PR")["to_double"].sort_values().round(4).head(2).to_dict()
    {('EP', 'PR'): 0.3004, ('ES', 'EP'): 0.3946}
    """
    for node in (cause, effect):
        _check_known(node, nodes)
    place = {node: i for i, node in enumerate(nodes)}
    total = effects(paths, nodes).total.to_numpy()
    reach = total + np.eye(len(nodes))
    slope = np.array(
        [
            reach[place[cause], place[start]] * reach[place[end], place[effect]]
            for start, end in paths
        ]
    )
    now = total[place[cause], place[effect]]
    increase = np.divide(now, slope, out=np.full(len(slope), np.nan), where=slope != 0)
    return pd.DataFrame(
        {
            "coefficient": list(paths.values()),
            "slope": slope,
            "to_double": np.where(increase > 0, increase, np.nan),
        },
        index=pd.MultiIndex.from_tuples(paths, names=["cause", "effect"]),
    )


def implied_correlations(paths: Paths = PATHS, nodes: Sequence[str] = NODES) -> pd.DataFrame:
    """Correlations that a standardised path model implies (M4.6).

    Parameters
    ----------
    paths, nodes
        As in `effects`. Each variable has variance 1; what its causes leave open is chance.

    Returns
    -------
    DataFrame, nodes x nodes

    Raises
    ------
    ValueError
        As in `effects`, or if the paths into a node explain more than all of its variance.

    References
    ----------
    Wright (1934).

    Examples
    --------
    >>> float(implied_correlations().loc["ISQ", "PR"].round(4))
    0.0451
    """
    direct = _matrix(paths, nodes)
    matrix = np.eye(len(direct))
    done: list[int] = []
    for node in _causal_order(paths, nodes):
        weights = direct[done, node]
        with_earlier = matrix[np.ix_(done, done)] @ weights
        explained = float(weights @ with_earlier)
        if explained > 1 + 1e-12:
            raise ValueError(
                _(
                    "The paths into {node} explain {explained:.2f} of its variance; in a "
                    "standardised model they explain at most 1. Make one of them weaker."
                ).format(node=nodes[node], explained=explained)
            )
        matrix[done, node] = matrix[node, done] = with_earlier
        done.append(node)
    return _table(matrix, nodes)


def simulate(
    n: int = 300,
    paths: Paths = PATHS,
    nodes: Sequence[str] = NODES,
    reverse: bool = False,
    seed: int = 0,
) -> pd.DataFrame:
    """Draw business units from the chain, or from its mirror image (D4.4).

    A teaching assumption: straight lines and normal distributions. In the mirror image every arrow
    is turned round: profit comes first and pays for what comes before it in the chain, internal
    service quality last. Both worlds have the same correlations, so that no survey of one moment
    tells them apart; only in the first do better tools raise profit.

    Parameters
    ----------
    n : int, 2 to `MOST_UNITS`
        Business units.
    paths, nodes
        As in `effects`.
    reverse : bool
        Whether profit causes the rest.
    seed : int
        Seed of the random generator.

    Returns
    -------
    DataFrame, n rows, one column per node
        Standard scores.

    Raises
    ------
    ValueError
        As in `implied_correlations`, or if n is impossible.

    Examples
    --------
    >>> simulate(5).shape
    (5, 8)
    """
    checked("n", n, at_least=2, at_most=MOST_UNITS, whole=True)
    correlations = implied_correlations(paths, nodes).to_numpy()
    order = _causal_order(paths, nodes)
    if reverse:
        order.reverse()
    chance = np.random.default_rng(seed).standard_normal((n, len(nodes)))
    scores = np.empty_like(chance)
    done: list[int] = []
    for node in order:
        with_earlier = correlations[done, node]
        weights = np.linalg.pinv(correlations[np.ix_(done, done)], hermitian=True) @ with_earlier
        left_open = 1 - weights @ with_earlier
        # The root of a rounding error would show.
        spread = np.sqrt(left_open) if left_open > 1e-12 else 0.0
        scores[:, node] = scores[:, done] @ weights + spread * chance[:, node]
        done.append(node)
    return pd.DataFrame(scores, columns=list(nodes))


def _matrix(paths: Paths, nodes: Sequence[str]) -> Array:
    """Path coefficients as a matrix, causes in rows; refuses what is no path model."""
    place = {node: i for i, node in enumerate(nodes)}
    matrix = np.zeros((len(nodes), len(nodes)))
    for (cause, effect), coefficient in paths.items():
        for node in (cause, effect):
            _check_known(node, nodes)
        if not np.isfinite(coefficient):
            raise ValueError(
                _("The path {cause} -> {effect} must be a finite number; it is {value}.").format(
                    cause=cause, effect=effect, value=coefficient
                )
            )
        matrix[place[cause], place[effect]] = coefficient
    _causal_order(paths, nodes)
    return matrix


def _causal_order(paths: Paths, nodes: Sequence[str]) -> list[int]:
    """Positions of the nodes, causes before effects."""
    sorter: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(nodes, ()))
    for cause, effect in paths:
        sorter.add(effect, cause)
    try:
        order = list(sorter.static_order())
    except CycleError as error:
        raise ValueError(
            _("The paths form a loop: {loop}.").format(loop=" -> ".join(map(str, error.args[1])))
        ) from error
    place = {node: i for i, node in enumerate(nodes)}
    return [place[node] for node in order]


def _check_known(node: str, nodes: Sequence[str]) -> None:
    if node not in nodes:
        raise ValueError(
            _("Unknown node {node!r}; the nodes are {nodes}.").format(
                node=node, nodes=", ".join(nodes)
            )
        )


def _table(matrix: Array, nodes: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(
        matrix, index=pd.Index(nodes, name="cause"), columns=pd.Index(nodes, name="effect")
    )
