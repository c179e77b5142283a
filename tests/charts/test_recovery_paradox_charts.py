import re

import altair as alt
import numpy as np
import pandas as pd
import pytest

from servicequality.charts import recovery_paradox as charts
from servicequality.charts.theme import ACCENT, CONTRAST, INK

NARROW, WIDE = 330, 700


@pytest.fixture
def paths():
    return pd.DataFrame(
        {"before": [5.0, 6, 4], "dropped": [4.0, 5, 3], "after": [6.0, 5.5, 2]},
    )


@pytest.fixture
def means(paths):
    return paths.mean().to_frame().T.assign(higher="1 of 3 end higher", lower="2 of 3 end lower")


@pytest.fixture
def bins():
    return pd.DataFrame(
        {
            "low": [-1.0, -0.5, 0, 0.5],
            "high": [-0.5, 0, 0.5, 1],
            "recovered": [0.1, 0.2, 0.1, 0.05],
            "control": [0.0, 0.1, 0.2, 0],
        }
    )


@pytest.fixture
def gamble():
    return {
        "line": pd.DataFrame({"chance": [0, 100], "change": [-3.0, 1]}),
        "here": pd.DataFrame({"chance": [50], "change": [-1.0], "words": ["−1 a guest"]}),
        "even": pd.DataFrame({"chance": [75.0], "words": ["even at 75 %"]}),
    }


@pytest.mark.parametrize(
    ("chart", "tables"),
    [
        (charts.guest_paths, {"paths", "means"}),
        (charts.change_bars, {"bins"}),
        (charts.deliberate_gamble, {"line", "here", "even"}),
        (charts.satisfaction_intervals, {"satisfaction"}),
        (charts.repurchase_intervals, {"repurchase"}),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, tables):
    spec = chart(**{name: alt.NamedData(name=name) for name in tables}).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == tables


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_each_guest_falls_and_rises_and_is_blue_who_ends_higher(draw, paths, means, width):
    drawn = draw(charts.guest_paths(paths, means), width)
    second = [rule for rule in drawn("rule") if rule["stroke"] in (ACCENT, CONTRAST)]
    assert [rule["stroke"] for rule in second] == [ACCENT, CONTRAST, CONTRAST]
    thick = [rule for rule in drawn("rule") if rule["stroke"] == INK]
    assert len(thick) == 2
    assert thick[0]["x2"] == pytest.approx(thick[1]["x"])
    points = drawn("symbol")
    heights = [9 - 9 * point["y"] / 320 for point in points]
    assert heights == pytest.approx([5, 4, 4.5], abs=0.02)
    assert {"5.00", "4.00", "4.50", "1 of 3 end higher"} <= {t["text"] for t in drawn("text")}


def test_before_the_result_is_known_there_is_no_second_leg(draw, paths, means):
    hidden = (paths.assign(after=np.nan), means.assign(after=np.nan, higher="", lower=""))
    drawn = draw(charts.guest_paths(*hidden))
    assert not [rule for rule in drawn("rule") if rule["stroke"] in (ACCENT, CONTRAST)]
    assert len(drawn("symbol")) == 2


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_bars_are_as_high_as_their_share_and_blue_above_zero(draw, bins, width):
    bars = draw(charts.change_bars(bins), width)("rect")
    assert [bar["fill"] for bar in bars] == [CONTRAST, CONTRAST, ACCENT, ACCENT]
    heights = [abs(bar["height"]) / 220 * 0.25 for bar in bars]
    assert heights == pytest.approx(bins["recovered"].tolist(), abs=0.005)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_gamble_lies_on_its_line_and_is_even_where_it_crosses_zero(draw, gamble, width):
    drawn = draw(charts.deliberate_gamble(**gamble), width)
    (point,) = drawn("symbol")
    assert point["y"] == pytest.approx(230 * 0.5, abs=1)
    start, end = drawn("line")
    zero = 230 * 3 / 8
    crossing = start["x"] + (end["x"] - start["x"]) * (zero - start["y"]) / (end["y"] - start["y"])
    upright = next(rule for rule in drawn("rule") if rule.get("strokeDash"))
    assert upright["x"] == pytest.approx(crossing, abs=1)
    assert "even at 75 %" in {text["text"] for text in drawn("text")}


def test_a_gamble_that_never_pays_has_no_upright_line(draw, gamble):
    never = draw(charts.deliberate_gamble(**{**gamble, "even": gamble["even"].iloc[:0]}))
    assert not [rule for rule in never("rule") if rule.get("strokeDash")]


@pytest.mark.parametrize("chart", [charts.satisfaction_intervals, charts.repurchase_intervals])
def test_intervals_stand_on_a_scale_that_stays(draw, chart):
    row = {"name": "all", "value": 1.0, "lower": 0.5, "upper": 1.5, "words": "+1", "line": 0}
    near, far = (
        draw(chart(pd.DataFrame([{**row, "upper": upper}])))("symbol")[0]["x"]
        for upper in (1.5, 1.7)
    )
    assert near == far
