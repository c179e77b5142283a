import re

import altair as alt
import pandas as pd
import pytest

from servicequality.charts import journey as charts
from servicequality.charts.theme import ACCENT, CONTRAST, INK

NARROW, WIDE = 330, 700
NAMES = ["admission", "nurse", "doctor", "meals", "discharge"]


def contacts(scores=(8, 9, 3, 8, 9), other=(None,) * 5):
    return pd.DataFrame(
        {
            "position": range(1, 6),
            "contact": NAMES,
            "score": scores,
            "other": pd.Series(other, dtype=float),
        }
    )


def rules(other=None):
    return pd.DataFrame(
        {
            "rule": ["Mean of all contacts", "By place (early more)"],
            "score": [7.4, 6.82],
            "other": pd.Series([other, other], dtype=float),
            "words": ["7.40 (■ 7.40)", "6.82 (■ 7.78)"],
        }
    )


def dots(drawn, size):
    return [item for item in drawn("symbol") if item["size"] == size]


@pytest.mark.parametrize(
    ("chart", "table"), [(charts.journey_line, "contacts"), (charts.rule_bars, "rules")]
)
def test_a_chart_is_complete_before_its_data_come(chart, table):
    spec = chart(**{table: alt.NamedData(name=table)}).to_dict()
    assert spec["width"] == "container"
    assert set(re.findall(r"'data': \{'name': '(\w+)'\}", str(spec))) == {table}


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_contacts_stand_in_their_order_not_in_that_of_the_alphabet(draw, width):
    drawn = draw(charts.journey_line(contacts()), width)
    across = [dot["x"] for dot in dots(drawn, 330)]
    assert across == sorted(across)
    labels = [item["text"] for item in drawn("text") if item["text"] in ("8", "9", "3")]
    assert labels == ["8", "9", "3", "8", "9"] * 2
    # Neighbouring names, at 7 px a letter, do not touch.
    step = across[1] - across[0]
    assert step > 7 * (len("meals") + len("discharge")) / 2


def test_a_bad_contact_differs_in_colour_and_shape(draw):
    drawn = dots(draw(charts.journey_line(contacts())), 330)
    assert [dot["fill"] for dot in drawn] == [ACCENT, ACCENT, CONTRAST, ACCENT, ACCENT]
    assert [dot["shape"] for dot in drawn].index("diamond") == 2


def test_a_second_journey_is_drawn_only_if_there_is_one(draw):
    alone = draw(charts.journey_line(contacts()))
    assert len(alone("symbol")) == 5
    both = draw(charts.journey_line(contacts(other=(3, 8, 9, 8, 9))))
    assert len(dots(both, 70)) == 5
    assert any("second journey" in str(item["text"]) for item in both("text"))
    assert not any("second journey" in str(item["text"]) for item in alone("text"))


def test_a_bar_ends_at_the_score_and_a_square_marks_the_second_journey(draw):
    drawn = draw(charts.rule_bars(rules(other=5.0)))
    bars = [bar for bar in drawn("rect") if bar["fill"] == ACCENT]
    whole = bars[0]["width"] / 7.4 * 10
    assert bars[1]["width"] == pytest.approx(whole * 0.682)
    squares = [dot for dot in drawn("symbol") if dot["fill"] == INK]
    assert [dot["x"] for dot in squares] == pytest.approx([whole / 2] * 2)
    assert draw(charts.rule_bars(rules()))("symbol") == []


def test_names_and_numbers_do_not_touch_on_a_phone(draw):
    drawn = draw(charts.rule_bars(rules(other=5.0)), NARROW)
    texts = {item["text"]: item for item in drawn("text")}
    name, number = texts["By place (early more)"], texts["6.82 (■ 7.78)"]
    assert name["x"] + 7.9 * len(name["text"]) < number["x"] - 7.5 * len(number["text"])
