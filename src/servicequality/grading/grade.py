"""Grade a class: many submissions at a time, one writer to the gradebook, safe to stop."""

import argparse
import hashlib
import json
import os
import shutil
import stat
import statistics
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any

import nbformat
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from traitlets.config import Config, PyFileConfigLoader

from servicequality.grading.cli import UserError
from servicequality.grading.course import Course
from servicequality.grading.lane import Lane
from servicequality.grading.report import FILE_NAME, Note, Report, report_of
from servicequality.grading.restore import MOST_BYTES, is_answer
from servicequality.grading.sandbox import Limits, require_walls
from servicequality.grading.source import Source, read_source

AHEAD = 4
"""Submissions handed to the pool beyond those at work, for each of them."""


@dataclass(frozen=True)
class Job:
    """One submission to grade: all that a worker, here or elsewhere, needs to know."""

    source: Source
    student: str
    submission: Path
    walls: str
    limits: Limits


@dataclass(frozen=True)
class Graded:
    """What a worker gives back: a report and the graded notebook's text."""

    report: Report
    notebook: str


class _Lanes(threading.local):
    """The lane of this thread."""

    lane: Lane | None = None


_mine = _Lanes()
_open_lanes: list[Lane] = []
_stopping = threading.Event()


def work(job: Job) -> Graded:
    """Grade one submission in this thread's lane; a lane that breaks is replaced once."""
    said = ""
    for _attempt in range(2):
        if _stopping.is_set():
            break
        try:
            if _mine.lane is None:
                _mine.lane = Lane(job.source, job.walls, job.limits)
                _open_lanes.append(_mine.lane)
            report, said = _mine.lane.grade(job.student, job.submission)
            if report is not None:
                return Graded(report, said)
        except (OSError, RuntimeError, ValueError) as error:
            said = str(error)
            if _mine.lane is not None:
                _mine.lane.close()
                _mine.lane = None
    last = said.strip().splitlines()[-1] if said.strip() else ""
    reason = _("The grader itself failed: {why}").format(why=last)
    return Graded(_not_graded(job.source, job.student, reason, job.walls), "")


def _not_graded(source: Source, student: str, reason: str, walls: str, digest: str = "") -> Report:
    return Report(
        assignment=source.assignment,
        student=student,
        state="not graded",
        reason=reason,
        sandbox=walls,
        graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        submission_sha256=digest,
        source_sha256=source.sha256,
    )


def read_configuration(course: Course) -> Config:
    """Read nbgrader's configuration of the course.

    Raises
    ------
    UserError
        If it cannot be read: grading on with other settings would be worse than not at all.
    """
    path = course.grading / "nbgrader_config.py"
    try:
        return PyFileConfigLoader(path.name, str(path.parent)).load_config()
    except Exception as error:
        raise UserError(
            _("{path} cannot be loaded, so nothing was graded.\n{kind}: {text}").format(
                path=path, kind=type(error).__name__, text=error
            )
        ) from error


def find_submission(course: Course, student: str, assignment: str) -> tuple[Path | None, str]:
    """Return the notebook that a student handed in; or why there is none."""
    folder = course.submitted(student, assignment)
    expected = folder / f"{assignment}.ipynb"
    if not os.path.lexists(expected):
        others = sorted(folder.glob("*.ipynb"))
        if len(others) != 1:
            if others:
                names = ", ".join(path.name for path in others)
                return None, _("None of the notebooks is called {name}: {names}.").format(
                    name=expected.name, names=names
                )
            return None, _("There is no notebook in the submission.")
        expected = others[0]
    mode = expected.lstat().st_mode
    if not stat.S_ISREG(mode):
        return None, _("{name} is not a file but a link or something else.").format(
            name=expected.name
        )
    if expected.stat().st_size > MOST_BYTES:
        return None, _("The notebook is larger than {most} MB.").format(most=MOST_BYTES // 10**6)
    return expected, ""


def grade_all(
    course: Course,
    assignment: str,
    students: Sequence[str] | None = None,
    jobs: int | None = None,
    write: bool = True,
    *,
    without_sandbox: bool = False,
    limits: Limits | None = None,
) -> Iterator[Report]:
    """Grade submissions, several at a time; yield each report when it has been written down.

    Parameters
    ----------
    students : sequence of str, optional
        Their ids; everybody who handed in if None.
    jobs : int, optional
        Submissions at a time; the number of processors if None.
    write : bool
        Whether gradebook and folders are changed.
    """
    configuration = read_configuration(course)
    walls = require_walls(without_sandbox)
    source = read_source(course, assignment)
    limits = limits or Limits()
    everybody = course.students_submitted(assignment) if students is None else students
    with (
        course.gradebook() as book,
        ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool,
    ):
        writer = Writer(course, source, book, configuration)
        _stopping.clear()
        try:
            for graded in _each(pool, _to_do(course, source, everybody, walls, limits)):
                if write:
                    writer.save(graded)
                yield graded.report
        finally:
            _stopping.set()
            pool.shutdown(wait=False, cancel_futures=True)
            while _open_lanes:
                _open_lanes.pop().close()


def _to_do(
    course: Course,
    source: Source,
    students: Sequence[str],
    walls: str,
    limits: Limits,
) -> Iterator[Job | Graded]:
    """Yield what is to be graded, and what cannot be."""
    for student in students:
        path, reason = find_submission(course, student, source.assignment)
        if path is None:
            yield Graded(_not_graded(source, student, reason, walls), "")
        else:
            yield Job(source, student, path, walls, limits)


def is_current(course: Course, source: Source, student: str, submission: Path) -> bool:
    """Tell whether this very submission was graded with this very source."""
    before = report_of(course.folder, source.assignment, student)
    return (
        before is not None
        and before.source_sha256 == source.sha256
        and before.submission_sha256 == hashlib.sha256(submission.read_bytes()).hexdigest()
    )


def _each(pool: Executor, jobs: Iterator[Job | Graded]) -> Iterator[Graded]:
    """Yield results as they come, with few submissions in memory at a time."""
    waiting: set[Future[Graded]] = set()
    most = AHEAD * (getattr(pool, "_max_workers", None) or 1)
    for job in jobs:
        if isinstance(job, Graded):
            yield job
            continue
        waiting.add(pool.submit(work, job))
        if len(waiting) >= most:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    while waiting:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in done)


