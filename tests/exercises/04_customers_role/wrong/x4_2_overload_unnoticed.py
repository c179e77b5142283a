"""Returns a negative wait where the line grows without end."""

import numpy as np
import pandas as pd


def mixed_wait(lam, shares, means, sds):
    share = np.asarray(shares, dtype=float) / sum(shares)
    mean, sd = np.asarray(means, dtype=float), np.asarray(sds, dtype=float)
    return lam * (share @ (mean**2 + sd**2)) / (2 * (1 - lam * (share @ mean)))


def load_curve(df):
    hours = df[(df["date"] < "2020-03-01") & (df["booths"] > 0)]
    group = pd.qcut(hours["passengers"] / hours["booths"], 10, labels=False)
    return hours["all_avg_wait_min"].groupby(group).mean().tolist()


def why_no_explosion():
    return ["B", "D"]
