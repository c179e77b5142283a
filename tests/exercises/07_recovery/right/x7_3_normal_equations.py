"""Solves X'X b = X'y, and adds up by hand."""

import numpy as np


def fit_justice(df):
    rows, y = [], []
    for r in df.to_dict("records"):
        if r["severity"] == "none" or np.isnan(r["pre"]) or np.isnan(r["post"]):
            continue
        severe = r["severity"] == "severe"
        rows.append([1, r["pre"], severe, r["DJ"], r["PJ"], r["IJ"], r["DJ"] * r["IJ"]])
        y.append(r["post"])
    x = np.array(rows, dtype=float)
    b = np.linalg.solve(x.T @ x, x.T @ np.array(y))
    return dict(zip(["const", "pre", "severe", "DJ", "PJ", "IJ", "DJ:IJ"], b, strict=True))


def paradox_test(df, severity):
    full, control = [], []
    for r in df.to_dict("records"):
        if r["severity"] == "none":
            control.append(r)
        elif r["severity"] == severity and r["DJ"] + r["PJ"] + r["IJ"] == 3:
            full.append(r)

    def known(group, name):
        return np.array([r[name] for r in group if not np.isnan(r[name])])

    a, b = known(full, "post"), known(control, "post")
    diff = a.mean() - b.mean()
    half = 1.96 * np.hypot(a.std(ddof=1) / len(a) ** 0.5, b.std(ddof=1) / len(b) ** 0.5)
    booked = known(full, "repurchase").mean() - known(control, "repurchase").mean()
    return {"diff": diff, "lo": diff - half, "hi": diff + half, "repurchase_diff": booked}
