"""The checks that the test cells share: fair to every right form, clear about a wrong one."""

import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from servicequality import checks


@pytest.mark.parametrize(
    "number",
    [
        2,
        2.0,
        np.float32(2),
        np.int64(2),
        Decimal("2"),
        Fraction(2),
        np.array(2),
        np.array([2]),
        2.001,
    ],
)
def test_any_type_of_number_is_accepted(number):
    checks.check_close(number, 2, "two")


@pytest.mark.parametrize(
    "values",
    [
        [1, 2],
        (1, 2),
        np.array([1, 2]),
        pd.Series([1, 2]),
        pd.Series([2, 1], index=["b", "a"]),
        pd.Series([1, 2], index=["x", "y"]),
        {"b": 2, "a": 1, "c": 3},
    ],
)
def test_any_container_is_accepted_in_any_order_of_names(values):
    checks.check_close(values, {"a": 1, "b": 2}, "pair")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (2.1, "expected 2, your function gave 2.1."),
        (np.nan, "your function gave nan."),
        ([2, 2], "expected 1 value(s), your function gave 2."),
        ("two", "expected numbers, your function gave 'two'."),
    ],
)
def test_a_wrong_number_is_shown_beside_the_right_one(wrong, said):
    with pytest.raises(checks.CheckError, match=r"^Not yet. Width") as raised:
        checks.check_close(wrong, 2, "Width", "Look at the width.")
    assert said in str(raised.value)


def test_nan_is_expected_only_where_it_should_be():
    checks.check_close([1, np.nan], [1, np.nan], "z")
    with pytest.raises(checks.CheckError):
        checks.check_close([np.nan, 1], [1, np.nan], "z")


def test_a_missing_name_is_reported():
    with pytest.raises(checks.CheckError, match="no entry for 'b'"):
        checks.check_close({"a": 1}, {"a": 1, "b": 2}, "pair")
    with pytest.raises(checks.CheckError, match="no entry 'msa'"):
        checks.entry({"mss": 1}, "msa")


def test_a_known_mistake_has_its_own_hint():
    with pytest.raises(checks.CheckError, match="The sign is turned round") as raised:
        checks.check_close(-1, 1, "gap", "General.", mistakes=[(-1, "The sign is turned round.")])
    assert "General." not in str(raised.value)


def test_only_the_first_differences_are_listed():
    with pytest.raises(checks.CheckError, match="and 7 more") as raised:
        checks.check_close(range(10), [20] * 10, "items")
    assert str(raised.value).count("expected 20") == 3


def test_hidden_checks_say_no_number():
    with pytest.raises(checks.CheckError, match="not on other data") as raised:
        checks.check_close(17, 42, "gap", "Mind the sign.", hidden=True)
    with pytest.raises(checks.CheckError) as also:
        checks.check_labels("below", "inside", "state", hidden=True)
    assert "Mind the sign." in str(raised.value)
    for secret in ("17", "42", "below", "inside"):
        assert secret not in str(raised.value) + str(also.value)


@pytest.mark.parametrize("labels", [["a", "b"], np.array(["a", "b"]), {1: "b", 0: "a"}])
def test_labels_are_compared_one_by_one(labels):
    checks.check_labels(labels, {0: "a", 1: "b"}, "labels")
    with pytest.raises(checks.CheckError, match=r"\[1\] expected 'c', your function gave 'b'"):
        checks.check_labels(labels, {0: "a", 1: "c"}, "labels")


def test_run_returns_the_result_and_keeps_quiet(capsys):
    def chatty(x):
        print("almost there", file=sys.stderr)
        return x + 1

    assert checks.run(chatty, 1) == 2
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("data", [pd.DataFrame({"a": [1, np.nan]}), np.ones(3), {"a": [1]}])
def test_run_notices_that_its_data_were_changed(data):
    def harmless(given):
        return len(given)

    def harmful(given):
        given["a" if hasattr(given, "keys") else 0] = 7
        return 1

    checks.run(harmless, data)
    with pytest.raises(checks.CheckError, match="harmful changed the data"):
        checks.run(harmful, data)


def test_run_explains_a_stub_and_a_missing_return():
    def stub():
        raise NotImplementedError

    with pytest.raises(checks.CheckError, match="stub is still empty"):
        checks.run(stub)
    with pytest.raises(checks.CheckError, match="returned nothing"):
        checks.run(lambda: None)


def test_an_error_is_required_where_the_task_says_so():
    checks.check_raises(ValueError, "Too large.", float, "x")
    with pytest.raises(checks.CheckError, match=r"should raise ValueError here; it returned 1\.0"):
        checks.check_raises(ValueError, "Too large.", float, "1")


def test_global_random_numbers_are_noticed_and_restored():
    def own(seed):
        return np.random.default_rng(seed).normal()

    def seeds_all(seed):
        np.random.seed(seed)  # noqa: NPY002
        return 1

    def draws():
        return np.random.normal()  # noqa: NPY002

    def replaces():
        np.random.set_bit_generator(np.random.MT19937(3))
        return 1

    np.random.seed(1)  # noqa: NPY002
    np.random.normal()  # noqa: NPY002 - which keeps a second number for the next call
    state = np.random.get_state()  # noqa: NPY002
    assert state[3] == 1
    checks.check_own_generator(own, 3)
    # The second of two calls with the same seed leaves the generator as it was before.
    for function, arguments in [(seeds_all, [3]), (seeds_all, [3]), (draws, []), (replaces, [])]:
        with pytest.raises(checks.CheckError, match="global random numbers"):
            checks.check_own_generator(function, *arguments)
    checks.check_own_generator(own, 3)
    assert checks.run(draws) != checks.run(draws)
    after = np.random.get_state()  # noqa: NPY002
    assert all(map(np.array_equal, state, after))


def test_jupyter_shows_the_message_without_a_traceback():
    with pytest.raises(checks.CheckError) as raised:
        checks.check_close(1, 2, "gap")
    shown = raised.value._render_traceback_()
    assert shown == ["Not yet. gap:", "expected 2, your function gave 1."]
    assert max(map(len, shown)) < 90


def test_a_function_that_lives_elsewhere_is_called_through_its_outcome():
    class Elsewhere:
        __name__ = "far_away"

        def outcome(self, number, *, changed=False, used=False):
            if number < 0:
                raise ValueError("negative")
            return checks.Outcome(number + 1, changed, used)

    function = Elsewhere()
    assert checks.run(function, 1) == 2
    checks.check_own_generator(function, 1)
    checks.check_raises(ValueError, "Not below zero.", function, -1)
    with pytest.raises(checks.CheckError, match="far_away changed the data"):
        checks.run(function, 1, changed=True)
    with pytest.raises(checks.CheckError, match="far_away uses NumPy's global"):
        checks.check_own_generator(function, 1, used=True)


@pytest.mark.parametrize(
    "given",
    [
        np.array(["a", "b"]),
        np.array([None, 1, "a", np.nan], dtype=object),
        np.array([1, np.nan]),
        pd.Index([1, 2]),
        pd.Categorical(["a", "b"]),
        {"a": pd.DataFrame({"x": [1, None]})},
        [np.array([1.0, 2.0]), (1, "a")],
        np.random.default_rng(1),
    ],
)
def test_a_function_that_leaves_its_data_alone_is_said_to(given):
    assert not checks.call(str, given).changed


def spoil(table):
    table["a"][0] = 7


@pytest.mark.parametrize("row", [["x", 2], np.array(["x", "y"]), np.array([1, None])])
def test_a_change_deep_inside_is_noticed(row):
    assert checks.call(spoil, {"a": row}).changed
