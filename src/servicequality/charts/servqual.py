"""Charts of gap scores (D2.1) and of the rulers that rival them (D2.2)."""

from collections.abc import Sequence
from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.rows import HEIGHT, MARK, NAME, bars, names, numbered, place, words
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, SOFT

ChartData = Any

_SHORTFALL = alt.condition("datum.gap < 0", alt.value(CONTRAST), alt.value(ACCENT))
_PERCENT = "format(100 * datum.weight, '.1~f') + ' %'"


def _names(rows: alt.Chart, field: str = "dimension") -> alt.LayerChart:
    """Write the name of each row on a clear strip."""
    strip = bars(rows, 0.05, 0.49, color="white").encode(x=alt.value(0), x2=alt.value("width"))
    return alt.LayerChart(layer=[strip, names(rows, field)])


def expected_and_perceived(
    dimensions: ChartData,
    title: str = _("mean answer, from 1 to 7"),
    ticks: Sequence[float] = range(1, 8),
    decimals: int = 2,
) -> alt.typing.ChartType:
    """Draw what customers expect and perceive, one row per dimension, with the gap between.

    Parameters
    ----------
    dimensions : DataFrame or reference
        Columns dimension, expectation and perception, gap, and weight (sums to 1; not written
        where it is missing).
    title : str
        What the scale is.
    ticks : sequence of float
        Marks of the scale, from its lowest to its highest value.
    decimals : int
        Digits of the gaps after the point.
    """
    number = f".{decimals}f"
    # Room for a gap's number to the right of the highest value.
    domain = [ticks[0], ticks[-1] + 0.8 / 6 * (ticks[-1] - ticks[0])]
    base = numbered(dimensions)
    kinds = [_("expected"), _("perceived")]
    legend = alt.Legend(title=None, symbolSize=130, labelFontSize=13)
    gap = base.mark_rule(strokeWidth=4).encode(
        alt.X(
            "expectation:Q",
            title=title,
            scale=alt.Scale(domain=domain),
            axis=alt.Axis(values=list(ticks), format="d", domain=False, ticks=False),
        ),
        alt.X2("perception:Q"),
        place(MARK),
        color=_SHORTFALL,
    )
    points = (
        base.transform_fold(["expectation", "perception"], ["asked", "answer"])
        .transform_calculate(kind=f"datum.asked == 'expectation' ? '{kinds[0]}' : '{kinds[1]}'")
        .mark_point(size=150, opacity=1)
        .encode(
            alt.X("answer:Q"),
            place(MARK),
            alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[SOFT, ACCENT]), legend=legend),
            alt.Shape(
                "kind:N", scale=alt.Scale(domain=kinds, range=["square", "circle"]), legend=legend
            ),
            tooltip=[
                alt.Tooltip("dimension:N", title=_("dimension")),
                alt.Tooltip("expectation:Q", title=kinds[0], format=number),
                alt.Tooltip("perception:Q", title=kinds[1], format=number),
                alt.Tooltip("gap:Q", title=_("gap"), format=f"+{number}"),
            ],
        )
    )
    label = (
        base.transform_calculate(end="max(datum.expectation, datum.perception)")
        .mark_text(align="left", dx=13, fontSize=14, fontWeight="bold")
        .encode(
            alt.X("end:Q"),
            place(MARK),
            text=alt.Text("gap:Q", format=f"+{number}"),
            color=_SHORTFALL,
        )
    )
    weight = (
        base.transform_filter("isValid(datum.weight)")
        .transform_calculate(words=f"'{_('weight')} ' + {_PERCENT}")
        .mark_text(align="left", color=SOFT)
        .encode(place(NAME), x=alt.value(130), text="words:N")
    )
    return alt.layer(gap, points, label, _names(base), weight).properties(
        width="container", height=alt.Step(HEIGHT)
    )


