"""A page for each student: what was right, what was not, and what to look at next.

One HTML file, complete in itself: it opens offline and forbids all scripts. Of a test it shows the
message, never the source, the values or the traceback.
"""

import base64
import hashlib
import re
import shutil
from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import Any

import jinja2
import nbformat
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry, SubmittedNotebook
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from rich.console import Console
from rich.progress import track

from .cli import UserError
from .course import Course
from .report import Note, Report, TestState, report_of
from .sanitise import clean_markdown, sanitise

TEMPLATES = Path(__file__).parent / "templates"
HEADING = re.compile(
    r"^##\s+(?P<title>.+?)\s*(?:\((?:[^()]*,\s*)?[\d.]+ points?\))?\s*$", re.MULTILINE
)
TEST_TITLE = re.compile(r"#\s*(?:[A-Z]+\d+\.\d+,\s*)?(?P<title>.+?)(?::\s*[\d.]+ points?)?\s*")


@dataclass
class Output:
    """What a cell showed: "text", "error", clean "html", or an "image" by its address."""

    kind: str
    content: str
    alt: str = ""
    width: int = 0
    height: int = 0


@dataclass
class Answer:
    """A cell that the student wrote: its HTML, what it showed, and the instructor's comment."""

    html: Markup
    outputs: list[Output] = field(default_factory=list)
    comment: str = ""
    empty: bool = False


@dataclass
class Mark:
    """The points for one test, or for an answer that a person reads."""

    title: str
    points: float
    most: float
    state: TestState | str
    message: str = ""
    by_hand: bool = False


@dataclass
class Task:
    """One part of the assignment with its marks and the student's answers."""

    title: str
    marks: list[Mark] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    own: list[Answer] = field(default_factory=list)

    @property
    def points(self) -> float:
        """Sum of the points."""
        return sum(mark.points for mark in self.marks)

    @property
    def most(self) -> float:
        """Sum of the points possible."""
        return sum(mark.most for mark in self.marks)

    @property
    def summary(self) -> str:
        """What became of the tests, in a few words."""
        if any(mark.state == "unmarked" for mark in self.marks):
            return _("not marked yet")
        tests = [mark for mark in self.marks if mark.state != "marked"]
        if not tests:
            return _("marked by your instructor")
        passed = sum(mark.state == "passed" for mark in tests)
        return ngettext(
            "{passed} of {n} test passed", "{passed} of {n} tests passed", len(tests)
        ).format(passed=passed, n=len(tests))


@dataclass
class Page:
    """All that the template shows."""

    title: str
    student: str
    tasks: list[Task]
    points: float
    most: float
    penalty: float = 0.0
    handed_in: datetime | None = None
    reason: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def marked(self) -> bool:
        """Tell whether all of it is marked."""
        return not any(mark.state == "unmarked" for task in self.tasks for mark in task.marks)


def run(options: Namespace) -> int:
    """Write the pages of a class, or of one student; return the exit code.

    Raises
    ------
    UserError
        If there is nothing graded to write about.
    """
    course = Course(options.course)
    course.source(options.assignment)
    graded = [
        path.parent.name
        for path in sorted(course.folder.glob(f"autograded/[!.]*/{options.assignment}"))
        if path.is_dir() and options.student in (None, path.parent.name)
    ]
    if not graded:
        raise UserError(
            _("There is nothing graded of {who} for {assignment}. Grade first: {command}").format(
                who=options.student or _("anybody"),
                assignment=options.assignment,
                command=f"servicequality grade {options.assignment}",
            )
        )
    console = Console()
    failed: list[tuple[str, Exception]] = []
    for student in track(graded, _("Writing feedback"), console=console):
        try:
            write(course, options.assignment, student)
        except Exception as reason:  # whatever it is, the others get their pages
            failed.append((student, reason))
    folder = course.folder / "feedback"
    console.print(
        ngettext("{n} page in {folder}", "{n} pages in {folder}", len(graded) - len(failed)).format(
            n=len(graded) - len(failed), folder=folder
        ),
        markup=False,
    )
    for student, why in failed:
        console.print(
            _("No page for {student}: {why}").format(student=student, why=why),
            markup=False,
        )
    return 1 if failed else 0


