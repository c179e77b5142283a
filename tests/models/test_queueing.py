import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import gammaincc

from servicequality.models import queueing

# Exact rational arithmetic, rounded to 8 decimals: load in erlangs, servers, Erlang B, Erlang C,
# mean wait in service times, share that waits at most one ninth of a service time.
EXACT = [
    (0.5, 1, 0.33333333, 0.5, 1.0, 0.52702027),
    (0.5, 8, 6e-08, 6e-08, 1e-08, 0.99999997),
    (1.0, 2, 0.2, 0.33333333, 0.33333333, 0.70172023),
    (2.0, 4, 0.0952381, 0.17391304, 0.08695652, 0.86074132),
    (3.0, 5, 0.11005435, 0.2361516, 0.1180758, 0.81090458),
    (5.0, 6, 0.19184726, 0.58751645, 0.58751645, 0.47426718),
    (5.0, 13, 0.00132178, 0.00214613, 0.00026827, 0.9991177),
    (10.0, 14, 0.05681914, 0.17413193, 0.04353298, 0.88835002),
    (15.0, 16, 0.14460212, 0.73007596, 0.73007596, 0.34669933),
    (20.0, 36, 0.00038092, 0.00085667, 5.354e-05, 0.99985521),
    (30.0, 34, 0.06629752, 0.37638066, 0.09409516, 0.75867211),
    (50.0, 51, 0.09316201, 0.83972748, 0.83972748, 0.24857884),
    (100.0, 101, 0.06972499, 0.8833145, 0.8833145, 0.20957545),
    (100.0, 103, 0.05848716, 0.68079681, 0.22693227, 0.51218777),
]

loads = st.floats(0.01, 60)
server_counts = st.integers(1, 80)


def guests(undecided, arrival_rate=0.2, servers=1):
    u = np.asarray(undecided)
    return queueing.mixed_queue(
        arrival_rate, np.stack([1 - u, u], axis=-1), [3, 6], [1, 2], servers
    )


@pytest.mark.oracle("O4.2a")
@pytest.mark.parametrize(
    ("servers", "p_wait", "wq_min", "lq", "level"),
    [
        (4, 0.78775, 11.8163, 7.0898, 0.3106),
        (5, 0.41039, 1.7588, 1.0553, 0.7426),
        (6, 0.19657, 0.4914, 0.2948, 0.9117),
    ],
)
def test_o4_2a_one_line(servers, p_wait, wq_min, lq, level):
    queue = queueing.mmc(36, 10, servers)
    assert queue.utilisation == pytest.approx(3.6 / servers)
    assert queue.p_wait == pytest.approx(p_wait, abs=5e-6)
    assert queue.wq * 60 == pytest.approx(wq_min, abs=5e-5)
    assert queue.lq == pytest.approx(lq, abs=5e-5)
    assert queueing.service_level(2 / 60, 36, 10, servers) == pytest.approx(level, abs=5e-5)


@pytest.mark.oracle("O4.2a")
def test_o4_2a_separate_lines_and_one_fast_server():
    assert queueing.mmc(9, 10, 1).wq * 60 == pytest.approx(54)
    assert queueing.mmc(36, 40, 1).wq * 60 == pytest.approx(13.5)


@pytest.mark.oracle("O4.2a")
@pytest.mark.parametrize("servers", [1, 2, 3])
def test_o4_2a_the_line_grows_without_end(servers):
    queue = queueing.mmc(36, 10, servers)
    assert (queue.p_wait, queue.wq, queue.lq) == (1, np.inf, np.inf)
    assert queueing.mean_present(36, queue.wq, 1 / 10) == np.inf
    simulated = queueing.simulate(36, [1], [1 / 10], [1 / 10], servers, customers=4000)["wait"]
    quarters = simulated.to_numpy().reshape(4, -1).mean(axis=1)
    assert (np.diff(quarters) > 1).all(), "every thousand customers wait more than an hour longer"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((36, 10, 3), r"arrival_rate must be below .*, 30, or .* without end; it is 36\."),
        ((30, 10, 3), r"arrival_rate must be below .*, 30, .*; it is 30\."),
        (([10, 40, 50], 10, 4), r"arrival_rate must be below .*, 40, .*; it is 40\."),
        ((36, 10, [5, 4, 3, 2]), r"arrival_rate must be below .*, 30, .*; it is 36\."),
        # In binary 3.3 x (1 / 1.1) is a little less than 3.
        ((3.3, 1.1, 3), r"arrival_rate must be below .*, 3\.3, .*; it is 3\.3\."),
    ],
)
def test_waits_that_grow_for_ever_have_no_distribution(arguments, message):
    with pytest.raises(ValueError, match=message):
        queueing.service_level(0.5, *arguments)


