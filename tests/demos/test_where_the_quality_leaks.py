"""D3.1: a customer gap is a chain of gaps, and a promise works on one end of it."""

import itertools

import pytest

from servicequality.demos.gap_management import where_the_quality_leaks
from servicequality.widgets import DemoWidget

DEMO = where_the_quality_leaks()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}


def state(**values):
    return DEMO.check(values)


def look(**values):
    return DEMO.view(state(**values))


def gaps(view):
    return view.tables["chain"].set_index("name")["gap"].to_dict()


def test_o3_1_the_hotel():
    view = look()
    assert gaps(view) == {
        "The advert": 5,
        "Gap 1 · Listening": -7,
        "Gap 2 · Standards": -4,
        "Gap 3 · Delivery": -4,
        "Perception": 2,
        "Customer gap": -13,
    }
    assert view.tables["ends"]["gap"].tolist() == [-20, -13]
    assert [number.text for number in view.numbers] == ["−13.0", "−5.0", "−7.0"]
    assert view.sentence.startswith("Customers expect 85; managers think 78 (−7.0);")
    assert "a customer gap of −13.0; most is lost at Gap 1 · Listening" in view.sentence


def test_o3_1_the_prediction_is_the_modest_promise():
    shown = DEMO.declaration()["prediction"]["values"]
    assert shown == PRESETS["Hotel, modest advert"]
    before, after = gaps(look()), gaps(DEMO.view(shown))
    assert after["Customer gap"] == pytest.approx(-7.2)
    shrunk = {name for name in before if abs(after[name]) < abs(before[name])}
    assert shrunk == {"The advert", "Gap 1 · Listening", "Customer gap"}
    assert DEMO.prediction.correct == "g1"
    for text in DEMO.prediction.feedback.values():
        assert "from −7.0 to −1.2" in text
        assert "5.8 points smaller" in text


def test_links_lead_from_one_level_to_the_next():
    for label, values in PRESETS.items():
        chain = DEMO.view(values).tables["chain"]
        links = chain[chain["kind"] == "link"]
        assert links["end"][:-1].tolist() == links["start"][1:].tolist(), label
        total = chain[chain["kind"] == "total"]["gap"].item()
        assert links["gap"].sum() == pytest.approx(total), label


def test_stricter_standards_alone_close_nothing():
    before, after = gaps(look()), gaps(DEMO.view(PRESETS["Hotel, stricter standards"]))
    assert after["Customer gap"] == before["Customer gap"]
    assert after["Gap 2 · Standards"] - before["Gap 2 · Standards"] == 10
    assert after["Gap 3 · Delivery"] - before["Gap 3 · Delivery"] == -10


def test_better_delivery_is_noticed():
    assert gaps(look(delivery=76))["Customer gap"] == -7
    assert gaps(look(delivery=76, notice=-4))["Customer gap"] == -13
    assert gaps(look(delivery=95, notice=20))["Customer gap"] == 15


def test_remedies_are_those_of_gaps_below_minus_three():
    named = look().tables["remedies"]["name"].tolist()
    assert named == [
        "Gap 1 · Listening (−7.0)",
        "Gap 2 · Standards (−4.0)",
        "Gap 3 · Delivery (−4.0)",
        "Gap 4 · Communication (−20.0)",
    ]
    narrow = look(management=82, standard=79, delivery=76, promise=79)
    assert "remedies" not in narrow.tables
    assert "remedies" not in DEMO.view(PRESETS["Honest discount airline"]).tables


@pytest.mark.parametrize(
    "values",
    [{"promise": 82, "notice": 8}, {"promise": 82, "delivery": 76}, {"delivery": 78, "notice": 4}],
)
def test_the_challenge_is_solved_at_both_ends(values):
    assert DEMO.challenge.solved(state(**values))


@pytest.mark.parametrize(
    "values",
    [
        {"promise": 82},
        {"promise": 82, "notice": 7},
        {"promise": 81, "notice": 8},
        {"promise": 82, "notice": 5, "delivery": 73},
        {"promise": 82, "before": 74},
        {"promise": 82, "notice": 8, "beta": 0.4},
        {"delivery": 79, "notice": 8},
    ],
)
def test_near_misses_do_not_solve_the_challenge(values):
    assert not DEMO.challenge.solved(state(**values))


def test_the_middle_of_the_chain_never_solves_the_challenge():
    for management, standard in itertools.product(range(70, 87), range(66, 83)):
        assert not DEMO.challenge.solved(state(management=management, standard=standard))


def test_before_the_commit_the_links_are_not_sent():
    sent = DemoWidget(DEMO).view["tables"]
    assert set(sent) == {"ends"}
    assert sent["ends"]["name"] == ["Gap 4 · Communication", "Customer gap"]
