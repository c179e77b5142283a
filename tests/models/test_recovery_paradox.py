import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from servicequality.models import recovery_paradox as paradox

severities = st.floats(0, 4)
effects = st.floats(-1, 5)
spreads = st.floats(0.05, 3)


@pytest.mark.oracle("O7.6a")
def test_o7_6a():
    found = paradox.shift([1, 3], 2, 1.2)
    assert found.improved.tolist() == pytest.approx([0.79767, 0.20233], abs=5e-6)
    assert found.change.tolist() == [1, -1]


@pytest.mark.oracle("O7.6a")
def test_o7_6a_mixture():
    found = paradox.mixed_shift(1.2, excellent_share=0.2, excellent=2.5, ordinary=0.8, sd=0.8)
    assert found.change == pytest.approx(-0.060, abs=5e-4)
    assert found.improved == pytest.approx(0.436, abs=5e-4)


@pytest.mark.oracle("O7.6b")
def test_o7_6b():
    loss = -paradox.shift_without_recovery(1.2)
    assert loss == pytest.approx(2.7)
    gamble = paradox.deliberate_failure(0.5, loss, 0.6)
    assert gamble.expected == pytest.approx(-0.78)
    assert gamble.break_even == pytest.approx(0.84375, abs=5e-6)


def test_a_second_failure():
    found = paradox.shift(1.2, 2.5, 0.8, second_failure=True)
    assert found.change == pytest.approx(2.5 * 0.6 - 1.2 * 1.5)
    assert found.improved == pytest.approx(stats.norm.cdf(-0.3 / (0.6 * 0.8)))
    assert paradox.shift_without_recovery([0, 1.2], second_failure=True).tolist() == [-1.5, -3.3]
    mixed = paradox.mixed_shift(1.2, second_failure=True)
    assert mixed.change == pytest.approx(0.6 * (0.2 * 2.5 + 0.8 * 0.8) - 1.8)


@given(severities, effects, spreads)
def test_shift_directions(severity, mean, sd):
    one = paradox.shift(severity, mean, sd)
    assert 0 <= one.improved <= 1
    assert (one.improved > 0.5) == (one.change > 0) or one.change == pytest.approx(0, abs=1e-9)
    worse = paradox.shift(severity + 0.5, mean, sd)
    assert worse.change < one.change
    assert worse.improved <= one.improved
    if mean > 0:
        again = paradox.shift(severity, mean, sd, second_failure=True)
        assert again.change <= one.change
        assert again.improved <= one.improved + 1e-12


@given(severities, st.floats(0, 1), effects, effects, spreads)
def test_a_mixture_lies_between_its_parts(severity, share, excellent, ordinary, sd):
    mixed = paradox.mixed_shift(severity, share, excellent, ordinary, sd)
    parts = [paradox.shift(severity, mean, sd) for mean in (excellent, ordinary)]
    for found, ends in zip(mixed, zip(*parts, strict=True), strict=True):
        assert min(ends) - 1e-9 <= found <= max(ends) + 1e-9
    assert paradox.mixed_shift(severity, 1, excellent, ordinary, sd) == pytest.approx(parts[0])


def test_without_spread_everyone_changes_alike():
    found = paradox.shift([1, 2, 3], 2, 0)
    assert found.improved.tolist() == [1, 0, 0], "staying equal is no improvement"
    assert found.change.tolist() == [1, 0, -1]


@given(st.floats(0, 5), st.floats(0.1, 5), st.floats(0, 1), st.floats(0, 3))
def test_gamble(gain, loss, success, cost):
    found = paradox.deliberate_failure(gain, loss, success, cost)
    assert found.expected == pytest.approx(success * (gain + loss) - loss - cost)
    assert found.break_even > 0
    if found.break_even <= 1:
        fair = paradox.deliberate_failure(gain, loss, found.break_even, cost)
        assert fair.expected == pytest.approx(0, abs=1e-9)
    assert (found.expected > 1e-9) <= (success > found.break_even)


def test_a_costly_gamble_never_pays():
    assert paradox.deliberate_failure(0.5, 2.7, 1, cost=1).break_even > 1
    assert paradox.deliberate_failure([0, 1], 1, 0.5).break_even.tolist() == [1, 0.5]


