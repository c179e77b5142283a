import re

import altair as alt
import numpy as np
import pandas as pd
import pytest

from servicequality.charts import average_trap as charts
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK
from servicequality.models import average_trap as model

NARROW, WIDE = 330, 700


def crowd(sad=83.0, people=200):
    return pd.DataFrame(
        {
            "people": [people],
            "sad": [sad],
            "sad_words": ["83 disappointed"],
            "glad_words": ["117 on time or early"],
        }
    )


def means(values=(6.0, 6.5), span=(1, 11)):
    return pd.DataFrame(
        {
            "value": values,
            "words": ["expected on average: 6.00", "received on average: 6.50"],
            "place": ["above", "below"],
            "low": span[0],
            "high": span[1],
        }
    )


def plane(mean=6.0):
    people = model.population(mean, 6, 1, 1)
    return {
        "people": pd.DataFrame(
            {
                "expected": people["expectation"],
                "received": people["performance"],
                "sad": (~people["satisfied"]).astype(int),
            }
        ),
        "diagonal": pd.DataFrame({"level": [1, 11]}),
        "average": pd.DataFrame(
            {"expected": [6.0], "received": [mean], "words": ["the average customer"]}
        ),
    }


def plot_width(drawn):
    (words,) = [text for text in drawn("text") if text["text"] == "117 on time or early"]
    return words["x"]


def figures(drawn):
    return [item for item in drawn("symbol") if item.get("strokeWidth") == 2.2]


