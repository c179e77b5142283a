"""Charts of rankings: league table, reliability, shares of variance, true and observed order."""

from gettext import gettext as _
from typing import Any

import altair as alt

from servicequality.charts import rows
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, LINE, SOFT

ChartData = Any

_DARK_CONTRAST = "#a34a06"
_TINT = "#fbe7d3"
_RATING: dict[str, Any] = {"domain": [4.5, 9.5], "clamp": True, "nice": False}


def league_table(
    league: ChartData, employees: ChartData, branches: int = 12, bottom: int = 3
) -> alt.typing.ChartType:
    """Draw branches in the order of their mean ratings, with the employees behind each mean.

    Parameters
    ----------
    league : DataFrame or reference
        One row per branch: place (1 is best), branch (its number), mean (rating, 0-10), before
        (last month's place), true (the true level); the last two may be missing. Branches that
        were at the bottom last month are tinted.
    employees : DataFrame or reference
        One row per employee: place (of the branch) and mean.
    branches, bottom : int
        Branches in the table, and at its bottom.
    """
    # Names stand to the left of the plot and moves to its right, inside the same picture.
    scale = alt.Scale(range=[92, {"expr": "width - 46"}], **_RATING)
    x = alt.X(
        "mean:Q",
        title=_("mean rating, from 0 to 10"),
        scale=scale,
        axis=alt.Axis(values=list(range(5, 10)), format="d", domain=False, ticks=False),
    )
    y = alt.Y("place:O", axis=None, scale=alt.Scale(domain=list(range(1, branches + 1))))
    table = alt.Chart(league).transform_calculate(
        last=f"datum.place > {branches - bottom}",
        fell=f"isValid(datum.before) && datum.before > {branches - bottom}",
        up="isValid(datum.before) ? datum.before - datum.place : 0",
        move="!isValid(datum.before) ? '' : datum.up > 0 ? '▲ ' + datum.up"
        " : datum.up < 0 ? '▼ ' + (-datum.up) : '='",
        name=f"'{_('Branch')} ' + datum.branch",
    )
    tint = (
        table.transform_filter("datum.fell")
        .mark_bar(color=_TINT, height=alt.RelativeBandSize(band=0.94))
        .encode(y, x=alt.value(0), x2=alt.value("width"))
    )
    line = (
        table.transform_filter(f"datum.place === {branches - bottom}")
        .mark_rule(color=SOFT, strokeDash=[4, 4])
        .encode(alt.Y("place:O", axis=None, bandPosition=1), x=alt.value(0), x2=alt.value("width"))
    )
    place = table.mark_text(align="right", color=SOFT).encode(y, x=alt.value(16), text="place:N")
    seven = "datum.branch === 7"
    name = table.mark_text(
        align="left",
        fontSize=13,
        fontWeight=alt.expr(f"{seven} ? 'bold' : 'normal'"),
    ).encode(y, x=alt.value(24), text="name:N")
    staff = (
        alt.Chart(employees)
        .mark_point(size=26, opacity=0.6, color=GREY)
        .encode(
            x,
            y,
            tooltip=[alt.Tooltip("mean:Q", title=_("one employee's mean rating"), format=".2f")],
        )
    )
    bottom_three = alt.condition("datum.last", alt.value(CONTRAST), alt.value(ACCENT))
    dot = table.mark_point(size=130, opacity=1, stroke="white", strokeWidth=1).encode(
        x,
        y,
        color=bottom_three,
        shape=alt.condition("datum.last", alt.value("diamond"), alt.value("circle")),
        tooltip=[
            alt.Tooltip("name:N", title=_("branch")),
            alt.Tooltip("mean:Q", title=_("mean rating"), format=".2f"),
            alt.Tooltip("place:Q", title=_("place")),
            alt.Tooltip("before:Q", title=_("place last month")),
        ],
    )
    truth = (
        table.transform_filter("isValid(datum.true)")
        .mark_tick(orient="vertical", thickness=3, size=22, color=INK)
        .encode(
            alt.X("true:Q", scale=scale),
            y,
            tooltip=[alt.Tooltip("true:Q", title=_("true level"), format=".2f")],
        )
    )
    move = table.mark_text(align="right", dx=-6, fontWeight="bold").encode(
        y,
        x=alt.value("width"),
        text="move:N",
        color=alt.condition("datum.up < 0", alt.value(_DARK_CONTRAST), alt.value(ACCENT)),
    )
    tinted = (
        table.transform_filter("datum.fell")
        .transform_aggregate(any="count()")
        .mark_text(align="right", color=_DARK_CONTRAST)
        .encode(
            x=alt.value("width"),
            y=alt.value(-10),
            text=alt.value(_("shaded: at the bottom last month")),
        )
    )
    tick = (
        table.transform_filter("isValid(datum.true)")
        .transform_aggregate(any="count()")
        .mark_text(align="left", fontWeight="bold")
        .encode(x=alt.value(0), y=alt.value(-10), text=alt.value(_("❘ true level")))
    )
    return alt.layer(tint, line, staff, truth, dot, place, name, move, tinted, tick).properties(
        width="container", height=alt.Step(27)
    )


