import json

import numpy as np
import pandas as pd
import pytest
from toys import bars, lemonade

from servicequality import widgets as w
from servicequality.widgets.chart import rows

CUPS = pd.DataFrame({"day": ["Mon", "Tue"], "cups": [4, 5], "income": [8.0, np.nan]})


def test_rows_are_plain_values_and_missing_ones_are_none():
    assert rows(CUPS) == [
        {"day": "Mon", "cups": 4, "income": 8.0},
        {"day": "Tue", "cups": 5, "income": None},
    ]
    assert json.dumps(rows(CUPS))


def test_rows_of_an_empty_table():
    assert rows(CUPS.head(0)) == []


def test_an_update_replaces_data_and_leaves_the_chart_alone():
    figure = lemonade().panels[0]
    view = w.ChartView(figure, {"cups": CUPS})
    before = json.dumps(view.figure)
    sent = []
    view.observe(lambda change: sent.append(change["name"]))
    view.update({"cups": CUPS.assign(income=[1.0, 2.0])})
    assert sent == ["data"]
    assert json.dumps(view.figure) == before
    assert [row["income"] for row in view.data["cups"]] == [1.0, 2.0]


def test_a_missing_table_is_named():
    with pytest.raises(ValueError, match="cups"):
        w.ChartView(lemonade().panels[0], {"mugs": CUPS})


def test_a_finished_chart_is_shown_with_its_numbers():
    view = w.show(bars(CUPS), title="Cups", description="Two bars.", table=CUPS)
    assert view.figure["columns"] == {"day": "day", "cups": "cups", "income": "income"}
    assert [row["cups"] for row in view.data["numbers"]] == [4, 5]
    assert view.figure["spec"]["datasets"]
