import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize

from servicequality.models import encounter_triad as triad

FAST_FOOD = (0.75, 0.10, 0.15)
SELF_SERVICE = (0.35, 0, 0.65)
PROFESSIONAL = (0.2, 0.6, 0.2)

positive = st.lists(st.floats(0.05, 1), min_size=3, max_size=3)


@st.composite
def control(draw):
    parts = np.array(draw(st.lists(st.floats(0, 1), min_size=3, max_size=3)))
    assume(parts.sum() > 0.01)
    return parts / parts.sum()


@pytest.mark.oracle("O4.4")
def test_o4_4_optimum():
    best = triad.best_shares()
    assert best == pytest.approx([0.4660, 0.1942, 0.3398], abs=5e-5)
    assert triad.joint_benefit(best) == pytest.approx(58.5062, abs=5e-5)


@pytest.mark.oracle("O4.4")
@pytest.mark.parametrize(
    ("shares", "balance", "joint"),
    [
        (FAST_FOOD, 0.6650, 53.1901),
        ((1 / 3, 1 / 3, 1 / 3), 1, 56.7914),
        (SELF_SERVICE, 0.5893, 0),
        (PROFESSIONAL, 0.8650, None),
    ],
)
def test_o4_4_encounters(shares, balance, joint):
    assert triad.balance_index(shares) == pytest.approx(balance, abs=5e-5)
    if joint is not None:
        assert triad.joint_benefit(shares) == pytest.approx(joint, abs=5e-5)


def test_d4_3_who_complains_first_in_fast_food():
    benefits = dict(zip(triad.PARTIES, triad.benefits(FAST_FOOD), strict=True))
    assert min(benefits, key=benefits.get) == "customer"
    assert benefits["organisation"] == pytest.approx(100 * 0.75**0.6)


@pytest.mark.parametrize(
    ("shares", "solved"),
    [
        ((0.46, 0.20, 0.34), True),
        ((0.49, 0.20, 0.31), True),
        ((0.50, 0.20, 0.30), False),
        (FAST_FOOD, False),
    ],
)
def test_d4_3_challenge(shares, solved):
    assert bool(min(shares) >= 0.2 and triad.joint_benefit(shares) >= 58.4) is solved


@given(control())
def test_balance_against_scipy(shares):
    balance = triad.balance_index(shares)
    assert balance == pytest.approx(stats.entropy(shares) / np.log(3), abs=1e-9)
    assert -1e-12 <= balance <= 1 + 1e-12
    assert triad.balance_index(shares[::-1]) == pytest.approx(balance)


def test_all_control_in_one_hand():
    assert triad.balance_index(np.eye(3)).tolist() == [0, 0, 0]
    assert triad.joint_benefit(np.eye(3)).tolist() == [0, 0, 0]
    assert triad.benefits([0, 0, 1]).tolist() == [0, 0, 100]


@given(positive, positive)
def test_optimum_against_scipy(exponents, importance):
    best = triad.best_shares(exponents, importance)
    assert best.sum() == pytest.approx(1)
    top = triad.joint_benefit(best, exponents, importance)

    def loss(free):
        shares = np.exp([*free, 0]) / np.exp([*free, 0]).sum()
        return -np.log(triad.joint_benefit(shares, exponents, importance))

    found = minimize(loss, [0, 0])
    assert -np.log(top) == pytest.approx(found.fun, abs=1e-6)


@given(control(), positive, positive)
def test_no_shares_beat_the_optimum(shares, exponents, importance):
    best = triad.best_shares(exponents, importance)
    joint = triad.joint_benefit(shares, exponents, importance)
    assert 0 <= joint <= triad.joint_benefit(best, exponents, importance) + 1e-9
    parts = triad.benefits(shares, exponents)
    assert ((parts >= 0) & (parts <= 100 + 1e-9)).all()
    assert parts.min() - 1e-9 <= joint <= parts.max() + 1e-9


@given(control(), positive, st.floats(0.1, 50))
def test_the_unit_of_importance_does_not_matter(shares, importance, unit):
    scaled = np.array(importance) * unit
    assert triad.joint_benefit(shares, importance=scaled) == pytest.approx(
        triad.joint_benefit(shares, importance=importance)
    )


