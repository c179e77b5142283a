"""Shewhart control charts: limits, signals, run lengths, and what tampering does (M3.4).

Signals are points beyond three sigma; on request also the eighth and later points in a row on one
side of the centre line. A point exactly on a limit is no signal. Limits come from the data: a
target that somebody wishes for is no control limit.

For teachers. The formulas are established. Simulated days are independent, with one sudden and
lasting shift: a teaching assumption. In reality service data follow the day of the week,
neighbouring days resemble each other, and with thousands of customers in each point a plain p chart
flags nearly every one, because days and units differ by more than chance (see `overdispersion`);
then a chart that allows for this spread is needed, not a hunt for special causes.
"""

from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, bdtrc, ndtr, pdtr, pdtrc

from servicequality.models._checks import checked

Array = NDArray[np.float64]
Numbers = ArrayLike | pd.Series

MOST_DAYS = 20_000
"""Most days in one simulation."""

RUN = 8
"""Points in a row on one side of the centre line that make a signal."""

# Constants for ranges of two neighbours, rounded as in the published tables.
_I_FACTOR = 2.66
_MR_FACTOR = 3.267
_D2 = 1.128

# A point on a line may miss it in the last binary digits.
_ROUNDING = 1e-9


class Limits(NamedTuple):
    """Centre line with lower and upper control limit."""

    center: Array
    lcl: Array
    ucl: Array


class Verdict(NamedTuple):
    """How a chart did when the day of the shift is known.

    Attributes
    ----------
    false_alarms : int
        Signals before the shift.
    delay : float
        Days until the first signal after the shift, the day of the shift counted as 1; inf if it
        never comes.
    """

    false_alarms: int
    delay: float


def p_limits(center: ArrayLike, n: ArrayLike) -> Limits:
    """Limits of a share, p +- 3 sqrt(p(1-p)/n), the lower one at least 0 (M3.4).

    Parameters
    ----------
    center : array_like in [0, 1]
        Share in the long run, p.
    n : array_like, more than 0
        Units behind each point. Arguments broadcast.

    Returns
    -------
    Limits

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    Shewhart (1931); Montgomery (2013).

    Examples
    --------
    >>> limits = p_limits(0.06, [200, 50])
    >>> limits.lcl.round(5).tolist(), limits.ucl.round(5).tolist()
    ([0.00962, 0.0], [0.11038, 0.16076])
    """
    p = checked("center", center, at_least=0, at_most=1)
    return _around(p, 3 * np.sqrt(p * (1 - p) / checked("n", n, above=0)), floor=0)


def c_limits(center: ArrayLike) -> Limits:
    """Limits of a count, c +- 3 sqrt(c), the lower one at least 0 (M3.4).

    Parameters
    ----------
    center : array_like, zero or more
        Mean count, c.

    Returns
    -------
    Limits

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    Shewhart (1931); Montgomery (2013).

    Examples
    --------
    >>> limits = c_limits([9, 16])
    >>> limits.lcl.tolist(), limits.ucl.tolist()
    ([0.0, 4.0], [18.0, 28.0])
    """
    c = checked("center", center, at_least=0)
    return _around(c, 3 * np.sqrt(c), floor=0)


def i_limits(center: ArrayLike, mean_range: ArrayLike) -> Limits:
    """Limits of individual values, center +- 2.66 x mean moving range (M3.4).

    Parameters
    ----------
    center : array_like
        Mean of the values.
    mean_range : array_like, zero or more
        Mean distance of two values in a row. Arguments broadcast.

    Returns
    -------
    Limits
        The lower one may be negative.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    Montgomery (2013).

    Examples
    --------
    >>> limits = i_limits(6.63, 1.01111)
    >>> print(f"{limits.lcl:.4f} {limits.ucl:.4f}")
    3.9404 9.3196
    """
    spread = _I_FACTOR * checked("mean_range", mean_range, at_least=0)
    return _around(checked("center", center), spread, floor=-np.inf)


def mr_limits(mean_range: ArrayLike) -> Limits:
    """Limits of moving ranges, from 0 to 3.267 x mean moving range (M3.4).

    Parameters
    ----------
    mean_range : array_like, zero or more
        Mean distance of two values in a row.

    Returns
    -------
    Limits

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    Montgomery (2013).

    Examples
    --------
    >>> round(float(mr_limits(1.01111).ucl), 4)
    3.3033
    """
    center = checked("mean_range", mean_range, at_least=0)
    return _around(center, (_MR_FACTOR - 1) * center, floor=0)


