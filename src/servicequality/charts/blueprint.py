"""Charts of a service blueprint: the picture itself, its yield, its rankings (D3.2)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.rows import HEIGHT, bars, names, numbered, place, words
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, SOFT

ChartData = Any

LANES = {
    "evidence": _("Physical\nevidence"),
    "customer": _("Customer\nactions"),
    "onstage": _("Onstage\nstaff"),
    "backstage": _("Backstage\nstaff"),
    "support": _("Support\nprocesses"),
}
"""The five lanes, in the order of a blueprint, with their headings."""

LINES = {
    "onstage": _("line of interaction"),
    "backstage": _("line of visibility"),
    "support": _("line of internal interaction"),
}
"""The three lines, by the lane that begins behind each."""

# The picture is laid out in pixels. Where it is wide, five lanes stand side by side; on a phone the
# physical evidence of a step lies as a strip over the four lanes of action.
_HEAD, _STEP, _STEPS = 98, 96, 7
_WIDE = "width >= 480"
_COLUMN = f"(width / ({_WIDE} ? 5 : 4))"
_FILLS = {
    "evidence": "#f2f4f6",
    "customer": "#ffffff",
    "onstage": "#e3edf8",
    "backstage": "#e6e9ed",
    "support": "#d9dee4",
}
_DASHES = {"onstage": [1, 0], "backstage": [7, 4], "support": [2, 3]}


def service_blueprint(cells: ChartData, steps: ChartData) -> alt.typing.ChartType:
    r"""Draw a service blueprint of seven steps that run downwards, with its lanes side by side.

    Parameters
    ----------
    cells : DataFrame or reference
        One row per box; columns step (1-7), lane (one of `LANES`), text (`\n` breaks the line).
    steps : DataFrame or reference
        One row per step; columns step, name, words (its numbers), lane (where it fails), loss
        (expected, per customer), scale (the loss of the largest fail point), and wait, whether
        customers wait there.
    """
    hidden = (
        alt.Chart(alt.InlineData([{"lane": "backstage"}]))
        .transform_calculate(x=_left("datum.lane"))
        .mark_rect(color="#f4f5f7")
        .encode(_x("x"), x2=alt.value("width"), y=alt.value(_HEAD - 46), y2=alt.value("height"))
    )
    box = (
        alt.Chart(cells)
        .transform_calculate(
            left=f"{_left('datum.lane')} + 3",
            right=f"{_right('datum.lane')} - 3",
            top=_top("datum.lane"),
            bottom=_bottom("datum.lane"),
        )
        .transform_calculate(
            middle="(datum.left + datum.right) / 2", centre="(datum.top + datum.bottom) / 2"
        )
    )
    flow = (
        alt.Chart(steps)
        .transform_aggregate(first="min(step)", last="max(step)")
        .transform_calculate(
            x=f"({_left(repr('customer'))} + {_right(repr('customer'))}) / 2",
            top=f"{_HEAD} + 40",
            bottom=f"{_HEAD} + {_STEP} * (datum.last - 1) + 60",
        )
        .mark_rule(color=ACCENT, strokeWidth=2)
        .encode(_x("x"), _y("top"), alt.Y2("bottom:Q"))
    )
    link = (
        box.transform_filter("datum.lane !== 'evidence'")
        .transform_aggregate(
            groupby=["step"], left="min(left)", right="max(left)", y="mean(centre)"
        )
        .mark_rule(color=GREY, strokeWidth=1.5)
        .encode(_x("left"), alt.X2("right:Q"), _y("y"))
    )
    outline = box.mark_rect(cornerRadius=5, strokeWidth=1.2).encode(
        _x("left"),
        alt.X2("right:Q"),
        _y("top"),
        alt.Y2("bottom:Q"),
        color=alt.Color(
            "lane:N",
            scale=alt.Scale(domain=list(_FILLS), range=list(_FILLS.values())),
            legend=None,
        ),
        stroke=alt.condition(
            "datum.lane === 'customer'", alt.value(ACCENT), alt.value("transparent")
        ),
    )
    strip = f"(datum.lane === 'evidence' && !({_WIDE}))"
    label = f"(datum.step === 1 ? {_('physical evidence: ')!r} : '')"
    text = box.transform_calculate(
        shown=f"{strip} ? {label} + replace(datum.text, '\\n', ' ') : datum.text",
        lift=f"{strip} ? 0 : (length(split(datum.text, '\\n')) - 1) * -7",
    ).mark_text(
        lineBreak="\n",
        lineHeight=14,
        fontSize=alt.expr(f"{_WIDE} ? 13 : 12"),
        dy=alt.expr("datum.lift"),
        fontStyle=alt.expr("datum.lane === 'evidence' ? 'italic' : 'normal'"),
    )
    return alt.layer(
        hidden,
        *_boundaries(),
        flow,
        link,
        outline,
        text.encode(_x("middle"), _y("centre"), text="shown:N"),
        *_step_names(steps),
        *_points(steps),
    ).properties(width="container", height=_HEAD + _STEP * _STEPS)


def _boundaries() -> list[alt.Chart]:
    """Draw the three lines with their names, and the names of the lanes."""
    lanes = [{"lane": lane, "name": name} for lane, name in LANES.items()]
    heads = (
        alt.Chart(alt.InlineData(lanes))
        .transform_filter(f"datum.lane !== 'evidence' || {_WIDE}")
        .transform_calculate(x=f"({_left('datum.lane')} + {_right('datum.lane')}) / 2")
        .mark_text(
            lineBreak="\n",
            lineHeight=14,
            fontWeight="bold",
            color=SOFT,
            fontSize=alt.expr(f"{_WIDE} ? 13 : 12"),
        )
        .encode(_x("x"), y=alt.value(_HEAD - 34), text="name:N")
    )
    drawn = []
    for row, (lane, name) in enumerate(LINES.items()):
        data = alt.InlineData([{"lane": lane, "name": name}])
        at = alt.Chart(data).transform_calculate(x=_left("datum.lane"))
        drawn.append(
            at.mark_rule(strokeDash=_DASHES[lane], strokeWidth=1.6, color=INK).encode(
                _x("x"), y=alt.value(16 * row + 15), y2=alt.value("height")
            )
        )
        drawn.append(
            at.mark_text(fontSize=12, color=INK).encode(
                _x("x"), y=alt.value(16 * row + 7), text="name:N"
            )
        )
    return [*drawn, heads]


def _step_names(steps: ChartData) -> list[alt.Chart]:
    base = alt.Chart(steps).transform_calculate(
        y=f"{_HEAD} + {_STEP} * (datum.step - 1) + 10",
        title="datum.step + '  ' + datum.name",
    )
    rim: dict[str, Any] = {"stroke": "white", "strokeWidth": 5, "strokeJoin": "round"}
    name: dict[str, Any] = {"align": "left", "fontSize": 13, "fontWeight": "bold"}
    fact: dict[str, Any] = {"align": "right", "fontSize": 12}
    titles = base.encode(_y("y"), x=alt.value(2), text="title:N")
    facts = base.encode(_y("y"), x=alt.value("width"), text="words:N")
    return [
        titles.mark_text(**name, **rim),
        titles.mark_text(**name),
        facts.mark_text(**fact, **rim),
        facts.mark_text(**fact, color=SOFT),
    ]


def _points(steps: ChartData) -> list[alt.Chart]:
    """Mark where it fails, sized by the expected loss, and where customers wait."""
    fail = alt.Chart(steps).transform_calculate(
        # At the lower corner, clear of the numbers above a box and, on a phone, of the evidence.
        x=f"{_right('datum.lane')} - ({_WIDE} ? 11 : 8)",
        y=f"{_bottom('datum.lane')} + ({_WIDE} ? -3 : 5)",
        area=f"max(190, ({_WIDE} ? 900 : 550) * datum.loss / datum.scale)",
    )
    wait = (
        alt.Chart(steps)
        .transform_filter("datum.wait")
        .transform_calculate(
            x=f"{_left(repr('customer'))} + 10",
            y=f"{_bottom(repr('customer'))} + ({_WIDE} ? -6 : 3)",
        )
    )
    tooltip = [
        alt.Tooltip("name:N", title=_("fails at")),
        alt.Tooltip("loss:Q", title=_("expected loss per customer"), format=".2f"),
    ]
    circle = fail.mark_point(opacity=1, color=CONTRAST, stroke="white", strokeWidth=1.5).encode(
        _x("x"), _y("y"), alt.Size("area:Q", scale=None), tooltip=tooltip
    )
    square = wait.mark_point(
        shape="square", size=240, opacity=1, color=INK, stroke="white", strokeWidth=1.5
    ).encode(_x("x"), _y("y"))
    letter: dict[str, Any] = {"color": "white", "fontSize": 11, "fontWeight": "bold"}
    return [
        circle,
        fail.mark_text(**letter).encode(_x("x"), _y("y"), text=alt.value("F"), tooltip=tooltip),
        square,
        wait.mark_text(**letter).encode(_x("x"), _y("y"), text=alt.value("W")),
    ]


def _x(field: str) -> alt.X:
    return alt.X(f"{field}:Q", scale=None, axis=None)


def _y(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", scale=None, axis=None)


def _left(lane: str) -> str:
    """Left edge of a lane, as an expression."""
    order = f"indexof({list(LANES)}, {lane})"
    return f"({_WIDE} ? {order} * {_COLUMN} : max(0, {order} - 1) * {_COLUMN})"


def _right(lane: str) -> str:
    return f"({_WIDE} || {lane} !== 'evidence' ? {_left(lane)} + {_COLUMN} : width)"


def _top(lane: str) -> str:
    step = f"{_HEAD} + {_STEP} * (datum.step - 1)"
    return f"({step} + ({_WIDE} || {lane} === 'evidence' ? 20 : 40))"


def _bottom(lane: str) -> str:
    step = f"{_HEAD} + {_STEP} * (datum.step - 1)"
    return f"({step} + ({_WIDE} || {lane} !== 'evidence' ? 80 : 37))"


def flawless_by_step(survival: ChartData) -> alt.typing.ChartType:
    """Draw how many customers are still without a failure after each step.

    Parameters
    ----------
    survival : DataFrame or reference
        One row per step in order; columns name, flawless (0-1), and simulated (0-1; missing if
        nobody was simulated).
    """
    rows = numbered(survival).transform_calculate(
        words="format(100 * datum.flawless, '.1f') + ' %'", none="0", all="1"
    )
    scale = alt.Scale(domain=[0, 1])
    x = alt.X(
        "none:Q",
        title=_("customers without any failure so far"),
        scale=scale,
        axis=alt.Axis(format=".0%", tickCount=5, domain=False, ticks=False, grid=False),
    )
    flawless = bars(rows, 0.56, 0.84, color=ACCENT).encode(x, alt.X2("flawless:Q"))
    lost = bars(rows, 0.56, 0.84, color=CONTRAST, opacity=0.55).encode(
        alt.X("flawless:Q"), alt.X2("all:Q")
    )
    drawn = (
        rows.transform_filter("isValid(datum.simulated)")
        .mark_point(shape="diamond", size=90, opacity=1, color=INK, stroke="white")
        .encode(alt.X("simulated:Q"), place(0.7))
    )
    return alt.layer(flawless, lost, drawn, names(rows, "name"), words(rows)).properties(
        width="container", height=alt.Step(HEIGHT - 6)
    )


def three_rankings(rankings: ChartData, measures: dict[str, str]) -> alt.typing.ChartType:
    r"""Draw one row per step and one column of bars per measure; first places stand out.

    Parameters
    ----------
    rankings : DataFrame or reference
        One row per step; columns name, and for each measure its part of the largest (0-1, the
        measure's own name), its place (`<measure>_rank`) and what to write
        (`<measure>_words`).
    measures : dict of str to str
        Columns to draw, with their headings (`\n` breaks the line).
    """
    rows = numbered(rankings)
    scale = alt.Scale(domain=[0, len(measures)], nice=False)
    x = alt.X("from:Q", title=None, scale=scale, axis=alt.Axis(values=[], grid=False, domain=False))
    drawn = []
    for index, (measure, heading) in enumerate(measures.items()):
        first = f"datum.{measure}_rank === 1"
        column = rows.transform_calculate(
            **{
                "from": f"{index}",
                "to": f"{index} + 0.42 * datum.{measure}",
                "label": f"datum.{measure}_words",
            }
        )
        drawn += [
            bars(column, 0.54, 0.86).encode(
                x,
                alt.X2("to:Q"),
                color=alt.condition(first, alt.value(CONTRAST), alt.value(GREY)),
            ),
            column.mark_text(
                align="left",
                dx=5,
                fontSize=12,
                fontWeight=alt.expr(f"{first} ? 'bold' : 'normal'"),
            ).encode(alt.X("to:Q"), place(0.7), text="label:N"),
            alt.Chart(alt.InlineData([{"from": index, "heading": heading}]))
            .mark_text(
                align="left",
                baseline="bottom",
                lineBreak="\n",
                lineHeight=14,
                color=SOFT,
                fontWeight="bold",
                dy=-14 * heading.count("\n"),
            )
            .encode(x, y=alt.value(-8), text="heading:N"),
        ]
    return alt.layer(*drawn, names(rows, "name")).properties(
        width="container", height=alt.Step(HEIGHT - 6)
    )
