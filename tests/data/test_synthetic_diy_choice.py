"""DS-06: a logistic regression recovers the weights of the seven factors."""

import json
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from servicequality import data
from servicequality.models.make_or_buy import WEIGHTS

FOLDER = Path(__file__).parents[2] / "datasets" / "diy-choice"
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def answers():
    return data.load("diy-choice")


def test_the_truth_is_that_of_the_model():
    assert TRUTH["weights"] == WEIGHTS


def test_weights_are_recovered(answers):
    complete = answers.dropna()
    fit = sm.Logit(complete["self"], sm.add_constant(complete[list(WEIGHTS)])).fit(disp=False)
    assert fit.params.tolist() == pytest.approx([TRUTH["intercept"], *WEIGHTS.values()], abs=0.25)
    assert (fit.tvalues[1:] > 2).all()


def test_ratings(answers):
    ratings = answers[list(WEIGHTS)]
    shares = ratings.stack().value_counts(normalize=True)
    assert shares.sort_index().tolist() == pytest.approx([0.2] * 5, abs=0.03)
    between = ratings.corr().to_numpy()[np.triu_indices(7, 1)]
    assert abs(between).max() < 0.13, "independent"


def test_the_service_does_not_matter(answers):
    by_service = answers.groupby("service")["self"].agg(["mean", "sem"])
    assert set(by_service.index) == set(TRUTH["services"])
    far = (by_service["mean"] - answers["self"].mean()).abs() / by_service["sem"]
    assert (far < 3).all()
