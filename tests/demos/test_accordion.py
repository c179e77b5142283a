"""D5.1: the same ride, judged by a zone that stretches and shrinks."""

import numpy as np
import pytest
from playwright.sync_api import expect

from servicequality import widgets as w
from servicequality.demos.expectations import accordion
from servicequality.models.expectations import DRIVERS, form_expectations

DEMO = accordion()
PRESETS = {preset.label: preset.values for preset in DEMO.presets}
NOTE_TEXTS = """() => {
  const seen = (window.seen = []);
  const note = () => {
    const text = [...document.querySelectorAll(".sq-main-figure svg text")]
      .map((node) => node.textContent).find((text) => text.startsWith("just acceptable"));
    if (text && text !== seen.at(-1)) seen.push(text);
  };
  const plot = document.querySelector(".sq-main-figure .sq-plot");
  new MutationObserver(note).observe(plot, { subtree: true, childList: true, attributes: true,
    characterData: true });
  note();
}"""


def look(**values):
    return DEMO.view(DEMO.check(values))


def levels(view):
    return view.tables["zone"][["desired", "adequate", "predicted", "width"]].iloc[0].tolist()


@pytest.mark.oracle("O5.2")
@pytest.mark.parametrize(
    ("case", "expected", "state"),
    [
        ("A usual day", (7, 5, 6, 2), "inside"),
        ("Storm", (7, 4.2, 6, 2.8), "inside"),
        ("Emergency: to the hospital", (7.4, 5.8, 6, 1.6), "below"),
        ("Loyal after delight", (7.7, 5.375, 7.25, 2.325), "inside"),
        ("Monopoly", (7, 4.4, 6, 2.6), "inside"),
        ("Expert with alternatives", (7, 6.4, 6, 0.6), "below"),
    ],
)
def test_o5_2_cases(case, expected, state):
    view = look(**PRESETS[case])
    assert levels(view) == pytest.approx(expected, abs=0.006)
    assert view.tables["zone"]["state"].item() == state
    desired, adequate, predicted, width = (w.fixed(level) for level in levels(view))
    assert [number.text for number in view.numbers] == [adequate, desired, predicted, width]
    assert f"reaches from {adequate}, just acceptable, to {desired}, hoped for" in view.sentence
    assert f"It is {width} wide" in view.sentence
    assert f"foresee {predicted}" in view.sentence


def test_the_zone_widens_in_a_storm_and_shrinks_in_an_emergency():
    assert "0.80 wider than usual: the bottom has fallen by 0.80, the top has not moved" in (
        look(situational=2).sentence
    )
    assert "0.80 narrower than usual: the bottom has risen by 0.80" in look(transitory=2).sentence
    assert "as on a usual day: neither end has moved" in look().sentence


def test_a_rival_moves_the_bottom_alone():
    view = DEMO.view(DEMO.check(DEMO.prediction.values))
    assert DEMO.prediction.correct == "bottom"
    assert levels(view) == pytest.approx([7, 5.6, 6, 1.4])
    assert "A ride of 5.5 is not acceptable" in view.sentence
    assert view.explanation.startswith("The bottom is moved by other ways to travel (+0.60); ")
    for text in DEMO.prediction.feedback.values():
        assert "rises from 5.00 to 5.60; what is hoped for stays at 7.00" in text


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"needs": 2}, "The bottom is moved by nothing; the top by needs (+0.80)"),
        ({"past": 2}, "by past journeys (+0.30); the top by past journeys (+0.40). Promises, talk"),
        ({"needs": 1, "role": -1}, "do themselves (−0.20); the top by needs (+0.40). Each end"),
        (
            {"situational": 1, "transitory": 1},
            "by the emergency (+0.40) and trouble outside (−0.40); the top by nothing",
        ),
    ],
)
def test_the_explanation_names_what_moves_which_end(values, told):
    assert told in look(**values).explanation


