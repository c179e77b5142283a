"""Service blueprints in numbers: yield, rework, expected loss and risk priority (M3.3).

For teachers. The formulas are exact for what they assume: steps fail independently, repeating a
step fails as often as doing it the first time, and every failure is noticed at once. That a
fail-safe divides the probability of a failure by four is a teaching assumption. In reality failures
come together (a bad day, a new colleague), customers who wait leave, a failure that is noticed two
steps later costs more, and times vary. The risk priority number multiplies ordinal ratings, which
has no meaning as a measurement; the AIAG & VDA handbook (2019) replaced it by an action priority.
"""

from collections.abc import Collection
from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicequality.models._checks import check_choice, check_columns, checked
from servicequality.models.capability import sigma_level

Array = NDArray[np.float64]

REWORK = ("none", "local", "restart")
"""After a failure: go on, repeat the step until it is right, or start again from step 1."""

RATINGS = ("severity", "occurrence", "detection")

MOST_CUSTOMERS = 20_000
"""Most customers in one simulation."""

FAIL_SAFE = 4.0
"""By how much a fail-safe divides the probability of a failure."""


class Blueprint(NamedTuple):
    """Measures of a process.

    Attributes
    ----------
    rty : float in [0, 1]
        Rolled throughput yield, the share of customers without any failure at the first attempt.
    dpu : float
        Defects per unit, -ln(rty); inf if rty is 0.
    dpmo, sigma : float
        Defects per million opportunities (each step is one), and the sigma level with the
        conventional shift of 1.5.
    minutes, minutes_local, minutes_restart : float
        Expected time of a customer under each kind of rework; inf if a step always fails.
    loss : float
        Expected loss per customer through failures at the first attempt, in credits.
    steps : DataFrame
        One row per step: flawless (share of customers without failure so far), loss, share (of the
        whole loss; 0 if there is none), rpn (risk priority number), loss_rank, rpn_rank,
        yield_rank (1 is worst, ties share the better rank; for the yield: the largest gain), and
        what a fail-safe at this step would bring: loss_saved, yield_gain.
    """

    rty: float
    dpu: float
    dpmo: float
    sigma: float
    minutes: float
    minutes_local: float
    minutes_restart: float
    loss: float
    steps: pd.DataFrame


def blueprint(steps: pd.DataFrame, divisor: float = FAIL_SAFE) -> Blueprint:
    """Measure a process from its steps (M3.3).

    Parameters
    ----------
    steps : DataFrame
        One row per step in order, index the names of the steps; columns minutes (zero or more),
        failure (probability in [0, 1]), cost (of a failure, in credits, zero or more), and the
        ratings severity, occurrence and detection (1 to 10; 10 is worst).
    divisor : float, at least 1
        By how much a fail-safe divides the probability of a failure.

    Returns
    -------
    Blueprint

    Raises
    ------
    ValueError
        If a column is missing, a step appears twice, or a number is impossible, naming its step.

    References
    ----------
    Shostack (1984) for blueprints; Chase and Stewart (1994) for fail-safes.

    Examples
    --------
    >>> import pandas as pd
    >>> steps = pd.DataFrame({
    ...     "minutes": [2, 4], "failure": [0.1, 0.2], "cost": [5, 8],
    ...     "severity": [4, 6], "occurrence": [4, 6], "detection": [3, 2],
    ... }, index=["lookup", "payment"])
    >>> result = blueprint(steps)
    >>> print(f"{result.rty:.2f} flawless, {result.loss:.2f} credits lost")
    0.72 flawless, 2.10 credits lost
    """
    minutes, failure, cost = _checked(steps)
    checked("divisor", divisor, at_least=1)
    check_columns(steps, RATINGS)
    ratings = [checked(name, steps[name], at_least=1, at_most=10) for name in RATINGS]
    success = 1 - failure
    flawless = success.cumprod()
    rty = flawless[-1]
    loss = failure * cost
    # One row for each step that gets a fail-safe.
    improved = np.tile(success, (len(steps), 1))
    np.fill_diagonal(improved, 1 - failure / divisor)
    yield_gain = improved.prod(axis=1) - rty
    rpn = np.prod(ratings, axis=0)
    defects = sigma_level(failure.sum(), 1, len(steps))
    with np.errstate(divide="ignore", invalid="ignore"):
        dpu = np.log(1 / rty)
        # A step without duration takes none however often it is repeated.
        local = np.where(minutes > 0, minutes / success, 0).sum()
        tried = minutes @ np.append(1, flawless[:-1])
        restart = tried / rty if tried > 0 else 0.0
    table = pd.DataFrame(
        {
            "flawless": flawless,
            "loss": loss,
            "share": loss / loss.sum() if loss.any() else 0.0,
            "rpn": rpn,
            "loss_saved": loss * (1 - 1 / divisor),
            "yield_gain": yield_gain,
        },
        index=steps.index,
    )
    # Equal steps must tie even where products differ in the last binary digit.
    ranks = table.round(9).rank(ascending=False, method="min").astype(int)
    return Blueprint(
        rty=float(rty),
        dpu=float(dpu),
        dpmo=float(defects.dpmo),
        sigma=float(defects.sigma),
        minutes=float(minutes.sum()),
        minutes_local=float(local),
        minutes_restart=float(restart),
        loss=float(loss.sum()),
        steps=table.assign(
            loss_rank=ranks["loss"], rpn_rank=ranks["rpn"], yield_rank=ranks["yield_gain"]
        ),
    )


