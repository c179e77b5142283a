"""D5.3: two equal averages, and how many get less than they expected."""

import itertools
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from servicequality import data
from servicequality import widgets as w
from servicequality.demos.expectations import average_trap
from servicequality.models import average_trap as model

DEMO = average_trap()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}


def look(**values):
    return DEMO.view(DEMO.check(values))


def sad(view):
    return int(view.tables["crowd"]["sad"].item())


@pytest.mark.parametrize(
    ("values", "share", "missing"),
    [
        ({}, 0.5, 0.56419),
        ({"mean_p": 6.5}, 0.63816, 0.34909),
        ({"mean_p": 6.5, "sd_p": 0.5}, 0.67264, 0.23991),
    ],
)
def test_o5_4_in_numbers_figures_and_sentence(values, share, missing):
    view = look(**values)
    assert abs(sad(view) - 200 * (1 - share)) <= 0.5
    assert view.numbers[0].text == str(sad(view))
    assert view.numbers[1].text == f"{100 * share:.1f} %"
    assert view.numbers[2].text == f"{missing:.2f}"
    assert f"{sad(view)} of 200 customers got less" in view.sentence
    assert f"{missing:.2f} points are missing" in view.sentence


def test_o5_4_ninety_percent_takes_7_81_points():
    assert "at an average of 7.81" in look().sentence
    assert "7.8 points" in DEMO.challenge.success


def test_at_first_half_are_disappointed_as_the_right_answer_says():
    assert sad(look()) == 100
    assert DEMO.prediction.options[DEMO.prediction.correct] == "About 100"
    assert all("100 of 200" in text for text in DEMO.prediction.feedback.values())


def test_before_the_commit_the_figures_are_covered():
    view = w.DemoWidget(DEMO).view
    crowd = view["tables"]["crowd"]
    assert (crowd["people"], crowd["sad"], crowd["glad"]) == ([200], [None], [None])
    assert "100" not in str(crowd)
    assert set(view["tables"]) == {"crowd", "means"}


def test_dots_figures_and_numbers_count_the_same_people():
    for values in ({}, {"mean_p": 4.2, "sd_p": 0.3}, {"rho": 0.9}, {"sd_e": 2, "rho": -0.5}):
        view = look(**values)
        people = view.tables["people"]
        assert len(people) == 200
        assert people["sad"].sum() == sad(view)
        above = people["received"] - people["expected"]
        assert above[people["sad"] == 1].max() < 0.011, "a rounded dot may touch the line"
        assert above[people["sad"] == 0].min() > -0.011


def test_each_step_of_the_average_turns_few_figures_and_only_one_way():
    counts = [sad(look(mean_p=round(mean, 2))) for mean in np.arange(5.5, 6.5, 0.02)]
    assert set(np.diff(counts)) <= {0, -1, -2}


def test_consistency_helps_above_the_expectation_and_hurts_below():
    high, low = look(mean_p=6.5), look(mean_p=5.5)
    assert "half as uneven would help: 67.3 % satisfied instead of 63.8 %" in high.explanation
    assert "half as uneven would even hurt: 32.7 % satisfied instead of 36.2 %" in low.explanation
    assert "would change nothing: still 50.0 %" in look().explanation


def test_where_service_follows_the_person_evenness_hurts_even_above():
    view = look(mean_p=6.5, rho=0.8)
    assert "even hurt" in view.explanation
    steadier = look(mean_p=6.5, rho=0.8, sd_p=0.5)
    assert sad(steadier) > sad(view)


@pytest.mark.parametrize(
    ("values", "solved"),
    [
        ({"mean_p": 7}, False),
        ({"mean_p": 7, "sd_p": 0.1}, False),
        ({"mean_p": 7, "rho": 0.6}, False),
        ({"mean_p": 7, "rho": 0.7}, True),
        ({"mean_p": 7, "sd_p": 0.6, "rho": 0.6}, False),
        ({"mean_p": 7, "sd_p": 0.6, "rho": 0.7}, True),
        # Nobody can make people alike.
        ({"mean_p": 7, "sd_p": 0.5, "sd_e": 0.5}, False),
        ({"mean_p": 7.02, "rho": 0.8}, False),
        ({"mean_p": 7.82}, False),
        ({"mean_p": 7, "rho": 0.7, "source": "flights"}, False),
    ],
)
def test_the_challenge_takes_a_spread_of_at_most_0_780(values, solved):
    state = DEMO.check(values)
    assert DEMO.challenge.solved(state) is solved
    if state["mean_p"] == 7 and state["source"] == "model" and state["sd_e"] == 1:
        assert (model.gap_sd(state["sd_p"], state["sd_e"], state["rho"]) <= 0.7803) == solved


