import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from servicequality.models import service_profit_chain as chain
from servicequality.models.service_profit_chain import NODES, PATHS

LETTERS = tuple("abcdef")


@st.composite
def path_models(draw, strongest=0.9):
    """Paths only from earlier to later letters: never a loop."""
    pairs = [(a, b) for i, a in enumerate(LETTERS) for b in LETTERS[i + 1 :]]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1))
    return {pair: draw(st.floats(-strongest, strongest)) for pair in chosen}


def weak(paths):
    """Share out the variance so that no node is explained by more than all of it."""
    return {path: value / len(LETTERS) for path, value in paths.items()}


@pytest.mark.oracle("O4.6")
@pytest.mark.parametrize(
    ("cause", "effect", "total", "half_a_digit"),
    [
        ("ISQ", "PR", 0.045052, 5.1e-7),
        ("ES", "CS", 0.2230, 5e-5),
        ("ES", "PR", 0.090105, 5.1e-7),
        ("ISQ", "CS", 0.1115, 5e-5),
        ("EP", "PR", 0.22835, 5e-6),
        ("CS", "PR", 0.1350, 5e-5),
    ],
)
def test_o4_6(cause, effect, total, half_a_digit):
    assert chain.effects().total.loc[cause, effect] == pytest.approx(total, abs=half_a_digit)


@pytest.mark.oracle("O4.6")
def test_o4_6_the_chain_through_retention():
    table = chain.chains("ISQ", "PR").set_index("chain")["effect"]
    assert table["ISQ", "ES", "ER", "ESV", "CS", "CL", "PR"] == pytest.approx(0.00405)
    assert table.sum() == pytest.approx(chain.effects().total.loc["ISQ", "PR"])
    assert table.index[0] == ("ISQ", "ES", "EP", "PR")


def test_d4_4_challenge():
    """Productivity to profit is the cheapest place to double the effect of better tools."""
    table = chain.leverage("ISQ", "PR")
    assert table["to_double"].idxmin() == ("EP", "PR")
    increase = table.loc[("EP", "PR"), "to_double"]
    assert increase == pytest.approx(0.30, abs=5e-3)
    doubled = PATHS | {("EP", "PR"): PATHS["EP", "PR"] + increase}
    now, then = (chain.effects(p).total.loc["ISQ", "PR"] for p in (PATHS, doubled))
    assert then == pytest.approx(2 * now)


@given(path_models())
def test_total_is_direct_plus_indirect_and_the_sum_of_all_chains(paths):
    direct, indirect, total = chain.effects(paths, LETTERS)
    pd.testing.assert_frame_equal(direct + indirect, total)
    for (cause, effect), value in paths.items():
        assert direct.loc[cause, effect] == value
        found = chain.chains(cause, effect, paths)
        assert found["effect"].sum() == pytest.approx(total.loc[cause, effect], abs=1e-9)
        assert (found["effect"].abs().diff().dropna() <= 1e-12).all()
        assert list(found.index) == list(range(len(found)))
    assert (direct.to_numpy() != 0).sum() <= len(paths)


@given(path_models())
def test_total_against_the_power_series(paths):
    total = chain.effects(paths, LETTERS).total.to_numpy()
    b = chain.effects(paths, LETTERS).direct.to_numpy()
    series = sum(np.linalg.matrix_power(b, k) for k in range(1, len(LETTERS)))
    assert total == pytest.approx(series, abs=1e-9)


@given(path_models(), st.permutations(LETTERS))
def test_the_order_of_the_nodes_does_not_matter(paths, order):
    total = chain.effects(paths, order).total
    assert list(total.index) == list(total.columns) == list(order)
    expected = chain.effects(paths, LETTERS).total
    pd.testing.assert_frame_equal(total.loc[list(LETTERS), list(LETTERS)], expected)


@given(path_models(), st.floats(0.01, 0.5))
def test_leverage_is_the_slope(paths, more):
    cause, effect = LETTERS[0], LETTERS[-1]
    table = chain.leverage(cause, effect, paths, LETTERS)
    before = chain.effects(paths, LETTERS).total.loc[cause, effect]
    for path, row in table.iterrows():
        after = chain.effects(paths | {path: paths[path] + more}, LETTERS).total
        assert after.loc[cause, effect] - before == pytest.approx(more * row["slope"], abs=1e-9)
        assert not row["to_double"] < 0


def test_no_increase_doubles_what_it_does_not_touch():
    table = chain.leverage("CS", "PR")
    assert np.isnan(table.loc[("ISQ", "ES"), "to_double"])
    assert table.loc[("ISQ", "ES"), "slope"] == 0


def test_no_effect_can_be_doubled():
    paths = {("a", "b"): 0.5, ("b", "c"): 0.0}
    table = chain.leverage("a", "c", paths, ["a", "b", "c"])
    assert table["slope"].tolist() == [0, 0.5]
    assert table["to_double"].isna().all()
    falling = chain.leverage("a", "c", {("a", "b"): 0.5, ("b", "c"): -0.2}, ["a", "b", "c"])
    assert np.isnan(falling.loc[("b", "c"), "to_double"]), "more would bring it to zero first"
    assert falling.loc[("a", "b"), "to_double"] == pytest.approx(0.5)


@given(path_models())
def test_correlations_are_those_of_the_equations(paths):
    """R = (I - B)^-T Psi (I - B)^-1 with the unexplained variance in Psi."""
    paths = weak(paths)
    r = chain.implied_correlations(paths, LETTERS).to_numpy()
    b = chain.effects(paths, LETTERS).direct.to_numpy()
    inverse = np.linalg.inv(np.eye(len(b)) - b)
    psi = (np.eye(len(b)) - b).T @ r @ (np.eye(len(b)) - b)
    assert psi == pytest.approx(np.diag(np.diag(psi)), abs=1e-9), "chance parts do not correlate"
    assert (np.diag(psi) >= 0).all()
    assert inverse.T @ psi @ inverse == pytest.approx(r, abs=1e-9)
    assert np.diag(r) == pytest.approx(np.ones(len(b)))
    assert (r == r.T).all()


