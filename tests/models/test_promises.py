import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from servicequality.models.promises import best_promise, outcome

levels = st.floats(0, 100)
slopes = st.floats(0, 0.5)


@pytest.mark.oracle("O5.7")
def test_o5_7_profits():
    found = outcome([70, 78, 80, 50, 100], 75)
    assert found.profit == pytest.approx([3759.90, 3848.06, 3839.20, 2713.91, 2238.40], abs=5e-3)
    assert found.repeat_rate[0] == pytest.approx(0.6900, abs=5e-5)


@pytest.mark.oracle("O5.7")
@pytest.mark.parametrize(
    ("performance", "promise"), [(65, 60), (70, 70), (75, 78), (80, 84), (85, 91)]
)
def test_o5_7_best_integer_promise(performance, promise):
    assert best_promise(performance).promise == promise


@pytest.mark.oracle("O5.7")
def test_o5_7_continuous_optimum():
    found = minimize_scalar(lambda c: -outcome(c, 75).profit, bounds=(50, 100), method="bounded")
    assert found.x == pytest.approx(77.50, abs=5e-3)
    fine = best_promise(75, np.linspace(50, 100, 5001))
    assert fine.promise == pytest.approx(77.50, abs=5e-3)
    assert fine.profit == pytest.approx(-found.fun)


@pytest.mark.oracle("O5.7")
def test_o5_7_first_sale_only():
    assert best_promise(75, repeat_value=0) == (100, pytest.approx(1600))


@pytest.mark.parametrize(
    ("performance", "solved"), [(68, False), (69, True), (70, True), (71, True), (72, False)]
)
def test_d5_4_challenge(performance, solved):
    """Honesty pays best, within a point, where the promise leaves the expectation alone."""
    assert (abs(best_promise(performance).promise - performance) <= 1) is solved


@given(levels, levels, st.floats(0, 1), slopes, slopes, st.floats(0, 100))
def test_outcomes_follow_from_each_other(promise, performance, weight, up, down, value):
    found = outcome(promise, performance, weight, up, down, value)
    assert found.gap == pytest.approx(performance - found.expectation)
    assert 0 <= found.repeat_rate <= 1
    assert found.customers >= 0
    assert 10 * found.customers - 1e-9 <= found.profit <= (10 + value) * found.customers + 1e-9
    assert min(70, promise) - 1e-9 <= found.expectation <= max(70, promise) + 1e-9
    neutral = 1 / (1 + np.exp(-0.2))
    assert (found.repeat_rate >= neutral - 1e-9) == (found.gap >= 0 or down * -found.gap < 1e-8)


@given(st.floats(20, 99), levels, st.floats(0.01, 1))
def test_a_bolder_promise_brings_customers_and_loses_them(promise, performance, more):
    meek, bold = (outcome(c, performance) for c in (promise, promise + more))
    assert bold.customers > meek.customers
    assert bold.repeat_rate <= meek.repeat_rate
    better = outcome(promise, min(100, performance + more))
    assert better.profit >= meek.profit


@given(st.floats(0.1, 20))
def test_a_shortfall_weighs_twice(gap):
    def odds(rate):
        return np.log(rate / (1 - rate)) - 0.2

    more, less = outcome(70, [70 + gap, 70 - gap]).repeat_rate
    assert odds(less) == pytest.approx(-2 * odds(more))


@given(levels, st.lists(levels, min_size=1, max_size=30), slopes, slopes)
def test_no_promise_beats_the_best(performance, choices, up, down):
    found = best_promise(performance, choices, up=up, down=down)
    profits = outcome(choices, performance, up=up, down=down).profit
    assert found.promise in choices
    assert found.profit == pytest.approx(profits.max())
    assert best_promise(performance, choices[::-1], up=up, down=down) == found


def test_of_equally_good_promises_the_lowest():
    # Nobody is left below a promise of 20, so that all of these earn nothing.
    assert best_promise(75, [20, 5, 0, 10]) == (0, 0)


def test_disbelieved_promises_only_bring_customers():
    found = outcome([50, 100], 75, weight=0)
    assert found.expectation.tolist() == [70, 70]
    assert found.repeat_rate[0] == found.repeat_rate[1]
    assert best_promise(75, weight=0).promise == 100


def test_no_customer_below_a_promise_of_20():
    assert outcome([0, 20, 21], 75).customers == pytest.approx([0, 0, 2])


def test_arrays_broadcast():
    found = outcome([[60], [70]], [65, 70, 75])
    assert {part.shape for part in found} == {(2, 3)}
    assert found.profit[1, 2] == outcome(70, 75).profit


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((101, 75), "promise must be between 0 and 100; it is 101"),
        ((70, -1), "performance must be between 0 and 100; it is -1"),
        ((70, np.nan), "performance must be"),
        ((70, 75, 1.5), "weight must be between 0 and 1; it is 1.5"),
        ((70, 75, 0.5, -0.1), "up must be .*at least 0"),
        ((70, 75, 0.5, 0.1, -0.1), "down must be .*at least 0"),
        ((70, 75, 0.5, 0.1, 0.1, -1), "repeat_value must be .*at least 0"),
    ],
)
def test_impossible_outcome(arguments, message):
    with pytest.raises(ValueError, match=message):
        outcome(*arguments)


def test_impossible_choice():
    with pytest.raises(ValueError, match=r"number of promises must be .*at least 1; it is 0"):
        best_promise(75, [])
    with pytest.raises(ValueError, match="promises must be"):
        best_promise(75, [70, np.nan])
    with pytest.raises(ValueError, match="promise must be between 0 and 100; it is 120"):
        best_promise(75, [70, 120])


def test_the_best_promise_has_the_defaults_of_its_outcome():
    best = best_promise(60)
    assert best.profit == pytest.approx(outcome(best.promise, 60).profit)
    assert best_promise(60, [100]).profit == pytest.approx(outcome(100, 60).profit)


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        outcome,
        {"promise": 70, "performance": 70},
        {
            "promise": ([-0.1, 100.1, NAN], [0, 100]),
            "performance": ([-0.1, 100.1, NAN], [0, 100]),
            "weight": ([-0.1, 1.1, NAN], [0, 1]),
            "up": ([-0.1, NAN, INF], [0]),
            "down": ([-0.1, NAN, INF], [0]),
            "repeat_value": ([-0.1, NAN, INF], [0]),
        },
    ),
    (best_promise, {"performance": 70}, {"promises": ([[NAN], [INF]], [[70]])}),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
