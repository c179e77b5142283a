"""Inside the lines (D1.4): conformance, loss, and how much conformance to buy."""

from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd

from servicequality.charts.capability import (
    cost_of_conformance,
    inside_limits,
    loss_by_delay,
    loss_parts,
)
from servicequality.models import capability as model
from servicequality.models import cost_of_quality
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
from servicequality.widgets.controls import Value

TARGET = 0.0
GOAL = 5.0
POINTS = {"early": 9, "inside": 25, "late": 9}
CONFORMANCE = 1 - np.array([1, 0.8, 0.6, 0.4, 0.3, 0.2, 0.15, 0.1, 0.07, 0.05, 0.03, 0.02, 0.01])


class Pair(NamedTuple):
    """Two services: A, which stays as it is, and B, as its sliders stand at first."""

    a: str
    b: str
    one: str
    many: str
    a_mean: float
    a_sd: float
    settings: dict[str, Value]


PAIRS = {
    "clinics": Pair(
        _("Clinic A"),
        _("Clinic B"),
        _("visit"),
        _("visits"),
        0,
        5,
        {"mean": 6, "sd": 2, "limit": 10, "k": 0.2},
    ),
    "pizza": Pair(
        _("Pizza A"),
        _("Pizza B"),
        _("delivery"),
        _("deliveries"),
        0,
        6.5,
        {"mean": -6, "sd": 4, "limit": 15, "k": 0.05},
    ),
    "trains": Pair(
        _("Line A"),
        _("Line B"),
        _("train"),
        _("trains"),
        0,
        2.5,
        {"mean": 3, "sd": 1, "limit": 5, "k": 1},
    ),
}
LABELS = {"clinics": _("Clinics"), "pizza": _("Pizza"), "trains": _("Trains")}
COST = {"a": 1.0, "b": 25.0}


