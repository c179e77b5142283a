"""Spell out the verdicts of the Canadian service standards and hide e-mail addresses.

Run `python curate.py <folder>`, where the folder holds
service_standards_2023_2024.csv.
"""

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
GZIP = {"method": "gzip", "compresslevel": 9, "mtime": 0}


def main(raw: Path) -> None:
    """Write standards.csv.gz, nothing dropped; counts as whole numbers."""
    source = raw / "service_standards_2023_2024.csv"
    standards = pd.read_csv(source, dtype=str, keep_default_na=False)
    for count in ("volume_meeting_target", "total_volume"):
        standards[count] = standards[count].str.removesuffix(".0")
    standards["standard_text"] = standards["standard_text"].str.replace(
        r"[\w.-]+@[\w.-]+\w", "[e-mail address]", regex=True
    )
    standards["target_met"] = standards["target_met"].replace({"Y": "yes", "N": "no"})
    standards.to_csv(HERE / "standards.csv.gz", index=False, lineterminator="\n", compression=GZIP)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
