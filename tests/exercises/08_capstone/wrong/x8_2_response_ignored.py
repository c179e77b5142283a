import math


def plan_sample(margin, share=0.5, z=1.96, population=None, response=1.0):
    """Take everybody who is invited for somebody who answers."""
    needed = z**2 * share * (1 - share) / margin**2
    if population is not None:
        needed = needed / (1 + (needed - 1) / population)
    n = math.ceil(round(needed, 9))
    return {"n": n, "invitations": n}
