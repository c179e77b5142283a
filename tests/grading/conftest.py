"""A small course of its own for each test, with a real release and a real gradebook."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from servicequality.grading.course import Course

ROOT = Path(__file__).parents[2]
SLUG = "tiny"
NO_FILES: Mapping[str, str] = MappingProxyType({})


def code(task: str, name: str, source: str, points: float | None = None) -> NotebookNode:
    """A test cell if it gives points, and a solution cell otherwise."""
    return new_code_cell(source, id=name, metadata=role(task, name, points, points is None))


def role(task: str, name: str, points: float | None, solution: bool) -> dict:
    nbgrader = {
        "grade": points is not None,
        "grade_id": name,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return {"nbgrader": nbgrader | ({} if points is None else {"points": points})} | about(task)


def about(task: str) -> dict:
    return {"servicequality": {"task": task}} if task else {}


@pytest.fixture
def tiny() -> NotebookNode:
    """Source of a small assignment.

    X9.1 (4 points): `double(x)`; a visible test of 1 point, and one of 3 with a hidden part.
    X9.2 (2 points): `greet(name)`; one test. X9.3 (5 points): written, read by a person.
    """
    return new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}},
        cells=[
            new_markdown_cell("# A tiny exercise", id="title"),
            new_code_cell("import math", id="tools", metadata=role("", "tools", None, False)),
            new_markdown_cell(
                "## X9.1 · Double (4 points)", id="x9-1-task", metadata=about("X9.1")
            ),
            code(
                "X9.1",
                "x9-1-solution",
                'def double(x):\n    """Return twice x."""\n'
                "    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION",
            ),
            code("X9.1", "x9-1-small", 'assert double(2) == 4, "Twice 2 is 4."', 1),
            code(
                "X9.1",
                "x9-1-large",
                'assert double(10) == 20, "Twice 10 is 20."\n'
                "### BEGIN HIDDEN TESTS\n"
                'assert double(-3.5) == -7, "secret: twice -3.5 is -7"\n'
                "### END HIDDEN TESTS",
                3,
            ),
            new_markdown_cell("## X9.2 · Greet (2 points)", id="x9-2-task", metadata=about("X9.2")),
            code(
                "X9.2",
                "x9-2-solution",
                "def greet(name):\n    ### BEGIN SOLUTION\n"
                '    return f"Good morning, {name}"\n    ### END SOLUTION',
            ),
            code(
                "X9.2",
                "x9-2-name",
                'assert greet("Ada") == "Good morning, Ada", "Greet Ada by name."',
                2,
            ),
            new_markdown_cell(
                "## X9.3 · Reflect (written, 5 points)", id="x9-3-task", metadata=about("X9.3")
            ),
            new_markdown_cell(
                "### BEGIN SOLUTION\nAny honest answer.\n### END SOLUTION",
                id="x9-3-answer",
                metadata=role("X9.3", "x9-3-answer", 5, True),
            ),
        ],
    )


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make a course with one released assignment; the same one is made once only."""
    made: dict[tuple, Path] = {}

    def released(notebook: NotebookNode, slug: str, files: Mapping[str, str]) -> Path:
        key = (nbformat.writes(notebook), slug, tuple(sorted(files.items())))
        if key not in made:
            root = tmp_path_factory.mktemp("released")
            source = root / "exercises" / slug
            source.mkdir(parents=True)
            nbformat.write(notebook, source / f"{slug}.ipynb")
            for name, text in files.items():
                (source / name).write_text(text, encoding="utf-8")
            (root / "grading").mkdir()
            shutil.copy(ROOT / "grading" / "nbgrader_config.py", root / "grading")
            run_nbgrader(root, "generate_assignment", slug)
            made[key] = root
        return made[key]

    return released


@pytest.fixture
def make_course(
    tmp_path: Path, tiny: NotebookNode, released: Callable[..., Path]
) -> Callable[..., Course]:
    """Make a course of its own, in `tmp_path / "course"`, with a release and a gradebook.

    Called with the instructor's notebook (default: `tiny`), its slug (default: "tiny"), and
    texts of further files by name.
    """

    def make_course(
        notebook: NotebookNode = tiny, slug: str = SLUG, files: Mapping[str, str] = NO_FILES
    ) -> Course:
        return Course(shutil.copytree(released(notebook, slug, files), tmp_path / "course"))

    return make_course


@pytest.fixture
def course(make_course: Callable[..., Course]) -> Course:
    """A course with the release of the tiny assignment and no submission yet."""
    return make_course()


@pytest.fixture
def release() -> Callable[..., NotebookNode]:
    """Read the notebook that students got."""

    def release(course: Course, slug: str = SLUG) -> NotebookNode:
        return nbformat.read(course.release(slug) / f"{slug}.ipynb", as_version=4)

    return release


@pytest.fixture
def submit() -> Callable[..., Path]:
    """Put a notebook where nbgrader expects a student's submission; returns the folder."""

    def submit(course: Course, student: str, notebook: NotebookNode, slug: str = SLUG) -> Path:
        folder = course.submitted(student, slug)
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{slug}.ipynb")
        return folder

    return submit


@pytest.fixture
def nbgrader() -> Callable[..., str]:
    """Run nbgrader as an instructor does, inside `grading/`; returns what it wrote."""

    def nbgrader(course: Course, *arguments: str) -> str:
        return run_nbgrader(course.root, *arguments)

    return nbgrader


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Start a Jupyter server as the guide for instructors says; returns its address.

    Called with the course root and the environment. The token is "secret".
    """
    servers: list[subprocess.Popen] = []

    def start_server(root: Path, environment: Mapping[str, str] = os.environ) -> str:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
        log = tmp_path / "server.log"
        options = ["--allow-root", "--no-browser", f"--port={port}", "--port-retries=0"]
        with log.open("w") as output:
            servers.append(
                subprocess.Popen(
                    [
                        *(sys.executable, "-m", "jupyter_server"),
                        *options,
                        "--IdentityProvider.token=secret",
                    ],
                    cwd=root,
                    env={**environment, "JUPYTER_CONFIG_PATH": "grading"},
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
            )
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"{address}/api", timeout=60).close()
                return address
            except OSError:
                assert servers[-1].poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.2)

    yield start_server
    for server in servers:
        server.terminate()
        server.wait(timeout=60)


def run_nbgrader(root: Path, *arguments: str) -> str:
    private = root.parent / "home"
    result = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=root / "grading",
        env=os.environ
        | {
            "TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR": "1",
            "JUPYTER_CONFIG_DIR": str(private / "config"),
            "JUPYTER_DATA_DIR": str(private / "data"),
            "IPYTHONDIR": str(private / "ipython"),
            "OMP_NUM_THREADS": "1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert result.returncode == 0, result.stdout
    return result.stdout
