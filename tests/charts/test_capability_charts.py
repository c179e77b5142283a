import re

import altair as alt
import numpy as np
import pandas as pd
import pytest

from servicequality.charts import capability as charts
from servicequality.charts.theme import ACCENT, CONTRAST, GREY
from servicequality.models import capability, cost_of_quality

NARROW, WIDE = 330, 700


def hill(place, mean, sd, limit=10):
    parts = {"early": (mean - 4 * sd, -limit), "inside": (-limit, limit), "late": (limit, 24)}
    return pd.concat(
        pd.DataFrame({"place": place, "part": part, "minutes": np.linspace(start, end, 9)})
        for part, (start, end) in parts.items()
        if start < end
    ).assign(density=lambda table: capability.density(table["minutes"], mean, sd))


def two_clinics():
    services = pd.DataFrame(
        {
            "place": [1, 2],
            "service": ["Clinic A", "Clinic B"],
            "words": ["95.4 % inside", "97.7 % inside"],
        }
    )
    curves = pd.concat([hill(1, 0, 5), hill(2, 6, 2)])
    return charts.inside_limits(curves, services, pd.DataFrame({"limit": [10]}))


def costs(b):
    q = np.array([0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.97, 0.99])
    table = pd.DataFrame({"conformance": q, **cost_of_quality.cost_of_quality(q, 1, b)._asdict()})
    best = cost_of_quality.best_conformance(1, b)
    words = f"cheapest: {100 * best.conformance:.1f} %, {best.cost:.1f} credits"
    place = pd.DataFrame(
        {"conformance": [best.conformance], "total": [best.cost], "words": [words]}
    )
    return charts.cost_of_conformance(table, place)


def texts(drawn):
    return {item["text"]: item for item in drawn("text")}


@pytest.mark.parametrize(
    ("chart", "tables"),
    [
        (charts.inside_limits, ["curves", "services", "limits"]),
        (charts.loss_parts, ["losses"]),
        (charts.loss_by_delay, ["loss", "average"]),
        (charts.cost_of_conformance, ["costs", "best"]),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, tables):
    spec = chart(**{name: alt.NamedData(name=name) for name in tables}).to_dict()
    assert spec["width"] == "container"
    asked = set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec)))
    assert set(tables) <= asked


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_each_clinic_stands_on_its_own_ground_and_tails_are_orange(draw, width):
    drawn = draw(two_clinics(), width)
    labels = texts(drawn)
    assert labels["Clinic A"]["y"] < labels["Clinic B"]["y"]
    assert labels["95.4 % inside"]["y"] == labels["Clinic A"]["y"]
    fills = [item["fill"] for item in drawn("area")]
    # Clinic A has two tails, clinic B one.
    assert len(set(fills)) == 2
    tails = {item["x"] for item in drawn("area") if item["fill"] == CONTRAST}
    inside = {item["x"] for item in drawn("area") if item["fill"] == ACCENT}
    posts = [item["x"] for item in drawn("rule") if item.get("strokeDash") == [5, 4]]
    assert len(posts) == 2
    assert all(x <= min(posts) + 0.1 or x >= max(posts) - 0.1 for x in tails)
    assert all(min(posts) - 0.1 <= x <= max(posts) + 0.1 for x in inside)


def test_names_of_the_limits_do_not_touch_when_they_are_close(draw):
    services = pd.DataFrame({"place": [1], "service": ["A"], "words": ["95 %"]})
    chart = charts.inside_limits(hill(1, 0, 2, 5), services, pd.DataFrame({"limit": [5]}))
    marks = sorted(
        (item for item in draw(chart, NARROW)("text") if item["text"] in ("limit", "on time")),
        key=lambda item: item["x"],
    )
    assert [item["text"] for item in marks] == ["limit", "on time", "limit"]
    need = 6.2 * (len("limit") + len("on time")) / 2
    assert marks[1]["x"] - marks[0]["x"] > need * 0.85


def test_a_bar_is_split_into_its_reasons(draw):
    losses = pd.DataFrame(
        {
            "service": ["Clinic A", "Clinic B", "By posts"],
            "spread": [5.0, 0.8, 0],
            "bias": [0, 7.2, 0],
            "outside": [0, 0, 1.6],
            "words": ["5.00 credits", "8.00 credits", "1.60 credits"],
        }
    )
    drawn = draw(charts.loss_parts(losses))
    bars = [bar for bar in drawn("rect") if bar["width"] > 0.01]
    size = {(bar["fill"], round(bar["width"] / bars[0]["width"] * 5, 1)) for bar in bars}
    assert size == {(ACCENT, 5.0), (ACCENT, 0.8), (CONTRAST, 7.2), (GREY, 1.6)}
    assert "8.00 credits" in texts(drawn)


def test_the_axis_of_losses_stays_put_and_grows_only_when_it_must(draw):
    def width(spread):
        losses = pd.DataFrame(
            {"service": ["A"], "spread": [spread], "bias": [0], "outside": [0], "words": [""]}
        )
        return max(bar["width"] for bar in draw(charts.loss_parts(losses))("rect"))

    assert width(8) == pytest.approx(2 * width(4))
    assert width(40) <= 400


def test_the_diamond_stands_on_the_valley(draw):
    minutes = np.array([-12.0, -10, 0, 6, 10, 12])
    loss = pd.DataFrame(
        {
            "minutes": minutes,
            "quadratic": capability.quadratic_loss(minutes, 0, 0.2),
            "posts": capability.goal_post_loss(minutes, -10, 10, 0, 0.2),
        }
    )
    average = pd.DataFrame({"minutes": [6], "loss": [7.2]})
    drawn = draw(charts.loss_by_delay(loss, average))
    (dot,) = (item for item in drawn("symbol") if item["shape"] == "diamond")
    valley = [item for item in drawn("line") if item["stroke"] == ACCENT]
    assert any((item["x"], item["y"]) == pytest.approx((dot["x"], dot["y"])) for item in valley)
    assert "7.2" in texts(drawn)


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("b", [25, 400, 1])
def test_the_cheapest_point_is_marked_and_its_words_fit(draw, width, b):
    drawn = draw(costs(b), width)
    (dot,) = (item for item in drawn("symbol") if item["shape"] == "circle")
    (label,) = {
        item["text"]: item for item in drawn("text") if str(item["text"]).startswith("cheapest")
    }.values()
    wide = 7.4 * len(label["text"])
    start = label["x"] + label["dx"] - (wide if label["align"] == "right" else 0)
    # Left of the plot the axis has about 45 px.
    assert start > -45
    assert all(item["y"] <= dot["y"] + 0.5 or item["stroke"] != "#1b2733" for item in drawn("line"))


def test_what_is_far_above_a_sure_failure_is_cut_off(draw):
    points = draw(costs(25))("line")
    assert min(item["y"] for item in points) >= 0
    # Of nine, 97 % would cost 33 credits and 99 % even 99, where a failure costs 25.
    assert len(points) == 3 * 7
