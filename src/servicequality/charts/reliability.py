"""Charts of reliability: of a scale, and of the difference of two scales (D2.3)."""

import json
from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, SOFT

ChartData = Any

_HIGHEST = "#0f2f57"
_SHARE = alt.Scale(domain=[0, 1], clamp=True)
_TENTHS = alt.Axis(values=[0, 0.2, 0.4, 0.6, 0.8, 1], format=".1f")


def reliability_dial(marks: ChartData) -> alt.typing.ChartType:
    """Place one or a few reliabilities on a scale from 0 to 1 with the customary words.

    Values outside the scale stand at its edge; their label tells the true value.

    Parameters
    ----------
    marks : DataFrame or reference
        One row a mark, columns label, value, lower and upper (the ends of its interval, missing
        if it has none) and kind: "alpha", "part" (smaller) or "gap" (a diamond). The rows share
        the height evenly, in their order.
    """
    words = [
        [0, 0.7, _("weak"), "#f3f5f8"],
        [0.7, 0.8, _("fair"), "#e3ecf5"],
        [0.8, 0.9, _("good"), "#cfdff0"],
        [0.9, 1, _("high"), "#b7cfe8"],
    ]
    regions = (
        alt.Chart(marks)
        .transform_aggregate(rows="count()")
        .transform_calculate(region=json.dumps(words))
        .transform_flatten(["region"])
        .transform_calculate(
            low="datum.region[0]",
            high="datum.region[1]",
            middle="(datum.low + datum.high) / 2",
            word="datum.region[2]",
            tint="datum.region[3]",
        )
    )
    tint = regions.mark_rect().encode(
        alt.X(
            "low:Q",
            title=_("from 0 (all chance) to 1 (no chance)"),
            scale=_SHARE,
            axis=alt.Axis(
                values=[0, 0.5, 0.7, 0.8, 0.9, 1], format=".1f", grid=False, labelOverlap=False
            ),
        ),
        alt.X2("high:Q"),
        alt.Color("tint:N", scale=None),
    )
    word = regions.mark_text(baseline="bottom", color=SOFT).encode(
        alt.X("middle:Q"), y=alt.value(-5), text="word:N"
    )
    rows = alt.Chart(marks)
    y = alt.Y("label:N", sort=None, axis=None)
    interval = rows.mark_rule(strokeWidth=7, strokeCap="round", opacity=0.4, color=ACCENT).encode(
        alt.X("lower:Q", scale=_SHARE), alt.X2("upper:Q"), y
    )
    dot = rows.mark_point(size=260, opacity=1, stroke="white", strokeWidth=2).encode(
        alt.X("value:Q", scale=_SHARE),
        y,
        color=_by_kind(),
        shape=alt.condition("datum.kind === 'gap'", alt.value("diamond"), alt.value("circle")),
        tooltip=[
            alt.Tooltip("label:N", title=_("what")),
            alt.Tooltip("value:Q", title=_("reliability"), format=".2f"),
            alt.Tooltip("lower:Q", title=_("interval from"), format=".2f"),
            alt.Tooltip("upper:Q", title=_("to"), format=".2f"),
        ],
    )
    number = rows.mark_text(
        dy=alt.expr("datum.kind === 'part' ? -19 : -23"),
        fontSize=alt.expr("datum.kind === 'part' ? 14 : 20"),
        fontWeight="bold",
    ).encode(
        alt.X("value:Q", scale=_SHARE),
        y,
        text=alt.Text("value:Q", format=".2f"),
        color=_by_kind(),
    )
    name = rows.mark_text(align="left", dx=8, dy=-20, fontSize=13).encode(
        y, x=alt.value(0), text="label:N"
    )
    return alt.layer(tint, word, interval, dot, number, name).properties(
        width="container", height=190
    )


def alpha_by_items(curve: ChartData, here: ChartData) -> alt.typing.ChartType:
    """Draw alpha against the number of items, with its interval as a band.

    Parameters
    ----------
    curve : DataFrame or reference
        Columns k (2-30), alpha, lower, upper.
    here : DataFrame or reference
        One row with the columns k and alpha: where the reader stands.
    """
    x = alt.X(
        "k:Q",
        title=_("number of items"),
        scale=alt.Scale(domain=[2, 30], nice=False),
        axis=alt.Axis(values=[2, 5, 10, 15, 20, 25, 30], grid=False),
    )
    y_title = _("alpha")
    base = alt.Chart(curve)
    band = base.mark_area(opacity=0.18, color=ACCENT, clip=True).encode(
        x, alt.Y("lower:Q", title=y_title, scale=_SHARE, axis=_TENTHS), alt.Y2("upper:Q")
    )
    line = base.mark_line(color=ACCENT, strokeWidth=2.5, clip=True).encode(
        x, alt.Y("alpha:Q", scale=_SHARE)
    )
    return alt.layer(band, line, *_marker(here, "k:Q", "alpha:Q", _SHARE)).properties(
        width="container", height=240
    )


