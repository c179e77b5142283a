"""Every number that the prose of chapter 7 reads off a table or works out, computed again."""

import numpy as np
import pandas as pd
import pytest

from chapters import Prose
from servicequality import data
from servicequality.models import agreement, attribution, control_charts, guarantees, justice
from servicequality.models import recovery as answers
from servicequality.models import recovery_paradox as paradox
from servicequality.models.complaints import (
    REPURCHASE,
    Repurchase,
    complaint_probability,
    iceberg,
    pareto,
)
from servicequality.models.satisfaction_metrics import nps

CELLS = Prose("07-recovery", "recovery")
says = CELLS.says
NOODLES = guarantees.Terms(20, 0.6, 0.005, 80, 60, 0.42, 0.08)


def lost(
    failures: float = 0.12,
    voice: float = 0.4,
    fast: float = 0.5,
    slow: float = 0.2,
    stay: Repurchase = REPURCHASE,
) -> float:
    return float(iceberg(10_000, failures, voice, fast, slow, 300, stay).lost_customers)


@pytest.fixture(scope="module")
def stories() -> pd.DataFrame:
    return data.load("incident-vignettes")


@pytest.fixture(scope="module")
def flights() -> pd.DataFrame:
    return data.load("recovery-experiment").assign(
        failed=lambda rows: rows["severity"] != "none",
        satisfaction_before=lambda rows: rows["pre"],
        satisfaction_after=lambda rows: rows["post"],
        repurchase_before=np.nan,
        repurchase_after=lambda rows: rows["repurchase"],
    )


@pytest.fixture(scope="module")
def bank() -> pd.DataFrame:
    table = data.load("cfpb-complaints", "bank_of_america")
    return table.assign(month=table["date_submitted"].dt.strftime("%Y-%m"))


def test_stories_of_the_drill_have_the_groups_of_the_answer(stories: pd.DataFrame) -> None:
    for words, group, category in (
        ("played loud videos", 2, "disruptive_others"),
        ("the fish had run out", 1, "unavailable"),
        ("water damage was covered", 3, "cultural_norms"),
    ):
        found = stories[stories["text_en"].str.contains(words)]
        assert len(found) > 0
        assert (found["group"] == group).all()
        assert (found["category"] == category).all()


def test_two_coders(stories: pd.DataFrame) -> None:
    says("7-1-vignettes", len(stories), digits=0)
    for coder in ("coder_a", "coder_b"):
        given = stories.dropna(subset=[coder])
        assert (given[coder] == given["group"]).mean() == pytest.approx(0.86, abs=0.013)
    found = agreement.kappa(agreement.confusion_matrix(stories["coder_a"], stories["coder_b"]))
    cell = "7-1-vignettes-reading"
    says(cell, 100 * found.observed, 100 * found.expected, found.n, digits=0)
    says(cell, found.kappa, found.lower, found.upper)
    says(cell, float(agreement.perreault_leigh(found.observed, 4)))


@pytest.mark.oracle("O7.4")
def test_blame() -> None:
    cases = attribution.blame([1, 1, 0], [1, 0.2, 0.2], [1, 0, 0])
    says("7-1-attribution", *attribution.satisfaction_drop(2, cases))
    assert list(attribution.WEIGHTS.values()) == [0.5, 0.25, 0.25]


@pytest.mark.oracle("O7.2")
def test_when_voice_pays() -> None:
    says("7-2-voice", 100 * complaint_probability(2, 0.5, 4), digits=1)
    halved, likelier = 100 * complaint_probability([1, 2], [0.5, 0.8], 4)
    says("7-2-voice-reading", halved, likelier, digits=1)
    assert complaint_probability(1, 0, 4) == 0


@pytest.mark.oracle("O7.1")
def test_the_iceberg() -> None:
    cell, base = "7-2-reading", lost()
    found = iceberg(10_000, 0.12, 0.4, 0.5, 0.2, 300)
    says(cell, found.problems, found.complaints, base, found.lost_value, digits=0)
    half, voice, solve = lost(failures=0.06), lost(voice=0.6), lost(fast=0.7)
    both = lost(voice=0.6, fast=0.7)
    says(cell, *(base - np.array([half, voice, solve, both])), digits=0)
    assert (base - voice) + (base - solve) < base - both
    says(cell, 1 / 0.04, digits=0)
    says(cell, 1 / 0.69, digits=1)
    assert 0.04 * found.problems == 48
    assert "48 letters" in CELLS["title"]


