"""Write the HCAHPS results of hospitals, states and the nation under short column names.

Run `python curate.py <folder>`, where the folder holds
hospitals_2022.csv, hospitals_c2013.csv, hospital_response_rates.parquet,
national_results.csv, state_results.csv, measures.csv, questions.csv, reports.csv and states.csv.
"""

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
GZIP = {"method": "gzip", "compresslevel": 9, "mtime": 0}


def main(raw: Path) -> None:
    """Write nine tables, nothing dropped."""
    hospitals = pd.read_csv(raw / "hospitals_2022.csv", dtype=str, keep_default_na=False)
    earlier = pd.read_csv(raw / "hospitals_c2013.csv", dtype=str, keep_default_na=False)
    rates = pd.read_parquet(raw / "hospital_response_rates.parquet")
    for table, name in (
        (hospitals, "hospitals_2022"),
        (earlier, "hospitals_2013"),
        (rates, "response_rates"),
    ):
        table.to_csv(HERE / f"{name}.csv.gz", index=False, lineterminator="\n", compression=GZIP)

    columns = {
        "question_num": "question_no",
        "bottom_box_answer": "bottom_box",
        "middle_box_answer": "middle_box",
        "top_box_answer": "top_box",
        "release_period": "release",
    }
    for source, target in (
        ("national_results", "national"),
        ("state_results", "states"),
        ("states", "regions"),
        ("measures", "measures"),
        ("questions", "questions"),
        ("reports", "releases"),
    ):
        table = pd.read_csv(raw / f"{source}.csv", dtype=str, keep_default_na=False)
        table = table.rename(columns=lambda name: name.lower().replace(" ", "_").replace("-", "_"))
        table = table.rename(columns=columns)
        table.to_csv(HERE / f"{target}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
