"""The control room (D3.4): tell a change from noise, and how often charts cry wolf."""

import math
from functools import cache
from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicequality import data
from servicequality.charts.control_charts import control_chart, histograms, run_lengths
from servicequality.models import control_charts as cc
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

DAYS, BASELINE, KNOWN_DAY = 90, 30, 61
SECRET_DAYS = (38, 76)
FIRST_SEED = 226
IN_TIME = 10
BINS = 24
LONGEST = 1000


class Measure(NamedTuple):
    """A daily figure that can be simulated.

    Attributes
    ----------
    caption, level : str
        What it is, and how a level of it is written.
    before, highest : float
        Level before the change, and the highest after it.
    after : str
        Name of the control for the level after it.
    span : (low, high)
        Part of the scale that is always shown.
    """

    caption: str
    level: str
    before: float
    highest: float
    after: str
    span: tuple[float, float]


MEASURES = {
    "wrong": Measure(
        _("wrong answers, in % of {n} calls a day"), _("{level} %"), 6, 15, "wrong_after", (0, 16)
    ),
    "complaints": Measure(
        _("complaints a day"), _("{level} a day"), 9, 20, "complaints_after", (0, 26)
    ),
    "minutes": Measure(
        _("mean minutes of a call, day by day"),
        _("{level} min"),
        6.2,
        8.2,
        "minutes_after",
        (3, 9.8),
    ),
}
SPREAD = 0.5
SOURCES = {
    "wrong": _("Wrong answers (p chart)"),
    "complaints": _("Complaints (c chart)"),
    "minutes": _("Minutes of a call (I chart)"),
    "centre": _("A contact centre (synthetic data)"),
    "lights": _("Boston street lights (real data)"),
    "emergency": _("English emergency departments (real data)"),
}
WHEN = {"known": _("On day 61"), "secret": _("On a secret day"), "never": _("Never")}
AFTERS = tuple(measure.after for measure in MEASURES.values())
WORLD = ("n", "stop", "when", "react", "draw", *AFTERS)


class Record(NamedTuple):
    """What is charted.

    Attributes
    ----------
    chart : DataFrame
        From `servicequality.models.control_charts`, as a reader sees the values; index x.
    names : dict of int to str
        Name of each x.
    change : float
        The x from which something was different; inf if nothing was.
    caption : str
        What the values are.
    span : (low, high)
        Part of their scale that is always shown.
    alone : ndarray
        The values if nobody had reacted to any.
    """

    chart: pd.DataFrame
    names: dict[int, str]
    change: float
    caption: str
    span: tuple[float, float]
    alone: NDArray[np.float64]


