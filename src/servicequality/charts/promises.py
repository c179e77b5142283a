"""Charts of promises: a dial, what a promise brings, and how real promises are kept (D5.4)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, LINE, SOFT

ChartData = Any

_DARK_CONTRAST = "#a84f06"
_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
_LOW, _HIGH = 50, 100
_RADIUS, _WIDTH, _MIDDLE = 112, 18, 128
_BAND: dict[str, Any] = {"outerRadius": _RADIUS, "innerRadius": _RADIUS - _WIDTH}


def dial(dial: ChartData) -> alt.typing.ChartType:
    """Draw a dial from 50 to 100: a needle at the promise, marks for what is done and expected.

    Parameters
    ----------
    dial : DataFrame or reference
        One row: promise, performance and expectation (50-100), performance_words,
        expectation_words, and result and result_words, what is written in the opening.
    """
    base = alt.Chart(dial).transform_calculate(
        low=_angle(str(_LOW)),
        high=_angle(str(_HIGH)),
        done=_angle("datum.performance"),
        expected=_angle("datum.expectation"),
        needle=_angle("datum.promise"),
        short="datum.performance < datum.expectation",
    )
    track = base.mark_arc(color=LINE, **_BAND).encode(
        alt.Theta("low:Q", scale=None), alt.Theta2("high:Q"), y=alt.value(_MIDDLE)
    )
    gap = base.mark_arc(**_BAND).encode(
        alt.Theta("done:Q", scale=None),
        alt.Theta2("expected:Q"),
        y=alt.value(_MIDDLE),
        color=alt.condition("datum.short", alt.value(CONTRAST), alt.value(ACCENT)),
    )
    level = alt.Chart(alt.sequence(_LOW, _HIGH + 1, 10, as_="level"))
    level = level.transform_calculate(at=_angle("datum.level"))
    ticks = _polar(level, "at", _RADIUS + 15).mark_text(fontSize=12, color=SOFT, baseline="middle")
    needle = _polar(base, "needle", _RADIUS - _WIDTH - 8).mark_rule(
        strokeWidth=5, strokeCap="round", color=INK
    )
    hub = base.mark_point(size=58**2, color=INK, opacity=1)
    centre: dict[str, Any] = {"x": _centre(), "y": alt.value(_MIDDLE)}
    spot: dict[str, Any] = {"size": 190, "opacity": 1, "stroke": "white", "strokeWidth": 2}
    middle: dict[str, Any] = {"align": "center", "baseline": "middle"}
    foot: dict[str, Any] = {"fontSize": 14, "fontWeight": "bold", "baseline": "bottom"}
    return alt.layer(
        track,
        gap,
        ticks.encode(text="level:Q"),
        needle.encode(x2=_centre(alt.X2Value), y2=alt.value(_MIDDLE)),
        _polar(base, "expected", _RADIUS - _WIDTH / 2).mark_point(
            shape="square", color=SOFT, **spot
        ),
        _polar(base, "done", _RADIUS - _WIDTH / 2).mark_point(shape="circle", color=ACCENT, **spot),
        hub.encode(**centre),
        base.mark_text(color="white", fontSize=22, fontWeight="bold", dy=-4, **middle).encode(
            **centre, text=alt.Text("promise:Q", format="d")
        ),
        base.mark_text(color="white", fontSize=10, dy=14, **middle).encode(
            **centre, text=alt.value(_("promise"))
        ),
        base.mark_text(fontSize=24, fontWeight="bold", **middle).encode(
            x=_centre(), y=alt.value(_MIDDLE + 78), text="result:N"
        ),
        base.mark_text(fontSize=13, color=SOFT, **middle).encode(
            x=_centre(), y=alt.value(_MIDDLE + 102), text="result_words:N"
        ),
        base.mark_text(align="left", color=ACCENT, **foot).encode(
            x=alt.XValue(alt.expr("max(0, width / 2 - 155)")),
            y=alt.value("height"),
            text="performance_words:N",
        ),
        base.mark_text(align="right", color=SOFT, **foot).encode(
            x=alt.XValue(alt.expr("min(width, width / 2 + 155)")),
            y=alt.value("height"),
            text="expectation_words:N",
        ),
    ).properties(width="container", height=_MIDDLE + 150)


def _angle(level: str) -> str:
    """Tell the angle of a level: three quarters of a turn, open at the bottom."""
    return f"(({level} - {_LOW}) / {_HIGH - _LOW} - 0.5) * 1.5 * PI"


def _centre(channel: Any = alt.XValue) -> Any:
    return channel(alt.expr("width / 2"))


def _polar(base: alt.Chart, angle: str, radius: float) -> alt.Chart:
    """Place marks at an angle, clockwise from the top, and a distance from the middle."""
    return base.transform_calculate(
        across=f"width / 2 + {radius} * sin(datum.{angle})",
        down=f"{_MIDDLE} - {radius} * cos(datum.{angle})",
    ).encode(
        alt.X("across:Q", scale=None, axis=None),
        alt.Y("down:Q", scale=None, axis=None),
    )


def profit_over_promise(curve: ChartData, best: ChartData, here: ChartData) -> alt.typing.ChartType:
    """Draw profit against the promise: first sales, and what returning customers add.

    Parameters
    ----------
    curve : DataFrame or reference
        Columns promise, first and later, both in credits.
    best : DataFrame or reference
        One row: promise and profit where profit is largest, words, and top, the upper end of the
        scale.
    here : DataFrame or reference
        One row: promise and profit now.
    """
    parts = {
        "later": (_("from those who come back"), ACCENT),
        "first": (_("from the first sale"), GREY),
    }
    names = [name for name, _colour in parts.values()]
    x = _promise()
    axis = alt.Axis(tickCount=4, format=",d", domain=False, ticks=False)
    scale = alt.Scale(nice=False, zero=True)
    area = (
        alt.Chart(curve)
        .transform_fold(list(parts), ["part", "credits"])
        .transform_calculate(
            name=f"({dict(zip(parts, names, strict=True))})[datum.part]",
            order="datum.part === 'first' ? 0 : 1",
        )
        .mark_area(opacity=0.75)
        .encode(
            x,
            alt.Y("credits:Q", title=_("profit (credits)"), stack="zero", axis=axis, scale=scale),
            alt.Color(
                "name:N",
                scale=alt.Scale(domain=names, range=[colour for _name, colour in parts.values()]),
                legend=alt.Legend(title=None, columns=1, labelFontSize=13, labelLimit=260),
            ),
            order="order:Q",
        )
    )
    room = alt.Chart(best).mark_point(opacity=0).encode(x, alt.Y("top:Q"))
    now = alt.Chart(here).encode(x)
    rule = now.mark_rule(color=INK, strokeDash=[4, 4], strokeWidth=1.5)
    ring = now.mark_point(size=150, color="white", opacity=1, stroke=INK, strokeWidth=2.5)
    most = alt.Chart(best).encode(x, alt.Y("profit:Q"))
    diamond = most.mark_point(
        size=230, shape="diamond", color=INK, opacity=1, stroke="white", strokeWidth=2
    )
    style: dict[str, Any] = {
        "dy": -18,
        "align": alt.expr("datum.promise > 75 ? 'right' : 'left'"),
        "dx": alt.expr("datum.promise > 75 ? 8 : -8"),
        "fontSize": 13,
        "fontWeight": "bold",
    }
    words = most.encode(text="words:N")
    return alt.layer(
        area,
        room,
        rule,
        ring.encode(y="profit:Q"),
        diamond,
        words.mark_text(**_RIM, **style),
        words.mark_text(**style),
    ).properties(width="container", height=270)


def line_over_promise(
    line: ChartData, point: ChartData, title: str = "", top: float = 1, form: str = "d"
) -> alt.typing.ChartType:
    """Draw one thing against the promise, and where it is now.

    Parameters
    ----------
    line : DataFrame or reference
        Columns promise and value.
    point : DataFrame or reference
        One row: promise, value and words.
    title, form : str
        What the values are, and how Vega writes them.
    top : float
        Upper end of their scale, which starts at 0.
    """
    y = alt.Y(
        "value:Q",
        title=title,
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(tickCount=4, format=form, domain=False, ticks=False),
    )
    curve = alt.Chart(line).mark_line(color=ACCENT, strokeWidth=3).encode(_promise(), y)
    here = alt.Chart(point).encode(_promise(), y)
    dot = here.mark_point(
        size=170, shape="diamond", color=CONTRAST, opacity=1, stroke="white", strokeWidth=2
    )
    style: dict[str, Any] = {
        "dy": -18,
        "align": alt.expr("datum.promise > 75 ? 'right' : 'left'"),
        "dx": alt.expr("datum.promise > 75 ? -6 : 6"),
        "fontSize": 13,
        "fontWeight": "bold",
    }
    words = here.encode(text="words:N")
    return alt.layer(
        curve,
        dot,
        words.mark_text(**_RIM, **style),
        words.mark_text(color=_DARK_CONTRAST, **style),
    ).properties(width="container", height=170)


def _promise() -> alt.X:
    return alt.X(
        "promise:Q",
        title=_("promise of the advert (points)"),
        scale=alt.Scale(domain=[_LOW, _HIGH], nice=False),
        axis=alt.Axis(values=list(range(_LOW, _HIGH + 1, 10)), grid=False, titleColor=SOFT),
    )


def kept_over_days(kept: ChartData, days: str, title: str) -> alt.typing.ChartType:
    """Draw how often promises of each kind were kept, against days on a ratio scale.

    Parameters
    ----------
    kept : DataFrame or reference
        One row per kind: name, share (0-1), a column of days, and label, what to write beside
        its dot (empty for most).
    days : str
        The column of days: those promised, or those that it took. Less than half an hour is
        drawn at half an hour.
    title : str
        What these days are.
    """
    # 0.02 days are half an hour.
    x = alt.X(
        f"{days}:Q",
        title=title,
        scale=alt.Scale(type="log", domain=[0.02, 1000], clamp=True),
        axis=alt.Axis(
            values=[0.02, 1, 10, 100, 1000],
            labelExpr=(
                f"datum.value === 0.02 ? '{_('½ hour')}' : "
                f"datum.value === 1 ? '{_('1 day')}' : datum.value"
            ),
            grid=False,
        ),
    )
    y = alt.Y(
        "share:Q",
        title=_("done in time"),
        scale=alt.Scale(domain=[0, 1.12], nice=False),
        axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".0%", domain=False, ticks=False),
    )
    base = alt.Chart(kept).encode(x, y)
    dot = base.mark_point(size=90, opacity=0.85).encode(
        color=alt.condition("datum.label !== ''", alt.value(CONTRAST), alt.value(ACCENT)),
        shape=alt.condition("datum.label !== ''", alt.value("diamond"), alt.value("circle")),
        tooltip=[
            alt.Tooltip("name:N", title=_("request")),
            alt.Tooltip("share:Q", title=_("done in time"), format=".1%"),
            alt.Tooltip(f"{days}:Q", title=title, format=".2~f"),
        ],
    )
    # Labels stand above their dots, and point inwards at both ends of the scale.
    style: dict[str, Any] = {
        "fontSize": 13,
        "fontWeight": "bold",
        "align": alt.expr(f"datum.{days} > 60 ? 'right' : datum.{days} < 0.3 ? 'left' : 'center'"),
        "dx": alt.expr(f"datum.{days} > 60 ? 8 : datum.{days} < 0.3 ? -8 : 0"),
        "dy": -15,
    }
    words = base.encode(text="label:N")
    return alt.layer(
        dot, words.mark_text(**_RIM, **style), words.mark_text(color=_DARK_CONTRAST, **style)
    ).properties(width="container", height=260)
