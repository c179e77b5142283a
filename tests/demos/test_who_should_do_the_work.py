"""D4.1: the payroll falls all the way, the total does not."""

import pytest
from playwright.sync_api import expect

from servicequality import widgets as w
from servicequality.demos.customers_role import who_should_do_the_work
from servicequality.models import participation as model

DEMO = who_should_do_the_work()


def look(**values):
    return DEMO.view(DEMO.check(values))


def brought(training):
    (choice,) = (control for control in DEMO.all_controls() if control.name == "training")
    return {"training": training, **choice.brings[training]}


def test_o4_1_four_ways_to_share_the_work():
    ways = look().tables["ways"]["total"].tolist()
    assert ways == pytest.approx([6.15, 6.15, 5.5483, 5.75], abs=5e-5)
    best = look().tables["best"]
    assert best["share"].item() == pytest.approx(0.6333, abs=5e-5)
    assert best["words"].item() == "lowest: 5.55 at 63 %"


@pytest.mark.parametrize(("share", "served", "errors"), [(0, 4.950, 3), (100, 42.857, 35)])
def test_o4_1_productivity_and_errors(share, served, errors):
    view = look(share=share)
    assert view.tables["point"]["value"].item() == pytest.approx(served, abs=5e-4)
    assert view.tables["error_point"]["value"].item() == pytest.approx(errors)
    assert f"{errors} % of them meet an error" in view.sentence


def test_the_sentence_says_who_saves_and_who_pays():
    told = look(share=100).sentence
    assert "the firm saves 5.36 credits, the customer pays 4.00 in time" in told
    assert "all together gain 0.40" in told
    assert "all together lose 1.29" in look(share=63, customer_cost=0.35).sentence


@pytest.mark.parametrize(("worth", "best"), [(0.2, 0.6333), (0.29, 0.0333), (0.35, 0)])
def test_o4_1_a_dear_minute_keeps_the_work_with_the_staff(worth, best):
    found = look(customer_cost=worth).tables["best"]["share"].item()
    assert found == pytest.approx(best, abs=5e-5)
    assert "worth 0.295 credits" in look(customer_cost=worth).explanation


def test_o4_1_trained_customers_should_do_all():
    assert brought("trained") == {
        "training": "trained",
        "efficiency": 0.9,
        "overload_error": 0.15,
    }
    assert look(**brought("trained")).tables["best"]["share"].item() == 1
    assert look(**brought("none")).sentence == look().sentence


def test_without_staff_there_is_no_productivity_to_draw():
    view = look(share=100, rework_min=0)
    assert view.tables["point"]["value"].isna().all()
    assert "serves ∞ customers" in view.sentence


def test_who_counts_the_payroll_only_shifts_everything():
    view = look(perspective="payroll")
    assert view.tables["best"]["share"].item() == 1
    assert "for the payroll alone is 100 %" in view.sentence
    assert "no account of the firm" in view.explanation


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({}, "the total turns at 63 %"),
        ({"customer_cost": 0.5}, "the total only rises"),
        ({"efficiency": 0.9}, "here the total falls with it"),
    ],
)
def test_the_explanation_fits_where_the_lowest_total_lies(values, why):
    assert why in look(**values).explanation


def test_the_prediction_is_about_the_first_state():
    assert DEMO.prediction.values == {}
    assert DEMO.prediction.correct == "most"
    assert abs(0.6 - model.optimal_share(model.Task())) < 0.05
    assert all("5.55 at 63 %" in text for text in DEMO.prediction.feedback.values())


def test_only_the_three_tags_are_sent_before_the_commit():
    assert set(w.DemoWidget(DEMO).view["tables"]) == {"tags"}


@pytest.mark.parametrize(
    ("values", "solved"),
    [
        ({"efficiency": 0.83}, True),
        ({"efficiency": 0.82}, False),
        ({"efficiency": 0.83, "share": 40}, True),
        ({"efficiency": 0.84}, False),
        ({"efficiency": 1.0}, False),
        ({"efficiency": 0.9, "overload_error": 0.15}, False),
        ({"efficiency": 0.9, "customer_cost": 0.1}, False),
        ({"customer_cost": 0.0}, False),
        ({"efficiency": 0.83, "perspective": "payroll"}, False),
        ({"perspective": "payroll"}, False),
    ],
)
def test_the_challenge_needs_the_lowest_speed_alone(values, solved):
    assert DEMO.challenge.solved(DEMO.check(values)) is solved


def test_shifting_the_work_by_hand(open_demo):
    page = open_demo("who_should_do_the_work", width=390)
    demo = page.locator(".sq-demo")
    demo.get_by_role("slider", name="From “staff do all”").fill("63")
    expect(demo.locator(".sq-plot").first).to_contain_text("2.52 credits")
    demo.get_by_label("About 30 %").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(demo.locator(".sq-verdict")).to_contain_text("5.55 at 63 %")
    demo.get_by_role("radio", name="trained", exact=True).check(force=True)
    expect(demo.locator(".sq-sentence")).to_contain_text("cheapest share for everyone is 100 %")
    demo.get_by_text("What customers can do", exact=True).click()
    expect(demo.get_by_role("slider", name="Their speed")).to_have_value("0.9")
    demo.get_by_role("button", name="Reset").click()
    demo.get_by_role("slider", name="Their speed").fill("0.83")
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
