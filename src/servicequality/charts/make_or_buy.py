"""Charts of doing it oneself or buying: the chance, and what each factor could change (D4.6)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts import rows
from servicequality.charts.theme import ACCENT, CONTRAST, INK, LINE, SOFT

ChartData = Any

_ROW = 46
_TOP, _BOTTOM = 48, 78
_SCALE = alt.Scale(domain=[0, 1], nice=False)
_AXIS = alt.Axis(
    values=[0, 0.25, 0.5, 0.75, 1], format=".0%", domain=False, ticks=False, grid=False
)


def leaning(now: ChartData) -> alt.typing.ChartType:
    """Draw the chance of doing it oneself as a bar between buying and doing.

    Parameters
    ----------
    now : DataFrame or reference
        One row: probability (0-1), and words.
    """
    base = alt.Chart(now).transform_calculate(zero="0", half="0.5", one="1")
    x = alt.X("zero:Q", title=_("chance of doing it oneself"), scale=_SCALE, axis=_AXIS)
    across = {"y": alt.value(_TOP), "y2": alt.value(_BOTTOM)}
    track = base.mark_rect(color=LINE, cornerRadius=4).encode(x, alt.X2("one:Q"), **across)
    bar = base.mark_rect(cornerRadius=4).encode(
        x,
        alt.X2("probability:Q"),
        color=alt.condition("datum.probability < 0.5", alt.value(CONTRAST), alt.value(ACCENT)),
        **across,
    )
    half = base.mark_rule(color=INK, strokeDash=[4, 4]).encode(
        alt.X("half:Q", scale=_SCALE), **across
    )
    words = base.mark_text(
        fontSize=15,
        fontWeight="bold",
        align=alt.expr(
            "datum.probability > 0.8 ? 'right' : datum.probability < 0.2 ? 'left' : 'center'"
        ),
    ).encode(alt.X("probability:Q", scale=_SCALE), y=alt.value(_TOP - 14), text="words:N")
    end = base.mark_text(align="right", fontSize=13, color=SOFT).encode(
        x=alt.value("width"), y=alt.value(8), text=alt.value(_("does it alone"))
    )
    start = base.mark_text(align="left", fontSize=13, color=SOFT).encode(
        x=alt.value(0), y=alt.value(8), text=alt.value(_("buys it"))
    )
    return alt.layer(track, bar, half, words, start, end).properties(
        width="container", height=_BOTTOM + 8
    )


def tornado(factors: ChartData, now: ChartData) -> alt.typing.ChartType:
    """Draw the range of chances that each factor alone could bring, around the present chance.

    Parameters
    ----------
    factors : DataFrame or reference
        One row per factor in the order to show: name, lowest, highest and now (chances, 0-1; now
        is the same in each row), and words.
    now : DataFrame or reference
        One row: the present probability (0-1), and words.
    """
    base = rows.numbered(factors)
    title = _("chance of doing it oneself")
    bar = rows.bars(base, 0.52, 0.84, color=ACCENT, opacity=0.8).encode(
        alt.X("lowest:Q", title=title, scale=_SCALE, axis=_AXIS),
        alt.X2("highest:Q"),
        tooltip=[
            alt.Tooltip("name:N", title=_("factor")),
            alt.Tooltip("lowest:Q", title=_("lowest"), format=".1%"),
            alt.Tooltip("highest:Q", title=_("highest"), format=".1%"),
        ],
    )
    mark = base.mark_rule(color=CONTRAST, strokeWidth=3).encode(
        rows.place(0.46),
        alt.Y2("row:O", bandPosition=0.9),
        x=alt.X("now:Q", scale=_SCALE),
    )
    here = (
        alt.Chart(now)
        .transform_calculate(label=f"'{_('now')} ' + datum.words")
        .encode(alt.X("probability:Q", scale=_SCALE))
    )
    label = here.mark_text(
        color=INK,
        dy=-10,
        dx=alt.expr("datum.probability > 0.5 ? 4 : -4"),
        align=alt.expr("datum.probability > 0.5 ? 'right' : 'left'"),
        fontWeight="bold",
    ).encode(y=alt.value(0), text="label:N")
    return alt.layer(
        bar, mark, label, rows.names(base, "name"), rows.words(base, color=SOFT)
    ).properties(width="container", height=alt.Step(_ROW))
