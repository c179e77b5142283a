"""The examiner's handle on a student's kernel: run cells, call functions, survive."""

import contextlib
import json
import select
import shutil
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from gettext import gettext as _
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbformat import NotebookNode

from servicequality.grading.sandbox import Limits, Zygote, remove

LARGEST_MESSAGE = 30_000_000
STOPPED = {"timeout", "died", "output"}
ANSWER_S = 5.0
END_S = 5.0
"""Until the news comes that a kernel has ended whose connection has."""
NEWS_S = 0.15
"""Until the news comes that a kernel has ended of which a branch has."""
BRANCH_S = 5.0
BRANCHES_AT_MOST = 16

State = Literal["done", "failed", "timeout", "died", "output"]


@dataclass
class Ran:
    """What became of one cell.

    Attributes
    ----------
    state : str
        "done", "failed" (it raised), "timeout", "died" (the kernel ended), or "output" (too much).
    outputs : list of NotebookNode
        In nbformat's form.
    why : str
        For "died": the limit that was passed, if one was.
    forked : bool
        Whether a branch was forked afterwards.
    """

    state: State = "done"
    outputs: list[NotebookNode] = field(default_factory=list)
    why: str = ""
    forked: bool = False


class Branch:
    """A copy of the kernel's process, in which the calls of tests run; see `pupil.open_branch`."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.is_open = True
        self.forged = 0

    def ask(self, request: dict[str, Any], until: float) -> dict[str, Any]:
        """Send a request of a test, and wait for the reply; anything but a reply ends the branch.

        Returns
        -------
        dict with "state": what the branch says; or "timeout", "died", "forged".
        """
        try:
            self._connection.settimeout(max(0.1, until - time.monotonic()))
            # Arguments are JSON already, and long.
            rest = {key: value for key, value in request.items() if key != "arguments"}
            lines = f"{json.dumps(rest)}\n{request.get('arguments', '')}\n"
            self._connection.sendall(lines.encode("utf-8", "surrogatepass"))
            reply = json.loads(self._line(until))
            if isinstance(reply, dict) and isinstance(reply.get("state"), str):
                return reply
            raise ValueError("a reply of the wrong form")
        except TimeoutError:
            state = "timeout"
        except (EOFError, OSError):
            state = "died"
        except (RecursionError, ValueError):
            self.forged += 1
            state = "forged"
        self.close()
        return {"state": state}

    def close(self) -> None:
        """End it."""
        self._connection.close()
        self.is_open = False

    def _line(self, until: float) -> bytes:
        received = bytearray()
        while not received.endswith(b"\n"):
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._connection.settimeout(left)
            part = self._connection.recv(1 << 20)
            if not part:
                raise EOFError
            received += part
            if len(received) > LARGEST_MESSAGE:
                raise ValueError("a reply that is too large")
        return bytes(received)


class StudentKernel:
    """A sandboxed kernel that comes back after it died.

    Parameters
    ----------
    zygote : Zygote
        The warm process inside the walls.
    files : iterable of Path
        The assignment's data files, copied into the private folder.
    limits : Limits
        Wall times and sizes.

    When a cell takes too long or ends the kernel, a new kernel is started and the cells that went
    well are run again, so that what came before is not lost.
    """

    def __init__(self, zygote: Zygote, files: Iterable[Path], limits: Limits) -> None:
        self._zygote = zygote
        self._files = list(files)
        self._limits = limits
        self._until = time.monotonic() + limits.notebook_s
        self._went_well: list[str] = []
        self._number = self._orders = 0
        self._connection: socket.socket | None = None
        self._received = bytearray()
        self._folder = zygote.folder
        self._ended = ""
        self._branch: Branch | None = None
        self._latest: Branch | None = None
        self._kept: list[Branch] = []
        self._forged = 0
        self._start()

    def __enter__(self) -> "StudentKernel":
        return self

    def __exit__(self, *what: object) -> None:
        self.close()

    @property
    def forged(self) -> int:
        """Messages of a form that no honest kernel sends."""
        return self._forged + sum(branch.forged for branch in self._kept)

    @property
    def seconds_left(self) -> float:
        """Wall time that is left for the notebook."""
        return self._until - time.monotonic()

    def close(self) -> None:
        """End the kernel and remove its folder."""
        self._stop()

    def run(self, source: str, *, before_test: bool = False) -> Ran:
        """Run one cell of the student's; if a test follows, open a branch for it at once."""
        self._close_branch()
        ran = self._run(source, with_branch=before_test)
        if ran.state in STOPPED:
            self._restart()
            if self._is_broken():
                # A cell above seemed to go well, and broke the kernel for those that follow.
                self._went_well = self._went_well[:-1]
                self._restart()
                ran = self._run(source, with_branch=before_test)
                if ran.state in STOPPED:
                    self._restart()
        if ran.state in STOPPED:
            return ran
        self._went_well.append(source)
        if ran.forked:
            self._meet_branch(time.monotonic() + BRANCH_S)
        return ran

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a request of a test to a branch of the kernel; see `Branch.ask`.

        Tests share a branch until the next cell is run, or until one of them ends it. A reply that
        a branch "died" says "why", if the kernel as a whole was ended for a reason.
        """
        until = self._until_at_most(self._limits.cell_s)
        if self._branch is None:
            failed = self._open_branch(until)
            if failed:
                return {"state": failed, "why": self._restarted()}
        assert self._branch is not None
        reply = self._branch.ask(request, until)
        if not self._branch.is_open:
            self._close_branch()
            if reply["state"] == "died":
                reply["why"] = self._restarted()
        return reply

    def keep_branch(self) -> Branch | None:
        """Let the branch in use live on as long as the kernel; return it, or None if it cannot.

        It still holds what the notebook held at this point when the cells below have been run.
        """
        if self._branch is not None and self._branch not in self._kept:
            if len(self._kept) >= BRANCHES_AT_MOST:
                return None
            self._kept.append(self._branch)
        return self._branch

    def ask_kept(self, branch: Branch, request: dict[str, Any]) -> dict[str, Any]:
        """Send a request to a branch that was kept; nothing is started again if that ends."""
        reply = branch.ask(request, self._until_at_most(self._limits.cell_s))
        if reply["state"] == "died":
            reply["why"] = self._heard_end(NEWS_S)
        return reply

    def start_clock(self) -> None:
        """Give the notebook its wall time anew."""
        self._until = time.monotonic() + self._limits.notebook_s

    def _until_at_most(self, seconds: float) -> float:
        return time.monotonic() + max(0.1, min(seconds, self.seconds_left))

    def _open_branch(self, until: float) -> str:
        """Open one; return why that failed, or nothing."""
        ran = self._run("", with_branch=True, seconds=until - time.monotonic())
        if ran.state == "done":
            return "" if ran.forked and self._meet_branch(until) else "died"
        # The last cell went well, and yet the kernel is not there any more.
        self._went_well = self._went_well[:-1]
        self._restart()
        return "timeout" if ran.state == "timeout" else "died"

    def _meet_branch(self, until: float) -> bool:
        """Wait for the call of a branch that was forked."""
        self._listener.settimeout(max(0.1, min(BRANCH_S, until - time.monotonic())))
        with contextlib.suppress(TimeoutError):
            connection, _address = self._listener.accept()
            self._branch = self._latest = Branch(connection)
            return True
        return False

    def _close_branch(self) -> None:
        if self._branch is not None:
            if self._branch not in self._kept:
                self._forged += self._branch.forged
                self._branch.close()
            self._branch = None

    def _heard_end(self, within_s: float | None) -> str:
        """Return why the kernel as a whole was ended, if it was."""
        if not self._ended:
            self._readable(within_s)
        return self._ended

    def _restarted(self) -> str:
        """Start another kernel if this one was ended as a whole; return why it was."""
        why = self._heard_end(NEWS_S)
        if why:
            self._restart()
        return why

    def _start(self) -> None:
        self._number += 1
        self._ended = ""
        folder = self._zygote.folder / str(self._number)
        folder.mkdir(parents=True)
        self._folder = folder
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / "x"))
        self._listener.listen(1)
        for path in self._files:
            shutil.copy(path, folder / path.name)
        self._received.clear()
        self._zygote.renew_if_used()
        self._zygote.order(folder=str(folder), address=str(folder / "x"))
        assert self._zygote.process.stdout is not None
        self._standard_output = self._zygote.process.stdout.fileno()
        if not self._readable(self._limits.start_s, self._listener):
            raise RuntimeError(f"a kernel did not start ({self._ended or 'it took too long'})")
        self._connection = self._listener.accept()[0]

    def _stop(self) -> None:
        self._close_branch()
        for branch in self._kept:
            self._forged += branch.forged
            branch.close()
        self._kept.clear()
        self._listener.close()
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            if not self._ended:
                self._zygote.order(stop="now")
                self._heard_end(None)
        remove(self._folder)

    def _restart(self) -> None:
        """Start again, and run again what went well."""
        self._stop()
        self._start()
        sources, self._went_well = self._went_well, []
        for source in sources:
            if self.seconds_left > 0 and self._run(source).state in ("done", "failed"):
                self._went_well.append(source)
            elif self._ended or self.seconds_left > 0:
                self._stop()
                self._start()

    def _is_broken(self) -> bool:
        """Tell whether the kernel does not even run nothing."""
        return self._run("", seconds=ANSWER_S).state in STOPPED and self.seconds_left > 0

    def _run(self, source: str, *, with_branch: bool = False, seconds: float | None = None) -> Ran:
        if self.seconds_left <= 0:
            return Ran("timeout")
        assert self._connection is not None
        until = time.monotonic() + min(seconds or self._limits.cell_s, self.seconds_left)
        self._orders += 1
        order = {
            "number": self._orders,
            "source": source,
            "branch": {"end_last": self._latest not in self._kept} if with_branch else None,
        }
        outputs = _Outputs(self._limits)
        try:
            self._connection.settimeout(max(0.1, until - time.monotonic()))
            self._connection.sendall(json.dumps(order).encode() + b"\n")
            while not outputs.too_much:
                left = until - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                if not self._readable(left, self._connection):
                    if self._ended:
                        return Ran("died", outputs.nodes, why=self._ended)
                    continue
                for kind, content in self._messages():
                    if kind != "done":
                        outputs.add(kind, content)
                    elif content.get("order") == self._orders:
                        failed = any(node.output_type == "error" for node in outputs.nodes)
                        forked = content.get("forked") is True
                        return Ran("failed" if failed else "done", outputs.nodes, forked=forked)
        except TimeoutError:
            return Ran("timeout", outputs.nodes)
        except (EOFError, OSError):
            return Ran("died", outputs.nodes, why=self._heard_end(END_S))
        except OverflowError:
            pass
        return Ran("output", outputs.nodes)

    def _readable(self, within_s: float | None, other: socket.socket | None = None) -> bool:
        """Wait until something is to be read there, or the kernel has ended; tell if the first."""
        poll = select.poll()
        poll.register(self._standard_output, select.POLLIN)
        if other:
            poll.register(other, select.POLLIN)
        ready = {file for file, _event in poll.poll(within_s and 1000 * within_s)}
        if ready == {self._standard_output}:
            self._ended = self._zygote.hear().get("ended", "exited")
        return other is not None and other.fileno() in ready

    def _messages(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Receive what the kernel says: yield the types and contents of messages."""
        assert self._connection is not None
        part = self._connection.recv(1 << 20)
        if not part:
            raise EOFError
        self._received += part
        if len(self._received) > LARGEST_MESSAGE:
            raise OverflowError
        if b"\n" not in part:
            return
        *lines, rest = self._received.split(b"\n")
        self._received = rest
        for line in lines:
            try:
                message = json.loads(line)
                kind, content = message["kind"], message["content"]
                if not isinstance(kind, str) or not isinstance(content, dict):
                    raise TypeError("a message of the wrong form")
            except Exception:  # whatever a forged message breaks
                self._forged += 1
            else:
                yield kind, content


