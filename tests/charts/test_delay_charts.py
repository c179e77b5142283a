import re

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import delays as charts
from servicequality.charts.theme import ACCENT, CONTRAST

NARROW, WIDE = 330, 700
SHARE = "share of the trains"


@pytest.fixture
def bins():
    return pd.DataFrame(
        {
            "low": [-20, 0, 20, 120],
            "high": [0, 20, 40, 140],
            "share": [0.4, 0.3, 0.2, 0.1],
            "late": [False, False, True, True],
        }
    )


@pytest.fixture
def marks():
    return pd.DataFrame({"minutes": [-5, 20], "words": ["median", "late from here"], "row": [0, 1]})


def test_a_chart_is_complete_before_its_data_come():
    tables = {"bins", "marks"}
    named = {name: alt.NamedData(name=name) for name in tables}
    spec = charts.delay_bars(**named, title=SHARE).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == tables


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_bars_are_as_high_as_their_shares_and_late_ones_stand_out(draw, bins, marks, width):
    drawn = draw(charts.delay_bars(bins, marks, SHARE), width)
    bars = sorted(drawn("rect"), key=lambda bar: bar["x"])
    heights = [bar["height"] / bars[0]["height"] for bar in bars]
    assert heights == pytest.approx([1, 0.75, 0.5, 0.25])
    assert [bar["fill"] for bar in bars] == [ACCENT, ACCENT, CONTRAST, CONTRAST]
    assert len({round(bar["width"], 6) for bar in bars}) == 1


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_each_mark_stands_at_its_minute_with_words_of_its_own_height(draw, bins, marks, width):
    drawn = draw(charts.delay_bars(bins, marks, SHARE), width)
    bars = sorted(drawn("rect"), key=lambda bar: bar["x"])
    late = min(bar["x"] for bar in bars if bar["fill"] == CONTRAST)
    rules = sorted(rule["x"] for rule in drawn("rule"))
    assert rules[1] == pytest.approx(late)
    assert rules[0] == pytest.approx(bars[0]["x"] + 0.75 * bars[0]["width"])
    texts = {item["text"]: item for item in drawn("text")}
    assert texts["late from here"]["y"] > texts["median"]["y"] + 15


def test_the_last_bar_says_that_it_holds_the_rest(draw, bins, marks):
    spec = str(charts.delay_bars(bins, marks, SHARE).to_dict())
    assert f"datum.value === {charts.LATEST} ? '+'" in spec
