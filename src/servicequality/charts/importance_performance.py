"""Charts of importance-performance analysis: the map, and the to-do lists that it gives (D2.4)."""

from collections.abc import Mapping
from gettext import gettext as _
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from servicequality.charts.theme import ACCENT, CONTRAST, INK, SOFT
from servicequality.models import importance_performance as ipa

ChartData = Any
Span = tuple[float, float]
Box = tuple[float, float, float, float]

_LOOKS = {
    ipa.CONCENTRATE: (CONTRAST, "triangle-up"),
    ipa.KEEP_UP: (ACCENT, "circle"),
    ipa.OVERKILL: ("#0f2f57", "square"),
    ipa.LOW_PRIORITY: ("#66727e", "diamond"),
    ipa.LEAVE: (ACCENT, "triangle-down"),
}
# Labels are placed on a map as a phone shows it: its size in pixels, and that of a letter.
_WIDTH, _HEIGHT = 280, 400
_LETTER, _LINE = 6.7, 14


def advice_names() -> dict[str, str]:
    """Return what a reader sees for each advice of `servicequality.models`."""
    return {
        ipa.CONCENTRATE: _("Concentrate here"),
        ipa.KEEP_UP: _("Keep up"),
        ipa.OVERKILL: _("Possible overkill"),
        ipa.LOW_PRIORITY: _("Low priority"),
        ipa.LEAVE: _("Leave as it is"),
    }


def map_tables(
    attributes: pd.DataFrame,
    mode: str = "data",
    lines: tuple[float, float] | None = None,
    importance: Span = (3, 7),
    performance: Span = (3, 7),
) -> dict[str, pd.DataFrame]:
    """Prepare the tables of an `importance_performance_map`.

    Parameters
    ----------
    attributes : DataFrame
        Index: what to write beside each point. Columns importance and performance, both on the
        scale 1-7.
    mode, lines
        As in `servicequality.models.importance_performance.classify`.
    importance, performance : (low, high)
        Part of each scale that the map shows.

    Returns
    -------
    dict of str to DataFrame
        points, regions and cross, the parameters of the chart function.

    Raises
    ------
    ValueError
        For an unknown mode, mode "free" without lines, or a missing value.
    """
    names = advice_names()
    points = (
        attributes[["importance", "performance"]]
        .assign(
            advice=ipa.classify(attributes, mode, lines=lines).map(names),
            side=label_sides(attributes, importance, performance),
        )
        .rename_axis("attribute")
        .reset_index()
    )
    # A region is an area between a floor and a ceiling, from its left to its right end.
    (left, right), (bottom, top) = performance, importance
    if mode == "diagonal":
        cross = pd.DataFrame(columns=["importance", "performance", "movable"])
        bends = np.unique(np.clip([left, right, bottom, top], left, right))
        line = np.clip(bends, bottom, top)
        areas = [(ipa.CONCENTRATE, x, y, top) for x, y in zip(bends, line, strict=True)]
        areas += [(ipa.LEAVE, x, bottom, y) for x, y in zip(bends, line, strict=True)]
    else:
        level, upright = ipa.crosshair(attributes, mode, lines=lines)
        cross = pd.DataFrame(
            {"importance": [level], "performance": [upright], "movable": [mode == "free"]}
        )
        areas = [(ipa.CONCENTRATE, x, level, top) for x in (left, upright)]
        areas += [(ipa.KEEP_UP, x, level, top) for x in (upright, right)]
        areas += [(ipa.LOW_PRIORITY, x, bottom, level) for x in (left, upright)]
        areas += [(ipa.OVERKILL, x, bottom, level) for x in (upright, right)]
    regions = pd.DataFrame(
        [(names[advice], x, floor, ceiling) for advice, x, floor, ceiling in areas],
        columns=["advice", "performance", "floor", "ceiling"],
    )
    return {"points": points, "regions": regions, "cross": cross}


def label_sides(
    attributes: pd.DataFrame, importance: Span = (3, 7), performance: Span = (3, 7)
) -> pd.Series:
    """Choose for each point the side on which its label hides least, on a narrow map.

    Parameters
    ----------
    attributes, importance, performance
        As in `map_tables`.

    Returns
    -------
    Series of str
        "right", "left", "above" or "below".
    """
    xs = (attributes["performance"] - performance[0]) * _WIDTH / (performance[1] - performance[0])
    ys = (attributes["importance"] - importance[0]) * _HEIGHT / (importance[1] - importance[0])
    dots = [(x - 7, y - 7, x + 7, y + 7) for x, y in zip(xs, ys, strict=True)]
    choices = [
        _boxes(_LETTER * len(str(label)), x, y)
        for label, x, y in zip(attributes.index, xs, ys, strict=True)
    ]
    sides = ["right"] * len(choices)
    # The second time round, every label knows where the later ones went.
    for _sweep in range(2):
        for point, boxes in enumerate(choices):
            others = [choices[other][side] for other, side in enumerate(sides) if other != point]
            hidden = {
                side: _LINE * max(0, -box[0], box[2] - _WIDTH)
                + sum(_overlap(box, other) for other in dots + others)
                for side, box in boxes.items()
            }
            sides[point] = min(hidden, key=lambda side: hidden[side])
    return pd.Series(sides, attributes.index)


