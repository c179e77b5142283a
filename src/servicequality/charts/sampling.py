"""Charts of sample size: how many to ask, a hundred surveys, and the error that is left (D6.3)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, LINE, SOFT

ChartData = Any

_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
_DARK_CONTRAST = "#a84f06"


def answers_needed(plan: ChartData, cities: ChartData) -> alt.typing.ChartType:
    """Draw the answers needed against the size of the population, both in powers of ten.

    Parameters
    ----------
    plan : DataFrame or reference
        population (100 to ten million) and answers.
    cities : DataFrame or reference
        One row per population to name: population, answers (missing if not known), words (lines
        parted by "|"), and west, whether they stand at the left.
    """
    across = alt.Scale(type="log", domain=[100, 10_000_000], nice=False)
    upwards = alt.Scale(type="log", domain=[10, 100_000], nice=False, clamp=True)
    tens: dict[str, Any] = {"grid": True, "gridColor": LINE, "domain": False, "ticks": False}
    x = alt.X(
        "population:Q",
        title=_("people (each line: ten times more)"),
        scale=across,
        axis=alt.Axis(values=[10**power for power in range(2, 8)], format="~s", **tens),
    )
    y = alt.Y(
        "answers:Q",
        title=_("answers needed"),
        scale=upwards,
        axis=alt.Axis(values=[10**power for power in range(1, 6)], format="~s", **tens),
    )
    ends = alt.Chart(
        alt.InlineData(
            [
                {"population": 100, "answers": 100},
                {"population": 100_000, "answers": 100_000},
            ]
        )
    ).encode(x, y)
    everyone = ends.mark_line(color=GREY, strokeDash=[5, 4])
    told = (
        ends.transform_filter("datum.answers > 1000")
        .mark_text(align="right", dx=-24, dy=12, color=SOFT)
        .encode(text=alt.value(_("ask everybody")))
    )
    curve = alt.Chart(plan).mark_line(color=ACCENT, strokeWidth=4).encode(x, y)
    place = alt.Chart(cities)
    upright = place.mark_rule(color=GREY, strokeDash=[2, 3]).encode(
        alt.X("population:Q", scale=across)
    )
    point = (
        place.transform_filter("isValid(datum.answers)")
        .mark_point(shape="diamond", size=220, color=CONTRAST, opacity=1, stroke="white")
        .encode(
            x,
            y,
            tooltip=[
                alt.Tooltip("population:Q", title=_("people"), format=","),
                alt.Tooltip("answers:Q", title=_("answers"), format=","),
            ],
        )
    )
    names = [
        place.mark_text(
            lineBreak="|",
            lineHeight=16,
            fontSize=13,
            fontWeight="bold",
            align=alt.expr("datum.west ? 'left' : 'right'"),
            dx=alt.expr("datum.west ? 7 : -7"),
            dy=alt.expr("datum.west ? 205 : 250"),
            **style,
        ).encode(alt.X("population:Q", scale=across), y=alt.value(0), text="words:N")
        for style in (_RIM, {"color": INK})
    ]
    return alt.layer(everyone, told, upright, curve, point, *names).properties(
        width="container", height=290
    )


def survey_intervals(surveys: ChartData, truth: ChartData) -> alt.typing.ChartType:
    """Draw repeated surveys as a pile of intervals beside the truth.

    Parameters
    ----------
    surveys : DataFrame or reference
        One row per survey: rank (from 1, bottom), lower, upper, and covers, whether the truth lies
        between.
    truth : DataFrame or reference
        One row: value, and words.
    """
    across = alt.Scale(domain=[3, 5.4], nice=False, zero=False, clamp=True)
    x = alt.X(
        "lower:Q",
        title=_("mean satisfaction (1 to 7) that a survey finds"),
        scale=across,
        axis=alt.Axis(values=[3, 3.5, 4, 4.5, 5], format=".1f", gridColor=LINE, domain=False),
    )
    pile = (
        alt.Chart(surveys)
        .mark_rule(strokeWidth=1.6)
        .encode(
            x,
            alt.X2("upper:Q"),
            alt.Y("rank:Q", axis=None, scale=alt.Scale(domain=[0, 101], nice=False)),
            color=alt.condition("datum.covers", alt.value(ACCENT), alt.value(CONTRAST)),
        )
    )
    line = alt.Chart(truth)
    at = alt.X("value:Q", scale=across)
    rule = line.mark_rule(color=INK, strokeWidth=2).encode(at)
    words = line.mark_text(fontWeight="bold", dy=-9).encode(at, y=alt.value(0), text="words:N")
    return alt.layer(pile, rule, words).properties(width="container", height=330)


def error_curve(curve: ChartData, floor: ChartData, here: ChartData) -> alt.typing.ChartType:
    """Draw the typical error of a survey against its answers, and the bias below which it stays.

    Parameters
    ----------
    curve : DataFrame or reference
        answers, error (chance and bias together) and chance, in points of the scale.
    floor : DataFrame or reference
        One row: bias (above zero), and words.
    here : DataFrame or reference
        One row: answers, error, and words.
    """
    across = alt.Scale(type="log", domain=[10, 100_000], nice=False)
    upwards = alt.Scale(domain=[0, 1], nice=False, clamp=True)
    x = alt.X(
        "answers:Q",
        title=_("answers (each line: ten times more)"),
        scale=across,
        axis=alt.Axis(values=[10**power for power in range(1, 6)], format="~s", gridColor=LINE),
    )
    axis = alt.Axis(
        values=[0, 0.25, 0.5, 0.75, 1], format=".2f", gridColor=LINE, domain=False, ticks=False
    )
    title = _("typical error (points of the scale)")
    lines = alt.Chart(curve)
    chance = lines.mark_line(color=GREY, strokeWidth=2, strokeDash=[5, 4]).encode(
        x, alt.Y("chance:Q", title=title, scale=upwards, axis=axis)
    )
    error = lines.mark_line(color=ACCENT, strokeWidth=4).encode(
        x, alt.Y("error:Q", title=title, scale=upwards, axis=axis)
    )
    bottom = alt.Chart(floor)
    level = alt.Y("bias:Q", scale=upwards)
    rule = bottom.mark_rule(color=CONTRAST, strokeWidth=2).encode(level)
    told = [
        bottom.mark_text(align="right", dx=-4, dy=12, fontWeight="bold", **style).encode(
            level, x=alt.value("width"), text="words:N"
        )
        for style in (_RIM, {"color": _DARK_CONTRAST})
    ]
    spot = alt.Chart(here).encode(x, alt.Y("error:Q", scale=upwards))
    point = spot.mark_point(shape="diamond", size=220, color=CONTRAST, opacity=1, stroke="white")
    words = [
        spot.mark_text(align="left", dx=9, dy=-12, fontSize=13, fontWeight="bold", **style).encode(
            text="words:N"
        )
        for style in (_RIM, {"color": INK})
    ]
    key = bottom.mark_text(align="right", color=SOFT, dy=-10).encode(
        x=alt.value("width"), y=alt.value(0), text=alt.value(_("dashed: chance alone"))
    )
    return alt.layer(chance, rule, error, *told, point, *words, key).properties(
        width="container", height=270
    )
