"""Waiting in line: M/M/c, mixed customers at one counter, and a simulation (M4.2).

Time has no fixed unit: whatever unit the rates are given in, the waits come out in. Arrivals are
Poisson and nobody gives up or is turned away. In reality people see the line and leave, arrive
in groups, and counters open when the line grows, so waits near capacity stay finite.

Where as much work arrives as the servers can do, or more, the line grows without end: mean waits
and lines are inf, and waits have no distribution. A simulation shows such a line while it grows.
"""

from gettext import gettext as _
from heapq import heapreplace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincinv

from servicequality.models import servqual
from servicequality.models._checks import checked

Array = NDArray[np.float64]

MOST_CUSTOMERS = 20_000
"""Most customers in one simulation."""

# A load that equals capacity on paper may miss it in the last binary digit.
_FULL = 1 - 1e-12


class Queue(NamedTuple):
    """A queue in the long run; every part has the shape of the broadcast inputs.

    Attributes
    ----------
    utilisation : ndarray
        Work that arrives as a share of what all servers together can do; from 1 on the line grows
        without end.
    p_wait : ndarray in [0, 1]
        Probability that a customer has to wait; 1 if the line grows without end.
    wq : ndarray
        Mean wait before service, those who do not wait included; inf if the line grows without
        end.
    lq : ndarray
        Mean number of customers waiting; inf if the line grows without end.
    """

    utilisation: Array
    p_wait: Array
    wq: Array
    lq: Array


class ServiceTime(NamedTuple):
    """Mean and standard deviation of the service time of all customers together."""

    mean: Array
    sd: Array


def erlang_b(load: ArrayLike, servers: ArrayLike) -> Array:
    """Probability that all servers are busy where nobody can wait (Erlang B, M4.2).

    Parameters
    ----------
    load : array_like, zero or more
        Arrival rate divided by the service rate of one server, in erlangs.
    servers : array_like of int, 1 or more
        Broadcasts with `load`.

    Returns
    -------
    ndarray in [0, 1]

    Raises
    ------
    ValueError
        If the load is negative or the servers are not a whole number.

    References
    ----------
    Erlang (1917). The recursion over the servers avoids factorials, which overflow.

    Examples
    --------
    >>> float(erlang_b(2, 4).round(5))
    0.09524
    """
    a, c = np.broadcast_arrays(
        checked("load", load, at_least=0), checked("servers", servers, at_least=1, whole=True)
    )
    blocking = np.ones(a.shape)
    for server in range(1, int(c.max(initial=0)) + 1):
        busy = a * blocking
        blocking = np.where(server <= c, busy / (server + busy), blocking)
    return blocking[()]


def erlang_c(load: ArrayLike, servers: ArrayLike) -> Array:
    """Probability that a customer has to wait where everybody waits (Erlang C, M4.2).

    Parameters
    ----------
    load, servers
        As in `erlang_b`.

    Returns
    -------
    ndarray in [0, 1]
        1 where the load is as large as the number of servers, or larger.

    Raises
    ------
    ValueError
        As in `erlang_b`.

    References
    ----------
    Erlang (1917).

    Examples
    --------
    >>> erlang_c(3.6, [4, 5, 6]).round(5).tolist()
    [0.78775, 0.41039, 0.19657]
    """
    blocking = erlang_b(load, servers)
    rho = np.asarray(load, dtype=float) / np.asarray(servers, dtype=float)
    stable = rho < _FULL
    return np.where(stable, blocking / (1 - np.where(stable, rho, 0) * (1 - blocking)), 1.0)[()]


def mmc(arrival_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike) -> Queue:
    """One line, c equal servers, exponential service times: M/M/c (M4.2).

    Parameters
    ----------
    arrival_rate : array_like, zero or more
        Customers per unit of time.
    service_rate : array_like, more than 0
        Customers that one busy server finishes per unit of time.
    servers : array_like of int, 1 or more

    Returns
    -------
    Queue

    Raises
    ------
    ValueError
        If a rate is impossible or the servers are not a whole number.

    References
    ----------
    Erlang (1917); Little (1961) for lq = arrival rate x wq.

    Examples
    --------
    >>> queue = mmc(arrival_rate=36, service_rate=10, servers=4)
    >>> print(f"{60 * queue.wq:.2f} min, {queue.lq:.2f} waiting")
    11.82 min, 7.09 waiting
    """
    mean = 1 / checked("service_rate", service_rate, above=0)
    return mgc(arrival_rate, mean, mean, servers)


