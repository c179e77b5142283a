"""The recovery paradox: can a failure make better customers than no failure? (M7.6).

For teachers. A meta-analysis finds a small positive mean effect on satisfaction after excellent
recovery and none on repurchase, word of mouth or image (de Matos, Henrique and Rossi, 2007). The
machine is a teaching assumption: effects add up, vary like normal distributions, and do not depend
on the customer or on who is to blame; scores are not cut at the ends of the scale. In reality
satisfied customers have less room to rise, and whoever compares people with themselves before the
failure can take what would have happened anyway for an effect. The repurchase curve is that of the
synthetic recovery experiment.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, ndtr, stdtrit

from servicequality.models._checks import check_choice, check_columns, checked

Array = NDArray[np.float64]

MOST_CUSTOMERS = 20_000
"""Most customers in each group of one simulation."""

FAILED_RECOVERY = 1.5
"""Scale points lost on top of the failure if the recovery fails too (double deviation)."""

SECOND_SEVERITY, SECOND_EFFECT = 1.5, 0.6
"""A second failure hurts this many times as much, and recovery helps this many times as much."""

OUTCOMES = ("satisfaction", "repurchase")
DESIGNS = ("before-after", "control")
"""Compare customers with themselves before the failure, or with customers without a failure."""


class Shift(NamedTuple):
    """What failure and recovery do: mean change of satisfaction, share who end up higher."""

    change: Array
    improved: Array


class Difference(NamedTuple):
    """A difference of means with its confidence interval."""

    value: float
    lower: float
    upper: float


class Gamble(NamedTuple):
    """Failing on purpose, to recover well.

    Attributes
    ----------
    expected : ndarray
        Expected change per customer.
    break_even : ndarray
        Success probability at which the change is zero; above 1 nothing makes it pay.
    """

    expected: Array
    break_even: Array


def shift(
    severity: ArrayLike, mean: ArrayLike, sd: ArrayLike, second_failure: bool = False
) -> Shift:
    """Change of satisfaction after a failure and its recovery (M7.6).

    A teaching assumption: before - severity + recovery, the effect of recovery being normally
    distributed. Somebody improves with probability Phi((mean - severity) / sd).

    Parameters
    ----------
    severity : array_like, zero or more
        Scale points that the failure costs.
    mean : array_like
        Mean effect of the recovery, in scale points.
    sd : array_like, zero or more
        Its standard deviation between customers. They broadcast.
    second_failure : bool
        Whether it is the second failure: severity x 1.5, effect of recovery x .6.

    Returns
    -------
    Shift

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    McCollough and Bharadwaj (1992); Maxham and Netemeyer (2002) for the second failure.

    Examples
    --------
    The same recovery after a minor and a severe failure:

    >>> shift([1, 3], 2, 1.2).improved.round(5).tolist()
    [0.79767, 0.20233]
    """
    worse, effect, spread = _machine(severity, mean, sd, second_failure)
    change = effect - worse
    with np.errstate(divide="ignore", invalid="ignore"):
        improved = np.where(spread > 0, ndtr(np.divide(change, spread)), change > 0)
    return Shift(change, improved[()])


def mixed_shift(
    severity: ArrayLike,
    excellent_share: ArrayLike = 0.2,
    excellent: ArrayLike = 2.5,
    ordinary: ArrayLike = 0.8,
    sd: ArrayLike = 0.8,
    second_failure: bool = False,
) -> Shift:
    """Change of satisfaction if only some recoveries are excellent (M7.6).

    A teaching assumption, as `shift`.

    Parameters
    ----------
    excellent_share : array_like in [0, 1]
        Share of excellent recoveries.
    excellent, ordinary : array_like
        Mean effects of an excellent and of an ordinary recovery, in scale points.
    severity, sd, second_failure
        As in `shift`. All arguments but the last broadcast.

    Returns
    -------
    Shift

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    Many end up higher, and yet the mean falls:

    >>> found = mixed_shift(1.2)
    >>> print(round(float(found.change), 3), round(float(found.improved), 3))
    -0.06 0.436
    """
    share = checked("excellent_share", excellent_share, at_least=0, at_most=1)
    good = shift(severity, excellent, sd, second_failure)
    usual = shift(severity, ordinary, sd, second_failure)
    return Shift(*(share * g + (1 - share) * u for g, u in zip(good, usual, strict=True)))


def shift_without_recovery(severity: ArrayLike, second_failure: bool = False) -> Array:
    """Change of satisfaction if the recovery fails as well: -severity - 1.5 (M7.6).

    Parameters
    ----------
    severity, second_failure
        As in `shift`.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If a severity is missing or negative.

    References
    ----------
    Maxham and Netemeyer (2002) for the double deviation.

    Examples
    --------
    >>> print(shift_without_recovery(1.2))
    -2.7
    """
    return -_machine(severity, 0.0, 0.0, second_failure)[0] - FAILED_RECOVERY


def deliberate_failure(
    gain: ArrayLike, loss: ArrayLike, success: ArrayLike, cost: ArrayLike = 0.0
) -> Gamble:
    """Compute the expected change from failing on purpose to shine in the recovery (M7.6).

    Parameters
    ----------
    gain : array_like, zero or more
        Gain if the recovery succeeds.
    loss : array_like, zero or more
        Loss if it does not; gain and loss are not both zero.
    success : array_like in [0, 1]
        Probability that it succeeds.
    cost : array_like, zero or more
        Cost of failure and recovery, in the same units. All arguments broadcast.

    Returns
    -------
    Gamble

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> gamble = deliberate_failure(0.5, 2.7, 0.6)
    >>> print(round(float(gamble.expected), 2), round(float(gamble.break_even), 5))
    -0.78 0.84375
    """
    up, down = checked("gain", gain, at_least=0), checked("loss", loss, at_least=0)
    q = checked("success", success, at_least=0, at_most=1)
    price = checked("cost", cost, at_least=0)
    at_stake = checked("gain and loss together", up + down, above=0)
    return Gamble(q * up - (1 - q) * down - price, (down + price) / at_stake)


def repurchase_probability(satisfaction: ArrayLike, failed: ArrayLike) -> Array:
    """Probability of buying again: logistic in satisfaction, lower after any failure (D7.3).

    A teaching assumption: logit = -2.6 + .75 satisfaction - .5 failed.

    Parameters
    ----------
    satisfaction : array_like
        In scale points, usually 1-7.
    failed : array_like of bool
        Whether there was a failure, recovered or not. They broadcast.

    Returns
    -------
    ndarray in [0, 1]

    Raises
    ------
    ValueError
        If a satisfaction is missing or infinite.

    Examples
    --------
    >>> repurchase_probability([5.4, 5.84], [False, True]).round(2).tolist()
    [0.81, 0.78]
    """
    s = checked("satisfaction", satisfaction)
    return expit(-2.6 + 0.75 * s - 0.5 * np.asarray(failed, dtype=float))


def simulate(
    n: int = 300,
    severity: float = 1.2,
    excellent_share: float = 0.2,
    excellent: float = 2.5,
    ordinary: float = 0.8,
    sd: float = 0.8,
    second_failure: bool = False,
    seed: int = 0,
) -> pd.DataFrame:
    """Draw customers with a failure and recovery, and customers without (D7.3).

    A teaching assumption: as `mixed_shift`. Satisfaction before is normal with mean 5.4 and
    standard deviation .7; without a failure it changes by chance only (standard deviation .5).

    Parameters
    ----------
    n : int, 2 to 20,000
        Customers in each of the two groups.
    severity, excellent_share, excellent, ordinary, sd, second_failure
        As in `mixed_shift`.
    seed : int
        Seed of the random generator; with the same seed the same customers move smoothly.

    Returns
    -------
    DataFrame
        One row per customer: failed, excellent (bool); satisfaction_before, satisfaction_after
        (not cut at the ends of the scale); repurchase_before, repurchase_after (0 or 1, whether the
        customer would buy again).

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> simulate(2)[["failed", "satisfaction_before", "satisfaction_after"]].round(2)
       failed  satisfaction_before  satisfaction_after
    0    True                 5.49                4.53
    1    True                 5.31                3.90
    2   False                 5.85                5.54
    3   False                 5.47                5.49
    """
    checked("n", n, at_least=2, at_most=MOST_CUSTOMERS, whole=True)
    share = checked("excellent_share", excellent_share, at_least=0, at_most=1)
    rng = np.random.default_rng(seed)
    failed = np.repeat([True, False], n)
    before = rng.normal(5.4, 0.7, 2 * n)
    is_excellent = (rng.uniform(size=2 * n) < share) & failed
    worse, effect, spread = _machine(
        severity, np.where(is_excellent, excellent, ordinary), sd, second_failure
    )
    noise = rng.standard_normal(2 * n)
    after = before + np.where(failed, effect - worse + spread * noise, 0.5 * noise)
    # One draw serves both moments: whoever buys again at a lower probability does at a higher one.
    draw = rng.uniform(size=2 * n)
    return pd.DataFrame(
        {
            "failed": failed,
            "excellent": is_excellent,
            "satisfaction_before": before,
            "satisfaction_after": after,
            "repurchase_before": (draw < repurchase_probability(before, False)).astype(int),
            "repurchase_after": (draw < repurchase_probability(after, failed)).astype(int),
        }
    )


def paradox(
    customers: pd.DataFrame,
    outcome: str = "satisfaction",
    design: str = "control",
    level: float = 0.95,
) -> Difference:
    """Difference that failure and recovery make, by one of two designs (D7.3).

    Parameters
    ----------
    customers : DataFrame
        With failed, and the outcome before and after, as from `simulate`. At least two customers
        with a failure, and for the control design two without. Missing outcomes are left out.
    outcome : {"satisfaction", "repurchase"}
        What is compared.
    design : {"before-after", "control"}
        After minus before among customers with a failure, with Student's interval; or after among
        customers with a failure minus after among those without, with Welch's interval.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Difference
        Wholly above zero: a paradox in this outcome.

    Raises
    ------
    ValueError
        If an argument is unknown or out of range, or there are too few customers.

    References
    ----------
    de Matos, Henrique and Rossi (2007) on outcomes; Welch (1947).

    Examples
    --------
    >>> customers = simulate(300)
    >>> found = paradox(customers)
    >>> print(round(found.value, 2), round(found.lower, 2), round(found.upper, 2))
    -0.04 -0.21 0.13
    """
    check_choice("outcome", outcome, OUTCOMES)
    check_choice("design", design, DESIGNS)
    checked("level", level, above=0, below=1)
    columns = [f"{outcome}_before", f"{outcome}_after"]
    check_columns(customers, ["failed", *columns])
    failed = customers["failed"].to_numpy(dtype=bool)
    before, after = (customers[column].to_numpy(dtype=float) for column in columns)
    if design == "before-after":
        groups = [after[failed] - before[failed]]
    else:
        groups = [after[failed], after[~failed]]
    groups = [group[~np.isnan(group)] for group in groups]
    sizes = checked("customers in each group", [len(group) for group in groups], at_least=2)
    parts = np.array([group.var(ddof=1) for group in groups]) / sizes
    error2 = parts.sum()
    value = float(groups[0].mean() - (groups[1].mean() if len(groups) > 1 else 0))
    half = 0.0
    if error2 > 0:
        df = error2**2 / (parts**2 / (sizes - 1)).sum()
        half = float(stdtrit(df, (1 + level) / 2) * np.sqrt(error2))
    return Difference(value, value - half, value + half)


def _machine(
    severity: ArrayLike, mean: ArrayLike, sd: ArrayLike, second_failure: bool
) -> tuple[Array, Array, Array]:
    worse = checked("severity", severity, at_least=0)
    effect, spread = checked("mean", mean), checked("sd", sd, at_least=0)
    if second_failure:
        return worse * SECOND_SEVERITY, effect * SECOND_EFFECT, spread * SECOND_EFFECT
    return worse, effect, spread
