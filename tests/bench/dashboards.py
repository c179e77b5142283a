"""Measure one dashboard in our site, in Voilà and in what people would use instead of it.

Four sliders and three charts (see `peers/dashboard.py`) in eight candidates, all served at the same
time and measured in turn, so that whatever else the machine does hits all of them alike. After each
measurement the machine comes to rest before the next.

* First usable page: a real browser with an empty profile asks for the page; the clock stops at the
  frame in which all three charts have answered the first press of a key on the first slider.
* Slider to chart: from the key's own event to the last frame in which a chart changes, all three
  having changed. A picture is what the marks of an SVG or the pixels of a canvas are.
* Page starts at once: viewers without a browser (see `viewers.py`) all ask for the page in the same
  moment; starts a second are their number by the time until the last of them has all three charts.
  Where there is one viewer, five come one after another, each after a rest.
* Processor a start: what the server's processes used for it, until they rest again.
* Memory a viewer: growth of the proportional share (PSS) of the server's processes while the most
  viewers are there, by their number.

The servers run as their makers' documentation says, without a proxy. Results are left in `.bench/`.

    python tests/bench/dashboards.py --quick      # two minutes, for a look
    python tests/bench/dashboards.py --publish    # puts table and chart into the README
"""

import argparse
import asyncio
import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import altair as alt
import httpx
import pandas as pd
import psutil
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as NoAnswer
from servers import ROOT, Server, serving
from viewers import (
    JupyterViewer,
    MarimoViewer,
    PanelViewer,
    ShinyViewer,
    StreamlitViewer,
    Viewer,
    shut_down,
)

PARTS = ROOT / "tests" / "bench" / "peers"
RESULTS = ROOT / ".bench"
PEERS = RESULTS / "peers" / "bin"
STATIC = RESULTS / "static"
sys.path[:0] = [str(ROOT / "tests"), str(PARTS)]
import dashboard  # noqa: E402

from conftest import CHROMIUM_FLAGS, READY, chromium  # noqa: E402

Result = TypeVar("Result")
PICTURE = ROOT / ".github" / "dashboards.svg"
BASE = "Voilà"
POOL = 5
IN_A_ROW = 5
REFILL = 6  # quiet looks in a row, so that a pool that fills up a little later is seen
SLIDER = "[role=slider], input[type=range]"

