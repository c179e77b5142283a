"""Every number that the prose of chapter 2 reads off a table or works out, computed again."""

import math

import numpy as np
import pandas as pd
import pytest

from chapters import Prose
from servicequality import data
from servicequality.models import dimensionality, importance_performance, reliability, servperf
from servicequality.models.servqual import (
    US_1990_WEIGHTS,
    SurveyScores,
    answers_of,
    score_firm,
    score_survey,
)
from servicequality.models.zone_of_tolerance import zone_of_tolerance

CELLS = Prose("02-servqual", "servqual")
says = CELLS.says


@pytest.fixture(scope="module")
def kiosk() -> pd.DataFrame:
    return data.load("kiosk-survey")


@pytest.fixture(scope="module")
def dimensions() -> dict[str, pd.Index]:
    items = data.load("kiosk-survey", "items").query("block == 'perception'")
    codes = items["code"].str.removeprefix("P").rename("item")
    return codes.groupby(items["dimension_initial_8"].str.split(" ").str[0]).agg(list).to_dict()


@pytest.fixture(scope="module")
def scores(kiosk: pd.DataFrame, dimensions: dict[str, pd.Index]) -> SurveyScores:
    return score_survey(kiosk, dimensions, prefixes=("E", "P"))


@pytest.fixture(scope="module")
def attributes(kiosk: pd.DataFrame, scores: SurveyScores) -> pd.DataFrame:
    rated = {"importance": "IMP", "performance": "SAT"}
    items = list(scores.items.index)
    return pd.DataFrame(
        {name: answers_of(kiosk, items, block).mean() for name, block in rated.items()}
    )


def test_lantern_totals() -> None:
    """O2.1."""
    lantern = score_firm((5.2, 6.6, 6.3, 6.4, 5.9), (5.9, 5.7, 5.8, 6.2, 5.6), US_1990_WEIGHTS)
    says("2-3-overall-reading", *lantern.overall[["unweighted", "item_mean", "weighted"]])
    says("k2-1", *lantern.dimensions.loc[["tangibles", "reliability"], "gap"], sign=True)
    source = CELLS["lantern-overall"]
    assert str(tuple(lantern.dimensions["expectation"])) in source
    assert str(tuple(lantern.dimensions["perception"])) in source


def test_the_smaller_gap_can_come_first() -> None:
    tangibles, reliable = (US_1990_WEIGHTS[name] / 100 for name in ("tangibles", "reliability"))
    says("2-3-mc7", tangibles, reliable)
    says("2-3-mc7", -1.2 * tangibles, -0.5 * reliable, digits=3)
    assert -0.5 * reliable < -1.2 * tangibles


def test_us_weights_are_quoted_in_order() -> None:
    points = sorted(US_1990_WEIGHTS.items(), key=lambda pair: -pair[1])
    heading = CELLS["2-3-mc5"].split("**")[1]
    places = [
        heading.lower().index(f"{name}{verb} {weight:g}")
        for (name, weight), verb in zip(points, [" is", "", "", "", ""], strict=True)
    ]
    assert places == sorted(places)


def test_who_answered(kiosk: pd.DataFrame) -> None:
    cell = CELLS["2-2-kiosk-sample"]
    assert f"Of {len(kiosk)} people" in cell
    assert f"people {(kiosk['age_band'] == '20-29').sum()} were in their twenties" in cell
    assert f"{(kiosk['sex'] == 'F').sum()} were women" in cell
    never = kiosk["use_frequency"] == "never"
    assert never.sum() == 4
    assert (kiosk["E01"].isna() == never).all()
    assert f"so {(~never).sum()} remain" in cell


@pytest.mark.oracle("R2.1")
def test_kiosk_gaps(kiosk: pd.DataFrame, scores: SurveyScores) -> None:
    cell = "2-3-kiosk-reading"
    says(cell, *scores.items[["expectation", "perception", "gap"]].mean())
    table = scores.dimensions
    assert table["gap"].idxmin() == "security"
    assert table.index[table["gap"] > 0].tolist() == ["enjoyment"]
    assert table["perception"].idxmin() == table["expectation"].idxmin() == "enjoyment"
    says(cell, *table.loc[["security", "enjoyment"], "gap"], sign=True)
    says(cell, *table.loc["enjoyment", ["expectation", "perception"]])
    expected = answers_of(kiosk, list(scores.items.index), "E").dropna()
    says(cell, 100 * (expected == 7).to_numpy().mean(), digits=0)


