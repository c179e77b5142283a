import math
import re
from itertools import pairwise

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import complaints as charts
from servicequality.charts.theme import ACCENT, CONTRAST

NARROW, WIDE = 330, 700
TABLES = {
    charts.floating_iceberg: ("layers", "guess"),
    charts.outcome_rows: ("groups",),
    charts.funnel_rows: ("funnel",),
    charts.lever_rows: ("levers",),
    charts.recommendation_rows: ("airport",),
}


@pytest.fixture
def layers():
    return pd.DataFrame(
        {
            "kind": ["seen", "told", "silent"],
            "words": ["seen: 4", "told: 36", "silent: 60"],
            "start": [0.0, 0.04, 0.4],
            "end": [0.04, 0.4, 1.0],
        }
    )


@pytest.fixture
def groups():
    return pd.DataFrame(
        {
            "name": ["silent", "solved"],
            "share": [0.6, 0.2],
            "lost": [0.3, 0.05],
            "words": ["30 of 60", "5 of 20"],
        }
    )


def guess(share):
    return pd.DataFrame({"share": [share], "words": ["the guess"]})


def outline(area):
    """Return the corners of a drawn layer as (left, right, height)."""
    return [(point["x"], point["x"] + point["width"], point["y"]) for point in area]


def size(corners):
    return sum(
        (right - left + right_below - left_below) / 2 * (below - above)
        for (left, right, above), (left_below, right_below, below) in pairwise(corners)
    )


@pytest.mark.parametrize("chart", TABLES)
def test_a_chart_is_complete_before_its_data_come(chart):
    names = TABLES[chart]
    spec = chart(**{name: alt.NamedData(name=name) for name in names}).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == set(names)


def parts(drawn, layers):
    areas = sorted(drawn("area"), key=lambda point: point["y"])
    fills = list(dict.fromkeys(point["fill"] for point in areas))
    assert len(fills) == len(layers)
    return [outline([point for point in areas if point["fill"] == fill]) for fill in fills]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_layers_have_areas_in_proportion_to_their_customers(draw, layers, width):
    sizes = [
        size(part)
        for part in parts(draw(charts.floating_iceberg(layers, guess(0.5)), width), layers)
    ]
    wanted = layers["end"] - layers["start"]
    assert [part / sum(sizes) for part in sizes] == pytest.approx(wanted.tolist(), rel=0.02)


def test_the_tip_and_nothing_else_is_above_the_water(draw, layers):
    drawn = draw(charts.floating_iceberg(layers, guess(math.nan)))
    (water,) = drawn("rule")
    tip, *below = parts(drawn, layers)
    assert max(y for *_, y in tip) == pytest.approx(water["y"])
    assert all(min(y for *_, y in part) >= water["y"] - 1e-6 for part in below)
    (sea,) = drawn("rect")
    assert sea["y"] == pytest.approx(water["y"])


def test_a_guess_cuts_off_its_share_and_ends_at_the_bottom(draw, layers):
    def depth(share):
        drawn = draw(charts.floating_iceberg(layers, guess(share)))
        bottom = max(y for *_, y in parts(drawn, layers)[-1])
        top = min(y for *_, y in parts(drawn, layers)[0])
        dashed = [rule["y"] for rule in drawn("rule") if "strokeDash" in rule]
        return [(y - top) / (bottom - top) for y in dashed]

    assert depth(0.25) == pytest.approx([0.5])
    assert depth(1.0) == depth(7.0) == pytest.approx([1.0])
    assert depth(math.nan) == []


def test_a_thin_layer_has_no_name(draw, layers):
    layers["end"] = [0.04, 0.06, 1.0]
    layers["start"] = [0.0, 0.04, 0.06]
    texts = {item["text"] for item in draw(charts.floating_iceberg(layers, guess(0.5)))("text")}
    assert texts == {"seen: 4", "silent: 60", "the guess"}


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_bar_holds_its_lost_part(draw, groups, width):
    drawn = draw(charts.outcome_rows(groups), width)
    bars = sorted(drawn("rect"), key=lambda bar: (bar["y"], -bar["width"]))
    whole = bars[0]["width"] / 0.6
    assert [bar["width"] / whole for bar in bars] == pytest.approx([0.6, 0.3, 0.2, 0.05])
    assert [bar["fill"] == CONTRAST for bar in bars] == [False, True, False, True]
    assert whole == pytest.approx(width, rel=0.05)


def test_levers_and_steps_share_a_fixed_scale(draw):
    rows = pd.DataFrame(
        {"name": ["a", "b"], "value": [0.5, -0.1], "words": ["", ""], "chosen": [True, False]}
    )
    right, left = sorted(draw(charts.lever_rows(rows))("rect"), key=lambda bar: bar["y"])
    assert right["width"] == pytest.approx(5 * left["width"])
    assert left["x"] + left["width"] == pytest.approx(right["x"])
    funnel = draw(charts.funnel_rows(rows.head(1)))("rect")[0]["width"]
    score = draw(charts.recommendation_rows(rows.head(1).assign(value=30.0)))("rect")[0]["width"]
    assert funnel == pytest.approx(score)
    assert {ACCENT, CONTRAST} == {right["fill"], left["fill"]}
