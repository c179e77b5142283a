"""Seat the strangers (D4.5): which groups meet, and who gives way."""

from functools import cache
from gettext import gettext as _
from itertools import product

import pandas as pd

from servicequality.charts.compatibility import fit_map, pair_curve
from servicequality.models import compatibility as model
from servicequality.widgets import (
    Challenge,
    Choice,
    Demo,
    Figure,
    Group,
    Number,
    NumberTable,
    Prediction,
    Preset,
    Slider,
    State,
    View,
    fixed,
    percent,
)

SLOTS = {
    "morning": _("morning"),
    "noon": _("noon"),
    "afternoon": _("afternoon"),
    "evening": _("evening"),
}
# Name, guests, and how well each time suits them (O4.5).
GROUPS = {
    "families": (_("families"), 12, (7, 8, 9, 4)),
    "business": (_("business"), 8, (9, 7, 3, 6)),
    "seniors": (_("seniors"), 10, (8, 5, 6, 2)),
    "students": (_("students"), 10, (2, 5, 6, 9)),
}
POINTS = {group: dict(zip(SLOTS, fit, strict=True)) for group, (*_rest, fit) in GROUPS.items()}
FIT = pd.DataFrame.from_dict(POINTS, orient="index")
ROOM, QUIET = 40, 12
CLEANING = "morning"
# Four ways out, with the plan to which each leads.
WAYS = {
    "seniors": (_("The seniors, to noon"), ("afternoon", "morning", "noon", "evening")),
    "business": (_("The business guests, to noon"), ("afternoon", "noon", "morning", "evening")),
    "chain": (
        _("The seniors to the afternoon, and the families to noon"),
        ("noon", "morning", "afternoon", "evening"),
    ),
    "swap": (
        _("The business guests to the evening, and the students to noon"),
        ("afternoon", "evening", "morning", "noon"),
    ),
}


