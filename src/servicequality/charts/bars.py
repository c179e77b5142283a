"""Plain bars for worked analyses: one row a name, or one column an hour of the day."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.rows import bars, names, numbered, place, words
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, SOFT

ChartData = Any

_ROW = 46


def bar_rows(rows: ChartData, whole: float | None = None) -> alt.typing.ChartType:
    """Draw one bar per row, its name above it on the left and its numbers in words on the right.

    Parameters
    ----------
    rows : DataFrame or reference
        In the order to show; columns name, value (zero or more), words, and chosen, whether the
        bar stands out.
    whole : float, optional
        Value of a bar as wide as the chart, such as 1 for shares; the largest value if not given.
    """
    scale = alt.Scale(nice=False) if whole is None else alt.Scale(domain=[0, whole], clamp=True)
    base = numbered(rows).transform_calculate(zero="0")
    bar = bars(base, 0.52, 0.84).encode(
        alt.X("zero:Q", axis=None, scale=scale),
        alt.X2("value:Q"),
        color=alt.condition("datum.chosen", alt.value(CONTRAST), alt.value(ACCENT)),
        tooltip=[alt.Tooltip("name:N", title=_("row")), alt.Tooltip("words:N", title=_("value"))],
    )
    return alt.layer(bar, names(base, "name"), words(base, color=SOFT)).properties(
        width="container", height=alt.Step(_ROW)
    )


def signed_rows(rows: ChartData, ends: tuple[float, float]) -> alt.typing.ChartType:
    """Draw one bar per row to the right of a line for a gain, to the left of it for a loss.

    Parameters
    ----------
    rows : DataFrame or reference
        In the order to show; columns name, value (of either sign), words, and chosen, whether the
        row stands out.
    ends : tuple of float
        Ends of the scale, below and above zero.
    """
    scale = alt.Scale(domain=ends, nice=False, clamp=True)
    base = numbered(rows).transform_calculate(zero="0")
    bar = bars(base, 0.52, 0.84).encode(
        alt.X("zero:Q", axis=None, scale=scale),
        alt.X2("value:Q"),
        color=alt.condition("datum.chosen", alt.value(CONTRAST), alt.value(ACCENT)),
        tooltip=[alt.Tooltip("name:N", title=_("row")), alt.Tooltip("words:N", title=_("value"))],
    )
    line = base.mark_rule(color=INK, strokeWidth=1.5).encode(
        alt.X("zero:Q", scale=scale), place(0.46), alt.Y2("row:O", bandPosition=0.9)
    )
    return alt.layer(bar, line, names(base, "name"), words(base, color=SOFT)).properties(
        width="container", height=alt.Step(_ROW)
    )


def share_by_hour(hours: ChartData) -> alt.typing.ChartType:
    """Draw a share for each hour of the day, and the line that it should stay below.

    Parameters
    ----------
    hours : DataFrame or reference
        Columns hour (0-23), share and limit (0-1; the same limit in each row).
    """
    base = alt.Chart(hours)
    x = alt.X(
        "hour:O",
        title=_("hour of the day"),
        axis=alt.Axis(values=list(range(0, 24, 3)), grid=False, ticks=False),
    )
    y = alt.Y(
        "share:Q",
        title=None,
        scale=alt.Scale(nice=False),
        axis=alt.Axis(format=".0%", tickCount=5, domain=False, ticks=False),
    )
    bar = base.mark_bar().encode(
        x,
        y,
        color=alt.condition("datum.share > datum.limit", alt.value(CONTRAST), alt.value(GREY)),
        tooltip=[
            alt.Tooltip("hour:O", title=_("hour")),
            alt.Tooltip("share:Q", title=_("share"), format=".1%"),
        ],
    )
    limit = base.mark_rule(color=INK, strokeDash=[6, 4]).encode(alt.Y("min(limit):Q"))
    name = (
        base.transform_aggregate(limit="min(limit)")
        .transform_calculate(
            words=f"'{_('dashed line: limit')} ' + format(100 * datum.limit, '.0f') + ' %'"
        )
        .mark_text(align="right", fontWeight="bold")
        .encode(x=alt.value("width"), y=alt.value(-8), text="words:N")
    )
    return alt.layer(bar, limit, name).properties(width="container", height=220)
