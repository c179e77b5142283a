"""DS-12: survival is that of a mixed cohort, with constant rates for each customer."""

import json
from pathlib import Path

import pytest

from servicequality import data
from servicequality.models.lifetime_value import cohort_survival

FOLDER = Path(__file__).parents[2] / "datasets" / "telecom-panel"
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
CHURN = TRUTH["churn_per_month"]
LEVEL = {"basic": 0, "plus": 1, "pro": 2}


@pytest.fixture(scope="module")
def panel():
    return data.load("telecom-panel")


def test_each_customer_has_one_row_a_month_until_leaving(panel):
    customers = panel.groupby("id")["month"].agg(["count", "max"])
    assert len(customers) == TRUTH["customers"]
    assert (customers["count"] == customers["max"]).all()
    last = panel.groupby("id").tail(1)
    assert ((last["churned"] == 1) | (last["month"] == 24)).all()
    assert panel["churned"].sum() == last["churned"].sum()


@pytest.mark.parametrize(("month", "share"), [(1, 0.95), (6, 0.76), (12, 0.61), (24, 0.44)])
def test_survivors(panel, month, share):
    left = panel.loc[panel["month"] <= month, "churned"].sum()
    assert 1 - left / TRUTH["customers"] == pytest.approx(share, abs=0.02)
    assert cohort_survival(CHURN["a"], CHURN["b"], month) == pytest.approx(share, abs=0.005)


def test_a_constant_rate_is_far_off(panel):
    first = panel.loc[panel["month"] == 1, "churned"].mean()
    assert (1 - first) ** 24 == pytest.approx(0.29, abs=0.05)
    stayed = 1 - panel["churned"].sum() / TRUTH["customers"]
    assert stayed > (1 - first) ** 24 + 0.1


def test_retention_and_satisfaction_rise_although_nobody_changes(panel):
    rate = panel.groupby("month")["churned"].mean()
    assert rate[1] == pytest.approx(0.05, abs=0.012)
    assert rate[19:24].mean() == pytest.approx(1 / 42, abs=0.008), "beta-geometric"
    satisfaction = panel.groupby("month")["satisfaction"].mean()
    assert satisfaction[20:24].mean() > satisfaction[1:4].mean() + 0.1


def test_tiers_and_margins(panel):
    for tier, true in TRUTH["tiers"].items():
        own = panel[panel["tier"] == tier]
        assert own["margin"].mean() == pytest.approx(true["margin"], rel=0.02)
        assert own["margin"].std() == pytest.approx(TRUTH["margin_cv"] * true["margin"], rel=0.1)
        first = own["month"] == 1
        assert first.sum() / TRUTH["customers"] == pytest.approx(true["share"], abs=0.03)


def test_moves_between_tiers(panel):
    level = panel["tier"].map(LEVEL)
    step = level.groupby(panel["id"]).shift(-1) - level
    known = step.notna()
    assert ((step == 1) == (panel["upgraded"] == 1))[known].all()
    assert (panel.loc[~known, "upgraded"] == 0)[panel["churned"] == 1].all()
    up = (step == 1)[known & (level < 2)].mean()
    down = (step == -1)[known & (level > 0)].mean()
    assert up == pytest.approx(TRUTH["upgrade_per_month"], abs=0.002)
    assert down == pytest.approx(TRUTH["downgrade_per_month"], abs=0.0015)
    assert (panel.loc[panel["tier"] == "pro", "upgraded"] == 0).all()


def test_complaints_come_from_contacts(panel):
    assert panel["contacts"].mean() == pytest.approx(TRUTH["contacts_per_month"], abs=0.01)
    by_contacts = panel.groupby("contacts")["complaint"].mean()
    assert by_contacts[0] == 0
    assert by_contacts[1] == pytest.approx(TRUTH["complaint_per_contact"], abs=0.01)


def test_complaints_lower_satisfaction_but_do_not_cause_churn(panel):
    by_complaint = panel.groupby("complaint")[["satisfaction", "churned"]].mean()
    drop = by_complaint.loc[1, "satisfaction"] - by_complaint.loc[0, "satisfaction"]
    assert drop == pytest.approx(TRUTH["satisfaction"]["after_complaint"], abs=0.1)
    assert abs(by_complaint["churned"].diff().iloc[1]) < 0.012
