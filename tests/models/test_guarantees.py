import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import brentq

from servicequality.models import guarantees
from servicequality.models.guarantees import Terms

O7_9 = Terms(
    margin=20,
    invocation=0.6,
    cheating=0.005,
    payout=80,
    future_loss=60,
    recovered=0.42,
    uplift=0.08,
)

shares = st.floats(0, 1)
all_terms = st.builds(
    Terms,
    margin=st.floats(0, 50),
    invocation=shares,
    cheating=st.floats(0, 0.05),
    payout=st.floats(0, 200),
    future_loss=st.floats(0, 200),
    recovered=shares,
    uplift=st.floats(-0.2, 0.5),
    learning=st.floats(0, 0.9),
)


def advantage(failure, terms):
    found = guarantees.guarantee(failure, terms)
    return found.with_guarantee - found.without


@pytest.mark.oracle("O7.9a")
@pytest.mark.parametrize(
    ("failure", "with_guarantee", "without"),
    [(0.05, 16.6968, 17), (0.02, 19.3795, 18.8), (0.12, 10.4371, 12.8)],
)
def test_o7_9a_profits(failure, with_guarantee, without):
    found = guarantees.guarantee(failure, O7_9)
    assert found.with_guarantee == pytest.approx(with_guarantee, abs=5e-5)
    assert found.without == pytest.approx(without)
    assert found.pays == (with_guarantee > without)


@pytest.mark.oracle("O7.9a")
def test_o7_9a_break_even_and_payout():
    found = guarantees.break_even(O7_9)
    assert found.failure == pytest.approx(0.039695, abs=5e-7)
    assert found.case == guarantees.PAYS_BELOW
    assert guarantees.guarantee(0.05, O7_9).payouts == pytest.approx(2.80)


@pytest.mark.oracle("O7.9a")
def test_o7_9a_learning():
    learning = O7_9._replace(learning=0.3)
    assert guarantees.guarantee(0.05, learning).with_guarantee == pytest.approx(18.0382, abs=5e-5)
    assert guarantees.break_even(learning).failure == pytest.approx(0.4498, abs=5e-5)
    assert guarantees.least_learning(0.05, O7_9) == pytest.approx(0.06781, abs=5e-6)
    assert guarantees.guarantee(0.05, learning).payouts == pytest.approx(0.4 + 0.7 * 2.4)


@pytest.mark.oracle("O7.9b")
def test_o7_9b():
    least, most = guarantees.separating_payouts(4, 0.02, 0.12, 0.6)
    assert least == pytest.approx(55.56, abs=5e-3)
    assert most == pytest.approx(333.3, abs=0.05)


def test_d7_4_challenge():
    solved = O7_9._replace(payout=70, learning=0.15)
    found = guarantees.guarantee(0.08, solved)
    assert found.with_guarantee == pytest.approx(15.58, abs=5e-3)
    assert found.without == pytest.approx(15.20)
    assert found.pays
    assert not guarantees.guarantee(0.08, O7_9).pays
    assert not guarantees.guarantee(0.08, O7_9._replace(learning=0.15)).pays


def test_q7_6_poor_quality_cannot_afford_it():
    assert not guarantees.guarantee(0.05, O7_9).pays
    assert guarantees.guarantee(0.039, O7_9).pays


CASES = {
    # ahead > 0, slope > 0
    guarantees.PAYS_BELOW: O7_9,
    # ahead > 0, slope <= 0: hardly any payout, much recovered
    guarantees.PAYS_ALWAYS: O7_9._replace(payout=10, learning=0.5),
    # ahead <= 0, slope >= 0: no uplift
    guarantees.PAYS_NEVER: O7_9._replace(uplift=0),
    # ahead <= 0, slope < 0: no uplift, but learning
    guarantees.PAYS_ABOVE: O7_9._replace(uplift=0, learning=0.5),
}


@pytest.mark.parametrize("case", CASES)
def test_the_four_cases(case):
    terms = CASES[case]
    found = guarantees.break_even(terms)
    assert found.case == case
    pays = guarantees.guarantee(np.linspace(0.001, 1, 400), terms).pays
    if case == guarantees.PAYS_ALWAYS:
        assert found.failure == np.inf
        assert pays.all()
    elif case == guarantees.PAYS_NEVER:
        assert np.isnan(found.failure)
        assert not pays.any()
    else:
        assert 0 < found.failure < 1
        below = np.linspace(0.001, 1, 400) < found.failure
        assert (pays == (below if case == guarantees.PAYS_BELOW else ~below)).all()


