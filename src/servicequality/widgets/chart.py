"""The chart view: embed a chart once, then send it data only.

The browser loads one Vega module from the server that serves the page, keeps the drawn chart, and
replaces nothing but the rows of the named tables. A move of a slider costs a few hundred bytes and
no blank frame.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import altair as alt
import anywidget
import numpy as np
import pandas as pd
import traitlets

from servicequality.widgets.words import words

HERE = Path(__file__).parent
CSS = (HERE / "style.css").read_text(encoding="utf-8")

Tables = Mapping[str, pd.DataFrame]
ChartFunction = Callable[..., alt.typing.ChartType]


def script(*names: str) -> str:
    """Return files of this folder as one module; a widget's code travels as a single text."""
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


def columns(table: pd.DataFrame) -> dict[str, list[Any]]:
    """Return a table as plain columns, the shortest form to send.

    Missing values become None; numbers keep six significant digits, more than a chart can show.
    """
    return {str(name): [_plain(value) for value in column] for name, column in table.items()}


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    if isinstance(value, float):
        return float(f"{value:.6g}")
    return value.item() if isinstance(value, np.generic) else value


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A chart with everything that makes it readable.

    Parameters
    ----------
    title : str
        The chart's message or question, one line.
    description : str
        What the chart shows, for a reader who cannot see it.
    chart : callable
        Function from named tables to an Altair chart. It must not look into the data: it gets
        references to tables of these names, so that the chart can be embedded before its data.
    tables : tuple of str
        Names of the tables, which are also the names of the function's parameters.
    columns : mapping of str to str
        Columns to show as the same numbers in text, with their headings.
    numbers_from : str
        Table that holds those columns; the first of `tables` if not given.
    decimals : int
        Digits after the point in that table.
    before_commit : bool
        Whether the chart shows before the learner has committed to a prediction.
    drag : mapping of {"x", "y"} to str
        Controls that follow the pointer when it is dragged over the chart.
    glide : bool
        Whether numbers pass smoothly from one view to the next; for tables whose rows stay the
        same things. A reader whose browser asks for less motion sees the new view at once.
    """

    title: str
    description: str
    chart: ChartFunction
    tables: tuple[str, ...]
    columns: Mapping[str, str]
    numbers_from: str = ""
    decimals: int = 2
    before_commit: bool = False
    drag: Mapping[str, str] = field(default_factory=dict)
    glide: bool = False

    def declaration(self) -> dict[str, Any]:
        """Return what the browser needs to draw the chart, without its data."""
        references = {name: alt.NamedData(name=name) for name in self.tables}
        return {
            "kind": "chart",
            "title": self.title,
            "description": self.description,
            "spec": self.chart(**references).to_dict(),
            "tables": list(self.tables),
            "columns": dict(self.columns),
            "numbers_from": self.numbers_from or self.tables[0],
            "decimals": self.decimals,
            "before_commit": self.before_commit,
            "drag": dict(self.drag),
            "glide": self.glide,
        }


@dataclass(frozen=True, kw_only=True)
class NumberTable:
    """A table that is a view of its own; fields as in `Figure`."""

    title: str
    table: str
    columns: Mapping[str, str]
    decimals: int = 2
    before_commit: bool = False

    @property
    def tables(self) -> tuple[str, ...]:
        """The one table that it shows."""
        return (self.table,)

    def declaration(self) -> dict[str, Any]:
        """Return what the browser needs to lay out the table, without its data."""
        return {
            "kind": "table",
            "title": self.title,
            "tables": [self.table],
            "columns": dict(self.columns),
            "decimals": self.decimals,
            "before_commit": self.before_commit,
        }


class ChartView(anywidget.AnyWidget):
    """One figure on a page.

    Parameters
    ----------
    figure : Figure
        What to draw.
    tables : mapping of str to DataFrame
        One table for each name that the figure asks for.
    """

    _esm = script("dom.js", "chart.js", "chart_view.js")
    _css = CSS
    words = traitlets.Dict().tag(sync=True)
    figure = traitlets.Dict().tag(sync=True)
    data = traitlets.Dict().tag(sync=True)

    def __init__(self, figure: Figure, tables: Tables) -> None:
        declared = figure.declaration()
        super().__init__(words=words(), figure=declared, data=_wanted(declared, tables))

    def update(self, tables: Tables) -> None:
        """Replace the data of a drawn chart; the chart itself stays."""
        self.data = _wanted(self.figure, tables)


def _wanted(figure: Mapping[str, Any], tables: Tables) -> dict[str, dict[str, list[Any]]]:
    names = {*figure["tables"], figure["numbers_from"]}
    if not names <= set(tables):
        raise ValueError(f"tables: got {sorted(tables)}, but the figure needs {sorted(names)}")
    return {name: columns(tables[name]) for name in sorted(names)}


def show(
    chart: alt.typing.ChartType,
    *,
    title: str,
    description: str,
    table: pd.DataFrame,
    columns: Mapping[str, str] | None = None,
    decimals: int = 2,
) -> ChartView:
    """Show a finished Altair chart with a title, a description and its numbers as a table.

    Parameters
    ----------
    chart : altair chart
        A chart that carries its own data.
    title, description : str
        One line above the chart; what it shows, for a reader who cannot see it.
    table : DataFrame
        The numbers behind the chart, one row a mark.
    columns : mapping of str to str, optional
        Columns of the table to show, with headings; all of them if not given.
    decimals : int
        Digits after the point in the table.
    """
    figure = Figure(
        title=title,
        description=description,
        chart=lambda **_tables: cast(Any, chart),
        tables=(),
        columns=columns or {str(name): str(name) for name in table.columns},
        numbers_from="numbers",
        decimals=decimals,
    )
    return ChartView(figure, {"numbers": table})
