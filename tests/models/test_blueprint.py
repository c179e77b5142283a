import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from servicequality.models.blueprint import REWORK, blueprint, fail_safe, simulate

COLUMNS = ["minutes", "failure", "cost", "severity", "occurrence", "detection"]
CHECK_IN = pd.DataFrame(
    [
        (2, 0.02, 5, 4, 4, 3),
        (4, 0.05, 8, 6, 6, 2),
        (3, 0.01, 40, 7, 3, 9),
        (5, 0.03, 6, 5, 5, 2),
        (6, 0.04, 15, 6, 5, 5),
        (3, 0.02, 60, 8, 4, 6),
        (2, 0.01, 3, 2, 3, 4),
    ],
    columns=COLUMNS,
    index=[
        "lookup",
        "ID & payment",
        "room assignment",
        "keys",
        "luggage",
        "room readiness",
        "courtesy call",
    ],
)


@st.composite
def processes(draw, worst=0.6):
    n = draw(st.integers(1, 7))
    numbers = {
        "minutes": st.integers(0, 100).map(lambda tenths: tenths / 10),
        "failure": st.integers(0, int(worst * 100)).map(lambda percent: percent / 100),
        "cost": st.integers(0, 50),
        "severity": st.integers(1, 10),
        "occurrence": st.integers(1, 10),
        "detection": st.integers(1, 10),
    }
    columns = {
        name: draw(st.lists(values, min_size=n, max_size=n)) for name, values in numbers.items()
    }
    return pd.DataFrame(columns, index=[f"step {i + 1}" for i in range(n)])


def expected_minutes(steps, restart):
    """Mean time to absorption of the Markov chain of steps."""
    n = len(steps)
    moves = np.zeros((n, n))
    for i, p in enumerate(steps["failure"]):
        moves[i, 0 if restart else i] += p
        if i + 1 < n:
            moves[i, i + 1] += 1 - p
    return np.linalg.solve(np.eye(n) - moves, steps["minutes"])[0]


@pytest.mark.oracle("O3.3")
def test_o3_3():
    found = blueprint(CHECK_IN)
    assert found.rty == pytest.approx(0.83270, abs=5e-6)
    assert found.dpu == pytest.approx(0.18308, abs=5e-6)
    assert CHECK_IN["failure"].sum() == pytest.approx(0.18)
    assert np.exp(-CHECK_IN["failure"].sum()) == pytest.approx(0.83527, abs=5e-6)
    assert found.minutes == 25
    assert found.minutes_local == pytest.approx(25.7677, abs=5e-5)
    assert found.minutes_restart == pytest.approx(27.5522, abs=5e-5)
    assert found.loss == pytest.approx(2.91)
    assert found.dpmo == pytest.approx(25714.3, abs=0.05)
    assert found.sigma == pytest.approx(3.448, abs=5e-4)
    steps = found.steps
    assert steps["loss"].tolist() == pytest.approx([0.10, 0.40, 0.40, 0.18, 0.60, 1.20, 0.03])
    assert steps["rpn"].tolist() == [48, 72, 189, 50, 150, 192, 24]
    assert steps["share"].tolist() == pytest.approx((steps["loss"] / 2.91).tolist())


@pytest.mark.oracle("O3.3")
def test_o3_3_fail_safes():
    steps = blueprint(CHECK_IN).steps
    for name, saved, rty in [("room readiness", 0.90, 0.84545), ("ID & payment", 0.30, 0.86557)]:
        better = blueprint(fail_safe(CHECK_IN, [name]))
        assert better.rty == pytest.approx(rty, abs=5e-6)
        assert better.loss == pytest.approx(2.91 - saved)
        assert steps.loc[name, "loss_saved"] == pytest.approx(saved)
        assert steps.loc[name, "yield_gain"] == pytest.approx(better.rty - blueprint(CHECK_IN).rty)


