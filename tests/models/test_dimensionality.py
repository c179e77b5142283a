import numpy as np
import pandas as pd
import pytest
from factor_analyzer import Rotator, calculate_bartlett_sphericity, calculate_kmo
from hypothesis import given
from hypothesis import strategies as st

from servicequality.models import dimensionality

N = 200
BLOCKS = np.kron(np.eye(2), np.full((3, 3), 0.4)) + np.full((6, 6), 0.2) + np.eye(6) * 0.4


def data_with(correlations, n=N):
    """Make data whose sample correlations are exactly these."""
    rng = np.random.default_rng(25)
    raw = rng.standard_normal((n, len(correlations)))
    white = np.linalg.qr(raw - raw.mean(axis=0))[0] * np.sqrt(n - 1)
    return white @ np.linalg.cholesky(correlations).T


@st.composite
def correlation_matrices(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    k = draw(st.integers(3, 8))
    return np.corrcoef(
        rng.standard_normal((k + 20, k)) + rng.standard_normal((k + 20, 1)), rowvar=False
    )


@pytest.fixture(scope="module")
def kiosk_matrix(kiosk):
    perceptions = kiosk[[f"P{i:02}" for i in range(1, 25)]].dropna()
    assert len(perceptions) == 207
    return perceptions.corr().to_numpy()


@pytest.mark.oracle("O2.5")
def test_o2_5_eigenvalues():
    values = dimensionality.eigenvalues(BLOCKS)
    assert values.tolist() == pytest.approx([2.8, 1.6, 0.4, 0.4, 0.4, 0.4])
    assert values[:2].sum() / 6 == pytest.approx(0.7333, abs=5e-5)
    assert np.prod(values) == pytest.approx(0.114688, abs=5e-7)


@pytest.mark.oracle("O2.5")
def test_o2_5_bartlett():
    chi2, df, p = dimensionality.bartlett(BLOCKS, N)
    assert chi2 == pytest.approx(424.807, abs=5e-4)
    assert df == 15
    assert isinstance(df, int)
    assert p < 1e-50


@pytest.mark.oracle("O2.5")
def test_o2_5_kmo_and_partial_correlations():
    assert dimensionality.kmo(BLOCKS).overall == pytest.approx(0.7571, abs=5e-5)
    partial = dimensionality.partial_correlations(BLOCKS)
    assert partial[0, 1:3].tolist() == pytest.approx([0.3659] * 2, abs=5e-5)
    assert partial[0, 3:].tolist() == pytest.approx([0.0244] * 3, abs=5e-5)
    smc = dimensionality.squared_multiple_correlations(BLOCKS)
    assert smc.tolist() == pytest.approx([0.4537] * 6, abs=5e-5)


@pytest.mark.oracle("O2.5")
def test_o2_5_unrotated_and_varimax_loadings():
    plain = dimensionality.principal_axis(BLOCKS, 2)
    assert plain.communalities.tolist() == pytest.approx([0.6] * 6, abs=1e-6)
    assert np.abs(plain.loadings).round(4).tolist() == [[0.6325, 0.4472]] * 6
    first, second = plain.loadings.T
    assert (np.sign(first) == np.sign(first[0])).all()
    assert (np.sign(second[:3]) == -np.sign(second[3:])).all()
    turned = dimensionality.principal_axis(BLOCKS, 2, "varimax")
    assert np.sort(np.abs(turned.loadings)) == pytest.approx(
        np.array([[0.1310, 0.7634]] * 6), abs=5e-5
    )
    assert turned.correlations == pytest.approx(np.eye(2), abs=1e-9)
    own = np.abs(turned.loadings).argmax(axis=1)
    assert own[0] == own[1] == own[2] != own[3] == own[4] == own[5]


@pytest.mark.oracle("O2.5")
def test_o2_5_oblique_truth():
    solution = dimensionality.principal_axis(BLOCKS, 2, "oblimin")
    loadings = np.sort(np.abs(solution.loadings))
    assert loadings[:, 1].tolist() == pytest.approx([0.7746] * 6, abs=5e-5)
    assert loadings[:, 0].tolist() == pytest.approx([0] * 6, abs=5e-5)
    signs = np.sign(solution.loadings.sum(axis=0))
    assert solution.correlations[0, 1] * signs.prod() == pytest.approx(0.3333, abs=5e-5)


@pytest.mark.oracle("O2.5")
def test_o2_5_validity():
    loadings = np.sqrt([0.6, 0.6, 0.6])
    assert dimensionality.composite_reliability(loadings) == pytest.approx(0.8182, abs=5e-5)
    assert dimensionality.average_variance_extracted(loadings) == pytest.approx(0.6)
    ratio = dimensionality.htmt(BLOCKS, [[0, 1, 2], [3, 4, 5]])
    assert ratio == pytest.approx(np.array([[1, 1 / 3], [1 / 3, 1]]))


def test_x2_6_two_blocks_give_two_factors():
    values = dimensionality.eigenvalues(BLOCKS)
    assert dimensionality.count_factors(values) == 2
    assert dimensionality.count_factors(values, dimensionality.parallel_line(N, 6)) == 2


@pytest.mark.oracle("R2.4")
def test_r2_4_kiosk(kiosk_matrix):
    values = dimensionality.eigenvalues(kiosk_matrix)
    assert values[:7].tolist() == pytest.approx(
        [7.774, 2.089, 1.673, 1.224, 1.155, 1.068, 0.953], abs=5e-4
    )
    assert dimensionality.count_factors(values) == 6
    assert dimensionality.count_factors(values, dimensionality.parallel_line(207, 24)) == 3


def test_independent_items_have_no_factors_but_kaiser_sees_half():
    noise = np.random.default_rng(26).standard_normal((300, 20))
    values = dimensionality.eigenvalues(np.corrcoef(noise, rowvar=False))
    assert dimensionality.count_factors(values, dimensionality.parallel_line(300, 20)) <= 1
    assert 8 <= dimensionality.count_factors(values) <= 12


def test_the_parallel_line_depends_on_its_seed_only():
    line = dimensionality.parallel_line(100, 8, seed=3)
    np.random.default_rng(0).standard_normal(5)
    assert (line == dimensionality.parallel_line(100, 8, seed=3)).all()
    assert (line != dimensionality.parallel_line(100, 8, seed=4)).any()
    assert (np.diff(line) < 0).all()
    assert (line > dimensionality.parallel_line(100, 8, level=50, seed=3)).all()
    assert (line == dimensionality.parallel_line(100, 8, level=95, seed=3)).all()


def test_counting_stops_at_the_first_eigenvalue_on_the_line():
    assert dimensionality.count_factors([3, 1, 1.5, 0.5]) == 1
    assert dimensionality.count_factors([0.9, 0.8]) == 0


@pytest.mark.parametrize("source", ["blocks", "kiosk"])
def test_kmo_and_bartlett_against_factor_analyzer(source, kiosk_matrix):
    matrix = {"blocks": BLOCKS, "kiosk": kiosk_matrix}[source]
    answers = pd.DataFrame(data_with(matrix))
    items, overall = calculate_kmo(answers)
    found = dimensionality.kmo(matrix)
    assert found.overall == pytest.approx(overall)
    assert found.items == pytest.approx(items)
    chi2, p = calculate_bartlett_sphericity(answers)
    assert dimensionality.bartlett(matrix, N)[::2] == pytest.approx((chi2, p))


@pytest.mark.parametrize(("ours", "theirs"), [("varimax", "varimax"), ("oblimin", "quartimin")])
def test_rotation_against_factor_analyzer(kiosk_matrix, ours, theirs):
    plain = dimensionality.principal_axis(kiosk_matrix, 3)
    found = dimensionality.principal_axis(kiosk_matrix, 3, ours)
    wanted = Rotator(method=theirs, normalize=False).fit_transform(plain.loadings)

    def canonical(loadings):
        positive = loadings * np.sign(loadings.sum(axis=0))
        return positive[:, np.argsort(-(positive**2).sum(axis=0))]

    assert canonical(found.loadings) == pytest.approx(canonical(wanted), abs=2e-3)


@pytest.mark.parametrize("rotation", [None, "varimax", "oblimin"])
def test_factors_reproduce_the_correlations(rotation):
    """Whatever the rotation, loadings and factor correlations imply the same correlations."""
    loadings, communalities, correlations = dimensionality.principal_axis(BLOCKS, 2, rotation)
    implied = loadings @ correlations @ loadings.T
    assert np.diag(implied) == pytest.approx(communalities, abs=1e-6)
    np.fill_diagonal(implied, 1)
    assert implied == pytest.approx(BLOCKS, abs=1e-5)


def test_the_same_request_has_the_same_answer():
    one, same = (dimensionality.principal_axis(BLOCKS, 2, "oblimin") for _again in range(2))
    assert (one.loadings == same.loadings).all()


def test_as_many_factors_as_items():
    loadings, communalities, _ = dimensionality.principal_axis(BLOCKS, 6)
    assert communalities == pytest.approx((loadings**2).sum(axis=1), abs=1e-6)


def test_one_factor_needs_no_rotation():
    one = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    loadings, _, correlations = dimensionality.principal_axis(one, 1, "varimax")
    assert np.abs(loadings).ravel() == pytest.approx([np.sqrt(0.5)] * 4, abs=1e-6)
    assert correlations.tolist() == [[1]]


@given(correlation_matrices())
def test_partial_correlations_by_regression(matrix):
    """Correlate what is left of two items after regressing both on all others."""
    answers = data_with(matrix, n=60)
    others = answers[:, 2:]
    left = answers[:, :2] - others @ np.linalg.lstsq(others, answers[:, :2], rcond=None)[0]
    assert dimensionality.partial_correlations(matrix)[0, 1] == pytest.approx(
        np.corrcoef(left, rowvar=False)[0, 1], abs=1e-8
    )
    fitted = answers[:, 1:] @ np.linalg.lstsq(answers[:, 1:], answers[:, 0], rcond=None)[0]
    assert dimensionality.squared_multiple_correlations(matrix)[0] == pytest.approx(
        fitted.var() / answers[:, 0].var()
    )


@given(correlation_matrices(), st.randoms(use_true_random=False))
def test_order_of_items_does_not_matter(matrix, random):
    order = list(range(len(matrix)))
    random.shuffle(order)
    shuffled = matrix[np.ix_(order, order)]
    values = dimensionality.eigenvalues(matrix)
    assert values.sum() == pytest.approx(len(matrix))
    assert (np.diff(values) <= 0).all()
    assert dimensionality.eigenvalues(shuffled) == pytest.approx(values)
    assert 0 <= dimensionality.kmo(matrix).overall <= 1
    assert dimensionality.kmo(shuffled).items == pytest.approx(
        dimensionality.kmo(matrix).items[order]
    )
    assert dimensionality.bartlett(shuffled, 100) == pytest.approx(
        dimensionality.bartlett(matrix, 100)
    )


def test_htmt_of_unequal_groups_by_hand():
    matrix = np.array(
        [
            [1.0, 0.5, 0.3, -0.2, 0.1],
            [0.5, 1.0, 0.2, 0.1, 0.3],
            [0.3, 0.2, 1.0, 0.6, 0.4],
            [-0.2, 0.1, 0.6, 1.0, 0.5],
            [0.1, 0.3, 0.4, 0.5, 1.0],
        ]
    )
    between = (0.3 + 0.2 + 0.1 + 0.2 + 0.1 + 0.3) / 6
    within = np.sqrt(0.5 * (0.6 + 0.4 + 0.5) / 3)
    ratio = dimensionality.htmt(matrix, [[0, 1], [2, 3, 4]])
    assert ratio[0, 1] == ratio[1, 0] == pytest.approx(between / within)


def test_unequal_loadings_by_hand():
    # (.9 + .6 + .3)^2 = 3.24 common; .19 + .64 + .91 = 1.74 unique.
    assert dimensionality.composite_reliability([0.9, 0.6, 0.3]) == pytest.approx(3.24 / 4.98)
    assert dimensionality.average_variance_extracted([0.9, 0.6, 0.3]) == pytest.approx(0.42)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.ones((2, 3)), "square"),
        ([[1, np.nan], [np.nan, 1]], "missing values"),
        ([[1, 0.5], [0.2, 1]], "symmetric"),
        ([[2, 0.5], [0.5, 2]], "ones on its diagonal"),
        ([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]], "contradict each other"),
    ],
)
def test_not_a_correlation_matrix(matrix, message):
    for function in (dimensionality.eigenvalues, dimensionality.kmo):
        with pytest.raises(ValueError, match=message):
            function(matrix)


