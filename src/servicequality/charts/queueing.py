"""Charts of waiting lines: waits against guests, load and room, and how they spread (D4.2)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, LINE, SOFT

ChartData = Any

LONGEST = 80
"""Longest wait in minutes that the curve of waits shows."""

LONGEST_BIN = 60
"""From this many minutes on, waits share one bar."""

_CURVE_HEIGHT = 260
_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
_DARK_CONTRAST = "#a84f06"


def wait_curve(waits: ChartData, wall: ChartData, here: ChartData) -> alt.typing.ChartType:
    """Draw the mean wait against the share of undecided guests, up to where it has no limit.

    Parameters
    ----------
    waits : DataFrame or reference
        Columns share (0-0.7) and wait in minutes, only where it has a limit.
    wall : DataFrame or reference
        One row: share (0-0.7) from which on the wait has no limit, 0.7 if there is none.
    here : DataFrame or reference
        One row: share, and wait and simulated in minutes, missing if there is no limit; formula
        and simulation, both as text.
    """
    x = alt.X(
        "share:Q",
        title=_("share of undecided guests at the counter"),
        scale=alt.Scale(domain=[0, 0.7], nice=False),
        axis=alt.Axis(values=[0, 0.2, 0.4, 0.6], format=".0%", grid=False),
    )
    scale = alt.Scale(domain=[0, LONGEST], nice=False)
    y = alt.Y(
        "wait:Q",
        title=_("mean wait in minutes"),
        scale=scale,
        axis=alt.Axis(values=[0, 20, 40, 60, 80], domain=False, ticks=False),
    )
    beyond = (
        alt.Chart(wall)
        .transform_filter("datum.share < 0.7")
        .transform_calculate(end="0.7", middle="(datum.share + 0.7) / 2")
    )
    shade = beyond.mark_rect(color=CONTRAST, opacity=0.16).encode(x, alt.X2("end:Q"))
    edge = beyond.mark_rule(color=CONTRAST, strokeWidth=2, strokeDash=[6, 4]).encode(x)
    sign = beyond.mark_text(
        align=alt.expr("datum.share > 0.35 ? 'right' : 'left'"),
        dx=alt.expr("datum.share > 0.35 ? -8 : 8"),
        color=_DARK_CONTRAST,
    ).encode(x, y=alt.value(_CURVE_HEIGHT - 14), text=alt.value(_("from here the line has no end")))
    line = alt.Chart(waits).mark_line(color=ACCENT, strokeWidth=3, clip=True).encode(x, y)
    now = (
        alt.Chart(here)
        .transform_filter("isValid(datum.wait)")
        .transform_calculate(
            low=f"min(datum.wait, {LONGEST})", seen=f"min(datum.simulated, {LONGEST})"
        )
    )
    formula = now.mark_point(size=170, color=ACCENT, opacity=1, stroke="white").encode(
        x, alt.Y("low:Q", scale=scale)
    )
    ring = now.mark_point(
        size=420, filled=False, shape="square", color=CONTRAST, opacity=1, strokeWidth=3
    ).encode(x, alt.Y("seen:Q", scale=scale))
    texts = [
        part
        for field, dy, colour in (("formula", -36, ACCENT), ("simulation", -20, _DARK_CONTRAST))
        for style in (_RIM, {"color": colour})
        for part in [
            now.mark_text(
                **style,
                dy=alt.expr(f"{dy} + (datum.low > 65 ? 60 : 0)"),
                dx=alt.expr("datum.share > 0.35 ? 8 : -8"),
                align=alt.expr("datum.share > 0.35 ? 'right' : 'left'"),
                fontSize=13,
                fontWeight="bold",
            ).encode(x, alt.Y("low:Q", scale=scale), text=f"{field}:N")
        ]
    ]
    return alt.layer(shade, edge, sign, line, ring, formula, *texts).properties(
        width="container", height=_CURVE_HEIGHT
    )


def wait_bars(bins: ChartData, mean: ChartData) -> alt.typing.ChartType:
    """Draw which share of the guests waits how long.

    Parameters
    ----------
    bins : DataFrame or reference
        One row per bar of 5 minutes: low and high (in minutes, the last bar for all longer waits)
        and share (0-1).
    mean : DataFrame or reference
        One row: wait, the mean in minutes, at most `LONGEST_BIN` + 5, and words (as text).
    """
    across = alt.Scale(domain=[0, LONGEST_BIN + 5], nice=False)
    x = alt.X(
        "low:Q",
        title=_("minutes of waiting"),
        scale=across,
        axis=alt.Axis(
            values=[0, 10, 20, 30, 40, 50, LONGEST_BIN],
            labelExpr=f"datum.value === {LONGEST_BIN} ? '{LONGEST_BIN}+' : datum.value",
            grid=False,
            domain=False,
        ),
    )
    bar = (
        alt.Chart(bins)
        .transform_calculate(zero="0")
        .mark_rect(color=ACCENT, stroke="white", strokeWidth=1.5)
        .encode(
            x,
            alt.X2("high:Q"),
            alt.Y(
                "zero:Q",
                title=_("share of the guests"),
                scale=alt.Scale(domain=[0, 1], nice=False),
                axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".0%", domain=False),
            ),
            alt.Y2("share:Q"),
            tooltip=[
                alt.Tooltip("low:Q", title=_("from (min)")),
                alt.Tooltip("share:Q", title=_("share"), format=".1%"),
            ],
        )
    )
    at = alt.Chart(mean).encode(alt.X("wait:Q", scale=across))
    rule = at.mark_rule(color=CONTRAST, strokeWidth=2.5, strokeDash=[6, 4])
    style: dict[str, Any] = {
        "align": alt.expr("datum.wait > 32 ? 'right' : 'left'"),
        "dx": alt.expr("datum.wait > 32 ? -8 : 8"),
        "fontSize": 13,
        "fontWeight": "bold",
    }
    words = at.encode(y=alt.value(12), text="words:N")
    return alt.layer(
        bar, rule, words.mark_text(**_RIM, **style), words.mark_text(color=_DARK_CONTRAST, **style)
    ).properties(width="container", height=200)


def mood_curve(moods: ChartData, room: ChartData) -> alt.typing.ChartType:
    """Draw the mood of the guests against how full the room is, in two kinds of place.

    Parameters
    ----------
    moods : DataFrame or reference
        Columns place (its name), chosen (whether it is the present kind), occupancy (0-1) and mood.
    room : DataFrame or reference
        One row: occupancy (0-1), mood, and words (both as text).
    """
    x = alt.X(
        "occupancy:Q",
        title=_("how full the room is"),
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".0%", grid=False, ticks=False),
    )
    scale = alt.Scale(domain=[-4.4, 3.4], nice=False)
    y = alt.Y(
        "mood:Q",
        title=_("mood, against an empty room"),
        scale=scale,
        axis=alt.Axis(values=[-4, -2, 0, 2], domain=False, ticks=False),
    )
    base = alt.Chart(moods)
    lines = [
        base.transform_filter(f"{'' if chosen else '!'}datum.chosen")
        .mark_line(color=colour, strokeWidth=width, strokeDash=dash)
        .encode(x, y)
        for chosen, colour, width, dash in ((False, GREY, 2, [5, 4]), (True, ACCENT, 3, [1, 0]))
    ]
    # Both curves fall or lie flat there, so that the room below them is free.
    name = (
        base.transform_filter("abs(datum.occupancy - 0.6) < 0.01")
        .mark_text(align="right", dy=18, color=SOFT, fontSize=13)
        .encode(x, y, text="place:N")
    )
    zero = alt.Chart(room).transform_calculate(level="0").mark_rule(color=LINE).encode(y="level:Q")
    here = alt.Chart(room).encode(x, alt.Y("mood:Q", scale=scale))
    dot = here.mark_point(
        size=200, shape="diamond", color=CONTRAST, opacity=1, stroke="white", strokeWidth=2
    )
    style: dict[str, Any] = {
        "dy": -20,
        "align": alt.expr(
            "datum.occupancy > 0.7 ? 'right' : datum.occupancy < 0.3 ? 'left' : 'center'"
        ),
        "fontSize": 13,
        "fontWeight": "bold",
    }
    words = here.encode(text="words:N")
    return alt.layer(
        zero,
        *lines,
        name,
        dot,
        words.mark_text(**_RIM, **style),
        words.mark_text(color=INK, **style),
    ).properties(width="container", height=200)


def load_curve(bins: ChartData, proportional: ChartData) -> alt.typing.ChartType:
    """Draw the wait against the load, with what it would be if it grew in proportion.

    Parameters
    ----------
    bins : DataFrame or reference
        In order of the load: load (customers per server and hour), wait in minutes, servers (their
        mean number), and words, empty for most.
    proportional : DataFrame or reference
        Both ends of the line of proportion: load, wait, and words, empty for the first.
    """
    scale = alt.Scale(zero=True, nice=False, padding=8)
    x = alt.X(
        "load:Q",
        title=_("passengers for each booth in the hour"),
        scale=scale,
        axis=alt.Axis(tickCount=6, grid=False),
    )
    y = alt.Y(
        "wait:Q",
        title=_("mean wait in minutes"),
        scale=alt.Scale(zero=True),
        axis=alt.Axis(tickCount=5, domain=False, ticks=False),
    )
    straight = alt.Chart(proportional)
    dashed = straight.mark_line(color=GREY, strokeDash=[6, 4], strokeWidth=2).encode(x, y)
    name = straight.mark_text(align="left", dx=8, dy=6, color=SOFT, fontSize=13).encode(
        x, y, text="words:N"
    )
    base = alt.Chart(bins)
    line = base.mark_line(color=ACCENT, strokeWidth=3).encode(x, y)
    dot = base.mark_point(size=90, color=ACCENT, opacity=1, stroke="white").encode(
        x,
        y,
        tooltip=[
            alt.Tooltip("load:Q", title=_("passengers per booth"), format=".0f"),
            alt.Tooltip("wait:Q", title=_("wait (min)"), format=".1f"),
            alt.Tooltip("servers:Q", title=_("booths"), format=".1f"),
        ],
    )
    words = base.mark_text(
        dy=alt.expr("datum.load > 50 ? -16 : 20"),
        dx=alt.expr("datum.load > 50 ? 0 : 8"),
        align=alt.expr("datum.load > 50 ? 'right' : 'left'"),
        color=INK,
        fontSize=13,
        fontWeight="bold",
    ).encode(x, y, text="words:N")
    return alt.layer(dashed, name, line, dot, words).properties(
        width="container", height=_CURVE_HEIGHT
    )
