import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicequality.models import expectation_updating as updating

levels = st.floats(0, 100)
alphas = st.floats(0.01, 0.99)
histories = st.lists(levels, min_size=1, max_size=15)


@pytest.mark.oracle("O5.3a")
def test_o5_3a_path():
    path = updating.expectation_path(60, [80] * 5, 0.3)
    assert path == pytest.approx([60, 66.00, 70.20, 73.140, 75.1980, 76.63860], abs=5e-6)
    closed = updating.expectation_after(np.arange(6), 60, 80, 0.3)
    assert closed == pytest.approx(path)


@pytest.mark.oracle("O5.3a")
def test_o5_3a_half_life_and_treadmill():
    assert updating.surprise_half_life(0.3) == pytest.approx(1.9434, abs=5e-5)
    needed = updating.performance_for_surprise(5, 75, 0.3, 4)
    assert np.diff(needed) == pytest.approx([1.5] * 3)
    assert updating.visits_to_ceiling(80, 100, 5, 0.3) == pytest.approx(13.33, abs=5e-3)


@pytest.mark.oracle("O5.3b")
@pytest.mark.parametrize(
    ("up", "down", "end", "half_a_digit"),
    [(0.3, None, 68.44291, 5e-6), (0.3, 0.3, 68.44291, 5e-6), (0.2, 0.5, 63.7600, 5e-5)],
)
def test_o5_3b(up, down, end, half_a_digit):
    path = updating.expectation_path(70, [80, 60] * 3, up, down)
    assert path[-1] == pytest.approx(end, abs=half_a_digit)


@pytest.mark.oracle("O5.3c")
def test_o5_3c_all_at_once():
    belief = updating.bayes_update(60, 10, [72] * 4, 15)
    assert belief == pytest.approx((67.68, 6, 0.64))


@pytest.mark.oracle("O5.3c")
def test_o5_3c_one_by_one():
    path = updating.bayes_path(60, 10, [70, 78, 66, 74], 15)
    assert path["mean"].tolist() == pytest.approx([63.0769, 66.5882, 66.4762, 67.6800], abs=5e-5)
    assert path["gain"].tolist() == pytest.approx([0.3077, 0.2353, 0.1905, 0.1600], abs=5e-5)
    assert path["sd"].iloc[-1] == pytest.approx(6)


@pytest.mark.oracle("O5.3c")
def test_o5_3c_drift():
    assert updating.steady_gain(0.1) == pytest.approx(0.27016, abs=5e-6)


def test_q5_3():
    """Half of the surprise is gone after two visits; 17 % is left after five, 3 % after ten."""
    left = [(80 - updating.expectation_after(n, 60, 80, 0.3)) / 20 for n in (2, 5, 10)]
    assert left == pytest.approx([0.49, 0.17, 0.03], abs=5e-3)


def test_d5_2_challenge():
    """Total surprise of 60 in 12 visits, the last at least 2, never above 95."""
    always_best = updating.visits(70, [95] * 12, 0.3)
    assert always_best["surprise"].iloc[-1] == pytest.approx(0.49, abs=5e-3)
    ratchet = updating.visits(70, updating.performance_for_surprise(5, 70, 0.3, 12), 0.3)
    assert ratchet["total_surprise"].iloc[-1] == pytest.approx(60)
    assert ratchet["surprise"].to_numpy() == pytest.approx([5] * 12)
    assert ratchet["performance"].max() <= 95


@given(levels, histories, alphas)
def test_all_delight_is_the_rise_of_the_bar_divided_by_alpha(initial, performance, alpha):
    table = updating.visits(initial, performance, alpha)
    rise = table["expected_after"].iloc[-1] - initial
    assert table["total_surprise"].iloc[-1] == pytest.approx(rise / alpha, abs=1e-6)
    assert table["surprise"].sum() == pytest.approx(rise / alpha, abs=1e-6)
    assert table["expected"].tolist()[1:] == table["expected_after"].tolist()[:-1]
    assert table["visit"].tolist() == list(range(1, len(performance) + 1))


@given(levels, histories, st.floats(0, 1), st.floats(0, 1))
def test_expectations_stay_between_what_was_seen(initial, performance, up, down):
    path = updating.expectation_path(initial, performance, up, down)
    seen = [initial, *performance]
    assert min(seen) - 1e-9 <= path.min() <= path.max() <= max(seen) + 1e-9
    cautious = updating.expectation_path(initial, performance, min(up, down), max(up, down))
    even = updating.expectation_path(initial, performance, min(up, down))
    assert (cautious <= even + 1e-9).all()


