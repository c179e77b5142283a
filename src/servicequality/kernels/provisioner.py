"""The server's side: a kernel provisioner that has a warm process fork its kernels."""

import asyncio
import atexit
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from gettext import gettext as _
from typing import Any, ClassVar, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Float, Integer, List, Unicode, default

import servicequality
from servicequality.kernels import zygote

REPEATABLE = {"display_data", "execute_result", "stream"}
READY_S = 60.0
END_S = 10.0


class NotForkedError(RuntimeError):
    """No kernel could be forked; it can still be started in the ordinary way."""


class Fork:
    """A forked process, where jupyter_client expects a `subprocess.Popen`.

    It is another process's child, so its end is known, but not its exit code.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, pidfd: int) -> None:
        self.pid = pid
        self._pidfd = pidfd

    def poll(self) -> int | None:
        """Return None while it runs, then 0."""
        return 0 if _is_readable(self._pidfd) else None

    def wait(self) -> int:
        """Wait for its end."""
        _is_readable(self._pidfd, timeout_ms=None)
        return 0

    def send_signal(self, signum: int) -> None:
        """Send a signal; nothing happens if it has ended."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signum)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def __del__(self) -> None:
        os.close(self._pidfd)


class Warm:
    """A process that forks: the zygote, or a template, which has run a notebook.

    Attributes
    ----------
    shown : list of list of dict
        What each cell of a template showed, as messages of Jupyter's protocol.
    """

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self.shown: list[list[dict[str, Any]]] = []

    async def be_ready(self) -> None:
        """Wait until it takes orders.

        Raises
        ------
        NotForkedError
            If it ends instead, takes too long, or has more threads than a fork would copy.
        """
        loop = asyncio.get_running_loop()
        readable = asyncio.Event()
        loop.add_reader(self._channel, readable.set)
        try:
            await asyncio.wait_for(readable.wait(), READY_S)
        except TimeoutError:
            raise NotForkedError(_("it was not ready in time")) from None
        finally:
            loop.remove_reader(self._channel)
        hello, _fds = self._hear()
        if hello["threads"] != 1:
            raise NotForkedError(_("%d threads run in it") % hello["threads"])
        self.shown = hello.get("shown", [])
        self._files = {name: _changed(name) for name in hello["files"]}

    def is_good(self) -> bool:
        """Tell whether it still runs, and all that it has read is still the same."""
        fresh = all(_changed(name) == changed for name, changed in self._files.items())
        return fresh and not self.has_ended()

    def has_ended(self) -> bool:
        """Tell whether it takes no more orders."""
        return _is_readable(self._channel.fileno())

    def fork(self, argv: Sequence[str], cwd: str, env: dict[str, str]) -> Fork:
        """Fork a kernel."""
        return self._fork({"argv": list(argv), "cwd": cwd, "env": env})

    async def template(self, cells: Sequence[str], cwd: str, env: dict[str, str]) -> "Warm":
        """Fork a template, and wait until it has run its cells."""
        ours, theirs = socket.socketpair()
        with theirs:
            order = {"cells": list(cells), "cwd": cwd, "env": env}
            process = self._fork(order, [theirs.fileno()])
        template = Warm(ours)
        try:
            await template.be_ready()
        except NotForkedError:
            process.kill()
            raise
        return template

    def retire(self) -> None:
        """Fork no more, and end with the last kernel."""
        with suppress(OSError):
            zygote.send(self._channel, {"retire": True})

    def close(self) -> None:
        """End the process, with all that descend from it."""
        self._channel.close()

    def _fork(self, order: dict[str, Any], fds: Sequence[int] = ()) -> Fork:
        try:
            zygote.send(self._channel, order, fds)
        except OSError as error:
            raise NotForkedError(_("it has ended")) from error
        answer, (pidfd,) = self._hear()
        return Fork(answer["pid"], pidfd)

    def _hear(self) -> tuple[dict[str, Any], list[int]]:
        message, fds = zygote.receive(self._channel)
        if message is None:
            raise NotForkedError(_("it has ended"))
        return message, fds


class Nursery:
    """The zygote and the templates of this server, each started when it is first needed.

    Parameters
    ----------
    modules : sequence of str
        What the zygote imports.
    templates : int
        How many templates may stay; beyond, the one not used for the longest time goes.
    """

    def __init__(self, modules: Sequence[str], templates: int) -> None:
        self._modules = modules
        self._templates = templates
        self._warm: dict[tuple[Any, ...], asyncio.Future[Warm]] = {}
        self._retired: list[Warm] = []
        self._processes: list[subprocess.Popen[bytes]] = []
        atexit.register(self.close)

    async def zygote(self) -> Warm:
        """Return the zygote; a new one if it ended or something that it imported has changed."""
        return await asyncio.shield(self._get((), self._start))

    async def template(self, cells: Sequence[str], cwd: str, env: dict[str, str]) -> Warm:
        """Return the template of a notebook; a new one if something that it read has changed."""

        async def start() -> Warm:
            return await (await self.zygote()).template(cells, cwd, env)

        found = self._get((cwd, *cells), start)
        for key in [key for key in self._warm if key][: -self._templates]:
            self._drop(key)
        return await asyncio.shield(found)

    def _get(
        self, key: tuple[Any, ...], start: Callable[[], Awaitable[Warm]]
    ) -> "asyncio.Future[Warm]":
        known = self._warm.get(key)
        # A notebook that cannot be run ahead is not tried again and again.
        if known and known.done() and not (_is_good(known) or (key and _failed(known))):
            for spoilt in [key] if key else list(self._warm):
                self._drop(spoilt)
        task = self._warm.pop(key, None) or asyncio.ensure_future(start())
        self._warm[key] = task  # again the last, the one used most recently
        return task

    async def _start(self) -> Warm:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-P", "-m", zygote.__name__, str(theirs.fileno())]
        # Threads of the linear algebra would not survive the fork; viewers share the processors.
        threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
        quiet = {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}
        with theirs:
            process = subprocess.Popen(
                [*command, *self._modules],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env={**os.environ, **threads, **quiet},
                start_new_session=True,
            )
        self._processes.append(process)
        warm = Warm(ours)
        await warm.be_ready()
        return warm

    def _drop(self, key: tuple[Any, ...]) -> None:
        self._retired = [warm for warm in self._retired if not warm.has_ended()]
        self._processes = [process for process in self._processes if process.poll() is None]
        task = self._warm.pop(key)
        task.add_done_callback(self._retire)

    def _retire(self, task: "asyncio.Future[Warm]") -> None:
        if not _failed(task):
            task.result().retire()
            self._retired.append(task.result())

    def close(self) -> None:
        """End all processes."""
        for task in self._warm.values():
            if task.done() and not _failed(task):
                task.result().close()
        for warm in self._retired:
            warm.close()
        for process in self._processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(END_S)


