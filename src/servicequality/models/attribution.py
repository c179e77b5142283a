"""Who is to blame, and how much satisfaction falls (M7.4).

For teachers. That customers ask who caused a failure, whether it will happen again, and whether it
could have been prevented is well established (Folkes, 1984). The weights, and that they simply add
up, are teaching assumptions. In reality the questions interact (nobody is angry about what the firm
could not control), customers see causes that the firm does not, and they judge by how bad the
outcome was.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servicequality.models._checks import checked

Array = NDArray[np.float64]

WEIGHTS = {"locus": 0.5, "stable": 0.25, "controllable": 0.25}
"""Weight of each question in the blame. A teaching assumption."""


def blame(locus: ArrayLike, stable: ArrayLike, controllable: ArrayLike) -> Array:
    """Blame that customers put on the firm (M7.4).

    A teaching assumption: .5 locus + .25 stable + .25 controllable.

    Parameters
    ----------
    locus : array_like in [0, 1]
        Was it the firm? 0 others or chance, 1 the firm.
    stable : array_like in [0, 1]
        Will it happen again? 0 once, 1 always.
    controllable : array_like in [0, 1]
        Could the firm have prevented it? They broadcast.

    Returns
    -------
    ndarray in [0, 1]

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    Folkes (1984), after Weiner.

    Examples
    --------
    >>> print(blame(1, 0.2, 0))
    0.55
    """
    answers = {"locus": locus, "stable": stable, "controllable": controllable}
    parts = [
        WEIGHTS[name] * checked(name, answer, at_least=0, at_most=1)
        for name, answer in answers.items()
    ]
    return parts[0] + parts[1] + parts[2]


def satisfaction_drop(severity: ArrayLike, blamed: ArrayLike) -> Array:
    """Fall of satisfaction after a failure (M7.4).

    A teaching assumption: severity x (.4 + .6 blame), so that some of it hurts even if the firm is
    not to blame.

    Parameters
    ----------
    severity : array_like, zero or more
        Scale points that a failure costs if the firm is fully to blame.
    blamed : array_like in [0, 1]
        From `blame`. They broadcast.

    Returns
    -------
    ndarray
        In scale points, zero or more.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    Always the firm, the weather, and one slip of the firm:

    >>> satisfaction_drop(2, blame([1, 0, 1], [1, 0.2, 0.2], [1, 0, 0])).round(3).tolist()
    [2.0, 0.86, 1.46]
    """
    size = checked("severity", severity, at_least=0)
    return size * (0.4 + 0.6 * checked("blamed", blamed, at_least=0, at_most=1))
