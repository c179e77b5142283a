"""The capstone: its points, its wrong submissions, and the form of what students write."""

from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from exercise import Exercise, cell, marks, written_in
from scipy import stats

from servicequality import data

ROOT = Path(__file__).parents[2]
SHARES = ["h_hsp_rating_9_10", "h_hsp_rating_0_6", "h_quiet_hsp_a_p", "h_quiet_hsp_sn_p"]
SHARES += ["h_recmnd_dy"]


class TestCapstone(Exercise):
    slug = "08-capstone"
    split = {
        "x8-1": {"answer": 10},
        "x8-2": {"size": 1, "invitations": 1, "answer": 13},
        "x8-3": {"alone": 1, "together": 1, "sums": 1, "answer": 12},
        "x8-4": {"signs": 1, "shares": 1, "nothing-short": 1, "answer": 12},
        "x8-5": {"stability": 1, "wait": 2, "answer": 7},
        "x8-6": {"findings": 1, "intervals": 1, "today": 1, "gains": 2, "answer": 5},
        "x8-7": {"range": 1, "learning": 1, "answer": 8},
        "x8-8": {"predict": 1, "views": 1, "answer": 8},
        "x8-9": {"answer": 5},
    }
    loses = {
        "x8_2_response_ignored": {"invitations"},
        "x8_3_correlations": {"alone", "together"},
        "x8_3_not_of_the_whole": {"alone", "together", "sums"},
        "x8_4_direction_ignored": {"signs", "shares", "nothing-short"},
        "x8_4_surpluses_count": {"shares", "nothing-short"},
        "x8_5_one_fast_server": {"stability", "wait"},
        "x8_6_percent": {"findings", "intervals"},
        "x8_6_too_narrow": {"findings", "intervals", "today", "gains"},
        "x8_7_shares_swapped": {"range", "learning"},
        "x8_8_one_description": {"predict", "views"},
    }
    says = {
        "x8_2_response_ignored": "With 385 invitations you would get 96.",
        "x8_4_direction_ignored": "where does direction come in?",
        "x8_6_percent": "findings gives another table when it is called again: set the seed.",
        "x8_6_too_narrow": "narrower than chance allows with this n.",
    }

    def test_twenty_points_are_automatic_and_each_part_is_read(self, course):
        written = written_in(course.source)
        assert [cell.id for cell in written] == [f"x8-{part}-answer" for part in range(1, 10)]
        assert sum(marks(cell)["points"] for cell in written) == 80


def test_findings_of_the_example_are_those_of_the_data():
    path = ROOT / "exercises" / "08-capstone" / "08-capstone.ipynb"
    made = {}
    exec(cell(nbformat.read(path, 4), "x8-6-solution").source, {"pd": pd}, made)
    found = made["findings"]()
    hospitals = data.load("hcahps").query("state == 'MA'")
    shares = hospitals[SHARES] / 100
    half = stats.t.ppf(0.975, len(shares) - 1) * shares.sem()
    wanted = np.column_stack([shares.mean(), shares.mean() - half, shares.mean() + half])
    assert found[["share", "low", "high"]].to_numpy() == pytest.approx(wanted, abs=0.0006)
    assert (found["n"] == hospitals["completed_surveys"].sum()).all()
