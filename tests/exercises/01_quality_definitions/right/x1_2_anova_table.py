"""Plain loops, by way of F; counts up the ratings one by one."""

import math


def icc1(df, group, score):
    table = {}
    for name, value in zip(df[group], df[score], strict=True):
        if value == value:
            table.setdefault(name, []).append(float(value))
    every = [value for values in table.values() for value in values]
    g, n = len(table), len(every)
    if n == g:
        raise ValueError("one rating in each group")
    grand = sum(every) / n
    ssb = ssw = squares = 0
    for values in table.values():
        mean = sum(values) / len(values)
        ssb += len(values) * (mean - grand) ** 2
        ssw += sum((value - mean) ** 2 for value in values)
        squares += len(values) ** 2
    f_table = {"between": ssb / (g - 1), "within": ssw / (n - g)}
    k0 = (n - squares / n) / (g - 1)
    f = f_table["between"] / f_table["within"]
    return {
        "msb": f_table["between"],
        "msw": f_table["within"],
        "icc": (f - 1) / (f - 1 + k0),
        "reliability": 1 - 1 / f,
    }


def ratings_needed(icc, target):
    if icc <= 0:
        return math.inf
    n = 1
    while n * icc / (1 + (n - 1) * icc) < target:
        n += 1
    return n
