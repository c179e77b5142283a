"""Takes the first letter of the alphabet if counts are equal."""
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
    M, O, A, I = (counts[letter] for letter in "MOAI")  # noqa: E741
    valid, N = M + O + A + I, counts.sum(axis=1)
    a, b = np.sort(counts.to_numpy(), axis=1)[:, :-3:-1].T
    summary = counts.copy()
    summary["mode"] = counts[sorted(order)].idxmax(axis=1)
    summary["better"] = (A + O) / valid
    summary["worse"] = -(O + M) / valid
    summary["strength"] = (a - b) / N
    summary["mixed"] = a - b < 1.65 * np.sqrt((a + b) * (2 * N - a - b) / (2 * N))
    return summary
