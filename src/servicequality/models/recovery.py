"""Service recovery: how fast, how generous, and both together (M7.7, M7.8, D7.6).

For teachers. That fast answers and fair compensation keep customers is well established; the
exponential curves, their speeds and every default are teaching assumptions. `respond` joins the two
by one more: money wins back a fixed part of those whom the delay would lose. In reality one large
payment can look like a bribe, customers differ, and relief is not given at random, so that records
of past complaints do not show these curves.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import lambertw

from servicequality.models._checks import checked

Array = NDArray[np.float64]

AT_ONCE, NEVER, DECAY_HOURS = 0.90, 0.35, 24.0
"""Retention after an answer at once, retention without any, and the hours in which the difference
between them shrinks to 37 %. Teaching assumptions."""

REACH: dict[str, float] = {"courteous": 0.75, "rude": 1 / 3}
"""Largest part of those lost whom money can win back, by manners: the .45 and .20 of M7.8 over the
.60 lost without it. A teaching assumption."""


class Delay(NamedTuple):
    """Most profitable delay: hours, retention, net value in credits per complaint."""

    hours: float
    retention: float
    net: float


class Compensation(NamedTuple):
    """Most profitable compensation: credits, retention, net value in credits per complaint."""

    amount: Array
    retention: Array
    net: Array


class Response(NamedTuple):
    """Most profitable answer: hours, credits, retention, net value in credits per complaint."""

    hours: float
    amount: float
    retention: float
    net: float


def retention_after_delay(hours: ArrayLike) -> Array:
    """Share of complainers who stay after an answer within some hours (M7.7).

    A teaching assumption: .35 + .55 exp(-t / 24).

    Parameters
    ----------
    hours : array_like, zero or more
        Delay; inf for no answer.

    Returns
    -------
    ndarray in [.35, .90]

    Raises
    ------
    ValueError
        If a delay is missing or negative.

    Examples
    --------
    >>> retention_after_delay([0, 1, 4, 24, 72]).round(4).tolist()
    [0.9, 0.8776, 0.8156, 0.5523, 0.3774]
    """
    t = checked("hours", hours, at_least=0, infinite=True)
    return NEVER + (AT_ONCE - NEVER) * np.exp(-t / DECAY_HOURS)


def speed_net(hours: ArrayLike, value: ArrayLike = 300.0, effort: ArrayLike = 40.0) -> Array:
    """Value kept minus cost of the speed, per complaint (M7.7).

    A teaching assumption: speed costs effort / t.

    Parameters
    ----------
    hours : array_like, above zero
        Delay; inf for no answer.
    value : array_like, zero or more
        Value of a customer, in credits.
    effort : array_like, zero or more
        Cost of answering within one hour, in credits. They broadcast.

    Returns
    -------
    ndarray
        In credits.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> speed_net([1, 24]).round(3).tolist()
    [223.266, 164.033]
    """
    t = checked("hours", hours, above=0, infinite=True)
    v = checked("value", value, at_least=0)
    return v * retention_after_delay(t) - checked("effort", effort, at_least=0) / t


def best_delay(value: float = 300.0, effort: float = 40.0) -> Delay:
    """Find the most profitable delay (M7.7).

    Parameters
    ----------
    value : float, zero or more
        As in `speed_net`.
    effort : float, above zero
        As in `speed_net`.

    Returns
    -------
    Delay
        hours is inf if no answer at all pays best: for a low value, or costly speed.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> [round(part, 4) for part in best_delay()]
    [2.5433, 0.8447, 237.6818]
    """
    v = float(checked("value", value, at_least=0))
    k = float(checked("effort", effort, above=0))
    # The slope is zero where t exp(-t / 48) = root; the first of two such points is a maximum.
    room = v * (AT_ONCE - NEVER) / DECAY_HOURS
    root = np.sqrt(k / room) if room > 0 else np.inf
    twice = 2 * DECAY_HOURS
    hours = np.inf
    if root * np.e < twice:
        first = float(-twice * lambertw(-root / twice).real)
        if speed_net(first, v, k) > speed_net(np.inf, v, k):
            hours = first
    return Delay(hours, float(retention_after_delay(hours)), float(speed_net(hours, v, k)))


def retention_after_compensation(
    amount: ArrayLike, base: ArrayLike = 0.4, lift: ArrayLike = 0.45, rate: ArrayLike = 0.06
) -> Array:
    """Share of complainers who stay after a compensation (M7.8).

    A teaching assumption: base + lift (1 - exp(-rate x amount)).

    Parameters
    ----------
    amount : array_like, zero or more
        Compensation, in credits.
    base : array_like in [0, 1]
        Share who stay without compensation.
    lift : array_like in [0, 1]
        Most that compensation can add; base + lift at most 1.
    rate : array_like, above zero
        How quickly it works, per credit. All arguments broadcast.

    Returns
    -------
    ndarray in [0, 1]

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> retention_after_compensation([0, 10, 40]).round(4).tolist()
    [0.4, 0.603, 0.8092]
    """
    x = checked("amount", amount, at_least=0)
    p, delta, k = _checked_compensation(base, lift, rate)
    return p + delta * -np.expm1(-k * x)


def best_compensation(
    base: ArrayLike = 0.4,
    lift: ArrayLike = 0.45,
    rate: ArrayLike = 0.06,
    value: ArrayLike = 300.0,
) -> Compensation:
    """Find the most profitable compensation, max(0, ln(rate x lift x value) / rate) (M7.8).

    Parameters
    ----------
    base, lift, rate
        As in `retention_after_compensation`.
    value : array_like, zero or more
        Value of a customer, in credits. All arguments broadcast.

    Returns
    -------
    Compensation
        Nothing is paid to customers worth up to 1 / (rate x lift).

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> [round(float(part), 4) for part in best_compensation()]
    [34.8644, 0.7944, 203.4689]
    """
    p, delta, k = _checked_compensation(base, lift, rate)
    v = checked("value", value, at_least=0)
    p, delta, k, v = np.broadcast_arrays(p, delta, k, v)
    # From 1 on, the first credit brings more than a credit.
    amount = np.log(np.maximum(k * delta * v, 1.0)) / k
    retention = p + delta * -np.expm1(-k * amount)
    return Compensation(amount, retention, v * retention - amount)


def respond(
    hours: ArrayLike,
    amount: ArrayLike,
    reach: ArrayLike = REACH["courteous"],
    value: ArrayLike = 300.0,
    effort: ArrayLike = 40.0,
    rate: ArrayLike = 0.06,
) -> Array:
    """Value kept minus cost of speed and compensation, per complaint (D7.6).

    A teaching assumption: compensation adds up to `reach` of those whom the delay would lose, as in
    M7.8; at a delay after which 40 % stay it is M7.8 itself.

    Parameters
    ----------
    hours, value, effort
        As in `speed_net`.
    amount, rate
        As in `retention_after_compensation`.
    reach : array_like in [0, 1]
        See `REACH`. All arguments broadcast.

    Returns
    -------
    ndarray
        In credits.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> print(round(float(respond(4, 10)), 1), round(float(respond(4, 10, reach=REACH["rude"])), 1))
    243.4 233.0
    """
    stay = retention_after_delay(hours)
    reached = retention_after_compensation(amount, stay, _checked_reach(reach) * (1 - stay), rate)
    won = checked("value", value, at_least=0) * (reached - stay)
    return speed_net(hours, value, effort) + won - np.asarray(amount, dtype=float)


def best_response(
    reach: float = REACH["courteous"],
    value: float = 300.0,
    effort: float = 40.0,
    rate: float = 0.06,
) -> Response:
    """Find the most profitable pair of delay and compensation (D7.6).

    Parameters
    ----------
    reach, rate
        As in `respond`.
    value : float, zero or more
        As in `speed_net`.
    effort : float, above zero
        As in `speed_net`.

    Returns
    -------
    Response
        hours is inf if no answer at all pays best.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> [round(part, 2) for part in best_response()]
    [3.43, 14.16, 0.9, 244.52]
    """
    part = float(_checked_reach(reach))
    checked("effort", effort, above=0)

    def compensate(hours: Array) -> Compensation:
        stay = retention_after_delay(hours)
        paid = best_compensation(stay, part * (1 - stay), rate, value)
        return paid._replace(net=paid.net - effort / hours)

    # Profit can have more than one hump: look everywhere, then closely where it is best.
    low, high = np.log(1e-3), np.log(1e3)
    for _round in range(3):
        grid = np.linspace(low, high, 400)
        best = int(np.argmax(compensate(np.exp(grid)).net))
        low, high = grid[max(best - 1, 0)], grid[min(best + 1, 399)]
    delays = np.array([np.inf, np.exp(grid[best])])
    choices = compensate(delays)
    best = int(np.argmax(choices.net))
    return Response(float(delays[best]), *(float(part[best]) for part in choices))


def _checked_compensation(
    base: ArrayLike, lift: ArrayLike, rate: ArrayLike
) -> tuple[Array, Array, Array]:
    p = checked("base", base, at_least=0, at_most=1)
    delta = checked("lift", lift, at_least=0, at_most=1)
    checked("base and lift together", p + delta, at_most=1 + 1e-9)
    return p, delta, checked("rate", rate, above=0)


def _checked_reach(reach: ArrayLike) -> Array:
    return checked("reach", reach, at_least=0, at_most=1)
