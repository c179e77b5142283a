"""The accordion (D5.1): what stretches, shrinks and shifts the zone of tolerance."""

from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd

from servicequality.charts.expectations import accordion as accordion_chart
from servicequality.charts.expectations import zones
from servicequality.models.expectations import (
    DRIVERS,
    Expectations,
    expectations_by_dimension,
    form_expectations,
)
from servicequality.models.zone_of_tolerance import zone_of_tolerance
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
    View,
    fixed,
)

RIDE = 5.5
NAMES = {
    "situational": _("Trouble outside: fair weather to storm"),
    "transitory": _("An emergency"),
    "alternatives": _("Other ways to travel"),
    "role": _("What travellers do themselves"),
    "needs": _("Personal needs"),
    "enduring": _("A lasting reason to ask for more"),
    "explicit": _("Promises made in words"),
    "implicit": _("Promises of price and looks"),
    "word_of_mouth": _("What others tell"),
    "past": _("Past journeys"),
}
SHORT = {
    "situational": _("trouble outside"),
    "transitory": _("the emergency"),
    "alternatives": _("other ways to travel"),
    "role": _("what travellers do themselves"),
    "needs": _("needs"),
    "enduring": _("a lasting reason"),
    "explicit": _("promises in words"),
    "implicit": _("promises of price and looks"),
    "word_of_mouth": _("what others tell"),
    "past": _("past journeys"),
}
DIMENSIONS = {
    "tangibles": _("Tangibles"),
    "reliability": _("Reliability"),
    "responsiveness": _("Responsiveness"),
    "assurance": _("Assurance"),
    "empathy": _("Empathy"),
}
VERDICTS = {
    "below": _("not acceptable"),
    "inside": _("acceptable"),
    "above": _("better than hoped for"),
}
USUAL = form_expectations()
BY_DIMENSION = expectations_by_dimension()
RIVAL = {"alternatives": 2}
SMALL = 0.005


class Shift(NamedTuple):
    """How far a level lies from where it lies on a usual day, and what moves it by how much."""

    by: float
    movers: dict[str, float]


def accordion() -> Demo:
    """Stretch and shrink what customers tolerate, with the service unchanged (D5.1).

    Returns
    -------
    Demo
        Models M5.1 and M5.2; the cases are those of O5.2.
    """
    return Demo(
        code="D5.1",
        title=_("The accordion"),
        question=_("Same train, storm outside: when is “late” still fine?"),
        evidence="T",
        assumption=_(
            "What moves which end, and in which direction, follows Zeithaml, Berry and Parasuraman "
            "(1993). In this model effects are straight lines that add up, with strengths chosen "
            "for this course, and all five dimensions move alike; reliability begins higher and is "
            "narrower. The railway is invented. Each influence runs from −2, far less than usual, "
            "to 2, far more."
        ),
        taste=(
            _driver("situational"),
            Slider(name="perceived", label=_("How good the ride is"), low=1, high=9, default=RIDE),
        ),
        controls=(
            Group(
                _("What moves the bottom"),
                (_driver("transitory"), _driver("alternatives"), _driver("role")),
            ),
            Group(_("What moves the top"), (_driver("needs"), _driver("enduring"))),
            Group(
                _("What moves the forecast, and with it both ends"),
                tuple(_driver(name) for name in ("explicit", "implicit", "word_of_mouth", "past")),
            ),
        ),
        presets=(
            Preset(_("A usual day")),
            Preset(_("Storm"), {"situational": 2}),
            Preset(_("A rival line opens"), RIVAL),
            Preset(_("Emergency: to the hospital"), {"transitory": 2, "needs": 1}),
            Preset(
                _("Loyal after delight"),
                {"past": 1.5, "word_of_mouth": 1, "explicit": 1},
            ),
            Preset(_("Monopoly"), {"alternatives": -2}),
            Preset(
                _("Expert with alternatives"),
                {"role": 2, "alternatives": 2, "transitory": 1},
            ),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("What travellers tolerate, and what they get"),
                description=_(
                    "An accordion on a scale from 1 to 9: it reaches from what is just acceptable "
                    "to what is hoped for. A dashed line marks what is foreseen. The ride is a "
                    "circle inside the zone, a triangle below it, a diamond above it. A grey line "
                    "shows the zone of a usual day."
                ),
                chart=accordion_chart,
                tables=("zone",),
                columns={
                    "adequate": _("Just acceptable"),
                    "desired": _("Hoped for"),
                    "predicted": _("Foreseen"),
                    "width": _("Width"),
                    "perceived": _("The ride"),
                },
                before_commit=True,
                glide=True,
            ),
            Figure(
                title=_("The same ride on five dimensions (grey: a usual day)"),
                description=_(
                    "Five rows on the same scale, one for each dimension of service: the zone of "
                    "tolerance as a band, what is foreseen as a dashed line, the ride as a circle, "
                    "triangle or diamond, and the verdict in words."
                ),
                chart=zones,
                tables=("dimensions",),
                columns={
                    "dimension": _("Dimension"),
                    "adequate": _("Just acceptable"),
                    "desired": _("Hoped for"),
                    "verdict": _("The ride"),
                },
                glide=True,
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} D = 7 + 0.4\,n + 0.3\,e + 0.2\,(p_w + p_l + m + x) \\ \\"
            r"F = 6 + 0.25\,(p_w + p_l + m) + 0.5\,x \\ \\"
            r"A = 5 + 0.4\,t + 0.3\,a + 0.2\,r - 0.4\,s + 0.3\,(F - 6), \quad A \le D \end{matrix}"
        ),
        formula_note=_(
            "<i>D</i> desired service (hoped for), <i>F</i> predicted (foreseen), <i>A</i> "
            "adequate (just acceptable), from 1 to 9. <i>n</i> needs, <i>e</i> lasting reason, "
            "<i>p</i> promises in words and by price or looks, <i>m</i> word of mouth, <i>x</i> "
            "past, <i>t</i> emergency, <i>a</i> alternatives, <i>r</i> own role, <i>s</i> "
            "trouble outside. Directions: Zeithaml, Berry and Parasuraman (1993); the strengths "
            "are a teaching assumption."
        ),
        challenge=Challenge(
            goal=_(
                "Put the <b>emergency at 2</b>: the ride of 5.5 is no longer acceptable. Make the "
                "same ride <b>acceptable again</b>, without a better ride, and moving <b>nothing "
                "but the trouble outside</b>."
            ),
            solved=_solved,
            hint=_("One influence presses the bottom up. Which one lets it down again?"),
            success=_(
                "The ride never changed. An emergency made it too little, a storm made it enough: "
                "quality is judged by a standard that moves."
            ),
        ),
    )


