import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicequality.models import servqual

E = (5.2, 6.6, 6.3, 6.4, 5.9)
P = (5.9, 5.7, 5.8, 6.2, 5.6)
W = (11, 32, 22, 19, 16)
ITEMS = [item for items in servqual.DIMENSIONS.values() for item in items]
KIOSK = {"prefixes": ("E", "P")}

levels = st.lists(st.floats(1, 7), min_size=5, max_size=5)
points = st.lists(st.floats(0.01, 100), min_size=5, max_size=5)


def survey_of(expectations, perceptions, spread=(-0.1, 0.0, 0.1)):
    """Make a survey of three people whose mean answers are the given dimension means."""
    counts = [len(items) for items in servqual.DIMENSIONS.values()]
    kinds = {"E_": np.repeat(expectations, counts), "P_": np.repeat(perceptions, counts)}
    means = {
        prefix + item: mean
        for prefix, values in kinds.items()
        for item, mean in zip(ITEMS, values, strict=True)
    }
    return pd.DataFrame([{c: mean + d for c, mean in means.items()} for d in spread])


def random_survey(seed, n=40, missing=0.15):
    rng = np.random.default_rng(seed)
    columns = [prefix + item for prefix in ("E_", "P_") for item in ITEMS]
    answers = pd.DataFrame(rng.integers(1, 8, (n, len(columns))).astype(float), columns=columns)
    return answers.mask(rng.random(answers.shape) < missing)


@pytest.mark.oracle("O2.1")
def test_o2_1_firm():
    dimensions, overall = servqual.score_firm(E, P, W)
    assert list(dimensions.index) == list(servqual.DIMENSIONS)
    assert dimensions["gap"].tolist() == pytest.approx([0.70, -0.90, -0.50, -0.20, -0.30])
    assert dimensions["contribution"].tolist() == pytest.approx(
        [0.077, -0.288, -0.110, -0.038, -0.048]
    )
    assert overall.to_dict() == pytest.approx(
        {
            "unweighted": -0.2400,
            "weighted": -0.4070,
            "item_mean": -0.2727,
            "servperf": 5.8400,
            "weighted_servperf": 5.8230,
        },
        abs=5e-5,
    )
    assert dimensions.loc["reliability", "share"] == pytest.approx(0.708, abs=5e-4)


@pytest.mark.oracle("O2.1")
def test_o2_1_survey():
    scores = servqual.score_survey(survey_of(E, P), weights=servqual.US_1990_WEIGHTS)
    firm = servqual.score_firm(E, P, W)
    pd.testing.assert_series_equal(scores.overall, firm.overall)
    pd.testing.assert_frame_equal(scores.dimensions.drop(columns="n"), firm.dimensions)
    assert scores.items["gap"].tolist() == pytest.approx(
        np.repeat([0.7, -0.9, -0.5, -0.2, -0.3], [4, 5, 4, 4, 5])
    )


def test_d2_1_challenge():
    """Half a point more on one dimension lifts the weighted score over -.26: reliability only."""
    reached = {}
    for position, name in enumerate(servqual.DIMENSIONS):
        better = list(P)
        better[position] += 0.5
        reached[name] = servqual.score_firm(E, better, W).overall["weighted"]
    assert reached["reliability"] == pytest.approx(-0.247)
    assert [name for name, score in reached.items() if score > -0.26] == ["reliability"]


@pytest.mark.oracle("R2.1")
def test_r2_1_kiosk(kiosk, kiosk_dimensions):
    scores = servqual.score_survey(kiosk, kiosk_dimensions, **KIOSK)
    assert scores.items["expectation"].mean() == pytest.approx(5.9738, abs=5e-5)
    assert scores.items["perception"].mean() == pytest.approx(4.8718, abs=5e-5)
    assert scores.overall["unweighted"] == pytest.approx(-1.1021, abs=5e-5)
    assert scores.dimensions["gap"].idxmin() == "security"
    assert scores.dimensions["gap"].min() == pytest.approx(-1.7101, abs=5e-5)
    assert scores.dimensions["gap"].idxmax() == "enjoyment"
    assert scores.dimensions["gap"].max() == pytest.approx(0.0531, abs=5e-5)
    assert set(scores.dimensions["n"]) == {207}, "the four non-users are excluded, not zeroed"


