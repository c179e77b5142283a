"""Let simulated readers come, move controls and leave for minutes on end; `make soak` runs this.

Eight readers a core are there at a time, each with websocket and kernel but without a browser (see
`tests/bench/viewers.py`). One opens a chapter, moves controls of its demos one after another, the
next one when the last is answered and a short pause has passed, and leaves; then the next one
comes. One in four does not say goodbye, like a laptop that is shut: the site must notice by itself.

Before and after, when nobody is there, the processes of the site and their memory (PSS) are
counted. Exit code 1 tells of an error that a reader or the log has seen, of a kernel that is left
over, or of memory that has grown by more than a tenth.

    python tests/soak/run.py --minutes 1
"""

import argparse
import asyncio
import contextlib
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "bench"))
from servers import Server, serving  # noqa: E402
from viewers import JupyterViewer  # noqa: E402

CHAPTERS = sorted(path.name for path in (ROOT / "chapters").glob("*.ipynb"))
READERS_PER_CORE = 8
ANSWER_S = 60
GONE_S = 180
GROWTH = 1.10
WIDGET = "application/vnd.jupyter.widget-view+json"
WRONG = re.compile(r"\b(ERROR|CRITICAL)\b|^Traceback", re.MULTILINE)


class Reader(JupyterViewer):
    """A reader of one chapter: a viewer that can move the controls of its demos."""

    demos: list[str]

    async def start(self) -> None:
        shown = [output for line in await self.join() for output in line["outputs"]]
        if failed := [output for output in shown if "failed" in output]:
            raise RuntimeError(f"{self.path}: {len(failed)} cells failed: {failed}")
        widgets = {
            output["data"][WIDGET]["model_id"] for output in shown if WIDGET in output["data"]
        }
        while not widgets <= self.states.keys():
            await self.listen()
        self.demos = sorted(name for name in widgets if "demo" in self.states[name])

    async def move(self, chance: np.random.Generator) -> None:
        """Move a control of a demo and wait for the view."""
        name = str(chance.choice(self.demos))
        state = self.states[name]
        values = state["request"]["values"]
        request = {
            "number": state["request"]["number"] + 1,
            "values": values | moved(chance.choice(controls(state["demo"])), values, chance),
            "guess": state["demo"]["prediction"]["options"][0]["value"],
        }
        state["request"] = request
        data = {"method": "update", "state": {"request": request}, "buffer_paths": []}
        await self.say("comm_msg", {"comm_id": name, "data": data})
        while state["view"].get("number") != request["number"]:
            await self.listen()


def controls(demo: dict[str, Any]) -> list[dict[str, Any]]:
    everything = [*demo["at_hand"], *demo["taste"], *demo["controls"]]
    groups = [item["controls"] if item["kind"] == "group" else [item] for item in everything]
    return [control for group in groups for control in group]


def moved(
    control: dict[str, Any], values: dict[str, Any], chance: np.random.Generator
) -> dict[str, Any]:
    """Return what a control may be changed to, and what else changes with it."""
    name = control["name"]
    if control["kind"] == "slider":
        steps = round((control["high"] - control["low"]) / control["step"])
        value = control["low"] + control["step"] * int(chance.integers(steps + 1))
        return {name: min(value, control["high"])}
    if control["kind"] == "choice":
        option = chance.choice(control["options"])
        return {name: option["value"]} | option.get("brings", {})
    return {name: not values[name]}


