"""Finds the best real number on each side of the kink, then looks at its neighbours in the grid."""
# ruff: noqa: N803

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit
from scipy.stats import spearmanr


def best_promise(P, grid, up=0.12, down=0.24):
    def profit(c):
        d = P - 35 - c / 2
        return (2 * c - 40) * (10 + 40 * expit(0.2 + (up if d >= 0 else down) * d))

    choices = np.unique(np.array(grid, dtype=float))
    kink = 2 * P - 70
    tops = [choices[0], choices[-1], kink]
    for low, high in ((choices[0], kink), (kink, choices[-1])):
        if low < high:
            found = minimize_scalar(lambda c: -profit(c), bounds=(low, high), method="bounded")
            tops.append(found.x)
    near = {
        choices[min(max(np.searchsorted(choices, top) + step, 0), len(choices) - 1)]
        for top in tops
        for step in (-1, 0, 1)
    }
    best = min(near, key=lambda c: (-round(profit(c), 3), c))
    return best, profit(best)


def promise_vs_speed(requests, at_least=500):
    kept = requests[requests["promised_s"].notna() & requests["taken_s"].notna()]
    rows = []
    for _, group in kept.groupby("type"):
        if len(group) >= at_least:
            share = (group["taken_s"] <= group["promised_s"]).mean()
            rows.append((share, group["promised_s"].median(), group["taken_s"].median()))
    share, target, actual = np.array(rows).T
    return [spearmanr(share, target).statistic, spearmanr(share, actual).statistic, len(rows)]
