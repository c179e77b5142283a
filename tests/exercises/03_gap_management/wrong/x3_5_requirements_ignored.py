"""Finds the best set, whatever requires what."""

import itertools


def best_portfolio(projects, budget, requires=None):
    best = 0, set()
    for size in range(len(projects) + 1):
        for names in itertools.combinations(projects, size):
            cost = sum(projects[name][0] for name in names)
            value = sum(projects[name][1] for name in names)
            if cost <= budget and value > best[0]:
                best = value, set(names)
    return best
