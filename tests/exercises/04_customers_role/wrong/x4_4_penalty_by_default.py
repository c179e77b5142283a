"""Takes the defaults of scikit-learn, which shrink the weights."""

import pandas as pd
from sklearn.linear_model import LogisticRegression

FACTORS = ["expertise", "resources", "time", "economic", "psychic", "trust", "control"]


def fit_choice(df):
    complete = df[[*FACTORS, "self"]].dropna().astype(float)
    model = LogisticRegression().fit(complete[FACTORS], complete["self"])
    return pd.Series([*model.intercept_, *model.coef_[0]], index=["intercept", *FACTORS])
