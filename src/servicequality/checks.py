"""The checks that the test cells of all exercises use, with messages that say what to look at.

There are no answers here, and nothing of the rest of the course. A student's function may live in
another process: a check calls it through one seam and sees plain data only (see `Outcome`).
"""

import contextlib
import copy
import io
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.random import mtrand
from numpy.typing import NDArray

Array = NDArray[Any]
Row = TypeVar("Row", NDArray[Any], list[str])

RELATIVE_TOLERANCE = 1e-3
ABSOLUTE_TOLERANCE = 5e-5

# The global generator draws from the first while a student's function is called. As long as nothing
# is drawn from it, the second gives the same numbers.
_LENT, _TWIN = map(np.random.MT19937, [np.random.SeedSequence()] * 2)


class CheckError(AssertionError):
    """A check that did not pass."""

    tells_no_data = False
    """Whether the message was written by the author of the test alone."""

    def _render_traceback_(self) -> list[str]:
        """Show the message alone in Jupyter: the lines of this file would not help."""
        return str(self).splitlines()


@dataclass(frozen=True)
class Outcome:
    """What a call of a student's function gave.

    A function with a method `outcome(*arguments, **options)` that returns this is called by it, and
    may live elsewhere; any other is called here. What the function raises passes through.
    """

    result: Any
    changed: bool
    """Whether the function changed an argument."""
    used_global_random: bool
    """Whether it touched NumPy's global generator."""


