"""What `nbgrader autograde` and formgrader's button use in place of nbgrader's own execution."""

import atexit
import hashlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from time import monotonic

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Unicode

from servicequality.grading.course import Course
from servicequality.grading.examiner import examine, prepare
from servicequality.grading.report import FILE_NAME, Note, Report
from servicequality.grading.restore import restore
from servicequality.grading.sandbox import Limits, Zygote, require_walls
from servicequality.grading.source import Source, read_source

Resources = dict[str, dict[str, str]]

_noticed: dict[tuple[str, str, str], list[Note]] = {}


class _CoursePreprocessor(NbGraderPreprocessor):
    course = Unicode(help="Course folder, with exercises/ and grading/.").tag(config=True)

    def source(self, resources: Resources) -> Source:
        """Return the assignment that is being graded."""
        asked = resources["nbgrader"]
        return read_source(Course(Path(self.course)), asked["assignment"], asked["notebook"])


class Restore(_CoursePreprocessor):
    """Put back the instructor's cells; the first of the preprocessors that sanitise."""

    def preprocess(
        self, notebook: NotebookNode, resources: Resources
    ) -> tuple[NotebookNode, Resources]:
        """Restore a submitted notebook."""
        asked = resources["nbgrader"]
        restored, notes = restore(nbformat.writes(notebook).encode(), self.source(resources).master)
        _noticed[asked["student"], asked["assignment"], asked["notebook"]] = notes
        return restored, resources


class SafeExecute(_CoursePreprocessor):
    """Run the student's cells in the sandbox and the tests outside it."""

    without_sandbox = Bool(
        False, help="Grade even where no sandbox works: students' code then has your rights."
    ).tag(config=True)

    def preprocess(
        self, notebook: NotebookNode, resources: Resources
    ) -> tuple[NotebookNode, Resources]:
        """Run a notebook that was restored before."""
        started = monotonic()
        asked = resources["nbgrader"]
        student, assignment, name = asked["student"], asked["assignment"], asked["notebook"]
        source = self.source(resources)
        walls = require_walls(self.without_sandbox)
        limits = Limits()
        restored, more = restore(nbformat.writes(notebook).encode(), source.master)
        executed, tests, notes = examine(
            restored, prepare(source, limits), _zygote(walls, limits), limits
        )
        submitted = Course(Path(self.course)).submitted(student, assignment)
        handed_in = (submitted / f"{name}.ipynb").read_bytes()
        report = Report(
            assignment=assignment,
            student=student,
            state="graded",
            reason="",
            sandbox=walls,
            graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
            submission_sha256=hashlib.sha256(handed_in).hexdigest(),
            source_sha256=source.sha256,
            seconds=round(monotonic() - started, 3),
            tests=tuple(tests),
            notes=(*_noticed.pop((student, assignment, name), more), *notes),
        )
        folder = Path(resources["metadata"]["path"])
        file = FILE_NAME if name == assignment else f"{name}-{FILE_NAME}"
        (folder / file).write_text(report.to_json(), encoding="utf-8")
        return executed, resources


@cache
def _zygote(walls: str, limits: Limits) -> Zygote:
    """Return this process's sandbox, which ends with it."""
    zygote = Zygote(walls, limits)
    atexit.register(zygote.close)
    return zygote
