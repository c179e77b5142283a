"""Generate the synthetic gap audit of BluePeak Telecom's shops from truth.json.

Run `python generate.py` to write gap_audit.csv beside this file, byte for byte the same.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def generate(truth: dict[str, Any]) -> pd.DataFrame:
    """Draw the branches: levels around their means; the promise moves what is expected (M3.1)."""
    rng = np.random.default_rng(truth["seed"])
    n, means = truth["branches"], truth["means"]
    levels = rng.normal(list(means.values()), truth["noise_sd"], (n, len(means)))
    levels = pd.DataFrame(levels, columns=list(means))
    distance = levels["promise"] - levels["E0"]
    beta = np.where(distance > 0, truth["beta_up"], truth["beta_down"])
    expectation = levels["E0"] + beta * distance + rng.normal(0, truth["noise_sd"], n)
    levels.insert(2, "expectation", expectation)
    levels = levels.clip(0, 100).round(1).mask(rng.random(levels.shape) < truth["missing_share"])
    return pd.DataFrame({"branch": [f"S{i:02}" for i in range(1, n + 1)], **levels})


def write(path: Path) -> None:
    """Write the branches as CSV."""
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    generate(truth).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    write(HERE / "gap_audit.csv")