@pytest.fixture
def many():
    return paradox.simulate(20_000, seed=76)


def test_simulation_against_the_formula(many):
    failed = many[many["failed"]]
    moved = failed["satisfaction_after"] - failed["satisfaction_before"]
    wanted = paradox.mixed_shift(1.2)
    assert moved.mean() == pytest.approx(wanted.change, abs=0.02)
    assert (moved > 0).mean() == pytest.approx(wanted.improved, abs=0.01)
    assert failed["excellent"].mean() == pytest.approx(0.2, abs=0.01)
    for excellent, mean in ((True, 1.3), (False, -0.4)):
        part = moved[failed["excellent"] == excellent]
        assert part.mean() == pytest.approx(mean, abs=0.04)
        assert part.std() == pytest.approx(0.8, abs=0.02)


def test_simulated_control_group(many):
    control = many[~many["failed"]]
    assert len(control) == 20_000
    assert not control["excellent"].any()
    assert control["satisfaction_before"].mean() == pytest.approx(5.4, abs=0.02)
    assert control["satisfaction_before"].std() == pytest.approx(0.7, abs=0.01)
    moved = control["satisfaction_after"] - control["satisfaction_before"]
    assert moved.mean() == pytest.approx(0, abs=0.015)
    assert moved.std() == pytest.approx(0.5, abs=0.01)


def test_simulated_repurchase_against_its_probability(many):
    for moment, failed in (("before", False), ("after", many["failed"])):
        chance = paradox.repurchase_probability(many[f"satisfaction_{moment}"], failed)
        bought = many[f"repurchase_{moment}"]
        assert set(bought) == {0, 1}
        for group in (many["failed"], ~many["failed"]):
            assert bought[group].mean() == pytest.approx(chance[group].mean(), abs=0.012)
    better = many["satisfaction_after"] > many["satisfaction_before"] + 1
    assert (many["repurchase_after"] >= many["repurchase_before"])[better].all()


def test_a_simulated_second_failure():
    again = paradox.simulate(20_000, severity=1, second_failure=True, seed=77)
    failed = again[again["failed"]]
    moved = failed["satisfaction_after"] - failed["satisfaction_before"]
    assert moved.mean() == pytest.approx(
        paradox.mixed_shift(1, second_failure=True).change, abs=0.02
    )


def test_d7_3_challenge():
    """A minor failure, fully recovered: a paradox in satisfaction, none in repurchase."""
    minor = paradox.simulate(5000, 1.8, excellent_share=1, excellent=2.35, sd=0.8, seed=78)
    assert paradox.paradox(minor).lower > 0
    assert paradox.paradox(minor, "repurchase").upper < 0.03
    first = paradox.simulate(5000, seed=78)
    assert paradox.paradox(first).value < 0
    assert paradox.paradox(first, "repurchase").upper < 0


def test_repurchase_curve():
    assert paradox.repurchase_probability(5.4, False) == pytest.approx(0.81, abs=5e-3)
    # Half a point of logit is two thirds of a scale point.
    assert paradox.repurchase_probability(5.4 + 2 / 3, True) == pytest.approx(
        paradox.repurchase_probability(5.4, False)
    )
    assert paradox.repurchase_probability([1, 7], [True, False]).tolist() == pytest.approx(
        [1 / (1 + np.exp(2.35)), 1 / (1 + np.exp(-2.65))]
    )


@pytest.mark.parametrize("outcome", paradox.OUTCOMES)
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_intervals_against_scipy(outcome, level):
    customers = paradox.simulate(80, seed=79)
    failed = customers[customers["failed"]]
    control = customers[~customers["failed"]].iloc[:50]
    after = f"{outcome}_after"
    welch = stats.ttest_ind(failed[after], control[after], equal_var=False)
    found = paradox.paradox(pd.concat([control, failed]), outcome, "control", level)
    assert found.value == pytest.approx(failed[after].mean() - control[after].mean())
    assert found[1:] == pytest.approx(tuple(welch.confidence_interval(level)))
    paired = stats.ttest_rel(failed[after], failed[f"{outcome}_before"])
    found = paradox.paradox(failed, outcome, "before-after", level)
    assert found.value == pytest.approx((failed[after] - failed[f"{outcome}_before"]).mean())
    assert found[1:] == pytest.approx(tuple(paired.confidence_interval(level)))


