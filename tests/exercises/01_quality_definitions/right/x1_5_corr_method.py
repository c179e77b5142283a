"""The correlation method of pandas, and one loop."""

import pandas as pd


def hcahps_driver(df, tags, outcome="h_hsp_rating_9_10"):
    data = df.copy()
    for column in [*tags, outcome]:
        data[column] = pd.to_numeric(data[column], errors="coerce")
    best, by_tag = None, {}
    for column, tag in tags.items():
        complete = data[data[column].notna() & data[outcome].notna()]
        rho = complete[column].corr(complete[outcome], method="spearman")
        if best is None or rho > best[1] + 1e-12:
            best = (column, rho, len(complete))
        if tag not in by_tag or rho > by_tag[tag][1] + 1e-12:
            by_tag[tag] = (column, rho)
    return {
        "column": best[0],
        "rho": best[1],
        "n": best[2],
        "by_tag": {tag: column for tag, (column, _) in by_tag.items()},
    }
