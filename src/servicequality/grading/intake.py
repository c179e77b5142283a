"""Take in what students handed in: from nbgrader's exchange, Canvas, Moodle, or a folder.

Everything that comes in is untrusted. Of each submission only the notebook is read, as bytes, and
written under a name that we choose; nothing is unpacked, followed or run.

Names in the archives are as Canvas (`lib/content_zipper.rb`) and Moodle
(`mod/assign/classes/downloader.php`) write them.
"""

import fcntl
import json
import os
import pwd
import re
import shutil
import stat
import struct
import unicodedata
import zipfile
import zlib
from argparse import Namespace
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from gettext import gettext as _
from pathlib import Path
from typing import Literal

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.utils import parse_utc
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .cli import UserError
from .course import Course

MOST_BYTES = 10_000_000  # of a notebook, as `max_file_size` in nbgrader_config.py
MOST_RATIO = 200  # unpacked to packed; a notebook full of text has about 10
RATIO_FROM = 1_000_000  # bytes; below that, a high ratio does no harm
MOST_FILES = 1_000  # of one submission
MOST_ENTRIES = 200_000  # of one archive
DEEPEST = 20  # folders in folders
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
    """

    student: str
    state: State
    handed_in: datetime | None = None
    notes: tuple[str, ...] = ()


class RefusedError(Exception):
    """Something that is not taken; the text says why."""


@dataclass(frozen=True)
class File:
    """One file of the source.

    Attributes
    ----------
    path : tuple of str
        Folders and name, inside the source or the submission.
    read : callable
        Returns the content, or raises `RefusedError`.
    modified : datetime
        When it was last changed, in UTC.
    changed : datetime or None
        When the file system last noticed a change, in UTC. Its owner cannot set that back.
    owner : str
        Whose file it is; empty if unknown.
    problem : str
        Why it cannot be taken; empty if it can.
    order : int
        The platform's number of the upload: a later one is higher.
    """

    path: tuple[str, ...]
    read: Callable[[], bytes]
    modified: datetime
    changed: datetime | None = None
    owner: str = ""
    problem: str = ""
    order: int = 0

    @property
    def name(self) -> str:
        """Name without folders."""
        return self.path[-1]


@dataclass
class Submission:
    """Files that somebody handed in together.

    Attributes
    ----------
    student : str
        As the source names the student.
    person, number : str
        Full name, and the platform's number of the student; empty if the source does not tell.
    late : bool or None
        What Canvas says; None if it says nothing.
    claimed : datetime or None
        When it was handed in, in the words of the student's own computer.
    assignment : str
        What it is an answer to; empty if the source does not tell.
    files : list of File
        What was handed in.
    """

    student: str
    person: str = ""
    number: str = ""
    late: bool | None = None
    claimed: datetime | None = None
    assignment: str = ""
    files: list[File] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """What cannot be taken, and why."""
        return [f"{shown('/'.join(f.path))}: {f.problem}" for f in self.files if f.problem]


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
    outcomes = collect(Course(options.course), options.assignment, options.source)
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
    outcomes: list[Outcome] = []
    with course.gradebook() as book, Inbox(course, assignment) as inbox:
        task = replace(task, due=due_date(book, assignment))
        ids = {known.lms_user_id: known.id for known in book.students if known.lms_user_id}
        students: dict[str, list[Submission]] = defaultdict(list)
        for submission in submissions_of(source, course, assignment, outcomes):
            submission.student = ids.get(submission.number, submission.student)
            students[folder_name(submission.student)].append(submission)
        for student, submissions in students.items():
            try:
                outcome = take(student, submissions, task, inbox)
                introduce(book, student, submissions[-1])
            except RefusedError as refusal:
                name = student or shown(submissions[0].student)
                outcome = Outcome(name, "refused", None, tuple(refusal.args))
            outcomes.append(outcome)
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
            _("{count} submissions; the one of {time} counts.").format(
                count=len(submissions), time=local(best.handed_in)
            )
        )
    notes = [*notes, *best.notes, *reasons]
    changed, more = inbox.put(best, content, readable)
    state: State = "repaired" if best.repaired else "accepted"
    return Outcome(
        student,
        state if changed else "unchanged",
        best.handed_in,
        tuple(dict.fromkeys([*notes, *more])),
    )


def candidate(student: str, submission: Submission, task: Task) -> Candidate:
    """Find the notebook of a submission, and when it was handed in.

    Raises
    ------
    RefusedError
        If there is no notebook that can be taken.
    """
    if len(submission.files) > MOST_FILES:
        raise RefusedError(_("More than {most} files. Ask for one.").format(most=MOST_FILES))
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


NOTEBOOK = re.compile(r"(?P<stem>.*)\.ipynb(\.json|\.txt)?", re.IGNORECASE | re.DOTALL)
# "name-1", "name (1)", "name-Copy1": what platforms, browsers and JupyterLab call a second one.
COPY = re.compile(r"(?P<stem>.*?)(?:-([0-9]+)| ?\(([0-9]+)\)|-Copy([0-9]+))?", re.DOTALL)
JUNK = {"__MACOSX", "Thumbs.db", "desktop.ini", "__pycache__"}
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


# Where submissions come from


def submissions_of(
    source: Path | None, course: Course, assignment: str, outcomes: list[Outcome]
) -> list[Submission]:
    """Read a zip or a folder; add to the outcomes what is nobody's submission."""
    layouts: list[Layout] = [exchange, moodle, canvas]
    if source is None:
        source, layouts = course.inbound, [exchange]
        if not source.is_dir():
            raise UserError(
                _(
                    "Nothing was handed in through the exchange: there is no {folder}. Name a zip "
                    "or a folder of submissions."
                ).format(folder=source)
            )
    if source.is_dir():
        files = files_of_folder(source)
    elif source.is_file() and zipfile.is_zipfile(source):
        files = files_of_zip(source)
    elif source.exists():
        raise UserError(_("{source} is neither a folder nor a zip.").format(source=source))
    else:
        raise UserError(
            _("There is no {source}. Name a zip or a folder of submissions.").format(source=source)
        )
    files = [file for file in files if file.problem or not is_junk(file)]
    # Names are chosen by many people; no single one of them decides how the others are read.
    tops = {file.path[0]: file for file in files}
    layout = max(layouts, key=lambda each: sum(each(file) is not None for file in tops.values()))
    if layout is not exchange or len(layouts) > 1:
        fitting = sum(layout(file) is not None for file in tops.values())
        if 2 * fitting < len(tops) or not tops:
            layout = partial(folder, assignment)
    submissions: dict[tuple[object, ...], Submission] = {}
    for file in files:
        placed = None if "/" in file.path[0] else layout(file)
        if placed is None:
            reason = file.problem or _("Not a submission.")
            outcomes.append(Outcome(shown("/".join(file.path)), "refused", None, (reason,)))
            continue
        key, submission, inside = placed
        submissions.setdefault(key, submission).files.append(inside)
    ours = [each for each in submissions.values() if each.assignment in ("", assignment)]
    if not any(file.owner == each.student for each in ours for file in each.files):
        # One user owns them all: copied, or written by a hub. Owners tell nothing then.
        for each in ours:
            each.files = [replace(file, owner="") for file in each.files]
    return ours


