"""Taking in submissions: every source, and everything that can be wrong with one."""

import contextlib
import os
import shutil
import stat
import subprocess
import sys
import time
import unicodedata
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicequality.grading import archive, intake
from servicequality.grading.cli import UserError, main
from servicequality.grading.intake import collect, folder_name

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def answer(course, release):
    """The bytes of a notebook that somebody hands in; a number makes it another one."""

    def answer(number=0):
        notebook = release(course)
        notebook.cells[3].source = f"def double(x):\n    return x + x + 0 * {number}\n"
        return nbformat.writes(notebook).encode()

    return answer


@pytest.fixture
def take_in(course):
    """Collect; returns the outcome of each student."""

    def take_in(source=None):
        outcomes = collect(course, "tiny", source)
        assert len({each.student for each in outcomes}) == len(outcomes)
        return {each.student: each for each in outcomes}

    return take_in


@pytest.fixture(autouse=True)
def nothing_else_is_written(tmp_path):
    """Whatever comes in: only these folders of the course change, and only files of ours."""
    yield
    if not (tmp_path / "course").exists():
        return
    written = {path.name for path in (tmp_path / "course").iterdir()}
    assert written == {"exercises", "grading"}
    folder = tmp_path / "course" / "grading" / "course"
    assert {path.name for path in folder.iterdir()} <= {
        "autograded",
        "exchange",
        "gradebook.db",
        "release",
        "submitted",
        "superseded",
    }
    for path in (folder / "submitted").glob("[!.]*/*/*"):
        assert path.name in {"tiny.ipynb", "timestamp.txt", "submission_secret.txt"}
        assert stat.S_ISREG(path.lstat().st_mode)
    assert not any((folder / "submitted").glob(".incoming/ready/*"))


def submitted(course, student):
    return (course.submitted(student, "tiny") / "tiny.ipynb").read_bytes()


def handed_in(course, student):
    text = (course.submitted(student, "tiny") / "timestamp.txt").read_text()
    assert text.endswith(" UTC")
    return datetime.fromisoformat(text.removesuffix(" UTC")).replace(tzinfo=UTC)


def put(path: Path, content: bytes, at: datetime = NOON) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def local_zip_time(at: datetime):
    return at.astimezone().timetuple()[:6]


def make_zip(path: Path, files: dict[str, bytes], at: datetime = NOON) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, local_zip_time(at))
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content)
    return path


def text_of(outcome):
    return "\n".join(outcome.notes)


# A folder


def test_a_folder_of_notebooks(course, tmp_path, answer, take_in):
    desk = tmp_path / "desk"
    put(desk / "ada.ipynb", answer(1))
    put(desk / "bob" / "tiny.ipynb", answer(2), NOON + timedelta(hours=1))
    outcomes = take_in(desk)
    assert [(each.student, each.state, each.notes) for each in outcomes.values()] == [
        ("ada", "accepted", ()),
        ("bob", "accepted", ()),
    ]
    assert submitted(course, "ada") == answer(1)
    assert submitted(course, "bob") == answer(2)
    assert handed_in(course, "ada") == outcomes["ada"].handed_in == NOON
    assert handed_in(course, "bob") == NOON + timedelta(hours=1)
    assert course.students_submitted("tiny") == ["ada", "bob"]


def test_what_was_collected_is_graded(course, tmp_path, answer, take_in, nbgrader):
    put(tmp_path / "desk" / "ada.ipynb", answer())
    take_in(tmp_path / "desk")
    nbgrader(course, "autograde", "tiny")
    with course.gradebook() as book:
        assert [student.id for student in book.students] == ["ada"]
        submission = book.find_submission("tiny", "ada")
        assert submission.score == 4
        assert submission.timestamp == NOON.replace(tzinfo=None)


@pytest.mark.parametrize(
    "name", ["Tiny_final.ipynb", "tiny.ipynb.txt", "tiny.ipynb.json", "TINY.IPYNB", "我的.ipynb"]
)
def test_the_only_notebook_is_taken_whatever_its_name(course, tmp_path, answer, take_in, name):
    put(tmp_path / "desk" / "ada" / name, answer())
    outcome = take_in(tmp_path / "desk")["ada"]
    assert outcome.state == "repaired"
    assert text_of(outcome) == f"Renamed from {name} to tiny.ipynb."
    assert submitted(course, "ada") == answer()


def test_of_copies_the_last_saved_is_taken(course, tmp_path, answer, take_in):
    ada, bob, cyd = (tmp_path / "desk" / name for name in ("ada", "bob", "cyd"))
    put(ada / "tiny.ipynb", answer(1))
    put(ada / "tiny-Copy1.ipynb", answer(2), NOON + timedelta(minutes=1))
    put(ada / "draft.ipynb", answer(3), NOON + timedelta(minutes=2))
    put(bob / "tiny (1).ipynb", answer(1))
    put(bob / "tiny (10).ipynb", answer(2))
    put(bob / "tiny (9).ipynb", answer(3))
    put(cyd / "tiny.ipynb", answer(4), NOON + timedelta(minutes=1))
    put(cyd / "tiny-1.ipynb", answer(5))
    outcomes = take_in(tmp_path / "desk")
    assert submitted(course, "ada") == submitted(course, "bob") == answer(2)
    assert submitted(course, "cyd") == answer(4)
    assert outcomes["ada"].notes == (
        "Renamed from tiny-Copy1.ipynb to tiny.ipynb.",
        "Left out: draft.ipynb, tiny.ipynb.",
    )
    assert outcomes["cyd"].state == "accepted"


def test_several_notebooks_none_of_them_named(tmp_path, answer, take_in, course):
    put(tmp_path / "desk" / "ada" / "one.ipynb", answer())
    put(tmp_path / "desk" / "ada" / "two.ipynb", answer())
    outcome = take_in(tmp_path / "desk")["ada"]
    assert outcome.state == "refused"
    assert outcome.notes == (
        "2 notebooks, and none is tiny.ipynb: one.ipynb, two.ipynb. Which is it?",
    )
    assert course.students_submitted("tiny") == []