# Marks in SVG groups, and pixels of canvases, wherever they are: also in shadow trees.
WATCH = """
window.bench = {
  *elements(root) {
    for (const node of root.querySelectorAll('*')) {
      if (node.shadowRoot) yield* this.elements(node.shadowRoot);
      if (node.tagName === 'CANVAS' || node.classList.contains('role-mark')) yield node;
    }
  },
  picture(node) {
    if (node.tagName !== 'CANVAS') {
      const marks = [...node.querySelectorAll('path')];
      return marks.map((m) => m.getAttribute('d') + m.getAttribute('transform')).join();
    }
    if (!node.width || !node.height) return '';
    const pixels = new Uint32Array(
      node.getContext('2d').getImageData(0, 0, node.width, node.height).data.buffer);
    let hash = 0;
    let plain = true;
    for (const pixel of pixels) {
      hash = (Math.imul(hash, 31) + pixel) | 0;
      plain &&= pixel === pixels[0];
    }
    return plain ? '' : String(hash);
  },
  pictures() {
    return [...this.elements(document)].map((node) => this.picture(node)).filter(Boolean);
  },
  drawn() {
    return this.pictures().length === 3;
  },
  // Watch the charts from now on; `result` comes when all have changed and then stood still.
  watch(still) {
    const before = this.pictures();
    let pressed = null;
    const press = (event) => (pressed = event.timeStamp);
    addEventListener('keydown', press, {once: true, capture: true});
    this.result = new Promise((resolve) => {
      let latest = before;
      let changed = null;
      const look = () => {
        const now = this.pictures();
        if (now.length !== 3 || now.some((picture, i) => picture !== latest[i])) {
          changed = performance.now();
          latest = now;
        }
        const all = latest.length === 3 && latest.every((picture, i) => picture !== before[i]);
        if (pressed !== null && all && performance.now() - changed > still)
          resolve({took: changed - pressed, at: changed});
        else requestAnimationFrame(look);
      };
      look();
    });
  },
};
"""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A way to serve the dashboard."""

    name: str
    command: Sequence[str | Path]
    viewer: Callable[[str], Viewer]
    path: str = ""
    slider: str = SLIDER
    environment: dict[str, str] = field(default_factory=dict)
    keeps_python: bool = True


def of(kind: type[Viewer], *more: object) -> Callable[[str], Viewer]:
    return lambda address: kind(address, dashboard.TITLES, *more)


def candidates() -> list[Candidate]:
    voila = (
        *(sys.executable, "-m", "voila", PARTS, "--no-browser"),
        *("--Voila.ip=127.0.0.1", "--port={port}"),
    )
    shown = {f".clientdata_output_{draw.__name__}_hidden": False for draw in dashboard.CHARTS}
    inputs = dict.fromkeys(dashboard.SLIDERS, dashboard.START) | shown
    return [
        Candidate(
            name="This site",
            command=(sys.executable, "-m", "servicequality.site", PARTS, "--port={port}"),
            path="chapters/dashboard.ipynb",
            viewer=of(JupyterViewer),
        ),
        Candidate(
            name=BASE,
            command=voila,
            path="voila/render/dashboard.ipynb",
            viewer=of(JupyterViewer),
        ),
        Candidate(
            name=f"{BASE}, {POOL} pre-heated",
            command=(*voila, "--preheat_kernel=True", f"--pool_size={POOL}"),
            path="voila/render/dashboard.ipynb",
            viewer=of(JupyterViewer),
        ),
        Candidate(
            name="Streamlit",
            command=(
                *(PEERS / "streamlit", "run", PARTS / "streamlit_app.py", "--server.headless=true"),
                *("--server.address=127.0.0.1", "--server.port={port}"),
                "--browser.gatherUsageStats=false",
            ),
            viewer=of(StreamlitViewer),
        ),
        Candidate(
            name="Panel",
            command=(
                *(PEERS / "panel", "serve", PARTS / "panel_app.py"),
                *("--address=127.0.0.1", "--port={port}"),
            ),
            path="panel_app",
            viewer=of(PanelViewer),
        ),
        Candidate(
            name="marimo",
            command=(
                *(PEERS / "marimo", "run", PARTS / "marimo_app.py", "--headless", "--no-token"),
                *("--host=127.0.0.1", "--port={port}"),
            ),
            viewer=of(MarimoViewer),
        ),
        Candidate(
            name="Shiny",
            command=(
                *(PEERS / "shiny", "run", PARTS / "shiny_app.py"),
                *("--host=127.0.0.1", "--port={port}"),
            ),
            slider=".irs-line",
            viewer=of(ShinyViewer, inputs),
        ),
        Candidate(
            name="Static page",
            command=(
                *(sys.executable, "-m", "http.server", "--bind=127.0.0.1"),
                *(f"--directory={STATIC}", "{port}"),
            ),
            viewer=of(Viewer),
            keeps_python=False,
        ),
    ]


def rest(servers: Sequence[Server], looks: int = 1, at_most: float = 60) -> None:
    """Wait until the servers have finished what they do after a viewer has come or gone."""
    deadline = time.monotonic() + at_most
    quiet = 0
    while quiet < looks and time.monotonic() < deadline:
        before = sum(server.cpu_seconds() for server in servers)
        time.sleep(0.4)
        used = abs(sum(server.cpu_seconds() for server in servers) - before)
        quiet = quiet + 1 if used < 0.06 else 0


def await_(task: Coroutine[Any, Any, Result]) -> Result:
    """Run a task in a thread of its own, because Playwright's loop runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, task).result()


