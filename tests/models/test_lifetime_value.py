import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from servicequality.models import lifetime_value as value

NAN, INF = float("nan"), float("inf")

STEPS = [[0.30, 0.45, 0], [0.10, 0.55, 0.20], [0.02, 0.13, 0.78]]
MARGINS = [10, 40, 120]

rates = st.floats(0, 0.98)
discounts = st.floats(0.01, 0.5)
margins = st.floats(-100, 100)
horizons = st.integers(0, 60)
shapes = st.floats(0.2, 20)


def summed(margin, retention, discount, horizon, first):
    """Add up margins one by one."""
    periods = np.arange(horizon) + (first == "end")
    return float((margin * retention**periods / (1 + discount) ** periods).sum())


@pytest.mark.oracle("O6.8a")
def test_o6_8a():
    assert value.clv(100, 0.8, 0.1) == pytest.approx(366.6667, abs=5e-5)
    assert value.clv(100, 0.8, 0.1, first="end") == pytest.approx(266.6667, abs=5e-5)
    assert value.clv(100, 0.8, 0.1, horizon=5) == pytest.approx(292.0634, abs=5e-5)
    assert value.retention_elasticity(0.8, 0.1) == pytest.approx(2.6667, abs=5e-5)
    assert value.retention_elasticity(0.8, 0.1, first="end") == pytest.approx(3.6667, abs=5e-5)


@pytest.mark.oracle("O6.8a")
@pytest.mark.parametrize(
    ("retention", "discount", "horizon", "percent", "digits"),
    [
        (0.60, 0.1, INF, 11.1, 1),
        (0.80, 0.1, INF, 20.0, 1),
        (0.90, 0.1, INF, 33.3, 1),
        (0.90, 0, INF, 100.0, 1),
        (0.90, 0.15, INF, 25.0, 1),
        (0.90, 0.1, 5, 9.37, 2),
    ],
)
def test_o6_8a_five_points_more(retention, discount, horizon, percent, digits):
    gain = value.retention_gain(retention, 0.05, discount, horizon)
    assert 100 * gain == pytest.approx(percent, abs=0.5 * 10**-digits)


def test_d6_4_challenge():
    """The famous 85 %: only for a very long life and no discounting."""
    assert value.retention_gain(0.891, 0.05, 0) == pytest.approx(0.85, abs=0.005)
    assert value.retention_gain(0.891, 0.05, 0.1) < 0.35


@pytest.mark.oracle("O6.8b")
def test_o6_8b():
    bucket = value.leaky_bucket(1000, 0.8, 500, 60)
    assert bucket[:4].tolist() == pytest.approx([1000, 1300, 1540, 1732])
    assert bucket[-1] == pytest.approx(2500, abs=0.01)
    assert value.steady_state([0.8, 0.85], 500).tolist() == pytest.approx([2500, 3333.33], abs=5e-3)
    assert value.cost_per_retained(4, 0.02) == pytest.approx(200)
    assert value.cost_per_retained(4, 0.02) > 150, "dearer than acquisition"


@pytest.mark.oracle("O6.8c")
def test_o6_8c():
    worth = value.ladder_value(STEPS, MARGINS, 0.1)
    assert worth.tolist() == pytest.approx([191.387, 315.800, 552.755], abs=5e-4)
    lifetimes = value.ladder_lifetimes(STEPS)
    assert lifetimes.tolist() == pytest.approx([6.6497, 8.1218, 9.9492], abs=5e-5)


@pytest.mark.oracle("O6.8c")
@pytest.mark.parametrize(
    ("step", "to", "expected"),
    [(0, 1, [214.608, 321.373, 556.471]), (2, 2, [220.982, 368.412, 682.641])],
)
def test_o6_8c_five_points_taken_from_the_lost(step, to, expected):
    better = np.array(STEPS)
    better[step, to] += 0.05
    assert value.ladder_value(better, MARGINS, 0.1).tolist() == pytest.approx(expected, abs=5e-4)


@pytest.mark.oracle("O6.8d")
def test_o6_8d():
    shown = value.cohort_retention(1, 4, [1, 2, 3, 4])
    assert shown.tolist() == pytest.approx([0.8, 0.8333, 0.8571, 0.8750], abs=5e-5)
    assert value.cohort_survival(1, 4, 4) == pytest.approx(0.5000, abs=5e-5)
    assert pytest.approx(0.4096) == 0.8**4


@pytest.mark.oracle("O6.8e")
def test_o6_8e():
    found = value.indicators(1000, 120, 80, 60, 20)
    assert found == pytest.approx((0.12, 0.08, 0.92, 0.06, 0.02, 0.04))
    assert found._fields == ("new", "churn", "retention", "upgraded", "downgraded", "growth")


