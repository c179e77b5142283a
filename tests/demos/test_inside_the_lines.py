"""D1.4: conformance, loss, and how much conformance to buy."""

import math

import numpy as np
import pytest
from playwright.sync_api import expect

from servicequality import widgets as w
from servicequality.demos.quality_definitions import inside_the_lines
from servicequality.demos.quality_definitions.inside_the_lines import PAIRS

DEMO = inside_the_lines()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}
INSIDE, CP, CPK, LOST = (number.label for number in DEMO.view(DEMO.first_state()).numbers)


def look(**values):
    return DEMO.view(DEMO.check(values))


def number(view, label):
    return next(number.text for number in view.numbers if number.label == label)


def losses(view):
    return view.tables["losses"].set_index("service")


def test_o1_4a_the_first_state():
    view = DEMO.view(DEMO.first_state())
    assert [number.text for number in view.numbers] == ["97.7 %", "1.67", "0.67", "8.00"]
    assert view.sentence.startswith(
        "<b>Clinic B loses 8.00 credits for each visit: 0.80 through spread and 7.20 by being off "
        "target.</b>"
    )
    assert "Clinic A keeps 95.4 % and loses 5.00." in view.sentence
    table = losses(view)
    assert table["cpk"].tolist() == pytest.approx([2 / 3, 2 / 3])
    assert table["cp"].tolist() == pytest.approx([2 / 3, 5 / 3])
    assert table.loc["Clinic A", ["spread", "bias", "outside"]].tolist() == [5, 0, 0]


def test_the_prediction_is_borne_out_though_b_keeps_the_limits_better():
    inside = look().tables["services"].set_index("service")["inside"]
    table = losses(look())
    lost = table["spread"] + table["bias"]
    assert inside["Clinic B"] > inside["Clinic A"] > 95
    assert DEMO.prediction.correct == "b"
    assert lost["Clinic B"] == pytest.approx(1.6 * lost["Clinic A"])
    assert all("8.0 in all" in text for text in DEMO.prediction.feedback.values())


def test_counted_by_goal_posts_the_order_turns():
    view = DEMO.view(PRESETS["Counted by goal posts"])
    outside = losses(view)["outside"]
    assert outside["Clinic B"] < outside["Clinic A"]
    assert "By goal posts Clinic B loses 0.46 credits for each visit and Clinic A 0.91" in (
        view.sentence
    )
    assert (losses(view)[["spread", "bias"]] == 0).all(axis=None)
    assert number(view, LOST) == "0.46"


@pytest.mark.parametrize(("b", "share", "cost"), [(25, "80.0 %", "9.00"), (400, "95.0 %", "39.00")])
def test_o1_5_how_much_conformance_to_buy(b, share, cost):
    view = look(b=b)
    assert f"{share} without defect is cheapest, at {cost} credits" in view.explanation
    assert view.tables["best"]["words"].item().startswith(f"cheapest: {share}")
    assert (f"{share} without defect" in view.sentence) is (b != 25)


def test_o1_5_the_cost_of_99_per_cent():
    assert "99 % would cost 99.25" in look().explanation
    costs = look().tables["costs"].set_index("conformance")["total"]
    assert costs[0.99] == pytest.approx(99.25)
    best = look().tables["best"]
    assert (costs >= best["total"].item()).all()


def test_prevention_that_does_not_pay_is_not_bought():
    view = look(a=5, b=3)
    assert "0.0 % without defect is cheapest, at 3.00 credits" in view.sentence


def test_no_loss_reaches_the_browser_before_the_commit():
    tables = w.DemoWidget(DEMO).view["tables"]
    assert set(tables) == {"curves", "services", "limits"}
    assert set(tables["services"]) == {"place", "service", "mean", "sd", "inside", "words"}


