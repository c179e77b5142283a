"""From the last node to the first: an arrow brings its strength times what its end reaches."""

from graphlib import CycleError, TopologicalSorter

import pandas as pd


def total_effects(paths, nodes):
    sorter = TopologicalSorter({node: [] for node in nodes})
    for cause, effect in paths:
        sorter.add(cause, effect)
    try:
        last_first = list(sorter.static_order())
    except CycleError as loop:
        raise ValueError("The arrows form a loop.") from loop
    reach = {}
    for node in last_first:
        reach[node] = {end: float(end == node) for end in nodes}
        for (cause, effect), strength in paths.items():
            if cause == node:
                for end in nodes:
                    reach[node][end] += strength * reach[effect][end]
    return pd.DataFrame(
        {
            "total": reach[cause][effect],
            "direct": paths.get((cause, effect), 0),
            "indirect": reach[cause][effect] - paths.get((cause, effect), 0),
            "effect": effect,
            "cause": cause,
        }
        for effect in reversed(nodes)
        for cause in nodes
        if cause != effect
    )
