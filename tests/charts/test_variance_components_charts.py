import re

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import variance_components as charts
from servicequality.charts.theme import ACCENT, CONTRAST, INK
from servicequality.models import variance_components as model

NARROW, WIDE = 330, 700


def league(before=None, true=False, month=1):
    found = model.simulate(month=month, seed=3)
    place = found.branches["observed_rank"].astype(int)
    table = pd.DataFrame(
        {
            "place": place,
            "branch": found.branches.index,
            "mean": found.branches["observed"],
            "before": float("nan") if before is None else before,
            "true": found.branches["true"] if true else float("nan"),
        }
    )
    staff = found.employees.assign(place=found.employees["branch"].map(place))
    return table, staff[["place", "mean"]]


def texts(drawn):
    return [str(item["text"]) for item in drawn("text")]


def large(drawn):
    return [item for item in drawn("symbol") if item["size"] == 130]


@pytest.mark.parametrize(
    ("chart", "tables"),
    [
        (charts.league_table, ["league", "employees"]),
        (charts.places_by_month, ["history"]),
        (charts.reliability_by_ratings, ["reliability", "here"]),
        (charts.variance_bars, ["shares"]),
        (charts.true_and_observed, ["ranks"]),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, tables):
    spec = chart(**{name: alt.NamedData(name=name) for name in tables}).to_dict()
    assert spec["width"] == "container"
    asked = set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec)))
    assert set(tables) <= asked


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_names_marks_and_moves_do_not_overlap(draw, width):
    table, staff = league(before=list(range(1, 13)))
    drawn = draw(charts.league_table(table, staff), width)
    names = [item for item in drawn("text") if str(item["text"]).startswith("Branch")]
    moves = [item for item in drawn("text") if str(item["text"])[:1] in {*"▲▼="}]
    marks = drawn("symbol")
    assert len(names) == len(moves) == len(large(drawn)) == 12
    assert len(marks) == 12 + 72
    left = max(item["x"] + 7.2 * len(item["text"]) for item in names)
    assert left <= min(mark["x"] for mark in marks) + 2
    right = min(item["x"] + item.get("dx", 0) - 8 * len(item["text"]) for item in moves)
    assert max(mark["x"] for mark in marks) <= right + 8


def test_the_best_stands_first_and_the_bottom_three_differ_in_colour_and_shape(draw):
    table, staff = league()
    dots = sorted(large(draw(charts.league_table(table, staff))), key=lambda dot: dot["y"])
    assert [dot["shape"] for dot in dots] == ["circle"] * 9 + ["diamond"] * 3
    assert [dot["fill"] for dot in dots] == [ACCENT] * 9 + [CONTRAST] * 3
    across = [dot["x"] for dot in dots]
    assert across == sorted(across, reverse=True)


def test_rows_of_last_months_bottom_three_are_shaded_and_moves_counted(draw):
    table, staff = league(before=list(range(1, 13)))
    drawn = draw(charts.league_table(table, staff))
    (shade,) = {item["fill"] for item in drawn("rect")}
    assert len(drawn("rect")) == 3
    assert shade not in (ACCENT, CONTRAST)
    assert "shaded: at the bottom last month" in texts(drawn)
    moved = table["before"] - table["place"]
    for up in moved[moved > 0]:
        assert f"▲ {up:.0f}" in texts(drawn)
    for down in moved[moved < 0]:
        assert f"▼ {-down:.0f}" in texts(drawn)


def test_in_a_first_month_nothing_is_shaded_and_no_truth_is_drawn(draw):
    drawn = draw(charts.league_table(*league()))
    assert drawn("rect") == []
    assert not {"shaded: at the bottom last month", "❘ true level"} & set(texts(drawn))
    assert not any(text.startswith(("▲", "▼")) for text in texts(drawn))


