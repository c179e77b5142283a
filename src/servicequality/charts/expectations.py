"""Charts of the zone of tolerance that drivers stretch, shrink and shift (D5.1)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts import rows
from servicequality.charts.theme import ACCENT, GREY, INK, SOFT
from servicequality.models.expectations import HIGHEST, LOWEST

ChartData = Any

_FOLDS = 12
_LIGHT, _DARK = "#dce8f5", "#b7d0eb"
_STATES = {
    "below": (_("not acceptable"), "triangle-down", "#b0500a"),
    "inside": (_("acceptable"), "circle", ACCENT),
    "above": (_("better than hoped for"), "diamond", "#0f2f57"),
}
_WORDS = {state: words for state, (words, _shape, _hue) in _STATES.items()}
_VERDICT = f"({_WORDS})[datum.state]"
_RIM: dict[str, Any] = {"stroke": "white", "strokeWidth": 5, "strokeJoin": "round"}
_BAND = (56, 112)


def accordion(zone: ChartData) -> alt.typing.ChartType:
    """Draw one zone of tolerance as an accordion, with the service that is foreseen and given.

    Parameters
    ----------
    zone : DataFrame or reference
        One row, levels from 1 to 9: adequate, desired, predicted, perceived, usual_adequate and
        usual_desired (the zone on a usual day), and state of the perceived level ("below",
        "inside" or "above").
    """
    base = alt.Chart(zone)
    texts = base.transform_calculate(
        top=f"'{_('hoped for')} ' + format(datum.desired, '.2f')",
        bottom=f"'{_('just acceptable')} ' + format(datum.adequate, '.2f')",
        foreseen=f"'{_('foreseen')} ' + format(datum.predicted, '.2f')",
        verdict=f"format(datum.perceived, '.1f') + ': ' + {_VERDICT}",
        usual=f"'{_('on a usual day')}'",
        middle="(datum.usual_adequate + datum.usual_desired) / 2",
    )
    layers = [
        *_bellows(base, *_BAND),
        _stem(base, "predicted", _BAND[0] - 6, 128, strokeDash=[4, 3]),
        _stem(base, "desired", 22, _BAND[0]),
        _stem(base, "adequate", _BAND[1], 150),
        *_ends(base, *_BAND),
        base.mark_rule(color=GREY, strokeWidth=3).encode(
            _level("usual_adequate"), alt.X2("usual_desired:Q"), y=alt.value(178)
        ),
        _stem(base, "usual_adequate", 173, 183, color=GREY, strokeWidth=3),
        _stem(base, "usual_desired", 173, 183, color=GREY, strokeWidth=3),
        *_words(texts, "desired", "top", 14, "level > 6.6 ? 'right' : 'left'"),
        *_words(texts, "predicted", "foreseen", 131, "level > 6.4 ? 'right' : 'left'"),
        *_words(texts, "adequate", "bottom", 153, "level < 4.5 ? 'left' : 'right'"),
        *_words(texts, "middle", "usual", 194, "'center'", color=alt.value(SOFT)),
        _marker(base, size=420).encode(y=alt.value(sum(_BAND) / 2)),
        *_words(
            texts,
            "perceived",
            "verdict",
            38,
            "level > 6.8 ? 'right' : level < 3.2 ? 'left' : 'center'",
            color=_colour(),
        ),
    ]
    return alt.layer(*layers).properties(width="container", height=208)


def zones(dimensions: ChartData) -> alt.typing.ChartType:
    """Draw one zone of tolerance per row, now and on a usual day.

    Parameters
    ----------
    dimensions : DataFrame or reference
        One row per dimension: dimension (its name) and the columns of `accordion`.
    """
    base = rows.numbered(dimensions)
    texts = base.transform_calculate(words=_VERDICT)
    band = rows.bars(base, 0.5, 0.82, color=_DARK).encode(
        _level("adequate"),
        alt.X2("desired:Q"),
        tooltip=[
            alt.Tooltip("dimension:N", title=_("dimension")),
            alt.Tooltip("adequate:Q", title=_("just acceptable"), format=".2f"),
            alt.Tooltip("desired:Q", title=_("hoped for"), format=".2f"),
        ],
    )
    ends = [
        _upright(base, level, 0.5, 0.82, color=ACCENT, strokeWidth=4)
        for level in ("adequate", "desired")
    ]
    usual = base.mark_rule(color=GREY, strokeWidth=3).encode(
        _level("usual_adequate"), alt.X2("usual_desired:Q"), rows.place(0.92)
    )
    foreseen = _upright(base, "predicted", 0.46, 0.86, color=INK, strokeDash=[4, 3])
    verdict = rows.words(texts, fontWeight="bold").encode(color=_colour())
    return alt.layer(
        usual,
        band,
        *ends,
        foreseen,
        _marker(base, size=190).encode(rows.place(0.66)),
        rows.names(base, "dimension"),
        verdict,
    ).properties(width="container", height=alt.Step(rows.HEIGHT + 6))


def _level(field: str) -> alt.X:
    return alt.X(
        f"{field}:Q",
        title=_("level of service, from 1 to 9"),
        # A mark at an end of the scale stays inside, so that the chart keeps its size.
        scale=alt.Scale(domain=[LOWEST - 0.3, HIGHEST + 0.3], nice=False),
        axis=alt.Axis(
            values=list(range(LOWEST, HIGHEST + 1)), format="d", domain=False, ticks=False
        ),
    )


def _bellows(base: alt.Chart, top: float, bottom: float) -> list[alt.Chart]:
    """Fold the zone: the same number of pleats, however wide it is."""
    folds = base.transform_calculate(fold=f"sequence({_FOLDS})").transform_flatten(["fold"])
    edges = folds.transform_calculate(
        left=f"datum.adequate + (datum.desired - datum.adequate) * datum.fold / {_FOLDS}",
        right=f"datum.adequate + (datum.desired - datum.adequate) * (datum.fold + 1) / {_FOLDS}",
    )
    return [
        edges.transform_filter(f"datum.fold % 2 === {odd}")
        .mark_rect(color=colour)
        .encode(
            _level("left"),
            alt.X2("right:Q"),
            y=alt.value(top + inset),
            y2=alt.value(bottom - inset),
        )
        for odd, colour, inset in ((0, _LIGHT, 2), (1, _DARK, 5))
    ]


def _ends(base: alt.Chart, top: float, bottom: float) -> list[alt.Chart]:
    style: dict[str, Any] = {"color": ACCENT, "strokeWidth": 6, "strokeCap": "round"}
    return [_stem(base, level, top, bottom, **style) for level in ("adequate", "desired")]


def _stem(base: alt.Chart, field: str, top: float, bottom: float, **style: Any) -> alt.Chart:
    return base.mark_rule(**{"color": SOFT, "strokeWidth": 1.5, **style}).encode(
        _level(field), y=alt.value(top), y2=alt.value(bottom)
    )


def _upright(base: alt.Chart, field: str, top: float, bottom: float, **style: Any) -> alt.Chart:
    return base.mark_rule(**style).encode(
        _level(field), rows.place(top), alt.Y2("row:O", bandPosition=bottom)
    )


def _words(
    base: alt.Chart, field: str, text: str, y: float, align: str, **colour: Any
) -> list[alt.Chart]:
    """Write a text at a level; the expression `align` keeps it inside the chart."""
    place = base.transform_calculate(level=f"datum.{field}").encode(
        _level("level"), y=alt.value(y), text=f"{text}:N"
    )
    style: dict[str, Any] = {
        "align": alt.expr(align.replace("level", "datum.level")),
        "fontSize": 14,
        "fontWeight": "bold",
    }
    return [place.mark_text(**_RIM, **style), place.mark_text(**style).encode(**colour)]


def _colour() -> Any:
    tests = [
        {"test": f"datum.state === '{state}'", "value": colour}
        for state, (_verdict, _shape, colour) in _STATES.items()
    ]
    return {"condition": tests, "value": GREY}


def _marker(base: alt.Chart, size: int) -> alt.Chart:
    shapes = {state: shape for state, (_verdict, shape, _hue) in _STATES.items()}
    return base.mark_point(size=size, opacity=1, stroke="white", strokeWidth=2).encode(
        _level("perceived"),
        shape=alt.Shape(
            "state:N",
            scale=alt.Scale(domain=list(shapes), range=list(shapes.values())),
            legend=None,
        ),
        fill=_colour(),
    )
