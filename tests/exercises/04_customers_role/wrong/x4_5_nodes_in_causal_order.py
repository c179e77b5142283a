"""Takes for granted that causes stand before effects in the list of nodes."""

import pandas as pd


def total_effects(paths, nodes):
    total = {}
    for first, cause in enumerate(nodes):
        total[cause, cause] = 1
        for effect in nodes[first + 1 :]:
            total[cause, effect] = sum(
                total.get((cause, middle), 0) * strength
                for (middle, end), strength in paths.items()
                if end == effect
            )
    rows = []
    for cause in nodes:
        for effect in nodes:
            if cause != effect:
                direct, sum_of_all = paths.get((cause, effect), 0), total.get((cause, effect), 0)
                rows.append((cause, effect, direct, sum_of_all - direct, sum_of_all))
    return pd.DataFrame(rows, columns=["cause", "effect", "direct", "indirect", "total"])
