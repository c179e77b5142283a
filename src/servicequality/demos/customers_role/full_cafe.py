"""The full café (D4.2): guests who have not decided yet are part of everyone's wait."""

import math
from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd

from servicequality.charts import queueing as charts
from servicequality.charts.theme import ACCENT, CONTRAST
from servicequality.models import compatibility
from servicequality.models import queueing as model
from servicequality.widgets import (
    Animation,
    Challenge,
    Choice,
    Demo,
    Figure,
    Group,
    Look,
    Number,
    NumberTable,
    Prediction,
    Preset,
    Slider,
    State,
    Toggle,
    View,
    fixed,
    percent,
)
from servicequality.widgets.controls import Value

SEED = 279
"""A day whose first sixty guests wait about as long as guests do in the long run."""

SEEN, SIMULATED = 60, model.MOST_CUSTOMERS
SPREAD = 1 / 3
ROOM = 8
GOAL = 5.0
NEAR, FAR = 0.95, 0.1
SHARES = np.arange(0, 0.701, 0.01)
TOLD = (0, 10, 25, 40, 50, 60, 65)
HURRY = 0.5


class Place(NamedTuple):
    """What company adds to the mood in a place, and what crowding takes."""

    name: str
    company: float
    crowding: float


PLACES = {"bar": Place(_("bar"), 6, 4), "library": Place(_("library"), 1, 5)}

# The stage, in units of a hundredth of its width.
WIDTH, HEIGHT, RADIUS, IN_A_ROW = 100, 41, 2.5, 10
HEAD, APART, ROW = 70.5, 6.6, 7
SERVED, COUNTER, DOOR = 79, 91.5, (5, 36)
POOLED_ROWS, SEPARATE_ROWS = 5, 2


class Waits(NamedTuple):
    """Waits in minutes, by formula and for simulated guests, and how busy the counters are.

    Attributes
    ----------
    formula : float
        inf if the line grows without end.
    simulated, seen, late : float
        Mean wait of all simulated guests and of those on the stage, and the share of all who wait
        longer than ten minutes.
    busy : float
        Work that arrives as a share of what the counters can do.
    service : model.ServiceTime
    """

    formula: float
    simulated: float
    seen: float
    late: float
    busy: float
    service: model.ServiceTime