def test_no_notebook(tmp_path, take_in):
    desk = tmp_path / "desk"
    put(desk / "ada" / "essay.docx", b"words")
    put(desk / "bob" / "work.ZIP", b"PK")
    (desk / "cyd").mkdir()
    put(desk / "dan" / "tiny.ipynb", b" \n")
    put(desk / "readme.txt", b"for the teacher")
    outcomes = take_in(desk)
    assert {each.state for each in outcomes.values()} == {"refused"}
    assert {name: text_of(each) for name, each in outcomes.items()} == {
        "ada": "No notebook, only essay.docx.",
        "bob": "An archive, which is not opened: work.ZIP. Ask for the notebook itself.",
        "cyd": "No notebook.\n.: An empty folder.",
        "dan": "tiny.ipynb is empty.",
        "readme.txt": "Not a submission.",
    }


def test_what_is_left_out(course, tmp_path, answer):
    put(course.exercises / "tiny" / "shop.csv", b"a\n1\n")
    ada = tmp_path / "desk" / "ada"
    put(ada / "tiny.ipynb", answer())
    put(ada / "notes" / "cat.png", b"")
    put(ada / "shop.csv", b"what was given out does not matter")
    put(ada / ".ipynb_checkpoints" / "tiny-checkpoint.ipynb", b"{}")
    put(ada / "__pycache__" / "x.pyc", b"")
    (outcome,) = collect(course, "tiny", tmp_path / "desk")
    assert outcome.state == "accepted"
    assert outcome.notes == ("Left out: notes/cat.png.",)
    assert {path.name for path in course.submitted("ada", "tiny").iterdir()} == {
        "tiny.ipynb",
        "timestamp.txt",
    }


def test_a_students_own_timestamp_is_ignored(course, tmp_path, answer, take_in):
    put(tmp_path / "desk" / "ada" / "tiny.ipynb", answer())
    put(tmp_path / "desk" / "ada" / "timestamp.txt", b"2001-01-01 00:00:00 UTC")
    assert take_in(tmp_path / "desk")["ada"].notes == ()
    assert handed_in(course, "ada") == NOON


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b"null", b"\xff\xfe", b'{"cells": 3}', b'{"worksheets": []}', b"[" * 100_000],
)
def test_what_is_no_notebook_is_left_to_the_grader(course, tmp_path, take_in, content):
    put(tmp_path / "desk" / "ada" / "tiny.ipynb", content)
    outcome = take_in(tmp_path / "desk")["ada"]
    assert outcome.state == "accepted"
    assert outcome.notes == ("Not readable as a notebook; taken, for the grader to report.",)
    assert submitted(course, "ada") == content


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings_of_json_are_readable(tmp_path, answer, take_in, encoding):
    put(tmp_path / "desk" / "ada.ipynb", answer().decode().encode(encoding))
    assert take_in(tmp_path / "desk")["ada"].notes == ()


def test_the_notebook_of_another_assignment(tmp_path, take_in, course):
    other = nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]))
    put(tmp_path / "desk" / "ada" / "large.ipynb", other.encode())
    put(tmp_path / "desk" / "bob" / "tiny.ipynb", other.encode())
    outcomes = take_in(tmp_path / "desk")
    assert outcomes["ada"].state == "refused"
    assert outcomes["bob"].state == "accepted"
    for outcome in outcomes.values():
        assert "has none of the cells of tiny: is it another notebook?" in text_of(outcome)
    assert course.students_submitted("tiny") == ["bob"]


# Once more


def test_collecting_twice_changes_nothing(course, tmp_path, answer, take_in):
    desk = tmp_path / "desk"
    put(desk / "ada.ipynb", answer())
    take_in(desk)
    before = course.submitted("ada", "tiny").stat()
    put(desk / "ada.ipynb", answer(), NOON + timedelta(days=1))
    assert take_in(desk)["ada"].state == "unchanged"
    assert course.submitted("ada", "tiny").stat() == before
    assert handed_in(course, "ada") == NOON
    assert not (course.folder / "superseded").exists()


