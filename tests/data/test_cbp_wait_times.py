"""R4.1 and the source card of the border-control queues."""

import numpy as np
import pandas as pd
import pytest

from servicequality import data

BANDS = ["0_15", "16_30", "31_45", "46_60", "61_90", "91_120", "120_plus"]


@pytest.fixture(scope="module")
def hours():
    return data.load("cbp-wait-times")


@pytest.fixture(scope="module")
def before_covid(hours):
    return hours[(hours["date"] < "2020-03-01") & (hours["booths"] > 0)]


@pytest.mark.oracle("R4.1")
def test_r4_1_load_curve(before_covid):
    assert len(before_covid) == 28_406
    load = before_covid["passengers"] / before_covid["booths"]
    curve = before_covid.groupby(pd.qcut(load, 10))["all_avg_wait_min"].mean()
    wanted = [9.701, 12.309, 13.501, 14.057, 14.270, 15.085, 15.507, 16.113, 16.735, 18.368]
    assert curve.to_list() == pytest.approx(wanted, abs=0.01)


@pytest.mark.oracle("R4.1")
def test_r4_1_long_waits(hours, before_covid):
    """The figures of the catalogue are over the same hours as the load curve."""
    assert before_covid["all_max_wait_min"].quantile(0.95) == 102
    assert before_covid["all_avg_wait_min"].mean() == pytest.approx(14.56, abs=5e-3)
    weighted = np.average(before_covid["all_avg_wait_min"], weights=before_covid["passengers"])
    assert weighted == pytest.approx(16.55, abs=5e-3)


def test_size(hours):
    assert hours.shape == (29_450, 19)
    assert not hours.isna().any(axis=None)
    assert hours["passengers"].sum() / 1e6 == pytest.approx(22.4, abs=0.05)
    assert (hours["booths"] == 0).sum() == 23


@pytest.mark.parametrize(
    ("column", "mean", "tolerance"),
    [
        ("all_avg_wait_min", 14.4, 0.05),
        ("all_max_wait_min", 46.2, 0.05),
        ("passengers", 760.8, 0.05),
        ("booths", 15.3, 0.05),
        ("flights", 4.1, 0.05),
    ],
)
def test_means_over_hours(hours, column, mean, tolerance):
    assert hours[column].mean() == pytest.approx(mean, abs=tolerance)


def test_waiting_bands(hours):
    bands = hours[[f"n_wait_{band}" for band in BANDS]]
    shares = bands.sum() / bands.sum().sum()
    wanted = [0.610, 0.242, 0.083, 0.034, 0.023, 0.006]
    assert shares.to_list()[:6] == pytest.approx(wanted, abs=5e-4)
    assert shares.iloc[6] == pytest.approx(0.0020, abs=5e-5)
    complete = bands.sum(axis=1) + hours["passengers_excluded"] == hours["passengers"]
    assert (~complete).sum() == 3
