import re

import altair as alt
import numpy as np
import pandas as pd
import pytest

from servicequality.charts import participation as charts
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK

NARROW, WIDE = 330, 700
SHARES = np.linspace(0, 1, 21)


def tags(firm=6.06, customer=0.0, errors=0.09):
    credits = [firm, customer, errors]
    return pd.DataFrame(
        {
            "who": ["firm", "customer", "error"],
            "name": [
                "The firm pays its staff",
                "The customer pays with time",
                "Errors cost besides",
            ],
            "credits": credits,
            "top": 8.0,
            "words": [f"{value:.2f} credits" for value in credits],
        }
    )


def costs():
    return pd.DataFrame(
        {
            "share": SHARES,
            "payroll": 6 - 5 * SHARES,
            "customer_time": 4 * SHARES,
            "error_loss": SHARES**2,
        }
    )


def spot(share, total, words="lowest: 63 %"):
    return pd.DataFrame({"share": [share], "total": [total], "words": [words]})


@pytest.mark.parametrize(
    ("chart", "tables"),
    [
        (charts.price_tags, {"tags"}),
        (charts.cost_over_share, {"costs", "best", "here"}),
        (charts.line_over_share, {"line", "point"}),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, tables):
    spec = chart(**{name: alt.NamedData(name=name) for name in tables}).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == tables


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_tags_keep_their_scale_and_their_names_and_numbers_apart(draw, width):
    few, many = (draw(charts.price_tags(tags(firm=firm)), width) for firm in (3.0, 6.0))
    lengths = [
        next(bar["width"] for bar in drawn("rect") if bar.get("fill") == ACCENT)
        for drawn in (few, many)
    ]
    assert lengths[1] == pytest.approx(2 * lengths[0])
    texts = {item["text"]: item for item in few("text")}
    name, number = texts["The customer pays with time"], texts["0.00 credits"]
    assert name["x"] + 7.9 * len(name["text"]) < number["x"] - 7.5 * len(number["text"])


def test_costs_are_stacked_and_the_lowest_sum_is_marked(draw):
    drawn = draw(charts.cost_over_share(costs(), spot(0.5, 5.75), spot(0.0, 6.0)))
    areas = drawn("area")
    assert {area["fill"] for area in areas} == {ACCENT, CONTRAST, GREY}
    tops = {area["fill"]: (area["y"], area["height"]) for area in areas}
    assert tops[GREY][0] + tops[GREY][1] == pytest.approx(tops[CONTRAST][0], abs=0.01)
    assert tops[CONTRAST][0] + tops[CONTRAST][1] == pytest.approx(tops[ACCENT][0], abs=0.01)
    (diamond,) = [dot for dot in drawn("symbol") if dot.get("shape") == "diamond"]
    (ring,) = [dot for dot in drawn("symbol") if dot.get("fill") == "white"]
    assert (diamond["fill"], ring["stroke"]) == (INK, INK)
    assert diamond["x"] > ring["x"] == 0
    assert diamond["y"] > ring["y"]


def test_the_point_lies_on_the_line_and_has_its_number(draw):
    line = pd.DataFrame({"share": SHARES, "value": 5 + 38 * SHARES})
    point = pd.DataFrame({"share": [1.0], "value": [43.0], "words": ["42.9"]})
    drawn = draw(charts.line_over_share(line, point, title="customers"), NARROW)
    (dot,) = drawn("symbol")
    assert dot["fill"] == CONTRAST
    (word,) = [t for t in drawn("text") if t["text"] == "42.9" and not t.get("stroke")]
    assert (word["x"], word["align"]) == (dot["x"], "right")
    assert dot["y"] == min(item["y"] for item in drawn("line"))
