import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from servicequality.models import disconfirmation as dc

means = st.floats(-3, 3)
sds = st.floats(0.05, 3)
slopes = st.floats(0.1, 5)


@pytest.mark.oracle("O6.1")
@pytest.mark.parametrize(
    ("mean", "sd", "expected"),
    [(0, 1, -0.39894), (0, 0.5, -0.19947), (0.5, 1, 0.30220), (0.5, 0.5, 0.45834)],
)
def test_o6_1_expected_reaction(mean, sd, expected):
    assert dc.expected_reaction(mean, sd, gain=1, loss=2) == pytest.approx(expected, abs=5e-6)


@pytest.mark.oracle("O6.1")
def test_o6_1_break_even_and_power():
    assert dc.break_even_mean(1) == pytest.approx(0.27603, abs=5e-6)
    power = dc.reaction([2, -2], gain=1, loss=2.25, exponent=0.88)
    assert power.tolist() == pytest.approx([1.8404, -4.1408], abs=5e-5)


def test_q6_1_less_spread_halves_the_damage():
    assert dc.expected_reaction(0, 0.5) == pytest.approx(dc.expected_reaction(0, 1) / 2)


def test_d6_5_challenge():
    """A net of .30 needs a mean of .50 at a spread of 1, and less of it at half the spread."""
    assert dc.expected_reaction([0.49, 0.50], 1).round(3).tolist() == [0.289, 0.302]
    assert dc.expected_reaction(0.40, 0.5) > 0.30


def test_satisfaction_is_cut_at_both_ends():
    gaps = [-10, -1, 0, 1, 10]
    assert dc.satisfaction(gaps).tolist() == [0, 3, 5, 6, 10]
    assert dc.satisfaction(gaps, neutral=4, scale=(1, 7)).tolist() == [1, 2, 4, 5, 7]
    assert dc.satisfaction(1, 5, gain=0.5) == pytest.approx(5.5)


@given(means, sds, slopes, slopes, st.sampled_from([1.0, 0.88, 0.5]))
def test_against_numerical_integration(mean, sd, gain, loss, exponent):
    density = stats.norm(mean, sd).pdf
    above = integrate.quad(lambda d: d**exponent * density(d), 0, max(mean, 0) + 12 * sd)[0]
    below = integrate.quad(lambda d: (-d) ** exponent * density(d), min(mean, 0) - 12 * sd, 0)[0]
    found = dc.expected_reaction(mean, sd, gain, loss, exponent)
    assert found == pytest.approx(gain * above - loss * below, abs=1e-5)


def test_against_simulation():
    gaps = np.random.default_rng(61).normal(0.3, 1.2, 400_000)
    for exponent in (1, 0.88):
        assert dc.expected_reaction(0.3, 1.2, 1, 2.25, exponent) == pytest.approx(
            dc.reaction(gaps, 1, 2.25, exponent).mean(), abs=0.01
        )


@given(means, slopes, slopes, st.floats(0.3, 1))
def test_without_spread_the_mean_reaction_is_the_reaction(mean, gain, loss, exponent):
    certain = dc.expected_reaction(mean, 0, gain, loss, exponent)
    assert certain == pytest.approx(dc.reaction(mean, gain, loss, exponent))
    assert dc.expected_reaction(mean, 1e-9, gain, loss, exponent) == pytest.approx(
        certain, abs=0.02
    )


@given(means, sds, slopes, st.floats(1, 4))
def test_spread_hurts_if_losses_weigh_more(mean, sd, gain, ratio):
    one = dc.expected_reaction(mean, sd, gain, gain * ratio)
    assert dc.expected_reaction(mean, sd + 0.5, gain, gain * ratio) <= one + 1e-9
    assert dc.expected_reaction(mean + 0.1, sd, gain, gain * ratio) > one


