"""Fits a straight line through zeros and ones."""

# ruff: noqa: N806
import numpy as np
import pandas as pd

FACTORS = ["expertise", "resources", "time", "economic", "psychic", "trust", "control"]


def fit_choice(df):
    complete = df[[*FACTORS, "self"]].dropna().astype(float)
    X = np.column_stack([np.ones(len(complete)), complete[FACTORS]])
    beta = np.linalg.lstsq(X, complete["self"])[0]
    return pd.Series(beta, index=["intercept", *FACTORS])
