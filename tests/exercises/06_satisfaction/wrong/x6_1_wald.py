"""Takes p ± z √(p(1 − p)/n), which claims certainty at 20 of 20."""

import math

import pandas as pd


def csat(scores, top=2, scale=5):
    marks = pd.Series(scores, dtype=float)
    marks = marks[marks.between(1, scale)]
    n = len(marks)
    if n == 0:
        return dict.fromkeys(["value", "lo", "hi"], math.nan)
    share = (marks > scale - top).mean()
    half = 1.96 * math.sqrt(share * (1 - share) / n)
    return {"value": share, "lo": share - half, "hi": share + half}


def nps(scores):
    answers = pd.Series(scores, dtype=float)
    answers = answers[answers.between(0, 10)]
    n = len(answers)
    if n == 0:
        return dict.fromkeys(["value", "se", "lo", "hi"], math.nan)
    promoters, detractors = (answers >= 9).mean(), (answers <= 6).mean()
    value = 100 * (promoters - detractors)
    se = 100 * math.sqrt((promoters + detractors - (promoters - detractors) ** 2) / n)
    return {"value": value, "se": se, "lo": value - 1.96 * se, "hi": value + 1.96 * se}