def _boxes(wide: float, x: float, y: float) -> dict[str, Box]:
    """Left, lower, right and upper edge of a label on each side of a point."""
    return {
        "right": (x + 9, y - _LINE / 2, x + 9 + wide, y + _LINE / 2),
        "left": (x - 9 - wide, y - _LINE / 2, x - 9, y + _LINE / 2),
        "above": (x - wide / 2, y + 8, x + wide / 2, y + 8 + _LINE),
        "below": (x - wide / 2, y - 8 - _LINE, x + wide / 2, y - 8),
    }


def importance_performance_map(
    points: ChartData, regions: ChartData, cross: ChartData, across: str = ""
) -> alt.typing.ChartType:
    """Draw attributes by performance and importance, in the regions that a rule cuts out.

    Parameters
    ----------
    points, regions, cross : DataFrame or reference
        From `map_tables`.
    across : str
        What performance is; answers from 1 to 7 if not given.
    """
    names = advice_names()
    # The regions together span the map, and so set the domain of both scales.
    fit = alt.Scale(zero=False, nice=False)
    axis = alt.Axis(grid=False, tickCount=5, format="~r")
    across = across or _("performance (answers 1 to 7)")
    x = alt.X("performance:Q", title=across, scale=fit, axis=axis)
    y = alt.Y("importance:Q", title=_("importance"), scale=fit, axis=axis)
    floor = alt.Y("floor:Q", title=_("importance"), scale=fit, axis=axis)
    colour, shape = _encodings()

    area = alt.Chart(regions).mark_area(opacity=0.12).encode(x, floor, alt.Y2("ceiling:Q"), colour)
    corner = (
        alt.Chart(regions)
        .transform_joinaggregate(
            left="min(performance)", right="max(performance)", low="min(floor)", high="max(ceiling)"
        )
        .transform_aggregate(groupby=["advice", "left", "right", "low", "high"])
        .transform_calculate(
            west=_one_of(names[ipa.CONCENTRATE], names[ipa.LOW_PRIORITY]),
            north=_one_of(names[ipa.CONCENTRATE], names[ipa.KEEP_UP]),
            performance="datum.west ? datum.left : datum.right",
            importance="datum.north ? datum.high : datum.low",
        )
        .mark_text(
            fontSize=13,
            fontWeight="bold",
            baseline="bottom",
            align=alt.expr("datum.west ? 'left' : 'right'"),
            dx=alt.expr("datum.north ? 0 : datum.west ? 8 : -8"),
            dy=alt.expr("datum.north ? -6 : -8"),
        )
        .encode(x, y, text="advice:N", color=colour)
    )
    lines = alt.Chart(cross).mark_rule(color=INK, strokeWidth=1.5)
    diagonal = (
        alt.Chart(regions)
        .transform_filter(_one_of(names[ipa.LEAVE]))
        .mark_line(color=INK, strokeWidth=1.5)
        .encode(x, alt.Y("ceiling:Q"))
    )
    handle = (
        alt.Chart(cross)
        .transform_filter("datum.movable")
        .mark_point(size=420, color="white", opacity=1, stroke=INK, strokeWidth=2)
        .encode(x, y)
    )
    point = (
        alt.Chart(points)
        .mark_point(size=140, opacity=1, stroke="white", strokeWidth=1)
        .encode(
            x,
            y,
            colour,
            shape,
            tooltip=[
                alt.Tooltip("attribute:N", title=_("attribute")),
                alt.Tooltip("importance:Q", title=_("importance"), format=".2f"),
                alt.Tooltip("performance:Q", title=_("performance"), format=".2f"),
                alt.Tooltip("advice:N", title=_("advice")),
            ],
        )
    )
    return alt.layer(
        area,
        lines.encode(x),
        lines.encode(y),
        diagonal,
        corner,
        handle,
        *labels_at_sides(alt.Chart(points).encode(x, y, text="attribute:N")),
        point,
    ).properties(width="container", height=_HEIGHT)


