import re

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import encounter_triad as charts
from servicequality.charts.theme import ACCENT, CONTRAST, INK
from servicequality.models import encounter_triad as model

NARROW, WIDE = 330, 700


def areas():
    table = model.joint_benefit_contours([level / 100 for level in charts.LEVELS])
    table[["organisation", "customer"]] *= 1000
    return table.assign(level=(100 * table["level"]).round())


def places(*shares):
    kinds = [("now", "now"), ("case", "law office"), ("best", "best for all"), ("case", "bank")]
    rows = [(*kind, *share) for kind, share in zip(kinds, shares, strict=False)]
    return pd.DataFrame(rows, columns=["kind", "name", "organisation", "employee", "customer"])


def parties():
    return pd.DataFrame(
        {
            "name": ["organisation", "employee", "customer"],
            "benefit": [84.1, 39.8, 38.7],
            "least": [False, False, True],
            "words": ["84.1, with 75 % of the control"] * 3,
        }
    )


@pytest.mark.parametrize(
    ("chart", "tables"),
    [(charts.control_map, {"areas", "places"}), (charts.benefit_bars, {"parties"})],
)
def test_a_chart_is_complete_before_its_data_come(chart, tables):
    spec = chart(**{name: alt.NamedData(name=name) for name in tables}).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == tables


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_map_is_a_true_ternary_one(draw, width):
    corners = places((1, 0, 0), (0, 1, 0), (0, 0, 1), (1 / 3, 1 / 3, 1 / 3))
    drawn = draw(charts.control_map(areas(), corners), width)
    dots = {dot["shape"]: (dot["x"], dot["y"]) for dot in drawn("symbol") if dot["fill"] != INK}
    cases = [(dot["x"], dot["y"]) for dot in drawn("symbol") if dot["fill"] == INK]
    top, right, left = dots["diamond"], dots["cross"], min(cases)
    side = right[0] - left[0]
    assert side > 0.8 * min(width, 396)
    # Three equal sides, and the middle of the shares in the middle of the triangle.
    for one, other in [(top, left), (top, right)]:
        length = ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5
        assert length == pytest.approx(side, rel=1e-3)
    middle = max(cases)
    for axis in range(2):
        assert middle[axis] == pytest.approx((top[axis] + left[axis] + right[axis]) / 3)


def test_areas_lie_in_each_other_around_the_best_place_the_darkest_on_top(draw):
    best = model.best_shares()
    drawn = draw(charts.control_map(areas(), places((0, 0, 1), (0, 1, 0), best)))
    (cross,) = [dot for dot in drawn("symbol") if dot["shape"] == "cross"]
    fills = [point["fill"] for point in drawn("line") if "fill" in point]
    assert list(dict.fromkeys(fills))[1:] == list(charts._BANDS.values())
    rings = {
        colour: [(p["x"], p["y"]) for p in drawn("line") if p.get("fill") == colour]
        for colour in charts._BANDS.values()
    }
    for ring in rings.values():
        (left, right), (top, bottom) = [
            (min(values), max(values)) for values in zip(*ring, strict=True)
        ]
        assert left < cross["x"] < right
        assert top < cross["y"] < bottom
    widths = [max(x for x, _ in ring) - min(x for x, _ in ring) for ring in rings.values()]
    assert widths == sorted(widths, reverse=True)


def test_names_stay_inside_a_phone(draw):
    cash = places((0.35, 0, 0.65), (0.2, 0.6, 0.2), (0.47, 0.19, 0.34))
    drawn = draw(charts.control_map(areas(), cash), NARROW)
    corner = {t["text"]: t for t in drawn("text") if "decides" in t["text"]}
    left, right = corner["employee decides"], corner["customer decides"]
    assert left["x"] + 8 * len(left["text"]) < right["x"] - 8 * len(right["text"]) + 4
    (now,) = [t for t in drawn("text") if t["text"] == "now" and t.get("fill") != "black"][:1]
    assert now["align"] == "right"


def test_the_party_served_worst_stands_out_and_bars_have_one_scale(draw):
    drawn = draw(charts.benefit_bars(parties()))
    bars = [bar for bar in drawn("rect") if bar["fill"] in (ACCENT, CONTRAST)]
    assert [bar["fill"] for bar in bars] == [ACCENT, ACCENT, CONTRAST]
    assert bars[0]["width"] / bars[2]["width"] == pytest.approx(84.1 / 38.7)


@pytest.mark.parametrize(
    "now", [(0.46, 0.2, 0.34), (0.34, 0.33, 0.33), (0.4, 0.25, 0.35), (0.5, 0.2, 0.3)]
)
def test_the_present_place_and_the_best_do_not_write_over_each_other(draw, now):
    drawn = draw(charts.control_map(areas(), places(now, (0.2, 0.6, 0.2), (0.47, 0.19, 0.34))))
    heights = {t["text"]: t["y"] + t["dy"] for t in drawn("text") if "dy" in t}
    assert abs(heights["now"] - heights["best for all"]) > 14
