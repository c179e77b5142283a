"""Everything from the covariance matrix; results are labelled with the columns."""
# ruff: noqa: N803

import numpy as np
import pandas as pd
from scipy import stats


def feldt_ci(alpha, n, k, level=0.95):
    f = stats.f(n - 1, (n - 1) * (k - 1))
    return np.array(
        [1 - (1 - alpha) * f.isf((1 - level) / 2), 1 - (1 - alpha) * f.ppf((1 - level) / 2)]
    )


def alpha_report(X, level=0.95):
    answers = pd.DataFrame(X).dropna()
    c = answers.cov()

    def from_covariance(c):
        k = len(c)
        return k / (k - 1) * (1 - np.trace(c) / c.to_numpy().sum()) if k > 1 else np.nan

    alpha = from_covariance(c)
    own = pd.Series(np.diag(c), index=c.index)
    with_rest = c.sum() - own
    rest = c.to_numpy().sum() + own - 2 * c.sum()
    return {
        "alpha": alpha,
        "ci": feldt_ci(alpha, *answers.shape, level),
        "item_total": with_rest / np.sqrt(own * rest),
        "alpha_if_deleted": pd.Series(
            {j: from_covariance(c.drop(index=j, columns=j)) for j in reversed(c.columns)}
        ),
    }
