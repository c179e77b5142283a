"""Buys the best value per credit first, as long as it fits."""


def best_portfolio(projects, budget, requires=None):
    needs = requires or {}
    chosen, left = [], budget
    rest = sorted(projects, key=lambda name: (-projects[name][1] / projects[name][0],))
    while True:
        fits = [
            name
            for name in rest
            if name not in chosen
            and projects[name][0] <= left
            and needs.get(name, name) in [*chosen, name]
        ]
        if not fits:
            return sum(projects[name][1] for name in chosen), set(chosen)
        chosen.append(fits[0])
        left -= projects[fits[0]][0]
