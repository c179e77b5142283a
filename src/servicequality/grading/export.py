"""Marks for other programs: a table of tasks, and the formats of Canvas and Moodle.

Each is an exporter of nbgrader::

    nbgrader export --exporter=servicequality.grading.export.TaskExporter --to tasks.csv

Names and ids are what students chose. A spreadsheet program takes a cell that starts with
``=``, ``+``, ``-`` or ``@`` for a formula, so such text gets an apostrophe in front (OWASP, "CSV
injection"). Numbers stay numbers.
"""

import csv
import re
from collections.abc import Iterator
from gettext import gettext as _
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student, SubmittedAssignment
from nbgrader.plugins import ExportPlugin
from traitlets import Dict, Integer, Unicode

from .cli import UserError
from .course import Course
from .report import report_of

Cell = str | float | None

# At the start of the text, and after whatever some spreadsheet program takes for a separator.
FORMULA = re.compile(r"(^|[;,|\t\r\n])(?=[\s\"']*[=+\-@＝＋－＠].|[\t\r\n])", re.DOTALL)


def harmless(value: Cell) -> str:
    """Return a cell as it can stand in a file that a spreadsheet program may open."""
    if value is None:
        return ""
    if isinstance(value, str):
        return FORMULA.sub(r"\1'", value)
    return format(value, ".10g")


class SheetExporter(ExportPlugin):
    """Base of the exporters: which students and assignments, and how to write a file."""

    default_to = "marks.csv"
    # Excel reads a CSV without a byte-order mark in the code page of its Windows, and spoils names.
    # pandas, R's readr and Moodle skip the mark.
    encoding = "utf-8-sig"

    def export(self, gradebook: Gradebook) -> None:
        """Write the file."""
        path = Path(self.to or self.default_to)
        rows = list(self.rows(gradebook))
        with path.open("w", encoding=self.encoding, newline="") as file:
            csv.writer(file).writerows([harmless(cell) for cell in row] for row in rows)
        self.log.info("Exported %s", path)

    def rows(self, gradebook: Gradebook) -> Iterator[list[Cell]]:
        """Yield the header and the rows."""
        raise NotImplementedError

    @property
    def course(self) -> Course:
        """The course whose gradebook it is."""
        return Course(Path(self.parent.coursedir.root))

    def students(self, gradebook: Gradebook) -> list[Student]:
        """Return those asked for, or all; sorted by id."""
        wanted = {str(each) for each in self.student}
        students = [each for each in gradebook.students if not wanted or each.id in wanted]
        self._check(_("student"), wanted, {each.id for each in students})
        return sorted(students, key=lambda each: each.id)

    def assignments(self, gradebook: Gradebook) -> list[Assignment]:
        """Return those asked for, or all; sorted by name."""
        wanted = {str(each) for each in self.assignment}
        found = [each for each in gradebook.assignments if not wanted or each.name in wanted]
        self._check(_("assignment"), wanted, {each.name for each in found})
        return sorted(found, key=lambda each: each.name)

    def _check(self, what: str, wanted: set[str], found: set[str]) -> None:
        if missing := sorted(wanted - found):
            raise UserError(
                _("The gradebook has no {what} {missing}.").format(
                    what=what, missing=", ".join(missing)
                )
            )

    def total(self, gradebook: Gradebook, assignment: Assignment, student: Student) -> float | None:
        """Return a student's mark, with any penalty; None if there is none.

        A mark that still waits for somebody to read a written answer is exported with a warning.
        """
        submission = submission_of(gradebook, assignment, student)
        state = state_of(self.course, assignment.name, student.id, submission)
        if submission is None or state not in (GRADED, TO_BE_READ):
            return None
        if state == TO_BE_READ:
            self.log.warning("%s of %s is not read to the end", assignment.name, student.id)
        return max(0.0, submission.score - submission.late_submission_penalty)


GRADED, TO_BE_READ, NOT_GRADED, MISSING = "graded", "to be read", "not graded", "missing"


def submission_of(
    gradebook: Gradebook, assignment: Assignment, student: Student
) -> SubmittedAssignment | None:
    """Return what a student handed in, as far as the gradebook knows."""
    try:
        return gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return None


def state_of(
    course: Course, assignment: str, student: str, submission: SubmittedAssignment | None
) -> str:
    """Return "graded", "to be read" (by a person), "not graded" or "missing"."""
    report = report_of(course.folder, assignment, student)
    if submission is None or (report and report.state == "not graded"):
        handed_in = course.submitted(student, assignment).is_dir()
        return NOT_GRADED if handed_in else MISSING
    return TO_BE_READ if submission.needs_manual_grade else GRADED


def full_name(student: Student) -> str:
    """Return first and last name, or the id."""
    return " ".join(filter(None, [student.first_name, student.last_name])) or student.id