def test_what_is_replaced_is_kept(course, tmp_path, answer, take_in):
    desk = tmp_path / "desk"
    for number in range(3):
        put(desk / "ada.ipynb", answer(number), NOON + timedelta(seconds=number // 2))
        outcome = take_in(desk)["ada"]
        assert outcome.state == "accepted"
    assert "which is in superseded/" in text_of(outcome)
    assert submitted(course, "ada") == answer(2)
    attic = course.folder / "superseded" / "ada" / "tiny"
    assert {path.name: (path / "tiny.ipynb").read_bytes() for path in attic.iterdir()} == {
        "2026-03-02 12.00.00": answer(0),
        "2026-03-02 12.00.00 (1)": answer(1),
    }
    shutil.rmtree(attic / "2026-03-02 12.00.00")
    for number in (3, 4):
        put(desk / "ada.ipynb", answer(number), NOON + timedelta(seconds=1))
        take_in(desk)
    assert {path.name: (path / "tiny.ipynb").read_bytes() for path in attic.iterdir()} == {
        "2026-03-02 12.00.00 (1)": answer(1),
        "2026-03-02 12.00.01": answer(2),
        "2026-03-02 12.00.01 (1)": answer(3),
    }


def test_an_older_one_does_not_replace_a_newer(course, tmp_path, answer, take_in):
    put(tmp_path / "desk" / "ada.ipynb", answer(1))
    take_in(tmp_path / "desk")
    put(tmp_path / "desk" / "ada.ipynb", answer(2), NOON - timedelta(minutes=1))
    outcome = take_in(tmp_path / "desk")["ada"]
    assert outcome.state == "refused"
    assert "older than what was collected" in text_of(outcome)
    assert str(course.submitted("ada", "tiny")) in text_of(outcome)
    assert submitted(course, "ada") == answer(1)


def test_a_broken_one_does_not_replace_a_good_one(course, tmp_path, answer, take_in):
    put(tmp_path / "desk" / "ada.ipynb", answer(1))
    take_in(tmp_path / "desk")
    put(tmp_path / "desk" / "ada.ipynb", b"{", NOON + timedelta(hours=1))
    outcome = take_in(tmp_path / "desk")["ada"]
    assert outcome.state == "refused"
    assert "stays" in text_of(outcome)
    assert submitted(course, "ada") == answer(1)
    put(tmp_path / "desk" / "ada.ipynb", answer(2), NOON + timedelta(hours=2))
    assert take_in(tmp_path / "desk")["ada"].state == "accepted"
    assert submitted(course, "ada") == answer(2)


def test_an_interrupted_collection_is_finished_by_the_next(
    course, tmp_path, answer, take_in, monkeypatch
):
    """Stop at every step in turn: the old or the new submission is there whole, or comes back."""
    desk = tmp_path / "desk"
    put(desk / "ada.ipynb", answer(0))
    take_in(desk)

    class PowerCut(BaseException):
        pass

    for step in range(1, 9):
        put(desk / "ada.ipynb", answer(step), NOON + timedelta(hours=step))
        left = step

        def rationed(call, *arguments):
            nonlocal left
            left -= 1
            if left == 0:
                raise PowerCut
            return call(*arguments)

        with monkeypatch.context() as patch:
            for name in ("rename", "fsync"):
                real = getattr(os, name)
                patch.setattr(os, name, lambda *a, real=real: rationed(real, *a))
            try:
                take_in(desk)
            except PowerCut:
                interrupted = step
        ready = course.folder / "submitted" / ".incoming" / "ready" / "ada" / "tiny"
        place = course.submitted("ada", "tiny")
        whole = [folder for folder in (place, ready) if (folder / "timestamp.txt").exists()]
        assert whole, "no submission at all"
        (tmp_path / "nothing").mkdir(exist_ok=True)
        take_in(tmp_path / "nothing")
        assert submitted(course, "ada") in (answer(step - 1), answer(step))
        assert handed_in(course, "ada") == NOON + timedelta(
            hours=step - (submitted(course, "ada") == answer(step - 1))
        )
        take_in(desk)
        assert submitted(course, "ada") == answer(step)
    assert interrupted == 5  # two files, and three renames
    attic = course.folder / "superseded" / "ada" / "tiny"
    kept = {(path / "tiny.ipynb").read_bytes() for path in attic.iterdir()}
    assert kept == {answer(number) for number in range(8)}


def test_two_collections_at_once(course, tmp_path, take_in):
    with intake.Inbox(course, "tiny"), pytest.raises(UserError, match="Another collection"):
        take_in(tmp_path)


def test_an_assignment_that_does_not_exist(course, tmp_path):
    with pytest.raises(UserError, match="no assignment 'huge'"):
        collect(course, "huge", tmp_path)


def test_sources_that_cannot_be_read(course, tmp_path, take_in):
    with pytest.raises(UserError, match=r"There is no .*gone"):
        take_in(tmp_path / "gone")
    with pytest.raises(UserError, match="neither a folder nor a zip"):
        take_in(put(tmp_path / "marks.tar", b"no zip"))
    whole = make_zip(tmp_path / "whole.zip", {"ada.ipynb": b"{}"}).read_bytes()
    cut = whole[: len(whole) - 60] + whole[-22:]
    with pytest.raises(UserError, match=r"cannot be opened: .*Download it again"):
        take_in(put(tmp_path / "cut.zip", cut))
    with pytest.raises(UserError, match="Nothing was handed in through the exchange"):
        take_in()


# Links and special files


def test_links_and_special_files_are_not_read(course, tmp_path, answer, take_in):
    desk = tmp_path / "desk"
    secret = put(tmp_path / "secret" / "tiny.ipynb", answer(7))
    desk.mkdir()
    (desk / "ada.ipynb").symlink_to(secret)
    (desk / "bob").symlink_to(secret.parent)
    (desk / "cyd").mkdir()
    (desk / "cyd" / "tiny.ipynb").symlink_to(secret)
    os.mkfifo(desk / "dan.ipynb")
    outcomes = take_in(desk)
    assert {each.state for each in outcomes.values()} == {"refused"}
    link = "A link, which is not followed. Ask for the file itself."
    assert {name: text_of(each) for name, each in outcomes.items()} == {
        "ada": f"No notebook.\ntiny.ipynb: {link}",
        "bob": link,
        "cyd": f"No notebook.\ntiny.ipynb: {link}",
        "dan": "No notebook.\ntiny.ipynb: A pipe, socket or device, which is not read.",
    }
    assert course.students_submitted("tiny") == []


def test_a_link_put_there_after_the_look(tmp_path, answer):
    """Between listing and reading, the file, or its folder, becomes a link."""
    secret = put(tmp_path / "secret" / "tiny.ipynb", answer(7))
    desk = tmp_path / "desk"
    put(desk / "ada" / "tiny.ipynb", answer())
    put(desk / "bob" / "tiny.ipynb", answer())
    put(desk / "cyd" / "tiny.ipynb", answer())
    ada, bob, cyd = archive.files_of_folder(desk)
    (desk / "ada" / "tiny.ipynb").unlink()
    (desk / "ada" / "tiny.ipynb").symlink_to(secret)
    shutil.rmtree(desk / "bob")
    (desk / "bob").symlink_to(secret.parent)
    (desk / "cyd" / "tiny.ipynb").unlink()
    os.mkfifo(desk / "cyd" / "tiny.ipynb")
    for file in (ada, bob, cyd):
        with pytest.raises(archive.RefusedError, match=r"cannot be read|not read"):
            file.read()


def test_a_folder_that_a_link_replaced_in_submitted(course, tmp_path, answer, take_in):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (course.folder / "submitted").mkdir()
    (course.folder / "submitted" / "ada").symlink_to(elsewhere)
    put(tmp_path / "desk" / "ada.ipynb", answer())
    outcome = take_in(tmp_path / "desk")["ada"]
    assert outcome.state == "refused"
    assert "is a link" in text_of(outcome)
    assert list(elsewhere.iterdir()) == []


def test_too_much_in_a_folder(course, tmp_path, answer, take_in, monkeypatch):
    monkeypatch.setattr(archive, "MOST_FILES", 20)
    monkeypatch.setattr(archive, "MOST_BYTES", 100_000)
    monkeypatch.setattr(archive, "DEEPEST", 5)
    desk = tmp_path / "desk"
    for number in range(30):
        put(desk / "ada" / f"{number}.txt", b"")
    put(desk / "bob.ipynb", answer() + b" " * 100_000)
    put(desk / "cyd" / Path(*"abcdefgh") / "tiny.ipynb", answer())
    put(desk / "dan.ipynb", answer())
    outcomes = take_in(desk)
    assert text_of(outcomes["ada"]) == "More than 20 files. Ask for one."
    assert "bob.ipynb is larger than 0 MB: ask for it without outputs." in text_of(outcomes["bob"])
    assert text_of(outcomes["cyd"]) == "No notebook.\na/b/c/d/e: Too many folders in folders."
    assert course.students_submitted("tiny") == ["dan"]


# Names of students


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("ada", "ada"),
        ("王小明", "王小明"),
        ("O'Brien, Zoë-Ann", "O'Brien, Zoë-Ann"),
        ("अदिति", "अदिति"),
        ("Zoe\u0308", "Zoë"),
        ("ada@example.org", "ada@example.org"),
        ("-rf", "rf"),
        ("..", ""),
        (".ada ", "ada"),
        ("a*[b]?", "a__b__"),
        ("a/b\\c\0d\x1b[2Je", "a_b_c_d__2Je"),
        ("a\u202egnp.exe", "a_gnp.exe"),
        ("{0.__class__}", "_0.__class___"),
        ("", ""),
        ("字" * 100, "字" * 40),
    ],
)
def test_folder_names(name, folder):
    assert folder_name(name) == folder


