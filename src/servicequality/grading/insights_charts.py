"""Charts of a class: pure functions from tables of `insights` to an Altair chart.

The colours are those of the theme in use.
"""

from gettext import gettext as _

import altair as alt
import pandas as pd

from servicequality.grading.insights import distribution


def difficulty(tasks: pd.DataFrame) -> alt.typing.ChartType:
    """Draw the share of the points that the class has, one bar a task, the hardest marked.

    Parameters
    ----------
    tasks : DataFrame
        As `insights.items` returns it.
    """
    hardest, other = _("hardest"), _("other")
    rows = tasks.dropna(subset="share").rename_axis("task").reset_index()
    rows["kind"] = (rows["share"] == rows["share"].min()).map({True: hardest, False: other})
    base = alt.Chart(rows).encode(
        alt.Y("task:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
        alt.X(
            "share:Q",
            title=_("share of the points"),
            scale=alt.Scale(domain=[0, 1], nice=False),
            axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
        ),
        tooltip=[
            alt.Tooltip("task:N", title=_("task")),
            alt.Tooltip("share:Q", title=_("earned"), format=".0%"),
            alt.Tooltip("full:Q", title=_("all points"), format=".0%"),
            alt.Tooltip("none:Q", title=_("no points"), format=".0%"),
        ],
    )
    bar = base.mark_bar().encode(
        alt.Color("kind:N", scale=alt.Scale(domain=[other, hardest]), legend=None)
    )
    number = base.mark_text(align="left", dx=4).encode(text=alt.Text("share:Q", format=".0%"))
    return alt.layer(bar, number).properties(width="container", height=alt.Step(30))


def score_distribution(shares: pd.Series) -> alt.typing.ChartType:
    """Draw how many students are in each tenth of the points.

    Parameters
    ----------
    shares : Series
        Each student's share of the points, 0-1.
    """
    rows = distribution(shares).rename_axis("points").reset_index().assign(kind=_("students"))
    return (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            alt.X("points:O", sort=None, title=_("points earned")),
            alt.Y("students:Q", title=_("students"), axis=alt.Axis(tickMinStep=1)),
            alt.Color("kind:N", legend=None),
            tooltip=[
                alt.Tooltip("points:O", title=_("points earned")),
                alt.Tooltip("students:Q", title=_("students")),
            ],
        )
        .properties(width="container", height=220)
    )


def discrimination(tests: pd.DataFrame) -> alt.typing.ChartType:
    """Draw each test's discrimination with its 95 % interval, and a line at zero.

    Parameters
    ----------
    tests : DataFrame
        As `insights.items` returns it.
    """
    usual, against = _("with the others"), _("against the others")
    kinds = alt.Scale(domain=[usual, against])
    rows = tests.dropna(subset="discrimination").rename_axis("test").reset_index()
    rows["kind"] = (rows["upper"] < 0).map({True: against, False: usual})
    base = alt.Chart(rows).encode(
        alt.Y("test:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
        alt.Color("kind:N", scale=kinds, title=None),
    )
    x = alt.Scale(domain=[-1, 1], nice=False)
    interval = base.mark_rule(strokeWidth=4, strokeCap="round", opacity=0.35).encode(
        alt.X("lower:Q", scale=x, title=_("discrimination with 95 % interval")),
        alt.X2("upper:Q"),
    )
    mark = base.mark_point(opacity=1).encode(
        alt.X("discrimination:Q", scale=x),
        alt.Shape("kind:N", scale=kinds, title=None),
        tooltip=[
            alt.Tooltip("test:N", title=_("test")),
            alt.Tooltip("discrimination:Q", title=_("discrimination"), format=".2f"),
            alt.Tooltip("lower:Q", title=_("from"), format=".2f"),
            alt.Tooltip("upper:Q", title=_("to"), format=".2f"),
            alt.Tooltip("share:Q", title=_("earned"), format=".0%"),
        ],
    )
    zero = base.mark_rule(strokeDash=[5, 4], color="gray").encode(x=alt.XDatum(0, scale=x))
    return alt.layer(zero, interval, mark).properties(width="container", height=alt.Step(20))