def control_room() -> Demo:
    """Watch 90 daily points and their limits, and tell a change from noise (D3.4).

    Returns
    -------
    Demo
        Model M3.4; run lengths are those of O3.4, the real services R3.1 and R3.2.
    """
    first = _record(_first_world())
    delay = cc.judge(first.chart["signal"], KNOWN_DAY).delay
    result = _(
        "The first point beyond the limit comes on day {day}, the {delay}th day after the change. "
        "On average it takes {average} days: a day with 9 % wrong answers has a chance of only "
        "{chance} to lie outside."
    ).format(
        day=int(KNOWN_DAY + delay - 1),
        delay=int(delay),
        average=fixed(_average(_first_world()), 1),
        chance=percent(1 / _average(_first_world()), 0),
    )
    return Demo(
        code="D3.4",
        title=_("The control room"),
        question=_("Something changed. When would you notice, and how often do you cry wolf?"),
        evidence="T",
        assumption=_(
            "Limits and run lengths are established. In this model days are independent and change "
            "once, suddenly and for good; real days follow weekdays and resemble their neighbours. "
            "Calls, complaints and minutes are simulated, the contact centre is synthetic; Boston "
            "and the emergency departments are real."
        ),
        at_hand=(
            Slider(
                name="days",
                label=_("Days seen"),
                low=35,
                high=DAYS,
                step=1,
                default=60,
                button=_("Next day"),
            ),
            Toggle(name="stop", label=_("Stop! Something has changed")),
        ),
        taste=(
            Slider(
                name="n", label=_("Calls checked a day"), low=50, high=500, step=10, default=200
            ),
        ),
        controls=(
            Choice(name="source", label=_("What is charted"), options=SOURCES, default="wrong"),
            Group(
                _("The change"),
                (
                    Choice(name="when", label=_("It comes"), options=WHEN, default="known"),
                    Slider(
                        name="wrong_after",
                        label=_("Wrong answers, from 6 % to"),
                        low=MEASURES["wrong"].before,
                        high=MEASURES["wrong"].highest,
                        step=0.5,
                        default=9,
                        unit="%",
                    ),
                    Slider(
                        name="complaints_after",
                        label=_("Complaints, from 9 a day to"),
                        low=MEASURES["complaints"].before,
                        high=MEASURES["complaints"].highest,
                        step=0.5,
                        default=13,
                    ),
                    Slider(
                        name="minutes_after",
                        label=_("Minutes of a call, from 6.2 to"),
                        low=MEASURES["minutes"].before,
                        high=MEASURES["minutes"].highest,
                        default=6.7,
                        unit=_("min"),
                    ),
                    Slider(
                        name="draw", label=_("Another 90 days"), low=1, high=50, step=1, default=1
                    ),
                ),
            ),
            Group(
                _("How to react"),
                (
                    Toggle(name="runs", label=_("Also signal 8 points in a row on one side")),
                    Toggle(name="react", label=_("Readjust after every single day")),
                ),
            ),
        ),
        presets=(
            Preset(_("The first 60 days")),
            Preset(_("All 90 days"), {"days": DAYS}),
            Preset(_("Only 50 calls a day"), {"days": DAYS, "n": 50}),
            Preset(_("Complaints"), {"days": DAYS, "source": "complaints"}),
            Preset(
                _("React to everything"),
                {"days": DAYS, "source": "minutes", "when": "never", "react": True},
            ),
            Preset(_("Secret day"), {"days": 35, "when": "secret"}),
            Preset(_("Contact centre"), {"days": DAYS, "source": "centre"}),
            Preset(_("Boston street lights"), {"source": "lights"}),
            Preset(_("English emergency departments"), {"source": "emergency"}),
        ),
        prediction=Prediction(
            question=_(
                "From day 61 on, 9 % of the answers are wrong instead of 6 %, with 200 calls a "
                "day. When does the first point lie beyond the limits?"
            ),
            options={
                "once": _("At once, on day 61"),
                "soon": _("After 2 or 3 days"),
                "week": _("After about a week"),
                "month": _("Not within the 30 days"),
            },
            correct="week",
            feedback={
                "once": _(
                    "Half as many mistakes again sounds like much, but single days vary widely. "
                    "{result}"
                ).format(result=result),
                "soon": _(
                    "For that, two days in five would have to lie beyond the limits. {result}"
                ).format(result=result),
                "week": result,
                "month": _("It takes patience, but not that much. {result}").format(result=result),
            },
            values={"days": DAYS},
        ),
        panels=(
            Figure(
                title=_("Point by point: noise stays between the limits"),
                description=_(
                    "A control chart: points in order of time with a centre line and dashed upper "
                    "and lower limits. Points between the limits are small circles, signals are "
                    "larger triangles. A vertical line marks a change where it is known."
                ),
                chart=control_chart,
                tables=("points", "limits", "change", "frame"),
                columns={"name": _("Point"), "value": _("Value"), "verdict": _("Verdict")},
                before_commit=True,
            ),
            Figure(
                title=_("How the values spread"),
                description=_(
                    "One or two histograms above each other on the same scale: before and after "
                    "the change, or left alone and readjusted."
                ),
                chart=histograms,
                tables=("bins",),
                columns={
                    "name": _("Which"),
                    "low": _("From"),
                    "high": _("To"),
                    "count": _("How many"),
                },
                decimals=1,
            ),
            Figure(
                title=_("How long until the chart signals, on average?"),
                description=_(
                    "A falling curve: the average number of days until a point lies beyond the "
                    "limits, against the level after the change; a diamond stands at the present "
                    "change. At no change the curve tells how rare false alarms are."
                ),
                chart=run_lengths,
                tables=("curve", "here"),
                columns={"level": _("Level after the change"), "days": _("Days on average")},
                decimals=1,
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} p: \; \bar p \pm 3 \sqrt{\bar p (1 - \bar p) / n} \qquad "
            r"c: \; \bar c \pm 3 \sqrt{\bar c} \qquad "
            r"I: \; \bar x \pm 2.66 \, \overline{MR} \\ \\"
            r"\text{average run length} = 1 / P(\text{point beyond the limits}) \end{matrix}"
        ),
        formula_note=_(
            "<i>p̄</i> share, <i>c̄</i> count and <i>x̄</i> value on average, <i>n</i> units a day, "
            "<i>MR</i> the distance of two days in a row. Limits come from the data, here from the "
            "first 30 days, never from a target. Limits of shares and counts stop at 0. Shewhart "
            "(1931); readjusting after every point doubles the variance: Deming (1986)."
        ),
        challenge=Challenge(
            goal=_(
                "Take the case <b>Secret day</b> as it is. Go on day by day, and press "
                "<b>Stop</b> within <b>ten days</b> after the change, but <b>not before</b> it."
            ),
            solved=_solved,
            hint=_(
                "A point near a limit is noise. Wait for one beyond it, then ask whether the days "
                "around it lie higher than they used to."
            ),
            success=_(
                "Soon enough, and no false alarm. With single days as guide you would have cried "
                "wolf long before."
            ),
        ),
    )


