"""Check values of CDNOW and the donors."""

from pathlib import Path

import pytest

from servicequality import data

DATASETS = Path(__file__).parents[2] / "datasets"


def test_customers():
    customers = data.load("cdnow")
    assert customers.shape == (2357, 5)
    never = customers["repeat_purchases"] == 0
    assert never.mean() == pytest.approx(0.599, abs=5e-4)
    assert customers.loc[never, ["weeks_first_to_last", "mean_spend_usd"]].eq(0).all(axis=None)
    assert (customers["weeks_first_to_last"] <= customers["weeks_observed"]).all()


def test_the_notice_of_the_package_is_kept():
    """The package that ships the files is MIT; the authors want the credit."""
    notice = (DATASETS / "cdnow" / "LICENSE").read_text(encoding="utf-8")
    assert notice.startswith(
        "The MIT License (MIT) \n\nCopyright (c) 2015, Cameron Davidson-Pilon\n"
    )
    assert "Peter Fader and Bruce Hardie" in notice


def test_donors():
    donors = data.load("cdnow", "donors")
    assert donors.shape == (22, 4)
    assert donors["donors"].sum() == 11_104
    never = donors.loc[donors["years_donated_of_6"] == 0, "donors"].sum()
    assert never == 3464
    assert never / donors["donors"].sum() == pytest.approx(0.312, abs=5e-4)
    assert (donors["years_donated_of_6"] <= donors["last_donation_year_index"]).all()