def is_junk(file: File) -> bool:
    """Whether a file is there because of some program, and nobody handed it in."""
    return any(part in JUNK or part.startswith(".") for part in file.path)


Placed = tuple[tuple[object, ...], Submission, File]
Layout = Callable[[File], Placed | None]

EXCHANGE = re.compile(
    r"(?P<student>.+)\+(?P<assignment>[^+]+)\+(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}[^+]*)(?:\+[^+]*)?",
    re.DOTALL,
)
CANVAS = re.compile(
    r"(?:(?P<person>\w*?)_)??(?P<late>LATE_)?(?P<number>[0-9]+|anon_\w+?)_(?P<upload>[0-9]+)"
    r"_(?P<name>.+)",
    re.DOTALL,
)
# Folders since Moodle 3.1, one flat folder before or if the teacher wants it. A group that has
# no number hands in as well.
MOODLE = re.compile(
    r"(?P<person>.+?)(?:_(?P<number>[0-9]+))?_assignsubmission_[a-z]+(?:_(?P<name>.*))?", re.DOTALL
)


def exchange(file: File) -> Placed | None:
    """Place a file of nbgrader's exchange: `student+assignment+time+random/...`."""
    match = EXCHANGE.fullmatch(file.path[0])
    claimed = stamp(match["time"]) if match else None
    if match is None or claimed is None or len(file.path) == 1:
        return None
    submission = Submission(match["student"], claimed=claimed, assignment=match["assignment"])
    return (file.path[0],), submission, replace(file, path=file.path[1:])