@given(levels, levels, points, st.floats(0.1, 50))
def test_weights_are_normalised(expectations, perceptions, weights, factor):
    one = servqual.score_firm(expectations, perceptions, weights)
    other = servqual.score_firm(expectations, perceptions, [w * factor for w in weights])
    assert one.dimensions["weight"].sum() == pytest.approx(1)
    assert other.overall.tolist() == pytest.approx(one.overall.tolist())
    gaps = one.dimensions["gap"]
    assert gaps.min() - 1e-9 <= one.overall["weighted"] <= gaps.max() + 1e-9
    assert one.dimensions["contribution"].sum() == pytest.approx(one.overall["weighted"], abs=1e-12)
    if abs(one.overall["weighted"]) > 1e-6:
        assert one.dimensions["share"].sum() == pytest.approx(1)


@given(levels, levels, points)
def test_swapping_expectations_and_perceptions_turns_the_sign(expectations, perceptions, weights):
    gap_rules = ["unweighted", "weighted", "item_mean"]
    one = servqual.score_firm(expectations, perceptions, weights).overall[gap_rules]
    other = servqual.score_firm(perceptions, expectations, weights).overall[gap_rules]
    assert one.tolist() == pytest.approx((-other).tolist(), abs=1e-12)


def test_firm_by_names_in_any_order():
    names = list(servqual.DIMENSIONS)
    backwards = {
        what: pd.Series(values, names)[::-1]
        for what, values in {"expectations": E, "perceptions": P}.items()
    }
    overall = servqual.score_firm(**backwards, weights=servqual.US_1990_WEIGHTS).overall
    assert overall.tolist() == pytest.approx(servqual.score_firm(E, P, W).overall.tolist())


def test_other_dimensions_count_the_same():
    scores = servqual.score_firm({"speed": 6, "price": 5}, {"price": 6, "speed": 4})
    assert scores.dimensions["gap"].to_dict() == {"speed": -2, "price": 1}
    assert scores.overall["weighted"] == scores.overall["item_mean"] == pytest.approx(-0.5)


def test_a_dimension_of_ones_own_has_one_item():
    scores = servqual.score_firm({"tangibles": 4, "speed": 4}, {"tangibles": 5, "speed": 3})
    assert scores.overall["item_mean"] == pytest.approx((4 * 1 - 1) / 5)


def test_share_of_a_net_gap_of_zero_is_undefined():
    scores = servqual.score_firm([4, 4, 4, 4, 4], [5, 3, 4, 4, 4])
    assert scores.overall["weighted"] == 0
    assert scores.dimensions["share"].isna().all()
    assert scores.dimensions["share"].dtype == float


def test_inputs_stay_as_they_are():
    answers = random_survey(1)
    before = answers.copy()
    weights = pd.DataFrame(np.tile(W, (40, 1)))
    servqual.score_survey(answers, weights=weights)
    pd.testing.assert_frame_equal(answers, before)
    assert (weights.to_numpy() == W).all()


@given(st.integers(0, 2**31), st.integers(0, 2**31))
def test_order_of_rows_and_columns_does_not_matter(seed, order):
    answers = random_survey(seed)
    shuffled = answers.sample(frac=1, random_state=order).sample(frac=1, axis=1, random_state=order)
    one = servqual.score_survey(answers, weights=W)
    other = servqual.score_survey(shuffled, weights=W)
    pd.testing.assert_frame_equal(one.items, other.items)
    pd.testing.assert_frame_equal(one.dimensions, other.dimensions)
    pd.testing.assert_series_equal(one.overall, other.overall)


@given(st.integers(0, 2**31))
def test_survey_against_a_long_table(seed):
    """The definition of M2.1 by another route: long format, grouped twice."""
    answers = random_survey(seed)
    wide = pd.wide_to_long(
        answers.rename_axis("person").reset_index(), ["E", "P"], "person", "item", "_", r"\w+"
    ).reset_index()
    wide["gap"] = wide["P"] - wide["E"]
    wide["dimension"] = wide["item"].map(
        {item: name for name, items in servqual.DIMENSIONS.items() for item in items}
    )
    found = servqual.score_survey(answers).dimensions
    for column, kind in {"gap": "gap", "perception": "P", "expectation": "E"}.items():
        by_person = wide.groupby(["dimension", "person"])[kind].agg(["mean", "count", "size"])
        enough = by_person[by_person["count"] * 2 >= by_person["size"]]
        wanted = enough.groupby("dimension")["mean"].mean()
        assert found[column].to_dict() == pytest.approx(wanted.to_dict())


