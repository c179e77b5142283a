"""D2.3: what a high alpha shows, and what a difference of scales costs."""

import json

import numpy as np
import pytest
from playwright.sync_api import expect

from servicequality import widgets as w
from servicequality.demos.servqual import alpha_microscope
from servicequality.models import reliability

DEMO = alpha_microscope()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}


def state(**values):
    return DEMO.check(values)


def number(view, label):
    return next(number.text for number in view.numbers if number.label == label)


def test_the_first_state_is_o2_3c_with_five_items():
    view = DEMO.view(DEMO.first_state())
    assert number(view, "alpha") == "0.77"
    assert "Alpha is 0.77" in view.sentence
    assert "0.77" in view.teaser


def test_the_prediction_is_about_two_unrelated_topics_of_o2_3c():
    shown = DEMO.declaration()["prediction"]["values"]
    assert shown == PRESETS["Two mixed topics"]
    view = DEMO.view(shown)
    assert number(view, "alpha") == "0.78"
    assert number(view, "mean correlation of two items") == "0.27"
    assert "<b>Warning:</b> the sum mixes 2 unrelated topics" in view.sentence
    assert all("0.78" in text for text in DEMO.prediction.feedback.values())


def test_nothing_before_the_commit_tells_of_the_mixed_topics():
    widget = w.DemoWidget(DEMO)
    widget.request = {"number": 1, "values": state(k=10), "guess": None}
    assert set(widget.view["tables"]) == {"marks"}
    assert "0.87" in widget.view["teaser"]
    assert "0.78" not in json.dumps(widget.view)


def test_the_long_scale_is_o2_3c_and_warns():
    view = DEMO.view(PRESETS["Long scale"])
    assert number(view, "alpha") == "0.85"
    assert "it is high because the scale is long" in view.sentence


def test_the_interval_is_feldts():
    (lower,), (upper,) = reliability.feldt_interval([0.8], 20, 6)
    view = DEMO.view(state(k=6, n=20))
    assert number(view, "95 % interval") == f"{lower:.2f} to {upper:.2f}"
    assert "the interval is too wide" in view.sentence
    assert "too wide" not in DEMO.view(state(k=6, n=1000)).sentence


def test_a_forgotten_reversal_is_named_with_its_cost():
    view = DEMO.view(PRESETS["Forgotten reversal"])
    assert number(view, "alpha") == "0.30"
    assert "Recode it before you count: alpha is then 0.77" in view.sentence
    assert "Recoded, two items would correlate 0.40" in view.explanation


def test_alpha_may_fall_below_zero():
    view = DEMO.view(state(k=2, reversed=True))
    assert number(view, "alpha") == "−1.33"
    assert "Alpha is −1.33" in view.sentence


def test_too_few_items_for_the_topics():
    with pytest.raises(ValueError, match="2 items cannot cover 3 topics"):
        DEMO.view(state(k=2, factors="3"))


@pytest.mark.parametrize(
    ("rho", "found"), [(0, "0.82"), (0.3, "0.75"), (0.5, "0.65"), (0.7, "0.42")]
)
def test_o2_4_equal_spreads(rho, found):
    # 0.8250 is a little below in binary.
    view = DEMO.view(state(look="gap", rho=rho))
    assert number(view, "reliability of the gap") == found
    assert f"reliability {found}" in view.sentence


def test_o2_4_unequal_spreads_and_disguise():
    unequal = DEMO.view(state(look="gap", rho=0.5, ratio=1.5))
    assert number(unequal, "reliability of the gap") == "0.69"
    spurious = DEMO.view(state(look="gap", rho=0.3))
    assert "correlates 0.59 with the perceptions inside it" in spurious.sentence
    assert w.fixed(spurious.tables["gap_here"]["gap_correlation"].item()) == "0.59"


def test_the_sentence_of_the_first_gap():
    view = DEMO.view(PRESETS["Gap of two good scales"])
    assert "The gap has reliability 0.42" in view.sentence
    assert "its two scales have 0.85 and 0.80 and correlate 0.70" in view.sentence
    assert "41.7 %" in view.explanation


def test_an_impossible_correlation_is_refused_in_plain_words():
    with pytest.raises(ValueError, match=r"cannot correlate 0\.85; the most is 0\.825"):
        DEMO.view(state(look="gap", rho=0.85))
    # It does no harm while the reader looks at one scale.
    assert number(DEMO.view(state(rho=0.85)), "alpha") == "0.77"


