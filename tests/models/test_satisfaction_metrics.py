import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from servicequality import data
from servicequality.models import satisfaction_metrics as metrics

votes = st.lists(st.integers(0, 10), min_size=1, max_size=60)
groups = st.tuples(*[st.integers(0, 200)] * 3).filter(any)


@pytest.mark.oracle("O6.4")
def test_o6_4_csat():
    lower, upper = metrics.wilson_interval([168, 20], [240, 20])
    assert (lower[0], upper[0]) == pytest.approx((0.63924, 0.75445), abs=5e-6)
    assert (lower[1], upper[1]) == pytest.approx((0.8389, 1), abs=5e-5)
    assert metrics.wald_interval(168, 240) == pytest.approx((0.6420, 0.7580), abs=5e-5)
    scores = [5] * 100 + [4] * 68 + [3] * 40 + [1] * 32
    found = metrics.csat(scores)
    assert found.value == pytest.approx(0.7)
    assert (found.lower, found.upper, found.n) == pytest.approx((lower[0], upper[0], 240))


@pytest.mark.oracle("O6.4")
def test_o6_4_nps():
    score = metrics.nps([10] * 60 + [9] * 48 + [8] * 40 + [7] * 44 + [6] * 20 + [0] * 28)
    assert score == metrics.nps_from_counts(108, 84, 48)
    assert (score.promoters, score.passives, score.detractors) == pytest.approx((0.45, 0.35, 0.20))
    assert score.value == pytest.approx(25)
    assert score.se == pytest.approx(4.9476, abs=5e-5)
    assert (score.lower, score.upper) == pytest.approx((15.30, 34.70), abs=5e-3)
    assert score.n == 240


@pytest.mark.oracle("O6.4")
def test_o6_4_change():
    before = metrics.nps_from_counts(108, 84, 48)
    after = metrics.nps_from_counts(120, 78, 42)
    assert (after.promoters, after.passives, after.detractors) == (0.5, 0.325, 0.175)
    change = metrics.nps_change(before, after)
    assert change.value == pytest.approx(7.5)
    assert change.se == pytest.approx(6.9428, abs=5e-5)
    assert change.z == pytest.approx(1.0802, abs=5e-5)
    assert change.p == pytest.approx(2 * stats.norm.sf(1.0802), abs=1e-4)
    back = metrics.nps_change(after, before)
    assert (back.z, back.p) == pytest.approx((-change.z, change.p))


@pytest.mark.oracle("O6.4")
def test_o6_4_sample_size_and_variance():
    assert metrics.nps_variance([0.25, 0.60, 0.45], [0, 0.35, 0.20]).tolist() == pytest.approx(
        [0.1875, 0.8875, 0.5875]
    )
    assert metrics.nps_sample_size(5, 0.5875) == 903
    assert metrics.nps_from_counts(25, 75, 0).value == 25
    assert metrics.nps_from_counts(60, 5, 35).value == pytest.approx(25)


@pytest.mark.oracle("O6.4")
def test_o6_4_index():
    index = metrics.index_0_100([8.2, 7.6, 7.1], [0.4, 0.35, 0.25])
    assert index == pytest.approx(74.6111, abs=5e-5)
    assert metrics.index_0_100([[1, 1], [10, 10]], [3, 1]).tolist() == [0, 100]
    assert metrics.index_0_100([4, 4], [1, 1], scale=(1, 7)) == pytest.approx(50)


@given(st.integers(0, 300), st.integers(1, 300), st.floats(0.5, 0.999))
def test_intervals_against_statsmodels(successes, others, level):
    n = successes + others
    for ours, method in ((metrics.wilson_interval, "wilson"), (metrics.wald_interval, "normal")):
        wanted = proportion_confint(successes, n, alpha=1 - level, method=method)
        lower, upper = ours(successes, n, level)
        # statsmodels cuts the Wald interval at 0 and 1.
        assert max(lower, 0) == pytest.approx(wanted[0], abs=1e-12)
        assert min(upper, 1) == pytest.approx(wanted[1], abs=1e-12)


@given(st.integers(0, 100), st.integers(0, 100))
def test_wilson_contains_the_share_and_mirrors(successes, failures):
    n = successes + failures
    lower, upper = metrics.wilson_interval(successes, n)
    if not n:
        assert np.isnan(lower)
        assert np.isnan(upper)
        return
    assert -1e-12 <= lower <= successes / n + 1e-12
    assert successes / n - 1e-12 <= upper <= 1 + 1e-12
    mirrored = metrics.wilson_interval(failures, n)
    assert (1 - upper, 1 - lower) == pytest.approx(mirrored, abs=1e-12)
    narrow, wide = metrics.wilson_interval(successes, n, 0.5), (lower, upper)
    assert narrow[1] - narrow[0] < wide[1] - wide[0]