def test_a_gap_needs_both_answers():
    answers = survey_of(E, P)
    answers.loc[0, "E_R1"] = np.nan
    scores = servqual.score_survey(answers)
    assert scores.items.loc["R1", "n"] == 2
    assert scores.items.loc["R1", "gap"] == pytest.approx(-0.9)
    assert scores.dimensions.loc["reliability", "n"] == 3
    # A difference of column means would compare different people.
    assert scores.items.loc["R1", "perception"] - scores.items.loc[
        "R1", "expectation"
    ] != pytest.approx(-0.9, abs=0.01)


@pytest.mark.parametrize(("missing", "persons"), [(2, 3), (3, 2), (4, 2)])
def test_half_of_the_items_are_needed(missing, persons):
    answers = survey_of(E, P)
    answers.loc[0, [f"E_T{i + 1}" for i in range(missing)]] = np.nan
    scores = servqual.score_survey(answers)
    assert scores.dimensions.loc["tangibles", "n"] == persons
    assert servqual.score_survey(answers, min_share=1).dimensions.loc["tangibles", "n"] == 2


def test_a_person_who_answered_nothing_has_no_score():
    gaps = pd.DataFrame({"T1": [-1, np.nan], "T2": [np.nan, np.nan]}, index=["ann", "bo"])
    scores = servqual.dimension_scores(gaps, {"tangibles": ["T1", "T2"]}, min_share=0)
    assert scores["tangibles"].to_dict() == pytest.approx({"ann": -1, "bo": np.nan}, nan_ok=True)


def test_own_weights_follow_the_order_of_the_answers():
    answers = random_survey(2, n=4)
    own = pd.DataFrame([W, W[::-1], W[1:] + W[:1], [1] * 5])
    named = answers.set_axis(["dee", "ann", "bo", "cy"])
    one, other = (servqual.score_survey(table, weights=own).overall for table in (answers, named))
    pd.testing.assert_series_equal(one, other)


def test_own_weights_average_the_products():
    """Two guests: one cares for tangibles only, one for reliability only."""
    answers = survey_of([4] * 5, [4] * 5, spread=(0, 0)).astype(float)
    answers.loc[0, ["P_T1", "P_T2", "P_T3", "P_T4"]] = 6.0
    answers.loc[1, [f"P_R{i}" for i in range(1, 6)]] = 1.0
    own = pd.DataFrame([[100, 0, 0, 0, 0], [0, 100, 0, 0, 0]])
    scores = servqual.score_survey(answers, weights=own)
    # Guest 1 gains 2 x 1, guest 2 loses 3 x 1: the mean is -.5. Multiplied averages give
    # .5 x 1 - .5 x 1.5 = -.25.
    assert scores.dimensions["contribution"].tolist() == pytest.approx([1.0, -1.5, 0, 0, 0])
    assert scores.overall["weighted"] == pytest.approx(-0.5)
    assert scores.dimensions["weight"].tolist() == pytest.approx([0.5, 0.5, 0, 0, 0])
    assert scores.overall["weighted_servperf"] == pytest.approx((6 + 1) / 2)


def test_equal_own_weights_are_firm_weights(hotel):
    own = pd.DataFrame(np.tile(W, (len(hotel), 1)))
    pd.testing.assert_series_equal(
        servqual.score_survey(hotel, weights=own).overall,
        servqual.score_survey(hotel, weights=W).overall,
    )


def test_a_respondent_without_weights_drops_out():
    answers = survey_of([4] * 5, [5] * 5, spread=(0, 1))
    own = pd.DataFrame([[20.0] * 5, [np.nan] * 5])
    scores = servqual.score_survey(answers, weights=own)
    assert scores.overall["weighted"] == pytest.approx(1)
    assert scores.overall["weighted_servperf"] == pytest.approx(5), (
        "only the first person has weights"
    )


def test_a_dimension_without_answers_is_missing_and_so_is_what_needs_it():
    answers = survey_of(E, P)
    answers[[f"E_E{i}" for i in range(1, 6)]] = np.nan
    scores = servqual.score_survey(answers)
    assert np.isnan(scores.dimensions.loc["empathy", "gap"])
    assert scores.dimensions["gap"].notna().sum() == 4
    assert scores.overall[["unweighted", "weighted", "item_mean"]].isna().all()
    assert scores.overall["servperf"] == pytest.approx(5.84), "perceptions are complete"


