import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from servicequality.models import penalty_reward

PENALTY = np.array([-1.6, -0.9, -0.2, -0.6, -0.1, -0.4, -0.05, -0.3])
REWARD = np.array([0.1, 0.9, 0.8, 0.6, 0.05, 0.2, 0.5, 0.3])


def survey(n=600, seed=62, noise=0.9):
    """Draw a survey like DS-11, in which the true effects are known."""
    rng = np.random.default_rng(seed)
    level = rng.choice(3, p=[0.25, 0.45, 0.30], size=(n, 8))
    ratings = np.select(
        [level == 0, level == 1], [rng.integers(1, 4, (n, 8)), rng.integers(4, 6, (n, 8))], 6
    )
    satisfaction = 6.5 + (level == 0) @ PENALTY + (level == 2) @ REWARD
    satisfaction = satisfaction + noise * rng.standard_normal(n)
    names = [f"a{i}" for i in range(1, 9)]
    return pd.DataFrame(ratings, columns=names), pd.Series(satisfaction, name="sat")


@pytest.mark.oracle("O6.2")
def test_o6_2_asymmetry():
    found = penalty_reward.impact_asymmetry(0.15, -0.60)
    assert found == pytest.approx(-0.6)
    assert penalty_reward.label(found) == "dissatisfier"


@pytest.mark.oracle("O6.2")
def test_o6_2_group_means():
    ratings = pd.DataFrame({"queue": np.repeat([2, 4, 7], 10)})
    spread = np.tile([-0.1, 0.1], 15)
    satisfaction = pd.Series(np.repeat([2.9, 3.8, 4.0], 10) + spread)
    row = penalty_reward.contrast(ratings, satisfaction).loc["queue"]
    assert row["penalty"] == pytest.approx(-0.9)
    assert row["reward"] == pytest.approx(0.2)
    assert row["asymmetry"] == pytest.approx(-0.6364, abs=5e-5)
    assert row["label"] == "dissatisfier"


@pytest.mark.parametrize(
    ("asymmetry", "label"),
    [
        (-1, "frustrator"),
        (-0.71, "frustrator"),
        (-0.7, "dissatisfier"),
        (-0.21, "dissatisfier"),
        (-0.2, "hybrid"),
        (0, "hybrid"),
        (0.2, "hybrid"),
        (0.21, "satisfier"),
        (0.7, "satisfier"),
        (0.71, "delighter"),
        (1, "delighter"),
        (np.nan, ""),
    ],
)
def test_labels(asymmetry, label):
    assert penalty_reward.label(asymmetry) == label


def test_a_computed_value_on_the_cut_gets_the_milder_name():
    assert penalty_reward.impact_asymmetry(0.6, -0.4) == pytest.approx(0.2)
    assert penalty_reward.label(penalty_reward.impact_asymmetry(0.6, -0.4)) == "hybrid"
    assert penalty_reward.label(penalty_reward.impact_asymmetry(0.4, -0.6)) == "hybrid"
    assert penalty_reward.label(penalty_reward.impact_asymmetry(0.85, -0.15)) == "satisfier"


@given(st.floats(0, 3), st.floats(-3, 0), st.floats(0.1, 10))
def test_asymmetry_is_bounded_and_without_unit(reward, penalty, unit):
    found = penalty_reward.impact_asymmetry(reward, penalty)
    if reward - penalty > 1e-3:
        assert -1 <= found <= 1
        scaled = penalty_reward.impact_asymmetry(reward * unit, penalty * unit)
        assert scaled == pytest.approx(found)
        assert penalty_reward.impact_asymmetry(-penalty, -reward) == pytest.approx(-found)


def test_an_effect_of_the_wrong_sign_counts_as_none():
    found = penalty_reward.impact_asymmetry([-0.1, 0.5, 0, -0.1], [-0.5, 0.1, 0, 0.1])
    assert found[:2].tolist() == [-1, 1]
    assert np.isnan(found[2:]).all()