def _driver(name: str) -> Slider:
    return Slider(name=name, label=NAMES[name], low=-2, high=2, default=0)


def _prediction() -> Prediction:
    rival = form_expectations(**RIVAL)
    result = _(
        "What is just acceptable rises from {before} to {after}; what is hoped for stays at {top}, "
        "and the ride of {ride} is no longer good enough."
    ).format(
        before=fixed(float(USUAL.adequate)),
        after=fixed(float(rival.adequate)),
        top=fixed(float(rival.desired)),
        ride=fixed(RIDE, 1),
    )
    return Prediction(
        question=_(
            "A rival line opens: travellers now have far better alternatives. Which end of the "
            "zone moves?"
        ),
        options={
            "top": _("The top: they hope for more"),
            "bottom": _("The bottom: they demand more before they accept"),
            "both": _("Both ends move up"),
            "none": _("Neither: this train is as it was"),
        },
        correct="bottom",
        feedback={
            "top": _("They want what they always wanted. {result}").format(result=result),
            "bottom": result,
            "both": _(
                "A rival changes what one need put up with, not what one wishes for. {result}"
            ).format(result=result),
            "none": _("The train is as it was, the yardstick is not. {result}").format(
                result=result
            ),
        },
        values=RIVAL,
    )


def _levels(state: State) -> Expectations:
    return form_expectations(**{name: state[name] for name in DRIVERS})


def _solved(state: State) -> bool:
    levels = _levels(state)
    others = [state[name] for name in DRIVERS if name not in ("situational", "transitory")]
    same = state["perceived"] == RIDE and state["transitory"] == 2 and not any(others)
    zone = zone_of_tolerance(state["perceived"], levels.adequate, levels.desired)
    return bool(same and zone.state == "inside")


def _shift(state: State, level: str) -> Shift:
    """Compare a level with a usual day; each mover is counted as if it were alone."""
    one_by_one = np.diag([state[name] for name in DRIVERS])
    alone = form_expectations(**dict(zip(DRIVERS, one_by_one, strict=True)))
    now, usual = float(getattr(_levels(state), level)), float(getattr(USUAL, level))
    effects = zip(DRIVERS, (getattr(alone, level) - usual).tolist(), strict=True)
    return Shift(now - usual, {name: by for name, by in effects if abs(by) >= SMALL})


