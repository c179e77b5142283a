"""Grading again after a test was mended: first shown, then written, with a trail."""

import copy
import io
import json
import shutil

import nbformat
import pandas as pd
import pytest
from rich.console import Console

from servicequality.grading import regrade
from servicequality.grading.cli import main
from servicequality.grading.course import Course
from servicequality.grading.grade import grade_all
from servicequality.grading.report import Report, Test, report_of

COLUMNS = ["student", "task", "test", "before", "after"]


def report(student, *tests, state="graded", reason="", sha="one", source="old"):
    return Report("tiny", student, state, reason, "none", "", sha, source, tests=tests)


def marks(*rows):
    columns = ["student", "test", "auto", "manual", "points", "most", "late"]
    return pd.DataFrame(rows, columns=columns)


def test_what_changes_by_how_much():
    before = marks(
        ("bob", "small", 0.0, None, 0.0, 1, 0),
        ("ada", "large", 3.0, None, 3.0, 3, 0),
        ("ada", "small", 0.0, None, 0.5, 1, 0),
        ("bob", "large", 3.0, None, 3.0, 3, 0),
    )
    new = [
        report(
            "bob", Test("small", "X9.1", 1, 1, "passed"), Test("large", "X9.1", 1, 3, "partial")
        ),
        report("ada", Test("small", "X9.1", 1, 1, "passed"), Test("large", "X9.1", 3, 3, "passed")),
    ]
    plan = regrade.compare(before, {"ada": report("ada"), "bob": None}, new)
    assert plan.changes.to_numpy().tolist() == [
        ["ada", "X9.1", "small", 0.5, 1.5],  # half a point of extra credit stays
        ["bob", "X9.1", "small", 0.0, 1.0],
        ["bob", "X9.1", "large", 3.0, 1.0],
    ]
    assert list(plan.changes) == list(plan.kept) == COLUMNS
    assert plan.kept.empty
    assert plan.left_out == plan.faults == {}


def test_a_mark_by_hand_stays():
    before = marks(("ada", "small", 0.0, 0.8, 0.8, 1, 0), ("bob", "small", 1.0, 0.2, 0.2, 1, 0))
    new = [report(name, Test("small", "X9.1", 1, 1, "passed")) for name in ("ada", "bob")]
    plan = regrade.compare(before, dict.fromkeys(["ada", "bob"]), new)
    assert plan.changes.empty
    assert plan.kept.to_numpy().tolist() == [["ada", "X9.1", "small", 0.0, 1.0]]


def test_who_is_left_out_and_why():
    before = marks(*((name, "small", 0.0, None, 0.0, 1, 0) for name in ("ada", "bob", "cat")))
    passed = Test("small", "X9.1", 1, 1, "passed")
    old = {
        "ada": report("ada"),
        "bob": report("bob", sha="first"),
        "cat": report("cat", state="not graded", sha=""),
    }
    new = [
        report("ada", state="not graded", reason="No notebook in it."),
        report("bob", passed, sha="second"),
        report("cat", passed),
    ]
    plan = regrade.compare(before, old, new)
    assert plan.left_out == {
        "ada": "No notebook in it.",
        "bob": "handed in anew since; run servicequality grade first",
    }
    assert plan.changes["student"].tolist() == ["cat"]


def test_a_test_newly_at_fault_is_found():
    before = marks(("ada", "small", 0.0, None, 0.0, 1, 0), ("ada", "large", 0.0, None, 0.0, 3, 0))
    known = Test("small", "X9.1", 0, 1, "test error", "NameError")
    new = Test("large", "X9.1", 0, 3, "test error", "KeyError")
    plan = regrade.compare(before, {"ada": report("ada", known)}, [report("ada", known, new)])
    assert plan.faults == {"large": "KeyError"}


def test_a_mark_that_was_never_given_counts_as_none():
    before = marks(("ada", "small", None, None, None, 1, 0))
    new = [report("ada", Test("small", "X9.1", 1, 1, "passed"))]
    plan = regrade.compare(before, {"ada": None}, new)
    assert plan.changes[["before", "after"]].to_numpy().tolist() == [[0, 1]]


