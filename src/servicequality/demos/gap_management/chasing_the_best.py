"""Chasing the best (D3.5): how long until a firm meets a leader who improves too."""

import math
from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicequality.charts.benchmarking import levels_to_best, race, radar, years_to_parity
from servicequality.models import benchmarking
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


class Indicator(NamedTuple):
    """An indicator of the hotel: its names, its own level and that of the best in its class."""

    name: str
    short: str
    own: float
    best: float
    step: float


INDICATORS = {
    "guests": Indicator(_("Guest index, points"), _("Guest\nindex"), 70, 90, 1),
    "rooms": Indicator(_("Rooms cleaned per shift"), _("Rooms\nper shift"), 11, 14, 0.5),
    "web": Indicator(_("Bookings per 1,000 web visits"), _("Web\nbookings"), 18, 26, 1),
    "training": Indicator(_("Training hours per employee"), _("Training\nhours"), 20, 32, 1),
    "ideas": Indicator(_("Ideas per 100 employees"), _("Ideas"), 26, 40, 1),
    "letters": Indicator(_("Thanks per 1,000 guests"), _("Thanks"), 8, 9.5, 0.5),
}
HORIZON, LAST_YEAR = 5, 15
STEP = 0.1


def chasing_the_best() -> Demo:
    """Catch up with the best in class, who does not wait (D3.5).

    Returns
    -------
    Demo
        Model M3.6; the first state is O3.6.
    """
    guests = INDICATORS["guests"]
    moving = float(benchmarking.time_to_parity(guests.own, guests.best, 0.06, 0.02))
    still = float(benchmarking.time_to_parity(guests.own, guests.best, 0.06, 0))
    result = _("It takes {moving} years; a leader who stood still would be met after {still}.")
    told = result.format(moving=fixed(moving, 1), still=fixed(still, 1))
    return Demo(
        code="D3.5",
        title=_("Chasing the best"),
        question=_("You improve three times as fast as the best. When do you meet?"),
        evidence="T",
        assumption=_(
            "In this model both sides grow at a constant rate for ever. Real improvement slows "
            "down near what is possible, and another firm may take the lead. The hotel and its "
            "rival are invented."
        ),
        taste=(_rate("growth", _("You improve by"), 20, 6),),
        controls=(
            _rate("best_growth", _("The best improves by"), 10, 2),
            Choice(
                name="indicator",
                label=_("Follow one indicator"),
                options={key: indicator.name for key, indicator in INDICATORS.items()},
                default="guests",
            ),
            Group(
                _("Your levels today"),
                tuple(
                    Slider(
                        name=key,
                        label=indicator.name,
                        low=indicator.step,
                        high=1.2 * indicator.best // indicator.step * indicator.step,
                        step=indicator.step,
                        default=indicator.own,
                    )
                    for key, indicator in INDICATORS.items()
                ),
            ),
        ),
        presets=(
            Preset(_("The hotel today")),
            Preset(_("If the best stood still"), {"best_growth": 0}),
            Preset(_("Only as fast as the best"), {"growth": 2}),
            Preset(_("A sprint"), {"growth": 15}),
            Preset(_("One neglected task"), {"ideas": 10, "indicator": "ideas"}),
        ),
        prediction=Prediction(
            question=_(
                "On the guest index you stand at 70 and improve by 6 % a year; the best stands at "
                "90 and improves by 2 %. When do you meet?"
            ),
            options={
                "three": _("After about 3 years: 20 points missing, 6 a year"),
                "four": _("After about 4 years"),
                "six": _("After about 6 and a half years"),
                "never": _("Never, the best keeps ahead"),
            },
            correct="six",
            feedback={
                "three": _("6 % of 70 are 4.2 points, not 6, and the target moves. {told}").format(
                    told=told
                ),
                "four": _("That is how long it would take if the best waited. {told}").format(
                    told=told
                ),
                "six": told,
                "never": _("The faster one always arrives, if the rates last. {told}").format(
                    told=told
                ),
            },
        ),
        panels=(
            Figure(
                title=_("Six indicators today: you against the best"),
                description=_(
                    "One bar for each indicator: the own level as a part of the best level, with a "
                    "mark at 100 per cent."
                ),
                chart=levels_to_best,
                tables=("levels",),
                columns={"name": _("Indicator"), "words": _("You and the best"), "part": _("Part")},
                before_commit=True,
            ),
            Figure(
                title=_("Two levels that grow"),
                description=_(
                    "Two rising curves over fifteen years: the best, dashed, starts at 100, and "
                    "you start lower but rise faster. A diamond marks where they meet."
                ),
                chart=race,
                tables=("years", "meeting"),
                columns={"year": _("Year"), "own": _("You"), "best": _("The best")},
                decimals=1,
            ),
            Figure(
                title=_("How long for each indicator?"),
                description=_(
                    "One bar for each indicator with the years until you meet the best, and a mark "
                    "at five years."
                ),
                chart=years_to_parity,
                tables=("parity",),
                columns={"name": _("Indicator"), "words": _("Until you meet")},
            ),
            Figure(
                title=_("The same levels as a radar: areas exaggerate"),
                description=_(
                    "A radar with six spokes: the best is the outer ring, you are the filled shape "
                    "inside. Its area is smaller than the lengths of the spokes suggest."
                ),
                chart=radar,
                tables=("levels",),
                columns={"name": _("Indicator"), "part": _("Part of the best")},
            ),
        ),
        view=_view,
        formula=r"t = \frac{\ln (B / A)}{\ln \left( (1 + g_A) / (1 + g_B) \right)}",
        formula_note=_(
            "<i>A</i> your level, <i>B</i> that of the best, <i>g</i> growth a year, <i>t</i> "
            "years until both are level; never, if you are behind and not faster."
        ),
        challenge=Challenge(
            goal=_(
                "Set the <b>slowest</b> growth at which the hotel meets the best on <b>all six</b> "
                "indicators within <b>5 years</b>. The best improves by 2 %."
            ),
            solved=_solved,
            hint=_("The indicator that lags most decides. Training is at 62.5 % of the best."),
            success=_(
                "Twice the speed of the present plan, on every indicator at once: time to choose "
                "which race to run."
            ),
        ),
    )


