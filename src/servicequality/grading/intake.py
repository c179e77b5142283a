"""Take in what students handed in: from nbgrader's exchange, Canvas, Moodle, or a folder.

Everything that comes in is untrusted. Of each submission only the notebook is read, as bytes, and
written under a name that we choose; nothing is unpacked, followed or run.
"""

import fcntl
import json
import os
import re
import shutil
import unicodedata
from argparse import Namespace
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from gettext import gettext as _
from itertools import chain, count
from pathlib import Path
from typing import Literal

from nbgrader.api import Gradebook, MissingEntry
from rich.console import Console
from rich.table import Table
from rich.text import Text

from . import archive
from .archive import File, RefusedError, listed, shown
from .cli import UserError
from .course import Course
from .platforms import NOTEBOOK, Submission, stamp, submissions_of

CLOCKS_AGREE = timedelta(minutes=5)

State = Literal["accepted", "repaired", "unchanged", "refused"]


@dataclass(frozen=True)
class Outcome:
    """What became of one student's submission.

    Attributes
    ----------
    student : str
        Id under which it was filed; for something that is no submission, its name.
    state : str
        "accepted", "repaired" (accepted, with something mended), "unchanged" (nothing new) or
        "refused".
    handed_in : datetime or None
        In UTC; None if refused.
    notes : tuple of str
        Reasons, and what the instructor should know. Plain sentences, safe to print.
    person : str
        Full name, if the platform tells; safe to print.
    """

    student: str
    state: State
    handed_in: datetime | None = None
    notes: tuple[str, ...] = ()
    person: str = ""


@dataclass(frozen=True)
class Candidate:
    """A submission with its notebook, not yet read."""

    student: str
    submission: Submission
    notebook: File
    repaired: bool
    handed_in: datetime
    notes: tuple[str, ...]

    @property
    def rank(self) -> tuple[bool, datetime]:
        """Nobody's submission gives way to one that somebody else left in his name."""
        return (self.notebook.owner == self.submission.student, self.handed_in)


def run(options: Namespace) -> int:
    """Collect, print what happened, and return 1 if anything was refused, else 0."""
    try:
        outcomes = collect(Course(options.course), options.assignment, options.source)
    except OSError as error:
        raise UserError(
            _(
                "The submissions could not be written: {error}. What was collected so far is "
                "whole. Put that right, and run the same command again."
            ).format(error=error)
        ) from error
    show(outcomes)
    return int(any(outcome.state == "refused" for outcome in outcomes))


def collect(course: Course, assignment: str, source: Path | None = None) -> list[Outcome]:
    """Put what students handed in where nbgrader looks for it.

    A submission that is replaced goes to `superseded/` in the folder of the gradebook.

    Parameters
    ----------
    course : Course
        Where to.
    assignment : str
        Name of the assignment.
    source : Path, optional
        Zip or folder; the exchange if not given.

    Returns
    -------
    list of Outcome
        One for each student, and one for each thing that is nobody's submission; sorted.

    Raises
    ------
    UserError
        If there is no such assignment, or the source cannot be read at all.
    """
    task = Task.of(course, assignment)
    if source is None and not course.inbound.is_dir():
        raise UserError(
            _(
                "Nothing was handed in through the exchange: there is no {folder}. Name a zip or a "
                "folder of submissions."
            ).format(folder=course.inbound)
        )
    found, strangers = submissions_of(
        archive.files_of(source or course.inbound), assignment, from_exchange=source is None
    )
    outcomes = [Outcome(name, "refused", None, (reason,)) for name, reason in strangers]
    with course.gradebook() as book, Inbox(course, assignment) as inbox:
        task = replace(task, due=due_date(book, assignment))
        ids = {known.lms_user_id: known.id for known in book.students if known.lms_user_id}
        students: dict[str, list[Submission]] = defaultdict(list)
        for submission in found:
            submission.student = ids.get(submission.number, submission.student)
            students[folder_name(submission.student)].append(submission)
        for student, submissions in students.items():
            try:
                outcome = take(student, submissions, task, inbox)
                introduce(book, student, submissions[-1])
            except RefusedError as refusal:
                name = student or shown(submissions[0].student)
                outcome = Outcome(name, "refused", None, tuple(refusal.args))
            outcomes.append(replace(outcome, person=shown(submissions[-1].person)))
    return sorted(outcomes, key=lambda outcome: outcome.student)


