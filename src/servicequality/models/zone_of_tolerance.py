"""Zone of tolerance: perceived service between adequate and desired service (M2.2, M5.1)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Zone(NamedTuple):
    """Where perceived service lies; every part has the shape of the broadcast inputs.

    Attributes
    ----------
    msa : ndarray
        Measure of service adequacy, perceived minus adequate; negative is a shortfall.
    mss : ndarray
        Measure of service superiority, perceived minus desired.
    width : ndarray
        Desired minus adequate.
    position : ndarray
        0 at the adequate level, 1 at the desired level; NaN unless width > 0.
    state : ndarray of str
        "below", "inside" (edges included) or "above"; "undefined" if a level is missing or the
        adequate level lies above the desired one.
    """

    msa: NDArray[np.float64]
    mss: NDArray[np.float64]
    width: NDArray[np.float64]
    position: NDArray[np.float64]
    state: NDArray[np.str_]


def zone_of_tolerance(perceived: ArrayLike, adequate: ArrayLike, desired: ArrayLike) -> Zone:
    """Place perceived service in the zone of tolerance (M2.2).

    Parameters
    ----------
    perceived, adequate, desired : array_like
        Levels on one scale, usually 1-7. Scalars and arrays broadcast. A zone without width
        (adequate equals desired) still has the states below, inside and above.

    Returns
    -------
    Zone

    References
    ----------
    Parasuraman, Zeithaml and Berry (1994).

    Examples
    --------
    >>> zone = zone_of_tolerance(perceived=[4.8, 6.1, 7.6], adequate=5.2, desired=7.3)
    >>> zone.state.tolist()
    ['below', 'inside', 'above']
    >>> zone.position.round(2).tolist()
    [-0.19, 0.43, 1.14]
    """
    p, a, d = np.broadcast_arrays(
        *(np.asarray(level, dtype=float) for level in (perceived, adequate, desired))
    )
    width = d - a
    position = np.divide(p - a, width, out=np.full(p.shape, np.nan), where=width > 0)
    state = np.select(
        [~(a <= d) | np.isnan(p), p < a, p > d], ["undefined", "below", "above"], "inside"
    )
    # [()] turns the results of scalar input back into scalars.
    return Zone((p - a)[()], (p - d)[()], width[()], position[()], state[()])
