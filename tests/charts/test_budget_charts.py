import altair as alt
import pytest

from servicequality.charts import budget as charts
from servicequality.charts.theme import ACCENT, CONTRAST, INK
from servicequality.demos.gap_management import spend_the_budget

DEMO = spend_the_budget()
SPLITS = {"best": "best split", "equal": "equal parts", "proportional": "as the gaps"}
PHONE, DESK = 280, 700


def tables(**values):
    return DEMO.view(DEMO.check(values)).tables


def shop(draw, width, **values):
    shown = tables(**values)
    return draw(charts.purse_and_cards(shown["purse"], shown["cards"]), width)


def texts(drawn):
    return [item["text"] for item in drawn("text")]


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_eight_cards_stand_in_four_rows_and_two_columns(draw, width):
    drawn = shop(draw, width)
    cards = [item for item in drawn("rect") if item.get("cornerRadius") == 8]
    assert len(cards) == 8
    assert len({card["x"] for card in cards}) == 2
    assert len({card["y"] for card in cards}) == 4
    assert max(card["x"] + card["width"] for card in cards) <= width
    assert texts(drawn).count("✓") == 3
    names = {item["text"]: item for item in drawn("text")}
    for name in tables()["cards"]["title"]:
        assert 7.6 * len(name) + 11 < cards[0]["width"], f"{name} is too long for a card"
        assert name in names


def test_the_purse_is_as_wide_as_the_picture_and_filled_in_proportion(draw):
    drawn = shop(draw, DESK)
    purse = next(item["width"] for item in drawn("rect") if item.get("stroke") == INK)
    segments = [item for item in drawn("rect") if item["fill"] == ACCENT]
    assert [item["width"] / purse for item in segments] == pytest.approx([0.25, 0.3, 0.4])
    over = shop(draw, DESK, outside="b")
    beyond = [item for item in over("rect") if item["fill"] == CONTRAST]
    assert [item["width"] / purse for item in beyond] == pytest.approx([40 / 140], rel=0.01)


def test_bars_are_as_long_as_what_is_closed(draw):
    rules = tables()["rules"]
    drawn = [item["width"] for item in draw(charts.closed_by_rule(rules), DESK)("rect")]
    assert drawn[1:] == pytest.approx([drawn[0] * ratio for ratio in (1, 46 / 42, 47 / 42)])
    more = draw(charts.closed_by_rule(tables(people="both", listen="both")["rules"]), DESK)("rect")
    assert more[1]["width"] < drawn[1], "the axis has grown"
    assert more[0]["opacity"] < 1, "cannot be bought"


def test_the_basket_stands_below_the_staircase(draw):
    shown = tables()
    drawn = draw(charts.best_by_budget(shown["frontier"], shown["here"]), 400)
    assert {"your purse", "your basket"} <= set(texts(drawn))
    assert len(drawn("symbol")) == 1


def test_each_gap_has_a_bar_and_two_marks(draw):
    splits = tables(kind="portions", budget=10)["splits"]
    drawn = draw(charts.money_by_gap(splits, SPLITS), DESK)
    bars = [item["width"] for item in drawn("rect") if item["fill"] == ACCENT]
    assert bars == pytest.approx(
        [bars[0] * share / 4.982 for share in (4.982, 0, 0.866, 4.152)], abs=0.1
    )
    marks = [item for item in drawn("symbol") if item.get("shape") in ("circle", "diamond")]
    assert len(marks) == 8


@pytest.mark.parametrize(
    ("chart", "names"),
    [
        (charts.purse_and_cards, ["purse", "cards"]),
        (charts.closed_by_rule, ["rules"]),
        (charts.best_by_budget, ["frontier", "here"]),
        (lambda splits: charts.money_by_gap(splits, SPLITS), ["splits"]),
    ],
)
def test_a_chart_is_complete_before_its_data_come(chart, names):
    spec = chart(**{name: alt.NamedData(name=name) for name in names}).to_dict()
    assert spec["width"] == "container"
    assert all(f"{{'name': '{name}'}}" in str(spec) for name in names)