@given(levels, levels, alphas, st.integers(0, 20))
def test_closed_form_against_the_recursion(initial, performance, alpha, n):
    path = updating.expectation_path(initial, [performance] * n, alpha)
    assert path.shape == (n + 1,)
    assert updating.expectation_after(n, initial, performance, alpha) == pytest.approx(path[-1])


@given(alphas)
def test_half_of_the_surprise_is_left_after_the_half_life(alpha):
    half_life = updating.surprise_half_life(alpha)
    left = 100 - updating.expectation_after(half_life, 0, 100, alpha)
    assert left == pytest.approx(50)


def test_alpha_0_and_1():
    assert updating.expectation_path(60, [80, 40], 0).tolist() == [60, 60, 60]
    assert updating.expectation_path(60, [80, 40], 1).tolist() == [60, 80, 40]
    assert updating.expectation_path(60, [80, 40], 1, 0).tolist() == [60, 80, 80]
    assert updating.surprise_half_life([0, 1]).tolist() == [np.inf, 0]
    assert updating.expectation_after([0, 3], 60, 80, 1).tolist() == [60, 80]


@given(st.floats(0.5, 10), levels, alphas, st.integers(1, 20))
def test_a_constant_surprise_is_what_it_says(surprise, initial, alpha, n):
    needed = updating.performance_for_surprise(surprise, initial, alpha, n)
    table = updating.visits(initial, needed, alpha)
    assert table["surprise"].to_numpy() == pytest.approx([surprise] * n)
    ceiling = needed[-1]
    visits = updating.visits_to_ceiling(needed[0], ceiling, surprise, alpha)
    assert visits == pytest.approx(n - 1)


@pytest.mark.parametrize(
    ("arguments", "visits"),
    [
        ((100, 100, 5, 0.3), 0),
        ((101, 100, 5, 0.3), 0),
        ((100, 100, 0, 0.3), 0),
        ((80, 100, 0, 0.3), np.inf),
        ((80, 100, 5, 0), np.inf),
        ((80, 100, -5, 0.3), np.inf),
    ],
)
def test_visits_to_a_ceiling_that_is_reached_or_never(arguments, visits):
    assert updating.visits_to_ceiling(*arguments) == visits


def test_many_customers_at_once():
    rng = np.random.default_rng(53)
    initial, performance = rng.normal(70, 8, 40), rng.normal(76, 8, (40, 8))
    up = rng.beta(6, 14, 40)
    together = updating.expectation_path(initial, performance, up, 1.4 * up)
    assert together.shape == (40, 9)
    for i in range(40):
        alone = updating.expectation_path(initial[i], performance[i], up[i], 1.4 * up[i])
        assert together[i].tolist() == alone.tolist()
    grid = updating.expectation_path(60, [80, 60], [[0.1], [0.3]], [0.5, 0.6, 0.7])
    assert grid.shape == (2, 3, 3)
    two = updating.expectation_path(60, [[80, 60], [70, 70]], 0.5)
    assert two.tolist() == [[60, 70, 65], [60, 65, 67.5]]


@given(
    st.floats(0, 100),
    st.floats(0.1, 30),
    st.lists(levels, max_size=10),
    st.floats(0.1, 30),
    st.randoms(),
)
def test_batch_and_sequence_agree_in_any_order(mean, prior_sd, observations, sd, random):
    belief = updating.bayes_update(mean, prior_sd, observations, sd)
    if not observations:
        assert belief == (mean, prior_sd, 0)
        return
    shuffled = random.sample(observations, len(observations))
    last = updating.bayes_path(mean, prior_sd, shuffled, sd).iloc[-1]
    assert (last["mean"], last["sd"]) == pytest.approx((belief.mean, belief.sd))
    precision = 1 / prior_sd**2 + len(observations) / sd**2
    assert belief.sd == pytest.approx(precision**-0.5)
    assert belief.mean == pytest.approx(
        (mean / prior_sd**2 + sum(observations) / sd**2) / precision
    )


def test_bayes_against_a_grid():
    """Prior times likelihood, normalised on a fine grid."""
    observations = [70, 78, 66, 74]
    x = np.linspace(0, 140, 200_001)
    log = -((x - 60) ** 2) / 200 - sum((y - x) ** 2 for y in observations) / (2 * 15**2)
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    mean = (weight * x).sum()
    belief = updating.bayes_update(60, 10, observations, 15)
    assert belief.mean == pytest.approx(mean)
    assert belief.sd == pytest.approx(np.sqrt((weight * (x - mean) ** 2).sum()))


