"""Importance-performance analysis (IPA), and how its advice depends on the crosshair (M2.6)."""

from collections.abc import Sequence
from gettext import gettext as _

import numpy as np
import pandas as pd

MODES = ("scale", "data", "diagonal", "free")
"""Where the lines lie: at the middle of the scale, at the means of the attributes, along
importance = performance, or where the user puts them."""

CONCENTRATE = "concentrate"
KEEP_UP = "keep up"
OVERKILL = "overkill"
LOW_PRIORITY = "low priority"
LEAVE = "leave"
"""Advice on the quiet side of the diagonal, which knows only two kinds of attribute."""

# A mean of equal numbers can miss them in the last binary digit.
_ON_THE_LINE = 1e-9


def crosshair(
    attributes: pd.DataFrame,
    mode: str = "data",
    scale: tuple[float, float] = (1, 7),
    lines: tuple[float, float] | None = None,
) -> tuple[float, float]:
    """Positions of the importance line and the performance line (M2.6).

    Parameters
    ----------
    attributes : DataFrame
        One row per attribute, with columns importance and performance.
    mode : {"scale", "data", "free"}
        Middle of the scale, means of the attributes, or `lines`.
    scale : (low, high)
        Ends of the answering scale.
    lines : (importance, performance)
        For mode "free" only.

    Returns
    -------
    (importance, performance) : tuple of float

    Raises
    ------
    ValueError
        For another mode, for mode "free" without `lines`, or for a missing value.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"importance": [6, 4], "performance": [3, 5]}, index=["speed", "food"])
    >>> crosshair(table)
    (5.0, 4.0)
    >>> crosshair(table, mode="scale")
    (4.0, 4.0)
    """
    table = _checked(attributes)
    if mode == "scale":
        middle = (scale[0] + scale[1]) / 2
        return middle, middle
    if mode == "data":
        return float(table["importance"].mean()), float(table["performance"].mean())
    if mode == "free":
        if lines is None:
            raise ValueError(_("Mode 'free' needs lines=(importance, performance)."))
        return lines
    raise ValueError(
        _("No crosshair for mode {mode!r}; choose 'scale', 'data' or 'free'.").format(mode=mode)
    )


def classify(
    attributes: pd.DataFrame,
    mode: str = "data",
    scale: tuple[float, float] = (1, 7),
    lines: tuple[float, float] | None = None,
) -> pd.Series:
    """Advice for each attribute (M2.6). At or above a line counts as high.

    Parameters
    ----------
    attributes : DataFrame
        One row per attribute, with columns importance and performance.
    mode : str
        One of `MODES`.
    scale, lines
        As in `crosshair`.

    Returns
    -------
    Series of str
        `CONCENTRATE` (important, performs low), `KEEP_UP` (both high), `OVERKILL` (only
        performance high), `LOW_PRIORITY` (both low). Mode "diagonal" gives `CONCENTRATE` where
        performance is below importance, else `LEAVE`; it makes sense only if both use one scale.

    Raises
    ------
    ValueError
        For an unknown mode, for mode "free" without `lines`, or for a missing value.

    References
    ----------
    Martilla and James (1977); for the diagonal Bacon (2003).

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"importance": [6, 4], "performance": [3, 5]}, index=["speed", "food"])
    >>> classify(table).to_dict()
    {'speed': 'concentrate', 'food': 'overkill'}
    """
    if mode not in MODES:
        raise ValueError(
            _("Unknown mode {mode!r}; choose one of {modes}.").format(
                mode=mode, modes=", ".join(MODES)
            )
        )
    table = _checked(attributes)
    importance, performance = table["importance"], table["performance"]
    if mode == "diagonal":
        short = performance < importance - _ON_THE_LINE
        advice = np.where(short, CONCENTRATE, LEAVE)
    else:
        importance_line, performance_line = crosshair(table, mode, scale, lines)
        important = importance >= importance_line - _ON_THE_LINE
        performs = performance >= performance_line - _ON_THE_LINE
        advice = np.select(
            [important & ~performs, important & performs, performs],
            [CONCENTRATE, KEEP_UP, OVERKILL],
            LOW_PRIORITY,
        )
    return pd.Series(advice, attributes.index, name=mode)


