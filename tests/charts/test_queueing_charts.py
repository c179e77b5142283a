import re

import altair as alt
import numpy as np
import pandas as pd
import pytest

from servicequality.charts import queueing as charts
from servicequality.charts.theme import ACCENT, CONTRAST

NARROW, WIDE = 330, 700
SHARES = np.arange(0, 0.65, 0.01)


def waits():
    return pd.DataFrame({"share": SHARES, "wait": 1 / (0.667 - SHARES)})


def here(share=0.25, wait=7.0, simulated=7.1):
    return pd.DataFrame(
        {
            "share": [share],
            "wait": [wait],
            "simulated": [simulated],
            "formula": ["● formula 7.0 min"],
            "simulation": ["□ simulated 7.1 min"],
        }
    )


def moods():
    x = np.linspace(0, 1, 11)
    one = pd.DataFrame({"place": "bar", "chosen": True, "occupancy": x, "mood": 6 * x - 4 * x**2})
    two = pd.DataFrame({"place": "library", "chosen": False, "occupancy": x, "mood": x - 5 * x**2})
    return pd.concat([one, two])


def wall(share):
    return pd.DataFrame({"share": [share]})


def filled(drawn, colour):
    return [item for item in drawn("symbol") if item.get("fill") == colour]


@pytest.mark.parametrize(
    ("chart", "tables"),
    [
        (charts.wait_curve, {"waits", "wall", "here"}),
        (charts.wait_bars, {"bins", "mean"}),
        (charts.mood_curve, {"moods", "room"}),
        (charts.load_curve, {"bins", "proportional"}),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, tables):
    spec = chart(**{name: alt.NamedData(name=name) for name in tables}).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == tables


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_formula_and_simulation_stand_side_by_side_in_colour_and_shape(draw, width):
    drawn = draw(charts.wait_curve(waits(), wall(2 / 3), here()), width)
    (dot,) = filled(drawn, ACCENT)
    (ring,) = [item for item in drawn("symbol") if item.get("stroke") == CONTRAST]
    assert (dot["shape"], ring["shape"]) == ("circle", "square")
    assert dot["x"] == ring["x"]
    assert ring["y"] < dot["y"]
    texts = {item["text"]: item for item in drawn("text")}
    assert texts["□ simulated 7.1 min"]["x"] + 8 * len("□ simulated 7.1 min") < width


def test_the_wall_stands_where_the_line_has_no_end_and_goes_if_there_is_none(draw):
    drawn = draw(charts.wait_curve(waits(), wall(0.35), here()))
    (edge,) = [rule for rule in drawn("rule") if rule["stroke"] == CONTRAST]
    (dot,) = filled(drawn, ACCENT)
    assert edge["x"] / 0.35 == pytest.approx(dot["x"] / 0.25)
    none = draw(charts.wait_curve(waits(), wall(0.7), here()))
    assert not [rule for rule in none("rule") if rule["stroke"] == CONTRAST]
    assert not any("no end" in str(text["text"]) for text in none("text"))


def test_a_wait_that_is_too_long_stays_at_the_edge_and_one_without_limit_has_no_mark(draw):
    long = draw(charts.wait_curve(waits(), wall(2 / 3), here(0.65, 295.0, 330.0)))
    assert filled(long, ACCENT)[0]["y"] == 0
    endless = draw(charts.wait_curve(waits(), wall(0.2), here(0.65, np.nan, np.nan)))
    assert filled(endless, ACCENT) == []


def test_bars_are_as_high_as_their_shares(draw):
    bins = pd.DataFrame({"low": [0, 5, 60], "high": [5, 10, 65], "share": [0.6, 0.3, 0.1]})
    mean = pd.DataFrame({"wait": [7.0], "words": ["mean 7.0 min"]})
    drawn = draw(charts.wait_bars(bins, mean))
    bars = [bar for bar in drawn("rect") if bar.get("fill") == ACCENT]
    assert [bar["height"] / bars[0]["height"] for bar in bars] == pytest.approx([1, 0.5, 1 / 6])
    assert bars[2]["x"] == pytest.approx(12 * bars[1]["x"])


@pytest.mark.parametrize("full", [0.0, 0.74, 1.0])
def test_the_diamond_stands_on_the_curve_and_its_words_stay_inside(draw, full):
    room = pd.DataFrame(
        {
            "occupancy": [full],
            "mood": [6 * full - 4 * full**2],
            "words": [f"{full:.0%} full, mood +2.2"],
        }
    )
    drawn = draw(charts.mood_curve(moods(), room), NARROW)
    (dot,) = filled(drawn, CONTRAST)
    (word,) = [t for t in drawn("text") if "full" in str(t["text"]) and not t.get("stroke")]
    half = 7.5 * len(word["text"]) / (1 if word["align"] != "center" else 2)
    left = word["x"] - (half if word["align"] != "left" else 0)
    right = word["x"] + (half if word["align"] != "right" else 0)
    assert left >= -1
    assert right <= NARROW + 1
    assert dot["x"] == word["x"]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_load_curve_starts_at_zero_and_names_its_ends(draw, width):
    bins = pd.DataFrame(
        {
            "load": [10.0, 40.0, 80.0],
            "wait": [8.0, 12.0, 16.0],
            "servers": [2, 4, 5],
            "words": ["8 min", "", "16 min"],
        }
    )
    straight = pd.DataFrame({"load": [0, 20], "wait": [0, 16], "words": ["", "in proportion"]})
    drawn = draw(charts.load_curve(bins, straight), width)
    dots = sorted(filled(drawn, ACCENT), key=lambda dot: dot["x"])
    assert (dots[2]["x"] - dots[1]["x"]) / (dots[1]["x"] - dots[0]["x"]) == pytest.approx(40 / 30)
    start, end = (point for line in drawn("line") if line["stroke"] != ACCENT for point in [line])
    assert start["x"] + (dots[0]["x"] - start["x"]) * 2 == pytest.approx(end["x"])
    assert start["y"] > dots[0]["y"] > end["y"] == pytest.approx(dots[2]["y"])
    texts = {item["text"]: item for item in drawn("text")}
    assert {"8 min", "16 min", "in proportion"} <= set(texts)
    assert texts["16 min"]["x"] == pytest.approx(dots[2]["x"])
