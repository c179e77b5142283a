"""The `servicequality` command: collect, grade, regrade, give feedback, and see what was learnt."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path


class UserError(Exception):
    """Something that the instructor can put right; its text says what and how."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    root = argparse.ArgumentParser(prog="servicequality", description=__doc__)
    commands = root.add_subparsers(dest="command", required=True, metavar="command")

    def command(name: str, module: str, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(module=module)
        added.add_argument("assignment", help=_("name of the assignment, such as 02-servqual"))
        added.add_argument(
            "--course",
            type=Path,
            default=Path(),
            metavar="DIR",
            help=_("course folder, with exercises/ and grading/ (default: here)"),
        )
        return added

    grade = command("grade", "grade", _("Grade every submission that is new or was changed."))
    grade.add_argument("--student", metavar="ID", help=_("this student only"))
    grade.add_argument("--force", action="store_true", help=_("grade again what was graded"))

    collect = command("collect", "intake", _("Take in submissions, and say what was refused."))
    collect.add_argument(
        "source",
        type=Path,
        nargs="?",
        help=_("zip of Canvas or Moodle, or a folder of notebooks (default: nbgrader's exchange)"),
    )

    feedback = command("feedback", "feedback", _("Write a page for each student."))
    feedback.add_argument("--student", metavar="ID", help=_("this student only"))

    command("insights", "insights", _("Show what the class did not understand."))

    regrade = command("regrade", "regrade", _("Grade again after a test was mended."))
    regrade.add_argument("--yes", action="store_true", help=_("write the changes without asking"))
    regrade.add_argument("--reason", default="", help=_("why, for the audit trail"))

    for grader in (grade, regrade):
        grader.add_argument("--jobs", type=int, metavar="N", help=_("submissions at a time"))
        grader.add_argument(
            "--without-sandbox",
            action="store_true",
            help=_("grade even where no sandbox works: students' code then has your rights"),
        )
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    options = parser().parse_args(arguments)
    if "jobs" in options:
        # Before the rest is imported, which takes a second.
        importlib.import_module("servicequality.grading.lane").warm_up()
    module = importlib.import_module(f"servicequality.grading.{options.module}")
    try:
        return int(module.run(options))
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
