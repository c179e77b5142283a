"""What is known about the submissions of a class: gradebook, reports and graded notebooks."""

import json
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Notebook,
    SourceCell,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select

from .cli import UserError
from .course import Course
from .report import Report, report_of


@dataclass(frozen=True)
class Evidence:
    """What is known about the submissions of a class.

    Texts that students wrote are on one line and hold no control characters; they may hold HTML.

    Attributes
    ----------
    results : DataFrame
        One row per student and test, in the order of the notebook: student, test, task, points
        (missing until a person has marked it), most (points possible), state (as in `report.Test`;
        "unmarked" if a person has to), message, late (hours after the due time; 0 if in time).
    answers : DataFrame
        One row per student and cell that the student could write in: student, cell, task, source,
        code (whether it is code), solution (whether it is the place for the answer), touched.
    notes : DataFrame
        One row per thing noticed: student, kind ("repair", "tampering", "sandbox", "limit"), text,
        cell.
    given : tuple of str
        All cells of code that everybody was given.
    failed : dict of str to str
        Students whose submission could not be graded, with the reason.
    """

    results: pd.DataFrame
    answers: pd.DataFrame
    notes: pd.DataFrame
    given: tuple[str, ...]
    failed: dict[str, str]


def gather(course: Course, assignment: str) -> Evidence:
    """Read the gradebook, the reports and the graded notebooks of an assignment.

    Raises
    ------
    UserError
        If there is no such assignment, or nothing of it was graded.
    """
    tasks = _tasks(course.source(assignment))
    scores, stubs = _gradebook(course, assignment)
    if scores.empty:
        raise UserError(
            _("Nothing of {assignment} is graded yet: servicequality grade {assignment}").format(
                assignment=assignment
            )
        )
    students = sorted({*scores["student"], *course.students_submitted(assignment)})
    reports = [report_of(course.folder, assignment, student) for student in students]
    known = [report for report in reports if report]
    failed = {report.student: report.reason for report in known if report.state == "not graded"}
    scores = scores[~scores["student"].isin(failed)]
    given = tuple(_cells_of_code(course.release(assignment) / f"{assignment}.ipynb"))
    return Evidence(
        results=_with_reports(scores, known, tasks),
        answers=_answers(course, assignment, list(scores["student"].unique()), tasks, stubs),
        notes=pd.DataFrame(
            [
                (report.student, note.kind, one_line(note.text), note.cell)
                for report in known
                for note in report.notes
            ],
            columns=["student", "kind", "text", "cell"],
        ),
        given=(*given, *stubs.values()),
        failed=failed,
    )


def one_line(text: str) -> str:
    """Return a text on one line without control characters, which could change a terminal."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())


def _load(path: Path) -> list[dict[str, Any]]:
    """Return the cells of a notebook of ours, with their sources as one text."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return [cell | {"source": "".join(cell["source"])} for cell in cells]


def _cells_of_code(path: Path) -> list[str]:
    cells = _load(path) if path.is_file() else []
    return [cell["source"] for cell in cells if cell["cell_type"] == "code"]


def _name(cell: dict[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _tasks(source: Path) -> dict[str, str]:
    """Return the task of each cell that nbgrader knows: the last one that a cell above names."""
    tasks, task = {}, ""
    for cell in _load(source):
        task = cell["metadata"].get("servicequality", {}).get("task", task)
        if _name(cell):
            tasks[_name(cell)] = task or _name(cell)
    return tasks


def _gradebook(course: Course, assignment: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return points per student and test, and the released text of each cell."""
    if not (course.folder / "gradebook.db").is_file():
        return pd.DataFrame(), {}
    query = (
        select(
            SubmittedAssignment.student_id.label("student"),
            BaseCell.name.label("test"),
            Grade.auto_score,
            Grade.manual_score,
            Grade.score.label("points"),
            Grade.max_score.label("most"),
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
            Assignment.duedate,
        )
        .join(Grade.cell)
        .join(Grade.notebook)
        .join(SubmittedNotebook.assignment)
        .join(SubmittedAssignment.assignment)
        .where(Assignment.name == assignment)
    )
    cells = (
        select(SourceCell.name, SourceCell.source)
        .join(SourceCell.notebook)
        .join(Notebook.assignment)
        .where(Assignment.name == assignment)
    )
    with course.gradebook() as book:
        found = pd.DataFrame(book.db.execute(query).all())
        stubs = dict(book.db.execute(cells).all())
    if found.empty:
        return found, stubs
    judged = found[["auto_score", "manual_score"]].notna().any(axis=1)
    due = pd.to_datetime(found["duedate"]) + pd.to_timedelta(found["extension"]).fillna(
        pd.Timedelta(0)
    )
    hours = (pd.to_datetime(found["timestamp"]) - due) / pd.Timedelta(hours=1)
    found = found.assign(points=found["points"].where(judged), late=hours.clip(lower=0).fillna(0))
    return found[["student", "test", "points", "most", "late"]], stubs


def _with_reports(
    scores: pd.DataFrame, reports: list[Report], tasks: dict[str, str]
) -> pd.DataFrame:
    told = pd.DataFrame(
        [
            (report.student, test.name, test.state, one_line(test.message))
            for report in reports
            for test in report.tests
        ],
        columns=["student", "test", "state", "message"],
    )
    table = scores.merge(told, how="left", on=["student", "test"])
    by_points = np.select(
        [table["points"].isna(), table["points"] >= table["most"], table["points"] > 0],
        ["unmarked", "passed", "partial"],
        "failed",
    )
    place = {name: position for position, name in enumerate(tasks)}
    return (
        table.assign(
            task=table["test"].map(tasks).fillna(table["test"]),
            state=table["state"].fillna(pd.Series(by_points, index=table.index)),
            message=table["message"].fillna(""),
            place=table["test"].map(place),
        )
        .sort_values(["student", "place"])
        .reset_index(drop=True)[
            ["student", "test", "task", "points", "most", "state", "message", "late"]
        ]
    )


def _answers(
    course: Course,
    assignment: str,
    students: list[str],
    tasks: dict[str, str],
    stubs: dict[str, str],
) -> pd.DataFrame:
    rows = []
    for student in students:
        path = course.autograded(student, assignment) / f"{assignment}.ipynb"
        task = ""
        for number, cell in enumerate(_load(path) if path.is_file() else []):
            role = cell["metadata"].get("nbgrader", {})
            name = _name(cell) or f"cell {number + 1}"
            task = tasks.get(name, task)
            code = cell["cell_type"] == "code"
            solution = bool(role.get("solution") or role.get("task"))
            if solution or (code and not role):
                touched = cell["source"].strip() != stubs.get(name, "").strip()
                rows.append((student, name, task, cell["source"], code, solution, touched))
    columns = ["student", "cell", "task", "source", "code", "solution", "touched"]
    table = pd.DataFrame(rows, columns=columns)
    flags = dict.fromkeys(["code", "solution", "touched"], bool)
    return table.astype(flags | dict.fromkeys(["student", "cell", "task", "source"], str))
