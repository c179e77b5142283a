"""The warm process: it has imported what notebooks use, and forks a kernel for each order.

Run as ``python -m servicequality.kernels.zygote SOCKET MODULE...``, with the number of the socket
on which orders come; each is a line of JSON:

- ``{"argv": [...], "cwd": ..., "env": {...}}``: fork a kernel.
- ``{"cells": [...], "cwd": ..., "env": {...}}`` and a socket: fork a template. It runs the cells of
  a notebook, tells on that socket what they showed, and takes orders there in its turn: its
  kernels have run the notebook already.
- ``{"retire": true}``: fork no more, and end with the last kernel.

The answer to the first two is the process id, and brings a pidfd.

When the orders end, because the server has ended, so do this process and all that descend from it.

A fork is safe only where there is one thread. Nothing here starts a second one, and a template
whose notebook did so says so and ends.
"""

import asyncio
import ctypes
import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn

from servicequality.kernels.huge_pages import use_huge_pages

# What each kernel would otherwise import for itself.
KERNEL_PARTS = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "stack_data",
    "tornado.platform.asyncio",
)
SET_PARENT_DEATH_SIGNAL, SET_NAME = 1, 15
RETIRED_LOOKS_EVERY_S = 1.0

_libc = ctypes.CDLL(None)


def main() -> None:
    """Import everything, take orders, and go on as a kernel in every fork of one."""
    from servicequality.kernels.recorder import open_shell

    orders = socket.socket(fileno=int(sys.argv[1]))
    # The system buries dead children unseen; the server holds a pidfd of each kernel.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.addaudithook(_note_opened)
    for name in KERNEL_PARTS:
        importlib.import_module(name)
    # Within a shell, since pandas and ipywidgets look at their import whether they have one.
    with open_shell().builtin_trap:
        for name in sys.argv[2:]:
            try:
                importlib.import_module(name)
            except Exception as error:  # the notebook that imports it will show the error
                print(f"{name} is not imported ahead: {error!r}", file=sys.stderr)
    use_huge_pages()
    send(orders, ready())
    become_a_kernel(take_orders(orders))


def send(channel: socket.socket, message: Any, fds: Sequence[int] = ()) -> None:
    """Send a message, a line of JSON, and open files with it."""
    line = json.dumps(message).encode() + b"\n"
    socket.send_fds(channel, [line[:1]], fds)
    channel.sendall(line[1:])


def receive(channel: socket.socket) -> tuple[Any, list[int]]:
    """Wait for a message; None if there will be no more."""
    line, fds = bytearray(), []
    while not line.endswith(b"\n"):
        try:
            part, more, _flags, _address = socket.recv_fds(channel, 1 << 16, 1)
        except ConnectionResetError:
            part, more = b"", []
        if not part:
            return None, []
        line += part
        fds += more
    return json.loads(line), fds


def take_orders(orders: socket.socket) -> dict[str, Any]:
    """Fork as ordered; return, in a process that is to be a kernel, the order for it."""
    _name("sq-zygote")
    while True:
        order, fds = receive(orders)
        if order is None:
            os._exit(0)
        if "retire" in order:
            _retire(orders)
        parent = os.getpid()
        child = os.fork()
        if child:
            pidfd = os.pidfd_open(child)
            send(orders, {"pid": child}, [pidfd])
            for fd in (pidfd, *fds):
                os.close(fd)
            continue
        orders.close()
        _begin_anew(order, parent)
        if "argv" in order:
            return dict(order)
        orders = socket.socket(fileno=fds[0])
        _name("sq-template")
        shown = run(order["cells"])
        send(orders, {**ready(), "shown": shown})


def ready() -> dict[str, Any]:
    """Make forks cheap; return what the server must know: number of threads, files that were read.

    What is there already need not be looked through for garbage, and so copied, by each fork.
    """
    gc.collect()
    gc.freeze()
    return {"threads": len(os.listdir("/proc/self/task")), "files": own_files()}


def become_a_kernel(order: dict[str, Any]) -> None:
    """Run ipykernel, in this process, as its command line would."""
    from comm import get_comm_manager
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    _name("sq-kernel")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    sys.argv = order["argv"]
    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(sys.argv[1:])
    app.poller = None  # the death of the parent is a signal
    shell: Any = app.shell
    shell.kernel = app.kernel
    shell.update_config(app.config)
    # A widget of the template was opened where there was no kernel, and would not send anything.
    channels: dict[str, Any] = get_comm_manager().comms
    for channel in channels.values():
        channel.kernel = app.kernel
    if app.config.HistoryManager.get("enabled", True):
        shell.init_history()
        shell.init_user_ns()
    app.start()


def run(cells: Sequence[str]) -> list[list[dict[str, Any]]]:
    """Run cells as a kernel would; return the messages that each of them would send."""
    from ipykernel.zmqshell import ZMQInteractiveShell

    from servicequality.kernels.recorder import Recorder

    said: list[dict[str, Any]] = []

    def say(kind: str, content: dict[str, Any]) -> None:
        last = said[-1]["content"] if said else {}
        if kind == "stream" and last.get("name") == content["name"]:
            last["text"] += content["text"]
        else:
            said.append({"header": {"msg_type": kind}, "content": content})

    sys.path.insert(0, "")
    streams = sys.stdout, sys.stderr
    recorder = Recorder(say)
    recorder.listen()
    shown = []
    for source in cells:
        ZMQInteractiveShell.instance().run_cell(source, store_history=False)
        recorder.flush()
        shown.append(said.copy())
        said.clear()
    sys.stdout, sys.stderr = streams
    return shown


_opened: set[str] = set()


def _note_opened(event: str, arguments: Any) -> None:
    if event == "open" and isinstance(arguments[0], str) and arguments[1] in ("r", "rb", None):
        _opened.add(os.path.abspath(arguments[0]))


def own_files() -> list[str]:
    """Return the files of the project, not of Python or its packages, that have a part in this."""
    modules = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    foreign = tuple({sys.prefix, sys.base_prefix, "/proc", "/dev", "/sys"})
    found = {name for name in modules if name} | _opened
    return sorted(name for name in found if not name.startswith(foreign) and os.path.isfile(name))


def _begin_anew(order: dict[str, Any], parent: int) -> None:
    """Be a process of one's own: end with the parent, and share no chance or loop with it."""
    _libc.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
    asyncio.set_event_loop_policy(None)


def _retire(orders: socket.socket) -> NoReturn:
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, os.WNOHANG)
            if select.select([orders], [], [], RETIRED_LOOKS_EVERY_S)[0]:
                break
    os._exit(0)


def _name(name: str) -> None:
    """Say in the system's list of processes what this one is."""
    _libc.prctl(SET_NAME, name.encode(), 0, 0, 0)


if __name__ == "__main__":
    main()
