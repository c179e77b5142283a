import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from servicequality.models.cost_of_quality import best_conformance, cost_of_quality

difficulties = st.floats(0.1, 5)
failures = st.floats(0, 500)
levels = st.floats(0, 0.999)


@pytest.mark.oracle("O1.5")
def test_o1_5():
    best = best_conformance(1, [25, 400])
    assert best.conformance == pytest.approx([0.8, 0.95], abs=5e-5)
    assert best.cost == pytest.approx([9, 39], abs=5e-4)
    assert cost_of_quality(0.99, 1, 25).total == pytest.approx(99.25, abs=5e-3)


def test_the_parts_of_the_cost():
    cost = cost_of_quality([0, 0.5, 0.75], 2, 8)
    assert cost.prevention == pytest.approx([0, 2, 6])
    assert cost.failure == pytest.approx([8, 4, 2])
    assert cost.total == pytest.approx([8, 6, 8])


@pytest.mark.parametrize("b", [0, 1, 3])
def test_prevention_does_not_pay_where_failure_is_cheap(b):
    assert best_conformance(3, b) == (0, b)
    assert cost_of_quality(0, 3, b).total == b


def test_q1_7_cheaper_prevention_raises_the_optimum():
    q = best_conformance([4, 1, 0.25, 1e-9], 25).conformance
    assert (np.diff(q) > 0).all()
    assert q[-1] == pytest.approx(1, abs=1e-4), "zero defects only as a/b goes to 0"
    assert q[-1] < 1


@given(difficulties, failures)
def test_optimum_against_scipy(a, b):
    found = optimize.minimize_scalar(
        lambda q: cost_of_quality(q, a, b).total,
        bounds=(0, 0.9999),
        method="bounded",
        options={"xatol": 1e-9},
    )
    best = best_conformance(a, b)
    assert best.conformance == pytest.approx(found.x, abs=1e-4)
    assert best.cost == pytest.approx(found.fun, abs=1e-4)


@given(difficulties, failures, levels)
def test_no_level_is_cheaper_than_the_best(a, b, q):
    best = best_conformance(a, b)
    assert 0 <= best.conformance < 1
    assert cost_of_quality(best.conformance, a, b).total == pytest.approx(best.cost)
    assert cost_of_quality(q, a, b).total >= best.cost - 1e-9


@given(difficulties, failures, st.floats(0.1, 100))
def test_the_currency_does_not_matter(a, b, rate):
    one, other = best_conformance(a, b), best_conformance(a * rate, b * rate)
    assert other.conformance == pytest.approx(one.conformance, abs=1e-12)
    assert other.cost == pytest.approx(one.cost * rate)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cost_of_quality(1, 1, 1), "conformance must be at least 0 and below 1; it is 1"),
        (lambda: cost_of_quality(-0.1, 1, 1), "conformance must be"),
        (lambda: cost_of_quality(0.5, 0, 1), "a must be a finite number, above 0"),
        (lambda: cost_of_quality(0.5, 1, -1), "b must be a finite number, at least 0"),
        (lambda: best_conformance(0, 1), "a must be a finite number, above 0"),
        (lambda: best_conformance(1, -1), "b must be a finite number, at least 0"),
        (lambda: best_conformance(1, np.inf), "b must be"),
    ],
)
def test_impossible_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        cost_of_quality,
        {"conformance": 0.5, "a": 1, "b": 4},
        {
            "conformance": ([-0.1, 1, NAN], [0, 0.999]),
            "a": ([0, NAN, INF], [0.1]),
            "b": ([-0.1, NAN, INF], [0]),
        },
    ),
    (
        best_conformance,
        {"a": 1, "b": 4},
        {"a": ([0, NAN, INF], [0.1]), "b": ([-0.1, NAN, INF], [0])},
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
