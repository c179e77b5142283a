"""Four service processes, each a blueprint of seven steps (invented; the hotel's are of O3.3)."""

from gettext import gettext as _
from typing import NamedTuple

import pandas as pd


class Process(NamedTuple):
    """A process: what it is called, whom it serves, and its steps.

    Attributes
    ----------
    name, customers : str
        For a reader.
    steps : DataFrame
        Index the names of the steps; the columns of `servicequality.models.blueprint`, and lane
        (where it fails), wait (whether customers wait there), fail_safe (an idea for one).
    boxes : DataFrame
        One row per step, one column per lane; empty where nothing happens.
    """

    name: str
    customers: str
    steps: pd.DataFrame
    boxes: pd.DataFrame


_NUMBERS = ["minutes", "failure", "cost", "severity", "occurrence", "detection"]
_LANES = ["evidence", "customer", "onstage", "backstage", "support"]


def _process(name: str, customers: str, rows: dict[str, tuple[object, ...]]) -> Process:
    columns = [*_NUMBERS, "lane", "wait", *_LANES, "fail_safe"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return Process(name, customers, table.drop(columns=_LANES), table[_LANES])


# name: minutes, failure, cost, severity, occurrence, detection, lane that fails, customers wait,
#       evidence, customer, onstage, backstage, support, fail-safe
PROCESSES = {
    "hotel": _process(
        _("Hotel check-in"),
        _("guests"),
        {
            _("Lookup"): (
                *(2, 0.02, 5, 4, 4, 3, "onstage", True),
                _("front desk,\nqueue"),
                _("gives\nname"),
                _("finds\nbooking"),
                "",
                _("booking\nsystem"),
                _("the booking code is scanned, not spelt"),
            ),
            _("ID and payment"): (
                *(4, 0.05, 8, 6, 6, 2, "onstage", False),
                _("form, card\nterminal"),
                _("shows ID,\npays"),
                _("checks,\ntakes card"),
                "",
                _("payment\nnetwork"),
                _("the screen does not go on before both are done"),
            ),
            _("Room assignment"): (
                *(3, 0.01, 40, 7, 3, 9, "backstage", False),
                _("floor plan"),
                _("names\nwishes"),
                _("confirms\nthe room"),
                _("picks room\nfrom list"),
                _("room\nstatus"),
                _("the list offers only rooms that fit the booking"),
            ),
            _("Keys"): (
                *(5, 0.03, 6, 5, 5, 2, "onstage", False),
                _("key card,\nmap"),
                _("takes\nthe key"),
                _("codes key,\nexplains"),
                "",
                _("lock\nsystem"),
                _("the coder tests each key before it lets go"),
            ),
            _("Luggage"): (
                *(6, 0.04, 15, 6, 5, 5, "backstage", False),
                _("trolley,\nbag tags"),
                _("hands over\nbags"),
                _("tags bags,\ngives slip"),
                _("takes bags\nto room"),
                _("lift,\nbag store"),
                _("every tag is scanned against the room number"),
            ),
            _("Room readiness"): (
                *(3, 0.02, 60, 8, 4, 6, "backstage", True),
                _("the room,\nfresh towels"),
                _("opens\nthe door"),
                "",
                _("cleans and\ninspects"),
                _("laundry,\nrepairs"),
                _("no key can be coded until an inspector releases the room"),
            ),
            _("Courtesy call"): (
                *(2, 0.01, 3, 2, 3, 4, "onstage", False),
                _("telephone,\nwelcome card"),
                _("answers,\nasks"),
                _("calls in\n15 minutes"),
                _("notes what\nto mend"),
                _("task list"),
                _("the list reminds the desk until the call is ticked off"),
            ),
        },
    ),
    "clinic": _process(
        _("Clinic visit"),
        _("patients"),
        {
            _("Booking"): (
                *(4, 0.05, 10, 4, 5, 4, "support", False),
                _("website,\nreminder"),
                _("asks for\na time"),
                _("offers\na time"),
                "",
                _("clinic\ndiary"),
                _("a taken slot cannot be offered twice"),
            ),
            _("Reception"): (
                *(3, 0.03, 6, 4, 4, 3, "onstage", False),
                _("desk, sign"),
                _("shows\ncard"),
                _("checks in,\nasks news"),
                _("opens\nrecord"),
                _("patient\nrecords"),
                _("the card is scanned, not typed"),
            ),
            _("Waiting"): (
                *(15, 0.10, 8, 5, 8, 2, "backstage", True),
                _("chairs, clock,\nno news"),
                _("waits"),
                _("calls\nname"),
                _("prepares\nroom"),
                _("room plan"),
                _("a screen counts down, and turns red when a turn is skipped"),
            ),
            _("Consultation"): (
                *(12, 0.02, 90, 9, 3, 6, "onstage", False),
                _("room,\nstethoscope"),
                _("describes\ncomplaint"),
                _("listens,\nexamines"),
                _("looks up\nguideline"),
                _("guideline\nlibrary"),
                _("a checklist must be closed before the patient leaves"),
            ),
            _("Blood sample"): (
                *(6, 0.03, 40, 7, 4, 7, "backstage", False),
                _("tube,\nlabel"),
                _("gives\nblood"),
                _("draws\nblood"),
                _("labels and\nsends tube"),
                _("laboratory"),
                _("labels print only at the chair, after the wristband is scanned"),
            ),
            _("Prescription"): (
                *(4, 0.02, 70, 9, 3, 5, "backstage", False),
                _("printed\nslip"),
                _("asks,\ntakes slip"),
                _("explains\nthe dose"),
                _("checks for\nconflicts"),
                _("drug\ndatabase"),
                _("the system blocks drugs that do not go together"),
            ),
            _("Result call"): (
                *(5, 0.08, 12, 5, 6, 7, "backstage", True),
                _("telephone,\nletter"),
                _("waits for\nthe result"),
                _("calls with\nthe result"),
                _("doctor\nreads it"),
                _("laboratory\nreport"),
                _("a report that nobody has opened turns red after two days"),
            ),
        },
    ),
    "noodles": _process(
        _("Noodle order"),
        _("customers"),
        {
            _("Queue"): (
                *(4, 0.06, 4, 3, 6, 2, "customer", True),
                _("menu board,\nsmell"),
                _("queues,\nreads menu"),
                _("greets"),
                "",
                _("menu\nscreens"),
                _("floor marks lead to the right till"),
            ),
            _("Order"): (
                *(1, 0.04, 9, 5, 5, 4, "onstage", False),
                _("till,\nscreen"),
                _("orders"),
                _("repeats,\ntypes in"),
                "",
                _("till\nsystem"),
                _("the customer sees the order and taps yes"),
            ),
            _("Payment"): (
                *(1, 0.02, 3, 4, 3, 2, "support", False),
                _("card reader,\nnumber"),
                _("pays"),
                _("gives\nnumber"),
                "",
                _("payment\nnetwork"),
                _("no number is printed before the money is there"),
            ),
            _("Cooking"): (
                *(6, 0.03, 12, 6, 4, 5, "backstage", True),
                _("sound, steam"),
                _("waits"),
                "",
                _("cooks\nthe bowl"),
                _("ticket\nprinter"),
                _("a timer lifts the basket"),
            ),
            _("Toppings"): (
                *(1, 0.05, 10, 5, 6, 4, "backstage", False),
                _("open\ncounter"),
                _("watches"),
                "",
                _("adds,\nchecks"),
                _("stock of\ntoppings"),
                _("the right boxes light up for each ticket"),
            ),
            _("Hand-over"): (
                *(1, 0.03, 9, 5, 4, 3, "onstage", False),
                _("tray, number\nscreen"),
                _("takes\ntray"),
                _("calls\nnumber"),
                _("puts tray\non counter"),
                _("number\nscreen"),
                _("tray and number are scanned together"),
            ),
            _("Table"): (
                *(15, 0.04, 6, 4, 5, 3, "onstage", False),
                _("table, sauces,\nbins"),
                _("eats,\nclears up"),
                _("wipes\ntables"),
                _("washes up"),
                _("waste\nservice"),
                _("trays fit the rack only when they are empty"),
            ),
        },
    ),
    "cash": _process(
        _("Cash machine"),
        _("customers"),
        {
            _("Arrival"): (
                *(2, 0.01, 2, 2, 2, 2, "support", False),
                _("sign, light"),
                _("finds the\nmachine"),
                _("welcome\nscreen"),
                "",
                _("status\nmonitor"),
                _("a machine out of order switches its sign off"),
            ),
            _("Card in"): (
                *(0.5, 0.02, 6, 4, 4, 2, "customer", False),
                _("slot,\npicture"),
                _("inserts\ncard"),
                _("machine\nreads card"),
                "",
                _("card\nnetwork"),
                _("the slot takes the card one way round only"),
            ),
            _("PIN"): (
                *(0.5, 0.06, 3, 5, 7, 1, "customer", False),
                _("keypad,\nshield"),
                _("types\nPIN"),
                _("shows\nstars"),
                "",
                _("bank\ncomputer"),
                _("keys click, and one tap deletes a digit"),
            ),
            _("Amount"): (
                *(0.5, 0.02, 4, 4, 4, 3, "onstage", False),
                _("screen"),
                _("chooses\namount"),
                _("offers\namounts"),
                "",
                _("account\nsystem"),
                _("only amounts that it can pay are offered"),
            ),
            _("Notes out"): (
                *(1, 0.01, 80, 8, 2, 7, "backstage", True),
                _("notes,\nshutter"),
                _("takes\nnotes"),
                _("pays out"),
                _("cash is\nfilled up"),
                _("cash\ntransport"),
                _("notes are counted again before the shutter opens"),
            ),
            _("Card back"): (
                *(0.5, 0.03, 25, 7, 4, 3, "customer", False),
                _("slot, beep"),
                _("takes\ncard"),
                _("returns\ncard"),
                "",
                _("card\nnetwork"),
                _("the card comes back before the notes do"),
            ),
            _("Receipt"): (
                *(0.5, 0.04, 2, 2, 5, 6, "backstage", False),
                _("printed\nslip"),
                _("takes\nslip"),
                _("prints"),
                _("paper is\nfilled up"),
                _("service\ncontract"),
                _("without paper the machine does not offer a slip"),
            ),
        },
    ),
}
