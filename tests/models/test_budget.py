from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from servicequality.models import budget as bud

O3_5A = pd.DataFrame(
    {"cost": [20, 15, 25, 30, 40, 35, 10, 45], "value": [9, 7, 10, 14, 18, 12, 6, 13]},
    index=[f"P{i}" for i in range(1, 9)],
)
GAPS, RATES = (30, 20, 40, 25), (0.05, 0.04, 0.03, 0.06)


@st.composite
def project_tables(draw, most=9):
    n = draw(st.integers(1, most))
    numbers = st.lists(st.integers(0, 40), min_size=n, max_size=n)
    return pd.DataFrame(
        {"cost": draw(numbers), "value": draw(numbers)}, index=[f"P{i}" for i in range(n)]
    )


@st.composite
def gap_lists(draw):
    n = draw(st.integers(1, 6))
    gaps = st.lists(st.integers(1, 50), min_size=n, max_size=n)
    rates = st.lists(st.integers(1, 20).map(lambda c: c / 100), min_size=n, max_size=n)
    return draw(gaps), draw(rates)


def names(*numbers):
    return tuple(f"P{i}" for i in numbers)


def milp(projects, budget, requires=None):
    """The value of the best set by mixed-integer programming."""
    cost, value = projects["cost"].to_numpy(float), projects["value"].to_numpy(float)
    rows, limits = [cost], [budget]
    for project, needed in (requires or {}).items():
        for other in needed:
            row = np.zeros(len(cost))
            row[projects.index.get_loc(project)] += 1
            row[projects.index.get_loc(other)] -= 1
            rows.append(row)
            limits.append(0)
    found = optimize.milp(
        -value,
        constraints=optimize.LinearConstraint(rows, ub=limits),
        integrality=np.ones(len(cost)),
        bounds=optimize.Bounds(0, 1),
    )
    return -found.fun


def test_a_greedy_shopper_needs_a_rule():
    with pytest.raises(ValueError, match="by must be one of"):
        bud.greedy_portfolio(O3_5A, 100, by="luck")


def test_by_value_the_cheaper_of_two_equals_comes_first():
    projects = pd.DataFrame({"cost": [60, 50], "value": [9, 9]}, index=["P0", "P1"])
    assert bud.greedy_portfolio(projects, 100, by="value").projects == ("P1",)


@pytest.mark.oracle("O3.5a")
def test_o3_5a_optimum():
    assert bud.best_portfolio(O3_5A, 100) == (names(1, 4, 5, 7), 100, 47)
    values = [
        O3_5A.loc[list(chosen), "value"].sum()
        for r in range(9)
        for chosen in combinations(O3_5A.index, r)
        if O3_5A.loc[list(chosen), "cost"].sum() <= 100
    ]
    assert sorted(values)[-2:] == [46, 47], "the optimum is unique"


@pytest.mark.oracle("O3.5a")
def test_o3_5a_greedy_and_bound():
    assert bud.greedy_portfolio(O3_5A, 100) == (names(1, 2, 3, 4, 7), 100, 46)
    assert bud.greedy_portfolio(O3_5A, 100, by="value") == (names(3, 4, 5), 95, 42)
    assert bud.fractional_bound(O3_5A, 100) == pytest.approx(47.25)


@pytest.mark.oracle("O3.5a")
@pytest.mark.parametrize("needed", ["P3", ["P3"], {"P3"}, ("P3",)])
def test_o3_5a_prerequisite(needed):
    assert bud.best_portfolio(O3_5A, 100, {"P5": needed}) == (names(1, 2, 3, 4, 7), 100, 46)


@pytest.mark.oracle("O3.5b")
def test_o3_5b_budget_80():
    found = bud.allocate(GAPS, RATES, 80)
    assert found.spending == pytest.approx([21.716, 11.430, 28.756, 18.097], abs=5e-4)
    assert found.marginal == pytest.approx(0.50643, abs=5e-6)
    assert found.value == pytest.approx(66.8887, abs=5e-5)
    values = bud.compare_splits(GAPS, RATES, 80).groupby("rule")["closed"].sum()
    assert values.to_dict() == pytest.approx(
        {"best": 66.8887, "equal": 65.4947, "proportional": 66.8048}, abs=5e-5
    )


@pytest.mark.oracle("O3.5b")
def test_o3_5b_budget_10():
    found = bud.allocate(GAPS, RATES, 10)
    assert found.spending == pytest.approx([4.982, 0, 0.866, 4.152], abs=5e-4)
    assert found.value == pytest.approx(13.1536, abs=5e-5)
    assert found.spending[np.argmax(GAPS)] < 1, "the largest gap gets almost nothing"


