"""The pictures of the gallery: each is a chart of a demo of its chapter, as a reader first sees it.

``make pictures`` draws them again, as SVG files beside the chapters; the site only shows them.
"""

import json
import sys
from collections.abc import Callable
from html import escape
from pathlib import Path

import vl_convert

from servicequality.demos import (
    capstone,
    customers_role,
    expectations,
    gap_management,
    quality_definitions,
    recovery,
    satisfaction,
    servqual,
)
from servicequality.widgets import Demo, Figure
from servicequality.widgets.chart import columns

WIDTH = 360  # px, about the width of a card: words keep their size

CHOSEN: dict[str, tuple[Callable[[], Demo], int]] = {
    "01-quality-definitions": (quality_definitions.inside_the_lines, 0),
    "02-servqual": (servqual.gap_scorer, 0),
    "03-gap-management": (gap_management.control_room, 0),
    "04-customers-role": (customers_role.who_is_in_charge, 0),
    "05-expectations": (expectations.promise_dial, 0),
    "06-satisfaction": (satisfaction.worth_of_retention, 2),
    "07-recovery": (recovery.iceberg, 0),
    "08-capstone": (capstone.audit_a_state, 2),
}
"""Slug of a chapter, one of its demos, and the place of a chart among the demo's panels."""


def draw(demo: Demo, place: int) -> str:
    """Return a chart of a demo in its first state as SVG, with the alt text as its title.

    Parameters
    ----------
    demo : Demo
        The demo.
    place : int
        Which of its panels, from 0.

    Raises
    ------
    TypeError
        If that panel is no chart.
    """
    figure = demo.panels[place]
    if not isinstance(figure, Figure):
        raise TypeError(f"{demo.code}: panel {place} is no chart but a {type(figure).__name__}")
    view = demo.view(demo.first_state())
    tables = {**view.tables, **view.covers}
    spec = {**figure.declaration()["spec"], "width": WIDTH}
    data = {name: columns(tables[name]) for name in figure.tables}
    spec["datasets"] = spec.get("datasets", {}) | {
        name: [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
        for name, table in data.items()
    }
    svg = vl_convert.vegalite_to_svg(json.dumps(spec))
    opening, rest = svg.split(">", 1)
    return f"{opening}><title>{escape(f'{figure.title}. {figure.description}')}</title>{rest}\n"


def main(folder: Path) -> None:
    """Draw every picture into the folder of the chapters."""
    for slug, (demo, place) in CHOSEN.items():
        (folder / f"{slug}.svg").write_text(draw(demo(), place), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
