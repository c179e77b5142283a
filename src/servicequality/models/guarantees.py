"""Service guarantees: do they pay, at which failure rate, and what do they tell? (M7.9).

For teachers. The arithmetic of a guarantee is complete here; its inputs are teaching assumptions.
Nobody knows the uplift in demand or the learning beforehand, customers are not all alike, and the
rates hang together: a higher payout may be claimed more often (though Wirtz and Kum, 2004, found
no more cheating for more gain), claims teach the firm more the easier they are, and a guarantee
that does not fit a firm's image can lower demand. `separating_payouts` assumes that rivals compute
as coldly as we do.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicequality.models._checks import checked

Array = NDArray[np.float64]

PAYS_BELOW = "below"
PAYS_ALWAYS = "always"
PAYS_NEVER = "never"
PAYS_ABOVE = "above"
"""A guarantee pays below the break-even failure rate, at every rate, at none, or above it: then
learning outweighs the payouts."""


SHARES = ("failure", "invocation", "cheating", "recovered", "learning")
"""Quantities that lie between 0 and 1."""


class Terms(NamedTuple):
    """Terms of a guarantee and what depends on them, each a number or an array; they broadcast.

    Attributes
    ----------
    margin : float
        Margin of a transaction, in credits.
    invocation : float in [0, 1]
        Share of failures that are claimed.
    cheating : float in [0, 1]
        Share of all transactions with a false claim.
    payout : float, zero or more
        Paid per claim, in credits.
    future_loss : float, zero or more
        Future margin lost per failure, in credits.
    recovered : float in [0, 1]
        Share of the future loss that the guarantee saves.
    uplift : float, at least -1
        Relative change of demand.
    learning : float in [0, 1]
        Share of failures that disappear because claims show their causes.
    """

    margin: ArrayLike
    invocation: ArrayLike
    cheating: ArrayLike
    payout: ArrayLike
    future_loss: ArrayLike
    recovered: ArrayLike
    uplift: ArrayLike
    learning: ArrayLike = 0.0


class Guarantee(NamedTuple):
    """Whether a guarantee pays; every part has the shape of the broadcast inputs.

    Attributes
    ----------
    without, with_guarantee : ndarray
        Profit in credits, per transaction without the guarantee. Uplift counts in the second.
    payouts : ndarray
        Expected payouts per transaction, in credits.
    pays : ndarray of bool
        Whether the second is larger.
    """

    without: Array
    with_guarantee: Array
    payouts: Array
    pays: NDArray[np.bool_]


class BreakEven(NamedTuple):
    """From which failure rate on a guarantee stops, or starts, to pay.

    Attributes
    ----------
    failure : ndarray
        Failure rate at which both profits are equal; above 1 it is never reached. inf if it pays at
        every rate, NaN if it never pays.
    case : ndarray of str
        `PAYS_BELOW`, `PAYS_ALWAYS`, `PAYS_NEVER` or `PAYS_ABOVE`.
    """

    failure: Array
    case: NDArray[np.str_]


def guarantee(failure: ArrayLike, terms: Terms) -> Guarantee:
    """Profit with and without a guarantee (M7.9).

    A teaching assumption: m - Lambda f without; (1 + u) (m - h G - f (1 - delta) (i G + Lambda (1 -
    rho))) with it.

    Parameters
    ----------
    failure : array_like in [0, 1]
        Share of transactions that fail.
    terms : Terms
        They broadcast with `failure`.

    Returns
    -------
    Guarantee

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    Hart (1988) for the idea.

    Examples
    --------
    >>> terms = Terms(20, 0.6, 0.005, 80, 60, 0.42, 0.08)
    >>> found = guarantee([0.02, 0.05], terms)
    >>> found.without.round(4).tolist(), found.with_guarantee.round(4).tolist()
    ([18.8, 17.0], [19.3795, 16.6968])
    """
    f = checked("failure", failure, at_least=0, at_most=1)
    (m, i, h, payout, future_loss, u, delta), per_failure = _parts(terms)
    left = f * (1 - delta)
    without = m - future_loss * f
    with_guarantee = (1 + u) * (m - h * payout - left * per_failure)
    # The profit with the guarantee depends on every input.
    without, payouts = (
        np.broadcast_to(part, with_guarantee.shape)[()]
        for part in (without, h * payout + left * i * payout)
    )
    return Guarantee(without, with_guarantee, payouts, with_guarantee > without)


def break_even(terms: Terms) -> BreakEven:
    """Find the failure rate at which a guarantee just pays (M7.9).

    Parameters
    ----------
    terms : Terms
        A number or an array each.

    Returns
    -------
    BreakEven

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    Without learning, and if claims remove 30 % of the failures:

    >>> terms = Terms(20, 0.6, 0.005, 80, 60, 0.42, 0.08, learning=[0, 0.3])
    >>> break_even(terms).failure.round(4).tolist()
    [0.0397, 0.4498]
    """
    (m, _i, h, payout, future_loss, u, delta), per_failure = _parts(terms)
    # Profit with minus profit without is ahead - f x slope.
    ahead, slope = np.broadcast_arrays(
        (1 + u) * (m - h * payout) - m, (1 + u) * (1 - delta) * per_failure - future_loss
    )
    meets = ahead * slope > 0
    meets |= (ahead == 0) & (slope < 0)
    failure = np.divide(ahead, slope, out=np.where(ahead > 0, np.inf, np.nan), where=meets)
    case = np.select(
        [(ahead > 0) & (slope > 0), ahead > 0, slope >= 0],
        [PAYS_BELOW, PAYS_ALWAYS, PAYS_NEVER],
        PAYS_ABOVE,
    )
    return BreakEven(failure[()], case[()])


def least_learning(failure: ArrayLike, terms: Terms) -> Array:
    """Find the smallest learning at which a guarantee is worth it (M7.9).

    Parameters
    ----------
    failure : array_like in (0, 1]
        Share of transactions that fail.
    terms : Terms
        Their own learning is ignored.

    Returns
    -------
    ndarray in [0, 1]
        0 if it pays without learning; NaN if not even the end of all failures would justify it.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> terms = Terms(20, 0.6, 0.005, 80, 60, 0.42, 0.08)
    >>> print(round(float(least_learning(0.05, terms)), 5))
    0.06781
    """
    f = checked("failure", failure, above=0, at_most=1)
    (m, _i, h, payout, future_loss, u, _delta), per_failure = _parts(terms)
    ahead = (1 + u) * (m - h * payout) - m + future_loss * f
    burden = (1 + u) * f * per_failure
    ahead, burden = np.broadcast_arrays(ahead, burden)
    unburdened = np.where(ahead >= 0, np.inf, -np.inf)
    learning = 1 - np.divide(ahead, burden, out=unburdened, where=burden > 0)
    return np.where(learning > 1, np.nan, np.maximum(learning, 0))[()]


def sensitivity(failure: float, terms: Terms, change: float = 0.25) -> pd.DataFrame:
    """Show what each assumption alone could change: the table of a tornado chart (D7.4).

    Parameters
    ----------
    failure : float in [0, 1]
        Share of transactions that fail.
    terms : Terms
        Numbers, no arrays.
    change : float in (0, 1)
        Each assumption is made smaller and larger by this share of itself, so that zero stays zero;
        shares rise to 1 at most.

    Returns
    -------
    DataFrame
        One row per assumption, the most powerful first: low and high (value), at_low and at_high
        (profit with minus profit without the guarantee, in credits per transaction), swing (their
        distance).

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> terms = Terms(20, 0.6, 0.005, 80, 60, 0.42, 0.08)
    >>> sensitivity(0.05, terms).round(3).head(3)
                  low    high  at_low  at_high  swing
    assumption
    payout      60.00  100.00   0.453   -1.059  1.512
    invocation   0.45    0.75   0.345   -0.951  1.296
    margin      15.00   25.00  -0.703    0.097  0.800
    """
    step = float(checked("change", change, above=0, below=1))
    f = float(checked("failure", failure, at_least=0, at_most=1))
    names = ["failure", *Terms._fields]
    base = np.array([f, *terms], dtype=float)
    most = np.where(np.isin(names, SHARES), 1.0, np.inf)
    ends = np.minimum(np.outer([1 - step, 1 + step], base), most)
    # One layer per end, one row per assumption that is changed: only the diagonal differs.
    changed = np.tile(base, (2, len(base), 1))
    for layer, values in zip(changed, ends, strict=True):
        np.fill_diagonal(layer, values)
    found = guarantee(changed[..., 0], Terms(*np.moveaxis(changed[..., 1:], -1, 0)))
    gain = found.with_guarantee - found.without
    table = pd.DataFrame(
        {"low": ends[0], "high": ends[1], "at_low": gain[0], "at_high": gain[1]},
        index=pd.Index(names, name="assumption"),
    )
    table["swing"] = (table["at_high"] - table["at_low"]).abs()
    return table.sort_values("swing", ascending=False, kind="stable")


def separating_payouts(
    premium: ArrayLike, failure_good: ArrayLike, failure_bad: ArrayLike, invocation: ArrayLike
) -> tuple[Array, Array]:
    """Payouts that a good firm can promise and a bad one cannot (M7.9).

    A teaching assumption: customers pay a premium for a guarantee because they take it as a sign of
    quality, and firms promise whatever costs them less than the premium.

    Parameters
    ----------
    premium : array_like, above zero
        Extra price per transaction with a guarantee, in credits.
    failure_good, failure_bad : array_like in (0, 1]
        Failure rates of a good and of a bad firm, the bad one higher.
    invocation : array_like in (0, 1]
        Share of failures that are claimed. All arguments broadcast.

    Returns
    -------
    least, most : ndarray
        Payouts between premium / (f_bad i) and premium / (f_good i), in credits.

    Raises
    ------
    ValueError
        If an argument is out of range, or the bad firm is not worse.

    References
    ----------
    Spence (1973) for signalling.

    Examples
    --------
    >>> least, most = separating_payouts(4, 0.02, 0.12, 0.6)
    >>> print(round(float(least), 2), round(float(most), 1))
    55.56 333.3
    """
    price = checked("premium", premium, above=0)
    good = checked("failure_good", failure_good, above=0, at_most=1)
    bad = checked("failure_bad", failure_bad, above=0, at_most=1)
    checked("failure_bad minus failure_good", bad - good, above=0)
    claimed = checked("invocation", invocation, above=0, at_most=1)
    return price / (bad * claimed), price / (good * claimed)


def _parts(terms: Terms) -> tuple[list[Array], Array]:
    """Check the terms; return them as arrays, and what one failure costs with the guarantee."""
    m = checked("margin", terms.margin)
    u = checked("uplift", terms.uplift, at_least=-1)
    payout = checked("payout", terms.payout, at_least=0)
    future_loss = checked("future_loss", terms.future_loss, at_least=0)
    i = checked("invocation", terms.invocation, at_least=0, at_most=1)
    h = checked("cheating", terms.cheating, at_least=0, at_most=1)
    rho = checked("recovered", terms.recovered, at_least=0, at_most=1)
    delta = checked("learning", terms.learning, at_least=0, at_most=1)
    return [m, i, h, payout, future_loss, u, delta], i * payout + future_loss * (1 - rho)
