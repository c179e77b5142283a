"""DS-15: difference in differences recovers what the guarantee does."""

import json
from pathlib import Path

import numpy as np
import pytest

from servicequality import data
from servicequality.models.guarantees import Terms, guarantee

FOLDER = Path(__file__).parents[2] / "datasets" / "guarantee-pilot"
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def weeks():
    frame = data.load("guarantee-pilot")
    return frame.assign(
        pilot=frame.groupby("store")["guaranteed"].transform("max"),
        after=(frame["week"] >= TRUTH["first_week_of_guarantee"]).astype(int),
    )


def ratio_of_ratios(table):
    return (table[1, 1] / table[1, 0]) / (table[0, 1] / table[0, 0])


def test_design(weeks):
    assert (weeks["guaranteed"] == weeks["pilot"] * weeks["after"]).all()
    assert weeks.groupby("store")["pilot"].first().sum() == TRUTH["guaranteed_stores"]
    assert weeks.groupby("after")["week"].nunique().tolist() == [13, 13]


def test_demand(weeks):
    means = weeks.groupby(["pilot", "after"])["transactions"].mean()
    assert ratio_of_ratios(means) - 1 == pytest.approx(TRUTH["uplift"], abs=0.02)


def test_failures(weeks):
    known = weeks.dropna(subset=["transactions", "failures"])
    sums = known.groupby(["pilot", "after"])[["transactions", "failures"]].sum()
    rates = sums["failures"] / sums["transactions"]
    assert ratio_of_ratios(rates) == pytest.approx(1 - TRUTH["learning"], abs=0.02)
    assert rates[0].tolist() == pytest.approx([TRUTH["failure_rate"]] * 2, abs=0.006)


def test_before_the_guarantee_the_stores_moved_alike(weeks):
    before = weeks[weeks["after"] == 0].dropna(subset=["transactions"])
    logs = np.log(before["transactions"]).groupby([before["pilot"], before["week"]]).mean()
    trend = (logs[1] - logs[0]).to_numpy()
    slope = np.polyfit(np.arange(13), trend, 1)[0]
    assert abs(slope) < 0.004


def test_claims(weeks):
    known = weeks[weeks["guaranteed"] == 1].dropna(subset=["claims", "failures", "transactions"])
    causes = known[["failures", "transactions"]].to_numpy()
    invocation, cheating = np.linalg.lstsq(causes, known["claims"], rcond=None)[0]
    assert invocation == pytest.approx(TRUTH["invocation"], abs=0.05)
    assert cheating == pytest.approx(TRUTH["cheating"], abs=0.002)
    assert (weeks.loc[weeks["guaranteed"] == 0, "claims"].dropna() == 0).all()


def test_books_add_up(weeks):
    known = weeks.dropna()
    assert (known["payout"] == TRUTH["payout"] * known["claims"]).all()
    saved = 1 - TRUTH["recovered"] * known["guaranteed"]
    profit = TRUTH["margin"] * known["transactions"] - known["payout"]
    profit -= TRUTH["future_loss"] * saved * known["failures"]
    assert abs(profit - known["profit"]).max() <= 0.5


def test_profit_as_in_the_guarantee_model(weeks):
    """O7.9a with learning: 18.04 credits with, 17 without, per transaction without a guarantee."""
    names = ("margin", "invocation", "cheating", "payout", "future_loss", "recovered", "uplift")
    terms = Terms(**{name: TRUTH[name] for name in (*names, "learning")})
    model = guarantee(TRUTH["failure_rate"], terms)
    assert [model.without, model.with_guarantee] == pytest.approx([17, 18.0382], abs=1e-4)
    means = weeks.groupby(["pilot", "after"])[["profit", "transactions"]].mean()
    gain = means["profit"].unstack().diff(axis=1)[1].diff().iloc[1]
    base = means.loc[(1, 0), "transactions"]
    assert gain / base == pytest.approx(model.with_guarantee - model.without, abs=0.3)


def test_the_till_alone_tells_another_story(weeks):
    till = TRUTH["margin"] * weeks["transactions"] - weeks["payout"]
    means = till.groupby([weeks["pilot"], weeks["after"]]).mean().unstack()
    assert means.diff(axis=1)[1].diff().iloc[1] < -300
