import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from servicequality.models import make_or_buy
from servicequality.models.make_or_buy import WEIGHTS, self_provision

O4_3 = (-1, 1, -1, 2, 1, -1, 1)

ratings = st.lists(st.floats(-2, 2), min_size=7, max_size=7)


@pytest.mark.oracle("O4.3")
@pytest.mark.parametrize(
    ("expertise", "score", "probability"), [(-1, 0.6, 0.64566), (1, 2.2, 0.90025)]
)
def test_o4_3(expertise, score, probability):
    """The class takes expertise from -1 to +1."""
    choice = self_provision((expertise, *O4_3[1:]))
    assert choice.score == pytest.approx(score)
    assert choice.probability == pytest.approx(probability, abs=5e-6)


def test_d4_6_single_changes_that_flip_a_self_doer():
    table = make_or_buy.sensitivity(O4_3)
    change = (table["undecided"] - table["rating"]).dropna()
    assert change.to_dict() == pytest.approx(
        {
            "expertise": -0.75,
            "economic": -6 / 7,
            "resources": -1.2,
            "psychic": -1.5,
            "trust": -1.0,
            "time": -1.0,
            "control": -2.0,
        }
    )
    for factor, value in table["undecided"].items():
        one = dict(zip(WEIGHTS, O4_3, strict=True)) | {factor: value}
        assert self_provision(one).probability == pytest.approx(0.5)


def test_no_single_factor_flips_a_keen_self_doer():
    assert make_or_buy.sensitivity([2] * 7)["undecided"].isna().all()


def test_tornado_is_ordered_by_power():
    table = make_or_buy.sensitivity([0] * 7)
    assert list(table.index) == [
        "expertise",
        "economic",
        "time",
        "trust",
        "resources",
        "psychic",
        "control",
    ]
    assert table["lowest"].to_numpy() == pytest.approx(1 - table["highest"].to_numpy())


@given(ratings, st.floats(-3, 3))
def test_probability_and_score_agree(values, intercept):
    choice = self_provision(values, intercept=intercept)
    assert 0 < choice.probability < 1
    assert np.log(choice.probability / (1 - choice.probability)) == pytest.approx(
        choice.score, abs=1e-9
    )
    opposite = self_provision([-value for value in values], intercept=-intercept)
    assert opposite.probability == pytest.approx(1 - choice.probability)


@given(ratings, st.integers(0, 6), st.floats(0.1, 1))
def test_every_factor_favours_doing_it_oneself(values, factor, more):
    better = list(values)
    better[factor] = min(2, values[factor] + more)
    assert self_provision(better).score >= self_provision(values).score


@given(ratings)
def test_tornado_against_the_model(values):
    table = make_or_buy.sensitivity(values)
    assert table["swing"].is_monotonic_decreasing
    for factor, row in table.iterrows():
        known = dict(zip(WEIGHTS, values, strict=True))
        ends = [self_provision(known | {factor: end}).probability for end in (-2, 2)]
        assert ends == pytest.approx([row["lowest"], row["highest"]])
        assert row["rating"] == known[factor]


@given(ratings)
def test_names_may_come_in_any_order(values):
    known = dict(zip(WEIGHTS, values, strict=True))
    shuffled = {factor: known[factor] for factor in reversed(known)}
    assert self_provision(shuffled).score == pytest.approx(self_provision(values).score)
    assert self_provision(pd.Series(known).to_numpy()).score == pytest.approx(
        self_provision(values).score
    )


def test_the_weights_come_back_from_simulated_choices():
    """DS-06 in large: a logistic regression finds the weights again."""
    rng = np.random.default_rng(46)
    values = rng.integers(-2, 3, (40_000, 7))
    choice = self_provision(values, intercept=-0.2)
    assert choice.probability.shape == (40_000,)
    does_it = rng.random(40_000) < choice.probability
    fit = sm.Logit(does_it, sm.add_constant(values)).fit(disp=False)
    assert fit.params == pytest.approx([-0.2, *WEIGHTS.values()], abs=0.06)


def test_other_weights():
    weights = {"expertise": 2.0, "trust": 0.0}
    assert self_provision({"trust": 2, "expertise": 0.5}, weights).score == 1
    table = make_or_buy.sensitivity([0.5, 2], weights, intercept=-2)
    assert table.loc["expertise", "undecided"] == 1
    assert np.isnan(table.loc["trust", "undecided"])
    assert table.loc["trust", "swing"] == 0


def test_the_ends_of_the_scale_are_reached():
    for end in (-2, 2):
        table = make_or_buy.sensitivity([0], {"expertise": 1.0}, intercept=-end)
        assert table.loc["expertise", "undecided"] == end
    beyond = make_or_buy.sensitivity([0], {"expertise": 1.0}, intercept=2.1)
    assert beyond["undecided"].isna().all()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((-1, 1, -1, 2.5, 1, -1, 1), "ratings must be between -2 and 2; it is 2.5"),
        ((-1, 1, np.nan, 2, 1, -1, 1), "ratings must be between -2 and 2; it is nan"),
        ((1, 1, 1), "ratings must have 7 numbers.*shape is \\(3,\\)"),
        (1, "ratings must have 7 numbers"),
        ({"expertise": 1}, "must name the factors expertise, resources, .*; they name expertise"),
        (dict.fromkeys([*WEIGHTS, "luck"], 1), "they name .*luck"),
    ],
)
@pytest.mark.parametrize("function", [self_provision, make_or_buy.sensitivity])
def test_impossible_ratings(function, values, message):
    with pytest.raises(ValueError, match=message):
        function(values)


def test_the_tornado_names_its_factors():
    assert make_or_buy.sensitivity([0] * 7).index.name == "factor"


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        self_provision,
        {"ratings": [0] * 7},
        {"ratings": ([[2.1] + [0] * 6, [-2.1] + [0] * 6, [NAN] * 7], [[-2] * 7, [2] * 7])},
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
