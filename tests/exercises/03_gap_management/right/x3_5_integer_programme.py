"""Integer programming: x is 1 for a chosen project, and x <= y where x requires y."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp


def best_portfolio(projects, budget, requires=None):
    names = list(projects)
    cost, value = np.array([projects[name] for name in names], dtype=float).T
    rules = [LinearConstraint(cost[np.newaxis], ub=budget)]
    for name, needed in (requires or {}).items():
        row = np.zeros(len(names))
        row[names.index(name)], row[names.index(needed)] = 1, -1
        rules.append(LinearConstraint(row[np.newaxis], ub=0))
    found = milp(-value, constraints=rules, integrality=np.ones(len(names)), bounds=Bounds(0, 1))
    chosen = [name for name, x in zip(names, found.x, strict=True) if x > 0.5]
    return -found.fun, chosen
