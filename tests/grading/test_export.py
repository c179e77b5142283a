"""Marks for spreadsheets, Canvas and Moodle."""

import csv
import io
import re
from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nbgrader.apps import ExportApp
from nbgrader.coursedir import CourseDirectory

from servicequality.grading.cli import UserError
from servicequality.grading.export import (
    CanvasExporter,
    MoodleExporter,
    TaskExporter,
    harmless,
)
from servicequality.grading.report import FILE_NAME, Report

EVIL = '=HYPERLINK("http://bad","click")'
RIGHT = "def double(x):\n    return 2 * x"


@pytest.fixture
def marked(course, release, submit):
    """A course with marks, written into a real gradebook as a grader does.

    ada: all right, essay read (4 of 5), an hour late with 1 point of penalty. bob: small test
    only, essay not read. cyd: handed in, could not be graded. dan: nothing. eve: collected only.
    """
    with course.gradebook() as book:
        book.update_or_create_assignment("tiny", duedate="2026-03-02 12:00:00 UTC")
        book.add_student("ada", first_name="Zoë", last_name="王, Ada", email="ada@example.org")
        book.add_student("bob", last_name=EVIL, lms_user_id="1002")
        book.add_student("cyd")
        book.add_student("1004", last_name="dan", lms_user_id="1004")
        book.add_student("eve")
        for student, scores, late in [
            ("ada", {"x9-1-small": 1, "x9-1-large": 3, "x9-2-name": 2, "x9-3-answer": None}, 1),
            ("bob", {"x9-1-small": 1, "x9-1-large": 0, "x9-2-name": -0.5, "x9-3-answer": None}, 0),
            ("cyd", dict.fromkeys(["x9-1-small", "x9-1-large", "x9-2-name", "x9-3-answer"]), 0),
        ]:
            submission = book.add_submission("tiny", student)
            submission.timestamp = submission.duedate + timedelta(hours=late)
            (notebook,) = submission.notebooks
            notebook.late_submission_penalty = float(late)
            for grade in notebook.grades:
                grade.auto_score = scores[grade.name]
                grade.needs_manual_grade = scores[grade.name] is None
                if (student, grade.name) == ("ada", "x9-3-answer"):
                    grade.manual_score, grade.needs_manual_grade = 4, False
        book.db.commit()
    for student in ("ada", "bob", "cyd", "eve"):
        submit(course, student, release(course))
    folder = course.autograded("cyd", "tiny")
    folder.mkdir(parents=True)
    report = Report("tiny", "cyd", "not graded", "No JSON.", "none", "2026-03-02", "", "")
    (folder / FILE_NAME).write_text(report.to_json())
    return course


@pytest.fixture
def export(marked, tmp_path):
    """Run an exporter on that course; returns the bytes that it wrote."""

    def export(exporter, **options):
        app = ExportApp()
        app.coursedir = CourseDirectory(root=str(marked.root))
        plugin = exporter(parent=app, to=str(tmp_path / "out.csv"), **options)
        with marked.gradebook() as book:
            plugin.export(book)
        return (tmp_path / "out.csv").read_bytes()

    return export


def table(content, encoding):
    return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))


def test_tasks(export):
    rows = table(export(TaskExporter), "utf-8-sig")
    points = ["X9.1", "x9-1-small", "x9-1-large", "X9.2", "x9-2-name", "X9.3", "x9-3-answer"]
    columns = [f"tiny/{name}" for name in (*points, "total", "late", "state")]
    assert rows[0] == ["student", "last name", "first name", *columns]
    assert rows[1:] == [
        ["1004", "dan", "", "", "", "", "", "", "", "", "", "", "missing"],
        ["ada", "王, Ada", "Zoë", *["4", "1", "3", "2", "2", "4", "4"], "9", "1", "graded"],
        ["bob", "'" + EVIL, "", *["1", "1", "0", "-0.5", "-0.5"], "", "", "0.5", "0", "to be read"],
        ["cyd", "", "", "", "", "", "", "", "", "", "", "0", "not graded"],
        ["eve", "", "", "", "", "", "", "", "", "", "", "", "not graded"],
    ]


def test_tasks_in_pandas_and_excel(export):
    """pandas skips the byte-order mark by itself; Excel needs it to know UTF-8."""
    content = export(TaskExporter)
    assert content.startswith(b"\xef\xbb\xbfstudent,")
    table = pd.read_csv(io.BytesIO(content), index_col="student")
    assert table["tiny/total"].dropna().to_dict() == {"ada": 9, "bob": 0.5}
    assert table.loc["ada", "first name"] == "Zoë"


