"""Logistic regression of statsmodels."""

# ruff: noqa: N806
import statsmodels.api as sm


def fit_choice(df):
    factors = ["expertise", "resources", "time", "economic", "psychic", "trust", "control"]
    people = df.dropna(subset=[*factors, "self"])
    X = sm.add_constant(people[factors].astype(float))
    result = sm.Logit(people["self"].astype(float), X).fit(disp=0)
    return result.params.rename({"const": "intercept"})
