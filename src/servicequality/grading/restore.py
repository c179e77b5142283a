"""Make a notebook that can be graded of whatever was handed in.

The order and every cell of the instructor's come from the instructor's own notebook; only the
answers, and the cells that the student added, come from the submission.
"""

import json
from collections.abc import Iterable
from gettext import gettext as _
from typing import Any

import nbformat
from nbformat import NotebookNode

from servicequality.grading.report import Note

BEGIN_HIDDEN, END_HIDDEN = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
MOST_BYTES = 20_000_000
MOST_CELLS = 2_000
KINDS = ("code", "markdown", "raw")
COPIED = _("A cell {name!r} is there more than once; the first that was filled in counts.")


class NotGradableError(Exception):
    """A submission that cannot be read; the text says why, for student and instructor."""


def name_of(cell: NotebookNode) -> str:
    """Return nbgrader's name of a cell; empty for a cell that nbgrader does not know."""
    name = _marks(cell).get("grade_id")
    return name if isinstance(name, str) else ""


def _marks(cell: Any) -> dict[str, Any]:
    marks = cell.get("metadata", {}).get("nbgrader")
    return marks if isinstance(marks, dict) else {}


def is_test(cell: NotebookNode) -> bool:
    """Tell whether a cell is an automatic test."""
    marks = _marks(cell)
    return bool(cell.cell_type == "code" and marks.get("grade") and not marks.get("solution"))


def is_answer(cell: NotebookNode) -> bool:
    """Tell whether a cell is for the student to fill in."""
    marks = _marks(cell)
    return bool(marks.get("solution") or marks.get("task"))


def visible(source: str) -> str:
    """Return the lines of a test that students see; nbgrader marks the others."""
    shown, hidden = [], False
    for line in source.splitlines():
        if BEGIN_HIDDEN in line or END_HIDDEN in line:
            hidden = BEGIN_HIDDEN in line
        elif not hidden:
            shown.append(line)
    return "\n".join(shown)


def restore(submitted: bytes, master: NotebookNode) -> tuple[NotebookNode, list[Note]]:
    """Return the notebook to grade, and what had to be mended.

    Parameters
    ----------
    submitted : bytes
        The file as it was handed in.
    master : NotebookNode
        The instructor's notebook, with hidden tests and without solutions; see `source.master`.

    Raises
    ------
    NotGradableError
        If there is no notebook in the file.
    """
    cells, notes = _cells(submitted)
    known = {name_of(cell): cell for cell in master.cells if name_of(cell)}
    released = {name: visible(cell.source) for name, cell in known.items()}
    theirs, extras, order = _sorted_out(cells, known, released, notes)

    if [name for name in known if name in theirs] != order:
        notes.append(Note("repair", _("Cells were in another order; they were put back.")))
    restored: list[NotebookNode] = list(extras.get("", []))
    for name, original in known.items():
        cell = nbformat.from_dict(original)
        given = theirs.get(name)
        if given is None:
            text = _("The cell was missing; it was put back.")
            if is_answer(original):
                text = _("The answer cell was missing; what stands elsewhere counts.")
                if cell.cell_type == "code":
                    cell.source = ""
            notes.append(Note("repair", text, name))
        elif is_answer(original):
            cell.source = given["source"]
            if given["cell_type"] != original.cell_type:
                notes.append(Note("repair", _("The kind of the cell was changed back."), name))
        elif _squeezed(given["source"]) not in (
            _squeezed(released[name]),
            _squeezed(original.source),
        ):
            text = _("A test was changed; the original was used.")
            if not is_test(original):
                text = _("A locked cell was changed; the original was used.")
            notes.append(Note("tampering", text, name))
        restored += [cell, *extras.get(name, [])]
    about = {
        key: value
        for key, value in master.metadata.items()
        if key in ("kernelspec", "language_info")
    }
    notebook = NotebookNode(
        nbformat=4, nbformat_minor=5, metadata=nbformat.from_dict(about), cells=_with_ids(restored)
    )
    return notebook, notes


