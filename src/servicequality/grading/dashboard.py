"""The instructors' notebook: sections that show one assignment, chosen in one place."""

from collections.abc import Callable, Iterable
from gettext import gettext as _
from html import escape
from pathlib import Path

import ipywidgets  # type: ignore[import-untyped]
import pandas as pd
from IPython.display import HTML, clear_output, display

from servicequality.grading.cli import UserError
from servicequality.grading.course import Course
from servicequality.grading.evidence import Evidence, gather

Show = Callable[[Evidence], None]


class Dashboard:
    """Sections of a notebook that follow one choice.

    Parameters
    ----------
    course : Course
        Read once for each assignment: restart the notebook after grading.
    """

    def __init__(self, course: Course) -> None:
        self._course = course
        self._read: dict[str, Evidence | str] = {}
        names = sorted(path.stem for path in course.exercises.glob("*/*.ipynb") if _is_source(path))
        self._choice = ipywidgets.Dropdown(options=names, description=_("Assignment"))
        display(self._choice)
        self._follow(self._say_what_is_missing)

    def section(self, show: Show) -> Show:
        """Show a section below the cell, and again whenever another assignment is chosen."""
        self._follow(lambda found: None if isinstance(found, str) else show(found))
        return show

    def _follow(self, redraw: Callable[[Evidence | str], None]) -> None:
        def draw(assignment: str | None) -> None:
            clear_output()  # else the other assignment stays where this one has nothing to show
            redraw(self._evidence(assignment))

        display(ipywidgets.interactive_output(draw, {"assignment": self._choice}))

    def _evidence(self, assignment: str | None) -> Evidence | str:
        if assignment is None:
            return _("There is no assignment in {folder}.").format(folder=self._course.exercises)
        if assignment not in self._read:
            try:
                self._read[assignment] = gather(self._course, assignment)
            except UserError as error:
                self._read[assignment] = str(error)
        return self._read[assignment]

    @staticmethod
    def _say_what_is_missing(found: Evidence | str) -> None:
        if isinstance(found, str):
            print(found)


def show_sentences(sentences: Iterable[str]) -> None:
    """Show sentences as a list, with everything in them as plain text."""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    display(HTML(f'<ul class="tex2jax_ignore mathjax_ignore">{items}</ul>'))


def show_table(table: pd.DataFrame, nothing: str) -> None:
    """Show a table with everything in it as plain text; or a sentence if it is empty."""
    if table.empty:
        print(nothing)
        return
    with pd.option_context({"display.html.use_mathjax": False, "display.max_colwidth": 160}):
        display(HTML(table.reset_index().to_html(index=False, escape=True, border=0)))


def _is_source(path: Path) -> bool:
    return path.stem == path.parent.name
