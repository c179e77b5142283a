"""Charts of customers who meet: which group suits which time, and mixed pairs (D4.5)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.theme import ACCENT, CONTRAST, INK

ChartData = Any

_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
_DARK_CONTRAST = "#a84f06"


def fit_map(cells: ChartData) -> alt.typing.ChartType:
    """Draw how well each time suits each group, and frame the time that each group has.

    Parameters
    ----------
    cells : DataFrame or reference
        One row per group and time, in the order to show: group, slot, fit (0-10) and chosen.
    """
    base = alt.Chart(cells).encode(
        alt.X(
            "slot:N",
            sort=None,
            title=None,
            axis=alt.Axis(orient="top", domain=False, ticks=False, labelFontSize=13),
        ),
        alt.Y(
            "group:N",
            sort=None,
            title=None,
            axis=alt.Axis(domain=False, ticks=False, labelFontSize=13, labelPadding=8),
        ),
    )
    tile = base.mark_rect(stroke="white", strokeWidth=3).encode(
        color=alt.Color(
            "fit:Q",
            scale=alt.Scale(domain=[0, 10], range=["#f6f8fa", "#85b0da"]),
            legend=None,
        ),
        tooltip=[
            alt.Tooltip("group:N", title=_("group")),
            alt.Tooltip("slot:N", title=_("time")),
            alt.Tooltip("fit:Q", title=_("points")),
        ],
    )
    frame = base.transform_filter("datum.chosen").mark_rect(
        filled=False, stroke=CONTRAST, strokeWidth=4, cornerRadius=4
    )
    number = base.mark_text(fontSize=15).encode(
        text="fit:Q",
        color=alt.value(INK),
    )
    return alt.layer(tile, frame, number).properties(width="container", height=alt.Step(48))


def pair_curve(pairs: ChartData, here: ChartData) -> alt.typing.ChartType:
    """Draw the mixed pairs in a room against how many of its guests want quiet.

    Parameters
    ----------
    pairs : DataFrame or reference
        Columns quiet (guests, 0-40) and cross (mixed pairs).
    here : DataFrame or reference
        One row: quiet, cross and words.
    """
    x = alt.X(
        "quiet:Q",
        title=_("guests who want quiet, of 40"),
        scale=alt.Scale(domain=[0, 40], nice=False),
        axis=alt.Axis(values=[0, 10, 20, 30, 40], grid=False),
    )
    y = alt.Y(
        "cross:Q",
        title=_("mixed pairs"),
        scale=alt.Scale(domain=[0, 460], nice=False),
        axis=alt.Axis(values=[0, 100, 200, 300, 400], domain=False, ticks=False),
    )
    line = alt.Chart(pairs).mark_line(color=ACCENT, strokeWidth=3).encode(x, y)
    now = alt.Chart(here).encode(x, y)
    dot = now.mark_point(
        size=190, shape="diamond", color=CONTRAST, opacity=1, stroke="white", strokeWidth=2
    )
    style: dict[str, Any] = {
        "dy": alt.expr("datum.cross < 60 ? -14 : 20"),
        "dx": alt.expr(
            "(datum.quiet > 22 ? -1 : datum.quiet < 18 ? 1 : 0) * (datum.cross < 60 ? 30 : 8)"
        ),
        "align": alt.expr("datum.quiet > 22 ? 'right' : datum.quiet < 18 ? 'left' : 'center'"),
        "fontSize": 13,
        "fontWeight": "bold",
    }
    words = now.encode(text="words:N")
    return alt.layer(
        line, dot, words.mark_text(**_RIM, **style), words.mark_text(color=_DARK_CONTRAST, **style)
    ).properties(width="container", height=200)
