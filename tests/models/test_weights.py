import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from servicequality.models import weights

O6_6A = [[1, 2, 4, 6], [1 / 2, 1, 3, 4], [1 / 4, 1 / 3, 1, 2], [1 / 6, 1 / 4, 1 / 2, 1]]
R_XX = [[1, 0.5, 0.3], [0.5, 1, 0.4], [0.3, 0.4, 1]]
R_XY = [0.6, 0.5, 0.4]
O6_6C = [[8.2, 7, 6], [8, 5, 6.2], [8.1, 9, 5.9], [7.9, 3, 6.1]]

ratios = st.floats(1 / 9, 9)


def flipped():
    matrix = np.array(O6_6A)
    matrix[0, 2], matrix[2, 0] = 1 / 4, 4
    return matrix


def survey(seed, n=60, k=4):
    rng = np.random.default_rng(seed)
    common = rng.standard_normal((n, 1))
    ratings = pd.DataFrame(
        common + rng.standard_normal((n, k)), columns=[f"a{i}" for i in range(k)]
    )
    outcome = ratings.to_numpy() @ rng.uniform(0.1, 1, k) + rng.standard_normal(n)
    return ratings, pd.Series(outcome, name="satisfaction")


@st.composite
def correlations(draw):
    ratings, outcome = survey(draw(st.integers(0, 2**31)), k=draw(st.integers(1, 5)))
    matrix = np.corrcoef(np.column_stack([ratings, outcome]), rowvar=False)
    return matrix[:-1, :-1], matrix[:-1, -1]


@pytest.mark.oracle("O6.6a")
def test_o6_6a():
    result = weights.ahp(O6_6A)
    assert result.weights.tolist() == pytest.approx([0.50412, 0.30052, 0.12263, 0.07274], abs=5e-6)
    assert result.eigenvalue == pytest.approx(4.03098, abs=5e-6)
    assert result.consistency_index == pytest.approx((4.03098 - 4) / 3, abs=5e-6)
    assert result.consistency_ratio == pytest.approx(0.01148, abs=5e-6)
    assert weights.geometric_mean_weights(O6_6A)[0] == pytest.approx(0.50462, abs=5e-6)
    assert np.abs(weights.geometric_mean_weights(O6_6A) - result.weights).max() < 0.01


@pytest.mark.oracle("O6.6a")
def test_o6_6a_contradiction():
    assert weights.ahp(flipped()).consistency_ratio == pytest.approx(0.4406, abs=5e-5)
    assert weights.most_contradictory(flipped()) == (0, 2)


def test_d6_6_challenge():
    """A single 5:1 contradicts three equal judgements; the others must follow it a little."""
    alone = weights.comparison_matrix({(0, 1): 5}, 4)
    assert weights.ahp(alone).consistency_ratio > 0.10
    helped = weights.comparison_matrix({(0, 1): 5, (0, 2): 2, (2, 1): 2}, 4)
    assert weights.ahp(helped).consistency_ratio <= 0.10


@pytest.mark.oracle("O6.6b")
def test_o6_6b():
    betas, r2 = weights.regression(R_XX, R_XY)
    assert r2 == pytest.approx(0.44177, abs=5e-6)
    assert betas.tolist() == pytest.approx([0.44194, 0.20484, 0.18548], abs=5e-6)
    assert weights.shapley(R_XX, R_XY).tolist() == pytest.approx(
        [0.53754, 0.28224, 0.18022], abs=5e-6
    )
    assert weights.relative_weights(R_XX, R_XY).tolist() == pytest.approx(
        [0.53896, 0.27709, 0.18395], abs=5e-6
    )
    assert weights.squared_correlations(R_XY).tolist() == pytest.approx(
        [0.46753, 0.32468, 0.20779], abs=5e-6
    )


@pytest.mark.oracle("O6.6c")
def test_o6_6c():
    assert weights.entropy(O6_6C).tolist() == pytest.approx([0.00133, 0.99632, 0.00235], abs=5e-6)


@given(st.lists(st.floats(0.05, 1), min_size=1, max_size=10))
def test_perfect_judgements_return_their_weights(raw):
    share = np.array(raw) / sum(raw)
    matrix = share[:, None] / share
    result = weights.ahp(matrix)
    assert result.weights == pytest.approx(share)
    assert result.eigenvalue == pytest.approx(len(raw))
    assert result.consistency_ratio == pytest.approx(0, abs=1e-9)
    assert result.consistency_ratio >= 0
    assert weights.geometric_mean_weights(matrix) == pytest.approx(share)


