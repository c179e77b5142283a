import pandas as pd
import pytest

from servicequality import data
from servicequality.charts import importance_performance as charts
from servicequality.charts.theme import CONTRAST
from servicequality.models import importance_performance as ipa
from servicequality.models.servqual import answers_of

HOTEL = pd.DataFrame(
    {
        "importance": [6.6, 6.1, 4.6, 6.8, 4.9, 5.6],
        "performance": [5.1, 6.2, 5.8, 5.9, 4.7, 5.0],
    },
    index=["speed", "courtesy", "decor", "accuracy", "parking", "advice"],
)


@pytest.fixture(scope="module")
def kiosk():
    answers = data.load("kiosk-survey")
    items = [f"{number:02}" for number in range(1, 25)]
    return pd.DataFrame(
        {
            "importance": answers_of(answers, items, "IMP").mean(),
            "performance": answers_of(answers, items, "SAT").mean(),
        }
    )


def texts(drawn):
    return {item["text"] for item in drawn("text")}


def points(drawn, tables):
    """Drawn attributes in the order of their rows; the handle of the cross is drawn before."""
    return drawn("symbol")[-len(tables["points"]) :]


def test_quadrants_differ_in_colour_and_in_shape(draw):
    tables = charts.map_tables(HOTEL, "data")
    drawn = draw(charts.importance_performance_map(**tables))
    looks = pd.DataFrame(
        [(item["fill"], item["shape"]) for item in points(drawn, tables)], HOTEL.index
    )
    assert looks.nunique().tolist() == [4, 4]
    assert tuple(looks.loc["speed"]) == (CONTRAST, "triangle-up")
    assert (looks.loc["courtesy"] == looks.loc["accuracy"]).all()
    assert (looks.loc["parking"] == looks.loc["advice"]).all()


def test_the_map_has_importance_upwards_and_performance_to_the_right(draw):
    tables = charts.map_tables(HOTEL, "data")
    drawn = draw(charts.importance_performance_map(**tables))
    at = pd.DataFrame([(item["x"], item["y"]) for item in points(drawn, tables)], HOTEL.index)
    assert at[0].rank().tolist() == HOTEL["performance"].rank().tolist()
    assert at[1].rank(ascending=False).tolist() == HOTEL["importance"].rank().tolist()


def test_every_region_and_every_attribute_is_named(draw):
    regions = {"Concentrate here", "Keep up", "Possible overkill", "Low priority"}
    by_cross = texts(draw(charts.importance_performance_map(**charts.map_tables(HOTEL, "data"))))
    assert by_cross == regions | set(HOTEL.index)
    diagonal = charts.importance_performance_map(**charts.map_tables(HOTEL, "diagonal"))
    assert texts(draw(diagonal)) == {"Concentrate here", "Leave as it is"} | set(HOTEL.index)


def test_names_of_regions_stand_in_the_four_corners(draw):
    drawn = draw(charts.importance_performance_map(**charts.map_tables(HOTEL, "data")))
    corner = {item["text"]: (item["x"], item["y"]) for item in drawn("text")}
    left, right = corner["Concentrate here"][0], corner["Keep up"][0]
    assert left == corner["Low priority"][0] < right == corner["Possible overkill"][0]
    assert corner["Concentrate here"][1] == corner["Keep up"][1] < corner["Low priority"][1]


def test_only_a_cross_set_by_hand_has_a_handle(draw):
    by_hand = charts.map_tables(HOTEL, "free", lines=(5.0, 6.0))
    drawn = draw(charts.importance_performance_map(**by_hand))
    assert len(drawn("symbol")) == len(HOTEL) + 1
    assert by_hand["cross"].iloc[0].tolist() == [5.0, 6.0, True]
    tables = charts.map_tables(HOTEL, "data")
    assert len(draw(charts.importance_performance_map(**tables))("symbol")) == len(HOTEL)


@pytest.mark.parametrize("mode", ["scale", "data", "free"])
def test_regions_tile_the_map(mode):
    regions = charts.map_tables(HOTEL, mode, lines=(6.2, 3.4))["regions"]
    sides = regions.groupby("advice", sort=False)
    width = sides["performance"].max() - sides["performance"].min()
    height = sides["ceiling"].first() - sides["floor"].first()
    assert (width * height).sum() == pytest.approx(16)


