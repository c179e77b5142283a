import altair as alt
import pandas as pd
import pytest

from servicequality.charts import penalty_reward as charts
from servicequality.charts.theme import ACCENT, CONTRAST

NARROW, WIDE = 330, 700


def contrast():
    return pd.DataFrame(
        {
            "name": ["amount paid", "unasked news"],
            "words": ["frustrator", "satisfier"],
            "penalty": [-1.6, -0.2],
            "penalty_low": [-1.8, -0.4],
            "penalty_high": [-1.4, 0.0],
            "reward": [0.1, 0.8],
            "reward_low": [-0.1, 0.6],
            "reward_high": [0.3, 1.0],
        }
    )


def test_the_chart_is_complete_before_its_data_come():
    spec = charts.contrast_dots(alt.NamedData(name="contrast")).to_dict()
    assert spec["width"] == "container"
    assert "'data': {'name': 'contrast'}" in str(spec)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_penalties_lie_left_of_zero_and_rewards_right(draw, width):
    drawn = draw(charts.contrast_dots(contrast()), width)
    zero = next(rule for rule in drawn("rule") if "x2" not in rule or rule["x2"] == rule["x"])["x"]
    low = [dot for dot in drawn("symbol") if dot["shape"] == "square"]
    high = [dot for dot in drawn("symbol") if dot["shape"] == "circle"]
    assert all(dot["x"] < zero for dot in low)
    assert all(dot["x"] > zero for dot in high)
    assert zero - low[0]["x"] == pytest.approx(8 * (zero - low[1]["x"]))
    assert {dot["fill"] for dot in low} == {CONTRAST}
    assert {dot["fill"] for dot in high} == {ACCENT}
    assert low[0]["y"] == high[0]["y"] < low[1]["y"]
    texts = {item["text"]: item for item in drawn("text")}
    assert texts["amount paid"]["y"] == texts["frustrator"]["y"] < low[0]["y"]