def advice_by_rule(advice: ChartData, rules: Mapping[str, str]) -> alt.typing.ChartType:
    """Draw the advice for each attribute under each rule, as one grid of signs.

    Parameters
    ----------
    advice : DataFrame or reference
        Column attribute, a column of advice (see `advice_names`) for each rule, and changes:
        whether the row is one to mark.
    rules : mapping of str to str
        Columns to draw, with their headings.
    """
    colour, shape = _encodings(alt.Legend(title=None, columns=2, symbolSize=120, labelFontSize=13))
    rows = alt.Chart(advice)
    tint = rows.mark_bar(height=alt.RelativeBandSize(band=0.92)).encode(
        _row(0.5),
        x=alt.value(0),
        x2=alt.value("width"),
        color=alt.condition("datum.changes", alt.value("#fdf3ea"), alt.value("transparent")),
    )
    name = rows.mark_text(align="left", dx=6, fontSize=13, fontWeight="bold").encode(
        _row(0.27), x=alt.value(0), text="attribute:N"
    )
    sign = (
        rows.transform_fold(list(rules), ["rule", "advice"])
        .transform_calculate(heading=f"{dict(rules)}[datum.rule]")
        .mark_point(size=170, opacity=1)
        .encode(
            alt.X(
                "heading:N",
                sort=list(rules.values()),
                title=None,
                axis=alt.Axis(
                    orient="top",
                    domain=False,
                    ticks=False,
                    labelColor=SOFT,
                    labelPadding=8,
                    labelOverlap=False,
                ),
            ),
            _row(0.68),
            color=colour,
            shape=shape,
            tooltip=[
                alt.Tooltip("attribute:N", title=_("attribute")),
                alt.Tooltip("heading:N", title=_("rule")),
                alt.Tooltip("advice:N", title=_("advice")),
            ],
        )
    )
    return alt.layer(tint, name, sign).properties(width="container", height=alt.Step(48))


def shortfall_bars(shortfalls: ChartData) -> alt.typing.ChartType:
    """Draw performance minus importance, one bar an attribute, in the order of the rows.

    Parameters
    ----------
    shortfalls : DataFrame or reference
        Columns attribute and shortfall (performance minus importance, negative where it is short).
    """
    rows = alt.Chart(shortfalls)
    base = rows.encode(
        alt.X(
            "shortfall:Q",
            title=_("performance minus importance"),
            scale=alt.Scale(domain=[-2.6, 2.2], nice=False),
            axis=alt.Axis(values=[-2, -1, 0, 1, 2], grid=False, format="d"),
        ),
        _row(0.68),
    )
    name = rows.mark_text(align="left", fontSize=13, fontWeight="bold").encode(
        _row(0.27), x=alt.value(0), text="attribute:N"
    )
    short = "datum.shortfall < 0"
    bar = base.mark_rule(strokeWidth=14).encode(
        alt.X2Datum(0), color=alt.condition(short, alt.value(CONTRAST), alt.value(ACCENT))
    )
    zero = alt.Chart(shortfalls).mark_rule(color=INK).encode(alt.XDatum(0))
    number = base.mark_text(
        fontWeight="bold",
        align=alt.expr(f"{short} ? 'right' : 'left'"),
        dx=alt.expr(f"{short} ? -5 : 5"),
    ).encode(text=alt.Text("shortfall:Q", format="+.2f"))
    return alt.layer(bar, zero, name, number).properties(width="container", height=alt.Step(48))


def _row(at: float) -> alt.Y:
    """Place a mark in its row: names stand above the signs, so that none is ever cut off."""
    return alt.Y("attribute:N", sort=None, axis=None, bandPosition=at)


def labels_at_sides(text: alt.Chart) -> tuple[alt.Chart, alt.Chart]:
    """Write labels on the sides in column `side` (see `label_sides`), each on a pale rim.

    A point that is chosen is drawn larger, so that its label keeps a larger distance.
    """
    side, more = "datum.side", "(datum.chosen ? 4 : 0)"
    style: dict[str, Any] = {
        "fontSize": 13,
        "align": alt.expr(f"{side} === 'right' ? 'left' : {side} === 'left' ? 'right' : 'center'"),
        "dx": alt.expr(f"{side} === 'right' ? 10 + {more} : {side} === 'left' ? -10 - {more} : 0"),
        "dy": alt.expr(f"{side} === 'above' ? -15 - {more} : {side} === 'below' ? 15 + {more} : 0"),
    }
    rim = text.mark_text(
        stroke="white", strokeWidth=4, strokeOpacity=0.85, strokeJoin="round", **style
    )
    return rim, text.mark_text(**style)


def _encodings(legend: alt.Legend | None = None) -> tuple[alt.Color, alt.Shape]:
    names = advice_names()
    domain = [names[advice] for advice in _LOOKS]
    colours, shapes = zip(*_LOOKS.values(), strict=True)
    return (
        alt.Color("advice:N", scale=alt.Scale(domain=domain, range=colours), legend=legend),
        alt.Shape("advice:N", scale=alt.Scale(domain=domain, range=shapes), legend=legend),
    )


def _one_of(*advice: str) -> str:
    return f"indexof({list(advice)}, datum.advice) >= 0"


def _overlap(a: Box, b: Box) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return max(0.0, width) * max(0.0, height)
