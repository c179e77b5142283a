"""The examiner's handle on a student's kernel: run cells, call functions, survive."""

import contextlib
import json
import shutil
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from gettext import gettext as _
from pathlib import Path
from queue import Empty
from typing import Any, Literal

import nbformat
import zmq
from jupyter_client import BlockingKernelClient, write_connection_file
from nbformat import NotebookNode

from servicequality.grading.sandbox import Limits, Zygote, remove

LARGEST_MESSAGE = 30_000_000
STOPPED = {"timeout", "died", "output"}
ANSWER_S = 5.0
BRANCH_S = 10.0
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
        self._number = 0
        self._client: BlockingKernelClient | None = None
        self._context = zmq.Context()
        self._context.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
        self._context.setsockopt(zmq.LINGER, 0)
        self._context.setsockopt(zmq.RECONNECT_IVL, 5)  # the kernel has yet to open its sockets
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
        self._context.destroy(linger=0)

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
            reply["why"] = self._heard_end()
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

    def _heard_end(self) -> str:
        """Return why the kernel as a whole was ended, if it was."""
        if not self._ended and self._standard_output in dict(self._poller.poll(150)):
            self._hear()
        return self._ended

    def _restarted(self) -> str:
        """Start another kernel if this one was ended as a whole; return why it was."""
        why = self._heard_end()
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
        connection, _info = write_connection_file(
            str(folder / "k.json"),
            transport="ipc",
            ip=str(folder / "k"),
            shell_port=1,
            iopub_port=2,
            stdin_port=3,
            hb_port=4,
            control_port=5,
        )
        client = BlockingKernelClient(connection_file=connection, context=self._context)
        client.load_connection_file()
        self._zygote.renew_if_used()
        self._zygote.order(folder=str(folder), connection=connection)
        client.start_channels(stdin=False, hb=False, control=False)
        self._client = client
        self._poller = zmq.Poller()
        self._poller.register(client.iopub_channel.socket, zmq.POLLIN)
        self._poller.register(client.shell_channel.socket, zmq.POLLIN)
        assert self._zygote.process.stdout is not None
        self._standard_output = self._zygote.process.stdout.fileno()
        self._poller.register(self._standard_output, zmq.POLLIN)
        self._wait_until_heard()

    def _wait_until_heard(self) -> None:
        """Wait for an answer on both channels: what a kernel says before that is lost."""
        assert self._client is not None
        channels = [self._client.shell_channel, self._client.iopub_channel]
        silent = set(channels)
        until = time.monotonic() + self._limits.start_s
        while silent:
            if time.monotonic() > until:
                raise RuntimeError("a kernel did not start")
            self._client.kernel_info()
            ready = dict(self._poller.poll(200))
            if self._standard_output in ready:
                self._hear()
                raise RuntimeError(f"a kernel did not start ({self._ended})")
            for channel in channels:
                if channel.socket in ready and self._message(channel):
                    silent.discard(channel)

    def _stop(self) -> None:
        self._close_branch()
        for branch in self._kept:
            self._forged += branch.forged
            branch.close()
        self._kept.clear()
        self._listener.close()
        if self._client is not None:
            self._client.stop_channels()
            self._client = None
            if not self._ended:
                self._zygote.order(stop="now")
                self._hear()
        remove(self._folder)

    def _hear(self) -> None:
        self._ended = self._zygote.hear().get("ended", "exited")

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
        assert self._client is not None
        until = time.monotonic() + min(seconds or self._limits.cell_s, self.seconds_left)
        expression = (
            "__import__('servicequality.grading.pupil').grading.pupil.open_branch("
            f"{str(self._folder / 'x')!r}, end_last={self._latest not in self._kept})"
        )
        sent = self._client.execute(
            source,
            silent=not source,
            store_history=False,
            user_expressions={"branch": expression} if with_branch else None,
            allow_stdin=False,
            stop_on_error=False,
        )
        outputs = _Outputs(self._limits)
        answered = idle = False
        forked = False
        while not (answered and idle):
            left = until - time.monotonic()
            if left <= 0:
                # With an answer but no end of the output, a message was too large to be let in.
                return Ran("output" if answered else "timeout", outputs.nodes)
            ready = dict(self._poller.poll(int(min(left, 0.5) * 1000) + 1))
            for channel in (self._client.iopub_channel, self._client.shell_channel):
                if channel.socket not in ready:
                    continue
                message = self._message(channel)
                if message is None or message["parent_header"].get("msg_id") != sent:
                    continue
                if channel is self._client.shell_channel:
                    answered = message["msg_type"] == "execute_reply"
                    forked = _has_forked(message)
                elif message["msg_type"] == "status":
                    idle = message["content"].get("execution_state") == "idle"
                else:
                    outputs.add(message)
            if outputs.too_much:
                return Ran("output", outputs.nodes)
            if self._standard_output in ready:
                self._hear()
                return Ran("died", outputs.nodes, why=self._ended)
        failed = any(node.output_type == "error" for node in outputs.nodes)
        return Ran("failed" if failed else "done", outputs.nodes, forked=forked)

    def _message(self, channel: Any) -> dict[str, Any] | None:
        try:
            message = channel.get_msg(timeout=0)
            parts = (message["header"], message["parent_header"], message["content"])
            if not all(isinstance(part, dict) for part in parts):
                raise TypeError("a message of the wrong form")
            return dict(message)
        except Empty:
            return None
        except Exception:  # whatever a forged message breaks
            self._forged += 1
            return None


def _has_forked(message: dict[str, Any]) -> bool:
    with contextlib.suppress(AttributeError, KeyError, TypeError):
        return bool(message["content"]["user_expressions"]["branch"]["status"] == "ok")
    return False


class _Outputs:
    """The outputs of one cell, counted while they come."""

    def __init__(self, limits: Limits) -> None:
        self.nodes: list[NotebookNode] = []
        self._limits = limits
        self._bytes = self._messages = 0

    @property
    def too_much(self) -> bool:
        return self._bytes > self._limits.output_bytes or self._messages > self._limits.messages

    def add(self, message: dict[str, Any]) -> None:
        kind = message["msg_type"]
        if kind not in ("stream", "display_data", "execute_result", "error", "clear_output"):
            return
        self._messages += 1
        try:
            text = whole_characters(json.dumps(message["content"], ensure_ascii=False))
            message["content"] = json.loads(text)
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
