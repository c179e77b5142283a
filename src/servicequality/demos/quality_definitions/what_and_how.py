"""What and how (D1.1): whether a brilliant result survives a poor manner, and what image adds."""

import math
from functools import lru_cache, partial
from gettext import gettext as _

import pandas as pd

from servicequality.charts.perceived_quality import gap_gains, quality_map
from servicequality.charts.servqual import expected_and_perceived
from servicequality.models import perceived_quality as model
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
)

STEP = 5
LEVELS = (20, 40, 60, 80)
BUDGET, TARGET = 140, 68
RHO = {"fully": 1.0, "partly": 0.0, "weakly": -2.0, "no": -math.inf}
IDEAS = {
    "fully": _("Fully"),
    "partly": _("Partly"),
    "weakly": _("Weakly"),
    "no": _("Not at all"),
}
REPAIR: dict[str, float | str | bool] = {"technical": 80, "functional": 50, "rho": "fully"}


def what_and_how() -> Demo:
    """Weigh what is received against how it is received, and both against expectation (D1.1).

    Returns
    -------
    Demo
        Model M1.1; the case of the repair is O1.1.
    """
    return Demo(
        code="D1.1",
        title=_("What and how"),
        question=_("Can a brilliant result survive a rude delivery?"),
        evidence="T",
        assumption=_(
            "Result, manner, image and expectation come from Grönroos (1984), who gave no "
            "formulas. In this model each is a number from 0 to 100, and a gap of zero counts as "
            "satisfied; both are simplifications."
        ),
        taste=(
            _index("functional", _("Manner (functional quality)"), 35),
            _index("technical", _("Result (technical quality)"), 95),
        ),
        controls=(
            Choice(
                name="rho",
                label=_("Can one make up for the other?"),
                options=IDEAS,
                default="weakly",
            ),
            Slider(
                name="expected", label=_("Expected quality"), low=5, high=100, step=1, default=75
            ),
            Group(
                _("Image of the firm"),
                (
                    Slider(
                        name="image",
                        label=_("Image, from notorious (−1) to trusted (+1)"),
                        low=-1,
                        high=1,
                        step=0.1,
                        default=0,
                    ),
                    Slider(
                        name="phi",
                        label=_("Strength of image (0 none, 1 full)"),
                        low=0,
                        high=1,
                        step=0.1,
                        default=0.5,
                    ),
                ),
            ),
            Group(
                _("What counts more"),
                (
                    Slider(
                        name="weight",
                        label=_("Weight of the result"),
                        low=0,
                        high=100,
                        step=5,
                        default=60,
                        unit="%",
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("Brilliant surgeon, no manners")),
            Preset(_("Charming waiter, wrong dish"), {"technical": 35, "functional": 95}),
            Preset(_("Vending machine"), {"technical": 85, "functional": 55, "weight": 80}),
            Preset(_("Good repair, curt fitter"), REPAIR),
            Preset(_("Trusted brand slips"), {**REPAIR, "image": 0.8}),
            Preset(_("Notorious brand slips"), {**REPAIR, "image": -0.8}),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("Which mixes of result and manner are good enough?"),
                description=_(
                    "A map with the result to the right and the manner upwards, both from 0 to "
                    "100. Thin lines join mixes of equal quality. The thick line is what was "
                    "expected; the shaded side of it is good enough. A dot marks this service."
                ),
                chart=quality_map,
                tables=("contours", "expected", "here"),
                columns={
                    "technical": _("Result"),
                    "functional": _("Manner"),
                    "experienced": _("Experienced"),
                },
                numbers_from="here",
                decimals=1,
                before_commit=True,
                drag={"x": "technical", "y": "functional"},
            ),
            Figure(
                title=_("What 5 points more would add, if one makes up for the other …"),
                description=_(
                    "Four pairs of bars, one pair for each answer to whether one quality makes up "
                    "for the other. Each pair compares 5 points more of the result with 5 points "
                    "more of the manner. The answer now chosen stands out."
                ),
                chart=gap_gains,
                tables=("gains",),
                columns={
                    "idea": _("Makes up for the other"),
                    "technical": _("5 more of the result"),
                    "functional": _("5 more of the manner"),
                },
            ),
            Figure(
                title=_("The gap, before and after the firm's image"),
                description=_(
                    "Two rows on a scale from 0 to 100, without and with the firm's image: a "
                    "square at what was expected, a circle at what is perceived, and the gap "
                    "between them as a number."
                ),
                chart=partial(
                    expected_and_perceived,
                    title=_("quality, from 0 to 100"),
                    ticks=range(0, 101, 20),
                    decimals=1,
                ),
                tables=("dimensions",),
                columns={
                    "dimension": _("Seen"),
                    "expectation": _("Expected"),
                    "perception": _("Perceived"),
                    "gap": _("Gap"),
                },
                decimals=1,
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} X = \left( w\,T^{\rho} + (1 - w)\,F^{\rho} \right)^{1/\rho} \\ \\"
            r"\text{gap} = X + \varphi\,I\,(E - X) - E \quad \text{if} \; X < E"
            r"\end{matrix}"
        ),
        formula_note=_(
            "<i>T</i> technical quality (result), <i>F</i> functional quality (manner), "
            "<i>w</i> weight of the result, <i>X</i> experienced and <i>E</i> expected quality, "
            "<i>I</i> image, <i>φ</i> its strength. <i>ρ</i> says how far one quality makes up for "
            "the other: 1 fully, 0 partly (the limit <i>T<sup>w</sup>F</i><sup>1−<i>w</i></sup>), "
            "−2 weakly, −∞ not at all (the lower one counts). Above expectation image changes "
            "nothing. The ideas are Grönroos's (1984), the formulas are this course's."
        ),
        challenge=Challenge(
            goal=_(
                "Expectation <b>68</b>; result counts 60 %; one makes up <b>weakly</b> for the "
                "other. You have <b>140 points</b> in all for result and manner. Meet the "
                "expectation without help from image."
            ),
            solved=_solved,
            hint=_("If the weaker of the two decides, where should the next point go?"),
            success=_(
                "Shared evenly, 140 points are enough. As 95 and 45 they make only {lopsided}: "
                "brilliance on one side is wasted."
            ).format(lopsided=fixed(_experienced(95, BUDGET - 95, 60, "weakly"), 1)),
        ),
    )


def _index(name: str, label: str, default: float) -> Slider:
    return Slider(name=name, label=label, low=0, high=100, step=1, default=default)


def _prediction() -> Prediction:
    surgeon = {"technical": 95, "functional": 35, "expected": 75, "weight": 0.6}
    weakly = model.gap_gains(**surgeon, rho=RHO["weakly"], step=STEP)
    fully = model.gap_gains(**surgeon, rho=RHO["fully"], step=STEP)
    result, manner = fixed(float(weakly.technical), 1), fixed(float(weakly.functional), 1)
    return Prediction(
        question=_(
            "You expected 75. The cure (95) counts 60 %, the manner (35) counts 40 %, and a good "
            "cure makes up only weakly for bad manners. Raise one of them by 5 points: which "
            "closes more of the gap?"
        ),
        options={
            "technical": _("The cure: it counts more"),
            "functional": _("The manner: it is the weak side"),
            "same": _("Both about the same"),
        },
        correct="functional",
        feedback={
            "technical": _(
                "Only if one fully made up for the other: then 5 points of cure close {result}, of "
                "manner {manner}. Here the weak side decides: {weak} for manner, {strong} for cure."
            ).format(
                result=fixed(float(fully.technical), 1),
                manner=fixed(float(fully.functional), 1),
                weak=manner,
                strong=result,
            ),
            "functional": _(
                "5 points of manner close {manner} of the gap, 5 points of cure only {result}, "
                "although the cure counts more."
            ).format(manner=manner, result=result),
            "same": _(
                "Far from it: 5 points of manner close {manner} of the gap, 5 points of cure only "
                "{result}. The weak side decides."
            ).format(manner=manner, result=result),
        },
    )


def _experienced(technical: float, functional: float, weight: float, rho: str) -> float:
    """Experienced quality; the weight in per cent."""
    result = model.perceived_quality(technical, functional, 0, weight / 100, RHO[rho])
    return float(result.experienced)


def _solved(state: State) -> bool:
    experienced = _experienced(
        state["technical"], state["functional"], state["weight"], state["rho"]
    )
    return bool(
        state["expected"] == TARGET
        and state["rho"] == "weakly"
        and state["weight"] == 60
        and state["technical"] + state["functional"] <= BUDGET
        and experienced >= TARGET - 1e-9
    )


def _settings(state: State) -> dict[str, float]:
    """Arguments of the model besides rho."""
    names = ("technical", "functional", "expected", "image", "phi")
    return {name: state[name] for name in names} | {"weight": state["weight"] / 100}


def _view(state: State) -> View:
    at = _settings(state)
    now = model.perceived_quality(**at, rho=RHO[state["rho"]])
    gains = pd.DataFrame(
        {
            "idea": IDEAS.values(),
            "chosen": [idea == state["rho"] for idea in IDEAS],
            **model.gap_gains(**at, rho=list(RHO.values()), step=STEP)._asdict(),
        }
    )
    chosen = gains[gains["chosen"]].iloc[0]
    return View(
        tables=_tables(state, now, gains),
        numbers=(
            Number(label=_("experienced, of 100"), text=fixed(float(now.experienced), 1)),
            Number(label=_("gap to expectation"), text=fixed(float(now.gap), 1, sign=True)),
            Number(
                label=_("from 5 more of the result"), text=fixed(chosen["technical"], 1, sign=True)
            ),
            Number(
                label=_("from 5 more of the manner"),
                text=fixed(chosen["functional"], 1, sign=True),
            ),
        ),
        sentence=_sentence(state, now, chosen),
        explanation=_explanation(state, now),
        teaser=_teaser(state, now),
        inactive=frozenset({"phi"} if state["image"] == 0 else ()),
    )


def _teaser(state: State, now: model.PerceivedQuality) -> str:
    side = _("on the shaded side") if now.experienced >= state["expected"] else _("short of it")
    return _(
        "You see a surgeon. The result is worth {technical} of 100, the manner {functional}; you "
        "expected {expected}. The thick line joins all mixes that are just good enough, and this "
        "visit is <b>{side}</b>. Drag the dot, or use the sliders."
    ).format(
        technical=fixed(state["technical"], 0),
        functional=fixed(state["functional"], 0),
        expected=fixed(state["expected"], 0),
        side=side,
    )


def _sentence(state: State, now: model.PerceivedQuality, gain: pd.Series) -> str:
    what = _("A result of {technical} and a manner of {functional} make {experienced}").format(
        technical=fixed(state["technical"], 0),
        functional=fixed(state["functional"], 0),
        experienced=fixed(float(now.experienced), 1),
    )
    expected, gap = fixed(state["expected"], 0), fixed(float(now.gap), 1, sign=True)
    if now.experienced >= state["expected"]:
        return _(
            "<b>{what}, and {expected} were expected: the gap is {gap}, no shortfall.</b>"
        ).format(what=what, expected=expected, gap=gap)
    if state["image"] and state["phi"]:
        seen = _(
            "{what}. Through the firm's image it looks like {filtered}, against {expected} "
            "expected: the gap is {gap}."
        ).format(what=what, filtered=fixed(float(now.filtered), 1), expected=expected, gap=gap)
    else:
        seen = _("{what}, against {expected} expected: the gap is {gap}.").format(
            what=what, expected=expected, gap=gap
        )
    return f"<b>{seen}</b> {_binding(state, gain)}"


def _binding(state: State, gain: pd.Series) -> str:
    sides = {"technical": _("result"), "functional": _("manner")}
    less, more = sorted(sides, key=lambda side: gain[side])
    least, most = (fixed(gain[side], 1) for side in (less, more))
    if most == least:
        return _("5 points more of either would close {most} of it.").format(most=most)
    weight = {"technical": state["weight"], "functional": 100 - state["weight"]}
    why = ""
    if state["rho"] != "fully" and state[more] < state[less]:
        why = _(", which holds quality back,")
    elif weight[more] > weight[less]:
        why = _(", which counts more,")
    return _(
        "5 points more of the <b>{more}</b>{why} would close {most} of it; 5 points more of the "
        "{less} {least}."
    ).format(more=sides[more], why=why, most=most, less=sides[less], least=least)


def _explanation(state: State, now: model.PerceivedQuality) -> str:
    low, high = sorted((state["technical"], state["functional"]))
    numbers = {
        "low": fixed(low, 0),
        "high": fixed(high, 0),
        "mean": fixed(
            _experienced(state["technical"], state["functional"], state["weight"], "fully"), 1
        ),
        "experienced": fixed(float(now.experienced), 1),
    }
    if state["rho"] == "fully":
        how = _(
            "If one fully makes up for the other, quality is a plain weighted mean, here "
            "{experienced}: a point of the side that counts more is always worth more, however "
            "good that side is already."
        )
    elif low == high:
        how = _(
            "Both sides stand at {low}, so neither has anything to make up for: quality is "
            "{experienced}, whatever one believes about that."
        )
    elif state["rho"] == "no":
        how = _(
            "If nothing makes up for the weaker side, quality is the lower of the two, "
            "{experienced}. More of the other side changes nothing."
        )
    else:
        how = _(
            "A plain weighted mean would be {mean}. But the {high} of one side makes up only in "
            "part for the {low} of the other, so quality is {experienced}, and a point on the weak "
            "side is worth more than its weight."
        )
    return f"{how.format(**numbers)} {_image(state, now)}"


def _image(state: State, now: model.PerceivedQuality) -> str:
    shift = fixed(abs(float(now.filtered - now.experienced)), 1)
    if now.experienced >= state["expected"]:
        return _("Image has nothing to do here: in this model it acts on shortfalls only.")
    if state["image"] == 0 or state["phi"] == 0:
        return _("A trusted name would hide a part of the shortfall, a bad one would enlarge it.")
    if state["image"] > 0:
        return _(
            "The trusted name buys back {shift} points of the shortfall; it never makes a surplus."
        ).format(shift=shift)
    return _("The bad name makes the shortfall {shift} points larger.").format(shift=shift)


def _tables(
    state: State, now: model.PerceivedQuality, gains: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    expected = state["expected"]
    line = _line(expected, state["weight"], state["rho"], 26)
    corner = line[["functional"]].tail(1).assign(technical=100.0)
    return {
        "contours": pd.concat(
            _line(level, state["weight"], state["rho"], 11)
            for level in LEVELS
            if abs(level - expected) > 7
        ),
        "expected": pd.concat([line, corner]),
        "here": pd.DataFrame(
            {
                "technical": [state["technical"]],
                "functional": [state["functional"]],
                "experienced": [float(now.experienced)],
            }
        ),
        "gains": gains.round(3),
        "dimensions": pd.DataFrame(
            {
                "dimension": [_("As experienced"), _("Through the firm's image")],
                "expectation": expected,
                "perception": [float(now.experienced), float(now.filtered)],
                "gap": [float(now.experienced) - expected, float(now.gap)],
                "weight": math.nan,
            }
        ).round(2),
    }


@lru_cache(maxsize=256)
def _line(level: float, weight: float, rho: str, points: int) -> pd.DataFrame:
    """Mixes of result and manner that make one quality."""
    return model.iso_quality(level, weight / 100, RHO[rho], points).assign(level=level).round(1)
