"""The side of the sandbox: a warm process that forks one kernel for each submission.

Run as `python -m servicequality.grading.pupil SETTINGS` inside the sandbox. It takes orders from
its standard input, one JSON object a line, and answers on its standard output. It serves one
submission at a time and ends every process of one before it takes the next.

A kernel here is IPython's shell, which runs cells as the examiner orders and tells it what they
show; without the sockets and threads of ipykernel it starts in a third of the time.

Nothing here is trusted by the examiner: a student's code shares the process with all of it.
"""

import asyncio
import builtins
import contextlib
import ctypes
import gc
import getpass
import importlib
import importlib.abc
import io
import itertools
import json
import os
import resource
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from typing import Any, NoReturn

from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import json_packer

from servicequality.kernels.huge_pages import use_huge_pages
from servicequality.kernels.recorder import Recorder, open_shell

WARM = (
    "numpy",
    "pandas",
    "pandas.io.formats.html",
    "pandas.io.formats.string",
    "scipy.stats",
    "scipy.optimize",
    "psutil",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "stack_data",
    "servicequality.checks",
    "servicequality.grading.channel",
)
# The modules of ours that the sandbox needs.
BROUGHT = (
    "checks.py",
    "grading/__init__.py",
    "grading/channel.py",
    "grading/landlock.py",
    "grading/pupil.py",
    "kernels/__init__.py",
    "kernels/huge_pages.py",
    "kernels/recorder.py",
)
TICK_S = 0.1
FILES_AT_MOST = 2_000
PATH_AT_MOST = 1_000

NEW_USER, NEW_IPC, NEW_PID = 0x10000000, 0x08000000, 0x20000000
SET_PARENT_DEATH_SIGNAL, SET_DUMPABLE, SET_CHILD_SUBREAPER = 1, 4, 36

_libc = ctypes.CDLL(None, use_errno=True)


class NoModels(importlib.abc.MetaPathFinder):
    """Say why the course's own models are not there."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> None:
        """Refuse every part of the library that did not come along."""
        if name.startswith("servicequality."):
            raise ImportError(
                f"{name} cannot be used in work that is graded: "
                "here you build the tools yourself, with numpy, pandas and scipy."
            )


def main() -> None:
    """Import what students use, then serve submissions until the input ends."""
    settings = json.loads(sys.argv[1])
    for name in WARM:
        importlib.import_module(name)
    os.environ["IPYTHONDIR"] = tempfile.mkdtemp(dir=os.getcwd())  # removed with this folder
    open_shell()
    sys.meta_path.append(NoModels())
    _libc.prctl(SET_DUMPABLE, 0, 0, 0, 0)
    _libc.prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    use_huge_pages()
    say(ready=True, isolated=can_isolate())
    for line in iter(sys.stdin.readline, ""):
        order = json.loads(line)
        ended = serve(order, settings)
        say(ended=ended)


def say(**message: Any) -> None:
    """Write one line to whoever gave the order."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def isolate() -> bool:
    """Enter process and IPC namespaces of one's own; False if the system forbids it."""
    return _libc.unshare(NEW_USER | NEW_IPC | NEW_PID) == 0