@given(means, sds, slopes, slopes)
def test_gains_and_losses_mirror_each_other(mean, sd, gain, loss):
    mirrored = -dc.expected_reaction(-mean, sd, loss, gain)
    assert dc.expected_reaction(mean, sd, gain, loss) == pytest.approx(mirrored, abs=1e-12)
    assert dc.expected_reaction(mean, sd, gain, gain) == pytest.approx(gain * mean, abs=1e-9)


@given(means, sds, st.floats(0.1, 10), st.sampled_from([1.0, 0.88]))
def test_another_unit_scales_the_reaction(mean, sd, unit, exponent):
    one = dc.expected_reaction(mean, sd, exponent=exponent)
    other = dc.expected_reaction(mean * unit, sd * unit, exponent=exponent)
    assert other == pytest.approx(one * unit**exponent, abs=1e-9)


@given(sds, slopes, slopes, st.sampled_from([1.0, 0.88]))
def test_break_even_is_where_the_net_is_zero(sd, gain, loss, exponent):
    mean = dc.break_even_mean(sd, gain, loss, exponent)
    assert dc.expected_reaction(mean, sd, gain, loss, exponent) == pytest.approx(0, abs=1e-7)
    assert (mean > 0) == (loss > gain) or mean == pytest.approx(0, abs=1e-9)


def test_shapes_broadcast():
    assert dc.expected_reaction(np.zeros((3, 1)), [0, 1], exponent=0.88).shape == (3, 2)
    assert dc.break_even_mean([0, 1, 2]).tolist() == pytest.approx([0, 0.27603, 0.55206], abs=5e-6)
    assert isinstance(dc.reaction(1.0), float)
    assert isinstance(dc.expected_reaction(0.0, 1.0), float)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dc.reaction(np.nan), "gap must be a finite number"),
        (lambda: dc.reaction(1, gain=-1), "gain must be .*at least 0"),
        (lambda: dc.reaction(1, loss=np.inf), "loss must be .*at least 0"),
        (lambda: dc.reaction(1, exponent=0), "exponent must be above 0 and at most 1; it is 0"),
        (lambda: dc.expected_reaction(0, -0.1), "sd must be .*at least 0; it is -0.1"),
        (lambda: dc.satisfaction(0, neutral=11), "neutral must be between 0 and 10; it is 11"),
        (lambda: dc.break_even_mean(1, gain=0), "gain must be .*above 0"),
        (lambda: dc.break_even_mean(1, loss=0), "loss must be .*above 0"),
    ],
)
def test_impossible_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_curved_reactions():
    assert dc.satisfaction([2, -2], exponent=0.88) == pytest.approx(
        5 + dc.reaction([2, -2], exponent=0.88)
    )
    means = [-1, 0, 0.5]
    found = dc.expected_reaction(means, 1, exponent=0.88)
    assert found == pytest.approx([dc.expected_reaction(mean, 1, exponent=0.88) for mean in means])


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        dc.reaction,
        {"gap": 1},
        {
            "gap": ([NAN, INF], [-3]),
            "gain": ([-0.1, NAN], [0, 0.5]),
            "loss": ([-0.1, INF], [0, 0.5]),
            "exponent": ([0, 1.01], [0.01, 1]),
        },
    ),
    (
        dc.expected_reaction,
        {"mean": 0, "sd": 1},
        {
            "mean": ([NAN, INF], [-3]),
            "sd": ([-0.1, INF], [0, 0.5]),
            "gain": ([-0.1], [0]),
            "loss": ([-0.1], [0]),
            "exponent": ([0, 1.01], [0.5]),
        },
    ),
    (
        dc.break_even_mean,
        {"sd": 1},
        {
            "sd": ([-0.1], [0, 0.5]),
            "gain": ([0], [0.5]),
            "loss": ([0], [0.5]),
            "exponent": ([0, 1.01], [0.5]),
        },
    ),
    (dc.satisfaction, {"gap": 1}, {"neutral": ([-0.1, 10.1], [0, 10])}),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