def test_ds_12_survivors():
    """Monthly churn that differs like Beta(1, 19), against a constant 5 %."""
    survivors = value.cohort_survival(1, 19, [1, 6, 12, 24])
    assert survivors.tolist() == pytest.approx([0.95, 0.76, 0.61, 0.44], abs=5e-3)
    assert pytest.approx(0.29, abs=5e-3) == 0.95**24


@given(margins, rates, discounts, horizons, st.sampled_from(value.STARTS))
def test_clv_by_adding_up(margin, retention, discount, horizon, first):
    wanted = summed(margin, retention, discount, horizon, first)
    found = value.clv(margin, retention, discount, horizon, first)
    assert found == pytest.approx(wanted, abs=1e-6)


@given(rates, discounts)
def test_clv_limits(retention, discount):
    endless = value.clv(100, retention, discount)
    assert value.clv(100, retention, discount, 5000) == pytest.approx(endless)
    assert endless == pytest.approx(100 * (1 + discount) / (1 + discount - retention))
    late = value.clv(100, retention, discount, first="end")
    assert late == pytest.approx(100 * retention / (1 + discount - retention))
    assert endless == pytest.approx(100 + late)
    assert value.clv(100, 0, discount) == pytest.approx(100)
    assert value.clv(100, retention, discount, 0) == 0


@pytest.mark.parametrize("retention", [0.3, 0.8])
def test_a_gain_of_a_late_margin(retention):
    today, better = value.clv(1, [retention, retention + 0.05], 0.1, 7, "end")
    gain = value.retention_gain(retention, 0.05, 0.1, 7, "end")
    assert gain == pytest.approx(better / today - 1)


@given(rates, discounts, horizons, st.floats(0.001, 0.02))
def test_clv_directions(retention, discount, horizon, step):
    one = value.clv(100, retention, discount, horizon)
    assert value.clv(100, retention + step, discount, horizon) >= one - 1e-9
    assert value.clv(100, retention, discount + step, horizon) <= one + 1e-9
    assert value.clv(100, retention, discount, horizon + 1) >= one - 1e-9
    assert value.clv(200, retention, discount, horizon) == pytest.approx(2 * one)


@given(st.floats(0.1, 0.95), discounts, st.sampled_from(value.STARTS))
def test_elasticity_by_a_small_step(retention, discount, first):
    step = 1e-6
    up, down = (
        np.log(value.clv(1, retention * (1 + change), discount, first=first))
        for change in (step, -step)
    )
    found = value.retention_elasticity(retention, discount, first)
    assert found == pytest.approx((up - down) / (2 * step), rel=1e-4)


def test_nobody_leaves_and_nothing_is_discounted():
    assert value.clv([1, -1, 0], 1, 0).tolist() == [INF, -INF, 0]
    assert value.clv(10, 1, 0, 7) == 70
    assert value.clv(10, 1, 0, 7, first="end") == 70
    assert value.retention_elasticity(1, 0) == INF
    assert np.isnan(value.retention_gain(1, 0, 0))
    assert value.retention_gain(0.95, 0.05, 0) == INF
    assert np.isnan(value.retention_gain(0.9, 0.05, 0.1, horizon=0))
    assert np.isnan(value.retention_gain(0, 0.05, 0.1, first="end"))
    assert value.cohort_value(100, 1.5, 4, 0) == pytest.approx(100 * 4.5 / 0.5)
    assert value.retention_gain(0.9, -0.1, 0.1) == pytest.approx(0.2 / 0.3 - 1)


@given(st.floats(0, 5000), st.floats(0, 1), st.floats(0, 1000), st.integers(0, 30))
def test_bucket_by_steps(start, retention, acquired, periods):
    customers = [start]
    for _period in range(periods):
        customers.append(retention * customers[-1] + acquired)
    found = value.leaky_bucket(start, retention, acquired, periods)
    assert found.tolist() == pytest.approx(customers, rel=1e-9, abs=1e-6)


@given(st.floats(0, 0.99), st.floats(0, 1000))
def test_the_steady_state_stays(retention, acquired):
    level = value.steady_state(retention, acquired)
    assert value.leaky_bucket(level, retention, acquired, 5) == pytest.approx(np.full(6, level))


def test_a_bucket_without_a_leak():
    assert value.leaky_bucket(10, 1, 5, 3).tolist() == [10, 15, 20, 25]
    assert value.steady_state([1, 0.5], [[0], [3]]).tolist() == [[INF, 0], [INF, 6]]


def test_ladder_by_adding_up_periods():
    states, total = np.eye(3), np.zeros(3)
    for period in range(400):
        total += states @ MARGINS / 1.1**period
        states = states @ STEPS
    assert value.ladder_value(STEPS, MARGINS, 0.1) == pytest.approx(total)


