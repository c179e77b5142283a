import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicequality.models.gaps import NORMS, gap_chain, gap_table, waterfall

HOTEL = {"management": 78, "standard": 74, "delivery": 70, "perception": 72}
O3_2 = pd.DataFrame(
    {
        "expected": [5, 90, 9],
        "actual": [10, 80, 8],
        "direction": [-1, 1, 1],
        "unit": ["min", "%", "points"],
        "lo": [0, 50, 1],
        "hi": [30, 100, 10],
        "sd": [4, 8, 1.2],
        "weight": [0.40, 0.35, 0.25],
    },
    index=["response time", "problems solved", "attitude"],
)

levels = st.floats(0, 100)
effects = st.floats(0, 1)
six_levels = st.tuples(*[levels] * 6)


@st.composite
def metric_tables(draw):
    n = draw(st.integers(1, 8))
    numbers = st.lists(st.integers(1, 100), min_size=n, max_size=n)
    table = pd.DataFrame({name: draw(numbers) for name in ("expected", "actual", "lo", "sd")})
    table["hi"] = table["lo"] + draw(numbers)
    table["weight"] = draw(numbers)
    table["direction"] = draw(st.lists(st.sampled_from([1, -1]), min_size=n, max_size=n))
    return table.assign(unit="points")


@pytest.mark.oracle("O3.1")
def test_o3_1():
    chain = gap_chain(80, 90, **HOTEL)
    assert chain._asdict() == pytest.approx(
        {
            "expectation": 85,
            "g1": -7,
            "g2": -4,
            "g3": -4,
            "gp": 2,
            "g5": -13,
            "g4": -20,
            "promise_part": -5,
        }
    )
    modest = gap_chain(80, 76, **HOTEL)
    assert (modest.expectation, modest.g5) == pytest.approx((79.2, -7.2))


def test_d3_1_challenge():
    """A promise of 82 and a perception of 78 bring the customer gap to -3."""
    assert gap_chain(80, 82, 78, 74, 70, 78).g5 == pytest.approx(-3)
    assert gap_chain(80, 90, 78, 74, 70, 78).g5 < -3


def test_a_promise_of_the_expected_changes_nothing():
    chain = gap_chain(80, 80, **HOTEL, beta_up=1, beta_down=1)
    assert (chain.expectation, chain.promise_part, chain.g5) == (80, 0, -8)


def test_each_branch_has_its_own_effect():
    chain = gap_chain(80, [90, 70], **HOTEL, beta_up=0.3, beta_down=0.1)
    assert chain.expectation == pytest.approx([83, 79])
    assert chain.promise_part == pytest.approx([-3, 1])


@given(six_levels, effects, effects)
def test_the_links_add_up_to_the_customer_gap(values, up, down):
    chain = gap_chain(*values, up, down)
    before, promise, *_rest, perception = values
    assert chain.g1 + chain.g2 + chain.g3 + chain.gp == pytest.approx(chain.g5, abs=1e-9)
    assert chain.g5 == pytest.approx(perception - before + chain.promise_part, abs=1e-9)
    assert min(before, promise) - 1e-9 <= chain.expectation <= max(before, promise) + 1e-9
    assert chain.g4 == values[4] - promise


@given(six_levels, st.floats(0, 20))
def test_a_higher_promise_never_helps(values, more):
    before, promise, *rest = values
    higher = min(100.0, promise + more)
    assert gap_chain(before, higher, *rest).g5 <= gap_chain(before, promise, *rest).g5 + 1e-9


@given(st.lists(six_levels, min_size=1, max_size=10))
def test_arrays_give_what_scalars_give(rows):
    together = gap_chain(*np.array(rows).T)
    for i, row in enumerate(rows):
        assert [part[i] for part in together] == pytest.approx(gap_chain(*row))


