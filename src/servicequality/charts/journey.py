"""Charts of customer journeys: the contacts, and what different rules make of them (D1.3)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts import rows
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, SOFT

ChartData = Any

_SCORE = alt.Scale(domain=[0, 10], nice=False)


def journey_line(contacts: ChartData) -> alt.typing.ChartType:
    """Draw the contacts of a journey in their order, and beside them those of a second one.

    Parameters
    ----------
    contacts : DataFrame or reference
        One row per contact: position (1, 2, ...), contact (its name), score (0-10), and other (the
        score in the second journey, missing if there is none).
    """
    x = alt.X(
        "contact:N",
        sort=alt.EncodingSortField("position", op="min"),
        title=None,
        scale=alt.Scale(padding=0.5),
        axis=alt.Axis(
            ticks=False,
            domain=False,
            labelColor=INK,
            labelPadding=8,
            labelOverlap=False,
        ),
    )
    y = alt.Y(
        "score:Q",
        title=_("score"),
        scale=_SCORE,
        axis=alt.Axis(values=[0, 5, 10], format="d", domain=False, ticks=False),
    )
    base = alt.Chart(contacts)
    second = base.transform_filter("isValid(datum.other)").encode(
        x, alt.Y("other:Q", scale=_SCORE), order="position:Q"
    )
    second_line = second.mark_line(color=GREY, strokeDash=[5, 4], strokeWidth=2)
    second_dot = second.mark_point(color=GREY, shape="square", size=70, opacity=1)
    second_word = (
        base.transform_filter("isValid(datum.other)")
        .transform_aggregate(any="count()")
        .mark_text(align="right", color=SOFT)
        .encode(x=alt.value("width"), y=alt.value(-14), text=alt.value(_("┄■┄ the second journey")))
    )
    line = base.mark_line(color=ACCENT, strokeWidth=3).encode(x, y, order="position:Q")
    bad = "datum.score < 5"
    dot = base.mark_point(size=330, opacity=1, stroke="white", strokeWidth=2).encode(
        x,
        y,
        color=alt.condition(bad, alt.value(CONTRAST), alt.value(ACCENT)),
        shape=alt.condition(bad, alt.value("diamond"), alt.value("circle")),
        tooltip=[
            alt.Tooltip("contact:N", title=_("contact")),
            alt.Tooltip("score:Q", title=_("score")),
            alt.Tooltip("other:Q", title=_("second journey")),
        ],
    )
    text = base.encode(x, y, text=alt.Text("score:Q", format=".2~f"))
    # A low score stands under its dot, out of the way of the line, unless there is no room.
    style: dict[str, Any] = {
        "dy": alt.expr("datum.score < 5 && datum.score > 1.5 ? 24 : -22"),
        "fontSize": 16,
        "fontWeight": "bold",
    }
    rim = text.mark_text(stroke="white", strokeWidth=4, strokeJoin="round", **style)
    return alt.layer(
        second_line, second_dot, line, dot, rim, text.mark_text(**style), second_word
    ).properties(width="container", height=240)


def rule_bars(rules: ChartData) -> alt.typing.ChartType:
    """Draw what each rule makes of a journey, one bar a rule, and of a second journey.

    Parameters
    ----------
    rules : DataFrame or reference
        Columns rule (its name), score (0-10), other (the second journey's score, missing if there
        is none, a square) and words (both as text).
    """
    base = rows.numbered(rules).transform_calculate(zero="0")
    bar = rows.bars(base, 0.56, 0.84, color=ACCENT).encode(
        alt.X(
            "zero:Q",
            title=_("score of the journey, from 0 to 10"),
            scale=_SCORE,
            axis=alt.Axis(values=[0, 2, 4, 6, 8, 10], format="d", domain=False, ticks=False),
        ),
        alt.X2("score:Q"),
        tooltip=[
            alt.Tooltip("rule:N", title=_("rule")),
            alt.Tooltip("score:Q", title=_("score"), format=".2f"),
            alt.Tooltip("other:Q", title=_("second journey"), format=".2f"),
        ],
    )
    second = (
        base.transform_filter("isValid(datum.other)")
        .mark_point(shape="square", size=110, color=INK, opacity=1, stroke="white")
        .encode(alt.X("other:Q", scale=_SCORE), rows.place(rows.MARK))
    )
    return alt.layer(bar, second, rows.names(base, "rule"), rows.words(base)).properties(
        width="container", height=alt.Step(rows.HEIGHT)
    )
