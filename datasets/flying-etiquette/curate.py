"""Copy the flying etiquette survey and mend the wording of its questions.

Run `python curate.py <folder>`, where the folder holds
responses.csv and questions.csv.
"""

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent


def main(raw: Path) -> None:
    """Write responses.csv and questions.csv, nothing dropped; the questions had lost spaces."""
    responses = pd.read_csv(raw / "responses.csv", dtype=str, keep_default_na=False)
    responses = responses.replace(
        {
            "More than five times times": "More than five times",
            "No, not at all rude": "No, not rude at all",
        }
    )
    responses.to_csv(HERE / "responses.csv", index=False, lineterminator="\n")
    questions = pd.read_csv(raw / "questions.csv")
    questions["question"] = (
        questions["question"]
        .str.replace("itrude", "it rude")
        .str.replace("tothe stranger", "to the stranger")
    )
    questions.to_csv(HERE / "questions.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
