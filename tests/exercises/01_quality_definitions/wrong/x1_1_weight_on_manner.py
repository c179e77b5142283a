"""Gives the weight to functional quality."""

# ruff: noqa: N803
import math


def perceived_quality(T, F, E, w=0.5, rho=1.0, image=0.0, phi=0.5):
    """Experienced quality, the same seen through image, and the gap to expectation."""
    ranges = {
        "T": (T, 0, 100),
        "F": (F, 0, 100),
        "E": (E, 0, 100),
        "w": (w, 0, 1),
        "rho": (rho, -math.inf, 1),
        "image": (image, -1, 1),
        "phi": (phi, 0, 1),
    }
    for name, (value, low, high) in ranges.items():
        if not low <= value <= high:
            raise ValueError(f"{name} = {value} is not between {low} and {high}")
    if w in (0, 1):
        experienced = T if w else F
    elif rho == -math.inf:
        experienced = min(T, F)
    elif rho <= 1e-8 and 0 in (T, F):
        experienced = 0
    elif abs(rho) < 1e-8:
        experienced = F**w * T ** (1 - w)
    else:
        experienced = ((1 - w) * T**rho + w * F**rho) ** (1 / rho)
    filtered = experienced
    if experienced < E:
        filtered = min(100, max(0, experienced + phi * image * (E - experienced)))
    return {"experienced": experienced, "filtered": filtered, "gap": filtered - E}
