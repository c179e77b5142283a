import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from servicequality.models.capability import (
    capability,
    density,
    dpmo_at,
    goal_post_loss,
    quadratic_loss,
    sigma_level,
)

CLINICS = {"low": -10, "high": 10, "target": 0, "k": 0.2}

means = st.floats(-15, 15)
spreads = st.floats(0.5, 8)
prices = st.floats(0, 2)


@pytest.mark.oracle("O1.4a")
def test_o1_4a():
    both = capability([0, 6], [5, 2], **CLINICS)
    assert both.in_spec == pytest.approx([0.95450, 0.97725], abs=5e-6)
    assert both.cp == pytest.approx([0.6667, 1.6667], abs=5e-5)
    assert both.cpk == pytest.approx([0.6667, 0.6667], abs=5e-5)
    assert both.loss == pytest.approx([5, 8])
    assert both.spread_loss == pytest.approx([5, 0.8])
    assert both.bias_loss == pytest.approx([0, 7.2])


@pytest.mark.oracle("O1.4b")
def test_o1_4b():
    found = sigma_level(137, 2500, 8)
    assert found.dpmo == pytest.approx(6850)
    assert found.z == pytest.approx(2.4650, abs=5e-5)
    assert found.sigma == pytest.approx(3.9650, abs=5e-5)
    assert dpmo_at(4.5, shift=0) == dpmo_at(6) == pytest.approx(3.398, abs=5e-4)


def test_d1_4_challenge():
    """Clinic B falls below a loss of 5 without touching its spread if |mean| is at most 4.58."""
    found = capability([4.58, -4.58, 4.59], 2, **CLINICS).loss
    assert (found < 5).tolist() == [True, True, False]


def test_one_limit_only():
    late = capability(6, 2, None, 10, 0, 0.2)
    assert np.isnan(late.cp)
    assert late.cpk == pytest.approx(4 / 6)
    assert late.below == 0
    assert late.above == pytest.approx(stats.norm.sf(2))
    assert late.goal_post_loss == pytest.approx(stats.norm.sf(2) * 20)
    early = capability(-6, 2, -10, None, 0, 0.2)
    assert np.isnan(early.cp)
    assert (early.cpk, early.above) == (pytest.approx(4 / 6), 0)
    assert early.goal_post_loss == pytest.approx(late.goal_post_loss)


def test_a_mean_outside_the_limits_has_a_negative_cpk():
    assert capability([12, -13], 2, **CLINICS).cpk == pytest.approx([-2 / 6, -3 / 6])


def test_no_defects_and_nothing_but_defects():
    none = sigma_level(0, 100)
    assert none == (0, np.inf, np.inf)
    assert sigma_level(100, 100) == (1e6, -np.inf, -np.inf)
    assert dpmo_at([np.inf, -np.inf]).tolist() == [0, 1e6]


def test_the_shift_is_only_added():
    plain = sigma_level([10, 500], 1000, 2, shift=0)
    assert plain.sigma.tolist() == plain.z.tolist()
    assert sigma_level([10, 500], 1000, 2).sigma == pytest.approx(plain.z + 1.5)


@given(means, spreads, prices)
def test_capability_against_scipy(mean, sd, k):
    found = capability(mean, sd, -8, 10, 1, k)
    output = stats.norm(mean, sd)
    assert found.in_spec == pytest.approx(output.cdf(10) - output.cdf(-8), abs=1e-12)
    assert found.below == pytest.approx(output.cdf(-8))
    assert found.above == pytest.approx(output.sf(10))
    assert found.loss == pytest.approx(output.expect(lambda x: k * (x - 1) ** 2), rel=1e-6)
    assert found.goal_post_loss == pytest.approx(output.cdf(-8) * k * 81 + output.sf(10) * k * 81)
    assert found.cpk <= found.cp + 1e-12
    assert found.spread_loss + found.bias_loss == pytest.approx(found.loss)


@given(means, spreads, st.floats(0.1, 60), st.floats(-30, 30))
def test_unit_and_origin_do_not_matter(mean, sd, unit, origin):
    one = capability(mean, sd, -8, 10, 1, 0.2)
    moved = [value * unit + origin for value in (-8, 10, 1)]
    other = capability(mean * unit + origin, sd * unit, *moved, 0.2 / unit**2)
    assert list(other) == pytest.approx(list(one), rel=1e-6, abs=1e-9)


@given(means, spreads)
def test_mirroring_exchanges_the_tails(mean, sd):
    one, other = capability(mean, sd, -8, 10, 1), capability(-mean, sd, -10, 8, -1)
    assert (one.below, one.above) == pytest.approx((other.above, other.below))
    assert one.cpk == pytest.approx(other.cpk)
    assert one.goal_post_loss == pytest.approx(other.goal_post_loss)


def test_expected_goal_post_loss_is_the_mean_of_the_loss_of_units():
    found = capability(3, 6, -8, 10, 2, 0.5).goal_post_loss
    x = np.linspace(-60, 60, 400_001)
    losses = goal_post_loss(x, -8, 10, 2, 0.5) * density(x, 3, 6)
    assert integrate.trapezoid(losses, x) == pytest.approx(found, rel=1e-3)