def canvas(file: File) -> Placed | None:
    """Place a file of Canvas: `name_LATE_user_upload_file`."""
    match = CANVAS.fullmatch(file.path[0])
    if match is None or len(file.path) > 1:
        return None
    number = match["number"]
    submission = Submission(
        number,
        person=match["person"] or "",
        number=number if number.isdigit() else "",
        late=match["late"] is not None,
    )
    inside = replace(file, path=(match["name"],), order=int(match["upload"][:18]))
    return (number,), submission, inside


def moodle(file: File) -> Placed | None:
    """Place a file of Moodle: `Full Name_participant_assignsubmission_file_/...`."""
    match = MOODLE.fullmatch(file.path[0])
    rest = file.path[1:] or ((match["name"],) if match and match["name"] else ())
    if match is None or not rest:
        return None
    number = match["number"] or ""
    submission = Submission(number or match["person"], person=match["person"], number=number)
    return (number or match["person"],), submission, replace(file, path=rest)


def folder(assignment: str, file: File) -> Placed | None:
    """Place a file of a plain folder: `student.ipynb` or `student/...`."""
    if len(file.path) > 1:
        inside = replace(file, path=file.path[1:])
        return (file.path[0], "folder"), Submission(file.path[0]), inside
    match = NOTEBOOK.fullmatch(file.name)
    if match is None:
        return None
    inside = replace(file, path=(f"{assignment}.ipynb",))
    return (match["stem"], "file"), Submission(match["stem"]), inside


def stamp(text: str) -> datetime | None:
    """Read a time as nbgrader writes it; None if it is none."""
    try:
        return parse_utc(text).replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError):
        return None


def utc(seconds: float) -> datetime:
    """Return seconds since 1970 as a time that can be written, whatever a file says."""
    return datetime.fromtimestamp(min(max(seconds, 0), 253_402_300_799), UTC)


def nothing() -> bytes:
    """Stand for the content of a file that must not be read."""
    raise RefusedError(_("It cannot be read."))


def files_of_folder(root: Path) -> list[File]:
    """List what a folder holds, following no links."""
    files = []
    for entry in sorted(scan(root), key=lambda entry: entry.name):
        inside = list(files_of_entry(root, entry, (entry.name,), [0]))
        if not inside:
            problem = _("An empty folder.")
            inside = [File((entry.name, "."), nothing, utc(0), problem=problem)]
        files += inside
    return files


def scan(path: Path | str) -> list[os.DirEntry[str]]:
    """List a folder."""
    with os.scandir(path) as entries:
        return list(entries)


def files_of_entry(
    root: Path, entry: os.DirEntry[str], path: tuple[str, ...], count: list[int]
) -> Iterator[File]:
    """List one file, or what one folder holds; not much more than `MOST_FILES`."""
    if count[0] > MOST_FILES + 1:
        return
    count[0] += 1
    problem = ""
    try:
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(status.st_mode) and len(path) <= DEEPEST:
            for inner in scan(entry.path):
                yield from files_of_entry(root, inner, (*path, inner.name), count)
            return
        problem = kind_problem(status.st_mode)
    except OSError as error:
        yield File(path, nothing, utc(0), problem=_("Cannot be read: {error}.").format(error=error))
        return
    yield File(
        path,
        nothing if problem else partial(read_beneath, root, path),
        utc(status.st_mtime),
        utc(status.st_ctime),
        owner(status.st_uid),
        problem,
    )


def kind_problem(mode: int) -> str:
    """Say why something that is no ordinary file is not taken; empty if it is one."""
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISLNK(mode):
        return _("A link, which is not followed. Ask for the file itself.")
    if stat.S_ISDIR(mode):
        return _("Too many folders in folders.")
    return _("A pipe, socket or device, which is not read.")


