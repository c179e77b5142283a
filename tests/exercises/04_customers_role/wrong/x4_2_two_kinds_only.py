"""Knows two kinds of customers, the first and the second."""

import math

import pandas as pd


def mixed_wait(lam, shares, means, sds):
    u = shares[1] / (shares[0] + shares[1])
    first = (1 - u) * means[0] + u * means[1]
    second = (1 - u) * (means[0] ** 2 + sds[0] ** 2) + u * (means[1] ** 2 + sds[1] ** 2)
    if lam * first >= 1:
        return math.inf
    return lam * second / (2 * (1 - lam * first))


def load_curve(df):
    hours = df[(df["date"] < "2020-03-01") & (df["booths"] > 0)]
    group = pd.qcut(hours["passengers"] / hours["booths"], 10, labels=False)
    return hours["all_avg_wait_min"].groupby(group).mean().tolist()


def why_no_explosion():
    return ["B", "D"]
