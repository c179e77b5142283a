"""A lane of the grader, seen from the process that gives it orders."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from gettext import gettext as _
from pathlib import Path

import nbformat

from servicequality.grading.report import Report
from servicequality.grading.sandbox import Limits
from servicequality.grading.source import Source


class Lane:
    """A process of its own, which grades one submission after another; see `lane_process`."""

    def __init__(self, source: Source, walls: str, limits: Limits) -> None:
        self._scratch = Path(tempfile.mkdtemp(prefix="sq-lane-"))
        master = self._scratch / "master.ipynb"
        nbformat.write(source.master, master)
        settings = {
            "assignment": source.assignment,
            "master": str(master),
            "files": list(map(str, source.files)),
            "sha256": source.sha256,
            "walls": walls,
            "limits": asdict(limits),
        }
        threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "servicequality.grading.lane_process", json.dumps(settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | threads,
            start_new_session=True,
        )

    def grade(self, student: str, submission: Path) -> tuple[Report | None, str]:
        """Grade one submission.

        Returns
        -------
        report : Report or None
            None if the grader itself failed.
        text : str
            The graded notebook; or why the grader failed.
        """
        result = self._scratch / "result.json"
        for old in (result, result.with_suffix(".error")):
            old.unlink(missing_ok=True)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {"student": student, "submission": str(submission), "result": str(result)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(_("A lane of the grader ended by itself."))
        crashed = json.loads(line)["crashed"]
        if crashed:
            return None, crashed
        content = json.loads(result.read_text())
        return Report.from_json(json.dumps(content["report"])), content["notebook"]

    def close(self) -> None:
        """End the lane and its sandbox, and remove its folder."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        shutil.rmtree(self._scratch, ignore_errors=True)
