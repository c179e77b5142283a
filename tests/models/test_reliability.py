import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from servicequality.models import reliability

O2_3A = pd.DataFrame(
    [
        (7, 6, 7, 6),
        (5, 5, 4, 5),
        (6, 6, 5, 7),
        (4, 3, 4, 4),
        (6, 7, 6, 6),
        (3, 4, 3, 2),
        (5, 6, 5, 5),
        (7, 7, 6, 7),
    ],
    columns=["i1", "i2", "i3", "i4"],
)


def random_answers(seed, n=30, k=5):
    rng = np.random.default_rng(seed)
    opinion = rng.standard_normal((n, 1))
    return pd.DataFrame(np.clip(np.round(4 + opinion + rng.standard_normal((n, k))), 1, 7))


@pytest.mark.oracle("O2.3a")
def test_o2_3a():
    report = reliability.alpha_report(O2_3A)
    assert report.alpha == pytest.approx(0.95065, abs=5e-6)
    assert (report.lower, report.upper) == pytest.approx((0.8535, 0.9889), abs=5e-5)
    assert report.items["item_total"].tolist() == pytest.approx(
        [0.9680, 0.8284, 0.8714, 0.8817], abs=5e-5
    )
    assert report.items["alpha_if_deleted"].tolist() == pytest.approx(
        [0.9091, 0.9506, 0.9399, 0.9404], abs=5e-5
    )
    assert report.mean_correlation == pytest.approx(0.8375, abs=5e-5)
    assert report.standardised == pytest.approx(0.9537, abs=5e-5)
    assert (report.n, report.k) == (8, 4)
    assert list(report.items.index) == list(O2_3A)


@pytest.mark.oracle("O2.3a")
def test_o2_3a_forgotten_reversal():
    forgotten = O2_3A.assign(i5=8 - O2_3A["i1"])
    recoded = O2_3A.assign(i5=O2_3A["i1"])
    assert reliability.cronbach_alpha(forgotten) == pytest.approx(0.4573, abs=5e-5)
    assert reliability.cronbach_alpha(recoded) == pytest.approx(0.9691, abs=5e-5)


@pytest.mark.oracle("O2.3b")
@pytest.mark.parametrize(
    ("alpha", "n", "k", "interval"),
    [(0.913, 873, 20, (0.9044, 0.9212)), (0.85, 89, 7, (0.7971, 0.8932))],
)
def test_o2_3b(alpha, n, k, interval):
    assert reliability.feldt_interval(alpha, n, k) == pytest.approx(interval, abs=5e-5)


@pytest.mark.oracle("O2.3c")
@pytest.mark.parametrize(
    ("k", "mean_correlation", "alpha"), [(4, 0.5, 0.8), (5, 0.4, 0.7692), (22, 0.2, 0.8462)]
)
def test_o2_3c(k, mean_correlation, alpha):
    assert reliability.standardised_alpha(k, mean_correlation) == pytest.approx(alpha, abs=5e-5)


@pytest.mark.oracle("O2.3c")
def test_o2_3c_two_unrelated_topics():
    row = reliability.alpha_curve([10], within=0.6, factors=2).iloc[0]
    assert row["mean_correlation"] == pytest.approx(0.2667, abs=5e-5)
    assert row["alpha"] == pytest.approx(0.7843, abs=5e-5)


@pytest.mark.oracle("R2.2")
@pytest.mark.parametrize(
    ("dimension", "kind", "alpha"),
    [
        ("tangibles", "E", 0.4408),
        ("tangibles", "P", 0.6338),
        ("tangibles", "gap", 0.4821),
        ("security", "E", 0.8804),
        ("security", "P", 0.8327),
        ("security", "gap", 0.8560),
        ("usefulness/reliability", "P", 0.6733),
    ],
)
def test_r2_2_alpha(kiosk, kiosk_dimensions, dimension, kind, alpha):
    numbers = kiosk_dimensions[dimension]
    e, p = (kiosk[[prefix + number for number in numbers]].to_numpy() for prefix in "EP")
    answers = {"E": e, "P": p, "gap": p - e}[kind]
    assert reliability.cronbach_alpha(answers) == pytest.approx(alpha, abs=5e-5)


@pytest.mark.oracle("R2.2")
def test_r2_2_interval(kiosk, kiosk_dimensions):
    usefulness = kiosk[[f"P{number}" for number in kiosk_dimensions["usefulness/reliability"]]]
    report = reliability.alpha_report(usefulness)
    assert (report.lower, report.upper) == pytest.approx((0.5879, 0.7435), abs=5e-5)
    assert report.n == 207


