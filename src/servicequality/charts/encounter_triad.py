"""Charts of the encounter triad: a ternary map of control, and what each party gets (D4.3)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts import rows
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, SOFT

ChartData = Any

_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
_DARK_CONTRAST = "#a84f06"
_HEIGHT, _HEAD = 372, 22
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
_BANDS = {50: "#f6f8fa", 70: "#e6edf5", 85: "#cfdff0", 95: "#aecbe7", 99: "#85b0da"}
_BEST = "#5b93cc"


def control_map(cells: ChartData, places: ChartData) -> alt.typing.ChartType:
    """Draw all ways to share control as a triangle, coloured by the joint benefit.

    A point at a corner gives all control to that party; the distance from the opposite side is
    the party's share.

    Parameters
    ----------
    cells : DataFrame or reference
        All points of a triangular lattice: organisation and customer (shares, counted in steps of
        the lattice), and of_best, joint benefit in % of the largest.
    places : DataFrame or reference
        Named points: kind ("case", "best" or "now"), name, organisation, employee and customer
        (shares, 0-1).
    """
    lattice = (
        alt.Chart(cells)
        .transform_joinaggregate(steps="max(organisation)")
        .transform_calculate(
            x="(datum.customer + datum.organisation / 2) / datum.steps",
            left="datum.x - 0.505 / datum.steps",
            right="datum.x + 0.505 / datum.steps",
            low="max(0, (datum.organisation - 0.52) / datum.steps)",
            high="(datum.organisation + 0.52) / datum.steps",
        )
    )
    x = alt.X("left:Q", axis=None, scale=_ACROSS)
    y = alt.Y("low:Q", axis=None, scale=_UP)
    # Bricks that overlap fill the map without seams.
    brick = lattice.mark_rect(clip=True).encode(
        x,
        alt.X2("right:Q"),
        y,
        alt.Y2("high:Q"),
        color=alt.Color(
            "of_best:Q",
            scale=alt.Scale(type="threshold", domain=list(_BANDS), range=[*_BANDS.values(), _BEST]),
            legend=None,
        ),
        tooltip=[alt.Tooltip("of_best:Q", title=_("% of the best joint benefit"))],
    )
    one = alt.Chart(cells).transform_aggregate(any="count()")
    corners = one.transform_calculate(
        corner="sequence(5)",
    ).transform_flatten(["corner"])
    edges = corners.transform_calculate(
        x="[-0.03, 0, 0.5, 1, 1.03][datum.corner]",
        y="[-0.06, 0, 1, 0, -0.06][datum.corner]",
        top="1.2",
    )
    mask = edges.mark_area(color="white", opacity=1, clip=True).encode(
        alt.X("x:Q", axis=None, scale=_ACROSS),
        alt.Y("y:Q", axis=None, scale=_UP),
        alt.Y2("top:Q"),
    )
    outline = (
        corners.transform_filter("datum.corner < 4")
        .transform_calculate(
            x="[0, 0.5, 1, 0][datum.corner]",
            y="[0, 1, 0, 0][datum.corner]",
        )
        .mark_line(color=GREY, strokeWidth=1.5)
        .encode(
            alt.X("x:Q", axis=None, scale=_ACROSS),
            alt.Y("y:Q", axis=None, scale=_UP),
            order="corner:Q",
        )
    )
    return alt.layer(brick, mask, outline, *_corner_names(one), *_named(places)).properties(
        width="container", height=_HEIGHT
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
    base = alt.Chart(places).transform_calculate(x="datum.customer + datum.organisation / 2")
    looks: dict[str, dict[str, Any]] = {
        "case": {"shape": "circle", "size": 90, "color": INK},
        "best": {"shape": "cross", "size": 190, "color": ACCENT},
        "now": {"shape": "diamond", "size": 260, "color": CONTRAST},
    }
    words: dict[str, tuple[str, Any, int]] = {
        "case": (SOFT, "normal", 17),
        "best": (ACCENT, "bold", -16),
        "now": (_DARK_CONTRAST, "bold", -20),
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
