"""Measure the grading of a class beside `nbgrader autograde` itself; `make bench` runs this.

The same submissions of exercise 2 are graded twice in one run on one machine: by nbgrader as its
documentation says, one after another and without a sandbox, and by `servicequality grade`, in
parallel and with the sandbox on. Marks must be the same. The memory is that of all processes of the
grader together (proportional share), at its highest.

    python tests/bench/grading.py --students 500 --without-stock     # is the time still linear?
"""

import argparse
import copy
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import pandas as pd
import psutil
from nbformat import NotebookNode
from nbgrader.api import Gradebook

ROOT = Path(__file__).parents[2]
SLUG = "02-servqual"
KNOWN = ROOT / "tests" / "exercises" / "02_servqual"
LOOK_EVERY_S = 5  # at the memory of all processes, which takes time from them


def make_course(root: Path, students: int) -> None:
    """Release exercise 2 and hand in answers: right ones, with a known right or wrong snippet."""
    shutil.copytree(ROOT / "exercises" / SLUG, root / "exercises" / SLUG)
    (root / "grading").mkdir()
    shutil.copy(ROOT / "grading" / "nbgrader_config.py", root / "grading")
    nbgrader(root, "generate_assignment", SLUG)
    source = nbformat.read(root / "exercises" / SLUG / f"{SLUG}.ipynb", as_version=4)
    release = root / "grading" / "course" / "release" / SLUG / f"{SLUG}.ipynb"
    reference = nbformat.read(release, as_version=4)
    for solved in source.cells:
        if solved.cell_type == "code" and solved.metadata.get("nbgrader", {}).get("solution"):
            cell(reference, solved.id).source = solved.source
    snippets = itertools.cycle(sorted(KNOWN.glob("*/*.py")))
    for number, snippet in zip(range(students), snippets, strict=False):
        notebook = copy.deepcopy(reference)
        task = "-".join(snippet.stem.split("_")[:2])
        cell(notebook, f"{task}-solution").source = snippet.read_text(encoding="utf-8")
        folder = root / "grading" / "course" / "submitted" / f"s{number:04}" / SLUG
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{SLUG}.ipynb")


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(c for c in notebook.cells if c.id == name)


def nbgrader(root: Path, *arguments: str) -> None:
    run(root / "grading", "nbgrader", *arguments)


def run(folder: Path, module: str, *arguments: str) -> tuple[float, float]:
    """Return the seconds that a command took, and its highest memory in MB."""
    environment = os.environ | {"TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR": "1"}
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    highest = [0.0]
    watcher = threading.Thread(target=watch, args=(psutil.Process(process.pid), highest))
    watcher.start()
    said, _nothing = process.communicate()
    seconds = time.perf_counter() - started
    watcher.join()
    if process.returncode:
        raise SystemExit(said)
    return seconds, highest[0]


def watch(process: psutil.Process, highest: list[float]) -> None:
    """Note the highest memory of a process and its descendants."""
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        total = 0
        for one in [process, *process.children(recursive=True)]:
            try:
                total += one.memory_full_info().pss
            except psutil.Error:
                continue
        highest[0] = max(highest[0], total / 1e6)
        time.sleep(LOOK_EVERY_S)


def marks(root: Path) -> dict[tuple[str, str], float | None]:
    address = f"sqlite:///{root / 'grading' / 'course' / 'gradebook.db'}"
    with Gradebook(address, "service-quality") as book:
        return {
            (student.id, grade.name): grade.auto_score
            for student in book.students
            for grade in book.find_submission_notebook(SLUG, SLUG, student.id).grades
        }


def measure(students: int, *, stock: bool = True) -> pd.DataFrame:
    """Grade a class both ways; return a row for each with its seconds, rate and memory."""
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        ours, theirs = Path(scratch, "ours"), Path(scratch, "theirs")
        make_course(ours, students)
        if stock:
            shutil.copytree(ours, theirs)
            with (theirs / "grading" / "nbgrader_config.py").open("a") as configuration:
                configuration.write("del c.Autograde\n")
            seconds, memory = run(theirs / "grading", "nbgrader", "autograde", SLUG)
            rows.append(("nbgrader autograde", seconds, memory))
        grader = "servicequality.grading.cli"
        seconds, memory = run(ours, grader, "grade", SLUG)
        rows.append(("servicequality grade", seconds, memory))
        if stock and marks(ours) != marks(theirs):
            raise SystemExit("The two ways give different marks.")
    table = pd.DataFrame(rows, columns=["grader", "seconds", "memory_mb"]).set_index("grader")
    table.insert(0, "submissions", students)
    table["per_minute"] = 60 * students / table["seconds"]
    if stock:
        table["times_as_many"] = table["per_minute"] / table.loc["nbgrader autograde", "per_minute"]
    return table.round(2)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--students", type=int, default=60)
    arguments.add_argument("--without-stock", action="store_true")
    options = arguments.parse_args()
    print(measure(options.students, stock=not options.without_stock).to_string())


if __name__ == "__main__":
    main()
