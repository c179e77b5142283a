def funnel(complaints, lowest, highest):
    """Divide by the wrong ends."""
    return {"fewest": complaints / lowest, "most": complaints / highest}


def least_learning(failure, invocation, cheating, payout, loss, recovered):
    """Forget those who cheat."""
    cost = invocation * payout + loss * (1 - recovered)
    return max(0.0, 1 - loss / cost)