@pytest.mark.oracle("R2.5")
def test_kiosk_rulers(kiosk: pd.DataFrame, dimensions: dict[str, pd.Index]) -> None:
    explained = {
        name: servperf.compare_rulers(servperf.from_survey(kiosk, column, dimensions, ("E", "P")))
        for name, column in [
            ("satisfaction", "Y1_overall_satisfaction"),
            ("quality", "Y2_overall_quality"),
        ]
    }
    for table in explained.values():
        says("2-4-kiosk-reading", *table.loc[["performance", "gap"], "r2"])
    gap, performance = (explained["satisfaction"].loc[ruler] for ruler in ("gap", "performance"))
    assert gap["upper"] > performance["r2"] - 0.01, "the intervals overlap: not far from chance"


def test_zone_of_the_help_desk() -> None:
    """O2.2."""
    zone = zone_of_tolerance(5.7, 5.2, 6.6)
    says("2-4-zone-example", zone.msa, zone.mss, digits=1, sign=True)
    says("2-4-zone-example", zone.position)
    assert zone_of_tolerance(5.0, 5.2, 6.6).state == "below"


def test_alphas_of_the_misconception() -> None:
    """O2.3c."""
    mixed = reliability.alpha_curve([10], 0.6, factors=2)["alpha"].iloc[0]
    says("2-5-mc3", mixed, float(reliability.standardised_alpha(22, 0.2)))


def test_interval_of_an_alpha() -> None:
    """O2.3b."""
    says("2-5-report", *map(float, reliability.feldt_interval(0.85, 89, 7)))


def test_forgotten_reversal() -> None:
    """O2.3a."""
    answers = np.array(
        [
            (7, 6, 7, 6),
            (5, 5, 4, 5),
            (6, 6, 5, 7),
            (4, 3, 4, 4),
            (6, 7, 6, 6),
            (3, 4, 3, 2),
            (5, 6, 5, 5),
            (7, 7, 6, 7),
        ]
    )
    first = answers[:, [0]]
    for extra in (answers[:, :0], 8 - first, first):
        says("2-5-reversed", reliability.cronbach_alpha(np.hstack([answers, extra])))


def test_reliability_of_a_difference() -> None:
    """O2.4."""
    for rho in (0, 0.3, 0.5, 0.7):
        value = reliability.difference_reliability(0.85, 0.80, rho)
        says("2-5-difference-numbers", value)
    says("2-5-difference-numbers", float(reliability.gap_correlation(0.3)))


@pytest.mark.oracle("R2.2")
def test_kiosk_alphas(kiosk: pd.DataFrame, dimensions: dict[str, pd.Index]) -> None:
    cell = "2-5-kiosk-reading"

    def reports(name: str) -> list[reliability.AlphaReport]:
        expected, perceived = (answers_of(kiosk, dimensions[name], prefix) for prefix in "EP")
        return list(map(reliability.alpha_report, (expected, perceived, perceived - expected)))

    weak = reports("tangibles")
    says(cell, *(report.alpha for report in weak))
    _, perceived, gap = reports("security")
    assert gap.alpha > perceived.alpha
    says(cell, perceived.alpha, gap.alpha)
    useful = reports("usefulness/reliability")[1]
    says(cell, useful.alpha, useful.lower, useful.upper)
    assert useful.lower < 0.7 < useful.upper


def test_security_expectations_hardly_vary_or_correlate(
    kiosk: pd.DataFrame, dimensions: dict[str, pd.Index]
) -> None:
    means = {
        name: [answers_of(kiosk, items, prefix).mean(axis=1) for prefix in "EP"]
        for name, items in dimensions.items()
    }
    correlations = {name: expected.corr(perceived) for name, (expected, perceived) in means.items()}
    spreads = {name: expected.std() for name, (expected, _) in means.items()}
    assert min(correlations, key=correlations.__getitem__) == "security"
    assert correlations["security"] < 0.1
    assert min(spreads, key=spreads.__getitem__) == "security"


