import re

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import rows
from servicequality.charts import servqual as charts
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK
from servicequality.models import servperf, servqual

NARROW, WIDE = 330, 700


def words(drawn):
    return [item["text"] for item in drawn("text")]


def bars(drawn):
    return [item for item in drawn("rect") if item["fill"] in (ACCENT, CONTRAST, INK)]


@pytest.fixture(scope="module")
def hotel():
    scores = servqual.score_firm(
        (5.2, 6.6, 6.3, 6.4, 5.9), (5.9, 5.7, 5.8, 6.2, 5.6), servqual.US_1990_WEIGHTS
    )
    return scores.dimensions.reset_index(names="dimension")


@pytest.fixture(scope="module")
def customers():
    return servperf.average_scores(servperf.simulate(n=60))


@pytest.mark.parametrize(
    ("chart", "tables"),
    [
        (charts.expected_and_perceived, ["dimensions"]),
        (charts.weighted_contributions, ["parts"]),
        (charts.rule_ranks, ["ranks"]),
        (charts.ruler_scatters, ["customers", "frame"]),
        (charts.ruler_fit, ["points", "line"]),
        (charts.explained_variance, ["rulers"]),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, tables):
    spec = chart(**{name: alt.NamedData(name=name) for name in tables}).to_dict()
    assert spec["width"] == "container"
    asked = set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec)))
    assert set(tables) <= asked


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_gap_stands_in_the_row_of_its_dimension(draw, hotel, width):
    texts = draw(charts.expected_and_perceived(hotel), width)("text")
    row = {item["text"]: item["y"] for item in texts}
    shown = dict(
        zip(hotel["dimension"], ["+0.70", "−0.90", "−0.50", "−0.20", "−0.30"], strict=True)
    )
    for dimension, gap in shown.items():
        assert 0 < row[gap] - row[dimension] < rows.HEIGHT / 2
        weight = next(item for item in texts if item["text"].startswith("weight"))
        assert weight["x"] < width / 2
    assert "weight 32 %" in row


def test_expected_is_a_square_and_perceived_a_circle(draw, hotel):
    points = draw(charts.expected_and_perceived(hotel))("symbol")
    across = {
        shape: [item["x"] for item in points if item["shape"] == shape]
        for shape in ("square", "circle")
    }
    assert [a > b for a, b in zip(across["square"], across["circle"], strict=True)] == list(
        hotel["gap"] < 0
    )


def test_the_waterfall_adds_up_in_writing_and_in_length(draw, hotel):
    drawn = draw(charts.weighted_contributions(hotel))
    texts = words(drawn)
    assert "11 % × 0.70 = +0.077" in texts
    assert "32 % × −0.90 = −0.288" in texts
    assert texts[-1] == "−0.407"
    lengths = [item["width"] for item in bars(drawn)]
    assert len(lengths) == 6
    assert -lengths[0] + sum(lengths[1:5]) == pytest.approx(lengths[5])
    assert lengths[1] / lengths[5] == pytest.approx(0.7076, abs=1e-4)


def test_the_waterfall_says_where_weight_times_gap_is_only_near(draw, hotel):
    averaged = hotel.assign(contribution=hotel["contribution"] + 0.01)
    texts = words(draw(charts.weighted_contributions(averaged)))
    assert "32 % × −0.90 ≈ −0.278" in texts
    assert texts[-1] == "−0.357"


def test_the_waterfall_keeps_its_axis_until_the_sum_needs_more(draw, hotel):
    def length_of_sum(factor):
        table = hotel.assign(contribution=factor * hotel["contribution"])
        return bars(draw(charts.weighted_contributions(table)))[-1]["width"]

    usual = length_of_sum(1)
    assert length_of_sum(0.5) == pytest.approx(usual / 2)
    assert length_of_sum(3) < 1.8 * usual


def test_rows_stand_in_the_order_of_the_table(draw, hotel):
    turned = hotel.iloc[::-1]
    for chart in (charts.expected_and_perceived, charts.weighted_contributions):
        row = {item["text"]: item["y"] for item in draw(chart(turned))("text")}
        heights = [row[dimension] for dimension in turned["dimension"]]
        assert heights == sorted(heights)


def test_each_cell_of_the_ranking_shows_place_and_score(draw):
    ranks = servqual.rank_firms(
        {
            "Hotel": pd.Series({"plain": -0.24, "weighted": -0.407}),
            "Clinic": pd.Series({"plain": -0.36, "weighted": -0.262}),
        }
    )
    ranks["chosen"] = (ranks["firm"] == "Clinic") & (ranks["rule"] == "plain")
    drawn = draw(charts.rule_ranks(ranks))
    assert words(drawn) == ["1st", "2nd", "2nd", "1st", "−0.24", "−0.41", "−0.36", "−0.26"]
    cells = drawn("rect")
    assert [cell["fill"] == ACCENT for cell in cells] == [True, False, False, True]
    assert [cell["stroke"] != "transparent" for cell in cells] == [False, False, True, False]


def test_every_customer_is_drawn_three_times(draw, customers):
    frame = pd.DataFrame({"verdict": [0, 11]})
    drawn = draw(charts.ruler_scatters(customers, frame), NARROW)
    points = [item for item in drawn("symbol") if item["opacity"] > 0]
    assert len(points) == 3 * len(customers)
    gap, performance, zone = ([item["x"] for item in points[k::3]] for k in range(3))
    assert max(gap) < min(performance)
    assert max(performance) < min(zone)


def test_the_bar_of_a_ruler_carries_share_and_interval(draw):
    rulers = pd.DataFrame(
        {
            "ruler": ["Gap", "Zone"],
            "r2": [0.265, 0.51],
            "lower": [0.2, 0.447],
            "upper": [0.34, 0.575],
            "best": [False, True],
        }
    )
    drawn = draw(charts.explained_variance(rulers))
    assert {"26.5 % (20 to 34)", "51.0 % (45 to 57)"} <= set(words(drawn))
    gap, zone = (item for item in drawn("rect") if item["fill"] != "white")
    assert gap["width"] / zone["width"] == pytest.approx(0.265 / 0.51)
    assert (gap["fill"], zone["fill"]) == (GREY, ACCENT)


def test_the_line_runs_through_the_cloud(draw, customers):
    line = pd.DataFrame({"score": [-4, 2], "verdict": [0, 11], "intercept": 6, "slope": 1.5})
    points = pd.DataFrame({"score": [0.0], "verdict": [6.0]})
    drawn = draw(charts.ruler_fit(points, line))
    start, end = drawn("line")
    (point,) = (item for item in drawn("symbol") if item["opacity"] > 0)
    share = (point["x"] - start["x"]) / (end["x"] - start["x"])
    assert share == pytest.approx(4 / 6)
    assert point["y"] == pytest.approx(start["y"] + share * (end["y"] - start["y"]))
