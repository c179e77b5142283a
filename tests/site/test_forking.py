"""Kernels that are forked behave like those that are started, and are there at once."""

import asyncio
import os
import resource
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory
from traitlets.config import Config

from servicequality.kernels.provisioner import ForkedProvisioner, Nursery

FORKED = Config({"KernelProvisionerFactory": {"default_provisioner_name": "forked"}})


@pytest.fixture(autouse=True)
def nursery(monkeypatch: pytest.MonkeyPatch) -> Iterator[Nursery]:
    nursery = Nursery(["numpy"], templates=2)
    monkeypatch.setattr(ForkedProvisioner, "_nursery", nursery)
    KernelProvisionerFactory.clear_instance()
    KernelProvisionerFactory.instance(config=FORKED)
    yield nursery
    nursery.close()
    KernelProvisionerFactory.clear_instance()


class Kernel:
    """A running kernel, and a client of it."""

    def __init__(self, manager: AsyncKernelManager, client: Any) -> None:
        self.manager = manager
        self.client = client
        self.provisioner: Any = manager.provisioner

    async def run(self, code: str) -> str:
        """Return what the code prints; an error is its name."""
        printed: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            printed.append(message["content"].get("text", ""))

        reply = await self.client.execute_interactive(code, output_hook=hear, timeout=60)
        return reply["content"].get("ename") or "".join(printed).strip()


@asynccontextmanager
async def kernel(**options: Any) -> AsyncIterator[Kernel]:
    folder = tempfile.TemporaryDirectory(prefix="sq")
    file = f"{folder.name}/kernel.json"
    manager = AsyncKernelManager(transport="ipc", connection_file=file, shutdown_wait_time=0.2)
    await manager.start_kernel(**options)
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    try:
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        await manager.shutdown_kernel()
        folder.cleanup()


def parent(kernel: Kernel) -> psutil.Process:
    found = psutil.Process(kernel.provisioner.pid).parent()
    assert found is not None
    return found


def test_a_forked_kernel_is_a_kernel_like_any_other(tmp_path: Path, run_async) -> None:
    async def trial() -> None:
        async with kernel(cwd=str(tmp_path)) as first, kernel(cwd=str(tmp_path)) as second:
            zygote = parent(first)
            assert zygote == parent(second)
            assert zygote.name() == "sq-zygote"
            assert zygote.num_threads() == 1

            chance = "import os, random, numpy; print(random.random(), numpy.random.rand())"
            assert await first.run(chance) != await second.run(chance)
            assert await first.run("print(os.getcwd())") == str(tmp_path)
            assert await first.run("print(__name__)") == "__main__"
            await first.run("mine = 1")
            assert await second.run("mine") == "NameError"
            await first.run("%history -n")
            child = "import subprocess; print(subprocess.run(['false']).returncode)"
            assert await first.run(child) == "1"

            endless = asyncio.ensure_future(first.run("while True: pass"))
            await asyncio.sleep(0.5)
            await first.manager.interrupt_kernel()
            assert await endless == "KeyboardInterrupt"

            pid = first.provisioner.pid
            await first.manager.restart_kernel(now=True)
            await first.client.wait_for_ready(timeout=60)
            assert not psutil.pid_exists(pid)
            assert await first.run("mine") == "NameError"

        assert not zygote.children(), "the system has buried them"

    run_async(trial())


@pytest.fixture
def many_open_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    files = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    yield
    for file in files:
        os.close(file)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_kernel_ends_where_very_many_files_are_open(many_open_files: None, run_async) -> None:
    async def trial() -> None:
        async with kernel() as one:
            pid = one.provisioner.pid
            assert await one.run("print(1 + 1)") == "2"
        assert not psutil.pid_exists(pid)

    run_async(trial())


def test_a_zygote_that_dies_takes_its_kernels_along_and_is_replaced(run_async) -> None:
    async def trial() -> None:
        async with kernel() as first:
            running = psutil.Process(first.provisioner.pid)
            os.kill(parent(first).pid, signal.SIGKILL)
            assert not psutil.wait_procs([running], timeout=20)[1]
            assert not await first.manager.is_alive()
        async with kernel() as second:
            assert parent(second).name() == "sq-zygote"

    run_async(trial())


def test_a_kernel_of_a_notebook_has_run_it_until_something_that_it_read_changes(
    tmp_path: Path,
    run_async,
) -> None:
    data = tmp_path / "data.txt"
    data.write_text("1")
    cells = ["import ipywidgets", f"n = open({str(data)!r}).read()", "print(n); n", "drawn = 7"]
    options = {"cwd": str(tmp_path), "cells": cells}

    async def trial() -> None:
        async with kernel(**options) as first, kernel(**options) as second:
            assert parent(first).name() == "sq-template"
            assert parent(first) == parent(second)
            shown = [
                [(said["header"]["msg_type"], said["content"]) for said in cell]
                for cell in first.provisioner.shown
            ]
            assert shown[0] == shown[1] == shown[3] == []
            (stream, printed), (result, value) = shown[2]
            assert (stream, printed) == ("stream", {"name": "stdout", "text": "1\n"})
            assert (result, value["data"]) == ("execute_result", {"text/plain": "'1'"})
            await first.run("drawn += 1")
            assert await second.run("print(drawn)") == "7"

            data.write_text("2")
            async with kernel(**options) as third:
                assert parent(third) != parent(first)
                assert await third.run("print(n)") == "2"
            assert await first.run("print(n)") == "1"

    run_async(trial())


@pytest.mark.parametrize(
    "cell",
    ["1 / 0", "import threading, time; threading.Thread(target=time.sleep, args=[60]).start()"],
)
def test_a_notebook_that_cannot_be_run_ahead_is_left_to_each_kernel(cell: str, run_async) -> None:
    async def trial() -> None:
        async with kernel(cells=[cell]) as plain:
            assert parent(plain).name() == "sq-zygote"
            assert plain.provisioner.shown is None
            assert await plain.run("print(1)") == "1"

    run_async(trial())


def test_without_a_zygote_kernels_start_as_ever(nursery: Nursery, monkeypatch, run_async) -> None:
    monkeypatch.setattr("servicequality.kernels.zygote.__name__", "no.such.module")

    async def trial() -> None:
        async with kernel(cells=["1"]) as plain:
            assert parent(plain) == psutil.Process()
            assert plain.provisioner.shown is None
            assert await plain.run("print(1)") == "1"

    run_async(trial())
