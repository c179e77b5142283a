"""Divides the item variances by n and the variance of the total by n - 1."""
# ruff: noqa: N803

import numpy as np
from scipy import stats


def feldt_ci(alpha, n, k, level=0.95):
    tail = (1 - level) / 2
    low, high = stats.f.ppf([1 - tail, tail], n - 1, (n - 1) * (k - 1))
    return 1 - (1 - alpha) * low, 1 - (1 - alpha) * high


def alpha_report(X, level=0.95):
    rows = np.asarray(X, dtype=float)
    rows = rows[np.isfinite(rows).all(axis=1)]
    n, k = rows.shape

    def cronbach(items):
        k = items.shape[1]
        if k < 2:
            return np.nan
        ratio = items.var(axis=0).sum() / items.sum(axis=1).var(ddof=1)
        return k / (k - 1) * (1 - ratio)

    alpha = cronbach(rows)
    total = rows.sum(axis=1)
    return {
        "alpha": alpha,
        "ci": feldt_ci(alpha, n, k, level),
        "item_total": [np.corrcoef(column, total - column)[0, 1] for column in rows.T],
        "alpha_if_deleted": [cronbach(np.delete(rows, j, axis=1)) for j in range(k)],
    }