def test_only_the_controls_of_what_is_looked_at_are_active():
    names = {control.name for control in DEMO.all_controls()} - {"look"}
    scale = DEMO.view(DEMO.first_state()).inactive
    gap = DEMO.view(state(look="gap")).inactive
    assert scale | gap == names
    assert not scale & gap
    free = {"k": 9, "r": 0.2, "factors": "3", "n": 20, "reversed": True}
    assert DEMO.view(state(look="gap", **free)).sentence == DEMO.view(state(look="gap")).sentence


def test_only_the_panels_of_what_is_looked_at_have_tables():
    scale = DEMO.view(DEMO.first_state()).tables
    gap = DEMO.view(state(look="gap")).tables
    assert set(scale) & set(gap) == {"marks"}
    assert set(scale) | set(gap) == {name for panel in DEMO.panels for name in panel.tables}


@pytest.mark.parametrize(
    ("values", "solved"),
    [
        ({}, False),
        ({"r_pp": 0.85, "r_ee": 0.85}, True),
        ({"r_pp": 0.92, "r_ee": 0.78}, True),
        ({"r_pp": 0.85, "r_ee": 0.84}, False),
        ({"r_pp": 0.95, "r_ee": 0.95, "rho": 0.45}, False),
        ({"r_pp": 0.95, "r_ee": 0.95, "rho": 0.55}, False),
        ({"r_pp": 0.95, "r_ee": 0.95, "look": "scale"}, False),
        ({"ratio": 2}, False),
    ],
)
def test_the_challenge_asks_for_a_mean_reliability_of_085(values, solved):
    at = state(**{"look": "gap", "rho": 0.5, **values})
    assert DEMO.challenge.solved(at) is solved


def test_unequal_spreads_would_be_a_way_round_the_challenge():
    """The reason for asking for equal spreads: then a worse pair of scales would do."""
    assert reliability.difference_reliability(0.85, 0.80, 0.5, sd_p=2) > 0.7


def test_pictures_tell_what_the_numbers_tell():
    draw = np.random.default_rng(3)
    for _ in range(20):
        at = state(
            k=int(draw.integers(3, 31)),
            r=round(0.05 * int(draw.integers(0, 19)), 2),
            factors=str(draw.integers(1, 4)),
            reversed=bool(draw.integers(0, 2)),
        )
        view = DEMO.view(at)
        shown = number(view, "alpha")
        assert w.fixed(view.tables["marks"]["value"].item()) == shown
        assert w.fixed(view.tables["here"]["alpha"].item()) == shown
        assert view.tables["blocks"]["last_row"].max() == at["k"]
        curve = view.tables["curve"].set_index("k")["alpha"]
        if at["k"] in curve.index:
            assert w.fixed(curve[at["k"]]) == shown


def test_the_controls_of_a_gap_come_unfolded_when_they_are_needed(open_demo):
    page = open_demo("alpha_microscope", width=390)
    demo = page.locator(".sq-demo")
    demo.get_by_role("radio", name="About 0.6").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(demo.locator(".sq-sentence")).to_contain_text("Alpha is 0.78")
    rho = demo.get_by_role("slider", name="Correlation of the two", exact=True)
    expect(rho).to_be_hidden()
    demo.get_by_role("button", name="Gap of two good scales").click()
    expect(rho).to_be_visible()
    expect(demo.locator(".sq-sentence")).to_contain_text("The gap has reliability 0.42")
    expect(demo.get_by_text("A gap is less reliable")).to_be_visible()
    expect(demo.get_by_text("Alpha rises with the number of items")).to_be_hidden()
    rho.fill("0.85")
    expect(demo.get_by_role("alert")).to_contain_text("cannot correlate 0.85")
    rho.fill("0.5")
    expect(demo.locator(".sq-sentence")).to_contain_text("reliability 0.65")
    demo.get_by_role("slider", name="Reliability of expectations").fill("0.85")
    expect(demo.get_by_text("✓ Solved.")).to_be_visible()
    for fold in demo.locator("summary").all():
        if fold.is_visible():
            fold.click()
    expect(demo.locator("math")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
