"""Every number in the example of the capstone, computed again from the data."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from chapters import Prose
from servicequality import data
from servicequality.demos.capstone import audit_a_state
from servicequality.models import (
    budget,
    complaints,
    control_charts,
    dimensionality,
    guarantees,
    importance_performance,
    lifetime_value,
    queueing,
    reliability,
    sampling,
    weights,
)
from servicequality.models.gaps import gap_table
from servicequality.models.satisfaction_metrics import wilson_interval

CELLS = Prose("08-capstone", "audit")
says = CELLS.says
THEMES = {
    "h_comp_1_a_p": "nurses",
    "h_comp_2_a_p": "doctors",
    "h_comp_3_a_p": "quick help",
    "h_comp_5_a_p": "medicines",
    "h_comp_6_y_p": "going home",
    "h_comp_7_sa": "care after",
    "h_clean_hsp_a_p": "cleanliness",
    "h_quiet_hsp_a_p": "quiet",
}
RATING = "h_hsp_rating_9_10"


@pytest.fixture(scope="module")
def hospitals() -> pd.DataFrame:
    return data.load("hcahps").rename(columns=THEMES)


@pytest.fixture(scope="module")
def state(hospitals: pd.DataFrame) -> pd.DataFrame:
    return hospitals[hospitals["state"] == "MA"]


@pytest.fixture(scope="module")
def themes(state: pd.DataFrame) -> pd.DataFrame:
    return state[list(THEMES.values())]


@pytest.fixture(scope="module")
def country(hospitals: pd.DataFrame) -> pd.Series:
    return hospitals[list(THEMES.values())].mean()


@pytest.fixture(scope="module")
def importance(state: pd.DataFrame, themes: pd.DataFrame) -> pd.DataFrame:
    return weights.derive(themes, state[RATING])


@pytest.fixture(scope="module")
def measured(
    hospitals: pd.DataFrame, themes: pd.DataFrame, country: pd.Series, importance: pd.DataFrame
) -> pd.DataFrame:
    all_themes = hospitals[list(THEMES.values())]
    return pd.DataFrame(
        {
            "expected": country,
            "actual": themes.mean(),
            "direction": 1,
            "weight": importance["relative_weight"],
            "unit": "%",
            "lo": all_themes.quantile(0.05),
            "hi": all_themes.quantile(0.95),
            "sd": all_themes.std(),
        }
    )


def releases(code: str, measure: str) -> tuple[pd.Series, pd.Series]:
    """Return the top box by release: of the state, and of the nation."""
    shown = f"measure_id == '{measure}'"
    states = data.load("hcahps", "states").query(f"{shown} and state == '{code}'")
    nation = data.load("hcahps", "national").query(shown)
    here, there = (table.set_index("release")["top_box_pct"] for table in (states, nation))
    return here.sort_index(), there.reindex(here.index).sort_index()


def interval(values: pd.Series) -> tuple[float, float]:
    """Return the ends of the t interval of a mean."""
    half = stats.t.ppf(0.975, len(values) - 1) * values.std() / np.sqrt(len(values))
    return values.mean() - half, values.mean() + half


def slope(state: pd.DataFrame, names: list[str]) -> list[float]:
    """Return slope and interval of quiet, by the normal equations."""
    design = np.column_stack([np.ones(len(state)), state[names]])
    inverse = np.linalg.inv(design.T @ design)
    found = inverse @ design.T @ state[RATING].to_numpy()
    rest = state[RATING].to_numpy() - design @ found
    free = len(state) - design.shape[1]
    quiet = 1 + names.index("quiet")
    error = np.sqrt(rest @ rest / free * inverse[quiet, quiet])
    half = stats.t.ppf(0.975, free) * error
    return [found[quiet], found[quiet] - half, found[quiet] + half]


def test_the_data_card(state: pd.DataFrame) -> None:
    answers = state["completed_surveys"]
    says("8-2-card", len(state), answers.sum(), answers.min(), answers.max(), digits=0)
    response = state["response_rate_pct"]
    says("8-2-card", response.mean(), digits=1)
    says("8-2-card", response.min(), response.max(), digits=0)
    assert state["beds"].isna().sum() == 1
    assert not state[[*THEMES.values(), RATING]].isna().any(axis=None)
    says("8-2", len(state), digits=0)
    says("8-1-ethics", answers.min(), digits=0)


def test_the_sample_and_the_silent(state: pd.DataFrame) -> None:
    needed = sampling.sample_size_proportion(0.05).n
    too_few = (state["completed_surveys"] < needed).sum()
    says("8-2-size", needed, too_few, len(state), state["completed_surveys"].sum(), digits=0)
    mean = state[RATING].mean()
    bias = sampling.nonresponse(mean, mean - 5, 0.235).bias
    says("8-2-silent", bias, digits=1)
    n = state["completed_surveys"].sum()
    top = (state[RATING] / 100 * state["completed_surveys"]).round().sum()
    low, high = wilson_interval(top, n)
    assert 8 < bias / (50 * (high - low)) < 9
    assert "more than eight times" in CELLS["8-2-silent"]
    assert "Three of four patients did not answer" in CELLS["8-2-silent"]


def test_reliability_and_dimensions(state: pd.DataFrame, themes: pd.DataFrame) -> None:
    report = reliability.alpha_report(themes)
    says("8-3", report.alpha, report.lower, report.upper)
    top = (state[RATING] / 100 * state["completed_surveys"]).round()
    noise = control_charts.overdispersion(top, state["completed_surveys"])
    says("8-3", noise, 100 * (1 - 1 / noise), digits=0)
    says("8-6-metric-reading", noise, digits=0)
    values = dimensionality.eigenvalues(themes.corr())
    chance = dimensionality.parallel_line(len(themes), 8)
    says("8-3-dimensions", *values[:2])
    assert values[0] > chance[0]
    assert values[1] < chance[1]


def test_importance_by_two_methods(importance: pd.DataFrame) -> None:
    for column in ("squared_correlation", "relative_weight"):
        ranked = importance[column].sort_values(ascending=False).index
        assert list(ranked[:2]) == ["care after", "nurses"]
        assert ranked[-1] == "cleanliness"
    alone = importance["squared_correlation"].rank(ascending=False)["quiet"]
    together = importance["relative_weight"].rank(ascending=False)["quiet"]
    assert (alone, together) == (7, 6)
    assert "seventh by one and sixth by the other" in CELLS["8-3-importance-reading"]
    says("8-3-importance-reading", importance.loc["quick help", "beta"])
    weight = importance["relative_weight"]
    says("8-3-crosshair-reading", weight["quiet"], weight.mean(), digits=3)


def test_the_map_under_two_crosshairs(
    hospitals: pd.DataFrame, themes: pd.DataFrame, country: pd.Series, importance: pd.DataFrame
) -> None:
    says("8-3-crosshair", len(hospitals), digits=0)
    says("8-3-crosshair", themes["care after"].mean(), digits=1)
    assert themes.mean().rank()["care after"] == 2
    says("8-3-crosshair-reading", country["care after"], digits=1)
    ahead = themes.mean() - country
    says("8-3-crosshair-reading", -ahead["quiet"], digits=1)
    says("8-3-crosshair-reading", -ahead["doctors"], digits=1)
    others = -ahead.drop("quiet").clip(upper=0).sum()
    assert -ahead["quiet"] > others
    weight = importance["relative_weight"]
    points = pd.DataFrame({"importance": weight, "performance": ahead})
    against = importance_performance.classify(points, "free", lines=(weight.mean(), 0))
    own = importance_performance.classify(points.assign(performance=themes.mean()), "data")
    urgent = importance_performance.CONCENTRATE
    assert set(own.index[own == urgent]) == {"medicines", "care after"}
    assert set(against.index[against == urgent]) == {"doctors", "medicines", "care after"}


def test_the_gap_table(measured: pd.DataFrame) -> None:
    for norm, cell in {"range": (61, 16), "standardised": (61, 16), "relative": (67, 16)}.items():
        shares = 100 * gap_table(measured, norm)["share"]
        assert shares.idxmax() == "quiet"
        assert (round(shares["quiet"]), round(shares["quick help"])) == cell
        says("8-4-gap-reading", *cell, digits=0)


def test_intervals_of_the_gaps(themes: pd.DataFrame, country: pd.Series) -> None:
    half = stats.t.ppf(0.975, len(themes) - 1) * themes.std() / np.sqrt(len(themes))
    ahead = themes.mean() - country
    behind = set(ahead.index[ahead + half < 0])
    assert behind == {"quiet", "quick help", "cleanliness"}
    assert set(ahead.index[ahead - half > 0]) == {"going home"}
    says("8-4-intervals-reading", ahead["quiet"], digits=1)


def test_the_control_chart() -> None:
    here, nation = releases("MA", "H_HSP_RATING")
    level = control_charts.i_chart(here)
    assert level["signal"].tolist() == [False] * 8 + [True]
    says("8-4-chart", here.iloc[-1], digits=0)
    says("8-4-chart", level["lcl"].iloc[-1], digits=1)
    distance = control_charts.i_chart(here - nation)
    assert not distance["signal"].any()
    says("8-4-chart-reading", nation.max(), nation.iloc[-1], distance["value"].iloc[-1], digits=0)
    says("8-4-chart-reading", distance["lcl"].iloc[0], digits=1)
    says("8-4-chart-reading", distance["ucl"].iloc[0], digits=1, sign=True)


def test_other_series_that_the_chart_is_compared_with() -> None:
    colorado, nation = releases("CO", "H_HSP_RATING")
    flagged = control_charts.i_chart(colorado - nation)
    assert flagged["signal"].all()
    assert len(flagged) == 9
    assert set(colorado - nation) == {3, 4}
    quiet, nation = releases("MA", "H_QUIET_HSP")
    chart = control_charts.i_chart(quiet - nation)
    assert not chart["signal"].any()
    says("8-4-chart-reading", chart["value"].max(), chart["value"].min(), digits=0)
    quick, nation = releases("MA", "H_COMP_3")
    gap = nation - quick
    assert f"from {gap.iloc[0]} points behind the nation to {gap.iloc[-1]}" in CELLS["8-4-evidence"]


def test_the_blueprint_fails_mostly_out_of_sight() -> None:
    rows = [
        [part.strip() for part in line.split("|")[1:-1]]
        for line in CELLS["8-4-blueprint"].splitlines()
        if line.startswith("| ")
    ][1:]
    assert [row[0] for row in rows] == [str(step) for step in range(1, 11)]
    seen = sum("**F**" in row[2] for row in rows)
    unseen = sum(part.count("**F**") for row in rows for part in row[3:])
    assert unseen > seen


def test_the_distribution(hospitals: pd.DataFrame, state: pd.DataFrame) -> None:
    answers = ["quiet", "h_quiet_hsp_u_p", "h_quiet_hsp_sn_p"]
    always, usually, never = state[answers].mean()
    says("8-5", always, digits=1)
    assert "5, 11 or 17 %" in CELLS["8-5"]
    assert round(never) == 17
    says("8-5-zone", never, hospitals[answers[2]].mean(), usually, digits=1)
    says("8-5-zone", *interval(state[answers[2]]), digits=1)
    assert 1 / never == pytest.approx(6 / 100, abs=0.001)


def test_the_line_at_night() -> None:
    three = queueing.mmc([24, 29, 30], 10, 3)
    says("8-5-queue-reading", 60 * three.wq[0], digits=1)
    says("8-5-queue-reading", 60 * three.wq[1], digits=0)
    assert np.isinf(three.wq[2])
    says("8-5-queue-reading", 60 * queueing.mmc(24, 10, 4).wq, digits=1)


def test_nights_by_size(state: pd.DataFrame) -> None:
    sized = state.dropna(subset=["beds"])
    third = pd.qcut(sized["beds"], 3, labels=["small", "middle", "large"])
    quiet = sized.groupby(third, observed=True)["quiet"].mean()
    says("8-5-fairness-reading", quiet["small"], quiet["large"], digits=1)
    response = sized.groupby(third, observed=True)["response_rate_pct"].mean()
    says("8-5-fairness-reading", *response, digits=0)


def test_the_metric(state: pd.DataFrame) -> None:
    n = state["completed_surveys"].sum()
    top = (state[RATING] / 100 * state["completed_surveys"]).round().sum()
    low, high = wilson_interval(top, n)
    says("8-6", n, digits=0)
    says("8-6", 100 * top / n, 100 * low, 100 * high, digits=1)
    says("8-6", state[RATING].mean(), *interval(state[RATING]), digits=1)
    recommend = state["h_recmnd_dy"]
    says("8-6-metric-reading", recommend.mean(), *interval(recommend), digits=1)
    says("8-6-metric-reading", state[RATING].corr(state["h_recmnd_dy"]))


def test_the_value_of_an_improvement(state: pd.DataFrame) -> None:
    beside, alone = slope(state, list(THEMES.values())), slope(state, ["quiet"])
    says("8-6-value", *beside, *alone)
    stays = state["completed_surveys"].mean() / state["response_rate_pct"].mean() * 100
    assert stays == pytest.approx(3400, abs=50)
    some, more = np.diff(lifetime_value.clv(100, [0.70, 0.75, 0.80], 0.08)).cumsum()
    worth = {s: 34 * 5 * np.array([some, more]) * s for s in (*beside, alone[0])}
    least, most = min(map(min, worth.values())), max(map(max, worth.values()))
    assert least == pytest.approx(900, abs=50)
    assert most == pytest.approx(16_000, abs=500)
    assert worth[beside[0]][1] == pytest.approx(5_000, abs=100)
    assert beside[2] / beside[1] == pytest.approx(4, abs=0.2)
    assert 2 < more / some < 2.5
    says("8-6-sensitivity-reading", 900, 16_000, 5_000, digits=0)


def test_the_funnel(state: pd.DataFrame) -> None:
    low = state["h_hsp_rating_0_6"].mean()
    says("8-7", low, *interval(state["h_hsp_rating_0_6"]), digits=1)
    says("8-7", 34 * low, digits=0)
    fewest, most = complaints.failures_from_complaints(50, 0.04, 0.69)
    says("8-7-funnel-reading", fewest, most, 34 * low, digits=0)
    assert round(34 * low / 50) == 7


def test_the_guarantee(state: pd.DataFrame) -> None:
    assert round(state["h_quiet_hsp_sn_p"].mean(), 1) == 16.9
    terms = guarantees.Terms(100, 0.5, 0.02, 40, 40, 0.3, 0)
    bill = guarantees.guarantee(0.169, terms)
    says("8-7-guarantee-reading", bill.without, bill.with_guarantee, digits=1)
    says("8-7-guarantee-reading", 100 * guarantees.least_learning(0.169, terms), digits=1)
    says("8-7-guarantee-reading", 0.5 * 40, 0.3 * 40, digits=0)


def test_the_budget(measured: pd.DataFrame) -> None:
    shares = 100 * gap_table(measured, "range")["share"]
    short = shares[shares > 0].sort_values(ascending=False)
    rates = [0.02] + [0.05] * 5
    best = budget.allocate(short, rates, 60)
    says("8-9-reading", *best.spending[:2], best.value, digits=1)
    assert best.spending[2:].max() == 0
    for spending in ([60, 0, 0, 0, 0, 0], [10] * 6):
        says("8-9-reading", budget.closure(short, rates, spending).sum(), digits=1)
    guesses = [
        budget.allocate(short, [rate] + [0.05] * 5, 60) for rate in np.arange(0.01, 0.051, 0.002)
    ]
    quiet = [guess.spending[0] for guess in guesses]
    closed = [guess.value for guess in guesses]
    says("8-9-reading", min(quiet), digits=0)
    says("8-9-reading", max(quiet), min(closed), max(closed), digits=1)
    assert f"{best.spending[0]:.1f} of 60 credits" in CELLS["8-9-owner"]


def test_the_stop_rule_can_be_told_from_nothing() -> None:
    answers = 50 * 7 * 13
    says("8-9-why-two", answers, digits=0)
    says("8-9-why-two", 196 * np.sqrt(2 * 0.5 * 0.5 / answers), digits=1)
    assert "less than 2 points ahead" in CELLS["8-9-owner"]


def test_the_dashboard_covers_the_states_that_it_says() -> None:
    demo = audit_a_state()
    says("8-8", len(demo.taste[0].options), digits=0)
