import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicequality.models import loyalty as model

SHARES = [5, 10, 15, 50, 20]
levels = st.floats(1, 5)
units = st.floats(0, 1)
share_lists = st.lists(st.floats(0, 100), min_size=5, max_size=5).filter(lambda s: sum(s) > 1)


@pytest.mark.oracle("O6.7")
@pytest.mark.parametrize(
    ("competitiveness", "expected"),
    [(0.1, [75.600, 79.225, 83.992, 95.208]), (0.9, [8.404, 9.023, 19.928, 88.872])],
)
def test_o6_7(competitiveness, expected):
    found = model.loyalty([2, 3, 4, 5], competitiveness)
    assert found.tolist() == pytest.approx(expected, abs=5e-4)


@pytest.mark.oracle("O6.7")
def test_o6_7_from_four_to_five():
    calm, fierce = (model.loyalty([4, 5], c) for c in (0.1, 0.9))
    assert calm[1] / calm[0] == pytest.approx(1.13, abs=5e-3)
    assert fierce[1] / fierce[0] == pytest.approx(4.46, abs=5e-3)


def test_d6_2_challenge():
    """Five points more: 7.3 % from 4 to 5 in a fierce market, 44.6 % in a calm one."""
    fierce, calm = (model.moves(SHARES, c) for c in (0.9, 0.1))
    assert fierce.start.tolist() == [1, 2, 3, 4]
    assert fierce.needed[3] == pytest.approx(0.073, abs=5e-4)
    assert fierce.needed.argmin() == 3
    assert calm.needed[3] == pytest.approx(0.446, abs=5e-4)
    assert fierce.possible.tolist() == [False, False, False, True]
    assert calm.possible.tolist() == [False, False, False, True]
    assert not model.moves([5, 10, 15, 10, 60], 0.1).possible.any()


def test_a_move_does_what_it_promises():
    moved = model.moves(SHARES, 0.9, points=3)
    after = np.array(SHARES) / 100
    after[[3, 4]] += [-moved.needed[3], moved.needed[3]]
    assert model.retention(after, 0.9) == pytest.approx(model.retention(SHARES, 0.9) + 3)
    assert moved.gain == pytest.approx(np.diff(model.loyalty([1, 2, 3, 4, 5], 0.9)))


@pytest.mark.parametrize("start", [1, 2, 3, 4])
def test_a_lift_moves_customers_up_by_one_level(start):
    after = model.lift(SHARES, start, 0.05)
    change = 100 * after - SHARES
    expected = np.zeros(5)
    expected[start - 1 : start + 1] = -5, 5
    assert change == pytest.approx(expected)
    found = model.retention(after, 0.9) - model.retention(SHARES, 0.9)
    assert found == pytest.approx(0.05 * model.moves(SHARES, 0.9).gain[start - 1])


def test_a_lift_leaves_its_input_alone_and_can_empty_a_level():
    shares = np.array([0.1, 0.2, 0.3, 0.3, 0.1])
    assert model.lift(shares, 3, 0.3).tolist() == pytest.approx([0.1, 0.2, 0, 0.6, 0.1])
    assert shares[2] == 0.3
    assert model.lift([3, 3, 3, 3, 3], 2, 0.2)[1] == 0
    assert model.lift([3, 3, 3, 3, 3], 2, 0.2 + 5e-13)[1] == 0
    with pytest.raises(ValueError, match="share"):
        model.lift([3, 3, 3, 3, 3], 2, 0.2 + 5e-12)


@pytest.mark.parametrize(("start", "share"), [(0, 0.1), (5, 0.1), (4, -0.1), (4, 0.51), (1.5, 0)])
def test_an_impossible_lift_is_refused(start, share):
    with pytest.raises(ValueError, match=r"^(start|share) must"):
        model.lift(SHARES, start, share)


def test_exactly_enough_customers_make_a_move_possible():
    needed = model.moves(SHARES, 0.9).needed[3]
    assert model.moves([0, 0, 0, needed, 1 - needed], 0.9).possible[3]
    assert not model.moves([0, 0, 0, needed - 0.001, 1.001 - needed], 0.9).possible[3]