@pytest.mark.parametrize("seed", range(5))
def test_alpha_against_pingouin(seed):
    answers = random_answers(seed)
    alpha, interval = pingouin.cronbach_alpha(answers, ci=0.9)
    report = reliability.alpha_report(answers, level=0.9)
    assert report.alpha == pytest.approx(alpha)
    # pingouin prints three digits.
    assert [report.lower, report.upper] == pytest.approx(list(interval), abs=1e-3)


@given(st.floats(-1, 0.99), st.integers(3, 500), st.integers(2, 40), st.floats(0.5, 0.999))
def test_feldt_against_scipy(alpha, n, k, level):
    lower, upper = reliability.feldt_interval(alpha, n, k, level)
    f = stats.f((n - 1), (n - 1) * (k - 1))
    assert lower == pytest.approx(1 - (1 - alpha) * f.ppf((1 + level) / 2))
    assert upper == pytest.approx(1 - (1 - alpha) * f.ppf((1 - level) / 2))
    assert lower < upper <= 1


def test_the_feldt_interval_covers_the_truth():
    """Simulation: parallel items with r = .4, so that the true alpha is .7692."""
    rng = np.random.default_rng(23)
    n, k, draws = 40, 5, 4000
    common = rng.standard_normal((draws, n, 1))
    answers = np.sqrt(0.4) * common + np.sqrt(0.6) * rng.standard_normal((draws, n, k))
    parts = answers.var(axis=1, ddof=1).sum(axis=1)
    alphas = k / (k - 1) * (1 - parts / answers.sum(axis=2).var(axis=1, ddof=1))
    lower, upper = reliability.feldt_interval(alphas, n, k)
    truth = 0.4 * k / (1 + 0.4 * (k - 1))
    assert np.mean((lower < truth) & (truth < upper)) == pytest.approx(0.95, abs=0.012)
    assert reliability.cronbach_alpha(answers[0]) == pytest.approx(alphas[0])


@given(st.integers(0, 2**31), st.integers(0, 2**31), st.floats(0.1, 10), st.floats(-5, 5))
def test_alpha_ignores_order_unit_and_origin(seed, order, unit, origin):
    answers = random_answers(seed)
    changed = answers.sample(frac=1, random_state=order).sample(frac=1, axis=1, random_state=order)
    alpha = reliability.cronbach_alpha(answers)
    assert alpha <= 1
    assert reliability.cronbach_alpha(changed * unit + origin) == pytest.approx(alpha, abs=1e-9)


@given(st.integers(0, 2**31))
def test_item_statistics_by_leaving_out_the_item(seed):
    answers = random_answers(seed)
    report = reliability.alpha_report(answers)
    for item in answers:
        rest = answers.drop(columns=item)
        assert report.items.loc[item, "item_total"] == pytest.approx(
            np.corrcoef(answers[item], rest.sum(axis=1))[0, 1]
        )
        assert report.items.loc[item, "alpha_if_deleted"] == pytest.approx(
            reliability.cronbach_alpha(rest)
        )


def test_incomplete_rows_are_left_out():
    holed = O2_3A.astype(float)
    holed.loc[2, "i3"] = np.nan
    complete = O2_3A.drop(index=2)
    assert reliability.cronbach_alpha(holed) == reliability.cronbach_alpha(complete)
    assert reliability.alpha_report(holed).n == 7


@pytest.mark.parametrize(
    "answers",
    [
        O2_3A[["i1"]],
        O2_3A.iloc[[0]],
        O2_3A * 0 + 4,
        pd.DataFrame({"a": [1, 2, 3], "b": [7, 6, 5]}),
    ],
    ids=["one item", "one row", "no variance", "items that cancel"],
)
def test_alpha_without_an_answer(answers):
    assert np.isnan(reliability.cronbach_alpha(answers))


def test_an_item_that_never_varies_goes_with_no_other():
    report = reliability.alpha_report(O2_3A.assign(i3=4))
    assert report.items["item_total"].isna().tolist() == [False, False, True, False]
    assert np.isnan(report.standardised)
    assert report.alpha == pytest.approx(reliability.cronbach_alpha(O2_3A.assign(i3=0.25)))


def test_one_item_has_no_alpha_but_two_respondents_have():
    assert np.isnan(reliability.alpha_report(O2_3A[["i1"]]).mean_correlation)
    assert reliability.alpha_curve([1], 0.5)["alpha"].isna().all()
    # Variances 2 and 4.5, of the sum 12.5.
    assert reliability.cronbach_alpha([[1, 2], [3, 5]]) == pytest.approx(2 * (1 - 6.5 / 12.5))


