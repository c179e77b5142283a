"""Generate the synthetic guarantee pilot of the QuickBowl noodle bars from truth.json.

Run `python generate.py` to write guarantee_pilot.csv beside this file, byte for byte the same.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def generate(truth: dict[str, Any]) -> pd.DataFrame:
    """Draw the weeks: half of the stores give a guarantee in the second half of the time (M7.9)."""
    rng = np.random.default_rng(truth["seed"])
    stores, weeks, spread = truth["stores"], truth["weeks"], truth["sd_of_logs"]
    chosen = rng.permutation(stores) < truth["guaranteed_stores"]
    week = np.arange(1, weeks + 1)
    guaranteed = chosen[:, None] & (week >= truth["first_week_of_guarantee"])
    size = rng.normal(0, spread["store_size"], (stores, 1)) + rng.normal(0, spread["week"], weeks)
    size += rng.normal(0, spread["store_week"], (stores, weeks))
    demand = truth["transactions_per_week"] * np.exp(size) * (1 + truth["uplift"] * guaranteed)
    rate = truth["failure_rate"] * np.exp(rng.normal(0, spread["store_failure_rate"], (stores, 1)))
    transactions = rng.poisson(demand)
    failures = rng.binomial(transactions, rate * (1 - truth["learning"] * guaranteed))
    claims = rng.binomial(failures, truth["invocation"])
    claims += rng.binomial(transactions, truth["cheating"])
    claims *= guaranteed
    payout = truth["payout"] * claims
    lost_later = truth["future_loss"] * (1 - truth["recovered"] * guaranteed) * failures
    measured = pd.DataFrame(
        {
            "transactions": transactions.ravel(),
            "failures": failures.ravel(),
            "claims": claims.ravel(),
            "payout": payout.ravel(),
            "profit": (truth["margin"] * transactions - payout - lost_later).ravel().round(),
        }
    ).astype("Int64")
    measured = measured.mask(rng.random(measured.shape) < truth["missing_share"])
    return pd.DataFrame(
        {
            "store": np.repeat(np.arange(1, stores + 1), weeks),
            "week": np.tile(week, stores),
            "guaranteed": guaranteed.ravel().astype(int),
            **measured,
        }
    )


def write(path: Path) -> None:
    """Write the weeks as CSV."""
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    generate(truth).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    write(HERE / "guarantee_pilot.csv")
