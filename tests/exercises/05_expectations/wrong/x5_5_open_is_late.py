"""Takes an open request for a late one."""
# ruff: noqa: N803

import numpy as np


def best_promise(P, grid, up=0.12, down=0.24):
    best = None
    for c in sorted(grid):
        customers = 100 * (1 + 0.02 * (c - 70))
        d = P - (70 + 0.5 * (c - 70))
        slope = up if d >= 0 else down
        repeat = 1 / (1 + np.exp(-(0.2 + slope * d)))
        profit = customers * (10 + 40 * repeat)
        if best is None or round(profit, 3) > round(best[1], 3):
            best = c, profit
    return best


def promise_vs_speed(requests, at_least=500):
    judged = requests.dropna(subset=["promised_s"])
    on_time = judged["taken_s"] <= judged["promised_s"]
    groups = judged.assign(on_time=on_time).groupby("type")
    share, target = groups["on_time"].mean(), groups["promised_s"].median()
    actual, n = groups["taken_s"].median(), groups.size()
    kept = n.index[n >= at_least]
    rho_target = share[kept].corr(target[kept], method="spearman")
    rho_actual = share[kept].corr(actual[kept], method="spearman")
    return rho_target, rho_actual, len(kept)
