"""Adds gap 4 to the chain, as if it were one of its links."""
# ruff: noqa: N803, N806


def gap_chain(E0, C, M, S, D, P, b_up=0.5, b_down=0.2):
    E = E0 + (b_up if C > E0 else b_down) * (C - E0)
    links = {"g1": M - E, "g2": S - M, "g3": D - S, "gp": P - D, "g4": D - C}
    return {"E": E, **links, "g5": sum(links.values())}
