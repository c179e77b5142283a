"""Where the quality leaks (D3.1): the customer gap as a chain of gaps inside the firm."""

from gettext import gettext as _

import pandas as pd

from servicequality.charts.gaps import gap_waterfall, two_gaps
from servicequality.models import gaps
from servicequality.widgets import (
    Challenge,
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
)

LINKS = {
    "g1": _("Gap 1 · Listening"),
    "g2": _("Gap 2 · Standards"),
    "g3": _("Gap 3 · Delivery"),
    "gp": _("Perception"),
}
GAP_4 = _("Gap 4 · Communication")
GAP_5 = _("Customer gap")
LEVELS = {
    "g1": _("managers think {end}"),
    "g2": _("standards ask {end}"),
    "g3": _("delivered {end}"),
    "gp": _("perceived {end}"),
    "g4": _("said {start} → did {end}"),
    "g5": _("expected {start} → perceived {end}"),
}
REMEDIES = {
    "g1": (
        _("Managers seldom meet customers; complaints are filed, not read."),
        _("ask customers regularly, work a shift at the desk, count complaints by cause."),
    ),
    "g2": (
        _("Standards are vague, or follow what suits the house."),
        _("draw the blueprint; set few standards that customers would set, each with an owner."),
    ),
    "g3": (
        _("Staff lack tools, time, training or a free hand; peaks are not staffed."),
        _("mend the systems, staff for the peak, let the front line decide within limits."),
    ),
    "gp": (
        _("Good work is done where nobody sees it."),
        _("show it: say what has been done, and when it will be ready."),
    ),
    "g4": (
        _("The advert was written without asking those who deliver."),
        _("let operations sign off every promise, and say what is not included."),
    ),
}
FIRST = {
    "promise": 90.0,
    "management": 78.0,
    "standard": 74.0,
    "delivery": 70.0,
    "before": 80.0,
    "notice": 2.0,
    "beta": 0.5,
}
LIT_BELOW = -3.0
SAME = 1e-9
OPEN_TO_THE_HOTEL = ("promise", "management", "standard", "delivery", "notice")
MODEST = 76.0
TARGET, MOST_MOVES, LONGEST_MOVE = -3.0, 2, 8.0