@given(st.text(st.characters()))
def test_every_name_is_a_safe_folder_or_none(name):
    folder = folder_name(name)
    assert folder_name(folder) == folder
    if folder:
        assert Path(folder).parts == (folder,)
        assert folder not in {".", ".."}
        assert not folder.startswith((".", "-", " "))
        assert folder.isprintable()
        assert not set(folder) & set("/\\*?[]{}<>:|\"'\n") - {"'"}
        assert len(os.fsencode(folder)) <= 120
        assert unicodedata.is_normalized("NFC", folder)


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=40)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(NAMES, min_size=5, max_size=20, unique_by=folder_name))
def test_every_name_on_disk_ends_somewhere(course, tmp_path, names):
    """Whoever hands in under whatever name: a folder of its own, or a reason."""
    desk = tmp_path / "desk"
    shutil.rmtree(desk, ignore_errors=True)
    shutil.rmtree(course.folder / "submitted", ignore_errors=True)
    shutil.rmtree(course.folder / "superseded", ignore_errors=True)
    desk.mkdir()
    visible = [name for name in names if not name.startswith(".")]
    for name in names:
        put(desk / f"{name}.ipynb", b"{")
    outcomes = collect(course, "tiny", desk)
    assert len(outcomes) == len(visible)
    assert all(outcome.notes and outcome.student.isprintable() for outcome in outcomes)
    refused = {outcome.student for outcome in outcomes if outcome.state == "refused"}
    assert len(refused) == sum(not folder_name(name) for name in visible)
    assert course.students_submitted("tiny") == sorted(filter(None, map(folder_name, visible)))


def test_a_name_that_is_no_unicode(course, tmp_path, answer, take_in):
    put(tmp_path / "desk" / os.fsdecode(b"zo\xeb.ipynb"), answer())
    outcome = take_in(tmp_path / "desk")["zo_"]
    assert outcome.state == "repaired"
    assert text_of(outcome) == "Its name was zo\N{REPLACEMENT CHARACTER}."


def test_two_names_that_would_share_a_folder(course, tmp_path, answer, take_in):
    put(tmp_path / "desk" / "a?.ipynb", answer())
    put(tmp_path / "desk" / "a*.ipynb", answer())
    put(tmp_path / "desk" / "b.ipynb", answer())
    outcomes = take_in(tmp_path / "desk")
    assert text_of(outcomes["a_"]) == ("These would share one folder: a*, a?. Rename all but one.")
    assert course.students_submitted("tiny") == ["b"]


def test_a_name_that_had_to_change(tmp_path, answer, take_in):
    put(tmp_path / "desk" / "a?.ipynb", answer())
    outcome = take_in(tmp_path / "desk")["a_"]
    assert outcome.state == "repaired"
    assert text_of(outcome) == "Its name was a?."


# Canvas


CANVAS = {
    "lovelaceada_1001_5001_tiny.ipynb": 1,
    "brownbob_LATE_1002_5002_tiny-1.ipynb": 2,
    "王小明_1003_5003_tiny.ipynb": 3,
    "of_many_parts_1004_5004_my_2_3_work.ipynb": 4,
    "anon_x7Yz2_5005_tiny.ipynb": 5,
    "LATE_anon_q8Rs1_5006_tiny.ipynb": 6,
    "lovelaceada_1001_5009_tiny-2.ipynb": 9,
    "lovelaceada_1001_5008_tiny.ipynb": 8,
    "lovelaceada_1001_5010_cat.png": 0,
}


