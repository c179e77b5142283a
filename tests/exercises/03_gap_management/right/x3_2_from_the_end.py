"""Begins with the customer gap and works upstream."""
# ruff: noqa: N803, N806

import numpy as np


def gap_chain(E0, C, M, S, D, P, b_up=0.5, b_down=0.2):
    lift, drop = max(C - E0, 0), max(E0 - C, 0)
    E = np.float64(E0 + b_up * lift - b_down * drop)
    found = {"g5": P - E, "g4": D - C, "gp": P - D, "g3": D - S, "g2": S - M}
    found["g1"] = found["g5"] - found["gp"] - found["g3"] - found["g2"]
    return found | {"E": E}