def test_two_blocks() -> None:
    """O2.5."""
    blocks = np.kron(np.eye(2), np.full((3, 3), 0.4)) + 0.2
    np.fill_diagonal(blocks, 1)
    cell = "2-6-two-blocks-reading"
    eigenvalues = dimensionality.eigenvalues(blocks)
    says(cell, *eigenvalues[:3], digits=1)
    says(cell, 100 * eigenvalues[:2].sum() / 6, digits=0)
    says(cell, dimensionality.kmo(blocks).overall)
    mean = (blocks.sum() - 6) / 30
    says(cell, float(reliability.standardised_alpha(6, mean)))
    loadings = np.full(3, math.sqrt(0.6))
    says("2-6-rotate", dimensionality.average_variance_extracted(loadings))
    says("2-6-rotate", dimensionality.htmt(blocks, [range(3), range(3, 6)])[0, 1])


@pytest.mark.oracle("R2.4")
def test_kiosk_factors(kiosk: pd.DataFrame, scores: SurveyScores) -> None:
    perceived = answers_of(kiosk, list(scores.items.index), "P")
    eigenvalues = dimensionality.eigenvalues(perceived.corr())
    line = dimensionality.parallel_line(n=207, k=24)
    assert perceived.dropna().shape == (207, 24)
    assert dimensionality.count_factors(eigenvalues) == 6
    assert dimensionality.count_factors(eigenvalues, line) == 3
    cell = CELLS["2-6-kiosk-reading"]
    assert "Six eigenvalues are above 1" in cell
    assert "Only three beat the random line" in cell
    says("2-6-kiosk-reading", eigenvalues[0], digits=1)
    assert eigenvalues[0] / 24 == pytest.approx(1 / 3, abs=0.01)


@pytest.mark.oracle("R2.3")
def test_kiosk_map(attributes: pd.DataFrame) -> None:
    advice = importance_performance.compare_modes(attributes)
    says("2-7-kiosk-reading", *attributes.mean())
    assert (advice["scale"] == "keep up").sum() == 19
    assert importance_performance.advice_changes(advice).sum() == 12
    both = (advice["scale"] == "keep up") & (advice["data"] == "concentrate")
    assert both.sum() == (advice["data"] == "concentrate").sum() == 5
    assert "19 of the 24" in CELLS["2-7-kiosk-reading"]
    assert "Twelve attributes change. Five of the 19" in CELLS["2-7-kiosk-reading"]


def test_kiosk_attributes_close_to_the_line(
    kiosk: pd.DataFrame,
    attributes: pd.DataFrame,
    scores: SurveyScores,
    dimensions: dict[str, pd.Index],
) -> None:
    cell = "2-7-kiosk-close"
    performance = attributes["performance"]
    security = performance[dimensions["security"]]
    advice = importance_performance.classify(attributes, "data")
    assert (advice[security.index] == "keep up").all()
    says(cell, security.min(), security.max())
    says(cell, performance.mean(), performance["10"], digits=3)
    assert advice["10"] == "concentrate"
    shortfalls = importance_performance.shortfalls(attributes)
    assert shortfalls.index[1] in security.index
    error = answers_of(kiosk, list(security.index), "SAT").sem()
    assert error.between(0.05, 0.15).all(), "about a tenth of a point"
    for low in ("16", "23"):
        assert low in scores.items["gap"].nsmallest(6).index
        assert low in shortfalls.index[:6]
        assert performance[low] < performance.mean() - 2 * error.max()


def test_hotel_attributes_change_their_advice() -> None:
    """O2.6."""
    hotel = pd.DataFrame(
        {
            "importance": [6.6, 6.1, 4.6, 6.8, 4.9, 5.6],
            "performance": [5.1, 6.2, 5.8, 5.9, 4.7, 5.0],
        },
        index=["speed", "courtesy", "decor", "accuracy", "parking", "advice"],
    )
    advice = importance_performance.compare_modes(hotel)
    assert (advice["scale"] == "keep up").all()
    assert importance_performance.advice_changes(advice).sum() == 4
    assert (
        "speed becomes *concentrate here*, decor *overkill*, parking and advice *low priority*: "
        "four of six change"
    ) in CELLS["2-7-mc6"]
    assert advice["data"].to_dict() == {
        "speed": "concentrate",
        "courtesy": "keep up",
        "decor": "overkill",
        "accuracy": "keep up",
        "parking": "low priority",
        "advice": "low priority",
    }
