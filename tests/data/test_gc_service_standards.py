"""R3.3 and the source card of the Canadian service standards."""

import pytest

from servicequality import data


@pytest.fixture(scope="module")
def standards():
    return data.load("gc-service-standards")


@pytest.fixture(scope="module")
def judged(standards):
    return standards.dropna(subset=["target", "performance", "target_met"])


@pytest.mark.oracle("R3.3")
def test_r3_3_targets_met(judged):
    assert len(judged) == 1783
    met = judged["target_met"] == "yes"
    assert met.mean() == pytest.approx(0.7364, abs=5e-5)
    by_type = met.groupby(judged["type"]).agg(["mean", "size"])
    wanted = {
        "access": (0.9167, 96),
        "accuracy": (0.8608, 79),
        "timeliness": (0.7165, 1566),
        "other": (0.8333, 42),
    }
    for kind, (share, n) in wanted.items():
        assert by_type.loc[kind, "mean"] == pytest.approx(share, abs=5e-5)
        assert by_type.loc[kind, "size"] == n


def test_the_verdict_is_performance_at_least_target(judged):
    assert ((judged["performance"] >= judged["target"]) == (judged["target_met"] == "yes")).all()


def test_size_and_gaps(standards):
    assert standards.shape == (2343, 14)
    assert standards["organisation"].nunique() == 62
    missing = {
        "standard_id": 1,
        "target": 117,
        "volume_meeting_target": 241,
        "total_volume": 189,
        "performance": 528,
        "target_met": 560,
    }
    gaps = standards.isna().sum()
    assert gaps[gaps > 0].to_dict() == missing
    no_volume = standards["total_volume"].fillna(0) == 0
    assert standards.loc[no_volume, "performance"].isna().all()


def test_weighted_by_cases_the_share_is_higher(standards, judged):
    counted = judged.dropna(subset=["total_volume"])
    met = counted.loc[counted["target_met"] == "yes", "total_volume"].sum()
    assert met / counted["total_volume"].sum() > 0.9
    assert (standards["performance"] > 1).sum() == 6
