"""How fair a recovery is, how satisfying, and what each card adds (M7.5, D7.2)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.bars import signed_rows
from servicequality.charts.rows import HEIGHT, bars, names, numbered, place, words
from servicequality.charts.theme import ACCENT, CONTRAST, INK, SOFT

ChartData = Any

_LOWEST, _HIGHEST = 1, 7


def level_rows(levels: ChartData) -> alt.typing.ChartType:
    """Draw how fair outcome, process and treatment are, each with the level that it began at.

    Parameters
    ----------
    levels : DataFrame or reference
        In the order to show; columns name, value and mark (1-7: the level, and the one to compare
        it with), words, and chosen, whether the bar stands out.
    """
    return _scale_rows(levels, _("1 very unfair, 7 very fair"), _("line: after the failure"))


def score_rows(scores: ChartData) -> alt.typing.ChartType:
    """Draw how satisfied a customer is after several answers; `scores` is as in `level_rows`."""
    return _scale_rows(
        scores, _("1 very dissatisfied, 7 very satisfied"), _("line: without a failure")
    )


def card_rows(cards: ChartData) -> alt.typing.ChartType:
    """Draw what each card adds to satisfaction; `cards` is as the rows of `signed_rows`."""
    return signed_rows(cards, ends=(-1.0, 1.8))


def _scale_rows(rows: ChartData, *title: str) -> alt.typing.ChartType:
    scale = alt.Scale(domain=[_LOWEST, _HIGHEST], nice=False, clamp=True)
    base = numbered(rows).transform_calculate(low=str(_LOWEST), high=str(_HIGHEST))
    x = alt.X(
        "low:Q",
        title=list(title),
        scale=scale,
        axis=alt.Axis(
            values=list(range(_LOWEST, _HIGHEST + 1)), format="d", grid=False, domain=False
        ),
    )
    track = bars(base, 0.52, 0.84, color="#eef2f5").encode(x, alt.X2("high:Q"))
    bar = bars(base, 0.52, 0.84).encode(
        alt.X("low:Q", scale=scale),
        alt.X2("value:Q"),
        color=alt.condition("datum.chosen", alt.value(CONTRAST), alt.value(ACCENT)),
        tooltip=[alt.Tooltip("name:N", title=_("row")), alt.Tooltip("words:N", title=_("value"))],
    )
    mark = base.mark_rule(color=INK, strokeWidth=2.5).encode(
        alt.X("mark:Q", scale=scale), place(0.46), alt.Y2("row:O", bandPosition=0.9)
    )
    return alt.layer(track, bar, mark, names(base, "name"), words(base, color=SOFT)).properties(
        width="container", height=alt.Step(HEIGHT)
    )
