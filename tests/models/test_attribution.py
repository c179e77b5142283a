import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicequality.models import attribution

answers = st.floats(0, 1)


@pytest.mark.oracle("O7.4")
@pytest.mark.parametrize(
    ("locus", "stable", "controllable", "drop"),
    [(1, 1, 1, 2.000), (0, 0.2, 0, 0.860), (1, 0.2, 0, 1.460)],
    ids=["the firm, always", "weather", "one slip"],
)
def test_o7_4(locus, stable, controllable, drop):
    blamed = attribution.blame(locus, stable, controllable)
    assert attribution.satisfaction_drop(2, blamed) == pytest.approx(drop, abs=5e-4)


@pytest.mark.parametrize(
    ("question", "weight"), [("locus", 0.5), ("stable", 0.25), ("controllable", 0.25)]
)
def test_each_question_counts(question, weight):
    nobody = dict.fromkeys(attribution.WEIGHTS, 0)
    assert attribution.blame(**nobody) == 0
    assert attribution.blame(**{**nobody, question: 1}) == pytest.approx(weight)


@given(answers, answers, answers, st.floats(0, 5), answers)
def test_bounds_and_directions(locus, stable, controllable, severity, more):
    blamed = attribution.blame(locus, stable, controllable)
    assert 0 <= blamed <= 1
    assert attribution.blame(max(locus, more), stable, controllable) >= blamed
    drop = attribution.satisfaction_drop(severity, blamed)
    assert 0.4 * severity - 1e-12 <= drop <= severity + 1e-12
    assert attribution.satisfaction_drop(severity, max(blamed, more)) >= drop
    assert attribution.satisfaction_drop(2 * severity, blamed) == pytest.approx(2 * drop)


def test_arrays():
    blamed = attribution.blame([0, 1], [[0], [1]], 0.5)
    assert blamed.tolist() == [[0.125, 0.625], [0.375, 0.875]]
    assert attribution.satisfaction_drop(1, np.zeros(2)).tolist() == [0.4, 0.4]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: attribution.blame(1.1, 0, 0), "locus must be between 0 and 1; it is 1.1"),
    ],
)
def test_impossible_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        attribution.blame,
        {"locus": 0, "stable": 0, "controllable": 0},
        {
            "locus": ([-0.1, 1.1], [0, 1]),
            "stable": ([-0.1, 1.1], [0, 1]),
            "controllable": ([-0.1, NAN], [0, 1]),
        },
    ),
    (
        attribution.satisfaction_drop,
        {"severity": 1, "blamed": 0},
        {
            "severity": ([-0.1], [0, 0.5]),
            "blamed": ([-0.1, 1.1], [0, 1]),
        },
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
