"""Put words and units into the Iranian churn data.

Run `python curate.py <folder>`, where the folder holds
churn.csv.
"""

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent


def main(raw: Path) -> None:
    """Write customers.csv, nothing dropped, duplicate rows kept."""
    customers = pd.read_csv(raw / "churn.csv", dtype={"customer_value": "str"})
    customers = customers.rename(
        columns={
            "subscription_length": "subscription_months",
            "charge_amount": "charge_class",
            "frequency_of_use": "calls",
            "frequency_of_sms": "text_messages",
            "age": "age_years",
        }
    )
    for flag in ("complained", "churn"):
        customers[flag] = customers[flag].map({0: "false", 1: "true"})
    customers["tariff_plan"] = customers["tariff_plan"].map({1: "pay as you go", 2: "contract"})
    customers["status"] = customers["status"].map({1: "active", 2: "inactive"})
    customers.to_csv(HERE / "customers.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
