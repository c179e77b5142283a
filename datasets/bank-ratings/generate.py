"""Generate the synthetic ratings of the Pinecone Bank's employees from truth.json.

Run `python generate.py` to write bank_ratings.csv beside this file, byte for byte the same.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def generate(truth: dict[str, Any]) -> pd.DataFrame:
    """Draw the ratings: overall mean + branch + employee + everything else (M1.2)."""
    rng = np.random.default_rng(truth["seed"])
    b, e, k = truth["branches"], truth["employees_per_branch"], truth["ratings_per_employee"]
    sd = {part: np.sqrt(variance) for part, variance in truth["variances"].items()}
    branch = rng.normal(0, sd["branch"], (b, 1, 1))
    employee = rng.normal(0, sd["employee"], (b, e, 1))
    rating = truth["mean"] + branch + employee + rng.normal(0, sd["rest"], (b, e, k))
    i, j, _ = (index.ravel() + 1 for index in np.indices(rating.shape))
    ratings = pd.DataFrame(
        {
            "branch": [f"B{branch:02}" for branch in i],
            "employee": [
                f"B{branch:02}-E{employee}" for branch, employee in zip(i, j, strict=True)
            ],
            "customer": [f"C{customer:04}" for customer in range(1, rating.size + 1)],
            "rating": rating.clip(0, 10).round(1).ravel(),
        }
    )
    missing = rng.random(len(ratings)) < truth["missing_share"]
    return ratings.assign(rating=ratings["rating"].mask(missing))


def write(path: Path) -> None:
    """Write the ratings as CSV."""
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    generate(truth).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    write(HERE / "bank_ratings.csv")
