"""Generate the synthetic claims survey of Steady Insurance from truth.json.

Run `python generate.py` to write satisfaction_survey.csv beside this file, byte for byte the same.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def generate(truth: dict[str, Any]) -> pd.DataFrame:
    """Draw the answers: low ratings cost satisfaction, high ones add to it (M6.2)."""
    rng = np.random.default_rng(truth["seed"])
    n, model = truth["respondents"], truth["satisfaction"]
    attributes = list(model["low"])
    shares = truth["rating_shares"]
    kind = rng.choice(list(shares), (n, len(attributes)), p=list(shares.values()))
    ratings = np.zeros(kind.shape)
    for name, values in truth["ratings"].items():
        ratings = np.where(kind == name, rng.choice(values, kind.shape), ratings)
    satisfaction = model["base"] + rng.normal(0, model["noise_sd"], n)
    for name in ("low", "high"):
        satisfaction += (kind == name) @ list(model[name].values())
    nps = satisfaction + rng.normal(0, truth["nps"]["noise_sd"], n)
    effort = truth["effort"]["at_zero_satisfaction"] + truth["effort"]["per_point"] * satisfaction
    effort += rng.normal(0, truth["effort"]["noise_sd"], n)
    score = truth["intends"]["intercept"] + truth["intends"]["per_point"] * satisfaction
    answers = pd.DataFrame(
        {
            **dict(zip(attributes, ratings.T, strict=True)),
            "sat": satisfaction.round().clip(0, 10),
            "nps": nps.round().clip(0, 10),
            "effort": effort.round().clip(1, 7),
            "intends": rng.random(n) < 1 / (1 + np.exp(-score)),
        }
    )
    answers = answers.astype("Int64").mask(rng.random(answers.shape) < truth["missing_share"])
    tiers = truth["tiers"]
    tier = rng.choice(list(tiers), n, p=list(tiers.values()))
    return pd.DataFrame({"id": np.arange(1, n + 1), "tier": tier, **answers})


def write(path: Path) -> None:
    """Write the survey as CSV."""
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    generate(truth).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    write(HERE / "satisfaction_survey.csv")
