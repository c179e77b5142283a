"""What the pages show of a notebook before any of its code has run."""

import ast
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import nbformat

from servicequality.site import prose

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Cell:
    """A Markdown cell as HTML, or the place of a code cell's output."""

    id: str
    html: str = ""
    source: str = ""
    shows: bool = True


@dataclass(frozen=True)
class Chapter:
    """A notebook as a page: its words are known, its outputs are still to come."""

    slug: str
    title: str
    chinese: str
    summary: str
    language: str
    kernel: str
    cells: tuple[Cell, ...]
    sections: tuple[tuple[str, str], ...]

    @property
    def number(self) -> str:
        """The chapter's number ("2", "0" for the start page), or nothing for other pages."""
        head = self.slug.split("-")[0]
        return str(int(head)) if head.isdigit() else ""

    @property
    def name(self) -> str:
        """The title without its number."""
        return self.title.removeprefix(f"{self.number}.").removeprefix(self.number).lstrip(" ·:–-")


def read(path: Path) -> Chapter:
    """Read a notebook; a file that has not changed is read only once."""
    return _read(path, path.stat().st_mtime_ns)


def read_all(folder: Path) -> Iterator[Chapter]:
    """Yield the notebooks of a folder in the order of their names, without broken ones."""
    for path in sorted(folder.glob("*.ipynb")):
        try:
            yield read(path)
        except (AttributeError, ValueError, nbformat.ValidationError) as error:
            log.error("%s is left out: it is no notebook: %s", path.name, error)


@lru_cache(maxsize=64)
def _read(path: Path, changed: int) -> Chapter:
    notebook = nbformat.read(path, as_version=4)
    cells, headings = [], []
    first = ""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cells.append(Cell(cell.id, source=cell.source, shows=_shows(cell.source)))
        elif cell.cell_type == "markdown":
            html, found = prose.render(cell.source)
            headings += found
            first = first or _first_paragraph(html)
            cells.append(Cell(cell.id, html=html))
    # Our notebooks begin with their Chinese name, a dot and one line of promise.
    chinese, dot, promise = first.partition(" · ")
    titles = [words for level, _, words in headings if level == 1]
    return Chapter(
        slug=path.stem,
        title=notebook.metadata.get("title") or next(iter(titles), path.stem),
        chinese=chinese if dot else "",
        summary=notebook.metadata.get("description") or promise or first,
        language=notebook.metadata.get("language", "en"),
        kernel=notebook.metadata.get("kernelspec", {}).get("name", "python3"),
        cells=tuple(cells),
        sections=tuple((anchor, words) for level, anchor, words in headings if level == 2),
    )


def _shows(source: str) -> bool:
    """Whether a cell ends with an expression, and so probably shows something."""
    try:
        lines = ast.parse(source).body
    except SyntaxError:
        return True
    return bool(lines) and isinstance(lines[-1], ast.Expr) and not source.rstrip().endswith(";")


def _first_paragraph(html: str) -> str:
    start, end = html.find("<p>"), html.find("</p>")
    return prose.plain(html[start:end]) if 0 <= start < end else ""