def test_a_higher_level_widens_every_interval():
    interval = ["lower", "upper"]
    curve = reliability.alpha_curve([5, 10], 0.3, n=50, level=0.8)
    wanted = reliability.feldt_interval(curve["alpha"], 50, curve["k"], 0.8)
    np.testing.assert_allclose(curve[interval].to_numpy().T, wanted)
    row = reliability.alpha_by_scale({"P": O2_3A}, {"all": list(O2_3A)}, level=0.8).iloc[0]
    report = reliability.alpha_report(O2_3A, level=0.8)
    assert row[interval].tolist() == [report.lower, report.upper]
    assert row["lower"] > reliability.alpha_report(O2_3A).lower


def test_alpha_may_be_negative():
    assert reliability.cronbach_alpha([[1, 7], [2, 5], [3, 6], [4, 3], [6, 2]]) < 0


def test_two_items_leave_no_alpha_if_one_is_deleted():
    report = reliability.alpha_report(O2_3A[["i1", "i2"]])
    assert report.items["alpha_if_deleted"].isna().all()
    assert report.items["item_total"].tolist() == pytest.approx([O2_3A["i1"].corr(O2_3A["i2"])] * 2)


def test_all_answers_missing():
    with pytest.raises(ValueError, match="None of the 8 rows has all 4 items answered"):
        reliability.cronbach_alpha(O2_3A * np.nan)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_impossible_level(level):
    with pytest.raises(ValueError, match="level must be above 0 and below 1; it is"):
        reliability.feldt_interval(0.8, 100, 5, level)


@given(
    st.integers(2, 30), st.floats(0, 0.95), st.integers(1, 3), st.booleans(), st.integers(20, 1000)
)
def test_alpha_curve_against_its_matrix(k, within, factors, reverse_last, n):
    matrix = reliability.implied_correlations(k, within, factors, reverse_last)
    assert (matrix == matrix.T).all()
    assert (np.diag(matrix) == 1).all()
    assert np.linalg.eigvalsh(matrix)[0] > 0, "such answers can exist"
    row = reliability.alpha_curve([k], within, factors, reverse_last, n).iloc[0]
    assert row["alpha"] == pytest.approx(k / (k - 1) * (1 - k / matrix.sum()), abs=1e-9)
    assert row["lower"] < row["alpha"] < row["upper"]
    if factors == 1 and not reverse_last:
        assert row["mean_correlation"] == pytest.approx(within)


@given(st.integers(2, 30), st.floats(0.05, 0.95))
def test_more_items_raise_alpha_and_a_forgotten_reversal_lowers_it(k, within):
    shorter, longer = reliability.alpha_curve([k, k + 1], within)["alpha"]
    assert longer > shorter
    assert reliability.alpha_curve([k], within, reverse_last=True)["alpha"].item() < shorter


@given(
    k=st.integers(1, 30),
    within=st.floats(0, 0.9),
    factors=st.integers(1, 3),
    reverse_last=st.booleans(),
)
def test_blocks_tile_the_matrix(k, within, factors, reverse_last):
    matrix = reliability.implied_correlations(k, within, factors, reverse_last)
    rebuilt, covered = np.zeros((k, k)), np.zeros((k, k))
    for block in reliability.correlation_blocks(k, within, factors, reverse_last).itertuples():
        area = np.s_[block.row - 1 : block.last_row, block.column - 1 : block.last_column]
        rebuilt[area] = block.correlation
        covered[area] += 1
    np.fill_diagonal(rebuilt, 1)
    assert (covered == 1).all()
    assert rebuilt == pytest.approx(matrix)


def test_blocks_are_as_few_as_can_be():
    one = reliability.correlation_blocks(4, 0.5)
    assert one.to_numpy().tolist() == [[1, 4, 1, 4, 0.5]]
    last_apart = reliability.correlation_blocks(4, 0.5, reverse_last=True)
    assert last_apart.to_numpy().tolist() == [
        [1, 3, 1, 3, 0.5],
        [1, 3, 4, 4, -0.5],
        [4, 4, 1, 3, -0.5],
        [4, 4, 4, 4, 1],
    ]


