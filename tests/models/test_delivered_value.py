import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicequality.models.delivered_value import COSTS, VALUES, delivered_value

parts = st.lists(st.floats(0.1, 100), min_size=4, max_size=4)


@pytest.mark.oracle("O6.3")
def test_o6_3():
    firms = delivered_value([[40, 25, 20, 10], [80, 0, 0, 0]], [[50, 10, 6, 4], [57, 0, 0, 0]])
    assert firms.value.tolist() == [95, 80]
    assert firms.cost.tolist() == [70, 57]
    assert firms.difference.tolist() == [25, 23]
    assert firms.ratio.tolist() == pytest.approx([1.3571, 1.4035], abs=5e-5)
    assert firms.difference.argmax() != firms.ratio.argmax()
    assert len(VALUES) == len(COSTS) == 4


@given(parts, parts, st.floats(0.01, 100))
def test_ratio_ignores_the_unit_and_difference_does_not(values, costs, unit):
    one = delivered_value(values, costs)
    other = delivered_value(np.multiply(values, unit), np.multiply(costs, unit))
    assert other.ratio == pytest.approx(one.ratio)
    assert other.difference == pytest.approx(one.difference * unit, abs=1e-9)
    assert (one.difference > 1e-9) <= (one.ratio > 1)


@given(parts, parts, st.permutations(range(4)))
def test_order_of_parts_does_not_matter(values, costs, order):
    shuffled = delivered_value([values[i] for i in order], [costs[i] for i in order])
    assert shuffled.ratio == pytest.approx(delivered_value(values, costs).ratio)


def test_totals_need_no_parts():
    assert delivered_value(95, 70) == delivered_value([40, 55], [70])


def test_what_costs_nothing_has_no_finite_ratio():
    free = delivered_value([[5], [0]], [[0], [0]])
    assert free.difference.tolist() == [5, 0]
    assert free.ratio[0] == np.inf
    assert np.isnan(free.ratio[1])


@pytest.mark.parametrize(
    ("values", "costs", "message"),
    [
        ([1, -1], [1], r"values must be .*at least 0; it is -1 \(position 1\)"),
        ([1], [np.nan], "costs must be"),
        ([[1, 2], [3]], [1], "values must be"),
    ],
)
def test_impossible_parts(values, costs, message):
    with pytest.raises(ValueError, match=message):
        delivered_value(values, costs)


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        delivered_value,
        {"values": 1, "costs": 1},
        {
            "values": ([-0.1, NAN], [0, 0.5]),
            "costs": ([-0.1, INF], [0, 0.5]),
        },
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
