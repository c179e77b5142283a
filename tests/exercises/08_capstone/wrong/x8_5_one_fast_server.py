import math


def queue(arrivals, rate, servers):
    """Take three servers for one who works three times as fast, and full for stable."""
    utilisation = arrivals / (servers * rate)
    if utilisation > 1:
        return {"utilisation": utilisation, "stable": False, "wait": math.inf}
    slack = servers * rate - arrivals
    wait = utilisation / slack if slack else math.inf
    return {"utilisation": utilisation, "stable": True, "wait": wait}