class TaskExporter(SheetExporter):
    """One row per student; per assignment a column for each task, test, total, lateness and state.

    Columns are called `02-servqual/X2.1` (a task), `02-servqual/x2-1-item` (a cell of it),
    `02-servqual/total` (with the penalty for lateness), `02-servqual/late` (hours) and
    `02-servqual/state` ("graded", "to be read", "not graded", "missing"). A cell is empty where
    nothing was judged.
    """

    default_to = "tasks.csv"

    def rows(self, gradebook: Gradebook) -> Iterator[list[Cell]]:
        """Yield the header and the rows."""
        course = self.course
        assignments = self.assignments(gradebook)
        cells = {each.name: cells_by_task(course, each) for each in assignments}
        header: list[Cell] = ["student", "last name", "first name"]
        for name, tasks in cells.items():
            columns = [label for task, tests in tasks.items() for label in labels(task, tests)]
            header += [f"{name}/{label}" for label in (*columns, "total", "late", "state")]
        yield header
        for student in self.students(gradebook):
            row: list[Cell] = [student.id, student.last_name, student.first_name]
            for assignment in assignments:
                submission = submission_of(gradebook, assignment, student)
                points = points_of(submission)
                for task, tests in cells[assignment.name].items():
                    judged = [points[test] for test in tests if test in points]
                    given = points | ({task: sum(judged)} if judged else {})
                    row += [given.get(label) for label in labels(task, tests)]
                row += [
                    self.total(gradebook, assignment, student),
                    submission.total_seconds_late / 3600 if submission else None,
                    state_of(course, assignment.name, student.id, submission),
                ]
            yield row


def cells_by_task(course: Course, assignment: Assignment) -> dict[str, list[str]]:
    """Return the graded cells of each task, in the order of the notebook."""
    known = course.tasks(assignment.name)
    order = {name: place for place, name in enumerate(known)}
    graded = {
        cell.name
        for notebook in assignment.notebooks
        for cell in [*notebook.grade_cells, *notebook.task_cells]
    }
    tasks: dict[str, list[str]] = {}
    for name in sorted(graded, key=lambda name: (order.get(name, len(order)), name)):
        tasks.setdefault(known.get(name, name), []).append(name)
    return tasks


def labels(task: str, tests: list[str]) -> list[str]:
    """Return the columns of a task: its own, and one for each test that is called otherwise."""
    return [task, *(test for test in tests if test != task)]


def points_of(submission: SubmittedAssignment | None) -> dict[str, float]:
    """Return the points of each cell that was judged."""
    return {
        grade.name: grade.score
        for notebook in (submission.notebooks if submission else [])
        for grade in notebook.grades
        if grade.auto_score is not None or grade.manual_score is not None
    }


class CanvasExporter(SheetExporter):
    """Canvas's gradebook file, for Grades → Import.

    Canvas finds a student by its own number (kept by `servicequality collect`), else by the login.
    It finds an assignment by its number, if `assignment_ids` tells it, else by its exact title.
    Students without a mark are left out, so that nothing in Canvas is overwritten with nothing.
    """

    default_to = "canvas.csv"
    encoding = "utf-8"  # Canvas takes a byte-order mark for a part of the first column's name

    assignment_ids = Dict(
        key_trait=Unicode(),
        value_trait=Integer(),
        help="Canvas's numbers of assignments, such as {'02-servqual': 12345}, as in their address",
    ).tag(config=True)

    def rows(self, gradebook: Gradebook) -> Iterator[list[Cell]]:
        """Yield the header, the points possible, and the rows."""
        assignments = self.assignments(gradebook)
        titles: list[Cell] = [
            f"{each.name} ({self.assignment_ids[each.name]})"
            if each.name in self.assignment_ids
            else each.name
            for each in assignments
        ]
        yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *titles]
        possible: list[Cell] = [each.max_score for each in assignments]
        yield ["    Points Possible", "", "", "", "", *possible]
        for student in self.students(gradebook):
            marks: list[Cell] = [self.total(gradebook, each, student) for each in assignments]
            if any(mark is not None for mark in marks):
                name = ", ".join(filter(None, [student.last_name, student.first_name]))
                number = student.lms_user_id
                login = None if number == student.id else student.id
                yield [name or student.id, number, None, login, None, *marks]


class MoodleExporter(SheetExporter):
    """A file of one assignment that Moodle's two imports of marks read.

    Assignment → Submissions → Upload grading worksheet finds a student by "Identifier": the
    participant's number, kept by `servicequality collect` from Moodle's zip. Grades → Import → CSV
    file lets you choose: map "Email address" or "ID number", and "Grade" to the assignment.
    Students without a mark are left out.
    """

    default_to = "moodle.csv"

    def rows(self, gradebook: Gradebook) -> Iterator[list[Cell]]:
        """Yield the header and the rows."""
        assignments = self.assignments(gradebook)
        if len(assignments) != 1:
            raise UserError(
                _(
                    "Moodle takes one assignment at a time: name it, as in "
                    """--assignment='["02-servqual"]'. There is {known}."""
                ).format(known=", ".join(each.name for each in assignments) or _("none"))
            )
        (assignment,) = assignments
        yield [
            "Identifier",
            "Full name",
            "ID number",
            "Email address",
            "Grade",
            "Maximum Grade",
            "Last modified (grade)",
        ]
        for student in self.students(gradebook):
            mark = self.total(gradebook, assignment, student)
            if mark is not None:
                number = student.lms_user_id
                yield [
                    f"Participant {number}" if number else None,
                    full_name(student),
                    None if number == student.id else student.id,
                    student.email,
                    mark,
                    assignment.max_score,
                    "-",
                ]
