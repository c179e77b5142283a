"""Plain data survive the channel; nothing else passes it."""

import contextlib
import datetime
import json
from collections import deque
from decimal import Decimal
from fractions import Fraction

import altair as alt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicequality.grading.channel import BadMessageError, NotPlainError, read, write

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.decimals()
    | st.fractions()
    | st.complex_numbers(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers(), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(PLAIN)
def test_plain_data_come_back(value):
    assert repr(read(write(value))) == repr(value)


@pytest.mark.parametrize(
    "value",
    [
        np.float32(2.5),
        np.int8(-3),
        np.bool_(True),
        np.str_("café"),
        np.datetime64("2026-01-31"),
        np.array([[1.5, np.nan], [np.inf, -0.0]]),
        np.arange(6).reshape(2, 3)[:, ::-1],
        np.zeros((0, 3)),
        np.array(["a", "bb"]),
        np.array([1, "a", None], dtype=object),
        np.array(["2026-01-01", "NaT"], dtype="datetime64[s]"),
        datetime.date(2026, 1, 31),
        datetime.time(9, 30),
        pd.Period("2026-01", freq="M"),
        pd.Interval(0, 2.5, closed="left"),
        {1, 2, 3},
        Decimal("0.10"),
        Fraction(1, 3),
    ],
)
def test_values_come_back_with_their_type(value):
    back = read(write(value))
    assert type(back) is type(value)
    np.testing.assert_equal(back, value)


def test_ranges_and_views_come_back_as_lists():
    assert read(write(range(3))) == [0, 1, 2]
    assert read(write({"a": 1}.values())) == [1]
    assert read(write(deque([1, 2]))) == [1, 2]


FRAME = pd.DataFrame(
    {
        "number": [1.5, np.nan],
        "whole": [1, 2],
        "text": ["a", None],
        "when": pd.to_datetime(["2026-01-01", None]),
        "kind": pd.Categorical(["x", "y"], categories=["y", "x"], ordered=True),
        "maybe": pd.array([1, None], dtype="Int64"),
        "truth": [True, False],
        3: [[1], {"a": 2}],
    },
    index=pd.Index(["r1", "r2"], name="row"),
)


@pytest.mark.parametrize(
    "frame",
    [
        FRAME,
        FRAME.iloc[:0],
        FRAME[["number", "number"]],
        pd.DataFrame(),
        pd.DataFrame({"a": [1, 2, 3]}, index=[2, 0, 1]),
        pd.DataFrame({"a": range(4)}, index=pd.MultiIndex.from_product([["x", "y"], [1, 2]])),
        pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)])),
        pd.DataFrame({"a": [1]}, index=pd.date_range("2026-01-01", periods=1)),
        pd.DataFrame({"a": [1, 2]}, index=pd.period_range("2026-01", periods=2, freq="M")),
        pd.DataFrame({"a": [1, 2]}, index=pd.CategoricalIndex(pd.cut([1, 5], [0, 2, 6]))),
        pd.DataFrame({"a": [[1, 2], [3, 4]]}),
    ],
)
def test_frames_come_back(frame):
    pd.testing.assert_frame_equal(
        read(write(frame)), frame, check_freq=False, check_column_type=False
    )


def test_series_come_back():
    series = pd.Series([1, 2], index=["b", "a"], name="gap")
    pd.testing.assert_series_equal(read(write(series)), series)
    pd.testing.assert_index_equal(
        read(write(pd.Index([3, 1], name="i"))), pd.Index([3, 1], name="i")
    )


def test_charts_come_back():
    chart = alt.Chart(pd.DataFrame({"a": [1]})).mark_bar().encode(x="a:Q")
    back = read(write(chart))
    assert back.to_dict() == chart.to_dict()
    assert back.to_dict()["mark"] == {"type": "bar"}


def test_generators_go_on_where_they_were():
    rng = np.random.default_rng(3)
    rng.random(5)
    assert read(write(rng)).random() == rng.random()


class Liar:
    def __eq__(self, other):
        return True


def endless():
    nest = []
    nest.append(nest)
    return nest


@pytest.mark.parametrize("value", [Liar(), lambda: 1, object(), [Liar()], {"a": Liar()}, endless()])
def test_nothing_else_passes(value):
    with pytest.raises(NotPlainError, match="a value"):
        write(value)


class Number(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


def test_a_number_that_lies_about_equality_arrives_as_a_number():
    back = read(write(Number(2)))
    assert type(back) is float
    assert back != 3


def test_size_is_limited_on_both_sides():
    with pytest.raises(NotPlainError, match="the most"):
        write("x" * 100, most=50)
    with pytest.raises(BadMessageError, match="the most"):
        read(json.dumps("x" * 100), most=50)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[" * 100_000,
        "1" * 10_000,
        "{}",
        '{"$":"eval","text":"1"}',
        '{"$":"dict","items":[[[1],2]]}',
        '{"$":"array","dtype":"O","shape":[1],"data":""}',
        '{"$":"array","dtype":"<f8","shape":[1000000000],"data":""}',
        '{"$":"array","dtype":"<f8","shape":[-1],"data":""}',
        '{"$":"array","dtype":"<f8","shape":[1],"data":"!"}',
        '{"$":"scalar","of":{"dtype":"<f8","shape":[],"data":""}}',
        '{"$":"extension","dtype":"category","data":[]}',
        '{"$":"frame","data":[[1]],"columns":{"$":"index","data":[],"name":null},"index":1}',
        '{"$":"generator","state":{"$":"dict","items":[["bit_generator","PCG32"]]}}',
        '{"$":"decimal","text":"ten"}',
        '{"$":"datetime","text":4}',
        '{"$":"fraction","text":"1e999999999"}',
        '{"$":"range","of":[0,9000000000,1]}',
        '{"$":"chart","spec":{"$":"dict","items":[["mark","bar"]]}}',
    ],
)
def test_a_forged_message_is_refused(text):
    with pytest.raises(BadMessageError):
        read(text)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["$", "items", "text", "data", "shape", "dtype", "index", "of"]),
                inner
                | st.sampled_from(
                    ["tuple", "dict", "array", "<f8", "series", "index", "frame", "scalar"]
                ),
            )
        ),
    )
)
def test_any_message_is_read_or_refused(form):
    with contextlib.suppress(BadMessageError):
        read(json.dumps(form))
