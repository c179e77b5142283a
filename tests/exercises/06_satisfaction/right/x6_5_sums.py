"""Adds up period by period, and groups."""
# ruff: noqa: N803

import numpy as np


def clv(m, r, d, horizon=None, first="now"):
    start = 0 if first == "now" else 1
    periods = 5_000 if horizon is None else horizon
    return sum(m * (r / (1 + d)) ** t for t in range(start, start + periods))


def ladder_value(Q, m, d):
    today = value = np.array(m, dtype=float)
    for _ in range(2_000):
        value = today + np.array(Q) @ value / (1 + d)
    return value


def churn_indicators(df):
    by = df.groupby("complained")["churn"].agg(["mean", "sum", "size"])
    by = by.reindex([True, False])
    stayed = by["size"] - by["sum"]
    odds = by["sum"] / stayed
    known = (by["sum"] > 0).all() and (stayed > 0).all()
    return {
        "churn": df["churn"].mean(),
        "churn_complained": by["mean"].iloc[0],
        "churn_quiet": by["mean"].iloc[1],
        "odds_ratio": odds.iloc[0] / odds.iloc[1] if known else np.nan,
        "churn_by_tariff": df.groupby("tariff_plan")["churn"].mean(),
        "new": np.nan,
        "upgraded": np.nan,
        "note": "Not in the file: new, upgraded.",
    }
