import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from servicequality.models import servperf, servqual

RULES = [
    {},
    {"rho": -0.2, "noise": 0.3},
    {"rho": 0.8, "noise": 1.5, "beta_p": 0.5},
    {"beta_e": -1.0},
    {"beta_p": 0.4, "beta_e": 0.6, "rho": 0.5},
]


def true_r2(rho=0.3, noise=0.8, beta_p=1.0, beta_e=0.0):
    """R squared of each ruler in the population, from covariances."""
    spread = np.array([[1, rho], [rho, 1]])
    beta = np.array([beta_p, beta_e])
    verdict = beta @ spread @ beta + noise**2
    rulers = {"performance": [1, 0], "gap": [1, -1], "zone": [1, -0.5]}
    return {
        ruler: (np.array(c) @ spread @ beta) ** 2 / (np.array(c) @ spread @ c) / verdict
        for ruler, c in rulers.items()
    }


@pytest.mark.parametrize("rule", RULES)
def test_simulation_has_the_r2_of_its_rule(rule):
    ratings = servperf.simulate(n=50_000, seed=1, **rule)
    found = servperf.compare_rulers(ratings, draws=1)["r2"]
    assert found.to_dict() == pytest.approx(true_r2(**rule), abs=0.01)


@pytest.mark.parametrize("rule", RULES)
def test_r2_of_the_rule_in_closed_form(rule):
    assert servperf.rule_r_squared(**rule).to_dict() == pytest.approx(true_r2(**rule))


def test_a_rule_without_any_difference_explains_nothing():
    assert servperf.rule_r_squared(beta_p=0, noise=0).isna().all()
    assert servperf.rule_r_squared(rho=1).isna().to_dict() == {
        "performance": False,
        "gap": True,
        "zone": False,
    }
    assert servperf.rule_r_squared(rho=1).dtype == float


def test_d2_2_performance_wins_by_default_and_the_gap_in_the_challenge():
    default = servperf.compare_rulers(servperf.simulate())
    assert list(default["r2"].sort_values(ascending=False).index) == ["performance", "zone", "gap"]
    assert default.loc["performance", "lower"] > default.loc["gap", "upper"]
    solved = servperf.compare_rulers(servperf.simulate(beta_e=-1))
    assert list(solved["r2"].sort_values(ascending=False).index) == ["gap", "zone", "performance"]


@given(
    st.integers(50, 500),
    st.floats(-0.2, 0.8),
    st.floats(0, 2),
    st.floats(-1, 1),
    st.floats(-1, 1),
    st.integers(0, 1000),
)
def test_simulation_is_what_it_says(n, rho, noise, beta_p, beta_e, seed):
    ratings = servperf.simulate(n, rho, noise, beta_p, beta_e, seed)
    assert ratings.perceptions.shape == ratings.expectations.shape == (n, 5)
    assert list(ratings.perceptions) == list(servqual.DIMENSIONS)
    assert ratings.verdict.name == "verdict"
    again = servperf.simulate(n, rho, noise, beta_p, beta_e, seed)
    pd.testing.assert_frame_equal(ratings.perceptions, again.perceptions)
    pd.testing.assert_series_equal(ratings.verdict, again.verdict)
    averages = servperf.average_scores(ratings)
    gap = averages["performance"] - ratings.expectations.mean(axis=1)
    assert averages["gap"].to_numpy() == pytest.approx(gap.to_numpy())
    if noise == 0 and abs(beta_p) > 0.01:
        # Without noise the two averages determine the verdict.
        both = np.column_stack(
            [np.ones(n), averages["performance"], ratings.expectations.mean(axis=1)]
        )
        rest = ratings.verdict - both @ np.linalg.lstsq(both, ratings.verdict, rcond=None)[0]
        assert np.abs(rest).max() < 1e-8


def test_moving_one_control_keeps_the_customers():
    one, other = servperf.simulate(seed=4), servperf.simulate(seed=4, rho=0.6, beta_e=0.5)
    pd.testing.assert_frame_equal(one.perceptions, other.perceptions)


@pytest.mark.parametrize("each_dimension", [False, True])
def test_r2_and_line_against_statsmodels(hotel, each_dimension):
    ratings = servperf.from_survey(hotel, "overall")
    found = servperf.compare_rulers(ratings, each_dimension, draws=10)
    for ruler, scores in servperf.ruler_scores(ratings).items():
        average = scores.mean(axis=1)
        predictors = scores if each_dimension else average
        fit = sm.OLS(ratings.verdict, sm.add_constant(predictors)).fit()
        assert found.loc[ruler, "r2"] == pytest.approx(fit.rsquared)
        line = sm.OLS(ratings.verdict, sm.add_constant(average)).fit()
        assert found.loc[ruler, ["intercept", "slope"]].tolist() == pytest.approx(
            line.params.tolist()
        )


