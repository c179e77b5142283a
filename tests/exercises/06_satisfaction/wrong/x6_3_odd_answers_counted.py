"""Divides Better and Worse by all answers, R and Q too."""
# ruff: noqa: N806

import numpy as np
import pandas as pd


def kano_class(f, d):
    return ["QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ"][int(f) - 1][int(d) - 1]


def kano_summary(df):
    letters = [kano_class(f, d) for f, d in zip(df["f"], df["d"], strict=True)]
    order = list("MOAIRQ")
    counts = pd.crosstab(df["item"].to_numpy(), np.array(letters))
    counts = counts.reindex(columns=order, fill_value=0)
    M, O, A = (counts[letter] for letter in "MOA")  # noqa: E741
    N = counts.sum(axis=1)
    a, b = np.sort(counts.to_numpy(), axis=1)[:, :-3:-1].T
    summary = counts.copy()
    summary["mode"] = counts.idxmax(axis=1)
    summary["better"] = (A + O) / N
    summary["worse"] = -(O + M) / N
    summary["strength"] = (a - b) / N
    summary["mixed"] = a - b < 1.65 * np.sqrt((a + b) * (2 * N - a - b) / (2 * N))
    return summary
