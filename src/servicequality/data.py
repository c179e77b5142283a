"""Find, describe and load the datasets of the course, offline.

A dataset is a folder of `datasets/` with a Frictionless `datapackage.json` (title, licence, source,
and for each table its file, sha256 hash and schema) and a `README.md`, its datasheet.
"""

import difflib
import gzip
import hashlib
import io
import json
import re
from collections.abc import Iterator
from gettext import gettext as _
from pathlib import Path
from typing import Any

import pandas as pd

_PACKAGED = Path(__file__).parent / "datasets"
_CLONED = Path(__file__).parents[2] / "datasets"


class Description(dict[str, Any]):
    """What `datapackage.json` says about a dataset; a notebook shows it as a datasheet.

    Parameters
    ----------
    descriptor : dict
        Content of the `datapackage.json`.
    datasheet : str
        Content of the `README.md`, as Markdown.
    """

    def __init__(self, descriptor: dict[str, Any], datasheet: str) -> None:
        super().__init__(descriptor)
        self.datasheet = datasheet

    def fields(self, table: str | None = None) -> pd.DataFrame:
        """Name, meaning, type, unit and limits of each column of a table.

        Parameters
        ----------
        table : str, optional
            Name of the table. Default: the first.

        Returns
        -------
        DataFrame
            One row a column: name, meaning, type, unit, allowed.

        Raises
        ------
        ValueError
            If the dataset has no such table.
        """
        return pd.DataFrame(
            {
                "name": field["name"],
                "meaning": field["title"],
                "type": field["type"],
                "unit": field.get("unit", ""),
                "allowed": _allowed(field.get("constraints", {})),
            }
            for field in self._table(table)["schema"]["fields"]
        )

    def _table(self, table: str | None) -> dict[str, Any]:
        resources = {resource["name"]: resource for resource in self["resources"]}
        name = next(iter(resources)) if table is None else table
        if name not in resources:
            raise ValueError(_unknown(_("table"), name, list(resources)))
        found: dict[str, Any] = resources[name]
        return found

    def _repr_markdown_(self) -> str:
        tables = [
            "<details><summary><code>{name}</code>: {title} ({columns})</summary>\n{fields}\n"
            "</details>".format(
                name=resource["name"],
                title=resource["title"],
                columns=_("{n} columns").format(n=len(resource["schema"]["fields"])),
                fields=self.fields(resource["name"]).to_html(index=False, border=0, justify="left"),
            )
            for resource in self["resources"]
        ]
        return "\n\n".join([self.datasheet.rstrip(), _("**Tables**"), *tables])


def names() -> list[str]:
    """Names of all datasets, sorted."""
    return sorted(descriptor.parent.name for descriptor in _root().glob("*/datapackage.json"))


def catalogue() -> pd.DataFrame:
    """Table of all datasets.

    Returns
    -------
    DataFrame
        One row a dataset, with its name, title, whether it is synthetic (invented), the rows of
        each table, the chapters that use it and its licence.
    """
    return pd.DataFrame(_entry(name) for name in names())


def describe(name: str) -> Description:
    """Datasheet, licence, source, tables and columns of a dataset.

    Parameters
    ----------
    name : str
        Folder name, such as "kiosk-survey".

    Returns
    -------
    Description
        The content of its `datapackage.json`, as a dict. At the end of a notebook cell it shows
        the datasheet: read it before you draw a conclusion.

    Raises
    ------
    ValueError
        If there is no such dataset; the message suggests the nearest name and lists all.
    """
    known = names()
    if name not in known:
        raise ValueError(_unknown(_("dataset"), name, known))
    folder = _root() / name
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return Description(descriptor, (folder / "README.md").read_text(encoding="utf-8"))


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
        Columns as documented in the dataset's `datapackage.json`, in its types: whole numbers
        are int64, or float64 where some are missing, since NumPy, SciPy and statsmodels do not
        take pandas' `<NA>`; true and false are bool, or boolean where some are missing; dates and
        times are datetime64, to be compared by `<` and `>=` in `DataFrame.query`, whose `==` with
        a text finds nothing (pandas issue 35595); texts are str. `attrs["title"]` is the title of
        the dataset, which says so where the data are synthetic.

    Raises
    ------
    ValueError
        If the dataset or the table does not exist, if its file is not the published one, or if a
        column is missing or holds a value that its schema forbids.
    """
    description = describe(name)
    resource = description._table(table)
    path = _root() / name / resource["path"]
    content = _published(path, resource["hash"].removeprefix("sha256:"))
    fields = resource["schema"]["fields"]
    raw = pd.read_csv(
        io.BytesIO(_unpacked(content)),
        encoding="utf-8",
        keep_default_na=False,
        na_values=resource["schema"]["missingValues"],
        dtype={f["name"]: "str" for f in fields if f["type"] not in ("integer", "number")},
        low_memory=False,
    )
    frame = check(raw, fields, path.name)
    frame.attrs["title"] = description["title"]
    return frame


def check(frame: pd.DataFrame, fields: list[dict[str, Any]], file: str) -> pd.DataFrame:
    """Give a table the types of its schema and refuse one that does not fit.

    Parameters
    ----------
    frame : DataFrame
        As read from the file: columns of type integer and number may be numbers already, all
        others are text.
    fields : list of dict
        Frictionless fields: name, type (integer, number, boolean, date, datetime or string) and
        the constraints required, unique, enum, pattern, minimum and maximum.
    file : str
        File name for the message.

    Returns
    -------
    DataFrame
        The same table in the types of the schema.

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
    typed = {}
    for field in fields:
        column, kind = frame[field["name"]], field["type"]
        constraints = field.get("constraints", {})
        if kind == "boolean" or (kind == "string" and {"enum", "pattern"} & set(constraints)):
            # Few different texts in many rows: each is checked once.
            column = column.astype("category")
        values, type_rule = _typed(column, kind)
        misfits = column.notna() & values.isna()
        for bad, rule in [(misfits, type_rule), *_violations(values, constraints)]:
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
        typed[field["name"]] = values.astype("str") if kind == "string" else values
    return pd.DataFrame(typed)


