"""The tables are computed and quoted rightly; they check the models of waiting and of Kano."""

from fractions import Fraction
from math import exp, factorial

import pytest

from servicequality import data
from servicequality.models import kano, queueing


@pytest.fixture(scope="module")
def erlang():
    return data.load("method-check-tables")


def test_erlang_by_the_direct_sum_in_exact_fractions(erlang):
    assert len(erlang) == 96
    for row in erlang.itertuples():
        a, c = Fraction(row.offered_load_erlang), row.servers
        terms = [a**i / factorial(i) for i in range(c + 1)]
        blocked = terms[c] / sum(terms)
        waits = blocked / (1 - a / c * (1 - blocked))
        assert row.utilisation == pytest.approx(float(a / c), abs=6e-9)
        assert row.erlang_b_blocking == pytest.approx(float(blocked), abs=6e-9)
        assert row.erlang_c_probability_of_wait == pytest.approx(float(waits), abs=6e-9)
        assert row.mean_wait_in_service_times == pytest.approx(float(waits / (c - a)), abs=6e-9)
        level = 1 - float(waits) * exp(-float(c - a) / 9)
        assert row.service_level == pytest.approx(level, abs=6e-9)


@pytest.mark.parametrize(
    ("servers", "load", "wait"), [(2, 1, 1 / 3), (5, 3, 0.236151603499), (14, 10, 0.1741)]
)
def test_published_spot_values(erlang, servers, load, wait):
    row = erlang.query("servers == @servers and offered_load_erlang == @load").iloc[0]
    assert row["erlang_c_probability_of_wait"] == pytest.approx(wait, abs=5e-5)
    if servers == 14:
        assert row["service_level"] == pytest.approx(0.8884, abs=5e-5)


def test_the_models_of_waiting_agree(erlang):
    """M4.2, with a mean service time of 1."""
    load, servers = erlang["offered_load_erlang"].to_numpy(), erlang["servers"].to_numpy()
    queue = queueing.mmc(load, 1, servers)
    for column, found in (
        ("utilisation", queue.utilisation),
        ("erlang_b_blocking", queueing.erlang_b(load, servers)),
        ("erlang_c_probability_of_wait", queue.p_wait),
        ("mean_wait_in_service_times", queue.wq),
        ("service_level", queueing.service_level(1 / 9, load, 1, servers)),
    ):
        assert found == pytest.approx(erlang[column].to_numpy(), abs=6e-9), column


def test_the_model_of_kano_agrees():
    """M6.2."""
    table = data.load("method-check-tables", "kano").set_index("functional")
    for functional, row in table.iterrows():
        assert kano.classify(functional, list(table.columns)).tolist() == row.to_list()


def test_kano_table():
    table = data.load("method-check-tables", "kano").set_index("functional")
    assert table.shape == (5, 5)
    assert list(table.index) == list(table.columns)
    assert table.loc["like", "dislike"] == "O"
    assert table.loc["like", "neutral"] == "A"
    assert table.loc["neutral", "dislike"] == "M"
    assert table.loc["like", "like"] == table.loc["dislike", "dislike"] == "Q"
    assert (table.loc["dislike", "like":"live-with"] == "R").all()
    classes = {"I": 9, "R": 7, "A": 3, "M": 3, "Q": 2, "O": 1}
    assert table.stack().value_counts().to_dict() == classes


def test_tarp():
    table = data.load("method-check-tables", "tarp")
    stay = table.pivot(index="what_happened", columns="possible_loss", values="staying_pct")
    assert (stay["over 100 US dollars"] < stay["under 5 US dollars"]).all()
    order = [
        "did not complain",
        "complained, not satisfied",
        "complained, satisfied",
        "complained, satisfied quickly",
    ]
    assert stay.loc[order, "under 5 US dollars"].to_list() == [37, 46, 70, 95]
    assert stay.loc[order, "over 100 US dollars"].to_list() == [9, 19, 54, 82]