def test_factors_share_the_items_evenly():
    assert reliability.implied_correlations(2, 0.5).tolist() == [[1, 0.5], [0.5, 1]]
    matrix = reliability.implied_correlations(8, 0.5, factors=3)
    assert sorted((matrix != 0).sum(axis=0).tolist()) == [2, 2, 3, 3, 3, 3, 3, 3]
    assert reliability.implied_correlations(2, 0.5, factors=3).tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize(("k", "r"), [(1, 0.5), (2, -1), (5, -0.25)])
def test_standardised_alpha_without_an_answer(k, r):
    assert np.isnan(reliability.standardised_alpha(k, r))


@pytest.mark.oracle("O2.4")
@pytest.mark.parametrize(
    ("rho", "expected"), [(0, 0.8250), (0.3, 0.7500), (0.5, 0.6500), (0.7, 0.4167)]
)
def test_o2_4_equal_spread(rho, expected):
    assert reliability.difference_reliability(0.85, 0.80, rho) == pytest.approx(expected, abs=5e-5)


@pytest.mark.oracle("O2.4")
def test_o2_4_unequal_spread():
    assert reliability.difference_reliability(0.85, 0.80, 0.5, 1.2, 0.8) == pytest.approx(
        0.6929, abs=5e-5
    )


@pytest.mark.oracle("O2.4")
def test_o2_4_gap_correlation():
    assert reliability.gap_correlation(0.3) == pytest.approx(0.5916, abs=5e-5)


def test_d2_3_challenge():
    """At rho = .5 and equal spread, r_D reaches .70 when the mean reliability reaches .85."""
    assert reliability.difference_reliability(0.85, 0.85, 0.5) == pytest.approx(0.70)
    assert reliability.difference_reliability(0.9, 0.79, 0.5) < 0.70


def test_difference_by_simulation():
    """The squared correlation of an observed difference with the true one is its reliability."""
    rng = np.random.default_rng(24)
    r_pp, r_ee, rho, sd_p, sd_e, n = 0.85, 0.80, 0.5, 1.2, 0.8, 400_000
    true_rho = rho / np.sqrt(r_pp * r_ee)
    x, y = rng.standard_normal((2, n))
    true_p = sd_p * np.sqrt(r_pp) * x
    true_e = sd_e * np.sqrt(r_ee) * (true_rho * x + np.sqrt(1 - true_rho**2) * y)
    p = true_p + sd_p * np.sqrt(1 - r_pp) * rng.standard_normal(n)
    e = true_e + sd_e * np.sqrt(1 - r_ee) * rng.standard_normal(n)
    assert np.corrcoef(p, e)[0, 1] == pytest.approx(rho, abs=0.005)
    assert np.corrcoef(p - e, true_p - true_e)[0, 1] ** 2 == pytest.approx(
        reliability.difference_reliability(r_pp, r_ee, rho, sd_p, sd_e), abs=0.005
    )
    assert np.corrcoef(p - e, p)[0, 1] == pytest.approx(
        reliability.gap_correlation(rho, sd_p, sd_e), abs=0.005
    )


@given(
    st.floats(0.3, 1), st.floats(0.3, 1), st.floats(-0.3, 1), st.floats(0.1, 3), st.floats(0.1, 3)
)
def test_difference_reliability_lies_between_0_and_1(r_pp, r_ee, rho, sd_p, sd_e):
    limit = reliability.largest_correlation(r_pp, r_ee)
    assume(rho < limit - 1e-3)
    value = reliability.difference_reliability(r_pp, r_ee, rho, sd_p, sd_e)
    assert -1e-9 <= value <= 1 + 1e-9
    assert -1 - 1e-9 <= reliability.gap_correlation(rho, sd_p, sd_e) <= 1 + 1e-9
    more = min(rho + 0.05, limit)
    if max(r_pp, r_ee) < 0.99:
        assert reliability.difference_reliability(r_pp, r_ee, more, sd_p, sd_e) < value


@pytest.mark.parametrize("rho", [0.83, -0.83, 1, np.nan])
def test_impossible_rho(rho):
    with pytest.raises(ValueError, match=r"rho = .* is impossible.* at most 0\.8246"):
        reliability.difference_reliability(0.85, 0.80, rho)


def test_the_largest_possible_rho_is_allowed():
    limit = reliability.largest_correlation(0.85, 0.80)
    assert reliability.difference_reliability(0.85, 0.80, limit) == pytest.approx(
        (1.65 - 2 * limit) / (2 - 2 * limit)
    )


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((1.2, 0.8, 0.1), "r_pp"),
        ((0.8, -0.1, 0.1), "r_ee"),
        ((0.8, 0.8, 0.1, -1), "sd_p"),
        ((0.8, 0.8, 0.1, 1, np.nan), "sd_e"),
    ],
)
def test_impossible_parts(arguments, name):
    with pytest.raises(ValueError, match=f"{name} must"):
        reliability.difference_reliability(*arguments)


