"""The gap model: a chain of gaps behind the customer gap (M3.1), and a gap table (M3.2).

For teachers. The published proposition is only that the customer gap is a function of the internal
gaps. That all of them lie on one scale from 0 to 100, that they add up, and that a promise moves
expectations by a fixed share of its distance, are teaching assumptions. In reality managers,
standards and customers do not share a scale; one gap can hide or widen another; promises work more
on new customers than on regular ones; and what is delivered varies from customer to customer, so
that means conceal gaps. The gap table is arithmetic, but which normalisation is right is a
judgement, and it can change the first priority.
"""

from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicequality.models._checks import check_choice, check_columns, checked

Array = NDArray[np.float64]

HIGHEST = 100.0

NORMS = ("relative", "range", "standardised")
"""What a gap is compared with: the expected value, the span from worst to best, or the standard
deviation."""


class GapChain(NamedTuple):
    """The gaps of a firm; every part has the shape of the broadcast inputs.

    Attributes
    ----------
    expectation : ndarray in [0, 100]
        After the promise.
    g1, g2, g3 : ndarray
        Listening, design and standards, delivery; negative is a shortfall.
    gp : ndarray
        Perceived minus delivered: what customers do not notice, or see in a kinder light.
    g4 : ndarray
        Delivered minus promised. It is no link of the chain, because it acts through the
        expectation.
    g5 : ndarray
        The customer gap, g1 + g2 + g3 + gp.
    promise_part : ndarray
        How much of g5 the promise made: expectation before minus after it.
    """

    expectation: Array
    g1: Array
    g2: Array
    g3: Array
    gp: Array
    g4: Array
    g5: Array
    promise_part: Array


def gap_chain(
    expected_before: ArrayLike,
    promise: ArrayLike,
    management: ArrayLike,
    standard: ArrayLike,
    delivery: ArrayLike,
    perception: ArrayLike,
    beta_up: ArrayLike = 0.5,
    beta_down: ArrayLike = 0.2,
) -> GapChain:
    """Split the customer gap into a chain of internal gaps (M3.1). All arguments broadcast.

    A teaching assumption: gaps add up, and a promise moves the expectation by the share `beta_up`
    of its distance if it lies above, by `beta_down` if it lies below.

    Parameters
    ----------
    expected_before, promise : array_like in [0, 100]
        What customers expect before they hear the promise, and the promise.
    management : array_like in [0, 100]
        What managers think that customers expect.
    standard, delivery, perception : array_like in [0, 100]
        What the standards ask for, what is delivered, and what customers perceive.
    beta_up, beta_down : array_like in [0, 1]
        Effect of promises.

    Returns
    -------
    GapChain
        Where an input is missing, so is what depends on it.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    Parasuraman, Zeithaml and Berry (1985); Zeithaml, Berry and Parasuraman (1988).

    Examples
    --------
    >>> chain = gap_chain(80, 90, management=78, standard=74, delivery=70, perception=72)
    >>> float(chain.expectation), float(chain.g5), float(chain.promise_part)
    (85.0, -13.0, -5.0)
    """
    before, c, m, s, d, p = (
        checked(name, value, at_least=0, at_most=HIGHEST, missing=True)
        for name, value in (
            ("expected_before", expected_before),
            ("promise", promise),
            ("management", management),
            ("standard", standard),
            ("delivery", delivery),
            ("perception", perception),
        )
    )
    up = checked("beta_up", beta_up, at_least=0, at_most=1)
    down = checked("beta_down", beta_down, at_least=0, at_most=1)
    e = before + np.where(c > before, up, down) * (c - before)
    gaps = np.broadcast_arrays(e, m - e, s - m, d - s, p - d, d - c, p - e, before - e)
    # [()] turns the results of scalar input back into scalars.
    return GapChain(*(gap[()] for gap in gaps))