def test_a_copied_item_is_noticed():
    copied = [[1, 1], [1, 1]]
    for function, arguments in (
        (dimensionality.bartlett, (50,)),
        (dimensionality.principal_axis, (1,)),
        (dimensionality.partial_correlations, ()),
        (dimensionality.squared_multiple_correlations, ()),
    ):
        with pytest.raises(ValueError, match="singular: some item is"):
            function(copied, *arguments)
    assert dimensionality.eigenvalues(copied) == pytest.approx([2, 0], abs=1e-12)


def test_impossible_requests():
    with pytest.raises(ValueError, match="between 1 and 6; it is 7"):
        dimensionality.principal_axis(BLOCKS, 7)
    with pytest.raises(ValueError, match="Unknown rotation 'promax'"):
        dimensionality.principal_axis(BLOCKS, 2, "promax")
    with pytest.raises(ValueError, match="at least two items"):
        dimensionality.htmt(BLOCKS, [[0], [1, 2]])


def test_nothing_in_common():
    assert np.isnan(dimensionality.kmo(np.eye(3)).overall)
    assert dimensionality.bartlett(np.eye(3), 100) == (0, 3, 1)


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        dimensionality.parallel_line,
        {"n": 50, "k": 3},
        {
            "n": ([1, 2.5, 40_000], [2]),
            "k": ([1, 2.5], [2]),
            "reps": ([0, 1.5], [1]),
            "level": ([0, 100, NAN], [0.5, 99.5]),
        },
    ),
    (
        dimensionality.bartlett,
        {"correlations": [[1, 0.5], [0.5, 1]]},
        {"n": ([1, 2.5], [2])},
    ),
    *(
        (function, {}, {"loadings": ([[1.1], [-1.1], [NAN]], [[1, -1, 1 + 1e-12]])})
        for function in (
            dimensionality.composite_reliability,
            dimensionality.average_variance_extracted,
        )
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