@pytest.mark.parametrize(
    ("values", "solved"),
    [
        ({"mean": 4.5}, True),
        ({"mean": -4.5}, True),
        ({"mean": 0}, True),
        # 0.2 x (4 + 4.6^2) is 5.03.
        ({"mean": 4.6}, False),
        ({"mean": -4.6}, False),
        ({"mean": 4.5, "rule": "posts"}, True),
        ({"rule": "posts"}, False),
        ({"mean": 0, "sd": 1}, False),
        ({"mean": 0, "k": 0.1}, False),
        ({"k": 0.1}, False),
        ({"mean": 0, "service": "trains"}, False),
    ],
)
def test_the_challenge_is_solved_by_aiming_not_by_spread_or_price(values, solved):
    assert DEMO.challenge.solved(DEMO.check(values)) is solved


def test_the_parts_of_a_hill_join_and_sum_to_one():
    draw = np.random.default_rng(8)
    for _ in range(20):
        at = {
            "mean": round(float(draw.uniform(-10, 10)), 1),
            "sd": round(float(draw.uniform(0.5, 8)), 1),
            "limit": int(draw.integers(5, 21)),
        }
        view = look(**at)
        curves = view.tables["curves"]
        hill = curves[curves["place"] == 2]
        areas = {
            part: np.trapezoid(rows["density"], rows["minutes"])
            for part, rows in hill.groupby("part")
        }
        # A trapezium rule on few points, and four standard deviations on each side.
        assert sum(areas.values()) == pytest.approx(1, abs=0.02)
        inside = float(number(view, INSIDE).removesuffix(" %")) / 100
        assert areas.get("inside", 0) == pytest.approx(inside, abs=0.02)


@pytest.mark.parametrize("pair", PAIRS)
def test_a_service_brings_its_numbers_and_its_words(pair):
    (choice,) = (control for control in DEMO.all_controls() if control.name == "service")
    settings = PAIRS[pair].settings
    assert choice.brings[pair] == settings
    view = look(service=pair, **settings)
    assert PAIRS[pair].b in view.sentence
    assert PAIRS[pair].many in view.sentence
    # The contrast of the demo: B keeps the limits better and loses more.
    a, b = view.tables["services"]["inside"]
    assert b > a
    lost = losses(view)[["spread", "bias"]].sum(axis=1).tolist()
    assert lost[1] > lost[0]


def test_the_explanation_names_the_larger_part():
    assert "0.20 × 2.0² = 0.80 and 0.20 × 6.0² = 7.20" in look().explanation
    assert "Cp (1.67) cannot see it" in look().explanation
    assert "0.20 × (−6.0)² = 7.20" in look(mean=-6).explanation
    assert "Here the larger part is spread" in look(mean=1).explanation


def test_goal_posts_jump_at_the_limits():
    loss = look(limit=8).tables["loss"]
    inside = loss["minutes"].abs() <= 8
    assert (loss.loc[inside, "posts"] == 0).all()
    assert loss.loc[~inside, "posts"].tolist() == pytest.approx([0.2 * 64] * (~inside).sum())
    assert math.isclose(loss["minutes"].abs().max(), 1.3 * 8)


def test_the_hill_moves_and_the_challenge_is_solved_with_one_slider(open_demo):
    page = open_demo("inside_the_lines", width=390)
    demo = page.locator(".sq-demo")
    sentence = demo.locator(".sq-sentence")
    delay = demo.get_by_role("slider", name="B: average delay (minus is early)")
    delay.fill("10")
    expect(sentence).to_contain_text("clinic B 50.0 %")
    demo.get_by_role("radio", name="Both the same: both keep the limits").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(sentence).to_contain_text("Clinic B loses 8.00 credits")
    delay.fill("4.6")
    expect(sentence).to_contain_text("Clinic B loses 5.03 credits")
    expect(demo.get_by_text("○ Not solved yet.")).to_be_attached()
    delay.fill("4.5")
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
    demo.get_by_role("radio", name="Trains", exact=True).check(force=True)
    expect(sentence).to_contain_text("Line B loses 10.00 credits for each train")
