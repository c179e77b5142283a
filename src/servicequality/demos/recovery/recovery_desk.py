"""The recovery desk (D7.2): what to say and give after a failure, and what money cannot buy."""

from collections.abc import Iterable
from functools import lru_cache
from gettext import gettext as _
from gettext import ngettext
from typing import NamedTuple

import pandas as pd

from servicequality.charts.justice import card_rows, level_rows, score_rows
from servicequality.models import attribution
from servicequality.models import justice as model
from servicequality.widgets import (
    Challenge,
    Choice,
    Demo,
    Figure,
    Group,
    Number,
    Prediction,
    Preset,
    Slider,
    State,
    Toggle,
    View,
    fixed,
)

NO_FAILURE = 5.4
"""Satisfaction, and each kind of justice, of a guest who had no problem. A teaching assumption."""

GOAL, PURSE = 5.5, 10

PAYMENTS = {
    "none": _("Nothing"),
    "voucher": _("Voucher (5)"),
    "half refund": _("Half (20)"),
    "full refund": _("All (40)"),
}
CARDS = {
    "full refund": _("All the money back"),
    "half refund": _("Half the money back"),
    "voucher": _("A voucher"),
    "fast fix": _("A fast fix"),
    "choice of remedy": _("A choice of remedy"),
    "explanation": _("An explanation"),
    "apology": _("An apology"),
    "follow-up call": _("A call afterwards"),
    "rude tone": _("A rude tone"),
}
"""What a reader calls the actions of the model."""

SWITCHES = {
    "apology": "apology",
    "explanation": "explanation",
    "fix": "fast fix",
    "remedy": "choice of remedy",
    "call": "follow-up call",
    "rude": "rude tone",
}
"""Control of each action that is not a payment."""

KINDS = {
    "distributive": (_("outcome"), _("Outcome: what the guest gets")),
    "procedural": (_("process"), _("Process: how quick and easy")),
    "interactional": (_("treatment"), _("Treatment: how one is met")),
}
LOSSES = {"money": _("Money"), "time": _("Time"), "face": _("Face, before others")}


class Cause(NamedTuple):
    """Who did it in the guest's eyes: a label, and the answers that make the blame."""

    label: str
    locus: float
    stable: float
    controllable: float


CAUSES = {
    "always": Cause(_("Our fault, again and again"), 1, 1, 1),
    "slip": Cause(_("Our fault, a single slip"), 1, 0.2, 0),
    "chance": Cause(_("Nobody's fault, like the weather"), 0, 0.2, 0),
}
RUDE_REFUND = ("full refund", "rude tone")