@pytest.mark.oracle("O4.2b")
def test_o4_2b():
    queue = guests([0, 0.10, 0.25, 0.50, 0.60])
    assert queue.wq == pytest.approx([2.5, 3.8235, 7, 25, 70], abs=5e-5)
    assert queue.utilisation == pytest.approx([0.6, 0.66, 0.75, 0.9, 0.96])


@pytest.mark.oracle("O4.2b")
@pytest.mark.parametrize("undecided", [2 / 3, 0.7, 1])
def test_o4_2b_unstable(undecided):
    queue = guests(undecided)
    assert (queue.wq, queue.lq, queue.p_wait) == (np.inf, np.inf, 1)
    assert guests(2 / 3 - 1e-6).wq > 1e5


def test_d4_2_challenge():
    """A menu board outside halves the undecided guests: no other slider is needed."""
    assert guests(0.25).wq > 5
    assert guests(0.125).wq == pytest.approx(4.23, abs=5e-3)


@pytest.mark.parametrize(("load", "servers", "b", "c", "wait", "level"), EXACT)
def test_erlang_against_exact_arithmetic(load, servers, b, c, wait, level):
    assert queueing.erlang_b(load, servers) == pytest.approx(b, abs=5.1e-9)
    assert queueing.erlang_c(load, servers) == pytest.approx(c, abs=5.1e-9)
    assert queueing.mmc(load, 1, servers).wq == pytest.approx(wait, abs=5.1e-9)
    assert queueing.service_level(1 / 9, load, 1, servers) == pytest.approx(level, abs=5.1e-9)


@given(loads, server_counts)
def test_erlang_b_against_the_poisson_distribution(load, servers):
    b = queueing.erlang_b(load, servers)
    log_pmf = stats.poisson.logpmf(servers, load)
    assert b == pytest.approx(np.exp(log_pmf) / gammaincc(servers + 1, load), rel=1e-9)


def test_many_servers_do_not_overflow():
    c = queueing.erlang_c(180, 200)
    b = stats.poisson.pmf(200, 180) / stats.poisson.cdf(200, 180)
    assert c == pytest.approx(b / (1 - 0.9 * (1 - b)))


@given(st.floats(0, 0.99))
def test_one_server_makes_a_customer_wait_as_often_as_it_is_busy(rho):
    assert queueing.erlang_c(rho, 1) == pytest.approx(rho)


@given(loads, server_counts)
def test_more_servers_and_less_load_never_hurt(load, servers):
    few, more = queueing.erlang_c(load, [servers, servers + 1])
    assert 0 <= more <= few <= 1
    assert queueing.erlang_b(load, servers) <= few
    assert queueing.erlang_c(load * 0.9, servers) <= few
    queue = queueing.mmc(load, 1, [servers, servers + 1])
    assert queue.wq[1] <= queue.wq[0]


@given(st.floats(0.1, 30), st.floats(0.5, 5), st.integers(1, 20), st.floats(0.1, 60))
def test_the_unit_of_time_does_not_matter(arrival_rate, service_rate, servers, unit):
    one = queueing.mmc(arrival_rate, service_rate, servers)
    other = queueing.mmc(arrival_rate / unit, service_rate / unit, servers)
    if one.utilisation < 0.999:
        assert other.wq == pytest.approx(one.wq * unit)
        assert (other.p_wait, other.lq) == pytest.approx((one.p_wait, one.lq))
        assert one.lq == pytest.approx(arrival_rate * one.wq), "Little's law"


@given(st.floats(0.01, 0.98), st.floats(0, 3), st.floats(0, 5))
def test_service_level_of_one_server(rho, t, more):
    level = queueing.service_level([t, t + more], rho, 1, 1)
    assert level == pytest.approx(1 - rho * np.exp(-(1 - rho) * np.array([t, t + more])))
    assert queueing.service_level(0, rho, 1, 1) == pytest.approx(1 - rho)


def test_an_empty_system():
    assert queueing.mmc(0, 10, 2) == (0, 0, 0, 0)
    assert queueing.service_level(0, 0, 10, 2) == 1


def test_load_equal_to_capacity_but_for_rounding():
    # In binary 3.3 x (1 / 1.1) is a little less than 3.
    full = queueing.mmc(3.3, 1.1, 3)
    assert 1 - 1e-9 < full.utilisation < 1
    assert (full.p_wait, full.wq, full.lq) == (1, np.inf, np.inf)