@dataclass(frozen=True)
class Task:
    """What is known about the assignment.

    Attributes
    ----------
    name : str
        As nbgrader has it.
    cells : frozenset of str
        nbgrader's names of the source's cells.
    files : frozenset of str
        What students were given; nobody needs to hear that it came back.
    due : datetime or None
        In UTC.
    """

    name: str
    cells: frozenset[str]
    files: frozenset[str]
    due: datetime | None = None

    @classmethod
    def of(cls, course: Course, name: str) -> "Task":
        """Read the instructor's source."""
        source = course.source(name)
        return cls(
            name,
            cell_names(source.read_bytes()) or frozenset(),
            frozenset(path.name for path in source.parent.iterdir() if path != source),
        )


def due_date(book: Gradebook, assignment: str) -> datetime | None:
    """Return when an assignment is due, in UTC."""
    try:
        due = book.find_assignment(assignment).duedate
    except MissingEntry:
        return None
    return due and due.replace(tzinfo=UTC)


def introduce(book: Gradebook, student: str, submission: Submission) -> None:
    """Tell the gradebook what the platform calls a student, if it does not know."""
    try:
        known = book.find_student(student)
        person, number = known.last_name, known.lms_user_id
    except MissingEntry:
        person = number = None
    news = {}
    if submission.person and not person:
        news["last_name"] = submission.person[:128]
    if submission.number and not number:
        news["lms_user_id"] = submission.number
    if news:
        book.update_or_create_student(student, **news)


# Which notebook of which submission


def take(student: str, submissions: list[Submission], task: Task, inbox: "Inbox") -> Outcome:
    """Take the latest good submission of one student.

    Raises
    ------
    RefusedError
        If there is none.
    """
    names = {unicodedata.normalize("NFC", submission.student) for submission in submissions}
    if not student:
        raise RefusedError(_("Nothing in this name can name a folder. Rename it."))
    if len(names) > 1:
        raise RefusedError(
            _("These would share one folder: {names}. Rename all but one.").format(
                names=listed(names)
            )
        )
    candidates: list[Candidate] = []
    reasons: list[str] = []
    for submission in submissions:
        try:
            candidates.append(candidate(student, submission, task))
        except RefusedError as refusal:
            reasons += refusal.args
    spare = None
    for best in sorted(candidates, key=lambda each: each.rank, reverse=True):
        try:
            content = best.notebook.read()
            readable, notes = judge(content, best, task)
        except RefusedError as refusal:
            reasons += refusal.args
            continue
        if readable:
            break
        spare = spare or (best, content, notes)
    else:
        if spare is None:
            raise RefusedError(*dict.fromkeys(reasons))
        best, content, notes = spare
        readable = False
    if spare and spare[0] is not best:
        reasons.append(
            _("The one of {time} cannot be read as a notebook.").format(
                time=local(spare[0].handed_in)
            )
        )
    if len(submissions) > 1:
        notes.append(
            _("{n} submissions; the one of {time} counts.").format(
                n=len(submissions), time=local(best.handed_in)
            )
        )
    changed, more = inbox.put(best, content, readable)
    if changed:
        state: State = "repaired" if best.repaired else "accepted"
        reasons = [*notes, *best.notes, *more, *reasons]
    else:
        state = "unchanged"  # all else was said when it came
    return Outcome(student, state, best.handed_in, tuple(dict.fromkeys(reasons)))


