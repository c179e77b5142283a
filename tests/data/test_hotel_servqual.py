"""DS-01: reproducible, as described, and its truth can be recovered."""

import json
import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from servicequality import data
from servicequality.models import dimensionality, reliability, servperf, servqual

FOLDER = Path(__file__).parents[2] / "datasets" / "hotel-servqual"
ITEMS = [item for items in servqual.DIMENSIONS.values() for item in items]


@pytest.fixture(scope="module")
def survey():
    return data.load("hotel-servqual")


@pytest.fixture(scope="module")
def truth():
    return json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def answers(survey):
    blocks = {prefix: servqual.answers_of(survey, ITEMS, prefix) for prefix in ("P_", "E_")}
    return {"P": blocks["P_"], "E": blocks["E_"], "gap": blocks["P_"] - blocks["E_"]}


def test_generator_gives_the_file_byte_for_byte(tmp_path):
    runpy.run_path(str(FOLDER / "generate.py"))["write"](tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == (FOLDER / "hotel_servqual.csv").read_bytes()


def test_another_seed_gives_other_guests(truth, survey):
    generate = runpy.run_path(str(FOLDER / "generate.py"))["generate"]
    other = generate({**truth, "seed": truth["seed"] + 1})
    assert other.shape == survey.shape
    assert (other["w_R"] != survey["w_R"]).mean() > 0.8


def test_shape(survey):
    assert survey.shape == (480, 53)
    assert list(survey.columns[:2]) == ["respondent_id", "segment"]
    assert set(survey["segment"]) == {"leisure", "business", "group"}
    weights = survey[[f"w_{code}" for code in "TRSAE"]]
    assert (weights.sum(axis=1) == 100).all()
    complete = ["respondent_id", "segment", *weights]
    assert not survey[complete].isna().any(axis=None)
    assert survey.drop(columns=complete).isna().to_numpy().mean() == pytest.approx(0.02, abs=0.003)


@pytest.mark.parametrize(
    ("kind", "low", "high"), [("P", 0.83, 0.88), ("E", 0.75, 0.83), ("gap", 0.80, 0.84)]
)
def test_reliability(answers, kind, low, high):
    """The reference ranges of the dataset, to half a unit of their last digit."""
    for items in servqual.DIMENSIONS.values():
        alpha = reliability.cronbach_alpha(answers[kind][list(items)])
        assert low - 0.005 <= alpha <= high + 0.005


def test_performance_predicts_better_than_the_gap(survey):
    ratings = servperf.from_survey(survey, "overall")
    found = servperf.compare_rulers(ratings, each_dimension=True)
    assert found.loc["performance", "r2"] == pytest.approx(0.62, abs=0.05)
    assert found.loc["gap", "r2"] == pytest.approx(0.39, abs=0.05)
    assert found.loc["performance", "lower"] > found.loc["gap", "upper"]


@pytest.mark.parametrize(("kind", "factors"), [("P", 5), ("gap", 5), ("E", 2)])
def test_factors_above_the_parallel_line(answers, kind, factors):
    complete = answers[kind].dropna()
    values = dimensionality.eigenvalues(complete.corr())
    line = dimensionality.parallel_line(*complete.shape)
    assert dimensionality.count_factors(values, line) == factors


def test_five_factors_are_the_five_dimensions(answers):
    loadings = dimensionality.principal_axis(answers["P"].corr(), 5, "oblimin").loadings
    own = pd.Series(np.abs(loadings).argmax(axis=1), ITEMS)
    assert [own[list(items)].nunique() for items in servqual.DIMENSIONS.values()] == [1] * 5
    assert own.nunique() == 5


def test_true_means_are_recovered(answers, truth):
    """Rounding and the end of the scale cost up to .1."""
    for code, items in zip("TRSAE", servqual.DIMENSIONS.values(), strict=True):
        wanted = truth["dimensions"][code]
        mean_p, mean_e = (answers[kind][list(items)].mean().mean() for kind in "PE")
        assert mean_p == pytest.approx(wanted["mean_perception"], abs=0.1)
        assert mean_e == pytest.approx(wanted["mean_expectation"], abs=0.1)


def test_true_effects_are_recovered(survey, truth):
    """Regress the verdict on dimension scores in units of the factor's spread."""
    ratings = servperf.from_survey(survey, "overall")
    scores = ratings.perceptions / truth["perceptions"]["factor_sd"]
    design = np.column_stack([np.ones(len(scores)), scores])
    slopes = np.linalg.lstsq(design, ratings.verdict, rcond=None)[0][1:]
    wanted = [
        truth["overall"]["factor_effect"] * dimension["effect"]
        for dimension in truth["dimensions"].values()
    ]
    assert slopes == pytest.approx(np.array(wanted), abs=0.15)
    assert slopes.argmax() == 1, "reliability counts most"


def test_expectations_have_no_effect_of_their_own(survey, truth):
    assert truth["overall"]["expectation_effect"] == 0
    ratings = servperf.from_survey(survey, "overall")

    def r2(*blocks):
        design = np.column_stack([np.ones(len(ratings.verdict)), *blocks])
        rest = ratings.verdict - design @ np.linalg.lstsq(design, ratings.verdict, rcond=None)[0]
        return 1 - rest.var() / ratings.verdict.var()

    gain = r2(ratings.perceptions, ratings.expectations) - r2(ratings.perceptions)
    assert gain < 0.02


def test_perceptions_and_expectations_correlate_a_little(survey, truth):
    """Noise and the second level of opinions weaken the true .3."""
    ratings = servperf.from_survey(survey, "overall")
    found = ratings.perceptions.mean(axis=1).corr(ratings.expectations.mean(axis=1))
    assert 0.1 < found < truth["expectations"]["correlation_with_perceptions"]


def test_weights_are_recovered(survey, truth):
    for code, dimension in truth["dimensions"].items():
        assert survey[f"w_{code}"].mean() == pytest.approx(dimension["weight"], abs=1)


def test_segments_do_not_matter(survey):
    by_segment = survey.groupby("segment")["overall"].agg(["mean", "sem"])
    far = (by_segment["mean"] - survey["overall"].mean()).abs() / by_segment["sem"]
    assert (far < 2.5).all()