def test_extreme_priors():
    assert updating.bayes_update(60, 0, [80, 90], 15) == (60, 0, 0)
    flat = updating.bayes_update(60, np.inf, [80, 90], 15)
    assert flat == pytest.approx((85, 15 / 2**0.5, 1))
    path = updating.bayes_path(60, np.inf, [80, 90, 70], 15)
    assert path["gain"].tolist() == pytest.approx([1, 1 / 2, 1 / 3])
    assert updating.bayes_path(60, 0, [80, 90], 15)["mean"].tolist() == [60, 60]
    assert updating.bayes_path(60, 10, [], 15).empty


@given(st.floats(0.01, 5), st.floats(0.5, 20), st.floats(0, 50))
def test_with_drift_the_gain_settles_and_learning_is_smoothing(ratio, sd, prior_sd):
    observations = np.random.default_rng(1).normal(70, sd, 400)
    path = updating.bayes_path(70, prior_sd, observations, sd, drift_sd=sd * ratio**0.5)
    gain = updating.steady_gain(ratio)
    assert path["gain"].iloc[-1] == pytest.approx(gain, abs=1e-6)
    assert gain == pytest.approx((-ratio + np.sqrt(ratio**2 + 4 * ratio)) / 2)
    smooth = updating.expectation_path(path["mean"].iloc[199], observations[200:], gain)
    assert path["mean"].iloc[200:].to_numpy() == pytest.approx(smooth[1:], abs=1e-3)