@pytest.mark.parametrize(
    ("column", "row", "answer"), [("P_R1", 2, 8), ("E_T1", 0, 0), ("P_E5", 1, 77), ("E_A2", 1, -1)]
)
def test_an_answer_off_the_scale_is_named(column, row, answer):
    answers = survey_of(E, P)
    answers.loc[row:, column] = answer
    with pytest.raises(
        ValueError, match=rf"Column {column}, row {row}: the answer {answer}\D.*1 to 7"
    ):
        servqual.score_survey(answers)


def test_a_text_answer_is_named_by_the_label_of_its_row():
    answers = survey_of(E, P).astype(object).set_axis(["ann", "bo", "cy"])
    answers.loc["bo", "P_S2"] = "often"
    with pytest.raises(ValueError, match="Column P_S2, row bo: the answer often"):
        servqual.score_survey(answers)


def test_another_scale():
    answers = survey_of([8.0] * 5, [9.0] * 5)
    assert servqual.score_survey(answers, scale=(0, 10)).overall["unweighted"] == pytest.approx(1)
    with pytest.raises(ValueError, match="1 to 7"):
        servqual.score_survey(answers)


def test_all_answers_missing():
    answers = survey_of(E, P) * np.nan
    with pytest.raises(ValueError, match="All answers are missing in the columns E_T1 to E_E5"):
        servqual.score_survey(answers)


def test_missing_columns_are_named():
    answers = survey_of(E, P).drop(columns=["P_R2", "P_E1"])
    with pytest.raises(ValueError, match=r"no column P_R2, P_E1\."):
        servqual.score_survey(answers)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([0, 0, 0, 0, 0], "sum to zero"),
        ([1, 1, -1, 1, 1], "zero or more"),
        ([1, 1, np.inf, 1, 1], "finite"),
        ([1, 2, 3], "weights needs 5 numbers, one per dimension; it has 3"),
        ({"reliability": 1, "speed": 2}, "weights names the dimensions reliability, speed"),
    ],
)
def test_impossible_weights(weights, message):
    with pytest.raises(ValueError, match=message):
        servqual.score_firm(E, P, weights)


@pytest.mark.parametrize("name", ["expectations", "perceptions", "item_counts"])
def test_a_number_too_few(name):
    with pytest.raises(ValueError, match=f"^{name} needs 5 numbers, .* it has 4"):
        servqual.score_firm(**{"expectations": E, "perceptions": P, name: E[:4]})


def test_impossible_own_weights_name_the_row():
    answers = survey_of(E, P)
    own = pd.DataFrame([[20] * 5, [20] * 5, [0] * 5])
    with pytest.raises(ValueError, match=r"\(row 2\) sum to zero"):
        servqual.score_survey(answers, weights=own)
    with pytest.raises(ValueError, match=r"shape \(2, 5\)"):
        servqual.score_survey(answers, weights=own.iloc[:2])


def test_the_best_firm_depends_on_the_rule():
    """K2.2: the hostel misses little because little is expected, the palace is better."""
    firms = {
        "hostel": servqual.score_firm([4.0] * 5, [4.0] * 5).overall,
        "palace": servqual.score_firm([6.5] * 5, [6.3] * 5).overall,
    }
    ranks = servqual.rank_firms(firms).pivot_table(index="rule", columns="firm", values="rank")
    assert ranks.loc["unweighted"].to_dict() == {"hostel": 1, "palace": 2}
    assert ranks.loc["servperf"].to_dict() == {"hostel": 2, "palace": 1}
    assert set(ranks.index) == set(servqual.RULES)


def test_equal_firms_share_a_rank():
    """The same perceptions in another order have sums that differ in the last binary digit."""
    tied = servqual.score_firm([5.0] * 5, [5.1, 5.2, 5.3, 5.7, 5.4], item_counts=[1] * 5).overall
    twin = servqual.score_firm([5.0] * 5, [5.1, 5.3, 5.2, 5.7, 5.4], item_counts=[1] * 5).overall
    assert tied["servperf"] != twin["servperf"]
    last = servqual.score_firm([5.0] * 5, [4.0] * 5).overall
    ranks = servqual.rank_firms({"a": last, "b": tied, "c": twin})
    assert ranks.groupby("firm")["rank"].unique().map(list).to_dict() == {
        "a": [3],
        "b": [1],
        "c": [1],
    }
    first = ranks[(ranks["firm"] == "a") & (ranks["rule"] == "weighted")]
    assert first["score"].item() == pytest.approx(-1)


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        servqual.dimension_scores,
        {"item_scores": pd.DataFrame({"T1": [1.0]}), "dimensions": {"tangibles": ["T1"]}},
        {"min_share": ([-0.1, 1.1, NAN], [0, 1])},
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
