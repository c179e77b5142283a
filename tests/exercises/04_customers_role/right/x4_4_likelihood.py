"""The likelihood itself, given to an optimiser of scipy."""

# ruff: noqa: N806
import numpy as np
import pandas as pd
from scipy.optimize import minimize


def fit_choice(df):
    names = ["expertise", "resources", "time", "economic", "psychic", "trust", "control"]
    people = df[[*names, "self"]].dropna().to_numpy(dtype=float)
    X, sign = np.insert(people[:, :7], 0, 1, axis=1), 2 * people[:, 7] - 1
    found = minimize(lambda beta: np.logaddexp(0, -sign * (X @ beta)).sum(), np.zeros(8))
    return pd.Series(found.x, index=["intercept", *names])