def test_steady_gain_at_the_ends():
    assert updating.steady_gain([0, 1e12]).tolist() == pytest.approx([0, 1])
    assert (np.diff(updating.steady_gain(np.linspace(0, 5, 50))) > 0).all()


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        ("expectation_path", (60, [80], 1.2), "alpha_up must be between 0 and 1; it is 1.2"),
        ("expectation_path", (60, [80], 0.3, -0.1), "alpha_down must be between 0 and 1"),
        ("expectation_path", (60, [80, np.nan], 0.3), "performance must be a finite number"),
        ("expectation_path", (np.nan, [80], 0.3), "initial must be a finite number"),
        ("visits", (60, [80], 2), "alpha_up must be"),
        ("visits", (60, [80, np.nan], 0.3), "^performance must be"),
        ("visits_of_customers", ([[60, np.nan]], [[80]]), "^path must be"),
        ("visits_of_customers", ([[60, 70]], [[np.inf]]), "^performance must be"),
        ("expectation_after", (-1, 60, 80, 0.3), "encounters must be .*at least 0; it is -1"),
        ("expectation_after", (1, 60, 80, 3), "alpha must be between 0 and 1; it is 3"),
        ("expectation_after", (1, np.nan, 80, 0.3), "initial must be"),
        ("expectation_after", (1, 60, np.inf, 0.3), "performance must be"),
        ("surprise_half_life", (1.5,), "alpha must be between 0 and 1"),
        ("performance_for_surprise", (5, 70, 0.3, 1.5), "visits must be a whole number"),
        ("performance_for_surprise", (5, 70, 3, 1), "alpha must be"),
        ("visits_to_ceiling", (80, 100, 5, -1), "alpha must be"),
        ("bayes_update", (60, -1, [70], 15), "prior_sd must be .*at least 0"),
        ("bayes_update", (60, 10, [70], 0), "sd must be .*above 0"),
        ("bayes_update", (60, 10, [], 0), "sd must be .*above 0"),
        ("bayes_update", (60, 10, [np.nan], 15), "observations must be"),
        ("bayes_path", (60, 10, [70], -1), "sd must be"),
        ("bayes_path", (60, np.nan, [70], 15), "prior_sd must be"),
        ("bayes_path", (60, 10, [70], 15, -1), "drift_sd must be"),
        ("steady_gain", (-0.1,), "drift_ratio must be .*at least 0"),
    ],
)
def test_impossible_input(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        getattr(updating, function)(*arguments)


def test_the_path_of_learning_names_its_columns_and_visits():
    path = updating.bayes_path(60, 10, [70, 78], 15)
    assert list(path) == ["visit", "observation", "gain", "mean", "sd"]
    assert path[["visit", "observation"]].to_numpy().tolist() == [[1, 70], [2, 78]]


@given(levels, histories, alphas, st.floats(0, 20), st.floats(0, 20), st.integers(0, 99))
def test_customers_of_one_alpha_average_to_the_average_customer(
    initial, performance, alpha, initial_sd, performance_sd, seed
):
    crowd = updating.draw_customers(
        6,
        initial,
        performance,
        alpha,
        initial_sd=initial_sd,
        performance_sd=performance_sd,
        seed=seed,
    )
    mean = updating.expectation_path(*crowd).mean(axis=0)
    assert mean == pytest.approx(updating.expectation_path(initial, performance, alpha), abs=1e-9)


def test_customers_follow_the_closed_form():
    """Each with a start and an alpha of its own, and no luck."""
    crowd = updating.draw_customers(30, 70, [90] * 12, 0.3, initial_sd=8, alpha_spread=0.8, seed=52)
    path = updating.expectation_path(*crowd)
    for n in (1, 5, 12):
        closed = updating.expectation_after(n, crowd.initial, 90, crowd.alpha_up)
        assert path[:, n] == pytest.approx(closed)
    slow, quick = crowd.alpha_up.argmin(), crowd.alpha_up.argmax()
    assert (90 - path[slow, 1]) / (90 - path[slow, 0]) > (90 - path[quick, 1]) / (
        90 - path[quick, 0]
    )


def test_customers_have_the_spreads_asked_for():
    crowd = updating.draw_customers(
        20_000,
        70,
        [90, 60],
        0.3,
        0.8,
        initial_sd=8,
        performance_sd=4,
        alpha_spread=0.5,
        seed=53,
    )
    assert crowd.performance.shape == (20_000, 2)
    assert crowd.initial.std(ddof=1) == pytest.approx(8, rel=0.02)
    assert crowd.performance.std(axis=0, ddof=1) == pytest.approx([4, 4], rel=0.02)
    assert crowd.performance.mean(axis=0) == pytest.approx([90, 60])
    ends = [crowd.alpha_up.min(), crowd.alpha_up.max()]
    assert ends == pytest.approx([0.15, 0.45], abs=0.001)
    assert [crowd.alpha_down.min(), crowd.alpha_down.max()] == pytest.approx([0.7, 0.9], abs=0.001)
    assert crowd.alpha_up.mean() == pytest.approx(0.3, abs=0.002)
    quickness = [np.corrcoef(crowd.alpha_up, other)[0, 1] for other in crowd[2:]]
    assert quickness == pytest.approx([1, 1])
    luck = [crowd.initial, crowd.performance[:, 0], crowd.performance[:, 1], crowd.alpha_up]
    between = np.corrcoef(luck)
    assert between == pytest.approx(np.eye(4), abs=0.03)


def test_customers_are_alike_unless_spreads_are_given():
    crowd = updating.draw_customers(4, 70, [90, 60], 0.3, seed=1)
    assert crowd.initial.tolist() == [70] * 4
    assert crowd.performance.tolist() == [[90, 60]] * 4
    assert crowd.alpha_up.tolist() == crowd.alpha_down.tolist() == [0.3] * 4


@pytest.mark.parametrize("alpha", [0.2, 0.8])
def test_alphas_spread_as_far_as_they_can(alpha):
    crowd = updating.draw_customers(2000, 70, [90], alpha, alpha_spread=1, seed=55)
    reach = min(alpha, 1 - alpha)
    for own in (crowd.alpha_up, crowd.alpha_down):
        assert [own.min(), own.max()] == pytest.approx([alpha - reach, alpha + reach], abs=0.01)
        assert ((own >= 0) & (own <= 1)).all()


def test_in_a_world_of_chance_the_bar_keeps_moving():
    """The variance of the bar settles at sd^2 alpha / (2 - alpha)."""
    crowd = updating.draw_customers(4000, 80, [80] * 40, 0.3, performance_sd=5, seed=54)
    spread = updating.expectation_path(*crowd)[:, -1].std(ddof=1)
    assert spread == pytest.approx(5 * np.sqrt(0.3 / 1.7), rel=0.03)


def test_customers_come_in_pairs_of_opposite_luck():
    crowd = updating.draw_customers(
        8, 70, [90, 50], 0.3, initial_sd=8, performance_sd=4, alpha_spread=1, seed=1
    )
    assert crowd.initial[::2] + crowd.initial[1::2] == pytest.approx(np.full(4, 140))
    assert crowd.performance[::2] + crowd.performance[1::2] == pytest.approx(
        np.tile([180, 100], (4, 1))
    )
    assert crowd.alpha_up[::2].tolist() == crowd.alpha_up[1::2].tolist()
    assert len(set(crowd.initial)) == 8


def test_the_same_seed_gives_the_same_luck():
    def draw(seed, initial=70, performance=90, sd=4):
        crowd = updating.draw_customers(
            4, initial, [performance] * 3, 0.3, initial_sd=2 * sd, performance_sd=sd, seed=seed
        )
        return np.column_stack([crowd.initial - initial, crowd.performance - performance]) / sd

    assert draw(7) == pytest.approx(draw(7, initial=50, performance=60, sd=2))
    assert not np.allclose(draw(7), draw(8))


def test_what_customers_live_through_is_what_each_lives_through():
    crowd = updating.draw_customers(
        4, 70, [80, 60, 90], 0.2, 0.5, initial_sd=9, performance_sd=6, alpha_spread=0.5, seed=2
    )
    table = updating.visits_of_customers(updating.expectation_path(*crowd), crowd.performance)
    for index, (initial, performance, up, down) in enumerate(zip(*crowd, strict=True)):
        own = table[table["customer"] == index + 1].drop(columns="customer")
        alone = updating.visits(initial, performance, up, down)
        assert own.to_numpy() == pytest.approx(alone[own.columns].to_numpy())


def test_summary_of_visits():
    path = [[60, 66], [70, 73], [90, 80], [80, 80]]
    performance = [[80], [80], [70], [80]]
    summary = updating.summarise_visits(updating.visits_of_customers(path, performance))
    assert summary["visit"].tolist() == [1]
    row = summary.iloc[0]
    assert row[["expected", "performance", "surprise", "expected_after"]].tolist() == pytest.approx(
        [75, 77.5, 2.5, 74.75]
    )
    assert row["total_surprise"] == row["surprise"]
    assert row[["lower", "upper"]].tolist() == pytest.approx(
        np.quantile([60, 70, 80, 90], [0.1, 0.9])
    )
    assert row["disappointed"] == 1, "who gets just what was expected is not disappointed"


def test_an_odd_number_of_customers():
    with pytest.raises(ValueError, match=r"customers must be an even number.*it is 5"):
        updating.draw_customers(5, 70, [80], 0.3, seed=1)


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        updating.expectation_path,
        {"initial": 60, "performance": [80], "alpha_up": 0.3},
        {
            "initial": ([NAN, INF], [-1]),
            "performance": ([[NAN], [INF]], [[-1]]),
            "alpha_up": ([-0.1, 1.1, NAN], [0, 1]),
            "alpha_down": ([-0.1, 1.1, NAN], [0, 1]),
        },
    ),
    (
        updating.expectation_after,
        {"encounters": 5, "initial": 60, "performance": 80, "alpha": 0.3},
        {
            "encounters": ([-1, NAN, INF], [0]),
            "initial": ([NAN, INF], [-1]),
            "performance": ([NAN, INF], [-1]),
            "alpha": ([-0.1, 1.1, NAN], [0, 1]),
        },
    ),
    (
        updating.draw_customers,
        {"customers": 2, "initial": 60, "performance": [80], "alpha_up": 0.3, "seed": 1},
        {
            "customers": ([0, 3, 2.5, NAN], [2]),
            "initial": ([NAN, INF], [-1]),
            "performance": ([[NAN], [INF]], [[-1]]),
            "alpha_up": ([-0.1, 1.1, NAN], [0, 1]),
            "alpha_down": ([-0.1, 1.1, NAN], [0, 1]),
            "initial_sd": ([-0.1, NAN, INF], [0]),
            "performance_sd": ([-0.1, NAN, INF], [0]),
            "alpha_spread": ([-0.1, 1.1, NAN], [0, 1]),
        },
    ),
    (updating.surprise_half_life, {}, {"alpha": ([-0.1, 1.1, NAN], [0, 1])}),
    (
        updating.performance_for_surprise,
        {"surprise": 5, "initial": 75, "alpha": 0.3, "visits": 3},
        {"alpha": ([-0.1, 1.1, NAN], [0, 1]), "visits": ([-1, 1.5], [0])},
    ),
    (
        updating.visits_to_ceiling,
        {"performance": 80, "ceiling": 100, "surprise": 5, "alpha": 0.3},
        {"alpha": ([-0.1, 1.1, NAN], [0, 1])},
    ),
    (
        updating.bayes_update,
        {"prior_mean": 60, "prior_sd": 10, "observations": [70], "sd": 15},
        {
            "prior_sd": ([-0.1, NAN], [0, INF]),
            "observations": ([[NAN], [INF]], [[-1]]),
            "sd": ([0, NAN, INF], [0.1]),
        },
    ),
    (
        updating.bayes_path,
        {"prior_mean": 60, "prior_sd": 10, "observations": [70], "sd": 15},
        {
            "prior_sd": ([-0.1, NAN], [0, INF]),
            "observations": ([[NAN], [INF]], [[-1]]),
            "sd": ([0, NAN, INF], [0.1]),
            "drift_sd": ([-0.1, NAN, INF], [0]),
        },
    ),
    (updating.steady_gain, {}, {"drift_ratio": ([-0.1, NAN, INF], [0])}),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