def service_level(
    within: ArrayLike, arrival_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike
) -> Array:
    """Share of customers whose wait is at most `within`, in M/M/c (M4.2).

    Parameters
    ----------
    within : array_like, zero or more
        Time.
    arrival_rate, service_rate, servers
        As in `mmc`.

    Returns
    -------
    ndarray in [0, 1]

    Raises
    ------
    ValueError
        If a time is negative, or as in `mmc`; also if the line grows without end, because waits
        that grow for ever have no distribution.

    References
    ----------
    Erlang (1917).

    Examples
    --------
    >>> float(service_level(2 / 60, arrival_rate=36, service_rate=10, servers=4).round(4))
    0.3106
    """
    t = checked("within", within, at_least=0)
    p_wait = mmc(arrival_rate, service_rate, servers).p_wait
    rate, capacity = np.broadcast_arrays(
        arrival_rate, np.asarray(servers) * np.asarray(service_rate)
    )
    if (full := rate >= capacity * _FULL).any():
        raise ValueError(
            _(
                "arrival_rate must be below servers x service_rate, {capacity:g}, or the line "
                "grows without end; it is {rate:g}."
            ).format(capacity=capacity[full][0], rate=rate[full][0])
        )
    return 1 - p_wait * np.exp(-(capacity - rate) * t)


def mixed_service(shares: ArrayLike, means: ArrayLike, sds: ArrayLike) -> ServiceTime:
    """Service time of customers of several kinds, taken together (M4.2).

    Parameters
    ----------
    shares : array_like, shape (..., k)
        Share of each kind; scaled to sum to 1.
    means, sds : array_like, shape (k,)
        Mean, more than 0, and standard deviation, zero or more, of each kind's service time.

    Returns
    -------
    ServiceTime
        Each of shape (...).

    Raises
    ------
    ValueError
        If a share, a mean or a standard deviation is impossible.

    Examples
    --------
    >>> both = mixed_service([0.75, 0.25], means=[3, 6], sds=[1, 2])
    >>> print(both.mean, round(float(both.sd) ** 2, 4))
    3.75 3.4375
    """
    share = servqual.normalise_weights(checked("shares", shares, at_least=0))
    mean = checked("means", means, above=0)
    sd = checked("sds", sds, at_least=0)
    overall = (share * mean).sum(axis=-1)
    variance = (share * (sd**2 + (mean - overall[..., None]) ** 2)).sum(axis=-1)
    return ServiceTime(overall, np.sqrt(variance))


def mixed_queue(
    arrival_rate: ArrayLike,
    shares: ArrayLike,
    means: ArrayLike,
    sds: ArrayLike,
    servers: ArrayLike = 1,
) -> Queue:
    """One line of customers of several kinds (M4.2): each is part of the others' wait.

    Parameters
    ----------
    arrival_rate : array_like, zero or more
        Customers of all kinds per unit of time.
    shares, means, sds
        As in `mixed_service`.
    servers : array_like of int, 1 or more
        With more than one the wait is an approximation, as in `mgc`.

    Returns
    -------
    Queue

    Raises
    ------
    ValueError
        As in `mixed_service` and `mgc`.

    References
    ----------
    Pollaczek (1930); Khinchine (1932).

    Examples
    --------
    >>> undecided = [0, 0.25, 0.5]
    >>> shares = [[1 - u, u] for u in undecided]
    >>> mixed_queue(0.2, shares, means=[3, 6], sds=[1, 2]).wq.round(4).tolist()
    [2.5, 7.0, 25.0]
    """
    return mgc(arrival_rate, *mixed_service(shares, means, sds), servers)


