"""The blueprint lab (D3.2): how many visits are flawless, and which step to make fail-safe."""

import math
from functools import partial
from gettext import gettext as _

import pandas as pd

from servicequality.charts.blueprint import (
    LANES,
    flawless_by_step,
    service_blueprint,
    three_rankings,
)
from servicequality.demos.gap_management.processes import PROCESSES
from servicequality.models.blueprint import Blueprint, blueprint, fail_safe, simulate
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
    percent,
)

STEPS = {"none": _("None")} | {str(n): _("Step {n}").format(n=n) for n in range(1, 8)}
REWORK = {
    "none": _("Nothing: go on"),
    "local": _("Repeat the step"),
    "restart": _("Restart the visit"),
}
RANKINGS = {
    "rpn": _("Risk priority\nnumber"),
    "loss": _("Loss per\nvisit"),
    "gain": _("Flawless share\ngained (pp)"),
}
REWORKED = {
    "local": _(
        "Each failed step is repeated until it is right: {minutes} minutes per visit instead of "
        "{without}. "
    ),
    "restart": _(
        "After each failure the visit starts again from step 1: {minutes} minutes per visit "
        "instead of {without}. "
    ),
}
FACTORS = ("minutes", "failure", "cost")
DRAWN = 1000
TARGET = 1.60


