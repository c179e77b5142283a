from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicequality.models import kano

O6_2 = {"A": 18, "O": 22, "M": 9, "I": 8, "R": 2, "Q": 1}

PUBLISHED = """
functional,like,must-be,neutral,live-with,dislike
like,Q,A,A,A,O
must-be,R,I,I,I,M
neutral,R,I,I,I,M
live-with,R,I,I,I,M
dislike,R,R,R,R,Q
"""
"""The evaluation table as Berger et al. (1993) print it."""

counts = st.fixed_dictionaries(dict.fromkeys(kano.CLASSES, st.integers(0, 60)))


@pytest.fixture(scope="module")
def kiosk_counts(kiosk):
    users = kiosk.dropna(subset=["E01"])
    assert len(users) == 207
    pairs = pd.concat(
        pd.DataFrame(
            {
                "attribute": number,
                "functional": users[f"KF{number:02}"],
                "dysfunctional": users[f"KD{number:02}"],
            }
        )
        for number in range(1, 30)
    )
    return kano.count_classes(pairs)


@pytest.mark.oracle("O6.2")
def test_o6_2_coefficients_and_strength():
    row = kano.summarise(O6_2).iloc[0]
    assert row["n"] == 60
    assert row["better"] == pytest.approx(0.7018, abs=5e-5)
    assert row["worse"] == pytest.approx(-0.5439, abs=5e-5)
    assert (row["mode"], row["second"]) == ("O", "A")
    assert row["fong_limit"] == pytest.approx(8.5206, abs=5e-5)
    assert row["mixed"]
    assert row["category_strength"] == pytest.approx(0.0667, abs=5e-5)
    assert row["total_strength"] == pytest.approx(0.8167, abs=5e-5)


def test_all_25_pairs():
    table = [line.split(",")[1:] for line in PUBLISHED.strip().splitlines()]
    for (i, functional), (j, dysfunctional) in product(enumerate(table[0]), repeat=2):
        assert kano.classify(functional, dysfunctional) == table[1 + i][j]
        assert kano.classify(i + 1, j + 1) == table[1 + i][j]
    codes = np.arange(1, 6)
    assert kano.classify(codes[:, None], codes).tolist() == table[1:]


def test_q6_2():
    assert kano.classify("like", "live-with") == "A"
    assert kano.classify("live-with", "like") == "R", "rows and columns are not the same question"


@pytest.mark.oracle("R6.2")
def test_r6_2_modes(kiosk_counts):
    summary = kano.summarise(kiosk_counts)
    assert (summary["n"] == 207).all()
    assert summary["mode"].value_counts().to_dict() == {"A": 10, "M": 9, "O": 6, "I": 4}


@pytest.mark.oracle("R6.2")
@pytest.mark.parametrize(
    ("item", "mode", "better", "worse"),
    [(1, "M", 0.4612, -0.6893), (27, "A", 0.8689, -0.1408), (22, "M", 0.3902, -0.8927)],
)
def test_r6_2_items(kiosk_counts, item, mode, better, worse):
    row = kano.summarise(kiosk_counts).loc[item]
    assert row["mode"] == mode
    assert (row["better"], row["worse"]) == pytest.approx((better, worse), abs=5e-5)


def test_counting():
    answers = pd.DataFrame(
        {
            "attribute": ["meter", "brakes", "meter", "brakes", "meter"],
            "functional": ["like", "neutral", "like", None, "dislike"],
            "dysfunctional": ["neutral", "dislike", "dislike", "dislike", "like"],
        }
    )
    before = answers.copy()
    found = kano.count_classes(answers)
    assert list(found.index) == ["meter", "brakes"]
    assert list(found.columns) == list(kano.CLASSES)
    assert found.loc["meter"].to_dict() == {"M": 0, "O": 1, "A": 1, "I": 0, "R": 1, "Q": 0}
    assert found.loc["brakes"].to_dict() == {"M": 1, "O": 0, "A": 0, "I": 0, "R": 0, "Q": 0}
    pd.testing.assert_frame_equal(answers, before)
    by_other = kano.count_classes(answers.rename(columns={"attribute": "segment"}), by="segment")
    assert by_other.to_numpy().tolist() == found.to_numpy().tolist()
    assert kano.count_classes(answers.iloc[::-1]).loc["meter"].equals(found.loc["meter"])


