"""Cut the hotel bookings to what says who came, who cancelled and which room they got.

Run `python curate.py <folder>`, where the folder holds
bookings.parquet.
"""

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
GZIP = {"method": "gzip", "compresslevel": 9, "mtime": 0}

FLAGS = ["is_canceled", "is_repeated_guest", "room_changed"]
COLUMNS = [
    "hotel",
    "arrival_date",
    "lead_time_days",
    "is_canceled",
    "reservation_status",
    "market_segment",
    "customer_type",
    "deposit_type",
    "is_repeated_guest",
    "previous_cancellations",
    "booking_changes",
    "days_in_waiting_list",
    "reserved_room_type",
    "assigned_room_type",
    "room_changed",
    "total_of_special_requests",
    "nights",
    "adr",
]


def main(raw: Path) -> None:
    """Write bookings.csv.gz: one date for three columns, nights added up, order kept."""
    bookings = pd.read_parquet(raw / "bookings.parquet")
    arrival = bookings[["arrival_date_year", "arrival_date_month", "arrival_date_day_of_month"]]
    bookings["arrival_date"] = pd.to_datetime(
        arrival.astype(str).agg(" ".join, axis=1), format="%Y %B %d"
    ).dt.strftime("%Y-%m-%d")
    bookings["nights"] = bookings["stays_in_weekend_nights"] + bookings["stays_in_week_nights"]
    bookings = bookings.rename(columns={"lead_time": "lead_time_days"})
    for flag in FLAGS:
        bookings[flag] = bookings[flag].map({0: "false", 1: "true"})
    bookings[COLUMNS].to_csv(
        HERE / "bookings.csv.gz", index=False, lineterminator="\n", compression=GZIP
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