def test_movers_add_up_to_the_shift_while_no_end_of_the_scale_is_met():
    draw = np.random.default_rng(51)
    for _ in range(20):
        state = {name: round(draw.uniform(-1, 1), 1) for name in DRIVERS}
        found = form_expectations(**state)
        if found.width == 0:
            continue
        words = look(**state).explanation.split("; the top by")[0]
        parts = [float(part.split(")")[0].replace("−", "-")) for part in words.split("(")[1:]]
        assert sum(parts) == pytest.approx(found.adequate - 5, abs=0.05)


@pytest.mark.parametrize(
    ("ride", "told"),
    [
        (5.5, "By dimension it is too little on reliability."),
        (6.5, "It is good enough on all five dimensions."),
        (4.8, "too little on reliability, responsiveness and assurance."),
        (2.0, "It is too little on all five dimensions."),
    ],
)
def test_the_same_ride_can_be_too_little_on_some_dimensions(ride, told):
    view = look(perceived=ride)
    assert view.sentence.endswith(told)
    below = view.tables["dimensions"]["verdict"] == "not acceptable"
    assert below.tolist() == (ride < view.tables["dimensions"]["adequate"]).tolist()


def test_a_ride_above_the_zone():
    view = look(perceived=7.5)
    assert "A ride of 7.5 is better than hoped for" in view.sentence
    assert view.tables["zone"]["state"].item() == "above"


@pytest.mark.parametrize(
    ("values", "solved"),
    [
        ({"transitory": 2}, False),
        ({"transitory": 2, "situational": 0.7}, False),
        ({"transitory": 2, "situational": 0.8}, True),
        ({"transitory": 2, "situational": 2}, True),
        ({"transitory": 1.9, "situational": 2}, False),
        ({"transitory": 2, "situational": 2, "perceived": 6}, False),
        ({"transitory": 2, "alternatives": -2}, False),
        ({"transitory": 2, "situational": 2, "needs": 0.1}, False),
        ({"situational": 2}, False),
    ],
)
def test_the_challenge_needs_the_storm_alone(values, solved):
    assert DEMO.challenge.solved(DEMO.check(values)) is solved


def test_before_the_commit_only_the_one_zone_is_sent():
    sent = w.DemoWidget(DEMO).view["tables"]
    assert set(sent) == {"zone"}
    assert sent["zone"]["adequate"] == [5.0]


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_the_accordion_glides_unless_less_motion_is_wanted(open_demo, page, motion):
    page.emulate_media(reduced_motion=motion)
    open_demo("accordion", width=390)
    demo = page.locator(".sq-demo")
    demo.get_by_label("Both ends move up").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    plot = demo.locator(".sq-plot").first
    expect(plot).to_contain_text("just acceptable 5.60")
    page.evaluate(NOTE_TEXTS)
    demo.get_by_role("button", name="Storm", exact=True).click()
    expect(plot).to_contain_text("just acceptable 4.20")
    seen = [float(text.split()[-1]) for text in page.evaluate("window.seen")]
    assert seen == sorted(seen, reverse=True)
    assert (seen[0], seen[-1]) == (5.6, 4.2)
    assert (len(seen) > 2) is (motion == "no-preference")


def test_a_reader_meets_the_challenge(open_demo):
    page = open_demo("accordion")
    demo = page.locator(".sq-demo")
    demo.get_by_role("slider", name="How good the ride is").fill("4.5")
    expect(demo.locator(".sq-plot").first).to_contain_text("4.5: not acceptable")
    demo.get_by_role("slider", name="Trouble outside").fill("2")
    expect(demo.locator(".sq-plot").first).to_contain_text("4.5: acceptable")
    demo.get_by_label("The bottom: they demand more").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(demo.locator(".sq-verdict")).to_contain_text("As you predicted")
    demo.get_by_role("button", name="Reset").click()
    demo.get_by_text("What moves the bottom", exact=True).click()
    demo.get_by_role("slider", name="An emergency").fill("2")
    expect(demo.locator(".sq-sentence")).to_contain_text("A ride of 5.5 is not acceptable")
    demo.get_by_role("slider", name="Trouble outside").fill("1")
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
