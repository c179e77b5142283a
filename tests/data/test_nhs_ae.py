"""R3.2 and the source card of the English emergency departments."""

import numpy as np
import pytest

from servicequality import data


@pytest.fixture(scope="module")
def attendances():
    return data.load("nhs-ae")


def within_four_hours(rows):
    return 1 - rows["breaches"].sum() / rows["attendances"].sum()


@pytest.mark.oracle("R3.2")
def test_r3_2_a_plain_p_chart_flags_almost_everybody(attendances):
    january = attendances["period"] == "2018-01-01"
    month = attendances[january & (attendances["type"] == "1")]
    assert len(month) == month["org_code"].nunique() == 137
    centre = month["breaches"].sum() / month["attendances"].sum()
    assert centre == pytest.approx(0.22835, abs=5e-6)
    share = month["breaches"] / month["attendances"]
    outside = (share - centre).abs() > 3 * np.sqrt(centre * (1 - centre) / month["attendances"])
    assert outside.sum() == 128


def test_a_month_is_chosen_as_the_datasheets_say(attendances):
    month = attendances[attendances["period"] == "2018-01-01"]
    assert len(month) == 367
    assert attendances.query("'2018-01' <= period < '2018-02'").equals(month)
    assert attendances.query("period.dt.year == 2018 and period.dt.month == 1").equals(month)
    # Should this fail, pandas has mended its issue 35595, and the warnings in the datasheets go.
    assert attendances.query("period == '2018-01-01'").empty


def test_size(attendances):
    assert attendances.shape == (12_765, 6)
    assert not attendances.isna().any(axis=None)
    assert attendances["org_code"].nunique() == 274
    assert (attendances["breaches"] <= attendances["attendances"]).all()


def test_share_within_four_hours(attendances):
    monthly = attendances.groupby("period")[["attendances", "breaches"]].sum()
    share = 1 - monthly["breaches"] / monthly["attendances"]
    assert share["2016-04-01"] == pytest.approx(0.9004, abs=5e-5)
    assert share["2019-02-01"] == pytest.approx(0.8423, abs=5e-5)
    assert share["2019-03-01"] == pytest.approx(0.8660, abs=5e-5)
    assert share.idxmin() == share.index[34], "February 2019 is the worst month"


@pytest.mark.parametrize(
    ("year", "share"), [(2016, 0.844), (2017, 0.835), (2018, 0.815), (2019, 0.772)]
)
def test_major_departments_by_year(attendances, year, share):
    rows = attendances[(attendances["period"].dt.year == year) & (attendances["type"] == "1")]
    assert within_four_hours(rows) == pytest.approx(share, abs=5e-4)
