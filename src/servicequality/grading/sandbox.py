"""Walls around students' code: bubblewrap, Landlock, and resource limits.

Inside there is no network, no view of the course, the home folder, other students or the
environment: only Python, its packages, and a private folder.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from gettext import gettext as _
from pathlib import Path
from typing import Any

import servicequality
from servicequality.grading import landlock, pupil
from servicequality.grading.cli import UserError

BUBBLEWRAP_AND_LANDLOCK = "bubblewrap and Landlock"
BUBBLEWRAP = "bubblewrap"
LANDLOCK = "Landlock"
NONE = "none"

NEVER_THE_MODELS = '''"""The part of the course library that graded code may use: the checks."""
'''


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes
    ----------
    cell_s, notebook_s, start_s : float
        Wall time of one cell or one call of a function, of a whole notebook (its hidden tests have
        as much again, and as much again if the kernel must be replaced), of a kernel's start.
    cpu_s : int
        Processor time of one process.
    memory_bytes, address_bytes : int
        Memory of the submission as a whole, and address space of one process.
    file_bytes, folder_bytes : int
        Size of one file, and of the private folder.
    processes : int
        Processes and their children at one time.
    output_bytes, messages : int
        Output of one cell, while it is produced.
    """

    cell_s: float = 30
    notebook_s: float = 300
    start_s: float = 60
    cpu_s: int = 300
    memory_bytes: int = 2 << 30
    address_bytes: int = 6 << 30
    file_bytes: int = 50_000_000
    folder_bytes: int = 100_000_000
    processes: int = 40
    output_bytes: int = 2_000_000
    messages: int = 5_000


@cache
def level() -> str:
    """Find out, by trying, which walls this machine allows."""
    bubblewrap = shutil.which("bwrap")
    wrapped = False
    if bubblewrap:
        trial = [bubblewrap, "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "true"]
        wrapped = subprocess.run(trial, capture_output=True).returncode == 0
    if wrapped:
        return BUBBLEWRAP_AND_LANDLOCK if landlock.abi() else BUBBLEWRAP
    return LANDLOCK if landlock.abi() else NONE


def require_walls(allow_none: bool = False) -> str:
    """Return the level; refuse to go on without any unless told to.

    Raises
    ------
    UserError
        If there are no walls and `allow_none` is false.
    """
    found = level()
    if found == NONE and not allow_none:
        raise UserError(
            _(
                "No sandbox works on this machine, so students' code would run with your rights.\n"
                "Install bubblewrap (Debian: sudo apt-get install bubblewrap) or use Linux 5.13 or "
                "later, which has Landlock.\n"
                "To grade without any walls all the same, add --without-sandbox."
            )
        )
    return found


def inside(folder: Path) -> Path:
    """Lay out the few modules of ours that exist inside the sandbox; return their folder."""
    library = folder / "library" / "servicequality"
    for name in pupil.BROUGHT:
        target = library / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(servicequality.__file__).parent / name, target)
    (library / "__init__.py").write_text(NEVER_THE_MODELS, encoding="utf-8")
    return library.parent


class Zygote:
    """A warm process inside the walls, which forks a kernel for one submission at a time.

    Parameters
    ----------
    walls : str
        A level; see `level`.
    limits : Limits
        What a submission may use.

    Attributes
    ----------
    folder : Path
        Where private folders of submissions must lie.
    reusable : bool
        Whether submissions are so well apart that one zygote can serve several of them.
    """

    def __init__(self, walls: str, limits: Limits) -> None:
        self.walls = walls
        # Short, since the path of a socket has at most 107 characters.
        self._root = Path(tempfile.mkdtemp(prefix="sq", dir="/tmp"))
        self.folder = self._root / "w"
        self.folder.mkdir()
        library = inside(self._root)
        python = [sys.base_prefix, sys.base_exec_prefix, sys.prefix, sys.exec_prefix]
        system = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache"]
        readable = list(dict.fromkeys([*system, "/etc/localtime", *python, str(library)]))
        settings: dict[str, Any] = {
            "landlock": walls in (LANDLOCK, BUBBLEWRAP_AND_LANDLOCK),
            "readable": [*readable, "/dev"],
            "limits": {
                "AS": limits.address_bytes,
                "CPU": limits.cpu_s,
                "FSIZE": limits.file_bytes,
                "NPROC": limits.processes + 60,  # threads count too
                "NOFILE": 512,
                "CORE": 0,
            },
            "processes": limits.processes,
            "memory_bytes": limits.memory_bytes,
            "folder_bytes": limits.folder_bytes,
        }
        command = [
            sys.executable,
            "-m",
            "servicequality.grading.pupil",
            json.dumps(settings),
        ]
        if walls in (BUBBLEWRAP, BUBBLEWRAP_AND_LANDLOCK):
            command = [*self._wrap(readable), *command]
        self._command = command
        self._environment = _environment(library)
        self._used = False
        self._launch()

    def _launch(self) -> None:
        self.process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env=self._environment,
            start_new_session=True,
        )
        hello = self.hear()
        self.reusable = hello.get("isolated", False) and self.walls == BUBBLEWRAP_AND_LANDLOCK

    def renew_if_used(self) -> None:
        """Start again from nothing, unless nothing of a kernel before can be left."""
        if self._used and not self.reusable:
            self.process.kill()
            self.process.communicate()
            self._launch()
        self._used = True

    def _wrap(self, readable: Sequence[str]) -> list[str]:
        command = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session"]
        command += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
        for path in readable:
            if os.path.islink(path):
                command += ["--symlink", os.readlink(path), path]
            else:
                command += ["--ro-bind-try", path, path]
        ours = Path(sysconfig.get_path("purelib")) / "servicequality"
        if ours.is_dir():
            command += ["--tmpfs", str(ours)]
        return [*command, "--bind", str(self.folder), str(self.folder), "--chdir", str(self.folder)]

    def order(self, **what: str) -> None:
        """Send one order."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """Wait for one answer.

        Raises
        ------
        RuntimeError
            If the process ended instead; with what it said last.
        """
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            _, said = self.process.communicate()
            raise RuntimeError(f"the sandbox ended (exit code {self.process.returncode}): {said}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the process and everything in it, and remove its folders."""
        self.process.kill()
        self.process.communicate()
        remove(self._root)


def remove(folder: Path) -> None:
    """Remove a folder, however deep it is and whatever rights were taken from it."""
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        for command in (["chmod", "-R", "u+rwx"], ["rm", "-rf"]):
            subprocess.run([*command, str(folder)], capture_output=True)


def _environment(library: Path) -> dict[str, str]:
    threads = ("OPENBLAS", "OMP", "MKL", "NUMEXPR")
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/nonexistent",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(library),
        "PYTHONNOUSERSITE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        **{f"{name}_NUM_THREADS": "1" for name in threads},
    }
