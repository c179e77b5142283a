"""Grade again after a test was mended: first what would change, then the change, with a trail."""

import json
import os
import pwd
from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from gettext import gettext as _
from gettext import ngettext
from typing import Any

import pandas as pd
from rich.console import Console
from rich.progress import track
from rich.prompt import Confirm, Prompt
from rich.table import Table
from rich.text import Text

from servicequality.grading.cli import UserError
from servicequality.grading.course import Course
from servicequality.grading.evidence import marks, one_line
from servicequality.grading.grade import grade_all
from servicequality.grading.report import Report, report_of

TRAIL = "audit.jsonl"


@dataclass(frozen=True)
class Plan:
    """What grading again would change.

    Attributes
    ----------
    changes : DataFrame
        One row per mark that would change: student, task, test, before, after (points that count).
    kept : DataFrame
        The same columns, for tests that give other points now but where a person's mark stays;
        before and after are the test's own points.
    left_out : dict of str to str
        Students who are not graded again, with the reason.
    faults : dict of str to str
        Tests that are themselves at fault now and were not before, with the message.
    """

    changes: pd.DataFrame
    kept: pd.DataFrame
    left_out: dict[str, str]
    faults: dict[str, str]


def compare(before: pd.DataFrame, old: Mapping[str, Report | None], new: Iterable[Report]) -> Plan:
    """Find what would change.

    Parameters
    ----------
    before : DataFrame
        As `evidence.marks` returns it.
    old : mapping of student to Report
        How each student was graded; None if that is not known.
    new : iterable of Report
        How they are graded now.
    """
    rows: list[tuple[str, str, str, float]] = []
    left_out: dict[str, str] = {}
    faults: dict[str, str] = {}
    for report in new:
        was = old[report.student]
        if report.state == "not graded":
            left_out[report.student] = report.reason
        elif was and was.state == "graded" and was.submission_sha256 != report.submission_sha256:
            left_out[report.student] = _("handed in anew since; run servicequality grade first")
        else:
            rows += [(report.student, t.task, t.name, t.points) for t in report.tests]
            known = {t.name for t in was.tests if t.state == "test error"} if was else set()
            faults |= {
                t.name: t.message
                for t in report.tests
                if t.state == "test error" and t.name not in known
            }
    now = pd.DataFrame(rows, columns=["student", "task", "test", "now"])
    both = now.sort_values("student", kind="stable").merge(before, on=["student", "test"])
    was_auto = both["auto"].fillna(0)
    both["before"] = both["points"].fillna(0)
    both["after"] = both["before"] + both["now"] - was_auto
    moved, by_hand = (both["now"] - was_auto).abs() > 1e-9, both["manual"].notna()
    of_tests = both.assign(before=was_auto, after=both["now"])
    columns = ["student", "task", "test", "before", "after"]
    return Plan(
        changes=both.loc[moved & ~by_hand, columns].reset_index(drop=True),
        kept=of_tests.loc[moved & by_hand, columns].reset_index(drop=True),
        left_out=left_out,
        faults=faults,
    )


def run(options: Namespace) -> int:
    """Show what would change, ask, write it and the trail.

    Returns
    -------
    int
        0; or 1 if somebody could not be graded again.
    """
    course, assignment = Course(options.course), options.assignment
    course.source(assignment)
    before = marks(course, assignment)
    if before.empty:
        raise UserError(
            _("Nothing of {assignment} is graded yet: servicequality grade {assignment}").format(
                assignment=assignment
            )
        )
    submitted = set(course.students_submitted(assignment))
    students = [student for student in sorted(before["student"].unique()) if student in submitted]
    old = {student: report_of(course.folder, assignment, student) for student in students}
    new = _grade(course, assignment, students, options, write=False)
    plan = compare(before, old, new)
    console = Console()
    show(plan, console)
    if plan.faults:
        raise UserError(_("Nothing was written: a test is itself at fault. Mend it first."))
    if plan.changes.empty:
        console.print(_("No mark changes, and nothing was written."))
        return 1 if plan.left_out else 0
    reason = options.reason
    if not options.yes:
        try:
            if not Confirm.ask(_("Write these changes?"), console=console, default=False):
                console.print(_("Nothing was written."))
                return 0
            reason = reason or Prompt.ask(_("Why? (for the audit trail)"), console=console)
        except EOFError:
            raise UserError(_("Nothing was written: answer the question, or say --yes.")) from None
    chosen = [student for student in students if student not in plan.left_out]
    entry = {
        "who": pwd.getpwuid(os.getuid()).pw_name,
        "assignment": assignment,
        "reason": reason,
        "source_before": sorted({report.source_sha256 for report in old.values() if report}),
        "source_after": sorted({report.source_sha256 for report in new}),
    }
    record(course, entry | {"event": "started", "changes": _plain(plan.changes)})
    end = "stopped"
    try:
        _grade(course, assignment, chosen, options, write=True)
        end = "finished"
    finally:
        made = difference(before, marks(course, assignment), plan.changes)
        record(course, entry | {"event": end, "changes": _plain(made)})
    done = ngettext(
        "{n} mark was changed; see {trail}.", "{n} marks were changed; see {trail}.", len(made)
    )
    _say(console, done.format(n=len(made), trail=course.folder / TRAIL))
    _warn_of_others(plan.changes, made, console)
    return 1 if plan.left_out else 0


