"""How late something was, as a histogram with its mean and its median (D5.3, R5.1)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.theme import ACCENT, CONTRAST, INK

ChartData = Any

LATEST = 120
"""From this many minutes on, delays share one bar."""

_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}


def delay_bars(
    bins: ChartData, marks: ChartData, title: str = _("share of flights")
) -> alt.typing.ChartType:
    """Draw which share was how late, and name some points of the scale.

    Parameters
    ----------
    bins : DataFrame or reference
        One row per bar: low and high (its ends in minutes, negative is early; the last bar holds
        all from `LATEST` on), share (0-1) and late (whether the bar stands out).
    marks : DataFrame or reference
        Points to name, one row each: minutes, words, and row (0 for the upper line of words, 1
        for the one below, and so on).
    title : str
        What is shared out, and in what.
    """
    x = alt.X(
        "low:Q",
        title=_("minutes early (−) or late (+)"),
        scale=alt.Scale(nice=False),
        axis=alt.Axis(
            values=list(range(-60, LATEST + 1, 30)),
            labelExpr=f"datum.label + (datum.value === {LATEST} ? '+' : '')",
            grid=False,
            domain=False,
        ),
    )
    bar = (
        alt.Chart(bins)
        .transform_calculate(zero="0")
        .mark_rect(stroke="white", strokeWidth=1)
        .encode(
            x,
            alt.X2("high:Q"),
            alt.Y(
                "zero:Q",
                title=title,
                scale=alt.Scale(nice=False),
                axis=alt.Axis(format=".0%", tickCount=4, domain=False, grid=False),
            ),
            alt.Y2("share:Q"),
            color=alt.condition("datum.late", alt.value(CONTRAST), alt.value(ACCENT)),
            tooltip=[
                alt.Tooltip("low:Q", title=_("from (min)"), format=".0f"),
                alt.Tooltip("high:Q", title=_("to (min)"), format=".0f"),
                alt.Tooltip("share:Q", title=_("share"), format=".1%"),
            ],
        )
    )
    at = (
        alt.Chart(marks)
        .transform_calculate(height="20 + 22 * datum.row")
        .encode(alt.X("minutes:Q"))
    )
    rule = at.mark_rule(color=INK, strokeDash=[6, 4])
    style: dict[str, Any] = {"align": "left", "dx": 6, "fontSize": 13, "fontWeight": "bold"}
    named = at.encode(alt.Y("height:Q", axis=None, scale=None), text="words:N")
    return (
        alt.layer(
            alt.layer(bar, rule),
            alt.layer(named.mark_text(**_RIM, **style), named.mark_text(**style)),
        )
        .resolve_scale(y="independent")
        .properties(width="container", height=240)
    )