def test_the_diagonal_cuts_an_oblong_map_where_both_axes_agree():
    tables = charts.map_tables(HOTEL, "diagonal", importance=(4, 7), performance=(3, 6))
    line = tables["regions"].query("advice == 'Leave as it is'")
    assert line[["performance", "ceiling"]].to_numpy().tolist() == [[3, 4], [4, 4], [6, 6]]
    assert tables["cross"].empty


def boxes(attributes, sides, importance, performance):
    """Where the labels stand on a map of the size for which their sides were chosen."""
    x = (attributes["performance"] - performance[0]) / (performance[1] - performance[0]) * 280
    y = (attributes["importance"] - importance[0]) / (importance[1] - importance[0]) * 400
    wide = attributes.index.str.len() * 6.7
    left = x + sides.map({"right": 9, "above": 0, "below": 0, "left": -9})
    left -= wide * sides.map({"right": 0, "above": 0.5, "below": 0.5, "left": 1})
    low = y - 7 + sides.map({"right": 0, "left": 0, "above": 15, "below": -15})
    return list(zip(left, low, left + wide, low + 14, strict=True))


def hidden_pairs(areas):
    """Pairs of labels that overlap by more than the air above and beside their letters."""
    return sum(
        min(a[2], b[2]) - max(a[0], b[0]) > 2 and min(a[3], b[3]) - max(a[1], b[1]) > 4
        for i, a in enumerate(areas)
        for b in areas[:i]
    )


def test_six_names_do_not_hide_each_other():
    areas = boxes(HOTEL, charts.label_sides(HOTEL), (3, 7), (3, 7))
    assert hidden_pairs(areas) == 0
    assert all(area[0] >= 0 and area[2] <= 280 for area in areas)


def test_24_numbers_of_the_kiosk_survey_do_not_hide_each_other(kiosk):
    spans = {"importance": (3.4, 7), "performance": (3.8, 6)}
    sides = charts.label_sides(kiosk, **spans)
    everything_right = pd.Series("right", kiosk.index)
    assert hidden_pairs(boxes(kiosk, sides, **spans)) == 0
    assert hidden_pairs(boxes(kiosk, everything_right, **spans)) > 5


def test_the_map_of_the_kiosk_survey_marks_the_five_of_r2_3(draw, kiosk):
    tables = charts.map_tables(kiosk, "data", importance=(3.4, 7), performance=(3.8, 6))
    drawn = draw(charts.importance_performance_map(**tables))
    urgent = [item["shape"] == "triangle-up" for item in points(drawn, tables)]
    assert kiosk.index[urgent].tolist() == ["07", "10", "11", "16", "23"]


def advice_table():
    advice = ipa.compare_modes(HOTEL)
    names = advice.apply(lambda column: column.map(charts.advice_names()))
    return names.assign(changes=ipa.advice_changes(advice)).rename_axis("attribute").reset_index()


def test_the_grid_has_a_sign_for_every_attribute_and_rule(draw):
    rules = {"scale": "Middle", "data": "Averages", "diagonal": "Diagonal"}
    drawn = draw(charts.advice_by_rule(advice_table(), rules))
    signs = pd.DataFrame(drawn("symbol")).query("size == 170")
    columns = sorted(signs["x"].unique())
    assert len(signs) == 18
    assert len(columns) == 3
    middle, averages = (signs[signs["x"] == x].sort_values("y")["shape"] for x in columns[:2])
    assert set(middle) == {"circle"}
    assert averages.tolist() == [
        "triangle-up",
        "circle",
        "square",
        "circle",
        "diamond",
        "diamond",
    ]
    assert set(HOTEL.index) <= texts(drawn)


def test_the_grid_tints_the_rows_that_change(draw):
    drawn = draw(charts.advice_by_rule(advice_table(), {"scale": "Middle"}))
    tinted = [item["fill"] != "transparent" for item in sorted(drawn("rect"), key=lambda r: r["y"])]
    assert tinted == [True, False, True, False, True, True]


def test_shortfalls_point_left_and_the_largest_comes_first(draw):
    table = ipa.shortfalls(HOTEL).rename_axis("attribute").reset_index(name="shortfall")
    drawn = draw(charts.shortfall_bars(table))
    bars = [item for item in drawn("rule") if item.get("strokeWidth") == 14]
    lengths = [item["x"] - item["x2"] for item in sorted(bars, key=lambda item: item["y"])]
    assert lengths == sorted(lengths)
    assert [length < 0 for length in lengths] == [True] * 4 + [False] * 2
    assert {"−1.50", "−0.90", "−0.60", "−0.20", "+0.10", "+1.20"} <= texts(drawn)
