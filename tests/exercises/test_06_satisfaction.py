"""Exercise 6: its points, its wrong submissions, its data."""

from pathlib import Path

import pandas as pd
from exercise import Exercise

ROOT = Path(__file__).parents[2]
EXERCISE = ROOT / "exercises" / "06-satisfaction"
DATASETS = ROOT / "datasets"


class TestSatisfaction(Exercise):
    slug = "06-satisfaction"
    split = {
        "x6-1": {"csat": 6, "nps": 7, "edges": 3, "airport": 4},
        "x6-2": {"mean": 4, "proportion": 3, "finite": 4, "invitations": 4},
        "x6-3": {"table": 7, "coefficients": 4, "ties": 3, "fong": 3, "kiosk": 3},
        "x6-4": {"weights": 7, "eigenvalue": 3, "ratio": 3, "validation": 2},
        "x6-5": {"clv": 5, "ladder": 5, "churn": 5},
        "x6-6": {"answer": 15},
    }
    loses = {
        "x6_1_passives_as_detractors": {"airport", "nps"},
        "x6_1_percent": {"airport", "csat", "edges"},
        "x6_1_raw_codes": {"airport"},
        "x6_1_silent_count": {"airport", "edges"},
        "x6_1_wald": {"csat", "edges"},
        "x6_2_corrects_rounded_n": {"finite", "invitations"},
        "x6_2_invites_more_than_there_are": {"invitations"},
        "x6_2_rounded_down": {"finite", "invitations", "mean", "proportion"},
        "x6_2_s_is_a_variance": {"finite", "mean"},
        "x6_3_half_of_fong": {"fong", "kiosk"},
        "x6_3_odd_answers_counted": {"coefficients", "kiosk"},
        "x6_3_rows_and_columns_swapped": {"coefficients", "fong", "kiosk", "table", "ties"},
        "x6_3_ties_by_alphabet": {"ties"},
        "x6_3_worse_positive": {"coefficients", "kiosk"},
        "x6_4_any_table": {"validation"},
        "x6_4_ci_as_cr": {"ratio"},
        "x6_4_row_sums": {"weights"},
        "x6_5_invented_values": {"churn"},
        "x6_5_no_discount": {"clv", "ladder"},
        "x6_5_r_is_churn": {"clv"},
        "x6_5_ratio_of_shares": {"churn"},
    }
    says = {
        "x6_1_passives_as_detractors": "neither promoter nor detractor.",
        "x6_1_wald": "It breaks down near 0 and 1",
        "x6_2_corrects_rounded_n": "Round once, at the end.",
        "x6_3_worse_positive": "Worse is zero or negative.",
        "x6_4_ci_as_cr": "That is CI.",
        "x6_5_invented_values": "Not known is nan, not 0",
    }


def read(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def licences():
    return (EXERCISE / "data-LICENCES.txt").read_text("utf-8")


def test_airport_answers_are_those_of_the_dataset():
    ours = pd.read_csv(EXERCISE / "airport-survey.csv")
    theirs = pd.read_csv(DATASETS / "sfo-airport-survey" / "survey.csv.gz")
    assert list(ours) == ["year", "rate_overall", "nps_0_10"]
    pd.testing.assert_frame_equal(ours, theirs[list(ours)])
    assert "Public Domain Dedication" in licences()


def test_raw_codes_are_those_of_the_dataset():
    ours = pd.read_csv(EXERCISE / "airport-raw-codes.csv")
    theirs = pd.read_csv(DATASETS / "sfo-airport-survey" / "raw_codes_2017.csv")
    assert list(ours) == ["Q7FOOD", "Q7PARK", "NETPRO"]
    pd.testing.assert_frame_equal(ours, theirs[list(ours)])


def test_pairs_are_those_of_the_dataset():
    ours = pd.read_csv(EXERCISE / "kiosk-pairs.csv")
    theirs = pd.read_csv(DATASETS / "kiosk-survey" / "responses.csv")
    assert list(ours) == ["item", "f", "d"]
    assert set(ours["item"]) == set(range(1, 30))
    for item, pairs in ours.groupby("item"):
        for column, source in (("f", "KF"), ("d", "KD")):
            published = theirs[f"{source}{item:02}"].dropna().astype(int)
            assert pairs[column].tolist() == published.tolist()
    licence = (DATASETS / "kiosk-survey" / "LICENSE").read_text("utf-8")
    assert (EXERCISE / "kiosk-survey-LICENSE.txt").read_text("utf-8") in licence
    assert "MIT License, see kiosk-survey-LICENSE.txt" in licences()


def test_customers_are_those_of_the_dataset():
    ours = read(EXERCISE / "telecom-customers.csv")
    assert len(ours.columns) == 5
    theirs = read(DATASETS / "iranian-churn" / "customers.csv")
    pd.testing.assert_frame_equal(ours, theirs[list(ours)])
    assert "Creative Commons Attribution 4.0 International" in licences()


def test_insurance_survey_is_that_of_the_dataset():
    ours = (EXERCISE / "insurance-survey.csv").read_bytes()
    assert ours == (DATASETS / "satisfaction-survey" / "satisfaction_survey.csv").read_bytes()
