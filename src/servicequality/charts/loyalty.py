"""Charts of satisfaction and loyalty: the curve that competition bends, and who stays (D6.2)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts import rows
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, LINE, SOFT

ChartData = Any

_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
_HEIGHT = 360


def loyalty_curve(
    family: ChartData, curve: ChartData, levels: ChartData, cuts: ChartData
) -> alt.typing.ChartType:
    """Draw who stays at each level of satisfaction, in this market and in others.

    Parameters
    ----------
    family : DataFrame or reference
        Other markets: market, satisfaction (1-5), stay (0-100), words, written where they are
        not empty, and over, whether they stand above the line.
    curve : DataFrame or reference
        This market: satisfaction and stay. May be empty.
    levels : DataFrame or reference
        One row per level: satisfaction, stay, share of customers (0-1), words.
    cuts : DataFrame or reference
        One row: attitude and patronage, the limits between the four kinds of loyalty.
    """
    across = alt.Scale(domain=[0.6, 5.4], nice=False, zero=False)
    upwards = alt.Scale(domain=[-16, 122], nice=False, zero=False)
    x = alt.X(
        "satisfaction:Q",
        title=_("satisfaction (1 very low, 5 very high)"),
        scale=across,
        axis=alt.Axis(values=[1, 2, 3, 4, 5], format="d", grid=False, domain=False, ticks=False),
    )
    y = alt.Y(
        "stay:Q",
        title=_("of 100 customers so many stay"),
        scale=upwards,
        axis=alt.Axis(values=[0, 25, 50, 75, 100], gridColor=LINE, domain=False, ticks=False),
    )
    cut = alt.Chart(cuts)
    line = cut.mark_rule(color=GREY, strokeDash=[3, 3])
    corner: dict[str, Any] = {"fontSize": 13, "fontWeight": "bold", "color": SOFT}
    west = cut.mark_text(align="left", dx=6, **corner).encode(x=alt.value(0))
    east = cut.mark_text(align="right", dx=-6, **corner).encode(x=alt.value("width"))
    corners = [
        west.encode(y=alt.value(10), text=alt.value(_("captive"))),
        east.encode(y=alt.value(10), text=alt.value(_("true loyalty"))),
        west.encode(y=alt.value(_HEIGHT - 12), text=alt.value(_("no loyalty"))),
        east.encode(y=alt.value(_HEIGHT - 12), text=alt.value(_("satisfied, but gone"))),
    ]
    others = alt.Chart(family)
    grey = others.mark_line(color=GREY, strokeWidth=1.5, interpolate="monotone").encode(
        x, y, detail="market:N"
    )
    named = others.transform_filter("datum.words").encode(x, y, text="words:N")
    names = [
        named.mark_text(align="center", dy=alt.expr("datum.over ? -11 : 15"), fontSize=12, **style)
        for style in (_RIM, {"color": SOFT})
    ]
    here = alt.Chart(curve).mark_line(color=ACCENT, strokeWidth=4).encode(x, y)
    people = alt.Chart(levels).encode(x, y)
    bubble = people.mark_circle(color=CONTRAST, opacity=0.85, stroke="white").encode(
        size=alt.Size("share:Q", scale=alt.Scale(domain=[0, 1], range=[0, 3600]), legend=None),
        tooltip=[
            alt.Tooltip("satisfaction:Q", title=_("satisfaction")),
            alt.Tooltip("words:N", title=_("customers")),
            alt.Tooltip("stay:Q", title=_("of 100 stay"), format=".1f"),
        ],
    )
    told = [
        people.mark_text(
            dy=alt.expr("-12 - 34 * sqrt(datum.share)"), fontSize=13, fontWeight="bold", **style
        ).encode(text="words:N")
        for style in (_RIM, {"color": INK})
    ]
    return alt.layer(
        line.encode(alt.X("attitude:Q", scale=across)),
        line.encode(alt.Y("patronage:Q", scale=upwards)),
        *corners,
        grey,
        here,
        *names,
        bubble,
        *told,
    ).properties(width="container", height=_HEIGHT)


def stay_bars(shares: ChartData) -> alt.typing.ChartType:
    """Draw shares of a hundred customers as bars.

    Parameters
    ----------
    shares : DataFrame or reference
        In the order to show: name, percent (0-100), words, and stays, whether they stay.
    """
    base = rows.numbered(shares).transform_calculate(zero="0")
    scale = alt.Scale(domain=[0, 100], nice=False)
    whole = rows.bars(base, 0.52, 0.84, color=LINE).encode(x=alt.value(0), x2=alt.value("width"))
    bar = rows.bars(base, 0.52, 0.84).encode(
        alt.X("zero:Q", axis=None, scale=scale),
        alt.X2("percent:Q"),
        color=alt.condition("datum.stays", alt.value(ACCENT), alt.value(CONTRAST)),
    )
    return alt.layer(whole, bar, rows.names(base, "name"), rows.words(base)).properties(
        width="container", height=alt.Step(rows.HEIGHT)
    )


def move_bars(moves: ChartData) -> alt.typing.ChartType:
    """Draw what each step of satisfaction brings.

    Parameters
    ----------
    moves : DataFrame or reference
        One row per step: name, gain (points of retention for 10 customers in 100), words, and
        chosen.
    """
    base = rows.numbered(moves).transform_calculate(zero="0")
    bar = rows.bars(base, 0.52, 0.84, cornerRadius=2).encode(
        alt.X(
            "zero:Q",
            title=_("more of 100 stay, for each 10 lifted"),
            scale=alt.Scale(domain=[0, 9], nice=False, clamp=True),
            axis=alt.Axis(values=[0, 2, 4, 6, 8], format="d", domain=False, ticks=False),
        ),
        alt.X2("gain:Q"),
        color=alt.condition("datum.chosen", alt.value(CONTRAST), alt.value(ACCENT)),
    )
    return alt.layer(bar, rows.names(base, "name"), rows.words(base, color=SOFT)).properties(
        width="container", height=alt.Step(rows.HEIGHT)
    )