def candidate(student: str, submission: Submission, task: Task) -> Candidate:
    """Find the notebook of a submission, and when it was handed in.

    Raises
    ------
    RefusedError
        If there is no notebook that can be taken.
    """
    if len(submission.files) > archive.MOST_FILES:
        raise RefusedError(_("More than {n} files. Ask for one.").format(n=archive.MOST_FILES))
    file, renamed, left_out = pick(submission, task)
    notes = submission.problems
    if renamed:
        notes.append(
            _("Renamed from {file} to {name}.ipynb.").format(file=shown(file.name), name=task.name)
        )
    if left_out:
        notes.append(_("Left out: {files}.").format(files=listed(left_out)))
    refiled = unicodedata.normalize("NFC", submission.student) != student
    if refiled:
        notes.append(_("Its name was {name}.").format(name=shown(submission.student)))
    handed_in, doubts = time_of(submission, file, task.due)
    return Candidate(student, submission, file, renamed or refiled, handed_in, (*notes, *doubts))


# "name-1", "name (1)", "name-Copy1": what platforms, browsers and JupyterLab call a second one.
COPY = re.compile(r"(?P<stem>.*?)(?:-([0-9]+)| ?\(([0-9]+)\)|-Copy([0-9]+))?", re.DOTALL)
SECRET = "submission_secret.txt"  # nbgrader finds a student's feedback by it
OURS = {"timestamp.txt", SECRET}
ARCHIVES = (".zip", ".gz", ".tgz", ".7z", ".rar", ".tar", ".bz2", ".xz")


def pick(submission: Submission, task: Task) -> tuple[File, bool, list[str]]:
    """Return the notebook, whether its name is wrong, and the names of what else there is."""
    files = [file for file in submission.files if not file.problem and file.name not in OURS]
    notebooks = [file for file in files if NOTEBOOK.fullmatch(file.name)]
    named = [file for file in notebooks if copy_number(file.name, task.name) is not None]
    if named:
        # Of the same age, the higher number was saved later.
        chosen = max(
            named, key=lambda f: (f.order, f.modified, copy_number(f.name, task.name) or 0)
        )
    elif len(notebooks) == 1:
        (chosen,) = notebooks
    elif notebooks:
        raise RefusedError(
            _("{count} notebooks, and none is {name}.ipynb: {files}. Which is it?").format(
                count=len(notebooks), name=task.name, files=listed(f.name for f in notebooks)
            )
        )
    elif any(file.name.lower().endswith(ARCHIVES) for file in files):
        raise RefusedError(
            _("An archive, which is not opened: {files}. Ask for the notebook itself.").format(
                files=listed(f.name for f in files)
            )
        )
    elif files:
        raise RefusedError(
            _("No notebook, only {files}.").format(files=listed(f.name for f in files)),
            *submission.problems,
        )
    else:
        raise RefusedError(_("No notebook."), *submission.problems)
    others = [f for f in files if f is not chosen and f.name not in task.files]
    left_out = ["/".join(f.path) for f in others]
    return chosen, chosen.name != f"{task.name}.ipynb", left_out


def copy_number(name: str, assignment: str) -> int | None:
    """Return 0 for the assignment's notebook, n for its n-th copy, None for another file."""
    notebook = NOTEBOOK.fullmatch(name)
    copy = COPY.fullmatch(notebook["stem"]) if notebook else None
    if copy is None or copy["stem"] != assignment:
        return None
    return next((int(number[:9]) for number in copy.groups()[1:] if number), 0)


def judge(content: bytes, best: Candidate, task: Task) -> tuple[bool, list[str]]:
    """Return whether this can be read as a notebook, and what to say about it.

    Raises
    ------
    RefusedError
        If it is empty, or the notebook of another assignment.
    """
    file = shown(best.notebook.name)
    if not content.strip():
        raise RefusedError(_("{file} is empty.").format(file=file))
    names = cell_names(content)
    if names is None:
        # The grader tells the student what is wrong with it, and the time of handing in counts.
        return False, [_("Not readable as a notebook; taken, for the grader to report.")]
    if names & task.cells or not task.cells:
        return True, []
    about = _("{file} has none of the cells of {assignment}: is it another notebook?").format(
        file=file, assignment=task.name
    )
    if best.notebook.name != f"{task.name}.ipynb":
        raise RefusedError(about)
    return True, [about]