def p_chart(
    defects: Numbers, n: Numbers, baseline: int | None = None, run: int | None = None
) -> pd.DataFrame:
    """Chart the share of defective units (M3.4).

    Parameters
    ----------
    defects : array_like or Series, zero or more
        Defective units of each day, week, branch...
    n : array_like or Series, more than 0
        Units of each, or one number for all.
    baseline : int, optional
        Estimate the centre line from so many first points only. Default: from all.
    run : int, at least 2, optional
        Also signal from so many points in a row on one side (usually `RUN`). Default: do not.

    Returns
    -------
    DataFrame
        One row per point, with the index of `defects` if that is a Series: value, center, lcl,
        ucl, beyond (bool, outside the limits), run (bool, completes or continues a run) and signal
        (bool, one of the two).

    Raises
    ------
    ValueError
        If there are no points, a number is impossible, or there are more defects than units.

    References
    ----------
    Shewhart (1931); Montgomery (2013).

    Examples
    --------
    >>> chart = p_chart([12, 10, 30], 200, baseline=2)
    >>> chart[["value", "center", "ucl", "signal"]].round(4)
       value  center     ucl  signal
    0   0.06   0.055  0.1034   False
    1   0.05   0.055  0.1034   False
    2   0.15   0.055  0.1034    True
    """
    found = _points("defects", defects, at_least=0)
    units = np.broadcast_to(checked("n", n, above=0), found.shape)
    value = found / units
    checked("defects / n", value, at_most=1)
    first = _baseline(baseline, len(value), at_least=1)
    center = found[first].sum() / units[first].sum()
    return _chart(defects, value, p_limits(center, units), run)


def c_chart(counts: Numbers, baseline: int | None = None, run: int | None = None) -> pd.DataFrame:
    """Chart counts of events, such as complaints a day (M3.4).

    Parameters
    ----------
    counts : array_like or Series, zero or more
        Events of each day, with equal opportunity for them on each.
    baseline, run
        As in `p_chart`.

    Returns
    -------
    DataFrame
        As from `p_chart`.

    Raises
    ------
    ValueError
        If there are no points or a number is impossible.

    References
    ----------
    Shewhart (1931); Montgomery (2013).

    Examples
    --------
    >>> c_chart([9, 8, 10, 19], baseline=3)["signal"].tolist()
    [False, False, False, True]
    """
    value = _points("counts", counts, at_least=0)
    center = value[_baseline(baseline, len(value), at_least=1)].mean()
    return _chart(counts, value, c_limits(center), run)


def i_chart(values: Numbers, baseline: int | None = None, run: int | None = None) -> pd.DataFrame:
    """Chart individual values, such as the mean handling time of each day (M3.4).

    Parameters
    ----------
    values : array_like or Series, at least two
        In order of time.
    baseline, run
        As in `p_chart`; a baseline of at least two.

    Returns
    -------
    DataFrame
        As from `p_chart`.

    Raises
    ------
    ValueError
        If there are fewer than two points or a number is missing.

    References
    ----------
    Montgomery (2013).

    Examples
    --------
    >>> chart = i_chart([6.2, 5.8, 6.5, 7.1, 6.0, 5.5, 6.4, 6.8, 6.1, 9.9])
    >>> chart.index[chart["signal"]].tolist()
    [9]
    """
    value = _points("values", values)
    first = value[_baseline(baseline, len(value), at_least=2)]
    return _chart(values, value, i_limits(first.mean(), _mean_range(first)), run)


def mr_chart(values: Numbers, baseline: int | None = None) -> pd.DataFrame:
    """Chart the moving ranges of individual values (M3.4).

    Parameters
    ----------
    values, baseline
        As in `i_chart`.

    Returns
    -------
    DataFrame
        As from `p_chart`, without runs; the first point has no range (NaN) and no signal.

    Raises
    ------
    ValueError
        As in `i_chart`.

    References
    ----------
    Montgomery (2013).

    Examples
    --------
    >>> mr_chart([6.0, 7.0, 5.0])["value"].tolist()
    [nan, 1.0, 2.0]
    """
    value = _points("values", values)
    first = value[_baseline(baseline, len(value), at_least=2)]
    ranges = np.abs(np.diff(value, prepend=np.nan))
    return _chart(values, ranges, mr_limits(_mean_range(first)), None)