@pytest.mark.parametrize(
    ("tied", "winner"), [("AIMO", "M"), ("AIO", "O"), ("AI", "A"), ("IR", "I"), ("QR", "R")]
)
def test_ties(tied, winner):
    row = kano.summarise(dict.fromkeys(tied, 7)).iloc[0]
    assert row["mode"] == winner
    assert row["category_strength"] == 0
    assert row["mixed"]


def test_only_reverse_and_questionable_have_no_coefficients():
    row = kano.summarise({"R": 5, "Q": 3}).iloc[0]
    assert np.isnan(row["better"])
    assert np.isnan(row["worse"])
    assert row["mode"] == "R"
    assert row["total_strength"] == 0


def test_nobody_answered():
    row = kano.summarise({}).iloc[0]
    assert (row["n"], row["mode"], row["second"], row["mixed"]) == (0, "", "", False)
    assert row[["better", "worse", "category_strength", "fong_limit"]].isna().all()


def test_a_single_customer_is_a_runner_up():
    assert kano.summarise({"A": 3, "O": 1})["second"].item() == "O"


def test_everyone_agrees():
    row = kano.summarise({"M": 40}).iloc[0]
    assert (row["mode"], row["second"], row["category_strength"]) == ("M", "", 1)
    assert (row["better"], row["worse"]) == (0, -1)
    assert not row["mixed"]


@given(counts)
def test_bounds_and_definitions(count):
    row = kano.summarise(count).iloc[0]
    total = sum(count.values())
    ordered = sorted(count.values(), reverse=True)
    assert row["n"] == total
    valid = total - count["R"] - count["Q"]
    if valid:
        assert row["better"] * valid == pytest.approx(count["A"] + count["O"])
        assert row["worse"] * valid == pytest.approx(-count["O"] - count["M"])
        assert 0 <= row["better"] <= 1
        assert -1 <= row["worse"] <= 0
    if total:
        assert count[row["mode"]] == ordered[0]
        assert row["category_strength"] * total == pytest.approx(ordered[0] - ordered[1])
        a, b = ordered[:2]
        variance = (a + b) * (2 * total - a - b) / (2 * total)
        assert row["mixed"] == (a - b < 1.65 * variance**0.5)


@given(counts, st.integers(2, 20))
def test_more_customers_of_the_same_kind_change_certainty_only(count, times):
    one = kano.summarise(count).iloc[0]
    more = kano.summarise({name: many * times for name, many in count.items()}).iloc[0]
    assert more["mode"] == one["mode"]
    for column in ("better", "worse", "category_strength", "total_strength"):
        assert more[column] == pytest.approx(one[column], nan_ok=True)
    assert more["mixed"] <= one["mixed"]


def test_several_attributes_at_once():
    table = pd.DataFrame([O6_2, {"M": 30, "I": 4}], index=["charger", "brakes"]).fillna(0)
    summary = kano.summarise(table)
    assert summary["mode"].to_dict() == {"charger": "O", "brakes": "M"}
    assert summary.loc["charger", "better"] == kano.summarise(O6_2)["better"].iloc[0]


def test_the_bootstrap_cloud_surrounds_the_estimate():
    cloud = kano.bootstrap(O6_2, draws=4000, seed=1)
    row = kano.summarise(O6_2).iloc[0]
    assert cloud.shape == (4000, 2)
    assert cloud["better"].mean() == pytest.approx(row["better"], abs=0.005)
    assert cloud["worse"].mean() == pytest.approx(row["worse"], abs=0.005)
    # 57 customers decide about the share 40 / 57.
    wanted = np.sqrt(row["better"] * (1 - row["better"]) / 57)
    assert cloud["better"].std() == pytest.approx(wanted, rel=0.05)
    assert cloud.equals(kano.bootstrap(O6_2, draws=4000, seed=1))
    assert not cloud.equals(kano.bootstrap(O6_2, draws=4000, seed=2))
    assert len(kano.bootstrap(pd.Series(O6_2))) == 500


def test_drift_by_hand():
    path = kano.drift({"A": 100, "I": 10}, 2, to_one_dimensional=0.5, to_must_be=0.2)
    assert path["A"].tolist() == [100, 50, 25]
    assert path["O"].tolist() == [0, 50, 65]
    assert path["M"].tolist() == [0, 0, 10]
    assert path["I"].tolist() == [10, 10, 10]
    assert path["better"].tolist() == pytest.approx([100 / 110, 100 / 110, 90 / 110])
    assert path["worse"].tolist() == pytest.approx([0, -50 / 110, -75 / 110])


