"""Whose files they are: submissions as nbgrader's exchange, Canvas and Moodle name them.

Canvas names files in `lib/content_zipper.rb`, Moodle in `mod/assign/classes/downloader.php`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from gettext import gettext as _

from nbgrader.utils import parse_utc

from .archive import File, shown


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


NOTEBOOK = re.compile(r"(?P<stem>.*)\.ipynb(\.json|\.txt)?", re.IGNORECASE | re.DOTALL)


def submissions_of(
    files: list[File], assignment: str, from_exchange: bool = False
) -> tuple[list[Submission], list[tuple[str, str]]]:
    """Sort files by who handed them in.

    Parameters
    ----------
    files : list of File
        What a source holds.
    assignment : str
        Of the exchange, what belongs to others is left out.
    from_exchange : bool
        Whether these are the exchange's. If not known, the names tell.

    Returns
    -------
    list of Submission
    list of (str, str)
        Name of each file that is nobody's submission, and why not.
    """
    files = [file for file in files if file.problem or not is_junk(file)]
    layout = exchange if from_exchange else layout_of(files, assignment)
    submissions: dict[str, Submission] = {}
    strangers = []
    for file in files:
        placed = None if "/" in file.path[0] else layout(file)
        if placed is None:
            strangers.append((shown("/".join(file.path)), file.problem or _("Not a submission.")))
            continue
        key, submission, inside = placed
        submissions.setdefault(key, submission).files.append(inside)
    ours = [each for each in submissions.values() if each.assignment in ("", assignment)]
    if not any(file.owner == each.student for each in ours for file in each.files):
        # One user owns them all: copied, or written by a hub. Owners tell nothing then.
        for each in ours:
            each.files = [replace(file, owner="") for file in each.files]
    return ours, strangers


def layout_of(files: list[File], assignment: str) -> "Layout":
    """Return the layout that most names fit: many people chose them, and no single one decides."""
    tops = {file.path[0]: file for file in files}.values()

    def fitting(layout: Layout) -> int:
        return sum(layout(file) is not None for file in tops)

    best = max([exchange, moodle, canvas], key=fitting)
    return best if 2 * fitting(best) > len(tops) else partial(folder, assignment)


JUNK = {"__MACOSX", "Thumbs.db", "desktop.ini", "__pycache__"}


def is_junk(file: File) -> bool:
    """Whether a file is there because of some program, and nobody handed it in."""
    return any(part in JUNK or part.startswith(".") for part in file.path)


# The key that its files share, the submission if it is new, and the file as it lies in there
Placed = tuple[str, Submission, File]
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
    return file.path[0], submission, replace(file, path=file.path[1:])


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
    return number, submission, inside


def moodle(file: File) -> Placed | None:
    """Place a file of Moodle: `Full Name_participant_assignsubmission_file_/...`."""
    match = MOODLE.fullmatch(file.path[0])
    rest = file.path[1:] or ((match["name"],) if match and match["name"] else ())
    if match is None or not rest:
        return None
    number = match["number"] or ""
    submission = Submission(number or match["person"], person=match["person"], number=number)
    return number or match["person"], submission, replace(file, path=rest)


def folder(assignment: str, file: File) -> Placed | None:
    """Place a file of a plain folder: `student.ipynb` or `student/...`."""
    if len(file.path) > 1:
        inside = replace(file, path=file.path[1:])
        return file.path[0], Submission(file.path[0]), inside
    match = NOTEBOOK.fullmatch(file.name)
    if match is None:
        return None
    inside = replace(file, path=(f"{assignment}.ipynb",))
    return file.name, Submission(match["stem"]), inside


def stamp(text: str) -> datetime | None:
    """Read a time as nbgrader writes it; None if it is none, or of another age."""
    try:
        time = parse_utc(text).replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError):
        return None
    return time if 2000 <= time.year < 3000 else None