def item_correlations(blocks: ChartData) -> alt.typing.ChartType:
    """Draw how strongly each item correlates with each other item.

    Parameters
    ----------
    blocks : DataFrame or reference
        One row for each block of equal correlations: columns row, last_row, column and last_column
        (its first and last items, counted from 1) and correlation. Where a block meets the
        diagonal, an item meets itself.
    """
    bare = alt.Axis(labels=False, ticks=False, domain=False, titlePadding=8)
    x = alt.X("item:O", title=_("item"), scale=alt.Scale(padding=0), axis=bare)
    y = alt.Y("other:O", title=_("item"), scale=alt.Scale(padding=0), axis=bare)
    cells = (
        alt.Chart(blocks)
        .transform_calculate(
            other="sequence(datum.row, datum.last_row + 1)",
            item="sequence(datum.column, datum.last_column + 1)",
        )
        .transform_flatten(["other"])
        .transform_flatten(["item"])
    )
    itself = "datum.item === datum.other"
    cell = cells.mark_rect(stroke="white", strokeWidth=1).encode(
        x,
        y,
        color=alt.condition(
            itself,
            alt.value(_HIGHEST),
            alt.Color(
                "correlation:Q",
                scale=alt.Scale(
                    domain=[-1, 0, 1], range=[CONTRAST, "#f3f5f8", ACCENT], interpolate="rgb"
                ),
                legend=None,
            ),
        ),
        tooltip=[
            alt.Tooltip("other:O", title=_("item")),
            alt.Tooltip("item:O", title=_("with item")),
            alt.Tooltip("correlation:Q", title=_("correlation"), format=".2f"),
        ],
    )
    # One number a block: in its middle, or beside the diagonal.
    number = (
        cells.transform_calculate(aside="datum.row === datum.column ? 0.25 : 0")
        .transform_filter(
            "datum.item - datum.column === "
            "floor((datum.last_column - datum.column + 1) * (0.5 + datum.aside))"
        )
        .transform_filter(
            "datum.other - datum.row === "
            "floor((datum.last_row - datum.row + 1) * (0.5 - datum.aside))"
        )
        .transform_filter("datum.item !== datum.other")
        .mark_text(fontSize=13, fontWeight="bold")
        .encode(
            x,
            y,
            text=alt.Text("correlation:Q", format=".2~f"),
            color=alt.condition("abs(datum.correlation) > 0.7", alt.value("white"), alt.value(INK)),
        )
    )
    return alt.layer(cell, number).properties(width="container", height=280)


def difference_by_correlation(
    gap_curve: ChartData, parts: ChartData, gap_here: ChartData
) -> alt.typing.ChartType:
    """Draw the reliability of a gap against the correlation of its two parts.

    Parameters
    ----------
    gap_curve : DataFrame or reference
        Columns rho (0-1) and reliability.
    parts : DataFrame or reference
        One row: mean, the average reliability of the two parts, and limit, the largest
        correlation that they can have.
    gap_here : DataFrame or reference
        At most one row with the columns rho and reliability: where the reader stands.
    """
    base = alt.Chart(parts)
    y = alt.Y("mean:Q", title=_("reliability"), scale=_SHARE, axis=_TENTHS)
    mean = base.mark_rule(color=GREY, strokeDash=[5, 4]).encode(y)
    mean_label = base.mark_text(align="left", baseline="bottom", dy=-4, dx=4, color=SOFT).encode(
        y, x=alt.value(0), text=alt.value(_("average of the two scales"))
    )
    line = (
        alt.Chart(gap_curve)
        .mark_line(color=CONTRAST, strokeWidth=2.5, clip=True)
        .encode(_rho(), alt.Y("reliability:Q", scale=_SHARE))
    )
    return alt.layer(
        *_impossible(parts),
        mean,
        mean_label,
        line,
        *_marker(gap_here, "rho:Q", "reliability:Q", _SHARE, gap=True),
    ).properties(width="container", height=240)


