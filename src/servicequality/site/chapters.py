"""What the pages show of a notebook before any of its code has run."""

import ast
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from html import unescape
from pathlib import Path
from re import search

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

    @property
    def demo(self) -> str:
        """The code of the demo that the cell shows, from its id: "D2.1" of "servqual-d2-1"."""
        found = search(r"(?:^|-)d(\d+)-(\d+)$", self.id)
        return f"D{found[1]}.{found[2]}" if found and not self.html else ""


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

    def only(self, demo: str) -> "Chapter":
        """Return a page with one demo and nothing else; its cell runs only what the demo needs.

        Raises
        ------
        KeyError
            If the chapter has no such demo.
        """
        codes = [cell.demo for cell in self.cells]
        if not demo or demo not in codes:
            raise KeyError(demo)
        place = codes.index(demo)
        cell = self.cells[place]
        source = _with_needs(cell.source, (before.source for before in self.cells[:place]))
        return replace(self, slug=demo, cells=(replace(cell, source=source),), sections=())


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


def picture_words(path: Path) -> str:
    """Return what a picture shows, by its own title; nothing if there is no such picture."""
    if not path.is_file():
        return ""
    found = search("<title>(.*?)</title>", path.read_text(encoding="utf-8"))
    return unescape(found[1]) if found else ""


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


def _with_needs(source: str, before: Iterable[str]) -> str:
    """Return code that stands alone: before it, what it needs of the cells that come before."""
    kept = ast.parse(source).body
    earlier = [statement for cell in before for statement in ast.parse(cell).body]
    for statement in reversed(earlier):
        wanted = {node.id for part in kept for node in ast.walk(part) if isinstance(node, ast.Name)}
        if isinstance(statement, ast.Import | ast.ImportFrom):
            statement.names = [
                name
                for name in statement.names
                if (name.asname or name.name.split(".")[0]) in wanted
            ]
            needed = bool(statement.names)
        else:
            needed = not wanted.isdisjoint(_bound(statement))
        if needed:
            kept.insert(0, statement)
    return "\n".join(ast.unparse(statement) for statement in kept)


def _bound(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    names = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}


def _first_paragraph(html: str) -> str:
    start, end = html.find("<p>"), html.find("</p>")
    return prose.plain(html[start:end]) if 0 <= start < end else ""
