"""Load a dataset by name, with its bytes and its schema checked.

A dataset is a folder of `datasets/` with a Frictionless `datapackage.json`: title, licence, source,
and for each table its file, sha256 hash and schema.
"""

import difflib
import hashlib
import io
import json
from collections.abc import Iterator
from gettext import gettext as _
from pathlib import Path
from typing import Any

import pandas as pd

_PACKAGED = Path(__file__).parent / "datasets"
_CLONED = Path(__file__).parents[2] / "datasets"


def names() -> list[str]:
    """Names of all datasets, sorted."""
    return sorted(descriptor.parent.name for descriptor in _root().glob("*/datapackage.json"))


def describe(name: str) -> dict[str, Any]:
    """Title, licence, source, tables and fields of a dataset.

    Parameters
    ----------
    name : str
        Folder name, such as "kiosk-survey".

    Returns
    -------
    dict
        The content of its `datapackage.json`.

    Raises
    ------
    ValueError
        If there is no such dataset; the message suggests the nearest name and lists all.
    """
    known = names()
    if name not in known:
        raise ValueError(_unknown(_("dataset"), name, known))
    text = (_root() / name / "datapackage.json").read_text(encoding="utf-8")
    descriptor: dict[str, Any] = json.loads(text)
    return descriptor


def load(name: str, table: str | None = None) -> pd.DataFrame:
    """Load a table of a dataset.

    Parameters
    ----------
    name : str
        Folder name, such as "kiosk-survey".
    table : str, optional
        Name of the table, such as "items". Default: the first, which holds the main data.

    Returns
    -------
    DataFrame
        Columns as documented in the dataset's `datapackage.json`; whole numbers with missing
        values are float. `attrs["title"]` is the title of the dataset, which says so where the
        data are synthetic.

    Raises
    ------
    ValueError
        If the dataset or the table does not exist, if its file is not the published one, or if a
        column is missing or holds a value that its schema forbids.
    """
    descriptor = describe(name)
    resources = {resource["name"]: resource for resource in descriptor["resources"]}
    if table is None:
        table = next(iter(resources))
    if table not in resources:
        raise ValueError(_unknown(_("table"), table, list(resources)))
    resource = resources[table]
    path = _root() / name / resource["path"]
    content = _published(path, resource["hash"].removeprefix("sha256:"))
    schema = resource["schema"]
    frame = pd.read_csv(
        io.BytesIO(content),
        encoding="utf-8",
        keep_default_na=False,
        na_values=schema["missingValues"],
    )
    check(frame, schema["fields"], path.name)
    frame.attrs["title"] = descriptor["title"]
    return frame


def check(frame: pd.DataFrame, fields: list[dict[str, Any]], file: str) -> None:
    """Refuse a table that does not fit its schema.

    Parameters
    ----------
    frame : DataFrame
        As read from the file.
    fields : list of dict
        Frictionless fields: name, type (integer, number or string) and the constraints required,
        unique, enum, minimum and maximum.
    file : str
        File name for the message.

    Raises
    ------
    ValueError
        Naming the first bad column and, for a bad value, its first row.
    """
    expected = [field["name"] for field in fields]
    found = [str(name) for name in frame]
    for problem, columns in (
        (_("{file} lacks the column {columns}."), [name for name in expected if name not in found]),
        (_("{file} has an unknown column {columns}."), [c for c in found if c not in expected]),
    ):
        if columns:
            raise ValueError(problem.format(file=file, columns=", ".join(columns)))
    for field in fields:
        column = frame[field["name"]]
        for bad, rule in _violations(column, field):
            if bad.any():
                position = int(bad.to_numpy().argmax())
                raise ValueError(
                    _(
                        "{file}, column {column}, row {row} (line {line} of the file): the value "
                        "{value} is not allowed; it must {rule}."
                    ).format(
                        file=file,
                        column=field["name"],
                        row=position,
                        line=position + 2,
                        value=column.iloc[position],
                        rule=rule,
                    )
                )


def _violations(column: pd.Series, field: dict[str, Any]) -> Iterator[tuple[pd.Series, str]]:
    """Yield for each rule of a field where the column breaks it, and the rule in words."""
    constraints = field.get("constraints", {})
    present = column.notna()
    if field["type"] in ("integer", "number"):
        numbers = pd.to_numeric(column, errors="coerce")
        yield present & numbers.isna(), _("be a number")
        if field["type"] == "integer":
            yield present & (numbers % 1 != 0), _("be a whole number")
        if "minimum" in constraints:
            low = constraints["minimum"]
            yield numbers < low, _("be at least {low}").format(low=low)
        if "maximum" in constraints:
            high = constraints["maximum"]
            yield numbers > high, _("be at most {high}").format(high=high)
    if constraints.get("required"):
        yield ~present, _("not be empty")
    if constraints.get("unique"):
        yield present & column.duplicated(), _("not occur twice")
    if "enum" in constraints:
        allowed = constraints["enum"]
        listed = ", ".join(map(str, allowed))
        yield present & ~column.isin(allowed), _("be one of {listed}").format(listed=listed)


def _published(path: Path, expected: str) -> bytes:
    """Read a file and make sure that it is the published one."""
    restore = _("Restore it: `git checkout -- datasets` in a clone, or install the package again.")
    if not path.exists():
        raise ValueError(_("{file} is missing.").format(file=path.name) + " " + restore)
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        changed = _(
            "{file} is not the published file: its sha256 is {found}, expected {expected}. "
            "It was edited or cut short."
        ).format(file=path.name, found=found, expected=expected)
        raise ValueError(changed + " " + restore)
    return content


def _root() -> Path:
    """Folder of the datasets: inside an installed package, else beside the sources."""
    return _PACKAGED if _PACKAGED.is_dir() else _CLONED


def _unknown(kind: str, name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    hint = _(" Did you mean {near!r}?").format(near=near[0]) if near else ""
    return _("There is no {kind} {name!r}.{hint} There are: {known}.").format(
        kind=kind, name=name, hint=hint, known=", ".join(known)
    )
