"""The words that the widgets themselves put on a page, in the reader's language."""

from gettext import gettext as _


def words() -> dict[str, str]:
    """Return each phrase that the browser code needs, by the name it uses for it."""
    return {
        "again": _("Start again"),
        "alone": _("On a page of its own"),
        "cases": _("Cases"),
        "challenge": _("Challenge"),
        "check": _("Check yourself"),
        "commit": _("Commit my prediction"),
        "copied": _("Link copied."),
        "copy": _("Copy link"),
        "demo": _("Demo"),
        "explain": _("Explain"),
        "found": _("{shown} of {all} shown"),
        "formula": _("Show the formula"),
        "hint": _("A hint"),
        "left_out": _("The link asks for something that is not possible here; left out: {names}."),
        "link": _("Link to this demo as it stands"),
        "no_chart": _("The chart could not be drawn here. Its numbers are in the table below."),
        "not_predicted": _("Not what you predicted."),
        "not_right": _("Not quite."),
        "not_solved": _("Not solved yet."),
        "numbers": _("The same numbers as a table"),
        "pause": _("Pause"),
        "play": _("Play"),
        "predict": _("Predict"),
        "predicted": _("As you predicted."),
        "reset": _("Reset"),
        "right": _("Right."),
        "search": _("Search"),
        "shared": _("Somebody chose these settings for you. Press “Start again” to predict first."),
        "solved": _("Solved."),
        "speed": _("Speed"),
        "step": _("Step forward"),
        "step_back": _("Step back"),
        "time": _("Time"),
        "to": _("to"),
        "voted": _("You voted on {given} of {all}; the evidence agrees with {right}."),
        "wait": _("The result shows once you have committed."),
    }
