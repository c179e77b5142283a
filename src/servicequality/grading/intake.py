"""Take in what students handed in: from nbgrader's exchange, Canvas, Moodle, or a folder.

Everything that comes in is untrusted. Of each submission only the notebook is read, as bytes, and
written under a name that we choose; nothing is unpacked, followed or run.

Names in the archives are as Canvas (`lib/content_zipper.rb`) and Moodle
(`mod/assign/classes/downloader.php`) write them.
"""

import fcntl
import json
import os
import re
import shutil
import stat
import unicodedata
import zipfile
from argparse import Namespace
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path, PurePosixPath
from typing import Any, Literal

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


class Refused(Exception):
    """A file that is not taken; the text says why."""


@dataclass(frozen=True)
class File:
    """One file of the source.

    Attributes
    ----------
    path : tuple of str
        Folders and name, inside the source.
    modified : datetime
        When it was last changed, in UTC.
    changed : datetime or None
        When the file system last noticed a change, in UTC. Its owner cannot set it back.
    owner : str or None
        Whose file it is.
    read : callable
        Returns the content, or raises `Refused`.
    """

    path: tuple[str, ...]
    modified: datetime
    read: Callable[[], bytes]
    changed: datetime | None = None
    owner: str | None = None

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
    files : list of File
        What was handed in; `File.path` from here.
    person : str
        Full name, if the source tells.
    number : str
        The platform's number of the student, if the source tells.
    late : bool or None
        What the platform says; None if it says nothing.
    claimed : datetime or None
        When it was handed in, as the student's own computer wrote it.
    problems : list of str
        Why parts of it cannot be taken.
    """

    student: str
    files: list[File] = field(default_factory=list)
    person: str = ""
    number: str = ""
    late: bool | None = None
    claimed: datetime | None = None
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Candidate:
    """A submission from which a notebook can be taken."""

    student: str
    submission: Submission
    notebook: bytes
    handed_in: datetime
    readable: bool
    repaired: bool
    notes: tuple[str, ...]

    @property
    def rank(self) -> tuple[bool, bool, datetime]:
        """Order among the submissions of one student; the highest is taken."""
        owner = self.submission.files[0].owner if self.submission.files else None
        return (self.readable, owner == self.submission.student, self.handed_in)


def run(options: Namespace) -> int:
    """Collect, print what happened, and return 1 if anything was refused, else 0."""
    course = Course(options.course)
    outcomes = collect(course, options.assignment, options.source)
    show(outcomes, options.assignment)
    return int(any(outcome.state == "refused" for outcome in outcomes))


def collect(course: Course, assignment: str, source: Path | None = None) -> list[Outcome]:
    """Put what students handed in where nbgrader looks for it.

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
        One for each student, sorted, and one for each thing that belongs to nobody.

    Raises
    ------
    UserError
        If there is no such assignment, or the source cannot be read at all.
    """
    cells = cell_names(course.source(assignment).read_bytes())
    submissions, outcomes = read_source(source or course.inbound, assignment)
    with course.gradebook() as book, Inbox(course, assignment) as inbox:
        ids = {s.lms_user_id: s.id for s in book.students if s.lms_user_id}
        due = due_date(book, assignment)
        claims: dict[str, set[str]] = defaultdict(set)
        by_student: dict[str, list[Submission]] = defaultdict(list)
        for submission in submissions:
            raw = ids.get(submission.number) or submission.student
            student = folder_name(raw)
            claims[student].add(unicodedata.normalize("NFC", raw))
            by_student[student].append(submission)
        for student, theirs in by_student.items():
            if len(claims[student]) > 1 or not student:
                names = ", ".join(sorted(shown(name) for name in claims[student]))
                reason = (
                    _("These would share one folder: {names}. Rename all but one.")
                    if student
                    else _("{names}: nothing in this name can name a folder. Rename it.")
                )
                outcomes.append(Outcome(student, "refused", None, (reason.format(names=names),)))
                continue
            outcome = choose(student, theirs, assignment, cells, due, inbox)
            if outcome.state != "refused":
                introduce(book, student, theirs[-1])
            outcomes.append(outcome)
        book.db.commit()
    return sorted(outcomes, key=lambda outcome: outcome.student)


def choose(
    student: str,
    submissions: list[Submission],
    assignment: str,
    cells: frozenset[str],
    due: datetime | None,
    inbox: "Inbox",
) -> Outcome:
    """Take the latest good submission of one student."""
    candidates, reasons = [], []
    for submission in submissions:
        try:
            candidates.append(examine(student, submission, assignment, cells, due))
        except Refused as refusal:
            reasons.append(str(refusal))
    if not candidates:
        return Outcome(student, "refused", None, tuple(dict.fromkeys(reasons)))
    best = max(candidates, key=lambda candidate: candidate.rank)
    notes = list(best.notes)
    if len(submissions) > 1:
        notes.append(
            _("{count} submissions; the one of {time} was taken.").format(
                count=len(submissions), time=local(best.handed_in)
            )
        )
        newest = max(candidates, key=lambda candidate: candidate.handed_in)
        if newest is not best:
            notes.append(
                _("Not the latest ({time}): that one cannot be read as a notebook.").format(
                    time=local(newest.handed_in)
                )
                if not newest.readable
                else _("Not the latest ({time}): that one belongs to {owner}.").format(
                    time=local(newest.handed_in), owner=shown(str(newest.submission.files[0].owner))
                )
            )
    notes += reasons
    state, more = inbox.put(best)
    return Outcome(student, state, best.handed_in, tuple(dict.fromkeys([*notes, *more])))


def examine(
    student: str,
    submission: Submission,
    assignment: str,
    cells: frozenset[str],
    due: datetime | None,
) -> Candidate:
    """Find the notebook of a submission, read it, and see whether it is one.

    Raises
    ------
    Refused
        If there is no notebook that can be taken.
    """
    if len(submission.files) > MOST_FILES:
        raise Refused(
            _("More than {most} files. Ask for the notebook alone.").format(most=MOST_FILES)
        )
    file, renamed, left_out = pick(submission, assignment)
    content = file.read()
    if not content.strip():
        raise Refused(_("{file} is empty.").format(file=shown(file.name)))
    notes = list(submission.problems)
    found = cell_names(content)
    readable = found is not UNREADABLE
    if not readable:
        notes.append(_("Not readable as a notebook: taken as it is, for the grader to report."))
    elif cells and not cells & found:
        if renamed:
            raise Refused(
                _("{file} has none of the cells of {assignment}: another notebook?").format(
                    file=shown(file.name), assignment=assignment
                )
            )
        notes.append(
            _("None of the cells of {assignment} in it: another notebook?").format(
                assignment=assignment
            )
        )
    if renamed:
        notes.append(
            _("Renamed from {file} to {name}.ipynb.").format(
                file=shown(file.name), name=assignment
            )
        )
    if left_out:
        notes.append(_("Left out: {files}.").format(files=listed(left_out)))
    raw = unicodedata.normalize("NFC", submission.student)
    odd_name = not submission.number and raw != student
    if odd_name:
        notes.append(
            _("Filed as {student}, for {name}.").format(student=student, name=shown(raw))
        )
    handed_in, doubts = time_of(submission, file, due)
    return Candidate(
        student,
        submission,
        content,
        handed_in,
        readable,
        renamed or odd_name,
        (*notes, *doubts),
    )


# What is a notebook, and whose


NOTEBOOK = re.compile(r"(?P<stem>.*)\.ipynb(\.json|\.txt)?", re.IGNORECASE | re.DOTALL)
# "name-1", "name (1)", "name-Copy1": how platforms, browsers and JupyterLab name a second one.
COPY = re.compile(r"(?P<stem>.*?)(?:-(?P<a>\d+)| ?\((?P<b>\d+)\)|-Copy(?P<c>\d+))?", re.DOTALL)
JUNK = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints", "__pycache__"}
OURS = {"timestamp.txt", "submission_secret.txt"}


def pick(submission: Submission, assignment: str) -> tuple[File, bool, list[str]]:
    """Return the notebook, whether its name is wrong, and the names of what else there is."""
    files = [
        file
        for file in submission.files
        if not JUNK.intersection(file.path) and not file.name.startswith("._")
    ]
    notebooks = {file: match for file in files if (match := NOTEBOOK.fullmatch(file.name))}
    named = {
        file: int(copy["a"] or copy["b"] or copy["c"] or 0)
        for file, match in notebooks.items()
        if (copy := COPY.fullmatch(match["stem"])) and copy["stem"] == assignment
    }
    if named:
        # Of the same age, the higher number was saved later.
        chosen = max(named, key=lambda file: (file.modified, named[file]))
    elif len(notebooks) == 1:
        (chosen,) = notebooks
    elif notebooks:
        raise Refused(
            _("{count} notebooks, none of them called {name}.ipynb: {files}. Which is it?").format(
                count=len(notebooks),
                name=assignment,
                files=listed([file.name for file in notebooks]),
            )
        )
    else:
        raise Refused(" ".join([_no_notebook(files), *submission.problems]))
    others = [
        "/".join(file.path)
        for file in files
        if file is not chosen and not (len(file.path) == 1 and file.name in OURS)
    ]
    return chosen, chosen.name != f"{assignment}.ipynb", others


def _no_notebook(files: list[File]) -> str:
    names = [file.name for file in files if file.name not in OURS]
    if any(name.lower().endswith((".zip", ".gz", ".7z", ".rar", ".tar")) for name in names):
        return _("An archive ({files}): it is not opened. Ask for the notebook itself.").format(
            files=listed(names)
        )
    if names:
        return _("No notebook, only {files}.").format(files=listed(names))
    return _("No notebook.")


UNREADABLE: frozenset[str] = frozenset({""})


def cell_names(content: bytes) -> frozenset[str]:
    """Return the names that nbgrader gave to cells; `UNREADABLE` if this is no notebook."""
    try:
        notebook = json.loads(content)
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
    except (ValueError, RecursionError, TypeError, LookupError, AttributeError):
        return UNREADABLE
    return frozenset(name for name in names if isinstance(name, str) and name)


def folder_name(student: str) -> str:
    """Return a student's id as it can name a folder; empty if nothing is left of it.

    Letters, marks and digits of every script stay, and ``_.@+,'-`` and inner spaces; nbgrader
    reads ids as file patterns, so ``*``, ``?`` and ``[`` must not.
    """
    kept = "".join(
        char if unicodedata.category(char)[0] in "LMN" or char in " _.@+,'-" else "_"
        for char in unicodedata.normalize("NFC", student)
    )
    kept = kept.encode()[:120].decode(errors="ignore").strip(" ").lstrip(".-")
    return kept.strip(" ") if kept.strip(" _.") else ""


def time_of(
    submission: Submission, notebook: File, due: datetime | None
) -> tuple[datetime, list[str]]:
    """Return when it was handed in, and what is doubtful about that."""
    if submission.late is not None:
        # Canvas stamps the files with the time of the download, and tells only who was late.
        if due and not submission.late and notebook.modified > due:
            return due, [_("Canvas says: in time. Its archive does not tell when.")]
        if due and submission.late:
            return max(notebook.modified, due + timedelta(seconds=1)), [_("Canvas says: late.")]
        return notebook.modified, []
    if submission.claimed is None:
        return notebook.modified, []
    # The exchange: the name of the folder and timestamp.txt are the student's own words. The
    # notebook keeps the time of its last saving; the newest file was written when handing in.
    written = max(file.modified for file in submission.files)
    doubts = []
    if abs(submission.claimed - written) > CLOCKS_AGREE:
        doubts.append(
            _("Claims to be of {claimed}, but was written {written}: the latter counts.").format(
                claimed=local(submission.claimed), written=local(written)
            )
        )
    changed = max(file.changed or file.modified for file in submission.files)
    if changed - written > CLOCKS_AGREE:
        doubts.append(
            _(
                "Its times were set back, or the exchange was copied: the system's last change "
                "is of {changed}."
            ).format(changed=local(changed))
        )
    owners = {file.owner for file in submission.files if file.owner}
    if owners - {submission.student}:
        doubts.append(
            _("The files belong to {owners}.").format(
                owners=listed(sorted(owners - {submission.student}))
            )
        )
    return written, doubts


# Sources


def read_source(source: Path, assignment: str) -> tuple[list[Submission], list[Outcome]]:
    """Read a zip or a folder; return submissions, and what is none."""
    if source.is_dir():
        if (inbound := source / "service-quality" / "inbound").is_dir():
            source = inbound
        files, odd = files_of_folder(source)
    elif source.is_file() and zipfile.is_zipfile(source):
        files, odd = files_of_zip(source)
    elif source.exists():
        raise UserError(
            _("{source} is neither a folder nor a zip.").format(source=shown(str(source)))
        )
    else:
        raise UserError(
            _("There is no {source}. Name a zip or a folder of submissions.").format(
                source=shown(str(source))
            )
        )
    tops = {path[0] for path in [*(file.path for file in files), *odd]}
    if any(MOODLE.fullmatch(top) for top in tops):
        place = moodle
    elif any((match := EXCHANGE.fullmatch(top)) and stamp(match["time"]) for top in tops):
        place = exchange
    elif any(CANVAS.fullmatch(path[0]) for path in [f.path for f in files] if len(path) == 1):
        place = canvas
    else:
        place = folder
    submissions: dict[Any, Submission] = {}
    strangers: dict[str, list[str]] = defaultdict(list)
    for path, what in [*((file.path, file) for file in files), *odd.items()]:
        placed = place(path, assignment)
        if placed is None:
            if not JUNK.intersection(path):
                strangers["/".join(path)].append(
                    what if isinstance(what, str) else _("Not a submission.")
                )
            continue
        if isinstance(placed, Elsewhere):
            continue
        key, fresh, rest = placed
        submission = submissions.setdefault(key, fresh)
        if isinstance(what, str):
            submission.problems.append(f"{shown('/'.join(rest))}: {what}")
        else:
            submission.files.append(File(rest, what.modified, what.read, what.changed, what.owner))
    outcomes = [
        Outcome(shown(name), "refused", None, tuple(reasons)) for name, reasons in strangers.items()
    ]
    return list(submissions.values()), outcomes