@pytest.mark.parametrize(
    ("chart", "tables"),
    [
        (charts.crowd, {"crowd", "means"}),
        (charts.expected_and_received, {"people", "diagonal", "average"}),
        (charts.share_over_mean, {"lines", "here", "expected"}),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, tables):
    spec = chart(**{name: alt.NamedData(name=name) for name in tables}).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == tables


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_disappointed_differ_in_colour_and_in_shape_and_stand_first(draw, width):
    people = figures(draw(charts.crowd(crowd(), means()), width))
    assert len(people) == 200
    looks = [(item["stroke"], item["shape"]) for item in people]
    assert len(set(looks[:83])) == len(set(looks[83:])) == 1
    (sad_colour, sad_shape), (glad_colour, glad_shape) = looks[0], looks[-1]
    assert (sad_colour, glad_colour) == (CONTRAST, ACCENT)
    assert sad_shape != glad_shape
    columns = sorted({round(item["x"], 3) for item in people})
    assert len(columns) == 20
    assert max(item["x"] for item in people[:83]) == pytest.approx(columns[8], abs=0.01)


def test_the_figures_keep_clear_of_each_other_and_of_the_edge(draw):
    drawn = draw(charts.crowd(crowd(), means()), NARROW)
    people = figures(drawn)
    xs = np.unique(np.round([item["x"] for item in people], 3))
    ys = np.unique(np.round([item["y"] for item in people], 3))
    half_width, half_height = 0.52 * 25 / 2, 25 / 2
    assert np.diff(xs).min() > 2 * half_width
    assert np.diff(ys).min() > 2 * half_height
    assert xs[0] > half_width
    assert xs[-1] < plot_width(drawn) - half_width


def test_the_turn_of_one_more_changes_one_figure_and_moves_none(draw):
    before, after = (
        figures(draw(charts.crowd(crowd(sad=sad), means()), WIDE)) for sad in (83.0, 82.0)
    )
    changed = [a["stroke"] != b["stroke"] for a, b in zip(before, after, strict=True)]
    assert (changed.count(True), changed[82]) == (1, True)
    assert [(a["x"], a["y"]) for a in before] == [(b["x"], b["y"]) for b in after]


def test_a_covered_crowd_is_grey_and_all_alike(draw):
    drawn = draw(charts.crowd(crowd(sad=None), means()))
    assert {(item["stroke"], item["shape"]) for item in figures(drawn)} == {
        (GREY, figures(drawn)[0]["shape"])
    }
    assert {item["fill"] for item in drawn("text")} == {INK}


@pytest.mark.parametrize("people", [1, 207])
def test_a_crowd_of_any_size_fills_the_width(draw, people):
    drawn = draw(charts.crowd(crowd(sad=1, people=people), means()))
    xs = [item["x"] for item in figures(drawn)]
    assert len(xs) == people
    assert min(xs) == pytest.approx(plot_width(drawn) - max(xs), abs=0.1)


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("values", [(1.0, 11.0), (6.0, 6.0), (10.8, 1.2)])
def test_arrows_point_at_the_averages_and_their_words_stay_inside(draw, width, values):
    drawn = draw(charts.crowd(crowd(), means(values)), width)
    width = plot_width(drawn)
    arrows = [item for item in drawn("symbol") if item.get("shape", "").startswith("triangle")]
    for arrow, value in zip(arrows, values, strict=True):
        assert arrow["x"] == pytest.approx((value - 1) / 10 * width, abs=0.01)
    assert [arrow["shape"] for arrow in arrows] == ["triangle-down", "triangle-up"]
    for text in drawn("text"):
        room = 8 * len(text["text"])
        left = text["x"] - {"left": 0, "center": room / 2, "right": room}[text["align"]]
        assert left >= -1, text["text"]
        assert left + room <= width + 1, text["text"]


def test_two_hundred_dots_lie_on_the_side_of_the_line_that_their_look_tells(draw):
    drawn = draw(charts.expected_and_received(**plane(6.5)))
    dots = [item for item in drawn("symbol") if item.get("shape") in ("circle", "triangle-down")]
    assert len(dots) == 200
    below = [item["shape"] == "triangle-down" for item in dots]
    assert [item["fill"] == CONTRAST for item in dots] == below
    spots = plane(6.5)["people"]
    assert below == (spots["received"] < spots["expected"]).tolist()
    (diamond,) = [item for item in drawn("symbol") if item.get("shape") == "diamond"]
    assert diamond["fill"] == INK


def test_a_dot_beyond_the_scale_stays_at_its_edge(draw):
    tables = plane()
    tables["people"] = pd.DataFrame({"expected": [6.0], "received": [14.0], "sad": [0]})
    drawn = draw(charts.expected_and_received(**tables))
    (dot,) = [item for item in drawn("symbol") if item.get("shape") == "circle"]
    assert dot["y"] == 0


def test_a_real_case_brings_its_own_scale(draw):
    tables = plane()
    tables["people"] = pd.DataFrame({"expected": [7.0], "received": [7.0], "sad": [0]})
    tables["diagonal"] = pd.DataFrame({"level": [1, 7]})
    drawn = draw(charts.expected_and_received(**tables))
    (dot,) = [item for item in drawn("symbol") if item.get("shape") == "circle"]
    assert dot["y"] == 0
    assert dot["x"] == pytest.approx(max(item["x"] for item in drawn("line")))


def test_the_curves_cross_at_the_expectation_and_differ_in_dash(draw):
    mean = np.linspace(3, 9, 25)
    lines = pd.DataFrame(
        {
            "mean": mean,
            "now": model.share_satisfied(mean, 6, 1, 1),
            "steadier": model.share_satisfied(mean, 6, 0.5, 1),
        }
    )
    here = pd.DataFrame({"mean": [9.0], "share": [0.98], "words": ["98 %"]})
    drawn = draw(charts.share_over_mean(lines, here, pd.DataFrame({"mean": [6.0]})), NARROW)
    dots = drawn("line")
    now, steadier = (
        {round(item["x"], 2): item["y"] for item in dots if item["stroke"] == colour}
        for colour in (ACCENT, CONTRAST)
    )
    xs = sorted(now)
    assert len(xs) == 25
    assert now[xs[12]] == pytest.approx(steadier[xs[12]])
    assert steadier[xs[18]] < now[xs[18]]
    assert steadier[xs[6]] > now[xs[6]]
    dashes = {item["stroke"]: tuple(item.get("strokeDash") or ()) for item in dots}
    assert len(set(dashes.values())) == 2
    (word,) = [item for item in drawn("text") if item["text"] == "98 %" and not item.get("stroke")]
    assert word["x"] + word["dx"] + 4 * 8 < NARROW
