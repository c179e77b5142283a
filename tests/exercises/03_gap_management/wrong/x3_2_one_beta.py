"""Uses the same effect for promises above and below the expectation."""
# ruff: noqa: N803, N806


def gap_chain(E0, C, M, S, D, P, b_up=0.5, b_down=0.2):
    E = E0 + b_up * (C - E0)
    return {"E": E, "g1": M - E, "g2": S - M, "g3": D - S, "gp": P - D, "g4": D - C, "g5": P - E}