@given(st.lists(ratios, min_size=6, max_size=6), st.permutations(range(4)))
def test_ahp_by_power_iteration_in_any_order(raw, order):
    pairs = [(i, j) for i in range(4) for j in range(i + 1, 4)]
    matrix = weights.comparison_matrix(dict(zip(pairs, raw, strict=True)), 4)
    assert matrix * matrix.T == pytest.approx(np.ones((4, 4)))
    vector = np.ones(4)
    for _step in range(500):
        vector = matrix @ vector
        vector /= vector.sum()
    result = weights.ahp(matrix)
    assert result.weights == pytest.approx(vector, abs=1e-6)
    assert result.weights.sum() == pytest.approx(1)
    assert result.eigenvalue == pytest.approx((matrix @ vector / vector).mean(), abs=1e-5)
    assert result.eigenvalue >= 4
    shuffled = weights.ahp(matrix[np.ix_(order, order)])
    assert shuffled.weights == pytest.approx(result.weights[list(order)])
    assert shuffled.consistency_ratio == pytest.approx(result.consistency_ratio, abs=1e-9)


@given(st.lists(st.floats(0.1, 1), min_size=4, max_size=4), st.sampled_from([(0, 1), (1, 3)]))
def test_a_single_contradiction_is_found(raw, pair):
    matrix = np.array(raw)[:, None] / np.array(raw)
    matrix[pair] *= 20
    matrix[pair[::-1]] /= 20
    assert weights.most_contradictory(matrix) == pair


def test_random_judgements_have_a_consistency_ratio_near_one():
    """Saaty's table by simulation: judgements 1/9 to 9 drawn at random."""
    rng = np.random.default_rng(66)
    scale = np.array([1 / n for n in range(9, 1, -1)] + list(range(1, 10)))
    for k in (4, 5, 10):
        found = []
        for _draw in range(300):
            upper = np.triu(rng.choice(scale, (k, k)), 1)
            lower = np.divide(1, upper.T, out=np.zeros((k, k)), where=upper.T > 0)
            found.append(weights.ahp(upper + lower + np.eye(k)).consistency_ratio)
        assert np.mean(found) == pytest.approx(1, abs=0.06)


def test_one_or_two_attributes_cannot_contradict():
    assert weights.ahp([[1]]).weights.tolist() == [1]
    result = weights.ahp([[1, 4], [0.25, 1]])
    assert result.weights.tolist() == pytest.approx([0.8, 0.2])
    assert (result.consistency_index, result.consistency_ratio) == (0, 0)


def test_rounded_reciprocals_are_accepted():
    rounded = np.round(O6_6A, 3)
    assert weights.ahp(rounded).weights[0] == pytest.approx(0.504, abs=5e-4)
    with pytest.raises(ValueError, match=r"\(1, 0\) must be 0\.5; it is 0\.51"):
        weights.ahp([[1, 2], [0.51, 1]])


