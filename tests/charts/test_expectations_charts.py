import re
from itertools import pairwise

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import expectations as charts
from servicequality.charts.theme import ACCENT, GREY

NARROW, WIDE = 330, 700


def zone(**levels):
    usual = {
        "adequate": 5.0,
        "desired": 7.0,
        "predicted": 6.0,
        "perceived": 5.5,
        "usual_adequate": 5.0,
        "usual_desired": 7.0,
        "state": "inside",
    }
    return pd.DataFrame([usual | levels])


def dimensions():
    return pd.concat(
        [
            zone(adequate=4.1, desired=6.4).assign(dimension="Tangibles"),
            zone(adequate=6.2, desired=7.8, state="below").assign(dimension="Reliability"),
            zone(adequate=2.0, desired=5.1, state="above").assign(dimension="Empathy"),
        ],
        ignore_index=True,
    )


def pleats(drawn):
    return sorted(drawn("rect"), key=lambda pleat: pleat["x"])


def text(drawn, start):
    """Return the drawn text that begins so; each text also has a rim."""
    return next(
        item for item in drawn("text") if item["text"].startswith(start) and "stroke" not in item
    )


@pytest.mark.parametrize(
    ("chart", "table"), [(charts.accordion, "zone"), (charts.zones, "dimensions")]
)
def test_a_chart_is_complete_before_its_data_come(chart, table):
    spec = chart(**{table: alt.NamedData(name=table)}).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == {table}


def test_the_accordion_keeps_its_pleats_and_stretches_them(draw):
    usual, storm = (pleats(draw(charts.accordion(zone(adequate=a)))) for a in (5.0, 4.2))
    assert len(usual) == len(storm)
    assert storm[-1]["width"] == pytest.approx(1.4 * usual[-1]["width"])
    ends = [edge["x"] + edge["width"] for edge in (usual[-1], storm[-1])]
    assert ends[0] == pytest.approx(ends[1]), "the top does not move"
    for left, right in pairwise(usual):
        assert left["x"] + left["width"] == pytest.approx(right["x"])


def test_the_scale_stays_put(draw):
    low, middle, high = (
        draw(charts.accordion(zone(perceived=p, adequate=a)))("symbol")[0]["x"]
        for p, a in ((1.0, 5.0), (5.0, 2.0), (9.0, 6.9))
    )
    assert 10 < low < 20
    assert 365 < high < 390
    assert middle == pytest.approx((low + high) / 2)


@pytest.mark.parametrize(
    ("state", "shape", "verdict"),
    [
        ("below", "triangle-down", "5.5: not acceptable"),
        ("inside", "circle", "5.5: acceptable"),
        ("above", "diamond", "5.5: better than hoped for"),
    ],
)
def test_the_state_shows_in_shape_colour_and_words(draw, state, shape, verdict):
    drawn = draw(charts.accordion(zone(state=state)))
    (mark,) = drawn("symbol")
    assert mark["shape"] == shape
    assert text(drawn, verdict)["fill"] == mark["fill"]


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize(
    "levels",
    [
        {},
        {"adequate": 1.65, "desired": 4.0, "predicted": 3.5, "perceived": 1.0},
        {"adequate": 6.75, "desired": 9.0, "predicted": 8.5, "perceived": 9.0, "state": "above"},
        {"adequate": 4.4, "desired": 4.4, "predicted": 3.5, "perceived": 3.1, "state": "below"},
    ],
)
def test_no_text_leaves_the_chart_or_meets_another_one(draw, width, levels):
    drawn = draw(charts.accordion(zone(**levels)), width)
    lines = {}
    for item in drawn("text"):
        if "stroke" in item:
            continue
        length = 6.9 * len(item["text"])
        start = item["x"] - {"left": 0, "center": length / 2, "right": length}[item["align"]]
        assert start >= 0, item["text"]
        assert start + length <= width, item["text"]
        lines.setdefault(item["y"], []).append(item["text"])
    assert len(lines) == 5, "each has a line of its own"


def test_each_dimension_has_its_band_its_usual_zone_and_its_verdict(draw):
    drawn = draw(charts.zones(dimensions()), NARROW)
    bands = pleats(drawn)
    usual = [rule for rule in drawn("rule") if rule.get("stroke") == GREY]
    (ends,) = {(rule["x"], rule["x2"]) for rule in usual}
    assert len(usual) == len(bands) == 3
    scale = (ends[1] - ends[0]) / 2
    assert [band["width"] / scale for band in bands] == pytest.approx([3.1, 2.3, 1.6])
    assert bands[0]["x"] == pytest.approx(ends[0] - 3 * scale)
    shapes = sorted((mark["shape"], mark["fill"] == ACCENT) for mark in drawn("symbol"))
    assert shapes == [("circle", True), ("diamond", False), ("triangle-down", False)]
    name, verdict = text(drawn, "Reliability"), text(drawn, "not acceptable")
    assert name["y"] == verdict["y"]
    assert name["x"] + 7.5 * len("Reliability") < verdict["x"] - 7.5 * len("better than hoped for")
