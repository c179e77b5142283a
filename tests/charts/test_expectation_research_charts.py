import re

import altair as alt
import numpy as np
import pandas as pd
import pytest

from servicequality.charts import expectation_research as charts
from servicequality.charts.theme import ACCENT, CONTRAST

NARROW, WIDE = 330, 700
ANSWERS = np.array([1, 10, 100, 1000, 5000])


@pytest.fixture
def lines():
    survey = pd.DataFrame({"method": "survey", "answers": ANSWERS, "error": ANSWERS**-0.5})
    return pd.concat([survey, survey.assign(method="complaints", error=1.1)])


@pytest.fixture
def here():
    return pd.DataFrame(
        {
            "method": ["complaints", "survey"],
            "answers": [5000, 10],
            "error": [1.1, 10**-0.5],
            "words": ["5,000 complaints", "10 questionnaires"],
        }
    )


@pytest.mark.parametrize(
    ("chart", "tables"),
    [(charts.error_by_answers, {"lines", "here"}), (charts.error_bars, {"errors"})],
)
def test_a_chart_is_complete_before_its_data_come(chart, tables):
    spec = chart(**{name: alt.NamedData(name=name) for name in tables}).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == tables


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_methods_differ_in_colour_dash_and_shape(draw, lines, here, width):
    drawn = draw(charts.error_by_answers(lines, here), width)
    dashes = {item["stroke"]: tuple(item.get("strokeDash") or ()) for item in drawn("line")}
    assert set(dashes) == {ACCENT, CONTRAST}
    assert len(set(dashes.values())) == 2
    points = {item["shape"]: item for item in drawn("symbol")}
    assert points["square"]["fill"] == CONTRAST
    assert points["circle"]["fill"] == ACCENT
    assert points["square"]["y"] < points["circle"]["y"], "a larger error is higher up"


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_words_stay_in_the_picture(draw, lines, here, width):
    texts = {
        item["text"]: item for item in draw(charts.error_by_answers(lines, here), width)("text")
    }
    many, few = texts["5,000 complaints"], texts["10 questionnaires"]
    assert many["align"] == "right"
    assert many["x"] - 8 * len(many["text"]) > 0
    assert few["align"] == "left"
    assert few["x"] + 8 * len(few["text"]) < width


def test_answers_stand_on_a_scale_of_ratios(draw, lines, here):
    def across(answers):
        spots = here.assign(answers=answers)
        points = draw(charts.error_by_answers(lines, spots))("symbol")
        return {item["shape"]: item["x"] for item in points}["circle"]

    one, ten, hundred = (across([1, answers]) for answers in (1, 10, 100))
    assert ten - one == pytest.approx(hundred - ten)


def test_error_bars_keep_their_scale(draw):
    errors = pd.DataFrame({"name": ["a"], "value": [1.0], "words": ["1"], "chosen": [True]})
    (bar,) = draw(charts.error_bars(errors))("rect")
    assert bar["width"] == pytest.approx(200, abs=5)
