"""D6.2: where customers may choose, only the very satisfied stay."""

import pytest
from playwright.sync_api import expect

from servicequality import widgets as w
from servicequality.demos.satisfaction import satisfied_and_gone
from servicequality.models import loyalty

DEMO = satisfied_and_gone()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}


def look(**values):
    return DEMO.view(DEMO.check(values))


def stay(view):
    return view.tables["levels"].set_index("satisfaction")["stay"]


@pytest.mark.parametrize(
    ("competition", "expected"),
    [(0.1, [75.600, 79.225, 83.992, 95.208]), (0.9, [8.404, 9.023, 19.928, 88.872])],
)
def test_o6_7_who_stays_at_each_level(competition, expected):
    view = look(competitiveness=competition)
    assert stay(view).loc[2:].tolist() == pytest.approx(expected, abs=5e-4)


def test_o6_7_from_four_to_five():
    assert "by 4.46 here (19.9 to 88.9 of 100)" in look().explanation
    assert "with little competition (0.1) by 1.13" in look().explanation
    assert "no more than 1.13 here" in look(competitiveness=0.1).explanation


def test_most_are_satisfied_and_most_leave():
    assert look().sentence.startswith("<b>70.0 % are satisfied (4 or 5), but only 30.3 % stay.</b>")
    monopoly = DEMO.view(PRESETS["Telephone monopoly"])
    assert "70.0 % are satisfied (4 or 5), and 87.4 % stay" in monopoly.sentence


def test_the_prediction_is_about_the_car_maker_and_ten_in_a_hundred():
    assert DEMO.prediction.values == {}
    assert DEMO.prediction.correct == "4"
    for start, gain in (("2", "0.1"), ("4", "6.9")):
        view = look(start=start)
        assert f": +{gain} points" in view.sentence
        assert all(f"keep {gain} more" in text for text in DEMO.prediction.feedback.values())


def test_the_curve_of_the_car_maker_is_covered_before_the_commit():
    tables = w.DemoWidget(DEMO).view["tables"]
    assert set(tables) == {"family", "curve", "levels", "cuts"}
    assert tables["curve"] == {"satisfaction": [], "stay": []}
    assert set(tables["family"]["market"]) == {0}
    captive = loyalty.loyalty(loyalty.LEVELS, 0.05)
    assert tables["levels"]["stay"] == pytest.approx(captive.tolist(), abs=1e-3)
    assert look(competitiveness=0.2).covers["levels"]["stay"].tolist() == captive.tolist()


def test_the_teaser_tries_the_lift_in_a_monopoly():
    assert "87.4 stay" in look().teaser
    assert "Lift 10 % from 4 to 5, and 88.2 stay" in look().teaser
    assert "30.3" not in look().teaser


def test_bubbles_move_with_the_customers():
    share = look(start="4", moved=7.3).tables["levels"].set_index("satisfaction")
    assert share["share"].tolist() == pytest.approx([0.05, 0.10, 0.15, 0.427, 0.273])
    assert share["words"].tolist() == ["5 %", "10 %", "15 %", "42.7 %", "27.3 %"]


def test_the_loyalty_matrix():
    kinds = look().tables["levels"].set_index("satisfaction")["kind"]
    assert kinds.to_dict() == {
        1: "no loyalty",
        2: "no loyalty",
        3: "no loyalty",
        4: "satisfied, but gone (latent loyalty)",
        5: "true loyalty",
    }
    captive = DEMO.view(PRESETS["Telephone monopoly"]).tables["levels"]["kind"]
    assert captive.tolist() == 3 * ["captive (spurious loyalty)"] + 2 * ["true loyalty"]


def test_habit_and_the_trouble_of_switching_keep_people():
    now = float(look().numbers[1].text.split()[0])
    assert float(look(inertia=20).numbers[1].text.split()[0]) == pytest.approx(
        20 + 0.8 * now, abs=0.1
    )
    locked = look(switching=1).numbers[1].text
    assert locked == look(competitiveness=0).numbers[1].text


