import pandas as pd


def gap_table(df):
    """Go through the rows one by one."""
    rows = []
    for row in df.to_dict("records"):
        gap = (row["actual"] - row["expected"]) * row["direction"]
        short = max(0, -gap / row["base"]) * row["weight"]
        rows.append([row["metric"], gap, gap / row["base"], short])
    whole = sum(row[3] for row in rows) or 1
    table = pd.DataFrame([[*row, row[3] / whole] for row in rows])
    table.columns = ["metric", "gap", "normalised", "priority", "share"]
    return table.set_index("metric").sort_values("share")