def mgc(arrival_rate: ArrayLike, mean: ArrayLike, sd: ArrayLike, servers: ArrayLike = 1) -> Queue:
    """One line, c equal servers, any service time: M/G/c (M4.2).

    Exact for one server (Pollaczek and Khinchine) and for sd = mean (Erlang). Otherwise the wait
    of M/M/c times (1 + (sd/mean)^2) / 2, an approximation.

    Parameters
    ----------
    arrival_rate : array_like, zero or more
        Customers per unit of time.
    mean, sd : array_like
        Mean, more than 0, and standard deviation, zero or more, of the service time.
    servers : array_like of int, 1 or more

    Returns
    -------
    Queue

    Raises
    ------
    ValueError
        If a rate or a time is impossible or the servers are not a whole number.

    References
    ----------
    Pollaczek (1930); Khinchine (1932); Lee and Longton (1959) for several servers.

    Examples
    --------
    >>> mgc(0.2, mean=3, sd=[0, 1, 3]).wq.round(3).tolist()
    [2.25, 2.5, 4.5]
    """
    lam, m, s, c = np.broadcast_arrays(
        checked("arrival_rate", arrival_rate, at_least=0),
        checked("mean", mean, above=0),
        checked("sd", sd, at_least=0),
        checked("servers", servers, at_least=1, whole=True),
    )
    load = lam * m
    p_wait = np.asarray(erlang_c(load, c))
    with np.errstate(divide="ignore"):
        exponential = p_wait * m / np.where(load / c < _FULL, c - load, 0)
    wq = exponential * (1 + (s / m) ** 2) / 2
    return Queue((load / c)[()], p_wait[()], wq[()], (lam * wq)[()])


