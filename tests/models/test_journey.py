import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from servicequality.models.journey import (
    flawless_share,
    journey_scores,
    peak,
    position_weights,
    success_needed,
)

BAD_FIRST, BAD_MIDDLE, BAD_LAST = (3, 8, 9, 8, 9), (8, 9, 3, 8, 9), (8, 9, 8, 9, 3)

journeys = st.lists(st.integers(0, 100).map(lambda tenths: tenths / 10), min_size=1, max_size=12)
deltas = st.floats(0.01, 2)
lams = st.floats(1, 5)


@pytest.mark.oracle("O1.3a")
def test_o1_3a():
    scores = journey_scores(BAD_MIDDLE)
    assert scores._asdict() == pytest.approx(
        {"mean": 7.4, "minimum": 3, "geometric": 6.8922, "early": 7.4079, "peak_end": 6.0},
        abs=5e-5,
    )
    assert journey_scores(BAD_MIDDLE, lam=1).peak_end == 9


@pytest.mark.oracle("O1.3b")
def test_o1_3b():
    scores = journey_scores([BAD_FIRST, BAD_LAST])
    assert scores.early == pytest.approx([6.8248, 7.7811], abs=5e-5)
    assert scores.peak_end == pytest.approx([6, 3])
    late = journey_scores([BAD_FIRST, BAD_LAST], delta=1.25).early
    assert late == pytest.approx([7.8786, 6.9029], abs=5e-5)


@pytest.mark.oracle("O1.3c")
def test_o1_3c():
    found = flawless_share([0.99, 0.995, 0.999], 20)
    assert found == pytest.approx([0.8179, 0.9046, 0.9802], abs=5e-5)
    assert success_needed(0.90, 20) == pytest.approx(0.99475, abs=5e-6)


def test_d1_3_challenge():
    """Bad first and bad last have one mean, and two rules put them in opposite order."""
    scores = journey_scores([BAD_FIRST, BAD_LAST])
    assert scores.mean.tolist() == [7.4, 7.4]
    assert scores.early[0] < scores.early[1]
    assert scores.peak_end[0] > scores.peak_end[1]


def test_one_encounter_is_the_journey():
    assert journey_scores([6.5], delta=0.3, lam=4) == pytest.approx([6.5] * 5)


def test_a_zero_spoils_the_geometric_mean_only():
    scores = journey_scores([0, 10])
    assert (scores.geometric, scores.minimum, scores.mean) == (0, 0, 5)


def test_ties_go_to_the_earliest_encounter():
    assert peak([9, 1, 5], lam=1) == 0
    assert peak([1, 9, 5], lam=1) == 0
    # 1.1 x 3 is a little more than 3.3 in binary.
    assert peak([8.3, 2, 5], lam=1.1) == 0
    assert peak([2, 8.3, 5], lam=1.1) == 0
    assert peak([5, 5, 5]) == 0


def test_the_defaults():
    """Two points below the middle weigh as much as four and a half above it."""
    assert peak([3, 9.4]) == 0
    assert peak([3, 9.6]) == 1
    assert journey_scores([3, 9.4, 5]).peak_end == 4
    assert journey_scores([3, 9.6, 5]).peak_end == pytest.approx(7.3)
    assert position_weights(2) == pytest.approx([1 / 1.8, 0.8 / 1.8])


def test_the_middle_of_the_scale_is_not_intense():
    assert peak([5, 5.5, 4.8]) == 1
    assert peak([5, 5.4, 4.8]) == 2
    assert peak([5, 5.2, 4.8], lam=1.01) == 2


def test_a_missing_score_leaves_the_journey_without_a_score():
    scores = journey_scores([[8, np.nan, 9], [8, 8, 8]])
    for part in scores:
        assert np.isnan(part[0])
        assert part[1] == pytest.approx(8)
    assert np.isnan(flawless_share(np.nan, 2))
    assert np.isnan(success_needed(np.nan, 2))


