"""The chapters as text: complete, traceable, readable, and with badges that mean something."""

import itertools
import re
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from nbformat import NotebookNode

from servicequality import quiz
from servicequality.models import servqual

CHAPTERS = Path(__file__).parents[2] / "chapters"
NOTEBOOKS = sorted(CHAPTERS.glob("*.ipynb"))
BADGE = re.compile(r'<small class="evidence" title="([^"]+)">\[([EMFT])\] ([a-z ]+)</small>')
DEMOS = {"D2.1": "gap_scorer", "D2.2": "three_rulers", "D2.3": "alpha_microscope"} | {
    "D2.4": "move_the_crosshair"
}
OBJECTIVES = {f"LO2.{number}" for number in range(1, 8)}
ASK = re.compile(r'ask\("([^"]+)"\)')


def cells(path: Path, kind: str) -> list[NotebookNode]:
    return [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == kind]


def text(path: Path) -> str:
    return "\n\n".join(cell.source for cell in cells(path, "markdown"))


def plain(markdown: str) -> str:
    """Return the sentences of a cell: no tables, headings, formulas, badges, links or markup."""
    markdown = re.sub(r"<small.*?</small>|<[^>]+>|^\|.*$|^#.*$", "", markdown, flags=re.M)
    markdown = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", markdown)
    markdown = re.sub(r"\$[^$]+\$", "x", markdown)
    return re.sub(r"^[>\s]*([*-]|\d+\.)?\s+|[*`>]", "", markdown, flags=re.M)


def sentences(markdown: str) -> list[str]:
    found = re.split(r"(?<=[.!?])[”)]*\s+|\n\s*\n", plain(markdown))
    return [sentence for sentence in found if len(sentence.split()) > 2]


@pytest.fixture(scope="module")
def chapter() -> list[NotebookNode]:
    return nbformat.read(CHAPTERS / "02-servqual.ipynb", 4).cells


@pytest.fixture(scope="module")
def tags(chapter: list[NotebookNode]) -> list[dict]:
    return [cell.metadata.get("servicequality", {}) for cell in chapter]


def test_all_sections_of_chapter_2_are_there_in_order(chapter: list[NotebookNode]) -> None:
    headings = re.findall(r"^## (2\.\d)", text(CHAPTERS / "02-servqual.ipynb"), flags=re.M)
    assert headings == [f"2.{number}" for number in range(1, 9)]


def test_tags_name_the_section_in_which_a_cell_stands(chapter: list[NotebookNode]) -> None:
    section = None
    for cell in chapter:
        heading = re.match(r"## (2\.\d)?", cell.source)
        if heading:
            section = heading[1]
        tagged = cell.metadata.get("servicequality", {}).get("section")
        assert tagged in (None, section), f"{cell.id} is tagged {tagged} but stands in {section}"


def test_each_question_is_asked_exactly_once(chapter: list[NotebookNode]) -> None:
    asked = [
        code for cell in chapter if cell.cell_type == "code" for code in ASK.findall(cell.source)
    ]
    codes = [question.code for question in quiz.read(CHAPTERS / "02-servqual.quiz.toml")]
    assert sorted(asked) == sorted(codes)


@pytest.mark.parametrize(("code", "function"), DEMOS.items())
def test_each_demo_is_shown_exactly_once(
    chapter: list[NotebookNode], code: str, function: str
) -> None:
    calls = [cell for cell in chapter if cell.source == f"servqual.{function}()"]
    assert len(calls) == 1, code
    assert calls[0].metadata["servicequality"]["kind"] == "demo"
    before = chapter[chapter.index(calls[0]) - 1]
    assert "### Try it" in before.source, "a demo needs a cell that says why and what to look for"


def test_each_objective_is_practised_in_a_demo_or_an_analysis(tags: list[dict]) -> None:
    practised = {
        objective
        for tag in tags
        if tag.get("kind") in ("demo", "analysis")
        for objective in tag["objectives"]
    }
    assert practised == OBJECTIVES


def test_objectives_are_announced_with_minutes_that_add_up() -> None:
    table = next(
        cell.source
        for cell in cells(CHAPTERS / "02-servqual.ipynb", "markdown")
        if "| LO2.1" in cell.source
    )
    rows = re.findall(r"^\| (LO2\.\d) \| .+ \| ([\d., ]+) \| (\d+) \|$", table, flags=re.M)
    assert {objective for objective, _, _ in rows} == OBJECTIVES
    assert sum(int(minutes) for _, _, minutes in rows) == 150
    assert "Two and a half hours" in table