def compare_modes(
    attributes: pd.DataFrame,
    scale: tuple[float, float] = (1, 7),
    lines: tuple[float, float] | None = None,
) -> pd.DataFrame:
    """Advice for each attribute under every mode, one column a mode.

    Parameters
    ----------
    attributes, scale, lines
        As in `classify`. The column "free" is there only if `lines` are given.

    Raises
    ------
    ValueError
        For a missing value.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"importance": [6, 5], "performance": [3, 5]}, index=["speed", "food"])
    >>> compare_modes(table)
                 scale         data     diagonal
    speed  concentrate  concentrate  concentrate
    food       keep up     overkill        leave
    """
    modes = [mode for mode in MODES if mode != "free" or lines is not None]
    return pd.DataFrame({mode: classify(attributes, mode, scale, lines) for mode in modes})


def advice_changes(advice: pd.DataFrame, modes: Sequence[str] = ("scale", "data")) -> pd.Series:
    """Tell for which attributes the advice is not the same under all of some modes.

    Parameters
    ----------
    advice : DataFrame
        From `compare_modes`.
    modes : sequence of str
        Columns to compare. With "diagonal" among them only one thing is compared: whether the
        advice is `CONCENTRATE`, since the diagonal has no quadrants.

    Returns
    -------
    Series of bool
        Its sum is the number of attributes whose advice changes.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"importance": [6, 5], "performance": [3, 5]}, index=["speed", "food"])
    >>> advice_changes(compare_modes(table)).to_dict()
    {'speed': False, 'food': True}
    """
    compared = advice[list(modes)]
    if "diagonal" in modes:
        compared = compared == CONCENTRATE
    return compared.ne(compared.iloc[:, 0], axis=0).any(axis=1)


def shortfalls(attributes: pd.DataFrame) -> pd.Series:
    """Subtract importance from performance, and put the largest shortfall first (M2.6).

    Parameters
    ----------
    attributes : DataFrame
        As in `classify`; both columns on one scale. Act on the negative ones, in this order.

    Raises
    ------
    ValueError
        For a missing value.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"importance": [4, 6], "performance": [5, 3]}, index=["food", "speed"])
    >>> shortfalls(table).to_dict()
    {'speed': -3, 'food': 1}
    """
    table = _checked(attributes)
    return (table["performance"] - table["importance"]).sort_values()


def derived_importance(performance: pd.DataFrame, overall: pd.Series) -> pd.Series:
    """Derive importance from the correlation of each attribute with the overall verdict (M2.6).

    Parameters
    ----------
    performance : DataFrame, respondents x attributes
        Performance ratings.
    overall : Series
        The same respondents' overall rating.

    Returns
    -------
    Series in [-1, 1]
        Each correlation uses the people who gave both answers; NaN if one does not vary. A
        correlation is no answer on the scale: see `on_scale_of` before drawing both on one map.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"speed": [2, 4, 6], "decor": [5, 3, 4]})
    >>> derived_importance(ratings, pd.Series([3, 5, 7])).round(2).to_dict()
    {'speed': 1.0, 'decor': -0.5}
    """
    return performance.corrwith(overall)


def on_scale_of(derived: pd.Series, stated: pd.Series) -> pd.Series:
    """Give derived importance the mean and spread of stated importance.

    A teaching assumption, so that both fit on one map: only the order of the attributes and
    their relative distances come from the data.

    Parameters
    ----------
    derived, stated : Series
        Importance of the same attributes, at least two.

    Returns
    -------
    Series
        All equal to the stated mean if the derived values do not vary.

    Examples
    --------
    >>> import pandas as pd
    >>> stated = pd.Series({"speed": 6.0, "decor": 4.0})
    >>> on_scale_of(pd.Series({"speed": 0.2, "decor": 0.6}), stated).to_dict()
    {'speed': 4.0, 'decor': 6.0}
    """
    spread = derived.std()
    standard = (derived - derived.mean()) / spread if spread > 0 else derived * 0
    return stated.mean() + standard * stated.std()


def _checked(attributes: pd.DataFrame) -> pd.DataFrame:
    for column in ("importance", "performance"):
        if column not in attributes:
            raise ValueError(_("The table needs a column {column!r}.").format(column=column))
        missing = attributes[column].isna()
        if missing.any():
            raise ValueError(
                _("The {column} of {attribute!r} is missing.").format(
                    column=column, attribute=missing.idxmax()
                )
            )
    return attributes