def test_arrays_broadcast():
    queue = queueing.mmc([[18], [36]], 10, [4, 5, 6])
    assert queue.wq.shape == (2, 3)
    assert queue.wq[1, 0] == queueing.mmc(36, 10, 4).wq
    assert guests(np.full((4, 5), 0.25)).wq.shape == (4, 5)
    assert queueing.erlang_b([], 3).shape == (0,)


@given(
    st.lists(
        st.tuples(st.floats(0.01, 1), st.floats(0.1, 10), st.floats(0, 10)),
        min_size=1,
        max_size=5,
    ),
    st.floats(0.1, 0.98),
)
def test_pollaczek_khinchine(kinds, rho):
    share, mean, sd = np.array(kinds).T
    p = share / share.sum()
    first, second = (p * mean).sum(), (p * (sd**2 + mean**2)).sum()
    service = queueing.mixed_service(share, mean, sd)
    assert service.mean == pytest.approx(first)
    assert service.sd == pytest.approx(np.sqrt(max(second - first**2, 0)), abs=1e-6)
    rate = rho / first
    queue = queueing.mixed_queue(rate, share, mean, sd)
    assert queue.wq == pytest.approx(rate * second / (2 * (1 - rho)))
    assert queue.lq == pytest.approx(rate * queue.wq)
    order = np.random.default_rng(0).permutation(len(p))
    again = queueing.mixed_queue(rate, share[order] * 7, mean[order], sd[order])
    assert again.wq == pytest.approx(queue.wq)


@given(st.floats(0.1, 20), st.integers(1, 30))
def test_exponential_times_give_erlang(load, servers):
    general, erlang = queueing.mgc(load, 1, 1, servers), queueing.mmc(load, 1, servers)
    assert general == pytest.approx(erlang)


def test_steady_service_halves_the_wait():
    steady, random = queueing.mgc(0.2, 4, [0, 4]).wq
    assert steady == pytest.approx(random / 2)


def served_in_order(table):
    return (table.sort_values("start", kind="stable").index == table.index).all()


@pytest.mark.parametrize("separate", [False, True])
@pytest.mark.parametrize("servers", [1, 3])
def test_simulation_follows_the_rules(servers, separate):
    table = queueing.simulate(
        0.2 * servers, [0.7, 0.3], [3, 6], [1, 2], servers, separate, customers=500, seed=8
    )
    assert (table["wait"] >= 0).all()
    assert (table["start"] == table[["start", "arrival"]].max(axis=1)).all()
    assert table["end"].to_numpy() == pytest.approx((table["start"] + table["service"]).to_numpy())
    assert (np.diff(table["arrival"]) > 0).all()
    assert set(table["server"]) == set(range(servers))
    assert (table.groupby("server")["wait"].first() == 0).all(), "the line starts empty"
    for _server, served in table.groupby("server"):
        assert (served["start"].to_numpy()[1:] >= served["end"].to_numpy()[:-1] - 1e-9).all()
        assert served_in_order(served)
    if not separate:
        assert served_in_order(table)
        # Whoever waits starts when somebody leaves.
        late = table.loc[table["wait"] > 1e-9, "start"]
        assert late.isin(table["end"]).all()


def test_simulation_against_erlang_c():
    tables = [
        queueing.simulate(36, [1], [1 / 10], [1 / 10], 5, customers=20_000, seed=seed)
        for seed in range(6)
    ]
    wait = pd.concat(tables)["wait"]
    expected = queueing.mmc(36, 10, 5)
    assert (wait > 0).mean() == pytest.approx(expected.p_wait, abs=0.015)
    assert wait.mean() == pytest.approx(expected.wq, rel=0.06)
    level = queueing.service_level(2 / 60, 36, 10, 5)
    assert (wait <= 2 / 60).mean() == pytest.approx(level, abs=0.015)


def test_simulation_against_pollaczek_khinchine():
    tables = [
        queueing.simulate(0.2, [0.75, 0.25], [3, 6], [1, 2], customers=20_000, seed=seed)
        for seed in range(6)
    ]
    table = pd.concat(tables)
    assert table["wait"].mean() == pytest.approx(guests(0.25).wq, rel=0.05)
    assert (table["kind"] == 1).mean() == pytest.approx(0.25, abs=0.01)
    for kind, mean, sd in ((0, 3, 1), (1, 6, 2)):
        service = table.loc[table["kind"] == kind, "service"]
        assert (service.mean(), service.std()) == pytest.approx((mean, sd), rel=0.02)


