"""The frame without a browser: what it sends, and when."""

import json
from dataclasses import replace

import pytest
from toys import income, lemonade

from servicequality import widgets as w


@pytest.fixture
def widget():
    return w.DemoWidget(lemonade())


def move(widget, guess="9", **values):
    widget.request = {
        "number": widget.request["number"] + 1,
        "values": widget.request["values"] | values,
        "guess": guess,
    }
    return widget.view


def test_before_the_commit_only_the_first_picture_is_sent(widget):
    assert set(widget.view) == {"number", "tables", "teaser"}
    assert set(widget.view["tables"]) == {"cups"}
    assert "Nine cups" not in json.dumps(widget.get_state(), default=str)
    moved = move(widget, guess=None, price=4.0)
    assert set(moved) == {"number", "tables", "teaser"}


def test_the_commit_takes_the_cover_off_a_picture():
    def covered(state):
        view = income(state)
        return replace(view, covers={"cups": view.tables["cups"].assign(income=None)})

    widget = w.DemoWidget(replace(lemonade(), view=covered))
    assert widget.view["tables"]["cups"]["income"] == [None, None]
    assert set(widget.view["tables"]) == {"cups"}
    assert move(widget, guess="18")["tables"]["cups"]["income"] == [8, 10]
    assert move(widget, guess=None)["tables"]["cups"]["income"] == [None, None]


def test_the_commit_opens_the_result_with_feedback_on_the_learners_own_answer(widget):
    view = move(widget, guess="9")
    assert view["verdict"] == {"right": False, "text": "Nine cups were sold, at 2 each."}
    assert move(widget, guess="18")["verdict"]["right"] is True
    assert set(view["tables"]) == {"cups", "total"}


def test_a_link_opens_the_result_without_judging_anyone(widget):
    view = move(widget, guess="", price=3.0)
    assert view["verdict"] is None
    assert set(view["tables"]) == {"cups", "total"}
    assert "27.0" in view["sentence"]


def test_chart_number_and_sentence_move_together(widget):
    view = move(widget, price=3.0)
    assert sum(view["tables"]["cups"]["income"]) == 27
    assert view["numbers"] == [{"label": "Income", "text": "27.0"}]
    assert "27.0" in view["sentence"]
    assert "27.0" in view["explanation"]


def test_every_answer_carries_the_number_of_its_question(widget):
    assert move(widget)["number"] == widget.request["number"] == 1
    assert move(widget)["number"] == 2


def test_the_challenge_stays_solved_until_the_first_state_returns(widget):
    assert move(widget)["success"] is None
    assert move(widget, sunny=True, price=5.0)["success"] == "Sun and price together."
    assert move(widget, price=1.0)["success"] == "Sun and price together."
    assert move(widget, **lemonade().first_state())["success"] is None


def test_a_challenge_cannot_be_solved_before_the_commit(widget):
    move(widget, guess=None, sunny=True, price=5.0)
    assert move(widget, sunny=True, price=1.0)["success"] is None


def test_a_message_meant_for_the_learner_is_shown_and_the_demo_goes_on(widget):
    view = move(widget, price=9.5)
    assert view["error"].startswith("Nobody pays more than 9.")
    assert set(view) == {"number", "error"}
    assert "error" not in move(widget, price=2.0)


def test_any_other_failure_tells_nothing_of_its_cause(widget, caplog):
    view = move(widget, price=8.0)
    assert view["error"].startswith("This setting could not be calculated.")
    assert "secret" not in view["error"]
    assert "a secret" in caplog.text
    assert "error" not in move(widget, price=2.0)


@pytest.mark.parametrize(
    "request_",
    [
        {"number": 1, "values": {"price": "9; drop"}, "guess": "9"},
        {"number": 1, "values": {"nonsense": 1}, "guess": "9"},
        {"number": 1, "values": {"price": 1e308}, "guess": "9"},
        {"number": 1, "values": {"price": 2}, "guess": "neither"},
        {"number": 1, "values": {"price": 2}, "guess": ["9"]},
        {"number": 1, "values": ["price"], "guess": "9"},
        {"number": 1, "values": None, "guess": "9"},
        {},
    ],
)
def test_a_malformed_request_gets_an_error_and_the_demo_goes_on(widget, request_):
    widget.request = request_
    assert "error" in widget.view or set(widget.view) == {"number", "tables", "teaser"}
    assert "verdict" not in widget.view
    widget.request = {"number": 2, "values": lemonade().first_state(), "guess": "18"}
    assert widget.view["verdict"]["right"] is True


def test_a_demo_whose_first_view_fails_is_still_displayed():
    def broken(state):
        raise RuntimeError("boom")

    widget = w.DemoWidget(replace(lemonade(), view=broken))
    assert widget.view["error"].startswith("This setting could not be calculated.")


def test_a_declaration_holds_the_chart_without_data():
    declared = json.dumps(w.DemoWidget(lemonade()).demo)
    assert '"data": {"name": "cups"}' in declared
    assert "Mon" not in declared
    assert "<math" in declared


def test_a_preset_out_of_range_is_found_when_the_demo_is_made():
    demo = replace(lemonade(), presets=(w.Preset("Too dear", {"price": 11}),))
    with pytest.raises(ValueError, match="Price of a cup"):
        w.DemoWidget(demo)


def test_a_prediction_needs_feedback_on_every_option():
    with pytest.raises(ValueError, match="feedback"):
        w.Prediction(question="?", options={"a": "A", "b": "B"}, correct="a", feedback={"a": "x"})
    with pytest.raises(ValueError, match="correct"):
        w.Prediction(question="?", options={"a": "A"}, correct="c", feedback={"a": "x"})


def test_the_view_function_is_called_once_a_request():
    calls = []

    def counted(state):
        calls.append(state)
        return income(state)

    widget = w.DemoWidget(replace(lemonade(), view=counted))
    move(widget, price=3.0)
    assert len(calls) == 2


def test_a_panel_without_tables_in_a_state_is_put_away():
    def without_total(state):
        view = income(state)
        return replace(view, tables={"cups": view.tables["cups"]})

    demo = lemonade()
    widget = w.DemoWidget(replace(demo, view=without_total))
    assert set(move(widget)["tables"]) == {"cups"}
    assert move(widget)["sentence"]


def test_the_prediction_may_be_about_another_state():
    prediction = replace(lemonade().prediction, values={"price": 5})
    declared = replace(lemonade(), prediction=prediction).declaration()
    assert declared["prediction"]["values"] == {"price": 5, "sunny": False, "town": "a"}
    assert lemonade().declaration()["prediction"]["values"] == lemonade().first_state()


def test_controls_at_hand_are_part_of_the_state_and_come_first():
    day = w.Slider(name="day", label="Day", low=1, high=7, default=1, step=1, button="Next day")
    demo = replace(lemonade(), at_hand=(day,))
    assert demo.first_state() == {"day": 1} | lemonade().first_state()
    assert next(demo.all_controls()).name == "day"
    assert [control["name"] for control in demo.declaration()["at_hand"]] == ["day"]
    assert lemonade().declaration()["at_hand"] == []
