def funnel(complaints, lowest, highest):
    """Try both ends."""
    ends = sorted(complaints / share for share in (lowest, highest))
    return dict(zip(("fewest", "most"), ends, strict=True))


def least_learning(failure, invocation, cheating, payout, loss, recovered):
    """Halve the distance until the loss with the guarantee equals that without it."""

    def worse(learning):
        each = invocation * payout + loss * (1 - recovered)
        return cheating * payout + failure * (1 - learning) * each > loss * failure + 1e-12

    if worse(1):
        return float("nan")
    if not worse(0):
        return 0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if worse(middle) else (low, middle)
    return high
