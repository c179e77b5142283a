"""spearmanr of scipy, and a table of results."""

import pandas as pd
from scipy import stats


def hcahps_driver(df, tags, outcome="h_hsp_rating_9_10"):
    y = pd.to_numeric(df[outcome], errors="coerce")
    rows = []
    for column, tag in tags.items():
        x = pd.to_numeric(df[column], errors="coerce")
        both = x.notna() & y.notna()
        rho = stats.spearmanr(x[both], y[both]).statistic
        rows.append((column, tag, rho, int(both.sum())))
    table = pd.DataFrame(rows, columns=["column", "tag", "rho", "n"])
    top = table.loc[table["rho"].idxmax()]
    best = table.loc[table.groupby("tag")["rho"].idxmax()].set_index("tag")["column"]
    return {"column": top["column"], "rho": top["rho"], "n": top["n"], "by_tag": best}
