"""Exercise 7: its points, its wrong submissions, its data."""

from pathlib import Path

import pandas as pd
from exercise import Exercise

ROOT = Path(__file__).parents[2]
EXERCISE = ROOT / "exercises" / "07-recovery"
DATASETS = ROOT / "datasets"


class TestRecovery(Exercise):
    slug = "07-recovery"
    split = {
        "x7-1": {"funnel": 5, "loss": 4, "inverse": 3, "airport": 3},
        "x7-2": {"rules": 8, "kappa": 7, "index": 3, "edges": 2},
        "x7-3": {"coefficients": 8, "difference": 5, "repurchase": 2},
        "x7-4": {"failure": 4, "compensation": 6, "disputes": 5},
        "x7-5": {"without": 3, "with": 7, "break-even": 6, "verdict": 4},
        "x7-6": {"answer": 15},
    }
    loses = {
        "x7_1_baseline_for_everybody": {"loss"},
        "x7_1_customers_per_complaint": {"funnel"},
        "x7_1_fast_and_slow_of_problems": {"funnel", "loss"},
        "x7_1_lo_and_hi_swapped": {"inverse"},
        "x7_1_silence_is_a_no": {"airport"},
        "x7_2_agreement_for_kappa": {"edges", "kappa"},
        "x7_2_crosstab_not_square": {"kappa"},
        "x7_2_equal_chance": {"kappa"},
        "x7_2_no_floor": {"edges"},
        "x7_2_priority_reversed": {"rules"},
        "x7_3_before_and_after": {"difference"},
        "x7_3_control_as_unfair": {"coefficients"},
        "x7_3_no_interaction": {"coefficients"},
        "x7_3_not_known_is_no": {"repurchase"},
        "x7_3_spread_of_people": {"difference"},
        "x7_4_cost_ignored": {"failure"},
        "x7_4_counts": {"disputes"},
        "x7_4_in_progress_is_content": {"disputes"},
        "x7_4_negative_payment": {"compensation"},
        "x7_4_stayers_paid_only": {"compensation"},
        "x7_5_below_is_good": {"verdict"},
        "x7_5_cheats_when_it_fails": {"break-even", "verdict", "with"},
        "x7_5_learning_without": {"break-even", "without"},
        "x7_5_one_case": {"break-even"},
        "x7_5_uplift_of_the_margin": {"break-even", "verdict", "with"},
    }
    says = {
        "x7_1_baseline_for_everybody": "They leave anyway.",
        "x7_1_silence_is_a_no": "You took that for a no.",
        "x7_2_agreement_for_kappa": "Chance alone would give 0.279: take it out.",
        "x7_2_priority_reversed": "group 1 comes before group 4.",
        "x7_3_before_and_after": "Compare with the control group.",
        "x7_3_no_interaction": "its effect is taken for that of its parts.",
        "x7_4_counts": "These are counts.",
        "x7_4_negative_payment": "Nobody can be paid less than nothing",
        "x7_5_cheats_when_it_fails": "Cheats do not wait for a failure",
        "x7_5_learning_without": "Without a guarantee nobody learns from claims",
    }


def read(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def licences():
    return (EXERCISE / "data-LICENCES.txt").read_text("utf-8")


def test_passengers_are_those_of_the_dataset():
    ours = read(EXERCISE / "airport-problems.csv")
    assert list(ours) == ["had_problem", "nps_0_10", "rate_overall"]
    theirs = read(DATASETS / "sfo-airport-survey" / "survey.csv.gz")
    pd.testing.assert_frame_equal(ours, theirs[list(ours)])
    assert "Public Domain Dedication" in licences()


def test_complaints_are_those_of_the_dataset():
    ours = read(EXERCISE / "bank-complaints.csv.gz")
    assert list(ours) == ["product", "company_response", "consumer_disputed"]
    theirs = read(DATASETS / "cfpb-complaints" / "disputed_2016.csv.gz")
    pd.testing.assert_frame_equal(ours, theirs[list(ours)])
    assert "CFPB Consumer Complaint Database" in licences()


def test_experiment_is_that_of_the_dataset():
    ours = (EXERCISE / "recovery-experiment.csv").read_bytes()
    theirs = DATASETS / "recovery-experiment" / "recovery_experiment.csv"
    assert ours == theirs.read_bytes()
    assert "Invented data" in licences()
