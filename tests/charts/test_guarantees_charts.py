import re

import altair as alt
import numpy as np
import pandas as pd
import pytest

from servicequality.charts import guarantees as charts
from servicequality.charts.theme import ACCENT, CONTRAST, GREY

NARROW, WIDE = 330, 700
HEIGHT, TOP, BOTTOM = 340, 30, -6


def profit_tables(end=0.0):
    return {
        "profits": pd.DataFrame(
            {"failure": [0, 20], "without": [20.0, 10], "with_guarantee": [22.0, end]}
        ),
        "here": pd.DataFrame({"failure": [10], "without": [15.0], "with_guarantee": [11.0]}),
        "even": pd.DataFrame({"failure": [10 / 3], "profit": [55 / 3], "words": ["even at 3.3 %"]}),
        "lamp": pd.DataFrame({"state": ["no"], "words": ["It does not pay"]}),
    }


@pytest.fixture
def levers():
    return pd.DataFrame(
        {
            "name": ["payout", "uplift"],
            "at_low": [0.5, -0.6],
            "at_high": [-1.0, 0.1],
            "now": -0.3,
            "words": ["60 to 100", "6 % to 10 %"],
        }
    )


@pytest.fixture
def spans():
    return pd.DataFrame(
        {
            "low": [0.0, 50, 150],
            "high": [50.0, 150, 400],
            "name": ["both", "the better one", "neither"],
            "words": ["to 50", "50 to 150", "over 150"],
            "tells": [False, True, False],
        }
    )


def promised(payout=100):
    return pd.DataFrame({"payout": [payout], "words": ["your payout"]})


def credits_at(y):
    return TOP - (TOP - BOTTOM) * y / HEIGHT


@pytest.mark.parametrize(
    ("chart", "tables"),
    [
        (charts.profit_lines, {"profits", "here", "even", "lamp"}),
        (charts.what_decides, {"levers"}),
        (charts.promise_range, {"spans", "promised"}),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, tables):
    spec = chart(**{name: alt.NamedData(name=name) for name in tables}).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == tables


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_lines_meet_where_the_diamond_stands(draw, width):
    drawn = draw(charts.profit_lines(**profit_tables()), width)
    lines = drawn("line")
    without, promised = (
        [(point["x"], credits_at(point["y"])) for point in lines if point["stroke"] == colour]
        for colour in (GREY, ACCENT)
    )
    assert [height for _, height in without] == pytest.approx([20, 10])
    assert [height for _, height in promised] == pytest.approx([22, 0])
    across = promised[1][0]
    (diamond,) = (item for item in drawn("symbol") if item.get("size") == 260)
    assert diamond["x"] == pytest.approx(across / 6, abs=1)
    assert credits_at(diamond["y"]) == pytest.approx(55 / 3, abs=0.1)
    (lamp,) = (item for item in drawn("symbol") if item.get("size") == 500)
    assert lamp["fill"] == CONTRAST


@pytest.mark.parametrize(("end", "above"), [(0.0, False), (14.0, True), (-90.0, False)])
def test_the_name_of_a_line_stands_on_its_side_and_in_the_picture(draw, end, above):
    texts = {
        item["text"]: item["y"] + item.get("dy", 0)
        for item in draw(charts.profit_lines(**profit_tables(end)))("text")
    }
    assert (texts["with the guarantee"] < texts["without"]) == above
    assert texts["It does not pay"] < 0 < texts["with the guarantee"] < HEIGHT


def test_before_the_result_is_known_there_is_one_line_and_a_dark_lamp(draw):
    tables = profit_tables()
    hidden = {
        "profits": tables["profits"].assign(with_guarantee=np.nan),
        "here": tables["here"].assign(with_guarantee=np.nan),
        "even": tables["even"].iloc[:0],
        "lamp": tables["lamp"].assign(state="unknown"),
    }
    drawn = draw(charts.profit_lines(**hidden))
    texts = {item["text"] for item in drawn("text")}
    assert "without" in texts
    assert "with the guarantee" not in texts
    (lamp,) = (item for item in drawn("symbol") if item.get("size") == 500)
    assert lamp["fill"] == GREY


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_each_half_of_a_bar_reaches_its_end(draw, levers, width):
    drawn = draw(charts.what_decides(levers), width)
    less, more = (
        [item for item in drawn("rect") if item["fill"] == colour] for colour in (ACCENT, CONTRAST)
    )
    zero = drawn("rule")[0]["x"]
    point = less[0]["width"] / 0.8
    now = zero - 0.3 * point
    assert less[0]["x"] == pytest.approx(now, abs=1)
    assert less[1]["x"] == pytest.approx(zero - 0.6 * point, abs=1)
    assert more[0]["x"] == pytest.approx(zero - point, abs=1)
    assert more[1]["width"] == pytest.approx(0.4 * point, abs=1)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_middle_payouts_tell_firms_apart(draw, spans, width):
    drawn = draw(charts.promise_range(spans, promised()), width)
    bars = [item for item in drawn("rect") if item["fill"] in (ACCENT, GREY)]
    assert [bar["fill"] for bar in bars] == [GREY, ACCENT, GREY]
    whole = sum(bar["width"] for bar in bars)
    assert bars[1]["width"] / whole == pytest.approx(0.25, abs=0.01)
    (mark,) = drawn("rule")
    assert mark["x"] == pytest.approx(bars[0]["x"] + whole / 4, abs=1)
    assert {"50 to 150", "neither", "your payout"} <= {item["text"] for item in drawn("text")}