def test_the_two_losses_agree_at_the_limits():
    assert goal_post_loss([10.01, -8.01], -8, 10, 2, 0.5) == pytest.approx(
        quadratic_loss([10, -8], 2, 0.5)
    )
    assert goal_post_loss([10, -8, 0], -8, 10, 2).tolist() == [0, 0, 0]
    assert goal_post_loss([-99, 11], None, 10, 0).tolist() == [0, 100]
    assert capability(6, 2, -10, 10, 0).loss == 40, "a price of 1 unless told otherwise"
    assert quadratic_loss([3, 1], 1) == pytest.approx([4, 0]), "k is 1 unless given"
    assert goal_post_loss(5, -1, 3, 0) == 9


@given(means, means, spreads)
def test_density_against_scipy(value, mean, sd):
    assert density(value, mean, sd) == pytest.approx(stats.norm.pdf(value, mean, sd))


@given(st.integers(0, 500), st.integers(500, 5000), st.integers(1, 20), st.floats(0, 2))
def test_sigma_levels_and_defects_undo_each_other(defects, units, opportunities, shift):
    found = sigma_level(defects, units, opportunities, shift)
    assert found.dpmo == pytest.approx(1e6 * defects / (units * opportunities))
    if defects:
        assert found.z == pytest.approx(stats.norm.isf(found.dpmo / 1e6), abs=1e-9)
        assert dpmo_at(found.sigma, shift) == pytest.approx(found.dpmo)
        assert sigma_level(defects / 2, units, opportunities, shift).sigma > found.sigma


def test_scalars_give_scalars():
    assert all(np.ndim(part) == 0 for part in capability(0, 5, **CLINICS))
    assert isinstance(float(density(0, 0, 1)), float)
    assert capability(0, [[5], [2]], -10, [5, 10], 0).in_spec.shape == (2, 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: capability(0, 0, -1, 1, 0), "sd must be a finite number, above 0; it is 0"),
        (lambda: capability(0, np.nan, -1, 1, 0), "sd must be"),
        (lambda: capability(np.nan, 1, -1, 1, 0), "mean must be a finite number; it is nan"),
        (lambda: capability(0, 1, 1, 1, 0), "low must be below high; they are 1 and 1"),
        (lambda: capability(0, 1, 2, 1, 0), "low must be below high; they are 2 and 1"),
        (lambda: capability(0, 1, None, None, 0), "At least one of the limits"),
        (lambda: capability(0, 1, -1, 1, np.inf), "target must be"),
        (lambda: capability(0, 1, -1, 1, 0, -1), "k must be a finite number, at least 0"),
        (lambda: quadratic_loss(1, 0, -1), "k must be"),
        (lambda: quadratic_loss(np.nan, 0), "value must be"),
        (lambda: quadratic_loss(1, np.nan), "target must be"),
        (lambda: goal_post_loss(1, 0, -1, 0), "low must be below high"),
        (lambda: goal_post_loss(np.nan, 0, 1, 0), "value must be"),
        (lambda: goal_post_loss(1, 0, 1, np.nan), "target must be"),
        (lambda: goal_post_loss(1, 0, 1, 0, -1), "k must be"),
        (lambda: density(0, 0, -1), "sd must be"),
        (lambda: density(np.nan, 0, 1), "value must be"),
        (lambda: density(0, np.nan, 1), "mean must be"),
        (lambda: sigma_level(-1, 100), "defects must be a finite number, at least 0"),
        (lambda: sigma_level(1, 0), "units must be a finite number, above 0"),
        (lambda: sigma_level(1, 10, 0), "opportunities must be a finite number, above 0"),
        (
            lambda: sigma_level(11, 5, 2),
            r"defects / \(units x opportunities\) must be .* at most 1",
        ),
        (lambda: sigma_level(1, 10, shift=np.nan), "shift must be"),
        (lambda: dpmo_at(np.nan), "sigma must be"),
        (lambda: dpmo_at(6, np.inf), "shift must be"),
    ],
)
def test_impossible_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        capability,
        {"mean": 0, "sd": 1, "low": -3, "high": 3, "target": 0},
        {
            "mean": ([NAN, INF], [-1]),
            "sd": ([0, NAN, INF], [0.1]),
            "low": ([NAN, -INF], [-9]),
            "high": ([NAN, INF], [9]),
            "target": ([NAN, INF], [-1]),
            "k": ([-0.1, NAN, INF], [0]),
        },
    ),
    (
        quadratic_loss,
        {"value": 1, "target": 0},
        {
            "value": ([NAN, INF], [-1]),
            "target": ([NAN, INF], [-1]),
            "k": ([-0.1, NAN, INF], [0]),
        },
    ),
    (
        goal_post_loss,
        {"value": 1, "low": -3, "high": 3, "target": 0},
        {
            "value": ([NAN, INF], [-1]),
            "target": ([NAN, INF], [-1]),
            "k": ([-0.1, NAN, INF], [0]),
        },
    ),
    (
        density,
        {"value": 1, "mean": 0, "sd": 1},
        {
            "value": ([NAN, INF], [-1]),
            "mean": ([NAN, INF], [-1]),
            "sd": ([0, NAN, INF], [0.1]),
        },
    ),
    (
        sigma_level,
        {"defects": 1, "units": 5},
        {
            "defects": ([-1, 6, NAN, INF], [0, 5]),
            "units": ([0, NAN, INF], [1]),
            "opportunities": ([0, NAN, INF], [1]),
            "shift": ([NAN, INF], [0]),
        },
    ),
    (dpmo_at, {"sigma": 6}, {"sigma": ([NAN], [INF]), "shift": ([NAN, INF], [0])}),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