def seat_the_strangers() -> Demo:
    """Give four groups their times at a pool, and count who meets whom (D4.5).

    Returns
    -------
    Demo
        Model M4.5; the table of fits and the room of 28 and 12 are those of O4.5.
    """
    return Demo(
        code="D4.5",
        title=_("Seat the strangers"),
        question=_("Four groups of guests, one pool: who swims when?"),
        evidence="T",
        assumption=_(
            "Counting pairs and finding the best plan are established. In this model the points "
            "are invented, a mixed pair is a chance of trouble and nothing more, and all members "
            "of a group are alike. Strangers are often welcome. On which grounds one may separate "
            "people is a question of fairness and of law, which no sum of points answers."
        ),
        taste=(_time_of("seniors"),),
        controls=(
            _time_of("business"),
            _time_of("families"),
            _time_of("students"),
            Group(
                _("Another room, of 40 guests"),
                (
                    Slider(
                        name="quiet",
                        label=_("Guests who want quiet"),
                        low=0,
                        high=ROOM,
                        step=1,
                        default=QUIET,
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("Everyone's favourite")),
            Preset(_("First come, first choice"), {"seniors": "noon"}),
            Preset(_("Seniors with the families"), {"seniors": "afternoon"}),
            Preset(_("All in the afternoon"), dict.fromkeys(GROUPS, "afternoon")),
            Preset(_("Half want quiet"), {"quiet": 20}),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("How well each time suits each group, 9 is best"),
                description=_(
                    "A table of four groups and four times; the darker a field, the better it "
                    "suits. An orange frame marks the time that a group has now."
                ),
                chart=fit_map,
                tables=("cells",),
                columns={
                    "group": _("Group"),
                    "slot": _("Time"),
                    "fit": _("Points"),
                    "has": _("Has it"),
                },
                decimals=0,
                before_commit=True,
            ),
            NumberTable(
                title=_("Your plan and others"),
                table="plans",
                columns={
                    "plan": _("Plan"),
                    "points": _("Points"),
                    "mixed": _("Mixed pairs at the pool"),
                },
                decimals=0,
            ),
            NumberTable(
                title=_("Who meets whom"),
                table="meetings",
                columns={"slot": _("Time"), "who": _("Groups"), "mixed": _("Mixed pairs")},
                decimals=0,
            ),
            Figure(
                title=_("One room, two kinds of guest"),
                description=_(
                    "An arch: the number of mixed pairs in a room of 40 against how many guests "
                    "want quiet. It is highest at half and half. A diamond marks the present mix."
                ),
                chart=pair_curve,
                tables=("pairs", "here"),
                columns={"quiet": _("Want quiet"), "cross": _("Mixed pairs")},
                decimals=0,
            ),
        ),
        view=_view,
        formula=(
            r"\text{mixed pairs} = n_A\, n_B, \quad \text{all pairs} = \dfrac{n (n - 1)}{2}, \quad "
            r"\max \sum_g \text{fit}(g, \text{time}(g))"
        ),
        formula_note=_(
            "<i>n<sub>A</sub></i>, <i>n<sub>B</sub></i> guests of two groups in one place, "
            "<i>n</i> all of them. The best plan, a time of its own for each group, is found by "
            "the Hungarian method: Kuhn (1955). Compatibility management: Martin and Pranter "
            "(1989)."
        ),
        challenge=Challenge(
            goal=_(
                "From now on the pool is cleaned <b>in the morning</b>: nobody can swim then, and "
                "two groups must meet. Find the plan with the <b>fewest mixed pairs</b> and, of "
                "those plans, the one with the <b>most points</b>."
            ),
            solved=_solved,
            hint=_("Which two groups make the fewest pairs? Then seat the other two."),
            success=_(
                "80 mixed pairs and 30 points. The two smallest groups make the fewest pairs, 8 × "
                "10, even if one of them would like another time better."
            ),
        ),
    )


@cache
def _best() -> model.Assignment:
    return model.best_assignment(FIT)


def _favourite(group: str) -> str:
    return max(POINTS[group], key=lambda slot: POINTS[group][slot])


def _time_of(group: str) -> Choice:
    name, guests, _fit = GROUPS[group]
    return Choice(
        name=group,
        label=_("{group}, {guests} guests").format(group=name.capitalize(), guests=guests),
        options=SLOTS,
        default=_favourite(group),
    )


def _prediction() -> Prediction:
    points = {
        way: sum(_points(dict(zip(GROUPS, plan, strict=True))).values())
        for way, (_label, plan) in WAYS.items()
    }
    best = max(points, key=lambda way: points[way])
    told = _("That makes {points} points.")
    more = _("That makes {points} points; {best} are possible.")
    return Prediction(
        question=_(
            "Business guests and seniors both want the morning. Each group is to have a time of "
            "its own, with the largest sum of points. Who should move?"
        ),
        options={way: label for way, (label, _plan) in WAYS.items()},
        correct=best,
        feedback={
            way: told.format(points=sum_)
            if way == best
            else more.format(points=sum_, best=points[best])
            for way, sum_ in points.items()
        },
    )


def _times(state: State) -> dict[str, str]:
    return {group: state[group] for group in GROUPS}


def _plan(assignment: model.Assignment) -> dict[str, str]:
    return {str(group): str(slot) for group, slot in assignment.slots.items()}


def _points(times: dict[str, str]) -> dict[str, int]:
    return {group: POINTS[group][slot] for group, slot in times.items()}


def _mixed(times: dict[str, str]) -> dict[str, int]:
    """Count the mixed pairs at each time."""
    at = {
        slot: [GROUPS[group][1] if times[group] == slot else 0 for group in GROUPS]
        for slot in SLOTS
    }
    return {slot: int(model.cross_pairs(guests).cross) for slot, guests in at.items()}


def _solved(state: State) -> bool:
    return _cost(_times(state)) == _least_cost()


def _cost(times: dict[str, str]) -> tuple[bool, int, int]:
    """Return what a plan costs, the gravest first: swimming while cleaning, pairs, points."""
    points = sum(_points(times).values())
    return CLEANING in times.values(), sum(_mixed(times).values()), -points


@cache
def _least_cost() -> tuple[bool, int, int]:
    plans = product(SLOTS, repeat=len(GROUPS))
    return min(_cost(dict(zip(GROUPS, plan, strict=True))) for plan in plans)


def _view(state: State) -> View:
    times = _times(state)
    points, mixed = _points(times), _mixed(times)
    room = model.cross_pairs([state["quiet"], ROOM - state["quiet"]])
    best = int(_best().total)
    return View(
        tables=_tables(state, times, mixed),
        numbers=(
            Number(label=_("points of fit"), text=str(sum(points.values()))),
            Number(label=_("mixed pairs at the pool"), text=str(sum(mixed.values()))),
            Number(label=_("points, if each has a time of its own"), text=str(best)),
            Number(
                label=_("of the pairs in the other room are mixed"), text=percent(float(room.share))
            ),
        ),
        sentence=_sentence(state, times, points, mixed),
        explanation=_explanation(times, best),
        teaser=_(
            "The Harbour Lantern has one pool and four kinds of guest. In each row the field with "
            "the most points is the favourite time; two groups have the same favourite. "
            "<b>Who gives way?</b>"
        ),
    )


def _sentence(
    state: State, times: dict[str, str], points: dict[str, int], mixed: dict[str, int]
) -> str:
    room = model.cross_pairs([state["quiet"], ROOM - state["quiet"]])
    told = _(
        "<b>This plan has {points} points and {mixed} mixed pairs.</b> {meet} In the other room, "
        "{quiet} who want quiet and {talk} who want to talk make {cross} mixed pairs of {all}, "
        "{share}."
    )
    shared = [slot for slot in SLOTS if mixed[slot]]
    meet = (
        _("Groups meet in the {slots}.").format(slots=", ".join(SLOTS[slot] for slot in shared))
        if shared
        else _("No two groups meet.")
    )
    return told.format(
        points=sum(points.values()),
        mixed=sum(mixed.values()),
        meet=meet,
        quiet=fixed(state["quiet"], 0),
        talk=fixed(ROOM - state["quiet"], 0),
        cross=int(room.cross),
        all=int(room.total),
        share=percent(float(room.share)),
    )


def _explanation(times: dict[str, str], best: int) -> str:
    lost = {group: max(POINTS[group].values()) - points for group, points in _points(times).items()}
    told = _(
        "From the morning to noon, business guests lose {business} points and seniors {seniors}: "
        "who gives way should be who loses less, not who came last. {now}"
    )
    giving = [group for group in GROUPS if lost[group]]
    now = _("Now nobody gives way, and some groups meet.")
    if giving:
        now = _("Points given up now: {lost} (by {who}); the best plan reaches {best}.").format(
            who=", ".join(GROUPS[group][0] for group in giving), lost=sum(lost.values()), best=best
        )
    return told.format(
        business=POINTS["business"]["morning"] - POINTS["business"]["noon"],
        seniors=POINTS["seniors"]["morning"] - POINTS["seniors"]["noon"],
        now=now,
    )


def _tables(state: State, times: dict[str, str], mixed: dict[str, int]) -> dict[str, pd.DataFrame]:
    plans: dict[str, dict[str, str]] = {
        _("yours"): times,
        _("everyone's favourite"): {group: _favourite(group) for group in GROUPS},
        _("first come, first choice"): _plan(model.first_come_assignment(FIT)),
        _("the best with a time of its own for each"): _plan(_best()),
    }
    quiet = list(range(0, ROOM + 1, 2))
    here = model.cross_pairs([state["quiet"], ROOM - state["quiet"]])
    return {
        "cells": pd.DataFrame(
            [
                (
                    name,
                    SLOTS[slot],
                    points,
                    times[group] == slot,
                    _("yes") if times[group] == slot else "",
                )
                for group, (name, _guests, fit) in GROUPS.items()
                for slot, points in zip(SLOTS, fit, strict=True)
            ],
            columns=["group", "slot", "fit", "chosen", "has"],
        ),
        "plans": pd.DataFrame(
            [
                (plan, sum(_points(has).values()), sum(_mixed(has).values()))
                for plan, has in plans.items()
            ],
            columns=["plan", "points", "mixed"],
        ),
        "meetings": pd.DataFrame(
            [
                (
                    name,
                    ", ".join(GROUPS[group][0] for group in GROUPS if times[group] == slot) or "–",
                    mixed[slot],
                )
                for slot, name in SLOTS.items()
            ],
            columns=["slot", "who", "mixed"],
        ),
        "pairs": pd.DataFrame(
            {
                "quiet": quiet,
                "cross": model.cross_pairs([[n, ROOM - n] for n in quiet]).cross.astype(int),
            }
        ),
        "here": pd.DataFrame(
            {
                "quiet": [state["quiet"]],
                "cross": [int(here.cross)],
                "words": [
                    _("{cross} of {all} pairs").format(cross=int(here.cross), all=int(here.total))
                ],
            }
        ),
    }
