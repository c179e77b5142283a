"""Fills arrays through masks; returns arrays of one even for a single customer, and warns."""

import numpy as np
import pandas as pd


def zone_of_tolerance(p, a, d):
    zone = pd.DataFrame({"p": np.atleast_1d(p), "a": np.atleast_1d(a), "d": np.atleast_1d(d)})
    zone["width"] = zone["d"] - zone["a"]
    z = (zone["p"].to_numpy() - zone["a"].to_numpy()) / zone["width"].to_numpy()
    z[zone["width"] <= 0] = np.nan
    state = pd.Series("inside", index=zone.index)
    state[zone["p"] < zone["a"]] = "below"
    state[zone["p"] > zone["d"]] = "above"
    return {
        "msa": zone["p"] - zone["a"],
        "mss": zone["p"] - zone["d"],
        "width": zone["width"],
        "z": z,
        "state": state,
    }
