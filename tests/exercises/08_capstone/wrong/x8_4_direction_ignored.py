import pandas as pd


def gap_table(df):
    """Take more for better, always."""
    table = df.set_index("metric")
    gap = table["actual"] - table["expected"]
    normalised = gap / table["base"]
    priority = table["weight"] * -normalised.clip(upper=0)
    total = priority.sum()
    share = priority / total if total > 0 else priority * 0
    return pd.DataFrame({"gap": gap, "normalised": normalised, "share": share})
