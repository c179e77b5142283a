"""DS-14: effects of justice are recovered; a paradox in satisfaction, none in repurchase."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from servicequality import data

FOLDER = Path(__file__).parents[2] / "datasets" / "recovery-experiment"
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
JUSTICE = ["DJ", "PJ", "IJ"]


@pytest.fixture(scope="module")
def passengers():
    return data.load("recovery-experiment")


@pytest.fixture(scope="module")
def control(passengers):
    return passengers[passengers["severity"] == "none"]


def full_recovery(passengers, severity):
    return passengers[(passengers["severity"] == severity) & (passengers[JUSTICE] == 1).all(axis=1)]


def difference(a, b):
    a, b = a.dropna(), b.dropna()
    return a.mean() - b.mean(), np.sqrt(a.var() / len(a) + b.var() / len(b))


def test_design(passengers, control):
    cells = passengers.dropna(subset=JUSTICE).groupby(["severity", *JUSTICE]).size()
    assert cells.tolist() == [TRUTH["per_cell"]] * 16
    assert len(control) == TRUTH["control"]
    assert control[JUSTICE].isna().all(axis=None)


def test_effects_are_recovered(passengers):
    """The interaction has a standard error of .14 without, .10 with the score before."""
    failed = passengers[passengers["severity"] != "none"].dropna(subset=["pre", "post"])
    causes = failed[JUSTICE].assign(
        severe=(failed["severity"] == "severe").astype(float),
        **{"DJ:IJ": failed["DJ"] * failed["IJ"]},
    )
    severe = TRUTH["severity"]["minor"] - TRUTH["severity"]["severe"]
    wanted = {**TRUTH["recovery"], "severe": severe}
    fit = sm.OLS(failed["post"], sm.add_constant(causes)).fit()
    assert fit.params[list(wanted)].to_dict() == pytest.approx(wanted, abs=0.3)
    with_before = sm.OLS(failed["post"], sm.add_constant(causes.join(failed["pre"]))).fit()
    assert with_before.params[list(wanted)].to_dict() == pytest.approx(wanted, abs=0.2)
    assert with_before.params["pre"] == pytest.approx(1, abs=0.1)
    assert with_before.bse["DJ:IJ"] < fit.bse["DJ:IJ"]


def test_scores_after(passengers, control):
    """Reference values; the standard error of a cell is .13."""
    assert full_recovery(passengers, "minor")["post"].mean() == pytest.approx(5.84, abs=0.25)
    assert full_recovery(passengers, "severe")["post"].mean() == pytest.approx(4.53, abs=0.25)
    assert control["post"].mean() == pytest.approx(5.40, abs=0.15)
    assert passengers["pre"].mean() == pytest.approx(5.4, abs=0.07)


def test_paradox_in_satisfaction(passengers, control):
    minor = full_recovery(passengers, "minor")
    gain, error = difference(minor["post"], control["post"])
    assert gain > 1.96 * error
    severe = full_recovery(passengers, "severe")
    loss, error = difference(severe["post"], control["post"])
    assert loss < -1.96 * error


def test_no_paradox_in_repurchase(passengers, control):
    minor = full_recovery(passengers, "minor")["repurchase"]
    assert minor.mean() == pytest.approx(0.76, abs=0.11)
    assert control["repurchase"].mean() == pytest.approx(0.79, abs=0.08)
    gain, error = difference(minor, control["repurchase"])
    assert gain < 1.96 * error


def test_repurchase_and_word_of_mouth(passengers):
    known = passengers.dropna(subset=["post", "repurchase", "wom"])
    causes = pd.DataFrame(
        {"one": 1.0, "post": known["post"], "failed": (known["severity"] != "none").astype(float)}
    )
    buys = sm.Logit(known["repurchase"], causes).fit(disp=False).params
    wanted = TRUTH["repurchase"]
    assert buys["post"] == pytest.approx(wanted["per_point"], abs=0.15)
    assert buys["failed"] == pytest.approx(wanted["failure"], abs=0.5)
    tells = sm.OLS(known["wom"], causes).fit().params
    assert tells["post"] == pytest.approx(TRUTH["wom"]["per_point"], abs=0.08)
    assert tells["failed"] == pytest.approx(TRUTH["wom"]["failure"], abs=0.25)
