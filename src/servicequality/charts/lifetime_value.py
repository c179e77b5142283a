"""Charts of what customers are worth: years, value by retention, gains, a leaky bucket (D6.4)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts import rows
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, LINE, SOFT

ChartData = Any

_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
_DARK_CONTRAST = "#a84f06"
_PALE = "#d5dce3"


def margin_years(years: ChartData, key: ChartData) -> alt.typing.ChartType:
    """Draw what a customer still brings in each year, and what more retention adds.

    Parameters
    ----------
    years : DataFrame or reference
        One row per year: year (from 1), today and then (percent of a year's margin, today's
        money; `then` is never less), and counted, whether the year counts.
    key : DataFrame or reference
        Lines to write: line (1, 2), words, and more, whether it is about the added part.
    """
    base = alt.Chart(years).transform_calculate(zero="0")
    x = alt.X(
        "year:O",
        title=_("year with the firm"),
        axis=alt.Axis(
            values=[1, 5, 10, 15, 20, 25, 30], domain=False, ticks=False, labelOverlap=False
        ),
        scale=alt.Scale(paddingInner=0.15, paddingOuter=0.05),
    )
    axis = alt.Axis(values=[0, 25, 50, 75, 100], gridColor=LINE, domain=False, ticks=False)
    scale = alt.Scale(domain=[0, 100], nice=False)
    title = _("of 100 credits so many still come")
    today = base.mark_bar().encode(
        x,
        alt.Y("zero:Q", title=title, scale=scale, axis=axis),
        alt.Y2("today:Q"),
        color=alt.condition("datum.counted", alt.value(ACCENT), alt.value(_PALE)),
    )
    more = base.mark_bar().encode(
        x,
        alt.Y("today:Q", title=title, scale=scale, axis=axis),
        alt.Y2("then:Q"),
        color=alt.condition("datum.counted", alt.value(CONTRAST), alt.value(LINE)),
        tooltip=[
            alt.Tooltip("year:O", title=_("year")),
            alt.Tooltip("today:Q", title=_("today"), format=".1f"),
            alt.Tooltip("then:Q", title=_("with more retention"), format=".1f"),
        ],
    )
    told = [
        alt.Chart(key)
        .mark_text(
            align="right",
            fontSize=14,
            fontWeight="bold",
            dy=alt.expr("22 * datum.line - 8"),
            **style,
        )
        .encode(x=alt.value("width"), y=alt.value(0), text="words:N", color=colour)
        for style, colour in (
            (_RIM, alt.value("white")),
            ({}, alt.condition("datum.more", alt.value(_DARK_CONTRAST), alt.value(ACCENT))),
        )
    ]
    return alt.layer(today, more, *told).properties(width="container", height=280)


def value_curve(curve: ChartData, points: ChartData) -> alt.typing.ChartType:
    """Draw the value of a customer against retention, and the step from today to then.

    Parameters
    ----------
    curve : DataFrame or reference
        retention (percent, 50-100) and value (in yearly margins).
    points : DataFrame or reference
        Two rows, today and then: retention, value, words, and more.
    """
    across = alt.Scale(domain=[50, 100], nice=False, zero=False)
    upwards = alt.Scale(domain=[0, 21], nice=False, clamp=True)
    x = alt.X(
        "retention:Q",
        title=_("of 100 customers stay another year"),
        scale=across,
        axis=alt.Axis(values=[50, 60, 70, 80, 90, 100], gridColor=LINE, domain=False, ticks=False),
    )
    y = alt.Y(
        "value:Q",
        title=_("value of a customer, in yearly margins"),
        scale=upwards,
        axis=alt.Axis(values=[0, 5, 10, 15, 20], gridColor=LINE, domain=False, ticks=False),
    )
    line = (
        alt.Chart(curve)
        .transform_filter("datum.value <= 21")
        .mark_line(color=ACCENT, strokeWidth=4)
        .encode(x, y)
    )
    spots = alt.Chart(points).encode(x, y)
    colour = alt.condition("datum.more", alt.value(CONTRAST), alt.value(ACCENT))
    point = spots.mark_point(size=200, opacity=1, stroke="white").encode(
        color=colour,
        shape=alt.condition("datum.more", alt.value("diamond"), alt.value("circle")),
    )
    # The curve bends away from both sides on which the numbers stand.
    words = [
        spots.mark_text(
            align=alt.expr("datum.more ? 'right' : 'left'"),
            dx=alt.expr("datum.more ? -11 : 9"),
            dy=alt.expr("datum.more ? -7 : 11"),
            fontSize=13,
            fontWeight="bold",
            **style,
        ).encode(text="words:N")
        for style in (_RIM, {"color": INK})
    ]
    return alt.layer(line, *words, point).properties(width="container", height=290)


def gain_bars(gains: ChartData) -> alt.typing.ChartType:
    """Draw how much the value of a customer gains, one bar a situation.

    Parameters
    ----------
    gains : DataFrame or reference
        In the order to show: name, gain (percent), words, and chosen, whether the bar stands out.
    """
    return _bars(gains, "gain", 100, _("gain in the value of a customer (%)"))


def cost_bars(costs: ChartData) -> alt.typing.ChartType:
    """Draw what one customer more costs, kept or new.

    Parameters
    ----------
    costs : DataFrame or reference
        In the order to show: name, cost (credits), words, and chosen, whether the bar stands out.
    """
    return _bars(costs, "cost", 400, _("credits for one customer more"))


def bucket(bases: ChartData, ends: ChartData) -> alt.typing.ChartType:
    """Draw the number of customers over the years, for two rates of retention.

    Parameters
    ----------
    bases : DataFrame or reference
        year, customers, and more, whether it is the higher rate.
    ends : DataFrame or reference
        One row per rate: year and customers at the end, words, and more.
    """
    x = alt.X(
        "year:Q",
        title=_("years from now"),
        scale=alt.Scale(domain=[0, 30], nice=False),
        axis=alt.Axis(values=[0, 5, 10, 15, 20, 25, 30], grid=False, domain=False, ticks=False),
    )
    y = alt.Y(
        "customers:Q",
        title=_("customers"),
        scale=alt.Scale(domain=[0, 10_000], nice=False, clamp=True),
        axis=alt.Axis(
            values=[0, 2500, 5000, 7500, 10_000], gridColor=LINE, domain=False, ticks=False
        ),
    )
    line = (
        alt.Chart(bases)
        .mark_line(strokeWidth=4)
        .encode(
            x,
            y,
            detail="more:N",
            color=alt.condition("datum.more", alt.value(CONTRAST), alt.value(ACCENT)),
            strokeDash=alt.condition("datum.more", alt.value([8, 3]), alt.value([1, 0])),
        )
    )
    words = [
        alt.Chart(ends)
        .mark_text(
            align="right",
            fontSize=13,
            fontWeight="bold",
            dy=alt.expr(
                "datum.more && datum.customers < 9000 ? -12 : datum.customers > 2500 ? 40 : 22"
            ),
            **style,
        )
        .encode(x, y, text="words:N", color=colour)
        for style, colour in (
            (_RIM, alt.value("white")),
            ({}, alt.condition("datum.more", alt.value(_DARK_CONTRAST), alt.value(ACCENT))),
        )
    ]
    return alt.layer(line, *words).properties(width="container", height=240)


def _bars(table: ChartData, field: str, most: float, title: str) -> alt.typing.ChartType:
    base = rows.numbered(table).transform_calculate(zero="0")
    bar = rows.bars(base, 0.52, 0.84, cornerRadius=2).encode(
        alt.X(
            "zero:Q",
            title=title,
            scale=alt.Scale(domain=[0, most], nice=False, clamp=True),
            axis=alt.Axis(tickCount=5, gridColor=LINE, domain=False, ticks=False),
        ),
        alt.X2(f"{field}:Q"),
        color=alt.condition("datum.chosen", alt.value(CONTRAST), alt.value(GREY)),
    )
    return alt.layer(bar, rows.names(base, "name"), rows.words(base, color=SOFT)).properties(
        width="container", height=alt.Step(46)
    )
