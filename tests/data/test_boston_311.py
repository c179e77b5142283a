"""R3.1, R5.3 and the source card of the Boston service requests."""

import numpy as np
import pytest
from scipy import stats

from servicequality import data


@pytest.fixture(scope="module")
def requests():
    return data.load("boston-311")


@pytest.fixture(scope="module")
def judged(requests):
    """Closed requests that had a target."""
    closed = requests.dropna(subset=["closed_dt", "target_dt"])
    hours = (closed["closed_dt"] - closed["open_dt"]).dt.total_seconds() / 3600
    promised = (closed["target_dt"] - closed["open_dt"]).dt.total_seconds() / 3600
    on_time = closed["ontime_status"] == "ONTIME"
    return closed.assign(hours=hours, promised=promised, on_time=on_time)


@pytest.mark.oracle("R3.1")
def test_r3_1_street_lights_by_week(judged):
    lights = judged[judged["type"] == "Street Light Outages"]
    late = ~lights["on_time"]
    weeks = late.groupby(lights["open_dt"].dt.to_period("W-SUN")).agg(["size", "sum", "mean"])
    weeks = weeks[weeks["size"] >= 20]
    assert weeks["size"].sum() == 6767
    assert len(weeks) == 53
    share = weeks["sum"].sum() / weeks["size"].sum()
    assert share == pytest.approx(0.23777, abs=5e-6)
    spread = np.sqrt(share * (1 - share) / weeks["size"])
    assert ((weeks["mean"] - share).abs() > 3 * spread).sum() == 11
    worst = weeks["mean"].idxmax()
    assert (worst.start_time.month, worst.start_time.day) == (1, 26)
    assert weeks["mean"].max() == pytest.approx(0.5441, abs=5e-5)


@pytest.mark.oracle("R5.3")
def test_r5_3_on_time_measures_the_promise(judged):
    by_type = judged.groupby("type").agg(
        n=("on_time", "size"),
        on_time=("on_time", "mean"),
        promised=("promised", "median"),
        hours=("hours", "median"),
    )
    types = by_type[by_type["n"] >= 500]
    assert len(types) == 35
    target = stats.spearmanr(types["on_time"], types["promised"]).statistic
    actual = stats.spearmanr(types["on_time"], types["hours"]).statistic
    assert target == pytest.approx(0.5766, abs=5e-5)
    assert actual == pytest.approx(0.0241, abs=5e-5)
    unsafe = types.loc["Unsafe Dangerous Conditions"]
    assert unsafe["promised"] == pytest.approx(24, abs=0.05)
    assert unsafe["on_time"] == pytest.approx(0.081, abs=5e-4)
    contractor = types.loc["Contractors Complaint"]
    assert contractor["promised"] == pytest.approx(720 * 24, rel=1e-3)
    assert contractor["on_time"] == pytest.approx(1, abs=5e-4)


def test_size_and_gaps(requests, judged):
    assert requests.shape == (121_145, 9)
    assert requests["target_dt"].isna().sum() == 26_991
    assert requests["closed_dt"].isna().sum() == 19_873
    assert (requests["closed_dt"] < requests["open_dt"]).sum() == 197
    assert len(judged) == 79_208
    assert judged["on_time"].mean() == pytest.approx(0.758, abs=5e-4)


def test_no_target_counts_as_on_time(requests):
    verdicts = requests.loc[requests["target_dt"].isna(), "ontime_status"].dropna()
    assert (verdicts == "ONTIME").all()


def test_the_verdict_is_closed_before_target(judged):
    assert (judged["on_time"] == (judged["closed_dt"] <= judged["target_dt"])).all()


@pytest.mark.parametrize(
    ("kind", "share"),
    [
        ("Street Light Outages", 0.76),
        ("Building Inspection Request", 0.29),
        ("Sidewalk Repair (Make Safe)", 0.46),
        ("Abandoned Vehicles", 0.83),
        ("Tree Maintenance Requests", 1.00),
    ],
)
def test_on_time_share_by_kind(judged, kind, share):
    assert judged.loc[judged["type"] == kind, "on_time"].mean() == pytest.approx(share, abs=5e-3)


def test_kinds_named_in_the_datasheet(judged):
    by_type = judged.groupby("type")
    lights = by_type.get_group("Street Light Outages")
    assert len(lights) == 6767
    assert lights["hours"].median() == pytest.approx(86.7, abs=0.05)
    assert lights["promised"].median() == pytest.approx(354, abs=0.5)
    assert len(by_type.get_group("Building Inspection Request")) == 4533
    trees = by_type.get_group("Tree Maintenance Requests")
    assert trees["promised"].median() / 24 == pytest.approx(365, abs=0.5)
    assert trees["hours"].median() / 24 == pytest.approx(27, abs=0.5)


def test_on_time_share_by_channel(requests, judged):
    """The source card states the shares of all closed requests, those without target included."""
    channels = ["Constituent Call", "Citizens Connect App", "Self Service", "Employee Generated"]
    closed = requests.dropna(subset=["closed_dt"])
    with_no_target = (closed["ontime_status"] == "ONTIME").groupby(closed["source"]).mean()
    flattered = [0.763, 0.749, 0.869, 0.943]
    assert with_no_target[channels].to_list() == pytest.approx(flattered, abs=5e-4)
    on_time = judged.groupby("source")["on_time"].mean()
    assert on_time[channels].to_list() == pytest.approx([0.700, 0.740, 0.753, 0.901], abs=5e-4)


def test_no_verdict_means_late(judged):
    assert not (judged["closed_dt"] <= judged["target_dt"])[judged["ontime_status"].isna()].any()
