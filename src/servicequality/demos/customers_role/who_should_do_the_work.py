"""Who should do the work? (D4.1): what the firm saves, and what the customer pays for it."""

from dataclasses import replace
from functools import partial
from gettext import gettext as _
from typing import Any

import numpy as np
import pandas as pd

from servicequality.charts.participation import cost_over_share, line_over_share, price_tags
from servicequality.models import participation as model
from servicequality.widgets import (
    Challenge,
    Choice,
    Demo,
    Figure,
    Group,
    Number,
    NumberTable,
    Prediction,
    Preset,
    Slider,
    State,
    View,
    fixed,
    percent,
)
from servicequality.widgets.controls import Value

CHECK_IN = model.Task()
TRAINED: dict[str, Value] = {"efficiency": 0.9, "overload_error": 0.15}
UNTRAINED: dict[str, Value] = {
    "efficiency": CHECK_IN.efficiency,
    "overload_error": CHECK_IN.overload_error,
}
FIELDS = (
    "work_min",
    "staff_cost",
    "customer_cost",
    "efficiency",
    "rework_min",
    "error_loss",
    "overload_error",
)
SHARES = np.linspace(0, 1, 21)
FASTER = 0.01


def who_should_do_the_work() -> Demo:
    """Shift work from staff to customers, and see who gains (D4.1).

    Returns
    -------
    Demo
        Model M4.1; the first state is O4.1.
    """
    return Demo(
        code="D4.1",
        title=_("Who should do the work?"),
        question=_("Self check-in: who gains?"),
        evidence="T",
        assumption=_(
            "In this model the work can be shared in any proportion, all customers are alike, and "
            "errors grow in a straight line with what they are asked to do. All services and "
            "prices are invented. What a customer's minute is worth is a judgement."
        ),
        taste=(
            Slider(
                name="share",
                label=_("From “staff do all” to “I do all”"),
                low=0,
                high=100,
                step=1,
                default=0,
                unit="%",
            ),
        ),
        controls=(
            Slider(
                name="customer_cost",
                label=_("A customer's minute is worth"),
                low=0,
                high=1,
                step=0.01,
                default=CHECK_IN.customer_cost,
                unit=_("credits"),
            ),
            Choice(
                name="training",
                label=_("Customers are"),
                options={"none": _("as they come"), "trained": _("trained")},
                default="none",
                brings={"none": UNTRAINED, "trained": TRAINED},
            ),
            Choice(
                name="perspective",
                label=_("Count the costs of"),
                options={"everyone": _("everyone"), "payroll": _("the payroll only")},
                default="everyone",
            ),
            Group(
                _("What customers can do"),
                (
                    Slider(
                        name="efficiency",
                        label=_("Their speed, against staff"),
                        low=0.1,
                        high=1,
                        step=FASTER,
                        default=CHECK_IN.efficiency,
                    ),
                    Slider(
                        name="overload_error",
                        label=_("How much their errors grow"),
                        low=0,
                        high=0.6,
                        step=0.01,
                        default=CHECK_IN.overload_error,
                    ),
                ),
            ),
            Group(
                _("The work and its errors"),
                (
                    Slider(
                        name="work_min",
                        label=_("Work, done by staff"),
                        low=1,
                        high=60,
                        step=1,
                        default=CHECK_IN.work_min,
                        unit=_("min"),
                    ),
                    Slider(
                        name="staff_cost",
                        label=_("A staff minute costs"),
                        low=0.1,
                        high=1,
                        step=0.05,
                        default=CHECK_IN.staff_cost,
                        unit=_("credits"),
                    ),
                    Slider(
                        name="rework_min",
                        label=_("Putting an error right takes"),
                        low=0,
                        high=30,
                        step=1,
                        default=CHECK_IN.rework_min,
                        unit=_("min"),
                    ),
                    Slider(
                        name="error_loss",
                        label=_("An error costs besides"),
                        low=0,
                        high=30,
                        step=0.5,
                        default=CHECK_IN.error_loss,
                        unit=_("credits"),
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("Airport kiosk, staff do all")),
            Preset(_("I do all"), {"share": 100}),
            Preset(_("Trained travellers"), {"share": 100, "training": "trained", **TRAINED}),
            Preset(_("My minute is dear"), {"share": 63, "customer_cost": 0.35}),
            Preset(
                _("Fuel pump"),
                {"share": 100, "work_min": 4, "efficiency": 0.9, "overload_error": 0.02},
            ),
            Preset(
                _("Tax form"),
                {
                    "share": 50,
                    "work_min": 60,
                    "efficiency": 0.3,
                    "overload_error": 0.5,
                    "error_loss": 30,
                },
            ),
            Preset(
                _("Hospital intake"),
                {
                    "share": 30,
                    "work_min": 15,
                    "efficiency": 0.5,
                    "overload_error": 0.4,
                    "error_loss": 15,
                },
            ),
            Preset(
                _("PrintNest, design it yourself"),
                {"share": 80, "work_min": 40, "customer_cost": 0.1, "efficiency": 0.5},
            ),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("Three price tags for one customer"),
                description=_(
                    "Three bars: what the firm pays its staff, what the customer pays in time, "
                    "and what errors cost besides, in credits."
                ),
                chart=price_tags,
                tables=("tags",),
                columns={"name": _("Who"), "credits": _("Credits")},
                before_commit=True,
            ),
            Figure(
                title=_("All costs together have a lowest point"),
                description=_(
                    "Three coloured layers on top of each other, against the share of the work "
                    "that the customer does: staff, the customer's time, and errors. A black "
                    "diamond marks the share with the lowest sum, a ring the present share."
                ),
                chart=cost_over_share,
                tables=("costs", "best", "here"),
                columns={
                    "share": _("Share"),
                    "payroll": _("Staff"),
                    "customer_time": _("Customer's time"),
                    "error_loss": _("Errors"),
                },
            ),
            NumberTable(
                title=_("Four ways to share the work"),
                table="ways",
                columns={
                    "way": _("Who does it"),
                    "payroll": _("Firm"),
                    "customer_time": _("Customer"),
                    "error_loss": _("Errors"),
                    "total": _("Total"),
                },
            ),
            Figure(
                title=_("Labour productivity only sees the staff"),
                description=_(
                    "A rising curve: customers that one employee serves in an hour, against the "
                    "share of the work that the customer does. A diamond marks the present share."
                ),
                chart=partial(line_over_share, title=_("customers per staff hour")),
                tables=("line", "point"),
                columns={"share": _("Share"), "value": _("Customers per staff hour")},
            ),
            Figure(
                title=_("Errors per hundred customers"),
                description=_(
                    "A curve that bends upwards: errors per hundred customers, against the share "
                    "of the work that the customer does. A diamond marks the present share."
                ),
                chart=_error_chart,
                tables=("error_line", "error_point"),
                columns={"share": _("Share"), "value": _("Errors per hundred")},
                decimals=1,
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} C(s) = w\,[W(1-s) + r\,e(s)] + v\,\dfrac{sW}{\eta} + L\,e(s) \\ \\"
            r"e(s) = \varepsilon_f (1-s) + (\varepsilon_0 + \varepsilon_1 s)\,s \\ \\"
            r"s^{*} = \dfrac{wW - vW/\eta - K(\varepsilon_0 - \varepsilon_f)}"
            r"{2 K \varepsilon_1}, \quad K = wr + L \end{matrix}"
        ),
        formula_note=_(
            "<i>s</i> share of the customer, kept between 0 and 1; <i>W</i> minutes of work; "
            "<i>w</i> and <i>v</i> worth of a staff and of a customer minute; <i>η</i> speed; "
            "<i>e</i> chance of an error, 3 % if staff do all; <i>ε</i><sub>1</sub> its growth; "
            "<i>r</i> minutes to put it right; <i>L</i> other cost. A teaching assumption; the "
            "customer as a “partial employee”: Mills and Morris (1986)."
        ),
        challenge=Challenge(
            goal=_(
                "Find the <b>lowest speed</b> of customers from which it is cheapest for everyone "
                "together that they <b>do all</b>. Change nothing else: their errors grow as "
                "before (0.30)."
            ),
            solved=_solved,
            hint=_("A better screen makes fingers faster. How fast must they be?"),
            success=_(
                "From 83 % of the staff's speed on the customer should do everything. Now who "
                "shares the gain with the customer?"
            ),
        ),
    )


def _error_chart(error_line: Any, error_point: Any) -> Any:
    return line_over_share(error_line, error_point, title=_("errors per hundred customers"))


def _prediction() -> Prediction:
    best = model.optimal_share(CHECK_IN)
    totals = [fixed(float(total)) for total in model.costs([0, best, 1], CHECK_IN).total]
    result = _(
        "The total is {none} credits if staff do all, {best} at {share}, and {all} if the customer "
        "does all."
    ).format(none=totals[0], best=totals[1], all=totals[2], share=percent(best, 0))
    right = "most" if 0.5 < best < 0.8 else "all"
    return Prediction(
        question=_("At which share of customer work is the total of the three tags lowest?"),
        options={
            "none": _("0 %: staff are faster and err less"),
            "third": _("About 30 %"),
            "most": _("About 60 %"),
            "all": _("100 %: the payroll is lowest there"),
        },
        correct=right,
        feedback={
            "none": _("Staff are better, but their minutes are dear. {result}").format(
                result=result
            ),
            "third": _("It pays to shift more than that. {result}").format(result=result),
            "most": result,
            "all": _(
                "The payroll falls all the way, but the customer's time and errors do not. {result}"
            ).format(result=result),
        },
    )


def _task(state: State) -> model.Task:
    return replace(CHECK_IN, **{name: state[name] for name in FIELDS})


def _best(state: State, task: model.Task) -> float:
    if state["perspective"] == "payroll":
        task = replace(task, customer_cost=0, error_loss=0)
    return model.optimal_share(task)


def _solved(state: State) -> bool:
    task = _task(state)
    only_speed = task == replace(CHECK_IN, efficiency=task.efficiency)
    if not only_speed or state["perspective"] != "everyone" or model.optimal_share(task) < 1:
        return False
    slower = replace(task, efficiency=task.efficiency - FASTER)
    return model.optimal_share(slower) < 1


def _view(state: State) -> View:
    task, share = _task(state), state["share"] / 100
    best = _best(state, task)
    now, before = model.costs(share, task), model.costs(0, task)
    saved = float(before.payroll - now.payroll)
    net = float(before.total - now.total)
    return View(
        tables=_tables(state, task, share, best),
        numbers=(
            Number(label=_("credits the firm saves"), text=fixed(saved, 2)),
            Number(
                label=_("credits of time the customer pays"),
                text=fixed(float(now.customer_time), 2),
            ),
            Number(label=_("credits gained by all together"), text=fixed(net, 2)),
            Number(label=_("is the cheapest share"), text=percent(best, 0)),
        ),
        sentence=_sentence(state, task, share, best),
        explanation=_explanation(task, best, state["perspective"]),
        teaser=_(
            "A check-in takes staff {work} minutes. Let the traveller do more and more of it, "
            "and watch who pays. <b>What happens to the sum of the three?</b>"
        ).format(work=fixed(task.work_min, 0)),
    )


def _sentence(state: State, task: model.Task, share: float, best: float) -> str:
    now, before = model.costs(share, task), model.costs(0, task)
    net = float(before.total - now.total)
    told = _(
        "<b>With {share} of the work done by the customer, the firm saves {saved} credits, the "
        "customer pays {time} in time, and errors cost {errors}: all together {net}.</b> The "
        "total is {total}; the cheapest share {goal} is {best}. One employee serves {served} "
        "customers an hour, and {error} of them meet an error."
    )
    goal = _("for everyone") if state["perspective"] == "everyone" else _("for the payroll alone")
    return told.format(
        share=percent(share, 0),
        saved=fixed(float(before.payroll - now.payroll)),
        time=fixed(float(now.customer_time)),
        errors=fixed(float(now.error_loss)),
        net=(_("gain {net}") if net >= 0 else _("lose {net}")).format(net=fixed(abs(net))),
        total=fixed(float(now.total)),
        goal=goal,
        best=percent(best, 0),
        served=_count(float(model.customers_per_hour(share, task))),
        error=percent(float(model.error_probability(share, task)), 0),
    )


def _count(served: float) -> str:
    return fixed(served, 1) if np.isfinite(served) else "∞"


def _explanation(task: model.Task, best: float, perspective: str) -> str:
    payroll = model.costs([0, 1], task).payroll
    if perspective == "payroll":
        return _(
            "The payroll goes from {first} to {last} credits, so that a manager who sees nothing "
            "else shifts {best} of the work. Minutes that the customer gives away stand in no "
            "account of the firm."
        ).format(
            first=fixed(float(payroll[0])), last=fixed(float(payroll[1])), best=percent(best, 0)
        )
    limit = model.break_even_customer_cost(task)
    if best == 1:
        why = _("here the total falls with it: customers are fast enough for what they err")
    elif best == 0:
        why = _("but the total only rises: what the firm saves is less than customers lose")
    else:
        why = _(
            "but the total turns at {best}: from there errors and the customer's time cost more"
        )
    told = _(
        "The payroll goes from {first} to {last} credits as work is shifted, {why}. Staff should "
        "do everything once a customer's minute is worth {limit} credits, about staff cost × "
        "speed; now it is worth {worth}."
    )
    return told.format(
        first=fixed(float(payroll[0])),
        last=fixed(float(payroll[1])),
        why=why.format(best=percent(best, 0)),
        limit=fixed(limit, 3),
        worth=fixed(task.customer_cost),
    )


def _tables(state: State, task: model.Task, share: float, best: float) -> dict[str, pd.DataFrame]:
    every = model.costs(SHARES, task)
    now = model.costs(share, task)
    top = float(max(every.payroll.max(), every.customer_time.max(), every.error_loss.max()))
    credits = [float(now.payroll), float(now.customer_time), float(now.error_loss)]
    # Where nothing is left for the staff there is no such number.
    served = pd.Series(model.customers_per_hour(SHARES, task)).replace(np.inf, np.nan)
    errors = 100 * model.error_probability(SHARES, task)
    points = np.array([0, share, best, 1])
    ways = model.costs(points, task)
    here_served = float(model.customers_per_hour(share, task))
    here_error = float(100 * model.error_probability(share, task))
    lowest = (
        _("lowest: {total} at {share}")
        if state["perspective"] == "everyone"
        else _("lowest payroll: at {share}")
    )
    least = float(model.costs(best, task).total)
    return {
        "tags": pd.DataFrame(
            {
                "who": ["firm", "customer", "error"],
                "name": [
                    _("The firm pays its staff"),
                    _("The customer pays with time"),
                    _("Errors cost besides"),
                ],
                "credits": credits,
                "top": top,
                "words": [_("{credits} credits").format(credits=fixed(c)) for c in credits],
            }
        ),
        "costs": pd.DataFrame(
            {
                "share": SHARES.round(2),
                "payroll": every.payroll,
                "customer_time": every.customer_time,
                "error_loss": every.error_loss,
            }
        ).round(3),
        "best": pd.DataFrame(
            {
                "share": [best],
                "total": [least],
                "words": [lowest.format(total=fixed(least), share=percent(best, 0))],
            }
        ),
        "here": pd.DataFrame({"share": [share], "total": [float(now.total)]}),
        "ways": pd.DataFrame(
            {
                "way": [
                    _("Staff do all"),
                    _("Now: {share}").format(share=percent(share, 0)),
                    _("Cheapest: {share}").format(share=percent(best, 0)),
                    _("Customer does all"),
                ],
                "payroll": ways.payroll,
                "customer_time": ways.customer_time,
                "error_loss": ways.error_loss,
                "total": ways.total,
            }
        ),
        "line": pd.DataFrame({"share": SHARES.round(2), "value": served.round(2)}),
        "point": pd.DataFrame(
            {
                "share": [share],
                "value": [here_served if np.isfinite(here_served) else np.nan],
                "words": [_count(here_served)],
            }
        ),
        "error_line": pd.DataFrame({"share": SHARES.round(2), "value": errors.round(2)}),
        "error_point": pd.DataFrame(
            {"share": [share], "value": [here_error], "words": [fixed(here_error, 0)]}
        ),
    }
