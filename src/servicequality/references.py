"""The bibliography: its entries live in `references.toml`, beside the chapters.

A notebook cites an entry with a link to its key, `[Cronbach 1951](#ref-cronbach-1951)`, and ends
with `references.show("02-servqual")`, which lists what that notebook cites.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from gettext import gettext as _
from html import escape
from pathlib import Path

from IPython.display import HTML

from servicequality import _toml

REQUIRED = {"authors": str, "year": str, "title": str, "source": str}
OPTIONAL = dict.fromkeys(("details", "doi", "url"), str)
CITATION = re.compile(r"\]\(#ref-([^)\s]+)\)")


@dataclass(frozen=True)
class Reference:
    """One work: `source` is a journal or a publisher, `details` its volume and pages."""

    authors: str
    year: str
    title: str
    source: str
    details: str = ""
    doi: str = ""
    url: str = ""

    @property
    def label(self) -> str:
        """The work as the prose names it: "Jones & Sasser 1995"."""
        surnames = re.findall(r"(?:^|[,&] )([^,&]+), [A-Z]\.", self.authors)
        if not surnames:
            return f"{self.authors.split(' (')[0]} {self.year}"
        if len(surnames) > 3:
            return _("{first} and colleagues {year}").format(first=surnames[0], year=self.year)
        names = " & ".join(filter(None, [", ".join(surnames[:-1]), surnames[-1]]))
        return f"{names} {self.year}"


def load(folder: Path | str = ".") -> dict[str, Reference]:
    """Read the bibliography.

    Parameters
    ----------
    folder : path
        Folder that holds `references.toml`; a notebook runs in the folder of its chapter.

    Returns
    -------
    dict of str to Reference
        The entries by their keys ("cronbach-1951"), in the order of the file.

    Raises
    ------
    ValueError
        If the file is missing or broken; the message names the file and the entry.
    """
    path = Path(folder, "references.toml")
    entries = _toml.read(path)
    for key, entry in entries.items():
        where = _("{file}, entry {key}").format(file=path.name, key=key)
        _toml.check_fields(entry, where, REQUIRED, OPTIONAL)
        if not entry.get("doi", "10.").startswith("10."):
            message = _("{where}: a DOI starts with '10.'; got {doi!r}")
            raise ValueError(message.format(where=where, doi=entry["doi"]))
    return {key: Reference(**entry) for key, entry in entries.items()}


def cited(chapter: str, folder: Path | str = ".") -> list[str]:
    """Return the keys that the Markdown cells of a notebook cite, each once, in order.

    Parameters
    ----------
    chapter : str
        Name of the notebook without its ending, for example "02-servqual".
    folder : path
        Folder that holds the notebook.

    Raises
    ------
    ValueError
        If there is no such notebook.
    """
    path = Path(folder, f"{chapter}.ipynb")
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except FileNotFoundError:
        message = _("{file}: no such notebook in {folder}")
        raise ValueError(
            message.format(file=path.name, folder=path.resolve().parent.name)
        ) from None
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    return list(dict.fromkeys(CITATION.findall("\n".join(prose))))


def show(chapter: str, folder: Path | str = ".", also: Iterable[str] = ()) -> HTML:
    """List the works that a notebook cites, by author and year.

    Parameters
    ----------
    chapter : str
        Name of the notebook without its ending, for example "02-servqual".
    folder : path
        Folder that holds the notebook and `references.toml`.
    also : iterable of str
        Keys of works that are cited by what the notebook shows, and not in its own words.

    Returns
    -------
    IPython.display.HTML
        The list; the entry with key "cronbach-1951" has the id "ref-cronbach-1951".

    Raises
    ------
    ValueError
        If a file is missing or broken, or the notebook cites a key without an entry.
    """
    entries = load(folder)
    keys = list(dict.fromkeys([*cited(chapter, folder), *also]))
    unknown = [key for key in keys if key not in entries]
    if unknown:
        message = _("{chapter}.ipynb cites {key!r}, which has no entry in references.toml")
        raise ValueError(message.format(chapter=chapter, key=unknown[0]))
    return HTML('<ul class="references">' + "".join(_items(entries, keys)) + "</ul>")


def _items(entries: dict[str, Reference], keys: Iterable[str]) -> Iterable[str]:
    for key in sorted(keys, key=lambda key: (entries[key].authors, entries[key].year)):
        entry = entries[key]
        title = entry.title if entry.title.endswith("?") else f"{entry.title}."
        details = f", {escape(entry.details)}" if entry.details else ""
        url = f"https://doi.org/{entry.doi}" if entry.doi else entry.url
        label = f"doi:{entry.doi}" if entry.doi else entry.url.removeprefix("https://")
        link = f' <a href="{escape(url)}">{escape(label)}</a>' if url else ""
        yield (
            f'<li id="ref-{escape(key)}">{escape(entry.authors)} ({escape(entry.year)}). '
            f"{escape(title)} <cite>{escape(entry.source)}</cite>{details}.{link}</li>"
        )