def full_cafe() -> Demo:
    """Watch guests in a queue, and see how those who are undecided delay all others (D4.2).

    Returns
    -------
    Demo
        Model M4.2; the first state and the prediction are O4.2b.
    """
    return Demo(
        code="D4.2",
        title=_("The full café"),
        question=_("Half of the queue has not decided yet. How long will you wait?"),
        evidence="E",
        assumption=_(
            "The formula is established, with one counter or one line for each; one line for "
            "several counters is an approximation. In this model guests come at random and nobody "
            "gives up. A real line scares people away, so that its wait stays finite. The mood "
            "curve is a teaching assumption, the café is synthetic."
        ),
        taste=(
            Slider(
                name="undecided",
                label=_("Undecided guests"),
                low=0,
                high=65,
                step=1,
                default=25,
                unit="%",
            ),
        ),
        controls=(
            Toggle(name="menu", label=_("Menu board outside (halves the undecided)")),
            Slider(name="hourly", label=_("Guests an hour"), low=3, high=18, step=1, default=12),
            Slider(name="counters", label=_("Counters"), low=1, high=3, step=1, default=1),
            Group(
                _("The café"),
                (
                    Choice(
                        name="lines",
                        label=_("Several counters have"),
                        options={"one": _("one line together"), "each": _("a line each")},
                        default="one",
                    ),
                    Slider(
                        name="decided",
                        label=_("An order that is decided takes"),
                        low=1,
                        high=6,
                        step=0.5,
                        default=3,
                        unit=_("min"),
                    ),
                    Slider(
                        name="thinking",
                        label=_("An undecided order takes"),
                        low=1,
                        high=12,
                        step=0.5,
                        default=6,
                        unit=_("min"),
                    ),
                ),
            ),
            Group(
                _("The room"),
                (
                    Choice(
                        name="place",
                        label=_("Other people are as welcome as in a"),
                        options={key: place.name for key, place in PLACES.items()},
                        default="bar",
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("A quarter undecided")),
            Preset(_("Half undecided"), {"undecided": 50}),
            Preset(_("Menu board outside"), {"menu": True}),
            Preset(_("At the wall"), {"undecided": 65}),
            Preset(_("Two counters, one line"), {"undecided": 50, "counters": 2}),
            Preset(_("Two lines"), {"undecided": 50, "counters": 2, "lines": "each"}),
            Preset(_("In a library"), {"undecided": 50, "place": "library"}),
        ),
        prediction=_prediction(),
        panels=(
            Animation(
                title=_("The first sixty guests of a day"),
                description=_(
                    "A café seen from above. Guests come in at the door, stand in line and are "
                    "served at the counter. Blue circles are guests who have decided, orange "
                    "diamonds are undecided. A curve below shows how many wait."
                ),
                looks={
                    "d": Look(_("decided"), "circle", ACCENT),
                    "u": Look(_("undecided"), "diamond", CONTRAST),
                },
                width=WIDTH,
                height=HEIGHT,
                radius=RADIUS,
                pace=4,
                glide=1.2,
                curve_label=_("Guests in line, over the day"),
                curve_top=15,
                columns={
                    "guest": _("Guest"),
                    "who": _("Who"),
                    "minute": _("Comes at minute"),
                    "waiting": _("Then in line"),
                },
                before_commit=True,
            ),
            Figure(
                title=_("The wait climbs slowly, then it hits a wall"),
                description=_(
                    "A curve that rises ever more steeply: the mean wait against the share of "
                    "undecided guests. A dot on it is the present café by the formula, a square "
                    "the mean of twenty thousand simulated guests. A shaded area marks where the "
                    "line grows without end."
                ),
                chart=charts.wait_curve,
                tables=("here", "waits", "wall"),
                columns={
                    "percent": _("Undecided at the counter (%)"),
                    "wait": _("Wait, formula (min)"),
                    "simulated": _("Wait, simulated (min)"),
                },
                decimals=1,
            ),
            Figure(
                title=_("Not everybody waits alike"),
                description=_(
                    "Bars: the share of the simulated guests who wait up to 5 minutes, 5 to 10, "
                    "and so on. A dashed line marks the mean."
                ),
                chart=charts.wait_bars,
                tables=("bins", "mean"),
                columns={"range": _("Wait (min)"), "percent": _("Guests (%)")},
                decimals=1,
            ),
            NumberTable(
                title=_("The same café with other guests"),
                table="told",
                columns={
                    "undecided": _("Undecided (%)"),
                    "wait": _("Mean wait (min)"),
                    "busy": _("Counter busy (%)"),
                },
                decimals=1,
            ),
            Figure(
                title=_("A full room: company in a bar, noise in a library"),
                description=_(
                    "Two arches: the mood of the guests against how full the room is. In a bar it "
                    "is best at three quarters, in a library near empty. A diamond marks the "
                    "present café."
                ),
                chart=charts.mood_curve,
                tables=("moods", "room"),
                columns={"place": _("Place"), "occupancy": _("How full"), "mood": _("Mood")},
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} W_q = \dfrac{\lambda\, E[S^2]}{2\,(1 - \rho)}, \quad "
            r"\rho = \lambda\, E[S] \\ \\ \text{mood} = b\,x - c\,x^2 \end{matrix}"
        ),
        formula_note=_(
            "<i>W<sub>q</sub></i> mean wait, <i>λ</i> guests a minute (12 an hour are 0.2), "
            "<i>S</i> minutes at the counter, <i>ρ</i> how busy the counter is: Pollaczek (1930) "
            "and Khinchine (1932). Times vary by a third of their mean. With several counters "
            "in one line, the wait of Erlang (1917) is corrected for the spread of the times. "
            "<i>x</i> is how full the room for 8 is: a teaching assumption."
        ),
        challenge=Challenge(
            goal=_(
                "<b>Half</b> of the guests are undecided as they come, 12 come an hour, and there "
                "is one counter. Bring the mean wait <b>below 5 minutes</b> with nobody hired: "
                "you may put the board outside, and hurry <b>one</b> kind of order by <b>half a "
                "minute</b>."
            ),
            solved=_solved,
            hint=_("Of which kind are most orders, once the board stands outside?"),
            success=_(
                "With the board outside three guests of four know what they want, so half a minute "
                "counts most with them: 4.7 minutes. Taken off the undecided it would leave 5.8."
            ),
        ),
    )


def _first() -> dict[str, Value]:
    return {
        "undecided": 25,
        "menu": False,
        "hourly": 12,
        "counters": 1,
        "lines": "one",
        "decided": 3,
        "thinking": 6,
    }


def _prediction() -> Prediction:
    before, after = (float(_formula({**_first(), "undecided": u})[0]) for u in (25, 50))
    result = _("It rises from {before} to {after} minutes.").format(
        before=fixed(before, 1), after=fixed(after, 1)
    )
    return Prediction(
        question=_(
            "With a quarter of the guests undecided, the mean wait is {before} minutes. What will "
            "it be with half of them?"
        ).format(before=fixed(before, 1)),
        options={
            "same": _("About 7 minutes: as many guests as before"),
            "tenth": _("About 10 minutes: a little more work"),
            "double": _("About 14 minutes: twice as many undecided"),
            "explodes": _("About 25 minutes"),
        },
        correct="explodes",
        feedback={
            "same": _(
                "As many guests, but each undecided one holds the counter twice as long. {result}"
            ).format(result=result),
            "tenth": _(
                "The work grows by a fifth only, but it takes most of the time in which the line "
                "could melt. {result}"
            ).format(result=result),
            "double": _("A line does not grow in proportion. {result}").format(result=result),
            "explodes": _("{result} A fifth more work did that.").format(result=result),
        },
        values={"undecided": 50},
    )


def _mix(state: State, undecided: float) -> list[float]:
    share = undecided / 100 / (2 if state["menu"] else 1)
    return [1 - share, share]


def _times(state: State) -> tuple[list[float], list[float]]:
    means = [state["decided"], state["thinking"]]
    return means, [SPREAD * mean for mean in means]


def _separate(state: State) -> bool:
    return state["lines"] == "each" and state["counters"] > 1


def _line(state: State) -> tuple[float, int]:
    """Return guests a minute who join a line, and the counters that serve it."""
    rate, counters = state["hourly"] / 60, int(state["counters"])
    return (rate / counters, 1) if _separate(state) else (rate, counters)


def _formula(state: State) -> tuple[float, float]:
    """Return the mean wait and how busy the counters are."""
    rate, counters = _line(state)
    queue = model.mixed_queue(rate, _mix(state, state["undecided"]), *_times(state), counters)
    return float(queue.wq), float(queue.utilisation)


def _solved(state: State) -> bool:
    first = {**_first(), "undecided": 50}
    kept = all(state[name] == first[name] for name in ("hourly", "undecided", "counters"))
    saved = sorted(first[name] - state[name] for name in ("decided", "thinking"))
    return kept and saved == [0, HURRY] and _formula(state)[0] < GOAL


def _simulate(state: State) -> pd.DataFrame:
    return model.simulate(
        state["hourly"] / 60,
        _mix(state, state["undecided"]),
        *_times(state),
        int(state["counters"]),
        _separate(state),
        SIMULATED,
        SEED,
    )


def _view(state: State) -> View:
    guests = _simulate(state)
    wait, busy = _formula(state)
    waits = Waits(
        formula=wait,
        simulated=float(guests["wait"].mean()),
        seen=float(guests["wait"].iloc[:SEEN].mean()),
        late=float((guests["wait"] > 10).mean()),
        busy=busy,
        service=model.mixed_service(_mix(state, state["undecided"]), *_times(state)),
    )
    inactive = {"lines"} if state["counters"] == 1 else set()
    return View(
        tables={**_replay(state, guests[:SEEN]), **_result(state, guests, waits)},
        numbers=(
            Number(label=_("minutes of waiting, by the formula"), text=_minutes(wait)),
            Number(label=_("minutes, mean of 20,000 simulated guests"), text=_simulated(waits)),
            Number(label=_("of a counter's time is needed"), text=percent(busy, 0)),
            Number(label=_("wait longer than 10 minutes"), text=percent(waits.late, 0)),
        ),
        sentence=_sentence(state, waits),
        explanation=_explanation(state, waits),
        teaser=_(
            "{hourly} guests an hour come to one counter. An order takes {decided} minutes, or "
            "{thinking} if the guest has not decided yet. Watch, then let more of them be "
            "undecided. <b>What happens to the line?</b>"
        ).format(
            hourly=fixed(state["hourly"], 0),
            decided=fixed(state["decided"], 0),
            thinking=fixed(state["thinking"], 0),
        ),
        inactive=frozenset(inactive),
    )


def _minutes(wait: float) -> str:
    return fixed(wait, 1) if math.isfinite(wait) else _("no limit")


def _simulated(waits: Waits) -> str:
    return fixed(waits.simulated, 1) if math.isfinite(waits.formula) else _("ever more")


def _sentence(state: State, waits: Waits) -> str:
    counters = [_("one counter"), _("two counters"), _("three counters")][
        int(state["counters"]) - 1
    ]
    if state["counters"] > 1:
        lines = _("with a line each") if _separate(state) else _("and one line")
        counters = f"{counters} {lines}"
    full, mood = _room(state, waits)
    facts = {
        "u": percent(_mix(state, state["undecided"])[1], 1 if state["menu"] else 0),
        "hourly": fixed(state["hourly"], 0),
        "counters": counters,
        "wait": _minutes(waits.formula),
        "simulated": _simulated(waits),
        "busy": percent(waits.busy, 0),
        "late": percent(waits.late, 0),
        "seen": fixed(waits.seen, 1),
        "full": percent(full, 0),
        "place": PLACES[state["place"]].name,
        "mood": fixed(mood, 1, sign=True),
    }
    if math.isfinite(waits.formula):
        told = _(
            "<b>With {u} of the guests undecided, the mean wait is {wait} minutes by the formula "
            "and {simulated} in the simulation</b> ({hourly} guests an hour, {counters}). The "
            "first sixty wait {seen}. The work needs {busy} of the counters' time; {late} of all "
            "guests wait more than ten minutes. The room is {full} full; as in a {place}, the mood "
            "is {mood}."
        )
    else:
        told = _(
            "<b>With {u} of the guests undecided, the wait has {wait}</b>: {hourly} guests an hour "
            "bring {busy} of the work that {counters} can do. The first sixty wait {seen} minutes, "
            "those after them {simulated}. The full room makes a mood of {mood}, as in a {place}."
        )
    return told.format(**facts)


def _explanation(state: State, waits: Waits) -> str:
    if not math.isfinite(waits.formula):
        return _(
            "An average guest needs {mean} minutes and the next one comes before the counters are "
            "free. Guests are each other's waiting time: here no line, however patient, catches up."
        ).format(mean=fixed(float(waits.service.mean), 2))
    rate, counters = _line(state)
    alike = float(model.mgc(rate, waits.service.mean, 0, counters).wq)
    told = _(
        "The counters are busy {busy} of the time, so that only {free} are left in which a line "
        "can melt. Guests also differ: if every order took {mean} minutes, the wait would be "
        "{alike} minutes instead of {wait}. Guests are each other's waiting time."
    )
    if waits.busy > NEAR and abs(waits.simulated / waits.formula - 1) > FAR:
        told += " " + _(
            "The simulation is off the formula: a line this close to its limit takes so long to "
            "settle that even twenty thousand guests are few."
        )
    return told.format(
        busy=percent(waits.busy, 0),
        free=percent(1 - waits.busy, 0),
        mean=fixed(float(waits.service.mean), 2),
        alike=fixed(alike, 1),
        wait=fixed(waits.formula, 1),
    )


def _replay(state: State, guests: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return who moves where and when, until the last of these guests comes in."""
    end = float(guests["arrival"].iloc[-1])
    counters, separate = int(state["counters"]), _separate(state)
    desks = _desks(counters)
    length = model.line_length(guests)
    length = length[length["time"] <= end]
    found = length["waiting"].to_numpy()[
        np.searchsorted(length["time"], guests["arrival"], side="right") - 1
    ]
    names = {"d": _("decided"), "u": _("undecided")}
    kinds = np.where(guests["kind"] == 0, "d", "u")
    moments = pd.DataFrame(
        {
            "guest": np.arange(1, len(guests) + 1),
            "who": [names[kind] for kind in kinds],
            "minute": guests["arrival"].round().astype(int),
            "waiting": found,
            "time": guests["arrival"].round(2),
        }
    )
    moments["text"] = [
        _("Minute {minute}: guest {guest} comes in, {who}. {waiting} in line.").format(
            minute=row.minute, guest=row.guest, who=row.who, waiting=row.waiting
        )
        for row in moments.itertuples()
    ]
    return {
        "tracks": _tracks(guests, kinds, desks, separate, end),
        "scenery": _scenery(desks, separate),
        "moments": moments,
        "curve": pd.DataFrame({"time": length["time"].round(2), "value": length["waiting"]}),
    }


def _desks(counters: int) -> list[float]:
    return {1: [6.0], 2: [6.0, 22.0], 3: [5.0, 17.5, 30.0]}[counters]


def _scenery(desks: list[float], separate: bool) -> pd.DataFrame:
    """Return the door, the counters, and marks on the floor where the line stands."""
    rows = SEPARATE_ROWS if separate else POOLED_ROWS
    marks = [
        (*_spot(place, head, separate), 0.9, 0.9, "")
        for head in (desks if separate else desks[:1])
        for place in range(1, rows * IN_A_ROW + 1)
    ]
    counters = [(COUNTER, y, 16, 8, _("counter")) for y in desks]
    return pd.DataFrame(
        [*marks, (*DOOR, 9, 7.5, _("door")), *counters],
        columns=["x", "y", "width", "height", "text"],
    ).round(1)


def _tracks(
    guests: pd.DataFrame, kinds: np.ndarray, desks: list[float], separate: bool, end: float
) -> pd.DataFrame:
    rows: list[tuple[int, float, float, float]] = []
    places = model.places_in_line(guests, separate)
    for customer, moves in places.groupby("customer"):
        guest = guests.iloc[int(str(customer))]
        desk = desks[int(guest["server"])]
        number = int(str(customer)) + 1
        rows.append((number, guest["arrival"], *DOOR))
        for time, place in zip(moves["time"], moves["place"], strict=True):
            head = desk if separate else desks[0]
            where = (SERVED, desk) if place == 0 else _spot(place, head, separate)
            rows.append((number, time, *where))
        rows.append((number, guest["end"], SERVED + 5, HEIGHT + 2 * RADIUS))
    tracks = pd.DataFrame(rows, columns=["thing", "time", "x", "y"])
    tracks["kind"] = kinds[tracks["thing"] - 1]
    # The next move of each is kept too: who is inside at the end stays on the stage.
    before = tracks.groupby("thing")["time"].shift(fill_value=0)
    return tracks[before <= end].round(2)


def _spot(place: int, head: float, separate: bool) -> tuple[float, float]:
    """Return where the guest in a place of a line stands; the line turns at the wall."""
    rows = SEPARATE_ROWS if separate else POOLED_ROWS
    row, across = divmod(min(place - 1, rows * IN_A_ROW - 1), IN_A_ROW)
    if row % 2:
        across = IN_A_ROW - 1 - across
    return HEAD - APART * across, head + ROW * row


def _result(state: State, guests: pd.DataFrame, waits: Waits) -> dict[str, pd.DataFrame]:
    rate, counters = _line(state)
    share = _mix(state, state["undecided"])[1]
    mixes = np.stack([1 - SHARES, SHARES], axis=1)
    curve = model.mixed_queue(rate, mixes, *_times(state), counters)
    limited = np.isfinite(curve.wq) & (curve.wq < 2 * charts.LONGEST)
    endless = SHARES[~np.isfinite(curve.wq)]
    finite = math.isfinite(waits.formula)
    told = model.mixed_queue(
        rate, [_mix(state, undecided) for undecided in TOLD], *_times(state), counters
    )
    return {
        "waits": pd.DataFrame({"share": SHARES, "wait": curve.wq})[limited].round(3),
        "wall": pd.DataFrame({"share": [endless[0] if len(endless) else SHARES[-1]]}),
        "here": pd.DataFrame(
            {
                "share": [share],
                "percent": [100 * share],
                "wait": [waits.formula if finite else math.nan],
                "simulated": [waits.simulated if finite else math.nan],
                "formula": [_("● formula {wait} min").format(wait=_minutes(waits.formula))],
                "simulation": [_("□ simulated {wait} min").format(wait=_simulated(waits))],
            }
        ),
        "bins": _bins(guests["wait"].to_numpy()),
        "mean": pd.DataFrame(
            {
                "wait": [min(waits.simulated, charts.LONGEST_BIN + 5)],
                "words": [_("mean {wait} min").format(wait=_simulated(waits))],
            }
        ),
        "told": pd.DataFrame(
            {
                "undecided": [str(undecided) for undecided in TOLD],
                "wait": [_minutes(float(wait)) for wait in told.wq],
                "busy": 100 * told.utilisation,
            }
        ),
        **_moods(state, waits),
    }


def _bins(waits: np.ndarray) -> pd.DataFrame:
    low = np.arange(0, charts.LONGEST_BIN + 1, 5)
    counts, _edges = np.histogram(waits, [*low, math.inf])
    share = counts / len(waits)
    return pd.DataFrame(
        {
            "low": low,
            "high": low + 5,
            "share": share.round(4),
            "percent": 100 * share,
            "range": [*(f"{at}–{at + 5}" for at in low[:-1]), f"{low[-1]}+"],
        }
    )


def _room(state: State, waits: Waits) -> tuple[float, float]:
    """Return how full the room is on average, and the mood that comes of it."""
    present = model.mean_present(state["hourly"] / 60, waits.formula, waits.service.mean)
    full = min(float(present) / ROOM, 1.0)
    place = PLACES[state["place"]]
    return full, float(compatibility.mood(full, place.company, place.crowding))


def _moods(state: State, waits: Waits) -> dict[str, pd.DataFrame]:
    occupancy = np.linspace(0, 1, 11)
    full, mood = _room(state, waits)
    return {
        "moods": pd.concat(
            pd.DataFrame(
                {
                    "place": place.name,
                    "chosen": key == state["place"],
                    "occupancy": occupancy,
                    "mood": compatibility.mood(occupancy, place.company, place.crowding),
                }
            )
            for key, place in PLACES.items()
        ),
        "room": pd.DataFrame(
            {
                "occupancy": [full],
                "mood": [mood],
                "words": [
                    _("{full} full, mood {mood}").format(
                        full=percent(full, 0), mood=fixed(mood, 1, sign=True)
                    )
                ],
            }
        ),
    }
