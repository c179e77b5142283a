"""A loop over the rows, with metric as a column of the result, in another order."""

import math

import pandas as pd


def gap_table(df, norm="range"):
    rows = []
    for row in df.to_dict("records"):
        gap = (row["actual"] - row["expected"]) * row["direction"]
        if norm == "relative":
            normalised = gap / abs(row["expected"]) if row["expected"] else math.nan
        elif norm == "range":
            normalised = gap / (row["hi"] - row["lo"])
        else:
            normalised = gap / row["sd"]
        short = math.nan if math.isnan(normalised) else max(0, -normalised)
        unit = "pp" if row["unit"] == "%" else row["unit"]
        rows.append([row["metric"], gap, unit, normalised, row["weight"] * short])
    rows.sort(key=lambda row: row[0])
    total = sum(row[4] for row in rows if not math.isnan(row[4]))
    table = pd.DataFrame(rows, columns=["metric", "gap", "unit", "normalised", "priority"])
    table["share"] = table["priority"] / (total or 1)
    return table
