"""Exercise 2: its points, its wrong submissions, its data."""

from pathlib import Path

import pandas as pd
import pytest
from exercise import ALL, Exercise

ROOT = Path(__file__).parents[2]
EXERCISE = ROOT / "exercises" / "02-servqual"


class TestServqual(Exercise):
    slug = "02-servqual"
    split = {
        "x2-1": {"item": 4, "dimension": 6, "missing": 5, "weights": 4, "servperf": 3, "kiosk": 3},
        "x2-2": {"msa": 2, "mss": 2, "width": 2, "position": 2, "state": 2},
        "x2-3": {"alpha": 5, "interval": 5, "item-total": 3, "deleted": 3, "kiosk": 4},
        "x2-4": {"equal": 4, "unequal": 4, "edges": 2},
        "x2-5": {"scale": 3, "data-map": 3, "diagonal": 3, "derived": 1},
        "x2-6": {"kaiser": 3, "parallel": 5, "reproducible": 2},
        "x2-7": {"answer": 15},
    }
    loses = {
        "x2_1_changes_its_input": ALL,
        "x2_1_difference_of_means": {"missing"},
        "x2_1_expectation_minus_perception": {"item", "dimension", "missing", "weights", "kiosk"},
        "x2_1_non_users_as_zero": {"missing", "kiosk"},
        "x2_1_unnormalised_weights": {"weights"},
        "x2_2_msa_mss_swapped": {"msa", "mss"},
        "x2_2_single_numbers_only": ALL,
        "x2_2_strict_edges": {"state"},
        "x2_3_degrees_of_freedom_swapped": {"interval", "kiosk"},
        "x2_3_item_in_its_own_total": {"item-total", "kiosk"},
        "x2_3_mixed_ddof": {"alpha", "interval", "deleted", "kiosk"},
        "x2_4_average_reliability": {"equal", "unequal", "edges"},
        "x2_4_equal_deviations_always": {"unequal"},
        "x2_4_impossible_accepted": {"edges"},
        "x2_5_median_for_mean": {"data-map"},
        "x2_5_on_the_line_is_low": {"scale", "data-map", "diagonal"},
        "x2_5_quadrants_mirrored": {"scale", "data-map", "derived"},
        "x2_6_fixed_seed": {"reproducible"},
        "x2_6_global_seed": {"reproducible"},
        "x2_6_kaiser_for_parallel": {"parallel", "reproducible"},
        "x2_6_unseeded": {"reproducible"},
    }
    says = {
        "x2_1_unnormalised_weights": "expected -0.407, your function gave -40.7.",
        "x2_2_strict_edges": "state: right in the example, but not on other data",
    }

    def test_honest_work_gets_the_marks_of_stock_nbgrader(self, graded, graded_by_stock_nbgrader):
        stock = graded_by_stock_nbgrader.results
        honest = set(graded.results) - {"softened_checks", "deleted_tests"}
        assert len(honest) > 10
        for student in honest:
            assert graded.results[student] == stock[student], student


def test_kiosk_answers_are_those_of_the_dataset():
    ours = pd.read_csv(EXERCISE / "kiosk-survey.csv", dtype=str, keep_default_na=False)
    theirs = pd.read_csv(
        ROOT / "datasets" / "kiosk-survey" / "responses.csv", dtype=str, keep_default_na=False
    )
    pd.testing.assert_frame_equal(ours, theirs[list(ours.columns)])
    notice = (EXERCISE / "kiosk-survey-LICENSE.txt").read_text("utf-8")
    assert "MIT License" in notice
    assert "Copyright (c) 2022 Hana" in notice


def test_hotel_has_the_dimension_means_of_o2_1():
    hotel = pd.read_csv(EXERCISE / "lantern-hotel.csv")
    answers = hotel.filter(regex=r"^[EP]_")
    assert answers.shape == (10, 44)
    assert answers.isin(range(1, 8)).all(axis=None)
    means = {
        kind: [answers.filter(regex=rf"^{kind}_{d}\d").mean().mean() for d in "TRSAE"]
        for kind in "EP"
    }
    assert means["E"] == pytest.approx([5.2, 6.6, 6.3, 6.4, 5.9])
    assert means["P"] == pytest.approx([5.9, 5.7, 5.8, 6.2, 5.6])
