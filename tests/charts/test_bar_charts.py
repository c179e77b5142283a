from functools import partial

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import bars as charts
from servicequality.charts.theme import ACCENT, CONTRAST, GREY

NARROW, WIDE = 330, 700


@pytest.fixture
def causes():
    return pd.DataFrame(
        {
            "name": ["queue", "signs", "food"],
            "value": [40, 20, 0],
            "words": ["40, or 67 %", "20, or 33 %", "none"],
            "chosen": [False, True, False],
        }
    )


@pytest.fixture
def hours():
    return pd.DataFrame({"hour": [0, 14, 23], "share": [0.1, 0.2, 0.05], "limit": 0.1})


@pytest.mark.parametrize(
    ("chart", "table"),
    [
        (charts.bar_rows, "rows"),
        (partial(charts.signed_rows, ends=(-1, 1)), "rows"),
        (charts.share_by_hour, "hours"),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, table):
    spec = chart(**{table: alt.NamedData(name=table)}).to_dict()
    assert spec["width"] == "container"
    assert f"'data': {{'name': '{table}'}}" in str(spec)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_bars_are_as_long_as_their_values_and_named_above(draw, causes, width):
    drawn = draw(charts.bar_rows(causes), width)
    bars = sorted(drawn("rect"), key=lambda bar: bar["y"])
    longest = bars[0]["width"]
    assert longest > 0.95 * width
    assert [bar["width"] for bar in bars] == pytest.approx([longest, longest / 2, 0])
    assert [bar["fill"] for bar in bars] == [ACCENT, CONTRAST, ACCENT]
    texts = {item["text"]: item for item in drawn("text")}
    for bar, name, words in zip(bars, causes["name"], causes["words"], strict=True):
        assert texts[name]["y"] == texts[words]["y"] < bar["y"]
        assert texts[name]["x"] == 0
        assert texts[words]["x"] == pytest.approx(longest)
        assert texts[words]["align"] == "right"


def test_bars_can_be_parts_of_a_whole(draw, causes):
    drawn = draw(charts.bar_rows(causes, whole=80))
    bars = sorted(drawn("rect"), key=lambda bar: bar["y"])
    assert [bar["width"] for bar in bars] == pytest.approx([200, 100, 0], abs=5)


def test_rows_keep_the_order_of_the_table(draw, causes):
    texts = draw(charts.bar_rows(causes.iloc[::-1]))("text")
    names = [item for item in texts if item["text"] in set(causes["name"])]
    assert [item["text"] for item in sorted(names, key=lambda item: item["y"])] == [
        "food",
        "signs",
        "queue",
    ]


def test_hours_above_the_limit_stand_out(draw, hours):
    drawn = draw(charts.share_by_hour(hours))
    bars = sorted(drawn("rect"), key=lambda bar: bar["x"])
    assert [bar["fill"] for bar in bars] == [GREY, CONTRAST, GREY], "on the limit is not above it"
    assert [bar["height"] / bars[1]["height"] for bar in bars] == pytest.approx([0.5, 1, 0.25])
    (line,) = drawn("rule")
    assert line["y"] == pytest.approx(bars[0]["y"])
    (name,) = [item for item in drawn("text") if item["text"].startswith("dashed")]
    assert name["text"] == "dashed line: limit 10 %"
    assert name["y"] < min(bar["y"] for bar in bars), "above the bars, so that it covers none"


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_gains_lie_to_the_right_of_the_line_and_losses_to_the_left(draw, causes, width):
    rows = causes.assign(value=[0.6, 0.0, -0.2])
    drawn = draw(charts.signed_rows(rows, ends=(-0.4, 0.8)), width)
    gain, none, loss = sorted(drawn("rect"), key=lambda bar: bar["y"])
    lines = drawn("rule")
    assert {round(line["x"], 3) for line in lines} == {round(gain["x"], 3)}
    assert len(lines) == 3
    assert none["width"] == pytest.approx(0)
    assert loss["x"] + loss["width"] == pytest.approx(gain["x"])
    assert gain["width"] == pytest.approx(3 * loss["width"])
    assert [bar["fill"] for bar in (gain, none, loss)] == [ACCENT, CONTRAST, ACCENT]
    texts = {item["text"]: item for item in drawn("text")}
    assert texts["queue"]["x"] == 0
    assert texts["40, or 67 %"]["align"] == "right"


def test_a_value_beyond_the_ends_stops_there(draw, causes):
    ends = draw(charts.signed_rows(causes.assign(value=[2.0, 0.8, -3.0]), ends=(-0.4, 0.8)))
    beyond, end, _below = sorted(ends("rect"), key=lambda bar: bar["y"])
    assert beyond["width"] == pytest.approx(end["width"])
