"""Grade a class of known submissions of exercise 2, once, with nbgrader itself."""

import copy
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
SLUG = "02-servqual"


@dataclass(frozen=True)
class Course:
    """A course folder of its own: a copy of `exercises/` and of the configuration."""

    root: Path

    @property
    def folder(self) -> Path:
        return self.root / "grading" / "course"

    @property
    def source(self) -> NotebookNode:
        return nbformat.read(self.root / "exercises" / SLUG / f"{SLUG}.ipynb", as_version=4)

    @property
    def release(self) -> NotebookNode:
        return nbformat.read(self.folder / "release" / SLUG / f"{SLUG}.ipynb", as_version=4)

    def nbgrader(self, *arguments: str | Path) -> str:
        """Run nbgrader as an instructor does, inside `grading/`."""
        private = self.root.parent / "home"
        result = subprocess.run(
            [sys.executable, "-m", "nbgrader", *map(str, arguments)],
            cwd=self.root / "grading",
            env=os.environ
            | {
                "TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR": "1",
                "JUPYTER_CONFIG_DIR": str(private / "config"),
                "JUPYTER_DATA_DIR": str(private / "data"),
                "IPYTHONDIR": str(private / "ipython"),
                "OMP_NUM_THREADS": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert result.returncode == 0, result.stdout
        return result.stdout

    def submit(self, student: str, notebook: NotebookNode) -> Path:
        """Put a notebook where nbgrader expects a student's submission."""
        folder = self.folder / "submitted" / student / SLUG
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{SLUG}.ipynb")
        return folder

    def feedback(self, student: str) -> Path:
        return self.folder / "feedback" / student / SLUG / f"{SLUG}.html"


@dataclass(frozen=True)
class Result:
    """Marks of one student."""

    points: dict[str, float]
    """Automatic points of each graded cell."""
    to_read: set[str]
    """Cells that wait for the instructor."""


@dataclass(frozen=True)
class Class:
    """A graded class."""

    course: Course
    most: dict[str, float]
    """Most points of each graded cell."""
    results: dict[str, Result]
    student_with: dict[str, str]
    """The student who handed in a snippet."""


def snippets(kind: str) -> dict[str, list[str]]:
    """Names of the submissions in `right/` or `wrong/`, by the task that they answer.

    `x2_1_long_format` answers the task whose cells start with `x2-1`.
    """
    by_task: dict[str, list[str]] = {}
    for path in sorted((HERE / kind).glob("*.py")):
        by_task.setdefault("-".join(path.stem.split("_")[:2]), []).append(path.stem)
    return by_task


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(c for c in notebook.cells if c.id == name)


def answered(course: Course) -> NotebookNode:
    """The release, filled in with the reference solutions of the code tasks."""
    notebook = course.release
    for solved in course.source.cells:
        if solved.cell_type == "code" and solved.metadata.get("nbgrader", {}).get("solution"):
            cell(notebook, solved.id).source = solved.source
    return notebook


def students_of(kind: str, notebook: NotebookNode) -> Iterator[tuple[dict[str, str], NotebookNode]]:
    """Spread the snippets over few students: the first has the first snippet of every task, ...

    Yields
    ------
    the snippet that this student has in a task, and the notebook; tasks without a snippet keep
    what `notebook` has there.
    """
    by_task = snippets(kind)
    for number in range(max(map(len, by_task.values()))):
        chosen = {task: names[number] for task, names in by_task.items() if number < len(names)}
        answers = copy.deepcopy(notebook)
        for task, name in chosen.items():
            source = (HERE / kind / f"{name}.py").read_text(encoding="utf-8")
            cell(answers, f"{task}-solution").source = source
        yield chosen, answers


def make_course(folder: Path) -> Course:
    course = Course(folder / "project")
    shutil.copytree(
        ROOT / "exercises",
        course.root / "exercises",
        ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"),
    )
    (course.root / "grading").mkdir()
    shutil.copy(ROOT / "grading" / "nbgrader_config.py", course.root / "grading")
    course.nbgrader("generate_assignment", SLUG)
    return course


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with the release of exercise 2 and no submission yet."""
    return make_course(tmp_path_factory.mktemp("exercise-02"))


@pytest.fixture(scope="session")
def graded(course: Course) -> Iterator[Class]:
    """Everybody of `right/` and `wrong/`, and a few more, autograded with feedback."""
    reference = answered(course)
    course.submit("untouched", course.release)
    course.submit("reference", reference)
    student_with = {}
    for kind in ("right", "wrong"):
        for number, (chosen, answers) in enumerate(students_of(kind, reference)):
            course.submit(f"{kind}-{number}", answers)
            student_with |= dict.fromkeys(chosen.values(), f"{kind}-{number}")

    written = copy.deepcopy(reference)
    cell(written, "x2-7-answer").source = "Eight statements, and why."
    course.submit("written", written)

    torn = copy.deepcopy(reference)
    torn.cells = [c for c in torn.cells if c.id not in {"x2-2-msa", "x2-3-interval"}]
    course.submit("deleted_tests", torn)

    # Somebody softens the checks: in the file, in the locked cell and in the test cell.
    cheat = course.release
    cell(cheat, "dimensions").source += "\ncheck_close = check_labels = lambda *a, **k: None"
    cell(cheat, "x2-4-equal").source = "pass"
    folder = course.submit("softened_checks", cheat)
    checks = (course.root / "exercises" / SLUG / "checks.py").read_text(encoding="utf-8")
    softer = checks.replace("    raise _failure", "    return None, _failure")
    assert softer != checks
    (folder / "checks.py").write_text(softer, encoding="utf-8")

    course.nbgrader("autograde", SLUG)
    course.nbgrader("generate_feedback", SLUG)
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}", "service-quality") as book:
        most = {c.name: c.max_score for c in book.find_notebook(SLUG, SLUG).grade_cells}
        results = {}
        for student in book.students:
            grades = book.find_submission_notebook(SLUG, SLUG, student.id).grades
            results[student.id] = Result(
                {g.name: g.auto_score or 0.0 for g in grades},
                {g.name for g in grades if g.needs_manual_grade},
            )
        yield Class(course, most, results, student_with)


def lines_between(notebook: NotebookNode, begin: str, end: str) -> set[str]:
    """Lines between two markers that stand nowhere else in the notebook."""
    inside, outside = set(), set()
    for c in notebook.cells:
        secret = False
        for line in map(str.strip, c.source.splitlines()):
            if begin in line:
                secret = True
            elif end in line:
                secret = False
            else:
                (inside if secret else outside).add(line)
    return inside - outside


@pytest.fixture(scope="session")
def solution_lines(course: Course) -> set[str]:
    return lines_between(course.source, "BEGIN SOLUTION", "END SOLUTION")


@pytest.fixture(scope="session")
def hidden_lines(course: Course) -> set[str]:
    return lines_between(course.source, "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