def owner(uid: int) -> str:
    """Return the name of a user of this computer; empty if there is none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""


def read_beneath(root: Path, path: tuple[str, ...]) -> bytes:
    """Read a file without following a link, also one that was put there a moment ago."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        place = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for part in path:
                inner = os.open(part, flags, dir_fd=place)
                os.close(place)
                place = inner
            if problem := kind_problem(os.fstat(place).st_mode):
                raise RefusedError(f"{shown(path[-1])}: {problem}")
            with os.fdopen(os.dup(place), "rb") as file:
                content = file.read(MOST_BYTES + 1)
        finally:
            os.close(place)
    except OSError as error:
        raise RefusedError(
            _("{file} cannot be read: {error}.").format(
                file=shown(path[-1]), error=error.strerror or error
            )
        ) from error
    return within_size(content, path[-1])


def within_size(content: bytes, name: str) -> bytes:
    """Return the content, or raise `RefusedError` if there is too much of it."""
    if len(content) > MOST_BYTES:
        raise RefusedError(too_large(name))
    return content


def too_large(name: str) -> str:
    """Say that a file is too large, and what to do."""
    return _("{file} is larger than {most} MB: ask for it without outputs.").format(
        file=shown(name), most=MOST_BYTES // 1_000_000
    )


def files_of_zip(source: Path) -> list[File]:
    """List what a zip holds, unpacking nothing."""
    try:
        with zipfile.ZipFile(source) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UserError(
            _("{source} cannot be opened: {error}. Download it again.").format(
                source=source, error=error
            )
        ) from error
    if len(entries) > MOST_ENTRIES:
        raise UserError(
            _("{source} has {count} files, more than {most}. Is it the right one?").format(
                source=source, count=len(entries), most=MOST_ENTRIES
            )
        )
    names = zip_names(entries)
    paths = [tuple(part for part in name.split("/") if part != ".") for name in names]
    # A zipped folder holds that folder.
    wrapped = all(len(path) > 1 and path[0] in (source.stem, "__MACOSX") for path in paths)
    files = []
    for entry, name, path in zip(entries, names, paths, strict=True):
        if not path or not all(path) or ".." in path or "\\" in name or ":" in name[:2]:
            path, problem = (name,), _("Its name leads out of the archive.")
        else:
            path = path[1:] if wrapped else path
            problem = zip_problem(entry)
        read = nothing if problem else partial(read_entry, source, entry, path[-1])
        files.append(File(path, read, zip_time(entry), problem=problem))
    return files


def zip_problem(entry: zipfile.ZipInfo) -> str:
    """Say why an entry is not read; empty if it is."""
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) and (problem := kind_problem(mode)):
        return problem
    if entry.flag_bits & 0x1:
        return _("Locked with a password.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return _("Packed in an unusual way.")
    return ""


def read_entry(source: Path, entry: zipfile.ZipInfo, name: str) -> bytes:
    """Read one entry, as far as its size allows."""
    if entry.file_size > MOST_BYTES:
        raise RefusedError(too_large(name))
    if entry.file_size > max(RATIO_FROM, MOST_RATIO * entry.compress_size):
        raise RefusedError(
            _("{file} unpacks to {ratio} times its size: a zip bomb?").format(
                file=shown(name), ratio=entry.file_size // max(entry.compress_size, 1)
            )
        )
    try:
        with zipfile.ZipFile(source) as archive, archive.open(entry) as file:
            return within_size(file.read(MOST_BYTES + 1), name)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError) as error:
        raise RefusedError(
            _("{file} is damaged in the archive: {error}.").format(
                file=shown(name), error=shown(str(error))
            )
        ) from error


def zip_time(entry: zipfile.ZipInfo) -> datetime:
    """Return when an entry was changed.

    Zips hold local time of wherever they were made, taken as ours; many hold UTC besides, in the
    extra field 0x5455.
    """
    extra = entry.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == 0x5455 and size >= 5 and len(extra) >= 9 and extra[4] & 1:
            return utc(struct.unpack("<i", extra[5:9])[0])
        extra = extra[4 + size :]
    try:
        return utc(datetime(*entry.date_time).timestamp())
    except ValueError:
        return utc(0)