def blueprint_lab() -> Demo:
    """Lay out a service as a blueprint, and put fail-safes where they pay (D3.2).

    Returns
    -------
    Demo
        Model M3.3; the first state is O3.3.
    """
    hotel = blueprint(PROCESSES["hotel"].steps)
    failure = PROCESSES["hotel"].steps["failure"]
    result = _("The seven chances multiply, 0.98 × 0.95 × 0.99 × …, to {share}.").format(
        share=percent(hotel.rty)
    )
    return Demo(
        code="D3.2",
        title=_("The blueprint lab"),
        question=_(
            "Seven steps, each at least 95 % right. How many guests have a perfect arrival?"
        ),
        evidence="E",
        assumption=_(
            "The formulas are exact if steps fail independently of each other. That a fail-safe "
            "divides the chance of a failure by four is an assumption of this course, and the four "
            "services are invented."
        ),
        taste=(
            Choice(name="first", label=_("Put a fail-safe at"), options=STEPS, default="none"),
            Choice(name="second", label=_("and another at"), options=STEPS, default="none"),
        ),
        controls=(
            Choice(
                name="process",
                label=_("Service"),
                options={key: process.name for key, process in PROCESSES.items()},
                default="hotel",
            ),
            Choice(name="rework", label=_("After a failure"), options=REWORK, default="none"),
            Group(
                _("Change one step"),
                (
                    Choice(name="step", label=_("Which step"), options=STEPS, default="none"),
                    _factor("failure", _("Its failures")),
                    _factor("cost", _("Its cost per failure")),
                    _factor("minutes", _("Its minutes")),
                ),
            ),
            Group(
                _("Try it on 1,000 visits"),
                (
                    Toggle(name="simulated", label=_("Send 1,000 customers through by chance")),
                    Slider(
                        name="seed", label=_("Another 1,000"), low=1, high=50, step=1, default=1
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("Hotel check-in")),
            Preset(_("Hotel, restart after a slip"), {"rework": "restart"}),
            Preset(_("Hotel, 1,000 guests"), {"simulated": True}),
            Preset(_("Clinic visit"), {"process": "clinic"}),
            Preset(_("Noodle order"), {"process": "noodles"}),
            Preset(_("Cash machine"), {"process": "cash"}),
        ),
        prediction=Prediction(
            question=_("How many of the hotel's guests go through all seven steps without a slip?"),
            options={
                "mean": _("About 97 %, like the average step"),
                "worst": _("95 %, like the weakest step"),
                "product": _("About 83 %"),
                "all_worst": _("About 70 %"),
            },
            correct="product",
            feedback={
                "mean": _(
                    "A step is right {mean} of the time on average, but a perfect arrival needs "
                    "all seven. {result}"
                ).format(mean=percent(1 - failure.mean()), result=result),
                "worst": _(
                    "Guests who pass the weakest step can still meet a slip at the other six. "
                    "{result}"
                ).format(result=result),
                "product": result,
                "all_worst": _(
                    "It would be {bound} if every step were as weak as the weakest. {result}"
                ).format(bound=percent((1 - failure.max()) ** len(failure)), result=result),
            },
        ),
        panels=(
            Figure(
                title=_("The blueprint: follow the visit downwards"),
                description=_(
                    "A service blueprint. Seven steps run downwards; for each there are boxes for "
                    "physical evidence, customer actions, onstage staff, backstage staff and "
                    "support processes. Three lines part them: of interaction, of visibility and "
                    "of internal interaction. Circles marked F are fail points, larger where more "
                    "money is lost; squares marked W are where customers wait."
                ),
                chart=service_blueprint,
                tables=("cells", "steps"),
                columns={
                    "name": _("Step"),
                    "words": _("Time and failures"),
                    "doing": _("Evidence | customer | onstage | backstage | support"),
                    "loss": _("Loss per visit"),
                },
                numbers_from="steps",
                before_commit=True,
            ),
            Figure(
                title=_("Who is still without a slip after each step?"),
                description=_(
                    "One bar per step: the blue part are customers for whom nothing has gone wrong "
                    "so far, the orange part the others. Diamonds show simulated customers."
                ),
                chart=flawless_by_step,
                tables=("survival",),
                columns={
                    "name": _("After step"),
                    "flawless": _("Flawless so far"),
                    "simulated": _("Of 1,000 simulated"),
                },
                decimals=3,
            ),
            Figure(
                title=_("Which step first? Three rankings"),
                description=_(
                    "One row per step and three columns of bars: risk priority number, expected "
                    "loss, and what a fail-safe there would add to the share of flawless visits. "
                    "The largest of each column stands out."
                ),
                chart=partial(three_rankings, measures=RANKINGS),
                tables=("rankings",),
                columns={
                    "name": _("Step"),
                    "rpn_words": _("Risk priority number"),
                    "loss_words": _("Loss per visit"),
                    "gain_words": _("Flawless share gained (pp)"),
                },
            ),
        ),
        view=_view,
        formula=(
            r"\mathrm{RTY} = \prod_{i} (1 - p_i), \qquad \text{loss} = \sum_{i} p_i L_i, \qquad "
            r"\mathrm{RPN}_i = S_i \, O_i \, D_i"
        ),
        formula_note=_(
            "RTY, the rolled throughput yield, is the share of flawless visits; <i>p</i> the "
            "chance that step <i>i</i> fails, <i>L</i> what a failure costs. The risk priority "
            "number multiplies ratings from 1 to 10 for severity, occurrence and detection; "
            "products of ratings are no measurement, and the AIAG & VDA handbook (2019) dropped "
            "them. Blueprints: Shostack (1984); fail-safes: Chase and Stewart (1994)."
        ),
        challenge=Challenge(
            goal=_(
                "Choose <b>two fail-safes</b> for the hotel as it is, so that failures cost "
                "<b>less than 1.60 credits</b> per guest."
            ),
            solved=_solved,
            hint=_("Which ranking speaks of money? Look at its first two places."),
            success=_(
                "Room readiness and luggage: the loss falls to 1.56. No other pair does it, "
                "although the ratings put room assignment second."
            ),
        ),
    )


def _factor(name: str, label: str) -> Slider:
    return Slider(name=name, label=label, low=0, high=5, step=0.1, default=1, unit="×")


def _name(state: State, control: str) -> str:
    """Return the name of the step that a control points at; empty if it points at none."""
    if state[control] == "none":
        return ""
    return str(PROCESSES[state["process"]].steps.index[int(state[control]) - 1])


def _safe(state: State) -> list[str]:
    chosen = (_name(state, control) for control in ("first", "second"))
    return [name for name in dict.fromkeys(chosen) if name]


def _unsafe_steps(state: State) -> pd.DataFrame:
    """Return the steps as the reader has changed them, before any fail-safe."""
    steps = PROCESSES[state["process"]].steps
    at = steps.index == _name(state, "step")
    changed = {name: steps[name].mask(at, steps[name] * state[name]) for name in FACTORS}
    return steps.assign(**changed).assign(failure=changed["failure"].clip(upper=1))


def _steps(state: State) -> pd.DataFrame:
    return fail_safe(_unsafe_steps(state), _safe(state))


def _solved(state: State) -> bool:
    as_it_is = state["process"] == "hotel" and state["step"] == "none"
    return bool(as_it_is and blueprint(_steps(state)).loss < TARGET)


def _view(state: State) -> View:
    process, steps = PROCESSES[state["process"]], _steps(state)
    found = blueprint(steps)
    drawn = None
    if state["simulated"]:
        drawn = simulate(steps, DRAWN, state["rework"], seed=int(state["seed"]))
    numbers = [
        Number(label=_("flawless visits"), text=percent(found.rty)),
        Number(label=_("credits lost per visit"), text=fixed(found.loss)),
        Number(label=_("minutes per visit"), text=fixed(_minutes(state, found), 1)),
    ]
    if drawn is not None:
        lucky = str(int(drawn["flawless"].sum()))
        numbers.append(Number(label=_("flawless of 1,000 drawn"), text=lucky))
    idle = set() if state["step"] != "none" else set(FACTORS)
    idle |= set() if state["simulated"] else {"seed"}
    return View(
        tables=_tables(state, steps, found, drawn),
        numbers=tuple(numbers),
        sentence=_sentence(state, found, drawn),
        explanation=_explanation(state, steps, found),
        teaser=_(
            "{service} as a service blueprint (invented numbers). Follow the {customers} "
            "downwards; what lies to the right of the line of visibility they never see. At an "
            "<b>F</b> it can fail, at a <b>W</b> they wait. A fail-safe shrinks its circle."
        ).format(service=process.name, customers=process.customers),
        inactive=frozenset(idle),
    )


def _minutes(state: State, found: Blueprint) -> float:
    return {
        "none": found.minutes,
        "local": found.minutes_local,
        "restart": found.minutes_restart,
    }[state["rework"]]


def _tables(
    state: State, steps: pd.DataFrame, found: Blueprint, drawn: pd.DataFrame | None
) -> dict[str, pd.DataFrame]:
    process, safe = PROCESSES[state["process"]], _safe(state)
    boxes = process.boxes.set_axis(range(1, len(steps) + 1))
    cells = boxes.rename_axis("step").reset_index().melt("step", var_name="lane", value_name="text")
    given = process.steps["failure"] * process.steps["cost"]
    blue = pd.DataFrame(
        {
            "step": boxes.index,
            "name": [
                _("{step} · fail-safe").format(step=name) if name in safe else name
                for name in steps.index
            ],
            "words": [
                _("{minutes} min · fails {share}").format(
                    minutes=fixed(minutes, 1).removesuffix(".0"), share=percent(failure)
                )
                for minutes, failure in zip(steps["minutes"], steps["failure"], strict=True)
            ],
            "lane": steps["lane"].tolist(),
            "wait": steps["wait"].tolist(),
            "doing": [" | ".join(row).replace("\n", " ") for row in boxes[list(LANES)].to_numpy()],
            "loss": found.steps["loss"].round(4).tolist(),
            # Measured against the process as given, so that a fail-safe shrinks its circle.
            "scale": float(given.max()),
        }
    )
    return {
        "cells": cells[cells["text"] != ""],
        "steps": blue,
        "survival": pd.DataFrame(
            {
                "name": steps.index,
                "flawless": found.steps["flawless"].round(5).tolist(),
                "simulated": _survivors(steps, drawn),
            }
        ),
        "rankings": _rankings(found),
    }


def _survivors(steps: pd.DataFrame, drawn: pd.DataFrame | None) -> list[float]:
    """Return the share of simulated customers without a slip after each step."""
    if drawn is None:
        return [math.nan] * len(steps)
    slips = drawn["failed_at"].value_counts().reindex(steps.index, fill_value=0)
    return [float(share) for share in 1 - slips.cumsum() / len(drawn)]


def _rankings(found: Blueprint) -> pd.DataFrame:
    """Return each step's part of the largest, its place and the value in words, by measure."""
    columns: dict[str, object] = {"name": found.steps.index}
    measures = {
        "rpn": ("rpn", "rpn_rank", lambda value: fixed(value, 0)),
        "loss": ("loss", "loss_rank", fixed),
        "gain": ("yield_gain", "yield_rank", lambda value: fixed(100 * value, sign=True)),
    }
    for measure, (column, rank, write) in measures.items():
        values = found.steps[column]
        columns[measure] = (values / (values.max() or 1)).round(4).tolist()
        columns[f"{measure}_rank"] = found.steps[rank].tolist()
        columns[f"{measure}_words"] = [write(value) for value in values]
    return pd.DataFrame(columns)


def _sentence(state: State, found: Blueprint, drawn: pd.DataFrame | None) -> str:
    process = PROCESSES[state["process"]]
    order = found.steps.sort_values("loss", ascending=False, kind="stable")
    losses = zip(order.index, order["loss"], order["share"], strict=True)
    text = _(
        "<b>{service}: {share} of {customers} go through all seven steps without a slip, and "
        "failures cost {loss} credits per visit.</b> From the largest loss: {steps}. "
    ).format(
        service=process.name,
        share=percent(found.rty),
        customers=process.customers,
        loss=fixed(found.loss),
        steps=", ".join(
            f"{name} {fixed(loss)} ({percent(share, 0)})" for name, loss, share in losses
        ),
    )
    if state["rework"] != "none":
        text += REWORKED[state["rework"]].format(
            minutes=fixed(_minutes(state, found), 1), without=fixed(found.minutes, 1)
        )
    if drawn is not None:
        text += _(
            "Of 1,000 simulated {customers} {lucky} met no slip; they took {minutes} minutes on "
            "average."
        ).format(
            customers=process.customers,
            lucky=int(drawn["flawless"].sum()),
            minutes=fixed(float(drawn["minutes"].mean()), 1),
        )
    return text


def _explanation(state: State, steps: pd.DataFrame, found: Blueprint) -> str:
    text = _(
        "A flawless visit needs every step, so the chances multiply: the weakest step, {weakest}, "
        "is right {worst} of the time, the average one {mean}, but all seven only {share}."
    ).format(
        weakest=_quote(steps["failure"]),
        worst=percent(1 - steps["failure"].max()),
        mean=percent(1 - steps["failure"].mean()),
        share=percent(found.rty),
    )
    safe = _safe(state)
    if not safe:
        return f"{text} {_first_places(found)}"
    before = blueprint(_unsafe_steps(state))
    return f"{text} " + _(
        "Fail-safe: {ideas}. In this model that saves {saved} of {loss} credits per visit and "
        "lifts the flawless share from {share} to {after}."
    ).format(
        ideas="; ".join(steps.loc[safe, "fail_safe"]),
        saved=fixed(before.loss - found.loss),
        loss=fixed(before.loss),
        share=percent(before.rty),
        after=percent(found.rty),
    )


def _first_places(found: Blueprint) -> str:
    by_rating, by_loss, by_gain = (
        _quote(found.steps[column]) for column in ("rpn", "loss", "yield_gain")
    )
    if by_rating == by_loss == by_gain:
        return _("All three rankings put {step} first.").format(step=by_loss)
    if by_rating == by_loss:
        text = _(
            "Which step to mend first depends on the question: {loss} leads by ratings and by "
            "money, but a fail-safe at {gain} would lift the flawless share most, by "
            "{points} percentage points."
        )
    else:
        text = _(
            "Which step to mend first depends on the question: {rating} leads by ratings, {loss} "
            "by money, and a fail-safe at {gain} would lift the flawless share most, by "
            "{points} percentage points."
        )
    return text.format(
        rating=by_rating,
        loss=by_loss,
        gain=by_gain,
        points=fixed(100 * float(found.steps["yield_gain"].max())),
    )


def _quote(values: pd.Series) -> str:
    return f"“{values.idxmax()}”"
