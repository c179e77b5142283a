"""Closed formulas in NumPy, results in dicts."""

import numpy as np


def blueprint(df):
    t, p = df["t"].to_numpy(dtype=float), df["p"].to_numpy(dtype=float)
    names = list(df["step"])
    rty = (1 - p).prod()
    loss = p * df["L"].to_numpy(dtype=float)
    rpn = (df["S"] * df["O"] * df["D"]).to_numpy()
    rank = [1 + (loss > one).sum() for one in loss]
    with np.errstate(divide="ignore", invalid="ignore"):
        t_local = (t / (1 - p)).sum()
        return {
            "rty": rty,
            "dpu": -np.log(rty),
            "t_local": t_local,
            "t_restart": t @ np.append(1, (1 - p).cumprod()[:-1]) / np.float64(rty),
            "loss": loss.sum(),
            "rpn": dict(zip(names, rpn, strict=True)),
            "rank": dict(zip(names, rank, strict=True)),
        }
