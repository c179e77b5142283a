import pandas as pd


def gap_table(df):
    """Let surpluses have a share too."""
    table = df.set_index("metric")
    gap = table["direction"] * (table["actual"] - table["expected"])
    normalised = gap / table["base"]
    priority = table["weight"] * normalised.abs()
    share = priority / priority.sum()
    return pd.DataFrame({"gap": gap, "normalised": normalised, "share": share})