def inside_the_lines() -> Demo:
    """Compare two services that keep the same limits, and see what the limits hide (D1.4).

    Returns
    -------
    Demo
        Models M1.4 and M1.5; the first state is O1.4a with O1.5.
    """
    first = PAIRS["clinics"].settings
    return Demo(
        code="D1.4",
        title=_("Inside the lines"),
        question=_(
            "Two clinics start over 95\u00a0% of their visits within ten minutes. Same quality?"
        ),
        evidence="E",
        assumption=_(
            "The formulas are established. In this model starting times are normal, each minute "
            "early costs as much as a minute late, and prevention gets dear without end near "
            "100 %. All services and prices are invented."
        ),
        taste=(
            Slider(
                name="mean",
                label=_("B: average delay (minus is early)"),
                low=-10,
                high=10,
                step=0.1,
                default=6,
                unit=_("min"),
            ),
        ),
        controls=(
            Slider(
                name="sd",
                label=_("B: spread (standard deviation)"),
                low=0.5,
                high=8,
                step=0.1,
                default=2,
                unit=_("min"),
            ),
            Choice(
                name="rule",
                label=_("What counts as a loss"),
                options={"quadratic": _("Every distance, squared"), "posts": _("Goal posts only")},
                default="quadratic",
            ),
            Choice(
                name="service",
                label=_("Services"),
                options=LABELS,
                default="clinics",
                brings={key: pair.settings for key, pair in PAIRS.items()},
            ),
            Group(
                _("Limits and price"),
                (
                    Slider(
                        name="limit",
                        label=_("Limits, on both sides"),
                        low=5,
                        high=20,
                        step=1,
                        default=10,
                        unit=_("min"),
                    ),
                    Slider(
                        name="k",
                        label=_("Price of a squared minute"),
                        low=0.05,
                        high=1,
                        step=0.05,
                        default=0.2,
                        unit=_("credits"),
                    ),
                ),
            ),
            Group(
                _("How much conformance to buy"),
                (
                    Slider(
                        name="a",
                        label=_("Difficulty of prevention"),
                        low=0.1,
                        high=5,
                        step=0.1,
                        default=COST["a"],
                        unit=_("credits"),
                    ),
                    Slider(
                        name="b",
                        label=_("Cost of a failure"),
                        low=1,
                        high=500,
                        step=1,
                        default=COST["b"],
                        unit=_("credits"),
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("Clinic B, always late")),
            Preset(_("Counted by goal posts"), {"rule": "posts"}),
            Preset(_("Pizza, too early"), {"service": "pizza", **PAIRS["pizza"].settings}),
            Preset(_("Trains"), {"service": "trains", **PAIRS["trains"].settings}),
            Preset(_("A checklist: cheap prevention"), {"a": 0.1}),
            Preset(_("Medication: dear failure"), {"b": 400}),
        ),
        prediction=_prediction(first),
        panels=(
            Figure(
                title=_("How early, how late?"),
                description=_(
                    "Two hills on one axis of minutes, service A above service B. Dashed lines "
                    "are the limits. What lies outside them is orange. Each hill has its share "
                    "inside the limits beside it."
                ),
                chart=inside_limits,
                tables=("curves", "services", "limits"),
                columns={
                    "service": _("Service"),
                    "mean": _("Average (min)"),
                    "sd": _("Spread (min)"),
                    "inside": _("Inside (%)"),
                },
                numbers_from="services",
                decimals=1,
                before_commit=True,
            ),
            Figure(
                title=_("What is lost each time, and why"),
                description=_(
                    "One bar for each of the two services: the loss of an average visit, split "
                    "into spread and off target. By goal posts only visits outside the limits "
                    "lose."
                ),
                chart=loss_parts,
                tables=("losses",),
                columns={
                    "service": _("Service"),
                    "spread": _("Spread"),
                    "bias": _("Off target"),
                    "outside": _("Outside"),
                    "cp": _("Cp"),
                    "cpk": _("Cpk"),
                },
            ),
            Figure(
                title=_("Two ideas of what a minute costs"),
                description=_(
                    "The loss of one visit against its minutes early or late. Squared distance "
                    "gives a valley with its bottom at zero. Goal posts give nothing "
                    "between the limits and a jump there. A diamond stands at B's average."
                ),
                chart=loss_by_delay,
                tables=("loss", "average"),
                columns={
                    "minutes": _("Minutes"),
                    "quadratic": _("Squared distance"),
                    "posts": _("Goal posts"),
                },
            ),
            Figure(
                title=_("Another question: how much conformance should one buy?"),
                description=_(
                    "Three curves against the share of visits without a defect: prevention "
                    "rises ever more steeply, failure falls in a straight line, and their sum has "
                    "a lowest point, which is marked."
                ),
                chart=cost_of_conformance,
                tables=("costs", "best"),
                columns={
                    "conformance": _("Share without defect"),
                    "prevention": _("Prevention"),
                    "failure": _("Failure"),
                    "total": _("Both"),
                },
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} \text{loss} = k\,\sigma^2 + k\,(\mu - \tau)^2 \\ \\"
            r"C_p = \dfrac{U - L}{6\sigma}, \quad"
            r"C_{pk} = \dfrac{\min(U - \mu, \mu - L)}{3\sigma} \\ \\"
            r"C(q) = \dfrac{a\,q}{1 - q} + b\,(1 - q), \quad q^{*} = 1 - \sqrt{a / b}"
            r"\end{matrix}"
        ),
        formula_note=_(
            "<i>μ</i> average, <i>σ</i> spread, <i>τ</i> target (here 0), <i>L</i> and <i>U</i> "
            "limits, <i>k</i> price of a squared minute (Taguchi, 1986; Kane, 1986). <i>C</i> cost "
            "of conformance <i>q</i>, with difficulty of prevention <i>a</i> and cost of a failure "
            "<i>b</i>: a teaching assumption. If <i>b</i> is not above <i>a</i>, <i>q</i>* is 0. "
            "Goal posts charge what the squared distance would be at the limit."
        ),
        challenge=Challenge(
            goal=_(
                "Bring clinic B's loss by squared distance <b>below 5 credits</b>, the loss of "
                "clinic A, <b>without touching its spread</b> or the price."
            ),
            solved=_solved,
            hint=_("7.2 of its 8.0 credits come from one habit."),
            success=_(
                "On average no more than about 4.5 minutes late, and B beats A. Its Cp has not "
                "moved: the spread was never the trouble."
            ),
        ),
    )


def _prediction(first: dict[str, Value]) -> Prediction:
    at = {**first, "service": "clinics"}
    a, b = _capability(at)
    parts = _("A loses {a}; B loses {spread} through spread and {bias} by being late, {b} in all.")
    told = parts.format(
        a=fixed(float(a.loss), 1),
        spread=fixed(float(b.spread_loss), 1),
        bias=fixed(float(b.bias_loss), 1),
        b=fixed(float(b.loss), 1),
    )
    return Prediction(
        question=_(
            "Say a visit loses 0.2 credits for each squared minute that it starts early or late. "
            "Which clinic wastes more, in an average visit?"
        ),
        options={
            "a": _("Clinic A: it misses the limits more often"),
            "b": _("Clinic B: it is usually late"),
            "same": _("Both the same: both keep the limits"),
        },
        correct="b",
        feedback={
            "a": _(
                "It does miss them more often, but most of its visits start near the booked "
                "time. {told}"
            ).format(told=told),
            "b": told,
            "same": _(
                "The limits cannot tell a visit on time from one nine minutes late. {told}"
            ).format(told=told),
        },
    )


def _capability(state: State) -> tuple[model.Capability, model.Capability]:
    pair = PAIRS[state["service"]]
    a, b = (
        model.capability(mean, sd, -state["limit"], state["limit"], TARGET, state["k"])
        for mean, sd in ((pair.a_mean, pair.a_sd), (state["mean"], state["sd"]))
    )
    return a, b


def _lost(state: State, found: model.Capability) -> float:
    return float(found.loss if state["rule"] == "quadratic" else found.goal_post_loss)


def _solved(state: State) -> bool:
    first = PAIRS["clinics"].settings
    untouched = state["service"] == "clinics" and all(
        state[name] == first[name] for name in ("sd", "k")
    )
    return untouched and float(_capability(state)[1].loss) < GOAL


def _view(state: State) -> View:
    a, b = _capability(state)
    best = cost_of_quality.best_conformance(state["a"], state["b"])
    return View(
        tables=_tables(state, a, b, best),
        numbers=(
            Number(label=_("of B inside the limits"), text=percent(float(b.in_spec))),
            Number(label=_("Cp of B (spread only)"), text=fixed(float(b.cp))),
            Number(label=_("Cpk of B (nearer limit)"), text=fixed(float(b.cpk))),
            Number(label=_("credits that B loses each time"), text=fixed(_lost(state, b))),
        ),
        sentence=_sentence(state, a, b, best),
        explanation=_explanation(state, a, b, best),
        teaser=_teaser(state, a, b),
    )


def _teaser(state: State, a: model.Capability, b: model.Capability) -> str:
    return _(
        "Clinic A starts {a} of its visits within ten minutes of the booked time, clinic B {b} "
        "(both invented). Move B's average delay, and look at both hills. <b>Where would you "
        "rather be a patient?</b>"
    ).format(a=percent(float(a.in_spec)), b=percent(float(b.in_spec)))


def _sentence(
    state: State, a: model.Capability, b: model.Capability, best: cost_of_quality.Optimum
) -> str:
    pair = PAIRS[state["service"]]
    facts = {
        "a": pair.a,
        "b": pair.b,
        "one": pair.one,
        "many": pair.many,
        "a_inside": percent(float(a.in_spec)),
        "b_inside": percent(float(b.in_spec)),
        "a_loss": fixed(_lost(state, a)),
        "b_loss": fixed(_lost(state, b)),
        "spread": fixed(float(b.spread_loss)),
        "bias": fixed(float(b.bias_loss)),
        "limit": fixed(state["limit"], 0),
    }
    if state["rule"] == "posts":
        told = _(
            "<b>By goal posts {b} loses {b_loss} credits for each {one} and {a} {a_loss}</b>: only "
            "{many} beyond {limit} minutes count. {b} keeps {b_inside} of its {many} inside, {a} "
            "{a_inside}."
        )
    else:
        told = _(
            "<b>{b} loses {b_loss} credits for each {one}: {spread} through spread and {bias} by "
            "being off target.</b> It keeps {b_inside} of its {many} within {limit} minutes; {a} "
            "keeps {a_inside} and loses {a_loss}."
        )
    told = told.format(**facts)
    if (state["a"], state["b"]) != (COST["a"], COST["b"]):
        told += " " + _bought(state, best)
    return told


def _bought(state: State, best: cost_of_quality.Optimum) -> str:
    return _(
        "With prevention of difficulty {a} and {b} credits for a failure, {share} without defect "
        "is cheapest, at {cost} credits."
    ).format(
        a=fixed(state["a"], 1),
        b=fixed(state["b"], 0),
        share=percent(float(best.conformance)),
        cost=fixed(float(best.cost)),
    )


def _explanation(
    state: State, a: model.Capability, b: model.Capability, best: cost_of_quality.Optimum
) -> str:
    if state["rule"] == "posts":
        why = _(
            "Goal posts charge nothing for a {one} {nearly} minutes late and {price} credits for "
            "one just beyond the limit. Nobody who waits feels such a jump. By squared distance "
            "B's average alone would lose {bias} (the diamond)."
        )
    elif b.bias_loss > b.spread_loss:
        why = _(
            "Squared distance has two parts, spread and a missed target: {price_each} × {sd}² = "
            "{spread} and {price_each} × {mean}² = {bias}. Here the larger part would vanish if B "
            "only aimed to be on time; Cp ({cp}) cannot see it."
        )
    else:
        why = _(
            "Squared distance has two parts, spread and a missed target: {price_each} × {sd}² = "
            "{spread} and {price_each} × {mean}² = {bias}. Here the larger part is spread, which "
            "needs better work, not another aim."
        )
    why = why.format(
        one=PAIRS[state["service"]].one,
        nearly=fixed(state["limit"] - 1, 0),
        price=fixed(float(model.quadratic_loss(state["limit"], TARGET, state["k"])), 1),
        price_each=fixed(state["k"]),
        sd=fixed(state["sd"], 1),
        mean=fixed(state["mean"], 1) if state["mean"] >= 0 else f"({fixed(state['mean'], 1)})",
        spread=fixed(float(b.spread_loss)),
        bias=fixed(float(b.bias_loss)),
        cp=fixed(float(b.cp)),
    )
    nearly = cost_of_quality.cost_of_quality(0.99, state["a"], state["b"])
    bought = _(
        "{bought} 99 % would cost {nearly}: zero defects pay only where prevention is cheap or "
        "failure very dear."
    ).format(bought=_bought(state, best), nearly=fixed(float(nearly.total)))
    return f"{why} {bought}"


def _tables(
    state: State,
    a: model.Capability,
    b: model.Capability,
    best: cost_of_quality.Optimum,
) -> dict[str, pd.DataFrame]:
    pair = PAIRS[state["service"]]
    limit = state["limit"]
    means, sds = [pair.a_mean, state["mean"]], [pair.a_sd, state["sd"]]
    both, names = (a, b), [pair.a, pair.b]
    quadratic = state["rule"] == "quadratic"
    spread, bias, outside = (
        [float(getattr(found, part)) if on else 0.0 for found in both]
        for part, on in (
            ("spread_loss", quadratic),
            ("bias_loss", quadratic),
            ("goal_post_loss", not quadratic),
        )
    )
    # Just inside and just outside, so that goal posts jump where they stand.
    edges = [-limit - 0.001, -limit, limit, limit + 0.001]
    minutes = np.sort(np.append(np.linspace(-1.3 * limit, 1.3 * limit, 15), edges))
    costs = cost_of_quality.cost_of_quality(CONFORMANCE, state["a"], state["b"])
    return {
        "curves": pd.concat(
            _hill(place, mean, sd, limit)
            for place, (mean, sd) in enumerate(zip(means, sds, strict=True), start=1)
        ),
        "services": pd.DataFrame(
            {
                "place": [1, 2],
                "service": names,
                "mean": means,
                "sd": sds,
                "inside": [100 * float(found.in_spec) for found in both],
                "words": [
                    _("{share} inside").format(share=percent(float(found.in_spec)))
                    for found in both
                ],
            }
        ),
        "limits": pd.DataFrame({"limit": [limit]}),
        "losses": pd.DataFrame(
            {
                "service": names,
                "spread": spread,
                "bias": bias,
                "outside": outside,
                "cp": [float(found.cp) for found in both],
                "cpk": [float(found.cpk) for found in both],
                "words": [
                    _("{loss} credits").format(loss=fixed(_lost(state, found))) for found in both
                ],
            }
        ),
        "loss": pd.DataFrame(
            {
                "minutes": minutes.round(3),
                "quadratic": model.quadratic_loss(minutes, TARGET, state["k"]),
                "posts": model.goal_post_loss(minutes, -limit, limit, TARGET, state["k"]),
            }
        ),
        "average": pd.DataFrame(
            {
                "minutes": [state["mean"]],
                "loss": [float(model.quadratic_loss(state["mean"], TARGET, state["k"]))],
            }
        ),
        "costs": pd.DataFrame({"conformance": CONFORMANCE, **costs._asdict()}).round(3),
        "best": pd.DataFrame(
            {
                "conformance": [float(best.conformance)],
                "total": [float(best.cost)],
                "words": [
                    _("cheapest: {share}, {cost} credits").format(
                        share=percent(float(best.conformance)), cost=fixed(float(best.cost), 1)
                    )
                ],
            }
        ),
    }


def _hill(place: int, mean: float, sd: float, limit: float) -> pd.DataFrame:
    """Density of a service in three parts, cut where a limit falls into it."""
    low, high = mean - 4 * sd, mean + 4 * sd
    cuts = {"early": (low, -limit), "inside": (-limit, limit), "late": (limit, high)}
    parts = []
    for part, (start, end) in cuts.items():
        first, last = max(start, low), min(end, high)
        if first < last:
            minutes = np.linspace(first, last, POINTS[part])
            parts.append(
                pd.DataFrame(
                    {
                        "place": place,
                        "part": part,
                        "minutes": minutes.round(2),
                        "density": model.density(minutes, mean, sd).round(5),
                    }
                )
            )
    return pd.concat(parts)
