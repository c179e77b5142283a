"""DS-16: the chain adds up exactly, and the effect of promises can be recovered."""

import json
from pathlib import Path

import numpy as np
import pytest

from servicequality import data
from servicequality.models.gaps import gap_chain

FOLDER = Path(__file__).parents[2] / "datasets" / "gap-audit"
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def branches():
    return data.load("gap-audit")


def test_gap_5_is_the_sum(branches):
    b = branches.dropna()
    g1, g2 = b["management_view"] - b["expectation"], b["standard"] - b["management_view"]
    g3, gp = b["delivery"] - b["standard"], b["perception"] - b["delivery"]
    assert len(b) >= 30
    assert (g1 + g2 + g3 + gp).to_numpy() == pytest.approx(b["perception"] - b["expectation"])


def test_effect_of_a_promise(branches):
    distance = branches["promise"] - branches["E0"]
    moved = branches["expectation"] - branches["E0"]
    up = (distance > 0) & moved.notna()
    beta = (distance * moved)[up].sum() / (distance**2)[up].sum()
    assert beta == pytest.approx(TRUTH["beta_up"], abs=0.1)


def test_means_follow_the_gap_model(branches):
    """O3.1: expectation 85, gap 5 of -13."""
    means = TRUTH["means"]
    chain = gap_chain(
        means["E0"],
        means["promise"],
        management=means["management_view"],
        standard=means["standard"],
        delivery=means["delivery"],
        perception=means["perception"],
        beta_up=TRUTH["beta_up"],
        beta_down=TRUTH["beta_down"],
    )
    assert [chain.expectation, chain.g5] == [85, -13]
    assert branches["expectation"].mean() == pytest.approx(85, abs=1.2)
    gap = branches["perception"] - branches["expectation"]
    assert gap.mean() == pytest.approx(-13, abs=1.6)
    assert branches[list(means)].mean().to_dict() == pytest.approx(means, abs=1.5)


def test_branches_differ_by_three_points(branches):
    spread = branches[list(TRUTH["means"])].std()
    assert np.sqrt((spread**2).mean()) == pytest.approx(TRUTH["noise_sd"], abs=0.4)
    assert spread.to_dict() == pytest.approx(dict.fromkeys(TRUTH["means"], 3), abs=1.0)
