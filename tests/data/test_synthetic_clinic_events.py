"""DS-03: yields, times and rework can be recovered from the log."""

import json
from pathlib import Path

import pandas as pd
import pytest

from servicequality import data
from servicequality.models.blueprint import blueprint

FOLDER = Path(__file__).parents[2] / "datasets" / "clinic-events"
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
STEPS = pd.DataFrame(TRUTH["steps"]).T


@pytest.fixture(scope="module")
def events():
    return data.load("clinic-events")


def test_the_truth_is_the_process_of_the_blueprint_model():
    """O3.3: the check-in, under the names of a clinic."""
    found = blueprint(STEPS.assign(cost=0, severity=1, occurrence=1, detection=1))
    assert found.rty == pytest.approx(0.8327, abs=5e-5)
    assert found.minutes_local == pytest.approx(25.7677, abs=5e-5)


def test_seven_steps_in_order(events):
    assert events["step"].tolist() == list(STEPS.index) * TRUTH["visits"]
    assert (events.groupby("visit").size() == 7).all()


def test_yield(events):
    failed = events.groupby("step")["failed"].mean()
    assert (1 - failed).prod() == pytest.approx(0.833, abs=0.03)
    assert failed[STEPS.index].to_numpy() == pytest.approx(STEPS["failure"].to_numpy(), abs=0.015)
    complete = events.groupby("visit")["failed"].count() == len(STEPS)
    failures = events.groupby("visit")["failed"].sum()[complete]
    assert (failures == 0).mean() == pytest.approx(0.833, abs=0.03)


def test_times_with_local_rework(events):
    """A step takes t / (1 - p) minutes on average."""
    minutes = (events["end_min"] - events["start_min"]).groupby(events["step"]).mean()
    wanted = STEPS["minutes"] / (1 - STEPS["failure"])
    assert minutes[STEPS.index].to_numpy() == pytest.approx(wanted.to_numpy(), rel=0.05)
    total = events.loc[events["step"] == STEPS.index[-1], "end_min"].mean()
    assert total == pytest.approx(25.7677, rel=0.05)


def test_spread_of_a_first_attempt(events):
    at_once = events[events["rework"] == 0]
    minutes = (at_once["end_min"] - at_once["start_min"]).groupby(at_once["step"])
    assert (minutes.std() / minutes.mean()).to_numpy() == pytest.approx(0.4, abs=0.04)


def test_rework(events):
    known = events.dropna(subset=["failed", "rework"])
    assert ((known["rework"] > 0) == (known["failed"] == 1)).all()
    again = known.loc[known["failed"] == 1, "rework"]
    assert again.mean() == pytest.approx(1.03, abs=0.05)


def test_a_step_starts_when_the_one_before_ends(events):
    before = events.groupby("visit")["end_min"].shift()
    known = before.notna() & events["start_min"].notna()
    assert (events["start_min"] == before)[known].all()
    assert known.sum() > 8000
    first = events.loc[events["step"] == STEPS.index[0], "start_min"].dropna()
    assert (first == 0).all()
