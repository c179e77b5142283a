"""The demo frame: hook, predict, observe, explain, challenge, text alternative.

A demo declares what is particular to it; the frame supplies everything that all demos share: the
commit gate, reset, presets, linked updates, the solved state, errors in plain words, labels,
descriptions, keyboard order and the layout for wide and narrow screens.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from gettext import gettext as _
from typing import Any

import anywidget
import traitlets
from latex2mathml.converter import convert as latex_to_mathml

from servicequality.widgets.animation import Animation
from servicequality.widgets.chart import CSS, Figure, NumberTable, Tables, columns, script
from servicequality.widgets.controls import Control, Group, Slider, State, Value
from servicequality.widgets.words import words

log = logging.getLogger(__name__)

Panel = Figure | NumberTable | Animation

EVIDENCE = {
    "E": (_("Established"), _("Replicated, or true by definition or algebra.")),
    "M": (_("Mixed"), _("There is evidence both ways, or it depends strongly on context.")),
    "F": (_("Folklore"), _("Widely repeated; the source is untraceable or misquoted.")),
    "T": (_("Teaching assumption"), _("A form chosen for this course, not a finding.")),
}


@dataclass(frozen=True)
class Preset:
    """A named case: a label and the values that differ from the first state."""

    label: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """A question about one state, answered before that state shows.

    Parameters
    ----------
    question : str
        The question.
    options : mapping of str to str
        Key and text of each answer.
    correct : str
        Key of the answer that the result bears out.
    feedback : mapping of str to str
        For each key, what to say to a learner who chose it.
    values : mapping of str to float, str or bool
        Differences from the first state of the state that the question is about: the one that
        shows on the commit. None if the question is about the first state.
    """

    question: str
    options: Mapping[str, str]
    correct: str
    feedback: Mapping[str, str]
    values: Mapping[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.correct not in self.options or set(self.feedback) != set(self.options):
            raise ValueError(
                f"prediction {self.question!r}: `correct` must be one of the options "
                f"{list(self.options)}, and `feedback` must cover each of them"
            )


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """A goal that a learner reaches by moving the controls; `solved` judges a state."""

    goal: str
    solved: Callable[[State], bool]
    hint: str
    success: str


@dataclass(frozen=True, kw_only=True)
class Number:
    """A headline number, already written as a reader should see it."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class View:
    """What a state looks like.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The data of the panels. A panel without any of its tables is put away in this state.
    numbers : tuple of Number
        Headline numbers, at most four.
    sentence : str
        The message of the present state in words, with its key numbers.
    explanation : str
        Why it is so, in about two sentences that use the present numbers.
    teaser : str
        The first picture in words, without giving the result away.
    inactive : frozenset of str
        Names of controls that have no effect in this state.
    covers : mapping of str to DataFrame
        Tables to show in place of those of the same name until a prediction is committed: the
        commit then reveals the result in a picture that is already there.
    """

    tables: Tables
    numbers: tuple[Number, ...]
    sentence: str
    explanation: str
    teaser: str
    inactive: frozenset[str] = frozenset()
    covers: Tables = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Demo:
    """A demo: a pure function from a state to a view, and the words around it.

    Parameters
    ----------
    code, title : str
        Code in the curriculum ("D2.1") and name.
    question : str
        The hook: one plain question.
    evidence : {"E", "M", "F", "T"}
        Standing of what the demo shows.
    assumption : str
        What is simplified; for "T" it says "in this model".
    taste : tuple of Control
        Controls that work before the commit; they stay first afterwards.
    controls : tuple of Control or Group
        The other controls.
    at_hand : tuple of Control
        Controls right under the first panel, which show together with the result.
    presets : tuple of Preset
        At least three named cases.
    prediction : Prediction
        What the learner commits to.
    panels : tuple of Figure, NumberTable or Animation
        The views; the first one must show before the commit.
    view : callable
        Function from a state to its View; raises ValueError with a message for the learner.
    formula : str
        LaTeX of the formula.
    formula_note : str
        The formula's symbols in words, and its source.
    challenge : Challenge
        The goal.
    """

    code: str
    title: str
    question: str
    evidence: str
    assumption: str
    taste: tuple[Control, ...]
    controls: tuple[Control | Group, ...]
    presets: tuple[Preset, ...]
    prediction: Prediction
    panels: tuple[Panel, ...]
    view: Callable[[State], View]
    formula: str
    formula_note: str
    challenge: Challenge
    at_hand: tuple[Control, ...] = ()

    def all_controls(self) -> Iterator[Control]:
        """Yield every control, those in groups too, in reading order."""
        for item in (*self.at_hand, *self.taste, *self.controls):
            if isinstance(item, Group):
                yield from item.controls
            else:
                yield item

    def first_state(self) -> dict[str, Value]:
        """Return the state that a reader meets first."""
        return {control.name: control.default for control in self.all_controls()}

    def check(self, values: Mapping[str, Any]) -> dict[str, Value]:
        """Return a complete, valid state, or raise ValueError that names the control at fault."""
        controls = {control.name: control for control in self.all_controls()}
        unknown = set(values) - set(controls)
        if unknown:
            raise ValueError(_("Unknown controls: {names}.").format(names=sorted(unknown)))
        return {
            name: control.check(values.get(name, control.default))
            for name, control in controls.items()
        }

    def declaration(self) -> dict[str, Any]:
        """Return everything about the demo that does not change while it is used."""
        label, meaning = EVIDENCE[self.evidence]
        return {
            "code": self.code,
            "title": self.title,
            "question": self.question,
            "evidence": {"letter": self.evidence, "label": label, "meaning": meaning},
            "assumption": self.assumption,
            "at_hand": [control.declaration() for control in self.at_hand],
            "taste": [control.declaration() for control in self.taste],
            "controls": [
                {
                    "kind": "group",
                    "title": item.title,
                    "unfolded": item.unfolded,
                    "controls": [control.declaration() for control in item.controls],
                }
                if isinstance(item, Group)
                else item.declaration()
                for item in self.controls
            ],
            "presets": [
                {"label": preset.label, "values": self.check(preset.values)}
                for preset in self.presets
            ],
            "prediction": {
                "question": self.prediction.question,
                "options": [
                    {"value": key, "label": text} for key, text in self.prediction.options.items()
                ],
                "values": self.check(self.prediction.values),
            },
            "panels": [panel.declaration() for panel in self.panels],
            "formula": latex_to_mathml(self.formula, display="block"),
            "formula_note": self.formula_note,
            "challenge": {"goal": self.challenge.goal, "hint": self.challenge.hint},
            "first": self.first_state(),
            "kept": [
                control.name
                for control in self.all_controls()
                if isinstance(control, Slider) and control.kept
            ],
        }

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return DemoWidget(self)._repr_mimebundle_(**kwargs)