@pytest.mark.oracle("O3.3")
def test_o3_3_rankings_disagree():
    steps = blueprint(CHECK_IN).steps
    assert steps.loc["room assignment", "rpn_rank"] == 2
    assert steps.loc["room assignment", "loss_rank"] == 3
    assert steps.loc["ID & payment", "loss_rank"] == 3, "joint third"
    assert steps.loc["luggage", "loss_rank"] == 2
    assert steps["loss_rank"].tolist() == [6, 3, 3, 5, 2, 1, 7]
    assert steps["rpn_rank"].tolist() == [6, 4, 2, 5, 3, 1, 7]
    assert steps["yield_rank"].tolist() == [4, 1, 6, 3, 2, 4, 6]


@pytest.mark.oracle("O3.3")
@pytest.mark.parametrize("rework", REWORK)
def test_o3_3_by_simulation(rework):
    customers = simulate(CHECK_IN, 5000, rework, seed=3)
    found = blueprint(CHECK_IN)
    assert len(customers) == 5000
    assert customers["flawless"].mean() == pytest.approx(found.rty, abs=0.015)
    expected = {
        "none": found.minutes,
        "local": found.minutes_local,
        "restart": found.minutes_restart,
    }
    assert customers["minutes"].mean() == pytest.approx(expected[rework], rel=0.02)
    so_far = 1 - customers["failed_at"].value_counts().reindex(CHECK_IN.index).cumsum() / 5000
    assert so_far.tolist() == pytest.approx(found.steps["flawless"].tolist(), abs=0.015)


def test_d3_2_challenge():
    """Only room readiness and luggage bring the loss below 1.60."""
    names = list(CHECK_IN.index)
    reached = {
        frozenset(pair): blueprint(fail_safe(CHECK_IN, pair)).loss
        for i, one in enumerate(names)
        for pair in [(one, other) for other in names[i + 1 :]]
    }
    solved = {pair: loss for pair, loss in reached.items() if loss < 1.60}
    assert solved == {frozenset({"room readiness", "luggage"}): pytest.approx(1.56)}


@given(processes())
def test_times_against_a_markov_chain(steps):
    found = blueprint(steps)
    assert found.minutes_local == pytest.approx(expected_minutes(steps, restart=False))
    assert found.minutes_restart == pytest.approx(expected_minutes(steps, restart=True))


@given(processes())
def test_bounds_and_identities(steps):
    found = blueprint(steps)
    assert 1 - steps["failure"].sum() - 1e-9 <= found.rty <= 1 - steps["failure"].max() + 1e-9
    assert found.rty == pytest.approx(np.exp(-found.dpu))
    assert found.steps["flawless"].iloc[-1] == found.rty
    assert found.steps["flawless"].is_monotonic_decreasing
    assert found.minutes <= found.minutes_local + 1e-9
    assert found.minutes_local <= found.minutes_restart + 1e-9
    assert found.loss == pytest.approx((steps["failure"] * steps["cost"]).sum())
    assert found.steps["share"].sum() == pytest.approx(1 if found.loss else 0)
    assert found.steps["rpn"].between(1, 1000).all()
    assert (found.steps["yield_gain"] >= 0).all()
    if steps["failure"].any():
        assert found.sigma == pytest.approx(stats.norm.isf(steps["failure"].mean()) + 1.5)


@given(processes(), st.integers(0, 2**31))
def test_order_matters_only_to_restarts(steps, order):
    one, other = blueprint(steps), blueprint(steps.sample(frac=1, random_state=order))
    assert (other.rty, other.dpmo, other.minutes_local, other.loss) == pytest.approx(
        (one.rty, one.dpmo, one.minutes_local, one.loss)
    )
    columns = ["loss", "rpn", "loss_rank", "rpn_rank", "yield_rank"]
    pd.testing.assert_frame_equal(other.steps.loc[steps.index, columns], one.steps[columns])


