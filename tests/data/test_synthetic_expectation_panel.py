"""DS-09: the shares by which surprises move expectations can be recovered."""

import json
from pathlib import Path

import numpy as np
import pytest

from servicequality import data

FOLDER = Path(__file__).parents[2] / "datasets" / "expectation-panel"
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def panel():
    visits = data.load("expectation-panel")
    return visits.assign(
        surprise=visits["performance"] - visits["expected_before"],
        move=visits["expected_after"] - visits["expected_before"],
    )


def pooled(visits):
    known = visits.dropna(subset=["surprise", "move"])
    return (known["surprise"] * known["move"]).sum() / (known["surprise"] ** 2).sum()


def test_good_and_bad_surprises(panel):
    up, down = pooled(panel[panel["surprise"] > 0]), pooled(panel[panel["surprise"] < 0])
    assert up == pytest.approx(0.30, abs=0.03)
    assert down == pytest.approx(0.43, abs=0.03)
    assert down / up == pytest.approx(TRUTH["alpha_down_over_up"], abs=0.15)


def test_customers_differ(panel):
    """Shares of persons have the standard deviation .1, about that of their estimates."""
    good = panel[panel["surprise"] > 0]
    noise = TRUTH["update_noise_sd"]
    shares = good.groupby("id").apply(pooled)
    error = noise / np.sqrt((good["surprise"] ** 2).groupby(good["id"]).sum())
    precise = shares[error < 0.1]
    assert len(precise) > 200
    assert precise.std() ** 2 - (error[error < 0.1] ** 2).mean() == pytest.approx(0.01, abs=0.004)


def test_after_is_before_the_next(panel):
    before = panel.groupby("id")["expected_after"].shift()
    known = before.notna() & panel["expected_before"].notna()
    assert known.sum() > 2500
    assert (before == panel["expected_before"])[known].all()


def test_start_and_performance(panel):
    first = panel.loc[panel["visit"] == 1, "expected_before"]
    assert [first.mean(), first.std()] == pytest.approx([70, 8], abs=1)
    performance = panel["performance"]
    assert [performance.mean(), performance.std()] == pytest.approx([76, 8], abs=0.5)


def test_the_bar_rises_and_the_ratings_fall(panel):
    means = panel.groupby("visit")[["expected_before", "rating", "performance"]].mean()
    assert means["expected_before"].is_monotonic_increasing
    assert means["expected_before"].iloc[-1] > means["expected_before"].iloc[0] + 3
    assert means["rating"].iloc[4:].mean() < means["rating"].iloc[:2].mean()


def test_losses_weigh_double_in_the_rating(panel):
    rated = TRUTH["rating"]
    known = panel.dropna(subset=["surprise", "rating"])
    for side, wanted in (
        (known["surprise"] > 0, rated["per_point_better"]),
        (known["surprise"] < 0, rated["per_point_worse"]),
    ):
        slope = np.polyfit(known["surprise"][side], known["rating"][side], 1)[0]
        assert slope == pytest.approx(wanted, abs=0.015)