def test_canvas(course, tmp_path, answer, take_in):
    source = make_zip(
        tmp_path / "submissions.zip", {name: answer(number) for name, number in CANVAS.items()}
    )
    outcomes = take_in(source)
    assert {name: each.state for name, each in outcomes.items()} == {
        "1001": "repaired",
        "1002": "repaired",
        "1003": "accepted",
        "1004": "repaired",
        "anon_q8Rs1": "accepted",
        "anon_x7Yz2": "accepted",
    }
    for student, number in [("1001", 9), ("1002", 2), ("1003", 3), ("1004", 4)]:
        assert submitted(course, student) == answer(number)
    assert outcomes["1001"].notes == (
        "Renamed from tiny-2.ipynb to tiny.ipynb.",
        "Left out: cat.png, tiny.ipynb, tiny.ipynb.",
    )
    with course.gradebook() as book:
        assert {s.id: (s.last_name, s.lms_user_id) for s in book.students} == {
            "1001": ("lovelaceada", "1001"),
            "1002": ("brownbob", "1002"),
            "1003": ("王小明", "1003"),
            "1004": ("of_many_parts", "1004"),
        }


def test_the_table_names_the_person_behind_a_number(course, tmp_path, answer, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    files = {"a_1_5_tiny.ipynb": answer(), "brownbob_2_6_all.zip": b"PK"}
    source = make_zip(tmp_path / "s.zip", files)
    assert main(["collect", "tiny", str(source), "--course", str(course.root)]) == 1
    out = capsys.readouterr().out
    assert out.index("2 (brownbob)") < out.index("1 (a)")  # the refused first


def test_canvas_tells_who_is_late_and_not_when(course, tmp_path, answer, take_in):
    """Canvas stamps all files with the time of the download, here a day after the due date."""
    with course.gradebook() as book:
        book.update_or_create_assignment("tiny", duedate="2026-03-01 12:00:00 UTC")
    files = {"a_1_5_tiny.ipynb": answer(), "b_LATE_2_6_tiny.ipynb": answer()}
    outcomes = take_in(make_zip(tmp_path / "submissions.zip", files))
    due = NOON - timedelta(days=1)
    assert handed_in(course, "1") == due
    assert handed_in(course, "2") == NOON
    assert outcomes["1"].notes == ("In time, says Canvas; its archive does not tell when.",)
    assert outcomes["2"].notes == ("Late, says Canvas.",)
    # Downloaded early, and yet late: the due date of the gradebook is another one.
    files = {"c_LATE_3_7_tiny.ipynb": answer(), "d_4_8_tiny.ipynb": answer()}
    early = due - timedelta(days=3)
    take_in(make_zip(tmp_path / "submissions.zip", files, early))
    assert handed_in(course, "3") == due + timedelta(seconds=1)
    assert handed_in(course, "4") == early


def test_a_student_whom_the_gradebook_knows_by_another_id(course, tmp_path, answer, take_in):
    with course.gradebook() as book:
        book.add_student("ada", last_name="Lovelace", first_name="Ada", lms_user_id="1001")
    take_in(make_zip(tmp_path / "s.zip", {"lovelaceada_1001_5_tiny.ipynb": answer()}))
    assert course.students_submitted("tiny") == ["ada"]
    with course.gradebook() as book:
        (student,) = book.students
        assert (student.id, student.last_name) == ("ada", "Lovelace")


# Moodle


def test_moodle(course, tmp_path, answer, take_in):
    files = {
        "Ada Lovelace_123_assignsubmission_file_/tiny.ipynb": answer(1),
        "Ada Lovelace_123_assignsubmission_onlinetext_/onlinetext.html": b"<p>Hello</p>",
        "王小明_124_assignsubmission_file_/answers/tiny.ipynb": answer(2),
        "Bob Brown_125_assignsubmission_file_essay.ipynb": answer(3),
        "Cyd_126_assignsubmission_onlinetext/onlinetext.html": b"<p>Sorry</p>",
        "Default group_assignsubmission_file_/tiny.ipynb": answer(4),
        "Jo_1_assignsubmission_file_/a_9_assignsubmission_file_/tiny.ipynb": answer(5),
    }
    outcomes = take_in(make_zip(tmp_path / "moodle.zip", files))
    assert {name: (each.state, *each.notes) for name, each in outcomes.items()} == {
        "1": ("accepted",),
        "123": ("accepted", "Left out: onlinetext.html."),
        "124": ("accepted",),
        "125": ("repaired", "Renamed from essay.ipynb to tiny.ipynb."),
        "126": ("refused", "No notebook, only onlinetext.html."),
        "Default group": ("accepted",),
    }
    assert submitted(course, "124") == answer(2)
    assert submitted(course, "1") == answer(5)
    assert handed_in(course, "123") == NOON
    with course.gradebook() as book:
        assert {s.id: (s.last_name, s.lms_user_id) for s in book.students} == {
            "1": ("Jo", "1"),
            "123": ("Ada Lovelace", "123"),
            "124": ("王小明", "124"),
            "125": ("Bob Brown", "125"),
            "Default group": ("Default group", None),
        }


def test_an_unpacked_download_is_read_as_well(course, tmp_path, answer, take_in):
    put(tmp_path / "desk" / "Ada_123_assignsubmission_file_" / "tiny.ipynb", answer())
    put(tmp_path / "desk" / "Bob_124_assignsubmission_file_" / "tiny.ipynb", answer())
    take_in(tmp_path / "desk")
    assert course.students_submitted("tiny") == ["123", "124"]


# Zips


def test_a_zipped_folder(course, tmp_path, answer, take_in):
    files = {
        "desk/ada.ipynb": answer(1),
        "desk/bob/tiny.ipynb": answer(2),
        "__MACOSX/desk/._ada.ipynb": b"\0\5",
        "desk/.DS_Store": b"",
    }
    outcomes = take_in(make_zip(tmp_path / "desk.zip", files))
    assert [each.state for each in outcomes.values()] == ["accepted", "accepted"]
    assert submitted(course, "ada") == answer(1)
    assert submitted(course, "bob") == answer(2)


def test_names_that_lead_out_of_the_archive(course, tmp_path, answer, take_in):
    names = [
        "../ada.ipynb",
        "/tmp/bob.ipynb",
        "cyd/../../../tiny.ipynb",
        "C:dan.ipynb",
        "eve\\..\\tiny.ipynb",
        "..",
        "a//b.ipynb",
        "/" * 60_000 + "b.ipynb",
        "",
    ]
    outcomes = take_in(make_zip(tmp_path / "s.zip", dict.fromkeys(names, answer())))
    assert len(outcomes) == len(names)
    for outcome in outcomes.values():
        assert outcome.state == "refused"
        assert "Its name leads out of the archive." in text_of(outcome)
    assert course.students_submitted("tiny") == []
    assert not Path("/tmp/bob.ipynb").exists()


def test_names_made_to_keep_the_computer_busy(tmp_path, take_in):
    name = "anon_" * 12_000 + ".ipynb"
    (outcome,) = take_in(make_zip(tmp_path / "s.zip", {name: b"{}"})).values()
    assert "Its name is too long." in text_of(outcome)


def test_entries_that_are_no_files(course, tmp_path, answer, take_in):
    source = tmp_path / "s.zip"
    with zipfile.ZipFile(source, "w") as packed:
        for name, kind in [("ada", stat.S_IFLNK), ("bob", stat.S_IFIFO), ("cyd", stat.S_IFREG)]:
            entry = zipfile.ZipInfo(f"{name}.ipynb", local_zip_time(NOON))
            entry.create_system = 3
            entry.external_attr = (kind | 0o644) << 16
            packed.writestr(entry, b"/etc/passwd" if name == "ada" else answer())
    outcomes = take_in(source)
    assert "A link, which is not followed" in text_of(outcomes["ada"])
    assert "A pipe, socket or device" in text_of(outcomes["bob"])
    assert course.students_submitted("tiny") == ["cyd"]


def test_zip_bombs(course, tmp_path, answer, take_in, monkeypatch):
    """A ratio of a thousand, a size above the limit, and one that lies about its size."""
    monkeypatch.setattr(archive, "MOST_BYTES", 2_000_000)
    files = {
        "ratio.ipynb": b" " * 1_900_000,
        "size.ipynb": b" " * 2_000_001,
        "lie.ipynb": b" " * 1_500_000,
        "ada.ipynb": answer(),
    }
    source = make_zip(tmp_path / "s.zip", files)
    content = bytearray(source.read_bytes())
    central = content.rindex(b"lie.ipynb") - 46
    content[central + 24 : central + 28] = (5_000).to_bytes(4, "little")
    source.write_bytes(content)
    outcomes = take_in(source)
    assert "times its size: a zip bomb?" in text_of(outcomes["ratio"])
    assert "is larger than 2 MB" in text_of(outcomes["size"])
    assert "is damaged in the archive: Bad CRC-32" in text_of(outcomes["lie"])
    assert course.students_submitted("tiny") == ["ada"]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 700), st.integers(0, 255)), min_size=1, max_size=20))
