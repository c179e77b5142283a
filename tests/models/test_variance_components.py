import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.mixed_linear_model import MixedLM

from servicequality.models import variance_components as vc

O1_2A = pd.DataFrame(
    {
        "branch": np.repeat(list("ABCD"), 5),
        "customer": np.tile(range(5), 4),
        "score": [8, 7, 9, 6, 8, 7, 6, 8, 7, 5, 9, 8, 7, 9, 8, 6, 7, 5, 8, 6],
    }
)
BANK = {"branch": 0.10, "employee": 0.25, "residual": 1.65}

shares = st.floats(0.01, 1)
counts = st.integers(1, 300)


def nested_ratings(seed, sizes, sd=(1.0, 0.7, 1.0)):
    """Make ratings of branches; sizes holds for each branch the ratings of each employee."""
    rng = np.random.default_rng(seed)
    rows = []
    for b, branch in enumerate(sizes):
        level = 7 + sd[0] * rng.standard_normal()
        for e, n in enumerate(branch):
            mean = level + sd[1] * rng.standard_normal()
            rows += [(f"b{b}", f"e{e}", mean + sd[2] * x) for x in rng.standard_normal(n)]
    return pd.DataFrame(rows, columns=["branch", "employee", "score"])


def averaging(labels):
    """Return the matrix that replaces each rating by the mean of its group."""
    same = np.equal.outer(labels, labels)
    return same / same.sum(axis=1)


@pytest.mark.oracle("O1.2a")
def test_o1_2a():
    result = vc.one_way(O1_2A, "branch", "score")
    assert result.msb == pytest.approx(3.6000, abs=5e-5)
    assert result.msw == pytest.approx(1.1500, abs=5e-5)
    assert result.f == pytest.approx(3.1304, abs=5e-5)
    assert result.p == pytest.approx(0.0549, abs=5e-5)
    assert result.icc == result.share == pytest.approx(0.2988, abs=5e-5)
    assert result.reliability == pytest.approx(0.6806, abs=5e-5)
    assert result.k == 5


@pytest.mark.oracle("O1.2b")
def test_o1_2b():
    assert vc.spearman_brown(0.06, [10, 25]) == pytest.approx([0.3896, 0.6148], abs=5e-5)
    assert vc.ratings_needed(0.06, 0.80) == 63
    assert vc.spearman_brown(0.06, 62.67) == pytest.approx(0.80, abs=5e-5)
    assert vc.spearman_brown(0.06, 62) < 0.80 < vc.spearman_brown(0.06, 63)


@pytest.mark.oracle("O1.2c")
def test_o1_2c():
    found = vc.branch_reliability(**BANK, employees=6, ratings=[10, 100, np.inf])
    assert found == pytest.approx([0.5911, 0.6924, 0.7059], abs=5e-5)
    total = sum(BANK.values())
    assert [v / total for v in BANK.values()] == pytest.approx([0.05, 0.125, 0.825])


def test_d1_2_challenge():
    """Six employees can never reach .80; eleven need 66 ratings each, where R is .80 exactly."""
    assert vc.branch_reliability(0.05, 0.125, 0.825, 6, np.inf) < 0.80
    found = vc.branch_reliability(0.05, 0.125, 0.825, 11, [65, 66, 67])
    assert found[0] < 0.80 < found[2]
    assert found[1] == pytest.approx(0.80, abs=1e-12)


@given(st.integers(0, 2**31), st.integers(2, 6), st.integers(2, 6))
def test_one_way_against_scipy(seed, g, k):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "branch": np.repeat(np.arange(g), k),
            "customer": np.tile(np.arange(k), g),
            "score": rng.normal(7, 1, g * k) + np.repeat(rng.normal(0, 1, g), k),
        }
    )
    result = vc.one_way(table, "branch", "score")
    f, p = stats.f_oneway(*(rows for _branch, rows in table.groupby("branch")["score"]))
    assert (result.f, result.p) == pytest.approx((f, p), rel=1e-6)
    assert vc.spearman_brown(result.icc, k) == pytest.approx(result.reliability, rel=1e-6)
    assert -1 / (k - 1) - 1e-9 <= result.icc <= 1
    assert result.share == max(0, result.icc)


