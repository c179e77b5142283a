"""Mean and variance of the mixture first; groups by np.quantile; dates as dates."""

import numpy as np
import pandas as pd


def mixed_wait(lam, shares, means, sds):
    mean = np.average(means, weights=shares)
    variance = np.average((np.array(means) - mean) ** 2 + np.array(sds) ** 2, weights=shares)
    with np.errstate(divide="ignore"):
        wait = np.float64(lam * (variance + mean**2)) / (2 * (1 - lam * mean))
    return wait if lam * mean < 1 else np.inf


def load_curve(df):
    when = pd.to_datetime(df["date"])
    hours = df.loc[(when < pd.Timestamp(2020, 3, 1)) & (df["booths"] != 0)]
    load = (hours["passengers"] / hours["booths"]).to_numpy()
    edges = np.quantile(load, np.arange(1, 10) / 10)
    group = np.searchsorted(edges, load)
    sums = np.bincount(group, weights=hours["all_avg_wait_min"])
    return sums / np.bincount(group)


def why_no_explosion():
    return ("d", "b")