def test_edges_between_the_cases():
    # A failure costs .5 more with the guarantee than without: slope between 0 and 1.
    gentle = guarantees.break_even(Terms(20, 0.5, 0, 1, 60, 0, 0.001))
    assert gentle.case == guarantees.PAYS_BELOW
    assert gentle.failure == pytest.approx(0.02 / (1.001 * 60.5 - 60))
    idle = Terms(20, 0, 0, 0, 60, 0, 0)
    for never in (idle, Terms(20, 0.5, 0, 10, 60, 0, 0)):
        found = guarantees.break_even(never)
        assert found.case == guarantees.PAYS_NEVER, "it is never better"
        assert np.isnan(found.failure)
    assert not guarantees.guarantee(0.1, idle).pays
    saves = guarantees.break_even(idle._replace(recovered=0.5))
    assert (saves.failure, saves.case) == (0, guarantees.PAYS_ABOVE)
    free = guarantees.break_even(idle._replace(uplift=0.1, recovered=1))
    assert (free.failure, free.case) == (np.inf, guarantees.PAYS_ALWAYS)
    flat = guarantees.break_even(Terms(5, 0, 0, 0, 0, 0, 0.1))
    assert (flat.failure, flat.case) == (np.inf, guarantees.PAYS_ALWAYS)
    together = guarantees.break_even(O7_9._replace(uplift=[0.08, 0]))
    assert together.case.tolist() == [guarantees.PAYS_BELOW, guarantees.PAYS_NEVER]


@given(all_terms)
def test_break_even_by_root_finding(terms):
    found = guarantees.break_even(terms)
    at_zero, at_one = advantage(0, terms), advantage(1, terms)
    if at_zero * at_one < -1e-9:
        root = brentq(lambda f: advantage(f, terms), 0, 1)
        assert found.failure == pytest.approx(root, rel=1e-6, abs=1e-9)
    elif abs(at_zero) > 1e-9 and abs(at_one) > 1e-9:
        assert not found.failure < 1
    # The line between the two ends decides the case.
    assume(abs(at_zero) > 1e-9 and abs(at_one - at_zero) > 1e-9)
    wanted = {
        (True, True): guarantees.PAYS_BELOW,
        (True, False): guarantees.PAYS_ALWAYS,
        (False, True): guarantees.PAYS_NEVER,
        (False, False): guarantees.PAYS_ABOVE,
    }[bool(at_zero > 0), bool(at_one < at_zero)]
    assert found.case == wanted


@given(all_terms, shares)
def test_directions(terms, failure):
    one = advantage(failure, terms)
    assert advantage(failure, terms._replace(payout=terms.payout + 10)) <= one + 1e-9
    assert advantage(failure, terms._replace(cheating=terms.cheating + 0.01)) <= one + 1e-9
    assert advantage(failure, terms._replace(learning=terms.learning + 0.1)) >= one - 1e-9
    found = guarantees.guarantee(failure, terms)
    assert found.payouts >= 0
    worse = guarantees.guarantee(min(failure + 0.1, 1), terms)
    assert worse.without <= found.without + 1e-9
    assert worse.with_guarantee <= found.with_guarantee + 1e-9


@given(all_terms, shares, st.floats(0.1, 10))
def test_money_may_have_any_unit(terms, failure, unit):
    names = ("margin", "payout", "future_loss")
    scaled = terms._replace(**{name: getattr(terms, name) * unit for name in names})
    assert advantage(failure, scaled) == pytest.approx(unit * advantage(failure, terms), abs=1e-6)
    found, wanted = guarantees.break_even(scaled).failure, guarantees.break_even(terms).failure
    if 1e-6 < wanted < 1:
        assert found == pytest.approx(wanted, rel=1e-4)


@given(all_terms, st.floats(0.01, 1))
def test_least_learning_is_just_enough(terms, failure):
    least = guarantees.least_learning(failure, terms)
    if np.isnan(least):
        assert advantage(failure, terms._replace(learning=1)) < 1e-9
        return
    assert 0 <= least <= 1
    assert advantage(failure, terms._replace(learning=least)) >= -1e-7
    if least > 1e-3:
        assert advantage(failure, terms._replace(learning=least - 1e-3)) <= 1e-9


def test_least_learning_edges():
    assert guarantees.least_learning(0.02, O7_9) == 0
    assert guarantees.least_learning(0.05, O7_9._replace(learning=0.9)) == pytest.approx(
        0.0678, abs=5e-5
    )
    harmless = Terms(20, 0, 0.1, 80, 0, 0, 0)
    assert np.isnan(guarantees.least_learning(0.5, harmless)), "cheating remains"
    assert guarantees.least_learning(0.5, harmless._replace(cheating=0)) == 0
    claimed = harmless._replace(cheating=0, invocation=0.5)
    assert guarantees.least_learning(0.5, claimed) == 1, "no failure is left to be claimed"
    assert guarantees.least_learning([0.02, 0.05], O7_9).tolist() == pytest.approx(
        [0, 0.06781], abs=5e-6
    )


def test_the_profit_is_the_mean_of_transactions():
    """Draw every transaction: failures, claims, cheats and returning customers."""
    rng = np.random.default_rng(79)
    n, terms = 400_000, O7_9._replace(learning=0.3)
    fails = rng.uniform(size=n) < 0.05
    claims = fails & (rng.uniform(size=n) < 0.6)
    left = fails & (rng.uniform(size=n) < 0.7)
    claims_left = claims & left
    cheats = rng.uniform(size=n) < 0.005
    without = 20 - 60.0 * fails
    saved = rng.uniform(size=n) < 0.42
    with_guarantee = 1.08 * (20 - 80.0 * claims_left - 80 * cheats - 60 * (left & ~saved))
    found = guarantees.guarantee(0.05, terms)
    assert found.without == pytest.approx(without.mean(), abs=0.1)
    assert found.with_guarantee == pytest.approx(with_guarantee.mean(), abs=0.12)
    assert found.payouts == pytest.approx((80 * (claims_left + 1.0 * cheats)).mean(), abs=0.1)


