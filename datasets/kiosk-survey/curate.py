"""Copy the kiosk survey.

Run `python curate.py <folder>`, where the folder holds
responses.csv and items.csv, made from analysis/kiosk.csv of the source.
"""

import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(raw: Path) -> None:
    """Write responses.csv and items.csv, nothing dropped."""
    for name in ("responses.csv", "items.csv"):
        shutil.copy(raw / name, HERE / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
