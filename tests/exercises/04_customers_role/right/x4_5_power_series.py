"""Adds up powers of the matrix of arrows until nothing is left; leaves out pairs without effect."""

# ruff: noqa: N806
import numpy as np
import pandas as pd


def total_effects(paths, nodes):
    B = pd.DataFrame(0.0, index=nodes, columns=nodes)
    arrows = pd.DataFrame(0, index=nodes, columns=nodes)
    for (cause, effect), strength in paths.items():
        B.loc[cause, effect] = strength
        arrows.loc[cause, effect] = 1
    total, power, ways = B * 0, B, arrows
    for _ in nodes:
        total, power, ways = total + power, power @ B, np.minimum(ways @ arrows, 1)
    if ways.to_numpy().any():
        raise ValueError("A chain of more arrows than nodes: there is a loop.")
    index = pd.MultiIndex.from_product([nodes, nodes], names=["cause", "effect"])
    table = pd.DataFrame({"direct": B.to_numpy().ravel(), "total": total.to_numpy().ravel()}, index)
    table["indirect"] = table["total"] - table["direct"]
    return table[(table != 0).any(axis=1)]
