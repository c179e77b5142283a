"""The warm process that lanes are forked from, and a lane, which forks an examiner a submission.

Run as `python -m servicequality.grading.lane_process SOCKET`, with the number of the socket on
which it is sent a connection for each lane. On that a lane takes its settings and then orders, and
answers each, one JSON object a line. Each examiner is a process of its own, so that nothing passes
from one submission to the next; its student's code runs in the sandbox.
"""

import contextlib
import datetime
import gc
import hashlib
import json
import os
import select
import signal
import socket
import sys
import time
import traceback
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
from servicequality.kernels.huge_pages import use_huge_pages

SPARE_S = 60.0
TICK_S = 1.0


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
    """Fork lanes until there will be no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a lane ended
    orders = socket.socket(fileno=int(sys.argv[1]))
    use_huge_pages()
    while True:
        _order, fds, _flags, _address = socket.recv_fds(orders, 1, 1)
        if not fds:
            return
        if os.fork() == 0:
            orders.close()
            os.setsid()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            with (
                socket.socket(fileno=fds[0]) as connection,
                contextlib.suppress(ConnectionError),  # nobody waits for the answer any more
            ):
                _be_a_lane(connection)
            return
        os.close(fds[0])


def _be_a_lane(connection: socket.socket) -> None:
    """Serve orders until there will be no more."""
    lines = connection.makefile("rw", encoding="utf-8")

    def answer(text: str) -> None:
        lines.write(text + "\n")
        lines.flush()

    settings = json.loads(lines.readline())
    answer(json.dumps({"pid": os.getpid()}))
    limits = Limits(**settings["limits"])
    source = Source(
        settings["assignment"],
        nbformat.from_dict(settings["master"]),
        tuple(map(Path, settings["files"])),
        settings["sha256"],
    )
    zygote = Zygote(settings["walls"], limits)
    try:
        prepared = _warm_up(source, limits)
        for line in lines:
            if zygote.process.poll() is not None:
                zygote.close()
                zygote = Zygote(settings["walls"], limits)
            result, crashed = _in_a_child(json.loads(line), prepared, zygote, limits)
            if crashed or not zygote.reusable:
                zygote.close()
                zygote = Zygote(settings["walls"], limits)
            answer(json.dumps({"crashed": crashed}) if crashed else result)
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


def _in_a_child(
    order: dict[str, Any], prepared: Prepared, zygote: Zygote, limits: Limits
) -> tuple[str, str]:
    """Grade in a process of its own; return the result as JSON, and why that failed, or nothing."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            submitted = Path(order["submission"]).read_bytes()
            report, notebook = grade_one(submitted, prepared, order["student"], zygote, limits)
            said = json.dumps({"report": report.to_json(), "notebook": notebook})
            code = 0
        except BaseException:
            said = traceback.format_exc()
        finally:
            with os.fdopen(theirs, "w", encoding="utf-8") as pipe:
                pipe.write(said)
            os._exit(code)
    os.close(theirs)
    boss = os.getppid()
    until = time.monotonic() + 3 * (limits.notebook_s + limits.start_s) + SPARE_S
    received = bytearray()
    with os.fdopen(ours, "rb", buffering=0) as pipe:
        while time.monotonic() < until and os.getppid() == boss:
            if select.select([pipe], [], [], TICK_S)[0]:
                part = pipe.read(1 << 16)
                if not part:
                    text = received.decode("utf-8", "replace")
                    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
                        return text, ""
                    return "", text or _("The examiner was stopped.")
                received += part
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "", _("The examiner did not end in time.")


if __name__ == "__main__":
    main()