def test_what_has_changed_is_told_in_the_order_of_the_plan():
    names = ("eve", "cat", "bob", "ada")
    before = marks(*((name, "small", 0.0, None, 0.0, 1, 0) for name in names))
    after = before.assign(points=[1.0, 1.0, 1.0, 0.0])
    plan = pd.DataFrame([(who, "X9.1", "small", 0, 1) for who in ("bob", "cat")], columns=COLUMNS)
    made = regrade.difference(before, after, plan)
    assert made.to_numpy().tolist() == [
        ["bob", "X9.1", "small", 0, 1],
        ["cat", "X9.1", "small", 0, 1],
        ["eve", "small", "small", 0, 1],
    ]


def test_a_test_that_depends_on_chance_is_named(capsys):
    rows = [("ada", "X9.1", "a", 0, 1), ("bob", "X9.1", "a", 0, 1), ("cat", "X9.1", "b", 1, 0)]
    every = pd.DataFrame(rows, columns=COLUMNS)
    planned, made = every.iloc[:2], every.iloc[[0, 2]]
    regrade._warn_of_others(planned, made, Console(width=200))
    said = capsys.readouterr().out
    assert "ada" not in said
    assert "bob, a: other than announced. Does the test depend on chance?" in said
    assert "cat, b: other than announced" in said


WRONG = 'assert double(2) == 5, "Twice 2 is 5."'
RIGHT = 'assert double(2) == 4, "Twice 2 is 4."'
AT_FAULT = "double(2) + 1"  # more points than there are


def with_test(notebook, source):
    changed = copy.deepcopy(notebook)
    (cell,) = (cell for cell in changed.cells if cell.id == "x9-1-small")
    cell.source = source
    return changed


def mend(course, notebook, nbgrader):
    nbformat.write(notebook, course.source("tiny"))
    nbgrader(course, "generate_assignment", "tiny", "--force")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("regrade")


@pytest.fixture
def graded(folder, tmp_path, make_course, tiny, release, submit):
    """A class graded with a wrong test: it fails ada and cat, who are right, and passes bob.

    It is graded once for all tests of this file.
    """
    kept = folder / "graded"
    if not kept.exists():
        course = make_course(with_test(tiny, WRONG))
        answers = {"ada": "2 * x", "bob": "2 * x + 1", "cat": "x + x"}
        for student, answer in answers.items():
            notebook = release(course)
            for cell in notebook.cells:
                if cell.id == "x9-1-solution":
                    cell.source = f"def double(x):\n    return {answer}"
            submit(course, student, notebook)
        assert {each.state for each in grade_all(course, "tiny", None, 2, True)} == {"graded"}
        with course.gradebook() as book:
            book.find_grade("x9-1-small", "tiny", "tiny", "cat").manual_score = 0.75
            book.find_grade("x9-3-answer", "tiny", "tiny", "ada").manual_score = 4
            comment = book.find_comment("x9-1-solution", "tiny", "tiny", "ada")
            comment.manual_comment = "The test was wrong; sorry."
            book.db.commit()
        course.root.rename(kept)
    return Course(shutil.copytree(kept, tmp_path / "graded"))


@pytest.fixture
def mended(folder, tmp_path, graded, tiny, nbgrader):
    """The same class when the test has been mended."""
    kept = folder / "mended"
    if not kept.exists():
        mend(graded, with_test(tiny, RIGHT), nbgrader)
        graded.root.rename(kept)
    return Course(shutil.copytree(kept, tmp_path / "mended"))


@pytest.fixture
def outcome(folder, mended):
    """What grading again gives; worked out once, since nothing of it is written."""
    kept = folder / "outcome.json"
    if not kept.exists():
        new = grade_all(mended, "tiny", None, 2, False)
        kept.write_text(json.dumps([each.to_json() for each in new]))
    return [Report.from_json(text) for text in json.loads(kept.read_text())]


def scores(course):
    with course.gradebook() as book:
        names = ["ada", "bob", "cat"]
        return {name: book.find_submission("tiny", name).score for name in names}


def trail(course):
    path = course.folder / regrade.TRAIL
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def command(course, *options):
    return main(["regrade", "tiny", "--course", str(course.root), "--jobs", "2", *options])


