"""Subtracts the later level from the earlier one."""
# ruff: noqa: N803, N806


def gap_chain(E0, C, M, S, D, P, b_up=0.5, b_down=0.2):
    E = E0 + (b_up if C > E0 else b_down) * (C - E0)
    return {"E": E, "g1": E - M, "g2": M - S, "g3": S - D, "gp": D - P, "g4": C - D, "g5": E - P}