def simulate(
    arrival_rate: float,
    shares: ArrayLike,
    means: ArrayLike,
    sds: ArrayLike,
    servers: int = 1,
    separate: bool = False,
    customers: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Follow customers one by one through a line that starts empty (M4.2, D4.2).

    More work may arrive than the servers can do: then the line grows for as long as one looks.

    A teaching assumption: service times are gamma distributed. The same seed keeps the customers:
    if only the shares, times or rates move, the picture moves smoothly.

    Parameters
    ----------
    arrival_rate : float, more than 0
        Customers per unit of time.
    shares, means, sds : array_like, shape (k,)
        As in `mixed_service`. A standard deviation equal to the mean gives exponential times.
    servers : int, 1 or more
    separate : bool
        Whether each server has a line of its own. Customers pick one at random and stay in it.
    customers : int, 1 to `MOST_CUSTOMERS`
    seed : int
        Seed of the random generator.

    Returns
    -------
    DataFrame
        One row per customer in order of arrival: kind (0 to k - 1), server, arrival, wait, start,
        service, end.

    Raises
    ------
    ValueError
        If a number is impossible, or if there are too many customers.

    Examples
    --------
    >>> simulate(0.2, [0.75, 0.25], [3, 6], [1, 2], customers=3).round(2)["wait"].tolist()
    [0.0, 1.59, 8.44]
    """
    checked("arrival_rate", arrival_rate, above=0)
    share = servqual.normalise_weights(checked("shares", shares, at_least=0))
    mean = np.broadcast_to(checked("means", means, above=0), share.shape)
    sd = np.broadcast_to(checked("sds", sds, at_least=0), share.shape)
    checked("servers", servers, at_least=1, whole=True)
    checked("customers", customers, at_least=1, at_most=MOST_CUSTOMERS, whole=True)
    # One row of uniform numbers for each question, so that no answer shifts another.
    gap, who, length, line = np.random.default_rng(seed).random((4, customers))
    arrival = np.cumsum(-np.log1p(-gap)) / arrival_rate
    kind = np.searchsorted(share.cumsum()[:-1], who, side="right")
    service = _gamma_quantile(length, mean[kind], sd[kind])
    if separate:
        server = (line * servers).astype(int)
        start = _start_in_separate_lines(arrival, service, server, servers)
    else:
        start, server = _start_in_one_line(arrival, service, servers)
    return pd.DataFrame(
        {
            "kind": kind,
            "server": server,
            "arrival": arrival,
            "wait": start - arrival,
            "start": start,
            "service": service,
            "end": start + service,
        }
    )


def places_in_line(guests: pd.DataFrame, separate: bool = False) -> pd.DataFrame:
    """Tell where each customer of a simulation stands, and when the place changes (D4.2).

    Parameters
    ----------
    guests : DataFrame
        As returned by `simulate`, or its first rows.
    separate : bool
        As in `simulate`.

    Returns
    -------
    DataFrame
        One row per change, in order of customer and time: customer (row of `guests`, from 0),
        server, time, and place: n while n - 1 others wait in front, 0 from the start of service
        on. A customer who waits has a row for the arrival and one for each step of the line.

    Examples
    --------
    >>> guests = simulate(0.2, [0.75, 0.25], [3, 6], [1, 2], customers=4)
    >>> places_in_line(guests).query("customer == 3")["place"].tolist()
    [3, 2, 1, 0]
    """
    arrival, start, server = (guests[name].to_numpy() for name in ("arrival", "start", "server"))
    rows: list[tuple[int, int, float, int]] = []
    for customer, (arrives, begins) in enumerate(zip(arrival, start, strict=True)):
        ahead = start[:customer]
        if separate:
            ahead = ahead[server[:customer] == server[customer]]
        times = [*np.sort(ahead[ahead > arrives]), begins]
        if begins > arrives:
            times.insert(0, arrives)
        line = range(len(times) - 1, -1, -1)
        rows += [(customer, server[customer], *row) for row in zip(times, line, strict=True)]
    return pd.DataFrame(rows, columns=["customer", "server", "time", "place"])


def line_length(guests: pd.DataFrame) -> pd.DataFrame:
    """Tell how many customers of a simulation wait, and when that changes (D4.2).

    Parameters
    ----------
    guests : DataFrame
        As returned by `simulate`, or its first rows.

    Returns
    -------
    DataFrame
        Columns time and waiting (those being served not included), from time 0 on.

    Examples
    --------
    >>> guests = simulate(0.2, [0.75, 0.25], [3, 6], [1, 2], customers=4)
    >>> line_length(guests)["waiting"].tolist()
    [0, 1, 2, 3, 2, 1, 0]
    """
    waited = guests[guests["start"] > guests["arrival"]]
    times = np.concatenate([waited["arrival"], waited["start"]])
    change = np.repeat([1, -1], len(waited))
    order = np.argsort(times, kind="stable")
    return pd.DataFrame({"time": [0, *times[order]], "waiting": [0, *change[order].cumsum()]})


def mean_present(arrival_rate: ArrayLike, wq: ArrayLike, mean: ArrayLike) -> Array:
    """Mean number of customers present, waiting or being served (Little's law).

    Parameters
    ----------
    arrival_rate : array_like, zero or more
        Customers per unit of time.
    wq, mean : array_like, zero or more
        Mean wait, inf if the line grows without end, and mean service time.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If a rate or a time is negative.

    References
    ----------
    Little (1961).

    Examples
    --------
    >>> print(round(float(mean_present(0.2, wq=7, mean=3.75)), 2))
    2.15
    """
    rate = checked("arrival_rate", arrival_rate, at_least=0)
    waiting = checked("wq", wq, at_least=0, infinite=True)
    return np.asarray(rate * (waiting + checked("mean", mean, at_least=0)))[()]


def _gamma_quantile(p: Array, mean: Array, sd: Array) -> Array:
    constant = sd == 0
    shape = (mean / np.where(constant, mean, sd)) ** 2
    return np.where(constant, mean, gammaincinv(shape, p) * mean / shape)


def _start_in_one_line(
    arrival: Array, service: Array, servers: int
) -> tuple[Array, NDArray[np.int64]]:
    """Give each customer in turn to the server that is free first."""
    free = [(0.0, server) for server in range(servers)]
    start, chosen = [], []
    for arrives, needs in zip(arrival.tolist(), service.tolist(), strict=True):
        ready, server = free[0]
        begins = max(arrives, ready)
        heapreplace(free, (begins + needs, server))
        start.append(begins)
        chosen.append(server)
    return np.array(start), np.array(chosen)


def _start_in_separate_lines(
    arrival: Array, service: Array, line: NDArray[np.int64], servers: int
) -> Array:
    free = [0.0] * servers
    start = []
    for arrives, needs, server in zip(
        arrival.tolist(), service.tolist(), line.tolist(), strict=True
    ):
        begins = max(arrives, free[server])
        free[server] = begins + needs
        start.append(begins)
    return np.array(start)
