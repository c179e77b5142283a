"""Time an action on a machine that others use too."""

import time
from collections.abc import Callable


def fastest(action: Callable[[], object], times: int = 3) -> float:
    """Return the seconds that the fastest of a few runs took."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return min(taken)
