import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import integrate, stats

from servicequality.models import segments

AGES = [22, 30, 36, 45, 58, 70]
RATINGS = [8.5, 8.0, 7.4, 6.9, 7.1, 6.2]
GROUPS = [(6, 7, 8, 7, 9, 8), (5, 7, 6, 8, 7, 6), (6, 5, 7, 8, 6, 7)]

ages = st.floats(0, 110)
people = st.lists(st.tuples(ages, st.integers(1, 7)), min_size=1, max_size=30)
ratings = st.lists(st.integers(1, 9), min_size=1, max_size=12)


@pytest.mark.oracle("O5.5a")
@pytest.mark.parametrize(
    ("m", "means"), [(1, (8.17586, 7.22632, 6.51304)), (2, (8.30176, 7.13286, 6.39931))]
)
def test_o5_5a_fuzzy(m, means):
    found = segments.fuzzy_means(segments.age_memberships(AGES), RATINGS, m)
    assert found.tolist() == pytest.approx(means, abs=5.1e-6)
    assert list(found.index) == ["young", "middle", "senior"]


@pytest.mark.oracle("O5.5a")
def test_o5_5a_crisp():
    found = segments.crisp_means(AGES, RATINGS)
    assert found.tolist() == pytest.approx([7.9667, 7.0, 6.2], abs=5e-5)
    assert list(found.index) == ["young", "middle", "senior"]


@pytest.mark.oracle("O5.5b")
def test_o5_5b_effect_sizes():
    found = segments.effect_sizes(GROUPS)
    assert found.eta2 == pytest.approx(0.19512, abs=5e-6)
    assert found.f == pytest.approx(1.8182, abs=5e-5)
    assert found.omega2 == pytest.approx(0.08333, abs=5e-6)
    assert (found.df_between, found.df_within) == (2, 15)


@pytest.mark.oracle("O5.5b")
def test_o5_5b_superiority_and_overlap():
    assert segments.probability_of_superiority(0.3) == pytest.approx(0.5840, abs=5e-5)
    assert segments.overlap(0.3) == pytest.approx(0.8808, abs=5e-5)


def test_q5_5():
    """80 % would need a difference of about 1.2 standard deviations."""
    assert segments.probability_of_superiority(1.19) == pytest.approx(0.80, abs=5e-4)


@pytest.mark.parametrize(
    ("age", "degrees"),
    [
        (0, (1, 0, 0)),
        (25, (1, 0, 0)),
        (32.5, (0.5, 0.5, 0)),
        (40, (0, 1, 0)),
        (50, (0, 1, 0)),
        (57.5, (0, 0.5, 0.5)),
        (65, (0, 0, 1)),
        (100, (0, 0, 1)),
    ],
)
def test_m5_5_knots(age, degrees):
    assert segments.age_memberships([age]).to_numpy()[0] == pytest.approx(degrees)


@given(st.lists(ages, min_size=1))
def test_memberships_sum_to_one(years):
    degrees = segments.age_memberships(years)
    assert degrees.shape == (len(years), 3)
    assert degrees.to_numpy().min() >= 0
    assert degrees.sum(axis=1).to_numpy() == pytest.approx(np.ones(len(years)))


@given(people, st.floats(0.5, 4), st.randoms())
def test_fuzzy_means_are_weighted_means_in_any_order(rows, m, random):
    def means(table):
        years, values = np.array(table, dtype=float).T
        return segments.fuzzy_means(segments.age_memberships(years), values, m)

    found = means(rows)
    again = means(random.sample(rows, len(rows)))
    assert found.tolist() == pytest.approx(again.tolist(), nan_ok=True)
    years, values = np.array(rows, dtype=float).T
    for name, degree in segments.age_memberships(years).items():
        weight = degree.to_numpy() ** m
        if weight.sum() > 1e-9:
            assert found[name] == pytest.approx(np.average(values, weights=weight))
            assert values.min() - 1e-9 <= found[name] <= values.max() + 1e-9


@given(people)
def test_crisp_means_against_masks(rows):
    years, values = np.array(rows, dtype=float).T
    masks = [years < 40, (years >= 40) & (years < 60), years >= 60]
    expected = [values[mask].mean() if mask.any() else np.nan for mask in masks]
    assert segments.crisp_means(years, values).tolist() == pytest.approx(expected, nan_ok=True)


def test_crisp_borders_belong_to_the_older_segment():
    found = segments.crisp_means([39.9, 40, 59.9, 60], [1, 2, 4, 8])
    assert found.tolist() == [1, 3, 8]