def _rate(name: str, label: str, high: float, default: float) -> Slider:
    return Slider(
        name=name, label=label, low=0, high=high, step=STEP, default=default, unit=_("% a year")
    )


def _own(state: State) -> NDArray[np.float64]:
    return np.array([state[key] for key in INDICATORS], dtype=float)


def _best() -> NDArray[np.float64]:
    return np.array([indicator.best for indicator in INDICATORS.values()])


def _parity(state: State, growth: float) -> NDArray[np.float64]:
    return benchmarking.time_to_parity(
        _own(state), _best(), growth / 100, state["best_growth"] / 100
    )


def _solved(state: State) -> bool:
    as_it_is = state["best_growth"] == 2 and all(
        state[key] == indicator.own for key, indicator in INDICATORS.items()
    )
    in_time = bool((_parity(state, state["growth"]) <= HORIZON).all())
    return as_it_is and in_time and not (_parity(state, state["growth"] - STEP) <= HORIZON).all()


def _years(years: float) -> str:
    if years == 0:
        return _("level or ahead")
    return _("{years} years").format(years=fixed(years, 1)) if math.isfinite(years) else _("never")


def _view(state: State) -> View:
    parity = _parity(state, state["growth"])
    chosen = INDICATORS[state["indicator"]]
    years = float(parity[list(INDICATORS).index(state["indicator"])])
    slowest = int(np.argmax(parity))
    met = int((parity <= HORIZON).sum())
    part = state[state["indicator"]] / chosen.best
    return View(
        tables=_tables(state, parity),
        numbers=(
            Number(label=chosen.name, text=_years(years)),
            Number(label=_("slowest of all six"), text=_years(float(parity[slowest]))),
            Number(label=_("within 5 years"), text=_("{met} of 6").format(met=met)),
        ),
        sentence=_(
            "<b>{name}: {own} against {best}, growing {growth} and {best_growth} a year: "
            "{years}.</b> Within 5 years the hotel meets the best on {met} of 6; the slowest is "
            "“{slowest}” ({last})."
        ).format(
            name=chosen.name,
            own=_short(state[state["indicator"]]),
            best=_short(chosen.best),
            growth=percent(state["growth"] / 100),
            best_growth=percent(state["best_growth"] / 100),
            years=_years(years),
            met=met,
            slowest=list(INDICATORS.values())[slowest].name,
            last=_years(float(parity[slowest])),
        ),
        explanation=_explanation(state, part, years),
        teaser=_(
            "A hotel (invented) compares six indicators with the best of its class. On the guest "
            "index it has {own} of {best}. It wants to improve by {growth} a year everywhere; the "
            "best improves too, by 2 %."
        ).format(
            own=_short(state["guests"]),
            best=_short(INDICATORS["guests"].best),
            growth=percent(state["growth"] / 100),
        ),
    )


