"""D5.5: what interviews, questionnaires, complaints and a manager make of the truth."""

import numpy as np
import pytest

from servicequality.demos.expectations import ask_or_read
from servicequality.widgets import DemoWidget

DEMO = ask_or_read()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}


def state(**values):
    return DEMO.check(values)


def look(**values):
    return DEMO.view(state(**values))


def texts(view):
    return [number.text for number in view.numbers]


@pytest.mark.oracle("O5.6")
def test_o5_6_what_complaints_say():
    view = look()
    assert texts(view) == ["0.29", "1.11", "14.4 %", "1.11"]
    assert "estimate" not in view.sentence.split("<b>")[0]
    assert "expected 7.11 and got 4.89, on average" in view.sentence
    assert view.tables["average"]["expected"].tolist() == [6, 7.11]
    assert view.tables["average"]["received"].tolist() == [6, 4.89]


def test_complaints_are_those_of_a_simulation():
    expected, received = np.random.default_rng(5).normal(6, 1, (2, 200_000))
    loud = expected[expected - received > 2]
    rows = look(threshold=2).tables["rows"].set_index("name")["value"]
    assert rows["2,000 complaints"] == pytest.approx(loud.mean(), abs=0.02)


def test_the_dots_that_complain_are_the_share_that_complains():
    for threshold in (0, 1.5, 3):
        view = look(threshold=threshold)
        people = view.tables["people"]
        share = float(texts(view)[2].removesuffix(" %")) / 100
        assert people["sad"].mean() == pytest.approx(share, abs=1 / len(people))
        missed = people["expected"] - people["received"]
        assert missed[people["sad"] == 1].min() >= threshold - 0.11, "rounded to one decimal"


def test_more_complaints_do_not_help():
    first, more = look(), DEMO.view(PRESETS["Read them all: 5,000"])
    assert texts(first)[1] == texts(more)[1]
    lines = first.tables["lines"].set_index(["method", "answers"])["error"]
    assert lines["complaints"].iloc[-1] > 1.1
    assert lines["survey"].iloc[-1] < 0.02
    assert np.allclose(lines["survey"], [n**-0.5 for n in lines["survey"].index], atol=0.001)


def test_a_tilted_survey_keeps_its_tilt():
    view = look(tilt=0.3, survey=600, believed="survey")
    assert float(texts(view)[3]) == pytest.approx(0.3, abs=0.01)
    assert "lifts the survey by 0.30: 600 answers cannot mend that" in view.explanation


def test_nineteen_of_twenty_studies_end_in_the_bar():
    rows = look(interview=25).tables["rows"].set_index("name")
    bar = rows.loc["25 interviews"]
    assert [bar["lower"], bar["upper"]] == pytest.approx([6 - 1.96 / 5, 6 + 1.96 / 5], abs=0.001)
    assert (rows["line"] == 6).all()


def test_the_prediction_is_about_the_first_state():
    assert DEMO.declaration()["prediction"]["values"] == DEMO.first_state()
    for text in DEMO.prediction.feedback.values():
        assert "0.29 points" in text
        assert "1.11" in text


def test_before_the_commit_no_estimate_is_sent():
    widget = DemoWidget(DEMO)
    assert set(widget.view["tables"]) == {"people", "diagonal", "average"}
    assert widget.view["tables"]["average"]["words"] == ["everyone"]
    assert "7.11" not in str(widget.view)


def test_the_challenge_takes_a_cheap_and_close_method():
    def solved(**values):
        return DEMO.challenge.solved(state(**values))

    assert [n for n in range(5, 601, 5) if solved(believed="survey", survey=n)] == [
        45,
        50,
        55,
        60,
        65,
    ]
    assert not any(solved(believed="interview", interview=n) for n in range(2, 61))
    assert not any(solved(believed="complaints", complaints=n) for n in range(50, 5001, 50))
    assert not solved(believed="manager")
    assert not solved(believed="manager", manager_bias=0)
    assert not solved(believed="survey", survey=50, tilt=0.05)
    assert not solved(believed="survey", survey=50, threshold=1)


def test_prices_stand_beside_the_errors():
    errors = look(believed="survey").tables["errors"]
    assert errors["words"].tolist() == [
        "off by 0.29, 1,800 credits",
        "off by 0.06, 4,500 credits",
        "off by 1.11, 4,000 credits",
        "off by 0.58, 100 credits",
    ]
    assert errors["chosen"].tolist() == [False, True, False, False]
