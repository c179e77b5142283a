"""DS-17: a complete table in which the first hotel leads, catches up, and never does."""

import numpy as np
import pytest

from servicequality import data
from servicequality.models.benchmarking import time_to_parity

OWN = "Harbour Lantern"


@pytest.fixture(scope="module")
def table():
    return data.load("benchmark")


def years(table, kpi):
    """Years in which the first hotel reaches the best rival of today."""
    rows = table[table["kpi"] == kpi].set_index("hotel")
    own, rivals = rows.loc[OWN], rows.drop(OWN)
    best = rivals.loc[(rivals["value"] * rivals["direction"]).idxmax()]
    return time_to_parity(
        own["value"], best["value"], own["growth"], best["growth"], own["direction"]
    )


def test_every_hotel_has_every_indicator(table):
    values = table.pivot(index="hotel", columns="kpi", values="value")
    assert values.shape == (8, 6)
    assert not values.isna().any(axis=None)
    assert (table.groupby("kpi")["direction"].nunique() == 1).all()


def test_time_to_parity(table):
    """O3.6 and the two edges."""
    assert years(table, "satisfaction_index") == pytest.approx(6.533, abs=5e-4)
    assert years(table, "staff_leaving_pct") == 0
    assert years(table, "repeat_guests_pct") == np.inf
    for kpi in ("promises_kept_pct", "checkin_min", "complaints_per_1000"):
        assert 5 < years(table, kpi) < 10


def test_percentages_and_signs(table):
    percent = table[table["kpi"].str.endswith("_pct")]
    assert percent["value"].between(0, 100).all()
    own = table[table["hotel"] == OWN]
    assert (own["growth"] * own["direction"] > 0).all(), "improves in everything"
