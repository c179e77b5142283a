"""Charts of work that staff and customers share: who pays, the total, and what follows (D4.1)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts import rows
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, SOFT

ChartData = Any

_DARK_CONTRAST = "#a84f06"
_COLOURS = {"firm": ACCENT, "customer": CONTRAST, "error": GREY}
_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}


def price_tags(tags: ChartData) -> alt.typing.ChartType:
    """Draw what each side pays for one customer's task.

    Parameters
    ----------
    tags : DataFrame or reference
        One row per side: who ("firm", "customer" or "error"), name, credits, top (the longest bar
        that any share of work can bring, in credits) and words.
    """
    base = rows.numbered(tags).transform_calculate(zero="0")
    bar = rows.bars(base, 0.5, 0.86, cornerRadius=3).encode(
        alt.X("zero:Q", axis=None, scale=alt.Scale(nice=False)),
        alt.X2("credits:Q"),
        color=alt.Color(
            "who:N",
            scale=alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values())),
            legend=None,
        ),
        tooltip=[
            alt.Tooltip("name:N", title=_("who")),
            alt.Tooltip("credits:Q", title=_("credits"), format=".2f"),
        ],
    )
    room = rows.bars(base, 0.5, 0.86, opacity=0).encode(alt.X("zero:Q", axis=None), alt.X2("top:Q"))
    return alt.layer(room, bar, rows.names(base, "name"), rows.words(base)).properties(
        width="container", height=alt.Step(56)
    )


def cost_over_share(costs: ChartData, best: ChartData, here: ChartData) -> alt.typing.ChartType:
    """Draw all costs, stacked, against the share of the work that the customer does.

    Parameters
    ----------
    costs : DataFrame or reference
        Columns share (0-1), payroll, customer_time and error_loss.
    best : DataFrame or reference
        One row: share and total where the total is lowest, and words.
    here : DataFrame or reference
        One row: share and total now.
    """
    parts = {
        "payroll": (_("staff, rework included"), ACCENT),
        "customer_time": (_("the customer's time"), CONTRAST),
        "error_loss": (_("what errors cost besides"), GREY),
    }
    x = _share()
    names = [name for name, _colour in parts.values()]
    area = (
        alt.Chart(costs)
        .transform_fold(list(parts), ["part", "credits"])
        .transform_calculate(
            name=f"({dict(zip(parts, names, strict=True))})[datum.part]",
            order=f"indexof({list(parts)}, datum.part)",
        )
        .mark_area(opacity=0.75)
        .encode(
            x,
            alt.Y(
                "credits:Q",
                title=_("credits for one customer"),
                stack="zero",
                axis=alt.Axis(tickCount=5, domain=False, ticks=False),
                scale=alt.Scale(nice=False, zero=True),
            ),
            alt.Color(
                "name:N",
                scale=alt.Scale(domain=names, range=[colour for _n, colour in parts.values()]),
                legend=alt.Legend(title=None, columns=1, labelFontSize=13, labelLimit=260),
            ),
            order="order:Q",
        )
    )
    now = alt.Chart(here).encode(x)
    rule = now.mark_rule(color=INK, strokeDash=[4, 4], strokeWidth=1.5)
    lowest = alt.Chart(best).encode(x, alt.Y("total:Q"))
    dot = lowest.mark_point(
        size=230, shape="diamond", color=INK, opacity=1, stroke="white", strokeWidth=2
    )
    at = now.mark_point(size=150, color="white", opacity=1, stroke=INK, strokeWidth=2.5).encode(
        y="total:Q"
    )
    style: dict[str, Any] = {
        "dy": 24,
        "align": alt.expr("datum.share > 0.5 ? 'right' : 'left'"),
        "dx": alt.expr("datum.share > 0.5 ? 8 : -8"),
        "fontSize": 13,
        "fontWeight": "bold",
    }
    words = lowest.encode(text="words:N")
    return alt.layer(
        area, rule, at, dot, words.mark_text(**_RIM, **style), words.mark_text(**style)
    ).properties(width="container", height=270)


def line_over_share(
    line: ChartData, point: ChartData, title: str = "", form: str = "d"
) -> alt.typing.ChartType:
    """Draw one thing against the share of the work that the customer does, and where it is now.

    Parameters
    ----------
    line : DataFrame or reference
        Columns share (0-1) and value.
    point : DataFrame or reference
        One row: share, value and words.
    title, form : str
        What the values are, and how Vega writes them.
    """
    x = _share()
    y = alt.Y(
        "value:Q",
        title=title,
        scale=alt.Scale(zero=True),
        axis=alt.Axis(tickCount=4, format=form, domain=False, ticks=False),
    )
    curve = alt.Chart(line).mark_line(color=ACCENT, strokeWidth=3).encode(x, y)
    here = alt.Chart(point).transform_filter("isValid(datum.value)").encode(x, y)
    dot = here.mark_point(
        size=170, shape="diamond", color=CONTRAST, opacity=1, stroke="white", strokeWidth=2
    )
    style: dict[str, Any] = {
        "dy": -18,
        "align": alt.expr("datum.share > 0.5 ? 'right' : 'left'"),
        "dx": alt.expr("datum.share > 0.5 ? -6 : 4"),
        "fontSize": 13,
        "fontWeight": "bold",
    }
    words = here.encode(text="words:N")
    return alt.layer(
        curve, dot, words.mark_text(**_RIM, **style), words.mark_text(color=_DARK_CONTRAST, **style)
    ).properties(width="container", height=170)


def _share() -> alt.X:
    return alt.X(
        "share:Q",
        title=_("share of the work that the customer does"),
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".0%", grid=False, titleColor=SOFT),
    )
