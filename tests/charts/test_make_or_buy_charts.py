import re

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import make_or_buy as charts
from servicequality.charts.theme import ACCENT, CONTRAST, LINE

NARROW, WIDE = 330, 700


@pytest.fixture
def factors():
    return pd.DataFrame(
        {
            "name": ["money", "time"],
            "lowest": [0.1, 0.5],
            "highest": [0.6, 0.9],
            "now": 0.6,
            "words": ["10 to 60 %", "50 to 90 %"],
        }
    )


def now(probability=0.6):
    return pd.DataFrame({"probability": [probability], "words": ["60 %"]})


@pytest.mark.parametrize(
    ("chart", "tables"), [(charts.tornado, {"factors", "now"}), (charts.leaning, {"now"})]
)
def test_a_chart_is_complete_before_its_data_come(chart, tables):
    spec = chart(**{name: alt.NamedData(name=name) for name in tables}).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == tables


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize(("probability", "colour"), [(0.3, CONTRAST), (0.5, ACCENT), (0.8, ACCENT)])
def test_the_bar_leans_as_far_as_the_chance(draw, width, probability, colour):
    drawn = draw(charts.leaning(now(probability)), width)
    (bar,) = (item for item in drawn("rect") if item["fill"] == colour)
    (track,) = (item for item in drawn("rect") if item["fill"] == LINE)
    assert bar["width"] / track["width"] == pytest.approx(probability, abs=0.01)
    (half,) = drawn("rule")
    assert half["x"] - track["x"] == pytest.approx(track["width"] / 2, abs=1)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_bar_spans_what_a_factor_could_do(draw, factors, width):
    drawn = draw(charts.tornado(factors, now()), width)
    bars = sorted((bar for bar in drawn("rect") if bar["fill"] == ACCENT), key=lambda b: b["y"])
    whole = bars[0]["width"] / 0.5
    assert whole > 0.9 * width
    assert bars[1]["width"] == pytest.approx(0.4 * whole, abs=1)
    assert bars[1]["x"] - bars[0]["x"] == pytest.approx(0.4 * whole, abs=1)
    lines = sorted(
        (rule for rule in drawn("rule") if rule["stroke"] == CONTRAST), key=lambda r: r["y"]
    )
    for line, bar in zip(lines, bars, strict=True):
        assert line["x"] - bars[0]["x"] == pytest.approx(0.5 * whole, abs=1)
        assert line["y"] < bar["y"], "it stands on its bar, and crosses no name"


def test_names_stand_above_their_bars_in_order(draw, factors):
    drawn = draw(charts.tornado(factors.iloc[::-1], now()))
    texts = {item["text"]: item for item in drawn("text")}
    assert texts["time"]["y"] < texts["money"]["y"]
    assert texts["time"]["y"] == texts["50 to 90 %"]["y"]


@pytest.mark.parametrize(("probability", "side"), [(0.02, "left"), (0.98, "right")])
def test_the_present_chance_is_named_inside_the_picture(draw, factors, probability, side):
    texts = draw(charts.tornado(factors, now(probability)))("text")
    assert next(item for item in texts if item["text"] == "now 60 %")["align"] == side
