"""Charts of the average trap: a crowd, its dots, and what a better average brings (D5.3)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, SOFT

ChartData = Any

DARK_CONTRAST = "#a84f06"
_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}

# Figures in a box from -1 to 1: a filled head, and limbs of two points each, which enclose nothing.
_HEAD = "M0,{top}a.2,.2,0,1,1,-.01,0Z"
_FIGURES = {
    "glad": _HEAD.format(top=-0.95)
    + "M0,-.5L0,.2M0,.2L-.25,.95M0,.2L.25,.95M0,-.35L-.52,-.78M0,-.35L.52,-.78",
    "sad": _HEAD.format(top=-0.7)
    + "M0,-.25L0,.35M0,.35L-.16,.95M0,.35L.16,.95M0,-.15L-.26,.4M0,-.15L.26,.4",
    "unknown": _HEAD.format(top=-0.95)
    + "M0,-.5L0,.2M0,.2L-.2,.95M0,.2L.2,.95M0,-.35L-.36,.15M0,-.35L.36,.15",
}
_COLOURS = {"glad": ACCENT, "sad": CONTRAST, "unknown": GREY}
_ROWS = 10
_RULER, _WORDS, _CROWD, _LINE = 38, 98, 112, 29


def crowd(crowd: ChartData, means: ChartData) -> alt.typing.ChartType:
    """Draw a crowd of small figures below what two averages tell about it.

    Parameters
    ----------
    crowd : DataFrame or reference
        One row: people, sad (how many of them got less than expected; missing if that is not to
        be seen), sad_words and glad_words.
    means : DataFrame or reference
        One row per average: value, words, place ("above" or "below" the ruler), and low and high,
        the ends of the ruler.
    """
    kinds = list(_FIGURES)
    people = (
        alt.Chart(crowd)
        .transform_calculate(person="sequence(datum.people)")
        .transform_flatten(["person"])
        .transform_calculate(
            kind="!isValid(datum.sad) ? 'unknown' : datum.person < datum.sad ? 'sad' : 'glad'",
            across=f"(floor(datum.person / {_ROWS}) + 0.5) * width / ceil(datum.people / {_ROWS})",
            down=f"{_CROWD} + (datum.person % {_ROWS} + 0.5) * {_LINE}",
        )
    )
    colours = alt.Scale(domain=kinds, range=list(_COLOURS.values()))
    figures = people.mark_point(size=25**2, strokeWidth=2.2, opacity=1, strokeCap="round").encode(
        _x("across"),
        _y("down"),
        shape=alt.Shape(
            "kind:N", scale=alt.Scale(domain=kinds, range=list(_FIGURES.values())), legend=None
        ),
        fill=alt.Fill("kind:N", scale=colours, legend=None),
        stroke=alt.Stroke("kind:N", scale=colours, legend=None),
    )
    count = alt.Chart(crowd).encode(y=alt.value(_WORDS))
    style: dict[str, Any] = {"fontSize": 14, "fontWeight": "bold", "baseline": "middle"}
    sad = count.mark_text(align="left", **style).encode(color=_if_known(DARK_CONTRAST))
    glad = count.mark_text(align="right", **style).encode(color=_if_known(ACCENT))
    return alt.layer(
        *_ruler(means),
        sad.encode(x=alt.value(0), text="sad_words:N"),
        glad.encode(x=alt.value("width"), text="glad_words:N"),
        figures,
    ).properties(width="container", height=_CROWD + _ROWS * _LINE)


def _ruler(means: ChartData) -> tuple[alt.Chart, ...]:
    """Draw averages as arrows that point at one ruler from above and from below."""
    base = alt.Chart(means).transform_calculate(
        at="(datum.value - datum.low) / (datum.high - datum.low) * width",
        shape="datum.place === 'above' ? 'triangle-down' : 'triangle-up'",
        arrow=f"{_RULER} + (datum.place === 'above' ? -9 : 9)",
        line=f"{_RULER} + (datum.place === 'above' ? -25 : 25)",
        align="datum.at < 130 ? 'left' : datum.at > width - 130 ? 'right' : 'center'",
    )
    rule = base.mark_rule(color=GREY, strokeWidth=3, strokeCap="round").encode(
        x=alt.value(0), x2=alt.value("width"), y=alt.value(_RULER)
    )
    arrow = base.mark_point(size=150, opacity=1, color=INK).encode(
        _x("at"), _y("arrow"), shape=alt.Shape("shape:N", scale=None)
    )
    words = base.mark_text(
        fontSize=13, baseline="middle", align=alt.expr("datum.align"), fontWeight="bold"
    ).encode(_x("at"), _y("line"), text="words:N")
    return rule, arrow, words


def _if_known(colour: str) -> Any:
    return alt.condition("isValid(datum.sad)", alt.value(colour), alt.value(INK))


def _x(field: str) -> alt.X:
    return alt.X(f"{field}:Q", scale=None, axis=None)


def _y(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", scale=None, axis=None)


def expected_and_received(
    people: ChartData,
    diagonal: ChartData,
    average: ChartData,
    others: str = _("● as expected, or more"),
    sad: str = _("▼ less than expected"),
) -> alt.typing.ChartType:
    """Draw each customer as a dot: what was expected, and what was received.

    Parameters
    ----------
    people : DataFrame or reference
        Columns expected, received and sad (whether the dot is a triangle that stands out).
    diagonal : DataFrame or reference
        Two rows: level, the lower and the upper end of both scales.
    average : DataFrame or reference
        One row a diamond: expected and received, the averages, and words.
    others, sad : str
        What the circles and the triangles stand for.
    """
    scale = alt.Scale(zero=False, nice=False, clamp=True)
    axis = alt.Axis(tickCount=6, format="d", grid=False)
    across: dict[str, Any] = {"scale": scale, "axis": axis, "title": _("expected (points)")}
    up: dict[str, Any] = {"scale": scale, "axis": axis, "title": _("received (points)")}
    line = alt.Chart(diagonal).encode(alt.X("level:Q", **across), alt.Y("level:Q", **up))
    below = line.mark_area(fill=CONTRAST, fillOpacity=0.12, opacity=1).encode(alt.Y2("floor:Q"))
    below = below.transform_joinaggregate(floor="min(level)")
    dot = (
        alt.Chart(people)
        .mark_point(size=70, opacity=0.75)
        .encode(
            alt.X("expected:Q", **across),
            alt.Y("received:Q", **up),
            shape=alt.condition("datum.sad", alt.value("triangle-down"), alt.value("circle")),
            color=alt.condition("datum.sad", alt.value(CONTRAST), alt.value(ACCENT)),
            tooltip=[
                alt.Tooltip("expected:Q", title=_("expected"), format=".1f"),
                alt.Tooltip("received:Q", title=_("received"), format=".1f"),
            ],
        )
    )
    mean = alt.Chart(average).encode(alt.X("expected:Q", **across), alt.Y("received:Q", **up))
    cross = mean.mark_point(
        shape="diamond", size=260, color=INK, opacity=1, stroke="white", strokeWidth=2
    )
    style: dict[str, Any] = {"fontSize": 13, "fontWeight": "bold"}
    words = mean.encode(text="words:N")
    beside: dict[str, Any] = {"dy": -18, **style}
    corner = alt.Chart(average)
    return alt.layer(
        below,
        line.mark_line(color=INK, strokeWidth=1.5),
        dot,
        cross,
        words.mark_text(**_RIM, **beside),
        words.mark_text(**beside),
        corner.mark_text(align="left", dx=8, color=ACCENT, **style).encode(
            x=alt.value(0), y=alt.value(12), text=alt.value(others)
        ),
        corner.mark_text(align="right", dx=-8, color=DARK_CONTRAST, **style).encode(
            x=alt.value("width"),
            y=alt.value("height"),
            text=alt.value(sad),
            yOffset=alt.value(-14),
        ),
    ).properties(width="container", height=330)


def share_over_mean(lines: ChartData, here: ChartData, expected: ChartData) -> alt.typing.ChartType:
    """Draw the share of the satisfied against the average service, uneven as now and steadier.

    Parameters
    ----------
    lines : DataFrame or reference
        Columns mean, now and steadier; the last two are shares of 0 to 1.
    here : DataFrame or reference
        One row: mean, share and words now.
    expected : DataFrame or reference
        One row: mean, the average expectation.
    """
    x = alt.X(
        "mean:Q",
        title=_("average service (points)"),
        scale=alt.Scale(nice=False, zero=False),
        axis=alt.Axis(tickCount=7, format="d", grid=False),
    )
    axis = alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1], domain=False, ticks=False)
    share = alt.Scale(domain=[0, 1])
    names = {"now": _("service as uneven as now"), "steadier": _("only half as uneven")}
    curve = (
        alt.Chart(lines)
        .transform_fold(list(names), ["line", "share"])
        .transform_calculate(name=f"({names})[datum.line]")
        .mark_line(strokeWidth=3, interpolate="monotone")
        .encode(
            x,
            alt.Y("share:Q", title=_("satisfied"), scale=share, axis=axis),
            alt.Color(
                "name:N",
                scale=alt.Scale(domain=list(names.values()), range=[ACCENT, CONTRAST]),
                legend=alt.Legend(title=None, columns=1, labelLimit=260, symbolSize=300),
            ),
            alt.StrokeDash(
                "name:N",
                scale=alt.Scale(domain=list(names.values()), range=[[1, 0], [7, 4]]),
            ),
        )
    )
    rule = alt.Chart(expected).mark_rule(color=GREY, strokeDash=[3, 3]).encode(x)
    told = (
        alt.Chart(expected)
        .mark_text(align="right", dx=-5, color=SOFT)
        .encode(x, y=alt.value(10), text=alt.value(_("expected on average")))
    )
    now = alt.Chart(here).encode(x, alt.Y("share:Q", scale=share, axis=axis))
    dot = now.mark_point(
        shape="diamond", size=200, color=INK, opacity=1, stroke="white", strokeWidth=2
    )
    style: dict[str, Any] = {
        "fontSize": 13,
        "fontWeight": "bold",
        "dy": 18,
        "align": "left",
        "dx": alt.expr("datum.mean > 7.5 ? -46 : 8"),
    }
    words = now.encode(text="words:N")
    return alt.layer(
        rule, told, curve, dot, words.mark_text(**_RIM, **style), words.mark_text(**style)
    ).properties(width="container", height=230)
