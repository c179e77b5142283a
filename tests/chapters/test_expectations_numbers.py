"""Every number that the prose of chapter 5 reads off a table or works out, computed again."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from chapters import Prose
from servicequality import data
from servicequality.models import average_trap, promises, segments
from servicequality.models import expectation_research as research
from servicequality.models import expectation_updating as updating
from servicequality.models.expectations import DRIVERS, form_expectations
from servicequality.models.zone_of_tolerance import zone_of_tolerance

CELLS = Prose("05-expectations", "expect")
says = CELLS.says
LEVELS = ["adequate", "predicted", "desired"]


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    return data.load("zone-survey")


@pytest.fixture(scope="module")
def answered(survey: pd.DataFrame) -> pd.DataFrame:
    return survey.dropna(subset=[*LEVELS, "perceived"])


@pytest.fixture(scope="module")
def arrived() -> pd.DataFrame:
    return data.load("nyc-flights").dropna(subset=["arr_delay_min"])


@pytest.fixture(scope="module")
def kiosk() -> dict[str, pd.DataFrame]:
    """Mean answers of each person by dimension: expected (E), perceived (P), importance (IMP)."""
    answers = data.load("kiosk-survey")
    items = data.load("kiosk-survey", "items").query("block == 'expectation'")
    numbers = items.groupby(items["dimension_initial_8"].str.split("[ /]").str[0])["item_no"]
    return {
        kind: pd.DataFrame(
            {
                name: answers[[f"{kind}{number:02}" for number in group]].mean(axis=1)
                for name, group in numbers
            }
        )
        for kind in ("E", "P", "IMP")
    }


def test_three_yardsticks(survey: pd.DataFrame, answered: pd.DataFrame) -> None:
    says("5-1-kite", len(survey), digits=0)
    cell = "5-1-kite-reading"
    says(cell, len(answered), digits=0)
    for level in LEVELS:
        says(cell, 100 * (answered["perceived"] >= answered[level]).mean(), digits=0)
    says(cell, 100 * (answered["predicted"] < answered["adequate"]).mean(), digits=0)


def test_more_people_found_more_enjoyment_than_less(kiosk: dict[str, pd.DataFrame]) -> None:
    """The claim of section 5.2, checked by the table of section 5.7."""
    gaps = (kiosk["P"] - kiosk["E"]).round(9)
    assert (gaps.mean() < 0).sum() == 7
    fun = gaps["enjoyment"]
    says("5-2-always-more", (fun > 0).sum(), fun.count(), (fun < 0).sum(), digits=0)


@pytest.mark.oracle("O5.3a")
def test_the_bar_climbs() -> None:
    path = updating.expectation_path(60, [80] * 5, 0.3)
    says("5-2-smoothing-example", *path[1:], digits=1)
    surprise = 80 - path
    says("5-2-smoothing-example", *surprise[:2], digits=0)
    says("5-2-smoothing-example", surprise[2], digits=1)
    says("5-2-smoothing-example", float(updating.surprise_half_life(0.3)))


def test_delight_wears_off() -> None:
    visits = updating.visits(70, [90] * 12, 0.3)
    surprise = visits["surprise"].to_numpy()
    says("5-2-treadmill", surprise[0], digits=0)
    says("5-2-treadmill", surprise[4], surprise[11], digits=1)
    wanted = updating.performance_for_surprise(5, 75, 0.3, visits=2)
    says("5-2-treadmill", np.diff(wanted)[0], digits=1)
    says("5-2-treadmill", updating.visits_to_ceiling(80, 100, 5, 0.3), digits=1)
    rise = visits["expected_after"].iloc[-1] - 70
    assert surprise.sum() == pytest.approx(rise / 0.3)


def test_a_falling_rating_can_mean_a_rising_bar() -> None:
    panel = data.load("expectation-panel")
    panel["surprise"] = panel["performance"] - panel["expected_before"]
    panel["move"] = panel["expected_after"] - panel["expected_before"]
    says("5-2-panel", panel["id"].nunique(), panel["performance"].mean(), digits=0)
    visits = panel.groupby("visit")[["performance", "expected_before", "surprise", "rating"]].mean()
    assert visits["performance"].between(75.5, 76.7).all()
    cell = "5-2-panel-reading"
    first, last = visits.iloc[0], visits.iloc[-1]
    says(cell, first["expected_before"], last["expected_before"], digits=1)
    says(cell, first["surprise"], last["surprise"], digits=1)
    says(cell, first["rating"], last["rating"])
    known = panel.dropna(subset=["surprise", "move"])
    for better in (True, False):
        moves = known[(known["surprise"] > 0) == better]
        rate = (moves["surprise"] * moves["move"]).sum() / (moves["surprise"] ** 2).sum()
        says("5-2-panel-rates-reading", rate)


@pytest.mark.oracle("O5.3b")
def test_an_uneven_service() -> None:
    uneven = [80, 60] * 3
    for rates in ((0.3,), (0.2, 0.5)):
        says("5-2-panel-rates-reading", updating.expectation_path(70, uneven, *rates)[-1], digits=1)


@pytest.mark.oracle("O5.3c")
def test_bayes() -> None:
    visits = [70, 78, 66, 74]
    belief = updating.bayes_update(60, 10, visits, 15)
    says("5-2-bayes", belief.weight)
    says("5-2-bayes", belief.mean, belief.sd, digits=1)
    says("5-2-bayes", np.mean(visits), *visits, digits=0)
    gain = updating.bayes_path(60, 10, visits, 15)["gain"]
    says("5-2-bayes-reading", gain.iloc[0], gain.iloc[-1])
    says("5-2-bayes-reading", belief.mean)
    settled = float(updating.steady_gain(0.1))
    says("5-2-bayes-reading", settled)
    drifting = updating.bayes_path(60, 10, [70] * 60, 15, drift_sd=15 * 0.1**0.5)["gain"]
    assert drifting.iloc[-1] == pytest.approx(settled)


@pytest.mark.oracle("O5.1")
def test_three_places_in_one_zone() -> None:
    rows = CELLS["5-3-idea"].splitlines()
    for perceived, where in ((4.8, "below"), (6.1, "inside"), (7.6, "above")):
        zone = zone_of_tolerance(perceived, 5.2, 7.3)
        (row,) = [row for row in rows if row.startswith(f"| {perceived} |")]
        wanted = [f"{zone.msa:+.1f}", f"{zone.mss:+.1f}", f"{zone.position:.2f}"]
        assert [cell.strip() for cell in row.split("|")][2:5] == [
            number.replace("-", "−") for number in wanted
        ]
        assert where in row
        assert zone.state == where


def test_zones_of_passengers(answered: pd.DataFrame) -> None:
    says("5-3-kite", len(answered), digits=0)
    says("5-3-kite", *answered[["adequate", "desired", "perceived"]].mean(), digits=1)
    zone = zone_of_tolerance(answered["perceived"], answered["adequate"], answered["desired"])
    states = pd.Series(zone.state).value_counts()
    cell = "5-3-kite-reading"
    says(cell, states["below"], digits=0)
    assert states["below"] / len(answered) == pytest.approx(1 / 6, abs=0.005)
    assert "Thirteen" in CELLS[cell]
    assert states["undefined"] == 13
    missed = (answered["perceived"] < answered["adequate"]).to_numpy()
    assert missed[zone.state == "undefined"].sum() == 7
    says(cell, 100 * missed.mean(), digits=0)
    says(cell, zone.width.mean(), zone.width.std(ddof=1))
    assert ((zone.width > 0) & (zone.width < 1)).mean() > 0.05, "less than a point, for some"
    assert (zone.width > 4).mean() > 0.04, "more than four, for others"


@pytest.mark.oracle("O5.2")
def test_levels_of_the_accordion() -> None:
    cell = "5-4-reading"
    usual = form_expectations()
    says(cell, usual.desired, usual.adequate, usual.predicted, digits=0)
    says(cell, form_expectations(situational=2).adequate, digits=1)
    emergency = form_expectations(transitory=2, needs=1)
    says(cell, emergency.desired, emergency.adequate, digits=1)
    assert emergency.adequate - usual.adequate == pytest.approx(2 * (emergency.desired - 7))
    expert = form_expectations(role=2, alternatives=2, transitory=1)
    says(cell, expert.adequate, expert.width, digits=1)
    loyal = form_expectations(past=1.5, word_of_mouth=1, explicit=1)
    says(cell, loyal.predicted)
    says(cell, loyal.adequate, digits=1)
    assert all(np.array(loyal[:3]) > np.array(usual[:3])), "all three levels are up"


def test_the_model_is_stated_as_it_is() -> None:
    words = {"word_of_mouth": "word of mouth", "situational": "situation"}
    middle = form_expectations()
    for level in LEVELS:
        row = row_of(level)
        assert f"| {getattr(middle, level):.0f} |" in row
        for driver, moves in DRIVERS.items():
            moved = form_expectations(**{driver: 1})
            change = float(getattr(moved, level) - getattr(middle, level))
            term = f"{change:+.2f}".rstrip("0").replace("-", "−")
            assert (f"{term} {words.get(driver, driver)}" in row) == (level in moves), driver
    above = form_expectations(past=2)
    passed_on = (above.adequate - middle.adequate) / (above.predicted - middle.predicted)
    assert f"+{passed_on:.1f}" + " for each point of $F$" in row_of("adequate")


def row_of(level: str) -> str:
    """Return the row of a level in the table of the model."""
    (row,) = [r for r in CELLS["5-4-model"].splitlines() if r.startswith(f"| {level} $")]
    return row


def test_drivers_in_the_survey(survey: pd.DataFrame) -> None:
    drivers = survey[list(DRIVERS)]
    table = pd.DataFrame({level: drivers.corrwith(survey[level]) for level in LEVELS})
    cell = "5-4-drivers-reading"
    adequate = table["adequate"]
    assert list(adequate.abs().nlargest(3).index) == ["situational", "transitory", "alternatives"]
    for number in (adequate["situational"], table.loc["transitory", "desired"]):
        assert f"−{abs(number):.2f}" in CELLS[cell]
    for level, driver in (("desired", "needs"), ("predicted", "past")):
        assert table[level].idxmax() == driver
        assert f"+{table.loc[driver, level]:.2f}" in CELLS[cell]
    for driver in ("transitory", "alternatives"):
        assert f"+{adequate[driver]:.2f}" in CELLS[cell]
    assert round(1.96 / 340**0.5, 2) == 0.11, "chance, among 340 answers"


@pytest.mark.oracle("O5.5a")
def test_soft_borders() -> None:
    ages, ratings = [22, 30, 36, 45, 58, 70], [8.5, 8.0, 7.4, 6.9, 7.1, 6.2]
    memberships = segments.age_memberships(ages)
    says("5-5-fuzzy", *(100 * memberships.loc[2, ["young", "middle"]]), digits=0)
    crisp = segments.crisp_means(ages, ratings)
    fuzzy = segments.fuzzy_means(memberships, ratings)
    says("5-5-fuzzy-reading", *crisp, *fuzzy)
    assert (fuzzy > crisp).all(), "soft borders lift all three"


@pytest.mark.oracle("O5.5b")
def test_effect_sizes() -> None:
    sizes = segments.effect_sizes([(6, 7, 8, 7, 9, 8), (5, 7, 6, 8, 7, 6), (6, 5, 7, 8, 6, 7)])
    says("5-5-effect", sizes.eta2, sizes.omega2, digits=3)
    assert sizes.omega2 < sizes.eta2 / 2
    says("5-5-effect", 100 * segments.probability_of_superiority(0.3), digits=0)
    says("5-5-effect", 100 * segments.overlap(0.3), digits=0)


def test_purpose_and_not_age(survey: pd.DataFrame) -> None:
    desired, cell = survey["desired"], "5-5-kite-reading"
    bands = pd.cut(survey["age"], [17, 39, 59, 80])
    for groups in (survey["purpose"], bands):
        ratings = [list(group) for _, group in desired.groupby(groups, observed=True)]
        says(cell, segments.effect_sizes(ratings).eta2, digits=3)
    pairs = [
        [desired[survey["purpose"] == purpose] for purpose in ("business", "leisure")],
        [desired[survey["age"] < 40], desired[survey["age"] >= 60]],
    ]
    for pair in pairs:
        wins = segments.probability_of_superiority(segments.cohens_d(*pair))
        says(cell, 100 * wins, digits=0)


def test_habit_and_not_demographics() -> None:
    flyers = data.load("flying-etiquette").dropna(subset=["rude_recline"])
    says("5-5-flyers", len(flyers), digits=0)
    rude = (flyers["rude_recline"] != "No, not rude at all").astype(float)
    cell = "5-5-flyers-reading"
    explained = {
        name: segments.effect_sizes([list(g) for _, g in rude.groupby(flyers[name])])
        for name in ("recline_frequency", "age", "education", "household_income", "gender")
    }
    eta2 = {name: 100 * size.eta2 for name, size in explained.items()}
    *four, sex = eta2.values()
    says(cell, *four, digits=1)
    assert sex < 0.05
    assert "sex nothing" in CELLS[cell]
    assert eta2["recline_frequency"] == max(eta2.values()) == pytest.approx(25, abs=3)
    by_habit = 100 * rude.groupby(flyers["recline_frequency"]).mean()
    says(cell, *by_habit[["Never", "Always"]], digits=0)


@pytest.mark.oracle("O5.6")
def test_what_complaints_tell() -> None:
    found = research.complainers()
    says("5-6-complaints", 100 * found.share, digits=1)
    cell = "5-6-complaints-reading"
    says(cell, found.mean_e, found.mean_p, digits=1)
    says(cell, found.mean_e - 6)
    assert found.mean_e - 6 == pytest.approx(6 - found.mean_p)
    methods = research.compare_methods()
    assert list(methods.loc[["interview", "complaints"], "n"]) == [12, 2000]
    says(cell, *methods.loc[["interview", "complaints"], "rmse"])
    assert methods.loc["manager", "rmse"] > methods.loc["interview", "rmse"]
    says("5-6-margin", *research.margin_of_error(1.4, [12, 300]))


def test_a_tilted_survey() -> None:
    says("5-6-tilt", 100 * (math.exp(0.2) - 1), digits=0)
    for n in (300, 3000):
        tilted = research.compare_methods({"survey": n}, tilt=0.2)
        says("5-6-tilt", tilted.loc["survey", "rmse"])


def test_an_airport_seen_through_its_problems() -> None:
    survey = data.load("sfo-airport-survey")
    says("5-6-sfo", len(survey), (survey["had_problem"] == "yes").sum(), digits=0)
    with_problem = survey[survey["had_problem"] == "yes"]
    cell = "5-6-sfo-reading"
    for question in ("rate_overall", "nps_0_10"):
        says(cell, with_problem[question].mean(), survey[question].mean())
    off = (survey - with_problem.mean(numeric_only=True))[["rate_overall", "nps_0_10"]].mean()
    assert off.tolist() == pytest.approx([0.25, 0.92], abs=0.01), "a quarter, nearly a full point"


@pytest.mark.oracle("O5.4")
def test_the_average_trap() -> None:
    cell = "5-7-trap-reading"
    assert average_trap.share_satisfied(6, 6, 1, 1) == 0.5
    says(cell, average_trap.mean_shortfall(6, 6, 1, 1))
    for sd in (1, 0.5):
        says(cell, 100 * average_trap.share_satisfied(6.5, 6, sd, 1), digits=1)
    says(cell, average_trap.required_performance(0.9, 6, 1, 1))
    below = average_trap.share_satisfied(5.5, 6, [1, 0.5], 1)
    assert below[1] < below[0], "a steady service that is too poor"


@pytest.mark.oracle("R5.1")
def test_flights(arrived: pd.DataFrame) -> None:
    delay = arrived["arr_delay_min"]
    says("5-7-flights", len(arrived), digits=0)
    says("5-7-flights", delay.mean(), digits=1)
    marks = CELLS["flights"]
    assert f"+{delay.mean():.1f}" in marks
    assert f"−{-delay.median():.0f}" in marks
    cell = "5-7-flights-reading"
    says(cell, 100 * (delay <= 0).mean(), digits=0)
    says(cell, 100 * (delay > 15).mean(), digits=1)
    says(cell, 100 * (delay >= 15).mean(), digits=1)
    assert delay.median() == -5
    late = delay.clip(lower=0).sort_values(ascending=False)
    says(cell, 100 * late.iloc[: len(late) // 10].sum() / late.sum(), digits=0)
    punctual = delay[arrived["dep_delay_min"] == 0]
    says("5-7-padding", 100 * (punctual <= 0).mean(), digits=0)
    says("5-7-padding", -punctual.mean(), digits=1)


@pytest.mark.oracle("R5.2")
def test_airlines(arrived: pd.DataFrame) -> None:
    late = arrived.assign(late=arrived["arr_delay_min"] > 15).groupby("carrier")
    airlines = late.agg(n=("late", "size"), mean=("arr_delay_min", "mean"), late=("late", "mean"))
    airlines = airlines[airlines["n"] >= 1000]
    pair = airlines.loc[["B6", "WN"]]
    says("5-7-airlines-reading", *pair["mean"])
    says("5-7-airlines-reading", *(100 * pair["late"]), digits=1)
    names = data.load("nyc-flights", "airline_months").groupby("carrier")["airline"].first()
    assert names["B6"].startswith("JetBlue")
    assert names["WN"].startswith("Southwest")
    both = airlines.merge(airlines, how="cross", suffixes=("_a", "_b"))
    crossed = (both["mean_a"] < both["mean_b"]) & (both["late_a"] > both["late_b"])
    assert (len(airlines), crossed.sum()) == (11, 8)
    assert "eleven airlines" in CELLS["5-7-airlines-reading"]
    assert "eight such pairs" in CELLS["5-7-airlines-reading"]


def test_gaps_of_kiosks_with_their_intervals(kiosk: dict[str, pd.DataFrame]) -> None:
    gaps = pd.DataFrame(
        {name: research.gap_interval(kiosk["E"][name], kiosk["P"][name]) for name in kiosk["E"]},
        index=["gap", "lower", "upper", "n"],
    ).T.sort_values("gap")
    assert (gaps["n"] == 207).all()
    says("5-7-kiosk", 207, digits=0)
    cell = "5-7-kiosk-reading"
    assert (gaps["upper"] < 0).sum() == 7
    assert "Seven gaps" in CELLS[cell]
    enjoyment = gaps.loc["enjoyment"]
    says(cell, enjoyment["gap"], enjoyment["upper"], sign=True)
    says(cell, enjoyment["lower"])
    assert list(gaps.index[:3]) == ["security", "economy", "convenience"]
    says(cell, *gaps["gap"].iloc[:3])
    assert gaps.loc["security", "upper"] < gaps.loc["convenience", "gap"]
    assert gaps.loc["economy", "upper"] > gaps.loc["convenience", "lower"], "they overlap"
    importance = kiosk["IMP"].mean()
    assert importance.idxmax() == "security"
    says(cell, *importance[["security", "convenience", "economy"]])
    for name in ("security", "convenience"):
        says("5-7-plan", *gaps.loc[name, ["gap", "lower", "upper"]])
    each = kiosk["P"] - kiosk["E"]
    paired = stats.ttest_1samp((each["convenience"] - each["economy"]).dropna(), 0)
    interval = paired.confidence_interval()
    says(cell, gaps.loc["convenience", "gap"] - gaps.loc["economy", "gap"])
    says(cell, interval.low, interval.high)


@pytest.mark.oracle("O5.7")
def test_promises() -> None:
    cell = "5-8-reading"
    best = promises.best_promise(75)
    says(cell, best.promise, best.profit, digits=0)
    says(cell, *promises.outcome([50, 100], 75).profit, digits=0)
    assert promises.best_promise(75, repeat_value=0).promise == 100
    for performance, promise in ((65, 60), (70, 70), (85, 91)):
        assert promises.best_promise(performance).promise == promise
        says(cell, performance, promise, digits=0)
    usual = promises.outcome([70, 71], 75)
    assert usual.customers.tolist() == [100, 102]
    assert np.diff(usual.expectation) == pytest.approx(0.5)


@pytest.mark.oracle("R5.3")
def test_boston_measures_the_promise() -> None:
    requests = data.load("boston-311")
    judged = requests.dropna(subset=["target_dt", "closed_dt"])
    day = pd.Timedelta(days=1)
    table = pd.DataFrame(
        {
            "type": judged["type"],
            "promised": (judged["target_dt"] - judged["open_dt"]) / day,
            "taken": (judged["closed_dt"] - judged["open_dt"]) / day,
            "on_time": judged["closed_dt"] <= judged["target_dt"],
        }
    )
    kinds = table.groupby("type").agg(
        n=("type", "size"),
        promised=("promised", "median"),
        taken=("taken", "median"),
        on_time=("on_time", "mean"),
    )
    kinds = kinds[kinds["n"] >= 500]
    says("5-8-boston", len(kinds), digits=0)
    says("5-8-boston", *(100 * kinds["on_time"].agg(["min", "max"])), digits=0)
    cell = "5-8-boston-reading"
    for days in ("promised", "taken"):
        rank = stats.spearmanr(kinds["on_time"], kinds[days]).statistic
        says(cell, rank)
    in_fairness = stats.spearmanr(kinds["promised"], kinds["taken"]).statistic
    says("5-8-boston-answer", in_fairness)
    unsafe = kinds.loc["Unsafe Dangerous Conditions"]
    contractors = kinds.loc["Contractors Complaint"]
    says(cell, 24 * unsafe["promised"], contractors["promised"], digits=0)
    says(cell, 100 * unsafe["on_time"], digits=1)
    assert contractors["on_time"] == 1
    says(cell, unsafe["taken"], contractors["taken"], digits=0)
    unpromised = requests.loc[requests["target_dt"].isna(), "ontime_status"].dropna()
    assert (unpromised == "ONTIME").all()
