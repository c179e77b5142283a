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
from sqlalchemy import Select, select

from servicequality.grading.cli import UserError
from servicequality.grading.course import Course
from servicequality.grading.report import Report, report_of


@dataclass(frozen=True)
class Evidence:
    """What is known about the submissions of a class.

    Texts that students wrote are on one line and hold no control characters; they may hold HTML.

    Attributes
    ----------
    results : DataFrame
        One row per student and test, in the order of the notebook: student, test, task, points
        (missing until a person has marked it), most (points possible), state (as in `report.Test`;
        "marked" or "unmarked" if a person has to judge it), message, late (hours after the due
        time; 0 if in time).
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
    source = _load(course.source(assignment))
    tasks = _tasks(source)
    scores = marks(course, assignment)
    if scores.empty:
        raise UserError(
            _("Nothing of {assignment} is graded yet: servicequality grade {assignment}").format(
                assignment=assignment
            )
        )
    stubs = _stubs(course, assignment)
    students = sorted({*scores["student"], *course.students_submitted(assignment)})
    reports = [report_of(course.folder, assignment, student) for student in students]
    known = [report for report in reports if report]
    failed = {report.student: report.reason for report in known if report.state == "not graded"}
    scores = scores[~scores["student"].isin(failed)]
    given = tuple(_cells_of_code(course.release(assignment) / f"{assignment}.ipynb"))
    return Evidence(
        results=_with_reports(
            scores, known, tasks, {_name(cell) for cell in source if _judged_by_a_person(cell)}
        ),
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


def _tasks(cells: list[dict[str, Any]]) -> dict[str, str]:
    """Return the task of each cell that nbgrader knows: the last one that a cell above names."""
    tasks, task = {}, ""
    for cell in cells:
        task = cell["metadata"].get("servicequality", {}).get("task", task)
        if _name(cell):
            tasks[_name(cell)] = task or _name(cell)
    return tasks


def _judged_by_a_person(cell: dict[str, Any]) -> bool:
    role = cell["metadata"].get("nbgrader", {})
    return bool(role.get("task") or (role.get("grade") and role.get("solution")))


def marks(course: Course, assignment: str) -> pd.DataFrame:
    """Read all marks of an assignment from the gradebook.

    Returns
    -------
    DataFrame
        One row per student and test: student, test, auto (points that the test gave, missing if a
        person has to), manual (points that a person gave instead, or missing), points (those that
        count, with extra credit; missing until somebody has judged), most (points possible) and
        late (hours). Empty if nothing is graded.
    """
    columns = ["student", "test", "auto", "manual", "points", "most", "late"]
    query = (
        select(
            SubmittedAssignment.student_id.label("student"),
            BaseCell.name.label("test"),
            Grade.auto_score.label("auto"),
            Grade.manual_score.label("manual"),
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
    found = _ask(course, query)
    if found.empty:
        return pd.DataFrame(columns=columns)
    numbers = ["auto", "manual", "points", "most"]
    found[numbers] = found[numbers].astype(float)
    judged = found[["auto", "manual"]].notna().any(axis=1)
    extension = pd.to_timedelta(found["extension"]).fillna(pd.Timedelta(0))
    due = pd.to_datetime(found["duedate"]) + extension
    hours = (pd.to_datetime(found["timestamp"]) - due) / pd.Timedelta(hours=1)
    late = hours.clip(lower=0).fillna(0)
    return found.assign(points=found["points"].where(judged), late=late)[columns]


def _stubs(course: Course, assignment: str) -> dict[str, str]:
    """Return the released text of each cell, hidden tests and all."""
    query = (
        select(SourceCell.name, SourceCell.source)
        .join(SourceCell.notebook)
        .join(Notebook.assignment)
        .where(Assignment.name == assignment)
    )
    return dict(_ask(course, query).itertuples(index=False, name=None))


def _ask(course: Course, query: Select) -> pd.DataFrame:
    if not (course.folder / "gradebook.db").is_file():
        return pd.DataFrame()
    with course.gradebook() as book:
        return pd.DataFrame(book.db.execute(query).all())


def _with_reports(
    scores: pd.DataFrame, reports: list[Report], tasks: dict[str, str], by_hand: set[str]
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
        [
            table["points"].isna(),
            table["test"].isin(by_hand),
            table["points"] >= table["most"],
            table["points"] > 0,
        ],
        ["unmarked", "marked", "passed", "partial"],
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
