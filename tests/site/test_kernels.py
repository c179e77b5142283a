"""Every reader gets a kernel, always, and gives it back."""

import contextlib
import json
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import BrowserContext, Route, expect
from traitlets.config import Config

from servicequality.site.app import SETTINGS
from servicequality.site.viewers import Kernels

READY = 120_000

LOADS = 50
SOON = ["--MappingKernelManager.cull_idle_timeout=10", "--MappingKernelManager.cull_interval=1"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    cells = [
        new_markdown_cell("# Small", id="title"),
        new_code_cell("import ipywidgets", id="setup"),
        new_code_cell("ipywidgets.IntSlider(description='Wait')", id="slider"),
    ]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / "small.ipynb")
    return folder


def processes(server: subprocess.Popen, name: str) -> list[psutil.Process]:
    found = []
    for process in psutil.Process(server.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            found += [process] if process.name() == name else []
    return found


def kernels(server: subprocess.Popen) -> int:
    return len(processes(server, "sq-kernel"))


def runs(process: psutil.Process) -> bool:
    """Whether it runs; one that has ended may still wait for its burial by the system."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def eventually(condition: Callable[[], bool], within: float) -> bool:
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def test_fifty_loads_in_a_row_show_their_slider_and_free_their_kernels(
    context: BrowserContext, serve, folder: Path
) -> None:
    address = serve(folder)
    page = context.new_page()
    for _ in range(LOADS):
        page.goto(f"{address}chapters/small.ipynb")
        page.get_by_role("slider").wait_for()
    page.goto("about:blank")
    assert eventually(lambda: kernels(serve.processes[address]) == 0, within=60)


def test_culling_a_kernel_that_has_just_ended_is_no_error(run_async) -> None:
    run_async(Kernels().cull_kernel_if_idle("ended"))


def test_a_readers_kernel_ends_without_an_interrupt(run_async, tmp_path: Path) -> None:
    note = tmp_path / "interrupted"
    code = (
        "import pathlib, signal, time\n"
        f"signal.signal(signal.SIGINT, lambda *_: pathlib.Path({str(note)!r}).touch())\n"
        "print('sleeps', flush=True)\n"
        "while True:\n    time.sleep(1)"
    )

    async def end_while_busy() -> None:
        readers = Kernels(config=Config({"KernelManager": SETTINGS["KernelManager"]}))
        kernel = readers.get_kernel(await readers.start_kernel())
        client = kernel.client()
        client.start_channels()
        await client.wait_for_ready()
        client.execute(code)
        while (await client.get_iopub_msg())["content"].get("text") != "sleeps\n":
            pass
        await readers.shutdown_all()
        client.stop_channels()
        assert not await kernel.is_alive()

    run_async(end_while_busy())
    assert not note.exists()


def test_a_kernel_stays_with_an_open_tab_and_goes_with_a_lost_one(
    context: BrowserContext, serve, folder: Path
) -> None:
    address = serve(folder, *SOON)
    server = serve.processes[address]
    page = context.new_page()
    page.goto(f"{address}chapters/small.ipynb")
    page.wait_for_selector("html[data-ready]")
    time.sleep(12)
    assert kernels(server) == 1
    context.close()  # like a crash: the page has no chance to say that it goes
    assert eventually(lambda: kernels(server) == 0, within=60)


def test_a_page_that_comes_too_late_for_its_kernel_says_so(
    context: BrowserContext, serve, folder: Path
) -> None:
    address = serve(folder, *SOON)
    page = context.new_page()
    page.add_init_script("const now = performance.now(); performance.now = () => now + 31_000;")

    def late(route: Route) -> None:
        assert eventually(lambda: kernels(serve.processes[address]) == 0, within=60)
        route.continue_()

    page.route("**/voila.js", late)
    page.goto(f"{address}chapters/small.ipynb")
    page.get_by_text("gone to sleep").wait_for()
    page.unroute("**/voila.js")
    page.get_by_role("button", name="Wake it up").click()
    page.get_by_role("slider").wait_for()


def test_one_reader_too_many_waits_for_a_place_and_gets_it(
    context: BrowserContext, serve, folder: Path
) -> None:
    address = serve(folder, "--Site.viewers=1", "--Site.sleep_after=15")
    server = serve.processes[address]
    first, second, third = (context.new_page() for _ in range(3))
    first.goto(f"{address}chapters/small.ipynb")
    first.get_by_role("slider").wait_for()
    moved = time.monotonic()
    for page, place in ((second, 1), (third, 2)):
        page.goto(f"{address}chapters/small.ipynb", wait_until="commit")
        expect(page.get_by_role("heading", name="Small")).to_be_visible()
        expect(page.get_by_text(f"Your place in the queue: {place}")).to_be_visible()
        assert not page.get_by_role("slider").is_visible()

    expect(second.get_by_role("slider")).to_be_visible(timeout=READY)
    assert time.monotonic() - moved > 14, "a reader who moves keeps the place"
    expect(second.get_by_text("Your place in the queue")).to_be_hidden()
    expect(first.get_by_text("gone to sleep")).to_be_visible()
    expect(third.get_by_text("Your place in the queue: 1")).to_be_visible()
    assert kernels(server) == 1

    second.close()
    expect(third.get_by_role("slider")).to_be_visible(timeout=READY)
    assert kernels(server) == 1


def test_parts_whose_name_is_a_hash_are_kept_by_the_browser(serve, folder: Path) -> None:
    address = serve(folder)
    with urllib.request.urlopen(f"{address}chapters/small.ipynb") as response:
        config = re.search(
            r'id="jupyter-config-data"[^>]*>(.*?)</script>', response.read().decode()
        )
    assert config is not None
    extensions = json.loads(config[1])["federated_extensions"]
    assert extensions
    for extension in extensions:
        part = urljoin(f"{address}voila/labextensions/{extension['name']}/", extension["load"])
        with urllib.request.urlopen(part) as response:
            assert "immutable" in response.headers["Cache-Control"]


def test_a_busy_port_is_one_clear_line(serve, folder: Path) -> None:
    port = serve(folder).rstrip("/").rsplit(":")[-1]
    command = [sys.executable, "-m", "servicequality.site", str(folder), f"--port={port}"]
    second = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 1
    assert f"Port {port} cannot be used: Address already in use" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_stopped_server_takes_its_kernels_along_and_the_page_says_so(
    context: BrowserContext, serve, folder: Path
) -> None:
    address = serve.start(folder)
    server = serve.processes[address]
    page = context.new_page()
    page.goto(f"{address}chapters/small.ipynb")
    page.wait_for_selector("html[data-ready]")
    assert not page.get_by_text("gone to sleep").is_visible()
    running = psutil.Process(server.pid).children(recursive=True)
    assert running
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=90) == 0
    assert eventually(lambda: not any(map(runs, running)), within=30)
    page.get_by_text("gone to sleep").wait_for()
