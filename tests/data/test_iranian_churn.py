"""R6.3 and the source card of the Iranian telecom customers."""

import pytest

from servicequality import data


@pytest.fixture(scope="module")
def customers():
    return data.load("iranian-churn")


@pytest.mark.oracle("R6.3")
def test_r6_3_churn_and_complaints(customers):
    assert customers["churn"].mean() == pytest.approx(0.1571, abs=5e-5)
    by_complaint = customers.groupby("complained")["churn"].agg(["mean", "size"])
    assert by_complaint.loc[True, "mean"] == pytest.approx(0.8299, abs=5e-5)
    assert by_complaint.loc[False, "mean"] == pytest.approx(0.1014, abs=5e-5)
    assert by_complaint["size"].to_dict() == {False: 2909, True: 241}
    odds = by_complaint["mean"] / (1 - by_complaint["mean"])
    assert odds[True] / odds[False] == pytest.approx(43.22, abs=5e-3)


@pytest.mark.oracle("R6.3")
def test_r6_3_tariff_and_failures(customers):
    by_tariff = customers.groupby("tariff_plan")["churn"].mean()
    assert by_tariff["pay as you go"] == pytest.approx(0.1683, abs=5e-5)
    assert by_tariff["contract"] == pytest.approx(0.0245, abs=5e-5)
    assert customers["call_failures"].corr(customers["churn"]) == pytest.approx(-0.009, abs=5e-4)


def test_size(customers):
    assert customers.shape == (3150, 14)
    assert not customers.isna().any(axis=None)
    assert customers.duplicated().sum() == 300
    assert customers["complained"].mean() == pytest.approx(0.077, abs=5e-4)
    assert customers.groupby("age_group")["age_years"].unique().map(list).to_dict() == {
        1: [15],
        2: [25],
        3: [30],
        4: [45],
        5: [55],
    }
