"""Copy the tables to check one's own computations against.

Run `python curate.py <folder>`, where the folder holds
erlang_b_c_exact.csv, kano_evaluation_table.csv
and tarp_complaint_loyalty.csv.
"""

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent


def main(raw: Path) -> None:
    """Write erlang.csv, kano.csv and tarp.csv, nothing dropped; short column names."""
    columns = {
        "erlang_b_c_exact": {"service_level_wait_le_one_ninth_service_time": "service_level"},
        "kano_evaluation_table": {r"functional \ dysfunctional": "functional"},
        "tarp_complaint_loyalty": {"percent_staying": "staying_pct"},
    }
    for source, target in zip(columns, ("erlang", "kano", "tarp"), strict=True):
        table = pd.read_csv(raw / f"{source}.csv", dtype=str).rename(columns=columns[source])
        table.to_csv(HERE / f"{target}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
