"""The iceberg of complaints, and what becomes of customers with a problem (M7.1, D7.1)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.bars import bar_rows, signed_rows
from servicequality.charts.rows import HEIGHT, bars, names, numbered, words
from servicequality.charts.theme import ACCENT, CONTRAST, INK, SOFT

ChartData = Any

_TOP, _BOTTOM = -0.1, 1.04
_THINNEST_WITH_NAME = 0.09
_LAYERS = {"seen": CONTRAST, "told": "#c3d8ee", "silent": "#86aedb", "unknown": "#dbe3ea"}
_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}


def floating_iceberg(layers: ChartData, guess: ChartData) -> alt.typing.ChartType:
    """Draw an iceberg whose layers have areas in proportion to their customers.

    Parameters
    ----------
    layers : DataFrame or reference
        From the top: kind ("seen", the tip above the water; "told", "silent" or "unknown"), words,
        and start and end (shares of all customers with a problem above the ends of the layer).
    guess : DataFrame or reference
        One row: share (a guess, as a share of all customers with a problem; 1 and more is the
        bottom, missing draws nothing) and words.
    """
    x = alt.Scale(domain=[0, 1], nice=False)
    y = alt.Y(
        "depth:Q",
        axis=None,
        scale=alt.Scale(domain=[_TOP, _BOTTOM], nice=False, reverse=True),
    )
    # A cone cut at a depth of d holds d² of its area. Both flanks sway together, so that the
    # outline is ragged and every width stays as it is.
    ice = (
        alt.Chart(layers)
        .transform_calculate(step="sequence(0, 25)")
        .transform_flatten(["step"])
        .transform_calculate(
            depth="sqrt(datum.start) + datum.step / 24 * (sqrt(datum.end) - sqrt(datum.start))"
        )
        .transform_calculate(
            middle="0.5 + 0.016 * sin(19 * datum.depth) + 0.008 * cos(43 * datum.depth)"
        )
        .transform_calculate(
            left="datum.middle - 0.43 * datum.depth", right="datum.middle + 0.43 * datum.depth"
        )
        .mark_area(orient="horizontal", line=False, stroke="white", strokeWidth=1)
        .encode(
            alt.X("left:Q", axis=None, scale=x),
            alt.X2("right:Q"),
            y,
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=list(_LAYERS), range=list(_LAYERS.values())),
                legend=None,
            ),
            tooltip=alt.Tooltip("words:N", title=_("part")),
        )
    )
    water = (
        alt.Chart(layers)
        .transform_filter("datum.kind === 'seen'")
        .transform_calculate(depth="sqrt(datum.end)")
    )
    sea = water.mark_rect(color="#eaf2f8").encode(
        y, y2=alt.value("height"), x=alt.value(0), x2=alt.value("width")
    )
    surface = water.mark_rule(color=ACCENT, strokeWidth=2).encode(y)
    tip = water.mark_text(fontSize=13, fontWeight="bold", baseline="top").encode(
        x=alt.datum(0.5), y=alt.value(0), text="words:N"
    )
    named = (
        alt.Chart(layers)
        .transform_calculate(thickness="sqrt(datum.end) - sqrt(datum.start)")
        .transform_filter(f"datum.kind !== 'seen' && datum.thickness >= {_THINNEST_WITH_NAME}")
        .transform_calculate(depth="(sqrt(datum.end) + sqrt(datum.start)) / 2")
        .mark_text(fontSize=13, fontWeight="bold", color=INK)
        .encode(y, x=alt.datum(0.5), text="words:N")
    )
    guessed = (
        alt.Chart(guess)
        .transform_filter("isValid(datum.share)")
        .transform_calculate(depth="sqrt(min(datum.share, 1))")
    )
    line = guessed.mark_rule(color=INK, strokeDash=[6, 4], strokeWidth=1.5).encode(y)
    style: dict[str, Any] = {"align": "left", "baseline": "bottom", "dy": -3, "fontSize": 12}
    told = guessed.encode(y, x=alt.value(2), text="words:N")
    # The line passes behind the ice, so that it never strikes out a name.
    return alt.layer(
        sea,
        line,
        ice,
        surface,
        tip,
        named,
        told.mark_text(**_RIM, **style),
        told.mark_text(**style),
    ).properties(width="container", height=330)


def outcome_rows(groups: ChartData) -> alt.typing.ChartType:
    """Draw how many customers had each outcome, and how many of them are lost because of it.

    Parameters
    ----------
    groups : DataFrame or reference
        In the order to show; columns name, share and lost (shares of all customers with a
        problem, 0-1), and words.
    """
    scale = alt.Scale(domain=[0, 1], nice=False)
    base = numbered(groups).transform_calculate(zero="0")
    share, lost = (
        bars(base, 0.5, 0.84, color=colour).encode(
            alt.X("zero:Q", axis=None, scale=scale),
            alt.X2(f"{field}:Q"),
            tooltip=[
                alt.Tooltip("name:N", title=_("what became of it")),
                alt.Tooltip("words:N", title=_("customers")),
            ],
        )
        for field, colour in (("share", "#c3d8ee"), ("lost", CONTRAST))
    )
    return alt.layer(share, lost, names(base, "name"), words(base, color=SOFT)).properties(
        width="container", height=alt.Step(HEIGHT)
    )


def funnel_rows(funnel: ChartData) -> alt.typing.ChartType:
    """Draw steps from a problem to a letter, in shares; `funnel` is as the rows of `bar_rows`."""
    return bar_rows(funnel, whole=1)


def lever_rows(levers: ChartData) -> alt.typing.ChartType:
    """Draw the share of a loss that levers save; `levers` is as the rows of `signed_rows`."""
    return signed_rows(levers, ends=(-0.15, 0.65))


def recommendation_rows(airport: ChartData) -> alt.typing.ChartType:
    """Draw net promoter scores from 0 to 60; `airport` is as the rows of `bar_rows`."""
    return bar_rows(airport, whole=60)