@given(project_tables(), st.integers(0, 120))
def test_best_portfolio_against_mixed_integer_programming(projects, budget):
    found = bud.best_portfolio(projects, budget)
    assert found.value == pytest.approx(milp(projects, budget))
    assert found.cost <= budget
    greedy = bud.greedy_portfolio(projects, budget)
    assert greedy.cost <= budget
    assert greedy.value <= found.value <= bud.fractional_bound(projects, budget) + 1e-9
    for portfolio in (found, greedy):
        assert bud.evaluate(projects, portfolio.projects) == portfolio


@given(project_tables(6), st.integers(0, 120), st.data())
def test_prerequisites_against_mixed_integer_programming(projects, budget, data):
    some = st.sets(st.sampled_from(list(projects.index)), max_size=2)
    requires = data.draw(st.dictionaries(st.sampled_from(list(projects.index)), some, max_size=3))
    found = bud.best_portfolio(projects, budget, requires)
    assert found.value == pytest.approx(milp(projects, budget, requires))
    greedy = bud.greedy_portfolio(projects, budget, requires)
    assert greedy.value <= found.value
    for portfolio in (found, greedy):
        assert bud.evaluate(projects, portfolio.projects, requires) == portfolio


@given(project_tables(), st.integers(0, 120), st.floats(0.1, 10), st.integers(0, 2**31))
def test_row_order_and_currency_do_not_matter(projects, budget, rate, order):
    other = projects.assign(cost=projects["cost"] * rate).sample(frac=1, random_state=order)
    for solve in (bud.best_portfolio, bud.greedy_portfolio):
        assert solve(other, budget * rate).value == solve(projects, budget).value
    assert bud.fractional_bound(other, budget * rate) == pytest.approx(
        bud.fractional_bound(projects, budget)
    )


def test_among_equal_sets_the_cheapest():
    projects = pd.DataFrame({"cost": [50, 40, 10], "value": [5, 5, 0]}, index=["A", "B", "C"])
    assert bud.best_portfolio(projects, 60) == (("B",), 40, 5)
    # Sums of the same tenths in another order differ in the last digit.
    tenths = pd.DataFrame(
        {"cost": [1, 1, 1, 2.9], "value": [0.1, 0.2, 0.3, 0.6]}, index=list("ABCD")
    )
    assert bud.best_portfolio(tenths, 3).projects == ("D",)


def test_costs_that_fill_the_budget_but_for_rounding():
    tenths = pd.DataFrame({"cost": [0.1, 0.2], "value": [1, 1]}, index=["A", "B"])
    assert 0.1 + 0.2 > 0.3
    assert bud.best_portfolio(tenths, 0.3).value == 2
    assert bud.greedy_portfolio(tenths, 0.3).value == 2


def test_no_budget_buys_what_is_free():
    assert bud.best_portfolio(O3_5A, 0) == ((), 0, 0)
    assert bud.greedy_portfolio(O3_5A, 0) == ((), 0, 0)
    assert bud.fractional_bound(O3_5A, 0) == 0
    free = pd.DataFrame({"cost": [0, 5], "value": [3, 9]}, index=["smile", "lobby"])
    assert bud.best_portfolio(free, 0) == (("smile",), 0, 3)
    assert bud.greedy_portfolio(free, 0) == (("smile",), 0, 3)
    assert bud.fractional_bound(free, 0) == 3
    assert bud.fractional_bound(free, 4) == pytest.approx(3 + 9 * 4 / 5)


def test_a_cost_of_one_is_not_free():
    cheap = pd.DataFrame({"cost": [1, 2], "value": [1, 4]}, index=["A", "B"])
    assert bud.greedy_portfolio(cheap, 2) == (("B",), 2, 4)
    assert bud.fractional_bound(cheap, 2.5) == pytest.approx(4.5)


def test_greedy_goes_on_after_a_project_that_does_not_fit_and_waits_for_prerequisites():
    projects = pd.DataFrame({"cost": [6, 6, 3], "value": [60, 48, 6]}, index=["A", "B", "C"])
    assert bud.greedy_portfolio(projects, 10) == (("A", "C"), 9, 66)
    assert bud.greedy_portfolio(projects, 10, {"A": "C"}) == (("B", "C"), 9, 54)
    assert bud.greedy_portfolio(projects, 15, {"A": "B", "B": "C"}) == (("A", "B", "C"), 15, 114)
    assert bud.greedy_portfolio(projects, 99, {"A": "B", "B": "A"}) == (("C",), 3, 6)
    assert bud.best_portfolio(projects, 99, {"A": "B", "B": "A"}).value == 114


