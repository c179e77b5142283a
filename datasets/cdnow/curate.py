"""Copy the repeat purchases of CDNOW and the donors of a radio station.

Run `python curate.py <folder>`, where the folder holds
cdnow_customers.csv and donor_retention.csv.
"""

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent


def main(raw: Path) -> None:
    """Write customers.csv and donors.csv, nothing dropped."""
    for source, target in (("cdnow_customers", "customers"), ("donor_retention", "donors")):
        table = pd.read_csv(raw / f"{source}.csv", dtype=str, keep_default_na=False)
        table.to_csv(HERE / f"{target}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
