"""`make lab`: the desk of a student, and JupyterLab on it."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from playwright.sync_api import Page, expect

ROOT = Path(__file__).parents[2]
LAB = Path("src/servicequality/site/lab.py")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the parts of the project that the student's desk is made of."""
    course = tmp_path_factory.mktemp("course")
    for folder in ("chapters", "exercises"):
        shutil.copytree(ROOT / folder, course / folder, ignore=shutil.ignore_patterns(".*", "__*"))
    (course / "grading").mkdir()
    shutil.copy(ROOT / "grading" / "nbgrader_config.py", course / "grading")
    (course / LAB).parent.mkdir(parents=True)
    shutil.copy(ROOT / LAB, course / LAB)
    return course


def lab_of(course: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("lab", course / LAB)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def desk(course: Path) -> Path:
    assert list(lab_of(course).lay_out()) == []
    return course / ".lab"


def rewrite(path: Path, words: str) -> None:
    """Change the first cell of a notebook, later than any file made so far."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = words
    nbformat.write(notebook, path)
    later = time.time() + 5
    os.utime(path, (later, later))


def first_words(path: Path) -> str:
    return nbformat.read(path, as_version=4).cells[0].source


def test_the_desk_holds_chapters_and_the_exercise_without_its_solution(desk: Path) -> None:
    assert {path.name for path in (ROOT / "chapters").glob("*.*")} == {
        path.name for path in (desk / "chapters").iterdir()
    }
    exercise = desk / "exercises" / "02-servqual" / "02-servqual.ipynb"
    words = exercise.read_text()
    assert "BEGIN SOLUTION" in (ROOT / exercise.relative_to(desk)).read_text()
    assert "BEGIN SOLUTION" not in words
    assert "BEGIN HIDDEN TESTS" not in words
    assert "YOUR CODE HERE" in words
    assert (exercise.parent / "kiosk-survey.csv").exists()


def test_a_new_version_never_overwrites_the_work_of_a_student(desk: Path, tmp_path: Path) -> None:
    course = shutil.copytree(desk.parent, tmp_path / "course")
    desk, lab = course / ".lab", lab_of(course)
    mine = desk / "exercises" / "02-servqual" / "02-servqual.ipynb"
    untouched = desk / "chapters" / "02-servqual.ipynb"
    rewrite(mine, "my own work")
    assert list(lab.lay_out()) == []
    assert first_words(mine) == "my own work"

    for source in ("exercises/02-servqual/02-servqual.ipynb", "chapters/02-servqual.ipynb"):
        rewrite(course / source, "a new edition")
    notes = list(lab.lay_out())
    assert first_words(mine) == "my own work"
    assert first_words(untouched) == "a new edition"
    assert notes == [
        "Kept your own exercises/02-servqual/02-servqual.ipynb; rename it to get the new one."
    ]

    mine.rename(mine.with_name("mine.ipynb"))
    assert list(lab.lay_out()) == []
    assert first_words(mine) == "a new edition"
    assert first_words(mine.with_name("mine.ipynb")) == "my own work"


@pytest.fixture
def jupyterlab(course: Path, desk: Path, tmp_path: Path) -> Iterator[str]:
    """Address of the JupyterLab that `make lab` opens."""
    command = [sys.executable, str(course / LAB), "--no-browser", "--port=0"]
    log = tmp_path / "lab.log"
    private = {"HOME": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
    with log.open("w") as output:
        server = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env=os.environ | private
        )
    deadline = time.monotonic() + 120
    while not (found := re.search(r"http://127\.0\.0\.1:\d+/\S*token=\w+", log.read_text())):
        assert server.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)
    yield found[0]
    server.terminate()
    server.wait(timeout=90)


def test_jupyterlab_shows_a_student_what_a_student_needs(page: Page, jupyterlab: str) -> None:
    page.goto(jupyterlab)
    expect(page.locator(".jp-Notebook")).to_contain_text("Service Quality", timeout=30_000)
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=30_000)

    root, token = jupyterlab.split("/lab")[0], jupyterlab.split("token=")[1]
    with urllib.request.urlopen(f"{root}/api/contents?token={token}") as response:
        assert '"path": "chapters"' in response.read().decode()

    page.goto(f"{root}/lab/tree/exercises/02-servqual/02-servqual.ipynb")
    validate = page.locator(".jp-ToolbarButtonComponent:visible", has_text="Validate")
    expect(validate).to_be_enabled(timeout=30_000)
    validate.dispatch_event("click")  # the toolbar may still be moving under a real one
    expect(page.get_by_role("dialog")).to_contain_text("Validation Results", timeout=60_000)
    page.get_by_role("dialog").get_by_role("button", name="Ok").click()

    page.get_by_role("menuitem", name="Nbgrader").click()
    entries = page.locator(".lm-Menu-content [role=menuitem]").filter(has_text=re.compile(r"\w"))
    expect(entries).to_have_text(["Assignment List"])
    page.get_by_role("menuitem", name="Assignment List").click()
    fetch = page.get_by_text("There are no assignments to fetch.")
    expect(fetch).to_be_visible(timeout=30_000)


# What a reader sees of the outputs, wherever they stand on the page.
CONTENT = """
  () => Object.fromEntries(
    [...document.querySelectorAll('.sq-card, table.dataframe, dl.glossary')].map((part) => {
      const words = (selector) => [...part.querySelectorAll(selector)].map((n) => n.textContent);
      if (!part.matches('.sq-card')) return [part.textContent.slice(0, 200), part.textContent];
      const name = part.dataset.demo ?? part.dataset.question ?? words('figcaption')[0];
      return [name, words('h3, .sq-kicker, legend, .sq-option, .sq-sentence, figcaption, td, th')];
    })
  )
"""


# Cells run in order; the last one shows its number only when all have run.
LAST_CELL_HAS_RUN = r"""
  () => {
    const scroller = document.querySelector(
      '.jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer'
    );
    scroller.scrollTop = scroller.scrollHeight;
    const prompts = [...scroller.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')];
    const there = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 2;
    return there && prompts.length > 0 && /\[\d+\]/.test(prompts.at(-1).textContent);
  }
"""


def seen_in_jupyterlab(page: Page) -> dict[str, object]:
    """Scroll through the notebook, which keeps only a part of itself on the page."""
    seen: dict[str, object] = {}
    scroller = page.locator(".jp-NotebookPanel:visible .jp-WindowedPanel-outer")
    scroller.evaluate("node => { node.scrollTop = 0; }")
    at_the_end = False
    while not at_the_end:
        page.wait_for_timeout(250)
        seen |= page.evaluate(CONTENT)
        at_the_end = scroller.evaluate(
            """node => {
              const before = node.scrollTop;
              node.scrollTop += 0.7 * node.clientHeight;
              return node.scrollTop <= before;
            }"""
        )
    return seen


def test_chapter_2_shows_in_jupyterlab_what_it_shows_on_the_site(
    page: Page, jupyterlab: str, open_chapter: Callable[[str], Page]
) -> None:
    expected = open_chapter("02-servqual").evaluate(CONTENT)
    assert {"D2.1", "D2.2", "D2.3", "D2.4", "Q2.1", "Q2.10"} < set(expected)

    page.goto(jupyterlab.replace("00-start-here", "02-servqual"))
    expect(page.locator(".jp-Notebook:visible")).to_contain_text(
        "Measuring with SERVQUAL", timeout=60_000
    )
    # Until the status bar names a kernel there is none, whatever the notebook's own sign says.
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=60_000)
    page.get_by_role("menuitem", name="Run").click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(LAST_CELL_HAS_RUN, polling=500, timeout=120_000)
    assert page.locator(".jp-OutputArea-output[data-mime-type*=error]").count() == 0
    assert seen_in_jupyterlab(page) == expected
