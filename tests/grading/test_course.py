"""Where the files of a course lie, and its gradebook."""

import sqlite3
from pathlib import Path

import pytest

from servicequality.grading.cli import UserError
from servicequality.grading.course import Course


def test_places_are_nbgraders(course, nbgrader, release, submit):
    submit(course, "ada", release(course))
    nbgrader(course, "autograde", "tiny")
    assert (course.autograded("ada", "tiny") / "tiny.ipynb").is_file()
    nbgrader(course, "generate_feedback", "tiny")
    assert (course.feedback("ada", "tiny") / "tiny.html").is_file()
    with course.gradebook() as book:
        assert [student.id for student in book.students] == ["ada"]
        assert book.find_assignment("tiny").max_score == 11
        assert book.find_submission("tiny", "ada").max_score == 11
    nbgrader(course, "release_assignment", "tiny")
    assert course.inbound.is_dir()


def test_students_who_submitted(course):
    for student, assignment in [
        ("zoe", "tiny"),
        ("王小明", "tiny"),
        ("ada", "tiny"),
        ("bob", "other"),
        (".incoming", "tiny"),
    ]:
        course.submitted(student, assignment).mkdir(parents=True)
    course.submitted("file", "tiny").parent.mkdir()
    course.submitted("file", "tiny").write_text("not a folder")
    assert course.students_submitted("tiny") == ["ada", "zoe", "王小明"]
    assert course.students_submitted("nothing") == []


def test_a_new_gradebook_needs_no_path(course, monkeypatch):
    monkeypatch.setenv("PATH", "nowhere")
    database = course.folder / "gradebook.db"
    database.unlink()
    with course.gradebook() as book:
        assert book.assignments == []
    with sqlite3.connect(database) as tables:
        assert tables.execute("select count(*) from alembic_version").fetchone() == (1,)
        assert tables.execute("select id from course").fetchall() == [("service-quality",)]


def test_source_of_an_assignment(course):
    assert course.source("tiny").read_bytes().startswith(b"{")
    with pytest.raises(UserError, match=r"no assignment 'tony' in .*exercises. There is: tiny\."):
        course.source("tony")
    for name in ["../exercises/tiny", ".", ""]:
        with pytest.raises(UserError, match="no assignment"):
            course.source(name)


def test_tasks_in_the_order_of_the_notebook(course):
    assert list(course.tasks("tiny").items()) == [
        ("tools", "tools"),
        ("x9-1-solution", "X9.1"),
        ("x9-1-small", "X9.1"),
        ("x9-1-large", "X9.1"),
        ("x9-2-solution", "X9.2"),
        ("x9-2-name", "X9.2"),
        ("x9-3-answer", "X9.3"),
    ]


def test_a_relative_root_stays_when_the_working_folder_changes(course, monkeypatch, tmp_path):
    monkeypatch.chdir(course.root)
    here = Course(Path())
    monkeypatch.chdir(tmp_path)
    assert here == course
    assert here.students_submitted("tiny") == []


def test_a_folder_that_is_no_course(tmp_path):
    with pytest.raises(UserError, match=r"is not a course folder: it has no exercises\..*--course"):
        Course(tmp_path)
    (tmp_path / "exercises").mkdir()
    with pytest.raises(UserError, match=r"has no grading/nbgrader_config\.py"):
        Course(tmp_path)
