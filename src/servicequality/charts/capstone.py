"""Charts of the capstone: a result over the years, beside that of the whole country (D8.1)."""

from typing import Any

import altair as alt

from servicequality.charts.theme import ACCENT, GREY, LINE, SOFT

ChartData = Any

_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}


def two_lines_over_years(
    lines: ChartData, upwards: str, ends: tuple[float, float]
) -> alt.typing.ChartType:
    """Draw one line solid and blue, and the one to compare it with dashed and grey.

    Parameters
    ----------
    lines : DataFrame or reference
        One row per point: year, value, name (of the line), other (whether it is the line to
        compare with), words (what to write at the point; empty for most), and above (whether to
        write it above the point or below).
    upwards : str
        What the upright axis is.
    ends : tuple of float
        Ends of the upright axis, so that it stays while the lines change.
    """
    year = alt.Axis(format="d", grid=False, domain=False, tickCount=8, labelOverlap=True)
    value = alt.Axis(gridColor=LINE, domain=False, ticks=False, tickCount=5)
    base = alt.Chart(lines).encode(
        alt.X("year:Q", title=None, axis=year, scale=alt.Scale(zero=False, nice=False)),
        alt.Y("value:Q", title=upwards, axis=value, scale=alt.Scale(domain=ends, nice=False)),
        tooltip=["name:N", alt.Tooltip("year:Q", format="d"), "value:Q"],
    )
    here, other = (base.transform_filter(rule) for rule in ("!datum.other", "datum.other"))
    words = base.transform_filter("datum.words").encode(text="words:N")
    style: dict[str, Any] = {
        "align": "center",
        "dy": alt.expr("datum.above ? -13 : 15"),
        "fontSize": 13,
        "fontWeight": "bold",
    }
    return alt.layer(
        other.mark_line(color=GREY, strokeWidth=2.5, strokeDash=[8, 3]),
        here.mark_line(color=ACCENT, strokeWidth=3.5, point={"color": ACCENT, "size": 60}),
        words.mark_text(**_RIM, **style),
        words.mark_text(color=SOFT, **style),
    ).properties(width="container", height=240)
