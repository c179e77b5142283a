"""D5.4: what an advert should promise, and how Boston's promises are kept."""

import re

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect
from scipy import stats

from servicequality import data
from servicequality import widgets as w
from servicequality.demos.expectations import promise_dial
from servicequality.models import promises as model

DEMO = promise_dial()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}


def look(**values):
    return DEMO.view(DEMO.check(values))


@pytest.mark.parametrize(
    ("promise", "profit", "returns"),
    [(70, 3759.90, 0.69), (78, 3848.06, None), (80, 3839.20, None), (50, 2713.91, None)],
)
def test_o5_7_profit_as_number_picture_and_sentence(promise, profit, returns):
    view = look(promise=promise)
    written = f"{profit:,.0f}"
    assert view.numbers[0].text == written
    assert f"a profit of {written} credits" in view.sentence
    assert view.tables["dial"]["result"].item() == written
    assert view.tables["here"]["profit"].item() == pytest.approx(profit, abs=5e-3)
    if returns:
        assert view.numbers[2].text == f"{100 * returns:.0f} %"


@pytest.mark.parametrize(
    ("performance", "best"), [(65, 60), (70, 70), (75, 78), (80, 84), (85, 91)]
)
def test_o5_7_five_firms_and_their_best_promises(performance, best):
    state = PRESETS[f"A firm at {performance}"]
    assert state["performance"] == performance
    view = DEMO.view(state)
    assert view.numbers[3].text == str(best)
    assert f"the best promise is {best}" in view.sentence
    assert view.tables["best"]["promise"].item() == best


def test_o5_7_counting_first_sales_only_turns_the_dial_up_to_100():
    view = look(first_sale=True)
    assert view.numbers[3].text == "100"
    assert "the best is 100" in view.explanation
    assert (view.tables["curve"]["later"] == 0).all()
    assert view.inactive == {"repeat_value"}
    assert look().inactive == set()


def test_the_sentence_names_the_neighbours_five_points_away():
    view = look(promise=75)
    profits = [float(model.outcome(c, 75).profit) for c in (70, 75, 80)]
    for promise, profit in zip((70, 75, 80), profits, strict=True):
        assert f"{profit:,.0f}" in view.sentence, promise
    assert view.tables["ends"]["profit"].to_list() == pytest.approx(profits)
    assert view.tables["ends"]["start"].to_list() == [70, 72.5, 75]
    for end, promises in ((50, 2), (100, 2), (52, 3), (98, 3)):
        assert len(look(promise=end).tables["ends"]) == promises


def test_the_right_answer_holds_at_the_first_state():
    best = model.best_promise(75)
    assert 75 <= best.promise <= 80
    assert DEMO.prediction.options[DEMO.prediction.correct].startswith("75 to 80")
    others = model.outcome([60, 90, 100], 75).profit
    assert model.outcome([75, 80], 75).profit.min() > others.max()
    for text in DEMO.prediction.feedback.values():
        assert "at 78: 3,848 credits. A promise of 75 earns 3,839, of 60 3,367, of 90 2,906" in text


def test_the_profit_is_covered_before_the_commit():
    view = w.DemoWidget(DEMO).view
    assert set(view["tables"]) == {"dial"}
    assert view["tables"]["dial"]["profit"] == [None]
    assert view["tables"]["dial"]["result"] == ["?"]
    assert "3,760" not in str(view)


@pytest.mark.parametrize(
    ("values", "solved"),
    [
        ({"performance": 82, "promise": 82}, False),
        ({"performance": 83, "promise": 83}, True),
        ({"performance": 86, "promise": 86}, True),
        ({"performance": 87, "promise": 87}, False),
        ({"performance": 85, "promise": 84}, False),
        ({"performance": 70, "promise": 70}, False),
        ({"performance": 85, "promise": 85, "weight": 0.5}, False),
        ({"performance": 70, "promise": 70, "weight": 0.5}, False),
        ({"performance": 85, "promise": 85, "down": 0.3}, False),
        ({"performance": 85, "promise": 85, "first_sale": True}, False),
        ({"performance": 85, "promise": 85, "boston": True}, True),
    ],
)
def test_at_0_6_honesty_is_best_from_83_to_86_only(values, solved):
    assert DEMO.challenge.solved(DEMO.check({"weight": 0.6} | values)) is solved


