"""The moving bar (D5.2): how delight fades, for each of a few customers."""

from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicequality.charts.expectation_updating import moving_bar as moving_bar_chart
from servicequality.charts.expectation_updating import (
    needed_performance,
    surprises,
    total_surprise,
)
from servicequality.models import expectation_updating as model
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

CUSTOMERS, VISITS = 24, 12
FIRST_SEED = 6
TOLD = (1, 5, VISITS)
FAILURE = 6
CEILING, HORIZON = 100, 24
HIGHEST_PLAN, LEAST_TOTAL, LEAST_EACH = 95, 60, 2
PATTERNS = {
    "constant": _("always the same"),
    "ratchet": _("better each time"),
    "alternating": _("good, bad, good, bad"),
    "failure": _("one failure, at visit 6"),
    "free": _("as I plan it"),
}
LEARNING = {
    "smoothing": _("by a share of the surprise"),
    "bayes": _("less with every visit (Bayes)"),
}
PLAN = tuple(f"visit_{number}" for number in range(1, VISITS + 1))
AVERAGE_SERVICE = 90
AS_THEY_ARE: dict[str, Value] = {
    "initial": 70,
    "learning": "smoothing",
    "alpha_up": 0.3,
    "alpha_down": 0.3,
    "initial_sd": 8,
    "performance_sd": 4,
    "alpha_spread": 0,
}
"""The customers at first."""


class Crowd(NamedTuple):
    """What the customers live through, up to the visit that is seen.

    Attributes
    ----------
    plan : ndarray
        Service at each of all twelve visits, on average.
    each, means : DataFrame
        From `servicequality.models.expectation_updating`: one row per customer and visit, and one
        row per visit.
    """

    plan: NDArray[np.float64]
    each: pd.DataFrame
    means: pd.DataFrame


