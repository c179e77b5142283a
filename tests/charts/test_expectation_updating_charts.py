import re

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import expectation_updating as charts
from servicequality.charts.theme import ACCENT, CONTRAST, GREY, INK
from servicequality.models import expectation_updating as model

NARROW, WIDE = 330, 700
SERVICE = "#a84f06"


def tables(plan=(90,) * 12, seen=12, follow=0, customers=6):
    crowd = model.draw_customers(customers, 70, plan, 0.3, initial_sd=6, performance_sd=3, seed=5)
    each = model.visits_of_customers(model.expectation_path(*crowd), crowd.performance)
    each = each[each["visit"] <= seen].assign(followed=lambda rows: rows["customer"] == follow)
    means = model.summarise_visits(each)
    return each, means.assign(words=[f"{points:+.1f}" for points in means["surprise"]])


def needed(top=100.0):
    performance = model.performance_for_surprise(5, 70, 0.3, 24)
    return (
        pd.DataFrame(
            {"visit": range(1, 25), "performance": performance, "possible": performance <= top}
        ),
        pd.DataFrame({"performance": [top], "words": ["100 is enough for 17 visits"]}),
    )


def text(drawn, start):
    """Return the drawn text that begins so; each text also has a rim."""
    return next(
        item for item in drawn("text") if item["text"].startswith(start) and "stroke" not in item
    )


def lines(drawn, colour):
    """Return the points of each line of a colour that shows."""
    found = {}
    for number, item in enumerate(drawn("line")):
        if item["stroke"] == colour and item.get("opacity", 1) > 0:
            found.setdefault((item.get("strokeWidth"), number // 12), []).append(item)
    return list(found.values())


@pytest.mark.parametrize(
    ("chart", "names"),
    [
        (charts.moving_bar, {"customers", "means"}),
        (charts.surprises, {"customers", "means"}),
        (charts.total_surprise, {"customers", "means"}),
        (charts.needed_performance, {"needed", "ceiling"}),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, names):
    spec = chart(**{name: alt.NamedData(name=name) for name in names}).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == names


@pytest.mark.parametrize("chart", [charts.moving_bar, charts.total_surprise])
def test_each_customer_has_a_thin_line_and_the_mean_a_strong_one(draw, chart):
    drawn = draw(chart(*tables()))
    thin, (mean,) = lines(drawn, GREY), lines(drawn, ACCENT)
    assert len(thin) == 6
    assert all(len(line) == 12 for line in [*thin, mean])
    assert mean[0]["strokeWidth"] > 3 * thin[0][0]["strokeWidth"]
    middle = sum(line[0]["y"] for line in thin) / 6
    assert mean[0]["y"] == pytest.approx(middle, abs=0.1)
    assert not lines(drawn, INK)


@pytest.mark.parametrize("chart", [charts.moving_bar, charts.total_surprise])
def test_a_followed_customer_stands_out(draw, chart):
    drawn = draw(chart(*tables(follow=3)))
    (line,) = lines(drawn, INK)
    thin = [[point["y"] for point in other] for other in lines(drawn, GREY)]
    assert [point["y"] for point in line] == thin[2]


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("seen", [1, 2, 12])
def test_names_of_service_and_mean_lie_apart_and_inside(draw, width, seen):
    drawn = draw(charts.moving_bar(*tables(seen=seen)), width)
    service, mean = text(drawn, "service 90.0"), text(drawn, "mean bar")
    assert service["y"] + service["dy"] < mean["y"] + mean["dy"] - 14
    assert (service["fill"], mean["fill"]) == (SERVICE, ACCENT)
    for item in (service, mean):
        length = 7.2 * len(item["text"])
        start = item["x"] + item["dx"] - (length if item["align"] == "right" else 0)
        assert start >= 0
        assert start + length <= width


def test_names_change_sides_where_the_service_is_below_the_bar(draw):
    drawn = draw(charts.moving_bar(*tables(plan=(90,) * 11 + (60,))))
    service, mean = text(drawn, "service 60.0"), text(drawn, "mean bar")
    assert mean["y"] + mean["dy"] < service["y"] + service["dy"]


def test_stripes_show_the_mean_surprise_and_its_sign(draw):
    each, means = tables(plan=(90, 50) * 6)
    stripes = [
        rule
        for rule in draw(charts.moving_bar(each, means))("rule")
        if rule["stroke"] in (ACCENT, CONTRAST)
    ]
    assert [rule["stroke"] for rule in stripes] == [ACCENT, CONTRAST] * 6
    lengths = [abs(rule["y2"] - rule["y"]) for rule in stripes]
    ratio = lengths[1] / lengths[0]
    assert ratio == pytest.approx(abs(means["surprise"][1] / means["surprise"][0]))


def test_bars_of_surprise_and_a_dot_for_each_customer(draw):
    each, means = tables(plan=(90, 50) * 6, follow=2)
    drawn = draw(charts.surprises(each, means))
    bars = drawn("rect")
    assert [bar["fill"] for bar in bars] == [ACCENT, CONTRAST] * 6
    assert bars[1]["height"] / bars[0]["height"] == pytest.approx(
        abs(means["surprise"][1] / means["surprise"][0])
    )
    dots = [dot for dot in drawn("symbol") if dot.get("opacity", 1) > 0]
    assert len(dots) == 6 * 12
    assert sum(dot["fill"] == INK for dot in dots) == 12
    assert text(drawn, "+20.0")["dy"] < 0 < text(drawn, means["words"][1])["dy"]


def test_the_scale_stays_put_while_the_usual_part_is_enough(draw):
    first, second = (
        draw(charts.moving_bar(*tables(plan=(service,) * 12)))("symbol") for service in (80, 90)
    )
    squares = [
        next(mark["y"] for mark in marks if mark.get("shape") == "square")
        for marks in (first, second)
    ]
    bars = [lines(draw(charts.moving_bar(*tables(seen=seen))), ACCENT) for seen in (2, 12)]
    assert squares[0] > squares[1]
    assert bars[0][0][0]["y"] == bars[1][0][0]["y"]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_what_no_firm_can_do_has_another_colour(draw, width):
    drawn = draw(charts.needed_performance(*needed()), width)
    dots = [dot for dot in drawn("symbol") if dot.get("opacity", 1) > 0]
    assert [dot["fill"] for dot in dots] == [ACCENT] * 17 + [CONTRAST] * 7
    top = next(rule["y"] for rule in drawn("rule") if rule["stroke"] == INK)
    assert dots[16]["y"] > top > dots[17]["y"]
    words = text(drawn, "100 is enough")
    assert words["x"] + words["dx"] + 7.5 * len(words["text"]) < width
