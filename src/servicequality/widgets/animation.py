"""A panel in which things move about a stage, at times that were computed before."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Look:
    """How things of one kind look: the name in the key, the shape and the colour (CSS)."""

    label: str
    shape: Literal["circle", "diamond", "square", "triangle"]
    colour: str


@dataclass(frozen=True, kw_only=True)
class Animation:
    """Things that move about a stage, with buttons to play, pause and step.

    It plays by itself while it is in sight. For a reader whose browser asks for less motion it
    is a row of still pictures, one for each moment, beginning in the middle.

    Parameters
    ----------
    title, description : str
        As in `Figure`.
    looks : mapping of str to Look
        How each kind of thing looks.
    width, height, radius : float
        Size of the stage and of a thing, in the units of x and y; y runs downwards.
    pace : float
        Units of time in a second.
    glide : float
        Units of time that a thing takes to move.
    curve_label : str
        What the curve under the stage shows.
    curve_top : float
        Value at the top of that curve, unless it rises higher.
    columns, numbers_from, decimals, before_commit
        As in `Figure`; the numbers come from `moments` if nothing else is given.
    tracks : str
        Table of moves in order of time: thing, kind, time, x, y. A thing appears with its first
        row and is gone once it has made its last move.
    scenery : str
        Table of labelled boxes that stand still: x, y (centre), width, height, text.
    moments : str
        Table of what to stop at, in order: time, text. The last one ends the replay.
    curve : str
        Table of a value that holds from a time on: time, value.
    """

    title: str
    description: str
    looks: Mapping[str, Look]
    width: float
    height: float
    radius: float
    pace: float
    glide: float
    curve_label: str
    curve_top: float
    columns: Mapping[str, str]
    numbers_from: str = ""
    decimals: int = 0
    before_commit: bool = False
    tracks: str = "tracks"
    scenery: str = "scenery"
    moments: str = "moments"
    curve: str = "curve"

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it needs; first the one with its numbers."""
        needed = (self.numbers_from or self.moments, self.moments, self.tracks, self.scenery)
        return tuple(dict.fromkeys((*needed, self.curve)))

    def declaration(self) -> dict[str, Any]:
        """Return what the browser needs to set the stage, without what happens on it."""
        return {"kind": "animation", **asdict(self), "tables": list(self.tables)}