@pytest.mark.parametrize("each_dimension", [False, True])
def test_bootstrap_against_refitting_each_sample(each_dimension):
    ratings = servperf.simulate(n=60, seed=2)
    draws, seed, n = 200, 5, 60
    rows = np.random.default_rng(seed).integers(n, size=(draws, n))
    gaps = servperf.ruler_scores(ratings)["gap"]
    predictors = gaps if each_dimension else gaps.mean(axis=1).to_frame()
    refitted = [
        sm.OLS(ratings.verdict.to_numpy()[r], sm.add_constant(predictors.to_numpy()[r]))
        .fit()
        .rsquared
        for r in rows
    ]
    found = servperf.compare_rulers(ratings, each_dimension, draws, level=0.9, seed=seed)
    assert found.loc["gap", ["lower", "upper"]].tolist() == pytest.approx(
        np.percentile(refitted, [5, 95]).tolist()
    )


def test_the_bootstrap_interval_covers_the_truth():
    truth = true_r2()["performance"]
    covered = []
    for seed in range(200):
        row = servperf.compare_rulers(servperf.simulate(n=200, seed=seed), draws=300, seed=seed)
        lower, upper = row.loc["performance", ["lower", "upper"]]
        covered.append(lower < truth < upper)
    assert np.mean(covered) == pytest.approx(0.95, abs=0.05)


@given(st.integers(0, 2**31))
def test_order_of_customers_does_not_matter(order):
    ratings = servperf.simulate(n=80)
    shuffled = servperf.Ratings(*(part.sample(frac=1, random_state=order) for part in ratings))
    for each_dimension in (False, True):
        one = servperf.compare_rulers(ratings, each_dimension, draws=5)["r2"]
        other = servperf.compare_rulers(shuffled, each_dimension, draws=5)["r2"]
        assert other.tolist() == pytest.approx(one.tolist())
        assert ((one >= 0) & (one <= 1)).all()


@pytest.mark.oracle("R2.5")
@pytest.mark.parametrize(
    ("outcome", "performance", "gap"),
    [("Y1_overall_satisfaction", 0.4913, 0.3802), ("Y2_overall_quality", 0.4583, 0.4506)],
)
def test_r2_5_kiosk(kiosk, kiosk_dimensions, outcome, performance, gap):
    ratings = servperf.from_survey(kiosk, outcome, kiosk_dimensions, prefixes=("E", "P"))
    assert len(ratings.verdict) == 207
    found = servperf.average_scores(ratings).corr()["verdict"]
    assert found["performance"] == pytest.approx(performance, abs=5e-5)
    assert found["gap"] == pytest.approx(gap, abs=5e-5)
    r2 = servperf.compare_rulers(ratings, draws=10)["r2"]
    assert r2["performance"] == pytest.approx(performance**2, abs=1e-4)
    assert r2["gap"] == pytest.approx(gap**2, abs=1e-4)


def test_dimension_table(hotel):
    ratings = servperf.from_survey(hotel, "overall")
    table = servperf.dimension_table(ratings)
    reliability = ratings.perceptions["reliability"] - ratings.expectations["reliability"]
    assert table.loc["reliability", "gap"] == pytest.approx(reliability.mean())
    assert table.loc["reliability", "r2_gap"] == pytest.approx(
        np.corrcoef(reliability, ratings.verdict)[0, 1] ** 2
    )
    # The adequate level lies 1.2 below the expected one on average.
    assert (table["zone"] - table["gap"]).tolist() == pytest.approx([1.2] * 5)
    assert table["r2_performance"].idxmax() == "reliability"


def test_adequate_level_between_the_other_rulers():
    ratings = servperf.simulate(n=100)
    expected, averages = ratings.expectations, servperf.average_scores(ratings)
    spread = servperf.adequate_level(expected, distance=1, share=1)
    assert spread.to_numpy() == pytest.approx((expected - 1).to_numpy())
    fixed = servperf.adequate_level(expected, share=0)
    assert fixed.std().tolist() == pytest.approx([0] * 5, abs=1e-9)
    assert averages["performance"].corr(
        (ratings.perceptions - fixed).mean(axis=1)
    ) == pytest.approx(1)
    width = expected - servperf.adequate_level(expected)
    assert (width.mean(axis=1) > 0).mean() > 0.95


