import altair as alt
import pandas as pd
import pytest

from servicequality.charts import blueprint as charts
from servicequality.charts.theme import CONTRAST, INK
from servicequality.demos.gap_management import blueprint_lab
from servicequality.demos.gap_management.processes import PROCESSES

DEMO = blueprint_lab()
MEASURES = {"rpn": "Risk priority\nnumber", "loss": "Loss per\nvisit", "gain": "Gain"}
PHONE, DESK = 280, 500


def tables(**values):
    return DEMO.view(DEMO.check(values)).tables


@pytest.fixture(scope="module", params=[PHONE, DESK])
def width(request):
    return request.param


def picture(draw, width, **values):
    shown = tables(**values)
    return draw(charts.service_blueprint(shown["cells"], shown["steps"]), width)


def boxes(drawn):
    return [item for item in drawn("rect") if item.get("cornerRadius") == 5]


def plain(item):
    text = item["text"]
    return "\n".join(text) if isinstance(text, list) else text


def test_every_box_of_every_service_is_drawn_inside_the_picture(draw, width):
    for key, process in PROCESSES.items():
        drawn = boxes(picture(draw, width, process=key))
        assert len(drawn) == (process.boxes != "").to_numpy().sum()
        assert min(box["x"] for box in drawn) >= 0
        assert max(box["x"] + box["width"] for box in drawn) <= width


def test_boxes_do_not_overlap(draw, width):
    drawn = sorted(boxes(picture(draw, width)), key=lambda box: (box["y"], box["x"]))
    for one in drawn:
        for other in drawn:
            if one is not other:
                apart_x = (
                    one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
                )
                apart_y = (
                    one["y"] + one["height"] <= other["y"]
                    or other["y"] + other["height"] <= one["y"]
                )
                assert apart_x or apart_y


def test_lanes_are_named_and_lines_part_them(draw, width):
    drawn = picture(draw, width)
    words = {plain(item).replace("\n", " "): item for item in drawn("text")}
    lanes = ["Customer actions", "Onstage staff", "Backstage staff", "Support processes"]
    at = [words[lane]["x"] for lane in lanes]
    assert at == sorted(at)
    assert ("Physical evidence" in words) is (width == DESK)
    assert any(text.startswith("physical evidence: ") for text in words) is (width != DESK)
    lines = ["line of interaction", "line of visibility", "line of internal interaction"]
    for line, before, after in zip(lines, lanes, lanes[1:], strict=False):
        assert words[before]["x"] < words[line]["x"] < words[after]["x"]
    heights = [words[line]["y"] for line in lines]
    assert len(set(heights)) == 3


def test_texts_fit_their_boxes(draw, width):
    for key in PROCESSES:
        drawn = picture(draw, width, process=key)
        places = boxes(drawn)
        for item in drawn("text"):
            lines = plain(item).split("\n")
            inside = [
                box
                for box in places
                if box["x"] < item["x"] < box["x"] + box["width"]
                and box["y"] < item["y"] < box["y"] + box["height"]
                and item.get("align", "center") == "center"
            ]
            for box in inside:
                if item["text"] not in ("F", "W"):
                    assert 6.2 * max(map(len, lines)) <= box["width"] + 2, (key, lines)


def test_fail_points_grow_with_the_loss(draw, width):
    circles = [item for item in picture(draw, width)("symbol") if item["fill"] == CONTRAST]
    steps = tables()["steps"]
    sizes = pd.Series([circle["size"] for circle in circles])
    assert len(sizes) == 7
    assert sizes.idxmax() == steps["loss"].idxmax()
    order = steps["loss"].rank()
    assert all(
        a <= b for a, b in zip(sizes[order.argsort()], sizes[order.argsort()][1:], strict=False)
    )
    safe = [item for item in picture(draw, width, first="6")("symbol") if item["fill"] == CONTRAST]
    assert safe[5]["size"] == pytest.approx(max(190, sizes[5] / 4))


def test_customers_wait_at_the_squares(draw, width):
    squares = [item for item in picture(draw, width)("symbol") if item.get("shape") == "square"]
    assert len(squares) == tables()["steps"]["wait"].sum() == 2
    assert {item["fill"] for item in squares} == {INK}


def test_bars_of_survival_shrink(draw):
    survival = tables(simulated=True)["survival"]
    drawn = draw(charts.flawless_by_step(survival), 400)
    blue = [item["width"] for item in drawn("rect")][:7]
    assert blue == sorted(blue, reverse=True)
    assert len(drawn("symbol")) == 7
    assert len(draw(charts.flawless_by_step(tables()["survival"]), 400)("symbol")) == 0


def test_the_first_of_each_ranking_stands_out(draw):
    drawn = draw(charts.three_rankings(tables()["rankings"], MEASURES), PHONE)
    marked = [item for item in drawn("rect") if item["fill"] == CONTRAST]
    assert len(marked) == 3
    first = {item["text"] for item in drawn("text") if item.get("fontWeight") == "bold"}
    assert {"192", "1.20", "+3.29"} <= first


@pytest.mark.parametrize(
    ("chart", "names"),
    [
        (charts.service_blueprint, ["cells", "steps"]),
        (charts.flawless_by_step, ["survival"]),
        (lambda rankings: charts.three_rankings(rankings, MEASURES), ["rankings"]),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, names):
    spec = chart(**{name: alt.NamedData(name=name) for name in names}).to_dict()
    assert spec["width"] == "container"
    assert all(f"{{'name': '{name}'}}" in str(spec) for name in names)
