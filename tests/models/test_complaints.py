import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicequality.models import complaints

FIRM = {
    "customers": 10_000,
    "failure_rate": 0.12,
    "complaint_rate": 0.4,
    "fast": 0.5,
    "slow": 0.2,
    "value": 300,
}

TARP = {
    "under 5 US dollars": {"silent": 0.37, "unresolved": 0.46, "slow": 0.70, "fast": 0.95},
    "over 100 US dollars": {"silent": 0.09, "unresolved": 0.19, "slow": 0.54, "fast": 0.82},
}
"""Shares of customers with a problem who said that they would buy again, as TARP is quoted."""

shares = st.floats(0, 1)


@st.composite
def firms(draw):
    fast = draw(shares)
    return {
        "customers": draw(st.integers(1, 10**6)),
        "failure_rate": draw(shares),
        "complaint_rate": draw(shares),
        "fast": fast,
        "slow": draw(st.floats(0, 1 - fast)),
        "value": draw(st.floats(0, 1000)),
    }


def lost(**changes):
    return complaints.iceberg(**{**FIRM, **changes}).lost_customers


@pytest.mark.oracle("O7.1")
def test_o7_1_funnel():
    found = complaints.iceberg(**FIRM)
    assert found.problems == pytest.approx(1200)
    assert found.complaints == pytest.approx(480)
    assert found.customers == pytest.approx(
        {"silent": 720, "fast": 240, "slow": 96, "unresolved": 144}
    )
    assert found.lost == pytest.approx(
        {"silent": 252, "fast": 19.2, "slow": 24, "unresolved": 79.2}
    )
    assert found.lost_customers == pytest.approx(374.40, abs=5e-3)
    assert found.lost_value == pytest.approx(112_320)


@pytest.mark.oracle("O7.1")
@pytest.mark.parametrize(
    ("changes", "expected", "saved"),
    [
        ({"complaint_rate": 0.6}, 351.60, 22.8),
        ({"fast": 0.7}, 329.28, 45.1),
        ({"complaint_rate": 0.6, "fast": 0.7}, 283.92, 90.5),
        ({"failure_rate": 0.06}, 187.20, 187.2),
    ],
)
def test_o7_1_levers(changes, expected, saved):
    assert lost(**changes) == pytest.approx(expected, abs=5e-3)
    assert lost() - lost(**changes) == pytest.approx(saved, abs=0.05)


@pytest.mark.oracle("O7.1")
def test_o7_1_hidden_problems():
    fewest, most = complaints.failures_from_complaints(48, 0.04, 0.69)
    assert most == pytest.approx(1200)
    assert most / 48 == pytest.approx(25)
    assert fewest / 48 == pytest.approx(1.449, abs=5e-4)


def test_d7_1_challenge():
    found = complaints.iceberg(**{**FIRM, "failure_rate": 0.06, "complaint_rate": 0.6, "fast": 0.7})
    assert found.lost_value == pytest.approx(42_588)
    assert 300 * lost(failure_rate=0.06) > 45_000


def test_which_silence_hurts_depends_on_the_rates():
    """Here an unsolved complaint does more harm than silence; in TARP's figures it does less."""
    unsolved = {**FIRM, "fast": 0, "slow": 0}
    silent, vocal = (
        complaints.iceberg(**{**unsolved, "complaint_rate": c}).lost_customers for c in (0, 1)
    )
    assert vocal > silent
    for rates in TARP.values():
        repurchase = complaints.Repurchase(no_problem=0.95, **rates)
        silent, vocal = (
            complaints.iceberg(**{**unsolved, "complaint_rate": c}, repurchase=repurchase)
            for c in (0, 1)
        )
        assert vocal.lost_customers < silent.lost_customers
        assert silent.lost["silent"] == pytest.approx(1200 * (0.95 - rates["silent"]))


@given(firms())
def test_nobody_gets_lost_in_the_count(firm):
    found = complaints.iceberg(**firm)
    assert sum(found.customers.values()) == pytest.approx(found.problems)
    assert found.complaints + found.customers["silent"] == pytest.approx(found.problems)
    assert min(found.customers.values()) >= 0
    assert sum(found.lost.values()) == pytest.approx(found.lost_customers)
    assert 0 <= found.lost_customers <= 0.55 * found.problems + 1e-9
    assert found.lost_value == pytest.approx(firm["value"] * found.lost_customers)


