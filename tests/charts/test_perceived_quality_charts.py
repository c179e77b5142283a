import re

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import perceived_quality as charts
from servicequality.charts.theme import ACCENT, CONTRAST
from servicequality.models import perceived_quality

NARROW, WIDE = 330, 700


def line(level, rho=-2.0):
    return perceived_quality.iso_quality(level, 0.6, rho, points=11).assign(level=level)


def quality_map(technical=95, functional=35, expected=75):
    here = pd.DataFrame(
        {"technical": [technical], "functional": [functional], "experienced": [50.4]}
    )
    contours = pd.concat([line(20), line(40)])
    return charts.quality_map(contours, line(expected), here)


def texts(drawn):
    return {item["text"]: item for item in drawn("text")}


@pytest.mark.parametrize(
    ("chart", "tables"),
    [
        (charts.quality_map, ["contours", "expected", "here"]),
        (charts.gap_gains, ["gains"]),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, tables):
    spec = chart(**{name: alt.NamedData(name=name) for name in tables}).to_dict()
    assert spec["width"] == "container"
    asked = set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec)))
    assert set(tables) <= asked


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("corner", [(0, 0), (0, 100), (100, 0), (100, 100), (95, 35)])
def test_the_label_of_the_dot_stays_on_the_map(draw, width, corner):
    drawn = draw(quality_map(*corner), width)
    label = texts(drawn)["experienced 50.4"]
    (dot,) = drawn("symbol")
    wide = 8.5 * len("experienced 50.4")
    assert (label["align"] == "right") is (corner[0] > 60)
    assert dot["x"] + (13 if label["align"] == "left" else -13 - wide) >= 0
    assert dot["y"] + label.get("dy", 0) >= 0


def test_lines_are_named_where_result_and_manner_are_equal(draw):
    drawn = draw(quality_map())
    labels = texts(drawn)
    (dot,) = drawn("symbol")
    assert {"20", "40", "expected 75", "good enough"} <= set(labels)
    across, down = dot["x"] / 95, 380 - dot["y"]
    assert labels["40"]["x"] == pytest.approx(40 * across)
    assert 380 - labels["40"]["y"] == pytest.approx(40 * down / 35)


def test_the_answer_now_chosen_stands_out_in_both_colours(draw):
    gains = pd.DataFrame(
        {
            "idea": ["Fully", "Weakly"],
            "chosen": [False, True],
            "technical": [3.0, 0.4],
            "functional": [2.0, 5.8],
        }
    )
    bars = [bar for bar in draw(charts.gap_gains(gains))("rect") if bar["width"] > 0]
    strong = [bar for bar in bars if bar.get("opacity", 1) == 1]
    assert {bar["fill"] for bar in strong} == {ACCENT, CONTRAST}
    width = {bar["fill"]: bar["width"] for bar in strong}
    assert width[CONTRAST] / width[ACCENT] == pytest.approx(5.8 / 0.4)
    assert {"+0.4", "+5.8", "+3.0", "+2.0"} <= set(texts(draw(charts.gap_gains(gains))))


def test_the_axis_of_gains_stays_put_and_grows_only_when_it_must(draw):
    def widest(value):
        gains = pd.DataFrame(
            {"idea": ["Fully"], "chosen": [True], "technical": [value], "functional": [1.0]}
        )
        return max(bar["width"] for bar in draw(charts.gap_gains(gains))("rect"))

    assert widest(6) == pytest.approx(2 * widest(3))
    assert widest(30) < 400
