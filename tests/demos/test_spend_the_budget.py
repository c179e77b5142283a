"""D3.3: rules of thumb, the best basket, and money in portions."""

import itertools

import pytest

from servicequality.demos.gap_management import spend_the_budget
from servicequality.demos.gap_management.spend_the_budget import PROJECTS, SHELVES
from servicequality.widgets import DemoWidget

DEMO = spend_the_budget()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}
SHELF = ("none", "a", "b", "both")
BEST = {"listen": "a", "design": "b", "people": "a", "outside": "a"}
WITHOUT_FAIL_SAFING = {"listen": "both", "design": "a", "people": "a", "outside": "none"}


def state(**values):
    return DEMO.check(values)


def look(**values):
    return DEMO.view(state(**values))


def closed(view):
    return view.tables["rules"].set_index("name")["closed"].to_dict()


def texts(view):
    return [number.text for number in view.numbers]


def test_projects_are_those_of_o3_5a():
    assert PROJECTS["cost"].tolist() == [20, 15, 25, 30, 40, 35, 10, 45]
    assert PROJECTS["value"].tolist() == [9, 7, 10, 14, 18, 12, 6, 13]


def test_o3_5a_three_ways_to_fill_the_first_basket():
    view = look()
    assert closed(view) == {
        "Your basket": 42,
        "Largest first": 42,
        "Best value for money first": 46,
        "Every basket tried": 47,
    }
    assert set(view.tables["rules"]["bound"]) == {47.25}
    assert texts(view) == ["42", "95 of 100", "47"]
    assert view.sentence == (
        "<b>Your basket closes 42 points for 95</b>: Clear standards, Fail-safing, Empowerment. "
        "The best basket for 100 closes 47, 5 more. Largest first closes 42, value for money "
        "first 46."
    )
    assert "47.25" in view.explanation


def test_the_second_case_is_the_basket_of_value_for_money():
    basket = closed(DEMO.view(PRESETS["Best value for money first"]))
    assert basket["Your basket"] == basket["Best value for money first"] == 46


def test_o3_5a_with_a_prerequisite_the_optimum_is_46():
    view = DEMO.view(PRESETS["Empowerment needs standards"])
    assert closed(view)["Every basket tried"] == 46
    assert "does not work before" in view.sentence
    assert not view.tables["rules"]["possible"][0]
    mended = look(needs=True, design="both", outside="none")
    assert mended.tables["rules"]["possible"].all()


def test_a_smaller_purse_turns_the_order_of_the_rules():
    assert closed(DEMO.view(PRESETS["A purse of 40"])) == {
        "Your basket": 18,
        "Largest first": 18,
        "Best value for money first": 13,
        "Every basket tried": 20,
    }


def test_the_prediction_is_about_the_first_basket():
    assert DEMO.declaration()["prediction"]["values"] == DEMO.first_state()
    for text in DEMO.prediction.feedback.values():
        assert "closes 42, best value for money first 46, the best of all baskets 47" in text
    assert "47.25" in DEMO.prediction.feedback["far"]


def test_exactly_one_basket_solves_the_challenge():
    solved = [
        dict(zip(SHELVES, choice, strict=True))
        for choice in itertools.product(SHELF, repeat=4)
        if DEMO.challenge.solved(state(**dict(zip(SHELVES, choice, strict=True))))
    ]
    assert solved == [WITHOUT_FAIL_SAFING]
    assert texts(look(**solved[0]))[:2] == ["44", "100 of 100"]


@pytest.mark.parametrize("values", [{"budget": 105}, {"budget": 95}, {"kind": "portions"}])
def test_the_challenge_is_about_whole_projects_and_a_purse_of_100(values):
    assert not DEMO.challenge.solved(state(**WITHOUT_FAIL_SAFING, **values))


def test_no_basket_that_the_demo_shows_solves_the_challenge():
    assert not DEMO.challenge.solved(state(**BEST))
    for needs in (False, True):
        for basket in look(peek=True, needs=needs).tables["baskets"]["projects"].iloc[1:]:
            bought = set(basket.split(", "))
            assert bought != {"Guest panel", "Complaint study", "Clear standards", "Empowerment"}


def test_what_goes_beyond_the_purse_is_marked():
    purse = look(outside="b").tables["purse"]
    assert purse["title"].tolist() == [
        "Clear standards",
        "Fail-safing",
        "Empowerment",
        "Lobby refit",
        "Lobby refit",
    ]
    assert purse["beyond"].tolist() == [False, False, False, False, True]
    assert purse["end"].tolist() == [25, 55, 95, 100, 140]
    assert "put 40 worth of projects back" in look(outside="b").sentence
    assert not look().tables["purse"]["beyond"].any()


def test_an_empty_basket_is_a_basket_too():
    view = look(design="none", people="none")
    assert texts(view)[:2] == ["0", "0 of 100"]
    assert view.tables["purse"]["end"].tolist() == [0]


def test_other_baskets_are_shown_on_request():
    assert "baskets" not in look().tables
    shown = look(peek=True).tables["baskets"].set_index("name")["projects"]
    assert shown["Every basket tried"] == "Guest panel, Fail-safing, Empowerment, Promise audit"


def test_the_staircase_passes_through_47_at_100():
    view = look(**BEST)
    stairs = view.tables["frontier"]
    assert stairs[stairs["budget"] <= 100]["value"].max() == 47
    assert view.tables["here"].iloc[0].tolist() == [100, 47, 100]
    assert "No basket for 100 closes more." in view.sentence


@pytest.mark.parametrize(
    ("label", "spending", "best", "equal"),
    [
        ("In portions, 80 to spend", [21.716, 11.430, 28.756, 18.097], "66.89", "65.49"),
        ("In portions, only 10", [4.982, 0, 0.866, 4.152], "13.15", "11.80"),
    ],
)
def test_o3_5b_money_in_portions(label, spending, best, equal):
    view = DEMO.view(PRESETS[label])
    assert view.tables["splits"]["best"].tolist() == pytest.approx(spending, abs=6e-4)
    assert texts(view)[1:] == [best, equal]
    assert f"gets {spending[2]:.2f} of" in view.sentence
    assert {"listen", "design", "people", "outside"} <= view.inactive


def test_o3_5b_the_peak_is_flat_only_with_enough_money():
    assert "the peak is flat" in DEMO.view(PRESETS["In portions, 80 to spend"]).explanation
    assert "66.80" in DEMO.view(PRESETS["In portions, 80 to spend"]).sentence
    assert "clearly less" in DEMO.view(PRESETS["In portions, only 10"]).explanation


def test_before_the_commit_no_other_basket_is_sent():
    view = DemoWidget(DEMO).view
    assert set(view["tables"]) == {"purse", "cards"}
    assert "47" not in view["teaser"]