def show(plan: Plan, console: Console) -> None:
    """Print who changes by how much."""
    if len(plan.changes):
        tasks = plan.changes.groupby(["student", "task"], sort=False)[["before", "after"]].sum()
        tasks["change"] = tasks["after"] - tasks["before"]
        table = Table(_("student"), _("task"), _("before"), _("after"), _("change"))
        table.title = _("Points for the tests that change")
        for student, task, before, after, change in tasks.reset_index().to_numpy().tolist():
            words = [student, task, f"{before:g}", f"{after:g}", f"{change:+g}"]
            table.add_row(*(Text(one_line(word)) for word in words))
        console.print(table)
        change = tasks.groupby("student")["change"].sum()
        console.print(
            _(
                "Students who gain: {up}, together {gained:g}. Who lose: {down}, together {lost:g}."
            ).format(
                up=(change > 1e-9).sum(),
                gained=change[change > 0].sum(),
                down=(change < -1e-9).sum(),
                lost=-change[change < 0].sum(),
            )
        )
    stays = _("{student}, {test}: a person's mark stays (the test gave {before:g}, now {after:g}).")
    for row in _plain(plan.kept):
        _say(console, stays.format(**row))
    for student, why in plan.left_out.items():
        _say(console, _("{student} is left as it was: {why}").format(student=student, why=why))
    for test, why in plan.faults.items():
        _say(console, _("{test} is itself at fault: {why}").format(test=test, why=why))


def difference(before: pd.DataFrame, after: pd.DataFrame, plan: pd.DataFrame) -> pd.DataFrame:
    """Return which marks changed in the gradebook, those of the plan first and in its order.

    Parameters
    ----------
    before, after : DataFrame
        As `evidence.marks` returns them.
    plan : DataFrame
        As `Plan.changes`, and so is what is returned.
    """
    both = before.merge(after, on=["student", "test"], suffixes=("_before", "_after"))
    planned = plan[["student", "test", "task"]].assign(place=range(len(plan)))
    both = both.merge(planned, on=["student", "test"], how="left")
    both["before"] = both["points_before"].fillna(0)
    both["after"] = both["points_after"].fillna(0)
    both["task"] = both["task"].fillna(both["test"])
    changed = both[(both["after"] - both["before"]).abs() > 1e-9].sort_values("place")
    return changed[["student", "task", "test", "before", "after"]].reset_index(drop=True)


def record(course: Course, entry: Mapping[str, Any]) -> None:
    """Append one line to the audit trail, for good."""
    when = datetime.now(UTC).isoformat(timespec="seconds")
    line = json.dumps({"when": when, **entry}, ensure_ascii=False) + "\n"
    with (course.folder / TRAIL).open("a", encoding="utf-8") as trail:
        trail.write(line)
        trail.flush()
        os.fsync(trail.fileno())


def _grade(
    course: Course, assignment: str, students: Sequence[str], options: Namespace, *, write: bool
) -> list[Report]:
    what = _("Writing") if write else _("Grading, without writing")
    reports = grade_all(
        course,
        assignment,
        students,
        options.jobs,
        write,
        without_sandbox=options.without_sandbox,
    )
    console = Console(stderr=True)
    return list(track(reports, description=what, total=len(students), console=console))


def _warn_of_others(planned: pd.DataFrame, made: pd.DataFrame, console: Console) -> None:
    """Say so if a test did not give the same points the second time."""
    both = planned.merge(made, how="outer", indicator=True)
    odd = both[both["_merge"] != "both"]
    for student, test in odd[["student", "test"]].drop_duplicates().itertuples(index=False):
        _say(
            console,
            _("{student}, {test}: other than announced. Does the test depend on chance?").format(
                student=student, test=test
            ),
        )


def _say(console: Console, text: str) -> None:
    console.print(Text(one_line(text)))


def _plain(changes: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in changes.to_dict("records")]
