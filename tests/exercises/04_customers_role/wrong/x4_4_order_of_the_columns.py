"""Names the factors in the order of the columns."""

# ruff: noqa: N806
import numpy as np
import pandas as pd


def fit_choice(df):
    wanted = {"expertise", "resources", "time", "economic", "psychic", "trust", "control"}
    factors = [name for name in df.columns if name in wanted]
    complete = df[[*factors, "self"]].dropna().astype(float)
    X = np.column_stack([np.ones(len(complete)), complete[factors]])
    y = complete["self"].to_numpy()
    beta = np.zeros(8)
    for _ in range(30):
        p = 1 / (1 + np.exp(-X @ beta))
        beta = beta + np.linalg.solve((X.T * (p * (1 - p))) @ X, X.T @ (y - p))
    return pd.Series(beta, index=["intercept", *factors])