def cell_names(content: bytes) -> frozenset[str] | None:
    """Return the names that nbgrader gave to the cells; None if this is no notebook."""
    try:
        notebook = json.loads(content)
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
    except (ValueError, RecursionError, TypeError, LookupError):
        return None
    if not isinstance(cells, list):
        return None
    names = set()
    for cell in cells:
        about = cell
        for key in ("metadata", "nbgrader", "grade_id"):
            about = about.get(key) if isinstance(about, dict) else None
        if isinstance(about, str):
            names.add(about)
    return frozenset(names)


def folder_name(student: str) -> str:
    """Return a student's id such that it can name a folder; empty if nothing is left of it.

    Letters, marks and digits of every script stay, and inner ones of ``_.@+,'-`` and space.
    nbgrader reads ids as file patterns, so ``*``, ``?`` and ``[`` must not.
    """
    name = "".join(
        char if unicodedata.category(char)[0] in "LMN" or char in " _.@+,'-" else "_"
        for char in unicodedata.normalize("NFC", student)
    )
    name = name.strip(" ").lstrip(".-").encode()[:120].decode(errors="ignore").strip(" ")
    return name if name.strip(" _.,'+-@") else ""


def time_of(
    submission: Submission, notebook: File, due: datetime | None
) -> tuple[datetime, list[str]]:
    """Return when it was handed in, and what is doubtful about that."""
    if submission.late is not None:
        # Canvas stamps files with the time of the download, and tells only who was late.
        if due and submission.late:
            return max(notebook.modified, due + timedelta(seconds=1)), [_("Late, says Canvas.")]
        if due and notebook.modified > due:
            return due, [_("In time, says Canvas; its archive does not tell when.")]
        return notebook.modified, []
    if submission.claimed is None:
        return notebook.modified, []
    # The name of the folder and timestamp.txt are the student's own words. The notebook keeps the
    # time when it was last saved; the newest file was written when it was handed in.
    files = [file for file in submission.files if not file.problem]
    written = max(file.modified for file in files)
    doubts = []
    if abs(submission.claimed - written) > CLOCKS_AGREE:
        doubts.append(
            _("Claims to be of {claimed}, but was written {written}: that counts.").format(
                claimed=local(submission.claimed), written=local(written)
            )
        )
    changed = max(file.changed or file.modified for file in files)
    if changed - written > CLOCKS_AGREE:
        doubts.append(
            _(
                "Its times were set back, or the exchange was copied: something changed on {time}."
            ).format(time=local(changed))
        )
    if strangers := {file.owner for file in files} - {submission.student, ""}:
        doubts.append(_("Its files belong to {owners}.").format(owners=listed(strangers)))
    return written, doubts


# Where submissions go