def moving_range_sigma(values: Numbers) -> float:
    """Estimate the standard deviation from neighbours, mean moving range / 1.128 (M3.4).

    Shifts and trends blow up the ordinary standard deviation, but hardly this one.

    Parameters
    ----------
    values : array_like or Series, at least two
        In order of time.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If there are fewer than two values or one is missing.

    References
    ----------
    Montgomery (2013).

    Examples
    --------
    >>> round(moving_range_sigma([6.0, 7.0, 5.0]), 4)
    1.3298
    """
    value = _points("values", values)
    return _mean_range(value[_baseline(None, len(value), at_least=2)]) / _D2


def overdispersion(defects: Numbers, n: Numbers) -> float:
    """How many times the variance of shares exceeds what chance explains (M3.4).

    Parameters
    ----------
    defects, n
        As in `p_chart`, at least two points.

    Returns
    -------
    float
        Pearson's chi-squared over its degrees of freedom. About 1: a p chart is right. Far above
        1: its limits are too narrow. NaN if no unit, or every unit, is defective.

    Raises
    ------
    ValueError
        As in `p_chart`, or if there are fewer than two points.

    References
    ----------
    Spiegelhalter (2005).

    Examples
    --------
    >>> round(overdispersion([12, 10, 30], 200), 2)
    7.66
    """
    chart = p_chart(defects, n)
    checked("points", len(chart), at_least=2)
    units = np.broadcast_to(np.asarray(n, dtype=float), len(chart))
    p = chart["center"].iloc[0]
    with np.errstate(invalid="ignore"):
        z2 = (chart["value"] - p) ** 2 / (p * (1 - p) / units)
    return float(z2.sum(skipna=False) / (len(chart) - 1))


def p_signal_chance(p: ArrayLike, n: ArrayLike, center: ArrayLike, exact: bool = True) -> Array:
    """Probability that a point of a p chart lies beyond its limits (M3.4).

    Parameters
    ----------
    p : array_like in [0, 1]
        True share on that day.
    n : array_like of int, at least 1
        Units.
    center : array_like in [0, 1]
        Centre line. All three broadcast.
    exact : bool
        Use the binomial distribution (as chance does) or the normal one (as most books do).

    Returns
    -------
    ndarray in [0, 1]
        For `p` equal to `center`, the chance of a false alarm.

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> round(float(1 / p_signal_chance(0.06, 200, 0.06)), 2)
    440.82
    """
    share, units = np.broadcast_arrays(
        checked("p", p, at_least=0, at_most=1), checked("n", n, at_least=1, whole=True)
    )
    limits = p_limits(center, units)
    low, high = _allowed_counts(limits.lcl * units, limits.ucl * units)
    whole = units.astype(int)
    under = np.where(low > 0, bdtr(np.maximum(low - 1, 0), whole, share), 0)
    chance = bdtrc(np.minimum(high, units), whole, share) + under
    if not exact:
        sd = np.sqrt(share * (1 - share) / units)
        with np.errstate(divide="ignore", invalid="ignore"):
            above = ndtr((share - limits.ucl) / sd)
            below = np.where(limits.lcl > 0, ndtr((limits.lcl - share) / sd), 0)
        chance = np.where(sd > 0, above + below, chance)
    return chance[()]


def c_signal_chance(mean: ArrayLike, center: ArrayLike) -> Array:
    """Probability that a point of a c chart lies beyond its limits (M3.4).

    Parameters
    ----------
    mean : array_like, zero or more
        True mean of the count on that day.
    center : array_like, zero or more
        Centre line. Arguments broadcast.

    Returns
    -------
    ndarray in [0, 1]

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> c_signal_chance([9, 13], 9).round(5).tolist()
    [0.00243, 0.06983]
    """
    m = checked("mean", mean, at_least=0)
    limits = c_limits(center)
    low, high = _allowed_counts(limits.lcl, limits.ucl)
    under = np.where(low > 0, pdtr(np.maximum(low - 1, 0), m), 0)
    return (pdtrc(high, m) + under)[()]


def i_signal_chance(shift: ArrayLike) -> Array:
    """Probability that a point lies beyond three sigma when the level has moved (M3.4).

    Parameters
    ----------
    shift : array_like
        Distance of the true level from the centre line, in standard deviations of normal values.

    Returns
    -------
    ndarray in [0, 1]

    Raises
    ------
    ValueError
        If a number is missing.

    Examples
    --------
    >>> round(float(1 / i_signal_chance(0)), 2)
    370.4
    """
    delta = checked("shift", shift)
    return (ndtr(delta - 3) + ndtr(-3 - delta))[()]


