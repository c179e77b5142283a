"""Put minutes into the column names of the border-control waits.

Run `python curate.py <folder>`, where the folder holds
hourly_2016_2020.csv.
"""

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
GZIP = {"method": "gzip", "compresslevel": 9, "mtime": 0}


def main(raw: Path) -> None:
    """Write hours.csv.gz, nothing dropped."""
    hours = pd.read_csv(raw / "hourly_2016_2020.csv")
    hours = hours.rename(columns=lambda name: name + "_min" if name.endswith("_wait") else name)
    hours.to_csv(HERE / "hours.csv.gz", index=False, lineterminator="\n", compression=GZIP)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
