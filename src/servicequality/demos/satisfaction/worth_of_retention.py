"""What is a point of retention worth? (D6.4): a famous percentage is arithmetic, not a law."""

from gettext import gettext as _

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicequality.charts.lifetime_value import (
    bucket,
    cost_bars,
    gain_bars,
    margin_years,
    value_curve,
)
from servicequality.models import lifetime_value as model
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

HORIZONS = {
    "3": _("3 years"),
    "5": _("5 years"),
    "10": _("10 years"),
    "20": _("20 years"),
    "inf": _("For ever"),
}
RETENTION, POINTS, DISCOUNT = 90.0, 5.0, 10
YEARS = 30
RETENTIONS = np.linspace(50, 99, 50)
START, JOINING = 1000, 500
ALIKE = 5
"""Sum of the beta parameters of mixed customers: O6.8d has 1 and 4 at a retention of .8."""

CLAIM, CLAIMED_POINTS = 0.85, 5
CASES = (
    (60, 10, "inf"),
    (80, 10, "inf"),
    (90, 10, "inf"),
    (90, 15, "inf"),
    (90, 0, "inf"),
    (90, 10, "5"),
)
"""Retention, discount and horizon of the six rows of O6.8a."""


def worth_of_retention() -> Demo:
    """Work out what five points more of retention are worth, and when the claim holds (D6.4).

    Returns
    -------
    Demo
        Model M6.8; the table of gains is O6.8a.
    """
    return Demo(
        code="D6.4",
        title=_("What is a point of retention worth?"),
        question=_("“5 % more retention doubles profit.” Always?"),
        evidence="E",
        assumption=_(
            "The arithmetic is exact. In this model the yearly margin and the retention stay as "
            "they are, for as long as a customer stays; real customers who stay long may buy more "
            "or less (Reinartz and Kumar, 2000), and without a contract nobody sees who has left. "
            "“5 %” means five points: 95 instead of 90 of 100 customers."
        ),
        taste=(
            Slider(
                name="retention",
                label=_("Of 100 customers stay another year"),
                low=50,
                high=97,
                step=0.1,
                default=RETENTION,
            ),
        ),
        controls=(
            Slider(
                name="points",
                label=_("Points of retention more"),
                low=1,
                high=10,
                step=0.5,
                default=POINTS,
            ),
            Slider(
                name="discount",
                label=_("Discount for each year of waiting"),
                low=0,
                high=20,
                step=1,
                default=DISCOUNT,
                unit="%",
            ),
            Choice(name="horizon", label=_("Years that count"), options=HORIZONS, default="inf"),
            Group(
                _("Costs of keeping and of winning"),
                (
                    Slider(
                        name="margin",
                        label=_("Margin of a customer in a year"),
                        low=10,
                        high=500,
                        step=10,
                        default=100,
                        unit=_("credits"),
                    ),
                    Slider(
                        name="programme",
                        label=_("Programme that keeps them, for each customer"),
                        low=0,
                        high=20,
                        step=0.5,
                        default=4,
                        unit=_("credits"),
                    ),
                    Slider(
                        name="acquisition",
                        label=_("Winning a new customer"),
                        low=0,
                        high=400,
                        step=10,
                        default=150,
                        unit=_("credits"),
                    ),
                ),
            ),
            Group(
                _("Are they all alike?"),
                (Toggle(name="mixed", label=_("Customers differ: some leave early")),),
            ),
        ),
        presets=(
            Preset(_("90 to 95")),
            Preset(_("60 to 65"), {"retention": 60}),
            Preset(_("Without discount"), {"discount": 0}),
            Preset(_("Five years only"), {"horizon": "5"}),
            Preset(_("Customers differ"), {"retention": 80, "mixed": True}),
            Preset(_("A weak programme"), {"retention": 80, "points": 2}),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("What a customer still brings, year by year, in today's money"),
                description=_(
                    "A column for each year, falling from 100: what of 100 credits a year still "
                    "comes, because customers leave and later money counts less. An orange part on "
                    "top is what more retention adds. Pale columns lie beyond the years that count."
                ),
                chart=margin_years,
                tables=("years", "key"),
                columns={
                    "year": _("Year"),
                    "today": _("Today"),
                    "then": _("With more retention"),
                },
                decimals=1,
                before_commit=True,
                glide=True,
            ),
            Figure(
                title=_("The same five points, six situations, and yours"),
                description=_(
                    "Seven bars: the gain in the value of a customer from five points more, from "
                    "9 % over five years to 100 % without discount. Your setting is orange."
                ),
                chart=gain_bars,
                tables=("gains",),
                columns={"name": _("Situation"), "words": _("Gain in value")},
                glide=True,
            ),
            Figure(
                title=_("The higher retention is, the more a point is worth"),
                description=_(
                    "The value of a customer against retention: a curve that rises more and more "
                    "steeply. A circle stands at today's retention, a diamond at the higher one."
                ),
                chart=value_curve,
                tables=("curve", "points"),
                columns={
                    "name": _("When"),
                    "retention": _("Retention (%)"),
                    "value": _("Value (yearly margins)"),
                },
                numbers_from="points",
                glide=True,
            ),
            Figure(
                title=_("A leaky bucket: 1,000 customers, 500 join each year"),
                description=_(
                    "Two curves of the number of customers over thirty years, at today's retention "
                    "and at the higher one. Each levels off where as many leave as join."
                ),
                chart=bucket,
                tables=("bases", "ends"),
                columns={
                    "name": _("Retention"),
                    "customers": _("Customers after 30 years"),
                    "level": _("In the end"),
                },
                numbers_from="ends",
                decimals=0,
                glide=True,
            ),
            Figure(
                title=_("One customer more: keep by the programme, or win?"),
                description=_(
                    "Two bars: what it costs to keep one customer more by the programme, and to "
                    "win a new one. The cheaper is orange."
                ),
                chart=cost_bars,
                tables=("costs",),
                columns={"name": _("Way"), "cost": _("Credits")},
                decimals=0,
                glide=True,
            ),
        ),
        view=_view,
        formula=(
            r"\text{value} = m \, \frac{1 - x^T}{1 - x}, \quad x = \frac{r}{1 + d} \qquad "
            r"\text{for ever: } \; m \, \frac{1 + d}{1 + d - r}"
        ),
        formula_note=_(
            "<i>m</i> margin of a year, the first one now; <i>r</i> retention; <i>d</i> discount; "
            "<i>T</i> years that count. Berger and Nasr (1998). Keeping one customer more costs "
            "the programme for all of them, divided by the points it adds. The claim of 25 to "
            "85 %: Reichheld and Sasser (1990). Customers who differ: Fader and Hardie (2007)."
        ),
        challenge=Challenge(
            goal=_(
                "A famous article promises up to <b>85 %</b> more profit from five points. Find a "
                "setting in which five points bring <b>+85 %</b>, and say in one sentence what is "
                "special about it."
            ),
            solved=_solved,
            hint=_("Look at the six situations: what makes the gain grow?"),
            success=_(
                "It takes customers who stay for many years anyway, and late money that counts "
                "nearly as much as today's. That is arithmetic for a special case, not a law."
            ),
        ),
    )


