"""Plain data as text, for what passes between a student's process and the examiner's.

JSON with a typed form for what JSON does not know. Nothing that is read here can run: a value is
rebuilt from numbers and text, and everything is checked on arrival. Pickle is never used.
"""

import base64
import binascii
import collections
import datetime
import json
import math
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

MOST_CHARACTERS = 20_000_000
DEEPEST = 40

TAG = "$"
NUMBERS = re.compile(r"[<>|=]?(?:[biufc]\d{1,2}|[mM]8(?:\[(?:\d+)?[A-Za-z]+\])?)")
EXTENSIONS = re.compile(r"str|string|boolean|U?Int(?:8|16|32|64)|Float(?:32|64)")
GENERATORS = {"PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"}


class NotPlainError(TypeError):
    """A value that is not plain data; the text names its type."""


class BadMessageError(ValueError):
    """A text that `write` did not make."""


def write(value: Any, most: int = MOST_CHARACTERS) -> str:
    """Return a value as text.

    Parameters
    ----------
    value : plain data
        Numbers, text, bytes, dates, lists, tuples, sets, dicts, arrays, Series, DataFrames, Altair
        charts, NumPy's random generators, and these inside each other.
    most : int
        Most characters of the text.

    Raises
    ------
    NotPlainError
        If the value, or something inside it, is none of these, or is too large or too deep.
    """
    text = json.dumps(_written(value, 0), ensure_ascii=False, separators=(",", ":"))
    if len(text) > most:
        raise NotPlainError(f"a value of {len(text):,} characters; {most:,} are the most")
    return text


def read(text: str, most: int = MOST_CHARACTERS) -> Any:
    """Rebuild a value that `write` made.

    Raises
    ------
    BadMessageError
        If the text is too long or is not of that form.
    """
    if len(text) > most:
        raise BadMessageError(f"a message of {len(text):,} characters; {most:,} are the most")
    try:
        return _rebuilt(json.loads(text), 0)
    except BadMessageError:
        raise
    except (
        ArithmeticError,
        AttributeError,
        IndexError,
        InvalidOperation,
        KeyError,
        RecursionError,
        TypeError,
        ValueError,
        binascii.Error,
    ) as error:
        raise BadMessageError(f"a message of the wrong form ({type(error).__name__})") from None


