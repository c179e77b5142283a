import json

import numpy as np
import pandas as pd
import pytest
from toys import bars, lemonade

from servicequality import widgets as w
from servicequality.widgets.chart import columns

CUPS = pd.DataFrame({"day": ["Mon", "Tue"], "cups": [4, 5], "income": [8.0, np.nan]})


def test_columns_are_plain_values_and_missing_ones_are_none():
    assert columns(CUPS) == {"day": ["Mon", "Tue"], "cups": [4, 5], "income": [8.0, None]}
    assert json.dumps(columns(CUPS))


def test_columns_of_an_empty_table():
    assert columns(CUPS.head(0)) == {"day": [], "cups": [], "income": []}


def test_numbers_are_sent_no_longer_than_a_chart_can_show():
    table = pd.DataFrame({"x": [0.1 + 0.2, 1 / 3, 123456789.0], "yes": [True, False, True]})
    sent = columns(table)
    assert json.dumps(sent) == '{"x": [0.3, 0.333333, 123457000.0], "yes": [true, false, true]}'


def test_an_update_replaces_data_and_leaves_the_chart_alone():
    figure = lemonade().panels[0]
    view = w.ChartView(figure, {"cups": CUPS})
    before = json.dumps(view.figure)
    sent = []
    view.observe(lambda change: sent.append(change["name"]))
    view.update({"cups": CUPS.assign(income=[1.0, 2.0])})
    assert sent == ["data"]
    assert json.dumps(view.figure) == before
    assert view.data["cups"]["income"] == [1.0, 2.0]


def test_a_missing_table_is_named():
    with pytest.raises(ValueError, match="cups"):
        w.ChartView(lemonade().panels[0], {"mugs": CUPS})


def test_a_finished_chart_is_shown_with_its_numbers():
    view = w.show(bars(CUPS), title="Cups", description="Two bars.", table=CUPS)
    assert view.figure["columns"] == {"day": "day", "cups": "cups", "income": "income"}
    assert view.data["numbers"]["cups"] == [4, 5]
    assert view.figure["spec"]["datasets"]
