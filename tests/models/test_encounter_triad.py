import numpy as np
import pandas as pd
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


def test_contours_are_where_the_joint_benefit_is_that_part_of_the_largest():
    table = triad.joint_benefit_contours([0.5, 0.95], points=90)
    assert table["level"].tolist() == [0.5] * 90 + [0.95] * 90
    shares = table[list(triad.PARTIES)].to_numpy()
    assert shares.min() > 0
    assert shares.sum(axis=1) == pytest.approx(np.ones(180))
    top = triad.joint_benefit(triad.best_shares())
    assert triad.joint_benefit(shares) == pytest.approx(table["level"].to_numpy() * top)


def test_a_single_level_may_be_a_number():
    expected = triad.joint_benefit_contours([0.5], points=12)
    pd.testing.assert_frame_equal(triad.joint_benefit_contours(0.5, points=12), expected)


def test_a_contour_is_a_walk_around_the_best_shares():
    table = triad.joint_benefit_contours([0.9])
    assert len(table) == 120
    way = table[list(triad.PARTIES)].to_numpy() - triad.best_shares()
    angle = np.arctan2((way[:, 1] - way[:, 2]) / np.sqrt(3), way[:, 0])
    assert np.diff(np.unwrap(angle)) == pytest.approx(np.full(119, 2 * np.pi / 120))


def test_contours_use_the_exponents_and_the_importance_given():
    given = {"exponents": (1, 0.3, 0.7), "importance": (1, 2, 4)}
    shares = triad.joint_benefit_contours([0.8], **given)[list(triad.PARTIES)]
    top = triad.joint_benefit(triad.best_shares(**given), **given)
    assert triad.joint_benefit(shares, **given) == pytest.approx(np.full(120, 0.8 * top))


def test_a_contour_follows_the_side_of_a_party_that_does_not_count():
    table = triad.joint_benefit_contours([0.5], importance=(0.5, 0, 0.5), points=12)
    assert (table[list(triad.PARTIES)] >= 0).all(axis=None)
    assert (table["employee"] == 0).sum() >= 5


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
    with pytest.raises(ValueError, match=r"points must be a whole number.*1000; it is 5000"):
        triad.joint_benefit_contours([0.5], points=5000)


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        triad.joint_benefit_contours,
        {"levels": [0.5]},
        {"levels": ([[0], [1], [NAN]], [[0.01, 0.99]]), "points": ([2, 3.5, 1001], [3, 1000])},
    ),
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
