"""Exercise 3: its points, its wrong submissions, its data."""

from pathlib import Path

import pandas as pd
from exercise import ALL, Exercise

ROOT = Path(__file__).parents[2]
EXERCISE = ROOT / "exercises" / "03-gap-management"


class TestGapManagement(Exercise):
    slug = "03-gap-management"
    split = {
        "x3-1": {
            "direction": 5,
            "relative": 3,
            "range": 3,
            "standardised": 3,
            "priority": 3,
            "shares": 3,
        },
        "x3-2": {"expectation": 3, "gaps": 5, "identity": 2},
        "x3-3": {"yield": 5, "roughly": 3, "times": 3, "loss": 4, "rpn": 2, "rank": 3},
        "x3-4": {
            "shares": 5,
            "counts": 3,
            "individuals": 3,
            "ranges": 2,
            "signals": 3,
            "street-lights": 2,
            "emergency": 2,
        },
        "x3-5": {"value": 4, "set": 4, "requires": 5, "edges": 2},
        "x3-6": {"answer": 15},
    }
    loses = {
        "x3_1_absolute_gap": ALL,
        "x3_1_direction_ignored": ALL,
        "x3_1_percent_of_percent": {"direction"},
        "x3_1_relative_to_actual": {"relative", "shares"},
        "x3_1_surpluses_in_shares": {"priority", "shares"},
        "x3_2_gap_four_in_the_sum": {"identity"},
        "x3_2_one_beta": {"expectation", "identity"},
        "x3_2_signs_turned_round": {"gaps", "identity"},
        "x3_3_full_attempts": {"roughly", "times"},
        "x3_3_loss_of_flawed_guests": {"loss"},
        "x3_3_one_minus_sum": {"yield", "roughly", "times"},
        "x3_3_rank_by_rpn": {"rank"},
        "x3_3_restart_like_local": {"roughly", "times"},
        "x3_3_simulation": {"times"},
        "x3_4_constant_n": {"shares", "street-lights", "emergency"},
        "x3_4_floor_everywhere": {"individuals"},
        "x3_4_no_floor": {"shares", "counts", "ranges"},
        "x3_4_no_target_is_on_time": {"street-lights"},
        "x3_4_on_the_limit": {"signals"},
        "x3_4_open_requests_kept": {"street-lights"},
        "x3_4_positions_from_one": {"signals"},
        "x3_4_standard_deviation": {"individuals", "signals"},
        "x3_4_target_as_limit": {"shares", "signals", "street-lights", "emergency"},
        "x3_4_weeks_from_sunday": {"street-lights"},
        "x3_5_first_requirement_only": {"requires"},
        "x3_5_greedy": {"value", "set", "requires"},
        "x3_5_requirements_ignored": {"requires"},
        "x3_5_strictly_below_budget": ALL,
    }
    says = {
        "x3_1_direction_ignored": "where does direction come in?",
        "x3_4_standard_deviation": "The odd day blew them up, and is missed.",
        "x3_5_greedy": "expected 47, your function gave 46.",
    }


def test_a_simulation_earns_half_of_the_points_for_times():
    times = TestGapManagement.split["x3-3"]
    assert times["roughly"] == times["times"]
    assert TestGapManagement.loses["x3_3_simulation"] == {"times"}


def read(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_street_lights_are_those_of_the_dataset():
    ours = read(EXERCISE / "boston-street-lights.csv")
    theirs = read(ROOT / "datasets" / "boston-311" / "requests.csv.gz")
    lights = theirs[theirs["type"] == "Street Light Outages"]
    pd.testing.assert_frame_equal(ours, lights[list(ours.columns)].reset_index(drop=True))
    assert "Public Domain Dedication" in (EXERCISE / "data-LICENCES.txt").read_text("utf-8")


def test_emergency_departments_are_those_of_the_dataset():
    ours = read(EXERCISE / "emergency-departments.csv")
    theirs = read(ROOT / "datasets" / "nhs-ae" / "attendances.csv")
    january = theirs[(theirs["type"] == "1") & (theirs["period"] == "2018-01-01")]
    pd.testing.assert_frame_equal(ours, january[list(ours.columns)].reset_index(drop=True))
    assert "Open Government Licence" in (EXERCISE / "data-LICENCES.txt").read_text("utf-8")