def test_what_does_not_vary_predicts_nothing():
    ratings = servperf.simulate(n=100, rho=1)
    found = servperf.compare_rulers(ratings, draws=20)
    assert found.loc["gap", "r2"] == 0, "the average gap is the same for everybody"
    assert np.isnan(found.loc["gap", "slope"])
    flat = ratings._replace(verdict=ratings.verdict * 0 + 5)
    assert servperf.compare_rulers(flat, draws=20)[["r2", "lower", "upper"]].isna().all(axis=None)


def test_incomplete_customers_are_left_out(hotel):
    ratings = servperf.from_survey(hotel, "overall")
    assert len(ratings.verdict) <= hotel["overall"].notna().sum()
    assert not ratings.perceptions.isna().any(axis=None)
    holed = hotel.astype({"overall": float}).copy()
    holed.loc[ratings.verdict.index[0], "overall"] = np.nan
    assert len(servperf.from_survey(holed, "overall").verdict) == len(ratings.verdict) - 1


def test_how_much_must_be_answered_and_on_which_scale(hotel):
    dimensions = {"empathy": servqual.DIMENSIONS["empathy"]}
    asked = [prefix + item for prefix in ("E_", "P_") for item in dimensions["empathy"]]
    holed = hotel.assign(E_E1=hotel["E_E1"].mask(hotel.index < 50))
    strict = servperf.from_survey(holed, "overall", dimensions, min_share=1)
    whole = holed[[*asked, "overall"]].notna().all(axis=1)
    assert strict.verdict.index.tolist() == whole.index[whole].tolist()
    some = servperf.from_survey(holed, "overall", dimensions)
    assert len(some.verdict) >= len(strict.verdict) + 40
    lifted = servperf.from_survey(
        hotel.assign(**(hotel[asked] + 3)), "overall", dimensions, scale=(4, 10)
    )
    plain = servperf.from_survey(hotel, "overall", dimensions)
    assert lifted.perceptions.to_numpy() == pytest.approx(3 + plain.perceptions.to_numpy())


def test_numbers_far_from_zero_lose_no_digits():
    near = servperf.simulate(n=100)
    far = near._replace(verdict=near.verdict + 1e7, perceptions=near.perceptions + 1e6)
    one, other = (servperf.compare_rulers(ratings, draws=5)["r2"] for ratings in (near, far))
    assert other.tolist() == pytest.approx(one.tolist(), rel=1e-6)


def test_bad_surveys(hotel):
    with pytest.raises(ValueError, match="no column verdict"):
        servperf.from_survey(hotel, "verdict")
    with pytest.raises(ValueError, match="Column E_T1, row 3: the answer 9"):
        servperf.from_survey(hotel.assign(E_T1=hotel["E_T1"].where(hotel.index != 3, 9)), "overall")
    with pytest.raises(ValueError, match="No respondent has a score"):
        servperf.from_survey(hotel.assign(overall=np.nan), "overall")


@pytest.mark.parametrize(
    ("arguments", "name"),
    [({"n": 1}, "n must"), ({"rho": 1.1}, "rho must"), ({"noise": -1}, "noise must")],
)
def test_impossible_simulations(arguments, name):
    with pytest.raises(ValueError, match=name):
        servperf.simulate(**arguments)


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        servperf.simulate,
        {},
        {
            "n": ([1, 2.5, servperf.MOST_CUSTOMERS + 1], [2, servperf.MOST_CUSTOMERS]),
            "rho": ([-1.1, 1.1, NAN], [-1, 1]),
            "noise": ([-0.1, NAN, INF], [0]),
        },
    ),
    (
        servperf.rule_r_squared,
        {},
        {"rho": ([-1.1, 1.1, NAN], [-1, 1]), "noise": ([-0.1, NAN, INF], [0])},
    ),
    (
        servperf.adequate_level,
        {"expectations": pd.DataFrame({"speed": [5.0, 7.0]})},
        {"distance": ([-0.1, NAN, INF], [0]), "share": ([-0.1, 1.1, NAN], [0, 1])},
    ),
    (
        servperf.compare_rulers,
        {"ratings": servperf.simulate(20)},
        {"draws": ([0, 1.5, 1_000_001], [1]), "level": ([0, 1, NAN], [0.5])},
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
