"""D2.4: one dataset, several to-do lists."""

import itertools
import json
import re

import pandas as pd
import pytest
from playwright.sync_api import expect

from servicequality import data
from servicequality import widgets as w
from servicequality.demos.servqual import move_the_crosshair

DEMO = move_the_crosshair()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}


def state(**values):
    return DEMO.check(values)


def advice(view, column="now"):
    return view.tables["advice"].set_index("attribute")[column]


def changes(view):
    return view.numbers[0].text


def test_o2_6_at_first_all_six_are_keep_up():
    view = DEMO.view(DEMO.first_state())
    assert set(advice(view)) == {"Keep up"}
    assert changes(view) == "0 of 6"
    assert "concentrate on nothing" in view.sentence


def test_o2_6_at_the_averages():
    view = DEMO.view(PRESETS["Hotel, averages"])
    assert advice(view).to_dict() == {
        "speed": "Concentrate here",
        "courtesy": "Keep up",
        "decor": "Possible overkill",
        "accuracy": "Keep up",
        "parking": "Low priority",
        "advice": "Low priority",
    }
    assert view.numbers[1].text == "5.77, 5.45"
    assert "<b>concentrate on speed</b>" in view.sentence


def test_o2_6_the_diagonal_acts_in_the_order_of_shortfalls():
    view = DEMO.view(PRESETS["Hotel, diagonal"])
    assert (
        "concentrate on speed (−1.50), accuracy (−0.90), advice (−0.60), parking (−0.20)"
        in view.sentence
    )
    assert "leave courtesy, decor as it is" in view.sentence
    assert view.numbers[1].text == "speed −1.50"
    assert view.tables["cross"].empty


def test_four_change_between_the_middle_and_the_averages():
    shown = DEMO.declaration()["prediction"]["values"]
    assert shown == PRESETS["Hotel, averages"]
    view = DEMO.view(shown)
    assert changes(view) == f"{DEMO.prediction.correct} of 6"
    assert "<b>4 of 6</b>" in view.sentence
    differs = advice(view, "scale") != advice(view, "data")
    assert (advice(view, "changes") == differs).all()
    assert differs.index[differs].tolist() == ["speed", "decor", "parking", "advice"]


def test_the_middle_by_hand_is_the_middle_by_rule():
    by_hand, by_rule = DEMO.view(state()), DEMO.view(state(rule="scale"))
    assert advice(by_hand).tolist() == advice(by_rule).tolist()
    assert by_hand.numbers == by_rule.numbers


def test_before_the_commit_only_the_map_is_sent():
    widget = w.DemoWidget(DEMO)
    assert set(widget.view["tables"]) == {"points", "regions", "cross"}
    moved = state(importance_line=6.5, performance_line=5.5)
    widget.request = {"number": 1, "values": moved, "guess": None}
    assert "Low priority" in json.dumps(widget.view["tables"]["points"])
    assert "4 of 6" not in json.dumps(widget.view)


def test_the_challenge_has_exactly_the_solutions_of_the_curriculum():
    importance = (3, 5.7, 6.05, 6.1, 6.15, 6.8, 7)
    performance = (3, 5.85, 5.9, 5.95, 6.15, 6.2, 6.25, 7)
    for level, upright in itertools.product(importance, performance):
        at = state(importance_line=level, performance_line=upright)
        assert DEMO.challenge.solved(at) is (level <= 6.1 and 5.9 < upright <= 6.2), at


@pytest.mark.parametrize("values", [{"survey": "clinic"}, {"rule": "data"}, {"rule": "diagonal"}])
def test_the_challenge_is_about_the_hotel_and_a_cross_set_by_hand(values):
    at = {"importance_line": 6.0, "performance_line": 6.0}
    assert DEMO.challenge.solved(state(**at))
    assert not DEMO.challenge.solved(state(**at, **values))


def test_the_cross_follows_the_pointer_only_where_it_is_set_by_hand():
    drag = DEMO.declaration()["panels"][0]["drag"]
    assert drag == {"x": "performance_line", "y": "importance_line"}
    for rule in ("free", "scale", "data", "diagonal", "derived"):
        view = DEMO.view(state(rule=rule))
        assert view.inactive == (set() if rule == "free" else set(drag.values()))
        assert view.tables["cross"]["movable"].tolist() == (
            [] if rule == "diagonal" else [rule == "free"]
        )


def test_the_same_speed_gets_three_kinds_of_advice():
    places = {(4, 4): "Keep up", (5, 6): "Concentrate here", (6.8, 6): "Low priority"}
    for (level, upright), expected in places.items():
        view = DEMO.view(state(importance_line=level, performance_line=upright))
        assert advice(view)["speed"] == expected
        assert view.tables["points"].set_index("attribute").loc["speed", "performance"] == 5.1


def test_in_an_excellent_app_somebody_is_still_low():
    view = DEMO.view(PRESETS["App, all excellent"])
    points = view.tables["points"].set_index("attribute")
    assert points["performance"].min() > 6
    assert points.loc["speed", ["performance", "advice"]].tolist() == [6.2, "Concentrate here"]
    assert "some attribute must lie below an average" in view.explanation


