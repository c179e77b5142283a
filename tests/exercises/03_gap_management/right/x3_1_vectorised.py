"""Whole columns in NumPy, in the order of the rows, without naming the metrics."""

import numpy as np
import pandas as pd


def gap_table(df, norm="range"):
    expected = df["expected"].to_numpy(dtype=float)
    bases = {
        "relative": np.where(expected == 0, np.nan, np.abs(expected)),
        "range": (df["hi"] - df["lo"]).to_numpy(dtype=float),
        "standardised": df["sd"].to_numpy(dtype=float),
    }
    gap = (df["actual"].to_numpy(dtype=float) - expected) * df["direction"].to_numpy()
    normalised = gap / bases[norm]
    priority = df["weight"].to_numpy() * np.where(normalised < 0, np.abs(normalised), 0)
    return pd.DataFrame(
        {
            "gap": gap,
            "unit": np.where(df["unit"] == "%", "pp", df["unit"]),
            "normalised": normalised,
            "priority": priority,
            "share": priority / priority.sum() if priority.any() else np.zeros(len(df)),
        }
    )