@pytest.mark.parametrize("scores", [[], [[], []], 7])
def test_a_journey_without_encounters(scores):
    with pytest.raises(ValueError, match="at least one encounter"):
        journey_scores(scores)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: journey_scores([8, 11]),
            r"scores must be between 0 and 10; it is 11 \(position 1",
        ),
        (lambda: journey_scores([-1]), "scores must be between 0 and 10; it is -1"),
        (lambda: journey_scores([8], delta=0), "delta must be above 0 and at most 2; it is 0"),
        (lambda: journey_scores([8], delta=2.1), "delta must be"),
        (lambda: journey_scores([8], lam=0.9), "lam must be a finite number, at least 1"),
        (lambda: position_weights(0), "n must be a whole number, at least 1"),
        (lambda: position_weights(2.5), "n must be a whole number"),
        (lambda: flawless_share(1.1, 5), "success must be between 0 and 1"),
        (lambda: flawless_share(-0.1, 5), "success must be between 0 and 1"),
        (lambda: flawless_share(0.9, 0), "encounters must be"),
        (lambda: flawless_share(0.9, 1.5), "encounters must be"),
        (lambda: success_needed(1.1, 5), "flawless must be between 0 and 1"),
        (lambda: success_needed(-0.1, 5), "flawless must be between 0 and 1"),
        (lambda: success_needed(0.9, 0), "encounters must be"),
        (lambda: success_needed(0.9, 1.5), "encounters must be"),
    ],
)
def test_impossible_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@given(journeys, deltas, lams)
def test_every_rule_lies_between_worst_and_best(q, delta, lam):
    scores = journey_scores(q, delta, lam)
    for score in scores:
        assert min(q) - 1e-9 <= score <= max(q) + 1e-9
    assert scores.minimum <= scores.geometric + 1e-9
    assert scores.geometric <= scores.mean + 1e-9


@given(journeys, deltas, lams)
def test_against_other_routes(q, delta, lam):
    scores = journey_scores(pd.Series(q), delta, lam)
    with np.errstate(divide="ignore"):
        assert scores.geometric == pytest.approx(stats.gmean(q), abs=1e-9)
    weights = [delta**i for i in range(len(q))]
    assert scores.early == pytest.approx(np.average(q, weights=weights))
    intensity = [round(lam * (5 - x) if x < 5 else x - 5, 9) for x in q]
    first = intensity.index(max(intensity))
    assert peak(q, lam) == first
    assert scores.peak_end == pytest.approx((q[first] + q[-1]) / 2)


@given(journeys, lams)
def test_the_order_matters_only_to_rules_of_memory(q, lam):
    one, other = journey_scores(q, 1, lam), journey_scores(q[::-1], 1, lam)
    assert one[:3] == pytest.approx(other[:3])
    assert one.early == pytest.approx(one.mean)
    assert other.early == pytest.approx(other.mean)


@given(journeys, st.floats(0.2, 2))
def test_turning_the_journey_round_inverts_the_weights(q, delta):
    if delta >= 0.5:
        back = journey_scores(q[::-1], 1 / delta).early
        assert journey_scores(q, delta).early == pytest.approx(back)


@given(st.lists(st.lists(st.floats(0, 10), min_size=4, max_size=4), min_size=1, max_size=8))
def test_many_journeys_give_what_each_gives(rows):
    together = journey_scores(rows)
    for i, row in enumerate(rows):
        assert [part[i] for part in together] == pytest.approx(journey_scores(row))


@given(st.integers(1, 3000), deltas)
def test_position_weights_sum_to_one(n, delta):
    weights = position_weights(n, delta)
    assert weights.sum() == pytest.approx(1)
    if n > 1 and weights[1] > 0 and weights[0] > 0:
        assert weights[1] / weights[0] == pytest.approx(delta)


@given(st.floats(0, 1), st.integers(1, 50))
def test_flawless_share_and_success_needed_undo_each_other(share, encounters):
    p = success_needed(share, encounters)
    assert share <= p <= 1 or p == pytest.approx(share)
    assert flawless_share(p, encounters) == pytest.approx(share, abs=1e-12)


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        journey_scores,
        {"scores": [8, 9, 3]},
        {
            "scores": ([[-0.1, 1], [10.1, 1]], [[0, 10, NAN]]),
            "delta": ([0, 2.1, NAN], [0.1, 2]),
            "lam": ([0.9, NAN, INF], [1]),
        },
    ),
    (
        position_weights,
        {"n": 3},
        {"n": ([0, 1.5], [1]), "delta": ([0, 2.1, NAN], [0.1, 2])},
    ),
    (peak, {"scores": [8, 9, 3]}, {"lam": ([0.9, NAN, INF], [1])}),
    (
        flawless_share,
        {"success": 0.9, "encounters": 5},
        {"success": ([-0.1, 1.1], [0, 1, NAN]), "encounters": ([0, 1.5], [1])},
    ),
    (
        success_needed,
        {"flawless": 0.9, "encounters": 5},
        {"flawless": ([-0.1, 1.1], [0, 1, NAN]), "encounters": ([0, 1.5], [1])},
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
