import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from servicequality.models import expectation_research as research
from servicequality.models.gaps import gap_table

means = st.floats(3, 8)
spreads = st.floats(0.3, 2)
correlations = st.floats(-0.9, 0.9)


@pytest.mark.oracle("O5.6")
def test_o5_6_complainers():
    found = research.complainers(threshold=1.5)
    assert found.share == pytest.approx(0.14442, abs=5e-6)
    assert found.mean_e == pytest.approx(7.1129, abs=5e-5)
    assert found.mean_p == pytest.approx(4.8871, abs=5e-5)
    assert (found.mean_e - 6) * np.sqrt(2) == pytest.approx(1.57393, abs=5e-6)


@pytest.mark.oracle("O5.6")
def test_o5_6_sampling_error():
    assert research.margin_of_error(1.4, [12, 300]) == pytest.approx([0.792, 0.158], abs=5e-4)


def test_d5_5_sixty_random_answers_beat_thousands_of_complaints():
    table = research.compare_methods({"survey": 60, "complaints": 5000})
    assert table.loc["survey", "rmse"] < 0.15 < table.loc["complaints", "rmse"]
    assert table.loc["complaints", "rmse"] == pytest.approx(1.11, abs=5e-3)
    assert table.loc["survey", "cost"] <= 5000


@given(st.floats(-2, 3), means, means, spreads, spreads, correlations)
def test_complainers_by_integration(threshold, mean_e, mean_p, sd_e, sd_p, rho):
    """Over the gap e - p: both parts are straight lines in it on average."""
    found = research.complainers(threshold, mean_e, mean_p, sd_e, sd_p, rho)
    variance = sd_e**2 + sd_p**2 - 2 * rho * sd_e * sd_p
    gap = stats.norm(mean_e - mean_p, np.sqrt(variance))
    assert found.share == pytest.approx(gap.sf(threshold))
    if found.share < 1e-6:
        return
    top = max(gap.mean(), threshold) + 10 * gap.std()
    mean_gap, _error = integrate.quad(lambda x: x * gap.pdf(x), threshold, top, epsabs=1e-12)
    mean_gap /= gap.sf(threshold)
    slope_e = (sd_e**2 - rho * sd_e * sd_p) / variance
    assert found.mean_e == pytest.approx(mean_e + slope_e * (mean_gap - gap.mean()), abs=1e-4)
    assert found.mean_e - found.mean_p == pytest.approx(mean_gap, abs=1e-4)
    assert mean_gap >= threshold
    assert 0 <= found.sd_e <= sd_e + 1e-9


@pytest.mark.parametrize(
    ("threshold", "mean_p", "sd_p", "rho"), [(1.5, 6, 1, 0), (0.5, 5.5, 0.6, 0.4), (-1, 7, 2, -0.5)]
)
def test_complainers_by_simulation(threshold, mean_p, sd_p, rho):
    rng = np.random.default_rng(56)
    x, y = rng.standard_normal((2, 400_000))
    e, p = 6 + x, mean_p + sd_p * (rho * x + np.sqrt(1 - rho**2) * y)
    loud = e - p > threshold
    found = research.complainers(threshold, 6, mean_p, 1, sd_p, rho)
    assert found == pytest.approx(
        (loud.mean(), e[loud].mean(), p[loud].mean(), e[loud].std()), abs=0.012
    )


@given(st.floats(0, 3), st.floats(0.1, 1))
def test_the_louder_the_fewer_and_the_stranger(threshold, more):
    found = research.complainers([threshold, threshold + more])
    assert found.share[1] < found.share[0]
    assert found.mean_e[1] > found.mean_e[0] > 6
    assert found.mean_p[1] < found.mean_p[0] < 6
    assert found.mean_e - 6 == pytest.approx(6 - found.mean_p), "equal spreads: equal errors"


def test_far_thresholds():
    nobody, everybody = research.complainers(60), research.complainers(-60)
    assert nobody.share == 0
    assert nobody.mean_e == pytest.approx(36, abs=0.1)
    assert everybody == pytest.approx((1, 6, 6, 1))
    assert nobody.sd_e == pytest.approx(np.sqrt(0.5), abs=1e-3)


def test_complainers_who_expect_the_same():
    """If only performance varies, complaints say nothing about expectations."""
    found = research.complainers(1, sd_e=0)
    assert (found.mean_e, found.sd_e) == (6, 0)
    assert found.mean_p == pytest.approx(6 - stats.norm.pdf(1) / stats.norm.sf(1))