def _first_world() -> State:
    return {
        "source": "wrong",
        "n": 200,
        "when": "known",
        "wrong_after": 9.0,
        "draw": 1,
        "runs": False,
    }


def _seed(state: State) -> int:
    return FIRST_SEED - 1 + int(state["draw"])


def _change(state: State) -> int:
    """Return the first day that is different; past the last if none is."""
    if state["when"] == "secret":
        return int(np.random.default_rng([_seed(state), 1]).integers(*SECRET_DAYS))
    return KNOWN_DAY if state["when"] == "known" else DAYS + 1


def _solved(state: State) -> bool:
    first = _first_world()
    as_it_is = all(state[name] == first[name] for name in ("source", "n", "wrong_after"))
    playing = as_it_is and state["when"] == "secret" and state["stop"]
    return bool(playing and 0 <= state["days"] - _change(state) < IN_TIME)


def _record(state: State) -> Record:
    if state["source"] == "centre":
        return _contact_centre(state["runs"])
    if state["source"] == "lights":
        return _street_lights()
    if state["source"] == "emergency":
        return _emergency_departments()
    return _simulated(state)


def _simulated(state: State) -> Record:
    source, n, day, seed = state["source"], int(state["n"]), _change(state), _seed(state)
    measure = MEASURES[source]
    after, run = state[measure.after], cc.RUN if state["runs"] else None
    if source == "wrong":
        counts = cc.simulate_p(DAYS, n, measure.before / 100, after / 100, day, seed)
        chart = _in_percent(cc.p_chart(counts, n, BASELINE, run))
        alone = chart["value"].to_numpy()
    elif source == "complaints":
        alone = cc.simulate_c(DAYS, measure.before, after, day, seed).astype(float)
        chart = cc.c_chart(alone, BASELINE, run)
    else:
        alone = cc.simulate_i(DAYS, measure.before, after, SPREAD, day, seed)
        values = cc.tamper(alone, measure.before) if _reacting(state) else alone
        chart = cc.i_chart(values, BASELINE, run)
    chart.index = pd.RangeIndex(1, DAYS + 1)
    return Record(
        chart=chart,
        names=_day_names(),
        change=day if day <= DAYS else math.inf,
        caption=measure.caption.format(n=n),
        span=measure.span,
        alone=alone,
    )


def _in_percent(chart: pd.DataFrame) -> pd.DataFrame:
    columns = ["value", "center", "lcl", "ucl"]
    return chart.assign(**{column: 100 * chart[column] for column in columns})


def _day_names() -> dict[int, str]:
    return {day: _("day {day}").format(day=day) for day in range(1, DAYS + 1)}


@cache
def _contact_centre(runs: bool) -> Record:
    days = data.load("contact-centre-daily").dropna(subset=["calls", "defects"])
    known = int((days["day"] <= BASELINE).sum())
    chart = cc.p_chart(days["defects"], days["calls"], known, cc.RUN if runs else None)
    chart = _in_percent(chart.set_axis(days["day"]))
    return Record(
        chart=chart,
        names=_day_names(),
        change=KNOWN_DAY,
        caption=_("wrong answers, in % of the day's calls (synthetic)"),
        span=MEASURES["wrong"].span,
        alone=chart["value"].to_numpy(),
    )


