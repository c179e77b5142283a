"""Never spends the whole budget."""

import itertools


def best_portfolio(projects, budget, requires=None):
    needs = requires or {}
    best = 0, set()
    for size in range(len(projects) + 1):
        for names in itertools.combinations(projects, size):
            cost = sum(projects[name][0] for name in names)
            value = sum(projects[name][1] for name in names)
            complete = all(needs.get(name, name) in names for name in names)
            if complete and cost < budget and value > best[0]:
                best = value, set(names)
    return best
