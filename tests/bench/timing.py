"""Time an action on a machine that others use too."""

import time
from collections.abc import Callable

import numpy as np

_NUMBERS = np.random.default_rng(0).random(120_000)


def fastest(action: Callable[[], object], times: int = 3) -> float:
    """Return the seconds that the fastest of a few runs took."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return min(taken)


def baseline() -> float:
    """Return the seconds that plain numpy takes now to sort 120,000 random numbers.

    On an ordinary machine at rest these are 5 ms; a busy or slow machine needs more for this as
    for everything, so a goal in baselines holds on any machine.
    """
    return fastest(lambda: np.sort(_NUMBERS), 5)
