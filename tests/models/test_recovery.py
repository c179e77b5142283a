import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize, minimize_scalar

from servicequality.models import recovery

NAN, INF = float("nan"), float("inf")

values = st.floats(0, 1000)
efforts = st.floats(1, 200)
reaches = st.floats(0, 1)


@pytest.mark.oracle("O7.7")
def test_o7_7():
    stay = recovery.retention_after_delay([0, 1, 4, 24, 72])
    assert stay.tolist() == pytest.approx([0.9000, 0.8776, 0.8156, 0.5523, 0.3774], abs=5e-5)
    best = recovery.best_delay(300, 40)
    assert best.hours == pytest.approx(2.5433, abs=5e-5)
    assert best.net == pytest.approx(237.682, abs=5e-4)
    assert recovery.speed_net([1, 24]).tolist() == pytest.approx([223.266, 164.033], abs=5e-4)


@pytest.mark.oracle("O7.8")
@pytest.mark.parametrize(
    ("lift", "value", "amount", "net"),
    [(0.45, 300, 34.8644, 203.469), (0.20, 300, 21.3489, 141.984), (0.45, 60, 8.0404, None)],
)
def test_o7_8(lift, value, amount, net):
    best = recovery.best_compensation(0.4, lift, 0.06, value)
    assert best.amount == pytest.approx(amount, abs=5e-5)
    if net:
        assert best.net == pytest.approx(net, abs=5e-4)


@pytest.mark.oracle("O7.8")
def test_o7_8_courtesy_and_threshold():
    kind, rude = (recovery.best_compensation(0.4, lift, 0.06, 300) for lift in (0.45, 0.20))
    assert kind.retention == pytest.approx(0.79444, abs=5e-6)
    assert kind.net - rude.net == pytest.approx(61.5, abs=0.05)
    assert 300 * recovery.retention_after_compensation(0) == pytest.approx(120)
    threshold = 1 / (0.06 * 0.45)
    assert threshold == pytest.approx(37.037, abs=5e-4)
    edge = recovery.best_compensation(value=[threshold, threshold + 0.1, 0])
    assert edge.amount[0] == pytest.approx(0, abs=1e-9)
    assert edge.amount[1] > 0
    assert edge.amount[2] == 0


@given(values, efforts)
def test_best_delay_by_search(value, effort):
    best = recovery.best_delay(value, effort)
    grid = np.append(np.geomspace(1e-3, 1e4, 4000), INF)
    assert best.net >= recovery.speed_net(grid, value, effort).max() - 1e-9
    assert best.net == pytest.approx(recovery.speed_net(best.hours, value, effort))
    assert best.retention == pytest.approx(recovery.retention_after_delay(best.hours))


def test_best_delay_against_scipy():
    found = minimize_scalar(
        lambda t: -recovery.speed_net(t, 500, 25), bounds=(0.01, 24), method="bounded",
        options={"xatol": 1e-9},
    )  # fmt: skip
    assert recovery.best_delay(500, 25).hours == pytest.approx(found.x, rel=1e-5)


def test_answering_may_not_pay():
    assert recovery.best_delay(value=4) == (INF, 0.35, pytest.approx(1.4))
    assert recovery.best_delay(value=0).hours == INF
    # There is a hump, but it lies below doing nothing.
    assert recovery.best_delay(value=8) == (INF, 0.35, pytest.approx(2.8))
    slope = np.diff(recovery.speed_net(np.linspace(5, 100, 500), 8))
    assert slope.max() > 0 > slope.min()
    assert recovery.best_delay(value=9).hours == pytest.approx(22.04, abs=0.01)


@given(st.floats(0, 100), st.floats(0, 100), values)
def test_delay_never_helps_retention(hours, more, value):
    stay = recovery.retention_after_delay(hours)
    assert 0.35 <= recovery.retention_after_delay(hours + more) <= stay <= 0.90
    assert recovery.retention_after_delay(INF) == 0.35
    assert recovery.speed_net(INF, value) == pytest.approx(0.35 * value)


@given(st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0.001, 1), values)
def test_best_compensation_by_search(base, lift, rate, value):
    best = recovery.best_compensation(base, lift, rate, value)
    grid = np.linspace(0, 5 / rate, 2000)
    net = value * recovery.retention_after_compensation(grid, base, lift, rate) - grid
    assert best.net >= net.max() - 1e-9
    assert best.amount >= 0
    assert best.net == pytest.approx(value * best.retention - best.amount)
    assert best.retention == pytest.approx(
        recovery.retention_after_compensation(best.amount, base, lift, rate)
    )
    assert (best.amount == 0) == (rate * lift * value <= 1)


@given(st.floats(0, 200), st.floats(0, 50), st.floats(0.1, 10))
def test_compensation_is_bounded_and_without_unit(amount, more, unit):
    stay = recovery.retention_after_compensation(amount)
    assert 0.4 <= stay <= recovery.retention_after_compensation(amount + more) <= 0.85
    scaled = recovery.retention_after_compensation(amount * unit, rate=0.06 / unit)
    assert scaled == pytest.approx(stay)