def can_isolate() -> bool:
    """Try `isolate` in a child."""
    child = os.fork()
    if child == 0:
        os._exit(0 if isolate() else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def serve(order: dict[str, Any], settings: dict[str, Any]) -> str:
    """Run one kernel until it ends, is stopped, or takes too much; return which."""
    keeper = os.fork()
    if keeper == 0:
        _keep(order, settings)
    end = os.pidfd_open(keeper)
    reason = ""
    for tick in itertools.count(1):
        happened = select.select([sys.stdin, end], [], [], TICK_S)[0]
        if end in happened:
            reason = "exited"
        elif happened:
            sys.stdin.readline()
            reason = "stopped"
        else:
            reason = too_much(order["folder"], settings, with_files=tick % 5 == 0)
        if reason:
            break
    os.close(end)
    end_all()
    return reason


def _keep(order: dict[str, Any], settings: dict[str, Any]) -> NoReturn:
    """Enter the namespaces, and be the parent of the kernel, which is their first process."""
    _libc.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    isolate()
    child = os.fork()
    if child == 0:
        try:
            _be_a_kernel(order, settings)
        finally:
            os._exit(1)
    os.waitpid(child, 0)
    os._exit(0)


def _be_a_kernel(order: dict[str, Any], settings: dict[str, Any]) -> None:
    _libc.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    folder = order["folder"]
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.closerange(3, 4096)
    os.chdir(folder)
    sys.argv, sys.path[0] = ["kernel"], folder
    scratch = f"{folder}/.tmp"
    os.makedirs(scratch, exist_ok=True)
    for name in ("HOME", "TMPDIR", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR"):
        os.environ[name] = scratch
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name, most in settings["limits"].items():
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))
    _drop_capabilities()
    if settings["landlock"]:
        from servicequality.grading import landlock

        devices = [f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom")]
        about = [f"/proc/{name}" for name in ("self", "cpuinfo", "meminfo", "stat")]
        landlock.restrict([*settings["readable"], *about], [folder, *devices])
    _run_cells(order["address"])


def _run_cells(address: str) -> None:
    """Run cells as the examiner at `address` orders, and tell it what they show."""
    here = os.getpid()
    shell: Any = ZMQInteractiveShell.instance()
    shell.ask_exit = lambda: None  # `quit()` in a cell is no reason to lose the rest
    shell.enable_gui = lambda gui=None: None  # there are no windows
    builtins.input = getpass.getpass = _ask_nobody
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    with (
        shell.builtin_trap,
        socket.socket(socket.AF_UNIX) as examiner,
        examiner.makefile("rwb") as lines,
    ):
        examiner.connect(address)

        def tell(kind: str, content: dict[str, Any]) -> None:
            if os.getpid() == here:  # and not a fork of the student's
                lines.write(
                    b'{"kind":%s,"content":%s}\n' % (json_packer(kind), json_packer(content))
                )
                lines.flush()

        recorder = Recorder(tell)
        recorder.listen()
        run, run_async = shell.run_cell, shell.run_cell_async
        for line in lines:
            order = json.loads(line)
            if order["source"]:
                with contextlib.suppress(BaseException):  # of what the student has changed in it
                    loop.run_until_complete(_run_cell(order["source"], shell, run, run_async))
                if os.getpid() != here:
                    return
                recorder.flush()
            forked = False
            if order["branch"]:
                with contextlib.suppress(Exception):
                    open_branch(address, **order["branch"])
                    forked = True
            tell("done", {"order": order["number"], "forked": forked})


async def _run_cell(
    source: str, shell: Any, run: Callable[..., Any], run_async: Callable[..., Any]
) -> None:
    """Run a cell within a running event loop, as every kernel does."""
    waits, code = False, None
    with contextlib.suppress(Exception):  # `run` shows what is wrong with the cell
        code = shell.transform_cell(source)
        waits = shell.should_run_async(source, transformed_cell=code)
    if waits:
        await run_async(source, store_history=True, transformed_cell=code)
    else:
        run(source, store_history=True)


def _ask_nobody(*_what: Any, **_how: Any) -> NoReturn:
    raise StdinNotImplementedError("Nobody can answer here: work that is graded runs on its own.")


def _drop_capabilities() -> None:
    class Header(ctypes.Structure):
        _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))

    header = Header(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _libc.capset(ctypes.byref(header), ctypes.byref(nothing))


def family() -> list[Any]:
    """Return every process that descends from this one."""
    import psutil

    return psutil.Process().children(recursive=True)


def too_much(folder: str, settings: dict[str, Any], *, with_files: bool) -> str:
    """Name the limit that the submission as a whole has passed; empty if none."""
    processes = family()
    if len(processes) > settings["processes"]:
        return "processes"
    memory = 0
    for process in processes:
        with contextlib.suppress(Exception):  # it may have ended
            used = process.memory_info()
            memory += used.rss - used.shared
    if memory > settings["memory_bytes"]:
        return "memory"
    if with_files and too_many_files(folder, settings["folder_bytes"]):
        return "files"
    return ""


def too_many_files(folder: str, most_bytes: int) -> bool:
    """Tell whether a folder holds too many or too large files, or too deep folders."""
    size = count = 0
    folders = [folder]
    while folders:
        with contextlib.suppress(OSError):  # what there is may change meanwhile
            for entry in os.scandir(folders.pop()):
                count += 1
                if count > FILES_AT_MOST or len(entry.path) > PATH_AT_MOST:
                    return True
                size += entry.stat(follow_symlinks=False).st_blocks * 512
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
    return size > most_bytes


def end_all() -> None:
    """Kill every descendant and wait until none is left."""
    while True:
        for process in family():
            with contextlib.suppress(Exception):
                process.kill()
        try:
            os.waitpid(-1, 0)  # one of those that were killed
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return


_branch: int | None = None


def open_branch(address: str, end_last: bool) -> None:
    """Fork a copy of the kernel's process, in which the calls of the next test cells run.

    What a function does to the notebook's variables, and what it was given, ends with the branch;
    so does an endless loop or a crash. The branch calls the examiner at `address`.
    """
    global _branch
    if end_last and _branch is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(_branch, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(_branch, 0)
    gc.freeze()  # what is there already need not be looked through, and so copied, by the branch
    _branch = os.fork()
    if _branch == 0:
        try:
            _answer_all(address)
        finally:
            os._exit(1)


def _answer_all(address: str) -> None:
    sys.stdout = sys.stderr = _Sink()
    _show_nothing()
    with socket.socket(socket.AF_UNIX) as examiner:
        examiner.connect(address)
        with examiner.makefile("rw", encoding="utf-8", errors="surrogatepass") as lines:
            for line in lines:
                request = json.loads(line) | {"arguments": lines.readline()}
                lines.write(json.dumps(_answered(request)) + "\n")
                lines.flush()
    os._exit(0)


def _show_nothing() -> None:
    """Let `display` do nothing: a branch has no part in what the kernel sends."""
    from IPython import get_ipython
    from IPython.core.displaypub import CapturingDisplayPublisher

    get_ipython().display_pub = CapturingDisplayPublisher()


class _Sink(io.TextIOBase):
    """Takes what is printed, and keeps nothing."""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return len(text)


def _answered(request: dict[str, Any]) -> dict[str, Any]:
    doing: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"look": _look, "call": _call}
    return doing[request["do"]](request)


def _look(request: dict[str, Any]) -> dict[str, Any]:
    """Tell what each name stands for."""
    from servicequality.grading.channel import write

    space = vars(sys.modules["__main__"])
    found: dict[str, Any] = {}
    for name in request["names"]:
        if name not in space:
            continue
        value = space[name]
        if callable(value):
            found[name] = {"is": "callable"}
        else:
            try:
                found[name] = {"is": "plain", "value": write(value)}
            except Exception:  # not plain, or it cannot even be looked at
                found[name] = {"is": "other", "type": type(value).__name__}
    return {"state": "done", "names": found}


def _call(request: dict[str, Any]) -> dict[str, Any]:
    """Call a function with plain data; tell its result, or what it raised."""
    from servicequality.checks import call
    from servicequality.grading.channel import NotPlainError, read, write

    space = vars(sys.modules["__main__"])
    deleted = {name: space.pop(name) for name in request["deleted"] if name in space}
    try:
        function = space[request["name"]]
        arguments, options = read(request["arguments"])
        outcome = call(function, *arguments, **options)
    except BaseException as error:
        return {
            "state": "raised",
            "types": [kind.__name__ for kind in type(error).__mro__],
            "text": _short(error),
        }
    finally:
        space.update(deleted)
    try:
        result = write(outcome.result)
    except NotPlainError as error:
        return {"state": "not plain", "text": _short(error)}
    except BaseException as error:
        return {"state": "not plain", "text": f"a value that raised {type(error).__name__}"}
    return {
        "state": "returned",
        "result": result,
        "changed": outcome.changed,
        "used_global_random": outcome.used_global_random,
    }


def _short(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except BaseException:
        return ""


if __name__ == "__main__":
    main()
