"""Every number that the prose of chapter 6 reads off a table or works out, computed again."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from chapters import Prose
from servicequality import data
from servicequality.models import disconfirmation, kano, lifetime_value, loyalty, sampling, weights
from servicequality.models import satisfaction_metrics as metrics
from servicequality.models.delivered_value import delivered_value
from servicequality.models.penalty_reward import contrast, impact_asymmetry

CELLS = Prose("06-satisfaction", "satis")
says = CELLS.says
RATED = [f"a{number}" for number in range(1, 9)]
SHARES = (5, 10, 15, 50, 20)
LADDER = np.array([[0.30, 0.45, 0], [0.10, 0.55, 0.20], [0.02, 0.13, 0.78]])


@pytest.fixture(scope="module")
def kiosk() -> pd.DataFrame:
    return data.load("kiosk-survey")


@pytest.fixture(scope="module")
def features(kiosk: pd.DataFrame) -> pd.DataFrame:
    """Kano's classes of the 29 features, by their numbers."""
    answers = pd.concat(
        pd.DataFrame(
            {
                "attribute": number,
                "functional": kiosk[f"KF{number:02}"],
                "dysfunctional": kiosk[f"KD{number:02}"],
            }
        )
        for number in range(1, 30)
    )
    return kano.summarise(kano.count_classes(answers.dropna()))


@pytest.fixture(scope="module")
def claims() -> pd.DataFrame:
    return data.load("satisfaction-survey")


@pytest.fixture(scope="module")
def telecom() -> pd.DataFrame:
    return data.load("iranian-churn")


@pytest.mark.oracle("O6.1")
def test_what_spread_costs() -> None:
    cell = "6-1-spread-reading"
    says(cell, *disconfirmation.expected_reaction(0.5, [0.5, 1]))
    says(cell, *disconfirmation.expected_reaction(0, [1, 0.5]))
    says(cell, disconfirmation.break_even_mean(1))
    lost = optimize.brentq(lambda sd: float(disconfirmation.expected_reaction(0.5, sd)), 0.1, 5)
    says(cell, lost, lost / 0.5, digits=1)
    assert disconfirmation.expected_reaction(0.5, [0, 2], loss=1).tolist() == [0.5, 0.5]
    for gap in (2, -2):
        says("6-1-power", disconfirmation.reaction(gap, loss=2.25, exponent=0.88))


@pytest.mark.oracle("O6.2")
def test_sixty_guests_of_a_clinic() -> None:
    cell = "6-2-coefficients"
    row = kano.summarise({"A": 18, "O": 22, "M": 9, "I": 8, "R": 2, "Q": 1}).iloc[0]
    says(cell, row["n"], digits=0)
    says(cell, row["better"], row["worse"])
    says(cell, row["fong_limit"], digits=1)
    assert row["mixed"]
    assert "the lead is 4" in CELLS[cell]


def test_the_table_of_classes_is_printed_as_it_is() -> None:
    rows = [r for r in CELLS["6-2-questions"].splitlines() if r.startswith("| **")]
    letters = [[letter.strip() for letter in row.split("|")[2:-1]] for row in rows]
    assert letters == [list(row) for row in kano.TABLE]


def test_the_meter_ages() -> None:
    answers = data.load("kano-pairs")
    counts = kano.count_classes(answers).loc["meter_stops_in_jam"]
    says("6-2-ageing", answers["id"].nunique(), counts.sum(), counts["A"], digits=0)
    path = kano.drift(counts, 7)[list(kano.CLASSES)]
    modes = kano.summarise(path)["mode"]
    assert modes.loc[[0, 3, 4, 6, 7]].tolist() == ["A", "A", "O", "O", "M"]


@pytest.mark.oracle("R6.2")
def test_features_of_kiosks(features: pd.DataFrame) -> None:
    assert (features["n"] == 207).all()
    says("6-2-kiosk", 207, digits=0)
    cell = "6-2-kiosk-reading"
    for number in (27, 22, 1):
        says(cell, features.loc[number, "better"], features.loc[number, "worse"])
    assert features.loc[[27, 22, 1], "mode"].tolist() == ["A", "M", "M"]
    assert features.loc[1, "second"] == "O"
    counts = features["mode"].value_counts()
    words = "{A} are attractive, {M} must-be, {O} one-dimensional and {I} indifferent"
    assert words.format(**counts) in CELLS[cell]
    assert features["mixed"].sum() == 8
    assert "Eight have no certain class" in CELLS[cell]