def test_rates_of_1979() -> None:
    told = data.load("method-check-tables", "tarp")
    stay = told.pivot_table("staying_pct", "possible_loss", "what_happened") / 100
    cell = "7-2-tarp-reading"
    for loss in stay.index:
        silent, unresolved, slow, fast = stay.loc[
            loss,
            [
                "did not complain",
                "complained, not satisfied",
                "complained, satisfied",
                "complained, satisfied quickly",
            ],
        ]
        rates = REPURCHASE._replace(silent=silent, unresolved=unresolved, slow=slow, fast=fast)
        assert silent < unresolved
        says(cell, 100 * silent, lost(stay=rates) - lost(voice=0.6, stay=rates), digits=0)
        ignored = [lost(voice=voice, fast=0, slow=0, stay=rates) for voice in (0.4, 0.6)]
        says(cell, ignored[0] - ignored[1], digits=0)
    says(cell, lost() - lost(voice=0.6), digits=0)
    says(cell, lost(voice=0.6, fast=0, slow=0) - lost(fast=0, slow=0), digits=0)


@pytest.mark.oracle("R7.1")
def test_a_problem_at_the_airport() -> None:
    passengers = data.load("sfo-airport-survey").groupby("had_problem")
    without, problem = (passengers.get_group(answer) for answer in ("no", "yes"))
    scores = [nps(group["nps_0_10"]) for group in (problem, without)]
    cell = "7-2-sfo"
    says(cell, *[score.n for score in scores], digits=0)
    says(cell, *[score.value for score in scores], scores[1].value - scores[0].value, digits=1)
    says(cell, problem["rate_overall"].mean(), without["rate_overall"].mean())


@pytest.mark.oracle("O7.5")
def test_fairness() -> None:
    cell = "7-3-model"
    for levels in ((4, 4, 4), (6, 3, 5), (6, 3, 1), (3, 6, 6)):
        says(cell, float(justice.satisfaction(*levels)), digits=1)
    cell = "7-3-reading"
    rude = justice.recover(["full refund", "rude tone"])
    kind = justice.recover(["voucher", "apology", "explanation"])
    free = ["apology", "explanation", "choice of remedy"]
    best = justice.recover([*free, "voucher", "fast fix", "follow-up call"])
    for answer in (rude, kind, best):
        says(cell, answer.satisfaction)
        says(cell, answer.cost, digits=0)
    mix = justice.cheapest_mix(5, (10, 3, 2))
    assert (mix.procedural, mix.interactional) == (7, 7)
    says(cell, mix.distributive, mix.cost, digits=1)
    whole = justice.cheapest_mix(5, (10, 3, 2), whole=True)
    words = "outcome {:.0f}, process {:.0f}, treatment {:.0f}, for {:.0f}"
    assert words.format(*whole) in CELLS[cell]


def test_money_does_not_make_up_for_time_or_face() -> None:
    cell = "7-3-mc4"
    for loss in justice.LOSSES:
        says(cell, justice.recover(["full refund", "apology"], loss).satisfaction)
        care = justice.recover(["fast fix", "choice of remedy", "explanation", "apology"], loss)
        says(cell, care.satisfaction)
        assert care.cost == justice.ACTIONS["full refund"].cost / 10


@pytest.mark.oracle("R7.2")
def test_who_disputes() -> None:
    banks = data.load("cfpb-complaints", "disputed_2016")
    rates = (banks["consumer_disputed"] == "Yes").groupby(banks["company_response"]).mean()
    cell = "7-3-cfpb-reading"
    for ending in (" with explanation", " with monetary relief", " with non-monetary relief", ""):
        says(cell, 100 * rates[f"Closed{ending}"], digits=1)
    says(cell, (banks["company_response"] == "Closed").sum(), digits=0)
    assert set(rates.index) == {
        *(name for name in rates.index if name.startswith("Closed")),
        "In progress",
        "Untimely response",
    }
    assert rates["In progress"] == 0, "they would make the banks look better"


@pytest.mark.oracle("R7.3")
def test_half_of_what_was_asked() -> None:
    claims = data.load("tsa-claims").dropna(subset=["disposition", "claim_amount_usd"])
    says("7-3-tsa", len(claims), digits=0)
    cell = "7-3-tsa-reading"
    says(cell, *(100 * claims["disposition"].value_counts(normalize=True)), digits=1)
    settled = claims.query("disposition == 'Settle' and claim_amount_usd > 0")
    paid = settled["close_amount_usd"] / settled["claim_amount_usd"]
    assert paid.median() == pytest.approx(0.5)
    off = settled["close_amount_usd"] - settled["claim_amount_usd"] / 2
    says(cell, 100 * (off.abs() < 0.011).mean(), digits=1)
    in_full = claims["disposition"] == "Approve in Full"
    amounts = claims["claim_amount_usd"]
    says(cell, 100 * in_full[amounts <= 70].mean(), 100 * in_full[amounts > 525].mean(), digits=1)
    assert amounts.max() == pytest.approx(3e12)