def average_run_length(chance: ArrayLike) -> Array:
    """Mean number of points up to the first signal, 1 / chance (M3.4).

    Parameters
    ----------
    chance : array_like in [0, 1]
        Probability of a signal at each point, as from `p_signal_chance`.

    Returns
    -------
    ndarray, at least 1
        inf where a signal never comes.

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> float(average_run_length(0.25))
    4.0
    """
    with np.errstate(divide="ignore"):
        return (1 / checked("chance", chance, at_least=0, at_most=1))[()]


def simulate_p(
    days: int = 90,
    n: int = 200,
    before: float = 0.06,
    after: float = 0.09,
    shift_day: int = 61,
    seed: int = 0,
) -> NDArray[np.int64]:
    """Draw daily counts of defective units with a shift (M3.4, D3.4).

    Parameters
    ----------
    days : int in [1, 20000]
        Days to draw.
    n : int, at least 1
        Units a day.
    before, after : float in [0, 1]
        Share of defective units before the shift, and from it on.
    shift_day : int, at least 1
        First day after the shift, counted from 1; beyond `days` there is none.
    seed : int
        Seed of the random generator. The same seed gives the same luck at other settings: a day
        never gets better when its share rises.

    Returns
    -------
    ndarray of int, shape (days,)

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> simulate_p(days=5, seed=1).tolist()
    [12, 18, 8, 18, 10]
    """
    checked("n", n, at_least=1, at_most=1_000_000, whole=True)
    _check_days(days, shift_day)
    checked("before", before, at_least=0, at_most=1)
    checked("after", after, at_least=0, at_most=1)
    k = np.arange(n)
    return _draw(days, shift_day, seed, bdtr(k, n, before), bdtr(k, n, after))


def simulate_c(
    days: int = 90, before: float = 9.0, after: float = 13.0, shift_day: int = 61, seed: int = 0
) -> NDArray[np.int64]:
    """Draw daily counts of events with a shift (M3.4, D3.4).

    Parameters
    ----------
    before, after : float in [0, 10000]
        Mean count before the shift, and from it on.
    days, shift_day, seed
        As in `simulate_p`.

    Returns
    -------
    ndarray of int, shape (days,)

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> simulate_c(days=5, seed=1).tolist()
    [9, 14, 6, 14, 7]
    """
    _check_days(days, shift_day)
    checked("before", before, at_least=0, at_most=10_000)
    checked("after", after, at_least=0, at_most=10_000)
    highest = max(before, after)
    k = np.arange(int(highest + 12 * np.sqrt(highest) + 30))
    return _draw(days, shift_day, seed, pdtr(k, before), pdtr(k, after))


def simulate_i(
    days: int = 90,
    before: float = 6.2,
    after: float = 6.7,
    sd: float = 0.5,
    shift_day: int = 61,
    seed: int = 0,
) -> Array:
    """Draw daily values from a normal distribution with a shift (M3.4, D3.4).

    Parameters
    ----------
    before, after : float
        Mean before the shift, and from it on.
    sd : float, zero or more
        Standard deviation.
    days, shift_day, seed
        As in `simulate_p`.

    Returns
    -------
    ndarray, shape (days,)

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> simulate_i(days=3, seed=1).round(2).tolist()
    [6.37, 6.61, 6.37]
    """
    _check_days(days, shift_day)
    checked("before", before)
    checked("after", after)
    checked("sd", sd, at_least=0)
    level = np.where(np.arange(1, days + 1) < shift_day, before, after)
    return level + sd * np.random.default_rng(seed).standard_normal(days)