def test_a_party_that_does_not_count_has_no_veto():
    machine = triad.joint_benefit(SELF_SERVICE, importance=(0.5, 0, 0.5))
    assert machine == pytest.approx(np.sqrt(100 * 0.35**0.6 * 100 * 0.65**0.5))
    assert triad.best_shares(importance=(0.5, 0, 0.5))[1] == 0


def test_map_covers_the_triangle():
    table = triad.joint_benefit_map(steps=20)
    assert len(table) == 21 * 22 / 2
    shares = table[list(triad.PARTIES)]
    assert not shares.duplicated().any()
    assert shares.sum(axis=1).to_numpy() == pytest.approx(np.ones(len(table)))
    assert table["joint"].to_numpy() == pytest.approx(triad.joint_benefit(shares))
    top = table.loc[table["joint"].idxmax(), list(triad.PARTIES)].to_numpy(dtype=float)
    assert np.abs(top - triad.best_shares()).max() <= 1 / 20
    assert triad.joint_benefit_map(steps=1)["joint"].tolist() == [0, 0, 0]
    steeper = triad.joint_benefit_map((1, 1, 1), (1, 1, 1), steps=3)
    assert steeper["joint"].max() == pytest.approx(100 / 3)


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ((0.5, 0.5, 0.5), "shares must sum to 1; they sum to 1.5"),
        ([(0.2, 0.3, 0.5), (0.2, 0.3, 0.4)], "shares must sum to 1; they sum to 0.9"),
        ((1.2, -0.1, -0.1), "shares must be .*at least 0; it is -0.1"),
        ((0.5, 0.5), r"shares must be three numbers.*organisation.*shape is \(2,\)"),
        (1, "shares must be three numbers"),
        ((0.5, 0.5, np.nan), "shares must be"),
    ],
)
@pytest.mark.parametrize("function", [triad.balance_index, triad.benefits, triad.joint_benefit])
def test_impossible_shares(function, shares, message):
    with pytest.raises(ValueError, match=message):
        function(shares)


def test_shares_from_sliders_may_miss_1_by_rounding():
    assert triad.balance_index([0.46, 0.2, 0.34]) == pytest.approx(0.9516, abs=5e-4)


def test_impossible_parameters():
    with pytest.raises(ValueError, match=r"exponents must be .*above 0"):
        triad.benefits(FAST_FOOD, (0.6, 0, 0.5))
    with pytest.raises(ValueError, match=r"exponents must be .*at most 1; it is 1.4"):
        triad.best_shares((0.6, 0.4, 1.4))
    with pytest.raises(ValueError, match=r"exponents must be three numbers"):
        triad.benefits(FAST_FOOD, (0.6, 0.4))
    with pytest.raises(ValueError, match=r"importance must be .*it is -1"):
        triad.joint_benefit(FAST_FOOD, importance=(1, -1, 1))
    with pytest.raises(ValueError, match="sum to zero"):
        triad.best_shares(importance=(0, 0, 0))
    with pytest.raises(ValueError, match=r"steps must be a whole number.*200; it is 500"):
        triad.joint_benefit_map(steps=500)


def test_the_map_has_each_share_in_steps():
    table = triad.joint_benefit_map()
    assert len(table) == 41 * 42 / 2
    assert (table[list(triad.PARTIES)].sum(axis=1) - 1).abs().max() < 1e-12
    assert table[list(triad.PARTIES)].max().tolist() == [1, 1, 1]


def test_the_map_uses_the_importance_given():
    table = triad.joint_benefit_map(importance=(1, 0, 0), steps=2)
    assert table["joint"].to_numpy() == pytest.approx(
        triad.benefits(table[list(triad.PARTIES)].to_numpy())[:, 0]
    )


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (triad.joint_benefit_map, {}, {"steps": ([0, 1.5, 201], [1, 200])}),
    (triad.best_shares, {}, {"importance": ([(-0.1, 0.5, 0.5)], [(0, 1, 1)])}),
    (
        triad.joint_benefit,
        {"shares": (0.2, 0.3, 0.5)},
        {
            "exponents": ([(0, 0.5, 0.5), (1.1, 0.5, 0.5), (NAN, 1, 1)], [(0.1, 1, 1)]),
            "importance": ([(-0.1, 0.5, 0.5), (NAN, 1, 1)], [(0, 1, 1)]),
        },
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