def test_a_damaged_zip_is_read_or_refused(tmp_path_factory, changes):
    """Bytes of a zip turn into others: there is a reason, and never a crash."""
    source = tmp_path_factory.getbasetemp() / "damaged.zip"
    text = "".join(chr(40 + number * 7 % 80) for number in range(200)).encode()
    files = {"ada/tiny.ipynb": text, "bob_1_2_tiny.ipynb": b"x" * 90, "Zoë_1/ü.ipynb": b"y"}
    content = bytearray(make_zip(source, files).read_bytes())
    for place, byte in changes:
        content[place % len(content)] = byte
    source.write_bytes(content)
    with contextlib.suppress(UserError):
        found = archive.files_of(source)
        intake.submissions_of(found, "tiny")
        for file in found:
            with contextlib.suppress(archive.RefusedError):
                assert len(file.read()) <= archive.MOST_BYTES


def test_too_many_entries(tmp_path, take_in, monkeypatch):
    monkeypatch.setattr(archive, "MOST_ENTRIES", 5)
    files = {f"{number}.txt": b"" for number in range(6)}
    with pytest.raises(UserError, match="has 6 files, more than 5"):
        take_in(make_zip(tmp_path / "s.zip", files))


def test_damaged_locked_and_unusual_entries(course, tmp_path, answer, take_in):
    files = {"ada.ipynb": answer(1), "bob.ipynb": answer(2), "cyd.ipynb": answer(3)}
    source = make_zip(tmp_path / "s.zip", files)
    content = bytearray(source.read_bytes())
    body = content.index(b"ada.ipynb") + len("ada.ipynb")
    content[body + 100 : body + 110] = b"\xff" * 10
    for at in (content.index(b"bob.ipynb") - 30 + 6, content.rindex(b"bob.ipynb") - 46 + 8):
        content[at] |= 1
    source.write_bytes(content)
    with zipfile.ZipFile(source, "a") as packed:
        packed.writestr("dan.ipynb", answer(4), zipfile.ZIP_LZMA)
    outcomes = take_in(source)
    assert "ada.ipynb is damaged in the archive" in text_of(outcomes["ada"])
    assert "Locked with a password." in text_of(outcomes["bob"])
    assert "Packed in an unusual way." in text_of(outcomes["dan"])
    assert course.students_submitted("tiny") == ["cyd"]


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        (["王小明", "李雷"], "gb2312"),
        (["王小明", "朱镕基"], "gb18030"),
        (["王小明", "Zoë"], "utf-8"),
        (["Zoë", "Müller"], "cp437"),
        (["Zoë", "Øster", "Ávila"], "cp1252"),
    ],
)
def test_names_of_a_windows_zip(course, tmp_path, answer, take_in, names, encoding):
    """Written in the code page of some Windows, without the flag of UTF-8."""
    source = tmp_path / "s.zip"

    class Entry(zipfile.ZipInfo):
        def _encodeFilenameFlags(self):  # noqa: N802
            return self.filename.encode(encoding), self.flag_bits & ~0x800

    with zipfile.ZipFile(source, "w") as packed:
        for name in names:
            packed.writestr(Entry(f"{name}.ipynb", local_zip_time(NOON)), answer())
    take_in(source)
    assert course.students_submitted("tiny") == sorted(names)


