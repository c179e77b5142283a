"""Reads the axes the other way round: concentrate and overkill change places."""

import pandas as pd


def ipa(df, mode="data", derived=False):
    points = df.groupby("attribute")[["importance", "performance"]].mean()
    if derived:
        for name, rows in df.groupby("attribute"):
            points.loc[name, "importance"] = rows["performance"].corr(rows["overall"])
    if mode == "diagonal":
        weak = points["performance"] < points["importance"]
        return weak.map({True: "act", False: "leave"})
    cross = pd.Series(4, index=points.columns) if mode == "scale" else points.mean()
    high = points >= cross
    labels = {
        (True, True): "keep up",
        (True, False): "overkill",
        (False, True): "concentrate",
        (False, False): "low priority",
    }
    return pd.Series({name: labels[bool(i), bool(p)] for name, i, p in high.itertuples()})