@pytest.mark.oracle("O7.7")
def test_speed() -> None:
    cell = "7-4-speed-reading"
    best = answers.best_delay()
    says(cell, *answers.speed_net([1, 4, 24]), best.net, digits=0)
    says(cell, best.hours, digits=1)
    assert (pytest.approx(0.55), 0.35) == (answers.AT_ONCE - answers.NEVER, answers.NEVER)


@pytest.mark.oracle("O7.8")
def test_compensation() -> None:
    cell = "7-4-speed-reading"
    kind, rude = (answers.best_compensation(lift=lift) for lift in (0.45, 0.2))
    for found in (kind, rude):
        says(cell, float(found.amount), digits=1)
        says(cell, float(found.net), digits=0)
    says(cell, float(kind.net - rude.net), digits=0)
    least = 1 / (0.06 * 0.45)
    says(cell, least, digits=0)
    assert float(answers.best_compensation(value=37).amount) == 0
    assert float(answers.best_compensation(value=38).amount) > 0


def test_speed_and_compensation_together() -> None:
    cell = "7-4-both"
    best = answers.best_response()
    rude = answers.best_response(answers.REACH["rude"])
    says(cell, best.hours, best.amount, rude.hours, digits=1)
    says(cell, best.net, rude.amount, rude.net, digits=0)
    says(cell, best.net - rude.net, digits=0)
    near = [
        (hours, credits)
        for hours in (1, 4, 24)
        for credits in (0, 10, 20, 40)
        for reach in answers.REACH.values()
        if float(answers.respond(hours, credits, reach)) > 0.98 * best.net
    ]
    assert near == [(4, 10), (4, 20)]
    assert float(answers.respond(5, 20)) > 0.99 * best.net, "slower and more generous"
    assert float(answers.respond(24, 20)) < float(answers.respond(4, 0))
    late = float(answers.best_compensation(answers.retention_after_delay(24), 0.75 * 0.448).amount)
    assert late > 20


@pytest.mark.oracle("O7.6a")
def test_the_machine() -> None:
    minor, severe = paradox.shift([1, 3], 2, 1.2).improved
    assert "four in five" in CELLS["7-6-mc6"]
    assert "one in five" in CELLS["7-6-mc6"]
    assert (round(minor, 1), round(severe, 1)) == (0.8, 0.2)
    mixed = paradox.mixed_shift(1.2)
    says("7-6-reading", 100 * float(mixed.improved), digits=1)
    says("7-6-reading", -float(mixed.change))


@pytest.mark.oracle("O7.6b")
def test_failing_on_purpose() -> None:
    gamble = paradox.deliberate_failure(0.5, 2.7, 0.6)
    says("7-6-reading", float(gamble.expected))
    says("7-6-reading", 100 * float(gamble.break_even), digits=0)
    assert float(paradox.shift_without_recovery(1.2)) == -2.7


def test_a_paradox_in_words_and_not_in_deeds(flights: pd.DataFrame) -> None:
    says("7-6-experiment", len(flights), digits=0)
    full = flights[["DJ", "PJ", "IJ"]].eq(1).all(axis=1)
    cell = "7-6-experiment-reading"
    minor, severe = (
        flights[(full & (flights["severity"] == how)) | ~flights["failed"]]
        for how in ("minor", "severe")
    )
    liked = paradox.paradox(minor)
    says(cell, *liked)
    assert liked.lower > 0
    booked = paradox.paradox(minor, "repurchase")
    says(cell, -100 * booked.value, digits=1)
    says(cell, 100 * booked.lower, 100 * booked.upper, digits=0, sign=True)
    says(cell, -paradox.paradox(severe).value)
    says(cell, -100 * paradox.paradox(severe, "repurchase").value, digits=0)
    assert paradox.paradox(severe).upper < 0
    assert paradox.paradox(severe, "repurchase").upper < 0


