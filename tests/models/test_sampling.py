import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import samplesize_confint_proportion

from servicequality.models import sampling

spreads = st.floats(0.2, 5)
margins = st.floats(0.02, 1)
populations = st.integers(2, 10**7)


@pytest.mark.oracle("O6.5")
def test_o6_5_mean():
    city = sampling.sample_size_mean(1.4, 0.15)
    assert city.infinite == pytest.approx(334.646, abs=5e-4)
    assert (city.finite, city.n) == (city.infinite, 335)
    town = sampling.sample_size_mean(1.4, 0.15, population=2000)
    assert town.finite == pytest.approx(286.801, abs=5e-4)
    assert town.n == 287
    half = sampling.sample_size_mean(1.4, 0.075)
    assert half.infinite == pytest.approx(1338.58, abs=5e-3)
    assert half.n == 1339
    less_sure = sampling.sample_size_mean(1.4, 0.15, z=1.645)
    assert less_sure.infinite == pytest.approx(235.72, abs=5e-3)
    assert less_sure.n == 236


@pytest.mark.oracle("O6.5")
def test_o6_5_proportion():
    endless = sampling.sample_size_proportion(0.05)
    assert endless.infinite == pytest.approx(384.16)
    assert endless.n == 385
    plan = sampling.sample_size_proportion(0.05, population=1500, response=0.25)
    assert plan.finite == pytest.approx(305.996, abs=5e-4)
    assert (plan.n, plan.invitations, plan.reachable) == (306, 1224, True)
    uncorrected = sampling.sample_size_proportion(0.05, response=0.25)
    assert uncorrected.invitations == 1540 > 1500


@pytest.mark.oracle("O6.5")
def test_o6_5_bias():
    truth, bias = sampling.nonresponse(4.2, 3.6, 0.25)
    assert truth == pytest.approx(3.75)
    assert bias == pytest.approx(0.45)
    huge = sampling.simulate_surveys(10**6, truth=3.75, tilt=0.6, response=0.25)
    assert huge["mean"].mean() == pytest.approx(4.2, abs=1e-3), "no n fixes it"
    assert not huge["covers"].any()


def test_q6_3_and_d6_3_the_population_hardly_matters():
    plan = sampling.sample_size_mean(1.4, 0.15, population=[2_000, 1_000_000, 2_000_000])
    assert plan.n.tolist() == [287, 335, 335]


def test_d6_3_challenge():
    """With a tilt of .3 an RMSE of .15 is reached by more response, not by more answers."""
    assert sampling.survey_rmse(1.4, 335, 0.3, 0.60) == pytest.approx(0.142, abs=5e-4)
    assert sampling.survey_rmse(1.4, 335, 0.3, 0.25) > 0.15
    assert sampling.survey_rmse(1.4, 10**9, 0.3, 0.25) > 0.15


def test_invitations_never_exceed_the_population():
    plan = sampling.sample_size_proportion(0.05, population=500, response=0.25)
    assert (plan.n, plan.invitations, plan.reachable) == (218, 500, False)
    enough = sampling.sample_size_proportion(0.05, population=500, response=0.5)
    assert (enough.invitations, enough.reachable) == (436, True)
    everybody = sampling.sample_size_mean(1, 0.01, population=10)
    assert (everybody.n, everybody.invitations, everybody.reachable) == (10, 10, True)


def test_whole_numbers_are_not_rounded_up_further():
    assert sampling.sample_size_mean(1, 0.1, z=2).n == 400
    assert sampling.sample_size_mean(1, 0.1, z=2, response=0.1).invitations == 4000


@given(margins.filter(lambda d: d < 0.5), st.floats(0.05, 0.95))
def test_proportion_against_statsmodels(margin, share):
    wanted = samplesize_confint_proportion(share, margin, alpha=0.05)
    found = sampling.sample_size_proportion(margin, share, z=sampling.z_value(0.95))
    assert found.infinite == pytest.approx(wanted)


@given(spreads, margins, populations)
def test_the_plan_reaches_the_margin_and_no_smaller_one_does(sd, margin, population):
    plan = sampling.sample_size_mean(sd, margin, population=population)
    assert 1 <= plan.n <= population
    reached = 1.96 * sampling.standard_error(sd, plan.n, population)
    assert reached <= margin * (1 + 1e-6)
    if plan.n > 1:
        assert 1.96 * sampling.standard_error(sd, plan.n - 1, population) > margin * (1 - 1e-6)


