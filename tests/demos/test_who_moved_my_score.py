"""D1.2: a league table reshuffles although nothing has changed but luck."""

import itertools

import numpy as np
import pytest
from playwright.sync_api import expect

from servicequality import widgets as w
from servicequality.demos.quality_definitions import who_moved_my_score
from servicequality.models import variance_components as model

DEMO = who_moved_my_score()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}
R, WRONG, AGAIN = (
    "reliability R of the order",
    "of all pairs in the wrong order, usually",
    "of last month's bottom three again",
)


def look(**values):
    return DEMO.view(DEMO.check(values))


def number(view, label):
    return next((number.text for number in view.numbers if number.label == label), None)


def bottom(view):
    league = view.tables["league"]
    return set(league.loc[league["place"] > 9, "branch"])


def test_branch_7_is_last_in_month_1_and_in_truth_seventh():
    first = look(truth=True)
    assert first.tables["league"]["branch"].iloc[-1] == 7
    assert "Branch 7 is last" in first.teaser
    assert "In truth branch 7 is 7 of 12" in first.sentence
    assert number(first, AGAIN) is None


@pytest.mark.parametrize(
    ("ratings", "employees", "found"), [(10, 6, 0.5911), (100, 6, 0.6924), (200, 6, 0.6991)]
)
def test_o1_2c_reliability(ratings, employees, found):
    view = look(ratings=ratings, employees=employees)
    assert view.tables["here"]["value"].item() == pytest.approx(found, abs=5e-5)
    assert number(view, R) == f"{found:.2f}"
    assert view.tables["reliability"]["ceiling"].unique() == pytest.approx([0.7059], abs=5e-5)
    assert "0.71" in DEMO.challenge.hint


def test_the_sentence_tells_the_share_of_pairs_in_the_wrong_order():
    view = look(month=2)
    wrong = float(model.wrong_pairs(0.625))
    assert number(view, WRONG) == w.percent(wrong) == "21.0 %"
    assert "about 21.0 % of all pairs of branches stand the wrong way round" in view.sentence


def test_the_prediction_is_what_month_2_brings():
    values = DEMO.check(DEMO.prediction.values)
    assert values == {**DEMO.first_state(), "month": 2}
    again = bottom(look(month=1)) & bottom(look(month=2))
    assert len(again) == 1
    assert DEMO.prediction.correct == "some"
    assert number(DEMO.view(values), AGAIN) == "1 of 3"
    assert "1 of 3 are there again" in DEMO.view(values).sentence
    assert all("1.6 on average" in text for text in DEMO.prediction.feedback.values())
    assert all("pure luck it would be 0.75" in text for text in DEMO.prediction.feedback.values())


def test_what_is_called_usual_is_usual():
    """The average of many months of one chain lies near the expectation over chains."""
    tables = [bottom(look(month=month)) for month in range(1, 25)]
    again = [len(one & other) for one, other in itertools.pairwise(tables)]
    assert np.mean(again) == pytest.approx(1.6, abs=0.35)


def test_neither_truth_nor_later_months_reach_the_browser_before_the_commit():
    tables = w.DemoWidget(DEMO).view["tables"]
    assert set(tables) == {"league", "employees"}
    assert set(tables["league"]["true"]) == set(tables["league"]["before"]) == {None}


@pytest.mark.parametrize("month", [2, 3, 24])
def test_a_month_is_compared_with_the_one_before(month):
    now, before = look(month=month), look(month=month - 1)
    league = now.tables["league"].set_index("branch")
    was = before.tables["league"].set_index("branch")["place"]
    assert league["before"].sort_index().tolist() == was.sort_index().tolist()
    assert number(now, AGAIN) == f"{len(bottom(now) & bottom(before))} of 3"
    place = league.loc[7, "place"]
    assert f"branch 7 moved from place {was[7]} to {place}." in now.sentence


def test_the_truth_stays_while_the_months_go_by():
    levels = [
        look(month=month, truth=True).tables["league"].set_index("branch")["true"].sort_index()
        for month in (1, 2, 24)
    ]
    assert levels[0].equals(levels[1])
    assert levels[0].equals(levels[2])


