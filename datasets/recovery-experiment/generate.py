"""Generate the synthetic recovery experiment with Kite Air's passengers from truth.json.

Run `python generate.py` to write recovery_experiment.csv beside this file, byte for byte the same.
"""

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def generate(truth: dict[str, Any]) -> pd.DataFrame:
    """Draw the passengers: a failure takes satisfaction away, fair recovery gives some back."""
    rng = np.random.default_rng(truth["seed"])
    cells = pd.DataFrame(
        itertools.product(truth["severity"], (0, 1), (0, 1), (0, 1)),
        columns=["severity", "DJ", "PJ", "IJ"],
    )
    failed = cells.loc[cells.index.repeat(truth["per_cell"])]
    control = pd.DataFrame({"severity": ["none"] * truth["control"]})
    design = pd.concat([failed, control], ignore_index=True)
    design = design.iloc[rng.permutation(len(design))].reset_index(drop=True)

    failure = (design["severity"] != "none").to_numpy()
    given = design[["DJ", "PJ", "IJ"]].fillna(0)
    given["DJ:IJ"] = given["DJ"] * given["IJ"]
    before = rng.normal(truth["before"]["mean"], truth["before"]["sd"], len(design)).clip(1, 7)
    noise_sd = np.where(failure, truth["noise_sd"], truth["control_noise_sd"])
    after = before + given @ pd.Series(truth["recovery"]) + rng.normal(0, noise_sd)
    after = (after - design["severity"].map(truth["severity"]).fillna(0)).clip(1, 7)
    buys, tells = truth["repurchase"], truth["wom"]
    score = buys["intercept"] + buys["per_point"] * after + buys["failure"] * failure
    wom = tells["per_point"] * (after - tells["neutral_at"]) + tells["failure"] * failure
    wom += rng.normal(0, tells["noise_sd"], len(design))
    measured = pd.DataFrame(
        {
            "pre": before.round(1),
            "post": after.round(1),
            "repurchase": rng.random(len(design)) < 1 / (1 + np.exp(-score)),
            "wom": wom.round().clip(-3, 3) + 0.0,
        }
    ).astype({"repurchase": "Int64", "wom": "Int64"})
    measured = measured.mask(rng.random(measured.shape) < truth["missing_share"])
    design = design.astype({"DJ": "Int64", "PJ": "Int64", "IJ": "Int64"}).join(measured)
    return design.rename_axis("id").rename(index=lambda row: row + 1).reset_index()


def write(path: Path) -> None:
    """Write the experiment as CSV."""
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    generate(truth).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    write(HERE / "recovery_experiment.csv")