def waterfall(chain: GapChain) -> pd.DataFrame:
    """Lay out one firm's chain as the bars of a waterfall (D3.1).

    Parameters
    ----------
    chain : GapChain
        From numbers, not arrays.

    Returns
    -------
    DataFrame
        Index g1, g2, g3, gp, g5; columns start, end (levels from 0 to 100) and gap. The first four
        bars lead from the expectation to the perception, the last spans them all.

    Examples
    --------
    >>> waterfall(gap_chain(80, 90, 78, 74, 70, 72)).loc[["g1", "g5"]]
        start   end   gap
    g1   85.0  78.0  -7.0
    g5   85.0  72.0 -13.0
    """
    gap = np.array([chain.g1, chain.g2, chain.g3, chain.gp, chain.g5])
    end = chain.expectation + np.append(gap[:-1].cumsum(), gap[-1])
    return pd.DataFrame(
        {"start": end - gap, "end": end, "gap": gap}, index=["g1", "g2", "g3", "gp", "g5"]
    )


def gap_table(metrics: pd.DataFrame, norm: str = "range") -> pd.DataFrame:
    """Make gaps in different units comparable and put them in order of priority (M3.2).

    Parameters
    ----------
    metrics : DataFrame
        One row per metric, with columns expected, actual, direction (1 if more is better, -1 if
        less is better), weight (zero or more), unit (str; "%" if values are percentages, 90 for
        90 %); for the norm "range" also lo and hi, for "standardised" also sd.
    norm : str
        One of `NORMS`.

    Returns
    -------
    DataFrame
        Same rows: gap (negative is a shortfall, whatever the direction), unit ("pp", percentage
        points, for "%"), normalised (gap / |expected|, gap / (hi - lo) or gap / sd), priority
        (weight times the normalised shortfall; 0 for a surplus) and share (of all priorities; 0 if
        there is no shortfall at all). A relative gap is NaN where 0 is expected.

    Raises
    ------
    ValueError
        For an unknown norm, a missing column or an impossible number, naming its row.

    Examples
    --------
    >>> import pandas as pd
    >>> table = gap_table(pd.DataFrame({
    ...     "expected": [5, 90], "actual": [10, 80], "direction": [-1, 1], "unit": ["min", "%"],
    ...     "lo": [0, 50], "hi": [30, 100], "weight": [0.5, 0.5],
    ... }, index=["response time", "problems solved"]))
    >>> table[["gap", "unit", "normalised"]].round(4)
                      gap unit  normalised
    response time    -5.0  min     -0.1667
    problems solved -10.0   pp     -0.2000
    """
    check_choice("norm", norm, NORMS)
    extra = {"relative": [], "range": ["lo", "hi"], "standardised": ["sd"]}[norm]
    check_columns(metrics, ["expected", "actual", "direction", "weight", "unit", *extra])
    expected = checked("expected", metrics["expected"])
    direction = _directions(metrics["direction"])
    # Adding 0 turns -0 into 0.
    gap = direction * (checked("actual", metrics["actual"]) - expected) + 0
    if norm == "relative":
        unit = np.where(expected == 0, np.nan, np.abs(expected))
    elif norm == "range":
        checked("hi - lo", metrics["hi"] - metrics["lo"], above=0)
        unit = (metrics["hi"] - metrics["lo"]).to_numpy(dtype=float)
    else:
        unit = checked("sd", metrics["sd"], above=0)
    normalised = gap / unit
    priority = checked("weight", metrics["weight"], at_least=0) * np.abs(np.minimum(normalised, 0))
    total = np.nansum(priority)
    return pd.DataFrame(
        {
            "gap": gap,
            "unit": metrics["unit"].replace("%", "pp"),
            "normalised": normalised,
            "priority": priority,
            "share": priority / total if total else priority,
        },
        index=metrics.index,
    )


def _directions(directions: pd.Series) -> Array:
    bad = ~directions.isin([1, -1]).to_numpy()
    if bad.any():
        position = int(np.argmax(bad))
        raise ValueError(
            _(
                "direction must be 1 (more is better) or -1 (less is better); it is {value} "
                "(row {row})."
            ).format(value=directions.iloc[position], row=directions.index[position])
        )
    return directions.to_numpy(dtype=float)