def test_icc_against_pingouin():
    theirs = pingouin.intraclass_corr(O1_2A, "branch", "customer", "score").set_index("Type")["ICC"]
    ours = vc.one_way(O1_2A, "branch", "score")
    assert ours.icc == pytest.approx(theirs.filter(regex=r"ICC1$|ICC\(1,1\)").item(), abs=1e-6)
    assert ours.reliability == pytest.approx(
        theirs.filter(regex=r"ICC1k$|ICC\(1,k\)").item(), abs=1e-6
    )


@given(st.integers(0, 2**31), st.lists(st.integers(1, 6), min_size=2, max_size=6))
def test_groups_of_different_size(seed, sizes):
    """The expected mean squares by another route: traces of projection matrices."""
    sizes[0] += 1
    ratings = nested_ratings(seed, [[n] for n in sizes])
    result = vc.one_way(ratings, "branch", "score")
    n, g = len(ratings), len(sizes)
    labels = ratings["branch"].to_numpy()
    together = np.equal.outer(labels, labels).astype(float)
    between = averaging(labels) - averaging(np.zeros(n))
    within = np.eye(n) - averaging(labels)
    scores = ratings["score"].to_numpy()
    assert result.msb == pytest.approx(scores @ between @ scores / (g - 1))
    assert result.msw == pytest.approx(scores @ within @ scores / (n - g))
    assert result.k == pytest.approx(np.trace(between @ together) / (g - 1))
    assert result.icc == pytest.approx(
        (result.msb - result.msw) / (result.msb + (result.k - 1) * result.msw)
    )


def test_groups_that_agree_too_well_have_a_negative_icc():
    equal = pd.DataFrame({"branch": list("AABB"), "score": [1, 3, 1, 3]})
    result = vc.one_way(equal, "branch", "score")
    assert (result.icc, result.share, result.f, result.p) == (-1, 0, 0, 1)
    assert result.reliability == -np.inf
    assert vc.ratings_needed(result.icc, 0.8) == np.inf


def test_ratings_that_do_not_vary():
    no_spread = pd.DataFrame({"branch": list("AABB"), "score": [1, 1, 3, 3]})
    assert vc.one_way(no_spread, "branch", "score")[2:4] == (np.inf, 0)
    assert vc.one_way(no_spread, "branch", "score").icc == 1
    flat = vc.one_way(no_spread.assign(score=5), "branch", "score")
    assert flat.msb == flat.msw == 0
    assert np.isnan([flat.f, flat.p, flat.icc, flat.share, flat.reliability]).all()


def test_rows_with_a_missing_value_are_left_out():
    gone = pd.DataFrame({"branch": ["A", None, "E"], "customer": 9, "score": [np.nan, 3, np.nan]})
    more = pd.concat([O1_2A, gone], ignore_index=True)
    assert vc.one_way(more, "branch", "score") == vc.one_way(O1_2A, "branch", "score")


def test_impossible_ratings():
    with pytest.raises(ValueError, match="no column team"):
        vc.one_way(O1_2A, "team", "score")
    with pytest.raises(ValueError, match="at least two groups; column 'branch' has 1"):
        vc.one_way(O1_2A[:5], "branch", "score")
    with pytest.raises(ValueError, match="Every group of column 'branch' has only one rating"):
        vc.one_way(O1_2A[::5], "branch", "score")
    with pytest.raises(ValueError, match="score must be a finite number"):
        vc.one_way(O1_2A.assign(score="good"), "branch", "score")


@given(st.floats(0.001, 0.999), counts, counts)
def test_spearman_brown_composes(icc, n, m):
    once = vc.spearman_brown(icc, n)
    assert vc.spearman_brown(once, m) == pytest.approx(vc.spearman_brown(icc, n * m))
    assert icc - 1e-12 <= once <= 1


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_ratings_needed_is_the_smallest_number(icc, target):
    n = vc.ratings_needed(icc, target)
    assert n >= 1
    assert n == int(n)
    assert vc.spearman_brown(icc, n) >= target - 1e-8
    if n > 1:
        assert vc.spearman_brown(icc, n - 1) < target