def weighted_contributions(parts: ChartData) -> alt.typing.ChartType:
    """Draw a waterfall: each dimension moves the running total by weight times gap.

    Parameters
    ----------
    parts : DataFrame or reference
        Columns dimension, weight (sums to 1), gap, contribution (weight x gap).
    """
    running = (
        numbered(parts)
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
        .transform_aggregate(total="sum(contribution)", before="count()")
        .transform_calculate(
            row="datum.before + 1",
            dimension=f"'{_('Weighted gap')}'",
            words="format(datum.total, '+.3f')",
            start="0",
        )
    )
    bar = bars(running, 0.56, 0.84).encode(
        alt.X(
            "start:Q",
            title=_("running total, in scale points"),
            scale=alt.Scale(nice=False),
            axis=alt.Axis(tickCount=4, format=".1f", grid=False),
        ),
        alt.X2("end:Q"),
        color=_SHORTFALL,
        tooltip=[
            alt.Tooltip("dimension:N", title=_("dimension")),
            alt.Tooltip("contribution:Q", title=_("contribution"), format="+.3f"),
            alt.Tooltip("end:Q", title=_("running total"), format="+.3f"),
        ],
    )
    link = running.mark_tick(
        orient="vertical", color=GREY, thickness=1, size=HEIGHT, yOffset=HEIGHT / 2
    ).encode(alt.X("end:Q"), place(0.5))
    sum_bar = bars(total, 0.56, 0.84, color=INK).encode(alt.X("start:Q"), alt.X2("total:Q"))
    # The axis stays put while a learner drags, and grows only when it must.
    usual = alt.Chart(alt.InlineData([{"start": -0.5}, {"start": 0.2}]))
    axis = usual.mark_point(opacity=0).encode(alt.X("start:Q"), y=alt.value(0))
    zero = usual.mark_rule(color=GREY).encode(alt.XDatum(0))

    return alt.layer(
        axis,
        zero,
        link,
        bar,
        sum_bar,
        _names(running),
        _names(total),
        words(running, color=SOFT),
        words(total, fontWeight="bold"),
    ).properties(width="container", height=alt.Step(HEIGHT))