def _cells(submitted: bytes) -> tuple[list[dict[str, Any]], list[Note]]:
    """Read the cells, whatever is wrong around them."""
    if not submitted.strip():
        raise NotGradableError(
            _("The file is empty. Please save the notebook and hand it in again.")
        )
    if len(submitted) > MOST_BYTES:
        raise NotGradableError(
            _(
                "The file is larger than {most} MB. Please clear all outputs and hand it in again."
            ).format(most=MOST_BYTES // 1_000_000)
        )
    try:
        content = json.loads(submitted.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise NotGradableError(
            _(
                "The file is no notebook: it is not valid JSON. Perhaps it was cut off, or saved "
                "by another program. Please hand in the .ipynb file that Jupyter saved."
            )
        ) from None
    if not isinstance(content, dict):
        raise NotGradableError(_("The file is no notebook: it holds no cells."))
    notes = []
    found = content.get("cells")
    if found is None and isinstance(content.get("worksheets"), list):
        notes.append(Note("repair", _("The notebook had an old format; it was converted.")))
        found = [
            cell | {"source": cell.get("input", cell.get("source", ""))}
            for sheet in content["worksheets"]
            if isinstance(sheet, dict)
            for cell in sheet.get("cells", [])
            if isinstance(cell, dict)
        ]
    if not isinstance(found, list):
        raise NotGradableError(_("The file is no notebook: it holds no cells."))
    if not found:
        raise NotGradableError(_("The notebook is empty. Please hand in the one you worked in."))
    if len(found) > MOST_CELLS:
        raise NotGradableError(_("The notebook has more than {n} cells.").format(n=MOST_CELLS))
    cells, dropped = [], 0
    for cell in found:
        plain = _plain(cell)
        if plain is None:
            dropped += 1
        else:
            cells.append(plain)
    if dropped:
        notes.append(
            Note("repair", _("{n} cells could not be read and were left out.").format(n=dropped))
        )
    return cells, notes


def _plain(cell: Any) -> dict[str, Any] | None:
    if not isinstance(cell, dict) or cell.get("cell_type") not in (*KINDS, "heading"):
        return None
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    kind = "markdown" if cell["cell_type"] == "heading" else cell["cell_type"]
    metadata = cell.get("metadata")
    return {
        "cell_type": kind,
        # Text that no file can hold would stop the grading later.
        "source": source.encode("utf-8", "replace").decode("utf-8"),
        "name": name_of({"metadata": metadata}) if isinstance(metadata, dict) else "",  # type: ignore[arg-type]
    }


def _sorted_out(
    cells: Iterable[dict[str, Any]],
    known: dict[str, NotebookNode],
    released: dict[str, str],
    notes: list[Note],
) -> tuple[dict[str, dict[str, Any]], dict[str, list[NotebookNode]], list[str]]:
    """Part the named cells from those that the student added, by the named cell before them."""
    theirs: dict[str, dict[str, Any]] = {}
    extras: dict[str, list[NotebookNode]] = {}
    order: list[str] = []
    copied: set[str] = set()
    unknown = 0
    last = ""
    for cell in cells:
        name = cell["name"]
        if name in known and name not in theirs:
            theirs[name] = cell
            order.append(name)
            last = name
            continue
        if name in known:
            copied.add(name)
            first = theirs[name]
            if is_answer(known[name]) and _squeezed(first["source"]) == _squeezed(released[name]):
                theirs[name], cell = cell, first
        elif name:
            unknown += 1
        if name in known and (
            not is_answer(known[name]) or _squeezed(cell["source"]) == _squeezed(released[name])
        ):
            continue  # another copy of a test, of a locked cell, or of what was given adds nothing
        # Not by nbformat's `new_code_cell` and its like, which would check each against a schema.
        extra = {"cell_type": cell["cell_type"], "metadata": {}, "source": cell["source"]}
        extras.setdefault(last, []).append(nbformat.from_dict(extra))
    notes += [Note("repair", COPIED.format(name=name), name) for name in sorted(copied)]
    if unknown:
        text = _("{n} cells carry a name that this assignment does not have; they earn no points.")
        notes.append(Note("repair", text.format(n=unknown)))
    return theirs, extras, order


def _squeezed(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def _with_ids(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Give each cell an id of its own; the instructor's keep theirs."""
    taken = {cell.id for cell in cells if name_of(cell) and "id" in cell}
    number = 0
    for cell in cells:
        cell.pop("attachments", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if name_of(cell) and "id" in cell:
            continue
        number += 1
        while f"added-{number}" in taken:
            number += 1
        cell.id = f"added-{number}"
    return cells
