"""Cut the three extracts of the CFPB's complaint database.

Run `python curate.py <folder>`, where the folder holds
disputed_2016_sample.csv, bank_of_america_2017_2023.parquet
and all_companies_2013_2017.csv.
"""

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
GZIP = {"method": "gzip", "compresslevel": 9, "mtime": 0}


def write(complaints: pd.DataFrame, name: str) -> None:
    """Drop the companies' public statements, which the course does not use."""
    complaints = complaints.drop(columns="company_public_response", errors="ignore")
    complaints = complaints.rename(columns={"consumer_consent_provided": "consumer_consent"})
    complaints.to_csv(HERE / name, index=False, lineterminator="\n", compression=GZIP)


def main(raw: Path) -> None:
    """Write disputed_2016.csv.gz, bank_of_america.csv.gz and all_companies.csv.gz."""
    for source, target in (
        ("disputed_2016_sample", "disputed_2016"),
        ("all_companies_2013_2017", "all_companies"),
    ):
        complaints = pd.read_csv(raw / f"{source}.csv", dtype=str, keep_default_na=False)
        write(complaints, f"{target}.csv.gz")
    bank = pd.read_parquet(raw / "bank_of_america_2017_2023.parquet")
    write(bank, "bank_of_america.csv.gz")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
