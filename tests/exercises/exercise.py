"""What is tested of every exercise.

The tests of one exercise are a file of its own, so that exercises run side by side: a class that
inherits from `Exercise` and states what is particular (`test_02_servqual.py` is the pattern). Its
right and wrong submissions lie in the folder named after its slug.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import nbformat
from bs4 import BeautifulSoup
from nbformat import NotebookNode

ROOT = Path(__file__).parents[2]
ALL = "all cells of the task"


@dataclass(frozen=True)
class Course:
    """A course folder of its own: a copy of one exercise and of the configuration."""

    root: Path
    slug: str

    @property
    def folder(self) -> Path:
        return self.root / "grading" / "course"

    @property
    def exercise(self) -> Path:
        return self.root / "exercises" / self.slug

    @property
    def source(self) -> NotebookNode:
        return nbformat.read(self.exercise / f"{self.slug}.ipynb", as_version=4)

    @property
    def release_folder(self) -> Path:
        return self.folder / "release" / self.slug

    @property
    def release(self) -> NotebookNode:
        return nbformat.read(self.release_folder / f"{self.slug}.ipynb", as_version=4)

    def nbgrader(self, *arguments: str | Path) -> str:
        """Run nbgrader as an instructor does, inside `grading/`."""
        return self._run(self.root / "grading", "nbgrader", *arguments)

    def grade(self) -> str:
        """Grade as an instructor does, in the course folder."""
        return self._run(self.root, "servicequality.grading.cli", "grade", self.slug, "--jobs", "1")

    def _run(self, folder: Path, module: str, *arguments: str | Path) -> str:
        private = self.root.parent / "home"
        result = subprocess.run(
            [sys.executable, "-m", module, *map(str, arguments)],
            cwd=folder,
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
        folder = self.folder / "submitted" / student / self.slug
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{self.slug}.ipynb")
        return folder

    def autograded(self, student: str) -> NotebookNode:
        path = self.folder / "autograded" / student / self.slug / f"{self.slug}.ipynb"
        return nbformat.read(path, as_version=4)

    def feedback(self, student: str) -> str:
        path = self.folder / "feedback" / student / self.slug / f"{self.slug}.html"
        return path.read_text(encoding="utf-8")


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


def snippets(slug: str, kind: str) -> dict[str, Path]:
    """Return the submissions in `right/` or `wrong/` of an exercise by their names.

    `x2_1_long_format` answers the task whose cells start with `x2-1`.
    """
    folder = Path(__file__).parent / slug.replace("-", "_") / kind
    return {path.stem: path for path in sorted(folder.glob("*.py"))}


def task_of(snippet: str) -> str:
    return "-".join(snippet.split("_")[:2])


def marks(cell: NotebookNode) -> dict[str, object]:
    """Return what nbgrader knows about a cell."""
    return cell.metadata.get("nbgrader", {})


def tests_in(notebook: NotebookNode) -> list[NotebookNode]:
    return [c for c in notebook.cells if marks(c).get("grade") and not marks(c)["solution"]]


def written_in(notebook: NotebookNode) -> list[NotebookNode]:
    return [c for c in notebook.cells if marks(c).get("grade") and marks(c)["solution"]]


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(c for c in notebook.cells if c.id == name)


def text_of(notebook: NotebookNode) -> str:
    return "\n".join(cell.source for cell in notebook.cells)


def page_of(graded: Class, student: str) -> str:
    return BeautifulSoup(graded.course.feedback(student), "html.parser").text


def rubric(text: str) -> dict[str, int]:
    """Return the points of each criterion in the tables of a rubric."""
    rows = re.findall(r"^\| ([A-Z][\w ,-]+) \| (\d+) \|", text, flags=re.M)
    return {name: int(points) for name, points in rows}


class Exercise:
    """The tests of an exercise; a subclass fills in these facts."""

    slug: ClassVar[str]
    split: ClassVar[Mapping[str, Mapping[str, int]]]
    """Points of each graded cell, by task: {"x2-1": {"item": 4, ...}, ...}."""
    loses: ClassVar[Mapping[str, object]]
    """Which cells of its task a wrong submission fails, or `ALL`."""
    says: ClassVar[Mapping[str, str]]
    """What the feedback tells the author of a wrong submission, for a few of them."""

    def points(self) -> dict[str, int]:
        return {f"{t}-{part}": p for t, parts in self.split.items() for part, p in parts.items()}

    def lost(self, graded: Class, student: str) -> set[str]:
        """Return the test cells without full points."""
        points = graded.results[student].points
        tests = [c.id for c in tests_in(graded.course.source)]
        return {name for name in tests if points[name] < graded.most[name]}

    def cells_lost_by(self, wrong: str) -> set[str]:
        task = task_of(wrong)
        parts = self.split[task] if self.loses[wrong] is ALL else self.loses[wrong]
        return {f"{task}-{part}" for part in parts}

    def lost_in_its_task(self, graded: Class, snippet: str) -> set[str]:
        lost = self.lost(graded, graded.student_with[snippet])
        return {name for name in lost if name.startswith(f"{task_of(snippet)}-")}

    # What students receive

    def test_no_line_of_a_solution_or_hidden_test_is_released(
        self, course: Course, solution_lines: set[str], hidden_lines: set[str]
    ) -> None:
        assert len(solution_lines) > 40
        assert len(hidden_lines) > 40
        released = {line.strip() for line in text_of(course.release).splitlines()}
        assert not released & (solution_lines | hidden_lines)

    def test_no_marker_is_released(self, course: Course) -> None:
        source, released = text_of(course.source), text_of(course.release)
        for marker in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS"):
            assert marker in source
            assert marker not in released
        stubs = released.count("    # YOUR CODE HERE\n    raise NotImplementedError()")
        answers = released.count("YOUR ANSWER HERE")
        assert answers == len(written_in(course.source))
        assert stubs + answers == source.count("### BEGIN SOLUTION")

    def test_the_release_has_the_files_that_it_needs(self, course: Course) -> None:
        ours = {path.relative_to(course.exercise) for path in course.exercise.rglob("*")}
        assert {p.relative_to(course.release_folder) for p in course.release_folder.rglob("*")} == (
            ours
        )

    def test_validate_accepts_the_reference(self, course: Course, tmp_path: Path) -> None:
        folder = shutil.copytree(course.exercise, tmp_path / "reference")
        said = course.nbgrader("validate", folder / f"{self.slug}.ipynb")
        assert "Success! Your notebook passes all the tests." in said

    def test_validate_rejects_the_stub_and_says_why(self, course: Course, tmp_path: Path) -> None:
        folder = shutil.copytree(course.release_folder, tmp_path / "stub")
        said = course.nbgrader("validate", folder / f"{self.slug}.ipynb")
        assert f"VALIDATION FAILED ON {len(self.points())} CELL(S)" in said
        assert "is still empty: your code is missing." in said
        assert "Traceback" not in said

    def test_test_cells_of_the_release_are_locked(self, course: Course) -> None:
        for c in course.release.cells:
            if (marks(c).get("grade") and not marks(c)["solution"]) or marks(c).get("locked"):
                assert c.metadata.editable is False
                assert c.metadata.deletable is False

    def test_every_task_cell_names_its_task_and_objectives(self, course: Course) -> None:
        for notebook in (course.source, course.release):
            for c in notebook.cells:
                task = re.match(r"x(\d)-(\d)-", c.id)
                if task:
                    assert c.metadata.servicequality.task == f"X{task[1]}.{task[2]}"
                    assert c.metadata.servicequality.objectives

    def test_students_and_instructors_read_the_same_rubric(self, course: Course) -> None:
        shown: dict[str, int] = {}
        for answer in written_in(course.source):
            table = rubric(cell(course.release, answer.id.replace("-answer", "-rubric")).source)
            assert sum(table.values()) == marks(answer)["points"]
            shown |= table
        guide = (ROOT / "grading" / "rubrics" / f"{self.slug}.md").read_text("utf-8")
        assert rubric(guide) == shown

    # Who gets which points

    def test_points_are_those_of_the_task_list(self, graded: Class) -> None:
        assert graded.most == self.points()
        assert sum(graded.most.values()) == 100

    def test_the_reference_solution_gets_every_automatic_point(self, graded: Class) -> None:
        assert self.lost(graded, "reference") == set()

    def test_the_untouched_release_gets_nothing(self, graded: Class) -> None:
        assert set(graded.results["untouched"].points.values()) == {0.0}
        assert graded.results["untouched"].to_read == set()

    def test_softening_the_checks_gains_nothing(self, graded: Class) -> None:
        assert set(graded.results["softened_checks"].points.values()) == {0.0}

    def test_a_deleted_test_is_put_back(self, graded: Class) -> None:
        assert self.lost(graded, "deleted_tests") == set()

    def test_a_written_answer_waits_for_the_instructor(self, graded: Class) -> None:
        written = {c.id for c in written_in(graded.course.source)}
        assert written
        assert graded.results["written"].to_read == written
        assert self.lost(graded, "written") == set()

    def test_every_wrong_submission_is_expected(self) -> None:
        assert sorted(self.loses) == list(snippets(self.slug, "wrong"))

    def test_wrong_submission_loses_points_where_it_is_wrong(
        self, graded: Class, wrong_submission: str
    ) -> None:
        assert self.lost_in_its_task(graded, wrong_submission) == self.cells_lost_by(
            wrong_submission
        )

    def test_wrong_submissions_lose_points_in_their_own_tasks_only(self, graded: Class) -> None:
        for student in {graded.student_with[wrong] for wrong in self.loses}:
            own = [wrong for wrong in self.loses if graded.student_with[wrong] == student]
            assert self.lost(graded, student) == set().union(*map(self.cells_lost_by, own))

    def test_right_submission_loses_nothing(self, graded: Class, right_submission: str) -> None:
        assert self.lost_in_its_task(graded, right_submission) == set()

    def test_every_code_task_has_wrong_and_right_submissions(self, course: Course) -> None:
        tasks = {re.match(r"x\d-\d", c.id)[0] for c in tests_in(course.source)}
        for kind in ("wrong", "right"):
            assert {task_of(snippet) for snippet in snippets(self.slug, kind)} == tasks

    # What comes back

    def test_feedback_for_everybody(self, graded: Class) -> None:
        for student, result in graded.results.items():
            score = sum(result.points.values())
            assert f"{score:g} / 100 points" in page_of(graded, student)

    def test_feedback_teaches_and_keeps_hidden_tests_hidden(
        self, graded: Class, hidden_lines: set[str]
    ) -> None:
        for student in graded.results:
            said = page_of(graded, student)
            assert "HIDDEN TESTS" not in said
            if student != "reference":
                assert not {line.strip() for line in said.splitlines()} & hidden_lines, student
        for wrong, message in self.says.items():
            assert message in page_of(graded, graded.student_with[wrong])
        assert self.says
        assert "Not yet" not in page_of(graded, "reference")

    def test_the_graded_notebook_keeps_the_objectives(self, graded: Class) -> None:
        def objectives(notebook: NotebookNode) -> dict[str, object]:
            return {
                c.id: c.metadata.servicequality for c in notebook.cells if marks(c).get("grade")
            }

        assert objectives(graded.course.autograded("reference")) == objectives(graded.course.source)