def press(page: Page, candidate: Candidate, still: float = 150) -> dict[str, float]:
    """Press the right arrow on the first slider; return when the charts had changed."""
    slider = page.locator(candidate.slider).first
    for _ in range(10):
        slider.focus()
        page.evaluate("still => bench.watch(still)", still)
        page.keyboard.press("ArrowRight")
        with contextlib.suppress(NoAnswer):
            page.wait_for_function(
                "bench.result.then(it => (bench.last = it))", timeout=5000 + still
            )
            return page.evaluate("bench.last")
    raise RuntimeError(f"{candidate.name}: the first slider does not answer")


def visit(
    browser: Browser, candidate: Candidate, server: Server, moves: int
) -> tuple[float, list[float]]:
    """Open the page in a fresh profile; return the seconds until usable, and ms of each move."""
    context = browser.new_context(viewport={"width": 1280, "height": 1600})
    context.set_default_timeout(READY)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(server.address + candidate.path, wait_until="commit")
    page.wait_for_function("bench.drawn()", polling="raf")
    usable = press(page, candidate)["at"] / 1000
    page.wait_for_timeout(500)
    took = [press(page, candidate)["took"] for _ in range(moves)]
    kernel = page.evaluate(
        "JSON.parse(document.getElementById('jupyter-config-data')?.textContent ?? '{}').kernelId"
    )
    page.goto("about:blank")
    context.close()
    if kernel and candidate.name.startswith(BASE):
        await_(free(server, kernel))
    return usable, took


async def free(server: Server, kernel: str) -> None:
    async with httpx.AsyncClient(base_url=server.address) as http:
        await shut_down(http, kernel)


async def gather(candidate: Candidate, server: Server, viewers: int) -> dict[str, float]:
    """Let viewers open the page at once and leave it; return what that took."""
    everyone = [candidate.viewer(server.address + candidate.path) for _ in range(viewers)]
    memory, used = server.memory(), server.cpu_seconds()
    start = time.perf_counter()
    try:
        await asyncio.gather(*(viewer.open() for viewer in everyone))
        seconds = time.perf_counter() - start
        await asyncio.to_thread(rest, [server], REFILL)
        used = server.cpu_seconds() - used
        grown = server.memory() - memory
    finally:
        await asyncio.gather(*(viewer.leave() for viewer in everyone))
    return {"seconds": seconds, "cpu": used, "memory": grown}


def at_once(candidate: Candidate, server: Server, viewers: int) -> dict[str, float]:
    """Return starts a second, processor seconds a start and MB a viewer."""
    times = IN_A_ROW if viewers == 1 else 1
    runs = [await_(gather(candidate, server, viewers)) for _ in range(times)]
    count = times * viewers
    return {
        "a second": count / sum(run["seconds"] for run in runs),
        "cpu": sum(run["cpu"] for run in runs) / count,
        "memory": sum(run["memory"] for run in runs) / count,
    }


def say(*words: object) -> None:
    print(f"{datetime.now():%H:%M:%S}", *words, file=sys.stderr, flush=True)


@contextlib.contextmanager
def all_served() -> Iterator[dict[str, tuple[Candidate, Server]]]:
    STATIC.mkdir(parents=True, exist_ok=True)
    make = [sys.executable, str(PARTS / "static_page.py"), str(STATIC / "index.html")]
    subprocess.run(make, check=True)
    path = os.pathsep.join(filter(None, [str(PARTS), os.environ.get("PYTHONPATH")]))
    with contextlib.ExitStack() as stack:
        served = {}
        for candidate in candidates():
            server = stack.enter_context(serving(candidate.command, {"PYTHONPATH": path}))
            served[candidate.name] = (candidate, server)
            say(candidate.name, "is served")
        yield served