@pytest.mark.parametrize(("said", "code"), [("", 2), ("n\n", 0), ("\n", 0)])
def test_nothing_is_written_unasked(mended, outcome, said, code, capsys, monkeypatch):
    def unwritten(course, assignment, students, jobs, write, **options):
        assert not write
        return outcome

    monkeypatch.setattr(regrade, "grade_all", unwritten)
    before = scores(mended)
    monkeypatch.setattr("sys.stdin", io.StringIO(said))
    assert command(mended) == code
    shown = capsys.readouterr()
    for text in [
        "Students who gain: 1, together 1. Who lose: 1, together 1.",
        "cat, x9-1-small: a person's mark stays (the test gave 0, now 1).",
    ]:
        assert text in shown.out
    assert "ada, x9" not in shown.out
    assert "Nothing was written" in shown.out + shown.err
    assert scores(mended) == before
    assert not (mended.folder / regrade.TRAIL).exists()


def test_first_shown_then_written(mended, monkeypatch, capsys):
    assert scores(mended) == {"ada": 7, "bob": 1, "cat": 3.75}
    old = report_of(mended.folder, "tiny", "ada").source_sha256
    monkeypatch.setattr("sys.stdin", io.StringIO("y\nTwice 2 is 4.\n"))
    assert command(mended) == 0
    assert scores(mended) == {"ada": 8, "bob": 0, "cat": 3.75}
    with mended.gradebook() as book:
        comment = book.find_comment("x9-1-solution", "tiny", "tiny", "ada")
        assert comment.comment == "The test was wrong; sorry."
        assert book.find_grade("x9-3-answer", "tiny", "tiny", "ada").score == 4
        assert book.find_grade("x9-1-small", "tiny", "tiny", "cat").auto_score == 1
    started, finished = trail(mended)
    assert [started["event"], finished["event"]] == ["started", "finished"]
    assert finished["changes"] == started["changes"]
    assert [(c["student"], c["before"], c["after"]) for c in finished["changes"]] == [
        ("ada", 0, 1),
        ("bob", 1, 0),
    ]
    assert finished["reason"] == "Twice 2 is 4."
    assert finished["assignment"] == "tiny"
    assert finished["who"]
    assert finished["source_before"] == [old]
    assert finished["source_after"] == [report_of(mended.folder, "tiny", "bob").source_sha256]
    assert finished["source_after"] != [old]

    capsys.readouterr()
    assert command(mended, "--yes") == 0
    assert "No mark changes" in capsys.readouterr().out
    assert len(trail(mended)) == 2


def test_a_mended_test_that_is_itself_at_fault_changes_nothing(graded, tiny, nbgrader, capsys):
    mend(graded, with_test(tiny, AT_FAULT), nbgrader)
    before = scores(graded)
    assert command(graded, "--yes") == 2
    assert "x9-1-small is itself at fault" in capsys.readouterr().out
    assert scores(graded) == before
    assert not (graded.folder / regrade.TRAIL).exists()


def test_a_stopped_regrade_leaves_a_trail_of_what_was_written(mended, outcome, monkeypatch):
    def stopped(course, assignment, students, jobs, write, **options):
        if not write:
            yield from outcome
            return
        yield from grade_all(course, assignment, students[:1], jobs, write)
        raise KeyboardInterrupt

    def rest(course, assignment, students, jobs, write, **options):
        return grade_all(course, assignment, students, jobs, write) if write else outcome

    monkeypatch.setattr(regrade, "grade_all", stopped)
    assert command(mended, "--yes", "--reason", "wrong sum") == 130
    started, last = trail(mended)
    assert last["event"] == "stopped"
    assert len(started["changes"]) == 2
    assert [change["student"] for change in last["changes"]] == ["ada"]
    monkeypatch.setattr(regrade, "grade_all", rest)
    assert command(mended, "--yes", "--reason", "wrong sum") == 0
    assert [change["student"] for change in trail(mended)[-1]["changes"]] == ["bob"]
    assert scores(mended) == {"ada": 8, "bob": 0, "cat": 3.75}


def test_nothing_graded_yet(course, capsys):
    assert command(course) == 2
    assert "Nothing of tiny is graded yet" in capsys.readouterr().err
    assert main(["regrade", "none", "--course", str(course.root)]) == 2
    assert "no assignment 'none'" in capsys.readouterr().err
