"""Charts of the penalty-reward contrast: what a low rating costs, what a high one adds (D6.1)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts import rows
from servicequality.charts.theme import ACCENT, CONTRAST, INK, SOFT

ChartData = Any


def contrast_dots(contrast: ChartData) -> alt.typing.ChartType:
    """Draw penalty and reward of each attribute with their intervals, on one line.

    Parameters
    ----------
    contrast : DataFrame or reference
        One row per attribute: name, words (its label), and, in points of satisfaction against a
        middle rating, penalty, penalty_low, penalty_high, reward, reward_low, reward_high.
    """
    base = rows.numbered(contrast)
    scale = alt.Scale(domain=[-2, 2], nice=False, clamp=True)
    axis = alt.Axis(
        values=[-2, -1, 0, 1, 2],
        format="+d",
        domain=False,
        ticks=False,
        labelExpr="datum.value ? datum.label : '0'",
    )
    title = _("points of satisfaction, against a middle rating")
    marks: list[alt.Chart] = []
    for effect, colour, shape in (("penalty", CONTRAST, "square"), ("reward", ACCENT, "circle")):
        x = alt.X(f"{effect}:Q", title=title, scale=scale, axis=axis)
        marks += [
            base.mark_rule(color=colour, strokeWidth=3, opacity=0.45).encode(
                rows.place(rows.MARK),
                alt.X(f"{effect}_low:Q", title=title, scale=scale, axis=axis),
                alt.X2(f"{effect}_high:Q"),
            ),
            base.mark_point(shape=shape, color=colour, size=130, opacity=1).encode(
                rows.place(rows.MARK),
                x,
                tooltip=[
                    alt.Tooltip("name:N", title=_("attribute")),
                    alt.Tooltip("penalty:Q", title=_("low rating"), format="+.2f"),
                    alt.Tooltip("reward:Q", title=_("high rating"), format="+.2f"),
                ],
            ),
        ]
    zero = alt.Chart(contrast).mark_rule(color=INK).encode(alt.XDatum(0, scale=scale))
    key = (
        alt.Chart(contrast)
        .transform_aggregate(any="count()")
        .mark_text(align="right", color=SOFT)
        .encode(
            x=alt.value("width"),
            y=alt.value(-10),
            text=alt.value(_("■ rated low · ● rated high")),
        )
    )
    return alt.layer(
        zero, *marks, rows.names(base, "name"), rows.words(base, color=SOFT), key
    ).properties(width="container", height=alt.Step(rows.HEIGHT))
