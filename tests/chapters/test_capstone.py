"""The capstone chapter: parts, marks, and a page that works for everybody."""

import re

import pytest
import test_prose
from test_chapters_in_browser import CUT_OFF, assert_charts_are_described, commit_all

from chapters import exercise, notebook, tag

SLUG = "08-capstone"
CHAPTER = notebook(SLUG)
CELLS = {cell.id.removeprefix("audit-"): cell.source for cell in CHAPTER}


def test_the_sections_are_the_nine_parts_of_the_audit() -> None:
    headings = [source.splitlines()[0] for source in CELLS.values() if source.startswith("## 8.")]
    assert [heading[:6] for heading in headings] == [f"## 8.{part}" for part in range(1, 10)]
    parts = re.findall(r"^\| (\d) \| ([^:]+): .+ \| (\d+) \|$", CELLS["parts"], flags=re.M)
    assert [int(number) for number, _, _ in parts] == list(range(1, 10))
    for heading, (number, name, _) in zip(headings, parts, strict=True):
        assert heading == f"## 8.{number} {name}"


def test_the_points_are_those_of_the_exercise() -> None:
    said = re.findall(r"^\| \d \| .+ \| (\d+) \|$", CELLS["parts"], flags=re.M)
    given = dict.fromkeys(range(1, 10), 0)
    automatic = 0
    for cell in exercise(SLUG):
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("grade"):
            given[int(tag(cell)["task"][-1])] += marks["points"]
            automatic += 0 if marks["solution"] else marks["points"]
    assert [int(points) for points in said] == list(given.values())
    assert f"reads {100 - automatic} and tests give {automatic}" in CELLS["exercise"]


def test_each_part_has_four_levels_and_a_note_on_what_earns_the_marks() -> None:
    for name in ("levels-early", "levels-middle", "levels-late"):
        rows = [line for line in CELLS[name].splitlines() if re.match(r"\| \d ", line)]
        assert len(rows) == 3
        assert all(line.count("|") == 6 for line in rows)
    section, noted = "", []
    for source in CELLS.values():
        heading = re.match(r"## (8\.\d )?", source)
        section = heading[1] or "" if heading else section
        if "*What earns the marks: " in source:
            noted.append(section.strip())
    assert noted == [f"8.{part}" for part in range(1, 10)]


def test_the_learner_decides_often_and_tags_are_right() -> None:
    test_prose.test_the_learner_decides_something_at_least_every_five_minutes(SLUG)
    test_prose.test_tags_name_the_section_in_which_a_cell_stands(SLUG)


def test_the_demo_is_announced() -> None:
    (demo,) = [cell for cell in CHAPTER if tag(cell).get("kind") == "demo"]
    assert demo.source == "capstone.audit_a_state()"
    assert "### Try it" in CHAPTER[CHAPTER.index(demo) - 1].source


@pytest.mark.parametrize("badge", ["E", "M", "F", "T"])
def test_badges_of_all_kinds_stand_beside_claims(badge: str) -> None:
    assert any(f"[{badge}]" in source for source in CELLS.values())


def test_the_page_works_on_a_desk_and_on_a_phone(open_chapter) -> None:
    page = open_chapter(SLUG)
    assert page.locator(".failed").count() == 0
    assert page.get_by_text("Traceback").count() == 0
    for part in range(1, 10):
        assert page.locator("main h2", has_text=f"8.{part} ").is_visible()
    commit_all(page)
    assert_charts_are_described(page)
    page.set_viewport_size({"width": 390, "height": 900})
    page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    page.wait_for_function(f"({CUT_OFF})().length === 0")
