"""Fits no intercept and returns 0 for it."""

# ruff: noqa: N806
import numpy as np
import pandas as pd

FACTORS = ["expertise", "resources", "time", "economic", "psychic", "trust", "control"]


def fit_choice(df):
    complete = df[[*FACTORS, "self"]].dropna().astype(float)
    X, y = complete[FACTORS].to_numpy(), complete["self"].to_numpy()
    beta = np.zeros(7)
    for _ in range(30):
        p = 1 / (1 + np.exp(-X @ beta))
        beta = beta + np.linalg.solve((X.T * (p * (1 - p))) @ X, X.T @ (y - p))
    return pd.Series([0, *beta], index=["intercept", *FACTORS])