def _prediction() -> Prediction:
    gain = float(_gain(RETENTION, POINTS, DISCOUNT, np.inf))
    endless = float(_gain(RETENTION, POINTS, 0, np.inf))
    five = float(_gain(RETENTION, POINTS, DISCOUNT, 5))
    result = _(
        "It is {gain} here. Without any discount it would be {endless}, and over five years {five}."
    ).format(gain=_signed(gain), endless=_signed(endless), five=_signed(five))
    return Prediction(
        question=_(
            "95 of 100 customers stay each year instead of 90; a year of waiting costs 10 %. How "
            "much more is a customer worth?"
        ),
        options={
            "five": _("About 5 % more"),
            "third": _("About a third more"),
            "most": _("85 % more"),
            "double": _("Twice as much"),
        },
        correct="third" if abs(gain - 1 / 3) < 0.05 else "double",
        feedback={
            "five": _(
                "Half as many leave as before, so that customers stay twice as long. {result}"
            ).format(result=result),
            "third": result,
            "most": _("So one reads; it takes special customers. {result}").format(result=result),
            "double": _("They stay twice as long, but late years count less. {result}").format(
                result=result
            ),
        },
    )


def _signed(gain: float) -> str:
    return f"{fixed(100 * gain, 1, sign=True)} %"


def _gain(retention: float, points: float, discount: float, horizon: float) -> float:
    return float(model.retention_gain(retention / 100, points / 100, discount / 100, horizon))


