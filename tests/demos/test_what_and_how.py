"""D1.1: whether a brilliant result survives a poor manner, and what image adds."""

import math

import numpy as np
import pytest
from playwright.sync_api import expect

from servicequality import widgets as w
from servicequality.demos.quality_definitions import what_and_how
from servicequality.models import perceived_quality

DEMO = what_and_how()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}
REPAIR = {"technical": 80, "functional": 50}


def look(**values):
    return DEMO.view(DEMO.check(values))


def number(view, label):
    return next(number.text for number in view.numbers if number.label == label)


def test_the_first_state_is_the_surgeon_whose_manner_holds_quality_back():
    view = DEMO.view(DEMO.first_state())
    assert view.sentence.startswith(
        "<b>A result of 95 and a manner of 35 make 50.4, against 75 expected: the gap is −24.6.</b>"
    )
    assert "5 points more of the <b>manner</b>, which holds quality back" in view.sentence
    assert "short of it" in view.teaser


@pytest.mark.parametrize(
    ("rho", "experienced"),
    [("fully", "68.0"), ("partly", "66.3"), ("weakly", "62.8"), ("no", "50.0")],
)
def test_o1_1a_the_idea_of_compensation_decides(rho, experienced):
    assert number(look(**REPAIR, rho=rho), "experienced, of 100") == experienced


@pytest.mark.parametrize(
    ("image", "seen", "gap"), [(0, "68.0", "−7.0"), (0.6, "70.1", "−4.9"), (-0.6, "65.9", "−9.1")]
)
def test_o1_1b_image_changes_a_shortfall(image, seen, gap):
    view = look(**REPAIR, rho="fully", image=image)
    assert number(view, "gap to expectation") == gap
    assert seen in view.sentence
    assert view.tables["dimensions"]["gap"].tolist() == pytest.approx(
        [-7, float(gap.replace("−", "-"))]
    )


def test_image_never_touches_a_surplus():
    plain, notorious = (look(**REPAIR, expected=40, image=image) for image in (0, -1))
    assert plain.numbers == notorious.numbers
    assert "no shortfall" in notorious.sentence
    assert "Image has nothing to do here" in notorious.explanation


def test_the_prediction_holds_in_the_first_state_and_turns_with_the_idea():
    gains = DEMO.view(DEMO.first_state()).tables["gains"].set_index("idea")
    assert DEMO.prediction.correct == "functional"
    assert gains.loc["Weakly", "functional"] > 10 * gains.loc["Weakly", "technical"]
    assert gains.loc["Fully"].drop("chosen").tolist() == pytest.approx([3, 2])
    assert gains.index[gains["chosen"]].tolist() == ["Weakly"]
    assert all("5.8" in text for text in DEMO.prediction.feedback.values())


@pytest.mark.parametrize(
    ("values", "told"),
    [
        # The weaker side holds back only where it also gains more.
        ({"technical": 68, "functional": 72}, "the <b>result</b>, which holds quality back, would"),
        ({"technical": 72, "functional": 68}, "the <b>result</b>, which counts more, would"),
        ({"rho": "fully", "weight": 40}, "the <b>manner</b>, which counts more, would"),
        # The result counts more, but has only two points left.
        ({"rho": "fully", "technical": 98, "expected": 90}, "the <b>manner</b> would close 2.0"),
    ],
)
def test_the_sentence_says_why_one_side_helps_more(values, told):
    assert f"5 points more of {told}" in look(**values).sentence


def test_equal_sides_have_nothing_to_make_up_for():
    assert "Both sides stand at 70" in look(technical=70, functional=70).explanation


def test_no_gain_reaches_the_browser_before_the_commit():
    assert set(w.DemoWidget(DEMO).view["tables"]) == {"contours", "expected", "here"}


GOAL = {"expected": 68, "rho": "weakly"}


@pytest.mark.parametrize(
    ("values", "solved"),
    [
        ({"technical": 70, "functional": 70}, True),
        ({"technical": 69, "functional": 69}, True),
        ({"technical": 95, "functional": 45}, False),
        ({"technical": 45, "functional": 95}, False),
        ({"technical": 70, "functional": 71}, False),
        ({"technical": 67, "functional": 67}, False),
        ({"technical": 70, "functional": 70, "expected": 67}, False),
        ({"technical": 95, "functional": 45, "rho": "fully"}, False),
        # Ways round it: a weight that hides the weak side, an image that hides the shortfall.
        ({"technical": 95, "functional": 45, "weight": 100}, False),
        ({"technical": 95, "functional": 45, "image": 1, "phi": 1}, False),
    ],
)
def test_the_challenge_wants_an_even_share(values, solved):
    assert DEMO.challenge.solved(DEMO.check({**GOAL, **values})) is solved


def test_the_success_names_the_lopsided_split():
    assert "As 95 and 45 they make only 61.5" in DEMO.challenge.success


def test_every_point_of_a_drawn_line_has_the_quality_of_its_line():
    draw = np.random.default_rng(11)
    for rho, power in (("fully", 1), ("partly", 0), ("weakly", -2), ("no", -math.inf)):
        weight = int(draw.integers(1, 20)) * 5
        level = int(draw.integers(20, 95))
        tables = look(rho=rho, weight=weight, expected=level).tables
        *line, corner = tables["expected"].itertuples()
        assert (corner.technical, math.isnan(corner.level)) == (100, True)
        for point in line:
            found = perceived_quality.perceived_quality(
                point.technical, point.functional, 0, weight / 100, power
            )
            # Points are rounded to a tenth; where the line is steep that moves the quality.
            assert found.experienced == pytest.approx(point.level, abs=0.3)
            assert point.level == level
        assert (abs(tables["contours"]["level"] - level) > 7).all()


def test_sides_of_the_line_agree_with_the_gap():
    draw = np.random.default_rng(4)
    for _ in range(30):
        values = {name: int(draw.integers(0, 101)) for name in ("technical", "functional")}
        view = look(**values, rho=str(draw.choice(["fully", "partly", "weakly", "no"])))
        enough = not number(view, "gap to expectation").startswith("−")
        assert ("no shortfall" in view.sentence) is enough
        assert ("on the shaded side" in view.teaser) is enough


def test_the_strength_of_image_matters_only_where_there_is_an_image():
    assert DEMO.view(DEMO.first_state()).inactive == {"phi"}
    assert look(image=0.1).inactive == frozenset()


def test_the_dot_follows_the_sliders_and_the_answer_turns(open_demo):
    page = open_demo("what_and_how", width=390)
    demo = page.locator(".sq-demo")
    manner = demo.get_by_role("slider", name="Manner (functional quality)")
    manner.fill("90")
    expect(demo.locator(".sq-sentence")).to_contain_text("on the shaded side")
    demo.get_by_role("radio", name="The cure: it counts more").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(demo.locator(".sq-sentence")).to_contain_text("make 50.4")
    expect(demo.get_by_text("Not what you predicted.")).to_be_visible()
    demo.get_by_role("radio", name="Fully").check(force=True)
    expect(demo.locator(".sq-sentence")).to_contain_text("5 points more of the result")
    demo.get_by_role("radio", name="Weakly").check(force=True)
    demo.get_by_role("slider", name="Expected quality").fill("68")
    manner.fill("70")
    demo.get_by_role("slider", name="Result (technical quality)").fill("70")
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