class ForkedProvisioner(LocalProvisioner):
    """Start kernels of this Python by forking; any other, or where that fails, in the usual way.

    A kernel started with the option ``cells``, the code of a notebook, has run it already where
    that is possible: then `shown` is not None.

    Attributes
    ----------
    shown : list of list of dict or None
        What each cell showed, as messages of Jupyter's protocol; None if they have not run.
    """

    modules = List(Unicode(), help="What kernels find imported.").tag(config=True)
    templates = Integer(16, help="How many notebooks are kept run.").tag(config=True)
    patience = Float(
        20.0, help="How many seconds a kernel waits for its notebook's first run; then it runs it."
    ).tag(config=True)

    _nursery: ClassVar[Nursery | None] = None

    shown: list[list[dict[str, Any]]] | None = None

    @default("modules")
    def _default_modules(self) -> list[str]:
        folders = [os.path.join(folder, "demos") for folder in servicequality.__path__]
        demos = (part.name for part in pkgutil.iter_modules(folders))
        ours = [f"servicequality.demos.{name}" for name in demos]
        texts = [f"servicequality.{name}" for name in ("glossary", "myths", "quiz", "references")]
        return ["altair", "anywidget", "ipywidgets", "pandas", "scipy.stats", *ours, *texts]

    @classmethod
    async def warm_up(cls, parent: Any) -> None:
        """Start the zygote before the first kernel is wanted.

        Parameters
        ----------
        parent : Configurable
            The kernel manager, for its configuration.
        """
        if is_possible():
            with suppress(NotForkedError):  # the first kernel will log it
                await cls(parent=parent).nursery.zygote()

    @property
    def nursery(self) -> Nursery:
        """The zygote and templates that all kernels of this server share."""
        cls = type(self)
        if cls._nursery is None:
            cls._nursery = Nursery(self.modules, self.templates)
        return cls._nursery

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, or launch it as a new process."""
        cells = kwargs.pop("cells", None)
        self.shown = None
        if is_possible() and _is_of_this_python(cmd):
            try:
                await self._fork(cmd[cmd.index("-m") + 1 :], cells, kwargs)
            except NotForkedError as error:
                self.log.warning("The kernel %s is not forked: %s.", self.kernel_id, error)
            else:
                return self.connection_info
        return await super().launch_kernel(cmd, **kwargs)

    async def _fork(
        self, argv: list[str], cells: Sequence[str] | None, kwargs: dict[str, Any]
    ) -> None:
        cwd, env = str(kwargs.get("cwd") or os.getcwd()), kwargs["env"]
        warm = await self.nursery.zygote()
        if cells is not None:
            template = await self._template(cells, cwd, env)
            if template is not None:
                warm, self.shown = template, template.shown
        fork = warm.fork(argv, cwd, env)
        self.process = cast(Any, fork)
        self.pid = self.pgid = fork.pid
        self.cwd = cwd

    async def _template(self, cells: Sequence[str], cwd: str, env: dict[str, str]) -> Warm | None:
        try:
            template = await asyncio.wait_for(self.nursery.template(cells, cwd, env), self.patience)
        except NotForkedError as error:
            self.log.warning("A notebook in %s is run for each reader: %s.", cwd, error)
            return None
        except TimeoutError:
            self.log.info("A notebook in %s is still being run ahead.", cwd)
            return None
        kinds = {said["header"]["msg_type"] for cell in template.shown for said in cell}
        return template if kinds <= REPEATABLE else None

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and its children, unless it has ended."""
        if await self.poll() is None:
            await super().send_signal(signum)


def is_possible() -> bool:
    """Tell whether this system can fork safely, and follow what it has forked; Linux can."""
    return hasattr(signal, "pidfd_send_signal") and hasattr(os, "pidfd_open")


def _is_of_this_python(cmd: Sequence[str]) -> bool:
    return cmd[0] == sys.executable and "-m" in cmd and "ipykernel_launcher" in cmd


def _failed(task: "asyncio.Future[Warm]") -> bool:
    return task.cancelled() or task.exception() is not None


def _is_good(task: "asyncio.Future[Warm]") -> bool:
    return not _failed(task) and task.result().is_good()


def _is_readable(fd: int, timeout_ms: int | None = 0) -> bool:
    poll = select.poll()  # `select.select` knows no file from number 1024 on
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(timeout_ms))


def _changed(name: str) -> int:
    try:
        return os.stat(name).st_mtime_ns
    except OSError:
        return 0