def _typed(column: pd.Series, kind: str) -> tuple[pd.Series, str]:
    """Values in the type of their field, missing where they do not fit, and what fits in words."""
    if kind == "integer":
        numbers = pd.to_numeric(column, errors="coerce")
        return numbers.where(numbers % 1 == 0), _("be a whole number")
    if kind == "number":
        return pd.to_numeric(column, errors="coerce").astype(float), _("be a number")
    if kind == "boolean":
        truth = column.map({"true": True, "false": False}).astype("boolean")
        return truth if truth.isna().any() else truth.astype(bool), _("be true or false")
    if kind == "date":
        days = pd.to_datetime(column, format="%Y-%m-%d", errors="coerce")
        return days, _("be a date such as 2015-01-31")
    if kind == "datetime":
        times = pd.to_datetime(column, format="%Y-%m-%dT%H:%M:%S", errors="coerce")
        return times, _("be a time such as 2015-01-31T23:59:00")
    return column, _("be text")


def _violations(values: pd.Series, constraints: dict[str, Any]) -> Iterator[tuple[pd.Series, str]]:
    """Yield for each constraint where the values break it, and the rule in words."""
    present = values.notna()
    if "minimum" in constraints:
        low = constraints["minimum"]
        yield values < low, _("be at least {low}").format(low=low)
    if "maximum" in constraints:
        high = constraints["maximum"]
        yield values > high, _("be at most {high}").format(high=high)
    if constraints.get("required"):
        yield ~present, _("not be empty")
    if constraints.get("unique"):
        yield present & values.duplicated(), _("not occur twice")
    if "enum" in constraints:
        allowed = constraints["enum"]
        listed = ", ".join(map(str, allowed))
        yield present & ~values.isin(allowed), _("be one of {listed}").format(listed=listed)
    if "pattern" in constraints:
        pattern = constraints["pattern"]
        yield (
            present & ~values.str.fullmatch(pattern),
            _("match the pattern {pattern}").format(pattern=pattern),
        )


def _allowed(constraints: dict[str, Any]) -> str:
    """Limits of a field in words."""
    if "enum" in constraints:
        return ", ".join(map(str, constraints["enum"]))
    if "pattern" in constraints:
        return str(constraints["pattern"])
    limits = constraints.get("minimum"), constraints.get("maximum")
    if limits == (None, None):
        return ""
    low, high = ("" if limit is None else str(limit) for limit in limits)
    return f"{low} … {high}".strip()


def _entry(name: str) -> dict[str, Any]:
    """Row of the catalogue."""
    description = describe(name)
    used_in = re.search(r"\*\*Used in\*\* chapters? ([\d, and]+)", description.datasheet)
    if used_in is None:
        raise ValueError(
            _(
                "The datasheet {file} does not say which chapter uses it: add a line such as "
                '"**Used in** chapters 2, 4."'
            ).format(file=f"{name}/README.md")
        )
    rows = {
        resource["name"]: _unpacked((_root() / name / resource["path"]).read_bytes()).count(b"\n")
        - 1
        for resource in description["resources"]
    }
    return {
        "name": name,
        "title": description["title"],
        "synthetic": "synthetic" in description["title"],
        "rows": ", ".join(f"{table} {n:,}" for table, n in rows.items()),
        "chapters": ", ".join(re.findall(r"\d", used_in[1])),
        "licence": description["licenses"][0]["title"],
    }


def _unpacked(content: bytes) -> bytes:
    """Text of a CSV file, which may be stored compressed."""
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


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