@given(st.floats(0.1, 100), st.floats(0, 100), values, efforts)
def test_without_reach_money_is_lost(hours, amount, value, effort):
    found = recovery.respond(hours, amount, 0, value, effort)
    assert found == pytest.approx(recovery.speed_net(hours, value, effort) - amount, abs=1e-9)


@given(st.floats(0, 100), st.sampled_from([("courteous", 0.45), ("rude", 0.20)]))
def test_at_forty_percent_it_is_the_compensation_model(amount, manners):
    name, lift = manners
    hours = -24 * np.log(0.05 / 0.55)
    assert recovery.retention_after_delay(hours) == pytest.approx(0.4)
    net = 300 * recovery.retention_after_compensation(amount, 0.4, lift) - amount - 40 / hours
    assert recovery.respond(hours, amount, recovery.REACH[name]) == pytest.approx(net)


@given(reaches, values, efforts)
def test_no_point_of_a_fine_grid_is_better(reach, value, effort):
    best = recovery.best_response(reach, value, effort)
    hours = np.append(np.geomspace(1e-2, 500, 300), INF)[:, None]
    amounts = np.linspace(0, 120, 121)
    assert best.net >= recovery.respond(hours, amounts, reach, value, effort).max() - 1e-6
    assert best.net == pytest.approx(
        recovery.respond(best.hours, best.amount, reach, value, effort)
    )
    assert best.net >= recovery.best_delay(value, effort).net - 1e-6
    lost = 1 - recovery.retention_after_delay(best.hours)
    assert best.retention == pytest.approx(
        recovery.retention_after_compensation(best.amount, 1 - lost, reach * lost)
    )


@pytest.mark.parametrize("manners", ["courteous", "rude"])
def test_best_response_against_scipy(manners):
    reach = recovery.REACH[manners]
    found = minimize(
        lambda x: -recovery.respond(np.exp(x[0]), np.abs(x[1]), reach), [1, 10],
        method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12},
    )  # fmt: skip
    best = recovery.best_response(reach)
    assert best.net == pytest.approx(-found.fun, abs=1e-6)
    assert best.hours == pytest.approx(np.exp(found.x[0]), rel=1e-3)
    assert best.amount == pytest.approx(abs(found.x[1]), abs=1e-2)


def test_courtesy_lets_money_replace_speed():
    kind, rude = (recovery.best_response(recovery.REACH[m]) for m in ("courteous", "rude"))
    assert kind.net > rude.net
    assert kind.amount > rude.amount
    assert kind.hours > rude.hours


def test_not_answering_can_be_best():
    assert recovery.best_response(value=8) == pytest.approx((INF, 0, 0.35, 2.8))


def test_shapes_broadcast():
    assert recovery.respond(np.ones((3, 1)), np.ones(4)).shape == (3, 4)
    assert recovery.best_compensation(value=[60, 300]).net.shape == (2,)
    assert isinstance(recovery.speed_net(1.0), float)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: recovery.retention_after_delay(-1), "hours must be at least 0"),
        (lambda: recovery.speed_net(0), "hours must be above 0"),
        (lambda: recovery.best_delay(300, 0), "effort must be .*above 0"),
        (lambda: recovery.retention_after_compensation(1, 0.7, 0.4), "base and lift together must"),
    ],
)
def test_impossible_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("rate", [0.01, 0.06, 0.5])
def test_money_wins_back_at_its_rate(rate):
    stay = recovery.retention_after_delay(4)
    won = 300 * 0.75 * (1 - stay) * (1 - np.exp(-10 * rate)) - 10
    found = recovery.respond(4, 10, 0.75, rate=rate) - recovery.speed_net(4)
    assert found == pytest.approx(won)


LIMITS = [
    (recovery.retention_after_delay, {}, {"hours": ([-0.1, NAN], [0, INF])}),
    (
        recovery.speed_net,
        {"hours": 1},
        {
            "hours": ([0], [0.1, INF]),
            "value": ([-0.1, INF], [0, 0.5]),
            "effort": ([-0.1], [0, 0.5]),
        },
    ),
    (recovery.best_delay, {}, {"value": ([-0.1], [0, 0.5]), "effort": ([0], [0.5])}),
    (
        recovery.retention_after_compensation,
        {"amount": 1, "base": 0, "lift": 0},
        {
            "amount": ([-0.1], [0, 0.5]),
            "base": ([-0.1, 1.1], [0, 1]),
            "lift": ([-0.1, 1.1], [0, 1]),
            "rate": ([0], [0.5]),
        },
    ),
    (
        recovery.best_compensation,
        {},
        {
            "value": ([-0.1], [0, 0.5]),
            "rate": ([0], [0.5]),
        },
    ),
    (
        recovery.respond,
        {"hours": 1, "amount": 1},
        {
            "hours": ([0], [0.1, INF]),
            "amount": ([-0.1], [0, 0.5]),
            "reach": ([-0.1, 1.1], [0, 1]),
            "value": ([-0.1], [0, 0.5]),
            "effort": ([-0.1], [0, 0.5]),
        },
    ),
    (
        recovery.best_response,
        {},
        {
            "reach": ([-0.1, 1.1], [0, 1]),
            "value": ([-0.1], [0, 0.5]),
            "effort": ([0], [0.5]),
        },
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)