class Writer:
    """The one writer: to the gradebook, and beside it the graded notebook and its report."""

    def __init__(
        self, course: Course, source: Source, book: Gradebook, configuration: Config
    ) -> None:
        self._course = course
        self._source = source
        self._book = book
        self._configuration = configuration
        notebook = book.find_notebook(source.assignment, source.assignment)
        cells = [*notebook.grade_cells, *notebook.solution_cells, *notebook.task_cells]
        self._names = {cell.id: cell.name for cell in cells}

    def save(self, graded: Graded) -> None:
        """Write one result: all of its marks in one transaction, then its folder."""
        report = graded.report
        assignment, student = report.assignment, report.student
        text = graded.notebook or self._placeholder(report)
        notebook = nbformat.from_dict(json.loads(text))
        stamp = self._timestamp(student)
        with self._book.db.no_autoflush:
            self._book.update_or_create_student(student)
            submission = self._book.update_or_create_submission(
                assignment, student, **({"timestamp": stamp} if stamp else {})
            )
        self._mark(notebook, student, graded=report.state == "graded")
        if submission.total_seconds_late > 0:
            self._penalise(notebook, student)
        self._store(report, text)

    def _mark(self, notebook: nbformat.NotebookNode, student: str, *, graded: bool) -> None:
        """Set marks as nbgrader's own SaveAutoGrades does, in one transaction."""
        assignment = self._source.assignment
        found = self._book.find_submission_notebook(assignment, assignment, student)
        # By number: to ask each of them for its name is a query each.
        grades = {self._names[grade.cell_id]: grade for grade in found.grades}
        comments = {self._names[comment.cell_id]: comment for comment in found.comments}
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in grades and utils.is_grade(cell):
                grade = grades[name]
                grade.auto_score = utils.determine_grade(cell)[0] if graded else 0.0
                grade.needs_manual_grade = graded and (
                    grade.manual_score is not None or grade.auto_score is None
                )
            if name in comments and is_answer(cell):
                untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
                silent = untouched and not utils.is_task(cell)
                comments[name].auto_comment = "No response." if silent else None
        self._book.db.commit()

    def _penalise(self, notebook: nbformat.NotebookNode, student: str) -> None:
        assignment = self._source.assignment
        resources: dict[str, Any] = {
            "nbgrader": {
                "db_url": self._course.gradebook_url,
                "course_id": self._course.course_id,
                "notebook": assignment,
                "assignment": assignment,
                "student": student,
            }
        }
        AssignLatePenalties(config=self._configuration).preprocess(notebook, resources)
        self._book.db.expire_all()

    def _timestamp(self, student: str) -> datetime | None:
        path = self._course.submitted(student, self._source.assignment) / "timestamp.txt"
        if not path.is_file() or path.stat().st_size > 1000:  # a pipe would never end
            return None
        try:
            return utils.parse_utc(path.read_text("utf-8").strip())
        except (OSError, ValueError, OverflowError):
            return None

    def _placeholder(self, report: Report) -> str:
        """Return a notebook that tells why there is nothing to see."""
        notebook = nbformat.from_dict(self._source.master)
        reason = nbformat.v4.new_markdown_cell(
            f"**{_('This submission could not be graded.')}** {report.reason}", id="not-graded"
        )
        notebook.cells.insert(0, reason)
        return json.dumps(notebook)

    def _store(self, report: Report, text: str) -> None:
        """Put the graded notebook in place as a whole, or not at all."""
        assignment = report.assignment
        final = self._course.autograded(report.student, assignment)
        new = final.with_name(f".{assignment}.new")
        old = final.with_name(f".{assignment}.old")
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)
        new.mkdir(parents=True)
        for file in self._source.files:
            shutil.copy(file, new)
        stamp = self._course.submitted(report.student, assignment) / "timestamp.txt"
        if stamp.is_file() and not stamp.is_symlink():
            shutil.copy(stamp, new)
        (new / f"{assignment}.ipynb").write_text(text, encoding="utf-8")
        (new / FILE_NAME).write_text(report.to_json(), encoding="utf-8")
        if final.exists():
            final.rename(old)
        new.rename(final)
        shutil.rmtree(old, ignore_errors=True)


