"""Memory in few large pages in place of many small ones, so that a fork has little to copy."""

import ctypes
from contextlib import suppress
from pathlib import Path

HUGE = 2 << 20
COLLAPSE = 25  # MADV_COLLAPSE, Linux 6.1


def use_huge_pages() -> None:
    """Gather this process's own memory in huge pages, where the system can.

    For a process that has imported much and will fork often: a fork copies one entry a page. A page
    that is written to later falls apart again for the writer, so nobody holds more memory.
    """
    with suppress(OSError, AttributeError):
        maps = Path("/proc/self/maps").read_text(encoding="utf-8")
        madvise = ctypes.CDLL(None).madvise
        madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        for line in maps.splitlines():
            addresses, rights, _offset, _device, _inode, *name = line.split(maxsplit=5)
            if rights != "rw-p" or name not in ([], ["[heap]"]):
                continue
            start, end = (int(address, 16) for address in addresses.split("-"))
            for page in range(-(-start // HUGE) * HUGE, end - HUGE + 1, HUGE):
                madvise(page, HUGE, COLLAPSE)  # refused where nothing is stored yet
