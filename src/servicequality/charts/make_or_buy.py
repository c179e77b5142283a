"""Charts of doing it oneself or buying: what each factor could change (worked analysis, M4.3)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts import rows
from servicequality.charts.theme import ACCENT, CONTRAST, INK, SOFT

ChartData = Any

_ROW = 46


def tornado(factors: ChartData, now: ChartData) -> alt.typing.ChartType:
    """Draw the range of chances that each factor alone could bring, around the present chance.

    Parameters
    ----------
    factors : DataFrame or reference
        One row per factor in the order to show: name, lowest and highest (0-1), and words.
    now : DataFrame or reference
        One row: probability (0-1), and words.
    """
    base = rows.numbered(factors)
    scale = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".0%", domain=False, ticks=False)
    title = _("chance of doing it oneself")
    bar = rows.bars(base, 0.52, 0.84, color=ACCENT, opacity=0.8).encode(
        alt.X("lowest:Q", title=title, scale=scale, axis=axis),
        alt.X2("highest:Q"),
        tooltip=[
            alt.Tooltip("name:N", title=_("factor")),
            alt.Tooltip("lowest:Q", title=_("lowest"), format=".1%"),
            alt.Tooltip("highest:Q", title=_("highest"), format=".1%"),
        ],
    )
    here = alt.Chart(now).encode(alt.X("probability:Q", scale=scale))
    rule = here.mark_rule(color=CONTRAST, strokeWidth=2.5)
    label = here.mark_text(
        color=INK,
        dy=-10,
        dx=alt.expr("datum.probability > 0.5 ? 4 : -4"),
        align=alt.expr("datum.probability > 0.5 ? 'right' : 'left'"),
        fontWeight="bold",
    ).encode(y=alt.value(0), text="words:N")
    return alt.layer(
        bar, rule, label, rows.names(base, "name"), rows.words(base, color=SOFT)
    ).properties(width="container", height=alt.Step(_ROW))
