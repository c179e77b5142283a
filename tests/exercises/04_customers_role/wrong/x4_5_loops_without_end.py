"""Follows a loop until Python gives up."""

import pandas as pd


def total_effects(paths, nodes):
    def effect_of(start, end):
        if start == end:
            return 1
        return sum(
            strength * effect_of(effect, end)
            for (cause, effect), strength in paths.items()
            if cause == start
        )

    rows = []
    for cause in nodes:
        for effect in nodes:
            if cause != effect:
                direct, total = paths.get((cause, effect), 0), effect_of(cause, effect)
                rows.append((cause, effect, direct, total - direct, total))
    return pd.DataFrame(rows, columns=["cause", "effect", "direct", "indirect", "total"])
