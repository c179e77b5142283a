"""What the tests of the chapters share: where they are, what each must hold, how to read them."""

import math
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).parents[2]
CHAPTERS = ROOT / "chapters"
NOTEBOOKS = sorted(CHAPTERS.glob("*.ipynb"))
SLUGS = [path.name.removesuffix(".quiz.toml") for path in sorted(CHAPTERS.glob("*.quiz.toml"))]
"""The chapters that teach: those with questions."""


@dataclass(frozen=True)
class Contents:
    """How many sections, objectives, misconceptions, questions and cases a chapter has."""

    sections: int
    objectives: int
    misconceptions: int
    questions: int
    cases: int


CONTENTS = {
    1: Contents(sections=8, objectives=7, misconceptions=7, questions=9, cases=3),
    2: Contents(sections=8, objectives=7, misconceptions=7, questions=10, cases=3),
    3: Contents(sections=8, objectives=8, misconceptions=8, questions=11, cases=5),
    4: Contents(sections=9, objectives=8, misconceptions=7, questions=12, cases=6),
    5: Contents(sections=8, objectives=8, misconceptions=7, questions=11, cases=3),
    6: Contents(sections=9, objectives=8, misconceptions=9, questions=10, cases=4),
    7: Contents(sections=8, objectives=8, misconceptions=7, questions=10, cases=6),
}


def number_of(slug: str) -> int:
    return int(slug[:2])


def codes(letters: str, slug: str) -> list[str]:
    """Return the codes that a chapter must hold: of LO, MC, Q or K, or its sections."""
    chapter = CONTENTS[number_of(slug)]
    count = {
        "LO": chapter.objectives,
        "MC": chapter.misconceptions,
        "Q": chapter.questions,
        "K": chapter.cases,
        "": chapter.sections,
    }[letters]
    return [f"{letters}{number_of(slug)}.{number}" for number in range(1, count + 1)]


def notebook(slug: str) -> list[NotebookNode]:
    """Return the cells of a chapter."""
    return nbformat.read(CHAPTERS / f"{slug}.ipynb", 4).cells


def exercise(slug: str) -> list[NotebookNode]:
    """Return the cells of the exercise of a chapter."""
    return nbformat.read(ROOT / "exercises" / slug / f"{slug}.ipynb", 4).cells


def tag(cell: NotebookNode) -> dict[str, Any]:
    """Return what the course says of a cell: its section, kind, objectives, ..."""
    return cell.metadata.get("servicequality", {})


def questions(slug: str) -> dict[str, dict[str, Any]]:
    """Return the questions of a chapter by their codes."""
    content = tomllib.loads((CHAPTERS / f"{slug}.quiz.toml").read_text("utf-8"))
    return {entry["code"]: entry for entry in content["question"]}


def recalled(slug: str) -> list[str]:
    """Return the codes of the earlier questions with which a chapter begins."""
    return tomllib.loads((CHAPTERS / f"{slug}.quiz.toml").read_text("utf-8")).get("recall", [])


def right(question: dict[str, Any]) -> dict[str, Any]:
    """Return the right option of a question."""
    return next(option for option in question["option"] if option.get("correct"))


def place(question: dict[str, Any]) -> str:
    """Return the letter of the right option of a question."""
    return "ABCD"[question["option"].index(right(question))]


def text(path: Path) -> str:
    """Return the prose of a notebook."""
    cells = nbformat.read(path, 4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def plain(markdown: str) -> str:
    """Return the sentences of a cell: no tables, headings, formulas, badges, links or markup."""
    markdown = re.sub(r"<small.*?</small>|<[^>]+>|^\|.*$|^#.*$", "", markdown, flags=re.M)
    markdown = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", markdown)
    markdown = re.sub(r"\$\$[^$]+\$\$|\$[^$]+\$", "x", markdown)
    return re.sub(r"^[>\s]*([*-]|\d+\.)?\s+|[*`>]", "", markdown, flags=re.M)


class Prose:
    """The cells of a chapter, to be held against numbers; ids without the chapter's prefix."""

    def __init__(self, slug: str, prefix: str) -> None:
        self.cells = {cell.id.removeprefix(f"{prefix}-"): cell.source for cell in notebook(slug)}

    def __getitem__(self, cell: str) -> str:
        return self.cells[cell]

    def says(self, cell: str, *numbers: float, digits: int = 2, sign: bool = False) -> None:
        """Assert that a cell contains each number, rounded half up, with a true minus sign."""
        for number in numbers:
            rounded = math.floor(abs(number) * 10**digits + 0.5 + 1e-9) / 10**digits
            words = f"{rounded:,.{digits}f}"
            words = ("−" if number < 0 else "+" if sign else "") + words
            assert re.search(rf"(?<![\d.]){re.escape(words)}(?!\d)", self.cells[cell]), (
                f"{cell} should say {words}"
            )
