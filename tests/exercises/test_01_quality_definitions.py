"""Exercise 1: its points, its wrong submissions, its data."""

from pathlib import Path

import pandas as pd
from exercise import ALL, Exercise

from servicequality import data

EXERCISE = Path(__file__).parents[2] / "exercises" / "01-quality-definitions"


class TestQualityDefinitions(Exercise):
    slug = "01-quality-definitions"
    split = {
        "x1-1": {"additive": 5, "geometric": 4, "negative": 4, "image": 4, "edges": 3},
        "x1-2": {"mean-squares": 6, "reliability": 6, "unbalanced": 4, "needed": 4},
        "x1-3": {"mean": 3, "min": 3, "geometric": 3, "early": 3, "peak-end": 3},
        "x1-4": {"cp": 2, "cpk": 3, "in-spec": 2, "loss": 3, "sigma": 3, "optimum": 2},
        "x1-5": {"cleaning": 5, "tags": 4, "spearman": 4, "ties": 2},
        "x1-6": {"answer": 15},
    }
    loses = {
        "x1_1_arithmetic_mean_always": {"geometric", "negative", "edges"},
        "x1_1_division_by_zero": {"geometric", "negative", "edges"},
        "x1_1_everything_accepted": {"edges"},
        "x1_1_image_on_surpluses": {"image"},
        "x1_1_weight_on_manner": {"additive", "geometric", "negative", "image"},
        "x1_2_ddof_zero_within": {"mean-squares", "reliability", "unbalanced"},
        "x1_2_mean_size_for_k0": {"unbalanced"},
        "x1_2_missing_as_zero": {"unbalanced"},
        "x1_2_negative_cut_off": {"reliability"},
        "x1_2_rounded_down": {"needed"},
        "x1_2_variance_of_means": {"mean-squares", "reliability", "unbalanced"},
        "x1_3_latest_tie": {"peak-end"},
        "x1_3_logarithm_of_zero": {"geometric"},
        "x1_3_peak_is_best": {"peak-end"},
        "x1_3_unnormalised_weights": {"early"},
        "x1_4_conformance_below_zero": {"optimum"},
        "x1_4_cp_for_cpk": {"cpk"},
        "x1_4_dpmo_per_unit": {"sigma"},
        "x1_4_loss_without_bias": {"loss"},
        "x1_4_two_limits_only": {"cp", "cpk", "in-spec", "loss"},
        "x1_5_all_columns": ALL,
        "x1_5_last_of_equals": {"ties"},
        "x1_5_mean_of_answers": {"tags", "spearman"},
        "x1_5_missing_as_zero": {"cleaning"},
        "x1_5_pearson": {"spearman"},
        "x1_5_strongest_of_either_sign": {"ties"},
    }
    says = {
        "x1_1_image_on_surpluses": "Image works on shortfalls only",
        "x1_2_rounded_down": "62 ratings are not enough: round up.",
        "x1_4_loss_without_bias": "That is the part of the spread alone: B is off target, too.",
        "x1_5_pearson": "That is Pearson's correlation",
    }


def test_hospitals_are_those_of_the_dataset():
    ours = pd.read_csv(EXERCISE / "hospitals-2022.csv")
    pd.testing.assert_frame_equal(ours, data.load("hcahps")[list(ours.columns)], check_dtype=False)
    assert len(ours) == 3225


def test_response_rates_are_those_of_the_dataset():
    ours = pd.read_csv(EXERCISE / "response-rates-2016.csv", dtype=str, keep_default_na=False)
    rates = data.load("hcahps", "response_rates")
    theirs = rates.loc[rates["release"] == "07_2016", list(ours.columns)].reset_index(drop=True)
    pd.testing.assert_frame_equal(ours, theirs)