class Soak:
    """What happens while readers come and go."""

    def __init__(self, server: Server, minutes: float, readers: int) -> None:
        self.server = server
        self.readers = readers
        self.seconds = 60 * minutes
        self.until = 0.0
        self.opened: list[float] = []
        self.moved: list[float] = []
        self.samples: list[float] = []
        self.problems: Counter[str] = Counter()
        self.before = self.after = (0, 0.0)

    async def run(self) -> None:
        for chapter in CHAPTERS:  # what the site keeps warm is no leak
            await self.visit(chapter, np.random.default_rng(0), moves=1)
        self.before = await self.at_rest(None)
        self.opened.clear()
        self.moved.clear()
        print(f"{self.readers} readers at a time", flush=True)
        self.until = time.monotonic() + self.seconds
        watch = asyncio.create_task(self.watch())
        await asyncio.gather(*(self.come_and_go(seed) for seed in range(self.readers)))
        watch.cancel()
        self.after = await self.at_rest(self.before[0])

    async def come_and_go(self, seed: int) -> None:
        chance = np.random.default_rng(seed)
        while time.monotonic() < self.until:
            await self.visit(str(chance.choice(CHAPTERS)), chance, int(chance.integers(5, 30)))

    async def visit(self, chapter: str, chance: np.random.Generator, moves: int) -> None:
        reader = Reader(f"{self.server.address}chapters/{chapter}")
        try:
            start = time.perf_counter()
            await reader.open()
            self.opened.append(time.perf_counter() - start)
            for _ in range(moves if reader.demos else 0):
                start = time.perf_counter()
                await asyncio.wait_for(reader.move(chance), ANSWER_S)
                self.moved.append(time.perf_counter() - start)
                await asyncio.sleep(chance.uniform(0.1, 0.5))
            if chance.random() < 0.25:
                reader.kernel = ""
        except Exception as error:
            self.problems[f"{chapter}: {error!r}"] += 1
        finally:
            with contextlib.suppress(Exception):  # a reader who has gone does not look back
                await reader.leave()

    async def watch(self) -> None:
        while True:
            self.samples.append(await asyncio.to_thread(self.server.memory))
            await asyncio.sleep(10)

    async def at_rest(self, expected: int | None) -> tuple[int, float]:
        """Return processes and memory as soon as the expected number, or no new change, is seen."""
        deadline = time.monotonic() + GONE_S
        seen = []
        while time.monotonic() < deadline:
            seen.append(len(self.server.tree()))
            if expected is not None and seen[-1] <= expected:
                break
            await asyncio.sleep(1)
            if expected is None and len(seen) > 75 and len(set(seen[-15:])) == 1:
                break
        await asyncio.sleep(3)
        return len(self.server.tree()), self.server.memory()

    def report(self) -> bool:
        """Print what happened; return whether all was well."""
        log = self.server.log.read_text(errors="replace")
        lines = [line for line in log.splitlines() if WRONG.search(line)]
        (processes, start), (left, end) = self.before, self.after
        opened, moved = pd.Series(self.opened, dtype=float), pd.Series(self.moved, dtype=float)
        print(
            f"{len(opened)} pages opened: median {opened.median():.2f} s, "
            f"p95 {opened.quantile(0.95):.2f} s\n"
            f"{len(moved)} moves answered: median {1000 * moved.median():.0f} ms, "
            f"p95 {1000 * moved.quantile(0.95):.0f} ms\n"
            f"memory in MB, nobody there: {start:.0f} at the start, {end:.0f} at the end; "
            f"under load {' '.join(f'{sample:.0f}' for sample in self.samples)}\n"
            f"processes, nobody there: {processes} at the start, {left} at the end\n"
            f"{sum(self.problems.values())} errors seen by readers, {len(lines)} in the log"
        )
        for problem, times in self.problems.most_common(20):
            print(f"  {times} x {problem}")
        for line in lines[:20]:
            print(f"  log: {line}")
        verdicts = {
            "no page was opened": not len(opened),
            "readers saw errors": bool(self.problems),
            "the log has errors": bool(lines),
            "kernels are left over": left > processes,
            "memory has grown": end > GROWTH * start,
        }
        found = [verdict for verdict, holds in verdicts.items() if holds]
        print("; ".join(found) or "no error, no leaked kernel, flat memory")
        return not found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--readers", type=int, default=READERS_PER_CORE * psutil.cpu_count())
    options = parser.parse_args()
    site = (sys.executable, "-m", "servicequality.site", ROOT / "chapters", "--port={port}")
    with serving(site) as server:
        soak = Soak(server, options.minutes, options.readers)
        asyncio.run(soak.run())
        return 0 if soak.report() else 1


if __name__ == "__main__":
    sys.exit(main())