def test_the_truth_is_recovered():
    found = penalty_reward.contrast(*survey())
    assert np.abs(found["penalty"] - PENALTY).max() < 0.30
    assert np.abs(found["reward"] - REWARD).max() < 0.30
    assert (np.abs(found["penalty"] - PENALTY) < 4 * found["penalty_se"]).all()
    assert found.loc["a1", "label"] == "frustrator"
    exact = penalty_reward.contrast(*survey(noise=0))
    assert exact["penalty"].to_numpy() == pytest.approx(PENALTY)
    assert exact["reward"].to_numpy() == pytest.approx(REWARD)


def test_against_statsmodels():
    ratings, satisfaction = survey(n=120)
    dummies = pd.concat(
        [(ratings <= 3).add_suffix("_low"), (ratings >= 6).add_suffix("_high")], axis=1
    )
    fit = sm.OLS(satisfaction, sm.add_constant(dummies.astype(float))).fit()
    found = penalty_reward.contrast(ratings, satisfaction)
    for name in ratings:
        assert found.loc[name, "penalty"] == pytest.approx(fit.params[f"{name}_low"])
        assert found.loc[name, "reward"] == pytest.approx(fit.params[f"{name}_high"])
        assert found.loc[name, "penalty_se"] == pytest.approx(fit.bse[f"{name}_low"])
        assert found.loc[name, "reward_se"] == pytest.approx(fit.bse[f"{name}_high"])


@given(st.integers(0, 2**31), st.floats(0.1, 10), st.floats(-5, 5))
def test_order_of_rows_and_units(seed, unit, origin):
    ratings, satisfaction = survey(n=80)
    shuffled = ratings.sample(frac=1, random_state=seed)
    one = penalty_reward.contrast(ratings, satisfaction)
    other = penalty_reward.contrast(shuffled, satisfaction * unit + origin)
    assert other["penalty"].to_numpy() == pytest.approx(one["penalty"].to_numpy() * unit)
    assert other["asymmetry"].to_numpy() == pytest.approx(one["asymmetry"].to_numpy())


def test_incomplete_rows_are_left_out():
    ratings, satisfaction = survey(n=80)
    holed = ratings.astype(float)
    holed.iloc[3, 2] = np.nan
    lost = satisfaction.copy()
    lost.iloc[9] = np.nan
    rest = ratings.drop(index=[3, 9])
    pd.testing.assert_frame_equal(
        penalty_reward.contrast(holed, lost),
        penalty_reward.contrast(rest, satisfaction.loc[rest.index]),
    )


def test_just_enough_rows():
    ratings, satisfaction = pd.DataFrame({"queue": [3, 4, 5, 6]}), pd.Series([1.0, 4, 6, 7])
    row = penalty_reward.contrast(ratings, satisfaction).loc["queue"]
    assert (row["penalty"], row["reward"]) == pytest.approx((-4, 2))
    with pytest.raises(ValueError, match="more than 3 complete rows; there are 3"):
        penalty_reward.contrast(ratings.iloc[:3], satisfaction)


def test_impossible_requests():
    ratings, satisfaction = survey(n=80)
    with pytest.raises(ValueError, match="low must be below high; low is 6 and high is 6"):
        penalty_reward.contrast(ratings, satisfaction, low=6)
    with pytest.raises(
        ValueError, match=r"8 attributes need more than 17 complete rows; there are 17"
    ):
        penalty_reward.contrast(ratings.iloc[:17], satisfaction.iloc[:17])
    with pytest.raises(
        ValueError, match=r"middle and high \(from 6\) ratings; this fails for a2, a5"
    ):
        penalty_reward.contrast(ratings.assign(a2=7, a5=ratings["a5"].clip(upper=5)), satisfaction)
    twins = ratings.assign(a1=np.resize([3, 4, 6], 80), a2=np.resize([3, 4, 6], 80))
    with pytest.raises(ValueError, match="always move together"):
        penalty_reward.contrast(twins, satisfaction)
    with pytest.raises(ValueError, match="no rows"):
        penalty_reward.contrast(ratings.iloc[:0], satisfaction.iloc[:0])
    with pytest.raises(ValueError, match=r"asymmetry must be between -1 and 1; it is 1.5"):
        penalty_reward.label(1.5)


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (penalty_reward.label, {}, {"asymmetry": ([-1.01, 1.01], [-1, 1, NAN])}),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
