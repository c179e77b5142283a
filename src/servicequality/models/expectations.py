"""Expectations: what forms desired, adequate and predicted service (M5.2).

For teachers. Which driver moves which level, and in which direction, follows Zeithaml, Berry and
Parasuraman (1993). The size of each effect, the straight lines and the standardised drivers are a
teaching assumption. In reality drivers act on each other (past experience colours how promises
are heard), effects differ by dimension and by service, and much is not known to the customer: the
levels are answers to questions, not gauges that could be read.
"""

from collections.abc import Mapping
from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicequality.models._checks import checked

Array = NDArray[np.float64]

LOWEST, HIGHEST = 1, 9
"""Ends of the scale of service levels."""

DRIVERS: dict[str, tuple[str, ...]] = {
    "needs": ("desired",),
    "enduring": ("desired",),
    "explicit": ("desired", "predicted"),
    "implicit": ("desired", "predicted"),
    "word_of_mouth": ("desired", "predicted"),
    "past": ("desired", "predicted"),
    "transitory": ("adequate",),
    "alternatives": ("adequate",),
    "role": ("adequate",),
    "situational": ("adequate",),
}
"""The ten drivers, and which levels each moves by itself. A higher predicted level also raises the
adequate one."""

DIMENSIONS: dict[str, tuple[float, float]] = {
    "tangibles": (-0.6, -0.9),
    "reliability": (0.8, 1.2),
    "responsiveness": (0.2, 0.1),
    "assurance": (0.0, 0.0),
    "empathy": (-0.4, -0.4),
}
"""How far desired and adequate service of a dimension lie from those of the service as a whole."""


class Expectations(NamedTuple):
    """Levels of service on a scale from 1 to 9; every part has the shape of the broadcast drivers.

    Attributes
    ----------
    desired : ndarray
        What the customer hopes for.
    adequate : ndarray
        The least that the customer will accept; never above `desired`.
    predicted : ndarray
        What the customer thinks will happen.
    width : ndarray
        Zone of tolerance, desired minus adequate.
    """

    desired: Array
    adequate: Array
    predicted: Array
    width: Array


def form_expectations(
    *,
    needs: ArrayLike = 0,
    enduring: ArrayLike = 0,
    explicit: ArrayLike = 0,
    implicit: ArrayLike = 0,
    word_of_mouth: ArrayLike = 0,
    past: ArrayLike = 0,
    transitory: ArrayLike = 0,
    alternatives: ArrayLike = 0,
    role: ArrayLike = 0,
    situational: ArrayLike = 0,
) -> Expectations:
    """Form the three levels of expected service from ten drivers (M5.2).

    A teaching assumption: straight lines, cut off at the end of the scale. Every driver is
    standardised, from -2 (far less than usual) to 2 (far more).

    Parameters
    ----------
    needs, enduring : array_like in [-2, 2]
        Personal needs; lasting intensifiers (a demanding client, a service philosophy). They
        raise desired service.
    explicit, implicit, word_of_mouth, past : array_like in [-2, 2]
        Explicit promises, implicit promises (price, looks), word of mouth, past experience. They
        raise desired and predicted service.
    transitory, alternatives, role : array_like in [-2, 2]
        An emergency; other providers to go to; what customers think they do themselves. They
        raise adequate service.
    situational : array_like in [-2, 2]
        Trouble beyond anyone's control. It lowers adequate service.

    Returns
    -------
    Expectations

    Raises
    ------
    ValueError
        If a driver lies outside -2 to 2.

    References
    ----------
    Zeithaml, Berry and Parasuraman (1993).

    Examples
    --------
    >>> storm = form_expectations(situational=2)
    >>> print(storm.desired, storm.adequate, storm.predicted, storm.width.round(1))
    7.0 4.2 6.0 2.8
    """
    return _form(
        {
            "needs": needs,
            "enduring": enduring,
            "explicit": explicit,
            "implicit": implicit,
            "word_of_mouth": word_of_mouth,
            "past": past,
            "transitory": transitory,
            "alternatives": alternatives,
            "role": role,
            "situational": situational,
        }
    )


def expectations_by_dimension(**drivers: float) -> pd.DataFrame:
    """Form the levels of each dimension of a service from the same drivers (M5.2, D5.1).

    A teaching assumption: all dimensions move alike, from places of their own (`DIMENSIONS`), and
    away from the ends of the scale their mean is the service as a whole. For reliability, the core
    of a service, the zone of tolerance begins higher and is narrower.

    Parameters
    ----------
    **drivers : float in [-2, 2]
        As in `form_expectations`; zero where left out.

    Returns
    -------
    DataFrame
        One row per dimension: dimension, desired, adequate, predicted and width.

    Raises
    ------
    TypeError
        If there is no such driver.
    ValueError
        If a driver lies outside -2 to 2.

    References
    ----------
    Parasuraman, Berry and Zeithaml (1991), Understanding customer expectations of service.

    Examples
    --------
    >>> levels = expectations_by_dimension(situational=2).set_index("dimension")
    >>> levels.loc["reliability", ["adequate", "desired"]].round(1).tolist()
    [5.4, 7.8]
    """
    unknown = sorted(set(drivers) - set(DRIVERS))
    if unknown:
        raise TypeError(
            _("There is no driver {names}; the drivers are {known}.").format(
                names=", ".join(unknown), known=", ".join(DRIVERS)
            )
        )
    desired, adequate = np.array(list(DIMENSIONS.values())).T
    levels = _form({name: drivers.get(name, 0) for name in DRIVERS}, desired, adequate)
    table = pd.DataFrame(levels._asdict())
    table.insert(0, "dimension", list(DIMENSIONS))
    return table


def _form(
    drivers: Mapping[str, ArrayLike], desired_by: ArrayLike = 0, adequate_by: ArrayLike = 0
) -> Expectations:
    """Form levels that lie by so much above those of the service as a whole."""
    n, e, ep, ip, wom, px, t, alt, rl, sit = (
        checked(name, drivers[name], at_least=-2, at_most=2) for name in DRIVERS
    )
    hoped = 7 + np.asarray(desired_by) + 0.4 * n + 0.3 * e + 0.2 * (ep + ip + wom + px)
    predicted = 6 + 0.25 * (ep + ip + wom) + 0.5 * px
    least = 5 + np.asarray(adequate_by) + 0.4 * t + 0.3 * alt + 0.2 * rl - 0.4 * sit
    least = np.maximum(least + 0.3 * (predicted - 6), LOWEST)
    # With drivers from -2 to 2 no other end of the scale can be reached.
    desired, predicted, least = np.broadcast_arrays(np.minimum(hoped, HIGHEST), predicted, least)
    adequate = np.minimum(desired, least)
    return Expectations(desired[()], adequate[()], predicted[()], (desired - adequate)[()])