def test_complainers_broadcast():
    found = research.complainers([[0.5], [1.5]], mean_p=[5, 6, 7])
    assert {part.shape for part in found} == {(2, 3)}
    assert found.mean_e[1, 1] == research.complainers().mean_e
    flat = research.complainers(1.5, mean_p=[5, 6], sd_e=0, sd_p=1)
    assert flat.mean_e.tolist() == [6, 6]


@given(st.floats(0, 5), st.integers(1, 1000), st.floats(0.5, 0.99))
def test_margin_against_scipy(sd, n, level):
    low, high = stats.norm.interval(level)
    assert research.margin_of_error(sd, n, level) == pytest.approx((high - low) / 2 * sd / n**0.5)
    assert research.margin_of_error(sd, 4 * n, level) == pytest.approx(
        research.margin_of_error(sd, n, level) / 2
    )


@given(
    st.integers(1, 500),
    st.integers(1, 5000),
    st.integers(1, 9999),
    st.floats(-1, 1),
    st.floats(0, 1),
    st.floats(-0.5, 0.5),
    spreads,
)
def test_methods_add_bias_and_chance(interviews, answers, complaints, bias, sd, tilt, sd_e):
    n = {"interview": interviews, "survey": answers, "complaints": complaints}
    table = research.compare_methods(n, manager_bias=bias, manager_sd=sd, tilt=tilt, sd_e=sd_e)
    assert list(table.index) == ["interview", "survey", "complaints", "manager"]
    assert table.index.name == "method"
    assert table["rmse"].to_numpy() == pytest.approx(
        np.sqrt(table["bias"] ** 2 + table["sd"] ** 2).to_numpy()
    )
    assert table["estimate"].to_numpy() == pytest.approx(6 + table["bias"].to_numpy())
    assert table["n"].tolist() == [interviews, answers, complaints, 1]
    assert table.loc["interview", ["bias", "sd"]].tolist() == pytest.approx(
        [0, sd_e / interviews**0.5]
    )
    assert table.loc["manager", ["bias", "sd"]].tolist() == [bias, sd]
    loud = research.complainers(sd_e=sd_e)
    assert table.loc["complaints", ["estimate", "sd"]].tolist() == pytest.approx(
        [loud.mean_e, loud.sd_e / complaints**0.5]
    )
    assert table["cost"].tolist() == pytest.approx(
        [150 * interviews, 15 * answers, 2 * complaints, 100]
    )


def test_tilted_answering_by_simulation():
    """People who answer with odds growing as exp(0.3 e): the mean moves by 0.3 x variance."""
    rng = np.random.default_rng(55)
    e = rng.normal(6, 0.8, 400_000)
    tilted = np.average(e, weights=np.exp(0.3 * e))
    table = research.compare_methods(tilt=0.3, sd_e=0.8)
    assert table.loc["survey", "estimate"] == pytest.approx(tilted, abs=0.005)
    assert table.loc["survey", "bias"] == pytest.approx(0.3 * 0.64)


def test_threshold_truth_and_prices_are_used():
    low = research.compare_methods(threshold=0)
    assert low.loc["complaints", "bias"] == pytest.approx(1 / np.sqrt(np.pi))
    other = research.compare_methods(
        mean_e=7, mean_p=5, sd_p=2, costs=dict.fromkeys(research.COSTS, 1)
    )
    loud = research.complainers(mean_e=7, mean_p=5, sd_p=2)
    assert other.loc["complaints", "estimate"] == pytest.approx(loud.mean_e)
    assert other["cost"].tolist() == other["n"].tolist() == [12, 300, 2000, 1]


def test_defaults_of_the_comparison():
    table = research.compare_methods()
    assert table["n"].tolist() == [12, 300, 2000, 1]
    assert table.loc["manager", ["bias", "sd"]].tolist() == [-0.5, 0.3]
    assert table.loc["survey", "bias"] == 0


def test_gap_interval_agrees_with_the_gap_table():
    expected = [4, 5, 6, 5]
    metric = {"expected": 5, "actual": 10, "direction": -1, "weight": 1, "unit": "min"}
    table = gap_table(pd.DataFrame([metric]), norm="relative")
    assert research.gap_interval(expected, 10, direction=-1).gap == table["gap"][0] == -5


def test_gap_interval_of_pairs_against_scipy():
    rng = np.random.default_rng(58)
    expected, perceived = rng.normal(6, 1, 80), rng.normal(5.5, 1.2, 80)
    interval = stats.ttest_rel(perceived, expected).confidence_interval(0.9)
    found = research.gap_interval(expected, perceived, level=0.9)
    assert found == pytest.approx(((perceived - expected).mean(), interval.low, interval.high, 80))


