import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import integrate, stats

from servicequality.models import average_trap as trap

means = st.floats(1, 9)
spreads = st.floats(0.1, 3)
correlations = st.floats(-0.95, 0.95)


@pytest.mark.oracle("O5.4")
@pytest.mark.parametrize(
    ("mean_p", "sd_p", "share", "shortfall"),
    [(6, 1, 0.5000, 0.56419), (6.5, 1, 0.63816, 0.34909), (6.5, 0.5, 0.67264, 0.23991)],
)
def test_o5_4(mean_p, sd_p, share, shortfall):
    assert trap.share_satisfied(mean_p, 6, sd_p, 1) == pytest.approx(share, abs=5.1e-6)
    assert trap.mean_shortfall(mean_p, 6, sd_p, 1) == pytest.approx(shortfall, abs=5.1e-6)


@pytest.mark.oracle("O5.4")
def test_o5_4_ninety_percent():
    needed = trap.required_performance(0.9, 6, 1, 1)
    assert needed == pytest.approx(7.8124, abs=5e-5)
    assert trap.share_satisfied(needed, 6, 1, 1) == pytest.approx(0.9)


@pytest.mark.parametrize(("spread", "solved"), [(0.780, True), (0.781, False)])
def test_d5_3_challenge(spread, solved):
    """90 % satisfied with a mean of 7 needs a spread of the gap of at most .780."""
    share = trap.share_satisfied(7, 6, spread, 0)
    assert bool(share >= 0.9) is solved


@given(means, means, spreads, spreads, correlations)
def test_share_and_shortfall_against_scipy(mean_p, mean_e, sd_p, sd_e, rho):
    gap = stats.norm(mean_p - mean_e, np.sqrt(sd_p**2 + sd_e**2 - 2 * rho * sd_p * sd_e))
    assert trap.gap_sd(sd_p, sd_e, rho) == pytest.approx(gap.std())
    share = trap.share_satisfied(mean_p, mean_e, sd_p, sd_e, rho)
    assert share == pytest.approx(gap.sf(0))
    shortfall = trap.mean_shortfall(mean_p, mean_e, sd_p, sd_e, rho)
    far = min(0, gap.mean()) - 10 * gap.std()
    by_integral, _error = integrate.quad(lambda x: -x * gap.pdf(x), far, 0, points=[gap.mean()])
    assert shortfall == pytest.approx(by_integral, abs=1e-7)


@given(means, means, spreads, spreads, correlations)
def test_shortfall_minus_surplus_is_the_mean_gap(mean_p, mean_e, sd_p, sd_e, rho):
    shortfall = trap.mean_shortfall(mean_p, mean_e, sd_p, sd_e, rho)
    surplus = trap.mean_shortfall(mean_e, mean_p, sd_e, sd_p, rho)
    assert shortfall >= 0
    assert surplus - shortfall == pytest.approx(mean_p - mean_e, abs=1e-9)


@given(means, means, spreads, spreads, correlations)
def test_consistency_helps_only_above_the_expectation(mean_p, mean_e, sd_p, sd_e, rho):
    narrow, wide = sorted([trap.gap_sd(sd_p, sd_e, rho), trap.gap_sd(2 * sd_p, sd_e, rho)])
    assume(wide > narrow + 1e-6)
    steady = trap.share_satisfied(mean_p, mean_e, narrow, 0)
    shaky = trap.share_satisfied(mean_p, mean_e, wide, 0)
    if mean_p >= mean_e:
        assert steady >= shaky
    else:
        assert steady <= shaky


@given(st.floats(0.01, 0.99), means, spreads, spreads, correlations)
def test_required_performance_is_the_inverse(share, mean_e, sd_p, sd_e, rho):
    needed = trap.required_performance(share, mean_e, sd_p, sd_e, rho)
    assert trap.share_satisfied(needed, mean_e, sd_p, sd_e, rho) == pytest.approx(share)


@given(means, means, spreads, spreads, correlations, st.floats(0.1, 20), st.floats(-50, 50))
def test_unit_and_origin_of_the_scale_do_not_matter(p, e, sd_p, sd_e, rho, unit, origin):
    one = trap.share_satisfied(p, e, sd_p, sd_e, rho)
    other = (origin + unit * p, origin + unit * e, unit * sd_p, unit * sd_e, rho)
    assert trap.share_satisfied(*other) == pytest.approx(one, abs=1e-9)
    assert trap.mean_shortfall(*other) == pytest.approx(
        unit * trap.mean_shortfall(p, e, sd_p, sd_e, rho), abs=1e-9
    )


@pytest.mark.parametrize("rho", [1, 0.3])
@pytest.mark.parametrize(
    ("mean_p", "share", "shortfall"), [(7, 1, 0), (6, 1, 0), (5, 0, 1), (5.5, 0, 0.5)]
)
def test_without_any_spread(rho, mean_p, share, shortfall):
    sd = 0.1 if rho == 1 else 0
    assert trap.gap_sd(sd, sd, rho) == 0
    assert trap.share_satisfied(mean_p, 6, sd, sd, rho) == share
    assert trap.mean_shortfall(mean_p, 6, sd, sd, rho) == shortfall


def test_arrays_broadcast_and_may_mix_spread_with_none():
    share = trap.share_satisfied([[5], [6], [7]], 6, [0, 1], 0)
    assert share.tolist()[1] == [1, 0.5]
    assert share.shape == trap.mean_shortfall([[5], [6], [7]], 6, [0, 1], 0).shape == (3, 2)
    assert share[0, 0] == 0
    assert share[2, 1] == pytest.approx(stats.norm.cdf(1))