@given(spreads, margins, populations, st.floats(0.05, 1))
def test_monotone(sd, margin, population, response):
    plan = sampling.sample_size_mean(sd, margin, population=population, response=response)
    larger = sampling.sample_size_mean(sd, margin, population=10 * population, response=response)
    looser = sampling.sample_size_mean(sd, 2 * margin, population=population, response=response)
    assert plan.n <= larger.n <= np.ceil(plan.infinite)
    assert looser.n <= plan.n
    assert looser.infinite == pytest.approx(plan.infinite / 4)
    assert plan.n <= plan.invitations <= population
    assert plan.reachable == (np.ceil(round(plan.n / response, 9)) <= population)


@given(spreads, margins, st.floats(0.1, 50))
def test_units_do_not_matter(sd, margin, unit):
    one = sampling.sample_size_mean(sd, margin)
    assert sampling.sample_size_mean(sd * unit, margin * unit).infinite == pytest.approx(
        one.infinite
    )


def test_the_finite_correction_by_enumeration():
    """All samples of two from four people: the spread of their means is the standard error."""
    people = np.array([1.0, 4.0, 5.0, 9.0])
    pairs = [people[[i, j]].mean() for i in range(4) for j in range(i)]
    assert sampling.standard_error(people.std(), 2, 4) == pytest.approx(np.std(pairs))
    assert sampling.standard_error(2, 25) == pytest.approx(0.4)
    assert sampling.standard_error(2, [4, 1], [4, 1]).tolist() == [0, 0], "everyone was asked"


@given(spreads, st.integers(2, 500), st.floats(-2, 2), st.floats(0, 1))
def test_rmse_is_bias_and_chance(sd, n, tilt, response):
    rmse = sampling.survey_rmse(sd, n, tilt, response)
    bias = sampling.nonresponse(tilt, 0, response).bias
    assert rmse**2 == pytest.approx(sd**2 / n + bias**2)
    assert rmse >= abs(bias) - 1e-12


def test_without_tilt_silence_does_no_harm():
    assert sampling.survey_rmse(2, 25) == pytest.approx(0.4)
    assert sampling.survey_rmse(2, 25, response=0.5) == pytest.approx(0.4)
    assert sampling.survey_rmse(2, 25, population=25) == 0
    quiet = sampling.simulate_surveys(335, response=0.25)
    assert quiet.equals(sampling.simulate_surveys(335))


def test_simulation_against_the_formulas():
    surveys = sampling.simulate_surveys(50, 1.4, 4, surveys=20_000, seed=5)
    assert surveys["mean"].mean() == pytest.approx(4, abs=0.005)
    assert surveys["mean"].std() == pytest.approx(1.4 / np.sqrt(50), rel=0.02)
    # A z interval with 49 degrees of freedom covers a little less than it says.
    assert surveys["covers"].mean() == pytest.approx(0.944, abs=0.006)
    assert ((surveys["lower"] <= 4) & (surveys["upper"] >= 4)).equals(surveys["covers"])
    biased = sampling.simulate_surveys(335, 1.4, 4, 0.3, 0.25, surveys=20_000)
    rmse = np.sqrt(((biased["mean"] - 4) ** 2).mean())
    assert rmse == pytest.approx(sampling.survey_rmse(1.4, 335, 0.3, 0.25), rel=0.01)


def test_simulation_against_asking_real_people():
    """Draw every answer: mean and width of the intervals have the same distribution."""
    rng = np.random.default_rng(65)
    answers = rng.normal(4, 1.4, (20_000, 10))
    half = 1.959964 * answers.std(axis=1, ddof=1) / np.sqrt(10)
    found = sampling.simulate_surveys(10, surveys=20_000)
    width = (found["upper"] - found["lower"]) / 2
    for level in (5, 50, 95):
        assert np.percentile(width, level) == pytest.approx(np.percentile(half, level), rel=0.02)
    assert found["mean"].std() == pytest.approx(answers.mean(axis=1).std(), rel=0.03)


def test_a_census_knows_the_truth():
    census = sampling.simulate_surveys(200, population=200)
    assert (census["mean"] == 4).all()
    assert (census["upper"] == census["lower"]).all()
    assert census["covers"].all()


def test_the_same_seed_moves_smoothly():
    one, more = (sampling.simulate_surveys(n, seed=3) for n in (335, 336))
    assert one.equals(sampling.simulate_surveys(335, seed=3))
    assert (one["mean"] - more["mean"]).abs().max() < 0.001
    assert (one["lower"] - more["lower"]).abs().max() < 0.001
    assert not one.equals(sampling.simulate_surveys(335, seed=4))
    assert len(one) == 100