@pytest.mark.oracle("O7.9a")
def test_the_noodle_bar() -> None:
    cell = "7-7-reading"
    found = guarantees.guarantee([0.02, 0.05, 0.12], NOODLES)
    says(cell, *found.without, *found.with_guarantee)
    learning = NOODLES._replace(learning=0.3)
    says(cell, float(guarantees.guarantee(0.05, learning).with_guarantee))
    says(cell, 100 * float(guarantees.break_even(NOODLES).failure), digits=1)
    says(cell, 100 * float(guarantees.break_even(learning).failure), digits=0)
    says(cell, 100 * float(guarantees.least_learning(0.05, NOODLES)), digits=1)


@pytest.mark.oracle("O7.9b")
def test_payouts_that_tell_firms_apart() -> None:
    says("7-7-signal", *guarantees.separating_payouts(4, 0.02, 0.12, 0.6), digits=1)


def test_the_pilot() -> None:
    pilot = data.load("guarantee-pilot")
    pilot["failed"] = 100 * pilot["failures"] / pilot["transactions"]
    pilot["till"] = 20 * pilot["transactions"] - pilot["payout"]
    names = ["transactions", "failed", "till", "profit"]
    late = pilot["week"] >= 14
    promise = pilot.groupby("store")["guaranteed"].max()
    before, after = (
        pilot[which].groupby("store")[names].mean().groupby(promise).mean()
        for which in (~late, late)
    )
    says("7-7-pilot", before.loc[1, "transactions"], after.loc[1, "transactions"], digits=0)
    rise = after.loc[1, "transactions"] / before.loc[1, "transactions"] - 1
    says("7-7-pilot", 100 * rise, digits=1)
    change = after - before
    effect = change.loc[1] - change.loc[0]
    cell = "7-7-pilot-reading"
    says(cell, -change.loc[0, "transactions"], effect["transactions"], digits=0)
    says(cell, effect["profit"], -effect["till"], digits=0)
    says(cell, -effect["failed"], digits=1)
    says(cell, 100 * effect["transactions"] / before.loc[1, "transactions"], digits=0)


def test_problems_by_cause() -> None:
    named = data.load("sfo-airport-survey").filter(like="problem_code_").melt()["value"].dropna()
    says("7-8-pareto", len(named), digits=0)
    codes = data.load("sfo-airport-survey", "problem_codes").set_index("code")
    causes = pareto(named.map(codes["group"]).value_counts())
    assert len(causes) == 9
    assert causes["cumulative"].iloc[2] < 0.8 < causes["cumulative"].iloc[3]
    cell = "7-8-pareto-reading"
    says(cell, 100 * 4 / 9, named.value_counts().max(), digits=0)
    says(cell, causes.loc["disability", "count"], digits=0)
    says(cell, causes.loc["restaurants/stores", "count"], digits=0)
    first = codes.loc[named.value_counts().index[0]]
    assert first["meaning"] == "security too long, confusing, staff rude"
    assert first["group"] == causes.index[0]
    assert "signs/info boards" in codes.loc[named.value_counts().index[1], "meaning"]
    assert named.value_counts().iloc[0] / 3 < named.value_counts().iloc[1]


def test_when_the_bank_had_a_signal(bank: pd.DataFrame) -> None:
    counts = bank["month"].value_counts().sort_index().iloc[:24]
    says("7-8-chart", counts["2017-07"], counts["2017-12"], digits=0)
    months = control_charts.c_chart(counts, baseline=10).set_index(counts.index)
    cell = "7-8-chart-reading"
    says(cell, *months[["lcl", "ucl"]].iloc[0], counts["2018-04"], counts.min(), digits=0)
    above = months.index[months["value"] > months["ucl"]]
    below = months.index[months["value"] < months["lcl"]]
    assert list(above) == ["2018-03", "2018-04"]
    assert list(below) == ["2018-11", "2018-12", "2019-01", "2019-02", "2019-03"]
    assert months.loc["2018-03", "value"] - months.loc["2018-03", "ucl"] < 2
    assert (counts.index[0], counts.index[-1]) == ("2017-05", "2019-04")


def test_where_the_signal_came_from(bank: pd.DataFrame) -> None:
    usual = bank[bank["month"] < "2018-03"]["product"].value_counts() / 10
    more = bank[bank["month"] == "2018-04"]["product"].value_counts() - usual
    largest = more.sort_values(ascending=False).head(2)
    assert list(largest.index) == ["Checking or savings account", "Credit card or prepaid card"]
    says("7-8-chart-reading", *largest, digits=0)


def test_those_who_had_complained_and_left() -> None:
    telecom = data.load("iranian-churn")
    says("7-8-lost", 100 * telecom.loc[telecom["complained"], "churn"].mean(), digits=0)
