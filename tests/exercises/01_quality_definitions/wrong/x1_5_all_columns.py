"""Takes every column for a topic."""

import pandas as pd


def hcahps_driver(df, tags, outcome="h_hsp_rating_9_10"):
    numbers = df.apply(pd.to_numeric, errors="coerce").dropna(axis=1, how="all")
    rho = numbers.drop(columns=outcome).corrwith(numbers[outcome], method="spearman")
    column = rho.idxmax()
    by_tag = dict.fromkeys(tags.values(), column)
    n = len(numbers[[column, outcome]].dropna())
    return {"column": column, "rho": rho[column], "n": n, "by_tag": by_tag}