@given(counts, st.integers(0, 10), st.floats(0, 1), st.floats(0, 1))
def test_drift_moves_one_way_and_loses_nobody(count, years, ages, hardens):
    path = kano.drift(count, years, ages, hardens)
    assert list(path.index) == list(range(years + 1))
    assert path.loc[0, list(kano.CLASSES)].to_dict() == count
    assert path[list(kano.CLASSES)].sum(axis=1).to_numpy() == pytest.approx(sum(count.values()))
    assert (path["A"].diff().dropna() <= 1e-9).all()
    assert (path["M"].diff().dropna() >= -1e-9).all()
    if count["A"] + count["O"] + count["M"] + count["I"]:
        assert (path["better"].diff().dropna() <= 1e-9).all()
        assert (path["worse"].diff().dropna() <= 1e-9).all()


def test_missing_answers_have_no_class():
    assert kano.classify([1, None, np.nan], ["dislike", 1, np.nan]).tolist() == ["O", "", ""]
    assert kano.classify(pd.Series([1, 2], index=[7, 8]), 5).tolist() == ["O", "M"]


@pytest.mark.parametrize("answer", [0, 6, 2.5, "Like", "1", True + 5])
def test_unknown_answers(answer):
    with pytest.raises(ValueError, match=r"functional must be .*1 to 5 .*\(position 1\)"):
        kano.classify([1, answer], [1, 1])
    with pytest.raises(ValueError, match=r"dysfunctional must be .*live-with"):
        kano.classify(1, answer)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kano.summarise({"A": 3, "X": 1}), "Unknown class X; the classes are M, O, A"),
        (lambda: kano.summarise({"A": -3}), "counts must be .*at least 0; it is -3"),
        (lambda: kano.bootstrap({}), "counts, all together, must be .*at least 1"),
        (lambda: kano.bootstrap({"A": 1.5}), "a whole number"),
        (lambda: kano.bootstrap(O6_2, draws=0), "draws must be"),
        (lambda: kano.bootstrap(O6_2, draws=20_001), "draws must be .*20000"),
        (lambda: kano.drift(O6_2, -1), "years must be"),
        (lambda: kano.drift(O6_2, 1, to_one_dimensional=1.1), "to_one_dimensional must be"),
        (lambda: kano.drift(O6_2, 1, to_must_be=-0.1), "to_must_be must be"),
        (lambda: kano.count_classes(pd.DataFrame({"attribute": [1]})), "no column functional"),
    ],
)
def test_impossible_requests(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_answers_to_an_unnamed_attribute_are_counted():
    answers = pd.DataFrame(
        {"attribute": ["wifi", None, None], "functional": 1, "dysfunctional": [5, 4, 4]}
    )
    counted = kano.count_classes(answers)
    assert counted["O"].tolist() == [1, 0]
    assert counted["A"].tolist() == [0, 2]


def test_strengths_of_each_attribute():
    counts = pd.DataFrame({"A": [1, 0], "O": [0, 0], "M": [0, 1], "I": [0, 3]})
    summary = kano.summarise(counts)
    assert summary["total_strength"].tolist() == [1, 0.25]
    assert summary["category_strength"].tolist() == [1, 0.5]
    assert summary["mode"].tolist() == ["A", "I"]


def test_a_bootstrap_of_reverse_answers_has_no_coefficients():
    assert kano.bootstrap({"R": 3}, draws=5).isna().all(axis=None)


def test_drift_counts_its_years():
    path = kano.drift({"A": 60}, 3)
    assert (path.index.name, path.index.tolist()) == ("year", [0, 1, 2, 3])


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (kano.bootstrap, {"counts": O6_2}, {"draws": ([0, 1.5, 20_001], [1, 20_000])}),
    (
        kano.drift,
        {"counts": O6_2, "years": 1},
        {
            "years": ([-1, 0.5], [0, 1]),
            "to_one_dimensional": ([-0.1, 1.1], [0, 1]),
            "to_must_be": ([-0.1, 1.1], [0, 1]),
        },
    ),
    (kano.summarise, {"counts": {}}, {"counts": ([{"A": -1}, {"A": NAN}], [{"A": 0}, {"A": 0.5}])}),
    (kano.bootstrap, {}, {"counts": ([{"A": 0}, {"A": 2.5}], [{"A": 1}])}),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