def test_true_levels_are_ticks_in_the_rows_of_their_branches(draw):
    table, staff = league(true=True)
    drawn = draw(charts.league_table(table, staff))
    ticks = [item for item in drawn("rect") if item["fill"] == INK]
    assert len(ticks) == 12
    assert "❘ true level" in texts(drawn)
    true = table.sort_values("place")["true"].rank().tolist()
    across = pd.Series([tick["x"] for tick in sorted(ticks, key=lambda tick: tick["y"])])
    assert across.rank().tolist() == true


def test_a_month_at_the_bottom_lies_in_the_zone_and_stands_out(draw):
    history = pd.DataFrame({"month": [1, 2, 3], "place": [12, 9, 10], "true": [7.0] * 3})
    drawn = draw(charts.places_by_month(history))
    (zone,) = drawn("rect")
    (truth,) = drawn("rule")
    dots = drawn("symbol")
    assert [dot["shape"] for dot in dots] == ["diamond", "circle", "diamond"]
    assert [dot["y"] > zone["y"] for dot in dots] == [True, False, True]
    assert truth["y"] < dots[1]["y"] < zone["y"]
    assert {"true place", "bottom three"} <= set(texts(drawn))
    unknown = draw(charts.places_by_month(history.assign(true=float("nan"))))
    assert unknown("rule") == []
    assert "true place" not in texts(unknown)


def test_the_axis_of_months_is_there_before_the_months_are(draw):
    def first(months):
        history = pd.DataFrame({"month": range(1, months + 1), "place": 5, "true": float("nan")})
        return draw(charts.places_by_month(history))("symbol")[0]["x"]

    assert first(1) == first(24)


def test_the_curve_stays_under_its_ceiling(draw):
    ratings = [5, 15, 50, 200]
    value = model.branch_reliability(0.1, 0.25, 1.65, 6, ratings)
    curve = pd.DataFrame({"ratings": ratings, "value": value, "ceiling": 0.7059})
    here = pd.DataFrame({"ratings": [15], "value": [0.625], "label": ["0.62"]})
    drawn = draw(charts.reliability_by_ratings(curve, here))
    assert {"ceiling 0.71", "0.62", "0.80 to aim at"} <= set(texts(drawn))
    goal, ceiling = sorted(item["y"] for item in drawn("rule") if item.get("x2", 0) != item["x"])[
        :2
    ]
    (dot,) = drawn("symbol")
    assert goal < ceiling < dot["y"]
    assert all(point["y"] > ceiling for point in drawn("line"))


def test_shares_fill_the_bar_and_small_ones_have_no_number(draw):
    shares = pd.DataFrame(
        {"name": ["The truth"], "branch": [0.05], "employee": [0.125], "residual": [0.825]}
    )
    drawn = draw(charts.variance_bars(shares))
    wide = {bar["fill"]: bar["width"] for bar in drawn("rect")}
    whole = sum(wide.values())
    assert [width / whole for width in wide.values()] == pytest.approx([0.05, 0.125, 0.825])
    assert {"12 %", "82 %"} <= set(texts(drawn)) or {"13 %", "83 %"} <= set(texts(drawn))
    assert "5 %" not in texts(drawn)


def test_a_branch_in_its_true_place_lies_on_the_diagonal(draw):
    ranks = pd.DataFrame(
        {"branch": range(1, 13), "true_rank": range(1, 13), "observed_rank": range(1, 13)}
    )
    drawn = draw(charts.true_and_observed(ranks))
    start, end = (drawn("line")[index] for index in (0, -1))
    slope = (end["y"] - start["y"]) / (end["x"] - start["x"])
    for dot in drawn("symbol"):
        assert dot["y"] - start["y"] == pytest.approx(slope * (dot["x"] - start["x"]), abs=0.01)
    assert [dot["shape"] for dot in drawn("symbol")] == ["circle"] * 9 + ["diamond"] * 3
    best = drawn("symbol")[0]
    assert best["x"] == max(dot["x"] for dot in drawn("symbol"))
    assert best["y"] == min(dot["y"] for dot in drawn("symbol"))