def test_three_kinds_of_customers():
    line = queueing.simulate(0.2, [5, 3, 2], [1, 2, 3], [0, 0, 0], customers=5000, seed=10)
    shares = line["kind"].value_counts(normalize=True)
    assert shares.to_dict() == pytest.approx({0: 0.5, 1: 0.3, 2: 0.2}, abs=0.02)
    assert (line["service"] == line["kind"] + 1).all()


def test_several_servers_are_approximated_within_a_tenth():
    tables = [
        queueing.simulate(0.6, [0.75, 0.25], [3, 6], [1, 2], 3, customers=20_000, seed=seed)
        for seed in range(6)
    ]
    assert guests(0.25, 0.6, 3).wq == pytest.approx(pd.concat(tables)["wait"].mean(), rel=0.1)


def test_separate_lines_wait_as_long_as_single_queues():
    tables = [
        queueing.simulate(0.6, [0.75, 0.25], [3, 6], [1, 2], 3, True, customers=20_000, seed=seed)
        for seed in range(6)
    ]
    assert pd.concat(tables)["wait"].mean() == pytest.approx(guests(0.25).wq, rel=0.06)


def test_littles_law_in_the_simulation():
    """Mean number waiting, from events, is the rate of arrivals times the mean wait."""
    table = queueing.simulate(0.2, [0.5, 0.5], [3, 6], [1, 2], customers=5000, seed=5)
    times = np.concatenate([table["arrival"], table["start"]])
    change = np.repeat([1, -1], len(table))
    order = np.argsort(times, kind="stable")
    waiting = np.cumsum(change[order])
    span = times.max()
    mean_waiting = (waiting[:-1] * np.diff(times[order])).sum() / span
    assert mean_waiting == pytest.approx(len(table) / span * table["wait"].mean())


@given(st.floats(0, 0.9), st.floats(0, 0.1), st.integers(0, 1000))
def test_the_same_seed_keeps_the_guests(undecided, more, seed):
    """With everything else equal, more undecided guests never shorten anybody's wait."""
    few, many = (
        queueing.simulate(0.2, [1 - u, u], [3, 6], [1, 2], customers=60, seed=seed)
        for u in (undecided, undecided + more)
    )
    assert few["arrival"].tolist() == many["arrival"].tolist()
    assert (many["wait"] >= few["wait"] - 1e-9).all()


def test_constant_and_exponential_times():
    constant = queueing.simulate(0.2, [1], [3], [0], customers=50)
    assert set(constant["service"]) == {3}
    table = queueing.simulate(0.2, [1], [3], [3], customers=5000)
    assert stats.kstest(table["service"], stats.expon(scale=3).cdf).pvalue > 0.01
    assert stats.kstest(np.diff(table["arrival"]), stats.expon(scale=5).cdf).pvalue > 0.01


def test_simulation_repeats_itself_and_depends_on_the_seed():
    one, same, other = (queueing.simulate(0.2, [1], [3], [1], seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, same)
    assert len(one) == 2000
    assert (one["arrival"] != other["arrival"]).all()


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (queueing.erlang_b, (-1, 2), "load must be .*at least 0; it is -1"),
        (queueing.erlang_b, (1, 0), "servers must be a whole number.* 1; it is 0"),
        (queueing.erlang_c, (1, 2.5), "servers must be a whole number.*; it is 2.5"),
        (queueing.erlang_c, (np.nan, 2), "load must be"),
        (queueing.mmc, (-1, 10, 2), "arrival_rate must be .*at least 0; it is -1"),
        (queueing.mmc, (1, 0, 2), "service_rate must be .*above 0; it is 0"),
        (queueing.service_level, (-1, 1, 2, 3), "within must be .*at least 0; it is -1"),
        (queueing.mgc, (1, 0, 1), "mean must be .*above 0"),
        (queueing.mgc, (1, 1, -1), "sd must be .*at least 0"),
        (queueing.mixed_service, ([0, 0], [3, 6], [1, 2]), "sum to zero"),
        (queueing.mixed_service, ([0.5, -0.5], [3, 6], [1, 2]), "shares must be .*-0.5"),
        (queueing.mixed_service, ([1, 1], [3, 0], [1, 2]), "means must be .*above 0"),
        (queueing.mixed_service, ([1, 1], [3, 6], [1, -2]), "sds must be .*it is -2"),
        (queueing.simulate, (0, [1], [3], [1]), "arrival_rate must be .*above 0"),
        (queueing.simulate, (1, [1], [3], [1], 0), "servers must be"),
        (queueing.simulate, (1, [1], [3], [1], 1.5), "servers must be a whole number"),
        (queueing.simulate, (1, [1], [3], [1], 1, False, 10.5), "customers must be a whole"),
        (queueing.simulate, (1, [1], [3], [1], 1, False, 20_001), "customers must be .*20000"),
        (queueing.simulate, (1, [1], [3], [1], 1, False, 0), "customers must be"),
    ],
)
def test_impossible_input(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)


