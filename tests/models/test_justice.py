from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicequality.models import justice

levels = st.floats(1, 7)
costs = st.tuples(*[st.floats(0, 20)] * 3)


@pytest.mark.oracle("O7.5")
@pytest.mark.parametrize(
    ("outcome", "process", "treatment", "expected"),
    [
        (4, 4, 4, 4.0),
        (6, 3, 5, 5.000),
        (6, 3, 1, 3.400),
        (3, 6, 6, 4.500),
        (7, 7, 7, 7),
    ],
)
def test_o7_5(outcome, process, treatment, expected):
    assert justice.satisfaction(outcome, process, treatment) == pytest.approx(expected, abs=5e-4)


@pytest.mark.oracle("O7.5")
def test_o7_5_cheapest_mix():
    continuous = justice.cheapest_mix(5, (10, 3, 2))
    assert continuous == pytest.approx((3.0909, 7, 7, 50.909), abs=5e-4)
    assert justice.satisfaction(*continuous[:3]) == pytest.approx(5)
    assert justice.cheapest_mix(5, (10, 3, 2), whole=True) == (4, 5, 7, 54)


def test_q7_4_a_refund_thrown_on_the_counter():
    thrown = justice.recover(["full refund", "rude tone"])
    assert thrown[:3] == (6, 3, 1)
    assert thrown.satisfaction == pytest.approx(3.4)
    assert thrown.weakest == ("interactional",)
    assert thrown.cost == 40


FREE = ["choice of remedy", "explanation", "apology"]


def test_d7_2_challenge():
    solved = justice.recover(["voucher", "fast fix", "follow-up call", *FREE])
    assert solved.satisfaction == pytest.approx(5.5)
    assert solved.cost == 10
    assert solved[:3] == (4, 7, 7), "the scale ends at seven"
    assert justice.recover(["voucher", "fast fix", *FREE]).satisfaction < 5.5
    assert justice.recover(FREE).cost == 0


def test_d7_2_no_cheaper_hand_solves_it():
    polite = [name for name in justice.ACTIONS if name != "rude tone"]
    hands = [
        [name for name, play in zip(polite, plays, strict=True) if play]
        for plays in product([False, True], repeat=len(polite))
    ]
    played = [justice.recover(hand) for hand in hands]
    assert min(one.cost for one in played if one.satisfaction >= 5.5 - 1e-9) == 10


@pytest.mark.parametrize(
    ("action", "effect"),
    [
        ("full refund", (3, 0, 0, 40)),
        ("half refund", (2, 0, 0, 20)),
        ("voucher", (1, 0, 0, 5)),
        ("fast fix", (0, 2, 0, 4)),
        ("choice of remedy", (0, 1.5, 0.5, 0)),
        ("explanation", (0, 0.5, 1, 0)),
        ("apology", (0, 0, 2, 0)),
        ("follow-up call", (0, 0, 1, 1)),
        ("rude tone", (0, 0, -2, 0)),
    ],
)
def test_each_card_alone(action, effect):
    played = justice.recover([action], start=3)
    assert (*np.subtract(played[:3], 3), played.cost) == effect


def test_money_makes_up_for_money():
    by_loss = {loss: justice.recover(["full refund"], loss) for loss in justice.LOSSES}
    assert by_loss["money"].distributive == 6
    assert by_loss["time"].distributive == pytest.approx(4.5)
    assert by_loss["face"].distributive == pytest.approx(3.75)
    assert {one.cost for one in by_loss.values()} == {40}
    apologies = {justice.recover(["apology"], loss).interactional for loss in justice.LOSSES}
    assert apologies == {5}


def test_each_action_counts_once_in_any_order():
    hand = ["apology", "voucher", "explanation"]
    assert justice.recover(hand) == justice.recover([*hand[::-1], "apology"])
    nothing = justice.recover([])
    assert nothing[:3] == (3, 3, 3)
    assert nothing.cost == 0
    assert nothing.weakest == justice.KINDS
    assert justice.recover(["rude tone"], start=1).interactional == 1


@given(levels, levels, levels, st.floats(0, 6))
def test_more_justice_never_hurts(d, p, i, more):
    one = justice.satisfaction(d, p, i)
    assert 1 <= one <= 7
    assert justice.satisfaction(min(d + more, 7), p, i) >= one - 1e-12
    assert justice.satisfaction(d, min(p + more, 7), i) >= one - 1e-12
    assert justice.satisfaction(d, p, min(i + more, 7)) >= one - 1e-12


def test_manners_make_a_refund_worth_more():
    kind, rude = (justice.satisfaction([3, 6], 4, i) for i in (6, 1))
    assert np.diff(kind)[0] > np.diff(rude)[0] > 0