def test_wilson_covers_where_wald_does_not():
    draws = np.random.default_rng(64).binomial(30, 0.95, 20_000)
    covered = {}
    for name in ("wilson", "wald"):
        lower, upper = getattr(metrics, f"{name}_interval")(draws, 30)
        covered[name] = np.mean((lower <= 0.95) & (upper >= 0.95))
    assert covered["wilson"] > 0.93
    assert covered["wald"] < 0.82


@pytest.mark.parametrize(
    ("answer", "group"),
    [(0, "detractors"), (6, "detractors"), (7, "passives"), (8, "passives"), (9, "promoters")],
)
def test_boundaries(answer, group):
    assert getattr(metrics.nps([answer, answer]), group) == 1


@given(votes, st.randoms(use_true_random=False))
def test_nps_by_the_mean_of_votes(answers, random):
    """The score is the mean of +1, 0 and -1, its error that of a mean with divisor n."""
    vote = np.select([np.array(answers) >= 9, np.array(answers) <= 6], [1, -1], 0)
    score = metrics.nps(answers)
    assert score.value == pytest.approx(100 * vote.mean())
    assert score.se == pytest.approx(100 * vote.std() / np.sqrt(len(vote)), abs=1e-6)
    assert -100 <= score.value <= 100
    shuffled = list(answers)
    random.shuffle(shuffled)
    assert metrics.nps(pd.Series(shuffled)) == score


@given(groups, st.integers(2, 9))
def test_more_answers_of_the_same_kind_narrow_the_interval(counts, times):
    one = metrics.nps_from_counts(*counts)
    more = metrics.nps_from_counts(*(times * count for count in counts))
    assert more.value == pytest.approx(one.value)
    assert more.se == pytest.approx(one.se / np.sqrt(times), abs=1e-6)


def test_missing_answers_are_left_out_and_nothing_gives_nothing():
    assert metrics.nps([10, np.nan, 0]) == metrics.nps([10, 0])
    assert metrics.csat([5, np.nan, 1]) == metrics.csat([5, 1])
    assert metrics.ces([2, np.nan, 4]) == metrics.ces([2, 4])
    empty = metrics.nps([])
    assert np.isnan(empty[:-1]).all()
    assert empty.n == 0
    for function in (metrics.csat, metrics.ces):
        assert np.isnan(function([np.nan])[:3]).all()
        assert function([]).n == 0


@pytest.mark.parametrize(("top", "scale", "share"), [(1, 5, 0.2), (2, 5, 0.4), (3, 7, 1 / 5)])
def test_top_boxes(top, scale, share):
    assert metrics.csat([1, 2, 3, 4, 5], top, scale).value == pytest.approx(share)


def test_everyone_agrees():
    score = metrics.nps([10] * 12)
    assert (score.value, score.se, score.lower, score.upper) == (100, 0, 100, 100)
    assert np.isnan(metrics.nps_change(score, score).z)
    assert metrics.csat([5] * 20).lower == pytest.approx(0.8389, abs=5e-5)


@given(st.lists(st.integers(1, 7), min_size=2, max_size=40), st.floats(0.5, 0.99))
def test_ces_against_scipy(scores, level):
    found = metrics.ces(scores, level=level)
    assert found.value == pytest.approx(np.mean(scores))
    if np.std(scores):
        wanted = stats.t.interval(
            level, len(scores) - 1, loc=np.mean(scores), scale=stats.sem(scores)
        )
        assert (found.lower, found.upper) == pytest.approx(wanted)
    else:
        assert found.lower == found.upper == found.value


def test_a_single_effort_score_has_no_interval():
    assert metrics.ces([4]).value == 4
    assert np.isnan(metrics.ces([4])[1:3]).all()
    assert metrics.ces([0, 10], scale=(0, 10)).value == 5


