"""Generate the synthetic daily figures of BluePeak Telecom's contact centre from truth.json.

Run `python generate.py` to write contact_centre_daily.csv beside this file, byte for byte the same.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def generate(truth: dict[str, Any]) -> pd.DataFrame:
    """Draw the days: a shift in defects and complaints, and one odd day in handle time (M3.4)."""
    rng = np.random.default_rng(truth["seed"])
    day = np.arange(1, truth["days"] + 1)
    before = day <= truth["last_day_before_shift"]
    rate, complaints = (
        np.where(before, truth[what]["before"], truth[what]["after"])
        for what in ("defect_rate", "complaints_mean")
    )
    calls = rng.poisson(truth["calls_mean"], len(day))
    handle = rng.normal(truth["handle_min"]["mean"], truth["handle_min"]["sd"], len(day))
    handle += np.where(day == truth["outlier"]["day"], truth["outlier"]["extra_min"], 0)
    figures = pd.DataFrame(
        {
            "calls": calls,
            "defects": rng.binomial(calls, rate),
            "complaints": rng.poisson(complaints),
            "mean_handle_min": handle.round(2),
        }
    )
    whole = {"calls": "Int64", "defects": "Int64", "complaints": "Int64"}
    figures = figures.astype(whole).mask(rng.random(figures.shape) < truth["missing_share"])
    return pd.DataFrame({"day": day}).join(figures)


def write(path: Path) -> None:
    """Write the days as CSV."""
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    generate(truth).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    write(HERE / "contact_centre_daily.csv")
