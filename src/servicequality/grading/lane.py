"""A lane of the grader, seen from the process that gives it orders."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import asdict
from gettext import gettext as _
from pathlib import Path
from typing import Any

from servicequality.grading.report import Report
from servicequality.grading.sandbox import Limits
from servicequality.grading.source import Source

CLOSING_S = 5.0


class _Nursery:
    """The warm process that lanes are forked from; it ends with this one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket

    def open(self) -> None:
        """Start the process, unless it is there."""
        with self._lock:
            self._open()

    def fork(self) -> socket.socket:
        """Fork a lane; return the connection to it."""
        ours, theirs = socket.socketpair()
        with self._lock, theirs:
            self._open()
            socket.send_fds(self._orders, [b"+"], [theirs.fileno()])
        return ours

    def _open(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        self._orders, theirs = socket.socketpair()
        threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "servicequality.grading.lane_process", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=os.environ | threads,
                start_new_session=True,
            )


_nursery = _Nursery()
warm_up = _nursery.open
"""Start what all lanes need; the first of them is then there sooner."""


class Lane:
    """A process of its own, which grades one submission after another; see `lane_process`."""

    def __init__(self, source: Source, walls: str, limits: Limits) -> None:
        self._connection = _nursery.fork()
        self._lines = self._connection.makefile("rw", encoding="utf-8")
        settings = {
            "assignment": source.assignment,
            "master": source.master,
            "files": list(map(str, source.files)),
            "sha256": source.sha256,
            "walls": walls,
            "limits": asdict(limits),
        }
        self._pid = self._ask(settings)["pid"]

    def grade(self, student: str, submission: Path) -> tuple[Report | None, str]:
        """Grade one submission.

        Returns
        -------
        report : Report or None
            None if the grader itself failed.
        text : str
            The graded notebook; or why the grader failed.
        """
        answer = self._ask({"student": student, "submission": str(submission)})
        if "crashed" in answer:
            return None, answer["crashed"]
        return Report.from_json(answer["report"]), answer["notebook"]

    def close(self) -> None:
        """End the lane and its sandbox."""
        with contextlib.suppress(OSError):  # closed before
            self._connection.shutdown(socket.SHUT_WR)
            self._connection.settimeout(CLOSING_S)
            try:
                while self._connection.recv(1 << 16):
                    pass
            except TimeoutError:
                os.killpg(self._pid, signal.SIGKILL)
        with contextlib.suppress(OSError):  # an order that could not be sent
            self._lines.close()
        self._connection.close()

    def _ask(self, what: dict[str, Any]) -> dict[str, Any]:
        self._lines.write(json.dumps(what) + "\n")
        self._lines.flush()
        line = self._lines.readline()
        if not line:
            raise RuntimeError(_("A lane of the grader ended by itself."))
        answer: dict[str, Any] = json.loads(line)
        return answer
