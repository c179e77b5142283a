"""Generate the synthetic panel of QuickBowl's delivery customers from truth.json.

Run `python generate.py` to write expectation_panel.csv beside this file, byte for byte the same.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def generate(truth: dict[str, Any]) -> pd.DataFrame:
    """Draw the panel: each customer moves the expectation by a share of the surprise (M5.3)."""
    rng = np.random.default_rng(truth["seed"])
    n, visits = truth["customers"], truth["visits"]
    first, level, rated = truth["first_expectation"], truth["performance"], truth["rating"]
    up = rng.beta(truth["alpha_up"]["a"], truth["alpha_up"]["b"], n)
    down = (truth["alpha_down_over_up"] * up).clip(max=1)
    expected = rng.normal(first["mean"], first["sd"], n).clip(0, 100)
    rounds = []
    for visit in range(1, visits + 1):
        performance = rng.normal(level["mean"], level["sd"], n).clip(0, 100)
        surprise = performance - expected
        moved = expected + np.where(surprise > 0, up, down) * surprise
        after = (moved + rng.normal(0, truth["update_noise_sd"], n)).clip(0, 100)
        per_point = np.where(surprise > 0, rated["per_point_better"], rated["per_point_worse"])
        rating = rated["as_expected"] + per_point * surprise + rng.normal(0, rated["noise_sd"], n)
        rounds.append(
            pd.DataFrame(
                {
                    "id": np.arange(1, n + 1),
                    "visit": visit,
                    "performance": performance,
                    "expected_before": expected,
                    "expected_after": after,
                    "rating": rating.round().clip(1, 7),
                }
            )
        )
        expected = after
    panel = pd.concat(rounds).sort_values(["id", "visit"], ignore_index=True)
    measured = panel.drop(columns=["id", "visit"]).round(1).astype({"rating": "Int64"})
    measured = measured.mask(rng.random(measured.shape) < truth["missing_share"])
    return panel[["id", "visit"]].join(measured)


def write(path: Path) -> None:
    """Write the panel as CSV."""
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    generate(truth).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    write(HERE / "expectation_panel.csv")