@given(firms(), st.floats(0, 1))
def test_fewer_failures_lose_fewer_customers_in_proportion(firm, factor):
    one = complaints.iceberg(**firm)
    less = complaints.iceberg(**{**firm, "failure_rate": firm["failure_rate"] * factor})
    assert less.lost_customers == pytest.approx(one.lost_customers * factor, abs=1e-9)


def test_arrays_give_what_scalars_give():
    rates = [0, 0.25, 1]
    together = complaints.iceberg(**{**FIRM, "complaint_rate": rates})
    for i, rate in enumerate(rates):
        alone = complaints.iceberg(**{**FIRM, "complaint_rate": rate})
        assert together.lost_customers[i] == pytest.approx(alone.lost_customers)
        for group in complaints.GROUPS:
            assert together.customers[group][i] == pytest.approx(alone.customers[group])
    by_value = complaints.iceberg(**{**FIRM, "value": [100, 300]})
    assert by_value.lost_value.tolist() == pytest.approx([37_440, 112_320])


def test_nobody_complains():
    found = complaints.iceberg(**{**FIRM, "complaint_rate": 0})
    assert found.complaints == 0
    assert found.customers["silent"] == found.problems


@given(st.floats(0, 1000), st.floats(0.01, 1), st.floats(0, 1))
def test_the_range_of_problems_gives_back_the_complaints(counted, low, share):
    high = low + share * (1 - low)
    fewest, most = complaints.failures_from_complaints(counted, low, high)
    assert counted - 1e-9 <= fewest <= most
    assert fewest * high == pytest.approx(counted)
    assert most * low == pytest.approx(counted)


@pytest.mark.oracle("O7.2")
@pytest.mark.parametrize(
    ("cost", "success", "expected"), [(2, 0.5, 0.36788), (1, 0.5, 0.60653), (2, 0.8, 0.53526)]
)
def test_o7_2(cost, success, expected):
    found = complaints.complaint_probability(cost, success, 4)
    assert found == pytest.approx(expected, abs=5e-6)


@pytest.mark.oracle("O7.2")
def test_o7_2_without_a_chance_nobody_complains():
    nearly = complaints.complaint_probability(2, [1e-1, 1e-2, 1e-3], 4)
    assert nearly[0] > nearly[1] > nearly[2]
    assert nearly[2] < 1e-200
    assert complaints.complaint_probability([2, 0], 0, 4).tolist() == [0, 0]
    assert complaints.complaint_probability(0, 0.5, 4) == 1


def test_voice_by_simulation():
    severity = np.random.default_rng(72).exponential(4, 400_000)
    for cost, success in ((2, 0.5), (1, 0.3)):
        assert complaints.complaint_probability(cost, success, 4) == pytest.approx(
            (success * severity > cost).mean(), abs=0.003
        )


@given(st.floats(0.1, 10), st.floats(0.05, 0.9), st.floats(0.1, 10), st.floats(0.1, 10))
def test_voice_rises_with_chance_and_falls_with_cost(cost, success, severity, unit):
    one = complaints.complaint_probability(cost, success, severity)
    assert 0 <= one <= 1
    assert complaints.complaint_probability(cost + 0.1, success, severity) <= one
    assert complaints.complaint_probability(cost, success + 0.1, severity) >= one
    assert complaints.complaint_probability(cost, success, severity + 0.1) >= one
    scaled = complaints.complaint_probability(cost * unit, success, severity * unit)
    assert scaled == pytest.approx(one)


@pytest.mark.oracle("O7.3")
def test_o7_3_pareto():
    causes = {"late": 54, "wrong bill": 96, "rude": 8, "lost": 30, "dirty": 12}
    found = complaints.pareto(causes)
    assert list(found.index) == ["wrong bill", "late", "lost", "dirty", "rude"]
    assert found["count"].tolist() == [96, 54, 30, 12, 8]
    assert found["cumulative"].tolist() == pytest.approx([0.48, 0.75, 0.90, 0.96, 1])


