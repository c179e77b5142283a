"""Follows every chain of arrows; cause and effect are the index."""

import pandas as pd


def total_effects(paths, nodes):
    def follow(node, seen):
        if node in seen:
            raise ValueError(f"{node} comes back to itself.")
        yield node, 1, len(seen)
        for (cause, effect), strength in paths.items():
            if cause == node:
                for end, product, length in follow(effect, [*seen, node]):
                    yield end, strength * product, length

    rows = []
    for start in nodes:
        reached = list(follow(start, []))
        for end in nodes:
            if end != start:
                ways = [(product, length) for node, product, length in reached if node == end]
                direct = sum(product for product, length in ways if length == 1)
                total = sum(product for product, _ in ways)
                rows.append((start, end, direct, total - direct, total))
    names = ["cause", "effect", "direct", "indirect", "total"]
    return pd.DataFrame(rows, columns=names).set_index(["cause", "effect"])
