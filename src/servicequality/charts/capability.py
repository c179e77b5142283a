"""Charts of conformance: limits, losses, and what conformance costs (D1.4)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts import rows
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, SOFT

ChartData = Any

_DARK_CONTRAST = "#a34a06"
_MINUTES = alt.Scale(domain=[-24, 24], nice=False)
_RIM: dict[str, Any] = {
    "stroke": "white",
    "strokeWidth": 4,
    "strokeOpacity": 0.85,
    "strokeJoin": "round",
}


def inside_limits(
    curves: ChartData, services: ChartData, limits: ChartData
) -> alt.typing.ChartType:
    """Draw how late two services are, one above the other, between the same limits.

    Parameters
    ----------
    curves : DataFrame or reference
        Columns place (1 is the upper service), part ("early", "inside" or "late"), minutes (from
        the booked time, negative is early) and density. At a limit two parts meet.
    services : DataFrame or reference
        Columns place, service (its name) and words (the share inside, as text).
    limits : DataFrame or reference
        One row: limit, in minutes on both sides.
    """
    x = _minutes()
    y = alt.Scale(domain=[0, 2.5], nice=False)
    floor = "(2 - datum.place) * 1.25"
    hills = (
        alt.Chart(curves)
        .transform_joinaggregate(peak="max(density)")
        .transform_calculate(
            floor=floor,
            top="datum.floor + 0.98 * datum.density / datum.peak",
            inside="datum.part === 'inside'",
        )
    )
    hill = hills.mark_area(clip=True, interpolate="monotone").encode(
        x,
        alt.Y("floor:Q", axis=None, scale=y),
        alt.Y2("top:Q"),
        detail=["place:O", "part:N"],
        color=alt.condition("datum.inside", alt.value(ACCENT), alt.value(CONTRAST)),
        opacity=alt.condition("datum.inside", alt.value(0.35), alt.value(0.95)),
    )
    edge = hills.mark_line(clip=True, strokeWidth=2, interpolate="monotone").encode(
        x,
        alt.Y("top:Q", axis=None, scale=y),
        detail=["place:O", "part:N"],
        color=alt.condition("datum.inside", alt.value(ACCENT), alt.value(_DARK_CONTRAST)),
    )
    strip = alt.Chart(services).transform_calculate(floor=floor, head=f"{floor} + 1.1")
    ground = strip.mark_rule(color=GREY).encode(
        alt.Y("floor:Q", axis=None, scale=y), x=alt.value(0), x2=alt.value("width")
    )
    head = strip.encode(alt.Y("head:Q", axis=None, scale=y))
    name = head.encode(x=alt.value(0), text="service:N")
    share = head.encode(x=alt.value("width"), text="words:N")
    left: dict[str, Any] = {"align": "left", "fontSize": 14, "fontWeight": "bold"}
    right: dict[str, Any] = {"align": "right", "fontSize": 14, "fontWeight": "bold"}

    posts = alt.Chart(limits).transform_calculate(low="-datum.limit", target="0")
    layers = []
    for field, words, dash in (
        ("low", _("limit"), [5, 4]),
        ("target", _("on time"), [1, 0]),
        ("limit", _("limit"), [5, 4]),
    ):
        post = posts.mark_rule(color=INK if field != "target" else GREY, strokeDash=dash)
        label = posts.mark_text(dy=-8, baseline="bottom", color=SOFT)
        layers += [
            post.encode(alt.X(f"{field}:Q", scale=_MINUTES)),
            label.encode(alt.X(f"{field}:Q"), y=alt.value(0), text=alt.value(words)),
        ]
    return alt.layer(
        hill,
        edge,
        *layers,
        ground,
        name.mark_text(**_RIM, **left),
        name.mark_text(**left),
        share.mark_text(**_RIM, **right),
        share.mark_text(color=ACCENT, **right),
    ).properties(width="container", height=290)


def loss_parts(losses: ChartData) -> alt.typing.ChartType:
    """Draw what a visit loses, one bar a service, split into the reasons.

    Parameters
    ----------
    losses : DataFrame or reference
        One row per service: service (its name), spread, bias and outside (losses, zero where a
        reason does not count), words (the sum as text).
    """
    parts = {
        "spread": (_("spread"), ACCENT),
        "bias": (_("off target"), CONTRAST),
        "outside": (_("outside the limits"), GREY),
    }
    names = [name for name, _colour in parts.values()]
    colour = alt.Color(
        "reason:N",
        scale=alt.Scale(domain=names, range=[fill for _name, fill in parts.values()]),
        legend=alt.Legend(title=None, symbolSize=130, labelFontSize=13),
    )
    base = rows.numbered(losses)
    # The axis stays put while a learner drags, and grows only when it must.
    usual = alt.Chart(alt.InlineData([{"start": 0}, {"start": 10}]))
    layers = [usual.mark_point(opacity=0).encode(alt.X("start:Q"), y=alt.value(0))]
    begin = "0"
    for part, (name, _fill) in parts.items():
        end = f"{begin} + datum.{part}"
        bar = rows.bars(
            base.transform_calculate(
                start=begin, end=end, loss=f"datum.{part}", reason=f"'{name}'"
            ),
            0.52,
            0.86,
        ).encode(
            alt.X(
                "start:Q",
                title=_("credits lost each time"),
                scale=alt.Scale(nice=False),
                axis=alt.Axis(tickCount=5, grid=False),
            ),
            alt.X2("end:Q"),
            colour,
            tooltip=[
                alt.Tooltip("service:N", title=_("service")),
                alt.Tooltip("reason:N", title=_("through")),
                alt.Tooltip("loss:Q", title=_("credits"), format=".2f"),
            ],
        )
        layers.append(bar)
        begin = end
    return alt.layer(*layers, rows.names(base, "service"), rows.words(base)).properties(
        width="container", height=alt.Step(54)
    )


def loss_by_delay(loss: ChartData, average: ChartData) -> alt.typing.ChartType:
    """Draw what is lost by being early or late, under two ideas of a loss.

    Parameters
    ----------
    loss : DataFrame or reference
        Columns minutes (early is negative), quadratic and posts: the loss by squared distance, and
        by goal posts.
    average : DataFrame or reference
        One row: minutes and loss at the average delay.
    """
    x = _minutes()
    kinds = {
        "quadratic": (_("squared distance"), ACCENT, [1, 0]),
        "posts": (_("goal posts"), SOFT, [6, 4]),
    }
    lines = _kinds(alt.Chart(loss), kinds).encode(
        x,
        alt.Y("amount:Q", title=_("credits lost"), axis=alt.Axis(tickCount=4, grid=False)),
    )
    here = alt.Chart(average).encode(x, alt.Y("loss:Q"))
    dot = here.mark_point(
        size=200, shape="diamond", color=CONTRAST, opacity=1, stroke="white", strokeWidth=2
    )
    style: dict[str, Any] = {"dy": -18, "fontSize": 14, "fontWeight": "bold"}
    value = here.encode(text=alt.Text("loss:Q", format=".1f"))
    return alt.layer(
        lines, dot, value.mark_text(**_RIM, **style), value.mark_text(color=_DARK_CONTRAST, **style)
    ).properties(width="container", height=220)


def cost_of_conformance(costs: ChartData, best: ChartData) -> alt.typing.ChartType:
    """Draw the cost of prevention, of failure and of both, and where both together are least.

    Parameters
    ----------
    costs : DataFrame or reference
        Columns conformance (0-1), prevention, failure and total.
    best : DataFrame or reference
        One row: conformance, total, and words (both as text).
    """
    x = alt.X(
        "conformance:Q",
        title=_("share without a defect"),
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(values=[0, 0.2, 0.4, 0.6, 0.8, 1], format=".0%", grid=False),
    )
    axis = alt.Axis(tickCount=4, grid=False)
    # What is far above a sure failure is cut off.
    base = (
        alt.Chart(costs)
        .transform_joinaggregate(worst="max(failure)")
        .transform_filter("datum.total <= 1.3 * datum.worst")
    )
    kinds = {
        "prevention": (_("prevention"), ACCENT, [6, 4]),
        "failure": (_("failure"), CONTRAST, [2, 3]),
        "total": (_("both"), INK, [1, 0]),
    }
    lines = _kinds(base, kinds).encode(
        x, alt.Y("amount:Q", title=_("credits each time"), axis=axis)
    )
    here = alt.Chart(best).encode(x, alt.Y("total:Q"))
    rule = here.mark_rule(color=SOFT, strokeDash=[2, 3]).encode(y2=alt.value(16))
    dot = here.mark_point(size=200, color=INK, opacity=1, stroke="white", strokeWidth=2)
    style: dict[str, Any] = {
        "align": alt.expr("datum.conformance > 0.45 ? 'right' : 'left'"),
        "dx": alt.expr("datum.conformance > 0.45 ? 20 : -4"),
        "fontSize": 14,
        "fontWeight": "bold",
    }
    words = alt.Chart(best).encode(x, y=alt.value(6), text="words:N")
    return alt.layer(
        lines, rule, dot, words.mark_text(**_RIM, **style), words.mark_text(**style)
    ).properties(width="container", height=240)


def _minutes() -> alt.X:
    return alt.X(
        "minutes:Q",
        title=_("minutes early (−) or late (+)"),
        scale=_MINUTES,
        axis=alt.Axis(values=[-20, -10, 0, 10, 20], grid=False, format="d"),
    )


def _kinds(base: alt.Chart, kinds: dict[str, tuple[str, str, list[int]]]) -> alt.Chart:
    """Draw one line for each column, with its name, its colour and its dashes."""
    names, colours, dashes = zip(*kinds.values(), strict=True)
    legend = alt.Legend(
        title=None, symbolType="stroke", symbolSize=500, symbolStrokeWidth=3, labelFontSize=13
    )
    named = {column: name for column, (name, *_look) in kinds.items()}
    return (
        base.transform_fold(list(kinds), ["kind", "amount"])
        .transform_calculate(name=f"({named})[datum.kind]")
        .mark_line(strokeWidth=2.5, interpolate="monotone")
        .encode(
            color=alt.Color("name:N", scale=alt.Scale(domain=names, range=colours), legend=legend),
            strokeDash=alt.StrokeDash(
                "name:N", scale=alt.Scale(domain=names, range=dashes), legend=legend
            ),
        )
    )
