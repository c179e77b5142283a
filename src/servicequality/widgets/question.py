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

    def outline(self) -> dict[str, Any]:
        """Return what the browser may know before a choice: nothing of what is right."""
        options = [option.text for option in self.options]
        return {"code": self.code, "text": self.text, "options": options}

    def verdict(self, chosen: Any) -> dict[str, Any]:
        """Return what to say to someone who chose an option; nothing if there is none such."""
        if not isinstance(chosen, int) or not 0 <= chosen < len(self.options):
            return {}
        option = self.options[chosen]
        return {"chosen": chosen, "right": option.correct, "text": option.feedback}

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return QuestionWidget(self)._repr_mimebundle_(**kwargs)


class QuestionWidget(anywidget.AnyWidget):
    """A question on a page. Feedback reaches the browser only for the option that was chosen."""

    _esm = script("dom.js", "ask.js", "question.js")
    _css = CSS
    words = traitlets.Dict().tag(sync=True)
    question = traitlets.Dict().tag(sync=True)
    chosen = traitlets.Int(None, allow_none=True).tag(sync=True, echo_update=False)
    feedback = traitlets.Dict().tag(sync=True)

    def __init__(self, question: Question) -> None:
        self._asked = question
        super().__init__(words=words(), question=question.outline())
        self.observe(self._on_choice, names="chosen")

    def _on_choice(self, change: Any) -> None:
        verdict = self._asked.verdict(change["new"])
        if verdict:
            self.feedback = verdict
