import re

import numpy as np
import pandas as pd
import pytest

from servicequality.models._checks import check_choice, check_columns, checked


def test_allowed_values_come_back_as_floats():
    assert checked("n", 3, at_least=3, at_most=3, whole=True).tolist() == 3
    assert checked("x", [1, 2], above=0, below=3).dtype == float
    assert checked("x", pd.Series([1.5]), at_least=0).tolist() == [1.5]


@pytest.mark.parametrize(
    ("value", "bounds", "message"),
    [
        (1.2, {"at_least": 0, "at_most": 1}, "x must be between 0 and 1; it is 1.2."),
        (-0.1, {"at_least": 0, "at_most": 1}, "x must be between 0 and 1; it is -0.1."),
        (1, {"at_least": 0, "below": 1}, "x must be at least 0 and below 1; it is 1."),
        (-1, {"at_least": 0, "below": 1}, "x must be at least 0 and below 1; it is -1."),
        (-1, {"above": 0, "below": 1}, "x must be above 0 and below 1; it is -1."),
        (-1, {"at_least": 0, "whole": True}, "x must be a whole number, at least 0; it is -1."),
        (
            2,
            {"at_least": 3, "above": 1},
            "x must be a finite number, at least 3 and above 1; it is 2.",
        ),
        (0, {"above": 0}, "x must be a finite number, above 0; it is 0."),
        (3, {"at_most": 1, "infinite": True}, "x must be at most 1; it is 3."),
        (2.5, {"at_least": 1, "whole": True}, "x must be a whole number, at least 1; it is 2.5."),
        (np.inf, {"at_least": 0}, "x must be a finite number, at least 0; it is inf."),
        (np.nan, {"at_least": 0, "at_most": 1}, "x must be between 0 and 1; it is nan."),
        (np.nan, {}, "x must be a finite number; it is nan."),
        (np.nan, {"infinite": True}, "x must be a number; it is nan."),
        ("many", {"above": 0}, "x must be a finite number, above 0; it is 'many'."),
        (None, {}, "x must be a finite number; it is nan."),
        (
            [1, 5, 7],
            {"at_most": 4, "above": 0},
            "x must be above 0 and at most 4; it is 5 (position 1).",
        ),
        (
            pd.Series([1, -2], ["keys", "luggage"]),
            {"at_least": 0},
            "x must be a finite number, at least 0; it is -2 (row luggage).",
        ),
    ],
)
def test_a_bad_value_is_named_with_its_place_and_what_is_allowed(value, bounds, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        checked("x", value, **bounds)


def test_missing_and_infinite_values_only_where_they_are_allowed():
    assert np.isnan(checked("x", np.nan, at_least=0, missing=True))
    assert checked("x", -np.inf, at_most=1, infinite=True) == -np.inf
    assert checked("n", np.inf, at_least=1, whole=True, infinite=True) == np.inf
    with pytest.raises(ValueError, match="it is inf"):
        checked("x", [np.nan, np.inf], missing=True)


def test_a_lacking_column_is_named():
    table = pd.DataFrame({"cost": [1]})
    check_columns(table, ["cost"])
    with pytest.raises(ValueError, match="The table has no column value, name"):
        check_columns(table, ["cost", "value", "name"])
    with pytest.raises(ValueError, match="The table has no rows"):
        check_columns(table.iloc[:0], ["cost"])


def test_an_unknown_word_is_named():
    check_choice("rework", "none", ("none", "local"))
    with pytest.raises(ValueError, match="rework must be one of none, local; it is 'all'"):
        check_choice("rework", "all", ("none", "local"))
