"""Dynamic programming over credits, for each set of the projects that rules speak of."""

import itertools


def best_portfolio(projects, budget, requires=None):
    needs = requires or {}
    bound = sorted({*needs, *needs.values()})
    best = (0, frozenset())
    for size in range(len(bound) + 1):
        for fixed in itertools.combinations(bound, size):
            left = budget - sum(projects[name][0] for name in fixed)
            if left < 0 or any(needs.get(name, name) not in fixed for name in fixed):
                continue
            # table[c]: the best value and set of the free projects for c credits
            table = [(0, frozenset())] * (left + 1)
            for name in projects:
                if name in bound:
                    continue
                cost, value = projects[name]
                for credits in range(left, cost - 1, -1):
                    before, names = table[credits - cost]
                    if before + value > table[credits][0]:
                        table[credits] = before + value, names | {name}
            value = table[left][0] + sum(projects[name][1] for name in fixed)
            if value > best[0]:
                best = value, table[left][1] | set(fixed)
    return best[0], set(best[1])
