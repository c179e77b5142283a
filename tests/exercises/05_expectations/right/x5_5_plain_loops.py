"""Plain Python, with ranks by hand."""
# ruff: noqa: N803

import math
from collections import defaultdict
from statistics import correlation, median


def profit_of(c, P, up, down):
    d = P - (70 + (c - 70) / 2)
    repeat = 1 / (1 + math.exp(-0.2 - (up if d >= 0 else down) * d))
    return (100 + 2 * (c - 70)) * (10 + 40 * repeat)


def best_promise(P, grid, up=0.12, down=0.24):
    profits = {c: profit_of(c, P, up, down) for c in grid}
    most = max(round(profit, 3) for profit in profits.values())
    c = min(c for c, profit in profits.items() if round(profit, 3) == most)
    return [c, profits[c]]


def ranks(values):
    return [sum(w < v for w in values) + (sum(w == v for w in values) + 1) / 2 for v in values]


def promise_vs_speed(requests, at_least=500):
    times = defaultdict(list)
    columns = (requests[name].tolist() for name in ("type", "promised_s", "taken_s"))
    for kind, promised, taken in zip(*columns, strict=True):
        if promised == promised and taken == taken:
            times[kind].append((promised, taken))
    large = [pairs for pairs in times.values() if len(pairs) >= at_least]
    share = [sum(t <= p for p, t in pairs) / len(pairs) for pairs in large]
    target = [median(p for p, t in pairs) for pairs in large]
    actual = [median(t for p, t in pairs) for pairs in large]
    rho = [correlation(ranks(share), ranks(other)) for other in (target, actual)]
    return (*rho, len(large))
