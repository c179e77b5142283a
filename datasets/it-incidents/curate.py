"""Write the service desk's incidents as CSV, nothing dropped.

Run `python curate.py <folder>`, where the folder holds
incidents.parquet.
"""

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
GZIP = {"method": "gzip", "compresslevel": 9, "mtime": 0}


def main(raw: Path) -> None:
    """Write incidents.csv.gz."""
    incidents = pd.read_parquet(raw / "incidents.parquet")
    incidents.to_csv(
        HERE / "incidents.csv.gz",
        index=False,
        lineterminator="\n",
        date_format="%Y-%m-%dT%H:%M:%S",
        compression=GZIP,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
