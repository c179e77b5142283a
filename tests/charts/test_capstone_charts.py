import re

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import capstone as charts
from servicequality.charts.theme import ACCENT, GREY, SOFT


@pytest.fixture
def table():
    lines = pd.DataFrame({"year": [2015, 2016, 2017] * 2, "value": [70, 71, 67, 72, 73, 71]})
    lines["name"] = ["here"] * 3 + ["there"] * 3
    lines["other"] = lines["name"] == "there"
    return lines.assign(words=lines["name"].where(lines["year"] == 2015, ""), above=lines["other"])


def test_a_chart_is_complete_before_its_data_come():
    lines = charts.two_lines_over_years(alt.NamedData(name="lines"), "share", (60, 80)).to_dict()
    assert lines["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(lines))) == {"lines"}


@pytest.mark.parametrize("width", [330, 700])
def test_two_lines_differ_in_colour_and_dashes_and_carry_their_names(draw, table, width):
    drawn = draw(charts.two_lines_over_years(table, "share", (60, 80)), width)
    looks = {item["stroke"]: item.get("strokeDash") for item in drawn("line")}
    assert looks == {GREY: [8, 3], ACCENT: None}
    first = {item["stroke"]: item for item in drawn("line") if item["x"] == 0}
    words = {item["text"]: item for item in drawn("text") if item.get("fill") == SOFT}
    assert set(words) == {"here", "there"}
    for name, colour in {"here": ACCENT, "there": GREY}.items():
        assert words[name]["y"] == pytest.approx(first[colour]["y"], abs=1)
    assert words["there"]["dy"] < 0 < words["here"]["dy"]


def test_years_are_written_without_a_comma_and_the_upright_axis_stays(table):
    spec = charts.two_lines_over_years(table, "share", (60, 80)).to_dict()
    for layer in spec["layer"]:
        assert layer["encoding"]["x"]["axis"]["format"] == "d"
        assert layer["encoding"]["y"]["scale"] == {"domain": [60, 80], "nice": False}