@given(means, means, spreads, spreads, correlations)
def test_as_many_of_a_population_are_satisfied_as_the_formula_says(p, e, sd_p, sd_e, rho):
    people = trap.population(p, e, sd_p, sd_e, rho)
    assert len(people) == 200
    share = float(trap.share_satisfied(p, e, sd_p, sd_e, rho))
    assert abs(people["satisfied"].sum() - 200 * share) <= 0.5 + 1e-6


@given(means, means, spreads, spreads, correlations)
def test_a_population_has_the_means_spreads_and_correlation_asked_for(p, e, sd_p, sd_e, rho):
    people = trap.population(p, e, sd_p, sd_e, rho)
    assert people["expectation"].mean() == pytest.approx(e)
    assert people["performance"].mean() == pytest.approx(p)
    assert people["expectation"].std() == pytest.approx(sd_e, rel=0.01)
    assert people["performance"].std() == pytest.approx(sd_p, rel=0.01)
    assert people["expectation"].corr(people["performance"]) == pytest.approx(rho, abs=1e-6)
    gap = people["performance"] - people["expectation"]
    assert gap.is_monotonic_increasing or gap.std() < 1e-9


def test_customers_turn_one_by_one_and_stay_who_they_are():
    crowds = [trap.population(mean, 6, 1, 1) for mean in np.linspace(4, 8, 401)]
    counts = [crowd["satisfied"].sum() for crowd in crowds]
    assert set(np.diff(counts)) <= {0, 1}
    for before, after in itertools.pairwise(crowds):
        assert (after["expectation"] == before["expectation"]).all()
        assert (after["satisfied"] | ~before["satisfied"]).all()


def test_expectations_and_surprises_of_a_population_are_spread_like_normal_ones():
    people = trap.population(6, 6, 1, 1, n=2000)
    for column in ("expectation", "performance"):
        assert stats.kstest(people[column], stats.norm(6, 1).cdf).statistic < 0.02


@pytest.mark.parametrize(("mean", "satisfied"), [(6, True), (5, False)])
def test_a_population_without_spread(mean, satisfied):
    people = trap.population(mean, 6, 0, 0, n=7)
    assert (people["satisfied"] == satisfied).all()
    assert set(people["expectation"]) == {6}
    together = trap.population(6, 6, 1, 1, rho=1)
    assert together["satisfied"].all()
    assert together["expectation"].std() == pytest.approx(1, rel=0.01)


@pytest.mark.parametrize("n", [1, 2])
def test_a_population_of_one_or_two(n):
    people = trap.population(6.5, 6, 1, 1, n=n)
    assert people["expectation"].mean() == pytest.approx(6)
    assert people["performance"].mean() == pytest.approx(6.5)
    # So few leave nothing that is unrelated to the gap: the expectation is a line in it.
    luck = stats.norm.ppf((np.arange(n) + 0.5) / n)
    assert people["expectation"].to_numpy() == pytest.approx(6 - luck / np.sqrt(2))


@given(st.floats(-20, 20), means, spreads)
def test_density_against_scipy(x, mean, sd):
    assert trap.density(x, mean, sd) == pytest.approx(stats.norm.pdf(x, mean, sd))


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        ("gap_sd", (-1, 1), "sd_p must be .*at least 0; it is -1"),
        ("gap_sd", (1, np.nan), "sd_e must be"),
        ("gap_sd", (1, 1, 1.2), "rho must be between -1 and 1; it is 1.2"),
        ("share_satisfied", (np.inf, 6, 1, 1), "mean_p must be a finite number"),
        ("share_satisfied", (6, np.nan, 1, 1), "mean_e must be a finite number"),
        ("mean_shortfall", (6, 6, 1, -1), "sd_e must be"),
        ("required_performance", (1, 6, 1, 1), "share must be .*below 1; it is 1"),
        ("required_performance", (0, 6, 1, 1), "share must be .*above 0"),
        ("required_performance", (0.5, np.nan, 1, 1), "mean_e must be"),
        ("density", (6, 6, 0), "sd must be .*above 0"),
        ("population", (6, 6, 1, 1, -2), "rho must be"),
        ("population", (6, np.nan, 1, 1), "mean_e must be"),
        ("population", (6, 6, 1, 1, 0, 0), "n must be a whole number"),
    ],
)
def test_impossible_input(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        getattr(trap, function)(*arguments)


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        trap.share_satisfied,
        {"mean_p": 6, "mean_e": 6, "sd_p": 1, "sd_e": 1},
        {
            "mean_p": ([NAN, INF], [-3]),
            "mean_e": ([NAN, INF], [-3]),
            "sd_p": ([-0.1, NAN, INF], [0]),
            "sd_e": ([-0.1, NAN, INF], [0]),
            "rho": ([-1.1, 1.1, NAN], [-1, 1]),
        },
    ),
    (
        trap.required_performance,
        {"share": 0.9, "mean_e": 6, "sd_p": 1, "sd_e": 1},
        {"share": ([0, 1, NAN], [0.001, 0.999]), "mean_e": ([NAN, INF], [-3])},
    ),
    (trap.density, {"x": 1, "mean": 0, "sd": 1}, {"sd": ([0, NAN, INF], [0.1])}),
    (
        trap.population,
        {"mean_p": 6, "mean_e": 6, "sd_p": 1, "sd_e": 1},
        {"n": ([0, 1.5], [1, 200])},
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
