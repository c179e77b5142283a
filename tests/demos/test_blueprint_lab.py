"""D3.2: a service blueprint in numbers, and where a fail-safe pays."""

import itertools
import math

import pytest

from servicequality.charts.blueprint import LANES
from servicequality.demos.gap_management import blueprint_lab
from servicequality.demos.gap_management.processes import PROCESSES
from servicequality.widgets import DemoWidget

DEMO = blueprint_lab()
NUMBERS = tuple(str(number) for number in range(1, 8))


def state(**values):
    return DEMO.check(values)


def look(**values):
    return DEMO.view(state(**values))


def texts(view):
    return [number.text for number in view.numbers]


def rankings(view):
    return view.tables["rankings"].set_index("name")


def test_o3_3_the_hotel():
    view = look()
    assert texts(view) == ["83.3 %", "2.91", "25.0"]
    table = rankings(view)
    assert table["rpn_words"].tolist() == ["48", "72", "189", "50", "150", "192", "24"]
    assert table["loss_words"].tolist() == ["0.10", "0.40", "0.40", "0.18", "0.60", "1.20", "0.03"]
    assert view.tables["survival"]["flawless"].iloc[-1] == pytest.approx(0.83270, abs=5e-6)
    assert view.sentence.startswith(
        "<b>Hotel check-in: 83.3 % of guests go through all seven steps without a slip, and "
        "failures cost 2.91 credits per visit.</b> From the largest loss: Room readiness 1.20 "
        "(41 %), Luggage 0.60 (21 %),"
    )


@pytest.mark.parametrize(
    ("rework", "minutes"), [("none", "25.0"), ("local", "25.8"), ("restart", "27.6")]
)
def test_o3_3_minutes_under_each_kind_of_rework(rework, minutes):
    view = look(rework=rework)
    assert texts(view)[2] == minutes
    assert (f"{minutes} minutes" in view.sentence) is (rework != "none")


def test_the_three_rankings_disagree():
    table = rankings(look())
    assert table["rpn_rank"].idxmin() == table["loss_rank"].idxmin() == "Room readiness"
    assert table["gain_rank"].idxmin() == "ID and payment"
    assert table["rpn_rank"]["Room assignment"] == 2
    assert table["loss_rank"]["Room assignment"] == table["loss_rank"]["ID and payment"] == 3


@pytest.mark.parametrize(
    ("step", "loss", "share"), [("6", "2.01", "84.5 %"), ("2", "2.61", "86.6 %")]
)
def test_o3_3_one_fail_safe(step, loss, share):
    view = look(first=step)
    assert texts(view)[:2] == [share, loss]
    assert f"to {share}" in view.explanation


def test_a_fail_safe_is_the_same_in_either_place_and_only_once():
    assert texts(look(first="5", second="6")) == texts(look(first="6", second="5"))
    assert texts(look(first="5", second="5")) == texts(look(first="5"))
    view = look(first="5")
    names = view.tables["steps"]["name"].tolist()
    assert [name for name in names if "fail-safe" in name] == ["Luggage · fail-safe"]
    assert PROCESSES["hotel"].steps.loc["Luggage", "fail_safe"] in view.explanation
    shrunk = view.tables["steps"]["loss"][4] / look().tables["steps"]["loss"][4]
    assert shrunk == pytest.approx(0.25)
    assert (view.tables["steps"]["scale"] == 1.2).all()


def test_exactly_one_pair_of_fail_safes_solves_the_challenge():
    solved = [
        pair
        for pair in itertools.combinations(NUMBERS, 2)
        if DEMO.challenge.solved(state(first=pair[0], second=pair[1]))
    ]
    assert solved == [("5", "6")]
    assert DEMO.challenge.solved(state(first="6", second="5"))
    assert "1.56" in look(first="6", second="5").sentence
    assert not any(DEMO.challenge.solved(state(first=step)) for step in NUMBERS)


@pytest.mark.parametrize("values", [{"process": "cash"}, {"step": "6", "cost": 0.0}])
def test_the_challenge_is_about_the_hotel_as_it_is(values):
    assert not DEMO.challenge.solved(state(**values))
    assert not DEMO.challenge.solved(state(first="5", second="6", **values))


def test_the_prediction_is_about_the_first_state_and_each_answer_is_derived():
    assert DEMO.declaration()["prediction"]["values"] == DEMO.first_state()
    assert DEMO.prediction.correct == "product"
    feedback = DEMO.prediction.feedback
    assert all("83.3 %" in text for text in feedback.values())
    assert "97.4 %" in feedback["mean"]
    assert "69.8 %" in feedback["all_worst"]


def test_before_the_commit_the_flawless_share_is_not_sent():
    view = DemoWidget(DEMO).view
    assert set(view["tables"]) == {"cells", "steps"}
    assert "83.3" not in str(view)


def test_1000_simulated_guests_are_near_the_formula():
    for seed in (1, 2, 3):
        view = look(simulated=True, seed=seed)
        survival = view.tables["survival"]
        assert survival["simulated"].is_monotonic_decreasing
        assert (survival["simulated"] - survival["flawless"]).abs().max() < 0.04
        lucky = int(view.numbers[3].text)
        assert lucky / 1000 == pytest.approx(survival["simulated"].iloc[-1])
        assert f"{lucky} met no slip" in view.sentence
    assert all(math.isnan(share) for share in look().tables["survival"]["simulated"])


def test_a_changed_step_changes_nothing_but_itself():
    view = look(step="1", failure=5, cost=2, minutes=3)
    losses = view.tables["steps"]["loss"].tolist()
    assert losses == pytest.approx([1.0, 0.4, 0.4, 0.18, 0.6, 1.2, 0.03])
    assert view.tables["steps"]["words"][0] == "6 min · fails 10.0 %"
    assert texts(view)[2] == "29.0"
    assert texts(look(failure=5, cost=2, minutes=3)) == texts(look())


def test_controls_without_effect_are_idle():
    assert look().inactive == {"failure", "cost", "minutes", "seed"}
    assert look(step="3", simulated=True).inactive == set()


@pytest.mark.parametrize("key", PROCESSES)
def test_every_service_is_a_complete_blueprint(key):
    process = PROCESSES[key]
    assert len(process.steps) == 7
    assert list(process.boxes) == list(LANES)
    assert (process.boxes[["evidence", "customer", "support"]] != "").all(axis=None)
    assert (process.boxes[["onstage", "backstage"]] != "").any().all()
    assert set(process.steps["lane"]) <= set(LANES)
    for step, lane in process.steps["lane"].items():
        assert process.boxes.loc[step, lane], f"{step} fails where nothing happens"
    assert process.steps["wait"].any()
    assert process.steps["fail_safe"].is_unique
    actions = process.boxes.drop(columns="evidence").stack()
    assert actions.str.split("\n").explode().str.len().max() <= 10


def test_services_say_that_their_numbers_are_invented():
    for key in PROCESSES:
        assert "(invented numbers)" in look(process=key).teaser
    assert "invented" in DEMO.assumption
