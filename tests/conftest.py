"""Fixtures for tests in a real browser against the real server."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).parents[1]
# Long enough for a busy machine: a test that waits asks whether, not how soon.
READY = 120_000
expect.set_options(timeout=30_000)
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def chromium() -> str | None:
    """The system's Chromium; None lets Playwright use the one that it installed.

    The shell has no windows: a whole browser starts their parts for each fresh profile, beside the
    page that is looked at.
    """
    names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture
def run_async() -> Callable[[Coroutine], object]:
    """`asyncio.run` in another thread, since a browser of Playwright's has its loop in this one."""

    def run_async(task: Coroutine) -> object:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, task).result()

    return run_async


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium that keeps its own services off the network."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=CHROMIUM_FLAGS,
        )
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile: no cookies and no cache of another test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(READY)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab. The test fails if the page logs an error or asks another host for anything."""
    problems: list[str] = []

    def check_host(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob", "about"} and parts.hostname != "127.0.0.1":
            problems.append(f"request to another host: {url}")

    page = context.new_page()
    page.on("request", lambda request: check_host(request.url))
    page.on("websocket", lambda socket: check_host(socket.url))
    page.on("pageerror", lambda error: problems.append(f"uncaught error: {error}"))
    page.on(
        "console",
        lambda message: (
            problems.append(f"console error: {message.text} ({message.location.get('url')})")
            if message.type == "error"
            else None
        ),
    )
    yield page
    found = list(problems)
    if not page.is_closed():
        page.goto("about:blank")  # the page frees its kernel as a reader's tab does
    assert not found, "\n".join(found)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Servers:
    """Real servers of folders of notebooks, each started once; called, it gives the address."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.started: dict[tuple[object, ...], str] = {}
        self.processes: dict[str, subprocess.Popen] = {}

    def __call__(self, folder: Path, *options: str) -> str:
        key = (folder, *options)
        if key not in self.started:
            self.started[key] = self.start(folder, *options)
        return self.started[key]

    def start(self, folder: Path, *options: str) -> str:
        port = free_port()
        address = f"http://127.0.0.1:{port}/"
        command = [sys.executable, "-m", "servicequality.site", str(folder), f"--port={port}"]
        with self.log_file(address).open("w") as log:
            self.processes[address] = subprocess.Popen(
                [*command, *options], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(address, timeout=60).close()
                return address
            except OSError as error:
                if self.processes[address].poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"no server:\n{self.log(address)}") from error
                time.sleep(0.1)

    def log_file(self, address: str) -> Path:
        return self.logs / f"{urlsplit(address).port}.log"

    def log(self, address: str) -> str:
        """What the server has written to its log."""
        return self.log_file(address).read_text()

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(timeout=90)


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Start the real server on a folder of notebooks; calling it returns the server's address."""
    servers = Servers(tmp_path_factory.mktemp("servers"))
    yield servers
    servers.stop()


@pytest.fixture(scope="session")
def site(serve: Servers) -> str:
    """Address of a running server of our chapters, such as ``http://127.0.0.1:41234/``."""
    return serve(ROOT / "chapters")


@pytest.fixture
def open_chapter(page: Page, site: str) -> Callable[..., Page]:
    """Open a chapter by its slug and wait until all of its cells are shown and live."""

    def open_chapter(slug: str, width: int = 1280) -> Page:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{site}chapters/{slug}.ipynb")
        page.wait_for_selector("html[data-ready]", timeout=READY)
        return page

    return open_chapter
