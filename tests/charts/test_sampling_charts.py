import re

import altair as alt
import numpy as np
import pandas as pd
import pytest

from servicequality.charts import sampling as charts
from servicequality.charts.theme import ACCENT, CONTRAST

NARROW, WIDE = 330, 700


def plan():
    return pd.DataFrame({"population": [100, 1e4, 1e7], "answers": [100, 1000, 10_000]})


def cities(answers=335):
    return pd.DataFrame(
        {
            "population": [2_000, 1_000_000],
            "answers": [287, answers],
            "words": ["2,000 people:|ask 287", "1,000,000 people:|ask 335"],
            "west": [True, False],
        }
    )


def surveys():
    return pd.DataFrame(
        {
            "rank": [1, 2, 3],
            "lower": [3.8, 3.9, 4.1],
            "upper": [4.1, 4.2, 4.4],
            "covers": [True, True, False],
        }
    )


def errors(bias=0.25):
    return {
        "curve": pd.DataFrame(
            {"answers": [10, 1000, 100_000], "error": [0.5, 0.26, 0.25], "chance": [0.4, 0.04, 0]}
        ),
        "floor": pd.DataFrame({"bias": [bias], "words": ["bias 0.250"]}),
        "here": pd.DataFrame({"answers": [1000], "error": [0.26], "words": ["0.260"]}),
    }


@pytest.mark.parametrize(
    ("chart", "names"),
    [
        (charts.answers_needed, {"plan", "cities"}),
        (charts.survey_intervals, {"surveys", "truth"}),
        (charts.error_curve, {"curve", "floor", "here"}),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, names):
    spec = chart(**{name: alt.NamedData(name=name) for name in names}).to_dict()
    assert spec["width"] == "container"
    named = set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec)))
    assert names <= named


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_each_power_of_ten_is_a_step_of_the_same_length(draw, width):
    drawn = draw(charts.answers_needed(plan(), cities()), width)
    line = [item for item in drawn("line") if item["stroke"] == ACCENT]
    steps = [(line[1]["x"] - line[0]["x"]) / 2, (line[2]["x"] - line[1]["x"]) / 3]
    assert steps[0] == pytest.approx(steps[1])
    assert line[0]["y"] - line[1]["y"] == pytest.approx(line[1]["y"] - line[2]["y"])


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_names_of_two_places_do_not_touch(draw, width):
    drawn = draw(charts.answers_needed(plan(), cities()), width)
    places = {str(item["text"]): item for item in drawn("text")}
    town = next(item for text, item in places.items() if "2,000 people:" in text)
    city = next(item for text, item in places.items() if "1,000,000" in text)
    assert (town["align"], city["align"]) == ("left", "right")
    assert city["dy"] - town["dy"] > 2 * 16


def test_a_place_whose_answers_are_not_known_has_a_name_but_no_mark(draw):
    known = draw(charts.answers_needed(plan(), cities()))
    unknown = draw(charts.answers_needed(plan(), cities(np.nan)))
    assert len(known("symbol")) == 2
    assert len(unknown("symbol")) == 1
    assert len(unknown("text")) == len(known("text"))


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_an_interval_that_misses_the_truth_is_orange_and_lies_beside_it(draw, width):
    truth = pd.DataFrame({"value": [4.0], "words": ["truth 4.0"]})
    drawn = draw(charts.survey_intervals(surveys(), truth), width)
    pile = [rule for rule in drawn("rule") if rule["stroke"] in (ACCENT, CONTRAST)]
    (line,) = [rule for rule in drawn("rule") if rule not in pile]
    assert [rule["stroke"] for rule in pile] == [ACCENT, ACCENT, CONTRAST]
    ends = [sorted((rule["x"], rule["x2"])) for rule in pile]
    assert all(low < line["x"] < high for low, high in ends[:2])
    assert line["x"] < ends[2][0]
    assert pile[0]["y"] > pile[1]["y"] > pile[2]["y"]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_error_stays_above_the_bias(draw, width):
    drawn = draw(charts.error_curve(**errors()), width)
    error = [item for item in drawn("line") if item["stroke"] == ACCENT]
    (floor,) = drawn("rule")
    assert all(item["y"] <= floor["y"] for item in error)
    (here,) = drawn("symbol")
    assert (here["x"], here["y"]) == (error[1]["x"], error[1]["y"])
    assert "0.260" in {item["text"] for item in drawn("text")}