def where_the_quality_leaks() -> Demo:
    """Split a customer gap into a chain of gaps, and turn the promise down (D3.1).

    Returns
    -------
    Demo
        Model M3.1; the first state and the prediction are O3.1.
    """
    loud = gaps.gap_chain(80, 90, 78, 74, 70, 72)
    modest = gaps.gap_chain(80, MODEST, 78, 74, 70, 72)
    result = _(
        "Gap 1 shrinks from {before} to {after}: guests now expect {expected}, nearly what "
        "managers think anyway. Nobody in the hotel has worked differently, and the customer gap "
        "is {closed} points smaller."
    ).format(
        before=fixed(float(loud.g1), 1),
        after=fixed(float(modest.g1), 1),
        expected=fixed(float(modest.expectation), 1),
        closed=fixed(float(modest.g5 - loud.g5), 1),
    )
    return Demo(
        code="D3.1",
        title=_("Where the quality leaks"),
        question=_("The guest expected 85 and perceived 72. Who lost 13 points?"),
        evidence="T",
        assumption=_(
            "In this model all levels lie on one scale from 0 to 100, the gaps add up, and an "
            "advert moves what customers expect by a fixed part of its distance. The published gap "
            "model says only that the customer gap depends on the others. All firms are invented."
        ),
        taste=(_level("promise", _("What the advert promises")),),
        controls=(
            _level("management", _("What managers think customers expect")),
            _level("standard", _("What the standards ask for")),
            _level("delivery", _("What staff deliver")),
            Group(
                _("How customers see it"),
                (
                    _level("before", _("Expected before the advert")),
                    Slider(
                        name="notice",
                        label=_("Perceived above (+) or below (−) what is delivered"),
                        low=-20,
                        high=20,
                        step=1,
                        default=FIRST["notice"],
                        unit=_("points"),
                    ),
                    Slider(
                        name="beta",
                        label=_("Pull of a promise above what was expected"),
                        low=0,
                        high=1,
                        default=FIRST["beta"],
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("Harbour Lantern Hotel")),
            Preset(_("Hotel, modest advert"), {"promise": MODEST}),
            Preset(_("Hotel, stricter standards"), {"standard": 84}),
            Preset(
                _("Honest discount airline"),
                {
                    "before": 55,
                    "promise": 54,
                    "management": 54,
                    "standard": 53,
                    "delivery": 53,
                    "notice": 2,
                },
            ),
            Preset(
                _("Telecom with loud adverts"),
                {
                    "before": 68,
                    "promise": 98,
                    "management": 76,
                    "standard": 74,
                    "delivery": 72,
                    "notice": -1,
                },
            ),
            Preset(
                _("Clinic that ignores waiting"),
                {
                    "before": 82,
                    "promise": 80,
                    "management": 64,
                    "standard": 64,
                    "delivery": 63,
                    "notice": 1,
                },
            ),
        ),
        prediction=Prediction(
            question=_(
                "The advert now promises 76 instead of 90, and nothing else changes. Which part of "
                "the 13 lost points shrinks?"
            ),
            options={
                "none": _("None: only the advert's own gap (Gap 4) changes"),
                "g1": _("Gap 1: managers and guests expect more nearly the same"),
                "g3": _("Gap 3: staff come closer to their standards"),
                "all": _("Every part, a little"),
            },
            correct="g1",
            feedback={
                "none": _(
                    "Gap 4 shrinks too, but a promise also moves what guests expect. {result}"
                ).format(result=result),
                "g1": result,
                "g3": _(
                    "Standards and staff are where they were; the guests' yardstick has moved. "
                    "{result}"
                ).format(result=result),
                "all": _(
                    "The advert touches one end of the chain only: what guests expect. {result}"
                ).format(result=result),
            },
            values={"promise": MODEST},
        ),
        panels=(
            Figure(
                title=_("Two gaps that a customer can feel"),
                description=_(
                    "Two rows on a scale of points: a square at what was promised and a circle at "
                    "what is delivered; a square at what customers expect and a circle at what "
                    "they perceive. The gap stands beside each pair."
                ),
                chart=two_gaps,
                tables=("ends",),
                columns={
                    "name": _("Gap"),
                    "start": _("Promised or expected"),
                    "end": _("Delivered or perceived"),
                    "gap": _("Gap (points)"),
                },
                decimals=1,
                before_commit=True,
            ),
            Figure(
                title=_("Where the points are lost, link by link"),
                description=_(
                    "A waterfall. The first bar is the advert, which moves what customers expect; "
                    "four bars then lead by way of managers, standards and delivery to what is "
                    "perceived, and the last bar spans the whole customer gap."
                ),
                chart=gap_waterfall,
                tables=("chain",),
                columns={
                    "name": _("Link"),
                    "start": _("From"),
                    "end": _("To"),
                    "gap": _("Points"),
                },
                decimals=1,
            ),
            NumberTable(
                title=_("Gaps below −3: where to look, what helps"),
                table="remedies",
                columns={
                    "name": _("Gap"),
                    "advice": _("Often because … and what helps"),
                },
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} G_5 = P - E = (M - E) + (S - M) + (D - S) + (P - D) \\ \\"
            r"E = E_0 + \beta \, (C - E_0) \end{matrix}"
        ),
        formula_note=_(
            "<i>E</i><sub>0</sub> and <i>E</i> what customers expect before and after the advert, "
            "<i>C</i> its promise, <i>M</i> the managers' picture, <i>S</i> the standards, "
            "<i>D</i> what is delivered, <i>P</i> what is perceived. <i>β</i> is 0.5 (the slider) "
            "for a promise above <i>E</i><sub>0</sub>, 0.2 for one below. Gap 4, <i>D</i> − "
            "<i>C</i>, is no link of the chain: it acts through <i>E</i>. After Parasuraman, "
            "Zeithaml and Berry (1985)."
        ),
        challenge=Challenge(
            goal=_(
                "Bring the Harbour Lantern's <b>customer gap to −3 or better</b>. Move <b>at most "
                "two</b> sliders, each by <b>at most 8 points</b>. What guests expected before "
                "the advert, and its pull, stay as they are."
            ),
            solved=_solved,
            hint=_(
                "Managers and standards only hand points from one gap to its neighbour. Work on "
                "both ends of the chain: what guests expect, and what they perceive."
            ),
            success=_(
                "It took the ends of the chain: a promise of 82 takes 4 points off what guests "
                "expect, and better or better seen work lifts what they perceive. Nothing in the "
                "middle, with managers or standards, would have done it."
            ),
        ),
    )


def _level(name: str, label: str) -> Slider:
    return Slider(
        name=name, label=label, low=0, high=100, step=1, default=FIRST[name], unit=_("points")
    )


def _perceived(state: State) -> float:
    """Say what guests perceive; the scale ends at 0 and 100."""
    return float(min(100, max(0, state["delivery"] + state["notice"])))


def _chain(state: State) -> gaps.GapChain:
    return gaps.gap_chain(
        state["before"],
        state["promise"],
        state["management"],
        state["standard"],
        state["delivery"],
        _perceived(state),
        beta_up=state["beta"],
    )


def _gap(chain: gaps.GapChain, link: str) -> float:
    return float(getattr(chain, link))


def _solved(state: State) -> bool:
    moves = {name: abs(state[name] - value) for name, value in FIRST.items()}
    moved = {name: move for name, move in moves.items() if move > SAME}
    return bool(
        set(moved) <= set(OPEN_TO_THE_HOTEL)
        and len(moved) <= MOST_MOVES
        and all(move <= LONGEST_MOVE + SAME for move in moved.values())
        and _chain(state).g5 >= TARGET - SAME
    )


def _view(state: State) -> View:
    chain = _chain(state)
    tables = _tables(state, chain)
    made = float(chain.promise_part)
    numbers = [
        Number(label=_("customer gap (Gap 5)"), text=fixed(float(chain.g5), 1)),
        Number(
            label=_("made by the advert") if made <= 0 else _("saved by the advert"),
            text=fixed(made, 1),
        ),
    ]
    loss = min(_gap(chain, link) for link in LINKS)
    worst = _(" and ").join(name for link, name in LINKS.items() if _gap(chain, link) - loss < SAME)
    if loss < 0:
        numbers.append(Number(label=_("lost at {links}").format(links=worst), text=fixed(loss, 1)))
    return View(
        tables=tables,
        numbers=tuple(numbers),
        sentence=_sentence(state, chain, worst),
        explanation=_explanation(state, chain),
        teaser=_(
            "A hotel (invented) promises {promise} points of service and delivers {delivery}. "
            "Guests expect {expected} and perceive {perceived}. Somewhere in between the points "
            "are lost. Turn the advert up or down and watch both rows."
        ).format(
            promise=_short(state["promise"]),
            delivery=_short(state["delivery"]),
            expected=_short(float(chain.expectation)),
            perceived=_short(_perceived(state)),
        ),
    )


def _tables(state: State, chain: gaps.GapChain) -> dict[str, pd.DataFrame]:
    bars = gaps.waterfall(chain)
    promise = pd.DataFrame(
        {"start": state["promise"], "end": state["delivery"], "gap": float(chain.g4)}, index=["g4"]
    )
    table = pd.concat([bars, promise])
    table.insert(0, "name", table.index.map({**LINKS, "g4": GAP_4, "g5": GAP_5}))
    levels = zip(table.index, table["start"], table["end"], strict=True)
    words = [LEVELS[key].format(start=_short(a), end=_short(b)) for key, a, b in levels]
    table.insert(1, "words", words)
    advert = pd.DataFrame(
        {
            "name": [_("The advert")],
            "words": [
                _("from {start}, expected {end}").format(
                    start=_short(state["before"]), end=_short(float(chain.expectation))
                )
            ],
            "start": [state["before"]],
            "end": [float(chain.expectation)],
            "gap": [-float(chain.promise_part)],
            "kind": ["advert"],
        }
    )
    kinds = dict.fromkeys(LINKS, "link") | {"g5": "total"}
    links = table.loc[list(kinds)].assign(kind=list(kinds.values()))
    tables = {
        "ends": table.loc[["g4", "g5"]].round(3),
        "chain": pd.concat([advert, links]).round(3),
    }
    lit = table.loc[[*LINKS, "g4"]].query("gap < @LIT_BELOW")
    if len(lit):
        tables["remedies"] = pd.DataFrame(
            {
                "name": [
                    f"{name} ({fixed(gap, 1)})"
                    for name, gap in zip(lit["name"], lit["gap"], strict=True)
                ],
                "advice": [
                    _("{cause} What helps: {remedy}").format(cause=cause, remedy=remedy)
                    for cause, remedy in (REMEDIES[str(key)] for key in lit.index)
                ],
            }
        )
    return tables


def _short(level: float) -> str:
    return fixed(level, 0 if abs(level - round(level)) < 0.05 else 1)


def _sentence(state: State, chain: gaps.GapChain, worst: str) -> str:
    steps = _(
        "Customers expect {expected}; managers think {management} ({g1}); the standards ask for "
        "{standard} ({g2}); staff deliver {delivery} ({g3}); customers perceive {perceived} "
        "({gp}). "
    ).format(
        expected=_short(float(chain.expectation)),
        management=_short(state["management"]),
        standard=_short(state["standard"]),
        delivery=_short(state["delivery"]),
        perceived=_short(_perceived(state)),
        **{link: fixed(_gap(chain, link), 1, sign=True) for link in LINKS},
    )
    total = fixed(float(chain.g5), 1)
    if chain.g5 >= 0:
        return steps + _(
            "<b>Together {total}: customers get what they expect, or more.</b>"
        ).format(total=fixed(float(chain.g5), 1, sign=True))
    return steps + _(
        "<b>Together a customer gap of {total}; most is lost at {worst}.</b> Beside the chain, the "
        "advert promises {promise}: Gap 4 is {g4}."
    ).format(
        total=total,
        worst=worst,
        promise=_short(state["promise"]),
        g4=fixed(float(chain.g4), 1),
    )


def _explanation(state: State, chain: gaps.GapChain) -> str:
    before, made = state["before"], float(chain.promise_part)
    expected = _short(float(chain.expectation))
    if made < 0:
        advert = _(
            "The advert promises {promise} to customers who expected {before}. In this model that "
            "lifts what they expect to {expected}: it makes {made} points of gap without anyone in "
            "operations doing anything."
        )
    elif made > 0:
        advert = _(
            "The advert promises {promise}, less than the {before} that customers expected. In "
            "this model that lowers what they expect to {expected} and saves {made} points, at no "
            "cost in operations."
        )
    else:
        advert = _(
            "The advert does not move what customers expect: it stays at {expected}, so no part of "
            "the gap is its doing."
        )
    middle = _(
        "Moving a link in the middle only hands points to its neighbour: stricter standards that "
        "staff cannot meet shrink Gap 2 (now {g2}) and widen Gap 3 (now {g3})."
    ).format(g2=fixed(float(chain.g2), 1, sign=True), g3=fixed(float(chain.g3), 1, sign=True))
    return (
        advert.format(
            promise=_short(state["promise"]),
            before=_short(before),
            expected=expected,
            made=fixed(abs(made), 1),
        )
        + " "
        + middle
    )