def test_at_0_5_honesty_is_best_at_70_only():
    honest = [firm for firm in range(60, 91) if look(performance=firm).numbers[3].text == str(firm)]
    assert honest == [70]


def test_the_explanation_keeps_to_what_the_curve_does():
    assert "at 78, 3 more than the firm delivers" in look().explanation
    assert "at 60, 5 less than it delivers" in look(performance=65).explanation
    assert "at 70, exactly what the firm delivers" in look(performance=70).explanation
    assert "Beyond it the returns lost cost more" in look().explanation
    believed_by_nobody = look(weight=0)
    assert believed_by_nobody.numbers[3].text == "100"
    assert "Even the last newcomers bring more" in believed_by_nobody.explanation


@pytest.mark.parametrize(
    ("promise", "words"), [(70, "5.0 more"), (80, "just that"), (90, "5.0 less")]
)
def test_the_sentence_tells_how_far_the_service_is_from_what_is_expected(promise, words):
    assert f"and get {words};" in look(promise=promise).sentence


def test_curves_keep_below_the_top_of_their_scale():
    for performance in (60, 75, 90):
        for weight in (0, 0.5, 1):
            tables = look(performance=performance, weight=weight).tables
            total = (tables["curve"]["first"] + tables["curve"]["later"]).max()
            assert total <= tables["best"]["top"].item() + 1
    tops = {look(performance=p).tables["best"]["top"].item() for p in (60, 75, 90)}
    assert len(tops) == 1


def test_r5_3_boston_is_late_where_it_promised_much():
    view = DEMO.view(PRESETS["Boston's promises (real)"])
    kept = view.tables["kept"].set_index("name")
    assert len(kept) == 35
    assert "rank correlation 0.58), not with the speed (0.02)" in view.sentence
    unsafe, contractors = kept.loc["Unsafe Dangerous Conditions"], kept.loc["Contractors Complaint"]
    assert (unsafe["promised"], unsafe["share"]) == (1, 0.081)
    assert (contractors["promised"], contractors["share"]) == (pytest.approx(720, abs=0.5), 1)
    assert "promised 1, 5 and 720 days" in view.sentence
    assert "8 %, 29 % and 100 % were done in time" in view.sentence
    assert "All three took 8 to 11 days" in view.sentence
    assert "kept" not in look().tables


def test_r5_3_the_table_is_that_of_the_city():
    requests = data.load("boston-311").dropna(subset=["closed_dt", "target_dt"])
    kept = look(boston=True).tables["kept"].set_index("name")
    lights = requests[requests["type"] == "Street Light Outages"]
    days = (lights["closed_dt"] - lights["open_dt"]).median() / pd.Timedelta(days=1)
    assert kept.loc["Street Light Outages", "taken"] == pytest.approx(days, abs=1e-4)
    assert kept.loc["Street Light Outages", "share"] == pytest.approx(
        (lights["closed_dt"] <= lights["target_dt"]).mean(), abs=5e-4
    )
    assert (kept["taken"] > 0).all(), "a scale of ratios has no zero"
    longer = stats.spearmanr(kept["promised"], kept["taken"]).statistic
    assert longer > 0.4, "longer work gets longer promises"
    assert np.count_nonzero(kept["label"]) == 3


def test_the_dial_is_turned_by_keyboard_and_the_profit_shows_on_commit(open_demo):
    page = open_demo("promise_dial")
    demo = page.locator(".sq-demo")
    figure = demo.locator(".sq-main-figure svg")
    expect(figure).to_contain_text("?")
    page.get_by_label(re.compile("^100: the more")).check()
    page.get_by_role("button", name="Commit my prediction").click()
    expect(figure).to_contain_text("3,760")
    page.get_by_role("slider", name="What the firm delivers").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    page.get_by_role("slider", name="The advert promises").fill("85")
    page.locator("summary").get_by_text("The customers", exact=True).click()
    page.get_by_role("slider", name="How far a promise moves").fill("0.6")
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
    page.get_by_label("Count the first sale only").check()
    expect(demo.locator(".sq-numbers dd").nth(3)).to_have_text("100")
    page.get_by_role("button", name="Boston's promises (real)").click()
    expect(demo.locator(".sq-sentence")).to_contain_text("rank correlation 0.58")
    expect(demo.locator(".sq-figure:visible svg")).to_have_count(7)
