import re

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import lines as charts
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, SOFT

NAMES = ("steady", "mixed", "rough")


@pytest.fixture
def table():
    heights = {"steady": (1, 3), "mixed": (1, 2), "rough": (1, 1)}
    rows = [(x, y, name) for name, pair in heights.items() for x, y in enumerate(pair)]
    lines = pd.DataFrame(rows, columns=["x", "y", "name"])
    return lines.assign(words=lines["name"].where(lines["x"] == 1, ""))


def test_a_chart_is_complete_before_its_data_come():
    spec = charts.named_lines(alt.NamedData(name="lines"), NAMES, "visits", "mean").to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == {"lines"}


@pytest.mark.parametrize("width", [330, 700])
def test_lines_differ_in_colour_and_dashes_and_carry_their_names(draw, table, width):
    drawn = draw(charts.named_lines(table, NAMES, "visits", "mean"), width)
    looks = {}
    for item in drawn("line"):
        looks.setdefault(item["stroke"], item.get("strokeDash"))
    assert list(looks) == [ACCENT, CONTRAST, GREY]
    assert len({str(dash) for dash in looks.values()}) == 3
    ends = {item["stroke"]: item for item in drawn("line") if item["x"] > 0}
    words = {item["text"]: item for item in drawn("text") if item.get("fill") == SOFT}
    assert set(words) == set(NAMES), "a name stands where `words` is not empty, and only there"
    for name, colour in zip(NAMES, looks, strict=True):
        assert words[name]["y"] == pytest.approx(ends[colour]["y"], abs=1)
        assert words[name]["x"] <= width
    sides = [(words[name]["align"], words[name]["dy"] < 0) for name in NAMES]
    assert sides == [("left", True), ("left", True), ("right", False)]


def test_two_lines_are_enough(draw, table):
    two = table[table["name"] != "rough"]
    drawn = draw(charts.named_lines(two, NAMES[:2], "visits", "mean"))
    assert {item["stroke"] for item in drawn("line")} == {ACCENT, CONTRAST}
