"""Charts of chasing the best: two ways to compare levels, and the race in time (D3.5)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.rows import HEIGHT, bars, names, numbered, place, words
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, LINE, SOFT

ChartData = Any

_RADAR = 300
_RADIUS = f"(min(width, {_RADAR + 60}) / 2 - 66)"


def levels_to_best(levels: ChartData) -> alt.typing.ChartType:
    """Draw one bar per indicator: the own level as a part of the best.

    Parameters
    ----------
    levels : DataFrame or reference
        Columns name, words (both levels), and part (own / best, 0 or more; drawn to 1.2).
    """
    rows = numbered(levels).transform_calculate(zero="0", best="1", end="min(datum.part, 1.2)")
    x = alt.X(
        "zero:Q",
        title=_("own level, as a part of the best"),
        scale=alt.Scale(domain=[0, 1.2], nice=False),
        axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1], domain=False, ticks=False),
    )
    bar = bars(rows, 0.54, 0.86).encode(
        x,
        alt.X2("end:Q"),
        color=alt.condition("datum.part < 1", alt.value(CONTRAST), alt.value(ACCENT)),
    )
    best = _limit(rows, "best")
    strip = bars(rows, 0.08, 0.46, color="white").encode(x=alt.value(0), x2=alt.value("width"))
    return alt.layer(bar, best, strip, names(rows, "name"), words(rows, color=SOFT)).properties(
        width="container", height=alt.Step(HEIGHT - 6)
    )


def radar(levels: ChartData) -> alt.typing.ChartType:
    """Draw the same parts as a radar: one spoke per indicator, the best as the outer ring.

    Parameters
    ----------
    levels : DataFrame or reference
        As in `levels_to_best`, with a column short (the name for a spoke).
    """
    base = (
        alt.Chart(levels)
        .transform_window(spoke="row_number()")
        .transform_joinaggregate(spokes="count()")
        .transform_calculate(
            angle="2 * PI * (datum.spoke - 1) / datum.spokes", end="min(datum.part, 1.2)"
        )
    )

    def at(length: str) -> alt.Chart:
        return base.transform_calculate(
            x=f"width / 2 + {_RADIUS} * ({length}) * sin(datum.angle)",
            y=f"{_RADAR} / 2 - {_RADIUS} * ({length}) * cos(datum.angle)",
            x0="width / 2",
            y0=f"{_RADAR} / 2",
        )

    def outline(length: str, **style: Any) -> alt.Chart:
        return (
            at(length)
            .mark_line(interpolate="linear-closed", **style)
            .encode(_pixel(alt.X, "x"), _pixel(alt.Y, "y"), order="spoke:Q")
        )

    spokes = (
        at("1")
        .mark_rule(color=LINE)
        .encode(_pixel(alt.X, "x0"), _pixel(alt.Y, "y0"), alt.X2("x:Q"), alt.Y2("y:Q"))
    )
    label = (
        at(f"1 + 26 / {_RADIUS}")
        .mark_text(
            fontSize=12,
            lineBreak="\n",
            lineHeight=13,
            align=alt.expr(
                "abs(sin(datum.angle)) < 0.1 ? 'center' : sin(datum.angle) > 0 ? 'left' : 'right'"
            ),
            dx=alt.expr("-14 * sin(datum.angle)"),
        )
        .encode(_pixel(alt.X, "x"), _pixel(alt.Y, "y"), text="short:N")
    )
    return alt.layer(
        spokes,
        outline("0.5", color=LINE, strokeWidth=1),
        outline("1", color=INK, strokeWidth=2),
        outline("datum.end", color=CONTRAST, strokeWidth=2.5, fill=CONTRAST, fillOpacity=0.18),
        label,
    ).properties(width="container", height=_RADAR)


def race(years: ChartData, meeting: ChartData) -> alt.typing.ChartType:
    """Draw two levels that grow, and where they meet.

    Parameters
    ----------
    years : DataFrame or reference
        Columns year (0-15), own and best (100 is the best today).
    meeting : DataFrame or reference
        At most one row: year, level and words, where the two meet.
    """
    x = alt.X(
        "year:Q",
        title=_("years from now"),
        scale=alt.Scale(domain=[0, 15], nice=False),
        axis=alt.Axis(grid=False, values=[0, 5, 10, 15], format="d"),
    )
    y = alt.Y(
        "level:Q",
        title=_("level (the best today is 100)"),
        scale=alt.Scale(domain=[0, 200], nice=False),
        axis=alt.Axis(values=[0, 50, 100, 150, 200]),
    )
    base = alt.Chart(years)

    def line(field: str, name: str, dy: int, **style: Any) -> list[alt.Chart]:
        drawn = base.transform_calculate(level=f"datum.{field}")
        start = drawn.transform_filter("datum.year === 0")
        return [
            drawn.mark_line(clip=True, strokeWidth=2.5, **style).encode(x, y),
            start.mark_text(
                align="left", dx=6, dy=dy, fontWeight="bold", color=style["color"]
            ).encode(x, y, text=alt.value(name)),
        ]

    at = alt.Chart(meeting).encode(alt.X("year:Q"), alt.Y("level:Q"))
    point = at.mark_point(
        size=170, opacity=1, shape="diamond", color=INK, stroke="white", strokeWidth=1.5, clip=True
    )
    style: dict[str, Any] = {
        "align": "right",
        "dx": -11,
        "dy": -10,
        "fontSize": 14,
        "fontWeight": "bold",
    }
    text = at.encode(text="words:N")
    return alt.layer(
        *line("best", _("the best"), -16, color=ACCENT, strokeDash=[6, 4]),
        *line("own", _("you"), 12, color=CONTRAST),
        point,
        text.mark_text(stroke="white", strokeWidth=4, strokeJoin="round", **style),
        text.mark_text(**style),
    ).properties(width="container", height=250)


def years_to_parity(parity: ChartData) -> alt.typing.ChartType:
    """Draw how long each indicator takes to meet the best.

    Parameters
    ----------
    parity : DataFrame or reference
        Columns name, words, years (drawn to 15), limit (years, same in each row), and late,
        whether it takes longer than that.
    """
    rows = numbered(parity).transform_calculate(zero="0", end="min(datum.years, 15)")
    x = alt.X(
        "zero:Q",
        title=_("years until you meet the best"),
        scale=alt.Scale(domain=[0, 15], nice=False),
        axis=alt.Axis(values=[0, 5, 10, 15], format="d", grid=False, domain=False, ticks=False),
    )
    bar = bars(rows, 0.54, 0.86).encode(
        x,
        alt.X2("end:Q"),
        color=alt.condition("datum.late", alt.value(CONTRAST), alt.value(ACCENT)),
    )
    limit = _limit(rows, "limit")
    track = bars(rows, 0.54, 0.86, color=GREY, opacity=0.15).encode(
        x=alt.value(0), x2=alt.value("width")
    )
    return alt.layer(track, bar, limit, names(rows, "name"), words(rows)).properties(
        width="container", height=alt.Step(HEIGHT - 6)
    )


def _limit(rows: alt.Chart, field: str) -> alt.Chart:
    """Draw a short line across the bar of each row."""
    return rows.mark_rule(color=INK, strokeWidth=2).encode(
        alt.X(f"{field}:Q"), place(0.47), alt.Y2("row:O", bandPosition=0.93)
    )


def _pixel(channel: Any, field: str) -> Any:
    return channel(f"{field}:Q", scale=None, axis=None)
