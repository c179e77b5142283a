"""Compares passengers with themselves before the failure."""

import math

import numpy as np
import pandas as pd


def fit_justice(df):
    failed = df[df["severity"] != "none"].dropna(subset=["pre", "post"])
    terms = pd.DataFrame(
        {
            "const": 1.0,
            "pre": failed["pre"],
            "severe": failed["severity"] == "severe",
            "DJ": failed["DJ"],
            "PJ": failed["PJ"],
            "IJ": failed["IJ"],
            "DJ:IJ": failed["DJ"] * failed["IJ"],
        }
    ).astype(float)
    solved, *_ = np.linalg.lstsq(terms.to_numpy(), failed["post"].to_numpy(dtype=float))
    return pd.Series(solved, index=terms.columns)


def paradox_test(df, severity):
    full = df[(df["severity"] == severity) & (df[["DJ", "PJ", "IJ"]] == 1).all(axis=1)]
    control = df[df["severity"] == "none"]
    change = full["post"] - full["pre"]
    diff = change.mean()
    se = math.sqrt(change.var() / change.count())
    return {
        "diff": diff,
        "lo": diff - 1.96 * se,
        "hi": diff + 1.96 * se,
        "repurchase_diff": full["repurchase"].mean() - control["repurchase"].mean(),
    }