@cache
def _street_lights() -> Record:
    """Return the share of late repairs by opening week, weeks of at least 20 requests (R3.1)."""
    requests = data.load("boston-311").dropna(subset=["closed_dt", "target_dt"])
    lights = requests[requests["type"] == "Street Light Outages"]
    late = lights["ontime_status"] != "ONTIME"
    weeks = late.groupby(lights["open_dt"].dt.to_period("W-SUN")).agg(["size", "sum"])
    weeks = weeks[weeks["size"] >= 20]
    names = [f"{week.start_time.day} {week.start_time:%B}" for week in weeks.index]
    return _ranked(
        cc.p_chart(weeks["sum"], weeks["size"]),
        names,
        _("repairs later than promised, in %, week by week"),
        (0, 60),
    )


@cache
def _emergency() -> pd.DataFrame:
    """Return the major emergency departments of England in January 2018, the smallest first."""
    rows = data.load("nhs-ae")
    month = rows[(rows["type"] == "1") & (rows["period"] == "2018-01-01")]
    return month.sort_values("attendances")


@cache
def _emergency_departments() -> Record:
    rows = _emergency()
    return _ranked(
        cc.p_chart(rows["breaches"], rows["attendances"]),
        rows["org_code"].tolist(),
        _("patients over four hours, in %; small to large"),
        (0, 50),
    )


def _ranked(
    chart: pd.DataFrame, names: list[str], caption: str, span: tuple[float, float]
) -> Record:
    numbered = _in_percent(chart).set_axis(range(1, len(chart) + 1))
    labels = dict(enumerate(names, start=1))
    return Record(numbered, labels, math.inf, caption, span, numbered["value"].to_numpy())


def _daily(state: State) -> bool:
    return state["source"] in MEASURES or state["source"] == "centre"


def _secret(state: State) -> bool:
    """Say whether the change is still to be found."""
    return bool(state["source"] in MEASURES and state["when"] == "secret" and not state["stop"])


def _reacting(state: State) -> bool:
    return bool(state["source"] == "minutes" and state["react"] and state["when"] != "secret")


def _average(state: State) -> float:
    """Return the average days until a point lies beyond the limits, at the level after."""
    source = "wrong" if state["source"] == "centre" else state["source"]
    return float(_averages(source, state, np.array([_after(state)]))[0])


def _after(state: State) -> float:
    if state["source"] == "centre":
        return 9.0
    measure = MEASURES[state["source"]]
    return float(measure.before if state["when"] == "never" else state[measure.after])


def _averages(source: str, state: State, levels: NDArray[np.float64]) -> NDArray[np.float64]:
    before = MEASURES[source].before
    if source == "wrong":
        n = 200 if state["source"] == "centre" else int(state["n"])
        chance = cc.p_signal_chance(levels / 100, n, before / 100)
    elif source == "complaints":
        chance = cc.c_signal_chance(levels, before)
    else:
        chance = cc.i_signal_chance((levels - before) / SPREAD)
    return cc.average_run_length(chance)


def _idle(state: State) -> frozenset[str]:
    if not _daily(state):
        return frozenset([*WORLD, "days", "runs"])
    if state["source"] == "centre":
        return frozenset(WORLD)
    source = state["source"]
    idle = set(AFTERS) - {MEASURES[source].after}
    idle |= {MEASURES[source].after} if state["when"] == "never" else set()
    idle |= set() if source == "wrong" else {"n"}
    idle |= set() if source == "minutes" and state["when"] != "secret" else {"react"}
    if state["when"] != "secret":
        idle.add("stop")
    elif state["stop"]:
        idle.add("days")
    return frozenset(idle)


def _view(state: State) -> View:
    record = _record(state)
    seen = record.chart
    if _daily(state):
        seen = seen[seen.index <= state["days"]]
    if state["source"] == "lights":
        told = _tell_lights(record)
    elif state["source"] == "emergency":
        told = _tell_emergency(record)
    elif _reacting(state):
        told = _tell_reaction(state, record)
    elif state["when"] == "secret" and state["source"] in MEASURES:
        told = _tell_secret(state, record, seen)
    else:
        told = _tell_known(state, record, seen)
    numbers, sentence, explanation = told
    return View(
        tables=_tables(state, record, seen),
        numbers=tuple(Number(label=label, text=text) for label, text in numbers),
        sentence=sentence,
        explanation=explanation,
        teaser=_(
            "A call centre (simulated) checks {n} calls a day: each dot is the share of wrong "
            "answers on one day. The first 30 days make the limits; by chance a point lies beyond "
            "them once in {wolf} days. Check more or fewer calls and watch the limits."
        ).format(n=int(state["n"]), wolf=fixed(_wolf(state), 0)),
        inactive=_idle(state),
    )