@given(st.floats(0.5, 20), st.floats(0.01, 1))
def test_the_sample_size_reaches_the_margin(margin, variance):
    n = metrics.nps_sample_size(margin, variance)
    assert 1.96 * 100 * np.sqrt(variance / n) <= margin * (1 + 1e-4)
    if n > 1:
        assert 1.9599 * 100 * np.sqrt(variance / (n - 1)) > margin * (1 - 1e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metrics.csat([5, 6]), r"scores must be .*between 1 and 5; it is 6 \(position 1\)"),
        (lambda: metrics.csat([0, 5]), "scores must be"),
        (lambda: metrics.csat([4.5]), "a whole number"),
        (lambda: metrics.csat([4], top=5), "top must be .*between 1 and 4; it is 5"),
        (lambda: metrics.csat([4], top=0), "top must be"),
        (lambda: metrics.csat([1], scale=1), "scale must be .*at least 2"),
        (lambda: metrics.csat([4], level=95), "level must be above 0 and below 1; it is 95"),
        (lambda: metrics.nps([11]), "scores must be .*between 0 and 10; it is 11"),
        (lambda: metrics.nps([-1]), "scores must be"),
        (lambda: metrics.nps([8.5]), "a whole number"),
        (lambda: metrics.nps_from_counts(1, -1, 1), "passives must be .*at least 0"),
        (lambda: metrics.nps_variance(0.7, 0.4), "promoters and detractors together must"),
        (lambda: metrics.ces([8]), "scores must be between 1 and 7; it is 8"),
        (lambda: metrics.wilson_interval(5, 4), "n minus successes must be .*at least 0"),
        (lambda: metrics.index_0_100([11], [1]), "means must be between 1 and 10"),
        (lambda: metrics.index_0_100([5, 5], [0, 0]), "sum to zero"),
    ],
)
def test_impossible_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_nobody_asked_has_no_interval():
    for interval in (metrics.wilson_interval, metrics.wald_interval):
        assert np.isnan(interval([0, 1], [0, 2])).tolist() == [[True, False]] * 2


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        metrics.csat,
        {"scores": [1]},
        {
            "scores": ([[0], [6], [4.5]], [[1, 5, NAN]]),
            "top": ([0, 5, 1.5], [1, 4]),
            "scale": ([1, 2.5], [3, 10]),
            "level": ([0, 1], [0.01, 0.99]),
        },
    ),
    (
        metrics.nps,
        {"scores": [1]},
        {
            "scores": ([[-1], [11], [8.5]], [[0, 10, NAN]]),
            "level": ([0, 1], [0.01, 0.99]),
        },
    ),
    (
        metrics.nps_from_counts,
        {"promoters": 1, "passives": 1, "detractors": 1},
        {
            "promoters": ([-0.1], [0]),
            "passives": ([-0.1], [0]),
            "detractors": ([-0.1], [0]),
        },
    ),
    (
        metrics.nps_variance,
        {"promoters": 0, "detractors": 0},
        {
            "promoters": ([-0.1, 1.1], [0, 1]),
            "detractors": ([-0.1, 1.1], [0, 1]),
        },
    ),
    (
        metrics.nps_sample_size,
        {"margin": 5, "variance": 0.5},
        {
            "margin": ([0], [0.5]),
            "variance": ([-0.1], [0]),
            "level": ([0, 1], [0.5]),
        },
    ),
    (
        metrics.ces,
        {"scores": [4]},
        {
            "scores": ([[0.9], [7.1]], [[1, 4.5, 7]]),
            "level": ([0, 1], [0.01, 0.99]),
        },
    ),
    (
        metrics.wilson_interval,
        {"successes": 0, "n": 1},
        {
            "successes": ([-1, NAN], [0, 1]),
            "n": ([-1, NAN], [0, 0.5]),
            "level": ([0, 1], [0.5]),
        },
    ),
    (
        metrics.index_0_100,
        {"means": [5], "weights": [1]},
        {"means": ([[0.9], [10.1]], [[1], [10]])},
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)


@pytest.fixture(scope="module")
def airport():
    return data.load("sfo-airport-survey")


@pytest.mark.oracle("R6.1")
def test_r6_1_a_real_drop(airport):
    before, after = (metrics.nps(rows["nps_0_10"]) for _, rows in airport.groupby("year"))
    assert (before.value, before.se, before.n) == pytest.approx((39.840, 1.334, 2746), abs=5e-4)
    assert (after.value, after.se, after.n) == pytest.approx((30.981, 1.442, 2650), abs=5e-4)
    change = metrics.nps_change(before, after)
    assert (change.value, change.z) == pytest.approx((-8.859, -4.509), abs=5e-4)
    overall = metrics.csat(airport["rate_overall"])
    assert (overall.value, overall.n) == (pytest.approx(0.8027, abs=5e-5), 5313)


@pytest.mark.oracle("R7.1")
def test_r7_1_what_a_problem_costs(airport):
    answers = airport.groupby("had_problem")["nps_0_10"]
    calm, upset = (metrics.nps(answers.get_group(problem)) for problem in ("no", "yes"))
    assert (calm.value, calm.n) == (pytest.approx(40.612, abs=5e-4), 4511)
    assert (upset.value, upset.n) == (pytest.approx(6.737, abs=5e-4), 668)