def test_a_cell_of_no_task_is_its_own(make_course, tiny, tmp_path):
    del tiny.cells[4].metadata["servicequality"]
    course = make_course(tiny)
    app = ExportApp()
    app.coursedir = CourseDirectory(root=str(course.root))
    with course.gradebook() as book:
        submission = book.add_submission("tiny", book.add_student("ada").id)
        for grade in submission.notebooks[0].grades:
            grade.auto_score, grade.needs_manual_grade = 1, False
        book.db.commit()
        TaskExporter(parent=app, to=str(tmp_path / "out.csv")).export(book)
    (row,) = pd.read_csv(tmp_path / "out.csv").to_dict("records")
    assert {key.removeprefix("tiny/"): row[key] for key in row if "9-1" in key or "9.1" in key} == {
        "x9-1-small": 1,
        "X9.1": 1,
        "x9-1-large": 1,
    }


def test_canvas(export):
    content = export(CanvasExporter, assignment_ids={"tiny": 12345})
    assert content.startswith(b"Student,ID,SIS User ID,SIS Login ID,Section,tiny (12345)\r\n")
    assert table(content, "utf-8")[1:] == [
        ["    Points Possible", "", "", "", "", "11"],
        ["王, Ada, Zoë", "", "", "ada", "", "9"],
        ["'" + EVIL, "1002", "", "bob", "", "0.5"],
    ]


def test_canvas_finds_an_assignment_by_its_title_too(export):
    assert table(export(CanvasExporter), "utf-8")[0][-1] == "tiny"


def test_moodle(export):
    rows = table(export(MoodleExporter), "utf-8-sig")
    assert rows[0] == [
        "Identifier",
        "Full name",
        "ID number",
        "Email address",
        "Grade",
        "Maximum Grade",
        "Last modified (grade)",
    ]
    assert rows[1:] == [
        ["", "Zoë 王, Ada", "ada", "ada@example.org", "9", "11", "-"],
        ["Participant 1002", "'" + EVIL, "bob", "", "0.5", "11", "-"],
    ]


def test_moodle_takes_one_assignment(export, marked):
    with marked.gradebook() as book:
        book.add_assignment("other")
    with pytest.raises(UserError, match=r"one assignment at a time.*There is other, tiny\."):
        export(MoodleExporter)
    assert len(table(export(MoodleExporter, assignment=["tiny"]), "utf-8-sig")) == 3


@pytest.mark.parametrize("exporter", [TaskExporter, CanvasExporter])
def test_only_those_asked_for(export, exporter):
    rows = table(export(exporter, student=["bob"], assignment=["tiny"]), "utf-8-sig")
    assert [row[0] for row in rows if row[0] not in ("student", "Student")][-1] in (
        "bob",
        "'" + EVIL,
    )
    assert not any("ada" in row for row in rows)
    with pytest.raises(UserError, match="no student zoe"):
        export(exporter, student=["zoe"])
    with pytest.raises(UserError, match="no assignment huge"):
        export(exporter, assignment=["huge"])


def test_from_nbgraders_command_line(marked, nbgrader):
    config = marked.grading / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.CanvasExporter.assignment_ids = {"tiny": 7}\n')
    exporter = "servicequality.grading.export.CanvasExporter"
    said = nbgrader(marked, "export", f"--exporter={exporter}", '--assignment=["tiny"]')
    assert "tiny of bob is not read to the end" in said
    rows = table((marked.grading / "canvas.csv").read_bytes(), "utf-8")
    assert rows[0][-1] == "tiny (7)"
    assert [row[3] for row in rows[2:]] == ["ada", "bob"]


# Formulas


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+49 1", "'+49 1"),
        ("-cmd", "'-cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("a;=1", "a;'=1"),
        ('a\n"=1', "a\n'\"=1"),
        ("a,+b", "a,'+b"),
        ("Doe, Jane", "Doe, Jane"),
        ("Anne-Marie", "Anne-Marie"),
        ("a=b", "a=b"),
        ("ada@example.org", "ada@example.org"),
        ("-", "-"),
        ("", ""),
        (None, ""),
        (-0.5, "-0.5"),
        (2.0, "2"),
        (7 / 3, "2.333333333"),
        (1e-7, "1e-07"),
        (12345678.25, "12345678.25"),
    ],
)
def test_cells(value, written):
    assert harmless(value) == written


@given(st.text())
@example("=1")
@example(";=1")
@example('";=1')
@example(";;=1")
@example("\n\n+1")
@example("\t=\t=1")
def test_no_text_becomes_a_formula(text):
    """Whichever separator the reading program believes in."""
    written = io.StringIO(newline="")
    csv.writer(written).writerow(["name", harmless(text), -1])
    line = written.getvalue()
    assert next(csv.reader(io.StringIO(line, newline="")))[1] == harmless(text)
    for separator in ";|\t,":
        for row in csv.reader(io.StringIO(line, newline=""), delimiter=separator):
            for cell in row:
                stripped = cell.strip().strip("\"' ") if not cell.startswith("'") else ""
                number = re.fullmatch(r"-1", stripped)
                assert number or not re.match(r"[=+\-@＝＋－＠].", stripped)


@given(st.text(st.characters(codec="utf-8")))
def test_ordinary_text_comes_back(text):
    assert harmless(text).replace("'", "") == text.replace("'", "")
