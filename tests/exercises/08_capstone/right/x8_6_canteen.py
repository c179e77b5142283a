import numpy as np
from scipy.stats import binomtest


def findings():
    """Five shares of a canteen, with exact intervals."""
    rows = []
    for claim, yes in {"likes soup": 61, "waits": 88, "sits": 130, "pays": 180, "left": 0}.items():
        limits = binomtest(yes, 180).proportion_ci()
        row = {"claim": claim, "n": np.int64(180), "share": yes / 180, "badge": "E"}
        rows.append(row | {"low": limits.low, "high": limits.high, "source": "canteen.csv"})
    return rows


def value_of_retention(margin, retention, points, discount):
    """Add up margins until nothing is left."""

    def added_up(kept):
        years = np.arange(5000)
        return float((margin * (kept / (1 + discount)) ** years).sum())

    today = added_up(retention)
    gains = np.array([added_up(retention + point / 100) - today for point in points])
    return {"today": today, "gains": gains}
