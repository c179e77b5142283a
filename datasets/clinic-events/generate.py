"""Generate the synthetic event log of the Riverside Clinic from truth.json.

Run `python generate.py` to write clinic_events.csv beside this file, byte for byte the same.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def generate(truth: dict[str, Any]) -> pd.DataFrame:
    """Send patients through the steps; a step that fails is repeated until it is right (M3.3)."""
    rng = np.random.default_rng(truth["seed"])
    steps = pd.DataFrame(truth["steps"]).T
    shape = truth["visits"], len(steps)
    attempts = rng.geometric(1 - steps["failure"].to_numpy(), shape)
    # The time of k attempts is gamma distributed, as that of one.
    one = 1 / truth["time_cv"] ** 2
    minutes = rng.gamma(attempts * one, steps["minutes"].to_numpy() / one)
    end = minutes.cumsum(axis=1).round(2)
    start = np.column_stack([np.zeros(len(end)), end[:, :-1]])
    events = pd.DataFrame(
        {
            "visit": np.repeat(np.arange(1, len(end) + 1), len(steps)),
            "step": np.tile(steps.index, len(end)),
        }
    )
    measured = pd.DataFrame(
        {
            "start_min": start.ravel(),
            "end_min": end.ravel(),
            "failed": (attempts > 1).ravel(),
            "rework": attempts.ravel() - 1,
        }
    )
    whole = {"failed": "Int64", "rework": "Int64"}
    measured = measured.astype(whole).mask(rng.random(measured.shape) < truth["missing_share"])
    return events.join(measured)


def write(path: Path) -> None:
    """Write the event log as CSV."""
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    generate(truth).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    write(HERE / "clinic_events.csv")
