import numpy as np


def plan_sample(margin, share=0.5, z=1.96, population=None, response=1.0):
    """Count up until the margin is small enough."""
    n = 1
    while True:
        factor = 1 if population is None else (population - n) / (population - 1)
        if z * (share * (1 - share) / n * factor) ** 0.5 <= margin + 1e-12:
            break
        n += 1
    invitations = n
    while invitations * response < n - 1e-9:
        invitations += 1
    return {"invitations": np.int64(invitations), "n": float(n)}