@given(st.lists(st.integers(0, 500), min_size=1, max_size=12).filter(any))
def test_pareto_shares(counts):
    found = complaints.pareto(pd.Series(counts))
    assert sorted(found["count"], reverse=True) == found["count"].tolist()
    assert found["share"].sum() == pytest.approx(1)
    assert found["cumulative"].iloc[-1] == pytest.approx(1)
    assert (found["cumulative"].diff().dropna() >= -1e-12).all()
    assert (found["cumulative"] >= found["share"] - 1e-12).all()


def test_equal_causes_keep_their_order():
    assert list(complaints.pareto({"b": 2, "a": 2, "c": 5}).index) == ["c", "b", "a"]
    assert complaints.pareto({"a": 0})["share"].isna().all()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"customers": -1}, "customers must"),
        ({"failure_rate": 1.2}, "failure_rate must be between 0 and 1; it is 1.2"),
        ({"complaint_rate": -0.1}, "complaint_rate must"),
        ({"fast": 1.1}, "fast must"),
        ({"slow": -0.1}, "slow must"),
        ({"fast": 0.7, "slow": 0.4}, "fast and slow together must"),
        ({"value": np.nan}, "value must"),
        ({"repurchase": complaints.Repurchase(silent=1.5)}, r"repurchase\.silent must"),
    ],
)
def test_impossible_firms(changes, message):
    with pytest.raises(ValueError, match=message):
        lost(**changes)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: complaints.failures_from_complaints(1, 0, 0.2), "lowest_rate must be above 0"),
        (lambda: complaints.failures_from_complaints(1, 0.3, 0.2), "^highest_rate minus lowest"),
        (lambda: complaints.pareto({"a": 1, "b": -1}), r"counts must .*it is -1 \(row b\)"),
    ],
)
def test_impossible_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("name", ["customers", "failure_rate", "complaint_rate", "fast", "slow"])
def test_each_argument_may_be_an_array(name):
    found = complaints.iceberg(**{**FIRM, name: np.full(2, FIRM[name])})
    assert [many.shape for many in found.customers.values()] == [(2,)] * 4
    one = complaints.iceberg(**FIRM)
    assert found.lost_customers == pytest.approx([one.lost_customers] * 2)


def test_many_equal_causes_keep_their_order():
    causes = {f"cause {i}": i % 3 for i in range(100)}
    expected = [f"cause {i}" for count in (2, 1, 0) for i in range(100) if i % 3 == count]
    assert list(complaints.pareto(causes).index) == expected


@pytest.mark.parametrize("rate", [-0.1, 1.1])
@pytest.mark.parametrize("name", complaints.Repurchase._fields)
def test_impossible_repurchase(name, rate):
    rates = complaints.REPURCHASE._replace(**{name: rate})
    with pytest.raises(ValueError, match=f"^repurchase.{name} must be between 0 and 1; it is"):
        complaints.iceberg(**FIRM, repurchase=rates)


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        complaints.iceberg,
        FIRM,
        {
            "customers": ([-0.1], [0, 0.5]),
            "failure_rate": ([-0.1, 1.1], [0, 1]),
            "complaint_rate": ([-0.1, 1.1], [0, 1]),
            "fast": ([-0.1, 1.1], [0, 0.8]),
            "slow": ([-0.1, 1.1], [0, 0.5]),
            "value": ([-0.1, NAN], [0, 0.5]),
        },
    ),
    (
        complaints.failures_from_complaints,
        {"complaints": 1, "lowest_rate": 0.1, "highest_rate": 0.2},
        {
            "complaints": ([-0.1], [0, 0.5]),
            "lowest_rate": ([0, 1.1], [0.01, 0.2]),
            "highest_rate": ([0, 1.1], [0.1, 1]),
        },
    ),
    (
        complaints.complaint_probability,
        {"cost": 1, "success": 0.5, "mean_severity": 4},
        {
            "cost": ([-0.1], [0, 0.5]),
            "success": ([-0.1, 1.1], [0, 1]),
            "mean_severity": ([0], [0.5]),
        },
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
