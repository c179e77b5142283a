"""Generate the synthetic customer base of BluePeak Telecom from truth.json.

Run `python generate.py` to write telecom_panel.csv beside this file, byte for byte the same.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def generate(truth: dict[str, Any]) -> pd.DataFrame:
    """Follow customers until they leave, each at a constant rate of his or her own (M6.8)."""
    rng = np.random.default_rng(truth["seed"])
    n, tiers = truth["customers"], pd.DataFrame(truth["tiers"]).T
    contacts_mean, model = truth["contacts_per_month"], truth["satisfaction"]
    churn = rng.beta(truth["churn_per_month"]["a"], truth["churn_per_month"]["b"], n)
    restless = model["per_sd_of_churn"] * (churn - churn.mean()) / churn.std()
    tier = rng.choice(len(tiers), n, p=tiers["share"])
    stays = np.arange(n)
    months = []
    for month in range(1, truth["months"] + 1):
        k = len(stays)
        margin = tiers["margin"].to_numpy()[tier[stays]]
        contacts = rng.poisson(contacts_mean, k)
        complaint = rng.random(k) < 1 - (1 - truth["complaint_per_contact"]) ** contacts
        satisfaction = model["mean"] + restless[stays] + model["after_complaint"] * complaint
        satisfaction += rng.normal(0, model["noise_sd"], k)
        churned = rng.random(k) < churn[stays]
        moves = rng.random(k)
        upgraded = (moves < truth["upgrade_per_month"]) & (tier[stays] < len(tiers) - 1) & ~churned
        downgraded = (moves > 1 - truth["downgrade_per_month"]) & (tier[stays] > 0) & ~churned
        months.append(
            pd.DataFrame(
                {
                    "id": stays + 1,
                    "month": month,
                    "tier": tiers.index[tier[stays]],
                    "margin": (margin * rng.normal(1, truth["margin_cv"], k)).round(),
                    "contacts": contacts,
                    "complaint": complaint,
                    "satisfaction": satisfaction.round().clip(1, 5),
                    "upgraded": upgraded.astype(int),
                    "churned": churned.astype(int),
                }
            )
        )
        tier[stays] += upgraded.astype(int) - downgraded
        stays = stays[~churned]
    panel = pd.concat(months).sort_values(["id", "month"], ignore_index=True)
    measured = panel[["margin", "contacts", "complaint", "satisfaction"]].astype("Int64")
    panel[measured.columns] = measured.mask(rng.random(measured.shape) < truth["missing_share"])
    return panel


def write(path: Path) -> None:
    """Write the panel as CSV."""
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    generate(truth).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    write(HERE / "telecom_panel.csv")
