"""Generate the synthetic service profit chain of the QuickBowl noodle bars from truth.json.

Run `python generate.py` to write branch_profit_chain.csv beside this file, byte for byte the same.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def generate(truth: dict[str, Any]) -> pd.DataFrame:
    """Draw the units, each variable from its causes, so that every variance is 1 (M4.6)."""
    rng = np.random.default_rng(truth["seed"])
    paths = truth["paths"]
    scores = pd.DataFrame(index=range(truth["units"]))
    correlation = pd.DataFrame(0.0, index=list(paths), columns=list(paths))
    for name, effects in paths.items():
        causes, path = list(effects), np.array(list(effects.values()))
        explained = path @ correlation.loc[causes, causes] @ path if causes else 0
        noise = rng.normal(0, np.sqrt(1 - explained), len(scores))
        scores[name] = noise + (scores[causes] @ path if causes else 0)
        correlation.loc[name] = correlation[name] = path @ correlation.loc[causes]
        correlation.loc[name, name] = 1.0
    # Adding 0 turns -0 into 0.
    scores = scores.round(3) + 0.0
    scores = scores.mask(rng.random(scores.shape) < truth["missing_share"])
    return scores.rename_axis("unit").rename(index=lambda row: row + 1).reset_index()


def write(path: Path) -> None:
    """Write the units as CSV."""
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    generate(truth).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    write(HERE / "branch_profit_chain.csv")
