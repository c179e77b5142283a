"""Charts of the recovery paradox: paths of guests, their changes, and the gamble (D7.3)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.intervals import interval_rows
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, LINE, SOFT

ChartData = Any

_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
_DARK_CONTRAST = "#a84f06"
_HEIGHT = 320
_STATIONS = ("before", "dropped", "after")


def guest_paths(paths: ChartData, means: ChartData) -> alt.typing.ChartType:
    """Draw what a failure and its recovery do to the satisfaction of single guests.

    Parameters
    ----------
    paths : DataFrame or reference
        One row per guest: before, dropped (after the failure) and after (after the recovery;
        missing if not known), in points of a 1-7 scale.
    means : DataFrame or reference
        One row: the means before, dropped and after; higher and lower, the guests who end so, in
        words.
    """
    upwards = alt.Scale(domain=[0, 9], nice=False, clamp=True)
    across = alt.Scale(domain=[-0.2, 2.35], nice=False)
    axis = alt.Axis(
        values=[0, 1, 2],
        labelExpr=f"['{_('before')}', '{_('let down')}', '{_('recovered')}'][datum.value]",
        labelFontSize=13,
        domain=False,
        ticks=False,
        grid=True,
        gridColor=LINE,
    )
    steps = {"x0": "0", "x1": "1", "x2": "2", "higher": "datum.after > datum.before"}
    guests = alt.Chart(paths).transform_calculate(**steps)
    mean = alt.Chart(means).transform_calculate(x0="0", x1="1", x2="2")

    def leg(base: alt.Chart, at: int, **style: Any) -> alt.Chart:
        start, end = _STATIONS[at : at + 2]
        return (
            base.transform_filter(f"isValid(datum.{end})")
            .mark_rule(**style)
            .encode(
                alt.X(f"x{at}:Q", title=None, scale=across, axis=axis),
                alt.X2(f"x{at + 1}:Q"),
                alt.Y(
                    f"{start}:Q",
                    title=_("satisfaction (points)"),
                    scale=upwards,
                    axis=alt.Axis(values=list(range(1, 8)), domain=False, ticks=False, grid=False),
                ),
                alt.Y2(f"{end}:Q"),
            )
        )

    rise = leg(guests, 1, strokeWidth=1.3, opacity=0.7).encode(
        color=alt.condition("datum.higher", alt.value(ACCENT), alt.value(CONTRAST))
    )
    points = [
        mean.transform_filter(f"isValid(datum.{name})")
        .transform_calculate(words=f"format(datum.{name}, '.2f')")
        .encode(
            alt.X(f"x{at}:Q", scale=across),
            alt.Y(f"{name}:Q", scale=upwards),
        )
        for at, name in enumerate(_STATIONS)
    ]
    dots = [point.mark_circle(color=INK, size=110, opacity=1) for point in points]
    told = [
        point.mark_text(dy=-15, fontSize=14, fontWeight="bold", **style).encode(text="words:N")
        for point in points
        for style in (_RIM, {"color": INK})
    ]
    key = alt.Chart(means)
    ends = [
        key.mark_text(align="right", fontSize=13, fontWeight="bold", **style).encode(
            x=alt.value("width"), y=alt.value(y), text=f"{name}:N"
        )
        for name, y, colour in (("higher", 8, ACCENT), ("lower", _HEIGHT - 10, _DARK_CONTRAST))
        for style in (_RIM, {"color": colour})
    ]
    return alt.layer(
        leg(guests, 0, color=GREY, opacity=0.5),
        rise,
        leg(mean, 0, color=INK, strokeWidth=4),
        leg(mean, 1, color=INK, strokeWidth=4),
        *dots,
        *told,
        *ends,
    ).properties(width="container", height=_HEIGHT)


def change_bars(bins: ChartData) -> alt.typing.ChartType:
    """Draw how satisfaction changed, with a failure and recovery, and without any failure.

    Parameters
    ----------
    bins : DataFrame or reference
        In rising order: low and high (change, in points), recovered and control (shares of each
        group, 0-1).
    """
    base = alt.Chart(bins).transform_calculate(middle="(datum.low + datum.high) / 2", zero="0")
    across = alt.Scale(domain=[-5, 4], nice=False)
    upwards = alt.Scale(domain=[0, 0.25], nice=False, clamp=True)
    x = alt.X(
        "low:Q",
        title=_("change of satisfaction since before (points)"),
        scale=across,
        axis=alt.Axis(values=[-4, -2, 0, 2, 4], format="d", grid=False, ticks=False),
    )
    axis = alt.Axis(values=[0, 0.1, 0.2], format=".0%", gridColor=LINE, domain=False, ticks=False)
    y = alt.Y("zero:Q", title=_("share of guests"), scale=upwards, axis=axis)
    bar = base.mark_rect(stroke="white", strokeWidth=1).encode(
        x,
        alt.X2("high:Q"),
        y,
        alt.Y2("recovered:Q"),
        color=alt.condition("datum.middle > 0", alt.value(ACCENT), alt.value(CONTRAST)),
        tooltip=[
            alt.Tooltip("low:Q", title=_("change from")),
            alt.Tooltip("high:Q", title=_("to")),
            alt.Tooltip("recovered:Q", title=_("after failure and recovery"), format=".1%"),
            alt.Tooltip("control:Q", title=_("without a failure"), format=".1%"),
        ],
    )
    control = base.mark_line(
        interpolate="step", color=INK, strokeWidth=2, strokeDash=[5, 4]
    ).encode(
        alt.X("middle:Q", scale=across),
        alt.Y("control:Q", title=_("share of guests"), scale=upwards, axis=axis),
    )
    still = (
        alt.Chart(alt.InlineData([{"x": 0}]))
        .mark_rule(color=GREY)
        .encode(alt.X("x:Q", scale=across))
    )
    key = (
        alt.Chart(bins)
        .transform_aggregate(rows="count()")
        .mark_text(align="right", color=SOFT, dy=-10)
        .encode(
            x=alt.value("width"),
            y=alt.value(0),
            text=alt.value(_("dashed: without a failure")),
        )
    )
    return alt.layer(bar, still, control, key).properties(width="container", height=220)


def deliberate_gamble(line: ChartData, here: ChartData, even: ChartData) -> alt.typing.ChartType:
    """Draw what failing on purpose brings, by the chance that the recovery works.

    Parameters
    ----------
    line : DataFrame or reference
        chance (0-100) and change (points per guest).
    here : DataFrame or reference
        One row: chance, change, and words.
    even : DataFrame or reference
        One row: chance at which it breaks even, and words; none if it never does.
    """
    across = alt.Scale(domain=[0, 100], nice=False)
    upwards = alt.Scale(domain=[-5, 3], nice=False, clamp=True)
    x = alt.X(
        "chance:Q",
        title=_("chance that the recovery works (%)"),
        scale=across,
        axis=alt.Axis(values=[0, 25, 50, 75, 100], grid=False, ticks=False),
    )
    y = alt.Y(
        "change:Q",
        title=_("change per guest (points)"),
        scale=upwards,
        axis=alt.Axis(values=[-4, -2, 0, 2], gridColor=LINE, domain=False, ticks=False),
    )
    slope = alt.Chart(line).mark_line(color=ACCENT, strokeWidth=4).encode(x, y)
    zero = alt.Chart(alt.InlineData([{"change": 0}])).mark_rule(color=INK).encode(y)
    stop = alt.Chart(even).encode(x)
    rule = stop.mark_rule(color=GREY, strokeDash=[5, 4])
    limit = stop.mark_text(
        dy=-10, color=SOFT, align=alt.expr("datum.chance > 60 ? 'right' : 'center'")
    ).encode(y=alt.value(0), text="words:N")
    spot = alt.Chart(here).encode(x, y)
    point = spot.mark_point(shape="diamond", size=240, color=CONTRAST, opacity=1, stroke="white")
    told = [
        spot.mark_text(
            fontSize=13,
            fontWeight="bold",
            dy=22,
            align=alt.expr("datum.chance > 70 ? 'right' : datum.chance < 30 ? 'left' : 'center'"),
            **style,
        ).encode(text="words:N")
        for style in (_RIM, {"color": INK})
    ]
    return alt.layer(zero, rule, slope, limit, point, *told).properties(
        width="container", height=230
    )


def satisfaction_intervals(satisfaction: ChartData) -> alt.typing.ChartType:
    """Draw differences in mean satisfaction with their intervals.

    Parameters
    ----------
    satisfaction : DataFrame or reference
        As the rows of `servicequality.charts.intervals.interval_rows`, in points.
    """
    return interval_rows(
        satisfaction, _("difference in satisfaction (points)"), _("no difference"), (-3, 2)
    )


def repurchase_intervals(repurchase: ChartData) -> alt.typing.ChartType:
    """Draw differences in repurchase with their intervals.

    Parameters
    ----------
    repurchase : DataFrame or reference
        As the rows of `servicequality.charts.intervals.interval_rows`, per 100 guests.
    """
    return interval_rows(
        repurchase, _("how many more of 100 buy again"), _("no difference"), (-50, 20)
    )
