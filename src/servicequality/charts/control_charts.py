"""Charts that tell signals from noise: control chart, histogram, run lengths (D3.4)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, SOFT

ChartData = Any

_HISTOGRAMS = 216


def control_chart(
    points: ChartData, limits: ChartData, change: ChartData, frame: ChartData
) -> alt.typing.ChartType:
    """Draw points in order, their control limits, and when something changed.

    Parameters
    ----------
    points : DataFrame or reference
        Columns x, name (of the point), value, signal, and linked, whether to join it to its
        neighbours.
    limits : DataFrame or reference
        Columns x, lcl, center and ucl: two rows, or more where limits vary.
    change : DataFrame or reference
        At most one row: x, where the change came, and words.
    frame : DataFrame or reference
        Two rows with the corners that the axes show at least, x and value; in both rows caption
        (what is charted) and baseline (last x that the limits were made from; NaN for all).
    """
    x, y = _axis("x:Q"), _axis("value:Q")

    def level(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", title=None)

    corner, lines, shown, moment = (alt.Chart(table) for table in (frame, limits, points, change))
    caption = (
        corner.transform_aggregate(groupby=["caption"])
        .mark_text(align="left", fontSize=13, color=SOFT)
        .encode(x=alt.value(0), y=alt.value(-12), text="caption:N")
    )
    band = lines.mark_area(color="#eef3f9", interpolate="step").encode(
        alt.X("x:Q"), level("lcl"), alt.Y2("ucl:Q")
    )
    edge: dict[str, Any] = {
        "color": INK,
        "strokeDash": [5, 4],
        "interpolate": "step",
    }
    start = lines.transform_joinaggregate(
        start="min(x)", most="max(ucl)", least="min(ucl)"
    ).transform_filter("datum.x === datum.start")
    limit_lines, limit_names = [], []
    for field, name in (("ucl", _("upper limit")), ("lcl", _("lower limit"))):
        limit_lines.append(
            lines.mark_line(strokeWidth=1.3, **edge).encode(alt.X("x:Q"), level(field))
        )
        words = start.transform_calculate(
            number=f"datum.most - datum.least < 0.001 ? format(datum.{field}, '.1f') : ''",
            words=f"'{name} ' + datum.number",
        ).encode(alt.X("x:Q"), level(field), text="words:N")
        style: dict[str, Any] = {"align": "left", "dy": -9, "dx": 4, "fontWeight": "bold"}
        limit_names += [
            words.mark_text(stroke="white", strokeWidth=3, strokeJoin="round", **style),
            words.mark_text(**style),
        ]
    tooltip = [
        alt.Tooltip("name:N", title=_("point")),
        alt.Tooltip("value:Q", title=_("value"), format=".2f"),
    ]
    inside = shown.transform_filter("!datum.signal").mark_point(size=34, color=ACCENT)
    outside = shown.transform_filter("datum.signal").mark_point(
        size=170, opacity=1, shape="triangle-up", color=CONTRAST, stroke="white"
    )
    base = corner.transform_filter("isValid(datum.baseline)").transform_aggregate(
        groupby=["baseline"]
    )
    return alt.layer(
        band,
        corner.mark_point(opacity=0).encode(x, y),
        caption,
        *limit_lines,
        lines.mark_line(color=GREY, strokeWidth=1.3).encode(alt.X("x:Q"), level("center")),
        base.mark_rule(color=GREY, strokeDash=[2, 3]).encode(alt.X("baseline:Q")),
        base.mark_text(align="right", dx=-5, color=SOFT, baseline="top").encode(
            alt.X("baseline:Q"), y=alt.value(2), text=alt.value(_("baseline"))
        ),
        moment.mark_rule(color=CONTRAST, strokeWidth=2).encode(alt.X("x:Q")),
        moment.mark_text(
            align="left", dx=6, color="#a84d06", fontWeight="bold", baseline="top"
        ).encode(alt.X("x:Q"), y=alt.value(2), text="words:N"),
        shown.transform_filter("datum.linked")
        .mark_line(color=GREY, strokeWidth=1, opacity=0.6)
        .encode(alt.X("x:Q"), level("value")),
        inside.encode(alt.X("x:Q"), level("value"), tooltip=tooltip),
        outside.encode(alt.X("x:Q"), level("value"), tooltip=tooltip),
        *limit_names,
    ).properties(width="container", height=280)


def _axis(field: str) -> Any:
    """Scale an axis by the corners of its frame alone."""
    channel = alt.X if field.startswith("x") else alt.Y
    return channel(
        field,
        title=None,
        scale=alt.Scale(nice=False, zero=False),
        axis=alt.Axis(grid=False, tickCount=5, format=".2~f"),
    )


def histograms(bins: ChartData) -> alt.typing.ChartType:
    """Draw up to two histograms above each other on one scale.

    Parameters
    ----------
    bins : DataFrame or reference
        One row per bar; columns group (0 or 1), name and words (of its histogram), low and high
        (of the bar), and share (of the largest bar, 0-1).
    """
    strip = f"{_HISTOGRAMS} / (datum.last + 1)"
    base = (
        alt.Chart(bins)
        .transform_joinaggregate(last="max(group)")
        .transform_calculate(head=f"{strip} * datum.group + 12")
        .transform_calculate(bottom=f"datum.head + {strip} - 18")
        .transform_calculate(top=f"datum.bottom - ({strip} - 38) * datum.share")
    )
    bar = base.mark_rect(stroke="white", strokeWidth=1).encode(
        alt.X(
            "low:Q",
            title=None,
            scale=alt.Scale(nice=False, zero=False),
            axis=alt.Axis(grid=False, tickCount=6, format=".2~f", domain=False),
        ),
        alt.X2("high:Q"),
        _pixel("top"),
        alt.Y2("bottom:Q"),
        color=alt.condition("datum.group === 0", alt.value(ACCENT), alt.value(CONTRAST)),
    )
    title = base.transform_aggregate(groupby=["group", "head", "name", "words"])
    name = title.mark_text(align="left", fontSize=13, fontWeight="bold").encode(
        _pixel("head"), x=alt.value(0), text="name:N"
    )
    words = title.mark_text(align="right", fontSize=13, color=SOFT).encode(
        _pixel("head"), x=alt.value("width"), text="words:N"
    )
    return alt.layer(bar, name, words).properties(width="container", height=_HISTOGRAMS)


def _pixel(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", scale=None, axis=None)


def run_lengths(curve: ChartData, here: ChartData) -> alt.typing.ChartType:
    """Draw how long a chart takes to signal on average, against the level after the change.

    Parameters
    ----------
    curve : DataFrame or reference
        Columns level, days (1-1000; longer ones stand at 1000), and caption (same in each row).
    here : DataFrame or reference
        One row: level, days and words, where the reader stands.
    """
    x = alt.X(
        "level:Q",
        title=None,
        scale=alt.Scale(nice=False, zero=False),
        axis=alt.Axis(grid=False, tickCount=6, format=".2~f"),
    )
    y = alt.Y(
        "days:Q",
        title=None,
        scale=alt.Scale(type="log", domain=[1, 1000], clamp=True),
        axis=alt.Axis(values=[1, 3, 10, 30, 100, 300, 1000], format="d"),
    )
    base = alt.Chart(curve)
    caption = (
        base.transform_aggregate(groupby=["caption"])
        .mark_text(align="left", fontSize=13, color=SOFT)
        .encode(x=alt.value(0), y=alt.value(-12), text="caption:N")
    )
    line = base.mark_line(color=ACCENT, strokeWidth=2.5).encode(x, y)
    at = alt.Chart(here).encode(alt.X("level:Q"), alt.Y("days:Q"))
    point = at.mark_point(
        size=170, opacity=1, color=CONTRAST, shape="diamond", stroke="white", strokeWidth=2
    )
    style: dict[str, Any] = {
        "align": alt.expr("datum.right ? 'right' : 'left'"),
        "dx": alt.expr("datum.right ? -12 : 12"),
        "dy": -10,
        "fontSize": 14,
        "fontWeight": "bold",
    }
    text = at.encode(text="words:N")
    rim = text.mark_text(stroke="white", strokeWidth=3, strokeJoin="round", **style)
    return alt.layer(caption, line, point, rim, text.mark_text(**style)).properties(
        width="container", height=220
    )
