"""Every notebook is clean: valid, without outputs, with stable names for its cells."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
EXERCISES = sorted((ROOT / "exercises").glob("*/*.ipynb"))
GRADING = sorted((ROOT / "grading").glob("*.ipynb"))
LONGEST_CHAPTER_CELL = 8
READABLE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MADE_BY_A_MACHINE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){0,3}(-[0-9a-f]{12})?")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_are_chapters_and_exercises() -> None:
    assert {path.stem for path in CHAPTERS} >= {"00-start-here", "02-servqual"}
    assert {path.stem for path in EXERCISES} >= {"02-servqual"}


@pytest.mark.parametrize("path", CHAPTERS + EXERCISES + GRADING, ids=name)
def test_a_notebook_is_valid_and_runs_on_plain_python(path: Path) -> None:
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"


@pytest.mark.parametrize("path", CHAPTERS + EXERCISES + GRADING, ids=name)
def test_its_cells_have_readable_names_of_their_own(path: Path) -> None:
    names = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    assert len(set(names)) == len(names)
    odd = [n for n in names if not READABLE.fullmatch(n) or MADE_BY_A_MACHINE.fullmatch(n)]
    assert not odd


@pytest.mark.parametrize("path", CHAPTERS + GRADING, ids=name)
def test_a_chapter_has_short_code_cells(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    lines = {c.id: len(c.source.splitlines()) for c in cells if c.cell_type == "code"}
    assert {cell: n for cell, n in lines.items() if n > LONGEST_CHAPTER_CELL} == {}


def test_outputs_are_stripped() -> None:
    notebooks = [str(path) for path in CHAPTERS + EXERCISES + GRADING]
    command = [sys.executable, "-m", "nbstripout", "--verify", "--keep-id", *notebooks]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
