"""Grade a class of known submissions of an exercise, once, with nbgrader itself.

Everything here serves the tests that `exercise.Exercise` hands down to one class an exercise.
"""

import copy
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

pytest.register_assert_rewrite("exercise")

from exercise import (  # noqa: E402 - once its assertions are to be rewritten
    ROOT,
    Class,
    Course,
    Result,
    cell,
    marks,
    snippets,
    task_of,
    tests_in,
    written_in,
)


def answered(course: Course) -> NotebookNode:
    """Return the release, filled in with the reference solutions of the code tasks."""
    notebook = course.release
    for solved in course.source.cells:
        if solved.cell_type == "code" and marks(solved).get("solution"):
            cell(notebook, solved.id).source = solved.source
    return notebook


def students_of(
    slug: str, kind: str, notebook: NotebookNode
) -> Iterator[tuple[list[str], NotebookNode]]:
    """Spread the snippets over few students: the first has the first snippet of every task, ...

    Yields
    ------
    the snippets that this student has, and the notebook; tasks without a snippet keep what
    `notebook` has there.
    """
    by_task: dict[str, list[str]] = {}
    paths = snippets(slug, kind)
    for name in paths:
        by_task.setdefault(task_of(name), []).append(name)
    for number in range(max(map(len, by_task.values()))):
        chosen = {task: names[number] for task, names in by_task.items() if number < len(names)}
        answers = copy.deepcopy(notebook)
        for task, name in chosen.items():
            source = paths[name].read_text(encoding="utf-8")
            cell(answers, f"{task}-solution").source = source
        yield list(chosen.values()), answers


@pytest.fixture(scope="class")
def course(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with the release of the exercise and no submission yet."""
    slug = request.cls.slug
    course = Course(tmp_path_factory.mktemp(slug) / "project", slug)
    shutil.copytree(
        ROOT / "exercises" / slug,
        course.exercise,
        ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"),
    )
    (course.root / "grading").mkdir()
    shutil.copy(ROOT / "grading" / "nbgrader_config.py", course.root / "grading")
    course.nbgrader("generate_assignment", slug)
    return course


def cheat(course: Course) -> None:
    """Soften the checks: beside the notebook, in the locked cells and in a test cell."""
    notebook = course.release
    for locked in notebook.cells:
        if marks(locked).get("locked") and not marks(locked)["grade"]:
            locked.source += "\ncheck_close = check_labels = lambda *a, **k: None"
    tests_in(notebook)[0].source = "pass"
    folder = course.submit("softened_checks", notebook) / "servicequality"
    folder.mkdir()
    checks = (ROOT / "src" / "servicequality" / "checks.py").read_text(encoding="utf-8")
    softer = checks.replace("        raise _failure", "        return None, _failure")
    softer = softer.replace("    raise _failure", "    return None, _failure")
    assert "raise _failure" not in softer
    (folder / "checks.py").write_text(softer, encoding="utf-8")
    (folder / "__init__.py").touch()


def gradebook(course: Course) -> Gradebook:
    return Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}", "service-quality")


def most_points(course: Course) -> dict[str, float]:
    with gradebook(course) as book:
        return {
            c.name: c.max_score for c in book.find_notebook(course.slug, course.slug).grade_cells
        }


def results_in(course: Course) -> dict[str, Result]:
    with gradebook(course) as book:
        return {
            student.id: Result(
                {g.name: g.auto_score or 0.0 for g in grades},
                {g.name for g in grades if g.needs_manual_grade},
            )
            for student in book.students
            for grades in [
                book.find_submission_notebook(course.slug, course.slug, student.id).grades
            ]
        }


@pytest.fixture(scope="class")
def graded_by_stock_nbgrader(graded: Class, tmp_path_factory: pytest.TempPathFactory) -> Class:
    """The same class, graded by nbgrader's own execution: students' code beside the tests."""
    root = tmp_path_factory.mktemp("stock") / "project"
    course = Course(shutil.copytree(graded.course.root, root), graded.course.slug)
    shutil.rmtree(course.folder / "autograded")
    with (root / "grading" / "nbgrader_config.py").open("a") as configuration:
        configuration.write("del c.Autograde\n")
    with gradebook(course) as book:
        for student in list(graded.results):
            book.remove_submission(course.slug, student)
    course.nbgrader("autograde", course.slug)
    return replace(graded, course=course, results=results_in(course))


@pytest.fixture(scope="class")
def graded(course: Course) -> Class:
    """Everybody of `right/` and `wrong/`, and a few more, autograded with feedback."""
    slug = course.slug
    reference = answered(course)
    course.submit("untouched", course.release)
    course.submit("reference", reference)
    student_with = {}
    for kind in ("right", "wrong"):
        for number, (chosen, answers) in enumerate(students_of(slug, kind, reference)):
            course.submit(f"{kind}-{number}", answers)
            student_with |= dict.fromkeys(chosen, f"{kind}-{number}")

    written = copy.deepcopy(reference)
    for answer in written_in(written):
        answer.source = "What I think, and why."
    course.submit("written", written)

    torn = copy.deepcopy(reference)
    gone = {c.id for c in tests_in(torn)[::2]}
    torn.cells = [c for c in torn.cells if c.id not in gone]
    course.submit("deleted_tests", torn)
    cheat(course)

    course.grade()
    course.nbgrader("generate_feedback", slug)
    return Class(course, most_points(course), results_in(course), student_with)


def lines_between(notebook: NotebookNode, begin: str, end: str) -> set[str]:
    """Return the lines between two markers that stand nowhere else in the notebook."""
    inside, outside = set(), set()
    for c in notebook.cells:
        secret = False
        for line in map(str.strip, c.source.splitlines()):
            if begin in line:
                secret = True
            elif end in line:
                secret = False
            elif re.search(r"\w", line):
                (inside if secret else outside).add(line)
    return inside - outside


@pytest.fixture(scope="class")
def solution_lines(course: Course) -> set[str]:
    return lines_between(course.source, "BEGIN SOLUTION", "END SOLUTION")


@pytest.fixture(scope="class")
def hidden_lines(course: Course) -> set[str]:
    return lines_between(course.source, "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for kind in ("right", "wrong"):
        if f"{kind}_submission" in metafunc.fixturenames:
            metafunc.parametrize(f"{kind}_submission", list(snippets(metafunc.cls.slug, kind)))
