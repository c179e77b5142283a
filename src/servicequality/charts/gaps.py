"""Charts of the chain of gaps behind the customer gap (D3.1)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.rows import HEIGHT, MARK, bars, names, numbered, place, words
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, SOFT

ChartData = Any

_USUAL = (50, 100)
_LOOKS = {"advert": SOFT, "total": INK}


def two_gaps(ends: ChartData) -> alt.typing.ChartType:
    """Draw one row per gap, from what was said or expected to what came of it, from 0 to 100.

    Parameters
    ----------
    ends : DataFrame or reference
        Columns name, words (both ends, with their numbers), start and end (0-100), and gap (end
        minus start).
    """
    base = numbered(ends)
    gap = base.mark_rule(strokeWidth=4).encode(
        _level("start:Q"), alt.X2("end:Q"), place(MARK), color=_colour()
    )

    def point(field: str, shape: str, colour: str) -> alt.Chart:
        return base.mark_point(shape=shape, size=150, opacity=1, color=colour).encode(
            _level(f"{field}:Q"), place(MARK)
        )

    return alt.layer(
        _axis(),
        gap,
        point("start", "square", SOFT),
        point("end", "circle", ACCENT),
        _number(base),
        names(base, "name"),
        words(base, color=SOFT),
    ).properties(width="container", height=alt.Step(HEIGHT + 6))


def gap_waterfall(chain: ChartData) -> alt.typing.ChartType:
    """Draw a waterfall: each link of the chain leads from one level to the next, from 0 to 100.

    Parameters
    ----------
    chain : DataFrame or reference
        Columns name, words (both levels, with their numbers), start and end (0-100), gap (end
        minus start), and kind: "advert" for what stands before the chain, "link", or "total".
    """
    base = numbered(chain)
    linked = base.transform_filter("datum.kind !== 'total'")
    link = linked.mark_tick(
        orient="vertical", color=GREY, thickness=1, size=HEIGHT, yOffset=HEIGHT / 2
    ).encode(_level("end:Q"), place(0.5))
    bar = bars(base, 0.56, 0.84).encode(
        _level("start:Q"),
        alt.X2("end:Q"),
        color=_colour(),
        tooltip=[
            alt.Tooltip("name:N", title=_("link")),
            alt.Tooltip("words:N", title=_("levels")),
            alt.Tooltip("gap:Q", title=_("gap"), format="+.1f"),
        ],
    )
    strip = bars(base, 0.08, 0.48, color="white").encode(x=alt.value(0), x2=alt.value("width"))
    return alt.layer(
        _axis(), link, bar, _number(base), strip, names(base, "name"), words(base, color=SOFT)
    ).properties(width="container", height=alt.Step(HEIGHT))


def _level(field: str) -> alt.X:
    return alt.X(
        field,
        title=_("points, from 0 to 100"),
        scale=alt.Scale(zero=False, nice=False),
        axis=alt.Axis(tickCount=6, format="d", domain=False, ticks=False),
    )


def _axis() -> alt.Chart:
    """Hold the usual part of the scale; it grows only when a level lies outside."""
    usual = alt.Chart(alt.InlineData([{"start": level} for level in _USUAL]))
    return usual.mark_point(opacity=0).encode(_level("start:Q"), y=alt.value(0))


def _number(base: alt.Chart) -> alt.Chart:
    """Write the gap beside its marks, on the side where there is room."""
    right = "datum.right < 88"
    return (
        base.transform_calculate(
            right="max(datum.start, datum.end)",
            side=f"{right} ? datum.right : min(datum.start, datum.end)",
        )
        .mark_text(
            fontSize=14,
            fontWeight="bold",
            align=alt.expr(f"{right} ? 'left' : 'right'"),
            dx=alt.expr(f"{right} ? 13 : -13"),
        )
        .encode(
            alt.X("side:Q"), place(MARK), text=alt.Text("gap:Q", format="+.1f"), color=_colour()
        )
    )


def _colour() -> Any:
    fixed_looks = [
        {"test": f"datum.kind === '{kind}'", "value": colour} for kind, colour in _LOOKS.items()
    ]
    return {
        "condition": [*fixed_looks, {"test": "datum.gap < 0", "value": CONTRAST}],
        "value": ACCENT,
    }
