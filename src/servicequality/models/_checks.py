"""Refuse impossible input in words that help the person who passed it."""

from collections.abc import Iterable
from gettext import gettext as _

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def checked(
    name: str,
    values: ArrayLike | pd.Series,
    *,
    at_least: float | None = None,
    above: float | None = None,
    at_most: float | None = None,
    below: float | None = None,
    whole: bool = False,
    missing: bool = False,
    infinite: bool = False,
) -> NDArray[np.float64]:
    """Turn values into floats, all of them allowed.

    Parameters
    ----------
    name : str
        Name of the parameter, for the message.
    values : array_like or Series
        A number or many.
    at_least, above, at_most, below : float, optional
        Bounds; `at_least` and `at_most` are allowed values, `above` and `below` are not.
    whole : bool
        Whether only whole numbers are allowed.
    missing, infinite : bool
        Whether NaN and infinite values within the bounds are allowed.

    Returns
    -------
    ndarray, same shape

    Raises
    ------
    ValueError
        Naming the parameter, the first bad value, its place and what is allowed.
    """
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(
            _("{name} must be {allowed}; it is {value!r}.").format(
                name=name,
                allowed=_in_words(at_least, above, at_most, below, whole, infinite),
                value=values,
            )
        ) from None
    good = np.ones(array.shape, dtype=bool)
    if at_least is not None:
        good &= array >= at_least
    if above is not None:
        good &= array > above
    if at_most is not None:
        good &= array <= at_most
    if below is not None:
        good &= array < below
    if whole:
        good &= np.floor(array) == array
    if not infinite:
        good &= ~np.isinf(array)
    good = good | np.isnan(array) if missing else good & ~np.isnan(array)
    if not good.all():
        position = int(np.argmin(good))
        place = ""
        if isinstance(values, pd.Series):
            place = _(" (row {row})").format(row=values.index[position])
        elif array.ndim:
            place = _(" (position {position})").format(position=position)
        raise ValueError(
            _("{name} must be {allowed}; it is {value:g}{place}.").format(
                name=name,
                allowed=_in_words(at_least, above, at_most, below, whole, infinite),
                value=array.flat[position],
                place=place,
            )
        )
    return array


def check_columns(table: pd.DataFrame, columns: Iterable[str]) -> None:
    """Refuse a table that lacks columns or has no rows.

    Raises
    ------
    ValueError
        Naming the missing columns.
    """
    lacking = [column for column in columns if column not in table]
    if lacking:
        raise ValueError(_("The table has no column {columns}.").format(columns=", ".join(lacking)))
    if table.empty:
        raise ValueError(_("The table has no rows."))


def check_choice(name: str, value: str, allowed: Iterable[str]) -> None:
    """Refuse a word that is not among the allowed ones.

    Raises
    ------
    ValueError
        Naming the parameter, the word and what is allowed.
    """
    words = list(allowed)
    if value not in words:
        raise ValueError(
            _("{name} must be one of {allowed}; it is {value!r}.").format(
                name=name, allowed=", ".join(words), value=value
            )
        )


def _in_words(
    at_least: float | None,
    above: float | None,
    at_most: float | None,
    below: float | None,
    whole: bool,
    infinite: bool,
) -> str:
    bounds = []
    if at_least is not None and at_most is not None:
        bounds.append(_("between {low:g} and {high:g}").format(low=at_least, high=at_most))
    else:
        for bound, words in (
            (at_least, _("at least {bound:g}")),
            (above, _("above {bound:g}")),
            (at_most, _("at most {bound:g}")),
            (below, _("below {bound:g}")),
        ):
            if bound is not None:
                bounds.append(words.format(bound=bound))
    unbounded = (at_least is None and above is None) or (at_most is None and below is None)
    if whole:
        kind = [_("a whole number")]
    elif unbounded and not infinite:
        kind = [_("a finite number")]
    else:
        kind = []
    return ", ".join([*kind, _(" and ").join(bounds)] if bounds else kind) or _("a number")