class _Outputs:
    """The outputs of one cell, counted while they come."""

    def __init__(self, limits: Limits) -> None:
        self.nodes: list[NotebookNode] = []
        self._limits = limits
        self._bytes = self._messages = 0

    @property
    def too_much(self) -> bool:
        return self._bytes > self._limits.output_bytes or self._messages > self._limits.messages

    def add(self, kind: str, content: dict[str, Any]) -> None:
        if kind not in ("stream", "display_data", "execute_result", "error", "clear_output"):
            return
        self._messages += 1
        try:
            text = whole_characters(json.dumps(content, ensure_ascii=False))
            self._bytes += len(text)
            if self.too_much:
                self.nodes.append(
                    nbformat.v4.new_output(
                        "stream",
                        name="stderr",
                        text=_("[The output was cut here: too much of it.]"),
                    )
                )
                return
            if kind == "clear_output":
                self.nodes.clear()
                return
            message = {"header": {"msg_type": kind}, "content": json.loads(text)}
            node = nbformat.v4.output_from_msg(nbformat.from_dict(message))
            nbformat.validate(node, relax_add_props=True, version=4, ref=kind)
        except Exception:  # a forged message
            return
        last = self.nodes[-1] if self.nodes else None
        if kind == "stream" and last is not None and last.get("name") == node.name:
            last.text += node.text
        else:
            self.nodes.append(node)


def whole_characters(text: str) -> str:
    """Return text that a file can hold: without halves of characters."""
    return text.encode("utf-8", "replace").decode("utf-8")
