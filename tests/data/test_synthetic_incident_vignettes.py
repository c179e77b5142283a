"""DS-13: stories of the right length in two languages, and coders who agree as they should."""

import itertools
import json
import re
from pathlib import Path

import pandas as pd
import pytest

from servicequality import data
from servicequality.models.agreement import confusion_matrix, kappa

FOLDER = Path(__file__).parents[2] / "datasets" / "incident-vignettes"
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
TEXTS = json.loads((FOLDER / "texts.json").read_text(encoding="utf-8"))
FIRMS = {
    "Harbour Lantern Hotel": "港灯酒店",
    "Pinecone Bank": "松果银行",
    "QuickBowl": "快碗",
    "Riverside Clinic": "河畔诊所",
    "BluePeak Telecom": "蓝峰电信",
    "Kite Air": "纸鸢航空",
    "PrintNest": "印巢",
    "Fernway Apparel": "蕨路服饰",
    "Steady Insurance": "稳行保险",
}
HAN = r"[\u4e00-\u9fff]"


@pytest.fixture(scope="module")
def vignettes():
    return data.load("incident-vignettes")


def test_texts_have_the_right_length(vignettes):
    """A Chinese word has one or two characters."""
    assert vignettes["text_en"].str.split().str.len().between(40, 80).all()
    assert vignettes["text_zh"].str.count(HAN).between(50, 110).all()
    assert vignettes["text_en"].is_unique


def test_every_possible_text_has_the_right_length():
    """Whatever the seed."""
    for group, categories in TEXTS["groups"].items():
        teller = "employee" if group == "4" else "customer"
        for event, consequence, remedy, when in itertools.product(
            itertools.chain(*(TEXTS["events"][category] for category in categories)),
            itertools.chain(*TEXTS["consequences"][teller].values()),
            itertools.chain(*TEXTS["remedies"][teller].values()),
            TEXTS["when"],
        ):
            english, chinese = map(" ".join, zip(when, event, consequence, remedy, strict=True))
            assert 40 <= len(english.replace("{when} ", "").split()) <= 80
            assert 50 <= len(re.findall(HAN, chinese)) <= 110


def test_both_languages_name_the_same_fictional_firm(vignettes):
    named = pd.DataFrame(
        {
            name: vignettes["text_en"].str.contains(name).astype(int)
            - 2 * vignettes["text_zh"].str.contains(chinese).astype(int)
            for name, chinese in FIRMS.items()
        }
    )
    assert named.isin([0, -1]).all(axis=None)
    assert (named.sum(axis=1) == -1).all()
    assert (named.sum() < 0).all(), "every firm occurs"


def test_no_half_filled_template(vignettes):
    for language in ("text_en", "text_zh"):
        assert not vignettes[language].str.contains(r"[{}]|\s\s|\n").any()
    assert not vignettes["text_en"].str.contains(HAN).any()
    assert not vignettes["text_zh"].str.contains(r"[a-zA-Z,.]").any()


def test_groups_and_categories(vignettes):
    for group, wanted in TRUTH["vignettes_per_group"].items():
        own = vignettes[vignettes["group"] == int(group)]
        assert len(own) == wanted
        assert set(own["category"]) == set(TEXTS["groups"][group])


def test_severity_and_remedy(vignettes):
    shares = vignettes["severity"].value_counts(normalize=True)
    assert shares[[1, 2, 3]].tolist() == pytest.approx([0.4, 0.4, 0.2], abs=0.08)
    allowed = {
        (teller, int(severity), remedy)
        for teller, by_severity in TRUTH["remedy_shares"].items()
        for severity, remedies in by_severity.items()
        for remedy in remedies
    }
    known = vignettes.dropna(subset=["severity"])
    teller = (known["group"] == 4).map({True: "employee", False: "customer"})
    assert set(zip(teller, known["severity"], known["remedy"], strict=True)) <= allowed


def test_agreement_of_the_coders(vignettes):
    found = kappa(confusion_matrix(vignettes["coder_a"], vignettes["coder_b"]))
    assert found.observed == pytest.approx(0.77, abs=0.05)
    assert 0.60 < found.kappa < 0.75
    assert found.lower < 0.68 < found.upper


@pytest.mark.parametrize("coder", ["coder_a", "coder_b"])
def test_coders_are_mostly_right(vignettes, coder):
    known = vignettes.dropna(subset=[coder])
    right = (known[coder] == known["group"]).mean()
    assert right == pytest.approx(TRUTH["coder_right"], abs=0.05)
