"""The process of a lane: warm, it forks an examiner for each submission.

Run as `python -m servicequality.grading.lane_process SETTINGS`. It takes orders from its standard
input and answers on its standard output, one JSON object a line. Each examiner is a process of its
own, so that nothing passes from one submission to the next; its student's code runs in the sandbox.
"""

import datetime
import gc
import hashlib
import json
import os
import signal
import sys
import time
import traceback
from dataclasses import asdict
from gettext import gettext as _
from pathlib import Path
from typing import Any

import nbformat
import numpy  # noqa: F401 - imported once here, and not in each examiner
import pandas  # noqa: F401
from scipy import stats  # noqa: F401

from servicequality.grading.examiner import Prepared, examine, prepare
from servicequality.grading.report import Report
from servicequality.grading.restore import NotGradableError, restore
from servicequality.grading.sandbox import Limits, Zygote
from servicequality.grading.source import Source

SPARE_S = 60.0


def grade_one(
    submitted: bytes, prepared: Prepared, student: str, zygote: Zygote, limits: Limits
) -> tuple[Report, str]:
    """Grade one submission; return the report, and the notebook's text (empty if there is none)."""
    started = time.monotonic()
    source = prepared.source
    kept: dict[str, Any] = {
        "assignment": source.assignment,
        "student": student,
        "sandbox": zygote.walls,
        "graded_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "submission_sha256": hashlib.sha256(submitted).hexdigest(),
        "source_sha256": source.sha256,
    }
    try:
        notebook, notes = restore(submitted, source.master)
    except NotGradableError as error:
        return Report(state="not graded", reason=str(error), **kept), ""
    notebook, tests, more = examine(notebook, prepared, zygote, limits)
    seconds = round(time.monotonic() - started, 3)
    report = Report(
        state="graded",
        reason="",
        seconds=seconds,
        tests=tuple(tests),
        notes=(*notes, *more),
        **kept,
    )
    return report, json.dumps(notebook)


def main() -> None:
    """Serve orders until the input ends."""
    settings = json.loads(sys.argv[1])
    limits = Limits(**settings["limits"])
    source = Source(
        settings["assignment"],
        nbformat.read(settings["master"], as_version=4),
        tuple(map(Path, settings["files"])),
        settings["sha256"],
    )
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    zygote = Zygote(settings["walls"], limits)
    prepared = _warm_up(source, limits)
    try:
        for line in iter(sys.stdin.readline, ""):
            order = json.loads(line)
            if zygote.process.poll() is not None:
                zygote.close()
                zygote = Zygote(settings["walls"], limits)
            said = _in_a_child(order, prepared, zygote, limits)
            if said or not zygote.reusable:
                zygote.close()
                zygote = Zygote(settings["walls"], limits)
            print(json.dumps({"crashed": said}), flush=True)
    finally:
        zygote.close()


def _warm_up(source: Source, limits: Limits) -> Prepared:
    """Do once, and not in each examiner, what is the same each time or slow the first time."""
    prepared = prepare(source, limits)
    example = nbformat.v4.new_output("stream", text="")
    nbformat.validate(example, relax_add_props=True, version=4, ref="stream")
    gc.collect()
    gc.freeze()
    return prepared


def _in_a_child(order: dict[str, Any], prepared: Prepared, zygote: Zygote, limits: Limits) -> str:
    """Grade in a process of its own; return why that failed, or nothing."""
    result = Path(order["result"])
    child = os.fork()
    if child == 0:
        code = 1
        try:
            submitted = Path(order["submission"]).read_bytes()
            report, notebook = grade_one(submitted, prepared, order["student"], zygote, limits)
            result.write_text(json.dumps({"report": asdict(report), "notebook": notebook}))
            code = 0
        except BaseException:
            result.with_suffix(".error").write_text(traceback.format_exc())
        finally:
            os._exit(code)
    until = time.monotonic() + 3 * (limits.notebook_s + limits.start_s) + SPARE_S
    boss = os.getppid()
    while time.monotonic() < until and os.getppid() == boss:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            if os.waitstatus_to_exitcode(status) == 0:
                return ""
            why = result.with_suffix(".error")
            return why.read_text() if why.exists() else _("The examiner was stopped.")
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return _("The examiner did not end in time.")


if __name__ == "__main__":
    main()
