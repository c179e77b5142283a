"""Every number that the prose of chapter 3 reads off a table or works out, computed again."""

import math

import numpy as np
import pandas as pd
import pytest

from chapters import Prose
from servicequality import data
from servicequality.models import benchmarking, budget, control_charts
from servicequality.models.blueprint import blueprint
from servicequality.models.gaps import GapChain, gap_chain, gap_table

CELLS = Prose("03-gap-management", "gaps")
says = CELLS.says


@pytest.fixture(scope="module")
def hotel() -> GapChain:
    return gap_chain(80, 90, management=78, standard=74, delivery=70, perception=72)


@pytest.fixture(scope="module")
def check_in() -> pd.DataFrame:
    rows = {
        "lookup": (2, 0.02, 5, 4, 4, 3),
        "ID and payment": (4, 0.05, 8, 6, 6, 2),
        "room assignment": (3, 0.01, 40, 7, 3, 9),
        "keys": (5, 0.03, 6, 5, 5, 2),
        "luggage": (6, 0.04, 15, 6, 5, 5),
        "room readiness": (3, 0.02, 60, 8, 4, 6),
        "courtesy call": (2, 0.01, 3, 2, 3, 4),
    }
    columns = ["minutes", "failure", "cost", "severity", "occurrence", "detection"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


@pytest.fixture(scope="module")
def desk() -> pd.DataFrame:
    """Make the table that the chapter makes."""
    made: dict[str, pd.DataFrame] = {}
    exec(CELLS["desk-shares"], {"pd": pd}, made)
    return made["desk"]


def test_the_hotel_loses_13_points(hotel: GapChain) -> None:
    """O3.1."""
    says("title", hotel.expectation, 72, -hotel.g5, digits=0)
    says("3-1-promise", hotel.expectation, -hotel.g5, digits=0)
    assert "Five of the 13" in CELLS["3-1-promise"]
    assert hotel.promise_part == -5
    chain = "−7 − 4 − 4 + 2 = −13"
    assert [hotel.g1, hotel.g2, hotel.g3, hotel.gp, hotel.g5] == [-7, -4, -4, 2, -13]
    assert chain in CELLS["3-1-numbers"]
    says("3-1-numbers", hotel.g4, digits=0)
    modest = gap_chain(80, 76, management=78, standard=74, delivery=70, perception=72)
    says("3-1-numbers", modest.expectation, modest.g5, modest.g5 - hotel.g5, digits=1)


def test_problems_of_passengers() -> None:
    survey = data.load("sfo-airport-survey")
    codes = data.load("sfo-airport-survey", "problem_codes").set_index("code")
    mentions = survey.filter(like="problem_code").melt()["value"].dropna()
    says("3-2-sfo", len(survey), (survey["had_problem"] == "yes").sum(), digits=0)
    says("3-2-sfo", len(codes), digits=0)
    assert codes["group"].nunique() == 9
    assert "nine groups" in CELLS["3-2-sfo"]
    groups = mentions.map(codes["group"]).value_counts()
    assert list(groups.index[:2]) == ["security/immigration", "directions"]
    says("3-2-sfo-reading", *groups.iloc[:2], len(mentions), digits=0)
    assert groups["directions"] / len(mentions) == pytest.approx(0.25, abs=0.01)
    top = mentions.value_counts().iloc[:9]
    assert len(top) / len(codes) == pytest.approx(0.2, abs=0.005)
    says("3-2-pareto-limits", 100 * top.sum() / len(mentions), digits=0)


def test_shares_of_the_desk(desk: pd.DataFrame) -> None:
    """O3.2."""
    shares = {norm: gap_table(desk, norm)["share"] for norm in ("relative", "range")}
    cell = "3-3-norms-reading"
    says(cell, 100 * shares["relative"]["time to answer"], digits=0)
    says(cell, 100 * shares["range"]["problems solved"], digits=0)
    assert shares["range"].idxmax() == "problems solved"
    standardised = gap_table(desk, "standardised")["share"].sort_values()
    assert standardised.index[-1] == "time to answer"
    assert standardised.iloc[-1] - standardised.iloc[-2] < 0.06, "only just"
    assert list(shares["range"].round(4)) == [0.4054, 0.4257, 0.1689]
    says("3-3-signs", 100 * 10 / 90, digits=1)


def test_a_mean_over_units_depends_on_the_units() -> None:
    says("3-3-mc8", np.mean([-5, -10, -1]), np.mean([-5 * 60, -10, -1]), digits=1)


@pytest.mark.oracle("R3.3")
def test_standards_of_canada() -> None:
    standards = data.load("gc-service-standards")
    says("3-3-canada", len(standards), standards["org"].nunique(), digits=0)
    judged = standards.dropna(subset=["target", "performance", "target_met"])
    met = judged["target_met"] == "yes"
    cell = "3-3-canada-reading"
    says(cell, len(judged), digits=0)
    says(cell, 100 * met.mean(), digits=1)
    by_type = met.groupby(judged["type"]).mean()
    says(cell, *(100 * by_type[["timeliness", "access"]]), digits=1)
    assert (by_type.idxmin(), by_type.idxmax()) == ("timeliness", "access")
    sums = judged.groupby("type")[["volume_meeting_target", "total_volume"]].sum()
    cases = sums["volume_meeting_target"] / sums["total_volume"]
    assert cases.idxmin() == "access"
    all_cases = sums["volume_meeting_target"].sum() / sums["total_volume"].sum()
    says(cell, 100 * all_cases, digits=1)
    largest = judged.nlargest(10, "total_volume")
    says(cell, 100 * largest["total_volume"].sum() / judged["total_volume"].sum(), digits=0)
    assert "payments" in largest["service_name"].iloc[0]
    half = largest["total_volume"].iloc[0] / largest["total_volume"].sum()
    assert half == pytest.approx(0.5, abs=0.02)
    says(cell, judged["total_volume"].median(), digits=0)


def test_vague_standards() -> None:
    text = data.load("gc-service-standards")["standard_text"]
    says("k3-4", len(text), (~text.str.contains(r"\d", na=False)).sum(), digits=0)
    for vague in ("Timely response from staff", "Public enquiries", "Initial response"):
        assert (text == vague).any()
        assert f"“{vague}”" in CELLS["k3-4"]


def test_the_arrival(check_in: pd.DataFrame) -> None:
    """O3.3."""
    arrival = blueprint(check_in)
    cell = "3-4-reading"
    says(cell, check_in["failure"].sum())
    assert len(check_in) == 7
    assert (check_in["failure"] <= 0.05).all(), "right at least 95 times out of 100"
    says(cell, 100 * arrival.rty, arrival.minutes_local, arrival.minutes_restart, digits=1)
    says(cell, arrival.minutes, digits=0)
    rank = "3-4-three-rankings"
    steps = arrival.steps
    says(rank, steps.loc["room readiness", "loss"], arrival.loss)
    says(rank, *steps.loc[["room readiness", "room assignment"], "rpn"], digits=0)
    assert steps["loss"].idxmax() == steps["rpn"].idxmax() == "room readiness"
    assert steps["yield_gain"].idxmax() == "ID and payment"
    assert steps.loc["room assignment", ["rpn_rank", "loss_rank"]].tolist() == [2, 3]
    assert (steps["loss_rank"] == 3).sum() == 2


def test_border_control() -> None:
    border = data.load("cbp-wait-times").query("date < '2020-03-01'")
    says("3-4-border", len(border), digits=0)
    waits, passengers = border["all_avg_wait_min"], border["passengers"]
    says("3-4-border", waits.mean(), digits=1)
    years = (border["date"].max() - border["date"].min()).days / 365.25
    assert passengers.sum() / years == pytest.approx(5e6, rel=0.1)
    assert "five million passengers a year" in CELLS["3-4-border"]
    bands = border.filter(like="n_wait").groupby(border["hour_start"]).sum()
    late = bands.drop(columns=["n_wait_0_15", "n_wait_16_30"]).sum(axis=1)
    share = late / bands.sum(axis=1)
    cell = "3-4-border-reading"
    says(cell, (share > 0.10).sum(), digits=0)
    assert sorted(share.nlargest(2).index) == [7, 15]
    assert share[[7, 15]].between(0.22, 0.23).all()
    says(cell, late[7] / 1000, digits=0)
    assert late[15] == pytest.approx(5e5, rel=0.01)
    afternoon = [13, 14, 15]
    says(cell, 100 * bands.loc[afternoon].sum().sum() / bands.sum().sum(), digits=0)
    says(cell, 100 * late[afternoon].sum() / late.sum(), digits=0)
    says("3-4-border-average", waits.mean(), np.average(waits, weights=passengers), digits=1)
    says("3-4-border-average", border["all_max_wait_min"].quantile(0.95), digits=0)
    load = border[border["booths"] > 0].eval("passengers / booths")
    by_hour = load.groupby(border["hour_start"]).median()
    assert by_hour[18] == pytest.approx(by_hour[15], rel=0.06)
    assert share[18] < share[15] / 2


def test_limits_of_the_call_centre() -> None:
    """O3.4a."""
    limits = control_charts.p_limits(0.06, 200)
    says("3-5-formulas", limits.lcl, limits.ucl, digits=3)
    says("3-5", 200 * limits.lcl, 200 * limits.ucl, 200 * 0.06, digits=0)
    runs = [
        float(control_charts.average_run_length(control_charts.p_signal_chance(p, 200, 0.06)))
        for p in (0.06, 0.09, 0.12)
    ]
    says("3-5-two-errors", runs[0], digits=0)
    says("3-5-two-errors", *runs[1:], digits=1)


def test_the_odd_day() -> None:
    """O3.4c."""
    times = [6.2, 5.8, 6.5, 7.1, 6.0, 5.5, 6.4, 6.8, 6.1, 9.9]
    for time in times:
        says("3-5-why-mr", time, digits=1)
    says("3-5-why-mr", np.mean(times) + 3 * np.std(times, ddof=1))
    chart = control_charts.i_chart(times)
    says("3-5-why-mr", chart["ucl"].iloc[0])
    assert chart.index[chart["signal"]].tolist() == [9]


def test_tampering_doubles_the_variance() -> None:
    wobble = np.random.default_rng(1).normal(6.2, 0.5, 20_000)
    corrected = control_charts.tamper(wobble, target=6.2)
    assert corrected.var(ddof=1) / wobble.var(ddof=1) == pytest.approx(2, rel=0.03)
    assert "*doubles*" in CELLS["3-5-tampering"]


@pytest.mark.oracle("R3.1")
def test_street_lights_of_boston() -> None:
    lights = data.load("boston-311").query("type == 'Street Light Outages'")
    week = lights["open_dt"].dt.to_period("W-SUN").dt.start_time
    targeted = lights[lights["target_dt"].notna()]
    closed = targeted.dropna(subset=["closed_dt"])
    says("3-5-boston", len(closed), digits=0)
    late = closed["closed_dt"] > closed["target_dt"]
    says("3-5-boston", 100 * late.mean(), digits=1)
    promised = (closed["target_dt"] - closed["open_dt"]).dt.days
    assert promised.median() == 14, "about two weeks"
    weeks = late.groupby(week).agg(["sum", "size"])
    chart = control_charts.p_chart(weeks["sum"], weeks["size"])
    assert (chart["signal"].sum(), len(chart)) == (11, 53)
    assert "Eleven of the 53 weeks" in CELLS["3-5-boston-reading"]
    high = chart.index[chart["signal"] & (chart["value"] > chart["center"])]
    assert [f"{day:%m-%d}" for day in high] == ["01-12", "01-19", "01-26", "04-06", "04-20"]
    assert str(chart["value"].idxmax().date()) == "2015-01-26"
    says("3-5-boston-reading", 100 * chart["value"].max(), digits=1)
    last = targeted[week[targeted.index] == "2015-12-28"]
    assert chart["value"].iloc[-1] == 0
    assert chart["signal"].iloc[-1]
    says("3-5-boston-honest", len(last), last["closed_dt"].notna().sum(), digits=0)
    assert data.load("boston-311")["closed_dt"].max() < pd.Timestamp("2016-01-31")


@pytest.mark.oracle("R3.2")
def test_emergency_departments() -> None:
    major = data.load("nhs-ae").query("type == '1'")
    january = major[major["period"] == "2018-01-01"]
    breaches, attendances = january["breaches"], january["attendances"]
    says("3-5-nhs", len(january), digits=0)
    says("3-5-nhs", 100 * breaches.sum() / attendances.sum(), digits=1)
    chart = control_charts.p_chart(breaches, attendances)
    cell = "3-5-nhs-reading"
    says(cell, chart["signal"].sum(), len(january), digits=0)
    says(cell, control_charts.overdispersion(breaches, attendances), digits=0)
    assert attendances.median() == pytest.approx(8000, rel=0.03)
    share = chart["center"].iloc[0]
    assert math.sqrt(share * (1 - share) / 8000) == pytest.approx(0.005, abs=0.0005)
    assert (chart["value"] <= 0.05).sum() == 3
    assert "three of the 137" in CELLS["3-5-nhs-system"]
    assert f"the other {137 - 3} " in CELLS["3-5-nhs-system"]


def test_years_to_parity() -> None:
    """O3.6."""
    cell = "3-6-parity-reading"
    for best_growth in (0.02, 0):
        years = float(benchmarking.time_to_parity(70, 90, 0.06, best_growth))
        says(cell, years, digits=1)
    says(cell, 100 * float(benchmarking.growth_needed(70, 90, 0.02, years=5)), digits=1)


def test_the_average_hospital_does_not_only_rise() -> None:
    national = data.load("hcahps", "national").query("measure_id == 'H_HSP_RATING'")
    top = national.sort_values("release")["top_box_pct"].to_list()
    assert (top[0], max(top), top[-1]) == (71, 73, 70)
    assert top.count(73) >= 4, "stayed there for years"
    says("3-6-hcahps-reading", top[0], max(top), top[-1], digits=0)


def test_the_budget() -> None:
    """O3.5a, O3.5b."""
    projects = pd.DataFrame(
        {"cost": [20, 15, 25, 30, 40, 35, 10, 45], "value": [9, 7, 10, 14, 18, 12, 6, 13]},
        index=[f"P{number}" for number in range(1, 9)],
    )
    best = budget.best_portfolio(projects, 100)
    cell = "3-6-reading"
    says(cell, budget.greedy_portfolio(projects, 100).value, best.value, best.cost, digits=0)
    says(cell, budget.fractional_bound(projects, 100))
    assert "fail-safes close 14 points and empowerment 18" in CELLS["3-6-honest"]
    gaps, rates = [30, 20, 40, 25], [0.05, 0.04, 0.03, 0.06]
    splits = budget.compare_splits(gaps, rates, budget=80).groupby("rule")["closed"].sum()
    says(cell, splits["best"], splits["equal"], digits=1)
    small, large = (budget.allocate(gaps, rates, money).spending for money in (10, 80))
    assert small[2] < 1
    assert small[[0, 3]].sum() > 9
    assert np.argmax(large) == np.argmax(gaps) == 2


@pytest.mark.oracle("R3.4")
def test_incidents() -> None:
    incidents = data.load("it-incidents")
    kept, handovers = incidents["made_sla"], incidents["reassignment_count"].clip(upper=5)
    says("3-7-incidents", len(incidents), digits=0)
    says("3-7-incidents", 100 * kept.mean(), digits=1)
    shares = 100 * kept.groupby(handovers).mean()
    cell = "3-7-incidents-reading"
    says(cell, *shares[[0, 1, 5]], digits=1)
    # Rounded down, as one says it.
    says(cell, *np.floor([shares[0] - shares[1], shares[1] - shares[2]]), digits=0)
    common = incidents["category"].value_counts().index[:5]
    passed_on = handovers > 0
    check = incidents[incidents["category"].isin(common)].pivot_table(
        index="category", columns=passed_on, values="made_sla"
    )
    difference = 100 * (check[False] - check[True])
    says("3-7-incidents-answer", difference.min(), difference.max(), digits=0)
    assert passed_on.mean() == pytest.approx(0.475, abs=0.005), "nearly half"
    says("k3-5", 100 * (incidents["reopen_count"] > 0).mean(), digits=1)
