"""The iceberg (D7.1): how many problems hide behind a few letters, and which lever saves most."""

from functools import cache
from gettext import gettext as _
from gettext import ngettext
from typing import NamedTuple

import numpy as np
import pandas as pd

from servicequality import data
from servicequality.charts.complaints import (
    floating_iceberg,
    funnel_rows,
    lever_rows,
    outcome_rows,
    recommendation_rows,
)
from servicequality.models import complaints as model
from servicequality.models.satisfaction_metrics import nps
from servicequality.widgets import (
    Challenge,
    Demo,
    Figure,
    Group,
    Number,
    Prediction,
    Preset,
    Slider,
    State,
    View,
    fixed,
)

CUSTOMERS, VALUE, HEARD = 10_000, 300, 4
PROBLEMS, COMPLAIN, FAST, SLOW = 12, 40, 50, 20
LOSS, FEWEST_PROBLEMS, STEPS = 45_000, 6, 14
MORE = 0.2
"""What the levers of complaining and of solving add: 20 of 100."""

GROUPS = {
    "silent": _("Told nobody"),
    "fast": _("Complained, solved fast"),
    "slow": _("Complained, solved slowly"),
    "unresolved": _("Complained, not solved"),
}
LEVERS = {
    "half": _("Half as many problems"),
    "voice": _("20 more of 100 complain"),
    "solve": _("20 more of 100 solved fast"),
    "both": _("The last two together"),
}


class Levers(NamedTuple):
    """Loss in credits as it is, and what each of `LEVERS` saves of it, in credits."""

    loss: float
    saved: dict[str, float]


