"""The myth shelf: its file, its numbers, and that nothing of an answer is sent before a vote."""

import json
import math
import re
from collections import Counter
from html import escape
from itertools import groupby
from pathlib import Path
from statistics import NormalDist

import nbformat
import numpy as np
import pytest

from chapters import CHAPTERS, NOTEBOOKS, text
from servicequality import myths, references
from servicequality.models import sampling

MYTHS = {myth.id: myth for myth in myths.load(CHAPTERS)}
ENTRY = (
    '[[myth]]\nid = "a-b"\nclaim = "A & B"\nchinese = "甲"\nsaid = "S"\ncounted = "C"\n'
    'verdict = "V"\nbadge = "F"\nreferences = ["x-1990"]\nchapter = 1\n'
)
WORK = '[x-1990]\nauthors = "X, Y."\nyear = "1990"\ntitle = "T"\nsource = "S"\n'


def write(folder: Path, entries: str) -> None:
    (folder / "myths.toml").write_text(entries, encoding="utf-8")
    (folder / "references.toml").write_text(WORK, encoding="utf-8")


@pytest.mark.parametrize("myth", MYTHS.values(), ids=lambda myth: myth.id)
def test_a_myth_is_complete(myth: myths.Myth) -> None:
    assert myth.claim.endswith(".")
    assert re.search(r"[\u4e00-\u9fff]", myth.chinese)
    assert myth.badge in "EMF"
    assert 1 <= myth.chapter <= 7
    for words, most in ((myth.said, 30), (myth.counted, 85), (myth.verdict, 35)):
        assert 5 <= len(words.split()) <= most, words
        assert words.endswith((".", "?"))


@pytest.mark.parametrize("myth", MYTHS.values(), ids=lambda myth: myth.id)
def test_its_sources_exist_and_only_the_sourceless_has_none(myth: myths.Myth) -> None:
    assert set(myth.references) <= references.load(CHAPTERS).keys()
    assert bool(myth.references) == (myth.id != "one-lost-ten-new")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_links_lead_to_claims_that_exist(path: Path) -> None:
    assert set(re.findall(r"\]\(myths\.ipynb#([^)]+)\)", text(path))) <= MYTHS.keys()


def test_guessing_one_badge_does_not_pay() -> None:
    badges = Counter(myth.badge for myth in MYTHS.values())
    assert min(badges.values()) >= 3
    assert max(badges.values()) <= 0.65 * len(MYTHS)
    runs = [len(list(run)) for _, run in groupby(myth.badge for myth in MYTHS.values())]
    assert max(runs) <= 3


def test_the_numbers_that_can_be_worked_out_are_right() -> None:
    town, million = sampling.sample_size_proportion(0.05, population=np.array([20_000, 1e6])).n
    assert f"{town:.0f} answers from 20,000 people and {million:.0f}" in (
        MYTHS["bigger-city-same-sample"].counted
    )
    tail = NormalDist().cdf
    assert round(2e9 * tail(-6)) == 2
    assert round(1e6 * tail(-4.5), 1) == 3.4
    assert math.isclose(4 / (0.82 - 0.80), 200)
    items = np.kron(np.eye(2), np.full((5, 5), 0.6))
    np.fill_diagonal(items, 1)
    alpha = 10 / 9 * (1 - 10 / items.sum())
    assert f"{alpha:.2f}" in MYTHS["high-alpha-one-thing"].counted
    assert round(100 * 9 / 44) == 20


def test_the_page_lists_what_the_myths_cite() -> None:
    cells = nbformat.read(CHAPTERS / "myths.ipynb", 4).cells
    assert cells[-1].source == 'references.show("myths", also=myths.cited())'
    html = references.show("myths", CHAPTERS, also=myths.cited(CHAPTERS)).data
    for myth in MYTHS.values():
        for key in myth.references:
            assert f'id="ref-{key}"' in html


def test_nothing_of_an_answer_is_sent_before_the_vote_and_all_of_it_after() -> None:
    shelf = myths.show(CHAPTERS)
    before = json.dumps(shelf.get_state(), default=str, ensure_ascii=False)
    assert [item["id"] for item in shelf.items] == list(MYTHS)
    for myth, item in zip(MYTHS.values(), shelf.items, strict=True):
        for shown in (myth.claim, myth.chinese, myth.said):
            assert escape(shown) in item["html"]
        for secret in (myth.counted, myth.verdict):
            assert secret[:30] not in before
            assert escape(secret)[:30] not in before
    assert "#ref-" not in before
    assert len({json.dumps(item["question"]["options"]) for item in shelf.items}) == 1
    shelf.chosen = dict.fromkeys(MYTHS, 0)
    for myth in MYTHS.values():
        answer = shelf.feedback[myth.id]
        assert answer["right"] == (myth.badge == "E")
        for words in (myth.counted, myth.verdict, f"[{myth.badge}]"):
            assert escape(words) in answer["text"]


def test_a_claim_links_its_chapter_if_it_is_there(tmp_path: Path) -> None:
    write(tmp_path, ENTRY)
    (item,) = myths.show(tmp_path).items
    assert item["id"] == "a-b"
    assert "A &amp; B" in item["html"]
    assert 'href="#a-b"' in item["html"]
    assert "Chapter 1" in item["html"]
    assert ".ipynb" not in item["html"]
    (tmp_path / "01-trial.ipynb").touch()
    (item,) = myths.show(tmp_path).items
    assert '<a href="01-trial.ipynb">Chapter 1</a>' in item["html"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[[myth]\n", r"^myths\.toml: .*line 1"),
        ("", r"^myths\.toml: holds no \[\[myth\]\]$"),
        ("myth = [1]", r"^myths\.toml, myth 1: must be a table"),
        (ENTRY.replace("said", "says"), r"myth 1 \(a-b\): unknown field 'says'"),
        (ENTRY.replace('"C"', '" "'), r"myth 1 \(a-b\): the field 'counted' must be a text"),
        (ENTRY.replace("= 1", '= "1"'), r"myth 1 \(a-b\): the field 'chapter' must be a whole"),
        (ENTRY.replace("a-b", "A b"), r"myth 1 \(A b\): an id is made of a-z"),
        (ENTRY.replace('"F"', '"T"'), r"myth 1 \(a-b\): 'badge' must be one of E, M, F; got 'T'"),
        (ENTRY + ENTRY, r"myth 2 \(a-b\): this id stands there twice"),
        (ENTRY.replace("x-1990", "z-2000"), r"a-b: cites 'z-2000', which is not in references"),
    ],
)
def test_a_broken_file_is_named_with_the_place(tmp_path: Path, content: str, message: str) -> None:
    write(tmp_path, content)
    with pytest.raises(ValueError, match=message):
        myths.show(tmp_path)