def test_lifetimes_by_simulation():
    rng = np.random.default_rng(68)
    cumulative = np.cumsum(STEPS, axis=1)
    where, alive = np.zeros(20_000, dtype=int), np.ones(20_000, dtype=bool)
    lived = np.zeros(20_000)
    while alive.any():
        lived += alive
        draw = rng.uniform(size=20_000)
        next_step = (draw[:, None] >= cumulative[where]).sum(axis=1)
        alive &= next_step < 3
        where = np.where(alive, next_step, 0)
    assert lived.mean() == pytest.approx(value.ladder_lifetimes(STEPS)[0], rel=0.03)


@given(rates, discounts, margins)
def test_a_ladder_with_one_step_is_clv(retention, discount, margin):
    found = value.ladder_value([[retention]], [margin], discount)
    assert found[0] == pytest.approx(value.clv(margin, retention, discount))
    assert value.ladder_lifetimes([[retention]])[0] == pytest.approx(1 / (1 - retention))


@given(st.permutations(range(3)))
def test_the_order_of_steps_does_not_matter(order):
    q, m = np.array(STEPS)[np.ix_(order, order)], np.array(MARGINS)[list(order)]
    wanted = value.ladder_value(STEPS, MARGINS, 0.1)[list(order)]
    assert value.ladder_value(q, m, 0.1) == pytest.approx(wanted)


@given(shapes, shapes, st.integers(0, 40))
def test_survival_is_the_product_of_retention(alpha, beta, periods):
    shown = value.cohort_retention(alpha, beta, np.arange(1, periods + 1))
    assert value.cohort_survival(alpha, beta, periods) == pytest.approx(np.prod(shown))
    assert (np.diff(shown) > 0).all()
    assert ((shown > 0) & (shown < 1)).all()


def test_survival_against_scipy_and_simulation():
    # Leaving for good is a beta-geometric time; scipy knows the mixture of one trial more.
    leaving = np.random.default_rng(69).beta(1.5, 6, 200_000)
    for periods in (1, 3, 8):
        simulated = ((1 - leaving) ** periods).mean()
        found = value.cohort_survival(1.5, 6, periods)
        assert found == pytest.approx(simulated, abs=0.003)
        assert found == pytest.approx(stats.betabinom(periods, 1.5, 6).pmf(0))


@given(shapes, shapes, discounts, st.integers(0, 50))
def test_cohort_value_by_adding_up(alpha, beta, discount, horizon):
    t = np.arange(horizon)
    wanted = 30 * (value.cohort_survival(alpha, beta, t) / (1 + discount) ** t).sum()
    assert value.cohort_value(30, alpha, beta, discount, horizon) == pytest.approx(wanted)


@given(shapes, shapes, discounts)
def test_mixed_customers_are_worth_more_than_their_mean(alpha, beta, discount):
    mixed = value.cohort_value(1, alpha, beta, discount)
    if alpha + beta < 20:
        assert mixed == pytest.approx(special.hyp2f1(1, beta, alpha + beta, 1 / (1 + discount)))
    assert mixed >= value.clv(1, beta / (alpha + beta), discount) - 1e-9
    long = value.cohort_value(1, alpha, beta, discount, 3000)
    assert mixed == pytest.approx(long, rel=1e-6)


def test_cohort_value_without_discount():
    assert value.cohort_value(10, 3, 4, 0) == pytest.approx(10 * (3 + 4 - 1) / (3 - 1))
    assert value.cohort_value(10, 3, 4, 0, horizon=2) == pytest.approx(10 * (1 + 4 / 7))
    assert value.cohort_value(10, 1, 4, 0) == INF
    assert value.cohort_value(-10, 0.5, 4, 0) == -INF
    assert value.cohort_value(0, 0.5, 4, 0) == 0
    # With hardly any difference between customers it is the constant model.
    alike = value.cohort_value(100, 2e5, 8e5, 0.1)
    assert alike == pytest.approx(value.clv(100, 0.8, 0.1), rel=1e-4)


