"""A few lines over one quantity, each with its name beside it, for worked analyses (M6.1, M6.8)."""

import json
from typing import Any

import altair as alt

from servicequality.charts.theme import ACCENT, CONTRAST, GREY, LINE, SOFT

ChartData = Any

_STYLES = ((ACCENT, [1, 0]), (CONTRAST, [8, 3]), (GREY, [2, 3]))
_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}


def named_lines(
    lines: ChartData,
    names: tuple[str, str] | tuple[str, str, str],
    across: str,
    upwards: str,
    form: str = ".2~f",
) -> alt.typing.ChartType:
    """Draw up to three lines that differ in colour and in dashes.

    Parameters
    ----------
    lines : DataFrame or reference
        One row per point: x, y, name, words (what to write above the point, or below it for the
        last of the names; empty for most).
    names : tuple of two or three str
        The names of the lines, in the order of blue and solid, orange and dashed, grey and dotted.
    across, upwards : str
        What the two axes are.
    form : str
        Format of the numbers on the upright axis.
    """
    colours, dashes = zip(*_STYLES[: len(names)], strict=True)
    y = alt.Y(
        "y:Q",
        title=upwards,
        axis=alt.Axis(format=form, gridColor=LINE, domain=False, ticks=False, tickCount=5),
    )
    base = alt.Chart(lines).encode(
        alt.X("x:Q", title=across, axis=alt.Axis(grid=False, domain=False, tickCount=6)), y
    )
    line = base.mark_line(strokeWidth=3.5).encode(
        color=alt.Color("name:N", scale=alt.Scale(domain=names, range=colours), legend=None),
        strokeDash=alt.StrokeDash(
            "name:N", scale=alt.Scale(domain=names, range=dashes), legend=None
        ),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("x:Q", title=across, format=".2~f"),
            alt.Tooltip("y:Q", title=upwards, format=form),
        ],
    )
    named = base.transform_filter("datum.words").encode(text="words:N")
    # Lines often fall: they are out of the way to the right above, and to the left below.
    last = f"datum.name === {json.dumps(names[-1])}"
    style: dict[str, Any] = {
        "align": alt.expr(f"{last} ? 'right' : 'left'"),
        "dy": alt.expr(f"{last} ? 12 : -11"),
        "fontSize": 13,
        "fontWeight": "bold",
    }
    return alt.layer(
        line, named.mark_text(**_RIM, **style), named.mark_text(color=SOFT, **style)
    ).properties(width="container", height=280)