def test_ratings_needed_does_not_round_up_what_is_whole():
    assert vc.ratings_needed([0.1, 0.2, 0.5, 0.9], [0.5, 0.8, 0.9, 0.3]).tolist() == [9, 16, 9, 1]
    assert vc.ratings_needed([0, -0.2, 1], 0.9).tolist() == [np.inf, np.inf, 1]


def test_a_negative_icc_follows_the_formula_while_it_can():
    assert vc.spearman_brown(-0.1, 5) == pytest.approx(-0.5 / 0.6)
    assert np.isnan(vc.spearman_brown(-0.25, [5, 6])).all()
    assert np.isnan(vc.spearman_brown(np.nan, 5))
    assert np.isnan(vc.ratings_needed(np.nan, 0.8))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: vc.spearman_brown(1.1, 5), "icc"),
        (lambda: vc.spearman_brown(-1.1, 5), "icc"),
        (lambda: vc.spearman_brown(0.1, 0), "n"),
        (lambda: vc.ratings_needed(2, 0.8), "icc"),
        (lambda: vc.ratings_needed(-2, 0.8), "icc"),
        (lambda: vc.ratings_needed(0.1, 1), "target"),
        (lambda: vc.ratings_needed(0.1, 0), "target"),
        (lambda: vc.branch_reliability(-0.1, 1, 1, 1, 1), "branch"),
        (lambda: vc.branch_reliability(1, -0.1, 1, 1, 1), "employee"),
        (lambda: vc.branch_reliability(1, 1, -0.1, 1, 1), "residual"),
        (lambda: vc.branch_reliability(1, 1, 1, 0, 1), "employees"),
        (lambda: vc.branch_reliability(1, 1, 1, 1, 0), "ratings"),
        (lambda: vc.wrong_pairs(1.01), "reliability"),
        (lambda: vc.wrong_pairs(-0.01), "reliability"),
        (lambda: vc.bottom_again(1.01), "reliability"),
        (lambda: vc.bottom_again(-0.01), "reliability"),
        (lambda: vc.bottom_again(0.5, branches=0), "branches"),
        (lambda: vc.bottom_again(0.5, branches=1001), "branches"),
        (lambda: vc.bottom_again(0.5, bottom=0), "bottom"),
        (lambda: vc.bottom_again(0.5, bottom=13), "bottom"),
        (lambda: vc.bottom_again(0.5, draws=0), "draws"),
        (lambda: vc.bottom_again(0.5, draws=20_001), "draws"),
        (lambda: vc.simulate(branch=-1), "branch"),
        (lambda: vc.simulate(employee=-1), "employee"),
        (lambda: vc.simulate(residual=-1), "residual"),
        (lambda: vc.simulate(branches=1), "branches"),
        (lambda: vc.simulate(employees=0), "employees"),
        (lambda: vc.simulate(branches=201, employees=100), "branches x employees"),
        (lambda: vc.simulate(ratings=1), "ratings"),
        (lambda: vc.simulate(ratings=2.5), "ratings"),
        (lambda: vc.simulate(month=0), "month"),
    ],
)
def test_impossible_parameters(call, name):
    with pytest.raises(ValueError, match=f"^{name} must be"):
        call()


@given(shares, shares, shares, counts, counts)
def test_branch_reliability_bounds_and_monotonicity(b, e, r, employees, ratings):
    found = vc.branch_reliability(b, e, r, employees, ratings)
    assert 0 < found < 1
    assert vc.branch_reliability(3 * b, 3 * e, 3 * r, employees, ratings) == pytest.approx(found)
    assert vc.branch_reliability(b, e, r, employees + 1, ratings) > found
    assert found < vc.branch_reliability(b, e, r, employees, ratings + 1)
    assert vc.branch_reliability(b, e, r, employees, np.inf) == pytest.approx(
        b / (b + e / employees)
    )
    one_each = vc.branch_reliability(b, 0, r, 1, ratings)
    assert one_each == pytest.approx(vc.spearman_brown(b / (b + r), ratings))