def test_z_values():
    assert sampling.z_value([0.90, 0.95, 0.99]).tolist() == pytest.approx(
        [1.644854, 1.959964, 2.575829], abs=5e-7
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sampling.sample_size_mean(0, 0.1), "sd must be .*above 0"),
        (lambda: sampling.sample_size_mean(1, 0), "margin must be .*above 0"),
        (lambda: sampling.sample_size_mean(1, 0.1, z=0), "z must be"),
        (
            lambda: sampling.sample_size_mean(1, 0.1, population=0.5),
            "population must be at least 1",
        ),
        (lambda: sampling.sample_size_mean(1, 0.1, response=0), "response must be above 0"),
        (lambda: sampling.sample_size_mean(1, 0.1, response=25), "at most 1; it is 25"),
        (lambda: sampling.sample_size_proportion(0.05, share=0), "share must be above 0"),
        (lambda: sampling.sample_size_proportion(0.05, share=1), "share must be"),
        (lambda: sampling.sample_size_proportion(5), "margin must be above 0 and below 1; it is 5"),
        (lambda: sampling.sample_size_proportion(0.05, z=-1), "z must be"),
        (lambda: sampling.standard_error(-1, 5), "sd must be"),
        (lambda: sampling.standard_error(1, 0), "n must be"),
        (lambda: sampling.standard_error(1, 5, 0), "population must be"),
        (lambda: sampling.standard_error(1, 5, 4), "population minus n must be .*it is -1"),
        (lambda: sampling.nonresponse(4, 3, 1.2), "response must be between 0 and 1"),
        (lambda: sampling.nonresponse(np.nan, 3, 1), "answering_mean must be"),
        (lambda: sampling.nonresponse(4, np.inf, 1), "silent_mean must be"),
        (lambda: sampling.simulate_surveys(1), "n must be .*at least 2"),
        (lambda: sampling.simulate_surveys(10.5), "n must be a whole number"),
        (lambda: sampling.simulate_surveys(10, sd=0), "sd must be .*above 0"),
        (lambda: sampling.simulate_surveys(10, truth=np.nan), "truth must be"),
        (lambda: sampling.simulate_surveys(10, level=1), "level must be"),
        (lambda: sampling.simulate_surveys(10, surveys=0), "surveys must be"),
        (lambda: sampling.simulate_surveys(10, surveys=20_001), "surveys must be .*20000"),
        (lambda: sampling.z_value(0), "level must be"),
        (lambda: sampling.z_value(1), "level must be"),
    ],
)
def test_impossible_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (sampling.z_value, {}, {"level": ([0, 1], [0.01, 0.99])}),
    (
        sampling.sample_size_mean,
        {"sd": 1, "margin": 0.1},
        {
            "sd": ([0, INF], [0.1]),
            "margin": ([0], [0.01, 2]),
            "z": ([0], [0.1]),
            "population": ([0.9, NAN], [1, 1.5, INF]),
            "response": ([0, 1.1], [0.01, 1]),
        },
    ),
    (
        sampling.sample_size_proportion,
        {"margin": 0.1},
        {
            "margin": ([0, 1], [0.01, 0.99]),
            "share": ([0, 1], [0.01, 0.99]),
            "z": ([0], [0.1]),
            "population": ([0.9, NAN], [1, INF]),
            "response": ([0, 1.1], [0.01, 1]),
        },
    ),
    (
        sampling.standard_error,
        {"sd": 1, "n": 1},
        {
            "sd": ([-0.1], [0, 0.5]),
            "n": ([0.9], [1, 1.5]),
            "population": ([0.9, NAN], [1, INF]),
        },
    ),
    (
        sampling.nonresponse,
        {"answering_mean": 4, "silent_mean": 3, "response": 0.5},
        {
            "answering_mean": ([NAN], [-1]),
            "silent_mean": ([INF], [-1]),
            "response": ([-0.1, 1.1], [0, 1]),
        },
    ),
    (
        sampling.simulate_surveys,
        {"n": 2},
        {
            "n": ([1, 2.5], [2]),
            "sd": ([0], [0.5]),
            "truth": ([NAN], [-1]),
            "response": ([-0.1, 1.1], [0, 1]),
            "surveys": ([0, 1.5, 20_001], [1, 20_000]),
            "level": ([0, 1], [0.01, 0.99]),
        },
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