AXIS = np.linspace(1, 7, 49)
GRID = np.stack(np.meshgrid(AXIS, AXIS, AXIS, indexing="ij"), axis=-1)


@settings(max_examples=40)
@given(st.floats(1, 7), costs, st.tuples(*[st.integers(0, 48)] * 3))
def test_no_point_of_a_fine_grid_is_cheaper(target, unit_costs, corner):
    start = tuple(AXIS[list(corner)])
    mix = justice.cheapest_mix(target, unit_costs, start)
    found = np.array(mix[:3])
    assert (found >= np.array(start) - 1e-9).all()
    assert (found <= 7).all()
    assert justice.satisfaction(*found) >= target - 1e-6
    assert mix.cost == pytest.approx((found - start) @ unit_costs, abs=1e-9)
    i, j, k = corner
    above = GRID[i:, j:, k:]
    d, p, t = np.moveaxis(above, -1, 0)
    reached = 0.4 + 0.4 * d + 0.2 * p + 0.3 * t + 0.05 * (d - 4) * (t - 4) >= target
    assert mix.cost <= ((above - start) @ unit_costs)[reached].min() + 1e-6


@settings(max_examples=30)
@given(st.floats(1, 7), costs)
def test_whole_points_cost_at_least_as_much(target, unit_costs):
    whole = justice.cheapest_mix(target, unit_costs, whole=True)
    assert all(level == round(level) for level in whole[:3])
    assert whole.cost >= justice.cheapest_mix(target, unit_costs).cost - 1e-6
    points = np.array(list(product(range(1, 8), repeat=3)))
    reached = justice.satisfaction(*points.T) >= target - 1e-9
    assert whole.cost == pytest.approx(((points[reached] - 1) @ unit_costs).min(), abs=1e-6)


def test_process_alone_or_the_tangent():
    # Only the process is cheap; then it rises alone.
    assert justice.cheapest_mix(4.2, (10, 1, 10), (4, 4, 4)) == pytest.approx((4, 5, 4, 1))
    # Outcome and treatment equally dear: (D + 2) = (I + 4) = sqrt((5 - .8 - 1.4) / .05).
    tangent = justice.cheapest_mix(5, (1, 0, 1))
    side = np.sqrt(2.8 / 0.05)
    assert tangent == pytest.approx((side - 2, 7, side - 4, 2 * side - 8))


def test_nothing_to_do():
    assert justice.cheapest_mix(4, (10, 3, 2), (5, 5, 5)) == (5, 5, 5, 0)
    assert justice.cheapest_mix(7, (1, 1, 1), (7, 7, 7)).cost == 0


def test_a_level_between_whole_points_may_stay():
    mix = justice.cheapest_mix(5, (10, 3, 2), (3.5, 3.5, 3.5), whole=True)
    assert mix == (3.5, 6, 7, pytest.approx(14.5))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: justice.satisfaction(0.9, 4, 4), "distributive must be between 1 and 7"),
        (lambda: justice.recover(["bribe"]), "actions must be one of full refund.*it is 'bribe'"),
        (lambda: justice.recover([], loss="health"), "loss must be one of money, time, face"),
    ],
)
def test_impossible_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("action", justice.ACTIONS)
def test_only_the_lowest_kind_is_weakest(action):
    found = justice.recover([action])
    levels = dict(zip(justice.KINDS, found[:3], strict=True))
    assert found.weakest == tuple(k for k, level in levels.items() if level == min(found[:3]))


def test_the_cheapest_mix_balances_money_and_manners():
    """With speed nearly free, (D + 2)(I + 4) = 56, and costs are in balance on that curve."""
    mix = justice.cheapest_mix(5, (10, 0.1, 8))
    assert mix[:3] == pytest.approx((np.sqrt(56 * 0.8) - 2, 7, np.sqrt(56 / 0.8) - 4))


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        justice.satisfaction,
        dict.fromkeys(justice.KINDS, 4),
        {
            "distributive": ([0.9, 7.1], [1, 7]),
            "procedural": ([0.9, 7.1], [1, 7]),
            "interactional": ([0.9, NAN], [1, 7]),
        },
    ),
    (justice.recover, {"actions": []}, {"start": ([0.9, 7.1], [1, 7])}),
    (
        justice.cheapest_mix,
        {"target": 5, "unit_costs": (1, 1, 1)},
        {
            "target": ([0.9, 7.1], [1, 7]),
            "unit_costs": ([(1, -0.1, 1), (1, 1, INF)], [(0, 0, 0), (0.5, 0.5, 0.5)]),
            "start": ([(0.9, 1, 1), (1, 1, 7.1)], [(1, 1, 1), (7, 7, 7)]),
        },
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