def write(course: Course, assignment: str, student: str) -> Path:
    """Write a student's page where nbgrader looks for it; return its path.

    Raises
    ------
    UserError
        If the gradebook does not know the submission.
    """
    graded = course.autograded(student, assignment)
    notebook = graded / f"{assignment}.ipynb"
    html = page(
        course,
        assignment,
        student,
        nbformat.read(notebook, as_version=4) if notebook.is_file() else nbformat.v4.new_notebook(),
    )
    folder = course.feedback(student, assignment)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{assignment}.html"
    draft.write_text(html, encoding="utf-8")
    if (graded / "timestamp.txt").is_file():
        shutil.copyfile(graded / "timestamp.txt", folder / "timestamp.txt")
    return draft.replace(folder / f"{assignment}.html")


class FeedbackExporter(Exporter):
    """The same page for `nbgrader generate_feedback`."""

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override]  # as in nbconvert's own exporters
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page of the submission that nbgrader names in the resources."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        names = resources["nbgrader"]
        converter: Any = self.parent
        course = Course(Path(converter.coursedir.root))
        return page(course, names["assignment"], names["student"], nb), resources


def page(course: Course, assignment: str, student: str, notebook: NotebookNode) -> str:
    """Return a student's page as HTML.

    Parameters
    ----------
    course : Course
    assignment, student : str
        As nbgrader names them.
    notebook : NotebookNode
        The graded notebook, of any content.

    Raises
    ------
    UserError
        If the gradebook does not know the submission, and no report says why.
    """
    source = nbformat.read(course.source(assignment), as_version=4)
    report = report_of(course.folder, assignment, student)
    with course.gradebook() as book:
        try:
            submission = book.find_submission_notebook(assignment, assignment, student)
        except MissingEntry:
            if not (report and report.reason):
                raise UserError(
                    _("the gradebook does not know this submission; grade it again.")
                ) from None
            submission = None
        view = Page(
            title=_title(source) or assignment,
            student=_name(book, student),
            tasks=_tasks(source, notebook, submission, report) if submission else [],
            points=submission.score if submission else 0,
            most=submission.max_score if submission else 0,
            penalty=(submission.late_submission_penalty or 0) if submission else 0,
            handed_in=submission.assignment.timestamp if submission else None,
            reason=report.reason if report else "",
            notes=report.notes if report else (),
        )
    return _draw(view)


def _title(source: NotebookNode) -> str:
    found = re.search(r"^#\s+(.+)$", source.cells[0].source, re.MULTILINE) if source.cells else None
    return found[1] if found else ""


def _name(book: Gradebook, student: str) -> str:
    try:
        known = book.find_student(student)
    except MissingEntry:
        return student
    return " ".join(filter(None, [known.first_name, known.last_name])) or student


def _role(cell: Mapping[str, Any]) -> dict[str, Any]:
    metadata = cell.get("metadata")
    role = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return dict(role) if isinstance(role, Mapping) else {}


def _tasks(
    source: NotebookNode,
    notebook: NotebookNode,
    submission: SubmittedNotebook,
    report: Report | None,
) -> list[Task]:
    """Return the parts of the instructor's notebook, filled with what the student did.

    What is a test and what an answer is taken from the source alone.
    """
    tasks = [Task(_("Before the first task"))]
    answers: dict[str, Task] = {}
    place: dict[str, Task] = {}
    marks = _Marks(submission, report, notebook)
    for cell in source.cells:
        role = _role(cell)
        heading = HEADING.search(cell.source)
        if heading and cell.cell_type == "markdown" and not role.get("solution"):
            tasks.append(Task(heading["title"]))
        name = role.get("grade_id", "")
        place[cell.id] = place[name] = tasks[-1]
        if role.get("solution") or role.get("task"):
            answers[name] = tasks[-1]
        if role.get("grade") or role.get("task"):
            tasks[-1].marks.extend(marks.of(name, _test_title(cell)))
    comments = {comment.name: comment for comment in submission.comments}
    texts = {cell.source.strip() for cell in source.cells}
    here = tasks[0]
    for raw, clean in _cells(notebook):
        name = _role(raw).get("grade_id") or raw.get("id")
        here = place.get(name, here) if isinstance(name, str) else here
        if name in answers:
            answer, comment = _answer(clean), comments.get(name)
            if comment and comment.manual_comment:
                answer.comment = Markup(clean_markdown(comment.manual_comment))
            answer.empty = bool(comment and comment.auto_comment)  # nbgrader's "No response."
            answers.pop(name).answers.append(answer)
        elif not _role(raw) and name not in place and _is_own(raw, texts):
            here.own.append(_answer(clean))
    return [task for task in tasks if task.marks or task.answers or task.own]


