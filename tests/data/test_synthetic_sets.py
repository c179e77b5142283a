"""DS-02 to DS-17: each synthetic set is what its generator gives, and as large as it should be."""

import json
import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from servicequality import data

DATASETS = Path(__file__).parents[2] / "datasets"
ROWS = {
    "bank-ratings": 12 * 6 * 15,
    "clinic-events": 1500 * 7,
    "contact-centre-daily": 90,
    "cafe-queue": 2000,
    "diy-choice": 900,
    "branch-profit-chain": 300,
    "zone-survey": 350,
    "expectation-panel": 400 * 8,
    "kano-pairs": 260 * 12,
    "satisfaction-survey": 600,
    "telecom-panel": None,
    "incident-vignettes": 240,
    "recovery-experiment": 16 * 60 + 120,
    "guarantee-pilot": 60 * 26,
    "gap-audit": 40,
    "benchmark": 8 * 6,
}
DRAWN = [name for name in ROWS if name != "benchmark"]
IDS = {"id", "branch", "visit", "day", "customer", "unit", "store", "hotel"}


def truth_of(name):
    return json.loads((DATASETS / name / "truth.json").read_text(encoding="utf-8"))


def generator(name):
    return runpy.run_path(str(DATASETS / name / "generate.py"))


def test_all_generators_are_tested():
    found = {path.parent.name for path in DATASETS.glob("*/generate.py")}
    assert found == {*ROWS, "hotel-servqual"}


@pytest.mark.parametrize("name", ROWS)
def test_generator_gives_the_file_byte_for_byte(name, tmp_path):
    generator(name)["write"](tmp_path / "again.csv")
    (published,) = (DATASETS / name).glob("*.csv")
    assert published.stem == name.replace("-", "_")
    assert (tmp_path / "again.csv").read_bytes() == published.read_bytes()


@pytest.mark.parametrize("name", DRAWN)
def test_another_seed_gives_other_data_of_the_same_form(name):
    truth, loaded = truth_of(name), data.load(name)
    other = generator(name)["generate"]({**truth, "seed": truth["seed"] + 1})
    assert list(other) == list(loaded)
    rows = min(len(other), len(loaded))
    same = (other[:rows].astype(str) == loaded[:rows].astype(str)).mean()
    assert same.min() < 0.7


@pytest.mark.parametrize("name", ROWS)
def test_form(name):
    frame = data.load(name)
    assert ROWS[name] in (None, len(frame))
    assert frame.columns[0] in IDS
    assert frame.attrs["title"].endswith("(synthetic)")


@pytest.mark.parametrize("name", DRAWN)
def test_two_percent_are_missing_at_random(name):
    """Missing at random: in every measured column, and no oftener in one half than in the other."""
    frame = data.load(name)
    fields = data.describe(name)["resources"][0]["schema"]["fields"]
    measured = frame[[f["name"] for f in fields if not f["constraints"].get("required")]]
    if name == "recovery-experiment":
        measured = measured.drop(columns=["DJ", "PJ", "IJ"])
    missing = measured.isna().to_numpy()
    spread = np.sqrt(0.02 * 0.98 / missing.size)
    assert missing.mean() == pytest.approx(truth_of(name)["missing_share"], abs=3 * spread)
    first, second = np.array_split(missing, 2)
    assert abs(first.mean() - second.mean()) < 3 * 2 * spread
    by_column = np.sqrt(0.02 * 0.98 / len(missing))
    assert (abs(missing.mean(axis=0) - 0.02) < 4 * by_column).all()


def test_the_synthetic_sets_are_small():
    assert sum(path.stat().st_size for name in ROWS for path in (DATASETS / name).iterdir()) < 3.5e6


def test_ids_count_upwards():
    for name in ROWS:
        first = data.load(name).iloc[:, 0]
        if pd.api.types.is_numeric_dtype(first):
            assert first.is_monotonic_increasing
            assert set(first) == set(range(1, first.max() + 1))