def test_penalties_and_rewards(claims: pd.DataFrame) -> None:
    cell = "6-2-contrast-reading"
    assert f"{impact_asymmetry(0.15, -0.60):.2f}".replace("-", "−") in CELLS["6-2-contrast"]
    says("6-2-steady", len(claims), digits=0)
    found = contrast(claims[RATED], claims["sat"])
    amount, news, looks = (found.loc[name] for name in ("a1", "a3", "a5"))
    says(cell, -amount["penalty"], news["reward"], -news["penalty"])
    assert abs(amount["reward"]) < amount["reward_se"], "a right amount adds nothing"
    says(cell, looks["asymmetry"], sign=True)
    assert found["asymmetry"].idxmax() == "a5"
    for effect in ("penalty", "reward"):
        assert abs(looks[effect]) < 1.96 * looks[f"{effect}_se"]


@pytest.mark.oracle("O6.3")
def test_two_firms() -> None:
    firms = delivered_value([[40, 25, 20, 10], [35, 20, 15, 10]], [[50, 10, 6, 4], [40, 8, 5, 4]])
    says("6-3-reading", *firms.difference, digits=0)
    says("6-3-reading", *firms.ratio)


@pytest.mark.oracle("O6.4")
def test_metrics_with_intervals() -> None:
    cell = "6-4-intervals"
    says("6-4-metrics", metrics.index_0_100([8.2, 7.6, 7.1], [0.4, 0.35, 0.25]), digits=1)
    says(cell, *100 * np.array(metrics.wilson_interval(168, 240)), digits=1)
    says(cell, 100 * metrics.wilson_interval(20, 20)[0], digits=1)
    assert metrics.wald_interval(20, 20) == (1, 1)
    score = metrics.nps_from_counts(108, 84, 48)
    says(cell, score.value, digits=0)
    says(cell, score.lower, score.upper, digits=1)
    says(cell, metrics.nps_sample_size(5, metrics.nps_variance(108 / 240, 48 / 240)), digits=0)
    for promoters, detractors in ((25, 0), (60, 35)):
        assert promoters - detractors == 25
        says("6-4-two", promoters, digits=0)
    later = metrics.nps_from_counts(120, 78, 42)
    assert f"NPS {later.value:.1f}" in CELLS["6-4-two"]
    assert "50 % promoters, 32.5 % passives, 17.5 % detractors" in CELLS["6-4-two"]
    assert [later.promoters, later.passives, later.detractors] == [0.5, 0.325, 0.175]
    change = metrics.nps_change(score, later)
    says("6-4-sfo-reading", change.value, change.se, digits=1)


@pytest.mark.oracle("R6.1")
def test_an_airport_in_two_years() -> None:
    years = [year for _, year in data.load("sfo-airport-survey").groupby("year")]
    scores = [metrics.nps(year["nps_0_10"]) for year in years]
    says("6-4-sfo", *[score.n for score in scores], digits=0)
    ratings = [year["rate_overall"].dropna() for year in years]
    says("6-4-sfo", *[rating.mean() for rating in ratings])
    cell = "6-4-sfo-reading"
    says(cell, *[score.value for score in scores], digits=1)
    change = metrics.nps_change(*scores)
    says(cell, -change.value, change.se, -change.z, digits=1)
    assert -change.z / 1.96 > 2, "its error would have to be more than twice as large"
    says(cell, *[100 * metrics.csat(rating).value for rating in ratings], digits=1)
    drop = ratings[0].mean() - ratings[1].mean()
    says(cell, drop)
    says(cell, drop / np.hypot(*[rating.sem() for rating in ratings]), digits=1)


@pytest.mark.oracle("O6.5")
def test_plans() -> None:
    plan = sampling.sample_size_mean
    cell = "6-5-plans-reading"
    city, town, halved = plan(1.4, [0.15, 0.15, 0.075], 1.96, [math.inf, 2_000, math.inf], 0.25).n
    says(cell, halved, city, town, plan(1.4, 0.15, 1.96, response=0.25).invitations, digits=0)
    assert plan(1.4, 0.15, 1.96, [1e6, 1e7]).n.tolist() == [335, 335]
    small = sampling.sample_size_proportion(0.05, 0.5, 1.96, 1_500, 0.25)
    large = sampling.sample_size_proportion(0.05, 0.5, 1.96, response=0.25)
    says(cell, small.n, large.n, small.invitations, large.invitations, digits=0)
    assert large.invitations > 1_500, "more than live there"


