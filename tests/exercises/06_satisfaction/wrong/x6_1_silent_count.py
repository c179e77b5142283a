"""Counts those who did not answer in n."""

import math

import pandas as pd


def csat(scores, top=2, scale=5):
    marks = pd.Series(scores, dtype=float)
    n = len(marks)
    if n == 0:
        return dict.fromkeys(["value", "lo", "hi"], math.nan)
    share = (marks > scale - top).mean()
    z2 = 1.96**2
    centre = share + z2 / (2 * n)
    half = 1.96 * math.sqrt(share * (1 - share) / n + z2 / (4 * n**2))
    return {
        "value": share,
        "lo": (centre - half) / (1 + z2 / n),
        "hi": (centre + half) / (1 + z2 / n),
    }


def nps(scores):
    answers = pd.Series(scores, dtype=float)
    n = len(answers)
    if n == 0:
        return dict.fromkeys(["value", "se", "lo", "hi"], math.nan)
    promoters, detractors = (answers >= 9).mean(), (answers <= 6).mean()
    value = 100 * (promoters - detractors)
    se = 100 * math.sqrt((promoters + detractors - (promoters - detractors) ** 2) / n)
    return {"value": value, "se": se, "lo": value - 1.96 * se, "hi": value + 1.96 * se}
