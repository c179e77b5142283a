"""Takes a missing answer for 0."""

# ruff: noqa: N806
import numpy as np
import pandas as pd

FACTORS = ["expertise", "resources", "time", "economic", "psychic", "trust", "control"]


def fit_choice(df):
    complete = df[[*FACTORS, "self"]].fillna(0).astype(float)
    X = np.column_stack([np.ones(len(complete)), complete[FACTORS]])
    y = complete["self"].to_numpy()
    beta = np.zeros(8)
    for _ in range(30):
        p = 1 / (1 + np.exp(-X @ beta))
        beta = beta + np.linalg.solve((X.T * (p * (1 - p))) @ X, X.T @ (y - p))
    return pd.Series(beta, index=["intercept", *FACTORS])
