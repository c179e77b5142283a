"""DS-08: the drivers' slopes can be recovered; purpose matters, age hardly."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from servicequality import data
from servicequality.models.expectations import DRIVERS, form_expectations
from servicequality.models.segments import effect_sizes

FOLDER = Path(__file__).parents[2] / "datasets" / "zone-survey"
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
LEVELS = ("desired", "adequate", "predicted")


@pytest.fixture(scope="module")
def survey():
    return data.load("zone-survey")


def slopes(frame, outcome, causes):
    known = frame[[outcome, *causes]].dropna()
    design = np.column_stack([np.ones(len(known)), known[causes]])
    fit = np.linalg.lstsq(design, known[outcome], rcond=None)[0]
    return pd.Series(fit[1:], causes)


def test_the_truth_is_that_of_the_model():
    """M5.2: one point more of each driver, from the middle of the scale."""
    middle = form_expectations()
    for driver in DRIVERS:
        moved = form_expectations(**{driver: 1})
        change = {level: getattr(moved, level) - getattr(middle, level) for level in LEVELS}
        own = {level: TRUTH[level]["effects"].get(driver, 0) for level in LEVELS}
        own["adequate"] += TRUTH["adequate"]["effect_of_predicted"] * own["predicted"]
        assert change == pytest.approx(own)


@pytest.mark.parametrize("level", ["desired", "predicted"])
def test_slopes_are_recovered(survey, level):
    found = slopes(survey, level, list(DRIVERS))
    wanted = pd.Series(TRUTH[level]["effects"]).reindex(DRIVERS).fillna(0)
    assert found.to_numpy() == pytest.approx(wanted.to_numpy(), abs=0.1)


def test_slopes_of_adequate_service(survey):
    """Predicted service passes .3 of its own effects on."""
    wanted = pd.Series(TRUTH["adequate"]["effects"]).reindex(DRIVERS).fillna(0)
    passed_on = pd.Series(TRUTH["predicted"]["effects"]).reindex(DRIVERS).fillna(0)
    wanted += TRUTH["adequate"]["effect_of_predicted"] * passed_on
    found = slopes(survey, "adequate", list(DRIVERS))
    assert found.to_numpy() == pytest.approx(wanted.to_numpy(), abs=0.1)


def test_purpose_explains_more_than_age(survey):
    bands = pd.cut(survey["age"], [17, 39, 59, 80])
    by_purpose, by_age = (
        effect_sizes([group.to_numpy(dtype=float) for _, group in survey["desired"].groupby(by)])
        for by in (survey["purpose"], bands)
    )
    assert by_purpose.eta2 > 0.15
    assert by_age.eta2 < 0.04


def test_effects_of_purpose_and_age(survey):
    business, leisure = (survey["purpose"] == kind for kind in ("business", "leisure"))
    frame = survey.assign(business=business.astype(float), leisure=leisure.astype(float))
    found = slopes(frame, "desired", [*DRIVERS, "age", "business", "leisure"])
    assert found["business"] == pytest.approx(0.5, abs=0.15)
    assert found["leisure"] == pytest.approx(-0.5, abs=0.15)
    assert found["age"] == pytest.approx(TRUTH["age_effect_on_desired_per_year"], abs=0.003)


def test_levels(survey):
    means = survey[["desired", "adequate", "predicted", "perceived"]].mean()
    assert means.tolist() == pytest.approx([7, 5, 6, 6.2], abs=0.15)
    drivers = survey[list(DRIVERS)]
    assert drivers.mean().tolist() == pytest.approx([0] * 10, abs=0.17)
    assert drivers.std().tolist() == pytest.approx([1] * 10, abs=0.1)
    assert 0.005 < (survey["adequate"] > survey["desired"]).mean() < 0.06
