"""Charts of the encounter triad: a ternary map of control, and what each party gets (D4.3)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts import rows
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, SOFT

ChartData = Any

_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
_DARK_CONTRAST = "#a84f06"
_HEIGHT, _HEAD, _FOOT = 372, 22, 24
# An equilateral triangle in the middle: as wide as the picture allows.
_SIDE = "min(width - 8, 396)"
_ACROSS = alt.Scale(
    domain=[0, 1],
    range=[{"expr": f"(width - {_SIDE}) / 2"}, {"expr": f"(width + {_SIDE}) / 2"}],
    nice=False,
    zero=False,
)
_UP = alt.Scale(
    domain=[0, 1],
    range=[
        {"expr": f"{_HEAD} + 0.866 * {_SIDE}"},
        {"expr": f"{_HEAD}"},
    ],
    nice=False,
    zero=False,
)
_LEAST = "#e9eff6"
_BANDS = {70: "#cfdff0", 85: "#aecbe7", 95: "#85b0da", 99: "#5b93cc"}
LEVELS = tuple(_BANDS)
"""Parts of the largest joint benefit, in %, at which the map changes its colour."""


def control_map(areas: ChartData, places: ChartData) -> alt.typing.ChartType:
    """Draw all ways to share control as a triangle, coloured by the joint benefit.

    A point at a corner gives all control to that party; the distance from the opposite side is
    the party's share.

    Parameters
    ----------
    areas : DataFrame or reference
        Corners of the areas in which the joint benefit is at least one of `LEVELS`, the largest
        area first: level, organisation and customer (shares in thousandths), in the order of a
        walk around the area.
    places : DataFrame or reference
        Named points: kind ("case", "best" or "now"), name, organisation, employee and customer
        (shares, 0-1).
    """
    area = (
        alt.Chart(areas)
        .transform_calculate(
            x="(datum.customer + datum.organisation / 2) / 1000",
            y="datum.organisation / 1000",
        )
        .transform_window(corner="row_number()")
        .mark_line(interpolate="cardinal-closed", tension=0.4, strokeWidth=0)
        .encode(
            alt.X("x:Q", axis=None, scale=_ACROSS),
            alt.Y("y:Q", axis=None, scale=_UP),
            fill=alt.Fill(
                "level:O",
                scale=alt.Scale(domain=list(_BANDS), range=list(_BANDS.values())),
                legend=None,
            ),
            order="corner:Q",
            tooltip=[alt.Tooltip("level:Q", title=_("at least, % of the best joint benefit"))],
        )
    )
    one = alt.Chart(places).transform_aggregate(any="count()")
    triangle = (
        one.transform_calculate(corner="sequence(3)")
        .transform_flatten(["corner"])
        .transform_calculate(x="[0, 0.5, 1][datum.corner]", y="[0, 1, 0][datum.corner]")
        .mark_line(interpolate="linear-closed", color=GREY, strokeWidth=1.5, fill=_LEAST)
        .encode(
            alt.X("x:Q", axis=None, scale=_ACROSS),
            alt.Y("y:Q", axis=None, scale=_UP),
            order="corner:Q",
        )
    )
    return (
        alt.layer(triangle, area, *_corner_names(one), *_named(places))
        .add_params(alt.param(name="tall", expr=f"{_HEAD} + 0.866 * {_SIDE} + {_FOOT}"))
        .properties(width="container", height=_HEIGHT)
    )


def _corner_names(one: alt.Chart) -> list[alt.Chart]:
    corners: list[tuple[str, str, str | None, Any]] = [
        (_("organisation decides"), "width / 2", f"{_HEAD} - 10", "center"),
        (_("employee decides"), f"(width - {_SIDE}) / 2", None, "left"),
        (_("customer decides"), f"(width + {_SIDE}) / 2", None, "right"),
    ]
    return [
        one.mark_text(align=align, color=SOFT, fontSize=13, fontWeight="bold").encode(
            x=alt.value({"expr": x}),
            y=alt.value({"expr": y or f"{_HEAD} + 0.866 * {_SIDE} + 17"}),
            text=alt.value(name),
        )
        for name, x, y, align in corners
    ]


def _named(places: ChartData) -> list[alt.Chart]:
    base = (
        alt.Chart(places)
        .transform_calculate(
            x="datum.customer + datum.organisation / 2",
            best_x="datum.kind === 'best' ? datum.x : null",
            best_up="datum.kind === 'best' ? datum.organisation : null",
        )
        .transform_joinaggregate(best_x="max(best_x)", best_up="max(best_up)")
    )
    # The name stands above the diamond, unless that is where the best place has its own.
    near_best = "datum.best_up - datum.organisation > 0.06 && abs(datum.x - datum.best_x) < 0.12"
    looks: dict[str, dict[str, Any]] = {
        "case": {"shape": "circle", "size": 90, "color": INK},
        "best": {"shape": "cross", "size": 190, "color": ACCENT},
        "now": {"shape": "diamond", "size": 260, "color": CONTRAST},
    }
    words: dict[str, tuple[str, Any, Any]] = {
        "case": (SOFT, "normal", 17),
        "best": (ACCENT, "bold", 19),
        "now": (_DARK_CONTRAST, "bold", alt.expr(f"{near_best} ? 22 : -20")),
    }
    layers = []
    for kind, look in looks.items():
        at = base.transform_filter(f"datum.kind === '{kind}'").encode(
            alt.X("x:Q", axis=None, scale=_ACROSS),
            alt.Y("organisation:Q", axis=None, scale=_UP),
        )
        layers.append(
            at.mark_point(opacity=1, stroke="white", strokeWidth=2, **look).encode(
                tooltip=[
                    alt.Tooltip("name:N", title=_("service")),
                    alt.Tooltip("organisation:Q", title=_("organisation"), format=".0%"),
                    alt.Tooltip("employee:Q", title=_("employee"), format=".0%"),
                    alt.Tooltip("customer:Q", title=_("customer"), format=".0%"),
                ]
            )
        )
        colour, weight, dy = words[kind]
        for style in (_RIM, {"color": colour}):
            text = at.mark_text(
                fontSize=13,
                fontWeight=weight,
                dy=dy,
                align=alt.expr("datum.x > 0.7 ? 'right' : datum.x < 0.3 ? 'left' : 'center'"),
                dx=alt.expr("datum.x > 0.7 ? 10 : datum.x < 0.3 ? -10 : 0"),
                **style,
            )
            layers.append(text.encode(text="name:N"))
    return layers


def benefit_bars(parties: ChartData) -> alt.typing.ChartType:
    """Draw the benefit of each party, from 0 to 100.

    Parameters
    ----------
    parties : DataFrame or reference
        One row per party: name, benefit (0-100), least (whether no party has less), and words.
    """
    base = rows.numbered(parties).transform_calculate(zero="0")
    bar = rows.bars(base, 0.5, 0.84, cornerRadius=3).encode(
        alt.X(
            "zero:Q",
            title=_("benefit, from 0 to 100"),
            scale=alt.Scale(domain=[0, 100], nice=False),
            axis=alt.Axis(values=[0, 25, 50, 75, 100], domain=False, ticks=False),
        ),
        alt.X2("benefit:Q"),
        color=alt.condition("datum.least", alt.value(CONTRAST), alt.value(ACCENT)),
        tooltip=[
            alt.Tooltip("name:N", title=_("party")),
            alt.Tooltip("benefit:Q", title=_("benefit"), format=".1f"),
        ],
    )
    return alt.layer(bar, rows.names(base, "name"), rows.words(base)).properties(
        width="container", height=alt.Step(54)
    )