Told = tuple[list[tuple[str, str]], str, str]


def _wolf(state: State) -> float:
    """Return the average days from one false alarm to the next."""
    source = "wrong" if state["source"] not in MEASURES else state["source"]
    return float(_averages(source, state, np.array([MEASURES[source].before]))[0])


def _days(number: float) -> str:
    return _("{number} days").format(number=fixed(number, 0 if number >= 100 else 1))


def _judge(record: Record, seen: pd.DataFrame) -> cc.Verdict:
    """Judge the days seen; days that were not recorded do not signal."""
    every = seen["signal"].reindex(range(1, int(seen.index[-1]) + 1), fill_value=False)
    change = record.change if math.isfinite(record.change) else DAYS + 1
    return cc.judge(every.to_numpy(), int(change))


def _tell_known(state: State, record: Record, seen: pd.DataFrame) -> Told:
    verdict, wolf = _judge(record, seen), _days(_wolf(state))
    seen_days = int(state["days"])
    come = math.isfinite(record.change) and seen_days >= record.change
    numbers = [(_("false alarms"), str(verdict.false_alarms))]
    alarms = _("There {were} before it. ").format(
        were=_("was no false alarm")
        if verdict.false_alarms == 0
        else _("was 1 false alarm")
        if verdict.false_alarms == 1
        else _("were {count} false alarms").format(count=verdict.false_alarms)
    )
    rare = _("Chance alone puts a point beyond these limits once in {wolf}.").format(wolf=wolf)
    why = _limits_words(seen) + " " + rare
    if not come:
        numbers.append((_("a false alarm once in"), wolf))
        sentence = _(
            "<b>{days} days seen, and nothing has changed.</b> Signals so far: {signals}. Chance "
            "alone makes one in {wolf}."
        ).format(days=seen_days, signals=_signals(seen, record), wolf=wolf)
        return numbers, sentence, why
    average = _days(_average(state))
    after = _("From day {day} on the level is {after} instead of {before}. ").format(
        day=int(record.change),
        before=_level(state, MEASURES[_measure(state)].before),
        after=_level(state, _after(state)),
    )
    if math.isfinite(verdict.delay):
        day = int(record.change + verdict.delay - 1)
        numbers.append((_("first signal after the change"), _("day {day}").format(day=day)))
        sentence = _("<b>The chart signals on day {day}: it took {delay}.</b> ").format(
            day=day, delay=_spell(int(verdict.delay))
        )
    else:
        numbers.append((_("first signal after the change"), _("none yet")))
        sentence = _("<b>The change has come, but the chart has not signalled yet.</b> ")
    numbers += [(_("to the signal, on average"), average), (_("a false alarm once in"), wolf)]
    sentence += after + alarms + _("On average the signal takes {average}.").format(average=average)
    return numbers, sentence, why


def _spell(days: int) -> str:
    return _("1 day") if days == 1 else _("{days} days").format(days=days)


def _measure(state: State) -> str:
    return state["source"] if state["source"] in MEASURES else "wrong"


def _level(state: State, level: float) -> str:
    digits = 0 if float(level).is_integer() else 1
    return MEASURES[_measure(state)].level.format(level=fixed(level, digits))


def _limits_words(seen: pd.DataFrame) -> str:
    last = seen.iloc[-1]
    return _(
        "The first 30 days average {center}, so single days stay between {lcl} and {ucl} as long "
        "as nothing changes; a target that somebody wishes for would be no limit."
    ).format(center=fixed(last["center"], 1), lcl=fixed(last["lcl"], 1), ucl=fixed(last["ucl"], 1))


def _signals(seen: pd.DataFrame, record: Record) -> str:
    names = [record.names[int(x)] for x in seen.index[seen["signal"]]]
    return ", ".join(names) if names else _("none")