def zip_names(entries: list[zipfile.ZipInfo]) -> list[str]:
    """Return the names, also those that were not written in UTF-8 and do not say in what.

    All names of an archive were written by one program, so the first encoding that makes letters
    of one script of all of them is taken: UTF-8, simplified Chinese, the zip format's own,
    Western Windows, Chinese with rare characters.
    """
    raw = [undecoded(entry) for entry in entries]
    known = [name for name in raw if name is not None]
    encoding = next((each for each in SCRIPTS if spells(known, each)), "cp437")
    return [
        entry.filename if name is None else name.decode(encoding)
        for entry, name in zip(entries, raw, strict=True)
    ]


def undecoded(entry: zipfile.ZipInfo) -> bytes | None:
    """Return a name of which `zipfile` had to guess the encoding; None if it knew."""
    if entry.flag_bits & UTF_8:
        return None
    try:
        return entry.filename.encode("cp437")
    except UnicodeEncodeError:  # told by an extra field
        return None


UTF_8 = 0x800  # flag of an entry
SCRIPTS = {"utf-8": "", "gb2312": "CJK", "cp437": "LATIN", "cp1252": "LATIN", "gb18030": "CJK"}


def spells(names: Iterable[bytes], encoding: str) -> bool:
    """Whether the names can be read so, and what is not ASCII are letters of the script."""
    try:
        chars = {char for name in names for char in name.decode(encoding) if not char.isascii()}
    except UnicodeDecodeError:
        return False
    return all(unicodedata.name(char, "").startswith(SCRIPTS[encoding]) for char in chars)


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
            number = sum(1 for path in attic.iterdir() if path.name.startswith(name))
            os.rename(target, attic / (f"{name} ({number})" if number else name))
        ready = self.ready / student
        os.rename(ready / assignment, target)
        ready.rmdir()

    def time_of(self, target: Path) -> datetime:
        """Return when a collected submission was handed in."""
        file = target / "timestamp.txt"
        time = stamp(file.read_text("utf-8", "replace").strip()) if file.is_file() else None
        return time or utc(target.stat().st_mtime)


def secret_of(submission: Submission) -> bytes | None:
    """Return what nbgrader needs to give feedback back through the exchange."""
    for file in submission.files:
        if submission.claimed and file.path == (SECRET,) and not file.problem:
            content = file.read()
            return content if re.fullmatch(rb"[0-9a-f]{16,256}", content) else None
    return None


# What the instructor sees


def shown(text: str) -> str:
    """Return a student's text such that it cannot steer the terminal."""
    clean = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return clean if len(clean) <= 100 else clean[:99] + "…"


def listed(names: Iterable[str]) -> str:
    """Return names in one line, the first few of many."""
    names = sorted(shown(name) for name in names)
    return ", ".join(names[:5]) + (f" (+{len(names) - 5})" if len(names) > 5 else "")


def local(time: datetime) -> str:
    """Return a time as the instructor's clock shows it."""
    return f"{time.astimezone():%Y-%m-%d %H:%M %Z}"


STYLES = {"accepted": "green", "repaired": "yellow", "unchanged": "dim", "refused": "bold red"}


def show(outcomes: list[Outcome]) -> None:
    """Print a table, and how many there are of each state."""
    console = Console()
    if not outcomes:
        console.print(_("Nothing was handed in."))
        return
    names = {
        "accepted": _("accepted"),
        "repaired": _("repaired"),
        "unchanged": _("unchanged"),
        "refused": _("refused"),
    }
    table = Table(_("Student"), _("State"), _("Handed in"), _("Notes"))
    for outcome in outcomes:
        table.add_row(
            Text(outcome.student),
            Text(names[outcome.state], STYLES[outcome.state]),
            Text(local(outcome.handed_in) if outcome.handed_in else ""),
            Text("\n".join(outcome.notes)),
        )
    console.print(table)
    counts = [
        f"{count} {name}"
        for state, name in names.items()
        if (count := sum(outcome.state == state for outcome in outcomes))
    ]
    console.print(", ".join(counts))
