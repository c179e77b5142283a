"""What is written down beside each autograded notebook: scores, messages, and what was noticed."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

FILE_NAME = "grading.json"

TestState = Literal["passed", "partial", "failed", "timeout", "died", "test error"]
NoteKind = Literal["repair", "tampering", "sandbox", "limit"]


@dataclass(frozen=True)
class Test:
    """One test cell of one submission.

    Attributes
    ----------
    name : str
        nbgrader's `grade_id` of the cell.
    task : str
        Code of the task ("X2.1"); the name if the source does not tell.
    points, most : float
        Points given, and points possible.
    state : str
        "passed", "partial" (the test gave a part of the points), "failed", "timeout", "died"
        (the student's kernel ended), or "test error" (the test itself is at fault).
    message : str
        Plain text for the student; empty if passed. Holds nothing of a hidden test.
    seconds : float
        Wall time of the test.
    """

    __test__ = False  # not a test of pytest's

    name: str
    task: str
    points: float
    most: float
    state: TestState
    message: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Note:
    """Something that the instructor should know about a submission.

    Attributes
    ----------
    kind : str
        "repair" (the notebook was mended: no fault of anybody's), "tampering" (an instructor's
        cell was changed, or an output forged), "sandbox" (something forbidden was tried), "limit"
        (time, memory, output or processes ran out).
    text : str
        One plain sentence that the student may read as well.
    cell : str
        The cell's name or id, if it is about one cell.
    """

    kind: NoteKind
    text: str
    cell: str = ""


@dataclass(frozen=True)
class Report:
    """How one submission was graded.

    Attributes
    ----------
    assignment, student : str
        As nbgrader names them.
    state : str
        "graded", or "not graded" with a reason.
    reason : str
        Why it could not be graded, in plain words; empty otherwise.
    sandbox : str
        Level in use, such as "bubblewrap and Landlock".
    graded_at : str
        ISO 8601 time in UTC.
    submission_sha256, source_sha256 : str
        Of the notebook handed in, and of the instructor's source.
    seconds : float
        Wall time.
    tests : tuple of Test
        In the order of the notebook.
    notes : tuple of Note
        What was noticed.
    """

    assignment: str
    student: str
    state: Literal["graded", "not graded"]
    reason: str
    sandbox: str
    graded_at: str
    submission_sha256: str
    source_sha256: str
    seconds: float = 0.0
    tests: tuple[Test, ...] = ()
    notes: tuple[Note, ...] = field(default=())

    @property
    def points(self) -> float:
        """Sum of the automatic points."""
        return sum(test.points for test in self.tests)

    def to_json(self) -> str:
        """Return the report as text."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Report":
        """Read what `to_json` wrote."""
        values: dict[str, Any] = json.loads(text)
        values["tests"] = tuple(Test(**test) for test in values["tests"])
        values["notes"] = tuple(Note(**note) for note in values["notes"])
        return cls(**values)


def report_of(course: Path, assignment: str, student: str) -> Report | None:
    """Return the report of a student's autograded submission, if there is one.

    Parameters
    ----------
    course : Path
        Folder with `autograded/` and `gradebook.db`: `grading/course`.
    """
    path = course / "autograded" / student / assignment / FILE_NAME
    return Report.from_json(path.read_text("utf-8")) if path.is_file() else None
