"""Charts of Kano's classes: the table of answers, and the map of what pleases and annoys (D6.1)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.importance_performance import labels_at_sides
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, LINE, SOFT
from servicequality.models.kano import ANSWERS, TABLE

ChartData = Any

_LOOKS = {
    "M": ("#0f2f57", "square"),
    "O": (ACCENT, "circle"),
    "A": (CONTRAST, "triangle-up"),
    "I": (GREY, "diamond"),
    "R": ("#a84f06", "cross"),
    "Q": (GREY, "stroke"),
}
_AXIS = alt.Axis(
    grid=False,
    domain=False,
    ticks=False,
    labelColor=INK,
    labelFontSize=11,
    labelPadding=4,
    labelOverlap=False,
)
_MOST = 0.7
"""Share of customers in one cell from which a circle does not grow any more."""


def class_names() -> dict[str, str]:
    """Return what a reader sees for each class of `servicequality.models.kano`."""
    return {
        "M": _("must-be"),
        "O": _("one-dimensional"),
        "A": _("attractive"),
        "I": _("indifferent"),
        "R": _("reverse"),
        "Q": _("questionable"),
    }


def answer_names() -> dict[str, str]:
    """Return what a reader sees for each answer of `servicequality.models.kano`."""
    words = (_("like it"), _("must be"), _("neutral"), _("live with"), _("dislike"))
    return dict(zip(ANSWERS, words, strict=True))


def answer_table(answers: ChartData) -> alt.typing.ChartType:
    """Draw the evaluation table, who gave each pair of answers, and one's own pair.

    Parameters
    ----------
    answers : DataFrame or reference
        One row per pair that somebody gave: functional and dysfunctional (words of
        `answer_names`), share of customers (0-1; missing in the row of one's own pair), and words.
    """
    names = list(answer_names().values())
    colours = [look[0] for look in _LOOKS.values()]
    x = alt.X(
        "dysfunctional:N",
        sort=None,
        scale=alt.Scale(domain=names, paddingInner=0.06, paddingOuter=0),
        title=_("If it is missing: I …"),
        axis=alt.Axis(orient="top", titlePadding=8, **_AXIS.to_dict()),
    )
    y = alt.Y(
        "functional:N",
        scale=alt.Scale(domain=names, paddingInner=0.06, paddingOuter=0),
        title=_("If it is there: I …"),
        axis=_AXIS,
    )
    table = alt.Chart(
        alt.InlineData(
            [
                {"functional": there, "dysfunctional": missing, "letter": letter}
                for there, row in zip(names, TABLE, strict=True)
                for missing, letter in zip(names, row, strict=True)
            ]
        )
    ).encode(x, y)
    colour = alt.Color("letter:N", scale=alt.Scale(domain=list(_LOOKS), range=colours), legend=None)
    cell = table.mark_rect(opacity=0.16, cornerRadius=3).encode(colour)
    letter = table.mark_text(
        fontWeight="bold",
        fontSize=13,
        align="left",
        baseline="top",
        dx=alt.expr("5 - bandwidth('x') / 2"),
        dy=alt.expr("5 - bandwidth('y') / 2"),
    ).encode(text="letter:N", color=alt.value(INK))
    people = (
        alt.Chart(answers)
        .transform_filter("isValid(datum.share)")
        .mark_circle(color=INK, opacity=0.75)
        .encode(
            x,
            y,
            size=alt.Size(
                "share:Q",
                scale=alt.Scale(domain=[0, _MOST], range=[0, 1900], clamp=True),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("functional:N", title=_("there")),
                alt.Tooltip("dysfunctional:N", title=_("missing")),
                alt.Tooltip("words:N", title=_("who answers so")),
            ],
        )
    )
    mine = alt.Chart(answers).transform_filter("!isValid(datum.share)").encode(x, y)
    ring = mine.mark_rect(fillOpacity=0, stroke=INK, strokeWidth=3, cornerRadius=3)
    you = mine.mark_text(
        fontWeight="bold", fontSize=12, baseline="bottom", dy=alt.expr("bandwidth('y') / 2 - 4")
    ).encode(text="words:N")
    names_of = class_names()
    key = [
        alt.Chart(alt.InlineData([{"words": " · ".join(f"{at} {names_of[at]}" for at in line)}]))
        .mark_text(align="right", color=SOFT, fontSize=12)
        .encode(x=alt.value("width"), y=alt.value(290 + 16 * number), text="words:N")
        for number, line in enumerate(("AOM", "IRQ"), start=1)
    ]
    return alt.layer(cell, letter, people, ring, you, *key).properties(
        width="container", height=290
    )


def class_bars(classes: ChartData) -> alt.typing.ChartType:
    """Draw how many customers gave each class, one column a class.

    Parameters
    ----------
    classes : DataFrame or reference
        In the order to show: letter (of `servicequality.models.kano.CLASSES`), name (lines parted
        by "|"), share (0-1), words, and most, whether it is the most frequent.
    """
    base = alt.Chart(classes).encode(
        alt.X(
            "name:N",
            sort=None,
            title=None,
            axis=alt.Axis(
                domain=False,
                ticks=False,
                labelExpr="split(datum.label, '|')",
                labelColor=INK,
                labelOverlap=False,
            ),
        ),
        alt.Y("share:Q", axis=None, scale=alt.Scale(domain=[0, 0.9], nice=False)),
    )
    colour = alt.Color(
        "letter:N",
        scale=alt.Scale(domain=list(_LOOKS), range=[look[0] for look in _LOOKS.values()]),
        legend=None,
    )
    bar = base.mark_bar(cornerRadius=2).encode(
        colour,
        opacity=alt.condition("datum.most", alt.value(1), alt.value(0.55)),
        tooltip=[
            alt.Tooltip("name:N", title=_("class")),
            alt.Tooltip("words:N", title=_("customers")),
        ],
    )
    words = base.mark_text(baseline="bottom", dy=-4, fontSize=13, fontWeight="bold").encode(
        text="words:N"
    )
    return alt.layer(bar, words).properties(width="container", height=190)


def better_worse_map(points: ChartData, cloud: ChartData, path: ChartData) -> alt.typing.ChartType:
    """Draw attributes by how much lacking them annoys and how much having them pleases.

    Parameters
    ----------
    points : DataFrame or reference
        One row per attribute: name, annoys and pleases (both 0-1), letter of its class, label
        (may be empty), side of the label, and chosen.
    cloud : DataFrame or reference
        Resampled surveys of the chosen attribute: annoys, pleases. May be empty.
    path : DataFrame or reference
        The chosen attribute over the years: year, annoys, pleases, and words (empty where the
        year is not written). May be empty.
    """
    scale = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(grid=False, values=[0, 0.5, 1], format="~g", domainColor=LINE)
    x = alt.X("annoys:Q", title=_("lacking it annoys (−Worse)"), scale=scale, axis=axis)
    y = alt.Y("pleases:Q", title=_("having it pleases (Better)"), scale=scale, axis=axis)
    names = class_names()
    corners = alt.Chart(
        alt.InlineData(
            [
                {"letter": "A", "name": names["A"], "annoys": 0, "pleases": 1},
                {"letter": "O", "name": names["O"], "annoys": 1, "pleases": 1},
                {"letter": "I", "name": names["I"], "annoys": 0, "pleases": 0},
                {"letter": "M", "name": names["M"], "annoys": 1, "pleases": 0},
            ]
        )
    ).encode(x, y)
    west, north = "datum.annoys === 0", "datum.pleases === 1"
    corner = corners.mark_text(
        fontSize=13,
        fontWeight="bold",
        color=SOFT,
        align=alt.expr(f"{west} ? 'left' : 'right'"),
        dx=alt.expr(f"{west} ? 7 : -5"),
        dy=alt.expr(f"{north} ? 12 : -10"),
    ).encode(text="name:N")
    half = alt.Chart(alt.InlineData([{"half": 0.5}]))
    lines = half.mark_rule(color=GREY, strokeDash=[3, 3])
    dots = alt.Chart(cloud).mark_circle(size=10, opacity=0.35, color=INK).encode(x, y)
    years = alt.Chart(path).encode(x, y)
    trail = years.mark_line(color=INK, strokeWidth=1.5).encode(order="year:Q")
    told = years.mark_text(align="right", dx=-9, dy=4, fontSize=12, fontWeight="bold").encode(
        text="words:N"
    )
    colours, shapes = zip(*_LOOKS.values(), strict=True)
    point = (
        alt.Chart(points)
        .mark_point(opacity=1)
        .encode(
            x,
            y,
            color=alt.Color(
                "letter:N", scale=alt.Scale(domain=list(_LOOKS), range=colours), legend=None
            ),
            shape=alt.Shape(
                "letter:N", scale=alt.Scale(domain=list(_LOOKS), range=shapes), legend=None
            ),
            size=alt.condition("datum.chosen", alt.value(320), alt.value(120)),
            stroke=alt.condition("datum.chosen", alt.value(INK), alt.value("white")),
            strokeWidth=alt.condition("datum.chosen", alt.value(2), alt.value(1)),
            tooltip=[
                alt.Tooltip("name:N", title=_("attribute")),
                alt.Tooltip("pleases:Q", title=_("Better"), format=".2f"),
                alt.Tooltip("annoys:Q", title=_("−Worse"), format=".2f"),
            ],
        )
    )
    return alt.layer(
        lines.encode(alt.X("half:Q", scale=scale)),
        lines.encode(alt.Y("half:Q", scale=scale)),
        corner,
        dots,
        trail,
        told,
        *labels_at_sides(alt.Chart(points).encode(x, y, text="label:N")),
        point,
    ).properties(width="container", height=400)