def recovery_desk() -> Demo:
    """Answer a guest after a failure, and see what fairness and money do (D7.2).

    Returns
    -------
    Demo
        Models M7.4 and M7.5; the answers of the prediction are those of O7.5.
    """
    return Demo(
        code="D7.2",
        title=_("The recovery desk"),
        question=_("The room is not ready, the guest is tired. What do you say and give?"),
        evidence="T",
        assumption=_(
            "That outcome, process and treatment all count is established; that money helps more "
            "when it is given kindly is found in some studies. The points, weights and prices are "
            "chosen for this course. In this model every card adds its points whatever else is "
            "played, up to 7; in real life a second apology adds little, and a rude word "
            "spoils what follows."
        ),
        taste=(
            Choice(name="pay", label=_("Give back (credits)"), options=PAYMENTS, default="none"),
            Toggle(name="apology", label=_("Apologise")),
            Toggle(name="explanation", label=_("Explain what happened")),
            Toggle(name="fix", label=_("Fix it at once (4)")),
        ),
        controls=(
            Group(
                _("More cards"),
                (
                    Toggle(name="remedy", label=_("Let the guest choose the remedy")),
                    Toggle(name="call", label=_("Call the next day (1)")),
                    Toggle(name="rude", label=_("Be rude about it")),
                ),
            ),
            Group(
                _("What happened"),
                (
                    Choice(name="loss", label=_("The guest lost"), options=LOSSES, default="money"),
                    Choice(
                        name="cause",
                        label=_("Whose fault, in the guest's eyes"),
                        options={key: cause.label for key, cause in CAUSES.items()},
                        default="always",
                    ),
                    Slider(
                        name="severity",
                        label=_("Points it takes if all is our fault"),
                        low=0.4,
                        high=4,
                        default=2.4,
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("The paid room")),
            Preset(_("Money thrown on the counter"), {"pay": "full refund", "rude": True}),
            Preset(
                _("Two hours in a queue"),
                {"loss": "time", "pay": "full refund", "apology": True},
            ),
            Preset(
                _("Cash machine kept the money"),
                {"cause": "slip", "severity": 3.6, "pay": "full refund", "explanation": True},
            ),
            Preset(
                _("Flight cancelled by a storm"),
                {
                    "loss": "time",
                    "cause": "chance",
                    "severity": 4,
                    "explanation": True,
                    "remedy": True,
                },
            ),
            Preset(
                _("Scolded before others"),
                {"loss": "face", "cause": "slip", "severity": 3, "pay": "half refund"},
            ),
            Preset(
                _("A wrong bill"),
                {"cause": "slip", "severity": 1.5, "fix": True, "apology": True},
            ),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("How fair is it, in three ways?"),
                description=_(
                    "Three bars on a scale from 1 to 7: outcome, process and treatment. A line in "
                    "each marks where it stood after the failure. The lowest bar is orange."
                ),
                chart=level_rows,
                tables=("levels",),
                columns={"name": _("Kind of fairness"), "mark": _("Before"), "value": _("Now")},
                decimals=1,
                before_commit=True,
                glide=True,
            ),
            Figure(
                title=_("How satisfied is the guest in the end, for how many credits?"),
                description=_(
                    "Bars on a scale from 1 to 7 for your answer, a full refund given rudely, and "
                    "no answer at all. A line in each marks a guest who had no problem."
                ),
                chart=score_rows,
                tables=("scores",),
                columns={"name": _("Answer"), "value": _("Satisfaction"), "cost": _("Credits")},
                glide=True,
            ),
            Figure(
                title=_(
                    "What each card adds to this answer, for how many credits (orange: played)"
                ),
                description=_(
                    "One bar for each card from a line at zero: how much satisfaction it adds to "
                    "the rest of the answer, with its price. A rude tone goes to the left."
                ),
                chart=card_rows,
                tables=("cards",),
                columns={"name": _("Card"), "words": _("Adds, at a price")},
                glide=True,
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} S = 0.4 + 0.4 D + 0.2 P + 0.3 I + 0.05 (D - 4)(I - 4) \\ \\ "
            r"\text{drop} = \text{severity} \times (0.4 + 0.6 \, \text{blame}) \end{matrix}"
        ),
        formula_note=_(
            "<i>S</i> satisfaction, <i>D</i> outcome, <i>P</i> process, <i>I</i> treatment, all "
            "from 1 to 7 (the three kinds after Tax, Brown and Chandrashekaran, 1998). The last "
            "part of <i>S</i>: money and manners strengthen each other. Blame: was it us (half), "
            "will it happen again, could we have prevented it (a quarter each; after Folkes, 1984)."
        ),
        challenge=Challenge(
            goal=_(
                "Lift the guest of <b>the paid room</b> to at least <b>5.5</b>, for at most "
                "<b>10 credits</b>."
            ),
            solved=_solved,
            hint=_("What costs nothing? Then look which of the three bars is the lowest."),
            success=_(
                "A voucher instead of a refund, and everything that shows care: a quarter of the "
                "money, and above a guest who had no problem."
            ),
        ),
    )


def _prediction() -> Prediction:
    rude = model.recover(RUDE_REFUND)
    kind = model.recover(("voucher", "apology", "explanation"))
    result = _(
        "Full refund in a rude tone: {rude} for {much} credits. Voucher with kind words: {kind} "
        "for {little}."
    ).format(
        rude=fixed(rude.satisfaction),
        much=fixed(rude.cost, 0),
        kind=fixed(kind.satisfaction),
        little=fixed(kind.cost, 0),
    )
    return Prediction(
        question=_(
            "The guest paid for an early room. Which answer leaves her more satisfied: all the "
            "money back, thrown on the counter, or a small voucher with an apology and an "
            "explanation?"
        ),
        options={
            "refund": _("All the money back, rudely"),
            "voucher": _("The small voucher, kindly"),
            "alike": _("Both about equally"),
            "neither": _("Neither helps"),
        },
        correct="voucher" if kind.satisfaction > rude.satisfaction + 0.2 else "refund",
        feedback={
            "refund": _("It makes up for the money, and for nothing else. {result}").format(
                result=result
            ),
            "voucher": result,
            "alike": _("Manners weigh more than they cost. {result}").format(result=result),
            "neither": _("Both do better than nothing, not equally. {result}").format(
                result=result
            ),
        },
        values={"pay": "voucher", "apology": True, "explanation": True},
    )


def _drop(state: State) -> float:
    """Return how many points the failure takes."""
    _label, *answers = CAUSES[state["cause"]]
    return float(attribution.satisfaction_drop(state["severity"], attribution.blame(*answers)))


def _played(state: State) -> list[str]:
    played = [action for control, action in SWITCHES.items() if state[control]]
    return played if state["pay"] == "none" else [state["pay"], *played]


def _recover(state: State, actions: Iterable[str]) -> model.Recovery:
    start = max(model.LOWEST, round(NO_FAILURE - _drop(state), 9))
    return _cached_recovery(frozenset(actions), state["loss"], start)


# One view asks for the same few answers several times.
_cached_recovery = lru_cache(256)(model.recover)


def _solved(state: State) -> bool:
    if (state["loss"], state["cause"], state["severity"]) != ("money", "always", 2.4):
        return False
    answer = _recover(state, _played(state))
    return answer.satisfaction >= GOAL - 1e-9 and answer.cost <= PURSE


def _gains(state: State) -> dict[str, float]:
    """Return what each card adds to the rest of the answer; a payment replaces another one."""
    gains = {}
    for card in CARDS:
        same = PAYMENTS if card in PAYMENTS else {card}
        rest = [action for action in _played(state) if action not in same]
        gains[card] = (
            _recover(state, [*rest, card]).satisfaction - _recover(state, rest).satisfaction
        )
    return gains


def _view(state: State) -> View:
    played = _played(state)
    answer, nothing = _recover(state, played), _recover(state, [])
    gains = _gains(state)
    weakest = (
        _("all alike")
        if len(answer.weakest) == len(KINDS)
        else _(" and ").join(KINDS[kind][0] for kind in answer.weakest)
    )
    return View(
        tables={
            "levels": _levels(answer, nothing),
            "scores": _scores(answer, _recover(state, RUDE_REFUND), nothing),
            "cards": pd.DataFrame(
                {
                    "name": list(CARDS.values()),
                    "value": list(gains.values()),
                    "words": [_adds(card, gain) for card, gain in gains.items()],
                    "chosen": [card in played for card in CARDS],
                }
            ),
        },
        numbers=(
            Number(label=_("satisfaction (1 to 7)"), text=fixed(answer.satisfaction)),
            Number(label=_("cost (credits)"), text=fixed(answer.cost, 0)),
            Number(label=_("weakest"), text=weakest),
            Number(label=_("without a failure"), text=fixed(NO_FAILURE)),
        ),
        sentence=_sentence(state, answer, nothing, weakest),
        explanation=_explanation(state, answer, gains),
        teaser=_(
            "The guest paid 40 credits for a room at noon. It is two o'clock, the room is not "
            "ready, and she is tired. The failure has pulled outcome, process and treatment down "
            "to {start}. Play some cards and watch which bar moves."
        ).format(start=fixed(nothing.distributive, 1)),
    )


def _adds(card: str, gain: float) -> str:
    return _("{gain} for {cost}").format(
        gain=fixed(gain, 2, sign=True), cost=fixed(model.ACTIONS[card].cost, 0)
    )


def _levels(answer: model.Recovery, nothing: model.Recovery) -> pd.DataFrame:
    values = [getattr(answer, kind) for kind in KINDS]
    starts = [getattr(nothing, kind) for kind in KINDS]
    return pd.DataFrame(
        {
            "name": [name for _short, name in KINDS.values()],
            "value": values,
            "mark": starts,
            "words": [fixed(value, 1) for value in values],
            "chosen": [
                kind in answer.weakest and len(answer.weakest) < len(KINDS) for kind in KINDS
            ],
        }
    )


def _scores(answer: model.Recovery, rude: model.Recovery, nothing: model.Recovery) -> pd.DataFrame:
    answers = {
        _("Your answer"): answer,
        _("All the money back, rudely"): rude,
        _("No answer at all"): nothing,
    }
    return pd.DataFrame(
        {
            "name": list(answers),
            "value": [each.satisfaction for each in answers.values()],
            "mark": NO_FAILURE,
            "cost": [each.cost for each in answers.values()],
            "words": [
                _("{score} for {cost}").format(
                    score=fixed(each.satisfaction), cost=fixed(each.cost, 0)
                )
                for each in answers.values()
            ],
            "chosen": [each is answer for each in answers.values()],
        }
    )


def _sentence(state: State, answer: model.Recovery, nothing: model.Recovery, weakest: str) -> str:
    return _(
        "<b>The guest ends at {score} of 7, for {cost}.</b> Outcome {outcome}, process "
        "{process}, treatment {treatment}; weakest: {weakest}. No answer leaves {nothing}, a guest "
        "without a failure stands at {without}. What was lost: {loss}."
    ).format(
        score=fixed(answer.satisfaction),
        cost=ngettext("{number} credit", "{number} credits", round(answer.cost)).format(
            number=fixed(answer.cost, 0)
        ),
        outcome=fixed(answer.distributive, 1),
        process=fixed(answer.procedural, 1),
        treatment=fixed(answer.interactional, 1),
        weakest=weakest,
        nothing=fixed(nothing.satisfaction),
        without=fixed(NO_FAILURE),
        loss=LOSSES[state["loss"]].lower(),
    )


def _explanation(state: State, answer: model.Recovery, gains: dict[str, float]) -> str:
    told = [
        _(
            "The guest blames us {blame}, so the failure takes {drop} points. All the money back "
            "adds {refund} to this answer for 40 credits, an apology {apology} for nothing."
        ).format(
            blame={"always": _("fully"), "slip": _("in part"), "chance": _("hardly")}[
                state["cause"]
            ],
            drop=fixed(_drop(state), 2),
            refund=fixed(gains["full refund"]),
            apology=fixed(gains["apology"]),
        )
    ]
    if state["loss"] != "money":
        told.append(
            _(
                "Money makes up for only {part} of its worth here: it was not money that was lost."
            ).format(part={"time": _("half"), "face": _("a quarter")}[state["loss"]])
        )
    else:
        told.append(_("Given kindly, money does more; thrown on the counter, less."))
    if answer.satisfaction > NO_FAILURE:
        told.append(
            _("That is above a guest without a failure. It is rare, and no reason to fail.")
        )
    return " ".join(told)