def test_r5_1_the_average_flight_is_late_and_most_are_not():
    view = DEMO.view(PRESETS["New York flights 2013"])
    minutes = data.load("nyc-flights")["arr_delay_min"].dropna()
    late = (minutes > 0).mean()
    assert "came 6.9 minutes late" in view.sentence
    assert "middle was 5 minutes early" in view.sentence
    assert "327,346 flights" in view.sentence
    assert "23.7 % came more than a quarter of an hour late" in view.sentence
    assert abs(sad(view) - 200 * late) <= 0.5
    assert view.numbers[1].text == f"{100 * (1 - late):.1f} %"
    bins = view.tables["bins"]
    assert bins["share"].sum() == pytest.approx(1, abs=0.001)
    assert bins.loc[bins["late"], "share"].sum() == pytest.approx(late, abs=0.001)
    assert bins["share"].iloc[-1] == pytest.approx((minutes > 120).mean(), abs=1e-4)
    in_ten = bins.loc[bins["low"] == 0, "share"].item()
    assert in_ten == pytest.approx(((minutes > 0) & (minutes <= 10)).mean(), abs=1e-4)
    assert "people" not in view.tables


def test_the_fun_with_kiosks_is_an_average_trap_in_real_life():
    view = DEMO.view(PRESETS["Fun with kiosks"])
    assert "Expected on average 3.87, received on average 3.92 of 7" in view.sentence
    assert "71 of 207 people" in view.sentence
    assert "48 people of them exactly" in view.sentence
    people = view.tables["people"]
    assert (len(people), people["sad"].sum(), sad(view)) == (207, 71, 71)
    assert people["sad"].is_monotonic_decreasing
    assert (people["received"] < people["expected"]).sum() == 71
    assert (people["received"] == people["expected"]).sum() == 48
    assert "correlation 0.70" in view.explanation


def test_sliders_are_idle_where_real_people_are_counted():
    assert look().inactive == set()
    for source in ("flights", "kiosks"):
        view = look(source=source)
        assert view.inactive == {"mean_p", "sd_p", "sd_e", "rho"}
        assert "lines" not in view.tables


def test_presets_reach_from_a_third_to_four_fifths():
    counts = {label: sad(DEMO.view(state)) for label, state in PRESETS.items()}
    assert counts["Both averages 6"] == 100
    assert counts["One point better"] == 48
    assert counts["Clinic, uneven waits"] > counts["Restaurant, all served alike"]
    assert counts["Restaurant that knows its guests"] < counts["Restaurant, all served alike"]
    assert counts["Steady, but too low"] > 130
    for one, other in itertools.combinations(PRESETS, 2):
        assert PRESETS[one] != PRESETS[other]


def test_the_crowd_turns_in_the_browser_and_the_challenge_is_met_by_keyboard(open_demo):
    page = open_demo("average_trap")
    demo = page.locator(".sq-demo")
    figures = demo.locator(".sq-main-figure svg path[stroke-width='2.2']")
    colours = "(paths) => [...new Set(paths.map((path) => path.getAttribute('stroke')))]"
    expect(figures).to_have_count(200)
    assert len(figures.evaluate_all(colours)) == 1
    page.get_by_label("About 30").check()
    page.get_by_role("button", name="Commit my prediction").click()
    expect(demo.locator(".sq-sentence")).to_contain_text("100 of 200")
    expect(demo.locator(".sq-main-figure")).to_contain_text("100 disappointed")
    assert len(figures.evaluate_all(colours)) == 2
    page.get_by_role("button", name="One point better").click()
    expect(demo.locator(".sq-main-figure")).to_contain_text("48 disappointed")
    page.get_by_role("slider", name=re.compile("^Fit")).focus()
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
    page.get_by_role("button", name="New York flights 2013").click()
    expect(demo.locator(".sq-main-figure")).to_contain_text("81 late")
    expect(page.get_by_role("slider", name="Service, on average")).to_be_disabled()
