"""Ranks by the size of the correlation, whatever its sign."""

import pandas as pd


def hcahps_driver(df, tags, outcome="h_hsp_rating_9_10"):
    """The topic whose ranks agree best with those of the outcome, overall and by tag."""
    numbers = df[[*tags, outcome]].apply(pd.to_numeric, errors="coerce")
    found = {}
    for column in tags:
        both = numbers[[column, outcome]].dropna()
        found[column] = (both[column].rank().corr(both[outcome].rank()), len(both))

    def best(columns):
        return max(columns, key=lambda column: round(abs(found[column][0]), 9))

    column = best(tags)
    by_tag = {
        tag: best([name for name in tags if tags[name] == tag])
        for tag in dict.fromkeys(tags.values())
    }
    return {"column": column, "rho": found[column][0], "n": found[column][1], "by_tag": by_tag}
