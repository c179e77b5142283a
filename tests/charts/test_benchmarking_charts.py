import altair as alt
import pytest

from servicequality.charts import benchmarking as charts
from servicequality.charts.theme import ACCENT, CONTRAST
from servicequality.demos.gap_management import chasing_the_best

DEMO = chasing_the_best()


def tables(**values):
    return DEMO.view(DEMO.check(values)).tables


def texts(drawn):
    return [item["text"] for item in drawn("text")]


def test_bars_are_as_long_as_parts_of_the_best(draw):
    levels = tables(guests=99)["levels"]
    drawn = draw(charts.levels_to_best(levels), 500)("rect")
    bars = [item for item in drawn if item["fill"] in (ACCENT, CONTRAST)]
    assert [item["fill"] == ACCENT for item in bars] == (levels["part"] >= 1).tolist()
    whole = bars[0]["width"] / levels["part"][0]
    assert [item["width"] / whole for item in bars] == pytest.approx(levels["part"].tolist())


@pytest.mark.parametrize("width", [280, 700])
def test_a_radar_stays_inside_its_picture(draw, width):
    drawn = draw(charts.radar(tables(guests=108)["levels"]), width)
    points = drawn("line")
    assert len(points) == 18
    assert min(point["x"] for point in points) > 0
    assert max(point["x"] for point in points) < width
    ring, own = points[6:12], points[12:]
    assert own[0]["y"] < ring[0]["y"], "more than the best lies outside the ring"
    assert own[3]["y"] < ring[3]["y"], "less than the best lies inside it"


def test_the_race_names_both_and_marks_the_meeting(draw):
    shown = tables()
    drawn = draw(charts.race(shown["years"], shown["meeting"]), 500)
    assert {"you", "the best", "6.5 years"} <= set(texts(drawn))
    never = tables(growth=1)
    assert len(draw(charts.race(never["years"], never["meeting"]), 500)("symbol")) == 0


def test_late_indicators_stand_out(draw):
    parity = tables()["parity"]
    bars = draw(charts.years_to_parity(parity), 500)("rect")
    shown = [item for item in bars if item["fill"] in (ACCENT, CONTRAST)]
    assert [item["fill"] == CONTRAST for item in shown] == parity["late"].tolist()


@pytest.mark.parametrize(
    ("chart", "names"),
    [
        (charts.levels_to_best, ["levels"]),
        (charts.radar, ["levels"]),
        (charts.race, ["years", "meeting"]),
        (charts.years_to_parity, ["parity"]),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, names):
    spec = chart(**{name: alt.NamedData(name=name) for name in names}).to_dict()
    assert spec["width"] == "container"
    assert all(f"{{'name': '{name}'}}" in str(spec) for name in names)