def test_the_correlation_of_a_first_cause_is_its_total_effect():
    r = chain.implied_correlations()
    total = chain.effects().total
    assert r.loc["ISQ", NODES[1:]].to_numpy() == pytest.approx(
        total.loc["ISQ", NODES[1:]].to_numpy()
    )
    assert r.loc["CS", "PR"] > total.loc["CS", "PR"], "common causes add to it"


@pytest.mark.parametrize("reverse", [False, True])
def test_both_worlds_have_the_same_correlations(reverse):
    units = chain.simulate(20_000, reverse=reverse, seed=6)
    assert list(units) == list(NODES)
    assert units.corr().to_numpy() == pytest.approx(
        chain.implied_correlations().to_numpy(), abs=0.025
    )
    assert units.std().to_numpy() == pytest.approx(np.ones(8), abs=0.02)
    assert units.mean().to_numpy() == pytest.approx(np.zeros(8), abs=0.03)


def test_regressions_recover_the_paths():
    """DS-07 in large: each effect regressed on its causes."""
    units = chain.simulate(20_000, seed=7)
    for effect in NODES[1:]:
        causes = [start for start, end in PATHS if end == effect]
        fit = sm.OLS(units[effect], sm.add_constant(units[causes])).fit()
        for cause in causes:
            assert fit.params[cause] == pytest.approx(PATHS[cause, effect], abs=0.03)


def test_chance_comes_first_where_the_causes_are():
    """Profit is drawn first in the mirror image, tools in the chain: the same seed shows it."""
    forward, mirror = (chain.simulate(50, reverse=reverse, seed=3) for reverse in (False, True))
    chance = np.random.default_rng(3).standard_normal((50, 8))
    assert forward["ISQ"].tolist() == chance[:, 0].tolist()
    assert mirror["PR"].tolist() == chance[:, 7].tolist()
    assert forward["PR"].tolist() != mirror["PR"].tolist()
    pd.testing.assert_frame_equal(forward, chain.simulate(50, seed=3))
    assert len(chain.simulate()) == 300


def test_a_node_that_is_explained_completely():
    units = chain.simulate(100, {("a", "b"): 1.0, ("b", "c"): -1.0}, ["a", "b", "c"])
    assert units["b"].to_numpy() == pytest.approx(units["a"].to_numpy())
    assert units["c"].to_numpy() == pytest.approx(-units["a"].to_numpy())
    mirrored = chain.simulate(100, {("a", "b"): 1.0, ("b", "c"): -1.0}, ["a", "b", "c"], True)
    assert mirrored["a"].to_numpy() == pytest.approx(-mirrored["c"].to_numpy())


def test_no_path_at_all():
    assert (chain.effects({}, ["a", "b"]).total == 0).all(axis=None)
    assert chain.implied_correlations({}, ["a", "b"]).to_numpy().tolist() == [[1, 0], [0, 1]]
    assert chain.chains("CS", "ISQ").empty


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ({("PR", "ISQ"): 0.1}, "form a loop: .*PR -> ISQ|form a loop: .*ISQ -> PR"),
        ({("ES", "ES"): 0.1}, "form a loop: ES -> ES"),
        ({("ES", "luck"): 0.1}, "Unknown node 'luck'; the nodes are ISQ, ES"),
        ({("luck", "ES"): 0.1}, "Unknown node 'luck'"),
        ({("CS", "CL"): np.nan}, "path CS -> CL must be a finite number; it is nan"),
        ({("CS", "CL"): np.inf}, "path CS -> CL must be a finite number; it is inf"),
    ],
)
@pytest.mark.parametrize("function", [chain.effects, chain.implied_correlations])
def test_impossible_paths(function, extra, message):
    with pytest.raises(ValueError, match=message):
        function(PATHS | extra)


def test_chains_of_a_loop_or_of_unknown_nodes():
    with pytest.raises(ValueError, match="form a loop"):
        chain.chains("ISQ", "PR", PATHS | {("PR", "ISQ"): 0.1})
    with pytest.raises(ValueError, match="Unknown node 'luck'"):
        chain.chains("luck", "PR")
    with pytest.raises(ValueError, match="Unknown node 'luck'"):
        chain.leverage("ISQ", "luck")


def test_too_strong_paths():
    strong = PATHS | {("ES", "CS"): 0.8, ("ESV", "CS"): 0.8}
    assert chain.effects(strong).total.loc["ES", "CS"] > 0.8, "the algebra does not mind"
    with pytest.raises(ValueError, match=r"into CS explain 1\.\d\d of its variance.* at most 1"):
        chain.implied_correlations(strong)
    with pytest.raises(ValueError, match="into CS explain"):
        chain.simulate(100, strong)


@pytest.mark.parametrize("n", [1, 20_001, 10.5])
def test_impossible_number_of_units(n):
    with pytest.raises(ValueError, match="n must be a whole number, between 2 and 20000; it is"):
        chain.simulate(n)


def test_tables_say_what_is_cause_and_what_effect():
    for table in (*chain.effects(), chain.implied_correlations()):
        assert (table.index.name, table.columns.name) == ("cause", "effect")
    levers = chain.leverage("ISQ", "PR")
    assert levers.index.names == ["cause", "effect"]
    assert levers["coefficient"].to_dict() == PATHS


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (chain.simulate, {}, {"n": ([1, 2.5, chain.MOST_UNITS + 1], [2, chain.MOST_UNITS])}),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