def places_by_month(
    history: ChartData, months: int = 24, branches: int = 12, bottom: int = 3
) -> alt.typing.ChartType:
    """Draw the places of one branch month after month, and its true place.

    Parameters
    ----------
    history : DataFrame or reference
        One row per month: month (1, 2, ...), place (1 is best), and true (the true place, the same
        in each row; may be missing).
    months, branches, bottom : int
        Length of the axis, branches in the table, and at its bottom.
    """
    x = alt.X(
        "month:Q",
        title=_("month"),
        scale=alt.Scale(domain=[0.5, months + 0.5], nice=False),
        axis=alt.Axis(values=[1, *range(6, months + 1, 6)], format="d", grid=False),
    )
    scale = alt.Scale(domain=[branches + 0.6, 0.4], nice=False)
    y = alt.Y(
        "place:Q",
        title=_("place"),
        scale=scale,
        axis=alt.Axis(values=[1, 3, 6, 9, 12], format="d", grid=False),
    )
    edge = branches - bottom + 0.5
    low = alt.Chart(alt.InlineData([{"from": edge, "to": branches + 0.6}]))
    zone = low.mark_rect(color=_TINT, opacity=0.6).encode(
        alt.Y("from:Q", scale=scale), alt.Y2("to:Q"), x=alt.value(0), x2=alt.value("width")
    )
    zone_word = low.mark_text(align="right", dx=-4, dy=10, color=_DARK_CONTRAST).encode(
        alt.Y("from:Q"), x=alt.value("width"), text=alt.value(_("bottom three"))
    )
    base = alt.Chart(history)
    line = base.mark_line(color=GREY, strokeWidth=2).encode(x, y)
    fell = f"datum.place > {edge}"
    dot = base.mark_point(size=90, opacity=1, stroke="white", strokeWidth=1).encode(
        x,
        y,
        color=alt.condition(fell, alt.value(CONTRAST), alt.value(ACCENT)),
        shape=alt.condition(fell, alt.value("diamond"), alt.value("circle")),
        tooltip=[
            alt.Tooltip("month:Q", title=_("month")),
            alt.Tooltip("place:Q", title=_("place")),
        ],
    )
    known = base.transform_filter("isValid(datum.true)").transform_aggregate(true="max(true)")
    truth = known.mark_rule(color=INK, strokeWidth=2, strokeDash=[6, 4]).encode(
        alt.Y("true:Q", scale=scale)
    )
    truth_word = known.mark_text(align="right", dx=-4, dy=-9, fontWeight="bold").encode(
        alt.Y("true:Q"), x=alt.value("width"), text=alt.value(_("true place"))
    )
    return alt.layer(zone, zone_word, truth, line, dot, truth_word).properties(
        width="container", height=220
    )


def reliability_by_ratings(
    reliability: ChartData, here: ChartData, goal: float = 0.8
) -> alt.typing.ChartType:
    """Draw how reliable branch means are against the number of ratings, up to their ceiling.

    Parameters
    ----------
    reliability : DataFrame or reference
        Columns ratings (for each employee), value (0-1) and ceiling (0-1, the same in each row).
    here : DataFrame or reference
        One row with the columns ratings, value and label (the value as text).
    goal : float
        A level to aim at.
    """
    share = alt.Scale(domain=[0, 1])
    x = alt.X(
        "ratings:Q",
        title=_("ratings for each employee"),
        scale=alt.Scale(domain=[0, 200]),
        axis=alt.Axis(values=[0, 50, 100, 150, 200], grid=False),
    )
    y = alt.Y(
        "value:Q",
        title=_("reliability R"),
        scale=share,
        axis=alt.Axis(values=[0, 0.2, 0.4, 0.6, 0.8, 1], format=".1f"),
    )
    aim = alt.Chart(alt.InlineData([{"goal": goal}]))
    wanted = aim.mark_rule(color=GREY).encode(alt.Y("goal:Q", scale=share))
    wanted_word = aim.mark_text(align="left", dx=4, dy=-8, color=SOFT).encode(
        alt.Y("goal:Q"),
        x=alt.value(0),
        text=alt.value(_("{goal} to aim at").format(goal=f"{goal:.2f}")),
    )
    line = (
        alt.Chart(reliability)
        .mark_line(color=ACCENT, strokeWidth=2.5, interpolate="monotone")
        .encode(x, y)
    )
    top = alt.Chart(reliability).transform_aggregate(ceiling="max(ceiling)")
    ceiling = top.mark_rule(color=CONTRAST, strokeDash=[6, 4], strokeWidth=2).encode(
        alt.Y("ceiling:Q", scale=share)
    )
    # Out of the way of the goal's name, which stands at the left.
    ceiling_word = (
        top.transform_calculate(words=f"'{_('ceiling')} ' + format(datum.ceiling, '.2f')")
        .mark_text(
            align="right",
            dx=-4,
            dy=alt.expr("datum.ceiling > 0.9 ? 11 : -9"),
            color=_DARK_CONTRAST,
            fontWeight="bold",
        )
        .encode(alt.Y("ceiling:Q"), x=alt.value("width"), text="words:N")
    )
    point = alt.Chart(here).encode(x, y)
    dot = point.mark_point(size=200, opacity=1, color=ACCENT, stroke="white", strokeWidth=2)
    below: dict[str, Any] = {"dy": 20, "fontSize": 15, "fontWeight": "bold"}
    style = below | {
        "align": alt.expr("datum.ratings > 160 ? 'right' : 'left'"),
        "dx": alt.expr("datum.ratings > 160 ? 4 : -4"),
        "dy": alt.expr("datum.value < 0.15 ? -18 : 20"),
    }
    value = point.encode(text="label:N")
    rim = value.mark_text(stroke="white", strokeWidth=4, strokeJoin="round", **style)
    return alt.layer(
        wanted, wanted_word, ceiling, ceiling_word, line, dot, rim, value.mark_text(**style)
    ).properties(width="container", height=240)