def test_greedy_takes_the_cheaper_of_equal_ratios():
    projects = pd.DataFrame({"cost": [30, 15], "value": [14, 7]}, index=["big", "small"])
    assert bud.greedy_portfolio(projects, 30) == (("small",), 15, 7)


def test_evaluate():
    assert bud.evaluate(O3_5A, {"P7", "P2"}) == (names(2, 7), 25, 13)
    assert bud.evaluate(O3_5A, []) == ((), 0, 0)
    assert bud.evaluate(O3_5A, ["P3", "P5"], {"P5": "P3"}).value == 28
    with pytest.raises(ValueError, match="P5 needs P3, P4, which is not among the chosen"):
        bud.evaluate(O3_5A, ["P1", "P5"], {"P5": ["P4", "P1", "P3"]})
    assert bud.evaluate(O3_5A, ["P3"], {"P5": "P4"}).value == 10


@given(project_tables(7))
def test_frontier_is_the_best_portfolio_of_every_budget(projects):
    steps = bud.frontier(projects)
    assert steps["budget"].iloc[0] == 0
    assert (steps["value"].diff().dropna() > 0).all()
    assert (steps["budget"].diff().dropna() > 0).all()
    for budget in range(0, int(projects["cost"].sum()) + 2, 7):
        reached = steps.loc[steps["budget"] <= budget, "value"].iloc[-1]
        assert reached == pytest.approx(bud.best_portfolio(projects, budget).value)


def test_frontier_with_prerequisite():
    for requires, value in ((None, 47), ({"P5": "P3"}, 46)):
        steps = bud.frontier(O3_5A, requires)
        assert steps.loc[steps["budget"] <= 100, "value"].max() == value


@given(gap_lists(), st.floats(0, 300))
def test_allocation_meets_its_conditions(lists, budget):
    """Money is spent to the last unit, and all gaps that get any are equally worth the next."""
    gaps, rates = (np.array(values, dtype=float) for values in lists)
    found = bud.allocate(gaps, rates, budget)
    assert found.spending.min() >= 0
    assert found.spending.sum() == pytest.approx(budget, abs=1e-6)
    returns = gaps * rates * np.exp(-rates * found.spending)
    served = found.spending > 1e-9
    assert returns[served] == pytest.approx(np.full(served.sum(), found.marginal))
    assert (returns[~served] <= found.marginal * (1 + 1e-9)).all()
    assert found.value == pytest.approx(bud.closure(gaps, rates, found.spending).sum())
    values = bud.compare_splits(gaps, rates, budget).groupby("rule")["closed"].sum()
    assert values["best"] >= values.max() - 1e-9


def test_allocation_against_scipy():
    for budget in (3, 25, 120):
        wanted = optimize.minimize(
            lambda x: -bud.closure(GAPS, RATES, x).sum(),
            np.full(4, budget / 4),
            bounds=[(0, budget)] * 4,
            constraints={"type": "eq", "fun": lambda x, total=budget: x.sum() - total},
            options={"ftol": 1e-12},
        )
        found = bud.allocate(GAPS, RATES, budget)
        assert found.value == pytest.approx(-wanted.fun, abs=1e-6)
        assert found.spending == pytest.approx(wanted.x, abs=1e-2)


@given(gap_lists(), st.floats(1, 100), st.floats(0.1, 10))
def test_order_and_currency_of_gaps_do_not_matter(lists, budget, rate):
    gaps, rates = (np.array(values, dtype=float) for values in lists)
    one = bud.allocate(gaps, rates, budget)
    backwards = bud.allocate(gaps[::-1], rates[::-1], budget)
    assert backwards.spending[::-1] == pytest.approx(one.spending, abs=1e-9)
    other = bud.allocate(gaps, rates / rate, budget * rate)
    assert other.spending == pytest.approx(one.spending * rate, abs=1e-6)
    assert other.value == pytest.approx(one.value)
    assert other.marginal == pytest.approx(one.marginal / rate)


def test_allocation_at_the_ends():
    none = bud.allocate(GAPS, RATES, 0)
    assert none.spending == pytest.approx([0] * 4, abs=1e-12)
    assert (none.value, none.marginal) == pytest.approx((0, 1.5), abs=1e-12)
    assert bud.allocate([5, 0], [0.1, 0.9], 7).spending == pytest.approx([7, 0])
    assert bud.allocate([5, 5, 5], 0.1, 6).spending == pytest.approx([2, 2, 2])
    assert bud.allocate(GAPS, RATES, 1e4).value == pytest.approx(sum(GAPS))


