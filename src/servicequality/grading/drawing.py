"""Draw the charts that students made, as pictures, where their specification can do no harm.

A Vega specification is a small program: it may load files and addresses, and it may be without end.
It is checked here, and drawn by vl-convert in a process of its own that has limits and, where Linux
has Landlock, neither network nor files.
"""

import base64
import json
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

from servicequality.grading import landlock

SECONDS = 20
MOST_SPECIFICATION = 2_000_000
MOST_PICTURE = 2_000_000
MOST_MEMORY = 2 << 30
SCALE = 2  # sharp on screens of two pixels a point

VEGA = re.compile(r"application/vnd\.(vegalite|vega)\.v\d+\+json")


class NotDrawnError(Exception):
    """A chart that was not drawn; the text says why."""


@dataclass(frozen=True)
class Chart:
    """A chart as Altair displays it: its language ("vegalite" or "vega"), its specification."""

    language: str
    specification: dict[str, Any]

    @property
    def description(self) -> str:
        """What the chart says of itself, for those who cannot see it."""
        title = self.specification.get("title")
        if isinstance(title, dict):
            title = title.get("text")
        for text in [self.specification.get("description"), title]:
            if isinstance(text, str) and text.strip():
                return " ".join(text.split())[:500]
        return _("A chart without a description")


def chart_in(data: dict[str, Any]) -> Chart | None:
    """Return the chart in the data of an output: of Vega's types, or in Altair's HTML.

    Parameters
    ----------
    data : dict
        A MIME bundle.
    """
    for mime, value in data.items():
        vega = VEGA.fullmatch(mime)
        if vega and isinstance(value, dict):
            return Chart(vega[1], value)
    html = data.get("text/html")
    if isinstance(html, str) and "vegaEmbed" in html and len(html) <= MOST_SPECIFICATION:
        for call in re.finditer(r"\}\)\((?=\{)", html):
            try:
                specification, _end = json.JSONDecoder().raw_decode(html, call.end())
            except (ValueError, RecursionError):
                continue
            if "$schema" in specification:
                language = "vegalite" if "vega-lite" in str(specification["$schema"]) else "vega"
                return Chart(language, specification)
    return None


def draw(charts: Sequence[Chart]) -> list[bytes | NotDrawnError]:
    """Draw charts as PNG, without network and within limits of time, memory and size.

    Parameters
    ----------
    charts : sequence of Chart
        They share `SECONDS`.

    Returns
    -------
    list of bytes or NotDrawnError
        One for each chart.
    """
    checked = [_checked(chart) for chart in charts]
    orders = [order for order in checked if isinstance(order, str)]
    pictures = _painted(orders) if orders else iter(())
    return [next(pictures) if isinstance(order, str) else order for order in checked]


def _checked(chart: Chart) -> str | NotDrawnError:
    """Return the order for the painter as one line of JSON."""
    specification = {
        key: value
        for key, value in chart.specification.items()
        if key not in ("$schema", "usermeta")
    }
    try:
        if _loads(specification):
            return NotDrawnError(
                _("it would load something from elsewhere. Put the data into the chart itself.")
            )
        order = json.dumps([chart.language, specification], allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return NotDrawnError(_("its specification is broken."))
    if len(order) > MOST_SPECIFICATION:
        return NotDrawnError(_("it holds too much data."))
    return order


def _loads(part: Any) -> bool:
    """Tell whether a specification names an address or a file anywhere outside its data."""
    if isinstance(part, dict):
        return "url" in part or any(
            _loads(value) for key, value in part.items() if key not in ("values", "datasets")
        )
    return isinstance(part, list) and any(map(_loads, part))


def _painted(orders: Sequence[str]) -> Iterator[bytes | NotDrawnError]:
    """Let a child process paint; what it did not manage in time is not drawn."""
    with tempfile.TemporaryDirectory() as empty:
        try:
            painted = subprocess.run(
                [sys.executable, "-I", "-m", __spec__.name],
                input="\n".join(orders).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=empty,
                env={"HOME": empty, "TMPDIR": empty},
                timeout=SECONDS,
            ).stdout
        except subprocess.TimeoutExpired as late:
            painted = late.stdout or b""
    answers = painted.splitlines()
    for number in range(len(orders)):
        try:
            picture = base64.b64decode(json.loads(answers[number]), validate=True)
        except (IndexError, ValueError):
            yield NotDrawnError(_("drawing it took too long or needed too much memory."))
            continue
        if not picture:
            yield NotDrawnError(_("its specification is broken."))
        elif len(picture) > MOST_PICTURE:
            yield NotDrawnError(_("it is too large."))
        else:
            yield picture


def _paint() -> None:
    """Be the child process: read orders line by line, write pictures line by line."""
    import vl_convert  # the child alone needs it

    paint: dict[str, Callable[..., bytes]] = {
        "vegalite": vl_convert.vegalite_to_png,
        "vega": vl_convert.vega_to_png,
    }
    limits = {
        resource.RLIMIT_CPU: 2 * SECONDS,
        resource.RLIMIT_DATA: MOST_MEMORY,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))
    if landlock.abi():
        python = {sys.base_prefix, sys.base_exec_prefix, sys.prefix, sys.exec_prefix}
        landlock.restrict([*python, "/usr", "/lib", "/lib64", "/etc/fonts", "/dev"], [])
    for line in sys.stdin:
        language, specification = json.loads(line)
        try:
            picture = paint[language](specification, scale=SCALE, allowed_base_urls=[])
        except ValueError:
            picture = b""
        print(json.dumps(base64.b64encode(picture).decode()), flush=True)


if __name__ == "__main__":
    _paint()
