"""Exercise 4: its points, its wrong submissions, its data."""

from pathlib import Path

import pandas as pd
from exercise import ALL, Exercise

ROOT = Path(__file__).parents[2]
EXERCISE = ROOT / "exercises" / "04-customers-role"


class TestCustomersRole(Exercise):
    slug = "04-customers-role"
    split = {
        "x4-1": {"waiting": 5, "large": 3, "wait": 5, "line": 2, "level": 3, "unstable": 2},
        "x4-2": {"formula": 6, "classes": 3, "edges": 2, "load-curve": 3, "reasons": 1},
        "x4-3": {"interior": 6, "clip": 4, "straight": 3, "control": 2},
        "x4-4": {"estimates": 5, "few": 4, "order": 3, "intercept": 3},
        "x4-5": {"direct": 3, "indirect": 6, "total": 4, "cycle": 2},
        "x4-6": {"answer": 20},
    }
    loses = {
        "x4_1_counts_those_served": {"line"},
        "x4_1_erlang_b": {"waiting", "large", "wait", "line", "level"},
        "x4_1_factorials_overflow": {"large"},
        "x4_1_line_of_minutes": {"wait", "line"},
        "x4_1_minutes_and_hours": {"wait", "level"},
        "x4_1_one_employee": {"waiting", "large", "wait", "line", "level"},
        "x4_1_overload_unnoticed": {"unstable"},
        "x4_1_rho_without_c": ALL,
        "x4_1_those_who_wait_only": {"wait", "line", "level"},
        "x4_2_by_passengers": {"load-curve"},
        "x4_2_closed_booths_kept": {"load-curve"},
        "x4_2_empty_months_kept": {"load-curve"},
        "x4_2_equally_wide_groups": {"load-curve"},
        "x4_2_kinds_alike": {"formula", "classes"},
        "x4_2_overload_unnoticed": {"edges"},
        "x4_2_reasons_of_the_model": {"reasons"},
        "x4_2_sd_ignored": {"formula", "classes"},
        "x4_2_shares_not_scaled": {"classes"},
        "x4_2_square_of_the_mean": {"formula", "classes"},
        "x4_2_two_kinds_only": {"classes"},
        "x4_3_coarse_grid": {"interior"},
        "x4_3_cost_of_errors_of_customers_only": {"interior", "clip", "straight"},
        "x4_3_customers_as_fast_as_staff": {"interior", "clip", "straight"},
        "x4_3_customers_time_omitted": {"interior", "clip", "straight"},
        "x4_3_division_by_zero": {"straight"},
        "x4_3_half_way_on_a_straight_line": {"straight"},
        "x4_3_importance_alone": {"control"},
        "x4_3_not_clipped": {"clip"},
        "x4_3_rework_omitted": {"interior", "clip", "straight"},
        "x4_3_weighted_mean": {"control"},
        "x4_4_any_gap_counts": {"estimates"},
        "x4_4_array_without_names": ALL,
        "x4_4_missing_as_zero": {"estimates", "intercept"},
        "x4_4_one_step": {"estimates", "few", "intercept"},
        "x4_4_order_of_the_columns": {"order"},
        "x4_4_penalty_by_default": {"few"},
        "x4_4_straight_line": {"estimates", "few", "intercept"},
        "x4_4_without_intercept": {"estimates", "few", "intercept"},
        "x4_5_direct_only": {"indirect", "total"},
        "x4_5_effects_as_causes": {"direct", "indirect", "total"},
        "x4_5_loops_unnoticed": {"cycle"},
        "x4_5_loops_without_end": {"cycle"},
        "x4_5_nodes_in_causal_order": {"indirect", "total", "cycle"},
        "x4_5_one_chain_only": {"indirect", "total"},
        "x4_5_total_in_place_of_indirect": {"indirect", "total"},
        "x4_5_two_arrows_only": {"indirect", "total"},
    }
    says = {
        "x4_1_minutes_and_hours": "These are minutes. The rates are per hour",
        "x4_2_reasons_of_the_model": "E does not hold: with all booths open",
        "x4_3_customers_time_omitted": "All to the customer? Then a cost is missing",
        "x4_4_penalty_by_default": "Your library adds a penalty by default",
        "x4_5_loops_without_end": "expected 'ValueError', your function gave 'RecursionError'.",
    }


def read(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_border_control_hours_are_those_of_the_dataset():
    ours = read(EXERCISE / "border-control-hours.csv")
    theirs = read(ROOT / "datasets" / "cbp-wait-times" / "hours.csv.gz")
    pd.testing.assert_frame_equal(ours, theirs[list(ours.columns)])
    licences = (EXERCISE / "data-LICENCES.txt").read_text("utf-8")
    assert "Source: US Customs and Border Protection, Airport Wait Times." in licences
    assert "public domain in the United States" in licences


def test_diy_survey_is_the_dataset():
    theirs = ROOT / "datasets" / "diy-choice" / "diy_choice.csv"
    assert (EXERCISE / "diy-survey.csv").read_bytes() == theirs.read_bytes()
    assert "Invented data" in (EXERCISE / "data-LICENCES.txt").read_text("utf-8")