def test_a_missing_level_hides_only_what_needs_it():
    chain = gap_chain(80, 90, 78, np.nan, 70, 72)
    assert np.isnan([chain.g2, chain.g3]).all()
    assert (chain.g1, chain.gp, chain.g5) == (-7, 2, -13)
    assert np.isnan(gap_chain(80, np.nan, **HOTEL).g5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((101, 90, 78, 74, 70, 72), "expected_before must be between 0 and 100; it is 101"),
        ((80, -1, 78, 74, 70, 72), "promise must be between 0 and 100; it is -1"),
        ((80, 90, 101, 74, 70, 72), "management must be"),
        ((80, 90, 78, [74, 174], 70, 72), r"standard must be .* 174 \(position 1\)"),
        ((80, 90, 78, 74, -70, 72), "delivery must be"),
        ((80, 90, 78, 74, 70, 720), "perception must be"),
        ((80, 90, 78, 74, 70, 72, 1.1), "beta_up must be between 0 and 1"),
        ((80, 90, 78, 74, 70, 72, 0.5, -0.1), "beta_down must be between 0 and 1"),
    ],
)
def test_impossible_levels(arguments, message):
    with pytest.raises(ValueError, match=message):
        gap_chain(*arguments)


@given(six_levels)
def test_waterfall_leads_from_expectation_to_perception(values):
    chain = gap_chain(*values)
    bars = waterfall(chain)
    assert list(bars.index) == ["g1", "g2", "g3", "gp", "g5"]
    levels = [chain.expectation, *values[2:]]
    assert bars["start"].tolist() == pytest.approx([*levels[:-1], levels[0]], abs=1e-9)
    assert bars["end"].tolist() == pytest.approx([*levels[1:], levels[-1]], abs=1e-9)
    assert bars["gap"].tolist() == pytest.approx([chain.g1, chain.g2, chain.g3, chain.gp, chain.g5])


@pytest.mark.oracle("O3.2")
@pytest.mark.parametrize(
    ("norm", "normalised", "share"),
    [
        ("relative", [-1.0000, -0.1111, -0.1111], [0.8571, 0.0833, 0.0595]),
        ("range", [-0.1667, -0.2000, -0.1111], [0.4054, 0.4257, 0.1689]),
        ("standardised", [-1.2500, -1.2500, -0.8333], [0.4364, 0.3818, 0.1818]),
    ],
)
def test_o3_2(norm, normalised, share):
    table = gap_table(O3_2, norm)
    assert table["gap"].tolist() == [-5, -10, -1]
    assert table["unit"].tolist() == ["min", "pp", "points"]
    assert table["normalised"].tolist() == pytest.approx(normalised, abs=5e-5)
    assert table["share"].tolist() == pytest.approx(share, abs=5e-5)
    assert table["priority"].tolist() == pytest.approx(
        (-table["normalised"] * O3_2["weight"]).tolist()
    )
    assert list(table.index) == list(O3_2.index)


def test_o3_2_in_proportions():
    """Only the unit of the gap changes if 90 % is written as 0.9."""
    columns = ["expected", "actual", "lo", "hi", "sd"]
    proportions = O3_2.astype(dict.fromkeys(columns, float)).assign(unit="")
    proportions.loc["problems solved", columns] /= 100
    for norm in NORMS:
        wanted, found = gap_table(O3_2, norm), gap_table(proportions, norm)
        assert found["share"].tolist() == pytest.approx(wanted["share"].tolist())
    assert found.loc["problems solved", "gap"] == pytest.approx(-0.10)


def test_range_is_the_default_and_needs_no_sd():
    pd.testing.assert_frame_equal(gap_table(O3_2.drop(columns="sd")), gap_table(O3_2, "range"))
    gap_table(O3_2.drop(columns=["sd", "lo", "hi"]), "relative")
    gap_table(O3_2.drop(columns=["lo", "hi"]), "standardised")


def test_a_surplus_has_no_priority():
    better = O3_2.assign(actual=[4, 80, 8])
    table = gap_table(better)
    assert table.loc["response time", ["gap", "priority", "share"]].tolist() == [1, 0, 0]
    assert table["share"].sum() == pytest.approx(1)
    only_surpluses = gap_table(O3_2.assign(actual=[4, 95, 9]))
    assert only_surpluses["share"].tolist() == [0, 0, 0]
    assert not np.signbit(only_surpluses[["gap", "share"]]).any(axis=None), "0 is not printed as -0"


