"""The myth shelf: claims to vote on, read from `myths.toml` beside the chapters."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from gettext import gettext as _
from html import escape
from pathlib import Path

from servicequality import _toml, references
from servicequality.references import Reference
from servicequality.widgets import Item, Option, Question, Shelf

REQUIRED = {
    **dict.fromkeys(("id", "claim", "chinese", "said", "counted", "verdict", "badge"), str),
    "chapter": int,
}
OPTIONAL = {"references": list}


@dataclass(frozen=True)
class Myth:
    """A claim, what people make of it, what its source counted, and what remains of it.

    `badge` is "E", "M" or "F"; `references` are keys of `references.toml`, empty if nobody knows
    a source; `id` is the end of a link to the claim.
    """

    id: str
    claim: str
    chinese: str
    said: str
    counted: str
    verdict: str
    badge: str
    chapter: int
    references: tuple[str, ...] = ()


def load(folder: Path | str = ".") -> list[Myth]:
    """Read the myths, in the order of the file.

    Parameters
    ----------
    folder : path
        Folder that holds `myths.toml`; a notebook runs in the folder of its chapter.

    Raises
    ------
    ValueError
        If the file is missing or broken; the message names the file and the entry.
    """
    path = Path(folder, "myths.toml")
    entries = _toml.read(path).get("myth")
    if not isinstance(entries, list) or not entries:
        raise ValueError(_("{file}: holds no [[myth]]").format(file=path.name))
    myths: dict[str, Myth] = {}
    for place, entry in enumerate(entries, start=1):
        where = _("{file}, myth {place}").format(file=path.name, place=place)
        if isinstance(entry, dict) and "id" in entry:
            where += f" ({entry['id']})"
        _toml.check_fields(entry, where, REQUIRED, OPTIONAL)
        name = entry["id"]
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
            message = _("{where}: an id is made of a-z, 0-9 and single hyphens")
            raise ValueError(message.format(where=where))
        if entry["badge"] not in _votes():
            message = _("{where}: 'badge' must be one of {known}; got {value!r}")
            known = ", ".join(_votes())
            raise ValueError(message.format(where=where, known=known, value=entry["badge"]))
        if name in myths:
            raise ValueError(_("{where}: this id stands there twice").format(where=where))
        myths[name] = Myth(**{**entry, "references": tuple(entry.get("references", ()))})
    return list(myths.values())


def cited(folder: Path | str = ".") -> list[str]:
    """Return the keys of the works that the myths cite, each once, in order; errors as in `load`.

    Parameters
    ----------
    folder : path
        Folder that holds `myths.toml`.
    """
    return list(dict.fromkeys(key for myth in load(folder) for key in myth.references))


def show(folder: Path | str = ".") -> Shelf:
    """Show the claims: the learner votes on each, and then sees what is behind it.

    Parameters
    ----------
    folder : path
        Folder that holds `myths.toml`, `references.toml` and the chapters.

    Returns
    -------
    Shelf
        The claims with a search. Each is an item whose id is that of the claim, so that a link
        can point at it.

    Raises
    ------
    ValueError
        If a file is missing or broken, or a myth cites a key without an entry.
    """
    works = references.load(folder)
    chapters = {int(path.name[:2]): path.name for path in Path(folder).glob("0[1-9]-*.ipynb")}
    return Shelf([_item(myth, works, chapters) for myth in load(folder)])


def _votes() -> dict[str, str]:
    return {
        "E": _("It is established."),
        "M": _("It is mixed: the evidence points both ways, or it depends on the setting."),
        "F": _("It is folklore: the source is missing or misquoted."),
    }


def _badges() -> dict[str, str]:
    return {"E": _("[E] established"), "M": _("[M] mixed"), "F": _("[F] folklore")}


def _item(myth: Myth, works: dict[str, Reference], chapters: dict[int, str]) -> Item:
    chapter = _("Chapter {number}").format(number=myth.chapter)
    if myth.chapter in chapters:
        chapter = f'<a href="{escape(chapters[myth.chapter])}">{chapter}</a>'
    html = (
        f'<h3>“{escape(myth.claim)}” <a href="#{myth.id}" aria-label="{_("Link to this claim")}">'
        f'#</a></h3><p lang="zh-Hans">{escape(myth.chinese)}</p>'
        f"<p>{escape(myth.said)} <small>{chapter}</small></p>"
    )
    answer = (
        f'<span class="sq-badge">{_badges()[myth.badge]}</span>'
        f"<p><strong>{_('What was counted.')}</strong> {escape(myth.counted)}</p>"
        f"<p><strong>{_('Verdict.')}</strong> {escape(myth.verdict)}</p>"
        f"<p>{'; '.join(_citations(myth, works)) or _('No source is known.')}</p>"
    )
    return Item(
        id=myth.id,
        html=html,
        question=Question(
            code=myth.id,
            text=_("What does the evidence say?"),
            options=tuple(
                Option(text=vote, feedback=answer, correct=badge == myth.badge)
                for badge, vote in _votes().items()
            ),
        ),
    )


def _citations(myth: Myth, works: dict[str, Reference]) -> Iterable[str]:
    for key in myth.references:
        if key not in works:
            message = _("myths.toml, {name}: cites {key!r}, which is not in references.toml")
            raise ValueError(message.format(name=myth.id, key=key))
        yield f'<a href="#ref-{escape(key)}">{escape(works[key].label)}</a>'