def test_no_more_customers_are_lifted_than_there_are():
    most, more = look(start="2", moved=10), look(start="2", moved=11)
    assert more.tables["levels"].equals(most.tables["levels"])
    assert "Lift 10 % of all customers (more there are not) from 2 to 3" in more.sentence
    assert "Lift 10 % of all customers from 2 to 3" in most.sentence
    assert "Lift 10 % from 2 to 3" in more.teaser


def test_somebody_must_be_a_customer():
    with pytest.raises(ValueError, match="no customers"):
        look(**{f"share_{level}": 0 for level in loyalty.LEVELS})


def test_a_step_without_enough_customers_is_not_possible():
    table = look().tables["moves"].set_index("name")
    assert table["needed"].isna().tolist() == [True, True, True, False]
    assert table["needed"]["4 to 5"] == pytest.approx(7.25, abs=0.005)
    assert DEMO.view(PRESETS["Telephone monopoly"]).numbers[3].text == "not possible"


@pytest.mark.parametrize(
    ("values", "solved"),
    [
        ({"start": "4", "moved": 14.6}, True),
        ({"start": "4", "moved": 14.9}, True),
        # Ten points, but with more customers than need be.
        ({"start": "4", "moved": 15}, False),
        # Too few customers.
        ({"start": "4", "moved": 14.5}, False),
        ({"start": "4", "moved": 7.3}, False),
        ({"start": "3", "moved": 14.9}, False),
        ({"start": "2", "moved": 10}, False),
        # Another market, or customers of another kind.
        ({"start": "4", "moved": 14.6, "competitiveness": 1}, False),
        ({"start": "4", "moved": 14.6, "share_5": 0, "share_4": 70}, False),
        ({"start": "4", "moved": 14.6, "inertia": 10}, False),
    ],
)
def test_the_challenge_needs_the_fewest_customers(values, solved):
    assert DEMO.challenge.solved(DEMO.check(values)) is solved


def test_the_challenge_with_little_competition_would_take_44_6_per_cent():
    needed = look(competitiveness=0.1).numbers[3].text
    assert needed == "44.6 %"
    assert needed in DEMO.challenge.success
    for start in "1234":
        view = look(competitiveness=0.1, start=start, moved=50)
        now, later = (float(number.text.removesuffix(" %")) for number in view.numbers[1:3])
        assert later - now < 10, "no single step brings ten points"


def test_no_case_gives_the_challenge_away():
    assert not any(DEMO.challenge.solved(state) for state in PRESETS.values())


def test_predicting_and_lifting(open_demo):
    page = open_demo("satisfied_and_gone", width=390)
    demo = page.locator(".sq-demo")
    demo.get_by_role("radio", name="2 to 3", exact=True).check()
    expect(demo.locator(".sq-sentence")).to_contain_text("from 2 to 3, and 87.8 stay")
    expect(demo.locator(".sq-plot").first).not_to_contain_text("car maker")
    demo.get_by_label("delight the satisfied").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(demo.locator(".sq-sentence")).to_contain_text("but only 30.3 % stay")
    expect(demo.locator(".sq-plot").first).to_contain_text("car maker")
    demo.get_by_role("slider", name="How many of all customers").fill("14.6")
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
    demo.get_by_role("slider", name="How many of all customers").fill("50")
    expect(demo.locator(".sq-sentence")).to_contain_text("Lift 50 % of all customers from 4 to 5")


def test_the_name_of_the_next_market_leaves_room_for_the_shares_of_this_one():
    def over(**values):
        family = DEMO.view(DEMO.check(values)).tables["family"]
        named = family[family["words"] != ""].set_index("words")["over"]
        return named.index[named].tolist()

    assert over() == ["computer maker"], "the car maker's curve lies close below"
    assert over(competitiveness=0.1) == ["telephone monopoly"]
    assert over(competitiveness=0) == []
