"""D4.6: seven factors decide between doing it oneself and buying."""

from itertools import combinations

import pytest

from servicequality import widgets as w
from servicequality.demos.customers_role import do_it_yourself

DEMO = do_it_yourself()
FIRST = DEMO.first_state()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}


def look(**values):
    return DEMO.view(DEMO.check(values))


@pytest.mark.parametrize(
    ("case", "score", "chance"),
    [("Rui moves house", "0.6", "64.6 %"), ("Rui, after a class", "2.2", "90.0 %")],
)
def test_o4_3_rui_before_and_after_a_class(case, score, chance):
    view = DEMO.view(PRESETS[case])
    assert [number.text for number in view.numbers[:2]] == [chance, score]
    assert f"is {chance}; that is more likely than buying" in view.sentence


def test_the_cases_reach_both_sides():
    chances = {
        case: DEMO.view(state).tables["now"]["probability"][0] for case, state in PRESETS.items()
    }
    assert min(chances.values()) < 0.1
    assert max(chances.values()) > 0.99
    assert chances["Haircut"] < 0.5 < chances["Cooking on Sunday"]


def test_undecided_is_called_so():
    even = look(time=-2)
    assert even.numbers[0].text == "50.0 %"
    assert "that is undecided" in even.sentence


def test_the_prediction_is_about_rui_and_money_bears_it_out():
    assert DEMO.prediction.values == {}
    assert DEMO.prediction.correct == "economic"
    assert "falls from 65 % to 10 %" in DEMO.prediction.feedback["economic"]
    others = {key: text for key, text in DEMO.prediction.feedback.items() if key != "economic"}
    assert all("With money saved it falls further, to 10 %." in text for text in others.values())


def test_no_lever_is_sent_before_the_commit():
    assert set(w.DemoWidget(DEMO).view["tables"]) == {"now"}


def test_the_longest_bar_comes_first_and_holds_the_present_chance():
    tables = look().tables
    factors, now = tables["factors"], tables["now"]["probability"][0]
    assert (factors["highest"] - factors["lowest"]).is_monotonic_decreasing
    assert (factors["lowest"] <= now + 1e-4).all()
    assert (factors["highest"] >= now - 1e-4).all()
    assert factors["name"][0] == "money saved"


def test_where_a_factor_would_tip_the_choice():
    tips = look().tables["tips"].set_index("name")["tips"]
    assert tips["money saved"] == "1.14"
    assert tips["time"] == "−2.00"
    assert (DEMO.view(PRESETS["Cooking on Sunday"]).tables["tips"]["tips"] == "out of reach").all()


def test_six_pairs_of_nudges_solve_the_challenge_and_no_other():
    solving = {
        pair
        for pair in combinations(FIRST, 2)
        if DEMO.challenge.solved({**FIRST, **{name: FIRST[name] - 0.5 for name in pair}})
    }
    assert {frozenset(pair) for pair in solving} == {
        frozenset(pair)
        for pair in [
            ("expertise", "resources"),
            ("expertise", "time"),
            ("expertise", "economic"),
            ("expertise", "trust"),
            ("time", "economic"),
            ("economic", "trust"),
        ]
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"economic": 1},
        {"economic": 1, "expertise": -1.5},
        {"economic": 1.5, "expertise": -1.5, "time": -1.5},
        {"economic": 1.5, "resources": 0.5},
        {"economic": 2.0, "expertise": -0.5},
    ],
)
def test_near_misses_do_not_solve_it(changes):
    assert not DEMO.challenge.solved(DEMO.check(changes))


def test_a_point_counts_less_near_the_ends():
    assert "from 65 % to 45 %; near the middle small changes count" in look().explanation
    haircut = DEMO.view(PRESETS["Haircut"]).explanation
    assert "know-how more would bring the chance from 8 % to 17 %; near the ends" in haircut
