import altair as alt
import pytest

from servicequality.charts import control_charts as charts
from servicequality.charts.theme import ACCENT, CONTRAST
from servicequality.demos.gap_management import control_room

DEMO = control_room()
PHONE, DESK = 280, 700
PARTS = ("points", "limits", "change", "frame")


def tables(**values):
    return DEMO.view(DEMO.check(values)).tables


def chart(draw, width=DESK, **values):
    shown = tables(**values)
    return draw(charts.control_chart(**{name: shown[name] for name in PARTS}), width)


def texts(drawn):
    return [item["text"] for item in drawn("text")]


def test_signals_differ_in_colour_size_and_shape(draw):
    symbols = [item for item in chart(draw, days=90)("symbol") if item.get("opacity", 1) > 0]
    outside = [item for item in symbols if item.get("shape") == "triangle-up"]
    inside = [item for item in symbols if item not in outside]
    assert (len(inside), len(outside)) == (88, 2)
    assert {item["fill"] for item in outside} == {CONTRAST}
    assert {item["fill"] for item in inside} == {ACCENT}
    assert min(item["size"] for item in outside) > max(item["size"] for item in inside)


def test_points_stay_where_they_are_while_days_go_by(draw):
    early, late = (
        [(item["x"], item["y"]) for item in chart(draw, days=days)("symbol")] for days in (40, 60)
    )
    assert set(early) <= set(late)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_limits_are_named_with_their_numbers_only_where_they_are_constant(draw, width):
    assert {"upper limit 11.1", "lower limit 1.0", "baseline"} <= set(texts(chart(draw, width)))
    varying = texts(chart(draw, width, source="emergency"))
    assert {"upper limit ", "lower limit "} <= set(varying)
    assert "baseline" not in varying


def test_a_change_is_marked_once_it_has_come(draw):
    assert "change" not in texts(chart(draw, days=60))
    assert "change" in texts(chart(draw, days=61))
    assert "change" not in texts(chart(draw, days=90, when="secret"))


def test_captions_fit_on_a_phone():
    for source in ("wrong", "complaints", "minutes", "centre", "lights", "emergency"):
        assert 6.1 * len(tables(source=source)["frame"]["caption"][0]) < 320


def test_histograms_stand_above_each_other(draw):
    bars = draw(charts.histograms(tables(days=90)["bins"]), DESK)("rect")
    assert {bar["fill"] for bar in bars} == {ACCENT, CONTRAST}
    upper = max(bar["y"] + bar["height"] for bar in bars if bar["fill"] == ACCENT)
    assert all(bar["y"] >= upper for bar in bars if bar["fill"] == CONTRAST)
    alone = draw(charts.histograms(tables(source="lights")["bins"]), DESK)("rect")
    assert {bar["fill"] for bar in alone} == {ACCENT}


def test_run_lengths_fall_on_a_scale_of_powers(draw):
    shown = tables(days=90)
    drawn = draw(charts.run_lengths(shown["curve"], shown["here"]), DESK)
    assert "7.4 days" in texts(drawn)
    heights = [point["y"] for point in drawn("line")[:31]]
    assert heights == sorted(heights)


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (charts.control_chart, PARTS),
        (charts.histograms, ["bins"]),
        (charts.run_lengths, ["curve", "here"]),
    ],
)
def test_a_chart_is_complete_before_its_data_come(function, names):
    spec = function(**{name: alt.NamedData(name=name) for name in names}).to_dict()
    assert spec["width"] == "container"
    assert all(f"{{'name': '{name}'}}" in str(spec) for name in names)