def test_missing_ages_and_ratings_are_left_out():
    years = [*AGES, np.nan, 30]
    values = [*RATINGS, 1, np.nan]
    assert segments.age_memberships(years).iloc[6].isna().all()
    fuzzy = segments.fuzzy_means(segments.age_memberships(years), values)
    expected = segments.fuzzy_means(segments.age_memberships(AGES), RATINGS)
    assert fuzzy.tolist() == expected.tolist()
    crisp = segments.crisp_means(years, values)
    assert crisp.tolist() == segments.crisp_means(AGES, RATINGS).tolist()


def test_an_empty_segment_has_no_mean():
    degrees = segments.age_memberships([20, 30])
    assert segments.fuzzy_means(degrees, [7, 6]).isna().tolist() == [False, False, True]
    assert segments.crisp_means([20, 30], [7, 6]).isna().tolist() == [False, True, True]
    assert segments.fuzzy_means(segments.age_memberships([]), []).isna().all()


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # inside pingouin
@given(st.lists(ratings, min_size=2, max_size=5))
def test_effect_sizes_against_pingouin_and_scipy(groups):
    everyone = np.concatenate(groups)
    within = sum(np.ptp(group) for group in groups)
    assume(within > 0)
    assume(len(everyone) > len(groups))
    found = segments.effect_sizes(groups)
    labels = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    table = pd.DataFrame({"rating": everyone.astype(float), "group": labels})
    anova = pingouin.anova(table, dv="rating", between="group", effsize="n2", detailed=True)
    assert found.eta2 == pytest.approx(anova["n2"][0], abs=1e-9)
    f, p = stats.f_oneway(*groups)
    assert (found.f, found.p) == pytest.approx((f, p), abs=1e-9)
    assert (found.df_between, found.df_within) == tuple(anova["DF"])
    mean_square = anova["MS"][1]
    omega2 = (anova["SS"][0] - found.df_between * mean_square) / (anova["SS"].sum() + mean_square)
    assert found.omega2 == pytest.approx(omega2, abs=1e-9)
    assert 0 <= found.eta2 <= 1
    assert found.omega2 <= found.eta2


@given(st.floats(0.1, 10), st.floats(-5, 5))
def test_effect_sizes_ignore_unit_order_and_origin(unit, origin):
    changed = [np.array(group) * unit + origin for group in reversed(GROUPS)]
    one, other = segments.effect_sizes(GROUPS), segments.effect_sizes(changed)
    assert other == pytest.approx(one)


def test_missing_ratings_and_empty_groups_are_left_out():
    holed = [(*GROUPS[0], np.nan), [], *GROUPS[1:], [np.nan]]
    assert segments.effect_sizes(holed) == segments.effect_sizes(GROUPS)


def test_effect_sizes_at_the_edges():
    same = segments.effect_sizes([(5, 5), (5, 5, 5)])
    assert np.isnan([same.eta2, same.omega2, same.f, same.p]).all()
    assert np.isnan(segments.effect_sizes([(0.1,) * 3, (0.1,) * 5]).eta2)
    apart = segments.effect_sizes([(4, 4), (6, 6, 6)])
    assert apart == (1, 1, np.inf, 0, 1, 3)
    single = segments.effect_sizes([[4], [6], [7]])
    assert (single.df_between, single.df_within) == (2, 0)
    assert single.eta2 == 1
    assert np.isnan([single.omega2, single.f, single.p]).all()


def test_a_grouping_by_chance_explains_nothing_after_correction():
    rng = np.random.default_rng(55)
    sizes = [segments.effect_sizes(rng.normal(6, 1, (3, 10))) for _draw in range(2000)]
    assert np.mean([size.omega2 for size in sizes]) == pytest.approx(0, abs=0.005)
    assert np.mean([size.eta2 for size in sizes]) == pytest.approx(2 / 29, abs=0.005)
    assert np.mean([size.p < 0.05 for size in sizes]) == pytest.approx(0.05, abs=0.015)


def test_group_means_against_scipy():
    rng = np.random.default_rng(56)
    values, labels = rng.normal(6, 1, 60), rng.choice(["business", "family", "leisure"], 60)
    values[[3, 40]] = np.nan
    table = segments.group_means(values, labels, level=0.9)
    assert list(table.index) == ["business", "family", "leisure"]
    for name, row in table.iterrows():
        known = values[(labels == name) & ~np.isnan(values)]
        t = stats.ttest_1samp(known, 0).confidence_interval(0.9)
        assert row.tolist() == pytest.approx(
            [len(known), known.mean(), known.std(ddof=1), t.low, t.high]
        )


