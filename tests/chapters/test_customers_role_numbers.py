"""Every number that the prose of chapter 4 reads off a table or works out, computed again."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chapters import Prose
from servicequality import data
from servicequality.models import (
    compatibility,
    encounter_triad,
    make_or_buy,
    participation,
    queueing,
)
from servicequality.models import service_profit_chain as chain

CELLS = Prose("04-customers-role", "role")
says = CELLS.says
CHECK_IN = participation.Task()


def made_by(*cells: str, **known: Any) -> dict[str, Any]:
    """Run cells of the chapter, and return what they made."""
    names: dict[str, Any] = {"pd": pd, "data": data, **known}
    for cell in cells:
        exec(CELLS[cell], names)
    return names


@pytest.fixture(scope="module")
def bookings() -> pd.DataFrame:
    return data.load("hotel-bookings")


def test_passengers_hardly_blame_themselves() -> None:
    codes = data.load("sfo-airport-survey", "problem_codes")
    told = made_by("own-fault")["told"]
    mentions = data.load("sfo-airport-survey").filter(like="problem_code").melt()["value"]
    says("4-1-sfo", mentions.notna().sum(), len(codes), digits=0)
    cell = "4-1-sfo-reading"
    assert told.loc[[71, 72], "mentions"].tolist() == [2, 1]
    assert CELLS[cell].startswith("Two. One more names a ticket with the wrong name.")
    assert "my own fault" in told.loc[71, "meaning"]
    says(cell, *told.loc[[31, 52, 43], "mentions"], digits=0)


def test_who_makes_requests(bookings: pd.DataFrame) -> None:
    says("4-2-hotels", len(bookings), digits=0)
    asks = made_by("requests")["asks"]["mean"]
    says("4-2-hotels-reading", *(100 * asks[["Online TA", "Direct", "Groups"]]), digits=0)
    assert asks.idxmax() == "Online TA"
    assert asks["Groups"] == pytest.approx(1 / 12, abs=0.005), "a twelfth"
    assert asks["Online TA"] == pytest.approx(2 / 3, abs=0.04), "nearly two thirds"


@pytest.mark.oracle("R4.2")
def test_guests_who_do_not_come(bookings: pd.DataFrame) -> None:
    lost = bookings["is_canceled"]
    says(
        "4-3-no-shows", len(bookings), (bookings["reservation_status"] == "No-Show").sum(), digits=0
    )
    says("4-3-no-shows", 100 * lost.mean(), digits=1)
    requests = bookings["total_of_special_requests"].clip(upper=3)
    by_requests = 100 * lost.groupby(requests).mean()
    says("4-3-no-shows-reading", *by_requests[[0, 1, 3]], digits=1)
    assert by_requests[0] > 2 * by_requests[1:].max(), "more than twice as long"
    kept = bookings["deposit_type"] == "Non Refund"
    says("4-3-no-shows-reading", 100 * lost[kept].mean(), digits=0)
    assert (requests[kept] == 0).mean() > 0.99, "hardly any of them had a request"
    free = bookings["deposit_type"] == "No Deposit"
    checked = 100 * lost[free].groupby(requests).mean()
    says("4-3-no-shows-answer", *checked[[0, 1]], digits=1)
    step = checked[0] - checked[1]
    says("4-3-no-shows-answer", step, digits=0)
    assert step < (by_requests[0] - by_requests[1]) / 2


def test_rui_moves_house() -> None:
    """O4.3."""
    rui = {"expertise": -1, "resources": 1, "time": -1, "economic": 2, "psychic": 1}
    rui |= {"trust": -1, "control": 1}
    now = make_or_buy.self_provision(rui)
    after = make_or_buy.self_provision({**rui, "expertise": 1})
    cell = "4-3-reading"
    says(cell, float(now.score), digits=1)
    says(cell, 100 * float(now.probability), 100 * float(after.probability), digits=1)
    levers = make_or_buy.sensitivity(rui)
    assert list(levers.index[:2]) == ["economic", "expertise"]
    says(cell, 100 * levers.loc["economic", "lowest"], digits=0)
    assert levers.loc[["time", "trust"], "lowest"].tolist() == pytest.approx([0.5, 0.5])
    says("4-3-model", *make_or_buy.WEIGHTS.values(), digits=1)
    says("4-3-model", 100 / (1 + math.exp(-2)), digits=0)


def test_balance_of_the_triad() -> None:
    """O4.4."""
    fast, law, machine = (0.75, 0.10, 0.15), (0.2, 0.6, 0.2), (0.35, 0, 0.65)
    cell = "4-4-reading"
    says(cell, *encounter_triad.benefits(fast), digits=1)
    joint = [encounter_triad.joint_benefit(p) for p in (fast, (1 / 3, 1 / 3, 1 / 3), law)]
    says(cell, *map(float, joint), digits=1)
    best = encounter_triad.best_shares()
    says(cell, float(encounter_triad.joint_benefit(best)), digits=1)
    says(cell, *(100 * best), digits=0)
    says(cell, *(float(encounter_triad.balance_index(p)) for p in (law, fast, machine)))
    assert joint[2] < joint[0]


def test_the_cheapest_share() -> None:
    """O4.1."""
    best = participation.optimal_share(CHECK_IN)
    cell = "4-5-reading"
    says(cell, 100 * best, digits=0)
    says(cell, *participation.costs([0, best, 1], CHECK_IN).total)
    says(cell, *(100 * participation.error_probability([0, 1], CHECK_IN)), digits=0)
    says(cell, *participation.customers_per_hour([0, 1], CHECK_IN), digits=0)
    says(cell, participation.break_even_customer_cost(CHECK_IN), digits=3)
    trained = participation.Task(efficiency=0.9, overload_error=0.15)
    assert participation.optimal_share(trained) == 1


def test_reasons_for_a_kiosk() -> None:
    made = made_by("kiosk")
    reasons, users = made["reasons"], made["users"]
    counts = reasons.sum().sort_values(ascending=False)
    says("4-5-kiosk", len(users), digits=0)
    cell = "4-5-kiosk-reading"
    assert counts.index[0] == "there was no other way"
    assert counts.index[1] == "saves waiting"
    says(cell, *counts.iloc[:2], len(users), digits=0)
    forced = reasons["there was no other way"] == 1
    says(cell, (forced & (reasons.sum(axis=1) == 1)).sum(), digits=0)
    says(cell, *users["Y4_recommend_intention"].groupby(forced).mean(), digits=1)
    assert (users["age_band"] == "20-29").mean() > 0.95, "nearly all in their twenties"


def test_one_line_or_four() -> None:
    """O4.2a, in minutes."""
    rate, minutes = 36 / 60, 6
    waits = {
        "four": float(queueing.mmc(rate / 4, 1 / minutes, 1).wq),
        "one": float(queueing.mmc(rate, 1 / minutes, 4).wq),
        "fast": float(queueing.mmc(rate, 4 / minutes, 1).wq),
    }
    cell = "4-6-pooling"
    says(cell, waits["four"], digits=0)
    says(cell, waits["one"], waits["fast"], digits=1)
    says(cell, waits["fast"] + minutes / 4, waits["one"] + minutes, digits=1)
    for desks in (4, 5, 6):
        queue = queueing.mmc(rate, 1 / minutes, desks)
        level = 100 * float(queueing.service_level(2, rate, 1 / minutes, desks))
        row = (
            f"| {desks} | {100 * queue.utilisation:.0f} % | {100 * queue.p_wait:.0f} % "
            f"| {queue.wq:.1f} min | {level:.0f} % |"
        )
        assert row in CELLS["4-6-servers"]
    says("4-6-servers", 100 * (1 - float(queueing.mmc(rate, 1 / minutes, 5).utilisation)), digits=0)


def test_the_formula_of_the_chapter_is_that_of_the_model() -> None:
    load, servers, blocking = 3.6, 4, 1.0
    for i in range(1, servers + 1):
        blocking = load * blocking / (i + load * blocking)
    wait = blocking / (1 - load / servers * (1 - blocking))
    assert wait == pytest.approx(float(queueing.erlang_c(load, servers)))
    assert "B_i = \\frac{a\\,B_{i-1}}{i + a\\,B_{i-1}}" in CELLS["4-6-erlang"]


def test_undecided_guests() -> None:
    """O4.2b."""
    share = np.array([0, 0.25, 0.5, 0.125])
    shares = np.column_stack([1 - share, share])
    queue = queueing.mixed_queue(0.2, shares, [3, 6], [1, 2])
    service = queueing.mixed_service(shares, [3, 6], [1, 2])
    cell = "4-6-reading"
    says(cell, *queue.wq, digits=1)
    squared = service.mean**2 + service.sd**2
    says(cell, squared[1], digits=1)
    says(cell, squared[2], 100 * queue.utilisation[1], 100 * queue.utilisation[2], digits=0)
    assert service.mean[2] / service.mean[1] == pytest.approx(1.2), "a fifth"
    free = (1 - queue.utilisation[1]) / (1 - queue.utilisation[2])
    says(cell, free, squared[2] / squared[1], queue.wq[2] / queue.wq[1], digits=1)
    wall = queueing.mixed_queue(0.2, [1 / 3, 2 / 3], [3, 6], [1, 2])
    assert wall.wq == math.inf


@pytest.mark.oracle("R4.1")
def test_the_border_has_no_wall() -> None:
    border = data.load("cbp-wait-times").query("date < '2020-03-01' and booths > 0")
    says("4-6-border", len(border), digits=0)
    bins = made_by("border")["bins"]
    expected = [9.701, 12.309, 13.501, 14.057, 14.270, 15.085, 15.507, 16.113, 16.735, 18.368]
    assert bins["wait"].to_numpy() == pytest.approx(expected, abs=0.01)
    cell = "4-6-border-reading"
    says(cell, bins["wait"].iloc[0], bins["wait"].iloc[-1], digits=1)
    assert 7.5 < bins["load"].iloc[-1] / bins["load"].iloc[0] < 8.5, "eightfold"
    assert bins["wait"].iloc[-1] < 2 * bins["wait"].iloc[0], "less than doubles"
    assert bins["servers"].iloc[-1] > 1.5 * bins["servers"].iloc[0], "the column to look at"
    light = border[border["passengers"] / border["booths"] <= bins["load"].iloc[:2].mean()]
    night = light["hour_start"].isin([21, 22, 23, 0, 1, 2, 3, 4, 5, 6, 7])
    assert night.mean() > 0.5
    steps = np.diff(bins["wait"]) / np.diff(bins["load"])
    assert steps[0] > 3 * steps[-1], "ever more slowly"


def test_moods() -> None:
    says("4-6-crowding", 6, 4, 1, 5, digits=0)
    assert compatibility.best_occupancy(6, 4) == 0.75
    assert compatibility.best_occupancy(1, 5) == pytest.approx(0.1)
    assert "three quarters full" in CELLS["4-6-crowding"]
    assert "at a tenth" in CELLS["4-6-crowding"]


def test_manners_on_a_plane() -> None:
    survey = data.load("flying-etiquette")
    not_rude = "No, not rude at all"
    answered = survey["rude_recline"].dropna()
    says("4-6-flying", len(survey), len(answered), digits=0)
    says("4-6-flying", 100 * (answered != not_rude).mean(), digits=1)
    by_habit = made_by("flying")["by_habit"]
    assert by_habit.loc[["Never", "Always"], "size"].tolist() == [170, 136]
    assert by_habit["mean"].is_monotonic_decreasing
    cell = "4-6-flying-reading"
    says(cell, *(100 * by_habit.loc[["Never", "Always"], "mean"]), digits=1)
    unruly = survey.dropna(subset=["rude_bring_unruly_children", "children_under_18"])
    rude = unruly["rude_bring_unruly_children"] != not_rude
    says(cell, *(100 * rude.groupby(unruly["children_under_18"]).mean()), digits=1)


def test_pairs_and_the_pool() -> None:
    """O4.5."""
    pairs = compatibility.cross_pairs([28, 12])
    says("4-6-pairs", pairs.cross, pairs.total, 100 * pairs.share, digits=0)
    fit = pd.DataFrame(
        [[7, 8, 9, 4], [9, 7, 3, 6], [8, 5, 6, 2], [2, 5, 6, 9]],
        index=["families", "business", "seniors", "students"],
        columns=["morning", "noon", "afternoon", "evening"],
    )
    best, first = compatibility.best_assignment(fit), compatibility.first_come_assignment(fit)
    cell = "4-6-pool-reading"
    says(cell, best.total, first.total, digits=0)
    assert first.slots["business"] == fit.loc["business"].idxmax() == "morning"
    assert first.slots["seniors"] == "noon"
    assert best.slots["business"] == fit.loc["business"].nlargest(2).index[1] == "noon"


def test_the_chain() -> None:
    """O4.6."""
    cell = "4-9-reading"
    total = float(chain.effects().total.loc["ISQ", "PR"])
    says(cell, total, digits=3)
    ways = chain.chains("ISQ", "PR")
    says(cell, ways["effect"].iloc[0], ways["effect"].iloc[-1], digits=3)
    assert ways["chain"].iloc[0] == ("ISQ", "ES", "EP", "PR")
    assert ways["chain"].iloc[-1] == ("ISQ", "ES", "ER", "ESV", "CS", "CL", "PR")
    longest = " × ".join(str(value) for value in (0.5, 0.4, 0.25, 0.6, 0.45, 0.3))
    assert longest in CELLS[cell]
    assert ways["effect"].iloc[-1] == pytest.approx(0.00405)
    push = chain.leverage("ISQ", "PR")["to_double"]
    assert push.idxmin() == ("EP", "PR")
    says(cell, push["EP", "PR"])
    says(cell, push["ER", "ESV"], digits=1)


def test_a_survey_hardly_sees_the_chain() -> None:
    units = data.load("branch-profit-chain")
    says("4-9-units", len(units), digits=0)
    cell = "4-9-units-reading"
    correlation = units["ISQ"].corr(units["PR"])
    says(cell, correlation, digits=3)
    at = math.atanh(correlation)
    ends = [math.tanh(at + side * 1.96 / math.sqrt(len(units) - 3)) for side in (-1, 1)]
    says(cell, *ends)
    total = float(chain.effects().total.loc["ISQ", "PR"])
    assert round((1.96 / total) ** 2, -2) == 1900
    says(cell, 1900, digits=0)