def test_closure():
    assert bud.closure(30, 0.05, [0, 1e9]).tolist() == [0, 30]
    assert bud.closure(10, 0.1, 5) == pytest.approx(10 * (1 - np.exp(-0.5)))


def test_compare_splits_gap_by_gap():
    table = bud.compare_splits(GAPS, RATES, 10)
    assert table["rule"].tolist() == ["best"] * 4 + ["equal"] * 4 + ["proportional"] * 4
    assert table["gap"].tolist() == [0, 1, 2, 3] * 3
    wide = table.pivot_table(index="gap", columns="rule", values="spending")
    assert wide["equal"].tolist() == [2.5] * 4
    assert wide["proportional"].tolist() == pytest.approx(
        [30 / 11.5, 20 / 11.5, 40 / 11.5, 25 / 11.5]
    )
    assert wide["best"].tolist() == pytest.approx(bud.allocate(GAPS, RATES, 10).spending.tolist())
    for _row, (gap, spending, closed) in table[["gap", "spending", "closed"]].iterrows():
        assert closed == pytest.approx(bud.closure(GAPS[int(gap)], RATES[int(gap)], spending))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bud.best_portfolio(O3_5A, -1), "budget must be a finite number, at least 0"),
        (lambda: bud.greedy_portfolio(O3_5A, -1), "budget must be"),
        (lambda: bud.fractional_bound(O3_5A, np.nan), "budget must be"),
        (lambda: bud.best_portfolio(O3_5A.assign(cost=-1), 10), r"cost must be .* \(row P1\)"),
        (lambda: bud.best_portfolio(O3_5A.assign(value=-1), 10), r"value must be .* \(row P1\)"),
        (lambda: bud.best_portfolio(O3_5A.drop(columns="cost"), 10), "no column cost"),
        (lambda: bud.best_portfolio(O3_5A.drop(columns="value"), 10), "no column value"),
        (lambda: bud.best_portfolio(O3_5A.iloc[:0], 10), "no rows"),
        (lambda: bud.best_portfolio(O3_5A.iloc[[0, 1, 1]], 10), "P2 appears twice"),
        (lambda: bud.best_portfolio(O3_5A, 10, {"P9": "P1"}), "requires must be one of .* 'P9'"),
        (lambda: bud.best_portfolio(O3_5A, 10, {"P1": "P9"}), "requires must be one of .* 'P9'"),
        (lambda: bud.evaluate(O3_5A, ["P9"]), "chosen must be one of .* 'P9'"),
        (
            lambda: bud.best_portfolio(pd.DataFrame({"cost": [1] * 19, "value": 1}), 10),
            "number of projects must be .* at most 18; it is 19",
        ),
        (lambda: bud.frontier(pd.DataFrame({"cost": [1] * 19, "value": 1})), "number of projects"),
        (lambda: bud.closure(-1, 0.1, 1), "gaps must be"),
        (lambda: bud.closure(1, 0, 1), "rates must be a finite number, above 0"),
        (lambda: bud.closure(1, 0.1, -1), "spending must be"),
        (lambda: bud.allocate([0, 0], 0.1, 1), "There is no gap to close"),
        (lambda: bud.allocate([-1], 0.1, 1), "gaps must be"),
        (lambda: bud.allocate([1], 0, 1), "rates must be"),
        (lambda: bud.allocate([1], 0.1, -1), "budget must be"),
    ],
)
def test_impossible_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (bud.best_portfolio, {"projects": O3_5A}, {"budget": ([-1, NAN, INF], [0])}),
    (bud.greedy_portfolio, {"projects": O3_5A}, {"budget": ([-1, NAN, INF], [0])}),
    (bud.fractional_bound, {"projects": O3_5A}, {"budget": ([-1, NAN, INF], [0])}),
    (
        bud.closure,
        {"gaps": GAPS, "rates": RATES, "spending": (1, 1, 1, 1)},
        {
            "gaps": ([-1, NAN, INF], [0]),
            "rates": ([0, NAN, INF], [0.1]),
            "spending": ([-1, NAN, INF], [0]),
        },
    ),
    (
        bud.allocate,
        {"gaps": GAPS, "rates": RATES},
        {"budget": ([-1, NAN, INF], [0])},
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
