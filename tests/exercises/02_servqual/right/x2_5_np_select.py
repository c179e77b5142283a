"""Conditions and choices in np.select; returns a dict."""

import numpy as np


def ipa(df, mode="data", derived=False):
    names = list(dict.fromkeys(df["attribute"]))
    rows = [df[df["attribute"] == name] for name in names]
    performance = np.array([r["performance"].mean() for r in rows])
    if derived:
        importance = np.array([np.corrcoef(r["performance"], r["overall"])[0, 1] for r in rows])
    else:
        importance = np.array([r["importance"].mean() for r in rows])
    if mode == "diagonal":
        labels = np.where(performance < importance, "act", "leave")
    else:
        x, y = (importance.mean(), performance.mean()) if mode == "data" else (4, 4)
        important, strong = importance >= x, performance >= y
        labels = np.select(
            [important & strong, important, strong],
            ["keep up", "concentrate", "overkill"],
            "low priority",
        )
    return dict(zip(names, labels, strict=True))