def _tell_secret(state: State, record: Record, seen: pd.DataFrame) -> Told:
    days, wolf = int(state["days"]), _days(_wolf(state))
    signals = int(seen["signal"].sum())
    if not state["stop"]:
        numbers = [(_("signals so far"), str(signals)), (_("a false alarm once in"), wolf)]
        sentence = _(
            "<b>{days} days seen. Has something changed?</b> Signals so far: {count} ({signals}). "
            "Go on to the next day, or press Stop."
        ).format(days=days, count=signals, signals=_signals(seen, record))
        return numbers, sentence, _limits_words(seen)
    change = int(record.change)
    late = days - change + 1
    if late < 1:
        # The day stays secret, so that the search can go on.
        numbers = [(_("you stopped on"), _("day {day}").format(day=days))]
        sentence = _(
            "<b>A false alarm: on day {days} nothing had changed yet.</b> Take Stop back and go on."
        ).format(days=days)
        return numbers, sentence, _limits_words(seen)
    if late <= IN_TIME:
        judged = _("<b>Well seen: you stopped on day {days}, it changed on day {day}.</b> ")
    else:
        judged = _("<b>Late: you stopped on day {days}, it changed on day {day}.</b> ")
    verdict = _judge(record, record.chart)
    chart_day = (
        _("The chart signals on day {day}.").format(day=int(change + verdict.delay - 1))
        if math.isfinite(verdict.delay)
        else _("The chart does not signal in 90 days.")
    )
    numbers = [
        (_("you stopped on"), _("day {day}").format(day=days)),
        (_("the change came on"), _("day {day}").format(day=change)),
        (_("to the signal, on average"), _days(_average(state))),
    ]
    return numbers, judged.format(days=days, day=change) + chart_day, _limits_words(seen)


def _tell_reaction(state: State, record: Record) -> Told:
    seen = int(state["days"])
    alone, reacted = record.alone[:seen], record.chart["value"].to_numpy()[:seen]
    before, after = float(alone.var(ddof=1)), float(reacted.var(ddof=1))
    ratio = _("{times} times").format(times=fixed(after / before))
    numbers = [
        (_("variance if left alone"), fixed(before)),
        (_("variance when readjusted"), fixed(after)),
        (_("that is"), ratio),
    ]
    sentence = _(
        "<b>Whoever readjusts after every day gets {ratio} the variance</b>: {after} instead of "
        "{before} over {days} days. In the long run of a stable process it is exactly twice."
    ).format(ratio=ratio, after=fixed(after), before=fixed(before), days=seen)
    explanation = _(
        "A long day is followed by pressure to be quick, a short one by ease; but the length was "
        "chance and would have gone by itself. So each correction adds the last day's chance to "
        "the next: two parts of noise ({after}) instead of one ({before}). Act on signals only."
    ).format(after=fixed(after), before=fixed(before))
    return numbers, sentence, explanation


def _tell_lights(record: Record) -> Told:
    chart = record.chart
    signals, weeks = int(chart["signal"].sum()), len(chart)
    worst = int(chart["value"].argmax()) + 1
    share = _("{some} of {all}").format(some=signals, all=weeks)
    numbers = [
        (_("weeks beyond the limits"), share),
        (_("late on average"), f"{fixed(chart['center'].iloc[0], 1)} %"),
        (_("worst week, from {day}").format(day=record.names[worst]), _percent(chart, worst)),
    ]
    sentence = _(
        "<b>{share} weeks lie beyond the limits.</b> On average {center} % of Boston's street "
        "light repairs of 2015 came later than promised; in the worst week, from {day}, {worst}. "
        "The city lay under record snow."
    ).format(
        share=share,
        center=fixed(chart["center"].iloc[0], 1),
        day=record.names[worst],
        worst=_percent(chart, worst),
    )
    explanation = _(
        "Requests a week vary, so each week has limits of its own: wide where there are few. The "
        "snow weeks, two bad weeks in April and five good ones from June to October deserve a "
        "question. The last week looks perfect only because its slow repairs were not closed yet. "
        "The other {rest} weeks are the usual process; only a better process improves them."
    ).format(rest=weeks - signals)
    return numbers, sentence, explanation


def _percent(chart: pd.DataFrame, x: int) -> str:
    return f"{fixed(float(chart['value'][x]), 1)} %"


