"""Multiplies a matrix of effects with the drivers; returns a Series."""

import numpy as np
import pandas as pd

EFFECTS = pd.DataFrame(
    {
        "needs": [0.4, 0, 0],
        "enduring": [0.3, 0, 0],
        "explicit": [0.2, 0.25, 0.075],
        "implicit": [0.2, 0.25, 0.075],
        "word_of_mouth": [0.2, 0.25, 0.075],
        "past": [0.2, 0.5, 0.15],
        "transitory": [0, 0, 0.4],
        "alternatives": [0, 0, 0.3],
        "role": [0, 0, 0.2],
        "situational": [0, 0, -0.4],
    },
    index=["desired", "predicted", "adequate"],
)


def form_expectations(**drivers):
    if not set(drivers) <= set(EFFECTS):
        raise TypeError("no such driver")
    x = pd.Series(drivers, dtype=float).reindex(EFFECTS.columns).fillna(0)
    levels = (np.array([7, 6, 5]) + EFFECTS @ x).clip(1, 9)
    levels["adequate"] = levels[["desired", "adequate"]].min()
    levels["width"] = levels["desired"] - levels["adequate"]
    return levels
