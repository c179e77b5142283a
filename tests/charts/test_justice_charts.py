import re

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import justice as charts
from servicequality.charts.theme import ACCENT, CONTRAST

NARROW, WIDE = 330, 700


@pytest.fixture
def rows():
    return pd.DataFrame(
        {
            "name": ["outcome", "process", "treatment"],
            "value": [4.0, 1.0, 7.0],
            "mark": [2.5, 2.5, 4.0],
            "words": ["4.0", "1.0", "7.0"],
            "chosen": [False, True, False],
        }
    )


@pytest.mark.parametrize(
    ("chart", "table"),
    [
        (charts.level_rows, "levels"),
        (charts.score_rows, "scores"),
        (charts.card_rows, "cards"),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, table):
    spec = chart(**{table: alt.NamedData(name=table)}).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == {table}


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("chart", [charts.level_rows, charts.score_rows])
def test_a_bar_begins_at_one_and_its_line_stands_at_the_mark(draw, rows, chart, width):
    drawn = draw(chart(rows), width)
    tracks = [bar for bar in drawn("rect") if bar["fill"] not in {ACCENT, CONTRAST}]
    left, six = tracks[0]["x"], tracks[0]["width"]
    assert all((track["x"], track["width"]) == (left, six) for track in tracks)
    bars = sorted((bar for bar in drawn("rect") if bar not in tracks), key=lambda bar: bar["y"])
    assert [bar["width"] / six for bar in bars] == pytest.approx([0.5, 0, 1])
    assert [bar["fill"] for bar in bars] == [ACCENT, CONTRAST, ACCENT]
    lines = sorted(drawn("rule"), key=lambda line: line["y"])
    assert [(line["x"] - left) / six for line in lines] == pytest.approx([0.25, 0.25, 0.5])


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_row_is_named_above_its_bar(draw, rows, width):
    drawn = draw(charts.level_rows(rows), width)
    tops = sorted({bar["y"] for bar in drawn("rect")})
    texts = {item["text"]: item for item in drawn("text")}
    for top, name, words in zip(tops, rows["name"], rows["words"], strict=True):
        assert texts[name]["y"] == texts[words]["y"] < top
        assert texts[words]["align"] == "right"


def test_both_scales_say_what_their_line_means():
    before = str(charts.level_rows(alt.NamedData(name="levels")).to_dict())
    without = str(charts.score_rows(alt.NamedData(name="scores")).to_dict())
    assert "line: after the failure" in before
    assert "line: without a failure" in without


def test_cards_share_a_fixed_scale(draw, rows):
    cards = rows.assign(value=[1.5, -0.5, 0.0])
    gain, loss, none = sorted(draw(charts.card_rows(cards))("rect"), key=lambda bar: bar["y"])
    assert gain["width"] == pytest.approx(3 * loss["width"])
    assert loss["x"] + loss["width"] == pytest.approx(gain["x"])
    assert none["width"] == pytest.approx(0)
