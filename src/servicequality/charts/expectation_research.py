"""How far off estimates are: by method, and by the number of answers behind them (D5.5)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.bars import bar_rows
from servicequality.charts.theme import ACCENT, CONTRAST

ChartData = Any

_DARK_CONTRAST = "#a84f06"
_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
_LOOKS = {
    "complaints": (CONTRAST, _DARK_CONTRAST, "square", [6, 4]),
    "survey": (ACCENT, ACCENT, "circle", [1, 0]),
}
_HIGHEST = 2
_MOST = 5000


def error_bars(errors: ChartData) -> alt.typing.ChartType:
    """Draw how far off each method is, one bar each.

    Parameters
    ----------
    errors : DataFrame or reference
        Columns as in `bars.bar_rows`; value is the typical error in points.
    """
    return bar_rows(errors, whole=_HIGHEST)


def error_by_answers(lines: ChartData, here: ChartData) -> alt.typing.ChartType:
    """Draw the typical error of two methods against the number of answers.

    Parameters
    ----------
    lines : DataFrame or reference
        Columns method ("complaints" or "survey"), answers (1-5000, drawn on a scale of ratios) and
        error (in points; above 2 it stays at the edge).
    here : DataFrame or reference
        One row a method: method, answers, error and words.
    """
    x = alt.X(
        "answers:Q",
        title=_("answers, or complaints"),
        scale=alt.Scale(type="log", domain=[1, _MOST], nice=False),
        axis=alt.Axis(values=[1, 10, 100, 1000], format=",d", grid=False),
    )
    y = alt.Y(
        "error:Q",
        title=_("typically off by (points)"),
        scale=alt.Scale(domain=[0, _HIGHEST], nice=False, clamp=True),
        axis=alt.Axis(values=[0, 0.5, 1, 1.5, 2], domain=False, ticks=False),
    )
    lines_in, words_in, shapes, dashes = zip(*_LOOKS.values(), strict=True)

    def of(colours: tuple[str, ...]) -> alt.Color:
        return alt.Color(
            "method:N", scale=alt.Scale(domain=list(_LOOKS), range=colours), legend=None
        )

    line = (
        alt.Chart(lines)
        .mark_line(strokeWidth=3, interpolate="monotone")
        .encode(
            x,
            y,
            of(lines_in),
            strokeDash=alt.StrokeDash(
                "method:N", scale=alt.Scale(domain=list(_LOOKS), range=dashes), legend=None
            ),
        )
    )
    now = alt.Chart(here).encode(x, y)
    point = now.mark_point(size=170, opacity=1, stroke="white", strokeWidth=2).encode(
        fill=alt.Fill(
            "method:N", scale=alt.Scale(domain=list(_LOOKS), range=lines_in), legend=None
        ),
        shape=alt.Shape(
            "method:N", scale=alt.Scale(domain=list(_LOOKS), range=shapes), legend=None
        ),
    )
    style: dict[str, Any] = {
        "dy": -24,
        "dx": alt.expr("datum.answers > 60 ? 20 : -6"),
        "align": alt.expr("datum.answers > 60 ? 'right' : 'left'"),
        "fontSize": 13,
        "fontWeight": "bold",
    }
    words = now.encode(text="words:N")
    return (
        alt.layer(
            line,
            point,
            words.mark_text(**_RIM, **style),
            words.mark_text(**style).encode(of(words_in)),
        )
        .resolve_scale(color="independent")
        .properties(width="container", height=240)
    )