def test_silence() -> None:
    cell = "6-5-silence"
    says(cell, sampling.nonresponse(4.2, 3.6, 0.25).truth)
    for n, response in ((335, 0.25), (3_350, 0.25), (335, 0.60)):
        says(cell, sampling.survey_rmse(1.4, n, 0.3, response))
    for n, response in ((400, 0.60), (50_000, 0.02)):
        says("6-5-mc9", sampling.survey_rmse(1.4, n, 0.3, response))


def test_hospitals_by_response() -> None:
    hospitals = data.load("hcahps", "hospitals_2022")
    response, top = hospitals["response_rate_pct"], hospitals["h_hsp_rating_9_10"]
    says("6-5-hcahps", len(hospitals), response.mean(), digits=0)
    means = top.groupby(pd.qcut(response, 4), observed=True).mean()
    cell = "6-5-hcahps-reading"
    says(cell, means.iloc[0], means.iloc[-1], digits=1)
    assert means.is_monotonic_increasing
    says(cell, stats.spearmanr(response, top).statistic)


@pytest.mark.oracle("O6.6a")
def test_judgements_in_pairs() -> None:
    judged = {(0, 1): 2, (0, 2): 4, (0, 3): 6, (1, 2): 3, (1, 3): 4, (2, 3): 2}
    cell = "6-5-ahp-reading"
    for differs in ({}, {(0, 2): 1 / 4}, {(0, 1): 5}):
        found = weights.ahp(weights.comparison_matrix(judged | differs, 4))
        says(cell, found.consistency_ratio, digits=3)
        assert (found.consistency_ratio <= 0.10) == (differs != {(0, 2): 1 / 4})
    turned = weights.comparison_matrix(judged | {(0, 2): 1 / 4}, 4)
    assert weights.most_contradictory(turned) == (0, 2)
    half = weights.ahp(weights.comparison_matrix(judged, 4)).weights[0]
    assert half == pytest.approx(0.5, abs=0.01)


@pytest.mark.oracle("O6.6b")
def test_three_attributes_that_overlap() -> None:
    between, outcome = [[1, 0.5, 0.3], [0.5, 1, 0.4], [0.3, 0.4, 1]], [0.6, 0.5, 0.4]
    cell = "6-5-derived"
    says(cell, weights.regression(between, outcome)[1])
    for share in (
        weights.shapley(between, outcome),
        weights.relative_weights(between, outcome),
        weights.squared_correlations(outcome),
    ):
        first, second, third = [f"{number:.2f}" for number in share]
        assert f"{first}, {second} and {third} by" in CELLS[cell]


def test_stated_and_derived(kiosk: pd.DataFrame) -> None:
    items = data.load("kiosk-survey", "items").query("block == 'expectation'")
    numbers = items.groupby(items["dimension_initial_8"].str.split("[ /]").str[0])["item_no"]

    def means(block: str) -> pd.DataFrame:
        return pd.DataFrame(
            {n: kiosk[[f"{block}{i:02}" for i in group]].mean(axis=1) for n, group in numbers}
        )

    perceived, stated = means("P"), means("IMP").mean().rank(ascending=False)
    cell = "6-5-kiosk-reading"
    shares = weights.derive(perceived, kiosk["Y1_overall_satisfaction"])["shapley"]
    derived = shares.rank(ascending=False)
    says(cell, *(100 * shares[["security", "convenience"]]), digits=0)
    assert derived[["convenience", "security", "usefulness", "tangibles"]].tolist() == [1, 2, 5, 6]
    assert stated[["security", "usefulness", "convenience"]].tolist() == [1, 2, 4]
    assert perceived.mean().idxmax() == perceived.std().idxmin() == "usefulness"
    quality = weights.derive(perceived, kiosk["Y2_overall_quality"])["shapley"]
    assert quality.rank(ascending=False)["tangibles"] == 2