def _cells(notebook: NotebookNode) -> Iterator[tuple[Mapping[str, Any], NotebookNode]]:
    """Pair each cell with its harmless form."""
    clean = sanitise(notebook)
    raw = [cell for cell in notebook.cells if isinstance(cell, Mapping)]
    return zip(raw, clean.cells, strict=False)


def _is_own(cell: Mapping[str, Any], texts: set[str]) -> bool:
    """Tell whether a student added a cell that says or shows something."""
    text = cell.get("source")
    return (
        isinstance(text, str)
        and bool(text.strip())
        and text.strip() not in texts
        and "HIDDEN TESTS" not in text
    )


def _test_title(cell: NotebookNode) -> str:
    if cell.cell_type != "code":
        return _("Your text")
    found = TEST_TITLE.fullmatch(cell.source.partition("\n")[0])
    if not found:
        return str(cell.metadata.nbgrader.grade_id)
    return found["title"][:1].upper() + found["title"][1:]


class _Marks:
    """Points and messages by the name of a test, from gradebook, report and notebook."""

    def __init__(
        self, submission: SubmittedNotebook, report: Report | None, notebook: NotebookNode
    ) -> None:
        self.grades = {grade.name: grade for grade in submission.grades}
        self.tests = {test.name: test for test in report.tests} if report else {}
        self.messages = {
            _role(cell).get("grade_id"): output.evalue
            for cell in notebook.cells
            for output in cell.get("outputs", [])
            if output.output_type == "error"
        }

    def of(self, name: str, title: str) -> Iterator[Mark]:
        """Give the mark of a test, if the gradebook knows it."""
        grade = self.grades.get(name)
        if not grade:
            return
        mark = Mark(title, grade.score, grade.max_score, "marked")
        test = self.tests.get(name)
        if grade.needs_manual_grade:
            mark.state = "unmarked"
        elif grade.auto_score is not None and grade.cell.cell_type == "code":
            states = {0: "failed", grade.max_score: "passed"}
            mark.state = test.state if test else states.get(grade.auto_score, "partial")
            if mark.state != "passed":
                mark.message = test.message if test else str(self.messages.get(name, ""))
            mark.by_hand = grade.manual_score is not None and grade.manual_score != grade.auto_score
        yield mark


def _answer(cell: NotebookNode) -> Answer:
    """Return a clean cell for the template, which escapes all but clean HTML."""
    if cell.cell_type != "code":
        return Answer(Markup(cell.source))
    code = highlight(cell.source, PythonLexer(stripnl=False), HtmlFormatter(cssclass="code"))
    return Answer(Markup(code), [_output(output) for output in cell.outputs])


def _output(output: NotebookNode) -> Output:
    if output.output_type == "stream":
        return Output("text", strip_ansi(output.text))
    if output.output_type == "error":
        return Output("error", strip_ansi(f"{output.ename}: {output.evalue}"))
    for mime in ("image/png", "image/jpeg"):
        if mime in output.data:
            address = f"data:{mime};base64,{output.data[mime]}"
            known = {"alt": _("An image without a description")} | output.metadata.get(mime, {})
            return Output("image", address, **known)
    if "text/html" in output.data:
        return Output("html", Markup(output.data["text/html"]))
    return Output("text", strip_ansi(output.data.get("text/plain", "")))


def _number(value: float) -> str:
    return f"{round(value, 2):g}"


@cache
def _style() -> str:
    light, dark = (HtmlFormatter(style=name) for name in ("friendly", "github-dark"))
    return "\n".join(
        [
            (TEMPLATES / "feedback.css").read_text(encoding="utf-8"),
            light.get_style_defs([".code", ".highlight"]),
            "@media screen and (prefers-color-scheme: dark) {",
            dark.get_style_defs([".code", ".highlight"]),
            "}",
        ]
    )


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["number"] = _number
    environment.globals["_"] = _
    return environment


def _draw(view: Page) -> str:
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        _environment()
        .get_template("feedback.html")
        .render(page=view, style=Markup(style), digest=digest)
    )