def _values(state: State, retention: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the value of a customer at each retention, in yearly margins."""
    shares, discount, horizon = retention / 100, state["discount"] / 100, float(state["horizon"])
    if not state["mixed"]:
        return np.asarray(model.clv(1.0, shares, discount, horizon), dtype=float)
    return np.array(
        [model.cohort_value(1.0, *_cohort(share), discount, horizon) for share in shares]
    )


def _cohort(share: float) -> tuple[float, float]:
    """Return the beta parameters of customers who differ, of whom this share stays at first."""
    return ALIKE * (1 - share), ALIKE * share


def _left(state: State, retention: float) -> NDArray[np.floating]:
    """Return the percentage of a year's margin that still comes, year by year."""
    if state["mixed"]:
        staying = model.cohort_survival(*_cohort(retention / 100), np.arange(YEARS))
    else:
        staying = model.leaky_bucket(1.0, retention / 100, 0.0, YEARS - 1)
    return 100 * staying / (1 + state["discount"] / 100) ** np.arange(YEARS)


def _then(state: State) -> float:
    then = state["retention"] + state["points"]
    if then > 100 - 1e-9:
        raise ValueError(
            _(
                "{now} and {points} points more: that would be everybody, or more. Lower one of "
                "the two, so that together they stay below 100."
            ).format(now=fixed(state["retention"], 1), points=fixed(state["points"], 1))
        )
    return round(then, 6)


def _both(state: State) -> tuple[float, float]:
    """Return the value of a customer today and then, in yearly margins."""
    today, then = _values(state, np.array([state["retention"], _then(state)])).tolist()
    if not np.isfinite(then):
        raise ValueError(
            _(
                "Some of these customers stay so long that without a discount their value has no "
                "limit. Set a discount, or count fewer years."
            )
        )
    return today, then


def _solved(state: State) -> bool:
    if state["points"] != CLAIMED_POINTS or state["retention"] + CLAIMED_POINTS > 100 - 1e-9:
        return False
    if state["mixed"]:
        return False
    today, then = _both(state)
    return abs(then / today - 1 - CLAIM) < 0.005


def _view(state: State) -> View:
    now, later = state["retention"], _then(state)
    today, then = _both(state)
    gain = then / today - 1
    kept = float(model.cost_per_retained(state["programme"], state["points"] / 100))
    years = pd.DataFrame(
        {
            "year": range(1, YEARS + 1),
            "today": _left(state, now).round(2),
            "then": _left(state, later).round(2),
            "counted": np.arange(YEARS) < float(state["horizon"]),
        }
    )
    return View(
        tables={
            "years": years,
            "key": _key(state, today, then, gain),
            "gains": _gains(gain),
            **_curve(state, now, later),
            **_bucket(state, now, later),
            "costs": _costs(state, kept),
        },
        covers={
            "years": years.assign(then=years["today"]),
            "key": pd.DataFrame(
                {
                    "line": [1, 2],
                    "words": [
                        _("{now} of 100 stay").format(now=_rate(now)),
                        _("5 points more: ?"),
                    ],
                    "more": [False, True],
                }
            ),
        },
        numbers=(
            Number(label=_("value of a customer (credits)"), text=_credits(state, today)),
            Number(
                label=_("with {points} points more").format(points=_rate(state["points"])),
                text=_credits(state, then),
            ),
            Number(label=_("gain"), text=_signed(gain)),
            Number(label=_("to keep one customer more (credits)"), text=fixed(kept, 0)),
        ),
        sentence=_sentence(state, now, later, today, then, gain, kept),
        explanation=_explanation(state, now, later, today, gain),
        teaser=_(
            "Each year {now} of 100 customers stay. The blue columns show what is left of 100 "
            "credits a year, in today's money: the customer's value is all of them together. "
            "<b>What do five points more add?</b>"
        ).format(now=_rate(now)),
    )


def _rate(value: float) -> str:
    return fixed(value, 0 if np.isclose(value, round(value)) else 1)


def _credits(state: State, value: float) -> str:
    return f"{value * state['margin']:,.0f}"


def _sentence(
    state: State,
    now: float,
    later: float,
    today: float,
    then: float,
    gain: float,
    kept: float,
) -> str:
    told = _(
        "<b>From {now} to {later} of 100 who stay, a customer is worth {then} instead of {today} "
        "credits: {gain}.</b>"
    ).format(
        now=_rate(now),
        later=_rate(later),
        then=_credits(state, then),
        today=_credits(state, today),
        gain=_signed(gain),
    )
    if not state["mixed"]:
        told += " " + _(
            "The same step would be {endless} without discount and limit, and {five} over five "
            "years."
        ).format(
            endless=_signed(_gain(now, state["points"], 0, np.inf)),
            five=_signed(_gain(now, state["points"], state["discount"], 5)),
        )
    return f"{told} " + _(
        "Keeping one customer more by the programme costs {kept} credits, winning one {won}."
    ).format(kept=fixed(kept, 0), won=fixed(state["acquisition"], 0))


def _explanation(state: State, now: float, later: float, today: float, gain: float) -> str:
    if state["mixed"]:
        early, late = model.cohort_retention(*_cohort(now / 100), [1, 4])
        return _(
            "Nobody changes, yet {early} of the customers stay in the first year and {late} in "
            "the fourth: those likely to leave go first. Such a cohort is worth {value} yearly "
            "margins; customers who are all alike, with the same {early} at first, {alike}."
        ).format(
            early=percent(float(early), 0),
            late=percent(float(late), 1),
            value=fixed(today),
            alike=fixed(float(_values({**state, "mixed": False}, np.array([now]))[0])),
        )
    stay, longer = (1 / (1 - rate / 100) for rate in (now, later))
    told = _("A customer stays {stay} years on average, and would stay {longer}.").format(
        stay=fixed(stay, 1), longer=fixed(longer, 1)
    )
    if state["discount"] == 0 and state["horizon"] == "inf":
        return f"{told} " + _(
            "Without discount and limit every year counts in full, so that the value grows like "
            "the years: {gain}. Late years rarely count like the first one."
        ).format(gain=_signed(gain))
    if state["discount"] == 0:
        late = _("But years that you do not count bring nothing")
    elif state["horizon"] == "inf":
        late = _("But money of later years counts less, {discount} % a year")
    else:
        late = _(
            "But money of later years counts less, {discount} % a year, and in the end nothing"
        )
    return f"{told} " + _(
        "{late}, so that {more} years more bring {gain}: it depends on where you start, on the "
        "discount and on the years you count."
    ).format(
        late=late.format(discount=fixed(state["discount"], 0)),
        more=fixed(longer - stay, 1),
        gain=_signed(gain),
    )


def _key(state: State, today: float, then: float, gain: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "line": [1, 2],
            "words": [
                _("today {value} credits").format(value=_credits(state, today)),
                _("{points} points more: {gain}").format(
                    points=_rate(state["points"]), gain=_signed(gain)
                ),
            ],
            "more": [False, True],
        }
    )


