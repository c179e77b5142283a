import json

import pytest
from toys import question

from servicequality import widgets as w


def shelf():
    return w.Shelf(
        [
            w.Item(id="thing", html="<p>A thing</p>"),
            w.Item(id="toy", html="<p>A toy</p>", question=question()),
            w.Item(id="ball", html="<p>A ball</p>", question=question()),
        ]
    )


def test_an_answer_is_sent_for_the_chosen_option_only():
    widget = shelf()
    sent = json.dumps(widget.get_state(), default=str)
    assert "A toy" in sent
    assert "is a thing" not in sent
    assert "correct" not in json.dumps(widget.items)
    widget.chosen = {"toy": 1}
    assert widget.feedback == {
        "toy": {"chosen": 1, "right": True, "text": "Right, it is a thing."},
    }
    widget.chosen = {"toy": 1, "ball": 0}
    assert widget.feedback["toy"]["right"]
    assert widget.feedback["ball"] == {"chosen": 0, "right": False, "text": "A toy is a thing."}


@pytest.mark.parametrize(
    "chosen", [{"toy": -1}, {"toy": 2}, {"toy": None}, {"toy": "1"}, {"thing": 0}, {"none": 0}]
)
def test_a_choice_that_does_not_exist_is_ignored(chosen):
    widget = shelf()
    widget.chosen = chosen
    assert widget.feedback == {}


def test_an_id_stands_there_once():
    with pytest.raises(ValueError, match="the id 'a' stands there more than once"):
        w.Shelf([w.Item(id="a", html="1"), w.Item(id="b", html="2"), w.Item(id="a", html="3")])