def tamper(values: ArrayLike, target: float, act: ArrayLike = True) -> Array:
    """Readjust a process after its points, and see what would have happened (D3.4).

    After a point on which somebody acts, the process is moved by the point's distance from the
    target, in the other direction (rule 2 of Deming's funnel).

    Parameters
    ----------
    values : array_like, shape (n,)
        What the process gives if left alone.
    target : float
        Where people want it.
    act : array_like of bool, shape (n,) or a single one
        After which points they act. Default: all.

    Returns
    -------
    ndarray, shape (n,)
        If they act after all points of a stable process on target, its variance doubles.

    Raises
    ------
    ValueError
        If a number is missing.

    References
    ----------
    Deming (1986).

    Examples
    --------
    >>> tamper([11, 9, 10, 10], target=10).tolist()
    [11.0, 8.0, 11.0, 10.0]
    """
    alone = _points("values", values)
    checked("target", target)
    acts = np.broadcast_to(np.asarray(act, dtype=bool), alone.shape)
    result = np.empty_like(alone)
    offset = 0.0
    for i, value in enumerate(alone):
        result[i] = value + offset
        if acts[i]:
            offset -= result[i] - target
    return result


def judge(signals: ArrayLike, shift_day: int) -> Verdict:
    """Count false alarms and the delay of the first true signal (D3.4).

    Parameters
    ----------
    signals : array_like of bool, shape (days,)
        Whether each day signals, such as the column signal of a chart.
    shift_day : int, at least 1
        First day after the shift, counted from 1.

    Returns
    -------
    Verdict

    Raises
    ------
    ValueError
        If `shift_day` is out of range.

    Examples
    --------
    >>> judge([False, True, False, False, True], shift_day=4)
    Verdict(false_alarms=1, delay=2.0)
    """
    checked("shift_day", shift_day, at_least=1, whole=True)
    signal = np.asarray(signals, dtype=bool)
    after = np.flatnonzero(signal[shift_day - 1 :])
    delay = float(after[0] + 1) if len(after) else float("inf")
    return Verdict(int(signal[: shift_day - 1].sum()), delay)


def _around(center: Array, spread: Array, floor: float) -> Limits:
    parts = np.broadcast_arrays(center, np.maximum(center - spread, floor), center + spread)
    # [()] turns the results of scalar input back into scalars.
    return Limits(*(part[()] for part in parts))


def _points(name: str, values: Numbers, at_least: float | None = None) -> Array:
    points = checked(name, values, at_least=at_least)
    if points.ndim != 1:
        raise ValueError(
            _("{name} must be a list of points; it has {ndim} dimensions.").format(
                name=name, ndim=points.ndim
            )
        )
    return points


def _baseline(baseline: int | None, n: int, at_least: int) -> slice:
    checked("number of points", n, at_least=at_least)
    if baseline is None:
        return slice(None)
    checked("baseline", baseline, at_least=at_least, at_most=n, whole=True)
    return slice(baseline)


def _mean_range(values: Array) -> float:
    return float(np.abs(np.diff(values)).mean())


def _chart(source: Numbers, value: Array, limits: Limits, run: int | None) -> pd.DataFrame:
    rounding = _ROUNDING * (np.abs(value) + np.abs(limits.center))
    beyond = (value > limits.ucl + rounding) | (value < limits.lcl - rounding)
    distance = value - limits.center
    side = np.where(np.abs(distance) <= rounding, 0, np.sign(distance))
    in_run = np.zeros(len(value), bool) if run is None else _runs(side, run)
    columns = {"beyond": beyond, "run": in_run, "signal": beyond | in_run}
    return pd.DataFrame(
        {"value": value, **limits._asdict(), **columns},
        index=source.index if isinstance(source, pd.Series) else None,
    )


def _runs(side: Array, length: int) -> NDArray[np.bool_]:
    """Tell for each point whether it is at least the `length`-th in a row on one side."""
    checked("run", length, at_least=2, whole=True)
    position = np.arange(len(side))
    starts = np.where(np.diff(side, prepend=0) != 0, position, 0)
    place = position - np.maximum.accumulate(starts) + 1
    return (place >= length) & (side != 0)


def _allowed_counts(lcl: Array, ucl: Array) -> tuple[Array, Array]:
    """Smallest and largest count within the limits."""
    return np.ceil(lcl - _ROUNDING), np.floor(ucl + _ROUNDING)


def _check_days(days: int, shift_day: int) -> None:
    checked("days", days, at_least=1, at_most=MOST_DAYS, whole=True)
    checked("shift_day", shift_day, at_least=1, whole=True)


def _draw(days: int, shift_day: int, seed: int, before: Array, after: Array) -> NDArray[np.int64]:
    """Draw counts from their distribution functions by inversion."""
    luck = np.random.default_rng(seed).random(days)
    is_after = np.arange(1, days + 1) >= shift_day
    return np.where(is_after, np.searchsorted(after, luck), np.searchsorted(before, luck))
