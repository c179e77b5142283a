"""D7.3: a stumble and a brilliant rescue, counted for all guests."""

import numpy as np
import pytest
from playwright.sync_api import expect

from servicequality import widgets as w
from servicequality.demos.recovery import paradox_machine
from servicequality.models import recovery_paradox as model

DEMO = paradox_machine()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}


def look(**values):
    return DEMO.view(DEMO.check(values))


def solves(**values):
    return DEMO.challenge.solved(DEMO.check(values))


def texts(view):
    return [number.text for number in view.numbers]


def test_o7_6a_many_end_higher_and_the_mean_falls():
    view = look()
    assert texts(view)[:2] == ["43.6 %", "−0.06"]
    assert "43.6 % of the guests end higher than before" in view.sentence
    assert "changes by −0.06 points" in view.sentence
    assert "no clear difference" in view.sentence


def test_o7_6b_a_small_shine_needs_84_percent():
    view = DEMO.view(PRESETS["A small shine"])
    assert texts(view)[3] == "84.4 %"
    assert (
        "loses 0.78 points of satisfaction a guest if 60 % of the recoveries work" in view.sentence
    )


@pytest.mark.parametrize("case", ["Second slip", "Severe"])
def test_after_a_second_or_severe_failure_no_paradox_and_nothing_to_win(case):
    view = DEMO.view(PRESETS[case])
    assert texts(view)[0] == "5.6 %"
    assert texts(view)[3] == "never pays"
    assert "no paradox, but a loss" in view.sentence
    assert view.tables["even"].empty


def test_the_prediction_is_about_the_first_state_and_its_answer_is_borne_out():
    assert DEMO.prediction.values == {}
    found = model.mixed_shift(1.2)
    assert 0.1 < found.improved < 0.5
    assert -0.1 < found.change < 0
    assert DEMO.prediction.correct == "lower"
    assert all(
        "44 % end higher than before, and the mean falls by 0.06" in text
        for text in DEMO.prediction.feedback.values()
    )


def test_where_the_guests_end_is_not_sent_before_the_commit():
    tables = w.DemoWidget(DEMO).view["tables"]
    assert set(tables) == {"paths", "means"}
    assert set(tables["paths"]["after"]) == {None}
    assert tables["means"]["after"] == [None]
    assert tables["means"]["higher"] == [""]


def test_the_first_sample_lies_near_the_long_run():
    tables = look().tables
    assert tables["means"]["higher"].item() == "26 of 60 end higher"
    assert tables["satisfaction"]["value"].tolist() == pytest.approx([-0.06, -0.06], abs=0.03)
    many = model.simulate(20_000, seed=5)
    long_run = [100 * model.paradox(many, "repurchase", design).value for design in model.DESIGNS]
    shown = tables["repurchase"]["value"].tolist()[::-1]
    assert shown == pytest.approx(long_run, abs=2)


@pytest.mark.parametrize("values", [{}, {"severity": 0.4}, {"second": True}, {"sd": 0.2}])
def test_the_pictures_show_the_same_guests(values):
    tables = look(**values).tables
    paths, bins = tables["paths"], tables["bins"]
    higher = (paths["after"] > paths["before"]).sum()
    assert tables["means"]["higher"].item() == f"{higher} of 60 end higher"
    assert tables["means"]["lower"].item() == f"{60 - higher} of 60 end lower"
    assert bins[["recovered", "control"]].sum().tolist() == pytest.approx([1, 1], abs=0.002)
    customers = model.simulate(
        1000,
        values.get("severity", 1.2),
        sd=values.get("sd", 0.8),
        second_failure=values.get("second", False),
        seed=132,
    ).query("failed")
    up = (customers["satisfaction_after"] > customers["satisfaction_before"]).mean()
    assert bins.loc[bins["low"] >= 0, "recovered"].sum() == pytest.approx(up, abs=0.002)


@pytest.mark.parametrize("case", PRESETS)
def test_the_gamble_lies_on_its_line(case):
    tables = DEMO.view(PRESETS[case]).tables
    here, line = tables["here"], tables["line"]
    on_line = np.interp(here["chance"], line["chance"], line["change"])
    assert on_line == pytest.approx(here["change"])
    if len(tables["even"]):
        even = np.interp(tables["even"]["chance"], line["chance"], line["change"])
        assert even == pytest.approx([0], abs=1e-9)


@pytest.mark.parametrize(
    "values",
    [
        {"severity": 1.8, "share": 100, "excellent": 2.35},
        {"share": 50},
        {"share": 50, "draw": 2},
        {"severity": 2, "share": 100, "n": 3000},
        {"severity": 2, "share": 100, "n": 3000, "draw": 2},
    ],
)
def test_happier_but_no_more_loyal(values):
    assert solves(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"share": 100},
        {"share": 25},
        {"severity": 2.6, "share": 100},
        {"severity": 1.8, "share": 100, "excellent": 2.35, "second": True},
        {"severity": 0},
        # A failure that costs little, or so few guests that chance decides.
        {"severity": 0.6},
        {"share": 45, "n": 100},
        {"excellent": 3.3},
        {"share": 50, "ordinary": 3.05},
    ],
)
def test_near_misses_do_not_solve_it(values):
    assert not solves(**values)


def test_ordinary_recoveries_do_not_matter_if_there_are_none():
    assert look(share=100).inactive == {"ordinary"}
    assert look(share=100).sentence == look(share=100, ordinary=2).sentence
    assert look(share=95).inactive == set()


def test_what_falls_apart_is_told():
    assert "a paradox in satisfaction" in look(share=50).sentence
    assert "wins 0.10 points of satisfaction a guest if 70 %" in look(chance=70).sentence
    even = look(severity=0.8, share=0)
    assert "the mean does not move" in even.sentence
    assert "more buy again" in look(share=100).sentence
    assert "fewer buy again" in look().sentence


def test_the_second_leg_comes_with_the_commit(open_demo):
    page = open_demo("paradox_machine", width=390)
    demo = page.locator(".sq-demo")
    demo.get_by_label("Fewer than half end higher, and the mean is a little lower").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(demo.locator(".sq-sentence")).to_contain_text("43.6 % of the guests end higher")
    expect(demo.get_by_text("26 of 60 end higher").first).to_be_attached()
    demo.get_by_role("slider", name="Recoveries that are excellent").fill("50")
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