@given(processes(), st.floats(0.1, 60), st.floats(0.1, 10))
def test_units_of_time_and_money(steps, seconds, rate):
    other = blueprint(steps.assign(minutes=steps["minutes"] * seconds, cost=steps["cost"] * rate))
    one = blueprint(steps)
    assert other.minutes_restart == pytest.approx(one.minutes_restart * seconds)
    assert other.loss == pytest.approx(one.loss * rate)
    assert other.steps["share"].tolist() == pytest.approx(one.steps["share"].tolist())


@given(processes(), st.floats(1, 20))
def test_each_fail_safe_brings_what_the_table_says(steps, divisor):
    found = blueprint(steps, divisor)
    for name in steps.index:
        better = blueprint(fail_safe(steps, [name], divisor))
        assert better.rty - found.rty == pytest.approx(
            found.steps.loc[name, "yield_gain"], abs=1e-9
        )
        assert found.loss - better.loss == pytest.approx(
            found.steps.loc[name, "loss_saved"], abs=1e-9
        )


def test_a_process_without_failures():
    found = blueprint(CHECK_IN.assign(failure=0.0))
    assert (found.rty, found.dpu, found.dpmo, found.loss) == (1, 0, 0, 0)
    assert not np.signbit(found.dpu)
    assert found.sigma == np.inf
    assert found.minutes == found.minutes_local == found.minutes_restart == 25
    assert found.steps["share"].tolist() == [0] * 7
    for rework in REWORK:
        customers = simulate(CHECK_IN.assign(failure=0.0), 50, rework)
        assert customers["flawless"].all()
        assert customers["failed_at"].isna().all()
        assert (customers["minutes"] == 25).all()


def test_a_step_that_always_fails():
    broken = CHECK_IN.copy()
    broken.loc["keys", "failure"] = 1
    found = blueprint(broken)
    assert found.rty == 0
    assert (found.dpu, found.minutes_local, found.minutes_restart) == (np.inf,) * 3
    assert found.minutes == 25
    repaired = blueprint(fail_safe(broken, ["keys"])).rty
    assert found.steps.loc["keys", "yield_gain"] == pytest.approx(repaired)
    assert (found.steps.drop("keys")["yield_gain"] == 0).all()
    assert not simulate(broken, 100, "none")["flawless"].any()
    for rework in ("local", "restart"):
        with pytest.raises(ValueError, match=r"Step keys always fails"):
            simulate(broken, 100, rework)


def test_a_step_without_duration_takes_none():
    instant = CHECK_IN.assign(minutes=0, failure=1.0)
    found = blueprint(instant)
    assert found.minutes == found.minutes_local == found.minutes_restart == 0


def test_all_kinds_of_rework_share_their_first_attempts():
    drawn = [simulate(CHECK_IN, 400, rework, seed=8) for rework in REWORK]
    for other in drawn[1:]:
        pd.testing.assert_frame_equal(other.iloc[:, :2], drawn[0].iloc[:, :2])
    flawless = drawn[0]["flawless"]
    assert (drawn[0]["minutes"] == 25).all()
    for other in drawn[1:]:
        assert (other["minutes"][flawless] == 25).all()
        assert (other["minutes"][~flawless] > 25).all()
        assert flawless.eq(other["failed_at"].isna()).all()
    assert not simulate(CHECK_IN, 400, seed=9)["minutes"].equals(drawn[1]["minutes"])
    pd.testing.assert_frame_equal(simulate(CHECK_IN, 400, seed=8), drawn[1])


def test_simulated_times_of_a_process_that_fails_often():
    """The whole distribution of restarts, by a plain loop over customers."""
    steps = pd.DataFrame({"minutes": [1, 5], "failure": [0.4, 0.5], "cost": [1, 1]})
    rng = np.random.default_rng(1)
    times = []
    for _customer in range(4000):
        time = step = 0
        while step < 2:
            time += steps["minutes"].iloc[step]
            step = 0 if rng.random() < steps["failure"].iloc[step] else step + 1
        times.append(time)
    found = simulate(steps, 4000, "restart", seed=2)["minutes"]
    assert stats.ks_2samp(times, found).pvalue > 0.01
    local = simulate(steps, 20_000, "local", seed=2)["minutes"]
    assert local.mean() == pytest.approx(1 / 0.6 + 5 / 0.5, rel=0.02)
    assert local.var() == pytest.approx(0.4 / 0.6**2 + 25 * 0.5 / 0.5**2, rel=0.05)


