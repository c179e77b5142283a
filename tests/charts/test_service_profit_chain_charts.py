import re

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import service_profit_chain as charts
from servicequality.charts.theme import ACCENT, CONTRAST

NARROW, WIDE = 330, 700


def nodes():
    return pd.DataFrame(
        [("better|tools", 1, 0, True), ("productive|staff", 2, 2, False), ("profit", 2, 4, True)],
        columns=["name", "column", "row", "end"],
    )


def paths(first=0.5, second=0.2):
    return pd.DataFrame(
        {
            "x": [1, 2],
            "y": [0, 2],
            "x2": [2, 2],
            "y2": [2, 4],
            "value": [first, second],
            "words": [f"{first:.2f}", f"{second:.2f}"],
            "at": [0.5, 0.5],
        }
    )


def effects():
    return pd.DataFrame(
        {
            "name": ["better tools → profit", "staff are productive → profit"],
            "direct": [0.0, 0.2],
            "total": [0.1, 0.4],
            "words": ["0.100", "0.400"],
        }
    )


@pytest.mark.parametrize(
    ("chart", "tables"),
    [
        (charts.path_diagram, {"nodes", "paths"}),
        (charts.effect_bars, {"effects"}),
        (charts.survey, {"units", "fit"}),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, tables):
    spec = chart(**{name: alt.NamedData(name=name) for name in tables}).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == tables


def test_a_link_is_as_wide_as_it_is_strong_and_a_negative_one_is_dashed(draw):
    strong, weak = draw(charts.path_diagram(nodes(), paths(0.6, 0.2)))("rule")
    assert strong["strokeWidth"] == pytest.approx(3 * weak["strokeWidth"])
    assert strong["stroke"] == ACCENT
    hindering = draw(charts.path_diagram(nodes(), paths(0.6, -0.2)))("rule")[1]
    assert hindering["stroke"] == CONTRAST
    assert hindering["strokeDash"] == [6, 4]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_names_fit_into_their_boxes(draw, width):
    drawn = draw(charts.path_diagram(nodes(), paths()), width)
    boxes = [box for box in drawn("rect") if box["width"] < width / 2]
    assert len(boxes) == 3
    assert all(box["width"] > 6.7 * len("productive") for box in boxes)
    link = drawn("rule")[0]
    tools = boxes[0]
    assert link["x"] == pytest.approx(tools["x"] + tools["width"] / 2)


def test_bars_begin_at_zero_and_show_the_direct_part(draw):
    drawn = draw(charts.effect_bars(effects()))
    total = [bar for bar in drawn("rect") if bar["fill"] == ACCENT]
    (direct,) = [bar for bar in drawn("rect") if bar["fill"] == CONTRAST]
    assert total[1]["width"] == pytest.approx(4 * total[0]["width"])
    assert direct["width"] == pytest.approx(total[1]["width"] / 2)
    assert direct["x"] == total[0]["x"] == total[1]["x"]


def test_the_cloud_has_a_dot_for_each_unit_and_its_line(draw):
    units = pd.DataFrame({"tools": [-1.0, 0.0, 1.0], "profit": [0.0, 1.0, -1.0]})
    fit = pd.DataFrame({"tools": [-3, 3], "profit": [-0.3, 0.3], "words": "correlation 0.100"})
    drawn = draw(charts.survey(units, fit), NARROW)
    assert len(drawn("symbol")) == 3
    low, high = drawn("line")
    assert low["y"] > high["y"]
    assert sum(text["text"] == "correlation 0.100" for text in drawn("text")) == 2