def moving_bar() -> Demo:
    """Delight customers again and again, and watch each one's bar follow (D5.2).

    Returns
    -------
    Demo
        Model M5.3; the cases use O5.3.
    """
    return Demo(
        code="D5.2",
        title=_("The moving bar"),
        question=_("Delight them today. What about the tenth visit?"),
        evidence="T",
        assumption=_(
            "That each experience moves what people expect next was found by Boulding, Kalra, "
            "Staelin and Zeithaml (1993). In this model one number stands for all that a customer "
            "expects, and each visit moves it by a fixed share of the surprise. The customers are "
            "simulated: first expectations and luck differ by chance, in pairs of opposites, so "
            "that few customers have a steady mean."
        ),
        at_hand=(
            Slider(
                name="visits",
                label=_("Visits seen"),
                low=1,
                high=VISITS,
                step=1,
                default=2,
                button=_("Next visit"),
            ),
        ),
        taste=(
            Slider(
                name="performance",
                label=_("The service, on average"),
                low=30,
                high=CEILING,
                step=1,
                default=AVERAGE_SERVICE,
                unit=_("points"),
            ),
            Slider(
                name="initial",
                label=_("Expected at first, on average"),
                low=40,
                high=90,
                step=1,
                default=70,
                unit=_("points"),
            ),
        ),
        controls=(
            Choice(name="pattern", label=_("The service is"), options=PATTERNS, default="constant"),
            Group(
                _("The plan"),
                (
                    Slider(
                        name="step",
                        label=_("Surprise planned for each visit"),
                        low=0,
                        high=10,
                        step=0.5,
                        default=4,
                        unit=_("points"),
                    ),
                    Slider(
                        name="low",
                        label=_("The service on a bad visit"),
                        low=30,
                        high=CEILING,
                        step=1,
                        default=60,
                        unit=_("points"),
                    ),
                ),
            ),
            Group(
                _("The service, visit by visit"),
                tuple(
                    Slider(
                        name=name,
                        label=_("Visit {number}").format(number=number),
                        low=30,
                        high=CEILING,
                        step=1,
                        default=80,
                    )
                    for number, name in enumerate(PLAN, start=1)
                ),
            ),
            Group(
                _("How customers learn"),
                (
                    Choice(
                        name="learning",
                        label=_("They learn"),
                        options=LEARNING,
                        default="smoothing",
                    ),
                    _share("alpha_up", _("Share of a good surprise that they take over")),
                    _share("alpha_down", _("Share of a bad surprise")),
                    Slider(
                        name="prior_sd",
                        label=_("How unsure they are at first"),
                        low=1,
                        high=30,
                        step=1,
                        default=10,
                        unit=_("points"),
                    ),
                    Slider(
                        name="visit_sd",
                        label=_("How much they think visits vary"),
                        low=1,
                        high=30,
                        step=1,
                        default=15,
                        unit=_("points"),
                    ),
                ),
            ),
            Group(
                _("How customers differ"),
                (
                    Slider(
                        name="follow",
                        label=_("Follow one customer (0: nobody)"),
                        low=0,
                        high=CUSTOMERS,
                        step=1,
                        default=0,
                        button=_("Next customer"),
                    ),
                    Slider(
                        name="initial_sd",
                        label=_("First expectations vary by"),
                        low=0,
                        high=15,
                        step=1,
                        default=8,
                        unit=_("points"),
                    ),
                    Slider(
                        name="performance_sd",
                        label=_("What each gets varies by"),
                        low=0,
                        high=15,
                        step=1,
                        default=4,
                        unit=_("points"),
                    ),
                    Slider(
                        name="alpha_spread",
                        label=_("Speeds of learning differ"),
                        low=0,
                        high=1,
                        default=0,
                    ),
                    Slider(
                        name="draw", label=_("Other customers"), low=1, high=50, step=1, default=1
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("Hotel perk: two visits")),
            Preset(_("Hotel perk: twelve visits"), {"visits": VISITS}),
            Preset(
                _("Delivery: now good, now bad"),
                {
                    "visits": VISITS,
                    "pattern": "alternating",
                    "performance": 80,
                    "alpha_up": 0.2,
                    "alpha_down": 0.5,
                },
            ),
            Preset(
                _("Streaming: better each time"),
                {"visits": VISITS, "pattern": "ratchet", "initial": 60, "step": 6},
            ),
            Preset(_("One bad night"), {"visits": VISITS, "pattern": "failure"}),
            Preset(_("Quick and slow learners"), {"visits": VISITS, "alpha_spread": 1}),
            Preset(_("Less with every visit (Bayes)"), {"visits": VISITS, "learning": "bayes"}),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("What each customer expects: one thin line each, their mean in blue"),
                description=_(
                    "Lines over the visits, in points. A thin grey line for each of {customers} "
                    "simulated customers shows what that customer expects before each visit; a "
                    "strong line with circles is their mean. A line with squares is the service. "
                    "The stripe between the two is the mean surprise."
                ).format(customers=CUSTOMERS),
                chart=moving_bar_chart,
                tables=("customers", "means"),
                columns={
                    "visit": _("Visit"),
                    "performance": _("Service"),
                    "expected": _("Mean bar"),
                    "lower": _("Middle 80 % from"),
                    "upper": _("to"),
                },
                numbers_from="means",
                decimals=1,
                before_commit=True,
            ),
            Figure(
                title=_("Surprise at each visit: bars the mean, dots the customers"),
                description=_(
                    "A bar for the mean surprise of each visit, above zero for delight and below "
                    "for disappointment, and a dot for each customer's own surprise."
                ),
                chart=surprises,
                tables=("customers", "means"),
                columns={
                    "visit": _("Visit"),
                    "surprise": _("Mean surprise"),
                    "disappointed": _("Customers disappointed"),
                },
                numbers_from="means",
                decimals=1,
            ),
            Figure(
                title=_("All surprises so far, added up"),
                description=_(
                    "A thin line for each customer with the sum of all surprises up to each visit, "
                    "and a strong line for their mean."
                ),
                chart=total_surprise,
                tables=("customers", "means"),
                columns={"visit": _("Visit"), "total_surprise": _("Mean total")},
                numbers_from="means",
                decimals=1,
            ),
            Figure(
                title=_("What the planned surprise would take, visit after visit"),
                description=_(
                    "A rising line: the service that surprises an average customer by the same "
                    "amount at each of {visits} visits. A dashed line marks 100 points, the best "
                    "there is; points above it have another colour."
                ).format(visits=HORIZON),
                chart=needed_performance,
                tables=("needed", "ceiling"),
                columns={"visit": _("Visit"), "performance": _("Service needed")},
                decimals=1,
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} E_{t+1} = E_t + \alpha\,(P_t - E_t) \\ \\"
            r"P - E_n = (P - E_0)\,(1 - \alpha)^n \quad \text{if } P \text{ stays the same} \\ \\"
            r"\sum_t (P_t - E_t) = \dfrac{E_n - E_0}{\alpha} \end{matrix}"
        ),
        formula_note=_(
            "<i>E</i> what a customer expects, the bar; <i>P</i> what the customer gets; "
            "<i>P</i> − <i>E</i> the surprise; <i>α</i> the share of it that is taken over. Bad "
            "surprises may have an <i>α</i> of their own; then the last line does not hold. "
            "Bayesian customers weigh a visit by <i>τ</i>² / (<i>τ</i>² + <i>σ</i>²), with "
            "<i>τ</i> how unsure they still are. Boulding, Kalra, Staelin and Zeithaml (1993)."
        ),
        challenge=Challenge(
            goal=_(
                "With these customers (70 expected at first), and <b>never above 95 points</b>, "
                "let all surprises of <b>12 visits</b> add up to <b>60 or more</b>, with a mean "
                "surprise of <b>2 or more at every visit</b>, the last one too."
            ),
            solved=_solved,
            hint=_(
                "Whoever gives 95 at once has the sum, but nothing is left at the end. How little "
                "can you begin with?"
            ),
            success=_(
                "You held something back at first and got better later. It works for a while: to "
                "surprise again the service must rise again, and 100 points are the end."
            ),
        ),
    )


def _share(name: str, label: str) -> Slider:
    return Slider(name=name, label=label, low=0, high=1, step=0.05, default=0.3)


def _prediction() -> Prediction:
    path = model.expectation_after(np.arange(VISITS), 70, AVERAGE_SERVICE, 0.3)
    surprise = AVERAGE_SERVICE - path
    result = _(
        "The mean surprise falls from {first} to {second}, {third}, {fourth} and, at visit 5, to "
        "{fifth} points: each visit takes 30 % of what is left."
    ).format(
        **{
            name: fixed(float(points), 1)
            for name, points in zip(
                ("first", "second", "third", "fourth", "fifth"), surprise, strict=False
            )
        }
    )
    return Prediction(
        question=_(
            "The hotel gives 90 points every time to guests who expect 70 at first. The mean "
            "surprise is 20 points at visit 1, and 14 at visit 2. How large is it at visit 5?"
        ),
        options={
            "same": _("Still about 14: the service is as good as ever"),
            "ten": _("About 10"),
            "five": _("About 5"),
            "none": _("Nothing is left: −4, if 6 go each time"),
        },
        correct="five",
        feedback={
            "same": _("The service is as good, the bar is not where it was. {result}").format(
                result=result
            ),
            "ten": _("That is visit 3. {result}").format(result=result),
            "five": result,
            "none": _(
                "The smaller the surprise, the less it moves the bar, so it never quite ends. "
                "{result}"
            ).format(result=result),
        },
        values={"visits": VISITS},
    )


def _plan(state: State) -> NDArray[np.float64]:
    """Return the average service at each of the twelve visits."""
    pattern, usual = state["pattern"], state["performance"]
    if pattern == "ratchet":
        rising = model.performance_for_surprise(
            state["step"], state["initial"], state["alpha_up"], VISITS
        )
        return np.minimum(rising, CEILING)
    if pattern == "free":
        return np.array([state[name] for name in PLAN])
    plan = np.full(VISITS, usual)
    if pattern == "alternating":
        plan[1::2] = state["low"]
    elif pattern == "failure":
        plan[FAILURE - 1] = state["low"]
    return plan


def _crowd(state: State) -> Crowd:
    plan = _plan(state)
    customers = model.draw_customers(
        CUSTOMERS,
        state["initial"],
        plan,
        state["alpha_up"],
        state["alpha_down"],
        initial_sd=state["initial_sd"],
        performance_sd=state["performance_sd"],
        alpha_spread=state["alpha_spread"],
        seed=FIRST_SEED - 1 + int(state["draw"]),
    )
    if state["learning"] == "bayes":
        path = np.array(
            [
                [initial, *_believe(state, initial, performance)["mean"]]
                for initial, performance in zip(
                    customers.initial, customers.performance, strict=True
                )
            ]
        )
    else:
        path = model.expectation_path(*customers)
    each = model.visits_of_customers(path, customers.performance)
    each = each[each["visit"] <= state["visits"]]
    return Crowd(plan, each, model.summarise_visits(each))


def _believe(state: State, initial: float, performance: NDArray[np.float64]) -> pd.DataFrame:
    return model.bayes_path(initial, state["prior_sd"], performance, state["visit_sd"])


def _solved(state: State) -> bool:
    if state["visits"] < VISITS or any(state[name] != AS_THEY_ARE[name] for name in AS_THEY_ARE):
        return False
    plan, _each, means = _crowd(state)
    # Twelve times 5 is 60 but for the last digit.
    enough = means["total_surprise"].iloc[-1] > LEAST_TOTAL - 1e-6
    # At every visit: a failure on purpose would lower the bar, and buy a surprise for later.
    alive = means["surprise"].min() >= LEAST_EACH
    return bool(enough and alive and plan.max() <= HIGHEST_PLAN)


def _idle(state: State) -> frozenset[str]:
    pattern, bayes = state["pattern"], state["learning"] == "bayes"
    idle = {"prior_sd", "visit_sd"}
    if bayes:
        idle = {"alpha_down", "alpha_spread"}
        idle |= set() if pattern == "ratchet" else {"alpha_up", "step"}
    if pattern in ("ratchet", "free"):
        idle.add("performance")
    if pattern not in ("alternating", "failure"):
        idle.add("low")
    if pattern != "free":
        idle |= set(PLAN)
    return frozenset(idle)


def _view(state: State) -> View:
    crowd = _crowd(state)
    seen = int(state["visits"])
    told = sorted({visit for visit in TOLD if visit <= seen} | {seen})
    surprise = crowd.means.set_index("visit")["surprise"]
    last = crowd.means.iloc[-1]
    total = fixed(float(last["total_surprise"]), 1)
    points = {visit: fixed(float(surprise[visit]), 1, sign=True) for visit in told}
    return View(
        tables=_tables(state, crowd),
        numbers=(
            *(
                Number(label=_("surprise at visit {visit}").format(visit=visit), text=text)
                for visit, text in list(points.items())[-3:]
            ),
            Number(label=_("all surprises so far"), text=total),
        ),
        sentence=_(
            "<b>The mean surprise, in points, is {points}.</b> All surprises add up to {total}, "
            "and the mean bar has moved from {first} to {now}. Customers differ: before visit "
            "{seen} the middle 80 % expect {lower} to {upper} points, and <b>{sad} of {customers} "
            "get less than they expected</b>. {follow}"
        ).format(
            points=_listed(
                [
                    _("{points} at visit {visit}").format(points=text, visit=visit)
                    for visit, text in points.items()
                ]
            ),
            total=total,
            first=fixed(float(crowd.means["expected"].iloc[0]), 1),
            now=fixed(float(last["expected_after"]), 1),
            seen=seen,
            lower=fixed(float(last["lower"]), 1),
            upper=fixed(float(last["upper"]), 1),
            sad=int(last["disappointed"]),
            customers=CUSTOMERS,
            follow=_follow(state, crowd.each),
        ),
        explanation=_explain(state, crowd),
        teaser=_(
            "A hotel gives {service} points to guests who expect {initial} at first. Each of the "
            "{customers} thin lines is one simulated guest: what this guest expects before a "
            "visit, the <b>bar</b>. Before the second visit the mean bar stands at {bar}. Try "
            "another service, or other guests: <b>does the surprise last?</b>"
        ).format(
            service=fixed(state["performance"], 0),
            initial=fixed(state["initial"], 0),
            customers=CUSTOMERS,
            bar=fixed(float(crowd.means["expected"].iloc[-1]), 1),
        ),
        inactive=_idle(state),
    )


def _listed(parts: list[str]) -> str:
    *others, last = parts
    return _("{parts} and {last}").format(parts=", ".join(others), last=last) if others else last


def _follow(state: State, each: pd.DataFrame) -> str:
    if not state["follow"]:
        return ""
    own = each[each["customer"] == state["follow"]]
    return _(
        "Customer {number} came expecting {first}, now expects {now}, and has been surprised by "
        "{total} points in all."
    ).format(
        number=int(state["follow"]),
        first=fixed(float(own["expected"].iloc[0]), 1),
        now=fixed(float(own["expected_after"].iloc[-1]), 1),
        total=fixed(float(own["total_surprise"].iloc[-1]), 1),
    )


def _explain(state: State, crowd: Crowd) -> str:
    up, down, last = state["alpha_up"], state["alpha_down"], crowd.means.iloc[-1]
    if state["learning"] == "bayes":
        gains = _believe(state, state["initial"], crowd.plan)["gain"].iloc[: int(state["visits"])]
        return _(
            "The first visit counts for {first} of the belief, visit {seen} for {last}: the more "
            "visits lie behind customers, the less one more tells them. If the service itself "
            "keeps changing, this weight settles at a constant, and learning by a share of the "
            "surprise is the statistician's way."
        ).format(first=percent(gains.iloc[0], 0), last=percent(gains.iloc[-1], 0), seen=len(gains))
    if up != down:
        end = _("its worse end") if down > up else _("its better end")
        return _(
            "A good surprise moves the bar by {up} of itself, a bad one by {down}. So a service "
            "that goes up and down is remembered at {end}: it gave {mean} points on average, and "
            "the bar is at {now}."
        ).format(
            up=percent(up, 0),
            down=percent(down, 0),
            end=end,
            mean=fixed(float(crowd.means["performance"].mean()), 1),
            now=fixed(float(last["expected_after"]), 1),
        )
    if up == 0:
        return _(
            "These customers learn nothing: their bar stays at {now}, and each visit surprises as "
            "the first one did."
        ).format(now=fixed(float(last["expected_after"]), 1))
    if up == 1:
        return _(
            "These customers expect what they got last time: every surprise is gone after one "
            "visit, and the bar stands at {now}."
        ).format(now=fixed(float(last["expected_after"]), 1))
    halves = _(
        "Each visit moves the bar by {share} of the surprise; if the service stays the same, the "
        "surprise halves every {half} visits."
    ).format(share=percent(up, 0), half=fixed(float(model.surprise_half_life(up)), 1))
    if state["alpha_spread"]:
        return _(
            "{halves} That is the middle customer: slow learners go on being surprised for longer, "
            "so the mean surprise lasts longer than that of the middle customer."
        ).format(halves=halves)
    rise = float(last["expected_after"] - crowd.means["expected"].iloc[0])
    return _(
        "{halves} All surprises together, {total}, are what the bar has moved, {rise}, divided by "
        "{alpha}: {so}."
    ).format(
        halves=halves,
        total=fixed(float(last["total_surprise"]), 1),
        rise=fixed(rise, 1, sign=True),
        alpha=fixed(up),
        so=_("delight is paid for with a higher bar")
        if rise > 0
        else _("whoever is let down comes to expect less"),
    )


def _tables(state: State, crowd: Crowd) -> dict[str, pd.DataFrame]:
    each, means = crowd.each, crowd.means
    told = means["visit"].isin(TOLD)
    tables = {
        "customers": each[["customer", "visit", "expected", "surprise", "total_surprise"]]
        .round(1)
        .assign(followed=each["customer"] == state["follow"]),
        "means": means.round(2).assign(
            words=[
                fixed(points, 1, sign=True) if here else ""
                for here, points in zip(told, means["surprise"], strict=True)
            ]
        ),
    }
    if state["learning"] == "bayes":
        return tables
    needed = model.performance_for_surprise(
        state["step"], state["initial"], state["alpha_up"], HORIZON
    ).round(6)
    possible = needed <= CEILING
    return tables | {
        "needed": pd.DataFrame(
            {
                "visit": np.arange(1, HORIZON + 1),
                "performance": needed,
                "possible": possible,
            }
        ),
        "ceiling": pd.DataFrame(
            {
                "performance": [float(CEILING)],
                "words": [
                    _("100 is enough for {visits} visits").format(visits=int(possible.sum()))
                ],
            }
        ),
    }