def test_tornado():
    table = guarantees.sensitivity(0.05, O7_9, change=0.2)
    assert set(table.index) == {"failure", *Terms._fields}
    assert table["swing"].is_monotonic_decreasing
    payout = table.loc["payout"]
    assert (payout["low"], payout["high"]) == pytest.approx((64, 96))
    for end in ("low", "high"):
        changed = O7_9._replace(payout=payout[end])
        assert payout[f"at_{end}"] == pytest.approx(advantage(0.05, changed))
        worse = table.loc["failure", end]
        assert table.loc["failure", f"at_{end}"] == pytest.approx(advantage(worse, O7_9))
    assert table.loc["failure", "high"] == pytest.approx(0.06)
    assert table.loc["learning", "swing"] == 0
    assert payout["swing"] == pytest.approx(payout["at_low"] - payout["at_high"])


def test_tornado_keeps_shares_possible():
    table = guarantees.sensitivity(0.9, O7_9._replace(recovered=0.95, learning=0.9))
    assert table.loc[["failure", "recovered", "learning"], "high"].tolist() == [1, 1, 1]
    assert table.loc["invocation", ["low", "high"]].tolist() == pytest.approx([0.45, 0.75])
    assert table.loc["margin", "high"] == 25


@given(
    st.floats(0.1, 20),
    st.floats(0.001, 0.2),
    st.floats(0.01, 0.5),
    st.floats(0.05, 1),
    st.floats(1, 500),
)
def test_the_good_firm_promises_what_the_bad_one_cannot(premium, good, more, claimed, payout):
    bad = good + more
    least, most = guarantees.separating_payouts(premium, good, bad, claimed)
    assert least < most
    promise_costs = {"good": good * claimed * payout, "bad": bad * claimed * payout}
    separates = promise_costs["good"] < premium < promise_costs["bad"]
    assert separates == (least < payout < most)


def test_shapes_broadcast():
    many = O7_9._replace(payout=np.array([[60.0], [80.0]]))
    found = guarantees.guarantee([0, 0.05, 0.1], many)
    assert {part.shape for part in found} == {(2, 3)}
    assert found.with_guarantee[1, 1] == pytest.approx(16.6968, abs=5e-5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"margin": np.nan}, "margin must"),
        ({"invocation": 1.1}, "invocation must be between 0 and 1; it is 1.1"),
        ({"cheating": -0.1}, "cheating must"),
        ({"payout": -1}, "payout must"),
        ({"future_loss": -1}, "future_loss must"),
        ({"recovered": 2}, "recovered must"),
        ({"uplift": -1.1}, "uplift must"),
        ({"learning": 1.1}, "learning must"),
    ],
)
def test_impossible_terms(change, message):
    terms = O7_9._replace(**change)
    for function in (guarantees.break_even, lambda terms: guarantees.guarantee(0.05, terms)):
        with pytest.raises(ValueError, match=message):
            function(terms)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: guarantees.least_learning(0, O7_9), "failure must be above 0"),
        (lambda: guarantees.separating_payouts(4, 0.12, 0.12, 0.6), "^failure_bad minus failure_g"),
        (lambda: guarantees.separating_payouts(4, 0.02, 0.12, 0), "invocation must be above 0"),
    ],
)
def test_impossible_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (guarantees.guarantee, {"terms": O7_9}, {"failure": ([-0.1, 1.1], [0, 1])}),
    (guarantees.least_learning, {"terms": O7_9}, {"failure": ([0, 1.1], [0.01, 1])}),
    (
        guarantees.sensitivity,
        {"failure": 0.1, "terms": O7_9},
        {
            "failure": ([-0.1, 1.1], [0, 1]),
            "change": ([0, 1], [0.01, 0.99]),
        },
    ),
    (
        guarantees.separating_payouts,
        {"premium": 4, "failure_good": 0.02, "failure_bad": 0.12, "invocation": 0.6},
        {
            "premium": ([0], [0.5]),
            "failure_good": ([0, 1.1], [0.01]),
            "failure_bad": ([0, 1.1], [0.03, 1]),
            "invocation": ([0, 1.1], [0.01, 1]),
        },
    ),
    (
        lambda **changes: guarantees.break_even(O7_9._replace(**changes)),
        {},
        {
            "margin": ([NAN, INF], [-1]),
            "invocation": ([-0.1, 1.1], [0, 1]),
            "cheating": ([-0.1, 1.1], [0, 1]),
            "payout": ([-0.1], [0, 0.5]),
            "future_loss": ([-0.1], [0, 0.5]),
            "recovered": ([-0.1, 1.1], [0, 1]),
            "uplift": ([-1.1], [-1, 5]),
            "learning": ([-0.1, 1.1], [0, 1]),
        },
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