class Inbox:
    """Puts submissions in their place, each whole or not at all.

    A submission is written beside its place and then renamed. If the computer stops in between,
    the next collection finishes what was complete, and drops the rest.

    Raises
    ------
    UserError
        If another collection is at work.
    """

    def __init__(self, course: Course, assignment: str) -> None:
        self.course = course
        self.assignment = assignment
        self.staging = course.folder / "submitted" / ".incoming"
        self.part = self.staging / "part"
        self.ready = self.staging / "ready"

    def __enter__(self) -> "Inbox":
        self.ready.mkdir(parents=True, exist_ok=True)
        self.lock = (self.staging / "lock").open("w")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.lock.close()
            raise UserError(_("Another collection is at work. Wait until it has ended.")) from None
        shutil.rmtree(self.part, ignore_errors=True)
        for waiting in self.ready.glob("*/*"):
            self.install(waiting.parent.name, waiting.name)
        return self

    def __exit__(self, *error: object) -> None:
        self.lock.close()

    def put(self, taken: Candidate, content: bytes, readable: bool) -> tuple[bool, list[str]]:
        """File a submission; return whether anything changed, and what to say about it.

        Raises
        ------
        RefusedError
            If what was collected before must stay.
        """
        target = self.course.submitted(taken.student, self.assignment)
        if target.is_symlink() or target.parent.is_symlink():
            raise RefusedError(_("{folder} is a link. Remove it.").format(folder=target))
        notes = []
        before = target / f"{self.assignment}.ipynb"
        if before.is_file():
            old, time = before.read_bytes(), self.time_of(target)
            if old == content:
                return False, []
            if time > taken.handed_in:
                raise RefusedError(
                    _(
                        "Of {time}, older than what was collected ({old}). To take it all the same,"
                        " move {folder} away."
                    ).format(time=local(taken.handed_in), old=local(time), folder=target)
                )
            if not readable and cell_names(old) is not None:
                raise RefusedError(
                    _("Not readable as a notebook; the earlier one of {old} stays.").format(
                        old=local(time)
                    )
                )
            notes.append(
                _("Replaces the one of {old}, which is in superseded/.").format(old=local(time))
            )
        self.write(taken, content)
        self.install(taken.student, self.assignment)
        return True, notes

    def write(self, taken: Candidate, content: bytes) -> None:
        """Write a submission beside its place."""
        shutil.rmtree(self.part, ignore_errors=True)
        self.part.mkdir()
        files = {
            f"{self.assignment}.ipynb": content,
            "timestamp.txt": f"{taken.handed_in:%Y-%m-%d %H:%M:%S.%f} UTC".encode(),
        }
        if secret := secret_of(taken.submission):
            files[SECRET] = secret
        for name, data in files.items():
            with (self.part / name).open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        ready = self.ready / taken.student / self.assignment
        ready.parent.mkdir(exist_ok=True)
        os.rename(self.part, ready)

    def install(self, student: str, assignment: str) -> None:
        """Move a complete submission to its place, and what was there to `superseded/`."""
        target = self.course.submitted(student, assignment)
        target.parent.mkdir(exist_ok=True)
        if target.exists():
            attic = self.course.folder / "superseded" / student / assignment
            attic.mkdir(parents=True, exist_ok=True)
            name = f"{self.time_of(target):%Y-%m-%d %H.%M.%S}"
            names = chain([name], (f"{name} ({number})" for number in count(1)))
            os.rename(target, next(attic / name for name in names if not (attic / name).exists()))
        ready = self.ready / student
        os.rename(ready / assignment, target)
        ready.rmdir()

    def time_of(self, target: Path) -> datetime:
        """Return when a collected submission was handed in."""
        file = target / "timestamp.txt"
        time = stamp(file.read_text("utf-8", "replace").strip()) if file.is_file() else None
        return time or archive.utc(target.stat().st_mtime)


def secret_of(submission: Submission) -> bytes | None:
    """Return what nbgrader needs to give feedback back through the exchange."""
    for file in submission.files:
        if submission.claimed and file.path == (SECRET,):
            with suppress(RefusedError):
                content = file.read()
                return content if re.fullmatch(rb"[0-9a-f]{16,256}", content) else None
    return None


# What the instructor sees


def local(time: datetime) -> str:
    """Return a time as the instructor's clock shows it."""
    return f"{time.astimezone():%Y-%m-%d %H:%M %Z}"


STYLES = {"accepted": "green", "repaired": "yellow", "unchanged": "dim", "refused": "bold red"}


def show(outcomes: list[Outcome]) -> None:
    """Print a table, the refused first, and how many there are of each state."""
    console = Console()
    if not outcomes:
        console.print(_("Nothing was handed in."))
        return
    names = {
        "unchanged": _("unchanged"),
        "accepted": _("accepted"),
        "repaired": _("repaired"),
        "refused": _("refused"),
    }
    table = Table(_("Student"), _("State"), _("Handed in"), _("Notes"))
    states = list(names)
    for outcome in sorted(outcomes, key=lambda outcome: -states.index(outcome.state)):
        if outcome.state == "unchanged" and not outcome.notes:
            continue
        person = f" ({outcome.person})" if outcome.person else ""
        table.add_row(
            Text(outcome.student + person),
            Text(names[outcome.state], STYLES[outcome.state]),
            Text(local(outcome.handed_in) if outcome.handed_in else ""),
            Text("\n".join(outcome.notes)),
        )
    if table.row_count:
        console.print(table)
    counts = [
        f"{number} {name}"
        for state, name in names.items()
        if (number := sum(outcome.state == state for outcome in outcomes))
    ]
    console.print(", ".join(counts))
