"""Works on logarithms, with the largest taken out."""

# ruff: noqa: N803
import numpy as np


def perceived_quality(T, F, E, w=0.5, rho=1.0, image=0.0, phi=0.5):
    for value, low, high in [
        (T, 0, 100),
        (F, 0, 100),
        (E, 0, 100),
        (w, 0, 1),
        (rho, -np.inf, 1),
        (image, -1, 1),
        (phi, 0, 1),
    ]:
        if value < low or value > high:
            raise ValueError(f"{value} is not between {low} and {high}")
    parts = [(weight, level) for weight, level in [(w, T), (1 - w, F)] if weight > 0]
    weights = np.array([weight for weight, _ in parts])
    levels = np.array([level for _, level in parts], dtype=float)
    with np.errstate(divide="ignore"):
        logs = np.log(levels)
    if rho == -np.inf or len(parts) == 1:
        x = levels.min()
    elif abs(rho) < 1e-8:
        x = np.exp(weights @ logs)
    elif rho < 0 and levels.min() == 0:
        x = 0.0
    else:
        top = (rho * logs).max()
        x = np.exp((top + np.log(weights @ np.exp(rho * logs - top))) / rho)
    seen = np.clip(x + phi * image * max(E - x, 0), 0, 100)
    return {"experienced": x, "filtered": seen, "gap": seen - E}
