import re

import altair as alt
import numpy as np
import pandas as pd
import pytest

from servicequality.charts import kano as charts
from servicequality.models import kano

NARROW, WIDE = 330, 700


def answers():
    return pd.DataFrame(
        {
            "functional": ["like it", "like it", "neutral"],
            "dysfunctional": ["neutral", "dislike", "live with"],
            "share": [0.4, 0.1, np.nan],
            "words": ["40 %", "10 %", "you"],
        }
    )


def points():
    return pd.DataFrame(
        {
            "name": ["safe brakes", "a free charger"],
            "label": ["brakes", "charger"],
            "letter": ["M", "A"],
            "annoys": [0.8, 0.2],
            "pleases": [0.2, 0.8],
            "side": ["left", "right"],
            "chosen": [False, True],
        }
    )


def classes():
    names = ["attrac-|tive", "one-|dimen-|sional", "must-be", "indif-|ferent", "reverse"]
    return pd.DataFrame(
        {
            "letter": list("AOMIR"),
            "name": names,
            "share": [0.6, 0.3, 0.1, 0.0, 0.0],
            "words": ["60 %", "30 %", "10 %", "0 %", "0 %"],
            "most": [True, False, False, False, False],
        }
    )


@pytest.mark.parametrize(
    ("chart", "tables"),
    [
        (charts.answer_table, {"answers"}),
        (charts.class_bars, {"classes"}),
        (charts.better_worse_map, {"points", "cloud", "path"}),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, tables):
    spec = chart(**{name: alt.NamedData(name=name) for name in tables}).to_dict()
    assert spec["width"] == "container"
    named = set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec)))
    assert {name for name in named if not name.startswith("data-")} == tables


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_table_has_the_letter_of_each_pair(draw, width):
    drawn = draw(charts.answer_table(answers()), width)
    letters = [text for text in drawn("text") if len(str(text["text"])) == 1]
    rows = {}
    for letter in sorted(letters, key=lambda item: (item["y"], item["x"])):
        rows.setdefault(letter["y"], []).append(letter["text"])
    assert tuple("".join(row) for row in rows.values()) == kano.TABLE


def test_circles_grow_with_the_share_and_ones_own_pair_has_a_frame(draw):
    drawn = draw(charts.answer_table(answers()))
    most, least = drawn("symbol")
    assert most["size"] == pytest.approx(4 * least["size"])
    assert most["y"] == least["y"] < drawn("text")[-1]["y"]
    frame = [cell for cell in drawn("rect") if cell.get("strokeWidth") == 3]
    (you,) = [text for text in drawn("text") if text["text"] == "you"]
    assert len(frame) == 1
    assert frame[0]["x"] < you["x"] < frame[0]["x"] + frame[0]["width"]
    assert frame[0]["y"] < you["y"] < frame[0]["y"] + frame[0]["height"]


def test_only_ones_own_pair_draws_no_circle(draw):
    assert draw(charts.answer_table(answers().iloc[2:]))("symbol") == []


def test_columns_are_as_high_as_their_shares(draw):
    drawn = draw(charts.class_bars(classes()), NARROW)
    bars = sorted(drawn("rect"), key=lambda bar: bar.get("x", 0))
    assert bars[0]["height"] == pytest.approx(2 * bars[1]["height"])
    assert bars[0]["opacity"] == 1 > bars[1]["opacity"]
    assert len({bar["fill"] for bar in bars}) == 5


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_attractive_lies_upper_left_and_must_be_lower_right(draw, width):
    cloud = pd.DataFrame({"annoys": [0.19, 0.21], "pleases": [0.79, 0.82]})
    path = pd.DataFrame(
        {"year": [0, 1], "annoys": [0.2, 0.6], "pleases": [0.8, 0.5], "words": ["", "1 year"]}
    )
    drawn = draw(charts.better_worse_map(points(), cloud, path), width)
    marks = drawn("symbol")
    assert len(marks) == 4
    must, attractive = marks[2:]
    assert must["x"] > attractive["x"]
    assert must["y"] > attractive["y"]
    assert must["shape"] == "square"
    assert attractive["shape"] == "triangle-up"
    assert attractive["size"] > must["size"]
    place = {item["text"]: item for item in drawn("text")}
    assert place["must-be"]["x"] > width / 2 > place["attractive"]["x"]
    assert place["must-be"]["y"] > place["attractive"]["y"]
    start, end = drawn("line")
    assert (start["x"], start["y"]) == (attractive["x"], attractive["y"])
    assert place["1 year"]["y"] == pytest.approx(end["y"], abs=5)
