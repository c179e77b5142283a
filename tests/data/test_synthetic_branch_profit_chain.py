"""DS-07: regressions recover the paths; the ends of the chain hardly correlate."""

import json
from pathlib import Path

import numpy as np
import pytest

from servicequality import data
from servicequality.models.service_profit_chain import NODES, PATHS, effects

FOLDER = Path(__file__).parents[2] / "datasets" / "branch-profit-chain"
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def units():
    return data.load("branch-profit-chain")


def test_the_truth_is_that_of_the_model():
    paths = {
        (cause, effect): path
        for effect, causes in TRUTH["paths"].items()
        for cause, path in causes.items()
    }
    assert paths == PATHS
    assert list(TRUTH["paths"]) == list(NODES)


def test_paths_are_recovered(units):
    for effect, paths in TRUTH["paths"].items():
        if paths:
            known = units[[effect, *paths]].dropna()
            design = np.column_stack([np.ones(len(known)), known[list(paths)]])
            slopes = np.linalg.lstsq(design, known[effect], rcond=None)[0][1:]
            assert slopes == pytest.approx(np.array(list(paths.values())), abs=0.12)


def test_variances_are_about_one(units):
    scores = units[list(NODES)]
    assert scores.std().tolist() == pytest.approx([1] * 8, abs=0.12)
    assert scores.mean().tolist() == pytest.approx([0] * 8, abs=0.17)


def test_the_ends_of_the_chain_hardly_correlate(units):
    """O4.6; the standard error of a correlation is .058 here."""
    total = effects().total.loc["ISQ", "PR"]
    assert total == pytest.approx(0.045, abs=0.001)
    assert units["ISQ"].corr(units["PR"]) == pytest.approx(total, abs=0.12)


def test_links_are_far_stronger_than_the_chain(units):
    links = [units[cause].corr(units[effect]) for cause, effect in PATHS]
    assert min(links) > units["ISQ"].corr(units["PR"])