def test_a_single_rating_has_no_interval():
    table = segments.group_means([6, 7, 8, 5], ["a", "a", "a", "b"])
    assert table.loc["b"].isna().tolist() == [False, False, True, True, True]
    assert table.loc["a"].notna().all()
    empty = segments.group_means([6, 7, np.nan], ["a", "a", "b"])
    assert empty.loc["b", "n"] == 0
    assert empty.loc["b", ["mean", "sd", "lower", "upper"]].isna().all()


@given(ratings, ratings)
def test_cohens_d_against_pingouin(a, b):
    assume(min(len(a), len(b)) >= 2)
    assume(np.ptp(a) + np.ptp(b) > 0)
    d = segments.cohens_d(a, b)
    assert d == pytest.approx(pingouin.compute_effsize(a, b, eftype="cohen"))
    assert segments.cohens_d(b, a) == pytest.approx(-d)
    assert segments.cohens_d([*a, np.nan], b) == d


@pytest.mark.parametrize(("a", "b"), [([5], [6, 7]), ([5, 6], [7]), ([5, 5], [6, 6]), ([], [1, 2])])
def test_no_cohens_d(a, b):
    assert np.isnan(segments.cohens_d(a, b))


@given(st.floats(-4, 4))
def test_superiority_and_overlap_by_integration(d):
    grid = np.linspace(-12, 12, 2001)
    one, other = stats.norm.pdf(grid), stats.norm.pdf(grid, d)
    common = integrate.trapezoid(np.minimum(one, other), grid)
    assert segments.overlap(d) == pytest.approx(common, abs=1e-4)
    wins = integrate.trapezoid(other * stats.norm.cdf(grid), grid)
    assert segments.probability_of_superiority(d) == pytest.approx(wins, abs=1e-6)
    assert segments.overlap(-d) == segments.overlap(d)


def test_no_difference():
    assert segments.probability_of_superiority([0, -0.3]).tolist() == pytest.approx(
        [0.5, 1 - 0.5840], abs=5e-5
    )
    assert segments.overlap(0) == 1


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        ("age_memberships", ([30, -1],), "ages must be .*at least 0; it is -1"),
        ("age_memberships", ([np.inf],), "ages must be"),
        ("fuzzy_means", (pd.DataFrame({"a": [0.5]}), [6], 0), "m must be .*above 0; it is 0"),
        ("fuzzy_means", (pd.DataFrame({"a": [1.5]}), [6]), "memberships must be between 0 and 1"),
        (
            "fuzzy_means",
            (pd.DataFrame({"a": [0.5]}), [6, 7]),
            "^memberships has 1 rows but",
        ),
        ("crisp_means", ([30, -1], [6, 7]), "ages must be"),
        ("crisp_means", ([30], [6, 7]), "has 1 rows but values has 2"),
        ("effect_sizes", ([[5, 6]],), "at least two groups with ratings; it holds 1"),
        ("effect_sizes", ([[5, 6], [np.nan]],), "it holds 1"),
        ("effect_sizes", ([[5, 6], [np.inf]],), "groups must be a finite number"),
        ("group_means", ([5, 6], ["a"]), "values has 2 rows but labels has 1"),
        ("group_means", ([5, 6], ["a", "a"], 95), "level must be .*below 1; it is 95"),
        ("probability_of_superiority", (np.nan,), "d must be a finite number"),
        ("overlap", (np.inf,), "d must be a finite number"),
    ],
)
def test_impossible_input(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        getattr(segments, function)(*arguments)


@pytest.mark.parametrize("groups", [[(5, 5), (5, 5, 5)], [(1, 1), (2, 2, 2)]])
def test_groups_without_spread_still_have_degrees_of_freedom(groups):
    assert segments.effect_sizes(groups)[-2:] == (1, 3)


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (segments.age_memberships, {}, {"ages": ([[-1], [INF]], [[0, NAN]])}),
    (
        segments.fuzzy_means,
        {"memberships": segments.age_memberships([20, 50]), "values": [1, 2]},
        {"values": ([[1, INF]], [[1, NAN]]), "m": ([0, NAN], [0.1])},
    ),
    (
        segments.crisp_means,
        {"ages": [20, 50, 70], "values": [1, 2, 3]},
        {"ages": ([[-1, 2, 3]], [[0, 2, 3]])},
    ),
    (
        segments.group_means,
        {"values": [1, 2, 3, 4], "labels": list("aabb")},
        {"values": ([[1, 2, 3, INF]], [[1, 2, 3, NAN]]), "level": ([0, 1, NAN], [0.5])},
    ),
    (segments.probability_of_superiority, {}, {"d": ([NAN, INF], [-1])}),
    (segments.overlap, {}, {"d": ([NAN, INF], [-1])}),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