def _short(level: float) -> str:
    return fixed(level, 0 if float(level).is_integer() else 1)


def _explanation(state: State, part: float, years: float) -> str:
    parts = _own(state) / _best()
    area = _(
        "Beware of the radar: the six levels average {mean} of the best, but the filled area is "
        "only {area} of the ring."
        if benchmarking.radar_area(parts) < parts.mean()
        else "The six levels average {mean} of the best; the filled area is {area} of the ring."
    ).format(mean=percent(parts.mean(), 0), area=percent(benchmarking.radar_area(parts), 0))
    if part >= 1:
        return _("On this indicator there is nobody to chase. ") + area
    if not math.isfinite(years):
        return (
            _(
                "At {part} of the best and no faster, the distance in per cent never shrinks, "
                "however long you run. "
            ).format(part=percent(part, 0))
            + area
        )
    needed = benchmarking.growth_needed(part, 1, state["best_growth"] / 100, HORIZON)
    return (
        _(
            "Only the difference of the two rates closes the distance, so the leader's {best} "
            "count as much as your {own}. To meet within 5 years you would need {needed} a year. "
        ).format(
            best=percent(state["best_growth"] / 100),
            own=percent(state["growth"] / 100),
            needed=percent(float(needed)),
        )
        + area
    )


def _tables(state: State, parity: NDArray[np.float64]) -> dict[str, pd.DataFrame]:
    own, best = _own(state), _best()
    names = [indicator.name for indicator in INDICATORS.values()]
    part = state[state["indicator"]] / INDICATORS[state["indicator"]].best
    year = np.arange(LAST_YEAR + 1)
    rates = 1 + state["growth"] / 100, 1 + state["best_growth"] / 100
    meets = float(parity[list(INDICATORS).index(state["indicator"])])
    shown = 0 < meets <= LAST_YEAR
    return {
        "levels": pd.DataFrame(
            {
                "name": names,
                "short": [indicator.short for indicator in INDICATORS.values()],
                "words": [
                    _("{own} of {best}").format(own=_short(a), best=_short(b))
                    for a, b in zip(own, best, strict=True)
                ],
                "part": (own / best).round(4),
            }
        ),
        "years": pd.DataFrame(
            {"year": year, "own": 100 * part * rates[0] ** year, "best": 100 * rates[1] ** year}
        ).round(2),
        "meeting": pd.DataFrame(
            {
                "year": [meets] if shown else [],
                "level": [100 * rates[1] ** meets] if shown else [],
                "words": [_years(meets)] if shown else [],
            }
        ),
        "parity": pd.DataFrame(
            {
                "name": names,
                "words": [_years(float(years)) for years in parity],
                "years": np.minimum(parity, 99.0).round(3),
                "limit": HORIZON,
                "late": parity > HORIZON,
            }
        ),
    }