def _written(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise NotPlainError("a value that is nested too deeply")
    if value is None or value is True or value is False:
        return value
    kind = type(value)
    if kind not in _writer_of:
        _writer_of[kind] = next((w for known, w in _WRITERS if issubclass(kind, known)), None)
    writer = _writer_of[kind]
    if writer:
        return writer(value, depth + 1)
    if type(value).__module__.startswith("altair.") and hasattr(value, "to_dict"):
        return {TAG: "chart", "spec": _written(value.to_dict(), depth + 1)}
    raise NotPlainError(f"a value of type {type(value).__name__}")


def _items(values: Any, depth: int) -> list[Any]:
    return [_written(value, depth) for value in values]


def _write_float(value: float, depth: int) -> Any:
    number = float(value)
    return number if math.isfinite(number) else {TAG: "float", "text": repr(number)}


def _write_dict(value: dict[Any, Any], depth: int) -> Any:
    return {TAG: "dict", "items": [_items(pair, depth) for pair in value.items()]}


def _write_array(value: np.ndarray, depth: int) -> Any:
    if NUMBERS.fullmatch(value.dtype.str):
        data: Any = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        dtype = value.dtype.str
    else:
        dtype = "text" if value.dtype.kind == "U" else "object"
        data = _items(value.ravel().tolist(), depth)
    return {TAG: "array", "dtype": dtype, "shape": list(value.shape), "data": data}


def _write_column(value: Any, depth: int) -> Any:
    """Write the values of a Series, of a column, or of an index."""
    if isinstance(value.dtype, pd.CategoricalDtype):
        return {
            TAG: "category",
            "codes": _written(np.asarray(value.codes), depth),
            "categories": _write_index(value.categories, depth),
            "ordered": bool(value.ordered),
        }
    if EXTENSIONS.fullmatch(str(value.dtype)):
        missing = value.isna()
        data = [
            None if gone else _written(v, depth) for v, gone in zip(value, missing, strict=True)
        ]
        return {TAG: "extension", "dtype": str(value.dtype), "data": data}
    if isinstance(value.dtype, np.dtype):
        return _write_array(np.asarray(value), depth)
    return _write_array(np.asarray(value.astype(object)), depth)


def _write_index(value: pd.Index, depth: int) -> Any:
    if isinstance(value, pd.MultiIndex):
        levels = [value.get_level_values(number) for number in range(value.nlevels)]
        return {TAG: "index", "levels": [_write_index(level, depth) for level in levels]}
    if isinstance(value, pd.RangeIndex):
        data: Any = {TAG: "range", "of": [value.start, value.stop, value.step]}
    else:
        data = _write_column(value.array if _is_extension(value) else value.to_numpy(), depth)
    return {TAG: "index", "data": data, "name": _written(value.name, depth)}


def _is_extension(value: Any) -> bool:
    return not isinstance(value.dtype, np.dtype)


def _write_series(value: pd.Series, depth: int) -> Any:
    return {
        TAG: "series",
        "data": _write_column(value.array if _is_extension(value) else value.to_numpy(), depth),
        "index": _write_index(value.index, depth),
        "name": _written(value.name, depth),
    }


def _write_frame(value: pd.DataFrame, depth: int) -> Any:
    """Write columns of the same NumPy type together: a survey has a hundred of them."""
    places: dict[Any, list[int]] = {}
    for place, dtype in enumerate(value.dtypes):
        places.setdefault(dtype, []).append(place)
    parts = []
    for dtype, where in places.items():
        part = value.iloc[:, where] if len(places) > 1 else value
        if isinstance(dtype, np.dtype):
            data = _write_array(part.to_numpy(), depth)
        else:
            data = [_write_column(column.array, depth) for _name, column in part.items()]
        parts.append({"places": where, "data": data})
    return {
        TAG: "frame",
        "parts": parts,
        "columns": _write_index(value.columns, depth),
        "index": _write_index(value.index, depth),
    }


def _write_generator(value: np.random.Generator, depth: int) -> Any:
    state = value.bit_generator.state
    if state.get("bit_generator") not in GENERATORS:
        raise NotPlainError(f"a random generator of type {type(value.bit_generator).__name__}")
    return {TAG: "generator", "state": _written(state, depth)}


def _write_interval(value: pd.Interval, depth: int) -> Any:
    return {
        TAG: "interval",
        "ends": _items([value.left, value.right], depth),
        "closed": value.closed,
    }


def _tagged(tag: str, form: Callable[[Any], str]) -> Callable[[Any, int], Any]:
    return lambda value, depth: {TAG: tag, "text": form(value)}


def _listed(tag: str) -> Callable[[Any, int], Any]:
    return lambda value, depth: {TAG: tag, "items": _items(value, depth)}


_WRITERS: list[tuple[Any, Callable[[Any, int], Any]]] = [
    (
        np.generic,
        lambda value, depth: {TAG: "scalar", "of": _write_array(np.asarray(value), depth)},
    ),
    (bool, lambda value, depth: bool(value)),
    (int, lambda value, depth: int(value)),
    (float, _write_float),
    (str, lambda value, depth: str(value)),
    (list, _items),
    (tuple, _listed("tuple")),
    ((set, frozenset), _listed("set")),
    (dict, _write_dict),
    (np.ndarray, _write_array),
    (pd.Series, _write_series),
    (pd.DataFrame, _write_frame),
    (pd.Index, _write_index),
    (pd.api.extensions.ExtensionArray, _write_column),
    (type(pd.NaT), _tagged("missing", lambda value: "NaT")),
    (type(pd.NA), _tagged("missing", lambda value: "NA")),
    (datetime.datetime, _tagged("datetime", lambda value: value.isoformat())),
    (datetime.date, _tagged("date", lambda value: value.isoformat())),
    (datetime.time, _tagged("time", lambda value: value.isoformat())),
    (datetime.timedelta, _tagged("timedelta", lambda value: repr(value.total_seconds()))),
    (complex, _tagged("complex", repr)),
    (Decimal, _tagged("decimal", str)),
    (Fraction, _tagged("fraction", str)),
    (bytes, _tagged("bytes", lambda value: base64.b64encode(value).decode())),
    (pd.Period, lambda value, depth: {TAG: "period", "text": str(value), "freq": value.freqstr}),
    (pd.Interval, _write_interval),
    (np.random.Generator, _write_generator),
    ((collections.deque, range, type({}.keys()), type({}.values()), type({}.items())), _items),
]

# Which of them a type has; looking through the list for each value would take long.
_writer_of: dict[type, Callable[[Any, int], Any] | None] = {}


def _rebuilt(form: Any, depth: int) -> Any:
    if depth > 2 * DEEPEST:
        raise BadMessageError("a message that is nested too deeply")
    if isinstance(form, list):
        return [_rebuilt(item, depth + 1) for item in form]
    if not isinstance(form, dict):
        return form
    tag = form[TAG]
    if tag in _TEXTS:
        return _TEXTS[tag](_text(form))
    return _READERS[tag](form, depth + 1)


def _text(form: dict[str, Any]) -> str:
    text = form["text"]
    if not isinstance(text, str):
        raise BadMessageError("a message with something else in place of text")
    return text


def _read_float(text: str) -> float:
    return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[text]


def _read_fraction(text: str) -> Fraction:
    top, _, bottom = text.partition("/")  # not "1e999999999", which would take for ever
    return Fraction(int(top), int(bottom or 1))


def _read_dict(form: dict[str, Any], depth: int) -> dict[Any, Any]:
    return {_rebuilt(key, depth): _rebuilt(value, depth) for key, value in form["items"]}


def _read_array(form: dict[str, Any], depth: int) -> np.ndarray:
    shape = tuple(form["shape"])
    if not all(type(size) is int and size >= 0 for size in shape):
        raise BadMessageError("an array of an impossible shape")
    dtype = form["dtype"]
    if dtype in ("text", "object"):
        items = [_rebuilt(item, depth) for item in form["data"]]
        values = np.empty(len(items), dtype=object)
        values[:] = items
        return (values.astype(str) if dtype == "text" else values).reshape(shape)
    if not NUMBERS.fullmatch(dtype):
        raise BadMessageError("an array of an unknown type")
    data = base64.b64decode(form["data"], validate=True)
    return np.frombuffer(data, dtype=np.dtype(dtype)).reshape(shape).copy()


def _read_scalar(form: dict[str, Any], depth: int) -> Any:
    return _read_array(form["of"], depth)[()]


def _read_category(form: dict[str, Any], depth: int) -> pd.Categorical:
    return pd.Categorical.from_codes(
        _rebuilt(form["codes"], depth),
        categories=_rebuilt(form["categories"], depth),
        ordered=form["ordered"] is True,
    )


def _read_extension(form: dict[str, Any], depth: int) -> Any:
    if not EXTENSIONS.fullmatch(form["dtype"]):
        raise BadMessageError("a column of an unknown type")
    values = [None if item is None else _rebuilt(item, depth) for item in form["data"]]
    return pd.array(values, dtype=form["dtype"])


def _read_range(form: dict[str, Any], depth: int) -> pd.RangeIndex:
    index = pd.RangeIndex(*form["of"])
    if len(index) > MOST_CHARACTERS:
        raise BadMessageError("an index that is too long")
    return index


def _read_interval(form: dict[str, Any], depth: int) -> pd.Interval:
    left, right = _rebuilt(form["ends"], depth)
    return pd.Interval(left, right, closed=form["closed"])


def _read_index(form: dict[str, Any], depth: int) -> pd.Index:
    if "levels" in form:
        return pd.MultiIndex.from_arrays([_rebuilt(level, depth) for level in form["levels"]])
    index = pd.Index(_rebuilt(form["data"], depth))
    return index.rename(_rebuilt(form["name"], depth))


def _read_series(form: dict[str, Any], depth: int) -> pd.Series:
    return pd.Series(
        _rebuilt(form["data"], depth),
        index=_rebuilt(form["index"], depth),
        name=_rebuilt(form["name"], depth),
    )


def _read_frame(form: dict[str, Any], depth: int) -> pd.DataFrame:
    index = _rebuilt(form["index"], depth)
    parts = []
    places: list[int] = []
    for part in form["parts"]:
        data = _rebuilt(part["data"], depth)
        if isinstance(data, list):
            data = dict(enumerate(data))
        parts.append(pd.DataFrame(data, index=index))
        places += part["places"]
        if len(places) != sum(len(part.columns) for part in parts):
            raise BadMessageError("a table with columns that have no place")
    in_order = sorted(places)
    if in_order != list(range(len(places))):
        raise BadMessageError("a table with columns in no order")
    frame = parts[0] if len(parts) == 1 else pd.concat(parts or [pd.DataFrame(index=index)], axis=1)
    if places != in_order:
        frame = frame.iloc[:, np.argsort(places)]
    frame.columns = _rebuilt(form["columns"], depth)
    return frame


def _read_generator(form: dict[str, Any], depth: int) -> np.random.Generator:
    state = _rebuilt(form["state"], depth)
    if state["bit_generator"] not in GENERATORS:
        raise BadMessageError("a random generator of an unknown type")
    generator = getattr(np.random, state["bit_generator"])()
    generator.state = state
    return np.random.Generator(generator)


def _read_chart(form: dict[str, Any], depth: int) -> Any:
    import altair
    import jsonschema

    try:
        return altair.Chart.from_dict(_rebuilt(form["spec"], depth))
    except jsonschema.ValidationError:
        raise BadMessageError("a chart that Vega-Lite does not know") from None


_TEXTS: dict[str, Callable[[str], Any]] = {
    "float": _read_float,
    "missing": {"NaT": pd.NaT, "NA": pd.NA}.__getitem__,
    "datetime": pd.Timestamp,
    "time": datetime.time.fromisoformat,
    "date": datetime.date.fromisoformat,
    "timedelta": lambda text: pd.Timedelta(seconds=float(text)),
    "complex": complex,
    "decimal": Decimal,
    "fraction": _read_fraction,
    "bytes": lambda text: base64.b64decode(text, validate=True),
}
_READERS: dict[str, Callable[[dict[str, Any], int], Any]] = {
    "tuple": lambda form, depth: tuple(_rebuilt(form["items"], depth)),
    "set": lambda form, depth: set(_rebuilt(form["items"], depth)),
    "dict": _read_dict,
    "array": _read_array,
    "scalar": _read_scalar,
    "category": _read_category,
    "interval": _read_interval,
    "period": lambda form, depth: pd.Period(_text(form), freq=form["freq"]),
    "extension": _read_extension,
    "range": _read_range,
    "index": _read_index,
    "series": _read_series,
    "frame": _read_frame,
    "generator": _read_generator,
    "chart": _read_chart,
}
