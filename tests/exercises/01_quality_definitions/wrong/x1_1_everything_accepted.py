"""Calculates with numbers that are out of range."""

# ruff: noqa: N803
import math


def perceived_quality(T, F, E, w=0.5, rho=1.0, image=0.0, phi=0.5):
    """Experienced quality, the same seen through image, and the gap to expectation."""
    if w in (0, 1):
        experienced = T if w else F
    elif rho == -math.inf:
        experienced = min(T, F)
    elif rho <= 1e-8 and 0 in (T, F):
        experienced = 0
    elif abs(rho) < 1e-8:
        experienced = T**w * F ** (1 - w)
    else:
        experienced = (w * T**rho + (1 - w) * F**rho) ** (1 / rho)
    filtered = experienced
    if experienced < E:
        filtered = min(100, max(0, experienced + phi * image * (E - experienced)))
    return {"experienced": experienced, "filtered": filtered, "gap": filtered - E}