def test_all_misconceptions_and_cases_are_taken_up(
    chapter: list[NotebookNode], tags: list[dict]
) -> None:
    boxes = {
        code: cell.source
        for cell, tag in zip(chapter, tags, strict=True)
        for code in tag.get("misconceptions", [])
    }
    assert sorted(boxes) == [f"MC2.{number}" for number in range(1, 8)]
    assert all("> **Misconception: “" in source for source in boxes.values())
    cases = {
        tag["case"]: cell.source for cell, tag in zip(chapter, tags, strict=True) if "case" in tag
    }
    assert sorted(cases) == ["K2.1", "K2.2", "K2.3"]
    assert all(source.startswith("> **Discuss: ") for source in cases.values())


def test_the_learner_decides_something_at_least_every_five_minutes(
    chapter: list[NotebookNode], tags: list[dict]
) -> None:
    """Five minutes are 600 words of slow reading, at 120 words a minute."""
    words = 0
    for cell, tag in zip(chapter, tags, strict=True):
        if cell.id == "servqual-summary":
            break
        words += len(plain(cell.source).split()) if cell.cell_type == "markdown" else 0
        if tag.get("kind") in ("demo", "quiz") or re.search(
            "^> [*]{2}(Decide|Discuss)", cell.source, re.M
        ):
            assert words < 600, f"{words} words before {cell.id}"
            words = 0


def test_the_instrument_has_the_items_and_dimensions_of_the_model() -> None:
    markdown = text(CHAPTERS / "02-servqual.ipynb")
    codes = re.findall(r"^\| ([TRSAE]\d) \|", markdown, flags=re.M)
    assert codes == [item for items in servqual.DIMENSIONS.values() for item in items]
    for dimension, items in servqual.DIMENSIONS.items():
        assert re.search(rf"^\| \[{dimension}\].*\| {len(items)} \|", markdown, flags=re.M | re.I)


def test_the_start_page_defines_every_badge_as_the_chapters_use_it() -> None:
    start = text(CHAPTERS / "00-start-here.ipynb")
    rows = re.findall(r"^[*] (<small.+?</small>) (.+?)[.] [*]Example:[*]", start, flags=re.M)
    defined = {BADGE.fullmatch(badge).groups() for badge, _ in rows}
    assert [BADGE.fullmatch(badge)[1] for badge, _ in rows] == [meaning for _, meaning in rows]
    assert {letter for _, letter, _ in defined} == set("EMFT")
    for path in NOTEBOOKS:
        assert {badge.groups() for badge in BADGE.finditer(text(path))} <= defined


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_badges_are_well_formed(path: Path) -> None:
    rest = BADGE.sub("", text(path))
    assert not re.search(r"\[[EMFT]\]|class=.evidence", rest)


def test_badges_of_all_kinds_stand_beside_claims() -> None:
    letters = [badge[2] for badge in BADGE.finditer(text(CHAPTERS / "02-servqual.ipynb"))]
    assert set(letters) == set("EMFT")
    assert len(letters) >= 15


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_links_lead_to_notebooks_that_exist(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text(path)):
        parts = urlsplit(target)
        assert parts.scheme in ("", "https")
        if parts.path and not parts.scheme:
            assert (CHAPTERS / parts.path).is_file(), f"{path.name} links to {target}"


def test_the_map_links_every_chapter_that_exists_and_no_other() -> None:
    start = text(CHAPTERS / "00-start-here.ipynb")
    rows = re.findall(r"^\| (\d) \| (.+?) \| .+ \|$", start, flags=re.M)
    assert [number for number, _ in rows] == list("1234567")
    for number, title in rows:
        exists = any(CHAPTERS.glob(f"0{number}-*.ipynb"))
        assert title.startswith("[") == exists, title
        assert title.endswith("*(coming)*") != exists, title


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_sentences_are_short(path: Path) -> None:
    found = sentences(text(path))
    lengths = [len(sentence.split()) for sentence in found]
    assert sum(lengths) / len(lengths) < 16
    assert max(lengths) <= 42, max(found, key=lambda sentence: len(sentence.split()))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_markdown_cell_holds_one_idea(path: Path) -> None:
    lengths = {cell.id: len(plain(cell.source).split()) for cell in cells(path, "markdown")}
    assert max(lengths.values()) <= 140, max(lengths, key=lengths.__getitem__)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_headings_form_an_outline(path: Path) -> None:
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text(path), flags=re.M)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_hidden_answers_open_and_close_in_their_cell(path: Path) -> None:
    for cell in cells(path, "markdown"):
        opened = cell.source.count("> <details><summary>Show an answer</summary>\n>\n")
        assert opened == cell.source.count("<details") == cell.source.count("\n>\n> </details>"), (
            cell.id
        )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_formulas_are_closed_and_stand_in_one_line(path: Path) -> None:
    for line in text(path).splitlines():
        assert line.count("$") % 2 == 0, line


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_code_cells_are_short(path: Path) -> None:
    for cell in cells(path, "code"):
        assert len(cell.source.splitlines()) <= 8, cell.id