@pytest.mark.parametrize("seed", range(3))
def test_shapley_against_pingouin(seed):
    ratings, outcome = survey(seed)
    wanted = pingouin.linear_regression(ratings, outcome, relimp=True)
    found = weights.derive(ratings, outcome)
    assert found["shapley"].to_numpy() == pytest.approx(
        wanted["relimp_perc"].to_numpy()[1:] / 100, abs=1e-6
    )
    matrix = np.corrcoef(np.column_stack([ratings, outcome]), rowvar=False)
    betas, r2 = weights.regression(matrix[:-1, :-1], matrix[:-1, -1])
    assert r2 == pytest.approx(wanted["r2"].iloc[0], abs=1e-6)
    standardised = wanted["coef"].to_numpy()[1:] * ratings.std() / outcome.std()
    assert betas == pytest.approx(standardised.to_numpy(), abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_relative_weights_on_the_data(seed):
    """The uncorrelated variables closest to the ratings, from their singular vectors."""
    ratings, outcome = survey(seed)
    x = stats.zscore(ratings.to_numpy()) / np.sqrt(len(ratings))
    y = stats.zscore(outcome.to_numpy()) / np.sqrt(len(outcome))
    left, _, right = np.linalg.svd(x, full_matrices=False)
    z = left @ right
    parts = (x.T @ z) ** 2 @ (z.T @ y) ** 2
    found = weights.derive(ratings, outcome)["relative_weight"]
    assert found.to_numpy() == pytest.approx(parts / parts.sum())


@given(correlations())
def test_shares_sum_to_one(matrices):
    r_xx, r_xy = matrices
    betas, r2 = weights.regression(r_xx, r_xy)
    assert 0 <= r2 <= 1
    assert betas @ r_xy == pytest.approx(r2)
    for share in (
        weights.shapley(r_xx, r_xy),
        weights.relative_weights(r_xx, r_xy),
        weights.squared_correlations(r_xy),
    ):
        assert share.sum() == pytest.approx(1)
        assert (share >= -1e-12).all()


@given(correlations(), st.randoms(use_true_random=False))
def test_order_and_direction_of_attributes_do_not_matter(matrices, random):
    r_xx, r_xy = matrices
    order = list(range(len(r_xy)))
    random.shuffle(order)
    sign = np.array([random.choice([-1, 1]) for _ in order])
    turned = (r_xx * np.outer(sign, sign))[np.ix_(order, order)], (r_xy * sign)[order]
    for function in (weights.shapley, weights.relative_weights):
        assert function(*turned) == pytest.approx(function(r_xx, r_xy)[order], abs=1e-9)


@given(st.lists(st.floats(-0.55, 0.55), min_size=2, max_size=3))
def test_methods_agree_if_attributes_are_unrelated(r_xy):
    assume(max(map(abs, r_xy)) > 0.05)
    share = np.square(r_xy) / np.square(r_xy).sum()
    apart = np.eye(len(r_xy))
    for found in (
        weights.shapley(apart, r_xy),
        weights.relative_weights(apart, r_xy),
        weights.squared_correlations(r_xy),
        weights.regression(apart, r_xy)[0] ** 2 / np.square(r_xy).sum(),
    ):
        assert found == pytest.approx(share)


def test_nothing_explained_has_no_shares():
    for function in (weights.shapley, weights.relative_weights):
        assert np.isnan(function(np.eye(2), [0, 0])).all()
    assert np.isnan(weights.squared_correlations([0, 0, 0])).all()


def test_derive_matches_by_index_and_leaves_out_incomplete_rows():
    ratings, outcome = survey(7)
    whole = weights.derive(ratings, outcome)
    assert list(whole.columns) == ["beta", "shapley", "relative_weight", "squared_correlation"]
    pd.testing.assert_frame_equal(weights.derive(ratings, outcome.sample(frac=1)), whole)
    pd.testing.assert_frame_equal(weights.derive(ratings * 3 + 1, outcome / 7), whole)
    holed = ratings.copy()
    holed.iloc[5, 1] = np.nan
    pd.testing.assert_frame_equal(
        weights.derive(holed, outcome), weights.derive(ratings.drop(index=5), outcome)
    )


@given(
    st.lists(st.lists(st.floats(0.1, 10), min_size=3, max_size=3), min_size=2, max_size=6),
    st.lists(st.floats(0.1, 100), min_size=3, max_size=3),
)
def test_entropy_against_scipy(rows, units):
    table = np.array(rows)
    diversity = 1 - stats.entropy(table, axis=0) / np.log(len(table))
    assume(diversity.sum() > 1e-6)
    found = weights.entropy(table)
    assert found == pytest.approx(diversity / diversity.sum(), abs=1e-6)
    assert found.sum() == pytest.approx(1)
    assert weights.entropy(table * units) == pytest.approx(found, abs=1e-6)
    assert weights.entropy(table[::-1]) == pytest.approx(found, abs=1e-6)


def test_entropy_edges():
    assert np.isnan(weights.entropy([[1, 2], [1, 2]])).all()
    assert weights.entropy([[1, 5], [0, 5]]).tolist() == [1, 0]
    assert weights.entropy([[1, 5.1], [1, 5.3], [1, 5.7]]).tolist() == [0, 1]


def test_direct_rating_and_points():
    # Means 6, 6, 4 and, without the missing answer, 6, 7, 4.
    assert weights.direct_rating([[7, 5, 4], [5, 7, 4]]).tolist() == [0.375, 0.375, 0.25]
    assert weights.direct_rating([[7, np.nan, 4], [5, 7, 4]]).tolist() == pytest.approx(
        [6 / 17, 7 / 17, 4 / 17]
    )
    assert weights.direct_rating([3, 1]).tolist() == [0.75, 0.25]
    assert weights.point_allocation([[60, 40], [1, 9]]).tolist() == pytest.approx([0.35, 0.65])
    assert weights.point_allocation([[60, 40], [1, np.nan]]).tolist() == [0.6, 0.4]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: weights.ahp([[1, 2], [2, 1]]),
            r"reciprocal.*entry \(0, 1\) is 2, so entry \(1, 0\) must be 0.5; it is 2",
        ),
        (lambda: weights.ahp([[2, 2], [0.5, 1]]), "ones on its diagonal"),
        (lambda: weights.ahp([[1, -2], [-0.5, 1]]), "matrix must be .*above 0"),
        (lambda: weights.ahp([[1, 2, 3]]), r"square; its shape is \(1, 3\)"),
        (lambda: weights.ahp(np.ones((11, 11))), "at most 10 rows; it has 11"),
        (lambda: weights.geometric_mean_weights([[1, 0], [0, 1]]), "matrix must be"),
        (lambda: weights.most_contradictory([[1, 2], [0.5, 1]]), "rows of matrix must"),
        (lambda: weights.comparison_matrix({(0, 0): 2}, 3), r"not \(0, 0\)"),
        (lambda: weights.comparison_matrix({(0, 3): 2}, 3), r"from 0 to 2; not \(0, 3\)"),
        (lambda: weights.comparison_matrix({(3, 0): 2}, 3), r"from 0 to 2; not \(3, 0\)"),
        (lambda: weights.comparison_matrix({(-1, 0): 2}, 3), "two different attributes"),
        (lambda: weights.comparison_matrix({(0, 1): 0}, 3), "judgements must be .*above 0"),
        (lambda: weights.comparison_matrix({}, 0), "k must be"),
        (lambda: weights.regression(np.eye(2), [0.9, 0.9]), "contradict each other"),
        (lambda: weights.regression(np.ones((2, 2)), [0.5, 0.5]), "singular"),
        (lambda: weights.regression(np.eye(3), [0.5, 0.5]), r"shape \(2, 2\); it is \(3, 3\)"),
        (lambda: weights.shapley(np.eye(2), [1.2, 0]), "with_outcome must be between -1 and 1"),
        (lambda: weights.shapley(np.eye(13), [0.1] * 13), "number of attributes must .*at most 12"),
        (lambda: weights.entropy([[1, 2]]), r"at least two rows; its shape is \(1, 2\)"),
        (lambda: weights.entropy([1, 2]), "at least two rows"),
        (
            lambda: weights.entropy([[1, 0], [1, 0]]),
            r"^column sums of alternatives .* 0; it is 0 \(position 1\)",
        ),
        (lambda: weights.entropy([[1, -1], [1, 3]]), "alternatives must be .*at least 0"),
        (lambda: weights.direct_rating([[0, 0]]), "sum to zero"),
        (lambda: weights.direct_rating([[1, np.nan]]), "Nobody rated attribute 1, counted from 0"),
        (lambda: weights.point_allocation([[1, np.nan]]), "No customer shared out points"),
        (lambda: weights.point_allocation([[1, -1]]), "zero or more"),
    ],
)
def test_impossible_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_an_attribute_that_never_varies():
    ratings, outcome = survey(8)
    with pytest.raises(ValueError, match="No variation in a1:"):
        weights.derive(ratings.assign(a1=4.1), outcome)
    with pytest.raises(ValueError, match="No variation in a0, satisfaction"):
        weights.derive(ratings.assign(a0=1), outcome * 0)
    with pytest.raises(ValueError, match="Fewer than two customers"):
        weights.derive(ratings.iloc[:1], outcome)