def test_missing_outcomes_are_left_out():
    customers = paradox.simulate(40, seed=80)
    holed = customers.copy()
    holed.loc[3, "satisfaction_after"] = np.nan
    for design in paradox.DESIGNS:
        assert paradox.paradox(holed, design=design) == paradox.paradox(
            customers.drop(index=3), design=design
        )


def test_no_variation_no_width():
    frozen = pd.DataFrame(
        {"failed": [1, 1, 0, 0], "repurchase_before": [0] * 4, "repurchase_after": [1, 1, 0, 0]}
    )
    assert paradox.paradox(frozen, "repurchase") == (1, 1, 1)


def test_the_same_seed_moves_smoothly():
    one, worse = (paradox.simulate(100, severity, seed=3) for severity in (1.2, 1.3))
    assert one.equals(paradox.simulate(100, 1.2, seed=3))
    assert not one.equals(paradox.simulate(100, 1.2, seed=4))
    moved = (one["satisfaction_after"] - worse["satisfaction_after"]).abs()
    assert moved.max() == pytest.approx(0.1)
    assert one["satisfaction_before"].equals(worse["satisfaction_before"])
    assert len(paradox.simulate()) == 600


@given(st.integers(0, 2**31))
def test_order_of_customers_does_not_matter(seed):
    customers = paradox.simulate(30, seed=seed)
    shuffled = customers.sample(frac=1, random_state=seed)
    for outcome in paradox.OUTCOMES:
        for design in paradox.DESIGNS:
            one = paradox.paradox(customers, outcome, design)
            assert paradox.paradox(shuffled, outcome, design) == pytest.approx(one)
            assert one.lower <= one.value <= one.upper


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: paradox.shift(-1, 2, 1), "severity must be .*at least 0"),
        (lambda: paradox.mixed_shift(1, 1.2), "excellent_share must be between 0 and 1"),
        (lambda: paradox.deliberate_failure(0, 0, 0.5), "gain and loss together must"),
        (lambda: paradox.simulate(1), "n must be .*between 2 and 20000"),
        (lambda: paradox.paradox(paradox.simulate(5), "wom"), "outcome must be one of"),
        (lambda: paradox.paradox(paradox.simulate(5), design="x"), "design must be one of"),
        (
            lambda: paradox.paradox(
                paradox.simulate(5).drop(columns="repurchase_after"), "repurchase"
            ),
            "no column repurchase_after",
        ),
        (
            lambda: paradox.paradox(paradox.simulate(5).query("failed")),
            r"customers in each group must be .*at least 2; it is 0 \(position 1\)",
        ),
    ],
)
def test_impossible_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        paradox.shift,
        {"severity": 1, "mean": 2, "sd": 1},
        {
            "severity": ([-0.1], [0, 0.5]),
            "mean": ([NAN, INF], [-1]),
            "sd": ([-0.1], [0, 0.5]),
        },
    ),
    (paradox.mixed_shift, {"severity": 1}, {"excellent_share": ([-0.1, 1.1], [0, 1])}),
    (paradox.shift_without_recovery, {}, {"severity": ([-0.1, NAN], [0, 0.5])}),
    (
        paradox.deliberate_failure,
        {"gain": 1, "loss": 1, "success": 0.5},
        {
            "gain": ([-0.1], [0]),
            "loss": ([-0.1], [0]),
            "success": ([-0.1, 1.1], [0, 1]),
            "cost": ([-0.1], [0, 0.5]),
        },
    ),
    (paradox.repurchase_probability, {"failed": True}, {"satisfaction": ([INF, NAN], [-1])}),
    (
        paradox.simulate,
        {"n": 2},
        {
            "n": ([1, 2.5, 20_001], [2, 20_000]),
            "severity": ([-0.1], [0]),
            "excellent_share": ([-0.1, 1.1], [0, 1]),
            "sd": ([-0.1], [0]),
        },
    ),
    (paradox.paradox, {"customers": paradox.simulate(5)}, {"level": ([0, 1], [0.01, 0.99])}),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
