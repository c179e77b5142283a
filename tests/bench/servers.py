"""Start a server of the bench and ask what all of its processes use."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
READY = 120


class Server:
    """A running server: its address, and what it and all processes that it has started use."""

    def __init__(self, process: subprocess.Popen, address: str, log: Path) -> None:
        self.address = address
        self.log = log
        self._process = psutil.Process(process.pid)

    def tree(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]

    def memory(self) -> float:
        """Return the proportional share of memory (PSS) of all processes together, in MB."""
        total = 0
        for process in self.tree():
            with contextlib.suppress(psutil.Error):
                total += process.memory_full_info().pss
        return total / 1e6

    def cpu_seconds(self) -> float:
        """Return the processor seconds of all processes, those that have ended included."""
        total = 0.0
        for process in self.tree():
            with contextlib.suppress(psutil.Error):
                total += sum(process.cpu_times()[:4])
        return total

    def busy(self, seconds: float = 0.3) -> float:
        """Return how many processors it keeps busy now."""
        before = self.cpu_seconds()
        time.sleep(seconds)
        return abs(self.cpu_seconds() - before) / seconds


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def serving(
    command: Sequence[str | Path], environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run a command with ``{port}`` in it on a free port; yield the server once it answers.

    It ends with this program, also when that is asked to end.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch, "log")
        with log.open("w") as said:
            process = subprocess.Popen(
                [str(part).format(port=port) for part in command],
                cwd=ROOT,
                env=os.environ | (environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            deadline = time.monotonic() + READY
            while True:
                try:
                    urllib.request.urlopen(address, timeout=5).close()
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > deadline:
                        raise RuntimeError(f"no server: {command}\n{log.read_text()}") from None
                    time.sleep(0.2)
            yield Server(process, address, log)
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
            # What a server leaves behind must not be measured together with the next one.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