def test_k6_2_captives_leave_when_a_rival_enters():
    captives = [10, 20, 40, 25, 5]
    assert model.retention(captives, 0) > 85
    assert model.retention(captives, 0.9) < 25
    assert model.retention(captives, 0.9, switching_cost=1) == model.retention(captives, 0)
    assert model.retention(captives, 0.9, inertia=1) == pytest.approx(100)


@given(levels, units, units, units)
def test_bounds_and_directions(satisfaction, competitiveness, inertia, cost):
    one = model.loyalty(satisfaction, competitiveness, inertia, cost)
    assert 0 <= one <= 100
    better = min(satisfaction + 0.2, 5)
    assert model.loyalty(better, competitiveness, inertia, cost) >= one - 1e-9
    fiercer = min(competitiveness + 0.2, 1)
    assert model.loyalty(satisfaction, fiercer, inertia, cost) <= one + 1e-9
    assert model.loyalty(satisfaction, competitiveness, min(inertia + 0.2, 1), cost) >= one - 1e-9
    assert model.loyalty(satisfaction, competitiveness, inertia, min(cost + 0.2, 1)) >= one - 1e-9


@given(levels, units, units)
def test_switching_cost_is_less_competition(satisfaction, competitiveness, cost):
    assert model.loyalty(satisfaction, competitiveness, 0, cost) == pytest.approx(
        model.loyalty(satisfaction, competitiveness * (1 - cost))
    )


@given(share_lists, units, st.floats(0.1, 10))
def test_retention_is_a_mean(shares, competitiveness, unit):
    one = model.retention(shares, competitiveness)
    assert one == pytest.approx(model.retention(np.multiply(shares, unit), competitiveness))
    ends = model.loyalty([1, 5], competitiveness)
    assert ends[0] - 1e-9 <= one <= ends[1] + 1e-9


def test_nobody_is_gained_where_nobody_can_leave():
    everyone_stays = model.moves(SHARES, 0.5, inertia=1)
    assert np.isinf(everyone_stays.needed).all()
    assert not everyone_stays.possible.any()


def test_markets_are_ordered():
    kept = [model.retention(SHARES, c) for c in model.MARKETS.values()]
    assert kept == sorted(kept, reverse=True)
    assert list(model.MARKETS) == [
        "telephone monopoly", "hub airline", "hospital", "personal computer", "car",
    ]  # fmt: skip


def test_q6_6_and_the_loyalty_matrix():
    place = model.loyalty_type([6, 5, 4.9, 1], [9, 1, 4, 3.9], attitude_cut=5, patronage_cut=4)
    assert place.tolist() == ["true", "latent", "spurious", "none"]
    assert model.loyalty_type(1, 9, 5, 4) == "spurious"
    assert model.loyalty_type([np.nan, 6], [9, np.nan], 5, 4).tolist() == ["", ""]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: model.loyalty(0.9, 0.5), "satisfaction must be between 1 and 5; it is 0.9"),
        (lambda: model.retention([1, 2, 3, 4], 0.5), "number of shares must .*5; it is 4"),
        (lambda: model.retention([1] * 6, 0.5), "number of shares must"),
        (lambda: model.retention([0] * 5, 0.5), "sum to zero"),
        (lambda: model.moves(SHARES, 0.5, points=0), "points must be .*above 0"),
    ],
)
def test_impossible_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_moves_follow_the_curve_under_every_brake():
    market = {"competitiveness": 0.99, "inertia": 0.05, "switching_cost": 0.1}
    found = model.moves(SHARES, **market, points=0.05)
    assert found.gain == pytest.approx(np.diff(model.loyalty(np.arange(1, 6), **market)))
    assert (found.gain < 1).any()
    assert found.needed == pytest.approx(0.05 / found.gain)


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        model.loyalty,
        {"satisfaction": 3, "competitiveness": 0.5},
        {
            "satisfaction": ([0.9, 5.1], [1, 5]),
            "competitiveness": ([-0.1, 1.1], [0, 1]),
            "inertia": ([-0.1, 1.1], [0, 1]),
            "switching_cost": ([-0.1, 1.1], [0, 1]),
        },
    ),
    (
        model.retention,
        {"competitiveness": 0.5},
        {
            "shares": ([[1, 1, 1, 1, -0.1], [1, 1, 1, 1, NAN]], [[0, 0, 0, 0, 0.5]]),
        },
    ),
    (model.moves, {"shares": SHARES, "competitiveness": 0.5}, {"points": ([0], [0.5])}),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
