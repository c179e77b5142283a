import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from servicequality.widgets import true_minus_in_tables


@pytest.fixture
def shell():
    shell = InteractiveShell.instance()
    yield shell
    InteractiveShell.clear_instance()


def shown(shell, table):
    formatted, _metadata = shell.display_formatter.format(table)
    return formatted["text/html"]


def test_numbers_below_zero_get_a_true_minus_and_words_keep_their_hyphens(shell):
    table = pd.DataFrame({"x": [-7.0, 1.5], "y": [-3, 4], "z": ["-", "walk-in"]}, index=[-1, 2])
    assert "<td>-7.0</td>" in shown(shell, table)
    true_minus_in_tables()
    html = shown(shell, table)
    assert "<td>−7.0</td>" in html
    assert "<td>−3</td>" in html
    assert "<th>−1</th>" in html
    assert "<td>-</td>" in html
    assert "<td>walk-in</td>" in html


def test_outside_a_notebook_nothing_happens():
    true_minus_in_tables()
