"""Counts arrows only."""

# ruff: noqa: N806
import numpy as np
import pandas as pd


def total_effects(paths, nodes):
    names = list(nodes)
    B = np.zeros((len(names), len(names)))
    for (cause, effect), strength in paths.items():
        B[names.index(cause), names.index(effect)] = strength
    arrows = (B != 0).astype(int)
    if np.linalg.matrix_power(arrows, len(names)).any():
        raise ValueError("The arrows form a loop.")
    total = B
    rows = [
        (cause, effect, B[i, j], total[i, j] - B[i, j], total[i, j])
        for i, cause in enumerate(names)
        for j, effect in enumerate(names)
        if i != j
    ]
    return pd.DataFrame(rows, columns=["cause", "effect", "direct", "indirect", "total"])