def test_two_customers_are_enough():
    found = weights.derive(pd.DataFrame({"speed": [1, 2]}), pd.Series([3, 5]))
    assert found.loc["speed"].tolist() == pytest.approx([1, 1, 1, 1])


def test_three_attributes_can_contradict():
    found = weights.ahp([[1, 2, 1 / 2], [1 / 2, 1, 2], [2, 1 / 2, 1]])
    assert found.consistency_ratio == pytest.approx((found.eigenvalue - 3) / 2 / 0.58)
    assert found.consistency_ratio > 0.1


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        weights.direct_rating,
        {},
        {"ratings": ([[1, -0.1], [1, INF]], [[0, 0.5], [[NAN, 1], [1, 1]]])},
    ),
    (
        weights.comparison_matrix,
        {"judgements": {}, "k": 2},
        {
            "judgements": ([{(0, 1): 0}, {(0, 1): INF}], [{(0, 1): 0.5}, {(1, 0): 9}]),
            "k": ([0, 1.5], [1]),
        },
    ),
    (weights.ahp, {}, {"matrix": ([[[1, 0], [0, 1]], [[NAN]]], [[[1]], np.ones((10, 10))])}),
    (weights.squared_correlations, {}, {"with_outcome": ([[-1.1], [1.1]], [[-1], [1]])}),
    (weights.regression, {"predictors": [[1]]}, {"with_outcome": ([[-1.1], [1.1]], [[-1], [1]])}),
    (weights.entropy, {}, {"alternatives": ([[[1, -0.1], [1, 1]], [[NAN], [1]]], [[[0], [0.5]]])}),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
