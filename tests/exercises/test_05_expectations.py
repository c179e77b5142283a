"""Exercise 5: its points, its wrong submissions, its data."""

from pathlib import Path

import pandas as pd
from exercise import Exercise

ROOT = Path(__file__).parents[2]
EXERCISE = ROOT / "exercises" / "05-expectations"


class TestExpectations(Exercise):
    slug = "05-expectations"
    split = {
        "x5-1": {"desired": 4, "predicted": 3, "adequate": 5, "edges": 3},
        "x5-2": {"smoothing": 6, "asymmetry": 4, "bayes": 6, "sequence": 4},
        "x5-3": {"memberships": 5, "means": 4, "effects": 6},
        "x5-4": {"share": 4, "shortfall": 5, "delays": 2, "pair": 4},
        "x5-5": {"profit": 5, "optimum": 4, "ties": 2, "boston": 4},
        "x5-6": {"answer": 20},
    }
    loses = {
        "x5_1_adequate_above_desired": {"edges"},
        "x5_1_no_end_of_the_scale": {"edges"},
        "x5_1_past_like_hearsay": {"adequate", "predicted"},
        "x5_1_predicted_does_not_feed": {"adequate"},
        "x5_1_situational_raises": {"adequate"},
        "x5_1_storm_changes_wishes": {"adequate", "desired"},
        "x5_1_unknown_driver_ignored": {"edges"},
        "x5_2_alpha_down_ignored": {"asymmetry"},
        "x5_2_alpha_down_zero_is_none": {"asymmetry"},
        "x5_2_alpha_keeps_the_old": {"asymmetry", "smoothing"},
        "x5_2_equal_weights": {"bayes", "sequence"},
        "x5_2_first_expectation_listed": {"asymmetry", "smoothing"},
        "x5_2_no_visit_no_answer": {"bayes"},
        "x5_2_prior_as_one_visit": {"bayes", "sequence"},
        "x5_2_sd_as_variance": {"bayes", "sequence"},
        "x5_2_weight_of_the_prior": {"bayes"},
        "x5_3_crisp_means": {"means"},
        "x5_3_divided_by_people": {"means"},
        "x5_3_empty_is_zero": {"means"},
        "x5_3_m_ignored": {"means"},
        "x5_3_mean_of_means": {"effects"},
        "x5_3_no_plateau": {"means", "memberships"},
        "x5_3_sst_with_ddof": {"effects"},
        "x5_4_cancelled_is_not_late": {"delays", "pair"},
        "x5_4_few_draws": {"share", "shortfall"},
        "x5_4_missing_as_zero": {"delays", "pair"},
        "x5_4_no_spread_no_answer": {"share", "shortfall"},
        "x5_4_pair_turned_round": {"pair"},
        "x5_4_rho_ignored": {"share", "shortfall"},
        "x5_4_sds_added": {"share", "shortfall"},
        "x5_4_shortfall_of_the_disappointed": {"shortfall"},
        "x5_4_small_airlines_kept": {"pair"},
        "x5_5_first_sale_only": {"optimum", "profit", "ties"},
        "x5_5_last_of_equals": {"ties"},
        "x5_5_means_of_times": {"boston"},
        "x5_5_no_rounding": {"ties"},
        "x5_5_no_target_is_on_time": {"boston"},
        "x5_5_open_is_late": {"boston"},
        "x5_5_pearson": {"boston"},
        "x5_5_promise_is_believed": {"optimum", "profit", "ties"},
        "x5_5_single_slope": {"optimum", "profit"},
    }
    says = {
        "x5_1_storm_changes_wishes": "What they want stays the same.",
        "x5_2_alpha_down_ignored": "Where does alpha_down come in?",
        "x5_3_crisp_means": "people count fully or not at all.",
        "x5_4_cancelled_is_not_late": "You counted them among the punctual.",
        "x5_5_first_sale_only": "Those who come back bring 40 credits each.",
        "x5_5_no_target_is_on_time": "Where nothing was promised, nothing is on time.",
    }


def read(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def same_rows(ours, theirs):
    columns = list(ours.columns)
    pd.testing.assert_frame_equal(
        ours.sort_values(columns, ignore_index=True),
        theirs[columns].sort_values(columns, ignore_index=True),
    )


def test_flights_are_those_of_the_dataset():
    ours = read(EXERCISE / "new-york-flights.csv.gz")
    assert list(ours) == ["carrier", "arr_delay_min"]
    same_rows(ours, read(ROOT / "datasets" / "nyc-flights" / "flights.csv.gz"))
    assert "CC0 1.0" in (EXERCISE / "data-LICENCES.txt").read_text("utf-8")


def test_requests_are_those_of_the_dataset():
    theirs = pd.read_csv(
        ROOT / "datasets" / "boston-311" / "requests.csv.gz",
        parse_dates=["open_dt", "target_dt", "closed_dt"],
    )
    for ours, time in (("promised_s", "target_dt"), ("taken_s", "closed_dt")):
        theirs[ours] = (theirs[time] - theirs["open_dt"]).dt.total_seconds()
    ours = pd.read_csv(EXERCISE / "boston-requests.csv.gz")
    assert list(ours) == ["type", "promised_s", "taken_s"]
    same_rows(ours, theirs)
    assert "Public Domain Dedication" in (EXERCISE / "data-LICENCES.txt").read_text("utf-8")
