"""Ask, guess or read complaints (D5.5): which way of finding out comes closest to the truth."""

from functools import partial
from gettext import gettext as _

import numpy as np
import pandas as pd

from servicequality.charts.average_trap import expected_and_received
from servicequality.charts.expectation_research import error_bars, error_by_answers
from servicequality.charts.intervals import interval_rows
from servicequality.models import average_trap
from servicequality.models import expectation_research as model
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
    View,
    fixed,
    percent,
)

TRUTH = 6.0
"""Mean expectation of all customers, and mean of what they get; both vary by 1 point."""

CUSTOMERS = 120
PURSE, CLOSE = 1000, 0.15
METHODS = {
    "interview": _("interviews"),
    "survey": _("questionnaires"),
    "complaints": _("complaints"),
    "manager": _("the manager's guess"),
}
ANSWERS = np.unique(np.geomspace(1, 5000, 18).round().astype(int))


def ask_or_read() -> Demo:
    """Estimate what customers expect in four ways, and see how far off each is (D5.5).

    Returns
    -------
    Demo
        Model M5.6; the first state is O5.6.
    """
    return Demo(
        code="D5.5",
        title=_("Ask, guess or read complaints?"),
        question=_("2,000 complaints or twelve interviews: which knows customers better?"),
        evidence="T",
        assumption=_(
            "In this model expectations and perceptions follow bell curves, and whoever misses "
            "more than a threshold complains. How strongly that misleads is then algebra. The "
            "threshold, the manager's error and the prices are chosen for this course. Real "
            "complaints also tell causes, which no rating does."
        ),
        taste=(
            Slider(
                name="threshold",
                label=_("People complain if they miss more than"),
                low=0,
                high=3,
                default=1.5,
                unit=_("points"),
            ),
        ),
        controls=(
            Choice(name="believed", label=_("Believe"), options=METHODS, default="complaints"),
            Slider(
                name="interview",
                label=_("Interviews, drawn by lot"),
                low=2,
                high=60,
                step=1,
                default=12,
            ),
            Slider(name="survey", label=_("Questionnaires"), low=5, high=600, step=5, default=300),
            Group(
                _("Complaints, answers and the manager"),
                (
                    Slider(
                        name="complaints",
                        label=_("Complaints that one reads"),
                        low=50,
                        high=5000,
                        step=50,
                        default=2000,
                    ),
                    Slider(
                        name="tilt",
                        label=_("The demanding return more questionnaires"),
                        low=0,
                        high=0.5,
                        step=0.05,
                        default=0,
                    ),
                    Slider(
                        name="manager_bias",
                        label=_("The manager's usual error"),
                        low=-2,
                        high=2,
                        default=-0.5,
                        unit=_("points"),
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("Twelve interviews, 2,000 complaints")),
            Preset(_("Read them all: 5,000"), {"complaints": 5000}),
            Preset(_("Patient customers"), {"threshold": 2.5}),
            Preset(_("A complaint for any shortfall"), {"threshold": 0}),
            Preset(_("The demanding answer more"), {"tilt": 0.3, "believed": "survey"}),
            Preset(_("A manager who knows"), {"manager_bias": 0, "believed": "manager"}),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("Who complains? Those who expected much and got little"),
                description=_(
                    "One dot for each customer, expected from left to right and received from "
                    "bottom to top. Triangles at the lower right complain, circles say nothing. "
                    "Two diamonds mark the averages of everyone and of those who complain."
                ),
                chart=partial(
                    expected_and_received, others=_("● says nothing"), sad=_("▼ complains")
                ),
                tables=("people", "diagonal", "average"),
                columns={"expected": _("Expected"), "received": _("Received")},
                before_commit=True,
            ),
            Figure(
                title=_("Four estimates of what customers expect on average"),
                description=_(
                    "One row for each method on a scale of points: its estimate as a mark, and a "
                    "bar in which 19 of 20 such studies end. A dashed line marks the truth. A grey "
                    "circle has the truth in its bar; a square lies below it, a diamond above."
                ),
                chart=partial(
                    interval_rows,
                    title=_("estimated mean expectation (points)"),
                    line_name=_("truth"),
                    ends=(3.4, 8.6),
                ),
                tables=("rows",),
                columns={
                    "name": _("Method"),
                    "value": _("Estimate"),
                    "lower": _("From"),
                    "upper": _("To"),
                },
            ),
            Figure(
                title=_("More answers shrink chance, not bias"),
                description=_(
                    "Two falling curves against the number of answers, on a scale of ratios. The "
                    "one of questionnaires falls towards its bias, which is zero if all answer "
                    "alike; the one of complaints soon runs level, far above."
                ),
                chart=error_by_answers,
                tables=("lines", "here"),
                columns={"method": _("Method"), "answers": _("Answers"), "error": _("Off by")},
            ),
            Figure(
                title=_("What an error costs"),
                description=_(
                    "One bar for each method: how far off it typically is. The words beside give "
                    "its price; the method that you believe stands out."
                ),
                chart=error_bars,
                tables=("errors",),
                columns={"name": _("Method"), "value": _("Off by"), "cost": _("Credits")},
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} \text{complains if } E - P > t \\ \\"
            r"\bar E_{\text{complaints}} = \mu_E + \frac{\sigma_E^2}{s} \, h(z), \quad "
            r"z = \frac{t - (\mu_E - \mu_P)}{s} \\ \\"
            r"\text{off by} = \sqrt{\text{bias}^2 + \sigma^2 / n} \end{matrix}"
        ),
        formula_note=_(
            "<i>E</i> expected, <i>P</i> perceived, <i>t</i> threshold, <i>s</i> the standard "
            "deviation of <i>E</i> − <i>P</i> (here √2), <i>h</i> height of the bell curve divided "
            "by the share beyond it. Selection: Heckman (1979)."
        ),
        challenge=Challenge(
            goal=_(
                "With a purse of <b>1,000 credits</b>, believe a method that is typically off by "
                "<b>0.15 points or less</b>. Leave the customers and the manager as they are."
            ),
            solved=_solved,
            hint=_("Drawn by lot, an error shrinks with the root of the number. What is cheap?"),
            success=_(
                "Some fifty answers, drawn by lot, beat any pile of complaints, at a fraction of "
                "the price. Keep the complaints for what they are good at: causes."
            ),
        ),
    )


def _at(methods: pd.DataFrame, method: str, what: str) -> float:
    return float(methods[what].to_dict()[method])


def _compare(state: State) -> pd.DataFrame:
    return model.compare_methods(
        {method: int(state[method]) for method in ("interview", "survey", "complaints")},
        threshold=state["threshold"],
        manager_bias=state["manager_bias"],
        tilt=state["tilt"],
    )


def _prediction() -> Prediction:
    methods = model.compare_methods()
    result = _(
        "Twelve interviews are typically off by {interview} points, two thousand complaints by "
        "{complaints}, and always in the same direction."
    ).format(
        interview=fixed(_at(methods, "interview", "rmse")),
        complaints=fixed(_at(methods, "complaints", "rmse")),
    )
    return Prediction(
        question=_(
            "You want to know what all customers expect on average. Which comes closer: 2,000 "
            "complaints, or twelve interviews with customers drawn by lot?"
        ),
        options={
            "complaints": _("The complaints: so many voices"),
            "interview": _("The twelve interviews"),
            "alike": _("Both about equally close"),
            "neither": _("Nobody can tell without more interviews"),
        },
        correct="interview",
        feedback={
            "complaints": _("Many voices, but all from one corner. {result}").format(result=result),
            "interview": result,
            "alike": _("Their number does not make up for who they are. {result}").format(
                result=result
            ),
            "neither": _("Twelve are few, and their error is known. {result}").format(
                result=result
            ),
        },
    )


def _solved(state: State) -> bool:
    methods, believed = _compare(state), state["believed"]
    close = _at(methods, believed, "rmse") <= CLOSE
    cheap = _at(methods, believed, "cost") <= PURSE
    as_it_is = (state["threshold"], state["tilt"], state["manager_bias"]) == (1.5, 0, -0.5)
    return as_it_is and close and cheap


def _names(methods: pd.DataFrame) -> list[str]:
    *some, manager = METHODS.values()
    numbered = [f"{n:,} {name}" for n, name in zip(methods["n"], some, strict=False)]
    return [*numbered, manager]


def _view(state: State) -> View:
    methods = _compare(state)
    loud = model.complainers(state["threshold"], TRUTH, TRUTH)
    tables = _tables(state, methods, loud)
    interview = fixed(_at(methods, "interview", "rmse"))
    complaints = fixed(_at(methods, "complaints", "rmse"))
    believed = fixed(_at(methods, state["believed"], "rmse"))
    return View(
        tables=tables,
        numbers=(
            Number(label=_("points off: interviews"), text=interview),
            Number(label=_("points off: complaints"), text=complaints),
            Number(label=_("complain"), text=percent(float(loud.share))),
            Number(label=_("points off: what you believe"), text=believed),
        ),
        sentence=_(
            "<b>Complaints put the average expectation at {loud}; it is {truth}. {n} interviews "
            "are typically off by {interview}, complaints by {complaints}.</b> {share} complain. "
            "They expected {loud} and got {got}, on average. You believe {believed}: off by "
            "{rmse}, for {cost} credits."
        ).format(
            loud=fixed(float(loud.mean_e)),
            truth=fixed(TRUTH),
            n=int(state["interview"]),
            interview=interview,
            complaints=complaints,
            share=percent(float(loud.share)),
            got=fixed(float(loud.mean_p)),
            believed=METHODS[state["believed"]],
            rmse=believed,
            cost=f"{_at(methods, state['believed'], 'cost'):,.0f}",
        ),
        explanation=_explanation(state, methods),
        teaser=_(
            "Customers of a clinic (invented) expect {truth} points on average, and get as much. "
            "But nobody knows that. The triangles missed more than {threshold} points, and "
            "complain. You may read what they write, talk to people drawn by lot, send a "
            "questionnaire, or ask the manager. <b>Who tells you most about all of them?</b>"
        ).format(truth=fixed(TRUTH, 0), threshold=fixed(state["threshold"], 1)),
        covers={"average": tables["average"].iloc[:1]},
    )


def _explanation(state: State, methods: pd.DataFrame) -> str:
    words = _(
        "High expectations and bad days make people complain, so complaints overstate what is "
        "expected by {bias} points, however many one reads; chance adds only {chance}."
    ).format(
        bias=fixed(_at(methods, "complaints", "bias")),
        chance=fixed(_at(methods, "complaints", "sd")),
    )
    if state["tilt"]:
        return words + _(
            " The demanding also return more questionnaires, which lifts the survey by {tilt}: {n} "
            "answers cannot mend that."
        ).format(tilt=fixed(_at(methods, "survey", "bias")), n=int(state["survey"]))
    return words + _(
        " Drawn by lot, people err in both directions: {n} questionnaires are off by {error}."
    ).format(n=int(state["survey"]), error=fixed(_at(methods, "survey", "rmse")))


def _tables(
    state: State, methods: pd.DataFrame, loud: model.Complainers
) -> dict[str, pd.DataFrame]:
    names = _names(methods)
    people = average_trap.population(TRUTH, TRUTH, 1, 1, n=CUSTOMERS)
    missed = people["expectation"] - people["performance"]
    margin = model.margin_of_error(methods["sd"], 1)
    per_answer = {
        n: model.compare_methods(
            {"survey": n, "complaints": n}, threshold=state["threshold"], tilt=state["tilt"]
        )["rmse"]
        for n in ANSWERS.tolist()
    }
    lines = pd.DataFrame(per_answer).T[["complaints", "survey"]].rename_axis("answers")
    return {
        "rows": pd.DataFrame(
            {
                "name": names,
                "value": methods["estimate"],
                "lower": methods["estimate"] - margin,
                "upper": methods["estimate"] + margin,
                "line": TRUTH,
                "words": [fixed(value) for value in methods["estimate"]],
            }
        ).round(3),
        "people": pd.DataFrame(
            {
                "expected": people["expectation"].round(1),
                "received": people["performance"].round(1),
                "sad": (missed > state["threshold"]).astype(int),
            }
        ),
        "diagonal": pd.DataFrame({"level": [2, 10]}),
        "average": pd.DataFrame(
            {
                "expected": [TRUTH, float(loud.mean_e)],
                "received": [TRUTH, float(loud.mean_p)],
                "words": [_("everyone"), _("those who complain")],
            }
        ).round(2),
        "lines": lines.reset_index()
        .melt("answers", var_name="method", value_name="error")
        .round(3),
        "here": pd.DataFrame(
            {
                "method": ["complaints", "survey"],
                "answers": [state["complaints"], state["survey"]],
                "error": methods["rmse"][["complaints", "survey"]].round(3),
                "words": names[2:0:-1],
            }
        ),
        "errors": pd.DataFrame(
            {
                "name": names,
                "value": methods["rmse"].round(3),
                "cost": methods["cost"],
                "words": [
                    _("off by {error}, {cost} credits").format(
                        error=fixed(error), cost=f"{cost:,.0f}"
                    )
                    for error, cost in zip(methods["rmse"], methods["cost"], strict=True)
                ],
                "chosen": methods.index == state["believed"],
            }
        ),
    }