@pytest.mark.oracle("O6.6c")
def test_entropy_of_four_hotels() -> None:
    hotels = [[8.2, 7, 6], [8, 5, 6.2], [8.1, 9, 5.9], [7.9, 3, 6.1]]
    says("6-5-entropy", 100 * weights.entropy(hotels)[1], digits=1)


def test_how_sure_a_rise_by_three_points_is() -> None:
    """The hidden answer of section 6.5: within chance, with 240 each."""
    assert "70 to 73 %" in CELLS["6-5-report"]
    assert 1.96 * math.sqrt((0.7 * 0.3 + 0.73 * 0.27) / 240) > 0.03


@pytest.mark.oracle("O6.7")
def test_loyalty_by_market() -> None:
    cell = "6-6-reading"
    for competition in (0.1, 0.9):
        four, five = loyalty.loyalty([4, 5], competition)
        says(cell, four, five, digits=1)
        says(cell, five / four)
    for market in ("telephone monopoly", "car"):
        says(cell, loyalty.retention(SHARES, loyalty.MARKETS[market]), digits=1)
    assert sum(SHARES[3:]) == 70, "of whom the title speaks"


def test_the_formula_of_loyalty_is_stated_as_it_is() -> None:
    for wanted in ("K = 0.80 + 0.04 (S - 1)", r"\frac{1}{1 + e^{-4 (S - 4.5)}}"):
        assert wanted in CELLS["6-6-model"]
    captive, free = loyalty.loyalty(3, [0, 1])
    assert captive == pytest.approx(100 * (0.80 + 0.04 * 2))
    assert free == pytest.approx(100 / (1 + math.exp(-4 * (3 - 4.5))))


def test_who_is_who(claims: pd.DataFrame) -> None:
    told = claims.dropna(subset=["sat", "intends"])
    renew = told[told["intends"] == 1]
    says("6-6-steady-reading", (renew["sat"] < 7).sum(), len(renew), digits=0)
    assert (renew["sat"] < 7).mean() > 1 / 3


@pytest.mark.oracle("R6.3")
def test_the_last_warning(telecom: pd.DataFrame) -> None:
    says("6-7-churn", len(telecom), telecom["complained"].sum(), digits=0)
    left = telecom.groupby("complained")["churn"].agg(["mean", "sum"])
    cell = "6-7-churn-reading"
    says("6-7-churn", 100 * left.loc[False, "mean"], digits=0)
    says(cell, 100 * left.loc[True, "mean"], *left["sum"], digits=0)
    odds = left["mean"] / (1 - left["mean"])
    says(cell, odds[True] / odds[False], digits=0)
    by_tariff = telecom.groupby("tariff_plan")["churn"].mean()
    says(cell, *(100 * by_tariff), digits=1)
    once = telecom.drop_duplicates()
    says(cell, len(telecom) - len(once), digits=0)
    says(cell, *(100 * once.groupby("complained")["churn"].mean()), digits=1)
    assert left.loc[False, "sum"] > left["sum"].sum() / 2, "more than half never complained"


def test_use_hides_what_failed_calls_do(telecom: pd.DataFrame) -> None:
    alone = telecom["call_failures"].corr(telecom["churn"].astype(float))
    assert f"{alone:.2f}".replace("-", "−") in CELLS["6-7-failed"]
    use = pd.qcut(telecom["seconds_of_use"], 4, labels=False)
    many = telecom["call_failures"] > 6
    share = 100 * telecom.pivot_table("churn", use, many)
    says("6-7-failed-reading", *share.loc[1], *share.loc[2], digits=1)
    assert (share[True] > share[False]).tolist() == [True, True, True, False]
    assert share.loc[3].tolist() == [0, 0]
    assert telecom["call_failures"].corr(telecom["seconds_of_use"], method="spearman") > 0.4


@pytest.mark.oracle("O6.8e")
def test_indicators() -> None:
    found = lifetime_value.indicators(1000, 120, 80, 60, 20)
    table = CELLS["6-8-indicators"]
    for share in (found.new, found.churn, found.retention, found.upgraded, found.growth):
        assert f"{100 * share:.0f} %" in table


def test_a_tenth_of_the_customers() -> None:
    panel = data.load("telecom-panel").groupby("id")
    base = panel.agg(tier=("tier", "first"), margin=("margin", "sum"))
    dearest = base["tier"] == "pro"
    assert dearest.mean() == pytest.approx(0.1, abs=0.005)
    share = base.loc[dearest, "margin"].sum() / base["margin"].sum()
    says("6-8-ladder-words", 100 * share, digits=0)


