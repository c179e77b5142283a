"""Cut the Boston service requests of 2015 to times, kind, department, place and channel.

Run `python curate.py <folder>`, where the folder holds
requests_2015.parquet.
"""

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
GZIP = {"method": "gzip", "compresslevel": 9, "mtime": 0}


def main(raw: Path) -> None:
    """Write requests.csv.gz: drop what repeats another column, order kept."""
    requests = pd.read_parquet(raw / "requests_2015.parquet")
    requests = requests.drop(columns=["case_status", "subject", "reason"])
    requests["photo_submitted"] = requests["photo_submitted"].map({0: "false", 1: "true"})
    requests.to_csv(
        HERE / "requests.csv.gz",
        index=False,
        lineterminator="\n",
        date_format="%Y-%m-%dT%H:%M:%S",
        compression=GZIP,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
