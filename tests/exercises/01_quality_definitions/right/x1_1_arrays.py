"""Works on arrays and returns a Series."""

# ruff: noqa: N803
import numpy as np
import pandas as pd


def perceived_quality(T, F, E, w=0.5, rho=1.0, image=0.0, phi=0.5):
    t, f, e = (np.atleast_1d(np.asarray(level, dtype=float)) for level in (T, F, E))
    if np.any((np.stack([t, f, e]) < 0) | (np.stack([t, f, e]) > 100)):
        raise ValueError("levels run from 0 to 100")
    if rho > 1 or abs(image) > 1 or not 0 <= w <= 1 or not 0 <= phi <= 1:
        raise ValueError("w, rho, image or phi is out of range")
    if w == 1 or w == 0:
        x = t.copy() if w == 1 else f.copy()
    elif np.isneginf(rho):
        x = np.minimum(t, f)
    elif abs(rho) < 1e-8:
        x = t**w * f ** (1 - w)
    else:
        zero = (rho < 0) & ((t == 0) | (f == 0))
        safe_t, safe_f = np.where(zero, 1, t), np.where(zero, 1, f)
        x = np.where(zero, 0, (w * safe_t**rho + (1 - w) * safe_f**rho) ** (1 / rho))
    filtered = np.where(x < e, np.clip(x + phi * image * (e - x), 0, 100), x)
    return pd.Series({"experienced": x[0], "filtered": filtered[0], "gap": (filtered - e)[0]})