def measure(rounds: int, minutes: float, moves: int, levels: Sequence[int]) -> pd.DataFrame:
    """Measure all candidates in turn; return one row for each.

    The browser makes at least two rounds, and begins no other one after the minutes.
    """
    usable: dict[str, list[float]] = {}
    took: dict[str, list[float]] = {}
    starts: dict[str, dict[int, dict[str, float]]] = {}
    with all_served() as served, sync_playwright() as playwright:
        everything = [server for _, server in served.values()]
        for candidate, server in served.values():  # no one's first viewer ever is measured
            await_(gather(candidate, server, 1))
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        deadline = time.monotonic() + 60 * minutes
        for number in range(rounds):
            if number >= 2 and time.monotonic() > deadline:
                break
            for name, (candidate, server) in served.items():
                rest(everything)
                first, others = visit(browser, candidate, server, moves)
                usable.setdefault(name, []).append(first)
                took.setdefault(name, []).extend(others)
            say("round", number + 1, {name: round(times[-1], 2) for name, times in usable.items()})
        browser.close()
        for level in levels:
            for name, (candidate, server) in served.items():
                rest(everything)
                starts.setdefault(name, {})[level] = at_once(candidate, server, level)
            say(
                level, "at once", {n: round(one[level]["a second"], 2) for n, one in starts.items()}
            )
    return pd.DataFrame(
        {
            name: {
                "usable, median s": statistics.median(usable[name]),
                "usable, p95 s": pd.Series(usable[name]).quantile(0.95),
                "usable, ratio": statistics.median(usable[name]) / statistics.median(usable[BASE]),
                "slider, p50 ms": pd.Series(took[name]).quantile(0.50),
                "slider, p95 ms": pd.Series(took[name]).quantile(0.95),
                "MB a viewer": starts[name][levels[-1]]["memory"],
                "CPU s a start": starts[name][levels[-1]]["cpu"],
                **{
                    f"starts/s, {level} at once": starts[name][level]["a second"]
                    for level in levels
                },
                "starts/s, ratio": starts[name][levels[-1]]["a second"]
                / starts[BASE][levels[-1]]["a second"],
            }
            for name in served
        }
    ).T


def goals(table: pd.DataFrame) -> dict[str, bool]:
    """Return which goals our site meets."""
    ours = table.loc["This site"]
    peers = table.loc[
        [it.name for it in candidates() if it.keeps_python and not it.name.startswith(BASE)]
    ].drop("This site")
    return {
        "usable at most half of Voilà's time": ours["usable, ratio"] <= 0.5,
        "usable before every peer": bool(
            (ours["usable, median s"] < peers["usable, median s"]).all()
        ),
        "slider to chart, p95 at most 60 ms": ours["slider, p95 ms"] <= 60,
        "slider to chart before every peer, p95": bool(
            (ours["slider, p95 ms"] < peers["slider, p95 ms"]).all()
        ),
        "six times Voilà's page starts a second": ours["starts/s, ratio"] >= 6,
        "at most 45 MB a viewer": ours["MB a viewer"] <= 45,
    }


def machine() -> str:
    """Return in words what the figures were taken on and with."""
    code = "import sys; from importlib.metadata import version as v; print(*map(v, sys.argv[1:]))"

    def versions(python: str | Path, *packages: str) -> list[str]:
        command = [python, "-c", code, *packages]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        return [f"{name} {version}" for name, version in zip(packages, said, strict=True)]

    used = versions(sys.executable, "voila")
    used += versions(PEERS / "python", "streamlit", "panel", "marimo", "shiny")
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{datetime.now(UTC):%-d %B %Y}; {psutil.cpu_count()} cores, {memory:.0f} GB, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}; "
        f"{', '.join(used)}"
    )


