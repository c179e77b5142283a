"""The grade command: what it writes, where it goes on, and what stops it."""

import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

import nbformat
import pytest

from servicequality.grading import cli, grade, sandbox
from servicequality.grading.cli import UserError
from servicequality.grading.report import report_of

SLUG = "tiny"
RIGHT = {
    "x9-1-solution": "def double(x):\n    return 2 * x",
    "x9-2-solution": "def greet(name):\n    return f'Good morning, {name}'",
}
WRONG = RIGHT | {"x9-1-solution": "def double(x):\n    return x + 2"}
TESTS = ["x9-1-small", "x9-1-large", "x9-2-name"]


@pytest.fixture
def hand_in(course, release, submit):
    """Hand in the release with some answers."""

    def hand_in(student, answers):
        notebook = release(course)
        for cell in notebook.cells:
            cell.source = answers.get(cell.id, cell.source)
        folder = course.submitted(student, SLUG)
        if folder.exists():
            nbformat.write(notebook, folder / f"{SLUG}.ipynb")
        else:
            submit(course, student, notebook)

    return hand_in


def run(course, *options):
    return cli.main(["grade", SLUG, "--course", str(course.root), "--jobs", "2", *options])


def marks(course):
    """Everything that the gradebook says of marks, in an order of its own."""
    with course.gradebook() as book:
        return {
            (student.id, grade.name): (
                grade.auto_score,
                grade.manual_score,
                grade.needs_manual_grade,
            )
            for student in book.students
            for grade in book.find_submission_notebook(SLUG, SLUG, student.id).grades
        }


def points(course, student):
    return [marks(course)[student, test][0] for test in TESTS]


def test_a_class_is_graded_and_summed_up(course, hand_in, capsys):
    hand_in("ada", RIGHT)
    hand_in("bob", WRONG)
    hand_in("cem", {"x9-3-answer": "Honestly, I do not know."})
    broken = course.submitted("dee", SLUG)
    broken.mkdir(parents=True)
    (broken / f"{SLUG}.ipynb").write_text("{")
    assert run(course) == 1
    assert points(course, "ada") == [1, 3, 2]
    assert points(course, "bob") == [1, 0, 2]
    assert points(course, "cem") == points(course, "dee") == [0, 0, 0]
    assert marks(course)["cem", "x9-3-answer"][2]
    assert not marks(course)["bob", "x9-3-answer"][2]
    shown = capsys.readouterr().out
    assert "3 graded; median 3 of 6 automatic points." in shown
    assert "dee" in shown
    assert "not valid JSON" in " ".join(shown.split())
    page = nbformat.read(course.autograded("dee", SLUG) / f"{SLUG}.ipynb", as_version=4)
    assert "not valid JSON" in page.cells[0].source

    # Run again, it does only what is new; a new submission is scored afresh.
    before = report_of(course.folder, SLUG, "ada").graded_at, marks(course)
    hand_in("bob", RIGHT)
    hand_in("cem", WRONG)
    time.sleep(1.1)
    assert run(course, "--student", "bob") == 0
    assert points(course, "bob") == [1, 3, 2]
    assert points(course, "cem") == [0, 0, 0]
    assert run(course) == 0
    assert "3 were graded before." in " ".join(capsys.readouterr().err.split())
    assert points(course, "cem") == [1, 0, 2]
    assert report_of(course.folder, SLUG, "ada").graded_at == before[0]
    assert run(course, "--force", "--student", "ada") == 0
    assert report_of(course.folder, SLUG, "ada").graded_at > before[0]
    assert points(course, "ada") == [1, 3, 2]


def test_marks_and_comments_of_people_are_kept(course, hand_in):
    hand_in("ada", RIGHT | {"x9-3-answer": "Much."})
    run(course)
    with course.gradebook() as book:
        book.find_grade("x9-3-answer", SLUG, SLUG, "ada").manual_score = 4
        book.find_grade("x9-2-name", SLUG, SLUG, "ada").extra_credit = 0.5
        book.find_comment("x9-3-answer", SLUG, SLUG, "ada").manual_comment = "Good."
        book.db.commit()
    hand_in("ada", WRONG | {"x9-3-answer": "More."})
    run(course)
    with course.gradebook() as book:
        written = book.find_grade("x9-3-answer", SLUG, SLUG, "ada")
        assert (written.manual_score, written.needs_manual_grade) == (4, True)
        assert book.find_grade("x9-2-name", SLUG, SLUG, "ada").extra_credit == 0.5
        assert book.find_comment("x9-3-answer", SLUG, SLUG, "ada").manual_comment == "Good."
    assert points(course, "ada") == [1, 0, 2]


def test_nothing_is_written_unless_asked(course, hand_in, tmp_path, monkeypatch):
    hand_in("ada", RIGHT)
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (report,) = grade.grade_all(course, SLUG, write=False)
    assert report.points == 6
    assert not list((tmp_path / "scratch").iterdir())
    assert not course.autograded("ada", SLUG).exists()
    assert marks(course) == {}


