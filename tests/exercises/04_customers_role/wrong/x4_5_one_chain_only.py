"""Takes the first chain that it finds for all of them."""

import pandas as pd


def total_effects(paths, nodes):
    def first_chain(start, end, seen):
        if start in seen:
            raise ValueError("The arrows form a loop.")
        for (cause, effect), strength in paths.items():
            if cause == start and effect == end and seen:
                return strength
            if cause == start:
                further = first_chain(effect, end, [*seen, start])
                if further:
                    return strength * further
        return 0

    rows = []
    for cause in nodes:
        for effect in nodes:
            if cause != effect:
                direct = paths.get((cause, effect), 0)
                indirect = first_chain(cause, effect, [])
                rows.append((cause, effect, direct, indirect, direct + indirect))
    return pd.DataFrame(rows, columns=["cause", "effect", "direct", "indirect", "total"])
