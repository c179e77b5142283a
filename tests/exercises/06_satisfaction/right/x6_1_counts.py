"""Counts each score."""

import math
from collections import Counter


def csat(scores, top=2, scale=5):
    count = Counter(float(score) for score in scores)
    n = sum(count[mark] for mark in range(1, scale + 1))
    if not n:
        return {"value": math.nan, "lo": math.nan, "hi": math.nan}
    k = sum(count[mark] for mark in range(scale - top + 1, scale + 1))
    z = 1.96
    middle = (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(k * (n - k) / n + z * z / 4)
    return {"value": k / n, "lo": middle - half, "hi": middle + half}


def nps(scores):
    count = Counter(float(score) for score in scores)
    n = sum(count[score] for score in range(11))
    if not n:
        return dict.fromkeys(("value", "se", "lo", "hi"), math.nan)
    promoters = count[9] + count[10]
    detractors = sum(count[score] for score in range(7))
    value = 100 * (promoters - detractors) / n
    se = math.sqrt((1e4 * (promoters + detractors) / n - value**2) / n)
    return {"value": value, "se": se, "lo": value - 1.96 * se, "hi": value + 1.96 * se}