def test_derived_importance_is_drawn_on_its_own_axis():
    view = DEMO.view(PRESETS["Hotel, importance derived"])
    assert view.tables["points"]["importance"].between(0, 0.8).all()
    assert view.tables["regions"]["ceiling"].max() == 0.8
    assert advice(view).tolist() == advice(view, "derived").tolist()
    assert "people put accuracy first (6.80), yet it correlates only 0.30" in view.explanation


def test_kiosk_numbers_come_from_the_answers():
    answers = data.load("kiosk-survey").dropna(subset=["E01"])
    security = answers[["SAT19", "SAT20", "SAT21"]].mean(axis=1)
    view = DEMO.view(PRESETS["Kiosks, real answers"])
    points = view.tables["points"].set_index("attribute")
    assert len(points) == 8
    assert points.loc["security", "performance"] == pytest.approx(security.mean(), abs=1e-4)
    assert points.loc["security", "importance"] == pytest.approx(
        answers[["IMP19", "IMP20", "IMP21"]].mean(axis=None), abs=1e-4
    )
    derived = DEMO.view(state(survey="kiosks", rule="derived")).tables["points"]
    assert derived.set_index("attribute").loc["security", "importance"] == pytest.approx(
        security.corr(answers["Y1_overall_satisfaction"]), abs=1e-4
    )
    assert "(real)" in view.sentence


@pytest.mark.parametrize("survey", ["hotel", "clinic", "app"])
def test_invented_answers_say_so_in_the_sentence(survey):
    assert "(synthetic)" in DEMO.view(state(survey=survey)).sentence


def test_the_sentence_names_every_attribute_once():
    for survey, rule in itertools.product(
        ("hotel", "clinic", "app", "kiosks"), ("free", "scale", "data", "diagonal", "derived")
    ):
        view = DEMO.view(state(survey=survey, rule=rule, importance_line=6.2, performance_line=5.4))
        lists = view.sentence.split(": ", 1)[1].rsplit(". For", 1)[0]
        named = pd.Series([lists.count(name) for name in view.tables["points"]["attribute"]])
        assert (named == 1).all(), (survey, rule, view.sentence)


def places(page):
    """Return a function from a place on the map, whose axes run from 3 to 7, to one on screen."""
    page.wait_for_function(
        """() => {
          const plot = document.querySelector('.sq-demo .sq-plot');
          return plot.querySelector('svg').clientWidth === plot.clientWidth;
        }"""
    )
    frame = page.locator(".sq-demo .sq-plot .role-frame .background").first
    frame.scroll_into_view_if_needed()
    area = frame.bounding_box()

    def place(p, i):
        return area["x"] + (p - 3) / 4 * area["width"], area["y"] + (7 - i) / 4 * area["height"]

    return place


def drag_to(page, performance, importance):
    place = places(page)
    page.mouse.move(*place(5, 5))
    page.mouse.down()
    page.mouse.move(*place(performance, importance), steps=5)
    page.mouse.up()


def test_the_cross_is_dragged_by_hand_and_stays_put_under_a_rule(open_demo):
    page = open_demo("move_the_crosshair")
    demo = page.locator(".sq-demo")
    upright = demo.get_by_role("slider", name="Performance line")
    level = demo.get_by_role("slider", name="Importance line")

    drag_to(page, performance=5.5, importance=6.5)
    expect(upright).to_have_value("5.5")
    expect(level).to_have_value("6.5")
    assert page.evaluate("getSelection().toString()") == ""

    demo.get_by_role("radio", name="4", exact=True).check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(demo.locator(".sq-numbers dd").first).to_have_text("4 of 6")
    expect(demo.get_by_role("button", name="Hotel, averages")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(upright).to_be_disabled()
    drag_to(page, performance=6, importance=6)
    expect(upright).to_have_value("4")

    demo.get_by_role("radio", name="By hand").check(force=True)
    expect(upright).to_be_enabled()
    drag_to(page, performance=6.05, importance=5.5)
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
    expect(demo.locator(".sq-sentence")).to_contain_text("accuracy")


def swipe(page, start, end):
    """Move a finger over the screen, slowly enough for the page to scroll along."""
    touch = page.context.new_cdp_session(page)
    for step in range(11):
        x, y = (a + step / 10 * (b - a) for a, b in zip(start, end, strict=True))
        kind = "touchMove" if step else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        page.wait_for_timeout(20)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_scrolls_over_the_map_taps_the_cross_elsewhere_and_drags_it(open_demo):
    page = open_demo("move_the_crosshair", width=390)
    upright = page.get_by_role("slider", name="Performance line")
    level = page.get_by_role("slider", name="Importance line")

    place = places(page)
    before = page.evaluate("scrollY")
    swipe(page, place(6.5, 3.5), place(6.5, 6.5))
    page.wait_for_function("(before) => scrollY > before + 100", arg=before)
    expect(upright).to_have_value("4")
    expect(level).to_have_value("4")

    place = places(page)
    swipe(page, place(6, 6), place(6, 6))
    expect(upright).to_have_value(re.compile("^(6|5.95|6.05)$"))

    before = page.evaluate("scrollY")
    swipe(page, place(6, 6), place(5, 4.5))
    expect(upright).to_have_value(re.compile("^(5|4.95|5.05)$"))
    expect(level).to_have_value(re.compile("^4.[45]5?$"))
    assert page.evaluate("scrollY") == before
