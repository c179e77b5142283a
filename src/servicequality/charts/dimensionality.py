"""Charts of dimensionality: how many factors the answers support."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.theme import ACCENT, CONTRAST, SOFT

ChartData = Any


def scree(eigenvalues: ChartData, answers: tuple[str, str]) -> alt.typing.ChartType:
    """Draw eigenvalues in falling order, beside those of random answers and Kaiser's line at 1.

    Parameters
    ----------
    eigenvalues : DataFrame or reference
        Columns rank (1, 2, ...), value, and answers: whose eigenvalue it is.
    answers : (str, str)
        The two entries of the column answers, the survey first.
    """
    colours = alt.Scale(domain=list(answers), range=[ACCENT, CONTRAST])
    shapes = alt.Scale(domain=list(answers), range=["circle", "diamond"])
    legend = alt.Legend(title=None, symbolSize=110, labelFontSize=13)
    lines = alt.Chart(eigenvalues).encode(
        alt.X(
            "rank:Q", title=_("rank of the eigenvalue"), axis=alt.Axis(tickMinStep=1, grid=False)
        ),
        alt.Y("value:Q", title=_("eigenvalue"), scale=alt.Scale(domainMin=0)),
        alt.Color("answers:N", scale=colours, legend=legend),
    )
    points = lines.mark_point(size=80, opacity=1).encode(
        alt.Shape("answers:N", scale=shapes, legend=legend),
        tooltip=[
            alt.Tooltip("answers:N", title=_("answers")),
            alt.Tooltip("rank:Q", title=_("rank")),
            alt.Tooltip("value:Q", title=_("eigenvalue"), format=".2f"),
        ],
    )
    kaiser = alt.Chart(alt.InlineData(values=[{"value": 1, "name": _("Kaiser's line")}]))
    rule = kaiser.mark_rule(strokeDash=[4, 4], color=SOFT).encode(alt.Y("value:Q"))
    name = kaiser.mark_text(align="left", baseline="top", dx=6, dy=6, color=SOFT).encode(
        alt.Y("value:Q"), x=alt.value(0), text="name:N"
    )
    return alt.layer(rule, name, lines.mark_line(), points).properties(
        width="container", height=260
    )
