"""Charts of spending an improvement budget: on whole projects, or in portions (D3.3)."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts.rows import HEIGHT, MARK, bars, names, numbered, place, words
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, LINE, SOFT

ChartData = Any

# The purse and the cards are laid out in pixels.
_PURSE_TOP, _PURSE_BOTTOM, _FIRST_CARD, _CARD = 24, 54, 78, 76
_LARGEST = 220


def purse_and_cards(purse: ChartData, cards: ChartData) -> alt.typing.ChartType:
    """Draw a purse with what is spent in it, and eight cards of what can be bought.

    Parameters
    ----------
    purse : DataFrame or reference
        One row per purchase in order (at least one); columns title, start and end (money),
        beyond, whether it goes beyond the budget, budget, and words, what to write above.
    cards : DataFrame or reference
        One row per card; columns row (0-3), column (0 or 1), caption (of the row), title, words,
        and chosen.
    """
    money = "width / max(datum.budget, datum.spent)"
    spent = (
        alt.Chart(purse)
        .transform_joinaggregate(spent="max(end)")
        .transform_calculate(
            none="0",
            left=f"datum.start * {money}",
            right=f"datum.end * {money}",
            middle=f"(datum.start + datum.end) / 2 * {money}",
            edge=f"datum.budget * {money}",
            room=f"(datum.end - datum.start) * {money}",
            top=f"{_PURSE_TOP}",
            bottom=f"{_PURSE_BOTTOM}",
            centre=f"{(_PURSE_TOP + _PURSE_BOTTOM) / 2}",
        )
    )
    first = spent.transform_window(at="row_number()").transform_filter("datum.at === 1")
    outline = first.mark_rect(color="#f4f7fa", stroke=INK, strokeWidth=1.5, cornerRadius=4).encode(
        _x("none"), alt.X2("edge:Q"), _y("top"), alt.Y2("bottom:Q")
    )
    segment = spent.mark_rect(stroke="white", strokeWidth=2, cornerRadius=4).encode(
        _x("left"),
        alt.X2("right:Q"),
        _y("top"),
        alt.Y2("bottom:Q"),
        color=alt.condition("datum.beyond", alt.value(CONTRAST), alt.value(ACCENT)),
        tooltip=[
            alt.Tooltip("title:N", title=_("spent on")),
            alt.Tooltip("end:Q", title=_("spent so far"), format=".1f"),
        ],
    )
    name = (
        spent.transform_calculate(short="round(10 * (datum.end - datum.start)) / 10")
        .transform_filter("datum.room > 18")
        .mark_text(color="white", fontWeight="bold", fontSize=13)
        .encode(_x("middle"), _y("centre"), text=alt.Text("short:Q"))
    )
    edge = first.mark_rule(color=INK, strokeWidth=3).encode(
        _x("edge"), y=alt.value(_PURSE_TOP - 5), y2=alt.value(_PURSE_BOTTOM + 5)
    )
    message = first.mark_text(align="left", fontSize=13, fontWeight="bold").encode(
        x=alt.value(0), y=alt.value(8), text="words:N"
    )
    return alt.layer(outline, segment, name, edge, message, *_cards(cards)).properties(
        width="container", height=_FIRST_CARD + 4 * _CARD
    )


def _cards(cards: ChartData) -> list[alt.Chart]:
    base = alt.Chart(cards).transform_calculate(
        left="datum.column * (width / 2 + 4)",
        right="datum.column * (width / 2 + 4) + width / 2 - 4",
        top=f"{_FIRST_CARD} + {_CARD} * datum.row + 18",
        bottom=f"{_FIRST_CARD} + {_CARD} * datum.row + {_CARD} - 6",
        caption_y=f"{_FIRST_CARD} + {_CARD} * datum.row + 8",
    )
    box = base.mark_rect(cornerRadius=8, strokeWidth=2).encode(
        _x("left"),
        alt.X2("right:Q"),
        _y("top"),
        alt.Y2("bottom:Q"),
        color=alt.condition("datum.chosen", alt.value("#e3edf8"), alt.value("white")),
        stroke=alt.condition("datum.chosen", alt.value(ACCENT), alt.value("#c3ccd5")),
        tooltip=[
            alt.Tooltip("title:N", title=_("card")),
            alt.Tooltip("words:N", title=_("what it does")),
        ],
    )
    caption = (
        base.transform_filter("datum.column === 0")
        .mark_text(align="left", color=SOFT, fontSize=12, fontWeight="bold")
        .encode(_x("left"), _y("caption_y"), text="caption:N")
    )
    title = base.mark_text(align="left", dx=11, dy=18, fontSize=13, fontWeight="bold").encode(
        _x("left"), _y("top"), text="title:N"
    )
    numbers = base.mark_text(align="left", dx=11, dy=36, color=SOFT, fontSize=12).encode(
        _x("left"), _y("top"), text="words:N"
    )
    tick = (
        base.transform_filter("datum.chosen")
        .mark_text(align="right", dx=-9, dy=36, fontSize=16, fontWeight="bold", color=ACCENT)
        .encode(_x("right"), _y("top"), text=alt.value("✓"))
    )
    return [box, caption, title, numbers, tick]


def closed_by_rule(rules: ChartData) -> alt.typing.ChartType:
    """Draw the points that each way of spending closes, and what no way can exceed.

    Parameters
    ----------
    rules : DataFrame or reference
        One row per way; columns name, closed, words, kind ("yours", "best" or "other"), possible
        (whether the money is enough and nothing is missing), and bound (NaN if there is none).
    """
    rows = numbered(rules).transform_calculate(zero="0")
    x = alt.X(
        "zero:Q",
        title=_("gap points closed"),
        scale=alt.Scale(nice=False),
        axis=alt.Axis(tickCount=5, format="d", grid=False, domain=False, ticks=False),
    )
    bar = bars(rows, 0.54, 0.86).encode(
        x,
        alt.X2("closed:Q"),
        color={
            "condition": [
                {"test": "datum.kind === 'yours'", "value": CONTRAST},
                {"test": "datum.kind === 'best'", "value": ACCENT},
            ],
            "value": GREY,
        },
        opacity=alt.condition("datum.possible", alt.value(1), alt.value(0.3)),
    )
    # The axis stays put while a learner shops, and grows only when it must.
    usual = alt.Chart(alt.InlineData([{"zero": 0}, {"zero": 55}]))
    axis = usual.mark_point(opacity=0).encode(alt.X("zero:Q"), y=alt.value(0))
    bounded = rows.transform_filter("isValid(datum.bound)")
    bound = bounded.mark_rule(color=INK, strokeWidth=2).encode(
        alt.X("bound:Q"), place(0.47), alt.Y2("row:O", bandPosition=0.93)
    )
    limit = (
        bounded.transform_filter("datum.row === 1")
        .mark_text(align="left", dx=5, color=SOFT)
        .encode(alt.X("bound:Q"), place(MARK), text=alt.value(_("limit")))
    )
    return alt.layer(axis, bar, bound, limit, names(rows, "name"), words(rows)).properties(
        width="container", height=alt.Step(HEIGHT)
    )


def best_by_budget(frontier: ChartData, here: ChartData) -> alt.typing.ChartType:
    """Draw the best that each budget can close, and where the reader's basket stands.

    Parameters
    ----------
    frontier : DataFrame or reference
        Columns budget and value: with this budget the value is first reached.
    here : DataFrame or reference
        One row: cost, value and budget of the reader, and possible.
    """
    x = alt.X(
        "budget:Q",
        title=_("money"),
        scale=alt.Scale(domain=[0, _LARGEST], nice=False),
        axis=alt.Axis(tickCount=6, grid=False),
    )
    y = alt.Y(
        "value:Q",
        title=_("points closed"),
        scale=alt.Scale(domain=[0, 92], nice=False),
        axis=alt.Axis(tickCount=5),
    )
    line = (
        alt.Chart(frontier)
        .mark_line(interpolate="step-after", color=ACCENT, strokeWidth=2.5)
        .encode(x, y)
    )
    reader = alt.Chart(here)
    purse = reader.mark_rule(color=INK, strokeDash=[5, 4]).encode(x)
    purse_name = reader.mark_text(align="right", dx=-6, color=INK).encode(
        x, y=alt.value(10), text=alt.value(_("your purse"))
    )
    point = reader.mark_point(
        shape="diamond", size=200, opacity=1, color=CONTRAST, stroke="white", strokeWidth=1.5
    ).encode(alt.X("cost:Q"), y)
    label = reader.mark_text(align="left", baseline="top", dx=10, dy=6, fontWeight="bold").encode(
        alt.X("cost:Q"), y, text=alt.value(_("your basket"))
    )
    return alt.layer(line, purse, purse_name, point, label).properties(
        width="container", height=250
    )


def money_by_gap(splits: ChartData, rules: dict[str, str]) -> alt.typing.ChartType:
    """Draw who gets the money under each rule, one row per gap.

    Parameters
    ----------
    splits : DataFrame or reference
        One row per gap; columns name, words, and the money under each rule.
    rules : dict of str to str
        Columns to draw, with their names: the first as a bar, the others as marks.
    """
    rows = numbered(splits).transform_calculate(zero="0")
    best = next(iter(rules))
    others: list[Any] = [rule for rule in rules if rule != best]
    x = alt.X(
        "zero:Q",
        title=_("money spent on this gap"),
        scale=alt.Scale(nice=False),
        axis=alt.Axis(tickCount=5, grid=False, domain=False, ticks=False),
    )
    bar = bars(rows, 0.54, 0.86, color=ACCENT).encode(x, alt.X2(f"{best}:Q"))
    names_of = list(rules.values())
    marks = (
        rows.transform_fold(others, ["rule", "money"])
        .transform_calculate(shown=f"{dict(rules)}[datum.rule]")
        .mark_point(size=110, opacity=1, stroke="white")
        .encode(
            alt.X("money:Q"),
            place(MARK),
            alt.Color(
                "shown:N",
                scale=alt.Scale(domain=names_of, range=[ACCENT, INK, CONTRAST]),
                legend=alt.Legend(title=None, symbolSize=120, labelFontSize=13),
            ),
            alt.Shape(
                "shown:N",
                scale=alt.Scale(domain=names_of, range=["square", "circle", "diamond"]),
                legend=alt.Legend(title=None),
            ),
        )
    )
    track = bars(rows, 0.54, 0.86, color=LINE, opacity=0.5).encode(
        x=alt.value(0), x2=alt.value("width")
    )
    return alt.layer(track, bar, marks, names(rows, "name"), words(rows, color=SOFT)).properties(
        width="container", height=alt.Step(HEIGHT)
    )


def _x(field: str) -> alt.X:
    return alt.X(f"{field}:Q", scale=None, axis=None)


def _y(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", scale=None, axis=None)
