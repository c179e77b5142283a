import re

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import loyalty as charts
from servicequality.charts.theme import ACCENT, CONTRAST, GREY

NARROW, WIDE = 330, 700


def tables():
    return {
        "family": pd.DataFrame(
            {
                "market": [0, 0, 0, 1, 1, 1],
                "satisfaction": [1, 2.5, 5] * 2,
                "stay": [76, 82, 96, 8, 9, 89],
                "words": ["", "monopoly", "", "", "car maker", ""],
            }
        ),
        "curve": pd.DataFrame({"satisfaction": [1, 3, 5], "stay": [8, 9, 89]}),
        "levels": pd.DataFrame(
            {
                "satisfaction": [1, 2, 3, 4, 5],
                "stay": [8, 8.4, 9, 20, 89],
                "share": [0.05, 0.1, 0.15, 0.6, 0.1],
                "words": ["5 %", "10 %", "15 %", "60 %", "9.9 %"],
            }
        ),
        "cuts": pd.DataFrame({"attitude": [3.5], "patronage": [50]}),
    }


def moves():
    return pd.DataFrame(
        {
            "name": ["1 to 2", "4 to 5"],
            "gain": [2.0, 6.0],
            "words": ["+2.0; 5 points not possible", "+6.0; for 5 points lift 8.3 %"],
            "chosen": [False, True],
        }
    )


@pytest.mark.parametrize(
    ("chart", "names"),
    [
        (charts.loyalty_curve, {"family", "curve", "levels", "cuts"}),
        (charts.stay_bars, {"shares"}),
        (charts.move_bars, {"moves"}),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, names):
    spec = chart(**{name: alt.NamedData(name=name) for name in names}).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == names


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_bubbles_stand_on_the_curve_and_grow_with_their_share(draw, width):
    drawn = draw(charts.loyalty_curve(**tables()), width)
    bubbles = drawn("symbol")
    assert bubbles[3]["size"] == pytest.approx(4 * bubbles[2]["size"])
    line = [item for item in drawn("line") if item.get("stroke") == ACCENT]
    assert (line[0]["x"], line[0]["y"]) == (bubbles[0]["x"], bubbles[0]["y"])
    assert (line[2]["x"], line[2]["y"]) == (bubbles[4]["x"], bubbles[4]["y"])
    grey = [item for item in drawn("line") if item.get("stroke") == GREY]
    assert len(grey) == 6


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_four_kinds_of_loyalty_are_named_apart_from_each_other_and_from_the_bubbles(
    draw, width
):
    drawn = draw(charts.loyalty_curve(**tables()), width)
    place = {item["text"]: item for item in drawn("text")}
    letter = 7.2
    assert place["no loyalty"]["x"] + letter * len("no loyalty") < (
        place["satisfied, but gone"]["x"] - letter * len("satisfied, but gone")
    )
    assert place["captive"]["y"] == place["true loyalty"]["y"] < place["9.9 %"]["y"] - 12
    assert place["no loyalty"]["y"] > max(bubble["y"] for bubble in drawn("symbol")) + 14


def test_a_covered_picture_has_no_curve_of_its_own(draw):
    covered = tables() | {"curve": tables()["curve"].iloc[:0]}
    lines = draw(charts.loyalty_curve(**covered))("line")
    assert {item["stroke"] for item in lines} == {GREY}


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_bars_are_parts_of_a_hundred(draw, width):
    shares = pd.DataFrame(
        {
            "name": ["satisfied", "stay"],
            "percent": [70.0, 35.0],
            "words": ["70.0", "35.0"],
            "stays": [False, True],
        }
    )
    bars = draw(charts.stay_bars(shares), width)("rect")
    whole, (satisfied, stay) = bars[0]["width"], bars[2:]
    assert satisfied["width"] == pytest.approx(0.7 * whole)
    assert stay["width"] == pytest.approx(0.35 * whole)
    assert (satisfied["fill"], stay["fill"]) == (CONTRAST, ACCENT)


def test_steps_are_as_long_as_their_gain_and_the_chosen_one_stands_out(draw):
    low, high = draw(charts.move_bars(moves()), NARROW)("rect")
    assert high["width"] == pytest.approx(3 * low["width"])
    assert (low["fill"], high["fill"]) == (ACCENT, CONTRAST)