NAN, INF = float("nan"), float("inf")

LIMITS = [
    (
        queueing.erlang_b,
        {"load": 1, "servers": 2},
        {"load": ([-0.1, NAN, INF], [0]), "servers": ([0, 1.5], [1])},
    ),
    (
        queueing.mgc,
        {"arrival_rate": 0.2, "mean": 3, "sd": 1},
        {
            "arrival_rate": ([-0.1, NAN, INF], [0]),
            "mean": ([0, NAN, INF], [0.1]),
            "sd": ([-0.1, NAN, INF], [0]),
            "servers": ([0, 1.5], [1]),
        },
    ),
    (
        queueing.mean_present,
        {"arrival_rate": 0.2, "wq": 7, "mean": 3},
        {
            "arrival_rate": ([-0.1, NAN, INF], [0]),
            "wq": ([-0.1, NAN], [0, 0.5, INF]),
            "mean": ([-0.1, NAN, INF], [0]),
        },
    ),
    (
        queueing.simulate,
        {"arrival_rate": 0.2, "shares": [1, 1], "means": [3, 6], "sds": [1, 2]},
        {
            "arrival_rate": ([0, NAN, INF], [0.1]),
            "shares": ([[1, -1], [1, NAN]], [[1, 0]]),
            "means": ([[1, 0], [1, NAN]], [[1, 0.1]]),
            "sds": ([[1, -0.1], [1, NAN]], [[1, 0]]),
            "servers": ([0, 1.5], [1]),
            "customers": ([0, 1.5, queueing.MOST_CUSTOMERS + 1], [1, queueing.MOST_CUSTOMERS]),
        },
    ),
]
"""Functions, arguments that are allowed, and for each parameter what is refused and accepted."""


@pytest.mark.parametrize("limits", LIMITS)
def test_limits(assert_limits, limits):
    assert_limits(*limits)


@pytest.mark.parametrize(("servers", "separate"), [(1, False), (3, False), (3, True)])
def test_places_in_line_count_those_who_wait_in_front(servers, separate):
    line = queueing.simulate(0.5, [0.5, 0.5], [3, 6], [1, 2], servers, separate, 80, seed=4)
    places = queueing.places_in_line(line, separate)
    assert list(places) == ["customer", "server", "time", "place"]
    assert (places["server"] == places["customer"].map(line["server"])).all()
    if not separate:
        pd.testing.assert_frame_equal(queueing.places_in_line(line), places)
    assert places["customer"].unique().tolist() == list(range(80))
    for row in places.itertuples():
        guest = line.iloc[row.customer]
        others = line.iloc[: row.customer]
        if separate:
            others = others[others["server"] == guest["server"]]
        waiting = others[(others["arrival"] <= row.time) & (others["start"] > row.time)]
        expected = 0 if row.time >= guest["start"] else 1 + len(waiting)
        assert row.place == expected
    first, last = (getattr(places.groupby("customer"), end)() for end in ("first", "last"))
    np.testing.assert_allclose(first["time"], line["arrival"])
    np.testing.assert_allclose(last["time"], line["start"])
    assert (last["place"] == 0).all()


def test_the_line_is_as_long_as_the_customers_who_wait():
    line = queueing.simulate(0.4, [0.5, 0.5], [3, 6], [1, 2], 2, customers=200, seed=9)
    length = queueing.line_length(line)
    assert length["time"].is_monotonic_increasing
    assert length["time"][0] == 0
    for row in length.itertuples():
        waiting = (line["arrival"] <= row.time) & (line["start"] > row.time)
        assert row.waiting == waiting.sum()
    # Little's law for the customers who wait, over the time until the last one is served.
    held = (length["waiting"].to_numpy()[:-1] * np.diff(length["time"])).sum()
    assert held == pytest.approx(line["wait"].sum())


def test_customers_present_are_those_who_wait_and_those_who_are_served():
    queue = queueing.mmc(0.3, 0.1, 4)
    served = 0.3 / 0.1
    assert queueing.mean_present(0.3, queue.wq, 10) == pytest.approx(float(queue.lq) + served)
    assert queueing.mean_present(0.3, np.inf, 10) == np.inf
    with pytest.raises(ValueError, match="arrival_rate"):
        queueing.mean_present(-1, 1, 1)