def _view(state: State) -> View:
    levels, ride = _levels(state), state["perceived"]
    desired, adequate, predicted, width = (fixed(float(level)) for level in levels)
    verdict = str(zone_of_tolerance(ride, levels.adequate, levels.desired).state)
    dimensions = _dimensions(state)
    bottom, top = _shift(state, "adequate"), _shift(state, "desired")
    return View(
        tables={
            "zone": pd.DataFrame(
                {
                    "adequate": [float(levels.adequate)],
                    "desired": [float(levels.desired)],
                    "predicted": [float(levels.predicted)],
                    "width": [float(levels.width)],
                    "perceived": [ride],
                    "usual_adequate": [float(USUAL.adequate)],
                    "usual_desired": [float(USUAL.desired)],
                    "state": [verdict],
                }
            ).round(2),
            "dimensions": dimensions.round(2),
        },
        numbers=(
            Number(label=_("just acceptable"), text=adequate),
            Number(label=_("hoped for"), text=desired),
            Number(label=_("foreseen"), text=predicted),
            Number(label=_("width of the zone"), text=width),
        ),
        sentence=_(
            "<b>A ride of {ride} is {verdict}: the zone of tolerance reaches from {adequate}, just "
            "acceptable, to {desired}, hoped for.</b> It is {width} wide, {wider}: {ends}. "
            "Travellers foresee {predicted}. {dimensions}"
        ).format(
            ride=fixed(ride, 1),
            verdict=VERDICTS[verdict],
            adequate=adequate,
            desired=desired,
            predicted=predicted,
            width=width,
            wider=_compare_widths(float(levels.width - USUAL.width)),
            ends=_compare_ends(bottom.by, top.by),
            dimensions=_tell_dimensions(dimensions),
        ),
        explanation=_explain(bottom, top),
        teaser=_(
            "The accordion is what travellers tolerate: from what is just acceptable, {adequate}, "
            "to what they hope for, {desired}. This train is worth {ride} to them. Turn the "
            "weather from fair (−2) to a storm (2) and see <b>which end gives way</b>."
        ).format(adequate=adequate, desired=desired, ride=fixed(ride, 1)),
    )


def _compare_widths(by: float) -> str:
    if abs(by) < SMALL:
        return _("as on a usual day")
    told = _("{by} wider than usual") if by > 0 else _("{by} narrower than usual")
    return told.format(by=fixed(abs(by)))


def _compare_ends(bottom: float, top: float) -> str:
    if abs(bottom) < SMALL and abs(top) < SMALL:
        return _("neither end has moved")
    return _("the bottom {bottom}, the top {top}").format(bottom=_moved(bottom), top=_moved(top))


def _moved(by: float) -> str:
    if abs(by) < SMALL:
        return _("has not moved")
    told = _("has risen by {by}") if by > 0 else _("has fallen by {by}")
    return told.format(by=fixed(abs(by)))


def _dimensions(state: State) -> pd.DataFrame:
    table = expectations_by_dimension(**{name: state[name] for name in DRIVERS})
    zone = zone_of_tolerance(state["perceived"], table["adequate"], table["desired"])
    return table.assign(
        dimension=table["dimension"].map(DIMENSIONS),
        perceived=state["perceived"],
        usual_adequate=BY_DIMENSION["adequate"],
        usual_desired=BY_DIMENSION["desired"],
        state=zone.state,
        verdict=[VERDICTS[str(place)] for place in zone.state],
    )


def _tell_dimensions(dimensions: pd.DataFrame) -> str:
    short = dimensions.loc[dimensions["state"] == "below", "dimension"].str.lower().tolist()
    if not short:
        return _("It is good enough on all five dimensions.")
    if len(short) == len(dimensions):
        return _("It is too little on all five dimensions.")
    return _("By dimension it is too little on {names}.").format(names=_listed(short))


def _listed(names: list[str]) -> str:
    *others, last = names
    return _("{names} and {last}").format(names=", ".join(others), last=last) if others else last


def _explain(bottom: Shift, top: Shift) -> str:
    if not bottom.movers and not top.movers:
        return _(
            "On a usual day nothing pushes or pulls. What people wish for moves only with needs, "
            "promises and experience; what they accept also moves with the weather, an emergency, "
            "rivals and what they do themselves."
        )
    if not top.movers:
        why = _("What people hope for stays as it is; what they put up with moves.")
    elif not bottom.movers:
        why = _("What they hope for has moved, what they would just accept has not.")
    elif bottom.movers.keys() & top.movers.keys():
        why = _(
            "Promises, talk and past journeys move the top at once, and the bottom through what "
            "is foreseen: who foresees good service demands more before accepting it."
        )
    else:
        why = _("Each end answers to influences of its own.")
    return _("The bottom is moved by {bottom}; the top by {top}. {why}").format(
        bottom=_named(bottom), top=_named(top), why=why
    )


def _named(shift: Shift) -> str:
    movers = [
        _("{name} ({by})").format(name=SHORT[name], by=fixed(by, 2, sign=True))
        for name, by in shift.movers.items()
    ]
    return _listed(movers) if movers else _("nothing")