@dataclass
class Summary:
    """What the instructor reads at the end: small, however large the class."""

    points: list[float]
    most: float
    attention: list[tuple[str, str]]
    failed: int = 0

    def add(self, report: Report) -> None:
        """Take in one report."""
        if report.state == "graded":
            self.points.append(report.points)
        else:
            self.failed += 1
            self.attention.append((report.student, report.reason))
        self.attention += [(report.student, _about(note)) for note in report.notes]
        self.attention += [
            (report.student, f"{test.name}: {test.message}")
            for test in report.tests
            if test.state in ("test error", "timeout", "died")
        ]

    def show(self, console: Console, course: Course, assignment: str, walls: str) -> None:
        """Print it."""
        if self.points:
            table = Table(title=_("Automatic points, {name}").format(name=assignment))
            table.add_column(_("points"), justify="right")
            table.add_column(_("students"), justify="right")
            table.add_column("")
            step = self.most / 10 or 1
            counts = [0] * 10
            for points in self.points:
                counts[min(9, int(points / step))] += 1
            for number, count in reversed(list(enumerate(counts))):
                bar = "█" * round(30 * count / max(counts))
                table.add_row(f"{number * step:g}–{(number + 1) * step:g}", str(count), bar)
            console.print(table)
            console.print(
                _(
                    "{n} graded; median {median:g} of {most:g} automatic points. Sandbox: {walls}."
                ).format(
                    n=len(self.points),
                    median=statistics.median(self.points),
                    most=self.most,
                    walls=walls,
                )
            )
        if self.attention:
            table = Table(title=_("Worth your attention"))
            table.add_column(_("student"))
            table.add_column(_("why"), overflow="fold")
            for student, why in self.attention[:ROWS]:
                table.add_row(_plain(student), _plain(why))
            console.print(table)
            if len(self.attention) > ROWS:
                console.print(_("… and {n} more.").format(n=len(self.attention) - ROWS))


ROWS = 60


def _about(note: Note) -> str:
    return f"{note.cell}: {note.text}" if note.cell else note.text


def _plain(text: str) -> str:
    """Return text without what a terminal or rich would obey."""
    return "".join(c if c.isprintable() else " " for c in text).replace("[", r"\[")


def run(options: argparse.Namespace) -> int:
    """Grade as the command line says."""
    course = Course(options.course)
    assignment = options.assignment
    source = read_source(course, assignment)
    walls = require_walls(options.without_sandbox)
    console = Console(stderr=True)
    console.print(_("Sandbox: {walls}.").format(walls=walls))
    everybody = course.students_submitted(assignment)
    if options.student is not None:
        if options.student not in everybody:
            raise UserError(
                _("{student} has handed in nothing for {assignment}.").format(
                    student=options.student, assignment=assignment
                )
            )
        everybody = [options.student]
    if not options.force:
        new = []
        for student in everybody:
            path, _reason = find_submission(course, student, assignment)
            if path is None or not is_current(course, source, student, path):
                new.append(student)
        if len(new) < len(everybody):
            console.print(_("{n} were graded before.").format(n=len(everybody) - len(new)))
        everybody = new
    if not everybody:
        console.print(_("There is nothing new to grade."))
        return 0
    summary = Summary([], _most(source), [])
    columns = (
        TextColumn(_("Grading")),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(_("{task.fields[failed]} failed")),
        TextColumn(_("{task.fields[rate]} a minute")),
        TimeRemainingColumn(),
    )
    try:
        with Progress(*columns, console=console, refresh_per_second=2) as progress:
            bar = progress.add_task("", total=len(everybody), failed=0, rate="–")
            for report in grade_all(
                course,
                assignment,
                everybody,
                options.jobs,
                without_sandbox=options.without_sandbox,
            ):
                summary.add(report)
                speed = progress.tasks[0].speed
                rate = f"{60 * speed:.0f}" if speed else "–"
                progress.update(bar, advance=1, failed=summary.failed, rate=rate)
    except KeyboardInterrupt:
        console.print(_("Stopped. Nothing is lost: run the same command again to go on."))
        return 130
    summary.show(Console(), course, assignment, walls)
    return 1 if summary.failed else 0


def _most(source: Source) -> float:
    return sum(
        float(cell.metadata.nbgrader.get("points", 0))
        for cell in source.master.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")
    )
