"""Copy the attendances and breaches of English emergency departments.

Run `python curate.py <folder>`, where the folder holds
ae_attendances_2016_2019.csv.
"""

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent


def main(raw: Path) -> None:
    """Write attendances.csv, nothing dropped."""
    attendances = pd.read_csv(
        raw / "ae_attendances_2016_2019.csv", dtype=str, keep_default_na=False
    )
    attendances.to_csv(HERE / "attendances.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
