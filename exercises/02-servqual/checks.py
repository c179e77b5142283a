"""The checks that the test cells of this exercise use, with messages that say what to look at.

There are no answers here. When your work is graded, this file is replaced by the instructor's
copy: changing it changes no mark.
"""

import contextlib
import copy
import io
import textwrap

import numpy as np
import pandas as pd

RELATIVE_TOLERANCE = 1e-3
ABSOLUTE_TOLERANCE = 5e-5


class CheckError(AssertionError):
    """A check that did not pass."""

    def _render_traceback_(self):
        """Show the message alone in Jupyter: the lines of this file would not help."""
        return str(self).splitlines()


def run(function, *arguments, **options):
    """Call a student's function; return its result.

    Raises
    ------
    CheckError
        If the function is still the stub, returns nothing, or changes the data it was given.
    """
    given = [*arguments, *options.values()]
    before = copy.deepcopy(given)
    try:
        # nbgrader gives no points to a cell with text on stderr, but a warning is not a mistake.
        with contextlib.redirect_stderr(io.StringIO()):
            result = function(*arguments, **options)
    except NotImplementedError:
        raise _failure(f"{function.__name__} is still empty: your code is missing.") from None
    if not all(map(_same, before, given)):
        raise _failure(
            f"{function.__name__} changed the data that it was given. Work on a copy, so that the "
            "caller's table stays as it was."
        )
    if result is None:
        raise _failure(f"{function.__name__} returned nothing. Does it end with a return?")
    return result


def entry(result, name):
    """Take one entry of a returned dict."""
    try:
        return result[name]
    except (IndexError, KeyError, TypeError):
        raise _failure(
            f"The result has no entry {name!r}. Return a dict with the entries that the task names."
        ) from None


def check_close(actual, expected, what, hint="", *, also=(), mistakes=(), hidden=False):
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
    names = list(expected) if isinstance(expected, dict) else range(np.size(expected))
    got = _numbers(actual, names, what)

    def agree(other):
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
        f"{_label(names, i)}expected {wanted[i]:.6g}, your function gave {got[i]:.6g}." for i in off
    ]
    raise _failure(_headline(what, hidden), *_shown(differences, hidden), hint)


def check_labels(actual, expected, what, hint="", *, hidden=False):
    """Compare one or many words; parameters as in `check_close`."""
    names = list(expected) if isinstance(expected, dict) else range(np.size(expected))
    got = _texts(actual, names, what)
    wanted = _texts(expected, names, what)
    differences = [
        f"{_label(names, i)}expected {wanted[i]!r}, your function gave {got[i]!r}."
        for i in range(len(names))
        if got[i] != wanted[i]
    ]
    if differences:
        raise _failure(_headline(what, hidden), *_shown(differences, hidden), hint)


def check_raises(error, hint, function, *arguments, **options):
    """Call a student's function, which must raise `error`."""
    try:
        result = run(function, *arguments, **options)
    except error:
        return
    raise _failure(
        f"{function.__name__} should raise {error.__name__} here; it returned {result!r}.", hint
    )


def check_own_generator(function, *arguments, **options):
    """Call a student's function, which must leave NumPy's global generator alone."""
    random = np.random.mtrand._rand
    kept = random.get_state()
    random.seed()
    before = random.get_state()
    try:
        run(function, *arguments, **options)
        after = random.get_state()
    finally:
        random.set_state(kept)
    if before[2] != after[2] or not np.array_equal(before[1], after[1]):
        raise _failure(
            f"{function.__name__} uses NumPy's global random numbers. Another cell could then "
            "change its answer, and it could change theirs. Make your own generator with "
            "numpy.random.default_rng(seed) and draw from that."
        )


def _failure(*lines):
    message = "\n".join(textwrap.fill(line, 84) for line in lines if line)
    return CheckError(f"Not yet. {message}")


def _headline(what, hidden):
    return f"{what}: right in the example, but not on other data." if hidden else f"{what}:"


def _shown(differences, hidden):
    if hidden:
        return []
    more = [f"... and {len(differences) - 3} more."] if len(differences) > 3 else []
    return differences[:3] + more


def _label(names, i):
    return "" if len(names) == 1 else f"[{list(names)[i]}] "


def _numbers(values, names, what):
    try:
        row = np.asarray(_in_order(values, names, what), dtype=float).ravel()
    except (TypeError, ValueError):
        raise _failure(f"{what}: expected numbers, your function gave {values!r}.") from None
    return _of_length(row, names, what)


def _texts(values, names, what):
    row = np.asarray(_in_order(values, names, what), dtype=str).ravel()
    return _of_length(row.tolist(), names, what)


def _of_length(row, names, what):
    if len(row) != len(names):
        raise _failure(f"{what}: expected {len(names)} value(s), your function gave {len(row)}.")
    return row


def _in_order(values, names, what):
    if not hasattr(values, "keys"):
        return values
    missing = [name for name in names if name not in values.keys()]  # noqa: SIM118
    if not missing:
        return [values[name] for name in names]
    if isinstance(values, pd.Series) and len(missing) == len(values) == len(names):
        return values.to_numpy()
    raise _failure(f"{what}: there is no entry for {missing[0]!r}.")


def _same(before, after):
    if isinstance(before, pd.DataFrame | pd.Series):
        return before.equals(after)
    if isinstance(before, np.ndarray):
        return np.array_equal(before, after, equal_nan=True)
    return before is after or before == after