def test_branch_reliability_where_nothing_varies():
    assert np.isnan(vc.branch_reliability(0, 0, 0, 5, 5))
    assert vc.branch_reliability(0, 0.2, 1, 5, 5) == 0


@pytest.mark.parametrize("reliability", [0.0, 0.3, 0.71, 1.0])
def test_wrong_pairs_by_simulation(reliability):
    rng = np.random.default_rng(12)
    true, noise = rng.standard_normal((2, 100_000, 2))
    observed = np.sqrt(reliability) * true + np.sqrt(1 - reliability) * noise
    wrong = np.mean((true[:, 0] < true[:, 1]) != (observed[:, 0] < observed[:, 1]))
    assert vc.wrong_pairs(reliability) == pytest.approx(wrong, abs=0.006)
    assert np.isnan(vc.wrong_pairs(np.nan))


def test_bottom_again():
    assert [vc.bottom_again(1, bottom=bottom) for bottom in (1, 2, 3, 12)] == [1, 2, 3, 12]
    assert vc.bottom_again(0.5, branches=1, bottom=1) == 1
    assert vc.bottom_again(1, branches=1000, bottom=1, draws=20) == 1
    assert vc.bottom_again(0) == pytest.approx(3 * 3 / 12, abs=0.03)
    assert vc.bottom_again(0, branches=10, bottom=5) == pytest.approx(2.5, abs=0.05)
    assert vc.bottom_again(0.3, branches=2, bottom=1, draws=20_000) == pytest.approx(
        1 - np.arccos(0.3) / np.pi, abs=0.01
    )
    rising = [vc.bottom_again(r) for r in (0.2, 0.4, 0.6, 0.8)]
    assert rising == sorted(rising)
    assert vc.bottom_again(0.5, seed=1) == vc.bottom_again(0.5, seed=1)
    assert vc.bottom_again(0.5, seed=1) != vc.bottom_again(0.5, seed=2)
    assert vc.bottom_again(0.5, draws=1) in {0, 1, 2, 3}


@given(
    st.integers(0, 2**31),
    st.lists(st.lists(st.integers(1, 4), min_size=1, max_size=4), min_size=2, max_size=4),
)
def test_nested_components_solve_their_expected_mean_squares(seed, sizes):
    """Unbalanced layouts by another route: traces of projection matrices."""
    sizes[0] = [*sizes[0], 2]
    ratings = nested_ratings(seed, sizes)
    branch = ratings["branch"].to_numpy()
    employee = (ratings["branch"] + ratings["employee"]).to_numpy()
    scores, n = ratings["score"].to_numpy(), len(ratings)
    spaces = [
        averaging(branch) - averaging(np.zeros(n)),
        averaging(employee) - averaging(branch),
        np.eye(n) - averaging(employee),
    ]
    effects = [np.equal.outer(branch, branch), np.equal.outer(employee, employee), np.eye(n)]
    expected = [[np.trace(space @ effect) for effect in effects] for space in spaces]
    wanted = np.linalg.solve(expected, [scores @ space @ scores for space in spaces])
    found = vc.nested_components(ratings, "branch", "employee", "score")
    assert found == pytest.approx(wanted, rel=1e-6, abs=1e-9)


def test_nested_components_against_statsmodels():
    """In a balanced layout with positive estimates restricted maximum likelihood agrees."""
    ratings = nested_ratings(5, [[8] * 5] * 12)
    found = vc.nested_components(ratings, "branch", "employee", "score")
    fit = MixedLM.from_formula(
        "score ~ 1",
        ratings,
        groups="branch",
        re_formula="1",
        vc_formula={"employee": "0 + C(employee)"},
    ).fit()
    assert found.branch == pytest.approx(fit.cov_re.iloc[0, 0], rel=1e-3)
    assert found.employee == pytest.approx(fit.vcomp[0], rel=1e-3)
    assert found.residual == pytest.approx(fit.scale, rel=1e-3)


