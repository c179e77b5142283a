"""DS-10: the most frequent class is the true one."""

import json
from pathlib import Path

import pytest

from servicequality import data
from servicequality.models import kano

FOLDER = Path(__file__).parents[2] / "datasets" / "kano-pairs"
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
CLASSES = TRUTH["classes"]


@pytest.fixture(scope="module")
def pairs():
    return data.load("kano-pairs")


@pytest.fixture(scope="module")
def counts(pairs):
    return kano.count_classes(pairs)


def test_design(pairs):
    assert (pairs.groupby("id")["attribute"].agg(list).map(lambda a: a == list(CLASSES))).all()
    assert (pairs.groupby("id")["segment"].nunique() == 1).all()
    kinds = list(CLASSES.values())
    assert [kinds.count(kind) for kind in "MOAIR"] == [3, 3, 3, 2, 1]


def test_classes_are_recovered(counts):
    modes = kano.summarise(counts)["mode"]
    assert sum(modes[attribute] == kind for attribute, kind in CLASSES.items()) >= 11


def test_shares_of_the_mixture(counts):
    shares = counts.div(counts.sum(axis=1), axis=0)
    own = [shares.loc[attribute, kind] for attribute, kind in CLASSES.items()]
    assert own == pytest.approx([TRUTH["named_class_share"]] * 12, abs=0.1)
    assert sum(own) / 12 == pytest.approx(TRUTH["named_class_share"], abs=0.03)
    assert shares["Q"].mean() == pytest.approx(TRUTH["questionable_share"], abs=0.01)
    others = [
        shares.loc[attribute, kind]
        for attribute, own_kind in CLASSES.items()
        for kind in "MOAIR"
        if kind != own_kind
    ]
    assert others == pytest.approx([0.095] * 48, abs=0.07)


def test_all_pairs_of_answers_occur(pairs):
    assert len(pairs.dropna().groupby(["functional", "dysfunctional"])) == 25


def test_better_and_worse_tell_the_classes_apart(counts):
    summary = kano.summarise(counts)
    for attribute, kind in CLASSES.items():
        if kind in "MOAI":
            assert (summary.loc[attribute, "better"] > 0.5) == (kind in "OA")
            assert (summary.loc[attribute, "worse"] < -0.5) == (kind in "OM")


def test_segments_do_not_matter(pairs):
    for _, part in pairs.groupby("segment"):
        modes = kano.summarise(kano.count_classes(part))["mode"]
        assert sum(modes[attribute] == kind for attribute, kind in CLASSES.items()) >= 11