def run(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Call a student's function; return its result.

    Raises
    ------
    CheckError
        If the function is still the stub, returns nothing, or changes the data it was given.
    """
    return _outcome(function, *arguments, **options).result


def entry(result: Any, name: str) -> Any:
    """Take one entry of a returned dict."""
    try:
        return result[name]
    except (IndexError, KeyError, TypeError):
        raise _failure(
            f"The result has no entry {name!r}. Return a dict with the entries that the task names."
        ) from None


def check_close(
    actual: Any,
    expected: Any,
    what: str,
    hint: str = "",
    *,
    also: Iterable[Any] = (),
    mistakes: Iterable[tuple[Any, str]] = (),
    hidden: bool = False,
) -> None:
    """Compare one or many numbers; nan equals nan.

    Parameters
    ----------
    actual : number, list, tuple, array, Series or dict
    expected : number, sequence or dict
        With a dict, entries are found by name, or by position if `actual` has no names.
    what : str
        What is compared, for the message.
    hint : str
        What to look at if it fails.
    also : sequence
        Other right answers, in the form of `expected`.
    mistakes : sequence of (wrong answer, hint)
        If `actual` equals one of them, its own hint is shown.
    hidden : bool
        Keep the numbers out of the message.
    """
    names = _names(expected)
    got = _numbers(actual, names, what)

    def agree(other: Any) -> Array:
        wanted = _numbers(other, names, what)
        tolerances = {"rtol": RELATIVE_TOLERANCE, "atol": ABSOLUTE_TOLERANCE}
        return np.isclose(got, wanted, equal_nan=True, **tolerances)

    if any(agree(answer).all() for answer in (expected, *also)):
        return
    for wrong, reason in mistakes:
        if agree(wrong).all():
            hint = reason
    off = np.flatnonzero(~agree(expected))
    wanted = _numbers(expected, names, what)
    differences = [
        f"{_label(names, i)}expected {wanted[i]:.6g}, your function gave {got[i]:.6g}."
        for i in off.tolist()
    ]
    raise _unlike(what, differences, hint, hidden)


def check_labels(
    actual: Any, expected: Any, what: str, hint: str = "", *, hidden: bool = False
) -> None:
    """Compare one or many words; parameters as in `check_close`."""
    names = _names(expected)
    got = _texts(actual, names, what)
    wanted = _texts(expected, names, what)
    differences = [
        f"{_label(names, i)}expected {wanted[i]!r}, your function gave {got[i]!r}."
        for i in range(len(names))
        if got[i] != wanted[i]
    ]
    if differences:
        raise _unlike(what, differences, hint, hidden)


def check_raises(
    error: type[Exception],
    hint: str,
    function: Callable[..., Any],
    *arguments: Any,
    **options: Any,
) -> None:
    """Call a student's function, which must raise `error`."""
    try:
        result = run(function, *arguments, **options)
    except error:
        return
    raise _failure(
        f"{function.__name__} should raise {error.__name__} here; it returned {result!r}.", hint
    )


def check_own_generator(function: Callable[..., Any], *arguments: Any, **options: Any) -> None:
    """Call a student's function, which must leave NumPy's global generator alone."""
    if _outcome(function, *arguments, **options).used_global_random:
        raise _failure(
            f"{function.__name__} uses NumPy's global random numbers. Another cell could then "
            "change its answer, and it could change theirs. Make your own generator with "
            "numpy.random.default_rng(seed) and draw from that."
        )


def _outcome(function: Callable[..., Any], *arguments: Any, **options: Any) -> Outcome:
    asked = getattr(function, "outcome", None) or partial(call, function)
    try:
        outcome: Outcome = asked(*arguments, **options)
    except NotImplementedError:
        raise _failure(f"{function.__name__} is still empty: your code is missing.") from None
    if outcome.changed:
        raise _failure(
            f"{function.__name__} changed the data that it was given. Work on a copy, so that the "
            "caller's table stays as it was."
        )
    if outcome.result is None:
        raise _failure(f"{function.__name__} returned nothing. Does it end with a return?")
    return outcome


def call(function: Callable[..., Any], *arguments: Any, **options: Any) -> Outcome:
    """Call a function here, and notice what it does besides."""
    given = [*arguments, *options.values()]
    before = copy.deepcopy(given)
    random = mtrand._rand
    own, kept = mtrand.get_bit_generator(), random.get_state(legacy=False)
    mtrand.set_bit_generator(_LENT)
    try:
        # nbgrader gives no points to a cell with text on stderr, but a warning is not a mistake.
        with contextlib.redirect_stderr(io.StringIO()):
            result = function(*arguments, **options)
    finally:
        used = mtrand.get_bit_generator() is not _LENT or _has_drawn()
        mtrand.set_bit_generator(own)
        if kept["has_gauss"]:  # the second of two numbers, which a bit generator does not hold
            random.set_state(kept)
    return Outcome(result, not all(map(_same, before, given)), used)


def _has_drawn() -> bool:
    """Tell whether numbers were drawn from the lent generator, or it was seeded; make it anew."""
    if np.array_equal(_LENT.random_raw(4), _TWIN.random_raw(4)):
        return False
    _LENT.state = _TWIN.state
    return True


def _failure(*lines: str) -> CheckError:
    message = "\n".join(textwrap.fill(line, 84) for line in lines if line)
    return CheckError(f"Not yet. {message}")


def _unlike(what: str, differences: list[str], hint: str, hidden: bool) -> CheckError:
    if hidden:
        error = _failure(f"{what}: right in the example, but not on other data.", hint)
        error.tells_no_data = True
        return error
    more = [f"... and {len(differences) - 3} more."] if len(differences) > 3 else []
    return _failure(f"{what}:", *differences[:3], *more, hint)


def _names(expected: Any) -> Sequence[Any]:
    return list(expected) if isinstance(expected, dict) else range(np.size(expected))


def _label(names: Sequence[Any], i: int) -> str:
    return "" if len(names) == 1 else f"[{list(names)[i]}] "


def _numbers(values: Any, names: Sequence[Any], what: str) -> Array:
    try:
        row = np.asarray(_in_order(values, names, what), dtype=float).ravel()
    except (TypeError, ValueError):
        raise _failure(f"{what}: expected numbers, your function gave {values!r}.") from None
    return _of_length(row, names, what)


def _texts(values: Any, names: Sequence[Any], what: str) -> list[str]:
    row = np.asarray(_in_order(values, names, what), dtype=str).ravel()
    return _of_length(row.tolist(), names, what)


def _of_length(row: Row, names: Sequence[Any], what: str) -> Row:
    if len(row) != len(names):
        raise _failure(f"{what}: expected {len(names)} value(s), your function gave {len(row)}.")
    return row


def _in_order(values: Any, names: Sequence[Any], what: str) -> Any:
    if not hasattr(values, "keys"):
        return values
    missing = [name for name in names if name not in values.keys()]  # noqa: SIM118
    if not missing:
        return [values[name] for name in names]
    if isinstance(values, pd.Series) and len(missing) == len(values) == len(names):
        return values.to_numpy()
    raise _failure(f"{what}: there is no entry for {missing[0]!r}.")


def _same(before: Any, after: Any) -> bool:
    if before is after or isinstance(before, np.random.Generator):  # which is there to be used
        return True
    if type(before) is not type(after):
        return False
    if isinstance(before, np.ndarray) and before.dtype.kind in "fcmM":
        return np.array_equal(before, after, equal_nan=True)
    if isinstance(before, np.ndarray) and before.dtype.kind == "O":
        return before.shape == after.shape and all(map(_same, before.ravel(), after.ravel()))
    if isinstance(before, np.ndarray):
        return np.array_equal(before, after)
    if hasattr(before, "equals"):
        return bool(before.equals(after))
    if isinstance(before, dict):
        return list(before) == list(after) and all(map(_same, before.values(), after.values()))
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(_same, before, after))
    return bool(before == after)
