"""A checkpoint question: choose an answer, read what that choice tells."""

from dataclasses import dataclass
from typing import Any

import anywidget
import traitlets

from servicequality.widgets.chart import CSS, script
from servicequality.widgets.words import words


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer, whether it is right, and what to say to someone who chose it."""

    text: str
    feedback: str
    correct: bool = False


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question with two or more options, exactly one of them correct."""

    code: str
    text: str
    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        right = sum(option.correct for option in self.options)
        if len(self.options) < 2 or right != 1:
            raise ValueError(
                f"question {self.code}: needs two or more options, exactly one of them correct; "
                f"it has {len(self.options)}, of which {right} correct"
            )

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return QuestionWidget(self)._repr_mimebundle_(**kwargs)


class QuestionWidget(anywidget.AnyWidget):
    """A question on a page. Feedback reaches the browser only for the option that was chosen."""

    _esm = script("dom.js", "question.js")
    _css = CSS
    words = traitlets.Dict().tag(sync=True)
    question = traitlets.Dict().tag(sync=True)
    chosen = traitlets.Int(None, allow_none=True).tag(sync=True, echo_update=False)
    feedback = traitlets.Dict().tag(sync=True)

    def __init__(self, question: Question) -> None:
        self._asked = question
        super().__init__(
            words=words(),
            question={
                "code": question.code,
                "text": question.text,
                "options": [option.text for option in question.options],
            },
        )
        self.observe(self._on_choice, names="chosen")

    def _on_choice(self, change: Any) -> None:
        index = change["new"]
        if index is not None and 0 <= index < len(self._asked.options):
            option = self._asked.options[index]
            self.feedback = {"chosen": index, "right": option.correct, "text": option.feedback}