def rule_ranks(ranks: ChartData, row: str = "firm", name: str = _("firm")) -> alt.typing.ChartType:
    r"""Draw one row per firm and one column per rule; the best firm of each column stands out.

    Parameters
    ----------
    ranks : DataFrame or reference
        A column with what the rows are, and columns rule (`\n` breaks its heading), score, rank
        (1 is best), and chosen, whether the cell is one to frame.
    row, name : str
        The column with what the rows are, and what a reader calls it.
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
                f"{row}:N",
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
            alt.Tooltip(f"{row}:N", title=name),
            alt.Tooltip("rank:Q", title=_("rank")),
            alt.Tooltip("score:Q", title=_("score"), format=".3f"),
        ],
    )
    colour = alt.condition(first, alt.value("white"), alt.value(INK))
    place = cell.mark_text(dy=-8, fontSize=15, fontWeight="bold").encode(
        text="place:N", color=colour
    )
    score = cell.mark_text(dy=10).encode(text=alt.Text("score:Q", format=".2f"), color=colour)
    return alt.layer(box, place, score).properties(width="container", height=alt.Step(60))


_RULERS = {
    "gap": (_("Gap"), _("perceived\n− expected"), -4),
    "performance": (_("Performance"), _("perceived\nalone"), 1),
    "zone": (_("Zone"), _("perceived\n− acceptable"), -3),
}
_SPAN = 6


def ruler_scatters(customers: ChartData, frame: ChartData) -> alt.typing.ChartType:
    """Draw three small scatters side by side: each ruler's score across, the verdict upwards.

    All three panels span the same number of scale points, so their clouds can be compared.

    Parameters
    ----------
    customers : DataFrame or reference
        One row per customer; columns gap (-4 to 2), performance (1-7), zone (-3 to 3), verdict.
    frame : DataFrame or reference
        Column verdict: the lowest and the highest that the axis shows at least.
    """
    left, width = 0.05, 0.9
    panels = [
        {
            "left": index + left - 0.02,
            "right": index + left + width + 0.02,
            "name": name,
            "what": what,
        }
        for index, (name, what, _low) in enumerate(_RULERS.values())
    ]
    ticks = [
        {"at": index + left + width * step / _SPAN, "value": low + step}
        for index, (_name, _what, low) in enumerate(_RULERS.values())
        for step in range(1, _SPAN, 2)
    ]
    x = alt.Scale(domain=[0, len(_RULERS)], nice=False)
    y = alt.Y(
        "verdict:Q",
        title=None,
        scale=alt.Scale(zero=False, nice=False),
        axis=alt.Axis(grid=False, tickCount=5),
    )
    panel = alt.Chart(alt.InlineData(panels))
    wash = panel.mark_rect(color="#f4f7fa").encode(
        alt.X("left:Q", axis=None, scale=x),
        alt.X2("right:Q"),
        y=alt.value(0),
        y2=alt.value("height"),
    )
    name = panel.mark_text(align="left", fontWeight="bold").encode(
        alt.X("left:Q"), y=alt.value(-42), text="name:N"
    )
    what = panel.mark_text(align="left", color=SOFT, lineBreak="\n", lineHeight=14).encode(
        alt.X("left:Q"), y=alt.value(-26), text="what:N"
    )
    tick = (
        alt.Chart(alt.InlineData(ticks))
        .mark_text(color=SOFT, dy=12)
        .encode(alt.X("at:Q"), y=alt.value("height"), text=alt.Text("value:Q", format="d"))
    )
    order = {ruler: index for index, ruler in enumerate(_RULERS)}
    lows = {ruler: low for ruler, (_name, _what, low) in _RULERS.items()}
    points = (
        alt.Chart(customers)
        .transform_fold(list(_RULERS), ["ruler", "score"])
        .transform_calculate(part=f"(datum.score - {lows}[datum.ruler]) / {_SPAN}")
        .transform_filter("datum.part >= 0 && datum.part <= 1")
        .transform_calculate(at=f"{order}[datum.ruler] + {left} + {width} * datum.part")
        .mark_point(size=22, opacity=0.45, color=ACCENT)
        .encode(alt.X("at:Q"), y)
    )
    corners = alt.Chart(frame).mark_point(opacity=0).encode(y, x=alt.value(0))
    return alt.layer(wash, name, what, tick, corners, points).properties(
        width="container", height=210
    )


def ruler_fit(points: ChartData, line: ChartData) -> alt.typing.ChartType:
    """Draw one ruler's score against the verdict, with the straight line that fits best.

    Parameters
    ----------
    points : DataFrame or reference
        One row per customer; columns score and verdict.
    line : DataFrame or reference
        Two rows with the lowest and the highest score and verdict that the axes show at least,
        and in both rows intercept and slope of the line.
    """
    scale = alt.Scale(zero=False, nice=False)
    x = alt.X(
        "score:Q",
        title=_("score by this ruler, in scale points"),
        scale=scale,
        axis=alt.Axis(tickMinStep=1, format="d"),
    )
    y = alt.Y("verdict:Q", title=_("overall verdict"), scale=scale, axis=alt.Axis(tickCount=5))
    cloud = alt.Chart(points).mark_point(size=40, opacity=0.45, color=ACCENT).encode(x, y)
    corners = alt.Chart(line).mark_point(opacity=0).encode(x, y)
    fit = (
        alt.Chart(line)
        .transform_calculate(fitted="datum.intercept + datum.slope * datum.score")
        .mark_line(color=CONTRAST, strokeWidth=3, clip=True)
        .encode(x, alt.Y("fitted:Q"))
    )
    return alt.layer(corners, cloud, fit).properties(width="container", height=240)


def explained_variance(rulers: ChartData) -> alt.typing.ChartType:
    """Draw how much of the verdict each ruler explains, with an interval.

    Parameters
    ----------
    rulers : DataFrame or reference
        Columns ruler, r2, lower and upper (0-1), best (whether the bar stands out).
    """
    rows = numbered(rulers).transform_calculate(
        words="format(100 * datum.r2, '.1f') + ' % (' + format(100 * datum.lower, '.0f')"
        f" + ' {_('to')} ' + format(100 * datum.upper, '.0f') + ')'"
    )
    x = alt.Scale(domain=[0, 1])
    bar = bars(rows.transform_calculate(zero="0"), 0.54, 0.86).encode(
        alt.X(
            "zero:Q",
            title=_("share of the verdict's differences explained (R²)"),
            scale=x,
            axis=alt.Axis(format=".0%", tickCount=5),
        ),
        alt.X2("r2:Q"),
        color=alt.condition("datum.best", alt.value(ACCENT), alt.value(GREY)),
    )
    interval = rows.mark_rule(strokeWidth=3, color=INK).encode(
        alt.X("lower:Q"), alt.X2("upper:Q"), place(MARK)
    )
    return alt.layer(bar, interval, _names(rows, "ruler"), words(rows)).properties(
        width="container", height=alt.Step(HEIGHT)
    )
