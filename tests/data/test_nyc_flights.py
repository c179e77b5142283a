"""R5.1, R5.2 and the source card of the New York flights."""

import itertools

import pandas as pd
import pytest

from servicequality import data


@pytest.fixture(scope="module")
def flights():
    return data.load("nyc-flights")


@pytest.fixture(scope="module")
def arrived(flights):
    return flights.dropna(subset=["arr_delay_min"])


@pytest.mark.oracle("R5.1")
def test_r5_1_delay_of_those_that_arrived(arrived):
    assert arrived["arr_delay_min"].mean() == pytest.approx(6.8954, abs=5e-5)
    assert arrived["arr_delay_min"].median() == -5
    assert (arrived["arr_delay_min"] > 15).mean() == pytest.approx(0.2371, abs=5e-5)


def padding_pairs(arrived):
    """Ordered pairs (a, b): a has the smaller mean delay, but the larger share late."""
    by_carrier = arrived.groupby("carrier")["arr_delay_min"].agg(
        n="size", mean="mean", late=lambda delay: (delay > 15).mean()
    )
    mean, late = by_carrier.loc[by_carrier["n"] >= 1000, ["mean", "late"]].T.to_numpy()
    large = by_carrier.index[by_carrier["n"] >= 1000]
    return {
        (large[a], large[b]): late[a] - late[b]
        for a, b in itertools.permutations(range(len(large)), 2)
        if mean[a] < mean[b] and late[a] > late[b]
    }, by_carrier


@pytest.mark.oracle("R5.2")
def test_r5_2_a_smaller_mean_with_more_late_flights(arrived):
    pairs, carriers = padding_pairs(arrived)
    assert len(pairs) == 8
    assert max(pairs, key=pairs.get) == ("B6", "WN")
    assert carriers.loc["B6", "mean"] == pytest.approx(9.458, abs=5e-4)
    assert carriers.loc["WN", "mean"] == pytest.approx(9.649, abs=5e-4)
    assert carriers.loc["B6", "late"] == pytest.approx(0.2611, abs=5e-5)
    assert carriers.loc["WN", "late"] == pytest.approx(0.2486, abs=5e-5)


def test_size_and_gaps(flights):
    assert flights.shape == (336_776, 6)
    assert flights["dep_delay_min"].isna().sum() == 8_255
    assert flights["arr_delay_min"].isna().sum() == 9_430
    assert (flights["cancelled"] == flights["dep_delay_min"].isna()).all()
    assert flights["cancelled"].mean() == pytest.approx(0.0245, abs=5e-5)
    assert flights["carrier"].value_counts()[["OO", "HA"]].to_list() == [32, 342]


def test_on_time_shares(arrived):
    on_time = (arrived["arr_delay_min"] < 15).groupby(arrived["carrier"]).mean()
    wanted = {"DL": 0.8104, "UA": 0.7749, "B6": 0.7305, "EV": 0.6791, "HA": 0.8713}
    for carrier, share in wanted.items():
        assert on_time[carrier] == pytest.approx(share, abs=5e-5)


def test_the_table_of_months_agrees_with_the_flights(flights):
    months = data.load("nyc-flights", "airline_months").set_index(["carrier", "month"])
    assert len(months) == 185
    grouped = flights.groupby(["carrier", flights["date"].dt.month.rename("month")])
    delay = grouped["arr_delay_min"]
    again = pd.DataFrame(
        {
            "flights": grouped.size(),
            "cancelled": grouped["cancelled"].sum(),
            "arrived": delay.count(),
            "arrived_on_time": delay.agg(lambda minutes: (minutes < 15).sum()),
        }
    )
    pd.testing.assert_frame_equal(
        months[list(again)], again, check_dtype=False, check_index_type=False
    )
    assert months["mean_arr_delay_min"].to_numpy() == pytest.approx(
        delay.mean().to_numpy(), abs=0.0051
    )
    assert months["p90_arr_delay_min"].to_numpy() == pytest.approx(
        delay.quantile(0.9).to_numpy(), abs=0.051
    )
    assert months.groupby("carrier")["airline"].nunique().eq(1).all()