def test_killed_at_any_moment_it_goes_on(course, hand_in, tmp_path):
    for number in range(8):
        hand_in(f"s{number}", [RIGHT, WRONG, {}][number % 3])
    draw = random.Random(5)
    command = [sys.executable, "-m", "servicequality.grading.cli", "grade", SLUG, "--jobs", "2"]
    finished = 0
    for attempt in range(5):
        process = subprocess.Popen(
            command, cwd=course.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        seen = len(list(course.folder.glob("autograded/*/tiny/grading.json")))
        finished = max(finished, seen)
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            now = len(list(course.folder.glob("autograded/*/tiny/grading.json")))
            if now > seen + attempt // 2:
                break
            time.sleep(0.02)
        time.sleep(draw.random() * 0.5)
        process.send_signal(signal.SIGKILL if attempt % 2 else signal.SIGINT)
        process.wait()
    assert run(course) == 0
    interrupted = marks(course)
    assert interrupted == {
        **{
            (f"s{n}", test): (score, None, False)
            for n in range(8)
            for test, score in zip(TESTS, [[1, 3, 2], [1, 0, 2], [0, 0, 0]][n % 3], strict=True)
        },
        **{(f"s{n}", "x9-3-answer"): (0.0, None, False) for n in range(8)},
    }
    folders = {path.name for path in course.folder.glob("autograded/*/*")}
    assert folders == {SLUG}
    for student in range(8):
        assert report_of(course.folder, SLUG, f"s{student}").state == "graded"


def test_a_lane_that_ends_is_replaced(course, hand_in):
    for student in ("ada", "bob", "cem"):
        hand_in(student, RIGHT)
    reports = grade.grade_all(course, SLUG, jobs=1)
    first = next(reports)
    grade._open_lanes[0]._connection.shutdown(socket.SHUT_RDWR)
    assert [report.state for report in (first, *reports)] == ["graded"] * 3


def test_a_configuration_that_cannot_be_loaded_stops_grading(course, hand_in, capsys):
    hand_in("ada", RIGHT)
    with (course.grading / "nbgrader_config.py").open("a") as file:
        file.write("\nc.Oops = = 1\n")
    assert run(course) == 2
    said = capsys.readouterr().err
    assert "nbgrader_config.py cannot be loaded, so nothing was graded." in said
    assert "SyntaxError" in said
    assert not course.autograded("ada", SLUG).exists()


def test_without_walls_it_refuses_unless_told(monkeypatch):
    monkeypatch.setattr(sandbox, "level", lambda: sandbox.NONE)
    with pytest.raises(UserError, match="--without-sandbox"):
        sandbox.require_walls()
    assert sandbox.require_walls(allow_none=True) == sandbox.NONE


LOWER_LEVELS = {
    sandbox.BUBBLEWRAP_AND_LANDLOCK: [sandbox.BUBBLEWRAP, sandbox.LANDLOCK, sandbox.NONE],
    sandbox.BUBBLEWRAP: [sandbox.NONE],
    sandbox.LANDLOCK: [sandbox.NONE],
}


def test_this_machine_has_a_sandbox():
    assert sandbox.level() in LOWER_LEVELS


@pytest.mark.parametrize("walls", LOWER_LEVELS.get(sandbox.level(), []))
def test_every_level_grades(course, hand_in, walls, monkeypatch):
    hand_in("ada", WRONG)
    monkeypatch.setattr(sandbox, "level", lambda: walls)
    (report,) = grade.grade_all(course, SLUG, jobs=1, without_sandbox=True)
    assert [test.points for test in report.tests] == [1, 0, 2]
    assert report.sandbox == walls


def test_an_assignment_must_be_released_as_it_is(course, hand_in, capsys):
    hand_in("ada", RIGHT)
    source = course.source(SLUG)
    source.write_text(source.read_text().replace("Twice 2 is 4.", "Two times 2 is 4."))
    assert run(course) == 2
    said = capsys.readouterr().err
    assert "x9-1-small" in said
    assert "nbgrader generate_assignment tiny --force" in said
    assert cli.main(["grade", "timy", "--course", str(course.root)]) == 2
    assert "no assignment 'timy'" in capsys.readouterr().err


def test_a_student_who_handed_in_nothing(course, hand_in, capsys):
    hand_in("ada", RIGHT)
    assert run(course, "--student", "eve") == 2
    assert "eve has handed in nothing" in capsys.readouterr().err
    assert os.listdir(course.folder / "submitted") == ["ada"]


def test_a_test_at_fault_is_reported_as_such(make_course, tiny, release, submit, capsys):
    next(c for c in tiny.cells if c.id == "x9-2-name").source = "7"
    course = make_course(tiny, "faulty")
    notebook = release(course, "faulty")
    submit(course, "ada", notebook, "faulty")
    assert cli.main(["grade", "faulty", "--course", str(course.root)]) == 0
    report = report_of(course.folder, "faulty", "ada")
    assert {t.name: t.state for t in report.tests}["x9-2-name"] == "test error"
    assert report.points == 0
    assert "gave 7 of 2" in " ".join(capsys.readouterr().out.split())
