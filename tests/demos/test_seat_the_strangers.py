"""D4.5: groups at a pool; who meets whom, and who gives way."""

from itertools import product

import pytest

from servicequality import widgets as w
from servicequality.demos.customers_role import seat_the_strangers

DEMO = seat_the_strangers()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}
GROUPS = ("families", "business", "seniors", "students")
SLOTS = ("morning", "noon", "afternoon", "evening")


def look(**values):
    return DEMO.view(DEMO.check(values))


def test_o4_5_twelve_who_want_quiet_in_a_room_of_forty():
    assert "make 336 mixed pairs of 780, 43.1 %" in look().sentence
    assert look().tables["here"]["cross"].tolist() == [336]
    assert look(quiet=40).numbers[3].text == "0.0 %"


def test_o4_5_plans():
    plans = look().tables["plans"].set_index("plan")
    assert plans.loc["first come, first choice"].tolist() == [32, 0]
    assert plans.loc["the best with a time of its own for each"].tolist() == [33, 0]
    assert plans.loc["everyone's favourite"].tolist() == plans.loc["yours"].tolist() == [35, 80]


@pytest.mark.parametrize(
    ("case", "points", "mixed"),
    [
        ("Everyone's favourite", "35", "80"),
        ("First come, first choice", "32", "0"),
        ("Seniors with the families", "33", "120"),
        ("All in the afternoon", "24", "596"),
    ],
)
def test_points_and_pairs_of_the_cases(case, points, mixed):
    view = DEMO.view(PRESETS[case])
    assert [number.text for number in view.numbers[:2]] == [points, mixed]
    assert f"{points} points and {mixed} mixed pairs" in view.sentence
    assert view.tables["meetings"]["mixed"].sum() == int(mixed)


def test_the_frames_show_the_plan():
    cells = look(seniors="noon").tables["cells"]
    chosen = cells[cells["chosen"]].set_index("group")["slot"].to_dict()
    assert chosen == {
        "families": "afternoon",
        "business": "morning",
        "seniors": "noon",
        "students": "evening",
    }


def test_the_prediction_compares_four_ways_out():
    assert DEMO.prediction.values == {}
    assert DEMO.prediction.correct == "business"
    told = {key: int(text.split()[2]) for key, text in DEMO.prediction.feedback.items()}
    assert told == {"seniors": 32, "business": 33, "chain": 32, "swap": 28}


def test_no_sum_is_sent_before_the_commit():
    assert set(w.DemoWidget(DEMO).view["tables"]) == {"cells"}


def test_one_plan_of_all_solves_the_challenge():
    solving = [
        plan
        for plan in product(SLOTS, repeat=len(GROUPS))
        if DEMO.challenge.solved(DEMO.check(dict(zip(GROUPS, plan, strict=True))))
    ]
    assert solving == [("afternoon", "noon", "noon", "evening")]
    points, pairs, *_rest = DEMO.view(
        DEMO.check(dict(zip(GROUPS, solving[0], strict=True)))
    ).numbers
    assert f"{pairs.text} mixed pairs and {points.text} points" in DEMO.challenge.success


def test_as_many_points_with_strangers_are_possible():
    assert DEMO.view(PRESETS["Seniors with the families"]).numbers[0].text == "33"


def test_the_explanation_tells_who_gives_way():
    assert "business guests lose 2 points and seniors 3" in look().explanation
    assert "nobody gives way" in look().explanation
    given = look(business="noon").explanation
    assert "given up now: 2 (by business); the best plan reaches 33" in given
