"""Logistic regression of scikit-learn without its penalty; returns a dict."""

import numpy as np
from sklearn.linear_model import LogisticRegression


def fit_choice(df):
    factors = ["expertise", "resources", "time", "economic", "psychic", "trust", "control"]
    people = df[[*factors, "self"]].dropna()
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=1000)
    model.fit(people[factors].astype(float), people["self"].astype(int))
    return {"intercept": model.intercept_[0], **dict(zip(factors, model.coef_[0], strict=True))}
