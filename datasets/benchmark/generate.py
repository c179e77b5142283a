"""Write the synthetic benchmark of eight hotels in long form from truth.json.

Run `python generate.py` to write benchmark.csv beside this file, byte for byte the same.
"""

import json
from pathlib import Path
from typing import Any

import pandas as pd

HERE = Path(__file__).parent


def generate(truth: dict[str, Any]) -> pd.DataFrame:
    """Lay out the table: one row per hotel and indicator. Nothing in it is random."""
    return pd.DataFrame(
        {"hotel": hotel, "kpi": kpi, "value": value, "direction": direction, "growth": growth}
        for hotel, figures in truth["value_and_growth"].items()
        for (kpi, direction), (value, growth) in zip(
            truth["directions"].items(), figures, strict=True
        )
    )


def write(path: Path) -> None:
    """Write the benchmark as CSV."""
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    generate(truth).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    write(HERE / "benchmark.csv")