def fail_safe(
    steps: pd.DataFrame, names: Collection[str], divisor: float = FAIL_SAFE
) -> pd.DataFrame:
    """Put fail-safes (poka-yoke) at some steps: their failures become rarer (D3.2).

    Parameters
    ----------
    steps : DataFrame
        As in `blueprint`.
    names : collection of str
        Steps to make fail-safe.
    divisor : float, at least 1
        By how much the probability of a failure is divided.

    Returns
    -------
    DataFrame
        A changed copy.

    Raises
    ------
    ValueError
        If there is no such step, or as in `blueprint`.

    References
    ----------
    Chase and Stewart (1994).

    Examples
    --------
    >>> import pandas as pd
    >>> steps = pd.DataFrame({"failure": [0.1, 0.2]}, index=["lookup", "payment"])
    >>> fail_safe(steps, ["payment"])["failure"].tolist()
    [0.1, 0.05]
    """
    check_columns(steps, ["failure"])
    checked("failure", steps["failure"], at_least=0, at_most=1)
    checked("divisor", divisor, at_least=1)
    for name in names:
        check_choice("names", name, steps.index)
    chosen = steps.index.isin(list(names))
    return steps.assign(failure=steps["failure"].where(~chosen, steps["failure"] / divisor))


def simulate(
    steps: pd.DataFrame, customers: int = 1000, rework: str = "local", seed: int = 0
) -> pd.DataFrame:
    """Send customers through the process one by one (M3.3, D3.2).

    Parameters
    ----------
    steps : DataFrame
        As in `blueprint`; the ratings are not needed.
    customers : int in [1, 20000]
        Customers to draw.
    rework : str
        One of `REWORK`.
    seed : int
        Seed of the random generator. The same seed gives the same first attempts under every kind
        of rework.

    Returns
    -------
    DataFrame
        One row per customer: flawless (bool, no failure at the first attempt), failed_at (name of
        the first step that failed; missing if none), minutes.

    Raises
    ------
    ValueError
        If a number is impossible, or if a step that always fails is to be repeated.

    Examples
    --------
    >>> import pandas as pd
    >>> steps = pd.DataFrame({"minutes": [2, 4], "failure": [0.1, 0.2], "cost": [5, 8]})
    >>> print(f"{simulate(steps, 5000)['flawless'].mean():.1f}")
    0.7
    """
    minutes, failure, _cost = _checked(steps)
    checked("customers", customers, at_least=1, at_most=MOST_CUSTOMERS, whole=True)
    check_choice("rework", rework, REWORK)
    if rework != "none" and (failure == 1).any():
        raise ValueError(
            _(
                "Step {step} always fails (failure = 1), so that rework would never end. Lower its "
                "failure, or choose rework='none'."
            ).format(step=steps.index[int(np.argmax(failure))])
        )
    rng = np.random.default_rng(seed)
    failed = rng.random((customers, len(steps))) < failure
    flawless = ~failed.any(axis=1)
    first = failed.argmax(axis=1)
    time = np.full(customers, minutes.sum())
    if rework == "local":
        time += np.where(failed, rng.geometric(1 - failure, failed.shape), 0) @ minutes
    elif rework == "restart":
        time += np.where(flawless, 0, minutes.cumsum()[first])
        time += np.where(flawless, 0, _failed_passes(minutes, failure, customers, rng))
    return pd.DataFrame(
        {
            "flawless": flawless,
            "failed_at": steps.index.to_series().iloc[first].where(~flawless).to_numpy(),
            "minutes": time,
        }
    )


def _failed_passes(
    minutes: Array, failure: Array, customers: int, rng: np.random.Generator
) -> Array:
    """Time that each customer loses in passes that fail before one succeeds."""
    success = 1 - failure
    reaches = np.append(1, success.cumprod()[:-1])
    ends_here = reaches * failure
    rty = success.prod()
    if rty == 1:
        return np.zeros(customers)
    passes = rng.geometric(rty, customers) - 1
    return rng.multinomial(passes, ends_here / ends_here.sum()) @ minutes.cumsum()


def _checked(steps: pd.DataFrame) -> tuple[Array, Array, Array]:
    check_columns(steps, ["minutes", "failure", "cost"])
    if not steps.index.is_unique:
        raise ValueError(
            _("Each step needs its own name; {name} appears twice.").format(
                name=steps.index[steps.index.duplicated()][0]
            )
        )
    return (
        checked("minutes", steps["minutes"], at_least=0),
        checked("failure", steps["failure"], at_least=0, at_most=1),
        checked("cost", steps["cost"], at_least=0),
    )
