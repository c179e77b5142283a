"""Estimates with their intervals, one row each, and a line to compare them with (M5.5, M5.8)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.rows import HEIGHT, MARK, bars, names, numbered, place, words
from servicequality.charts.theme import ACCENT, CONTRAST, INK, SOFT

ChartData = Any

_SIDES = {
    "below": (CONTRAST, "square"),
    "crossed": (SOFT, "circle"),
    "above": (ACCENT, "diamond"),
}


def interval_rows(
    rows: ChartData, title: str, line_name: str, ends: tuple[float, float] | None = None
) -> alt.typing.ChartType:
    """Draw each estimate as a point with its interval, and a line through all rows.

    A row whose whole interval lies below the line is an orange square, one wholly above it a
    blue diamond; where the line crosses the interval, the point is a grey circle.

    Parameters
    ----------
    rows : DataFrame or reference
        In the order to show; columns name, value, lower and upper (the ends of the interval),
        words (the numbers as text), and line (where the line stands, the same in each row).
    title : str
        What the scale is.
    line_name : str
        What the line stands for.
    ends : tuple of float, optional
        Ends of the scale, for a chart whose rows move; what the data need if not given.
    """
    scale = alt.Scale(zero=False, nice=False, padding=14)
    if ends:
        scale = alt.Scale(domain=ends, nice=False, clamp=True)
    base = numbered(rows).transform_calculate(
        side="datum.upper < datum.line ? 'below' : datum.lower > datum.line ? 'above' : 'crossed'"
    )
    x = alt.X(
        "lower:Q",
        title=title,
        scale=scale,
        axis=alt.Axis(tickCount=6, grid=False, domain=False),
    )
    colours, shapes = zip(*_SIDES.values(), strict=True)
    colour = alt.Color("side:N", scale=alt.Scale(domain=list(_SIDES), range=colours), legend=None)
    interval = base.mark_rule(strokeWidth=4, opacity=0.55).encode(
        x, alt.X2("upper:Q"), place(MARK), color=colour
    )
    point = base.mark_point(size=150, opacity=1).encode(
        alt.X("value:Q", scale=scale),
        place(MARK),
        colour,
        alt.Shape("side:N", scale=alt.Scale(domain=list(_SIDES), range=shapes), legend=None),
        tooltip=[
            alt.Tooltip("name:N", title=_("row")),
            alt.Tooltip("value:Q", title=_("estimate"), format=".2f"),
            alt.Tooltip("lower:Q", title=_("interval from"), format=".2f"),
            alt.Tooltip("upper:Q", title=_("to"), format=".2f"),
        ],
    )
    line = (
        alt.Chart(rows).transform_aggregate(line="min(line)").encode(alt.X("line:Q", scale=scale))
    )
    rule = line.mark_rule(color=INK, strokeDash=[6, 4])
    label = line.mark_text(dy=-10, color=SOFT).encode(y=alt.value(0), text=alt.value(line_name))
    strip = bars(base, 0.08, 0.46, color="white").encode(x=alt.value(0), x2=alt.value("width"))
    return alt.layer(
        rule, strip, label, interval, point, names(base, "name"), words(base, color=SOFT)
    ).properties(width="container", height=alt.Step(HEIGHT))