def gap_by_correlation(
    gap_curve: ChartData, parts: ChartData, gap_here: ChartData
) -> alt.typing.ChartType:
    """Draw how closely the gap follows the perceptions that it is made from.

    Parameters
    ----------
    gap_curve, parts, gap_here : DataFrame or reference
        As in `difference_by_correlation`, with the column gap_correlation (-1 to 1).
    """
    scale = alt.Scale(domain=[-1, 1], clamp=True)
    zero = alt.Chart(parts).mark_rule(color=GREY).encode(alt.YDatum(0, scale=scale))
    line = (
        alt.Chart(gap_curve)
        .mark_line(color=CONTRAST, strokeWidth=2.5, clip=True)
        .encode(
            _rho(),
            alt.Y(
                "gap_correlation:Q",
                title=_("correlation of gap and perceptions"),
                scale=scale,
                axis=alt.Axis(values=[-1, -0.5, 0, 0.5, 1], format=".1f"),
            ),
        )
    )
    return alt.layer(
        *_impossible(parts),
        zero,
        line,
        *_marker(gap_here, "rho:Q", "gap_correlation:Q", scale, gap=True),
    ).properties(width="container", height=240)


def _impossible(parts: ChartData) -> tuple[alt.Chart, alt.Chart]:
    """Shade the correlations that two scales of these reliabilities cannot have."""
    base = alt.Chart(parts).transform_calculate(
        end="1", middle="(datum.limit + 1) / 2", wide="1 - datum.limit"
    )
    shade = base.mark_rect(color="#eef1f4").encode(_rho("limit:Q"), alt.X2("end:Q"))
    word = (
        base.transform_filter("datum.wide > 0.1")
        .mark_text(angle=270, color=SOFT)
        .encode(alt.X("middle:Q"), y=alt.value(120), text=alt.value(_("impossible")))
    )
    return shade, word


def _rho(field: str = "rho:Q") -> alt.X:
    return alt.X(
        field,
        title=_("correlation of perceptions and expectations"),
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(values=[0, 0.2, 0.4, 0.6, 0.8, 1], format=".1f", grid=False),
    )


def _marker(
    here: ChartData, x: str, y: str, scale: alt.Scale, gap: bool = False
) -> tuple[alt.Chart, ...]:
    """Mark where the reader stands, with the value where the curve is not."""
    base = alt.Chart(here).encode(alt.X(x), alt.Y(y, scale=scale))
    point = base.mark_point(
        size=170,
        opacity=1,
        color=CONTRAST if gap else ACCENT,
        shape="diamond" if gap else "circle",
        stroke="white",
        strokeWidth=2,
    )
    text = base.encode(text=alt.Text(y, format=".2f"))
    style: dict[str, Any] = {
        "align": "left" if gap else "center",
        "dx": 11 if gap else 0,
        "dy": -8 if gap else -18,
        "fontSize": 15,
        "fontWeight": "bold",
    }
    rim = text.mark_text(
        stroke="white", strokeWidth=4, strokeOpacity=0.85, strokeJoin="round", **style
    )
    return point, rim, text.mark_text(**style)


def _by_kind() -> Any:
    return alt.condition("datum.kind === 'gap'", alt.value(CONTRAST), alt.value(ACCENT))


def alpha_intervals(alphas: ChartData, scores: tuple[str, str, str]) -> alt.typing.ChartType:
    """Draw alphas with their intervals, one row a scale, one sign for each kind of score.

    Parameters
    ----------
    alphas : DataFrame or reference
        Columns scale, score, alpha, lower and upper. What lies outside 0-1 stands at the edge;
        the tooltip tells the true value.
    scores : (str, str, str)
        The three entries of the column score, in their order within a row.
    """
    legend = alt.Legend(title=None, symbolSize=130, labelFontSize=13)
    colours = alt.Scale(domain=list(scores), range=[SOFT, ACCENT, CONTRAST])
    shapes = alt.Scale(domain=list(scores), range=["square", "circle", "diamond"])
    rows = alt.Chart(alphas).encode(
        alt.Y("scale:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
        alt.YOffset("score:N", scale=alt.Scale(domain=list(scores))),
        alt.Color("score:N", scale=colours, legend=legend),
    )
    interval = rows.mark_rule(strokeWidth=4, strokeCap="round", opacity=0.35).encode(
        alt.X("lower:Q", title=_("alpha with 95 % interval"), scale=_SHARE, axis=_TENTHS),
        alt.X2("upper:Q"),
    )
    mark = rows.mark_point(size=90, opacity=1).encode(
        alt.X("alpha:Q", scale=_SHARE),
        alt.Shape("score:N", scale=shapes, legend=legend),
        tooltip=[
            alt.Tooltip("scale:N", title=_("scale")),
            alt.Tooltip("score:N", title=_("score")),
            alt.Tooltip("alpha:Q", title=_("alpha"), format=".2f"),
            alt.Tooltip("lower:Q", title=_("lower end"), format=".2f"),
            alt.Tooltip("upper:Q", title=_("upper end"), format=".2f"),
        ],
    )
    return alt.layer(interval, mark).properties(width="container", height=alt.Step(11))
