"""Where the files of a course lie, and its gradebook."""

import json
import os
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path

from nbgrader.api import Gradebook

from .cli import UserError

COURSE_ID = "service-quality"


@dataclass(frozen=True)
class Course:
    """A course folder, as `grading/nbgrader_config.py` lays it out for nbgrader.

    Parameters
    ----------
    root : Path
        Folder with `exercises/` and `grading/`. Becomes absolute.

    Raises
    ------
    UserError
        If the folder is no course.
    """

    root: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", self.root.resolve())
        for part in [self.exercises, self.grading / "nbgrader_config.py"]:
            if not part.exists():
                raise UserError(
                    _(
                        "{root} is not a course folder: it has no {part}. Go to the course folder, "
                        "or name it with --course."
                    ).format(root=self.root, part=part.relative_to(self.root))
                )

    @property
    def course_id(self) -> str:
        """Id of the course, as nbgrader has it."""
        return COURSE_ID

    @property
    def exercises(self) -> Path:
        """Sources of the assignments."""
        return self.root / "exercises"

    @property
    def grading(self) -> Path:
        """The instructors' part: configuration, rubrics, notebooks."""
        return self.root / "grading"

    @property
    def folder(self) -> Path:
        """All that grading writes."""
        return self.grading / "course"

    @property
    def inbound(self) -> Path:
        """Where nbgrader's exchange puts what students hand in."""
        return self.folder / "exchange" / COURSE_ID / "inbound"

    @property
    def gradebook_url(self) -> str:
        """Address of the gradebook for SQLAlchemy."""
        return f"sqlite:///{self.folder / 'gradebook.db'}"

    def source(self, assignment: str) -> Path:
        """Return the instructor's notebook of an assignment.

        Raises
        ------
        UserError
            If there is no such assignment.
        """
        path = self.exercises / assignment / f"{assignment}.ipynb"
        if Path(assignment).name != assignment or not path.is_file():
            known = sorted(
                folder.name
                for folder in self.exercises.iterdir()
                if (folder / f"{folder.name}.ipynb").is_file()
            )
            raise UserError(
                _("There is no assignment {name!r} in {folder}. There is: {known}.").format(
                    name=assignment, folder=self.exercises, known=", ".join(known) or _("none")
                )
            )
        return path

    def tasks(self, assignment: str) -> dict[str, str]:
        """Return the task ("X2.1") of each cell that nbgrader knows, in the notebook's order.

        Read from the cell's metadata, `servicequality.task`; a cell that names none is a task of
        its own.
        """
        tasks = {}
        for cell in json.loads(self.source(assignment).read_text("utf-8"))["cells"]:
            if name := cell["metadata"].get("nbgrader", {}).get("grade_id"):
                tasks[name] = cell["metadata"].get("servicequality", {}).get("task", name)
        return tasks

    def release(self, assignment: str) -> Path:
        """Return the folder of what students get."""
        return self.folder / "release" / assignment

    def submitted(self, student: str, assignment: str) -> Path:
        """Return the folder of what a student handed in."""
        return self.folder / "submitted" / student / assignment

    def autograded(self, student: str, assignment: str) -> Path:
        """Return the folder of a graded submission."""
        return self.folder / "autograded" / student / assignment

    def feedback(self, student: str, assignment: str) -> Path:
        """Return the folder of a student's feedback."""
        return self.folder / "feedback" / student / assignment

    def students_submitted(self, assignment: str) -> list[str]:
        """Return the ids of all who handed in an assignment, sorted."""
        return sorted(
            path.parent.name
            for path in self.folder.glob(f"submitted/[!.]*/{assignment}")
            if path.is_dir()
        )

    @contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        """Open nbgrader's gradebook; make it if it is not there yet."""
        # nbgrader calls `alembic` by name when it makes a gradebook. It lies beside the
        # interpreter, which need not be on PATH.
        scripts = sysconfig.get_path("scripts")
        if scripts not in os.environ.get("PATH", "").split(os.pathsep):
            os.environ["PATH"] = os.pathsep.join([scripts, os.environ.get("PATH", os.defpath)])
        self.folder.mkdir(parents=True, exist_ok=True)
        with Gradebook(self.gradebook_url, COURSE_ID) as book:
            yield book