class DemoWidget(anywidget.AnyWidget):
    """A demo on a page. The browser sends states and a guess; this side sends back views.

    The result of a state is not sent to the browser before a prediction is committed, or asked
    for by a link to it: then the guess is empty.
    """

    _esm = script("dom.js", "chart.js", "animation.js", "link.js", "demo.js")
    _css = CSS
    words = traitlets.Dict().tag(sync=True)
    demo = traitlets.Dict().tag(sync=True)
    request = traitlets.Dict().tag(sync=True, echo_update=False)
    view = traitlets.Dict().tag(sync=True)

    def __init__(self, demo: Demo) -> None:
        self._declared = demo
        self._solved = False
        first = {"number": 0, "values": demo.first_state(), "guess": None}
        super().__init__(
            demo=demo.declaration(), words=words(), request=first, view=self._answer(first)
        )
        self.observe(self._on_request, names="request")

    def _on_request(self, change: Any) -> None:
        self.view = self._answer(change["new"])

    def _answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = {"number": request.get("number")}
        try:
            return answer | self._look(request.get("values", {}), request.get("guess"))
        except ValueError as error:
            message = str(error)
        except Exception:
            log.exception("demo %s failed on %s", self._declared.code, request)
            message = _("This setting could not be calculated.")
        return answer | {
            "error": _("{message} Move a control or press Reset to go on.").format(message=message)
        }

    def _look(self, values: Mapping[str, Any], guess: str | None) -> dict[str, Any]:
        demo = self._declared
        state = demo.check(values)
        view = demo.view(state)
        if guess is None:
            self._solved = False
            early = [panel for panel in demo.panels if panel.before_commit]
            covered = {**view.tables, **view.covers}
            return {"tables": _sendable(covered, early), "teaser": view.teaser}
        if guess and guess not in demo.prediction.options:
            raise ValueError(_("Choose one of the answers first."))
        if state == demo.first_state():
            self._solved = False
        self._solved = self._solved or demo.challenge.solved(state)
        return {
            "tables": _sendable(view.tables, demo.panels),
            "numbers": [{"label": number.label, "text": number.text} for number in view.numbers],
            "sentence": view.sentence,
            "explanation": view.explanation,
            "inactive": sorted(view.inactive),
            "verdict": {
                "right": guess == demo.prediction.correct,
                "text": demo.prediction.feedback[guess],
            }
            if guess
            else None,
            "success": demo.challenge.success if self._solved else None,
        }


def _sendable(tables: Tables, panels: Iterable[Panel]) -> dict[str, dict[str, list[Any]]]:
    shown = [panel for panel in panels if not set(panel.tables).isdisjoint(tables)]
    return {name: columns(tables[name]) for panel in shown for name in panel.tables}