@given(st.integers(0, 2**31), st.floats(0.1, 10), st.floats(-5, 5))
def test_nested_components_ignore_row_order_and_origin(seed, unit, origin):
    ratings = nested_ratings(seed, [[2, 3], [1, 4, 2], [3]])
    columns = ("branch", "employee", "score")
    one = vc.nested_components(ratings, *columns)
    other = ratings.assign(score=ratings["score"] * unit + origin).sample(frac=1, random_state=3)
    found = vc.nested_components(other, *columns)
    assert found == pytest.approx([unit**2 * part for part in one], rel=1e-6, abs=1e-9)


def test_one_employee_a_branch_cannot_be_told_from_the_branch():
    ratings = nested_ratings(1, [[3], [4], [2]])
    found = vc.nested_components(ratings, "branch", "employee", "score")
    assert np.isnan([found.branch, found.employee]).all()
    one_way = vc.one_way(ratings, "branch", "score")
    assert found.residual == pytest.approx(one_way.msw)


def test_nested_components_leave_out_incomplete_rows():
    ratings = nested_ratings(1, [[3, 2], [4, 1]])
    holed = pd.concat([ratings, pd.DataFrame({"branch": ["b0", "b7"], "employee": ["e0", None]})])
    holed.loc[len(ratings), "score"] = np.nan
    columns = ("branch", "employee", "score")
    assert vc.nested_components(holed, *columns) == vc.nested_components(ratings, *columns)


def test_impossible_nested_ratings():
    ratings = nested_ratings(1, [[1, 1], [1, 1]])
    with pytest.raises(ValueError, match="no column staff"):
        vc.nested_components(ratings, "branch", "staff", "score")
    with pytest.raises(ValueError, match="Every employee of column 'employee' has only one"):
        vc.nested_components(ratings, "branch", "employee", "score")
    with pytest.raises(ValueError, match="score must be a finite number"):
        vc.nested_components(ratings.assign(score="good"), "branch", "employee", "score")
    with pytest.raises(ValueError, match="two branches; column 'branch' has 1"):
        vc.nested_components(ratings[:2], "branch", "employee", "score")


def test_simulated_months_share_their_branches_and_nothing_else():
    first, again, second = (vc.simulate(month=month, seed=4) for month in (1, 1, 2))
    pd.testing.assert_frame_equal(first.branches, again.branches)
    pd.testing.assert_frame_equal(first.employees, again.employees)
    assert (first.branches["true"] == second.branches["true"]).all()
    assert (first.branches["observed"] != second.branches["observed"]).all()
    assert (vc.simulate(seed=5).branches["true"] != first.branches["true"]).all()
    calmer = vc.simulate(branch=0.10 / 4, employee=0.25 / 4, residual=1.65 / 4, seed=4, mean=0)
    for level in ("true", "observed"):
        assert ((first.branches[level] - 7) / 2).tolist() == pytest.approx(
            calmer.branches[level].tolist()
        )
    assert calmer.components == pytest.approx([part / 4 for part in first.components])


def test_the_first_month_of_the_demo():
    months = (vc.simulate(), vc.simulate(0.10, 0.25, 1.65, 12, 6, 15, 7.0, 1))
    pd.testing.assert_frame_equal(*(month.employees for month in months))


def test_a_simulated_month_is_consistent():
    month = vc.simulate(branches=5, employees=3, ratings=10, seed=2)
    assert month.employees["branch"].tolist() == sorted([1, 2, 3, 4, 5] * 3)
    assert month.employees["employee"].tolist() == [1, 2, 3] * 5
    means = month.employees.groupby("branch")["mean"].mean()
    assert month.branches["observed"].tolist() == pytest.approx(means.tolist())
    assert month.branches.index.tolist() == [1, 2, 3, 4, 5]
    assert month.branches.index.name == "branch"
    assert month.branches["observed"].idxmax() == month.branches["observed_rank"].idxmin()
    assert month.branches["true"].idxmin() == month.branches["true_rank"].idxmax()
    assert sorted(month.branches["true_rank"]) == [1, 2, 3, 4, 5]
    assert month.rank_correlation == pytest.approx(
        stats.spearmanr(month.branches["true"], month.branches["observed"]).statistic
    )


