"""DS-04: control charts find the shift after day 60 and the odd day 37."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom, poisson

from servicequality import data
from servicequality.models import control_charts

FOLDER = Path(__file__).parents[2] / "datasets" / "contact-centre-daily"
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
LAST = TRUTH["last_day_before_shift"]


@pytest.fixture(scope="module")
def days():
    return data.load("contact-centre-daily")


def signals(days, chart, *columns, **options):
    known = days.dropna(subset=list(columns))
    found = chart(*(known[column] for column in columns), **options)
    return known["day"][found["signal"].to_numpy()].tolist()


def split(before, level):
    return np.where(before, level["before"], level["after"])


def known_before(days, *columns):
    return int((days.dropna(subset=list(columns))["day"] <= LAST).sum())


def test_p_chart_signals_soon_after_the_shift(days):
    baseline = known_before(days, "defects", "calls")
    found = signals(days, control_charts.p_chart, "defects", "calls", baseline=baseline)
    assert LAST < found[0] <= LAST + 8


def test_i_chart_flags_the_odd_day_only(days):
    assert signals(days, control_charts.i_chart, "mean_handle_min") == [TRUTH["outlier"]["day"]]


def test_three_standard_deviations_would_flag_it_as_well(days):
    """Among 90 days one odd day hardly widens the limits; among ten it would."""
    handle = days["mean_handle_min"]
    far = abs(handle - handle.mean()) > 3 * handle.std()
    assert days["day"][far].tolist() == [37]


def test_rates_before_and_after(days):
    period = (days["day"] <= LAST).map({True: "before", False: "after"})
    known = days.dropna(subset=["calls", "defects"])
    sums = known.groupby(period)[["calls", "defects"]].sum()
    rates = sums["defects"] / sums["calls"]
    complaints = days.groupby(period)["complaints"].mean()
    for when, rate_error, complaints_error in (("before", 0.005, 0.8), ("after", 0.008, 1.4)):
        assert rates[when] == pytest.approx(TRUTH["defect_rate"][when], abs=rate_error)
        assert complaints[when] == pytest.approx(
            TRUTH["complaints_mean"][when], abs=complaints_error
        )


def test_the_most_likely_day_of_the_shift(days):
    known = days.dropna(subset=["calls", "defects"])
    rate, mean = TRUTH["defect_rate"], TRUTH["complaints_mean"]
    likelihood = [
        binom.logpmf(known["defects"], known["calls"], split(known["day"] <= last, rate)).sum()
        + np.nansum(poisson.logpmf(days["complaints"], split(days["day"] <= last, mean)))
        for last in range(1, 90)
    ]
    assert 1 + int(np.argmax(likelihood)) == pytest.approx(LAST, abs=5)


def test_levels(days):
    usual = days[days["day"] != TRUTH["outlier"]["day"]]
    assert usual["calls"].mean() == pytest.approx(200, abs=4.5)
    assert usual["mean_handle_min"].mean() == pytest.approx(6.2, abs=0.15)
    assert usual["mean_handle_min"].std() == pytest.approx(0.5, abs=0.1)
