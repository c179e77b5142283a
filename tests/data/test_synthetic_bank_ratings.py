"""DS-02: the variance components can be recovered, the branches' one badly."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest

from servicequality import data
from servicequality.models.variance_components import nested_components

FOLDER = Path(__file__).parents[2] / "datasets" / "bank-ratings"
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
TRUE = TRUTH["variances"]


def components(ratings):
    return nested_components(ratings, "branch", "employee", "rating")


@pytest.fixture(scope="module")
def draws():
    generate = runpy.run_path(str(FOLDER / "generate.py"))["generate"]
    return np.array([components(generate({**TRUTH, "seed": seed}))[:3] for seed in range(80)])


def test_design():
    ratings = data.load("bank-ratings")
    assert (ratings.groupby("branch")["employee"].nunique() == 6).all()
    assert (ratings.groupby(["branch", "employee"]).size() == 15).all()
    assert (ratings["employee"].str[:3] == ratings["branch"]).all()


def test_components_of_this_draw():
    ratings = data.load("bank-ratings")
    found = components(ratings)
    assert TRUE["branch"] / 2 < found.branch < TRUE["branch"] * 2
    assert found.employee == pytest.approx(TRUE["employee"], rel=0.4)
    assert found.residual == pytest.approx(TRUE["rest"], rel=0.1)
    assert ratings["rating"].mean() == pytest.approx(TRUTH["mean"], abs=0.2)


def test_components_over_many_draws(draws):
    """Cutting at 10 takes a little off."""
    branch, employee, rest = draws.mean(axis=0)
    assert branch == pytest.approx(TRUE["branch"], abs=0.02)
    assert employee == pytest.approx(TRUE["employee"], abs=0.04)
    assert TRUE["rest"] - 0.1 < rest < TRUE["rest"]


def test_one_draw_can_miss_the_branches_by_a_factor_of_two(draws):
    missed = abs(np.log2(np.maximum(draws[:, 0], 1e-9) / TRUE["branch"])) > 1
    assert 0.2 < missed.mean() < 0.55
