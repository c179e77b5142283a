"""Lets a surplus lower the sum of the priorities."""

import numpy as np
import pandas as pd


def gap_table(df, norm="range"):
    table = df.set_index("metric")
    gap = table["direction"] * (table["actual"] - table["expected"])
    base = {
        "relative": table["expected"].abs().replace(0, np.nan),
        "range": table["hi"] - table["lo"],
        "standardised": table["sd"],
    }[norm]
    normalised = gap / base
    priority = table["weight"] * -normalised
    total = priority.sum()
    return pd.DataFrame(
        {
            "gap": gap,
            "unit": table["unit"].replace("%", "pp"),
            "normalised": normalised,
            "priority": priority,
            "share": priority / total if total > 0 else priority * 0,
        }
    )
