"""DS-11: the penalty-reward contrast recovers the effects of low and high ratings."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from servicequality import data
from servicequality.models import penalty_reward

FOLDER = Path(__file__).parents[2] / "datasets" / "satisfaction-survey"
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
LOW, HIGH = (pd.Series(TRUTH["satisfaction"][kind]) for kind in ("low", "high"))
ATTRIBUTES = list(LOW.index)


@pytest.fixture(scope="module")
def survey():
    return data.load("satisfaction-survey")


@pytest.fixture(scope="module")
def contrast(survey):
    return penalty_reward.contrast(survey[ATTRIBUTES], survey["sat"])


def test_effects_are_recovered(contrast):
    assert contrast["penalty"].to_numpy() == pytest.approx(LOW.to_numpy(), abs=0.3)
    assert contrast["reward"].to_numpy() == pytest.approx(HIGH.to_numpy(), abs=0.3)


def test_the_must_be_and_the_attractive_attribute_are_found(contrast):
    assert contrast["penalty"].idxmin() == "a1"
    assert contrast.loc["a1", "label"] == "frustrator"
    assert contrast.loc["a3", "label"] == "satisfier"
    assert contrast["reward"].nlargest(2).index.tolist() == ["a2", "a3"]


def test_shares_of_low_middle_and_high(survey):
    ratings = survey[ATTRIBUTES]
    known = ratings.notna().to_numpy().sum()
    low, high = (ratings <= 3).to_numpy().sum() / known, (ratings >= 6).to_numpy().sum() / known
    assert [low, high] == pytest.approx([0.25, 0.30], abs=0.02)
    assert abs(ratings.corr().to_numpy()[np.triu_indices(8, 1)]).max() < 0.15, "independent"


def test_level_and_noise(survey, contrast):
    known = survey[[*ATTRIBUTES, "sat"]].dropna()
    ratings = known[ATTRIBUTES]
    explained = (ratings <= 3) @ LOW + (ratings >= 6) @ HIGH
    rest = known["sat"] - explained
    assert rest.mean() == pytest.approx(TRUTH["satisfaction"]["base"], abs=0.15)
    rounding = np.sqrt(TRUTH["satisfaction"]["noise_sd"] ** 2 + 1 / 12)
    assert rest.std() == pytest.approx(rounding, abs=0.08)


def test_other_answers_follow_satisfaction(survey):
    known = survey.dropna(subset=["sat", "nps", "effort", "intends"])
    assert np.polyfit(known["sat"], known["nps"], 1)[0] == pytest.approx(0.93, abs=0.12)
    assert np.polyfit(known["sat"], known["effort"], 1)[0] == pytest.approx(-0.57, abs=0.1)
    fit = sm.Logit(known["intends"], sm.add_constant(known[["sat"]])).fit(disp=False)
    assert fit.params["sat"] == pytest.approx(TRUTH["intends"]["per_point"], abs=0.25)


def test_tiers_do_not_matter(survey):
    shares = survey["tier"].value_counts(normalize=True)
    assert shares[list(TRUTH["tiers"])].tolist() == pytest.approx([0.6, 0.3, 0.1], abs=0.06)
    by_tier = survey.groupby("tier")["sat"].agg(["mean", "sem"])
    assert ((by_tier["mean"] - survey["sat"].mean()).abs() < 3 * by_tier["sem"]).all()
