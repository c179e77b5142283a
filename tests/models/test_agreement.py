import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa

from servicequality.models import agreement

O7_3 = [[28, 4, 2, 1], [3, 22, 4, 1], [1, 3, 19, 2], [0, 1, 1, 8]]

tables = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 30), min_size=k, max_size=k), min_size=k, max_size=k)
)
codes = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), min_size=2)


def codings(table):
    """Incident by incident codes that give this table."""
    rows, columns = np.indices(np.shape(table))
    times = np.ravel(table)
    return np.repeat(rows.ravel(), times), np.repeat(columns.ravel(), times)


@pytest.mark.oracle("O7.3")
def test_o7_3():
    found = agreement.kappa(O7_3)
    assert found.n == 100
    assert found.observed == pytest.approx(0.7700, abs=5e-5)
    assert found.expected == pytest.approx(0.2790, abs=5e-5)
    assert found.kappa == pytest.approx(0.68100, abs=5e-6)
    assert agreement.perreault_leigh(found.observed, 4) == pytest.approx(0.83267, abs=5e-6)


def test_o7_3_from_codes():
    a, b = codings(O7_3)
    table = agreement.confusion_matrix(a, b)
    assert table.to_numpy().tolist() == O7_3
    assert agreement.kappa(table) == agreement.kappa(O7_3)
    assert agreement.kappa(table).kappa == pytest.approx(cohen_kappa_score(a, b))


@given(tables)
def test_kappa_against_statsmodels(table):
    found = agreement.kappa(table)
    assume(found.n > 0 and found.expected < 0.999)
    wanted = cohens_kappa(np.array(table))
    assert found.kappa == pytest.approx(wanted.kappa, abs=1e-9)
    if wanted.var_kappa > 1e-10:
        assert found.se == pytest.approx(wanted.std_kappa)
        assert (found.lower, found.upper) == pytest.approx((wanted.kappa_low, wanted.kappa_upp))


@given(codes)
def test_kappa_against_sklearn_in_any_order_and_language(pairs):
    a, b = (list(side) for side in zip(*pairs, strict=True))
    assume(len({*a, *b}) > 1)
    found = agreement.kappa(agreement.confusion_matrix(a, b))
    assert found.kappa == pytest.approx(cohen_kappa_score(a, b), abs=1e-12)
    swapped = agreement.kappa(agreement.confusion_matrix(b[::-1], a[::-1]))
    assert swapped.kappa == pytest.approx(found.kappa)
    names = {"a": "慢", "b": "粗鲁", "c": "x", "d": "账单"}
    renamed = agreement.confusion_matrix([names[code] for code in a], [names[code] for code in b])
    assert agreement.kappa(renamed).kappa == pytest.approx(found.kappa)
    assert found.kappa <= 1


def test_the_interval_covers_the_truth():
    truth = np.array(O7_3) / 100
    wanted = agreement.kappa(O7_3).kappa
    rng = np.random.default_rng(73)
    samples = rng.multinomial(240, truth.ravel(), size=1500).reshape(-1, 4, 4)
    found = [agreement.kappa(sample, level=0.9) for sample in samples]
    covered = np.mean([one.lower <= wanted <= one.upper for one in found])
    assert covered == pytest.approx(0.9, abs=0.02)


def test_chance_alone_gives_no_agreement():
    table = np.outer([10, 20, 30], [5, 25, 30])
    assert agreement.kappa(table).kappa == pytest.approx(0, abs=1e-12)
    assert agreement.kappa([[0, 10], [10, 0]]).kappa == pytest.approx(-1)


def test_perfect_agreement():
    found = agreement.kappa([[5, 0], [0, 7]])
    assert (found.observed, found.kappa) == (1, 1)
    assert (found.se, found.lower, found.upper) == pytest.approx((0, 1, 1))


def test_one_category_only_has_no_kappa():
    for table in ([[5, 0], [0, 0]], [[5]]):
        found = agreement.kappa(table)
        assert found.observed == 1
        assert np.isnan([found.kappa, found.se, found.lower, found.upper]).all()
    empty = agreement.kappa([[0, 0], [0, 0]])
    assert np.isnan(empty[:-1]).all()
    assert empty.n == 0


def test_confusion_matrix_has_every_code_and_leaves_out_missing_ones():
    table = agreement.confusion_matrix(
        ["slow", "rude", None, "slow"], ["slow", "lost", "lost", None]
    )
    assert list(table.index) == list(table.columns) == ["lost", "rude", "slow"]
    assert table.to_numpy().tolist() == [[0, 0, 0], [1, 0, 0], [0, 0, 1]]
    assert (table.index.name, table.columns.name) == ("a", "b")
    by_series = agreement.confusion_matrix(
        pd.Series([1, 2], index=[5, 6]), pd.Series([1, 1], index=[7, 8])
    )
    assert by_series.to_numpy().tolist() == [[1, 0], [1, 0]]


@given(st.floats(0, 1), st.integers(2, 20))
def test_perreault_leigh_bounds(observed, k):
    found = agreement.perreault_leigh(observed, k)
    assert 0 <= found <= 1
    assert agreement.perreault_leigh(min(observed + 0.05, 1), k) >= found
    if observed < 1 / k:
        assert found == 0
    assert agreement.perreault_leigh(1, k) == pytest.approx(1)
    assert agreement.perreault_leigh(1 / k, k) == pytest.approx(0, abs=1e-7)


def test_calibration():
    sure = [0.9, 0.6, 0.9, 0.6, 0.9, 1.0]
    right = [True, False, True, True, False, True]
    found = agreement.calibration(sure, right)
    table = found.by_confidence
    assert list(table.index) == [0.6, 0.9, 1.0]
    assert table["n"].tolist() == [2, 3, 1]
    assert table["correct"].tolist() == pytest.approx([0.5, 2 / 3, 1])
    assert found.overconfidence == pytest.approx(4.9 / 6 - 4 / 6)
    assert found.brier == pytest.approx(brier_score_loss(right, sure))


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30))
def test_calibration_bounds(answers):
    sure, right = zip(*answers, strict=True)
    found = agreement.calibration(sure, right)
    assert found.by_confidence["n"].sum() == len(answers)
    assert -1 <= found.overconfidence <= 1
    assert 0 <= found.brier <= 1
    assert agreement.calibration(sure[::-1], right[::-1]).brier == pytest.approx(found.brier)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: agreement.kappa([[1, 2]]), r"square; its shape is \(1, 2\)"),
        (lambda: agreement.kappa([[1, -2], [0, 1]]), "table must .*at least 0"),
        (lambda: agreement.confusion_matrix([1, 2], [1]), "a has 2, b has 1"),
        (lambda: agreement.perreault_leigh(0.5, 1), "categories must .*at least 2"),
        (lambda: agreement.calibration([0.5], [True, False]), "they have 1 and 2"),
        (lambda: agreement.calibration([], []), "one entry per incident"),
        (lambda: agreement.calibration([90], [True]), "confidence must be between 0 and 1"),
    ],
)
def test_impossible_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        agreement.kappa,
        {"table": O7_3},
        {
            "table": ([[[1, -0.1], [0, 1]]], [[[0, 1], [1, 0]]]),
            "level": ([0, 1], [0.01, 0.99]),
        },
    ),
    (
        agreement.perreault_leigh,
        {"observed": 0.5, "categories": 2},
        {
            "observed": ([-0.1, 1.1], [0, 1]),
            "categories": ([1, 2.5], [2]),
        },
    ),
    (agreement.calibration, {"correct": [True]}, {"confidence": ([[-0.1], [1.1]], [[0], [1]])}),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
