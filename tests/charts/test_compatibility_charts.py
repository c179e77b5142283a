import re

import altair as alt
import pytest

from servicequality.charts import compatibility as charts
from servicequality.charts.theme import CONTRAST
from servicequality.demos.customers_role import seat_the_strangers

DEMO = seat_the_strangers()
NARROW, WIDE = 330, 700


def tables(**values):
    return DEMO.view(DEMO.check(values)).tables


@pytest.mark.parametrize(
    ("chart", "names"), [(charts.fit_map, {"cells"}), (charts.pair_curve, {"pairs", "here"})]
)
def test_a_chart_is_complete_before_its_data_come(chart, names):
    spec = chart(**{name: alt.NamedData(name=name) for name in names}).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == names


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_map_frames_what_each_group_has_in_the_order_of_the_table(draw, width):
    cells = tables()["cells"]
    drawn = draw(charts.fit_map(cells), width)
    frames = [item for item in drawn("rect") if item.get("stroke") == CONTRAST]
    tiles = [item for item in drawn("rect") if item.get("stroke") == "white"]
    assert len(tiles) == 16
    assert len(frames) == 4
    framed = {(round(frame["x"]), round(frame["y"])) for frame in frames}
    across = sorted({round(tile["x"]) for tile in tiles})
    down = sorted({round(tile["y"]) for tile in tiles})
    places = {(across.index(x), down.index(y)) for x, y in framed}
    assert places == {(2, 0), (0, 1), (0, 2), (3, 3)}, "afternoon, morning, morning, evening"


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("quiet", [0, 12, 20, 40])
def test_the_arch_is_highest_in_the_middle_and_its_words_stay_inside(draw, width, quiet):
    shown = tables(quiet=quiet)
    drawn = draw(charts.pair_curve(shown["pairs"], shown["here"]), width)
    curve = drawn("line")
    assert min(curve, key=lambda point: point["y"]) is curve[len(curve) // 2]
    (dot,) = drawn("symbol")
    words = next(item for item in drawn("text") if item["text"].endswith("pairs"))
    assert words["align"] == {0: "left", 12: "left", 20: "center", 40: "right"}[quiet]
    assert words["x"] == pytest.approx(dot["x"], abs=31)
