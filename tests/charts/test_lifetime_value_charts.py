import re

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import lifetime_value as charts
from servicequality.charts.theme import ACCENT, CONTRAST, GREY

NARROW, WIDE = 330, 700


def years(more=10):
    return pd.DataFrame(
        {
            "year": [1, 2, 3],
            "today": [100.0, 50, 25],
            "then": [100.0, 50 + more, 25 + more],
            "counted": [True, True, False],
        }
    )


def key():
    return pd.DataFrame(
        {"line": [1, 2], "words": ["today 550", "5 more: +33 %"], "more": [False, True]}
    )


def points():
    return pd.DataFrame(
        {
            "retention": [90, 95],
            "value": [5.5, 7.3],
            "words": ["5.50", "7.33"],
            "more": [False, True],
        }
    )


def bases():
    return pd.DataFrame(
        {
            "year": [0, 30, 0, 30],
            "customers": [1000, 5000, 1000, 8000],
            "more": [False, False, True, True],
        }
    )


def ends(high=8000):
    return pd.DataFrame(
        {
            "year": 30,
            "customers": [5000, high],
            "words": ["90: 5,000 in the end", "95: 10,000 in the end"],
            "more": [False, True],
        }
    )


@pytest.mark.parametrize(
    ("chart", "names"),
    [
        (charts.margin_years, {"years", "key"}),
        (charts.value_curve, {"curve", "points"}),
        (charts.gain_bars, {"gains"}),
        (charts.cost_bars, {"costs"}),
        (charts.bucket, {"bases", "ends"}),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, names):
    spec = chart(**{name: alt.NamedData(name=name) for name in names}).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == names


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_what_is_added_stands_on_top_of_what_is_there(draw, width):
    bars = draw(charts.margin_years(years(), key()), width)("rect")
    today, more = bars[:3], bars[3:]
    assert [bar["fill"] for bar in today[:2]] == [ACCENT, ACCENT]
    assert [bar["fill"] for bar in more[:2]] == [CONTRAST, CONTRAST]
    assert more[1]["y"] + more[1]["height"] == pytest.approx(today[1]["y"])
    assert more[1]["height"] == pytest.approx(0.2 * today[1]["height"])
    # A year that does not count is pale.
    assert today[2]["fill"] not in (ACCENT, CONTRAST)
    assert more[2]["fill"] not in (ACCENT, CONTRAST)


def test_a_covered_picture_shows_nothing_added(draw):
    bars = draw(charts.margin_years(years(more=0), key()))("rect")
    assert all(bar.get("height", 0) == 0 for bar in bars[3:])


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_curve_stops_where_the_picture_ends(draw, width):
    curve = pd.DataFrame({"retention": [50, 90, 95, 99], "value": [2, 10, 20, 100]})
    drawn = draw(charts.value_curve(curve, points()), width)
    assert len(drawn("line")) == 3
    today, then = drawn("symbol")
    assert today["x"] < then["x"]
    assert today["y"] > then["y"]
    assert (today["fill"], then["fill"]) == (ACCENT, CONTRAST)
    words = {item["text"]: item for item in drawn("text")}
    assert words["5.50"]["dy"] > 0 > words["7.33"]["dy"]


@pytest.mark.parametrize(
    ("chart", "field", "most"), [(charts.gain_bars, "gain", 100), (charts.cost_bars, "cost", 400)]
)
def test_bars_keep_to_one_scale(draw, chart, field, most):
    def bars(values):
        table = pd.DataFrame(
            {"name": ["a", "b"], field: values, "words": ["x", "y"], "chosen": [False, True]}
        )
        return draw(chart(table))("rect")

    half, full = bars([most / 2, most])
    assert full["width"] == pytest.approx(2 * half["width"])
    assert (half["fill"], full["fill"]) == (GREY, CONTRAST)
    small = bars([most / 4, 1])[0]
    assert small["width"] == pytest.approx(half["width"] / 2)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_two_ends_of_the_bucket_are_named_apart(draw, width):
    drawn = draw(charts.bucket(bases(), ends()), width)
    assert {item["stroke"] for item in drawn("line")} == {ACCENT, CONTRAST}
    low, high = (
        next(item for item in drawn("text") if item["text"] == words and item["fill"] != "white")
        for words in ends()["words"]
    )
    assert low["dy"] > 0 > high["dy"]
    crowded = draw(charts.bucket(bases(), ends(high=9800)), width)("text")
    assert all(item["dy"] > 0 for item in crowded)
