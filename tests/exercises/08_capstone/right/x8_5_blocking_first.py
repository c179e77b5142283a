import numpy as np


def queue(arrivals, rate, servers):
    """Reach Erlang C by way of Erlang B."""
    used = arrivals / (servers * rate)
    blocked = 1.0
    for busy in range(1, servers + 1):
        blocked = (arrivals / rate) * blocked / (busy + (arrivals / rate) * blocked)
    stable = np.bool_(used < 1)
    if not stable:
        return {"utilisation": used, "stable": stable, "wait": np.inf}
    waiting = blocked / (1 - used * (1 - blocked))
    return {"wait": waiting / (servers * rate - arrivals), "utilisation": used, "stable": stable}