def test_simulated_branches_follow_their_reliability():
    """A large chain in two months: variances, components and the correlation of the months."""
    first, second = (
        vc.simulate(branches=4000, employees=4, ratings=10, month=month) for month in (1, 2)
    )
    reliability = vc.branch_reliability(**BANK, employees=4, ratings=10)
    observed = first.branches["observed"]
    assert observed.corr(second.branches["observed"]) == pytest.approx(reliability, abs=0.04)
    assert observed.corr(first.branches["true"]) ** 2 == pytest.approx(reliability, abs=0.04)
    assert first.branches["true"].var() == pytest.approx(0.10, rel=0.1)
    assert first.branches["true"].mean() == pytest.approx(7, abs=0.02)
    assert first.components == pytest.approx(list(BANK.values()), rel=0.1)
    # Two months, two fresh draws of everything but the branches.
    luck = [
        month.employees["mean"] - np.repeat(first.branches["true"].to_numpy(), 4)
        for month in (first, second)
    ]
    assert np.corrcoef(*luck)[0, 1] == pytest.approx(0, abs=0.04)


def test_simulated_rankings_of_perfect_and_of_empty_measurement():
    perfect = vc.simulate(employee=0, residual=0)
    assert perfect.rank_correlation == pytest.approx(1)
    assert perfect.branches["observed"].tolist() == pytest.approx(perfect.branches["true"].tolist())
    alone = vc.simulate(employees=1)
    assert np.isnan([alone.components.branch, alone.components.employee]).all()
    assert alone.components.residual > 0
    assert np.isnan(vc.simulate(branch=0).rank_correlation)


def test_shares_of_the_variance_are_those_of_o1_2c():
    shares = vc.variance_shares(vc.Components(0.10, 0.25, 1.65))
    assert shares == pytest.approx((0.05, 0.125, 0.825))


def test_a_negative_estimate_has_no_share_and_a_missing_one_leaves_none():
    assert vc.variance_shares(vc.Components(-0.2, 0.5, 1.5)) == pytest.approx((0, 0.25, 0.75))
    assert np.isnan(vc.variance_shares(vc.Components(float("nan"), float("nan"), 1.0))).all()
    assert np.isnan(vc.variance_shares(vc.Components(0.0, 0.0, 0.0))).all()


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        vc.spearman_brown,
        {"icc": 0.1, "n": 10},
        {"icc": ([-1.1, 1.1], [-1, 1, NAN]), "n": ([0, INF], [0.1, NAN])},
    ),
    (
        vc.ratings_needed,
        {"icc": 0.1, "target": 0.8},
        {"icc": ([-1.1, 1.1], [-1, 1, NAN]), "target": ([0, 1], [0.1, NAN])},
    ),
    (
        vc.branch_reliability,
        {"branch": 0.1, "employee": 0.25, "residual": 1.65, "employees": 6, "ratings": 10},
        {
            "branch": ([-0.1, NAN, INF], [0]),
            "employee": ([-0.1, NAN, INF], [0]),
            "residual": ([-0.1, NAN, INF], [0]),
            "employees": ([0.9, NAN, INF], [1]),
            "ratings": ([0.9, NAN], [1, INF]),
        },
    ),
    (vc.wrong_pairs, {}, {"reliability": ([-0.1, 1.1], [0, 1, NAN])}),
    (
        vc.bottom_again,
        {"reliability": 0.6},
        {
            "reliability": ([-0.1, 1.1, NAN], [0, 1]),
            "branches": ([0, 1001, 4.5], [3, 1000]),
            "bottom": ([0, 1.5, 13], [1, 12]),
            "draws": ([0, 1.5, vc.MOST_DRAWS + 1], [1]),
        },
    ),
    (
        vc.simulate,
        {},
        {
            "branch": ([-0.1, NAN, INF], [0]),
            "employee": ([-0.1, NAN, INF], [0]),
            "residual": ([-0.1, NAN, INF], [0]),
            "branches": ([1, 2.5, vc.MOST_DRAWS], [2]),
            "employees": ([0, 1.5], [1]),
            "ratings": ([1, 2.5], [2]),
            "month": ([0, 1.5], [1]),
        },
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
