"""Sets up the times as linear equations, and solves them."""

import math

import numpy as np


def blueprint(df):
    rows = df.to_dict("records")
    t, p = [row["t"] for row in rows], [row["p"] for row in rows]
    rty = math.prod(1 - chance for chance in p)
    if rty == 0:
        t_local = t_restart = math.inf
    else:
        # From step i one goes on with 1 - p, or back to the first step with p.
        size = len(rows)
        equations = np.eye(size)
        for i in range(size):
            equations[i, 0] -= p[i]
            if i + 1 < size:
                equations[i, i + 1] -= 1 - p[i]
        t_restart = np.linalg.solve(equations, t)[0]
        t_local = sum(minutes / (1 - chance) for minutes, chance in zip(t, p, strict=True))
    losses = {row["step"]: row["p"] * row["L"] for row in rows}
    return {
        "rty": rty,
        "dpu": -math.log(rty) if rty else math.inf,
        "t_local": t_local,
        "t_restart": t_restart,
        "loss": math.fsum(losses.values()),
        "rpn": {row["step"]: row["S"] * row["O"] * row["D"] for row in rows},
        "rank": {
            step: 1 + sum(other > loss + 1e-9 for other in losses.values())
            for step, loss in losses.items()
        },
    }
