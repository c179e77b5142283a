"""Charts of the Nordic model: result, manner, image and expectation (D1.1)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts import rows
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, SOFT

ChartData = Any

_INDEX = alt.Scale(domain=[0, 100], nice=False)
_TICKS = alt.Axis(values=[0, 20, 40, 60, 80, 100], grid=False)
_RIM: dict[str, Any] = {
    "stroke": "white",
    "strokeWidth": 4,
    "strokeOpacity": 0.85,
    "strokeJoin": "round",
}


def quality_map(contours: ChartData, expected: ChartData, here: ChartData) -> alt.typing.ChartType:
    """Draw which mixes of result and manner give the same quality, and which are good enough.

    Parameters
    ----------
    contours : DataFrame or reference
        Lines of equal quality: columns level, technical (rising) and functional, all 0-100.
    expected : DataFrame or reference
        The line at the level that is expected, same columns. Above it lies all that is good
        enough; a last row without a level, at technical 100, ends that area at the right.
    here : DataFrame or reference
        One row: technical, functional, and experienced, the quality that they make.
    """
    x = alt.X("technical:Q", title=_("result: what you get"), scale=_INDEX, axis=_TICKS)
    y = alt.Y("functional:Q", title=_("manner: how you get it"), scale=_INDEX, axis=_TICKS)
    good_enough = (
        alt.Chart(expected).mark_area(opacity=0.12, color=ACCENT).encode(x, y, alt.Y2Datum(100))
    )
    lines = alt.Chart(contours).mark_line(
        color=GREY, strokeWidth=1, opacity=0.8, interpolate="monotone"
    )
    line = (
        alt.Chart(expected)
        .transform_filter("isValid(datum.level)")
        .mark_line(color=INK, strokeWidth=3)
    )
    # Every kind of mean of two equal numbers is that number: all lines cross the diagonal there.
    level = _diagonal(contours).encode(text=alt.Text("level:Q", format="d"))
    wanted = (
        _diagonal(expected)
        .transform_calculate(words=f"'{_('expected')} ' + format(datum.level, 'd')")
        .encode(text="words:N")
    )
    style: dict[str, Any] = {
        "align": alt.expr("datum.level > 40 ? 'right' : 'left'"),
        "dx": alt.expr("datum.level > 40 ? -5 : 5"),
        "dy": alt.expr("datum.level > 40 ? 13 : -13"),
        "fontSize": 14,
        "fontWeight": "bold",
    }
    corner = (
        alt.Chart(expected)
        .transform_aggregate(level="max(level)")
        .transform_filter("datum.level < 95")
        .encode(alt.XDatum(100), alt.YDatum(100), text=alt.value(_("good enough")))
    )
    inside: dict[str, Any] = {"align": "right", "dx": -5, "dy": 12}
    point = (
        alt.Chart(here)
        .mark_point(size=260, opacity=1, color=CONTRAST, stroke="white", strokeWidth=2)
        .encode(
            x,
            y,
            tooltip=[
                alt.Tooltip("technical:Q", title=_("result")),
                alt.Tooltip("functional:Q", title=_("manner")),
                alt.Tooltip("experienced:Q", title=_("experienced quality"), format=".1f"),
            ],
        )
    )
    # The label stays inside the map at its upper and its right edge.
    value = (
        alt.Chart(here)
        .transform_calculate(
            words=f"'{_('experienced')} ' + format(datum.experienced, '.1f')",
            right="datum.technical > 60",
        )
        .encode(x, y, text="words:N")
    )
    place: dict[str, Any] = {
        "align": alt.expr("datum.right ? 'right' : 'left'"),
        "dx": alt.expr("datum.right ? -13 : 13"),
        "dy": alt.expr("datum.functional > 90 ? 14 : 0"),
        "fontSize": 15,
        "fontWeight": "bold",
    }
    return alt.layer(
        good_enough,
        lines.encode(x, y, detail="level:N"),
        level.mark_text(color=SOFT, **_RIM),
        level.mark_text(color=SOFT),
        line.encode(x, y),
        corner.mark_text(**_RIM, **inside),
        corner.mark_text(color=ACCENT, **inside),
        wanted.mark_text(**_RIM, **style),
        wanted.mark_text(**style),
        point,
        value.mark_text(**_RIM, **place),
        value.mark_text(color="#a34a06", **place),
    ).properties(width="container", height=380)


def gap_gains(gains: ChartData) -> alt.typing.ChartType:
    """Draw what a few points more would add to the gap, for each idea of how qualities combine.

    Parameters
    ----------
    gains : DataFrame or reference
        One row per idea: columns idea, technical and functional (points of the gap, zero or more)
        and chosen, whether the row stands out.
    """
    kinds = [_("of the result"), _("of the manner")]
    base = (
        rows.numbered(gains)
        .transform_fold(["technical", "functional"], ["what", "gain"])
        .transform_calculate(
            kind=f"datum.what === 'technical' ? '{kinds[0]}' : '{kinds[1]}'",
            words="format(datum.gain, '+.1f')",
            zero="0",
        )
    )
    faint = alt.condition("datum.chosen", alt.value(1), alt.value(0.35))
    pale = alt.condition("datum.chosen", alt.value(1), alt.value(0.65))
    legend = alt.Legend(title=_("5 points more"), symbolSize=130, labelFontSize=13)
    colour = alt.Color(
        "kind:N", scale=alt.Scale(domain=kinds, range=[ACCENT, CONTRAST]), legend=legend
    )
    layers = []
    for what, top in (("technical", 0.42), ("functional", 0.67)):
        own = base.transform_filter(f"datum.what === '{what}'")
        bar = rows.bars(own, top, top + 0.2).encode(
            alt.X("zero:Q", axis=None, scale=alt.Scale(nice=False)),
            alt.X2("gain:Q"),
            colour,
            opacity=faint,
            tooltip=[
                alt.Tooltip("idea:N", title=_("makes up for the other")),
                alt.Tooltip("kind:N", title=_("5 points more")),
                alt.Tooltip("gain:Q", title=_("points of the gap"), format="+.2f"),
            ],
        )
        number = own.mark_text(align="left", dx=5, fontSize=13, fontWeight="bold").encode(
            alt.X("gain:Q", axis=None), rows.place(top + 0.1), text="words:N", opacity=pale
        )
        layers += [bar, number]
    name = rows.names(rows.numbered(gains), "idea").encode(rows.place(0.24), opacity=pale)
    # The axis stays put while a learner drags, and grows only when it must.
    usual = alt.Chart(alt.InlineData([{"gain": 0}, {"gain": 7}]))
    axis = usual.mark_point(opacity=0).encode(alt.X("gain:Q", axis=None), y=alt.value(0))
    return alt.layer(axis, *layers, name).properties(width="container", height=alt.Step(64))


def _diagonal(lines: ChartData) -> alt.Chart:
    """Put one label to each line, where result and manner are equal."""
    return (
        alt.Chart(lines)
        .transform_filter("isValid(datum.level)")
        .transform_aggregate(groupby=["level"])
        .encode(alt.X("level:Q", scale=_INDEX), alt.Y("level:Q", scale=_INDEX))
    )
