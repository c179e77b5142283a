"""Take rights away from the process that calls it, for good, with Linux's Landlock.

Source: Linux kernel documentation, "Landlock: unprivileged access control" (ABI 1 to 7).
"""

import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION = 1
PATH_BENEATH = 1
NO_NEW_PRIVILEGES = 38

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
TRUNCATE, IOCTL = 1 << 14, 1 << 15
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL
READ = EXECUTE | READ_FILE | READ_DIR

_libc = ctypes.CDLL(None, use_errno=True)


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("folder", ctypes.c_int32))


def abi() -> int:
    """Return the version of Landlock that this kernel offers; 0 if it offers none."""
    return max(0, _libc.syscall(CREATE_RULESET, None, 0, VERSION))


def _called(number: int, *arguments: object) -> int:
    result = _libc.syscall(number, *arguments)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"Landlock: {os.strerror(code)}")
    return int(result)


def restrict(readable: Iterable[str | Path], writable: Iterable[str | Path]) -> None:
    """Let this process and its children use these files and folders only, and no TCP.

    Paths that do not exist are passed over. Where the kernel can, signals and abstract sockets to
    processes outside are cut off too.

    Raises
    ------
    OSError
        If the kernel has no Landlock or refuses.
    """
    version = abi()
    if not version:
        raise OSError("this kernel has no Landlock")
    handled = (1 << 13) - 1
    for since, right in ((2, 1 << 13), (3, TRUNCATE), (5, IOCTL)):
        if version >= since:
            handled |= right
    ruleset = _Ruleset(handled, 0b11 if version >= 4 else 0, 0b11 if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = _called(CREATE_RULESET, ctypes.byref(ruleset), size, 0)
    try:
        for paths, wanted in ((readable, READ), (writable, handled)):
            for path in paths:
                _allow(rules, path, wanted & handled)
        if _libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "Landlock: no_new_privs was refused")
        _called(RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: str | Path, access: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            access &= OF_FILES
        rule = _PathBeneath(access, opened)
        _called(ADD_RULE, rules, PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(opened)
