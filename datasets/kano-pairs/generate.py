"""Generate the synthetic paired questions to Lumen Bay's taxi passengers from truth.json.

Run `python generate.py` to write kano_pairs.csv beside this file, byte for byte the same.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent

# Rows: functional answer, columns: dysfunctional answer, each like, must-be, neutral, live-with,
# dislike (M6.2).
TABLE = np.array([list(row) for row in ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")])


def generate(truth: dict[str, Any]) -> pd.DataFrame:
    """Draw a class for each person and attribute, then a pair of answers that gives this class."""
    rng = np.random.default_rng(truth["seed"])
    n = truth["respondents"]
    named, questionable = truth["named_class_share"], truth["questionable_share"]
    other = (1 - named - questionable) / 4
    cells = {c: np.argwhere(c == TABLE) + 1 for c in "MOAIRQ"}
    answers = np.empty((n, len(truth["classes"]), 2), dtype=int)
    for a, own in enumerate(truth["classes"].values()):
        share = [named if c == own else questionable if c == "Q" else other for c in cells]
        drawn = rng.choice(list(cells), n, p=share)
        answers[:, a] = [rng.choice(cells[c]) for c in drawn]
    segments = truth["segments"]
    segment = rng.choice(list(segments), n, p=list(segments.values()))
    pairs = pd.DataFrame(answers.reshape(-1, 2), columns=["functional", "dysfunctional"])
    pairs = pairs.astype("Int64").mask(rng.random(pairs.shape) < truth["missing_share"])
    person = np.repeat(np.arange(n), len(truth["classes"]))
    return pd.DataFrame(
        {
            "id": person + 1,
            "segment": segment[person],
            "attribute": np.tile(list(truth["classes"]), n),
            **pairs,
        }
    )


def write(path: Path) -> None:
    """Write the answers as CSV."""
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    generate(truth).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    write(HERE / "kano_pairs.csv")