def _gains(gain: float) -> pd.DataFrame:
    names, gains = [], []
    for retention, discount, horizon in CASES:
        name = _("{now} to {later}").format(now=retention, later=retention + CLAIMED_POINTS)
        if discount != DISCOUNT:
            name += _(", discount {discount} %").format(discount=discount)
        if horizon != "inf":
            name += _(", over {years} years").format(years=horizon)
        names.append(name)
        gains.append(_gain(retention, CLAIMED_POINTS, discount, float(horizon)))
    order = np.argsort(gains, kind="stable")
    return pd.DataFrame(
        {
            "name": [*(names[at] for at in order), _("Your setting")],
            "gain": [*(100 * gains[at] for at in order), 100 * gain],
            "words": [*(_signed(gains[at]) for at in order), _signed(gain)],
            "chosen": [False] * len(order) + [True],
        }
    )


def _curve(state: State, now: float, later: float) -> dict[str, pd.DataFrame]:
    values, both = _values(state, RETENTIONS), _values(state, np.array([now, later]))
    return {
        "curve": pd.DataFrame({"retention": RETENTIONS, "value": values})[
            np.isfinite(values)
        ].round(2),
        "points": pd.DataFrame(
            {
                "name": [_("today"), _("then")],
                "retention": [now, later],
                "value": both,
                "words": [fixed(value) for value in both],
                "more": [False, True],
            }
        ),
    }


def _bucket(state: State, now: float, later: float) -> dict[str, pd.DataFrame]:
    if state["mixed"]:
        return {}
    bases, ends = [], []
    for rate, more in ((now, False), (later, True)):
        customers = model.leaky_bucket(START, rate / 100, JOINING, YEARS)
        level = float(model.steady_state(rate / 100, JOINING))
        bases.append(
            pd.DataFrame({"year": range(YEARS + 1), "customers": customers.round(), "more": more})
        )
        ends.append(
            {
                "name": _("{rate} of 100").format(rate=_rate(rate)),
                "year": YEARS,
                "customers": round(float(customers[-1])),
                "level": round(level),
                "words": _("{rate} of 100 stay: {level} in the end").format(
                    rate=_rate(rate), level=f"{level:,.0f}"
                ),
                "more": more,
            }
        )
    return {"bases": pd.concat(bases), "ends": pd.DataFrame(ends)}


def _costs(state: State, kept: float) -> pd.DataFrame:
    costs = [kept, float(state["acquisition"])]
    return pd.DataFrame(
        {
            "name": [_("Keep one more"), _("Win a new one")],
            "cost": costs,
            "words": [_("{cost} credits").format(cost=fixed(cost, 0)) for cost in costs],
            "chosen": [costs[0] < costs[1], costs[1] < costs[0]],
        }
    )
