"""The chapters as text: complete, traceable, readable, and with badges that mean something."""

import importlib
import itertools
import re
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from nbformat import NotebookNode

from chapters import CHAPTERS, NOTEBOOKS, codes, notebook, number_of, plain, tag, text
from servicequality import quiz

BADGE = re.compile(r'<small class="evidence" title="([^"]+)">\[([EMFT])\] ([a-z ]+)</small>')
EXERCISES = sorted((CHAPTERS.parent / "exercises").glob("*/*.ipynb"))
ASK = re.compile(r'ask\("([^"]+)"\)')
IN_WORDS = {
    90: "An hour and a half",
    105: "An hour and three quarters",
    120: "Two hours",
    135: "Two and a quarter hours",
    150: "Two and a half hours",
    165: "Two and three quarter hours",
    180: "Three hours",
}


def cells(path: Path, kind: str) -> list[NotebookNode]:
    return [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == kind]


def sentences(markdown: str) -> list[str]:
    found = re.split(r"(?<=[.!?])[”)]*\s+|\n\s*\n", plain(markdown))
    return [sentence for sentence in found if len(sentence.split()) > 2]


@pytest.mark.parametrize(
    "path",
    [*NOTEBOOKS, *EXERCISES, *CHAPTERS.glob("*.quiz.toml"), *CHAPTERS.glob("[gm]*.toml")],
    ids=lambda path: path.name,
)
def test_a_number_has_a_digit_before_its_point(path: Path) -> None:
    prose = text(path) if path.suffix == ".ipynb" else path.read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", prose, flags=re.S)
    assert not re.findall(r".*(?<![\w.\\/:%{])\.(?=\d).*", prose)


def test_all_sections_are_there_in_order(slug: str) -> None:
    headings = re.findall(rf"^## ({number_of(slug)}\.\d) ", text(CHAPTERS / f"{slug}.ipynb"), re.M)
    assert headings == codes("", slug)


def test_tags_name_the_section_in_which_a_cell_stands(slug: str) -> None:
    section = None
    for cell in notebook(slug):
        heading = re.match(r"## (\d\.\d)?", cell.source)
        if heading:
            section = heading[1]
        tagged = tag(cell).get("section")
        assert tagged in (None, section), f"{cell.id} is tagged {tagged} but stands in {section}"


def test_each_question_is_asked_exactly_once(slug: str) -> None:
    asked = [
        code
        for cell in notebook(slug)
        if cell.cell_type == "code"
        for code in ASK.findall(cell.source)
    ]
    written = [question.code for question in quiz.read(CHAPTERS / f"{slug}.quiz.toml")]
    assert sorted(asked) == sorted(written)


def test_each_demo_is_shown_exactly_once(slug: str) -> None:
    package = slug[3:].replace("-", "_")
    demos = importlib.import_module(f"servicequality.demos.{package}").__all__
    assert len(demos) >= 4
    chapter = notebook(slug)
    for function in demos:
        calls = [cell for cell in chapter if cell.source == f"{package}.{function}()"]
        assert len(calls) == 1, function
        assert tag(calls[0])["kind"] == "demo"
        before = chapter[chapter.index(calls[0]) - 1]
        assert "### Try it" in before.source, (
            "a demo needs a cell that says why and what to look for"
        )


def test_objectives_are_announced_with_minutes_that_add_up(slug: str) -> None:
    first = codes("LO", slug)[0]
    table = next(cell.source for cell in notebook(slug) if f"| {first} |" in cell.source)
    rows = re.findall(r"^\| (LO\d\.\d) \| .+ \| ([\d., ]+) \| (\d+) \|$", table, flags=re.M)
    assert [objective for objective, _, _ in rows] == codes("LO", slug)
    assert {place for _, places, _ in rows for place in places.split(", ")} <= set(codes("", slug))
    assert IN_WORDS[sum(int(minutes) for _, _, minutes in rows)] in table


def test_all_misconceptions_and_cases_are_taken_up(slug: str) -> None:
    chapter = notebook(slug)
    boxes = {code: cell.source for cell in chapter for code in tag(cell).get("misconceptions", [])}
    assert sorted(boxes) == codes("MC", slug)
    assert all("> **Misconception: “" in source for source in boxes.values())
    cases = {tag(cell)["case"]: cell.source for cell in chapter if "case" in tag(cell)}
    assert sorted(cases) == codes("K", slug)
    assert all(source.startswith("> **Discuss: ") for source in cases.values())


def test_the_learner_decides_something_at_least_every_five_minutes(slug: str) -> None:
    """Five minutes are 600 words of slow reading, at 120 words a minute."""
    words = 0
    for cell in notebook(slug):
        if cell.id.endswith("-summary"):
            return
        words += len(plain(cell.source).split()) if cell.cell_type == "markdown" else 0
        if tag(cell).get("kind") in ("demo", "quiz") or re.search(
            "^> [*]{2}(Decide|Discuss)", cell.source, re.M
        ):
            assert words < 600, f"{words} words before {cell.id}"
            words = 0
    pytest.fail("there is no summary")


def test_a_chapter_ends_as_all_do(slug: str) -> None:
    last = re.findall(r"^## ([^\d].*)$", text(CHAPTERS / f"{slug}.ipynb"), flags=re.M)
    assert last == [
        "What you will be able to do",
        "Before you start",
        "What to remember",
        "The words of this chapter",
        "The exercise",
        "Further reading",
        "References",
    ]


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


def test_badges_of_all_kinds_stand_beside_claims(slug: str) -> None:
    letters = [badge[2] for badge in BADGE.finditer(text(CHAPTERS / f"{slug}.ipynb"))]
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
    assert [number for number, _ in rows] == list("12345678")
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
