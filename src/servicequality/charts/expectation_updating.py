"""Charts of expectations that follow experience, customer by customer (D5.2)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, SOFT

ChartData = Any

_VISITS = 12
_SERVICE = "#a84f06"
_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 5, "strokeJoin": "round"}
_TEXT: dict[str, Any] = {"fontSize": 14, "fontWeight": "bold"}
_SIGN = {
    "condition": {"test": "datum.surprise < 0", "value": CONTRAST},
    "value": ACCENT,
}


def moving_bar(customers: ChartData, means: ChartData) -> alt.typing.ChartType:
    """Draw what each customer expects, visit by visit, their mean, and the service.

    Parameters
    ----------
    customers : DataFrame or reference
        One row per customer and visit: customer, visit, expected, and followed (whether the
        customer stands out).
    means : DataFrame or reference
        One row per visit: visit, and mean expected, performance and surprise.
    """
    y = _upwards("expected")
    one = alt.Chart(customers)
    mean = alt.Chart(means)
    surprise = mean.mark_rule(strokeWidth=9, opacity=0.28).encode(
        _visit(),
        y,
        alt.Y2("performance:Q"),
        color=_SIGN,
        tooltip=[
            alt.Tooltip("visit:Q", title=_("visit")),
            alt.Tooltip("performance:Q", title=_("service"), format=".1f"),
            alt.Tooltip("expected:Q", title=_("mean bar"), format=".1f"),
            alt.Tooltip("surprise:Q", title=_("surprise"), format="+.1f"),
        ],
    )
    last = _last(mean).transform_calculate(
        above="datum.performance >= datum.expected ? 1 : -1",
        bar=f"'{_('mean bar')} ' + format(datum.expected, '.1f')",
        service=f"'{_('service')} ' + format(datum.performance, '.1f')",
    )
    return alt.layer(
        _room("expected", 50, 100),
        *_each(one, "expected"),
        surprise,
        *_strong(mean, "performance", CONTRAST, "square"),
        *_strong(mean, "expected", ACCENT, "circle"),
        _followed(one, "expected"),
        *_label(last, "performance", "service", -20, _SERVICE, turn="datum.above"),
        *_label(last, "expected", "bar", 20, ACCENT, turn="datum.above"),
    ).properties(width="container", height=330)


def surprises(customers: ChartData, means: ChartData) -> alt.typing.ChartType:
    """Draw the mean surprise of each visit as a bar, and each customer's as a dot.

    Parameters
    ----------
    customers : DataFrame or reference
        One row per customer and visit: customer, visit, surprise, and followed.
    means : DataFrame or reference
        One row per visit: visit, mean surprise, and words (to write at the bar, or empty).
    """
    y = _upwards("surprise")
    bar = (
        alt.Chart(means)
        .transform_calculate(zero="0", left="datum.visit - 0.36", right="datum.visit + 0.36")
        .mark_rect(opacity=0.75)
        .encode(
            _visit("left"), alt.X2("right:Q"), _upwards("zero"), alt.Y2("surprise:Q"), color=_SIGN
        )
    )
    dots = (
        alt.Chart(customers)
        .mark_point(stroke="white", opacity=0.8)
        .encode(
            _visit(),
            y,
            color=alt.condition("datum.followed", alt.value(INK), alt.value(SOFT)),
            size=alt.condition("datum.followed", alt.value(90), alt.value(20)),
            strokeWidth=alt.condition("datum.followed", alt.value(1.5), alt.value(0)),
        )
    )
    zero = alt.Chart(alt.InlineData([{"zero": 0}])).mark_rule(color=GREY).encode(_upwards("zero"))
    text = alt.Chart(means).encode(_visit(), y, text="words:N")
    style: dict[str, Any] = {**_TEXT, "dy": alt.expr("datum.surprise < 0 ? 13 : -13")}
    return alt.layer(
        _room("surprise", -10, 25),
        bar,
        zero,
        dots,
        text.mark_text(**_RIM, **style),
        text.mark_text(**style),
    ).properties(width="container", height=210)


def total_surprise(customers: ChartData, means: ChartData) -> alt.typing.ChartType:
    """Draw all surprises so far, for each customer and on average.

    Parameters
    ----------
    customers : DataFrame or reference
        One row per customer and visit: customer, visit, total_surprise, and followed.
    means : DataFrame or reference
        One row per visit: visit, and mean total_surprise.
    """
    one, mean = alt.Chart(customers), alt.Chart(means)
    last = _last(mean).transform_calculate(
        words=f"'{_('mean')} ' + format(datum.total_surprise, '.1f')"
    )
    return alt.layer(
        _room("total_surprise", 0, 70),
        *_each(one, "total_surprise"),
        *_strong(mean, "total_surprise", ACCENT, "circle"),
        _followed(one, "total_surprise"),
        *_label(last, "total_surprise", "words", -20, ACCENT),
    ).properties(width="container", height=210)


def needed_performance(needed: ChartData, ceiling: ChartData) -> alt.typing.ChartType:
    """Draw the performance that surprises by the same amount at every visit, up to a ceiling.

    Parameters
    ----------
    needed : DataFrame or reference
        Columns visit, performance, and possible (whether the firm can do so well).
    ceiling : DataFrame or reference
        One row: performance, the best that the firm can do, and words.
    """
    y = _upwards("performance")
    x = alt.X(
        "visit:Q",
        title=_("visit"),
        scale=alt.Scale(nice=False, padding=10),
        axis=alt.Axis(tickMinStep=1, format="d", grid=False, tickCount=8),
    )
    line = alt.Chart(needed)
    top = alt.Chart(ceiling)
    return alt.layer(
        _room("performance", 60, 110),
        line.mark_line(color=ACCENT, strokeWidth=3).encode(x, y),
        line.mark_point(size=55, opacity=1).encode(
            x,
            y,
            color=alt.condition("datum.possible", alt.value(ACCENT), alt.value(CONTRAST)),
        ),
        top.mark_rule(color=INK, strokeDash=[5, 4], strokeWidth=1.5).encode(y),
        top.mark_text(align="left", dx=4, dy=-11, **_TEXT).encode(
            y, x=alt.value(0), text="words:N"
        ),
    ).properties(width="container", height=210)


def _visit(field: str = "visit") -> alt.X:
    return alt.X(
        f"{field}:Q",
        title=_("visit"),
        scale=alt.Scale(domain=[0.5, _VISITS + 0.5], nice=False),
        axis=alt.Axis(values=list(range(1, _VISITS + 1)), format="d", grid=False, ticks=False),
    )


def _upwards(field: str) -> alt.Y:
    return alt.Y(
        f"{field}:Q",
        title=_("points"),
        scale=alt.Scale(zero=False, nice=False, padding=8),
        axis=alt.Axis(tickCount=5, format="d", domain=False, ticks=False),
    )


def _room(field: str, low: float, high: float) -> alt.Chart:
    """Hold the usual part of the scale; it grows only when something lies outside."""
    usual = alt.Chart(alt.InlineData([{field: low}, {field: high}]))
    return usual.mark_point(opacity=0).encode(_upwards(field), x=alt.value(0))


def _line(base: alt.Chart, field: str, **style: Any) -> alt.Chart:
    return base.mark_line(**style).encode(_visit(), _upwards(field), detail="customer:N")


def _each(one: alt.Chart, field: str) -> list[alt.Chart]:
    """Draw a thin line for each customer; the dots show where there is one visit only."""
    dots = one.mark_point(size=8, color=GREY, opacity=0.75)
    return [
        _line(one, field, color=GREY, strokeWidth=1.2, opacity=0.75),
        dots.encode(_visit(), _upwards(field)),
    ]


def _followed(one: alt.Chart, field: str) -> alt.Chart:
    shown = alt.condition("datum.followed", alt.value(1), alt.value(0))
    return _line(one, field, color=INK, strokeWidth=2.5).encode(opacity=shown)


def _strong(mean: alt.Chart, field: str, colour: str, shape: str) -> list[alt.Chart]:
    base = mean.encode(_visit(), _upwards(field))
    return [
        base.mark_line(color=colour, strokeWidth=4 if shape == "circle" else 2),
        base.mark_point(
            shape=shape, color=colour, size=80, opacity=1, stroke="white", strokeWidth=1
        ),
    ]


def _last(mean: alt.Chart) -> alt.Chart:
    return mean.transform_joinaggregate(last="max(visit)").transform_filter(
        "datum.visit === datum.last"
    )


def _label(
    last: alt.Chart, field: str, text: str, dy: float, colour: str, turn: str = "1"
) -> list[alt.Chart]:
    """Name a line at its last visit; `turn` is -1 where the name changes sides."""
    at = last.encode(_visit(), _upwards(field), text=f"{text}:N")
    style: dict[str, Any] = {
        **_TEXT,
        "align": alt.expr("datum.visit > 7 ? 'right' : 'left'"),
        "dx": alt.expr("datum.visit > 7 ? 8 : -4"),
        "dy": alt.expr(f"{dy} * {turn}"),
    }
    return [at.mark_text(**_RIM, **style), at.mark_text(color=colour, **style)]