def test_a_relative_gap_to_nothing_is_undefined():
    table = gap_table(O3_2.assign(expected=[0, 90, 9]), "relative")
    assert np.isnan(
        table.loc["response time", ["normalised", "priority", "share"]].astype(float)
    ).all()
    assert table["share"].sum() == pytest.approx(1)
    assert table.loc["response time", "gap"] == -10


def test_a_negative_expectation_keeps_the_sign_of_the_gap():
    table = gap_table(O3_2.assign(expected=[-5, -90, -9], actual=[10, -95, -8]), "relative")
    assert table["normalised"].tolist() == pytest.approx([-3, -5 / 90, 1 / 9])


@given(metric_tables(), st.sampled_from(NORMS))
def test_shares_and_signs(table, norm):
    found = gap_table(table, norm)
    shortfall = table["direction"] * (table["actual"] - table["expected"]) < 0
    assert ((found["gap"] < 0) == shortfall).all()
    assert ((found["priority"] > 0) == shortfall).all()
    assert found["share"].sum() == pytest.approx(1 if shortfall.any() else 0)


@given(metric_tables(), st.sampled_from(NORMS), st.floats(0.01, 100), st.integers(0, 2**31))
def test_units_weights_and_row_order_do_not_matter(table, norm, unit, order):
    other = table.astype(dict.fromkeys(("expected", "actual", "lo", "hi", "sd"), float))
    other[["expected", "actual", "lo", "hi", "sd"]] *= unit
    other["weight"] = table["weight"] * 3
    found = gap_table(other.sample(frac=1, random_state=order), norm)["share"].loc[table.index]
    assert found.tolist() == pytest.approx(gap_table(table, norm)["share"].tolist())


@given(metric_tables())
def test_another_direction_turns_the_gap(table):
    turned = gap_table(table.assign(direction=-table["direction"]))
    assert turned["gap"].tolist() == (-gap_table(table)["gap"]).tolist()


def test_the_input_stays_as_it_is():
    before = O3_2.copy()
    gap_table(O3_2)
    pd.testing.assert_frame_equal(O3_2, before)


@pytest.mark.parametrize(
    ("change", "norm", "message"),
    [
        ({}, "median", "norm must be one of relative, range, standardised; it is 'median'"),
        (
            {"direction": [1, 0, 1]},
            "range",
            r"direction must be 1 .* it is 0 \(row problems solved",
        ),
        ({"direction": [1, 1, np.nan]}, "range", r"direction must be 1 .* nan \(row attitude"),
        ({"weight": [1, 1, -1]}, "range", r"weight must be .* it is -1 \(row attitude\)"),
        ({"hi": [30, 50, 10]}, "range", r"hi - lo must be .* above 0; it is 0 \(row problems"),
        ({"sd": [4, 8, 0]}, "standardised", r"sd must be .* above 0; it is 0 \(row attitude"),
        ({"expected": [5, np.nan, 9]}, "range", r"expected must be .* nan \(row problems solved"),
        ({"actual": [np.nan, 80, 8]}, "range", r"actual must be .* nan \(row response time"),
    ],
)
def test_impossible_metrics(change, norm, message):
    with pytest.raises(ValueError, match=message):
        gap_table(O3_2.assign(**change), norm)


@pytest.mark.parametrize(
    "column", ["expected", "actual", "direction", "weight", "unit", "lo", "hi"]
)
def test_a_lacking_column(column):
    with pytest.raises(ValueError, match=f"no column {column}"):
        gap_table(O3_2.drop(columns=column))


def test_lacking_columns_of_a_norm():
    with pytest.raises(ValueError, match="no column sd"):
        gap_table(O3_2.drop(columns="sd"), "standardised")


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        gap_chain,
        {
            "expected_before": 80,
            "promise": 90,
            "management": 78,
            "standard": 74,
            "delivery": 70,
            "perception": 72,
        },
        {
            name: ([-0.1, 100.1, INF], [0, 100, NAN])
            for name in (
                "expected_before",
                "promise",
                "management",
                "standard",
                "delivery",
                "perception",
            )
        }
        | {name: ([-0.1, 1.1, NAN], [0, 1]) for name in ("beta_up", "beta_down")},
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
