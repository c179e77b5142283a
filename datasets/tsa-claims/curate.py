"""Cut the claims after airport screening to dates, kind, place, amounts and outcome.

Run `python curate.py <folder>`, where the folder holds
claims_2007_2009.parquet and claims_2010_2015.parquet.
"""

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
GZIP = {"method": "gzip", "compresslevel": 9, "mtime": 0}


def main(raw: Path) -> None:
    """Write claims_2007.csv.gz and claims_2010.csv.gz, rows and order kept.

    The date of the incident is dropped: it is the date received minus the days, with typing
    errors such as the year 2.
    """
    for years, target in (("2007_2009", "claims_2007"), ("2010_2015", "claims_2010")):
        claims = pd.read_parquet(raw / f"claims_{years}.parquet").drop(columns="incident_date")
        claims = claims.rename(
            columns={"claim_amount": "claim_amount_usd", "close_amount": "close_amount_usd"}
        )
        claims.to_csv(
            HERE / f"{target}.csv.gz",
            index=False,
            lineterminator="\n",
            date_format="%Y-%m-%d",
            compression=GZIP,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
