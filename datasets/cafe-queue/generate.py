"""Generate the synthetic queue at the counter of a small café from truth.json.

Run `python generate.py` to write cafe_queue.csv beside this file, byte for byte the same.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def one_counter(arrive: np.ndarray, service: np.ndarray) -> np.ndarray:
    """Start of each service: on arrival, or when the customer before is done (minutes)."""
    start = arrive.copy()
    for i in range(1, len(start)):
        start[i] = max(arrive[i], start[i - 1] + service[i - 1])
    return start


def generate(truth: dict[str, Any]) -> pd.DataFrame:
    """Draw the blocks; in each the clock and the queue start anew (M4.2)."""
    rng = np.random.default_rng(truth["seed"])
    times = truth["service_min"]
    mean, sd = (
        np.array([times[kind][key] for kind in ("unprepared", "prepared")])
        for key in ("mean", "sd")
    )
    blocks = []
    for number, block in enumerate(truth["blocks"], start=1):
        n = block["customers"]
        arrive = rng.exponential(1 / truth["arrivals_per_min"], n).cumsum()
        prepared = (rng.random(n) >= block["unprepared"]).astype(int)
        service = rng.gamma((mean / sd)[prepared] ** 2, (sd**2 / mean)[prepared])
        start = one_counter(arrive, service)
        columns = {
            "block": np.repeat(number, n),
            "arrive_min": arrive,
            "prepared": prepared,
            "start_min": start,
            "service_min": service,
            "wait_min": start - arrive,
        }
        blocks.append(pd.DataFrame(columns))
    queue = pd.concat(blocks, ignore_index=True).round(2)
    seen = queue[["prepared", "start_min", "service_min", "wait_min"]].astype({"prepared": "Int64"})
    queue[seen.columns] = seen.mask(rng.random(seen.shape) < truth["missing_share"])
    return queue.rename_axis("customer").rename(index=lambda row: row + 1).reset_index()


def write(path: Path) -> None:
    """Write the customers as CSV."""
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    generate(truth).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    write(HERE / "cafe_queue.csv")
