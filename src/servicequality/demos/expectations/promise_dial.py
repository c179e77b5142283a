"""The promise dial (D5.4): a bold advert brings customers, and sends them away again."""

from functools import cache, partial
from gettext import gettext as _
from typing import Any

import numpy as np
import pandas as pd

from servicequality import data
from servicequality.charts.gaps import two_gaps
from servicequality.charts.promises import (
    dial,
    kept_over_days,
    line_over_promise,
    profit_over_promise,
)
from servicequality.models import promises as model
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
    Toggle,
    View,
    fixed,
    percent,
)

LOW, HIGH = int(model.PROMISES.min()), int(model.PROMISES.max())
MOST_DONE = 90
STEP = 5
CURVE = np.arange(LOW, HIGH + 1, 2)
MOVED, NEAR = 0.6, 0.5
AS_AT_FIRST = ("up", "down", "repeat_value", "first_sale")
ENOUGH = 500
DAY = 24 * 60 * 60
ROUNDED = {"share": 3, "promised": 2, "taken": 4}
MARKED = {
    "Unsafe Dangerous Conditions": _("unsafe conditions"),
    "Building Inspection Request": _("building inspections"),
    "Contractors Complaint": _("contractor complaints"),
}


def promise_dial() -> Demo:
    """Turn the promise of an advert, and find where profit is largest (D5.4).

    Returns
    -------
    Demo
        Model M5.7; the first state is O5.7, the real promises are R5.3.
    """
    return Demo(
        code="D5.4",
        title=_("The promise dial"),
        question=_("What should the advert say?"),
        evidence="T",
        assumption=_(
            "In this model every point of promise brings two customers more or fewer per hundred, "
            "people expect 70 where the advert promises 70, and a shortfall drives away faster "
            "than an excess brings back. That modest firms do best with less than the truth and "
            "strong ones with more hangs on this 70. Rivals, learning and the law are left out. "
            "Boston's requests are real."
        ),
        taste=(
            Slider(
                name="promise",
                label=_("The advert promises"),
                low=LOW,
                high=HIGH,
                step=1,
                default=70,
                unit=_("points"),
            ),
        ),
        controls=(
            Slider(
                name="performance",
                label=_("What the firm delivers"),
                low=60,
                high=MOST_DONE,
                step=1,
                default=75,
                unit=_("points"),
            ),
            Toggle(name="first_sale", label=_("Count the first sale only")),
            Toggle(name="boston", label=_("Show real promises: Boston")),
            Group(
                _("The customers"),
                (
                    Slider(
                        name="weight",
                        label=_("How far a promise moves what they expect"),
                        low=0,
                        high=1,
                        default=0.5,
                    ),
                    Slider(
                        name="repeat_value",
                        label=_("Whoever comes back brings a further"),
                        low=0,
                        high=100,
                        step=10,
                        default=40,
                        unit=_("credits"),
                    ),
                    Slider(
                        name="up",
                        label=_("How much a point above brings back"),
                        low=0,
                        high=0.4,
                        step=0.02,
                        default=0.12,
                    ),
                    Slider(
                        name="down",
                        label=_("How much a point below drives away"),
                        low=0,
                        high=0.4,
                        step=0.02,
                        default=0.24,
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("A firm at 75")),
            Preset(_("As bold as can be"), {"promise": HIGH}),
            Preset(_("First sale only"), {"promise": HIGH, "first_sale": True}),
            Preset(_("A firm at 65"), {"performance": 65, "promise": 60}),
            Preset(_("A firm at 70"), {"performance": 70, "promise": 75}),
            Preset(_("A firm at 80"), {"performance": 80, "promise": 84}),
            Preset(_("A firm at 85"), {"performance": 85, "promise": 91}),
            Preset(_("Boston's promises (real)"), {"boston": True}),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("The needle is the promise"),
                description=_(
                    "A dial from 50 to 100. The needle points at the promise, a circle on the rim "
                    "marks what the firm delivers, a square what customers expect; the rim between "
                    "them is blue if they get more, orange if they get less. The profit stands "
                    "in the opening below."
                ),
                chart=dial,
                tables=("dial",),
                columns={
                    "promise": _("Promise"),
                    "performance": _("Delivered"),
                    "expectation": _("Expected"),
                    "profit": _("Profit (credits)"),
                },
                decimals=1,
                before_commit=True,
                glide=True,
            ),
            Figure(
                title=_("Profit from first sales, and from those who come back"),
                description=_(
                    "Two layers against the promise: profit from first sales rises all the way, "
                    "profit from those who come back rises less or falls. A ring marks the "
                    "present promise, a diamond the one with the largest sum."
                ),
                chart=profit_over_promise,
                tables=("curve", "best", "here"),
                columns={
                    "promise": _("Promise"),
                    "first": _("First sales (credits)"),
                    "later": _("From returning customers"),
                },
                decimals=0,
            ),
            Figure(
                title=_("A bolder promise brings customers …"),
                description=_(
                    "A straight rising line: how many customers come, against the promise. A "
                    "diamond marks the present promise."
                ),
                chart=_customers_chart,
                tables=("customers", "customers_here"),
                columns={"promise": _("Promise"), "value": _("Customers")},
                decimals=0,
            ),
            Figure(
                title=_("… and fewer of them come back"),
                description=_(
                    "A falling curve: the share of customers who come back, against the promise; "
                    "it falls faster where they get less than they expect. A diamond marks the "
                    "present promise."
                ),
                chart=_returns_chart,
                tables=("returns", "returns_here"),
                columns={"promise": _("Promise"), "value": _("Share who come back")},
            ),
            Figure(
                title=_("Three adverts: what is expected, and what is delivered"),
                description=_(
                    "One row for each of up to three promises: a square at what customers "
                    "expect, a circle at what the firm delivers, the distance between them, and "
                    "the profit in words."
                ),
                chart=two_gaps,
                tables=("ends",),
                columns={
                    "name": _("Advert"),
                    "start": _("Expected"),
                    "end": _("Delivered"),
                    "profit": _("Profit (credits)"),
                },
                decimals=1,
            ),
            Figure(
                title=_("Boston 2015: the longer the promise, the more is done in time"),
                description=_(
                    "One dot for each of 35 kinds of request to a city: the days promised, on a "
                    "scale of ratios, and the share done in time. The dots rise to the right. "
                    "Diamonds with names mark three kinds."
                ),
                chart=partial(kept_over_days, days="promised", title=_("days promised")),
                tables=("kept",),
                columns={
                    "name": _("Request"),
                    "promised": _("Days promised"),
                    "share": _("Done in time"),
                },
            ),
            Figure(
                title=_("How long the work took tells almost nothing about “in time”"),
                description=_(
                    "The same 35 kinds of request: the days that the work took, on a scale of "
                    "ratios, and the share done in time. The dots show no direction. The three "
                    "named kinds stand almost above each other, at very different shares."
                ),
                chart=partial(kept_over_days, days="taken", title=_("days it took")),
                tables=("kept",),
                columns={
                    "name": _("Request"),
                    "taken": _("Days it took"),
                    "share": _("Done in time"),
                },
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} N = 100\,(1 + 0.02\,(c - 70)), \quad E = 70 + w\,(c - 70), \quad "
            r"d = P - E \\ \\ r = \dfrac{1}{1 + e^{-(0.2 + k d)}}, \quad "
            r"k = k_{+} \text{ if } d \ge 0, \text{ else } k_{-} \\ \\"
            r"\text{profit} = N\,(10 + V r) \end{matrix}"
        ),
        formula_note=_(
            "<i>c</i> promise, <i>P</i> what the firm delivers, <i>N</i> customers, <i>E</i> what "
            "they expect, <i>w</i> how far a promise moves it, <i>r</i> share who come back, "
            "<i>V</i> what each of them brings. A teaching assumption. That promises move what "
            "people expect, and this their verdict: Boulding, Kalra, Staelin and Zeithaml (1993)."
        ),
        challenge=Challenge(
            goal=_(
                "Suppose a promise moves what people expect a little further: by <b>0.6</b>. Find "
                "a firm for which <b>plain honesty</b> pays: set the promise to exactly what the "
                "firm delivers, so that <b>no other promise earns more</b>. Leave the rest of the "
                "customers as they are."
            ),
            solved=_solved,
            hint=_("A firm at 75 should now promise less than it delivers, a firm at 90 more."),
            success=_(
                "With 0.5 the truth is the best advert for a firm at 70, with 0.6 for one at 83 to "
                "86: the further promises move what people expect, the stronger a firm must be to "
                "promise all that it does. Your own market has its own such point."
            ),
        ),
    )


def _customers_chart(customers: Any, customers_here: Any) -> Any:
    return line_over_promise(customers, customers_here, title=_("customers"), top=160)


def _returns_chart(returns: Any, returns_here: Any) -> Any:
    return line_over_promise(returns, returns_here, title=_("come back"), form=".0%")


def _first() -> State:
    return {
        "promise": 70.0,
        "performance": 75.0,
        "first_sale": False,
        "boston": False,
        "weight": 0.5,
        "repeat_value": 40.0,
        "up": 0.12,
        "down": 0.24,
    }


def _prediction() -> Prediction:
    state = _first()
    best, profit = _best(state)
    modest = _outcome(60, state)
    result = _(
        "Most profit comes at {best}: {profit} credits. A promise of 75 earns {plain}, of 60 "
        "{modest}, of 90 {bold} and of 100 {loud}."
    ).format(
        profit=_credits(profit),
        best=fixed(best, 0),
        plain=_credits(_profit(75, state)),
        modest=_credits(float(modest.profit)),
        bold=_credits(_profit(90, state)),
        loud=_credits(_profit(100, state)),
    )
    return Prediction(
        question=_(
            "The firm delivers 75. Which promise earns most, with all who come back counted?"
        ),
        options={
            "modest": _("60: promise little, surprise everybody"),
            "near": _("75 to 80: the truth, or a little more"),
            "bold": _("90: adverts exaggerate, people know it"),
            "loud": _("100: the more customers, the better"),
        },
        correct="near",
        feedback={
            "modest": _(
                "{returns} come back, but only {few} customers come at all: modesty has its "
                "price. {result}"
            ).format(
                returns=percent(float(modest.repeat_rate), 0),
                few=fixed(float(modest.customers), 0),
                result=result,
            ),
            "near": result,
            "bold": _("Too many of the new customers never return. {result}").format(result=result),
            "loud": _("That is best for whoever counts the first sale only. {result}").format(
                result=result
            ),
        },
    )


def _settings(state: State) -> dict[str, float]:
    return {
        "weight": state["weight"],
        "up": state["up"],
        "down": state["down"],
        "repeat_value": 0.0 if state["first_sale"] else state["repeat_value"],
    }


def _outcome(promise: Any, state: State) -> model.Outcome:
    return model.outcome(promise, state["performance"], **_settings(state))


def _profit(promise: float, state: State) -> float:
    return float(_outcome(promise, state).profit)


def _best(state: State) -> model.BestPromise:
    return model.best_promise(state["performance"], **_settings(state))


def _credits(profit: float) -> str:
    return f"{profit:,.0f}"


def _solved(state: State) -> bool:
    honest = state["promise"] == state["performance"]
    asked = state["weight"] == MOVED and all(state[name] == _first()[name] for name in AS_AT_FIRST)
    return bool(honest and asked and abs(_best(state).promise - state["promise"]) < NEAR)


def _view(state: State) -> View:
    now, best = _outcome(state["promise"], state), _best(state)
    gap = float(now.gap)
    told = _(
        "<b>The advert promises {promise}, the firm delivers {performance}: a profit of {profit} "
        "credits.</b> {customers} customers come, expect {expected} and get {gap}; {returns} of "
        "them come back. {others}; the best promise is {best}, with {most}."
    ).format(
        promise=fixed(state["promise"], 0),
        performance=fixed(state["performance"], 0),
        profit=_credits(float(now.profit)),
        customers=fixed(float(now.customers), 0),
        expected=fixed(float(now.expectation), 1),
        gap=_gap(gap),
        returns=percent(float(now.repeat_rate), 0),
        others=_others(state),
        best=fixed(best.promise, 0),
        most=_credits(best.profit),
    )
    tables = _tables(state, now, best)
    return View(
        tables=tables,
        numbers=(
            Number(label=_("credits of profit"), text=_credits(float(now.profit))),
            Number(label=_("customers"), text=fixed(float(now.customers), 0)),
            Number(label=_("come back"), text=percent(float(now.repeat_rate), 0)),
            Number(label=_("is the best promise"), text=fixed(best.promise, 0)),
        ),
        sentence=f"{told} {_boston_told()}" if state["boston"] else told,
        explanation=_explanation(state, now, best),
        teaser=_(
            "The firm delivers {performance}; its advert may say anything from {low} to {high}. A "
            "bolder promise brings more customers, and they expect more. <b>Where is the profit "
            "largest?</b>"
        ).format(performance=fixed(state["performance"], 0), low=LOW, high=HIGH),
        inactive=frozenset({"repeat_value"} if state["first_sale"] else ()),
        covers={
            "dial": tables["dial"].assign(
                profit=np.nan, result="?", result_words=_("credits of profit")
            )
        },
    )


def _gap(gap: float) -> str:
    if abs(gap) < 0.05:
        return _("just that")
    words = _("{gap} more") if gap > 0 else _("{gap} less")
    return words.format(gap=fixed(abs(gap), 1))


def _adverts(state: State) -> list[float]:
    """Return the promise and its neighbours, a step down and a step up."""
    promise = state["promise"]
    return sorted({max(LOW, promise - STEP), promise, min(HIGH, promise + STEP)})


def _others(state: State) -> str:
    return ", ".join(
        _("a promise of {promise} would earn {profit}").format(
            promise=fixed(promise, 0), profit=_credits(_profit(promise, state))
        )
        for promise in _adverts(state)
        if promise != state["promise"]
    ).capitalize()


def _explanation(state: State, now: model.Outcome, best: model.BestPromise) -> str:
    if _settings(state)["repeat_value"] == 0:
        return _(
            "Without anyone coming back, only the number of customers counts, and every point of "
            "promise brings more: so the best is {best}. Whoever is paid for first sales turns "
            "the dial all the way up, while here only {returns} would come back."
        ).format(best=fixed(best.promise, 0), returns=percent(float(now.repeat_rate), 0))
    at_best = _outcome(best.promise, state)
    distance = best.promise - state["performance"]
    if abs(distance) < 0.5:
        where = _("exactly what the firm delivers")
    else:
        words = (
            _("{n} more than the firm delivers") if distance > 0 else _("{n} less than it delivers")
        )
        where = words.format(n=fixed(abs(distance), 0))
    return _(
        "Each point of promise brings two more customers per hundred, and lifts what they expect "
        "by {weight}: at {best}, {where}, they expect {expected} and {returns} come back. "
        "{end}; the first sale alone would say {high}."
    ).format(
        end=_end(best.promise),
        weight=fixed(state["weight"], 1),
        best=fixed(best.promise, 0),
        where=where,
        expected=fixed(float(at_best.expectation), 1),
        returns=percent(float(at_best.repeat_rate), 0),
        high=HIGH,
    )


def _end(best: float) -> str:
    if best == HIGH:
        return _("Even the last newcomers bring more than the returns lost cost")
    return _("Beyond it the returns lost cost more than the newcomers bring")


def _tables(state: State, now: model.Outcome, best: model.BestPromise) -> dict[str, pd.DataFrame]:
    promise, every = state["promise"], _outcome(CURVE, state)
    first = _outcome(CURVE, {**state, "first_sale": True}).profit
    strongest = _outcome(model.PROMISES, {**state, "performance": MOST_DONE})
    rows = _outcome(_adverts(state), state)
    tables = {
        "dial": pd.DataFrame(
            {
                "promise": [promise],
                "performance": [state["performance"]],
                "expectation": [float(now.expectation)],
                "profit": [float(now.profit)],
                "performance_words": [
                    _("● delivered: {level}").format(level=fixed(state["performance"], 0))
                ],
                "expectation_words": [
                    _("■ expected: {level}").format(level=fixed(float(now.expectation), 1))
                ],
                "result": [_credits(float(now.profit))],
                "result_words": [_("credits of profit")],
            }
        ),
        "curve": pd.DataFrame(
            {"promise": CURVE, "first": first, "later": every.profit - first}
        ).round(0),
        "best": pd.DataFrame(
            {
                "promise": [best.promise],
                "profit": [best.profit],
                "words": [
                    _("most: {profit} at {promise}").format(
                        profit=_credits(best.profit), promise=fixed(best.promise, 0)
                    )
                ],
                "top": [float(strongest.profit.max())],
            }
        ),
        "here": pd.DataFrame({"promise": [promise], "profit": [float(now.profit)]}),
        "customers": pd.DataFrame({"promise": [LOW, HIGH], "value": every.customers[[0, -1]]}),
        "customers_here": pd.DataFrame(
            {
                "promise": [promise],
                "value": [float(now.customers)],
                "words": [fixed(float(now.customers), 0)],
            }
        ),
        "returns": pd.DataFrame({"promise": CURVE, "value": every.repeat_rate.round(3)}),
        "returns_here": pd.DataFrame(
            {
                "promise": [promise],
                "value": [float(now.repeat_rate)],
                "words": [percent(float(now.repeat_rate), 0)],
            }
        ),
        "ends": pd.DataFrame(
            {
                "name": [
                    _("promise {promise}").format(promise=fixed(level, 0))
                    for level in _adverts(state)
                ],
                "start": rows.expectation,
                "end": state["performance"],
                "gap": rows.gap,
                "profit": rows.profit,
                "words": [
                    _("{profit} credits").format(profit=_credits(profit)) for profit in rows.profit
                ],
            }
        ),
    }
    return {**tables, "kept": _boston().round(ROUNDED)} if state["boston"] else tables


@cache
def _boston() -> pd.DataFrame:
    """Tell for each kind of request what was promised, and how much was in time (R5.3)."""
    closed = data.load("boston-311").dropna(subset=["closed_dt", "target_dt"])
    opened = closed["open_dt"]
    kinds = (
        pd.DataFrame(
            {
                "name": closed["type"],
                "promised": (closed["target_dt"] - opened).dt.total_seconds() / DAY,
                "taken": (closed["closed_dt"] - opened).dt.total_seconds() / DAY,
                "share": closed["ontime_status"] == "ONTIME",
            }
        )
        .groupby("name")
        .agg(
            requests=("share", "size"),
            promised=("promised", "median"),
            taken=("taken", "median"),
            share=("share", "mean"),
        )
        .reset_index()
    )
    kinds = kinds[kinds.pop("requests") >= ENOUGH].sort_values("promised")
    return kinds.assign(label=kinds["name"].map(MARKED).fillna(""))


@cache
def _boston_told() -> str:
    kinds = _boston()
    ranks = kinds[["share", "promised", "taken"]].corr(method="spearman")["share"]
    marked = kinds[kinds["label"] != ""]
    return _(
        "<b>Real promises:</b> Boston promised {days} days for {names}. All three took {least} to "
        "{most} days, and {shares} were done in time. Over {kinds} kinds of request the share in "
        "time goes with the promise (rank correlation {promised}), not with the speed ({taken}); "
        "to be fair, longer work also gets longer promises."
    ).format(
        days=_listed(fixed(days, 0) for days in marked["promised"]),
        names=_listed(marked["label"]),
        least=fixed(marked["taken"].min(), 0),
        most=fixed(marked["taken"].max(), 0),
        shares=_listed(percent(share, 0) for share in marked["share"]),
        kinds=len(kinds),
        promised=fixed(ranks["promised"]),
        taken=fixed(ranks["taken"]),
    )


def _listed(words: Any) -> str:
    *most, last = words
    return _("{most} and {last}").format(most=", ".join(most), last=last)
