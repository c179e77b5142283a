"""Room for readers: each has a kernel of their own, and a machine holds only so many of them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import psutil
from jupyter_server.services.kernels.kernelmanager import (
    AsyncMappingKernelManager,
    ServerKernelManager,
)
from traitlets import default

from servicequality.site.connection import PublicConnection

VIEWER_BYTES = 50_000_000
SHARE_OF_MEMORY = 0.8
LOOK_EVERY_S = 0.5


def room_in_memory() -> int:
    """Return how many readers' kernels the memory of this machine, or this container, can hold."""
    most = psutil.virtual_memory().available
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.is_file() and (bytes_ := limit.read_text().strip()).isdigit():
        most = min(most, int(bytes_))
    return max(4, int(SHARE_OF_MEMORY * most / VIEWER_BYTES))


class ReaderKernel(ServerKernelManager):
    """The kernel of a reader: it has nothing to break off before it ends."""

    async def _async_interrupt_kernel(self) -> None:
        """Leave out the interrupt before the end, which ipykernel may log as an error."""


class Kernels(AsyncMappingKernelManager):
    """The kernels of readers, who may leave at any moment."""

    @default("kernel_manager_class")
    def _default_kernel_manager_class(self) -> str:
        return f"{__name__}.{ReaderKernel.__name__}"

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel that nobody needs; one that has ended meanwhile needs no more."""
        with suppress(KeyError):
            await super().cull_kernel_if_idle(kernel_id)


class Viewers:
    """Readers with a kernel, and a queue of those who wait for one.

    Parameters
    ----------
    kernels : Kernels
        What starts and counts the kernels.
    at_most : int
        How many there may be at a time.
    sleep_after : float
        Seconds without a move after which an open page lends its kernel to one that waits.
    """

    def __init__(self, kernels: Kernels, at_most: int, sleep_after: float) -> None:
        self._kernels = kernels
        self._at_most = at_most
        self._sleep_after = timedelta(seconds=sleep_after)
        self._queue: list[object] = []
        self._starting = 0

    async def start(self, tell: Callable[[int], Awaitable[None]], **kernel: Any) -> str:
        """Start a kernel as soon as there is room for it, and return its id.

        Parameters
        ----------
        tell : callable
            Called now and then with the place in the queue, from 1. What it raises, because the
            reader has gone, ends the wait.
        kernel
            What the kernel manager wants to know.
        """
        me = object()
        self._queue.append(me)
        try:
            while self._queue[0] is not me or not self._has_room():
                await tell(self._queue.index(me) + 1)
                await asyncio.sleep(LOOK_EVERY_S)
                if self._queue[0] is me and not self._has_room():
                    await self._end_a_sleeper()
            self._starting += 1
        finally:
            self._queue.remove(me)
        try:
            return await self._kernels.start_kernel(**kernel)
        finally:
            self._starting -= 1

    def _has_room(self) -> bool:
        return len(self._kernels.list_kernel_ids()) + self._starting < self._at_most

    async def _end_a_sleeper(self) -> None:
        kernels = {k: self._kernels.get_kernel(k) for k in self._kernels.list_kernel_ids()}
        # A kernel that is only starting has not moved yet.
        moved = {
            kernel_id: cast(ServerKernelManager, kernel).last_activity
            for kernel_id, kernel in kernels.items()
            if kernel.trait_has_value("last_activity")
        }
        if not moved:
            return
        longest = min(moved, key=lambda kernel_id: moved[kernel_id])
        if datetime.now(UTC) - moved[longest] > self._sleep_after:
            await self._kernels.shutdown_kernel(longest)
            PublicConnection.let_go(longest)  # only now, since the page connects anew at once
