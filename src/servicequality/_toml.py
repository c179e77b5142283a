"""Read a TOML file of the course, with errors that name the file and the place."""

import tomllib
from collections.abc import Mapping
from gettext import gettext as _
from pathlib import Path
from typing import Any


def read(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file.

    Raises
    ------
    ValueError
        If the file is missing or is not valid TOML; the message names the file, line and column.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = _("{file}: no such file in {folder}").format(
            file=path.name, folder=path.resolve().parent.name
        )
        raise ValueError(message) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(_("{file}: {error}").format(file=path.name, error=error)) from None


KINDS = {
    str: _("a text"),
    int: _("a whole number"),
    list: _("a list"),
    bool: _("true or false"),
}


def check_fields(
    entry: Any, where: str, required: Mapping[str, type], optional: Mapping[str, type]
) -> None:
    """Refuse an entry that lacks a field, has an unknown one, or one of the wrong type.

    Parameters
    ----------
    entry : object
        What the file holds at this place; must be a table.
    where : str
        File and entry, the beginning of the error message.
    required, optional : mapping of str to {str, int, list, bool}
        The fields that must or may be there, and their types; texts and lists must not be empty.

    Raises
    ------
    ValueError
        Naming the entry and the field.
    """
    if not isinstance(entry, dict):
        raise ValueError(_("{where}: must be a table of fields").format(where=where))
    known = {**required, **optional}
    unknown = sorted(entry.keys() - known.keys())
    if unknown:
        message = _("{where}: unknown field {name!r}; known are {known}").format(
            where=where, name=unknown[0], known=", ".join(known)
        )
        raise ValueError(message)
    for name in [*required, *(entry.keys() & optional.keys())]:
        value = entry.get(name)
        empty = value in ("", []) or (isinstance(value, str) and value.isspace())
        if not isinstance(value, known[name]) or empty:
            message = _("{where}: the field {name!r} must be {kind} and not empty; got {value!r}")
            raise ValueError(
                message.format(where=where, name=name, kind=KINDS[known[name]], value=value)
            )
