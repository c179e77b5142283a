"""R7.3 and the source card of the claims after airport screening."""

import pytest

from servicequality import data


@pytest.fixture(scope="module")
def claims():
    return data.load("tsa-claims")


@pytest.mark.oracle("R7.3")
def test_r7_3_half_is_the_rule(claims):
    outcomes = claims["disposition"].value_counts().to_dict()
    assert outcomes == {"Deny": 32_880, "Approve in Full": 6_572, "Settle": 4_810}
    settled = claims[(claims["disposition"] == "Settle") & (claims["claim_amount_usd"] > 0)]
    ratio = (settled["close_amount_usd"] / settled["claim_amount_usd"]).dropna()
    assert ratio.median() == pytest.approx(0.5, abs=5e-4)
    assert len(ratio) == 4808
    assert ratio.mean() == pytest.approx(0.535, abs=5e-4)


def test_approved_means_paid_as_asked(claims):
    approved = claims[claims["disposition"] == "Approve in Full"]
    assert (approved["close_amount_usd"] / approved["claim_amount_usd"]).median() == 1


def test_size_and_gaps(claims):
    assert len(claims) == 47_912
    gaps = claims[["claim_amount_usd", "close_amount_usd", "disposition"]].isna().sum()
    assert gaps.to_list() == [752, 1970, 3650]
    assert claims["claim_amount_usd"].median() == 200
    assert claims["claim_amount_usd"].max() == 3e12
    years = claims["date_received"].dt.year.value_counts().sort_index()
    assert years.to_dict() == {2007: 18_670, 2008: 16_439, 2009: 12_803}


def test_later_claims():
    later = data.load("tsa-claims", "claims_2010")
    assert len(later) == 59_119
    assert later["disposition"].isna().sum() == 12_752
    assert (later["close_amount_usd"].isna() == later["disposition"].isna()).all()
    assert later["date_received"].dt.year.between(2010, 2015).all()
