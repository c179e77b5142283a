"""What charts of rows share: each row has its name above its marks, so that none is cut off."""

from typing import Any

import altair as alt

ChartData = Any

HEIGHT = 50
"""Height of a row with one bar, in pixels."""

NAME, MARK = 0.27, 0.7
"""Where in its height a row has its name, and the middle of its marks."""


def numbered(table: ChartData) -> alt.Chart:
    """Give each row its number: a chart that is kept would not keep to the order of new names."""
    return alt.Chart(table).transform_window(row="row_number()")


def place(at: float) -> alt.Y:
    """Place a mark at a part of its row's height."""
    return alt.Y("row:O", axis=None, bandPosition=at)


def bars(rows: alt.Chart, top: float, bottom: float, **style: Any) -> alt.Chart:
    """Draw a bar in each row, between two parts of the row's height."""
    return rows.mark_rect(**style).encode(place(top), alt.Y2("row:O", bandPosition=bottom))


def names(rows: alt.Chart, field: str) -> alt.Chart:
    """Write the name of each row at its left."""
    return rows.mark_text(align="left", fontSize=13, fontWeight="bold").encode(
        place(NAME), x=alt.value(0), text=f"{field}:N"
    )


def words(rows: alt.Chart, **style: Any) -> alt.Chart:
    """Write the column `words` at the right of each row's name."""
    return rows.mark_text(align="right", fontSize=13, **style).encode(
        place(NAME), x=alt.value("width"), text="words:N"
    )