def markdown(table: pd.DataFrame, on: str) -> str:
    """Return the table as the README shows it."""
    digits = {"s": 2, "ms": 0, "ratio": 2, "viewer": 1, "start": 2, "once": 1}
    levels = [c.removeprefix("starts/s, ") for c in table if c.endswith("at once")]
    heads = [
        *("first usable page, median s", "p95 s", "to Voilà's", "slider to chart, p50 ms"),
        *("p95 ms", "MB a viewer", "CPU s a start"),
        *(f"page starts a second, {levels[0]}", *levels[1:], "to Voilà's"),
    ]
    lines = [["", *heads], ["---", *["--:"] * len(heads)]]
    for name, row in table.iterrows():
        cells = [f"{value:.{digits[c.split()[-1]]}f}" for c, value in row.items()]
        lines.append([str(name), *cells])
    rows = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{rows}\n\n{on}.\n"


def chart(table: pd.DataFrame) -> alt.ConcatChart:
    """Return bars for four of the measures; shorter is better in the first three."""
    rate = [c for c in table if c.endswith("at once")][-1]
    titles = {
        "usable, median s": "First usable page, median, seconds",
        "slider, p95 ms": "Slider to chart, 95th percentile, milliseconds",
        "MB a viewer": "Memory a viewer, megabytes",
        rate: f"Page starts a second, {rate.removeprefix('starts/s, ')} (more is better)",
    }
    long = table[list(titles)].reset_index(names="candidate")
    panels = []
    for column, title in titles.items():
        base = alt.Chart(
            long[["candidate", column]].rename(columns={column: "value"}), title=title
        ).encode(
            alt.X("value:Q", title=None),
            alt.Y("candidate:N", title=None, sort=list(table.index)),
        )
        bars = base.mark_bar().encode(
            alt.Color(
                "candidate:N",
                legend=None,
                scale=alt.Scale(
                    domain=list(table.index),
                    range=["#b5482a" if n == "This site" else "#8a99a8" for n in table.index],
                ),
            )
        )
        text = base.mark_text(align="left", dx=3).encode(alt.Text("value:Q", format=".3~r"))
        panels.append((bars + text).properties(width=300, height=170))
    return alt.concat(*panels, columns=2, background="white").configure_title(anchor="start")


def publish(text: str, picture: alt.ConcatChart) -> None:
    """Put the table between its marks in the README, and the chart where the README shows it."""
    readme = ROOT / "README.md"
    begin, end = "<!-- dashboards: made by make bench -->\n", "<!-- /dashboards -->"
    head, _, rest_ = readme.read_text(encoding="utf-8").partition(begin)
    _, mark, tail = rest_.partition(end)
    if not mark:
        raise SystemExit(f"README.md has no {begin.strip()} ... {end}")
    shown = f"{text}\n![The same figures as bars]({PICTURE.relative_to(ROOT)})\n"
    readme.write_text(f"{head}{begin}{shown}{end}{tail}", encoding="utf-8")
    picture.save(PICTURE)


def run(*, quick: bool = False, published: bool = False) -> dict[str, bool]:
    """Measure, write table and chart, and return which goals are met."""
    started = time.monotonic()
    table = measure(2, 1, 3, (1, 4)) if quick else measure(10, 8, 8, (1, 8, 32))
    on = machine()
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "dashboards.md").write_text(markdown(table, on), encoding="utf-8")
    met = {goal: bool(yes) for goal, yes in goals(table).items()}
    report = {"machine": on, "candidates": table.to_dict(orient="index"), "goals": met}
    (RESULTS / "dashboards.json").write_text(json.dumps(report, indent=2), encoding="utf-8")
    chart(table).save(RESULTS / "dashboards.svg")
    if published:
        publish(markdown(table, on), chart(table))
    print(f"The same dashboard, {on}\n{table.round(2).T.to_string()}")
    say(f"took {(time.monotonic() - started) / 60:.1f} minutes")
    return met


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="few rounds: a look, not a result")
    parser.add_argument("--publish", action="store_true", help="show the result in the README")
    options = parser.parse_args()
    print(json.dumps(run(quick=options.quick, published=options.publish), indent=2))


if __name__ == "__main__":
    main()
