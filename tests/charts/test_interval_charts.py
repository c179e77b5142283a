import re

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import intervals as charts
from servicequality.charts.theme import ACCENT, CONTRAST, INK, SOFT

NARROW, WIDE = 330, 700
SCALE, LINE = "points, from −2 to 2", "no gap"


@pytest.fixture
def gaps():
    return pd.DataFrame(
        {
            "name": ["speed", "looks", "manners"],
            "value": [-1.0, -0.2, 0.8],
            "lower": [-1.5, -0.9, 0.3],
            "upper": [-0.5, 0.5, 1.3],
            "words": ["−1.0", "−0.2", "+0.8"],
            "line": 0.0,
        }
    )


def test_a_chart_is_complete_before_its_data_come():
    spec = charts.interval_rows(alt.NamedData(name="rows"), SCALE, LINE).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == {"rows"}


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_side_of_the_line_shows_in_colour_and_shape(draw, gaps, width):
    drawn = draw(charts.interval_rows(gaps, SCALE, LINE), width)
    points = sorted(drawn("symbol"), key=lambda point: point["y"])
    assert [point["fill"] for point in points] == [CONTRAST, SOFT, ACCENT]
    assert [point["shape"] for point in points] == ["square", "circle", "diamond"]
    (line,) = [rule for rule in drawn("rule") if rule["stroke"] == INK]
    assert points[0]["x"] < points[1]["x"] < line["x"] < points[2]["x"]
    assert all(0 < point["x"] < width for point in points)
    texts = {item["text"]: item for item in drawn("text")}
    for point, name, words in zip(points, gaps["name"], gaps["words"], strict=True):
        assert texts[name]["y"] == texts[words]["y"] < point["y"]
    assert texts[LINE]["x"] == line["x"]
    assert texts[LINE]["y"] < min(texts[name]["y"] for name in gaps["name"])


def test_intervals_reach_from_end_to_end(draw, gaps):
    drawn = draw(charts.interval_rows(gaps, SCALE, LINE))
    rules = [rule for rule in drawn("rule") if rule["stroke"] != INK]
    rules.sort(key=lambda rule: rule["y"])
    points = sorted(drawn("symbol"), key=lambda point: point["y"])
    pixels = (points[2]["x"] - points[0]["x"]) / 1.8
    for rule, row, point in zip(rules, gaps.itertuples(), points, strict=True):
        ends = sorted([rule["x"], rule["x2"]])
        assert point["x"] - ends[0] == pytest.approx(pixels * (row.value - row.lower))
        assert ends[1] - point["x"] == pytest.approx(pixels * (row.upper - row.value))


def test_a_line_at_the_end_of_an_interval_crosses_it(draw, gaps):
    touching = gaps.assign(line=[-0.5] * 3)
    points = sorted(
        draw(charts.interval_rows(touching, SCALE, LINE))("symbol"), key=lambda p: p["y"]
    )
    assert [point["shape"] for point in points] == ["circle", "circle", "diamond"]


def test_no_text_is_crossed_by_the_line(draw, gaps):
    """A white strip lies between the line and the words of each row."""
    drawn = draw(charts.interval_rows(gaps, SCALE, LINE), NARROW)
    strips = drawn("rect")
    assert {strip["fill"] for strip in strips} == {"white"}
    for name in gaps["name"]:
        (text,) = [item for item in drawn("text") if item["text"] == name]
        assert any(s["y"] < text["y"] < s["y"] + s["height"] for s in strips)


def test_a_given_scale_stays_when_the_rows_move(draw, gaps):
    def line(rows):
        chart = charts.interval_rows(rows, SCALE, LINE, ends=(-2, 2))
        return next(rule["x"] for rule in draw(chart)("rule") if rule["stroke"] == INK)

    assert line(gaps) == pytest.approx(200, abs=8), "the middle of the scale"
    moved = gaps.assign(value=gaps["value"] / 4, lower=gaps["lower"] / 4, upper=gaps["upper"] / 4)
    assert line(gaps) == pytest.approx(line(moved))