def test_the_history_of_branch_7_grows_and_tells_the_truth_only_when_asked():
    history = look(month=6).tables["history"]
    places = [
        look(month=month).tables["league"].set_index("branch").loc[7, "place"]
        for month in range(1, 7)
    ]
    assert history["place"].tolist() == places
    assert history["month"].tolist() == [1, 2, 3, 4, 5, 6]
    assert history["true"].isna().all()
    assert set(look(month=6, truth=True).tables["history"]["true"]) == {7}
    assert look(truth=True, branch=0).tables["history"]["true"].isna().all()


def test_a_score_is_the_mean_of_its_employees():
    view = look(month=5, employees=4)
    means = view.tables["employees"].groupby("place")["mean"].mean()
    league = view.tables["league"].set_index("place")["mean"]
    assert means[league.index].tolist() == pytest.approx(league.tolist(), abs=0.011)
    assert league.is_monotonic_decreasing


def test_panels_about_the_truth_come_with_the_truth():
    assert "ranks" not in look().tables
    assert look().tables["shares"]["name"].tolist() == ["Estimated from this month's ratings"]
    shown = look(truth=True).tables
    truth = shown["shares"].set_index("name").loc["The truth"]
    assert truth.tolist() == pytest.approx([0.05, 0.125, 0.825])
    assert len(shown["ranks"]) == 12


def test_one_employee_cannot_be_told_from_a_branch():
    clinics = DEMO.view(PRESETS["One-doctor clinics"])
    assert "shares" not in clinics.tables
    assert "nobody can tell a good branch from a good employee" in clinics.explanation
    assert look(employees=1, truth=True).tables["shares"]["name"].tolist() == ["The truth"]


def test_branches_that_are_alike_have_no_true_order():
    view = look(branch=0, truth=True, month=2)
    assert number(view, R) == "0.00"
    assert number(view, WRONG) == "50.0 %"
    assert "ranks" not in view.tables
    assert "In truth all twelve are equally good." in view.sentence


def test_the_cases_reach_the_contrast():
    reliable = {label: float(number(DEMO.view(state), R)) for label, state in PRESETS.items()}
    assert reliable["One-doctor clinics"] < 0.3 < reliable["Bank branches"] < 0.7
    assert reliable["Call centres"] > 0.85


@pytest.mark.parametrize(
    ("values", "solved"),
    [
        ({"employees": 16, "ratings": 12}, True),
        ({"employees": 15, "ratings": 13}, False),
        ({"employees": 20, "ratings": 10}, True),
        # Reliable enough, but more than 200 ratings.
        ({"employees": 20, "ratings": 11}, False),
        ({"employees": 11, "ratings": 66}, False),
        ({"employees": 20, "ratings": 7}, True),
        ({"employees": 20, "ratings": 6}, False),
        ({"employees": 6, "ratings": 200}, False),
        ({"employees": 10, "ratings": 200}, False),
        ({"branch": 40}, False),
        ({"employee": 0, "ratings": 200}, False),
        ({"employees": 20, "ratings": 200, "branch": 5.5}, False),
    ],
)
def test_the_challenge_needs_more_employees(values, solved):
    assert DEMO.challenge.solved(DEMO.check(values)) is solved


def test_next_month_waits_for_the_commit_and_goes_round(open_demo):
    page = open_demo("who_moved_my_score", width=390)
    demo = page.locator(".sq-demo")
    button = demo.get_by_role("button", name="Next month")
    month = demo.get_by_role("slider", name="Month")
    expect(button).to_be_hidden()
    expect(month).to_be_hidden()
    demo.get_by_role("radio", name="All three").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(month).to_have_value("2")
    expect(demo.locator(".sq-sentence")).to_contain_text("1 of 3 are there again")
    button.focus()
    page.keyboard.press("Enter")
    expect(month).to_have_value("3")
    expect(demo.locator(".sq-sentence")).to_contain_text("2 of 3 are there again")
    expect(demo.get_by_text("Where each branch belongs")).to_be_hidden()
    demo.get_by_label("Show the truth").check()
    expect(demo.get_by_text("Where each branch belongs")).to_be_visible()
    month.fill("24")
    expect(demo.locator(".sq-sentence")).not_to_contain_text("from place 5 to 10")
    button.click()
    expect(month).to_have_value("1")
    expect(demo.locator(".sq-sentence")).to_contain_text("Branch 7 is in place 12 of 12")
    demo.get_by_role("slider", name="Employees in each branch").fill("16")
    demo.get_by_role("slider", name="Ratings for each employee").fill("12")
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
