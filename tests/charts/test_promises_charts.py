import math
import re
from functools import partial

import altair as alt
import numpy as np
import pandas as pd
import pytest

from servicequality.charts import promises as charts
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK, LINE, SOFT
from servicequality.models import promises as model

NARROW, WIDE = 330, 700
PROMISES = np.arange(50, 101, 2)


def state(promise=70.0, performance=75.0, expectation=70.0):
    return pd.DataFrame(
        {
            "promise": [promise],
            "performance": [performance],
            "expectation": [expectation],
            "performance_words": ["● delivered: 75"],
            "expectation_words": ["■ expected: 70.0"],
            "result": ["3,760"],
            "result_words": ["credits of profit"],
        }
    )


def level_of(mark, hub):
    """Level on the dial at which a mark stands, seen from the hub."""
    angle = math.atan2(mark["x"] - hub["x"], hub["y"] - mark["y"])
    return 75 + 50 * angle / (1.5 * math.pi)


def parts(drawn):
    hub = max(drawn("symbol"), key=lambda item: item["size"])
    (done,) = [item for item in drawn("symbol") if item["fill"] == ACCENT]
    (expected,) = [item for item in drawn("symbol") if item["fill"] == SOFT]
    return hub, done, expected


@pytest.mark.parametrize(
    ("chart", "tables"),
    [
        (charts.dial, {"dial"}),
        (charts.profit_over_promise, {"curve", "best", "here"}),
        (charts.line_over_promise, {"line", "point"}),
        (partial(charts.kept_over_days, days="promised", title="days promised"), {"kept"}),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, tables):
    spec = chart(**{name: alt.NamedData(name=name) for name in tables}).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == tables


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("levels", [(70, 75, 70), (100, 75, 85), (50, 90, 60)])
def test_needle_and_marks_stand_at_their_levels(draw, width, levels):
    drawn = draw(charts.dial(state(*levels)), width)
    hub, done, expected = parts(drawn)
    assert level_of(done, hub) == pytest.approx(levels[1])
    assert level_of(expected, hub) == pytest.approx(levels[2])
    (needle,) = drawn("rule")
    tip = {"x": needle["x"], "y": needle["y"]}
    assert (needle["x2"], needle["y2"]) == (hub["x"], hub["y"])
    assert level_of(tip, hub) == pytest.approx(levels[0])
    for text in drawn("text"):
        if text["text"] in ("50", "60", "70", "80", "90", "100") and text["fill"] == SOFT:
            assert level_of(text, hub) == pytest.approx(float(text["text"]))


@pytest.mark.parametrize(("expected", "colour"), [(70.0, ACCENT), (85.0, CONTRAST)])
def test_the_rim_tells_by_colour_and_marks_by_shape_who_gets_less(draw, expected, colour):
    drawn = draw(charts.dial(state(expectation=expected)))
    track, gap = sorted(drawn("arc"), key=lambda arc: arc["fill"] != LINE)
    assert gap["fill"] == colour
    ends = sorted((gap["startAngle"], gap["endAngle"]))
    wanted = sorted((level - 75) / 50 * 1.5 * math.pi for level in (75, expected))
    assert ends == pytest.approx(wanted)
    assert track["endAngle"] - track["startAngle"] == pytest.approx(1.5 * math.pi)
    _hub, done, marked = parts(drawn)
    assert (done["shape"], marked["shape"]) == ("circle", "square")


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_words_below_the_dial_stay_inside_and_apart(draw, width):
    drawn = draw(charts.dial(state()), width)
    texts = {text["text"]: text for text in drawn("text")}
    done, expected = texts["● delivered: 75"], texts["■ expected: 70.0"]
    assert done["x"] >= 0
    assert expected["x"] <= width
    assert done["x"] + 8.5 * len(done["text"]) < expected["x"] - 8.5 * len(expected["text"])
    assert expected["x"] - done["x"] <= 310


def profit_tables(best=78.0, here=70.0):
    found = model.outcome(PROMISES, 75)
    first = 10 * found.customers
    most = model.outcome([best, here], 75).profit
    return {
        "curve": pd.DataFrame({"promise": PROMISES, "first": first, "later": found.profit - first}),
        "best": pd.DataFrame(
            {"promise": [best], "profit": most[:1], "words": ["most: 3,848 at 78"], "top": [6100.0]}
        ),
        "here": pd.DataFrame({"promise": [here], "profit": most[1:]}),
    }


def test_layers_of_profit_are_stacked_and_the_marks_stand_on_their_edge(draw):
    drawn = draw(charts.profit_over_promise(**profit_tables()))
    areas = drawn("area")
    assert {area["fill"] for area in areas} == {ACCENT, GREY}
    top, bottom = (
        {round(area["x"], 2): (area["y"], area["height"]) for area in areas if area["fill"] == fill}
        for fill in (ACCENT, GREY)
    )
    for x, (y, height) in top.items():
        assert y + height == pytest.approx(bottom[x][0], abs=0.01)
    (diamond,) = [item for item in drawn("symbol") if item.get("shape") == "diamond"]
    (ring,) = [item for item in drawn("symbol") if item.get("fill") == "white"]
    assert (diamond["fill"], ring["stroke"]) == (INK, INK)
    assert ring["y"] == pytest.approx(top[round(ring["x"], 2)][0], abs=0.01)
    assert diamond["y"] == pytest.approx(top[round(diamond["x"], 2)][0], abs=0.01)


def test_the_scale_of_profit_keeps_still(draw):
    heights = []
    for performance in (60, 90):
        found = model.outcome(PROMISES, performance)
        tables = profit_tables()
        tables["curve"] = pd.DataFrame(
            {"promise": PROMISES, "first": 10 * found.customers, "later": found.profit}
        ).assign(later=lambda table: table["later"] - table["first"])
        areas = draw(charts.profit_over_promise(**tables))("area")
        heights.append([area["height"] for area in areas if area["fill"] == GREY])
    assert heights[0] == pytest.approx(heights[1])


@pytest.mark.parametrize("promise", [50.0, 100.0])
def test_the_number_beside_a_point_stays_inside(draw, promise):
    line = pd.DataFrame({"promise": [50, 100], "value": [60.0, 160]})
    point = pd.DataFrame({"promise": [promise], "value": [2 * promise - 40], "words": ["160"]})
    drawn = draw(charts.line_over_promise(line, point, title="customers", top=160), NARROW)
    (dot,) = drawn("symbol")
    assert dot["fill"] == CONTRAST
    ends = sorted(drawn("line"), key=lambda item: item["x"])
    end = ends[0] if promise == 50 else ends[-1]
    assert (dot["x"], dot["y"]) == (end["x"], end["y"])
    (word,) = [t for t in drawn("text") if t["text"] == "160" and not t.get("stroke")]
    assert word["align"] == ("left" if promise == 50 else "right")


def kept():
    return pd.DataFrame(
        {
            "name": ["unsafe", "inspection", "contractors", "lights", "at once"],
            "promised": [1.0, 5.0, 720.0, 14.75, 7.0],
            "taken": [10.9, 8.1, 8.2, 3.6, 0.0001],
            "share": [0.081, 0.294, 1.0, 0.762, 0.672],
            "label": ["unsafe conditions", "building inspections", "contractor complaints", "", ""],
        }
    )


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("days", ["promised", "taken"])
def test_marked_requests_differ_in_shape_and_their_names_stay_inside(draw, width, days):
    drawn = draw(charts.kept_over_days(kept(), days, "days"), width)
    dots = drawn("symbol")
    assert [dot["shape"] == "diamond" for dot in dots] == [True, True, True, False, False]
    assert [dot["fill"] == CONTRAST for dot in dots] == [True, True, True, False, False]
    for text in drawn("text"):
        if text["text"] in set(kept()["label"]) - {""}:
            room = 7.5 * len(text["text"])
            left = (
                text["x"]
                + text["dx"]
                - {"left": 0, "center": room / 2, "right": room}[text["align"]]
            )
            assert left > 0
            assert left + room < width - 30


def test_days_are_on_a_scale_of_ratios_and_a_moment_stays_on_it(draw):
    drawn = draw(charts.kept_over_days(kept(), "taken", "days"))
    xs = [dot["x"] for dot in drawn("symbol")]
    assert xs[4] == pytest.approx(0, abs=0.01)
    assert (xs[0] - xs[1]) / (xs[1] - xs[3]) == pytest.approx(
        math.log(10.9 / 8.1) / math.log(8.1 / 3.6), rel=1e-3
    )