@pytest.mark.oracle("O6.8a")
def test_lifetime_value() -> None:
    cell = "6-8-clv"
    says(cell, lifetime_value.clv(100, 0.8, 0.1), digits=1)
    says(cell, lifetime_value.clv(100, 0.8, 0.1, first="end"), digits=1)
    says(cell, lifetime_value.clv(100, 0.8, 0.1, horizon=5), digits=1)


@pytest.mark.oracle("O6.8a")
def test_six_situations() -> None:
    rows = [r.split("|") for r in CELLS["6-8-five"].splitlines() if r.startswith("| 0.")]
    gains = []
    for _, retention, discount, years, gain, _ in rows:
        start, end = map(float, retention.split(" to "))
        waiting = 0 if "none" in discount else float(discount.strip(" %")) / 100
        horizon = math.inf if "ever" in years else float(years)
        gains.append(100 * lifetime_value.retention_gain(start, end - start, waiting, horizon))
        assert gain.strip() == f"{gains[-1]:+.1f} %"
    assert len(gains) == 6
    says("6-8-mc7", gains[0], gains[-1], digits=0)


@pytest.mark.oracle("O6.8b")
def test_the_bucket_and_the_programme() -> None:
    says("6-8-bucket", *lifetime_value.leaky_bucket(1000, 0.8, 500, 3), digits=0)
    assert "2{,}500" in CELLS["6-8-bucket"]
    assert lifetime_value.steady_state(0.8, 500) == pytest.approx(2500)
    says("6-8-bucket", lifetime_value.steady_state(0.85, 500), digits=0)
    assert lifetime_value.steady_state(0.85, 500) / 2500 == pytest.approx(4 / 3), "a third larger"
    says("6-7-mc6", lifetime_value.cost_per_retained(4, 0.02), digits=0)


@pytest.mark.oracle("O6.8c")
def test_the_ladder() -> None:
    def value(row: int, column: int, more: float) -> np.ndarray:
        plan = LADDER.copy()
        plan[row, column] += more
        return lifetime_value.ladder_value(plan, [10, 40, 120], 0.1)

    cell = "6-8-ladder-reading"
    today, upgraded, kept = value(0, 1, 0), value(0, 1, 0.05), value(2, 2, 0.05)
    says(cell, *today, digits=1)
    says(cell, (upgraded - today)[0], (kept - today)[2], (kept - today)[0], digits=0)
    heads = np.array([1000, 0, 100])
    says("6-8-climb", *heads[[0, 2]], digits=0)
    says(cell, *[heads @ (plan - today) for plan in (kept, upgraded)], digits=0)


def test_nobody_changed() -> None:
    panel = data.load("telecom-panel")
    months = panel.groupby("month").agg(left=("churned", "mean"), liked=("satisfaction", "mean"))
    says("6-8-panel", panel["id"].nunique(), 100 * months["left"].iloc[0], digits=0)
    says("6-8-panel", 100 * months["left"].iloc[-1], *months["liked"].iloc[[0, -1]], digits=1)
    cell = "6-8-panel-reading"
    says(cell, 100 * (1 - panel["churned"].sum() / panel["id"].nunique()), digits=0)
    says(cell, 100 * 0.95**24, digits=0)


@pytest.mark.oracle("O6.8d")
def test_a_cohort_of_different_customers() -> None:
    cell = "6-8-panel-reading"
    says(cell, *lifetime_value.cohort_retention(1, 4, [1, 2, 3, 4]))
    says(cell, 100 * lifetime_value.cohort_survival(1, 4, 4), 100 * 0.8**4, digits=1)


def test_buyers_who_never_say_goodbye() -> None:
    customers = data.load("cdnow")
    repeats = customers["repeat_purchases"].sort_values(ascending=False)
    says("6-8-cdnow", len(customers), digits=0)
    cell = "6-8-cdnow-reading"
    tenth = repeats.iloc[: round(len(repeats) / 10)]
    says(cell, 100 * (repeats == 0).mean(), 100 * tenth.sum() / repeats.sum(), digits=1)
    says(cell, customers["weeks_observed"].min(), customers["weeks_observed"].max(), digits=0)