def test_utc_in_a_zip_counts_more_than_local_time(course, tmp_path, answer, take_in):
    entry = zipfile.ZipInfo("ada.ipynb", (1999, 1, 1, 0, 0, 0))
    seconds = int(NOON.timestamp()).to_bytes(4, "little")
    entry.extra = b"\x99\x99\x02\0xx" + b"UT\x05\0\x01" + seconds
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as packed:
        packed.writestr(entry, answer())
    take_in(tmp_path / "s.zip")
    assert handed_in(course, "ada") == NOON


def test_an_impossible_time_in_a_zip(course, tmp_path, answer, take_in):
    entry = zipfile.ZipInfo("ada.ipynb", (1999, 1, 1, 0, 0, 0))
    entry.date_time = (1980, 0, 0, 0, 0, 0)
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as packed:
        packed.writestr(entry, answer())
    assert take_in(tmp_path / "s.zip")["ada"].state == "accepted"
    assert handed_in(course, "ada") == datetime(1970, 1, 2, tzinfo=UTC)


# The exchange


@pytest.fixture
def hand_in(course):
    """Hand in through the exchange, as `nbgrader submit` does it."""

    def hand_in(student, content, at=None, claimed=None, assignment="tiny", name="tiny.ipynb"):
        at = at or datetime.now(UTC).replace(microsecond=0)
        claimed = claimed or at
        text = f"{claimed:%Y-%m-%d %H:%M:%S.%f} UTC"
        folder = course.inbound / f"{student}+{assignment}+{text}+AbC-_{len(content)}"
        put(folder / name, content, at - timedelta(days=2))
        put(folder / "timestamp.txt", text.encode(), at)
        put(folder / "submission_secret.txt", b"0123456789abcdef" * 8, at)
        return folder

    return hand_in


def test_the_exchange(course, answer, take_in, hand_in):
    now = datetime.now(UTC).replace(microsecond=0)
    hand_in("ada", answer(1))
    hand_in("b+o+b", answer(2))
    hand_in("ada", answer(3), assignment="other", name="other.ipynb")
    outcomes = take_in()
    assert {name: (each.state, each.notes) for name, each in outcomes.items()} == {
        "ada": ("accepted", ()),
        "b+o+b": ("accepted", ()),
    }
    assert submitted(course, "ada") == answer(1)
    assert abs(handed_in(course, "ada") - now) < timedelta(seconds=30)
    secret = course.submitted("ada", "tiny") / "submission_secret.txt"
    assert secret.read_bytes() == b"0123456789abcdef" * 8
    assert take_in(course.inbound)["ada"].state == "unchanged"


def test_what_nbgrader_itself_handed_in(course, tmp_path, take_in):
    course.inbound.mkdir(parents=True)
    shutil.copytree(course.release("tiny"), course.inbound.parent / "outbound" / "tiny")
    desk = tmp_path / "desk"
    desk.mkdir()
    environment = os.environ | {
        "JUPYTER_CONFIG_PATH": str(course.grading),
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
    }
    shutil.copytree(course.release("tiny"), desk / "tiny")
    os.utime(desk / "tiny" / "tiny.ipynb", (0, 0))
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "submit", "tiny"],
        cwd=desk,
        env=environment,
        check=True,
        capture_output=True,
    )
    (outcome,) = take_in().values()
    assert (outcome.state, outcome.notes) == ("accepted", ())
    assert abs(time.time() - outcome.handed_in.timestamp()) < 60
    (student,) = course.students_submitted("tiny")
    (folder,) = course.inbound.iterdir()
    secret = course.submitted(student, "tiny") / "submission_secret.txt"
    assert secret.read_bytes() == (folder / "submission_secret.txt").read_bytes()


def test_the_latest_of_a_students_submissions(course, answer, take_in, hand_in):
    now = datetime.now(UTC).replace(microsecond=0)
    hand_in("ada", answer(1), now - timedelta(seconds=20))
    hand_in("ada", answer(2), now)
    hand_in("ada", answer(3), now - timedelta(seconds=10))
    outcome = take_in()["ada"]
    assert submitted(course, "ada") == answer(2)
    assert "3 submissions; the one of" in text_of(outcome)


def test_a_broken_last_one_does_not_hide_a_good_one(course, answer, take_in, hand_in):
    now = datetime.now(UTC).replace(microsecond=0)
    hand_in("ada", answer(1), now - timedelta(seconds=30))
    hand_in("ada", b"{", now - timedelta(seconds=20))
    hand_in("ada", b"", now - timedelta(seconds=10))
    hand_in("ada", answer(4), now, name="essay.txt")
    outcome = take_in()["ada"]
    assert submitted(course, "ada") == answer(1)
    assert "cannot be read as a notebook" in text_of(outcome)
    assert "tiny.ipynb is empty." in text_of(outcome)
    assert "No notebook, only essay.txt." in text_of(outcome)


def test_a_refused_one_is_told_again_and_a_repair_is_not(take_in, hand_in, answer):
    now = datetime.now(UTC).replace(microsecond=0)
    hand_in("ada", answer(1), now, name="mine.ipynb")
    assert take_in()["ada"].state == "repaired"
    hand_in("ada", b"", now)
    outcome = take_in()["ada"]
    assert (outcome.state, outcome.notes) == ("unchanged", ("tiny.ipynb is empty.",))


