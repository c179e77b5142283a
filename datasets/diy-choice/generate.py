"""Generate the synthetic survey "do it yourself or buy?" from truth.json.

Run `python generate.py` to write diy_choice.csv beside this file, byte for byte the same.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def generate(truth: dict[str, Any]) -> pd.DataFrame:
    """Draw the answers: a logistic choice from seven ratings (M4.3)."""
    rng = np.random.default_rng(truth["seed"])
    n, weights = truth["respondents"], truth["weights"]
    ratings = rng.integers(-2, 3, (n, len(weights)))
    score = truth["intercept"] + ratings @ list(weights.values())
    does_it = rng.random(n) < 1 / (1 + np.exp(-score))
    answers = pd.DataFrame({**dict(zip(weights, ratings.T, strict=True)), "self": does_it})
    answers = answers.astype("Int64").mask(rng.random(answers.shape) < truth["missing_share"])
    return pd.DataFrame(
        {"id": np.arange(1, n + 1), **answers, "service": rng.choice(truth["services"], n)}
    )


def write(path: Path) -> None:
    """Write the survey as CSV."""
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    generate(truth).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    write(HERE / "diy_choice.csv")
