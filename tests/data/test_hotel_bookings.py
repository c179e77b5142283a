"""R4.2 and the source card of the hotel bookings."""

import pytest

from servicequality import data


@pytest.fixture(scope="module")
def bookings():
    return data.load("hotel-bookings")


@pytest.mark.oracle("R4.2")
def test_r4_2_cancelled_by_special_requests(bookings):
    assert bookings["is_canceled"].mean() == pytest.approx(0.3704, abs=5e-5)
    assert (bookings["reservation_status"] == "No-Show").sum() == 1207
    requests = bookings["total_of_special_requests"].clip(upper=3)
    cancelled = bookings.groupby(requests)["is_canceled"].mean()
    assert cancelled.to_list() == pytest.approx([0.477, 0.220, 0.221, 0.168], abs=5e-4)


@pytest.mark.oracle("R4.2")
def test_r4_2_another_room(bookings):
    stayed = bookings[bookings["reservation_status"] == "Check-Out"]
    assert stayed["room_changed"].mean() == pytest.approx(0.1878, abs=5e-5)
    assert bookings.loc[bookings["is_canceled"], "room_changed"].mean() < 0.03, "nearly always kept"


def test_size(bookings):
    assert bookings.shape == (119_390, 18)
    assert not bookings.isna().any(axis=None)
    assert bookings["is_repeated_guest"].mean() == pytest.approx(0.0319, abs=5e-5)
    assert bookings["adr"].lt(0).sum() == 1
    assert bookings["adr"].max() == 5400


def test_columns_agree(bookings):
    other_room = bookings["reserved_room_type"] != bookings["assigned_room_type"]
    assert (bookings["room_changed"] == other_room).all()
    assert (bookings["is_canceled"] == (bookings["reservation_status"] != "Check-Out")).all()


def test_non_refundable_bookings_are_nearly_all_cancelled(bookings):
    non_refundable = bookings["deposit_type"] == "Non Refund"
    assert bookings.loc[non_refundable, "is_canceled"].mean() > 0.99
