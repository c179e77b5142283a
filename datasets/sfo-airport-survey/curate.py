"""Write the San Francisco airport survey with whole-number years and common column names.

Run `python curate.py <folder>`, where the folder holds
survey_2017_2018.csv, trend_2012_2018.csv, raw_codes_2017.csv
and problem_codes.csv.
"""

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
GZIP = {"method": "gzip", "compresslevel": 9, "mtime": 0}


def main(raw: Path) -> None:
    """Write four tables, nothing dropped; a code with missing cells stays a whole number."""
    survey = pd.read_csv(raw / "survey_2017_2018.csv", dtype=str)
    for whole in ("problem_code_1", "problem_code_2", "problem_code_3", "minutes_before_departure"):
        survey[whole] = survey[whole].astype(float).astype("Int64")
    survey.to_csv(HERE / "survey.csv.gz", index=False, lineterminator="\n", compression=GZIP)

    trend = pd.read_csv(raw / "trend_2012_2018.csv", dtype=str, keep_default_na=False)
    trend.to_csv(HERE / "trend.csv.gz", index=False, lineterminator="\n", compression=GZIP)

    codes = pd.read_csv(raw / "raw_codes_2017.csv", dtype=str)
    codes["NETPRO"] = codes["NETPRO"].astype(float).astype("Int64")
    codes.to_csv(HERE / "raw_codes_2017.csv", index=False, lineterminator="\n")

    problems = pd.read_csv(raw / "problem_codes.csv", dtype=str, keep_default_na=False)
    problems.to_csv(HERE / "problem_codes.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
