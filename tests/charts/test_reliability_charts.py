import numpy as np
import pandas as pd
import pytest

from servicequality.charts import reliability as charts
from servicequality.charts.theme import ACCENT, CONTRAST
from servicequality.models import reliability


def marks(*rows):
    return pd.DataFrame(rows, columns=["label", "kind", "value", "lower", "upper"])


def texts(drawn):
    return [item["text"] for item in drawn("text")]


def test_the_dial_places_a_value_among_the_customary_words(draw):
    drawn = draw(charts.reliability_dial(marks(("Alpha", "alpha", 0.5, 0.3, 0.8))))
    (dot,) = drawn("symbol")
    regions = sorted(drawn("rect"), key=lambda item: item["x"])
    whole = sum(item["width"] for item in regions)
    (interval,) = drawn("rule")
    assert dot["x"] == pytest.approx(whole / 2)
    assert [item["width"] / whole for item in regions] == pytest.approx([0.7, 0.1, 0.1, 0.1])
    assert sorted([interval["x"], interval["x2"]]) == pytest.approx([0.3 * whole, 0.8 * whole])
    assert {"weak", "fair", "good", "high", "Alpha", "0.50"} == set(texts(drawn))


def test_the_dial_shows_a_negative_alpha_at_its_edge_with_its_true_value(draw):
    drawn = draw(charts.reliability_dial(marks(("Alpha", "alpha", -1.33, -2.4, -0.5))))
    assert drawn("symbol")[0]["x"] == 0
    assert "−1.33" in texts(drawn)


def test_a_gap_differs_from_its_parts_in_colour_and_shape(draw):
    rows = [("P", "part", 0.85, None, None), ("E", "part", 0.8, None, None)]
    dots = draw(charts.reliability_dial(marks(*rows, ("Gap", "gap", 0.42, None, None))))("symbol")
    assert [dot["shape"] for dot in dots] == ["circle", "circle", "diamond"]
    assert [dot["fill"] for dot in dots] == [ACCENT, ACCENT, CONTRAST]
    assert dots[0]["y"] < dots[1]["y"] < dots[2]["y"]


def test_alpha_curve_and_marker_share_their_axes(draw):
    curve = reliability.alpha_curve(range(2, 31), 0.4)
    drawn = draw(charts.alpha_by_items(curve, curve[curve.k == 10]))
    (here,) = drawn("symbol")
    assert len(drawn("line")) == len(drawn("area")) == 29
    assert (here["x"], here["y"]) == pytest.approx((drawn("line")[8]["x"], drawn("line")[8]["y"]))
    assert "0.87" in texts(drawn)


def cell_colours(drawn):
    cells = drawn("rect")
    size = round(np.sqrt(len(cells)))
    ordered = sorted(cells, key=lambda item: (item["y"], item["x"]))
    return np.array([item["fill"] for item in ordered]).reshape(size, size)


def test_two_topics_are_two_blocks(draw):
    drawn = draw(charts.item_correlations(reliability.correlation_blocks(4, 0.6, factors=2)))
    colours = cell_colours(drawn)
    itself, together, apart = colours[0, 0], colours[0, 1], colours[0, 2]
    assert len({itself, together, apart}) == 3
    half = np.array([[itself, together], [together, itself]])
    assert (
        colours == np.block([[half, np.full((2, 2), apart)], [np.full((2, 2), apart), half]])
    ).all()
    assert sorted(texts(drawn)) == ["0", "0", "0.6", "0.6"]


@pytest.mark.parametrize("k", [2, 3, 5, 7, 30])
def test_an_item_that_points_the_other_way_has_a_colour_of_its_own(draw, k):
    blocks = reliability.correlation_blocks(k, 0.4, reverse_last=True)
    drawn = draw(charts.item_correlations(blocks))
    colours = cell_colours(drawn)
    assert len(set(np.diag(colours))) == 1
    (opposed,) = set(colours[-1, :-1])
    assert opposed == colours[0, -1]
    assert opposed not in colours[:-1, :-1]
    assert texts(drawn).count("−0.4") == 2


def test_every_cell_of_a_real_correlation_matrix_can_be_a_block(draw):
    correlations = np.array([[1, 0.31, -0.2], [0.31, 1, 0.45], [-0.2, 0.45, 1]])
    blocks = pd.DataFrame(
        [
            {"row": i, "last_row": i, "column": j, "last_column": j, "correlation": value}
            for (i, j), value in np.ndenumerate(correlations)
        ]
    )
    drawn = draw(charts.item_correlations(blocks))
    assert sorted(texts(drawn)) == sorted(["0.31", "−0.2", "0.45"] * 2)


def test_the_curve_of_a_gap_ends_where_the_impossible_begins(draw):
    limit = reliability.largest_correlation(0.85, 0.8)
    curve = reliability.difference_curve(0.85, 0.8, np.linspace(0, limit, 20))
    here = reliability.difference_curve(0.85, 0.8, [0.7])
    parts = pd.DataFrame({"mean": [0.825], "limit": [limit]})
    for chart in (charts.difference_by_correlation, charts.gap_by_correlation):
        drawn = draw(chart(curve, parts, here))
        (shade,) = drawn("rect")
        assert shade["x"] == pytest.approx(drawn("line")[-1]["x"], abs=0.5)
        assert "impossible" in texts(drawn)
    assert "0.39" in texts(drawn)
    without = draw(charts.difference_by_correlation(curve, parts, here[here.rho > 1]))
    assert without("symbol") == []
