"""R3.4 and the source card of the service desk incidents."""

import pytest

from servicequality import data


@pytest.fixture(scope="module")
def incidents():
    return data.load("it-incidents")


@pytest.mark.oracle("R3.4")
def test_r3_4_kept_promises_by_hand_overs(incidents):
    assert incidents["made_sla"].mean() == pytest.approx(0.6064, abs=5e-5)
    kept = incidents.groupby(incidents["reassignment_count"].clip(upper=5))["made_sla"].mean()
    wanted = [0.7618, 0.5471, 0.3837, 0.2995, 0.2460, 0.1329]
    assert kept.to_list() == pytest.approx(wanted, abs=5e-5)
    assert (incidents["reopen_count"] > 0).mean() == pytest.approx(0.0113, abs=5e-5)


def test_size_and_gaps(incidents):
    assert incidents.shape == (20_768, 16)
    assert incidents["resolved_at"].isna().sum() == 1418
    assert (incidents["hours_to_resolve"].isna() == incidents["resolved_at"].isna()).all()
    assert (incidents["priority"] == "3 - Moderate").sum() == 19_553
    assert (incidents["contact_type"] == "Phone").mean() == pytest.approx(0.998, abs=5e-4)


def test_hours_are_from_opening_to_resolution(incidents):
    solved = incidents.dropna(subset=["resolved_at"])
    hours = (solved["resolved_at"] - solved["opened_at"]).dt.total_seconds() / 3600
    assert solved["hours_to_resolve"].to_numpy() == pytest.approx(hours.to_numpy(), abs=0.0051)


def test_a_hand_over_costs_hours(incidents):
    hours = incidents.groupby("reassignment_count")["hours_to_resolve"].median()
    assert hours[0] == pytest.approx(0.8, abs=0.05)
    assert hours[1] == pytest.approx(45.2, abs=0.05)
