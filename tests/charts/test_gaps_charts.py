import altair as alt
import pytest

from servicequality.charts import gaps as charts
from servicequality.charts.theme import ACCENT, CONTRAST, INK, SOFT
from servicequality.demos.gap_management import where_the_quality_leaks

DEMO = where_the_quality_leaks()


@pytest.fixture(scope="module")
def tables():
    return DEMO.view(DEMO.first_state()).tables


def boxes(drawn):
    """Bars without the white strips behind names and the thin links between rows."""
    return [item for item in drawn("rect") if item["fill"] != "white" and item["width"] > 1]


@pytest.mark.parametrize("width", [280, 700])
def test_each_bar_starts_where_the_one_before_ends(draw, tables, width):
    bars = boxes(draw(charts.gap_waterfall(tables["chain"]), width))
    assert [bar["fill"] for bar in bars] == [SOFT, CONTRAST, CONTRAST, CONTRAST, ACCENT, INK]
    left = [bar["x"] for bar in bars]
    right = [bar["x"] + bar["width"] for bar in bars]
    assert right[0] == pytest.approx(right[1])
    assert left[1:3] == pytest.approx(right[2:4])
    assert left[3] == pytest.approx(left[4])
    assert right[4] == pytest.approx(left[5])
    assert right[5] == pytest.approx(right[1])


def test_names_and_levels_of_a_row_do_not_meet_on_a_phone(draw, tables):
    for chart in (charts.gap_waterfall(tables["chain"]), charts.two_gaps(tables["ends"])):
        texts = draw(chart, 280)("text")
        for y in {item["y"] for item in texts}:
            row = [item for item in texts if item["y"] == y]
            letters = sum(len(item["text"]) for item in row)
            assert 6.7 * letters < 280, [item["text"] for item in row]


def test_the_usual_axis_grows_only_when_it_must(draw, tables):
    def gap_1(**values):
        chain = DEMO.view(DEMO.check(values)).tables["chain"]
        return boxes(draw(charts.gap_waterfall(chain), 500))[1]["width"]

    assert gap_1(delivery=60) == pytest.approx(gap_1())
    assert gap_1(delivery=20) == pytest.approx(gap_1() * 50 / 80, rel=0.02)


def test_promised_is_a_square_and_delivered_a_circle(draw, tables):
    points = draw(charts.two_gaps(tables["ends"]))("symbol")
    shapes = [item.get("shape", "circle") for item in points if item.get("opacity", 1) == 1]
    assert sorted(shapes) == ["circle", "circle", "square", "square"]


@pytest.mark.parametrize(
    ("chart", "table"), [(charts.two_gaps, "ends"), (charts.gap_waterfall, "chain")]
)
def test_a_chart_is_complete_before_its_data_come(chart, table):
    spec = chart(**{table: alt.NamedData(name=table)}).to_dict()
    assert spec["width"] == "container"
    assert f"{{'name': '{table}'}}" in str(spec)
