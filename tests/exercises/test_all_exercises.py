"""What holds for every exercise, read from its source."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
SLUGS = sorted(path.parent.name for path in (ROOT / "exercises").glob("*/*.ipynb"))


@pytest.fixture(params=SLUGS)
def slug(request):
    return request.param


@pytest.fixture
def notebook(slug):
    return nbformat.read(ROOT / "exercises" / slug / f"{slug}.ipynb", as_version=4)


def test_an_exercise_has_tests_a_rubric_and_a_line_in_the_list(slug):
    assert f'slug = "{slug}"' in (
        Path(__file__).with_name(f"test_{slug.replace('-', '_')}.py").read_text("utf-8")
    )
    assert (ROOT / "grading" / "rubrics" / f"{slug}.md").is_file()
    assert f"| `{slug}/` |" in (ROOT / "exercises" / "README.md").read_text("utf-8")


def test_only_the_checks_come_from_the_course_library(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code" and "servicequality" in cell.source:
            marks = cell.metadata.nbgrader
            assert marks.locked
            assert not marks.grade
            names = set(re.findall(r"servicequality\S*", cell.source))
            assert names == {"servicequality.checks"}


def test_students_are_asked_to_leave_the_library_aside(notebook):
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert re.search(r"leave the course\s+library `servicequality` aside", prose)


def test_the_list_of_tasks_adds_up_to_100_points(notebook):
    tasks = re.findall(r"^\| (X\d\.\d) \| .+ \| (\d+) \|$", notebook.cells[0].source, flags=re.M)
    points = {code: int(number) for code, number in tasks}
    given = dict.fromkeys(points, 0)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            given[cell.metadata.servicequality.task] += cell.metadata.nbgrader.points
    assert given == points
    assert sum(points.values()) == 100
