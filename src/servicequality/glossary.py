"""The bilingual glossary: its terms live in `glossary.toml`, beside the chapters."""

import re
from dataclasses import dataclass
from gettext import gettext as _
from html import escape
from pathlib import Path

from IPython.display import HTML

from servicequality import _toml
from servicequality.widgets import Item, Shelf

FIELDS = {"term": str, "chinese": str, "definition": str, "chapters": list}


@dataclass(frozen=True)
class Term:
    """A term, its Chinese name, its definition in one line and the chapters that use it."""

    term: str
    chinese: str
    definition: str
    chapters: tuple[int, ...]

    @property
    def slug(self) -> str:
        """The term as the end of a link: "Cronbach's alpha" gives "cronbachs-alpha"."""
        words = self.term.lower().replace("'", "")
        return re.sub(r"[^a-z0-9]+", "-", words).strip("-")


def load(folder: Path | str = ".") -> list[Term]:
    """Read the glossary, in alphabetical order.

    Parameters
    ----------
    folder : path
        Folder that holds `glossary.toml`; a notebook runs in the folder of its chapter.

    Raises
    ------
    ValueError
        If the file is missing or broken; the message names the file and the entry.
    """
    path = Path(folder, "glossary.toml")
    entries = _toml.read(path).get("term")
    if not isinstance(entries, list):
        raise ValueError(_("{file}: holds no [[term]]").format(file=path.name))
    terms: dict[str, Term] = {}
    for place, entry in enumerate(entries, start=1):
        where = _("{file}, term {place}").format(file=path.name, place=place)
        if isinstance(entry, dict) and "term" in entry:
            where += f" ({entry['term']})"
        _toml.check_fields(entry, where, FIELDS, {})
        if not all(type(chapter) is int for chapter in entry["chapters"]):
            message = _("{where}: 'chapters' must be whole numbers; got {value!r}")
            raise ValueError(message.format(where=where, value=entry["chapters"]))
        term = Term(**{**entry, "chapters": tuple(entry["chapters"])})
        if term.slug in terms:
            raise ValueError(_("{where}: this term stands there twice").format(where=where))
        terms[term.slug] = term
    return sorted(terms.values(), key=lambda term: term.term.lower())


def show(chapter: int, folder: Path | str = ".") -> HTML:
    """Show the terms of one chapter as a description list.

    Parameters
    ----------
    chapter : int
        Number of the chapter.
    folder : path
        Folder that holds `glossary.toml`.

    Returns
    -------
    IPython.display.HTML
        The list; each term carries its slug as `id`, so that a link can point at it.

    Raises
    ------
    ValueError
        If the file is missing or broken, or no term belongs to the chapter.
    """
    terms = [term for term in load(folder) if chapter in term.chapters]
    if not terms:
        message = _("The glossary has no term for chapter {chapter!r}").format(chapter=chapter)
        raise ValueError(message)
    items = (
        f'<div id="{term.slug}"><dt><strong>{escape(term.term)}</strong> {_chinese(term)}</dt>'
        f"<dd>{escape(term.definition)}</dd></div>"
        for term in terms
    )
    return HTML('<dl class="glossary">' + "".join(items) + "</dl>")


def search(folder: Path | str = ".") -> Shelf:
    """Show all terms, with a search in both languages.

    Parameters
    ----------
    folder : path
        Folder that holds `glossary.toml`.

    Returns
    -------
    Shelf
        The terms; the id of each is its slug, so that a link can point at it.

    Raises
    ------
    ValueError
        If the file is missing or broken.
    """
    return Shelf(
        [
            Item(
                id=term.slug,
                html=f"<dfn>{escape(term.term)}</dfn> {_chinese(term)}"
                f"<p>{escape(term.definition)}</p>",
            )
            for term in load(folder)
        ]
    )


def _chinese(term: Term) -> str:
    return f'<span lang="zh-Hans">{escape(term.chinese)}</span>'
