"""Takes or leaves one project after the other; drops incomplete sets at the end."""


def best_portfolio(projects, budget, requires=None):
    needs = requires or {}
    names = list(projects)

    def best_from(i, left, chosen):
        if i == len(names):
            complete = all(needs.get(name, name) in chosen for name in chosen)
            worth = sum(projects[name][1] for name in chosen)
            return (worth, chosen) if complete else (-1, chosen)
        without = best_from(i + 1, left, chosen)
        cost = projects[names[i]][0]
        if cost > left:
            return without
        return max(best_from(i + 1, left - cost, (*chosen, names[i])), without)

    return best_from(0, budget, ())
