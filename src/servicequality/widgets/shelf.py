"""A shelf: things to find by their words or by a link, each with or without a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import anywidget
import traitlets

from servicequality.widgets.chart import CSS, script
from servicequality.widgets.question import Question
from servicequality.widgets.words import words


@dataclass(frozen=True, kw_only=True)
class Item:
    """A thing on a shelf: `id` is the end of a link to it, `html` what stands there at once."""

    id: str
    html: str
    question: Question | None = None


class Shelf(anywidget.AnyWidget):
    """Items with a search over what they tell; answers come only to those who have chosen.

    The search runs in the browser, over the words on the page but those of the options. So it
    cannot find, nor give away, an answer that the kernel still keeps.

    Parameters
    ----------
    items : sequence of Item
        What stands on the shelf, in this order; every `id` is its own.

    Raises
    ------
    ValueError
        If two items have the same id.
    """

    _esm = script("dom.js", "ask.js", "shelf.js")
    _css = CSS
    words = traitlets.Dict().tag(sync=True)
    items = traitlets.List(traitlets.Dict()).tag(sync=True)
    chosen = traitlets.Dict().tag(sync=True, echo_update=False)
    feedback = traitlets.Dict().tag(sync=True)

    def __init__(self, items: Sequence[Item]) -> None:
        ids = [item.id for item in items]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"shelf: the id {twice[0]!r} stands there more than once")
        self._asked = {item.id: item.question for item in items if item.question}
        super().__init__(
            words=words(),
            items=[
                {
                    "id": item.id,
                    "html": item.html,
                    "question": item.question and item.question.outline(),
                }
                for item in items
            ],
        )
        self.observe(self._on_choice, names="chosen")

    def _on_choice(self, change: Any) -> None:
        verdicts = {
            name: self._asked[name].verdict(chosen)
            for name, chosen in change["new"].items()
            if name in self._asked
        }
        self.feedback = {name: verdict for name, verdict in verdicts.items() if verdict}
