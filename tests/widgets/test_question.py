import json

import pytest
from toys import question

from servicequality import widgets as w


def test_feedback_is_sent_for_the_chosen_option_only():
    widget = w.QuestionWidget(question())
    assert "it is a thing" not in json.dumps(widget.get_state(), default=str)
    widget.chosen = 0
    assert widget.feedback == {"chosen": 0, "right": False, "text": "A toy is a thing."}
    widget.chosen = 1
    assert widget.feedback == {"chosen": 1, "right": True, "text": "Right, it is a thing."}


@pytest.mark.parametrize("chosen", [-1, 2, 99])
def test_a_choice_that_does_not_exist_is_ignored(chosen):
    widget = w.QuestionWidget(question())
    widget.chosen = chosen
    assert widget.feedback == {}


@pytest.mark.parametrize("right", [(False, False), (True, True)])
def test_exactly_one_option_is_correct(right):
    options = tuple(w.Option(text="x", feedback="y", correct=correct) for correct in right)
    with pytest.raises(ValueError, match=r"question Q0.2: .* exactly one"):
        w.Question(code="Q0.2", text="?", options=options)