def variance_bars(shares: ChartData) -> alt.typing.ChartType:
    """Draw where the differences between ratings come from, one stacked bar a row.

    Parameters
    ----------
    shares : DataFrame or reference
        One row per bar, columns name (what stands above it) and branch, employee and residual
        (shares that sum to 1).
    """
    parts = {
        "branch": (_("branches"), ACCENT, "white"),
        "employee": (_("employees"), CONTRAST, INK),
        "residual": (_("customers and chance"), LINE, INK),
    }
    names = [name for name, _fill, _ink in parts.values()]
    legend = alt.Legend(title=None, symbolSize=130, labelFontSize=13, columns=2)
    colour = alt.Color(
        "name:N",
        scale=alt.Scale(domain=names, range=[fill for _name, fill, _ink in parts.values()]),
        legend=legend,
    )
    base = rows.numbered(shares)
    unit = alt.Scale(domain=[0, 1], nice=False)
    layers = []
    begin = "0"
    for part, (name, _fill, ink) in parts.items():
        end = f"{begin} + datum.{part}"
        piece = base.transform_calculate(
            start=begin,
            end=end,
            middle=f"({begin} + {end}) / 2",
            share=f"datum.{part}",
            words="format(100 * datum.share, '.0f') + ' %'",
            row_name="datum.name",
        ).transform_calculate(name=f"'{name}'")
        bar = rows.bars(piece, 0.5, 0.92).encode(
            alt.X("start:Q", axis=None, scale=unit),
            alt.X2("end:Q"),
            colour,
            tooltip=[
                alt.Tooltip("row_name:N", title=_("which")),
                alt.Tooltip("name:N", title=_("differences between")),
                alt.Tooltip("share:Q", title=_("share"), format=".1%"),
            ],
        )
        label = (
            piece.transform_filter("datum.share * width > (datum.share < 0.1 ? 25 : 34)")
            .mark_text(fontSize=13, fontWeight="bold", color=ink)
            .encode(alt.X("middle:Q", axis=None, scale=unit), rows.place(0.71), text="words:N")
        )
        layers += [bar, label]
        begin = end
    return alt.layer(*layers, rows.names(base, "name")).properties(
        width="container", height=alt.Step(56)
    )


def true_and_observed(ranks: ChartData, bottom: int = 3) -> alt.typing.ChartType:
    """Draw where branches truly stand, and where their ratings have put them.

    Parameters
    ----------
    ranks : DataFrame or reference
        One row per branch: branch (its number), true_rank and observed_rank (1 is best).
    bottom : int
        How many at the end of the observed order stand out.
    """
    table = alt.Chart(ranks).transform_joinaggregate(last="max(observed_rank)")
    axis = alt.Axis(grid=False, values=[1, 3, 6, 9, 12], format="d")
    # From last to first, so that what is better stands further to the right and higher.
    scale = alt.Scale(domain=[12.7, 0.3], nice=False)
    x = alt.X("true_rank:Q", title=_("true place"), scale=scale, axis=axis)
    y = alt.Y("observed_rank:Q", title=_("place by this month's ratings"), scale=scale, axis=axis)
    same = (
        alt.Chart(alt.InlineData([{"rank": 12.7}, {"rank": 0.3}]))
        .mark_line(color=GREY, strokeDash=[5, 4])
        .encode(alt.X("rank:Q", scale=scale), alt.Y("rank:Q", scale=scale))
    )
    low = f"datum.observed_rank > datum.last - {bottom}"
    size = f"{low} ? 640 : 380"
    point = table.mark_point(opacity=1, size=alt.expr(size)).encode(
        x,
        y,
        color=alt.condition(low, alt.value(CONTRAST), alt.value(ACCENT)),
        shape=alt.condition(low, alt.value("diamond"), alt.value("circle")),
        tooltip=[
            alt.Tooltip("branch:Q", title=_("branch")),
            alt.Tooltip("true_rank:Q", title=_("true place")),
            alt.Tooltip("observed_rank:Q", title=_("observed place")),
        ],
    )
    number = table.mark_text(fontWeight="bold").encode(
        x,
        y,
        text="branch:N",
        color=alt.condition(low, alt.value(INK), alt.value("white")),
    )
    return alt.layer(same, point, number).properties(width="container", height=320)