def _tell_emergency(record: Record) -> Told:
    chart, rows = record.chart, _emergency()
    outside = _("{some} of {all}").format(some=int(chart["signal"].sum()), all=len(chart))
    times = fixed(cc.overdispersion(rows["breaches"], rows["attendances"]), 0)
    center = f"{fixed(chart['center'].iloc[0], 1)} %"
    numbers = [
        (_("beyond the limits"), outside),
        (_("over four hours, all together"), center),
        (_("variance, times what chance explains"), times),
    ]
    sentence = _(
        "<b>{outside} major departments lie beyond the limits</b>: in January 2018 {center} of "
        "patients stayed over four hours. The variance of the shares is {times} times what "
        "chance explains."
    ).format(outside=outside, center=center, times=times)
    explanation = _(
        "With {mean} patients behind an average point the limits of chance are very narrow, while "
        "towns, buildings and staff differ: this is over-dispersion. To call {some} departments "
        "special causes would be crying wolf; limits must first allow for the usual differences."
    ).format(mean=f"{float(rows['attendances'].mean()):,.0f}", some=int(chart["signal"].sum()))
    return numbers, sentence, explanation


def _tables(state: State, record: Record, seen: pd.DataFrame) -> dict[str, pd.DataFrame]:
    chart, (low, high) = record.chart, record.span
    x = chart.index
    constant = chart["ucl"].max() - chart["ucl"].min() < 1e-9
    limits = chart[["lcl", "center", "ucl"]]
    edges = (0.5, float(DAYS if _daily(state) else x[-1]) + 0.5)
    shown = limits.iloc[[0, -1]].set_axis(list(edges)) if constant else limits
    known = math.isfinite(record.change) and not _secret(state)
    change = [record.change - 0.5] if known and seen.index[-1] >= record.change else []
    tables = {
        "points": pd.DataFrame(
            {
                "x": seen.index,
                "name": [record.names[int(i)] for i in seen.index],
                "value": seen["value"].round(3).tolist(),
                "signal": seen["signal"].tolist(),
                "linked": state["source"] != "emergency",
                "verdict": [_("signal") if signal else _("noise") for signal in seen["signal"]],
            }
        ),
        "limits": shown.round(3).rename_axis("x").reset_index(),
        "change": pd.DataFrame({"x": change, "words": [_("change")] * len(change)}),
        "frame": pd.DataFrame(
            {
                "x": edges,
                "value": [low, high],
                "caption": record.caption,
                "baseline": BASELINE + 0.5 if _daily(state) else math.nan,
            }
        ),
        "bins": _bins(state, record, seen),
    }
    if _daily(state):
        tables |= _run_length_tables(state)
    return tables


def _bins(state: State, record: Record, seen: pd.DataFrame) -> pd.DataFrame:
    """Count values between equal steps, before and after what the reader compares."""
    values = seen["value"]
    if _reacting(state):
        alone = pd.Series(record.alone[: len(seen)])
        groups = {_("left alone"): alone, _("readjusted daily"): values}
    elif not _secret(state) and seen.index[-1] >= record.change:
        after = seen.index >= record.change
        groups = {_("before the change"): values[~after], _("after the change"): values[after]}
    else:
        groups = {_("all points so far") if _daily(state) else _("all points"): values}
    low = min(record.span[0], *(group.min() for group in groups.values()))
    high = max(record.span[1], *(group.max() for group in groups.values()))
    edges = np.linspace(low, high, BINS + 1)
    parts = []
    for number, (name, group) in enumerate(groups.items()):
        count = np.histogram(group, edges)[0]
        words = _("mean {mean}, SD {sd}").format(mean=fixed(group.mean(), 1), sd=fixed(group.std()))
        part = pd.DataFrame({"low": edges[:-1], "high": edges[1:], "count": count})
        part = part.assign(group=number, name=name, words=words, share=count / count.max())
        parts.append(part)
    return pd.concat(parts).round(3)


def _run_length_tables(state: State) -> dict[str, pd.DataFrame]:
    source = _measure(state)
    measure = MEASURES[source]
    levels = np.linspace(measure.before, measure.highest, 31)
    days, average = _averages(source, state, levels), _average(state)
    return {
        "curve": pd.DataFrame(
            {
                "level": levels,
                "days": np.minimum(days, LONGEST),
                "caption": _("days to a signal, by the new level"),
            }
        ).round(3),
        "here": pd.DataFrame(
            {
                "level": [_after(state)],
                "days": [min(average, LONGEST)],
                "words": [_days(average)],
                "right": [_after(state) > levels.mean()],
            }
        ),
    }