def test_gap_interval_against_a_known_level():
    expected = [4, 5, 6, 5, np.nan, 7]
    interval = stats.ttest_1samp(np.array([4, 5, 6, 5, 7.0]) - 10, 0).confidence_interval()
    found = research.gap_interval(expected, 10, direction=-1)
    assert found == pytest.approx((-4.6, interval.low, interval.high, 5))


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=2, max_size=20),
    st.floats(0.5, 20),
    st.floats(-9, 9),
)
def test_gap_interval_follows_unit_and_direction(pairs, unit, origin):
    expected, perceived = np.array(pairs, dtype=float).T
    one = research.gap_interval(expected, perceived)
    other = research.gap_interval(expected * unit + origin, perceived * unit + origin)
    assert other[:3] == pytest.approx([unit * part for part in one[:3]], abs=1e-9)
    turned = research.gap_interval(expected, perceived, direction=-1)
    assert turned[:3] == pytest.approx((-one.gap, -one.upper, -one.lower))
    assert one.lower <= one.gap <= one.upper
    wide = research.gap_interval(expected, perceived, level=0.99)
    assert wide.lower <= one.lower


def test_the_interval_covers_the_true_gap():
    rng = np.random.default_rng(59)
    hits = 0
    for _draw in range(2000):
        _gap, lower, upper, _n = research.gap_interval(rng.normal(6, 1, 15), 5.5)
        hits += lower <= -0.5 <= upper
    assert hits / 2000 == pytest.approx(0.95, abs=0.015)


def test_one_respondent_has_a_gap_but_no_interval():
    found = research.gap_interval([6, np.nan], [5, 4])
    assert (found.gap, found.n) == (-1, 1)
    assert np.isnan([found.lower, found.upper]).all()


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        ("complainers", (1.5, 6, 6, 0, 0), "spread of the gap must be .*above 0"),
        ("complainers", (1.5, 6, 6, 1, 1, 1), "spread of the gap must be .*above 0"),
        ("complainers", (1.5, 6, 6, -1), "sd_e must be"),
        ("complainers", (1.5, 6, 6, 1, 1, 2), "rho must be between -1 and 1"),
        ("complainers", (np.nan,), "threshold must be a finite number"),
        ("complainers", (1.5, np.nan), "mean_e must be"),
        ("complainers", (1.5, 6, np.inf), "mean_p must be"),
        ("margin_of_error", (-1, 12), "sd must be .*at least 0"),
        ("margin_of_error", (1, 0), "n must be a whole number"),
        ("margin_of_error", (1, 12, 95), "level must be .*below 1"),
        ("compare_methods", ({"survey": 0},), "answers must be a whole number"),
        ("compare_methods", ({"tarot": 5},), "must name the methods interview, survey"),
        ("compare_methods", (None, 1.5, 0, -1), "manager_sd must be"),
        ("gap_interval", ([5, 6], [5]), "expected has 2 rows but actual has 1"),
        ("gap_interval", ([5, 6], 5, 2), "direction must be 1 or -1; it is 2"),
        ("gap_interval", ([5, 6], 5, 1, 0), "level must be .*above 0"),
        ("gap_interval", ([5, 6], 5, 1, 1.5), "level must be .*below 1; it is 1.5"),
        ("gap_interval", ([5, np.nan], [np.nan, 5]), "No respondent has both"),
        ("gap_interval", ([5, np.inf], 5), "expected must be"),
        ("gap_interval", ([5, 6], np.inf), "actual must be"),
    ],
)
def test_impossible_input(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        getattr(research, function)(*arguments)


def test_prices_of_unknown_methods():
    with pytest.raises(ValueError, match="must name the methods"):
        research.compare_methods(costs={"survey": 1})


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        research.complainers,
        {},
        {
            "threshold": ([NAN, INF], [-1]),
            "mean_e": ([NAN, INF], [-1]),
            "mean_p": ([NAN, INF], [-1]),
            "sd_e": ([-0.1, NAN, INF], [0]),
            "sd_p": ([-0.1, NAN, INF], [0]),
            "rho": ([-1.1, 1.1, NAN], [-1]),
        },
    ),
    (
        research.margin_of_error,
        {"sd": 1.4, "n": 12},
        {
            "sd": ([-0.1, NAN, INF], [0]),
            "n": ([0, 1.5], [1]),
            "level": ([0, 1, NAN], [0.5]),
        },
    ),
    (research.compare_methods, {}, {"manager_sd": ([-0.1, NAN, INF], [0])}),
    (
        research.gap_interval,
        {"expected": [4, 5, 6], "actual": 5},
        {
            "expected": ([[4, 5, INF]], [[4, 5, NAN, 6]]),
            "actual": ([INF], [-1]),
            "level": ([0, 1, NAN], [0.5]),
        },
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