@pytest.mark.parametrize("arguments", [(1, 1, 1), (0.8, 0.8, 0.1, 0, 0)])
def test_a_difference_that_does_not_vary_has_no_reliability(arguments):
    assert np.isnan(reliability.difference_reliability(*arguments))


def test_difference_curve_marks_the_impossible_region():
    curve = reliability.difference_curve(0.85, 0.80, np.linspace(-0.95, 0.95, 39), 1.2, 0.8)
    assert (curve["possible"] == (curve["rho"].abs() <= np.sqrt(0.68))).all()
    assert (curve["reliability"].notna() == curve["possible"]).all()
    assert (curve["gap_correlation"].notna() == curve["possible"]).all()
    for rho, value, with_gap in curve.loc[curve["possible"]].iloc[:, :3].to_numpy(dtype=float):
        assert value == pytest.approx(reliability.difference_reliability(0.85, 0.80, rho, 1.2, 0.8))
        assert with_gap == pytest.approx(reliability.gap_correlation(rho, 1.2, 0.8))


@pytest.mark.oracle("R2.2")
def test_r2_2_by_scale(kiosk, kiosk_dimensions):
    items = [number for numbers in kiosk_dimensions.values() for number in numbers]
    e, p = (kiosk[[prefix + i for i in items]].set_axis(items, axis=1) for prefix in "EP")
    table = reliability.alpha_by_scale({"E": e, "P": p, "gap": p - e}, kiosk_dimensions)
    assert list(table) == ["scale", "score", "alpha", "lower", "upper"]
    assert len(table) == 3 * len(kiosk_dimensions)
    alphas = table.set_index(["scale", "score"])["alpha"]
    assert alphas["tangibles"].tolist() == pytest.approx([0.4408, 0.6338, 0.4821], abs=5e-5)
    assert alphas["security"].tolist() == pytest.approx([0.8804, 0.8327, 0.8560], abs=5e-5)
    assert (table["lower"] < table["alpha"]).all()
    assert (table["alpha"] < table["upper"]).all()


def test_the_largest_correlation_is_still_possible():
    limit = reliability.largest_correlation(0.85, 0.80)
    found = reliability.difference_curve(0.85, 0.80, [-limit, limit, limit + 1e-6])
    assert found["possible"].tolist() == [True, True, False]


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        reliability.feldt_interval,
        {"alpha": 0.8, "n": 100, "k": 5},
        {
            "alpha": ([1.1, INF], [1, -2, NAN]),
            "n": ([-1, 1.5, NAN], [0, 2]),
            "k": ([-1, 1.5, NAN], [0, 2]),
            "level": ([0, 1, NAN], [0.5]),
        },
    ),
    (
        reliability.standardised_alpha,
        {"k": 4, "mean_correlation": 0.5},
        {
            "k": ([-1, 1.5, NAN], [0]),
            "mean_correlation": ([-1.1, 1.1, INF], [-1, 1, 1 + 1e-13, NAN]),
        },
    ),
    (
        reliability.implied_correlations,
        {"k": 4, "within": 0.5},
        {
            "k": ([0, 1.5], [1]),
            "within": ([-0.1, 1, NAN], [0, 0.99]),
            "factors": ([0, 1.5], [1]),
        },
    ),
    (
        reliability.largest_correlation,
        {"r_pp": 0.8, "r_ee": 0.8},
        {"r_pp": ([-0.1, 1.1, NAN], [0, 1]), "r_ee": ([-0.1, 1.1, NAN], [0, 1])},
    ),
    (
        reliability.difference_reliability,
        {"r_pp": 0.8, "r_ee": 0.8, "rho": 0},
        {
            "r_pp": ([-0.1, 1.1, NAN], [0, 1]),
            "r_ee": ([-0.1, 1.1, NAN], [0, 1]),
            "sd_p": ([-0.1, NAN, INF], [0]),
            "sd_e": ([-0.1, NAN, INF], [0]),
        },
    ),
    (
        reliability.gap_correlation,
        {"rho": 0.5},
        {
            "rho": ([-1.1, 1.1], [-1, 1, NAN]),
            "sd_p": ([-0.1, NAN, INF], [0]),
            "sd_e": ([-0.1, NAN, INF], [0]),
        },
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
