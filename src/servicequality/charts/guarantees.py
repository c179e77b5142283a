"""Charts of service guarantees: do they pay, what decides it, and what do they tell (D7.4)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts import rows
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, LINE, SOFT

ChartData = Any

_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
_DARK_CONTRAST = "#a84f06"
_HEIGHT = 340
_LAMP_COLOURS = alt.Scale(domain=["unknown", "yes", "no"], range=[GREY, ACCENT, CONTRAST])
_LAMP_SHAPES = alt.Scale(domain=["unknown", "yes", "no"], range=["circle", "circle", "square"])
_STEP = 46


def profit_lines(
    profits: ChartData, here: ChartData, even: ChartData, lamp: ChartData
) -> alt.typing.ChartType:
    """Draw profit with and without a guarantee by the failure rate; a lamp says whether it pays.

    Parameters
    ----------
    profits : DataFrame or reference
        One row per end of the lines: failure (0-20, in percent), without and with_guarantee
        (credits per guest; the second is missing if not known).
    here : DataFrame or reference
        One row: the present failure, without and with_guarantee.
    even : DataFrame or reference
        Where the lines cross: failure, profit and words; none if it lies outside the picture.
    lamp : DataFrame or reference
        One row: state ("unknown", "yes" or "no") and words.
    """
    across = alt.Scale(domain=[0, 20], nice=False)
    upwards = alt.Scale(domain=[-6, 30], nice=False)
    x = alt.X(
        "failure:Q",
        title=_("failures in 100 services"),
        scale=across,
        axis=alt.Axis(values=[0, 5, 10, 15, 20], grid=False, ticks=False),
    )

    def y(field: str) -> alt.Y:
        return alt.Y(
            f"{field}:Q",
            title=_("profit per guest (credits)"),
            scale=upwards,
            axis=alt.Axis(values=[0, 10, 20, 30], gridColor=LINE, domain=False, ticks=False),
        )

    lines = alt.Chart(profits)
    without = lines.mark_line(color=GREY, strokeWidth=3, strokeDash=[7, 4], clip=True).encode(
        x, y("without")
    )
    promised = lines.mark_line(color=ACCENT, strokeWidth=4, clip=True).encode(
        x, y("with_guarantee")
    )
    ends = lines.transform_filter("datum.failure == 20").transform_calculate(
        above="isValid(datum.with_guarantee) && datum.with_guarantee > datum.without",
        low="clamp(datum.with_guarantee, -2.5, 26)",
        high="clamp(datum.without, -2.5, 26)",
    )
    known = ends.transform_filter("isValid(datum.with_guarantee)")
    names = [
        base.mark_text(
            align="right", fontSize=13, fontWeight="bold", dy=alt.expr(dy), **style
        ).encode(x, y(field), text=alt.value(words))
        for base, field, dy, words, colour in (
            (ends, "high", "datum.above ? 20 : -22", _("without"), SOFT),
            (known, "low", "datum.above ? -22 : 20", _("with the guarantee"), ACCENT),
        )
        for style in (_RIM, {"color": colour})
    ]
    present = alt.Chart(here)
    upright = present.mark_rule(color=GREY, strokeDash=[2, 3]).encode(x)
    dots = [
        present.mark_point(shape=shape, color=colour, size=130, opacity=1, clip=True).encode(
            x, y(field)
        )
        for field, shape, colour in (
            ("without", "square", SOFT),
            ("with_guarantee", "circle", ACCENT),
        )
    ]
    crossing = alt.Chart(even).encode(x, y("profit"))
    cross = crossing.mark_point(shape="diamond", size=260, color=CONTRAST, opacity=1)
    told = [
        crossing.mark_text(
            dy=-20,
            fontSize=13,
            fontWeight="bold",
            align=alt.expr("datum.failure > 14 ? 'right' : 'left'"),
            **style,
        ).encode(text="words:N")
        for style in (_RIM, {"color": _DARK_CONTRAST})
    ]
    light = alt.Chart(lamp)
    bulb = light.mark_point(size=500, opacity=1, stroke="white", strokeWidth=2).encode(
        alt.Color("state:N", scale=_LAMP_COLOURS, legend=None),
        alt.Shape("state:N", scale=_LAMP_SHAPES, legend=None),
        x=alt.value(16),
        y=alt.value(-20),
    )
    verdict = light.mark_text(align="left", fontSize=15, fontWeight="bold").encode(
        x=alt.value(36), y=alt.value(-20), text="words:N"
    )
    return alt.layer(
        upright, without, promised, *names, *dots, cross, *told, bulb, verdict
    ).properties(width="container", height=_HEIGHT)


def what_decides(levers: ChartData) -> alt.typing.ChartType:
    """Draw what each assumption alone could change in the gain from a guarantee.

    Parameters
    ----------
    levers : DataFrame or reference
        One row per assumption in the order to show: name, at_low, at_high and now (gain in
        credits per guest; now is the same in each row), and words (what is low and high).
    """
    # Gains of small and large services differ too much for one scale.
    scale = alt.Scale(zero=True, padding=8)
    axis = alt.Axis(tickCount=5, domain=False, ticks=False, grid=False)
    base = rows.numbered(levers).transform_calculate(zero="0")

    def half(end: str, colour: str) -> alt.Chart:
        return rows.bars(base, 0.52, 0.84, color=colour).encode(
            alt.X("now:Q", title=_("gain per guest (credits)"), scale=scale, axis=axis),
            alt.X2(f"{end}:Q"),
            tooltip=[
                alt.Tooltip("name:N", title=_("assumption")),
                alt.Tooltip("words:N", title=_("from, to")),
                alt.Tooltip("at_low:Q", title=_("gain if a quarter less"), format=".2f"),
                alt.Tooltip("at_high:Q", title=_("gain if a quarter more"), format=".2f"),
            ],
        )

    zero = base.mark_rule(color=INK, strokeDash=[4, 3]).encode(
        rows.place(0.44), alt.Y2("row:O", bandPosition=0.92), x=alt.X("zero:Q", scale=scale)
    )
    top = alt.Chart(levers).transform_aggregate(rows="count()")
    key: dict[str, Any] = {"dy": -10, "fontSize": 12, "fontWeight": "bold"}
    less = top.mark_text(align="left", color=ACCENT, **key).encode(
        x=alt.value(0), y=alt.value(0), text=alt.value(_("blue: a quarter less"))
    )
    more = top.mark_text(align="right", color=_DARK_CONTRAST, **key).encode(
        x=alt.value("width"), y=alt.value(0), text=alt.value(_("orange: a quarter more"))
    )
    return alt.layer(
        half("at_low", ACCENT),
        half("at_high", CONTRAST),
        zero,
        less,
        more,
        rows.names(base, "name"),
        rows.words(base, color=SOFT),
    ).properties(width="container", height=alt.Step(_STEP))


def promise_range(spans: ChartData, promised: ChartData) -> alt.typing.ChartType:
    """Draw which payouts only the better of two firms can promise.

    Parameters
    ----------
    spans : DataFrame or reference
        One row per part of the scale from the left: low and high (credits, up to 400), name,
        words, and tells, whether a promise there tells the two apart.
    promised : DataFrame or reference
        One row: the present payout, and words.
    """
    scale = alt.Scale(domain=[0, 400], nice=False, clamp=True)
    base = rows.numbered(spans)
    bar = rows.bars(base, 0.52, 0.84).encode(
        alt.X(
            "low:Q",
            title=_("payout promised (credits)"),
            scale=scale,
            axis=alt.Axis(values=[0, 100, 200, 300, 400], domain=False, ticks=False, grid=False),
        ),
        alt.X2("high:Q"),
        color=alt.condition("datum.tells", alt.value(ACCENT), alt.value(GREY)),
    )
    mark = alt.Chart(promised).encode(alt.X("payout:Q", scale=scale))
    rule = mark.mark_rule(color=CONTRAST, strokeWidth=3)
    label = mark.mark_text(
        dy=-10,
        color=_DARK_CONTRAST,
        fontWeight="bold",
        align=alt.expr("datum.payout < 60 ? 'left' : 'center'"),
    ).encode(y=alt.value(0), text="words:N")
    strip = rows.bars(base, 0.08, 0.46, color="white").encode(x=alt.value(0), x2=alt.value("width"))
    return alt.layer(
        bar, rule, label, strip, rows.names(base, "name"), rows.words(base, color=SOFT)
    ).properties(width="container", height=alt.Step(_STEP))
