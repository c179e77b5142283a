import re

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import make_or_buy as charts
from servicequality.charts.theme import ACCENT, CONTRAST

NARROW, WIDE = 330, 700


@pytest.fixture
def factors():
    return pd.DataFrame(
        {
            "name": ["money", "time"],
            "lowest": [0.1, 0.5],
            "highest": [0.6, 0.9],
            "words": ["10 to 60 %", "50 to 90 %"],
        }
    )


def now(probability=0.6):
    return pd.DataFrame({"probability": [probability], "words": ["now"]})


def test_a_chart_is_complete_before_its_data_come():
    spec = charts.tornado(alt.NamedData(name="factors"), alt.NamedData(name="now")).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == {"factors", "now"}


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_bar_spans_what_a_factor_could_do(draw, factors, width):
    drawn = draw(charts.tornado(factors, now()), width)
    bars = sorted((bar for bar in drawn("rect") if bar["fill"] == ACCENT), key=lambda b: b["y"])
    whole = bars[0]["width"] / 0.5
    assert whole > 0.9 * width
    assert bars[1]["width"] == pytest.approx(0.4 * whole, abs=1)
    assert bars[1]["x"] - bars[0]["x"] == pytest.approx(0.4 * whole, abs=1)
    (line,) = (rule for rule in drawn("rule") if rule["stroke"] == CONTRAST)
    assert line["x"] - bars[0]["x"] == pytest.approx(0.5 * whole, abs=1)


def test_names_stand_above_their_bars_in_order(draw, factors):
    drawn = draw(charts.tornado(factors.iloc[::-1], now()))
    texts = {item["text"]: item for item in drawn("text")}
    assert texts["time"]["y"] < texts["money"]["y"]
    assert texts["time"]["y"] == texts["50 to 90 %"]["y"]


@pytest.mark.parametrize(("probability", "side"), [(0.02, "left"), (0.98, "right")])
def test_the_present_chance_is_named_inside_the_picture(draw, factors, probability, side):
    texts = draw(charts.tornado(factors, now(probability)))("text")
    assert next(item for item in texts if item["text"] == "now")["align"] == side
