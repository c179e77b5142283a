"""Charts of gap scores (D2.1) and of the rulers that rival them (D2.2)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, SOFT

ChartData = Any

_ROW = 50
_NAMES, _MARKS = 0.27, 0.7
_SHORTFALL = alt.condition("datum.gap < 0", alt.value(CONTRAST), alt.value(ACCENT))
_PERCENT = "format(100 * datum.weight, '.1~f') + ' %'"


def _row(at: float) -> alt.Y:
    """Place a mark in its row: names stand above the marks, so that none is ever cut off."""
    return alt.Y("dimension:N", sort=None, axis=None, bandPosition=at)


def _names(rows: alt.Chart) -> alt.LayerChart:
    """Write the name of each row on a clear strip."""
    strip = rows.mark_rule(strokeWidth=20, color="white").encode(
        _row(_NAMES), x=alt.value(0), x2=alt.value("width")
    )
    name = rows.mark_text(align="left", fontSize=13, fontWeight="bold").encode(
        _row(_NAMES), x=alt.value(0), text="dimension:N"
    )
    return strip + name


def expected_and_perceived(dimensions: ChartData) -> alt.typing.ChartType:
    """Draw what customers expect and perceive, one row per dimension, with the gap between.

    Parameters
    ----------
    dimensions : DataFrame or reference
        Columns dimension, expectation and perception (1-7), gap, and weight (sums to 1).
    """
    base = alt.Chart(dimensions)
    kinds = [_("expected"), _("perceived")]
    legend = alt.Legend(title=None, symbolSize=130, labelFontSize=13)
    gap = base.mark_rule(strokeWidth=4).encode(
        alt.X(
            "expectation:Q",
            title=_("mean answer, from 1 to 7"),
            scale=alt.Scale(domain=[1, 7.8]),
            axis=alt.Axis(values=list(range(1, 8)), format="d", domain=False, ticks=False),
        ),
        alt.X2("perception:Q"),
        _row(_MARKS),
        color=_SHORTFALL,
    )
    points = (
        base.transform_fold(["expectation", "perception"], ["asked", "answer"])
        .transform_calculate(kind=f"datum.asked == 'expectation' ? '{kinds[0]}' : '{kinds[1]}'")
        .mark_point(size=150, opacity=1)
        .encode(
            alt.X("answer:Q"),
            _row(_MARKS),
            alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[SOFT, ACCENT]), legend=legend),
            alt.Shape(
                "kind:N", scale=alt.Scale(domain=kinds, range=["square", "circle"]), legend=legend
            ),
            tooltip=[
                alt.Tooltip("dimension:N", title=_("dimension")),
                alt.Tooltip("expectation:Q", title=kinds[0], format=".2f"),
                alt.Tooltip("perception:Q", title=kinds[1], format=".2f"),
                alt.Tooltip("gap:Q", title=_("gap"), format="+.2f"),
            ],
        )
    )
    label = (
        base.transform_calculate(end="max(datum.expectation, datum.perception)")
        .mark_text(align="left", dx=13, fontSize=14, fontWeight="bold")
        .encode(
            alt.X("end:Q"), _row(_MARKS), text=alt.Text("gap:Q", format="+.2f"), color=_SHORTFALL
        )
    )
    weight = (
        base.transform_calculate(words=f"'{_('weight')} ' + {_PERCENT}")
        .mark_text(align="left", color=SOFT)
        .encode(_row(_NAMES), x=alt.value(122), text="words:N")
    )
    return alt.layer(gap, points, label, _names(base), weight).properties(
        width="container", height=alt.Step(_ROW)
    )


def weighted_contributions(parts: ChartData) -> alt.typing.ChartType:
    """Draw a waterfall: each dimension moves the running total by weight times gap.

    Parameters
    ----------
    parts : DataFrame or reference
        Columns dimension, weight (sums to 1), gap, contribution (weight x gap).
    """
    running = (
        alt.Chart(parts)
        .transform_window(end="sum(contribution)", frame=[None, 0])
        .transform_calculate(
            start="datum.end - datum.contribution",
            # Averages of products are not quite products of averages.
            sign="abs(datum.weight * datum.gap - datum.contribution) < 0.0005 ? ' = ' : ' ≈ '",
            words=f"{_PERCENT} + ' × ' + format(datum.gap, '.2f') + datum.sign"
            " + format(datum.contribution, '+.3f')",
        )
    )
    total = (
        alt.Chart(parts)
        .transform_aggregate(total="sum(contribution)")
        .transform_calculate(
            dimension=f"'{_('Weighted gap')}'", words="format(datum.total, '+.3f')", start="0"
        )
    )
    bars = running.mark_rule(strokeWidth=14).encode(
        alt.X(
            "start:Q",
            title=_("running total, in scale points"),
            scale=alt.Scale(domain=alt.DomainUnionWith(unionWith=[-0.5, 0.2]), nice=False),
            axis=alt.Axis(tickCount=6, format=".1f", grid=False),
        ),
        alt.X2("end:Q"),
        _row(_MARKS),
        color=_SHORTFALL,
        tooltip=[
            alt.Tooltip("dimension:N", title=_("dimension")),
            alt.Tooltip("contribution:Q", title=_("contribution"), format="+.3f"),
            alt.Tooltip("end:Q", title=_("running total"), format="+.3f"),
        ],
    )
    link = running.mark_tick(
        orient="vertical", color=GREY, thickness=1, size=_ROW, yOffset=_ROW / 2
    ).encode(alt.X("end:Q"), _row(_MARKS))
    sum_bar = total.mark_rule(strokeWidth=14, color=INK).encode(
        alt.X("start:Q"), alt.X2("total:Q"), _row(_MARKS)
    )
    zero = alt.Chart().mark_rule(color=GREY).encode(alt.XDatum(0))

    def words(chart: alt.Chart, **style: Any) -> alt.Chart:
        return chart.mark_text(align="right", fontSize=13, **style).encode(
            _row(_NAMES), x=alt.value("width"), text="words:N"
        )

    return alt.layer(
        zero,
        link,
        bars,
        sum_bar,
        _names(running),
        _names(total),
        words(running, color=SOFT),
        words(total, fontWeight="bold"),
    ).properties(width="container", height=alt.Step(_ROW))


def firm_ranks(ranks: ChartData) -> alt.typing.ChartType:
    r"""Draw one row per firm and one column per rule; the best firm of each column stands out.

    Parameters
    ----------
    ranks : DataFrame or reference
        Columns firm, rule (`\n` breaks its heading), score, rank (1 is best), and chosen,
        whether the cell is the one to frame.
    """
    first = alt.datum.rank == 1
    cell = (
        alt.Chart(ranks)
        .transform_calculate(
            place="datum.rank + (['st', 'nd', 'rd'][datum.rank - 1] || 'th')",
        )
        .encode(
            alt.X(
                "rule:N",
                sort=None,
                title=None,
                scale=alt.Scale(paddingInner=0.08, paddingOuter=0.04),
                axis=alt.Axis(
                    orient="top",
                    domain=False,
                    ticks=False,
                    labelColor=INK,
                    labelPadding=22,
                    labelExpr="split(datum.label, '\\n')",
                ),
            ),
            alt.Y(
                "firm:N",
                sort=None,
                title=None,
                scale=alt.Scale(paddingInner=0.12, paddingOuter=0.06),
                axis=alt.Axis(
                    domain=False, ticks=False, labelColor=INK, labelFontSize=13, labelPadding=8
                ),
            ),
        )
    )
    box = cell.mark_rect(cornerRadius=6, strokeWidth=3).encode(
        color=alt.condition(first, alt.value(ACCENT), alt.value("#eef2f6")),
        stroke=alt.condition("datum.chosen", alt.value(CONTRAST), alt.value("transparent")),
        tooltip=[
            alt.Tooltip("firm:N", title=_("firm")),
            alt.Tooltip("rank:Q", title=_("rank")),
            alt.Tooltip("score:Q", title=_("score"), format=".3f"),
        ],
    )
    colour = alt.condition(first, alt.value("white"), alt.value(INK))
    place = cell.mark_text(dy=-8, fontSize=15, fontWeight="bold").encode(
        text="place:N", color=colour
    )
    score = cell.mark_text(dy=10).encode(text=alt.Text("score:Q", format=".2f"), color=colour)
    return alt.layer(box, place, score).properties(width="container", height=250)