@given(st.integers(1, 1000), st.integers(0, 500), st.floats(0, 1), st.floats(0.1, 100))
def test_indicators_add_up(base, new, share, unit):
    lost = share * base
    found = value.indicators(base, new, lost)
    assert found.churn + found.retention == pytest.approx(1)
    assert base * (1 + found.growth) == pytest.approx(base + new - lost)
    assert (found.upgraded, found.downgraded) == (0, 0)
    assert value.indicators(base * unit, new * unit, lost * unit) == pytest.approx(found, abs=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: value.clv(1, 1.2, 0.1), "retention must be between 0 and 1; it is 1.2"),
        (lambda: value.clv(1, 0.8, -0.1), "discount must be .*at least 0"),
        (lambda: value.clv(1, 0.8, 0.1, 2.5), "horizon must be a whole number"),
        (lambda: value.clv(1, 0.8, 0.1, first="later"), "first must be one of now, end"),
        (lambda: value.retention_elasticity(0.8, 0.1, "later"), "first must be one of now, end"),
        (lambda: value.retention_gain(0.97, 0.05, 0.1), "retention plus points must .*it is 1.02"),
        (lambda: value.retention_gain(0.02, -0.05, 0.1), "retention plus points must"),
        (lambda: value.cost_per_retained(4, 0), "points must be above 0"),
        (lambda: value.ladder_value([[0.5, 0.6], [0, 0]], [1, 1], 0.1), "^row sums of transitions"),
        (lambda: value.ladder_value([[-0.5]], [1], 0.1), "transitions must be between 0 and 1"),
        (lambda: value.ladder_value(STEPS, [1, 2], 0.1), r"shape \(2, 2\).* it is \(3, 3\)"),
        (lambda: value.ladder_value([[1.0]], [1], 0), "stay for ever"),
        (lambda: value.ladder_lifetimes([[0, 1], [1, 0]]), "stay for ever"),
        (lambda: value.cohort_retention(0, 1, 1), "alpha must be .*above 0"),
        (lambda: value.cohort_retention(1, 1, 0), "period must be .*at least 1"),
        (lambda: value.cohort_value(1, 1, 1, 1e-6), "discount, unless it is zero, must"),
        (lambda: value.indicators(0, 1, 0), "base must be .*above 0"),
        (lambda: value.indicators(10, 0, 5, 5, 1), "lost, upgraded and downgraded together must"),
    ],
)
def test_impossible_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_ladder_that_keeps_everyone_has_a_value_if_discounted():
    assert value.ladder_value([[1.0]], [10], 0.1) == pytest.approx([110])


LIMITS = [
    (
        value.clv,
        {"margin": 1, "retention": 0.8, "discount": 0.1},
        {
            "margin": ([NAN, INF], [-1]),
            "retention": ([-0.1, 1.1], [0, 1]),
            "discount": ([-0.1], [0, 0.5]),
            "horizon": ([-1, 2.5], [0, INF]),
        },
    ),
    (
        value.leaky_bucket,
        {"start": 1, "retention": 0.8, "acquired": 5, "periods": 3},
        {
            "start": ([-0.1], [0, 0.5]),
            "retention": ([-0.1, 1.1], [0, 1]),
            "acquired": ([-0.1], [0, 0.5]),
            "periods": ([-1, 1.5], [0]),
        },
    ),
    (
        value.cost_per_retained,
        {"cost": 1, "points": 0.1},
        {
            "cost": ([-0.1], [0, 0.5]),
            "points": ([0, 1.1], [0.01, 1]),
        },
    ),
    (
        value.ladder_value,
        {"transitions": [[0.5]], "margins": [1], "discount": 0.1},
        {
            "transitions": ([[[-0.1]], [[1.1]]], [[[0]], [[1]]]),
            "margins": ([[INF]], [[-1]]),
            "discount": ([-0.1], [0, 0.5]),
        },
    ),
    (
        value.cohort_retention,
        {"alpha": 1, "beta": 1, "period": 1},
        {
            "alpha": ([0], [0.1]),
            "beta": ([0], [0.1]),
            "period": ([0, 1.5], [1]),
        },
    ),
    (
        value.cohort_survival,
        {"alpha": 1, "beta": 1, "periods": 1},
        {
            "alpha": ([0], [0.1]),
            "beta": ([0], [0.1]),
            "periods": ([-1, 0.5], [0]),
        },
    ),
    (
        value.cohort_value,
        {"margin": 1, "alpha": 1, "beta": 1, "discount": 0.1},
        {
            "margin": ([INF], [-1]),
            "alpha": ([0], [0.1]),
            "beta": ([0], [0.1]),
            "discount": ([-0.1], [0, 1e-4, 0.5]),
            "horizon": ([-1, 1.5], [0, 1, INF]),
        },
    ),
    (
        value.cohort_value,
        {"margin": 1, "alpha": 2, "beta": 1, "discount": 0},
        {"alpha": ([0], [0.1]), "beta": ([0], [0.1])},
    ),
    (
        value.indicators,
        {"base": 1, "new": 0, "lost": 0},
        {
            "base": ([0], [0.5]),
            "new": ([-0.1], [0, 5]),
            "lost": ([-0.1], [0, 1]),
            "upgraded": ([-0.1], [0, 1]),
            "downgraded": ([-0.1], [0, 1]),
        },
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