def test_fail_safe_changes_only_a_copy():
    before = CHECK_IN.copy()
    better = fail_safe(CHECK_IN, {"keys", "luggage"}, divisor=2)
    pd.testing.assert_frame_equal(CHECK_IN, before)
    assert better.loc["keys", "failure"] == pytest.approx(0.015)
    assert better.loc["luggage", "failure"] == pytest.approx(0.02)
    pd.testing.assert_frame_equal(
        better.drop(["keys", "luggage"]), before.drop(["keys", "luggage"])
    )
    pd.testing.assert_frame_equal(fail_safe(CHECK_IN, []), before)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("minutes", -1, r"minutes must be .* it is -1 \(row keys\)"),
        ("minutes", np.nan, r"minutes must be .* it is nan \(row keys\)"),
        ("failure", 1.2, r"failure must be between 0 and 1; it is 1.2 \(row keys\)"),
        ("failure", -0.2, r"failure must be between 0 and 1; it is -0.2 \(row keys\)"),
        ("cost", -5, r"cost must be .* it is -5 \(row keys\)"),
        ("severity", 0, r"severity must be between 1 and 10; it is 0 \(row keys\)"),
        ("occurrence", 11, r"occurrence must be between 1 and 10; it is 11 \(row keys\)"),
        ("detection", 0.5, r"detection must be between 1 and 10; it is 0.5 \(row keys\)"),
    ],
)
def test_impossible_steps(column, value, message):
    steps = CHECK_IN.astype(float)
    steps.loc["keys", column] = value
    with pytest.raises(ValueError, match=message):
        blueprint(steps)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_lacking_column(column):
    with pytest.raises(ValueError, match=f"no column {column}"):
        blueprint(CHECK_IN.drop(columns=column))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: blueprint(CHECK_IN.iloc[:0]), "no rows"),
        (lambda: blueprint(CHECK_IN, divisor=0.5), "divisor must be"),
        (lambda: blueprint(CHECK_IN.iloc[[0, 1, 0]]), "lookup appears twice"),
        (lambda: fail_safe(CHECK_IN, ["key"]), "names must be one of lookup.* it is 'key'"),
        (lambda: fail_safe(CHECK_IN, ["keys"], 0), "divisor must be"),
        (lambda: fail_safe(CHECK_IN.assign(failure=2), ["keys"]), "failure must be"),
        (lambda: fail_safe(CHECK_IN.assign(failure=-0.1), ["keys"]), "failure must be"),
        (lambda: simulate(CHECK_IN, 0), "customers must be a whole number, between 1 and 20000"),
        (lambda: simulate(CHECK_IN, 20_001), "customers must be"),
        (lambda: simulate(CHECK_IN, 10, "all"), "rework must be one of none, local, restart"),
        (lambda: simulate(CHECK_IN.assign(cost=-1)), "cost must be"),
    ],
)
def test_impossible_requests(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_simulation_has_a_thousand_customers():
    assert len(simulate(CHECK_IN)) == 1000


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (blueprint, {"steps": CHECK_IN}, {"divisor": ([0.9, NAN, INF], [1])}),
    (
        fail_safe,
        {"steps": CHECK_IN, "names": ["lookup"]},
        {"divisor": ([0.9, NAN, INF], [1])},
    ),
    (
        simulate,
        {"steps": CHECK_IN},
        {"customers": ([0, 1.5, 20_001], [1, 20_000]), "rework": (["again"], list(REWORK))},
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
