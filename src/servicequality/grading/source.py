"""The instructor's side of an assignment: what is asked, tested, and given to students."""

import hashlib
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from nbformat import NotebookNode

from servicequality.grading.cli import UserError
from servicequality.grading.restore import name_of

if TYPE_CHECKING:
    from servicequality.grading.course import Course


@dataclass(frozen=True)
class Source:
    """An assignment as the grader needs it.

    Attributes
    ----------
    assignment : str
        Name of the assignment and of its notebook.
    master : NotebookNode
        The notebook with hidden tests and without solutions.
    files : tuple of Path
        Data files that lie beside it.
    sha256 : str
        Of all of these.
    """

    assignment: str
    master: NotebookNode
    files: tuple[Path, ...]
    sha256: str


def read_source(course: "Course", assignment: str, notebook_name: str = "") -> Source:
    """Read an assignment as it was released.

    Parameters
    ----------
    notebook_name : str
        Which of its notebooks, if it has several as nbgrader allows; by default the one that is
        called as the assignment is.

    Raises
    ------
    UserError
        If there is no such assignment, or if it was never released or changed since.
    """
    # Imported here: the lanes, which know an assignment too, start faster without nbgrader.
    from nbgrader.api import MissingEntry
    from nbgrader.preprocessors import ClearSolutions

    notebook_name = notebook_name or assignment
    if notebook_name == assignment:
        path = course.source(assignment)
    else:
        path = course.exercises / assignment / f"{notebook_name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    again = _("Run: cd {folder} && nbgrader generate_assignment {name} --force").format(
        folder=course.grading, name=assignment
    )
    with course.gradebook() as book:
        try:
            recorded = {
                cell.name: (cell.source, cell.checksum)
                for cell in book.find_notebook(notebook_name, assignment).source_cells
            }
        except MissingEntry:
            recorded = {}
    if not recorded:
        raise UserError(
            _("The gradebook does not know {name} yet.").format(name=assignment) + "\n" + again
        )
    cleared = ClearSolutions().preprocess(nbformat.from_dict(notebook), {})[0]
    for cell, without_solution in zip(notebook.cells, cleared.cells, strict=True):
        name = name_of(cell)
        if not name:
            continue
        made_by_nbgrader = "AUTOTEST" in cell.source
        if name not in recorded or not (
            made_by_nbgrader or recorded[name][0].strip() == without_solution.source.strip()
        ):
            raise UserError(
                _("{path} was changed since it was released: cell {cell!r} differs.").format(
                    path=path, cell=name
                )
                + "\n"
                + again
            )
        cell.source, cell.metadata.nbgrader["checksum"] = recorded[name]
    files = tuple(
        file
        for file in sorted(path.parent.iterdir())
        if file.is_file() and not file.is_symlink() and file.suffix != ".ipynb"
    )
    digest = hashlib.sha256(nbformat.writes(notebook).encode())
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return Source(assignment, notebook, files, digest.hexdigest())