def test_forged_times(course, answer, take_in, hand_in):
    now = datetime.now(UTC).replace(microsecond=0)
    # Says in its name that it was early.
    hand_in("ada", answer(), now, claimed=now - timedelta(days=3))
    # Set the times of the files back as well.
    hand_in("bob", answer(), now - timedelta(days=3))
    hand_in("cyd", answer(), now)
    outcomes = take_in()
    assert abs(handed_in(course, "ada") - now) < timedelta(seconds=1)
    assert "Claims to be of" in text_of(outcomes["ada"])
    assert "Its times were set back, or the exchange was copied" in text_of(outcomes["bob"])
    assert outcomes["cyd"].notes == ()


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_times_from_the_ends_of_the_calendar(
    course, tmp_path, answer, take_in, hand_in, monkeypatch, capsys, zone
):
    """Every time can be shown by every clock."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        for year in ("0001", "1969", "9999", "99999"):
            folder = f"ada+tiny+{year}-12-31 23:59:59.999999 UTC+xyz"
            put(course.inbound / folder / "tiny.ipynb", answer())
        hand_in("bob", answer())
        outcomes = take_in()
        assert outcomes["bob"].notes == ()
        desk = tmp_path / "desk"
        for number, seconds in enumerate([-(10**9), 0, 253_402_300_799, 10**12]):
            path = put(desk / f"{number}.ipynb", answer())
            with contextlib.suppress(OSError):
                os.utime(path, (seconds, seconds))
        intake.show(list(take_in(desk).values()))
        assert "4 accepted" in capsys.readouterr().out
    finally:
        monkeypatch.undo()
        time.tzset()


def test_in_the_name_of_somebody_else(course, answer, take_in, hand_in, monkeypatch):
    """Mallory leaves a later submission for ada; ada's own counts."""
    now = datetime.now(UTC).replace(microsecond=0)
    own = hand_in("ada", answer(1), now - timedelta(seconds=30))
    other = hand_in("ada", answer(2), now)
    hand_in("bob", answer(3))
    users = {own.stat().st_uid: "ada"}
    if os.getuid() == 0:
        for path in [other, *other.iterdir()]:
            os.chown(path, 54321, -1)
        users[54321] = "mallory"
        monkeypatch.setattr(archive, "owner", users.get)
        outcome = take_in()["ada"]
        assert submitted(course, "ada") == answer(1)
        assert "2 submissions" in text_of(outcome)
    shutil.rmtree(own)
    monkeypatch.setattr(archive, "owner", lambda uid: "bob")
    outcomes = take_in()
    assert "Its files belong to bob." in text_of(outcomes["ada"])


def test_owners_tell_nothing_where_a_hub_owns_everything(answer, take_in, hand_in, monkeypatch):
    monkeypatch.setattr(archive, "owner", lambda uid: "jovyan")
    hand_in("ada", answer())
    hand_in("bob", answer())
    assert [each.notes for each in take_in().values()] == [(), ()]


def test_rubbish_in_the_exchange(course, answer, take_in, hand_in):
    hand_in("ada", answer())
    put(course.inbound / "notes.txt", b"")
    put(course.inbound / "bob+tiny+soon+xyz" / "tiny.ipynb", answer())
    # These would look like Moodle or Canvas, and must not change how the others are read.
    for number in range(5):
        put(course.inbound / f"x_{number}_assignsubmission_file_" / "tiny.ipynb", answer())
        put(course.inbound / f"x_{number}_{number}_tiny.ipynb", answer())
    outcomes = take_in()
    assert outcomes.pop("ada").state == "accepted"
    assert len(outcomes) == 12
    assert {text_of(each) for each in outcomes.values()} == {"Not a submission."}
    assert course.students_submitted("tiny") == ["ada"]


def test_a_secret_that_is_none_is_not_kept(course, answer, take_in, hand_in):
    folder = hand_in("ada", answer())
    (folder / "submission_secret.txt").write_text("../../etc")
    folder = hand_in("bob", answer())
    (folder / "submission_secret.txt").unlink()
    (folder / "submission_secret.txt").symlink_to("/etc/passwd")
    outcomes = take_in()
    for student in ("ada", "bob"):
        assert outcomes[student].state == "accepted"
        assert not (course.submitted(student, "tiny") / "submission_secret.txt").exists()


# The command


def test_the_command(course, tmp_path, answer, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    desk = tmp_path / "desk"
    put(desk / "[red]ada.ipynb", answer())
    put(desk / "bob" / "x\x1b[2J.ipynb", answer())
    arguments = ["collect", "tiny", str(desk), "--course", str(course.root)]
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert "_red_ada" in out
    assert "Its name was [red]ada." in out
    assert "\x1b[2J" not in out
    assert "2 repaired" in out
    put(desk / "cyd.ipynb", b"")
    assert main(arguments) == 1
    out = capsys.readouterr().out
    assert "2 unchanged, 1 refused" in out
    assert "is empty" in out
    assert main(["collect", "tiny", str(tmp_path / "gone"), "--course", str(course.root)]) == 2
    assert "There is no" in capsys.readouterr().err


def test_a_full_disk(course, tmp_path, answer, capsys, monkeypatch):
    put(tmp_path / "desk" / "ada.ipynb", answer())

    def full(file):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    arguments = ["collect", "tiny", str(tmp_path / "desk"), "--course", str(course.root)]
    assert main(arguments) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert course.students_submitted("tiny") == []
    monkeypatch.undo()
    assert main(arguments) == 0


def test_nothing_to_collect(course, tmp_path, capsys):
    (tmp_path / "desk").mkdir()
    assert main(["collect", "tiny", str(tmp_path / "desk"), "--course", str(course.root)]) == 0
    assert capsys.readouterr().out == "Nothing was handed in.\n"
