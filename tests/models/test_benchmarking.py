import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicequality.models.benchmarking import growth_needed, radar_area, time_to_parity

levels = st.floats(1, 100)
growths = st.floats(-0.3, 0.5)


@pytest.mark.oracle("O3.6")
def test_o3_6():
    assert time_to_parity(70, 90, 0.06, 0.02) == pytest.approx(6.533, abs=5e-4)


def test_a_leader_who_improves_as_fast_is_never_reached():
    assert time_to_parity(70, 90, [0.02, 0.01], 0.02).tolist() == [np.inf, np.inf]


def test_those_who_are_as_good_or_better_are_there():
    assert time_to_parity([90, 95], 90, [0.0, 0.06], 0.02).tolist() == [0, 0]


def test_where_less_is_better():
    """Twenty minutes against ten: halving takes as long as doubling at the inverse rates."""
    years = time_to_parity(20, 10, -0.10, -0.02, direction=-1)
    assert years == pytest.approx(np.log(0.5) / np.log(0.90 / 0.98))
    assert time_to_parity(10, 20, 0.0, -0.02, direction=-1) == 0
    assert time_to_parity(20, 10, 0.0, -0.02, direction=-1) == np.inf
    assert time_to_parity([70, 20], [90, 10], 0.0, 0.0, [1, -1]).tolist() == [np.inf, np.inf]


@given(st.lists(st.floats(0, 2), min_size=3, max_size=9))
def test_the_area_of_a_radar_is_that_of_its_polygon(parts):
    """The shoelace formula for the drawn polygon and for the full ring."""

    def area(lengths):
        angle = 2 * np.pi * np.arange(len(lengths)) / len(lengths)
        x, y = lengths * np.cos(angle), lengths * np.sin(angle)
        return np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)) / 2

    full = area(np.ones(len(parts)))
    assert radar_area(parts) == pytest.approx(area(np.array(parts)) / full, abs=1e-9)


def test_a_radar_needs_three_spokes_and_no_negative_ones():
    with pytest.raises(ValueError, match=r"^number of parts"):
        radar_area([1, 1])
    with pytest.raises(ValueError, match="parts must be"):
        radar_area([1, 1, -0.1])


@given(levels, levels, growths, growths)
def test_both_meet_at_parity(own, best, own_growth, best_growth):
    years = time_to_parity(own, best, own_growth, best_growth)
    assert years >= 0
    if own >= best:
        assert years == 0
    elif own_growth <= best_growth:
        assert years == np.inf
    elif years < 300:
        assert own * (1 + own_growth) ** years == pytest.approx(best * (1 + best_growth) ** years)


@given(levels, levels, growths, growths)
def test_less_is_better_mirrors_more_is_better(own, best, own_growth, best_growth):
    mirrored = time_to_parity(
        1 / own, 1 / best, 1 / (1 + own_growth) - 1, 1 / (1 + best_growth) - 1, -1
    )
    straight = time_to_parity(own, best, own_growth, best_growth)
    if abs(own_growth - best_growth) > 1e-6 and abs(own - best) > 1e-6:
        assert mirrored == pytest.approx(straight, rel=1e-6)


@given(levels, levels, growths, st.floats(0.5, 30), st.floats(0.1, 10))
def test_growth_needed_brings_parity_in_time(own, best, best_growth, years, unit):
    growth = growth_needed(own, best, best_growth, years)
    if best > own * 1.001:
        assert time_to_parity(own, best, growth, best_growth) == pytest.approx(years, rel=1e-6)
    assert growth_needed(own * unit, best * unit, best_growth, years) == pytest.approx(growth)


def test_d3_5_challenge():
    """The smallest common growth for several indicators is the largest that one of them needs."""
    own, best, growth = np.array([70, 60, 85]), np.array([90, 80, 88]), np.array([0.02, 0.03, 0.01])
    needed = growth_needed(own, best, growth, 5)
    assert needed[0] == pytest.approx(1.02 * (9 / 7) ** 0.2 - 1)
    common = needed.max()
    assert (time_to_parity(own, best, common, growth) <= 5 + 1e-9).all()
    assert (time_to_parity(own, best, common - 1e-4, growth) > 5).any()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: time_to_parity(0, 90, 0.1, 0.1), "own must be a finite number, above 0"),
        (lambda: time_to_parity(70, -1, 0.1, 0.1), "best must be a finite number, above 0"),
        (lambda: time_to_parity(70, 90, -1, 0.1), "own_growth must be a finite number, above -1"),
        (lambda: time_to_parity(70, 90, 0.1, -1), "best_growth must be"),
        (lambda: time_to_parity(70, 90, 0.1, 0.1, 0), "direction must be 1 .* it is 0"),
        (lambda: time_to_parity(70, 90, 0.1, 0.1, [1, 2]), "direction must be 1"),
        (lambda: growth_needed(0, 90, 0.1, 5), "own must be"),
        (lambda: growth_needed(70, 0, 0.1, 5), "best must be"),
        (lambda: growth_needed(70, 90, -1, 5), "best_growth must be"),
        (lambda: growth_needed(70, 90, 0.1, 0), "years must be"),
    ],
)
def test_impossible_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        time_to_parity,
        {"own": 70, "best": 90, "own_growth": 0.06, "best_growth": 0.02},
        {
            "own": ([0, NAN, INF], [0.1]),
            "best": ([0, NAN, INF], [0.1]),
            "own_growth": ([-1, NAN, INF], [-0.9]),
            "best_growth": ([-1, NAN, INF], [-0.9]),
        },
    ),
    (
        growth_needed,
        {"own": 70, "best": 90, "best_growth": 0.02, "years": 5},
        {
            "own": ([0, NAN, INF], [0.1]),
            "best": ([0, NAN, INF], [0.1]),
            "best_growth": ([-1, NAN, INF], [-0.9]),
            "years": ([0, NAN, INF], [0.1]),
        },
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
