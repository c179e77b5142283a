"""Charts of the service profit chain: the paths, their effects, and what a survey sees (D4.4)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts import rows
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, LINE, SOFT

ChartData = Any

_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
_DARK_CONTRAST = "#a84f06"
_X = alt.Scale(domain=[-0.5, 2.5], nice=False, zero=False)
_Y = alt.Scale(domain=[4.5, -0.5], nice=False, zero=False)
_WIDEST = 16


def path_diagram(nodes: ChartData, paths: ChartData) -> alt.typing.ChartType:
    """Draw causes and effects as a diagram that runs downwards, each arrow as wide as its path.

    Parameters
    ----------
    nodes : DataFrame or reference
        One row per node: name (lines parted by "|"), column (0-2) and row (0-4) of its place, and
        end, whether it is the lever or the result.
    paths : DataFrame or reference
        One row per path: x, y and x2, y2 (places of cause and effect), value (coefficient), words,
        and at (where along the path its words stand, 0-1).
    """
    base = alt.Chart(paths).transform_calculate(
        label_x="datum.x + datum.at * (datum.x2 - datum.x)",
        label_y="datum.y + datum.at * (datum.y2 - datum.y)",
        thick=f"max(1.2, {_WIDEST} * abs(datum.value))",
    )
    x = alt.X("x:Q", axis=None, scale=_X)
    y = alt.Y("y:Q", axis=None, scale=_Y)
    line = base.mark_rule(opacity=0.75, strokeCap="butt").encode(
        x,
        y,
        alt.X2("x2:Q"),
        alt.Y2("y2:Q"),
        strokeWidth=alt.StrokeWidth("thick:Q", scale=None),
        color=alt.condition("datum.value < 0", alt.value(CONTRAST), alt.value(ACCENT)),
        strokeDash=alt.condition("datum.value < 0", alt.value([6, 4]), alt.value([1, 0])),
        tooltip=[alt.Tooltip("words:N", title=_("path"))],
    )
    at = base.encode(
        alt.X("label_x:Q", axis=None, scale=_X), alt.Y("label_y:Q", axis=None, scale=_Y)
    )
    words = [
        at.mark_text(fontSize=13, fontWeight="bold", **style).encode(text="words:N")
        for style in (_RIM, {"color": INK})
    ]
    place = alt.Chart(nodes).encode(
        alt.X("column:Q", axis=None, scale=_X), alt.Y("row:Q", axis=None, scale=_Y)
    )
    box = (
        alt.Chart(nodes)
        .transform_calculate(
            left="datum.column - 0.36",
            right="datum.column + 0.36",
            top="datum.row - 0.27",
            bottom="datum.row + 0.27",
        )
        .mark_rect(cornerRadius=8, strokeWidth=1.5)
        .encode(
            alt.X("left:Q", axis=None, scale=_X),
            alt.X2("right:Q"),
            alt.Y("top:Q", axis=None, scale=_Y),
            alt.Y2("bottom:Q"),
            fill=alt.condition("datum.end", alt.value(ACCENT), alt.value("white")),
            stroke=alt.condition("datum.end", alt.value(ACCENT), alt.value(GREY)),
        )
    )
    name = place.mark_text(
        lineBreak="|",
        lineHeight=14,
        fontSize=12,
        dy=alt.expr("indexof(datum.name, '|') < 0 ? 1 : -6"),
    ).encode(
        text="name:N",
        color=alt.condition("datum.end", alt.value("white"), alt.value(INK)),
    )
    return alt.layer(line, box, name, *words).properties(width="container", height=430)


def effect_bars(effects: ChartData) -> alt.typing.ChartType:
    """Draw an effect as a bar of two parts: direct and through others.

    Parameters
    ----------
    effects : DataFrame or reference
        One row per pair: name, direct, total, and words.
    """
    base = rows.numbered(effects).transform_calculate(zero="0")
    scale = alt.Scale(domain=[-0.2, 0.8], clamp=True, nice=False)
    x = alt.X(
        "zero:Q",
        title=_("effect, in standard deviations"),
        scale=scale,
        axis=alt.Axis(values=[-0.2, 0, 0.2, 0.4, 0.6, 0.8], domain=False, ticks=False),
    )
    total = rows.bars(base, 0.52, 0.84, color=ACCENT, cornerRadius=2).encode(x, alt.X2("total:Q"))
    direct = (
        base.transform_filter("datum.direct !== 0")
        .mark_rect(color=CONTRAST)
        .encode(
            alt.Y("row:O", axis=None, bandPosition=0.62),
            alt.Y2("row:O", bandPosition=0.74),
            alt.X("zero:Q", scale=scale),
            alt.X2("direct:Q"),
        )
    )
    key = (
        alt.Chart(effects)
        .transform_aggregate(any="count()")
        .mark_text(align="right", color=SOFT)
        .encode(
            x=alt.value("width"),
            y=alt.value(-10),
            text=alt.value(_("thick blue: total · thin orange: direct")),
        )
    )
    return alt.layer(total, direct, rows.names(base, "name"), rows.words(base), key).properties(
        width="container", height=alt.Step(50)
    )


def survey(units: ChartData, fit: ChartData) -> alt.typing.ChartType:
    """Draw business units by tools and profit, and the line of best fit.

    Parameters
    ----------
    units : DataFrame or reference
        One row per unit: tools and profit (standard scores).
    fit : DataFrame or reference
        The two ends of the line: tools, profit, and words (the same in both).
    """
    scale = alt.Scale(domain=[-3.5, 3.5], nice=False, clamp=True)
    axis = alt.Axis(values=[-3, -2, -1, 0, 1, 2, 3], format="d", gridColor=LINE, domain=False)
    x = alt.X("tools:Q", title=_("tools for staff (0 is the mean)"), scale=scale, axis=axis)
    y = alt.Y("profit:Q", title=_("profit (0 is the mean)"), scale=scale, axis=axis)
    dot = alt.Chart(units).mark_point(size=26, opacity=0.45, color=ACCENT).encode(x, y)
    line = alt.Chart(fit).mark_line(color=CONTRAST, strokeWidth=3).encode(x, y)
    words = (
        alt.Chart(fit)
        .transform_aggregate(words="max(words)")
        .encode(x=alt.value("width"), y=alt.value(14), text="words:N")
    )
    style: dict[str, Any] = {"align": "right", "dx": -4, "fontSize": 14, "fontWeight": "bold"}
    return alt.layer(
        dot, line, words.mark_text(**_RIM, **style), words.mark_text(color=_DARK_CONTRAST, **style)
    ).properties(width="container", height=270)