def iceberg() -> Demo:
    """See what lies under a few complaints, and which lever saves most (D7.1).

    Returns
    -------
    Demo
        Model M7.1; the first state is O7.1, the airport R7.1.
    """
    return Demo(
        code="D7.1",
        title=_("The iceberg"),
        question=_("48 letters reached head office. How many guests had a problem?"),
        evidence="T",
        assumption=_(
            "That most problems never reach head office is established; no single percentage is. "
            "In this model the rates are chosen for this course. Of 100 customers 90 come back "
            "without a problem, 82 if it was solved fast, 65 slowly, 55 if they told nobody, and "
            "35 if they complained in vain. In some old surveys the silent came back least: then "
            "inviting complaints is worth more. All hotels, banks and shops here are invented; "
            "the airport is real, and tells who is less content, not why."
        ),
        taste=(
            Slider(
                name="guess",
                label=_("A guess: guests with a problem"),
                low=50,
                high=3000,
                step=50,
                default=100,
                kept=True,
            ),
        ),
        controls=(
            Slider(
                name="problems",
                label=_("Of 100 customers, have a problem"),
                low=1,
                high=30,
                step=1,
                default=PROBLEMS,
            ),
            Slider(
                name="complain",
                label=_("Of 100 with a problem, tell someone"),
                low=2,
                high=90,
                step=1,
                default=COMPLAIN,
            ),
            Slider(
                name="fast",
                label=_("Of 100 complaints, solved fast"),
                low=0,
                high=80,
                step=5,
                default=FAST,
            ),
            Group(
                _("Head office, slow answers, customers"),
                (
                    Slider(
                        name="heard",
                        label=_("Of 100 problems, reach head office"),
                        low=1,
                        high=10,
                        step=1,
                        default=HEARD,
                    ),
                    Slider(
                        name="slow",
                        label=_("Of 100 complaints, solved slowly"),
                        low=0,
                        high=60,
                        step=5,
                        default=SLOW,
                    ),
                    Slider(
                        name="customers",
                        label=_("Customers in a year"),
                        low=1000,
                        high=50_000,
                        step=1000,
                        default=CUSTOMERS,
                    ),
                    Slider(
                        name="value",
                        label=_("Value of a customer"),
                        low=10,
                        high=2000,
                        step=10,
                        default=VALUE,
                        unit=_("credits"),
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("A hotel, 48 letters")),
            Preset(_("Folklore: 4 % speak up"), {"complain": 4}),
            Preset(_("Survey of 1979: 69 % speak up"), {"complain": 69}),
            Preset(_("Asked, not answered"), {"complain": 60, "fast": 15, "slow": 10}),
            Preset(
                _("Bank"),
                {
                    "problems": 8,
                    "complain": 50,
                    "fast": 40,
                    "slow": 40,
                    "heard": 10,
                    "customers": 50_000,
                    "value": 900,
                },
            ),
            Preset(
                _("Airline"),
                {"problems": 20, "complain": 30, "fast": 20, "slow": 30, "customers": 40_000},
            ),
            Preset(
                _("Packaged food"),
                {
                    "problems": 3,
                    "complain": 20,
                    "fast": 70,
                    "slow": 10,
                    "customers": 50_000,
                    "value": 60,
                },
            ),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("What head office sees, and what lies below the water"),
                description=_(
                    "An iceberg whose areas stand for customers with a problem. The tip above the "
                    "water is what head office hears of; below come those who told the staff only, "
                    "and at the bottom those who told nobody. A dashed line marks the guess."
                ),
                chart=floating_iceberg,
                tables=("layers", "guess"),
                columns={"words": _("Part"), "customers": _("Customers")},
                decimals=0,
                before_commit=True,
            ),
            Figure(
                title=_("What each lever saves of the loss, in credits"),
                description=_(
                    "Four bars from a line at zero: the share of the present loss that is saved by "
                    "half as many problems, by more complaints, by more fast solutions, and by the "
                    "last two together. A bar to the left is a loss."
                ),
                chart=lever_rows,
                tables=("levers",),
                columns={"name": _("Lever"), "words": _("Saved")},
                glide=True,
            ),
            Figure(
                title=_("Customers with a problem, and in orange those it drives away"),
                description=_(
                    "Four bars: customers who told nobody, and whose complaint was solved fast, "
                    "slowly, or not at all. The orange part of each is lost because of the problem."
                ),
                chart=outcome_rows,
                tables=("groups",),
                columns={"name": _("What became of it"), "words": _("Customers")},
                glide=True,
            ),
            Figure(
                title=_("From a problem to a letter"),
                description=_(
                    "Bars that shrink from row to row: customers with a problem, those who told "
                    "someone, those whose complaint was solved fast, and those of whom head office "
                    "hears."
                ),
                chart=funnel_rows,
                tables=("funnel",),
                columns={"name": _("Step"), "words": _("Customers")},
                glide=True,
            ),
            Figure(
                title=_("Real: net promoter score of San Francisco airport"),
                description=_(
                    "Two bars of the net promoter score in the surveys of 2017 and 2018: "
                    "passengers without a problem, and passengers with one."
                ),
                chart=recommendation_rows,
                tables=("airport",),
                columns={"name": _("Passengers"), "value": _("Net promoter score")},
                decimals=1,
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} \text{problems} = \text{letters} \, / \, \text{share that reaches "
            r"head office} \\ \\ \text{lost} = \sum_{g} n_g \, (r_0 - r_g) \end{matrix}"
        ),
        formula_note=_(
            "<i>n<sub>g</sub></i> customers of a group (silent, fast, slow, unsolved), "
            "<i>r<sub>g</sub></i> the share of it that comes back, <i>r</i><sub>0</sub> the share "
            "that comes back without a problem. The idea and the survey: TARP (1979), in which 69 "
            "of 100 households with a problem told someone about the worst one."
        ),
        challenge=Challenge(
            goal=_(
                "Begin with the hotel, and bring its yearly loss below <b>45,000 credits</b> in "
                "<b>14 steps</b> or fewer. A step is 1 problem fewer for 100 guests, or 5 more of "
                "100 who tell someone, or 5 more of 100 complaints solved fast. Fewer than "
                "<b>6</b> problems are not possible; slow answers, guests and their value stay."
            ),
            solved=_solved,
            hint=_(
                "Take all the steps that prevent problems. Then divide the rest: one lever alone "
                "will not do."
            ),
            success=_(
                "Prevention takes the largest part. Asking for complaints and solving them take "
                "the rest, and they need each other."
            ),
        ),
    )


def _prediction() -> Prediction:
    loss, saved = _levers(
        {
            "problems": PROBLEMS,
            "complain": COMPLAIN,
            "fast": FAST,
            "slow": SLOW,
            "customers": CUSTOMERS,
            "value": VALUE,
        }
    )
    result = _(
        "Of {loss} credits, half as many problems save {half}, more complaints {voice}, more fast "
        "solutions {solve}, and both of these together {both}."
    ).format(loss=_many(loss), **{lever: _many(credits) for lever, credits in saved.items()})
    options = {
        "half": _("Half as many problems"),
        "voice": _("20 more of 100 unhappy guests complain"),
        "solve": _("20 more of 100 complaints are solved fast"),
        "both": _("The last two together"),
    }
    return Prediction(
        question=_(
            "Problems drive guests away. The hotel can afford one of four plans. Which keeps most "
            "of the money that it loses?"
        ),
        options=options,
        correct=max(saved, key=lambda lever: saved[lever]),
        feedback={
            "half": result,
            "voice": _("To be heard is not yet to be helped. {result}").format(result=result),
            "solve": _("That helps only those who complain. {result}").format(result=result),
            "both": _("They strengthen each other, but the damage is done. {result}").format(
                result=result
            ),
        },
    )


def _many(number: float) -> str:
    return f"{number:,.0f}".replace("-", "−")


def _follow(state: State, **changed: object) -> model.Iceberg:
    """Return what problems cost in a state; the keywords replace arguments of the model."""
    arguments = {
        "customers": state["customers"],
        "failure_rate": state["problems"] / 100,
        "complaint_rate": state["complain"] / 100,
        "fast": state["fast"] / 100,
        "slow": state["slow"] / 100,
        "value": state["value"],
    }
    return model.iceberg(**{**arguments, **changed})


def _levers(state: State) -> Levers:
    fast, slow = state["fast"] / 100, state["slow"] / 100
    more_voice = min(state["complain"] / 100 + MORE, 1)
    more_fast = min(fast + MORE, 1)
    # Complaints that were not solved come first, then those that took long.
    solved = {"fast": more_fast, "slow": min(slow, 1 - more_fast)}
    loss = float(_follow(state).lost_value)
    changes: dict[str, dict[str, float]] = {
        "half": {"failure_rate": state["problems"] / 200},
        "voice": {"complaint_rate": more_voice},
        "solve": solved,
        "both": {"complaint_rate": more_voice, **solved},
    }
    return Levers(
        loss,
        {
            lever: loss - float(_follow(state, **change).lost_value)
            for lever, change in changes.items()
        },
    )


def _solved(state: State) -> bool:
    stays = (state["customers"], state["value"], state["slow"]) == (CUSTOMERS, VALUE, SLOW)
    if not stays or state["problems"] < FEWEST_PROBLEMS:
        return False
    steps = (
        max(PROBLEMS - state["problems"], 0)
        + max(state["complain"] - COMPLAIN, 0) / 5
        + max(state["fast"] - FAST, 0) / 5
    )
    return bool(steps <= STEPS + 1e-9 and _follow(state).lost_value < LOSS)


def _check(state: State) -> None:
    if state["fast"] + state["slow"] > 100:
        raise ValueError(
            _("{fast} of 100 complaints solved fast and {slow} slowly are more than 100.").format(
                fast=_many(state["fast"]), slow=_many(state["slow"])
            )
        )
    if state["heard"] > state["complain"]:
        raise ValueError(
            _(
                "Of 100 problems {heard} cannot reach head office if customers tell anyone of "
                "{complain} only."
            ).format(heard=_many(state["heard"]), complain=_many(state["complain"]))
        )


def _view(state: State) -> View:
    _check(state)
    found = _follow(state)
    problems, complaints = float(found.problems), float(found.complaints)
    letters = problems * state["heard"] / 100
    lost, value = float(found.lost_customers), float(found.lost_value)
    levers = _levers(state)
    # Whoever sees the letters does not guess fewer.
    fits = state["guess"] >= letters
    return View(
        inactive=frozenset() if fits else frozenset({"guess"}),
        tables={
            "layers": _layers(state, problems, complaints, letters),
            "guess": _guess(state["guess"] / problems if fits else np.nan, state["guess"]),
            "levers": pd.DataFrame(
                {
                    "name": list(LEVERS.values()),
                    "value": [credits / levers.loss for credits in levers.saved.values()],
                    "words": [_many(credits) for credits in levers.saved.values()],
                    "chosen": [
                        credits == max(levers.saved.values()) for credits in levers.saved.values()
                    ],
                }
            ),
            "groups": pd.DataFrame(
                {
                    "name": list(GROUPS.values()),
                    "share": [found.customers[group] / problems for group in GROUPS],
                    "lost": [found.lost[group] / problems for group in GROUPS],
                    "words": [
                        _("{lost} of {many} lost").format(
                            lost=_many(float(found.lost[group])),
                            many=_many(float(found.customers[group])),
                        )
                        for group in GROUPS
                    ],
                }
            ),
            "funnel": _funnel(
                problems,
                {
                    _("Had a problem"): problems,
                    _("Told someone"): complaints,
                    _("Solved fast"): float(found.customers["fast"]),
                    _("Head office hears of it"): letters,
                },
            ),
            "airport": _airport(),
        },
        covers={
            "layers": _unknown(letters, state["guess"]),
            "guess": _guess(np.nan, state["guess"]),
        },
        numbers=(
            Number(label=_("customers with a problem"), text=_many(problems)),
            Number(label=_("problems per letter"), text=_ratio(100 / state["heard"])),
            Number(label=_("customers lost"), text=_many(lost)),
            Number(label=_("credits lost"), text=_many(value)),
        ),
        sentence=_(
            "<b>Head office sees {letters}; {problems} customers had a problem, {behind} "
            "for each letter.</b> {complaints} told someone, {silent} told nobody. {lost} do not "
            "come back because of it: {value} credits a year. Counted at the counter, it is "
            "{counter} problems for each complaint: the percentage depends on where one counts."
        ).format(
            letters=ngettext("{number} letter", "{number} letters", round(letters)).format(
                number=_many(letters)
            ),
            problems=_many(problems),
            behind=_ratio(100 / state["heard"]),
            complaints=_many(complaints),
            silent=_many(float(found.customers["silent"])),
            lost=_many(lost),
            value=_many(value),
            counter=_ratio(100 / state["complain"]),
        ),
        explanation=_explanation(levers),
        teaser=_(
            "A hotel had 10,000 guests last year. {letters} of them wrote to head office about a "
            "problem; {heard} of 100 problems get that far. The more there are, the deeper the "
            "iceberg under the same letters. <b>Your guess?</b>"
        ).format(letters=_many(letters), heard=_many(state["heard"])),
    )


def _ratio(number: float) -> str:
    return fixed(number, 0 if np.isclose(number, round(number)) else 1)


def _layers(state: State, problems: float, complaints: float, letters: float) -> pd.DataFrame:
    customers = [letters, complaints - letters, problems - complaints]
    ends = [state["heard"] / 100, state["complain"] / 100, 1.0]
    texts = (
        _("head office sees {many}"),
        _("told the staff only: {many}"),
        _("told nobody: {many}"),
    )
    return pd.DataFrame(
        {
            "kind": ["seen", "told", "silent"],
            "words": [
                text.format(many=_many(many)) for text, many in zip(texts, customers, strict=True)
            ],
            "customers": customers,
            "start": [0.0, *ends[:-1]],
            "end": ends,
        }
    )


def _unknown(letters: float, guess: float) -> pd.DataFrame:
    """Return the iceberg as it would be if the guess were right."""
    seen = min(letters / guess, 1.0)
    below = max(guess - letters, 0.0)
    return pd.DataFrame(
        {
            "kind": ["seen", "unknown"],
            "words": [
                _("head office sees {many}").format(many=_many(letters)),
                _("a guess: {many} more").format(many=_many(below)),
            ],
            "customers": [letters, below],
            "start": [0.0, seen],
            "end": [seen, 1.0],
        }
    )


def _guess(share: float, guess: float) -> pd.DataFrame:
    text = _("the guess: {guess}") if not share > 1 else _("the guess: {guess}, too many")
    return pd.DataFrame({"share": [share], "words": [text.format(guess=_many(guess))]})


def _funnel(whole: float, steps: dict[str, float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": list(steps),
            "value": [many / whole for many in steps.values()],
            "words": [_many(many) for many in steps.values()],
            "chosen": [many == list(steps.values())[-1] for many in steps.values()],
        }
    )


@cache
def _airport() -> pd.DataFrame:
    survey = data.load("sfo-airport-survey")
    groups = {"no": _("Without a problem"), "yes": _("With a problem")}
    scores = {
        name: survey.loc[survey["had_problem"] == answer, "nps_0_10"].dropna()
        for answer, name in groups.items()
    }
    return pd.DataFrame(
        {
            "name": list(scores),
            "value": [nps(score).value for score in scores.values()],
            "words": [
                _("{nps} ({n} asked)").format(nps=fixed(nps(score).value, 1), n=_many(len(score)))
                for score in scores.values()
            ],
            "chosen": [False, True],
        }
    )


def _explanation(levers: Levers) -> str:
    saved = levers.saved
    apart = saved["voice"] + saved["solve"]
    facts = {lever: _many(credits) for lever, credits in saved.items()} | {"apart": _many(apart)}
    if saved["voice"] < 0:
        told = _(
            "So few complaints are solved well that 20 more in 100 make it worse: they cost {cost} "
            "credits, because those who complain in vain come back least. Half as many problems "
            "save {half}."
        )
        return told.format(cost=_many(-saved["voice"]), **facts)
    told = _(
        "A problem that does not happen costs nothing: half as many save {half} credits. "
        "Complaints only help once they are solved: 20 more in 100 save {voice}, solving 20 more "
        "in 100 fast saves {solve}, and both {both}, against {apart} one by one. What each lever "
        "costs is not in this model."
    )
    return told.format(**facts)
