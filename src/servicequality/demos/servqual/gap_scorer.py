"""The gap scorer (D2.1): where a firm falls short, and how far that depends on arithmetic."""

from collections.abc import Mapping
from functools import cache
from gettext import gettext as _
from operator import attrgetter
from typing import Any, NamedTuple

import pandas as pd

from servicequality import data
from servicequality.charts.servqual import (
    expected_and_perceived,
    rule_ranks,
    weighted_contributions,
)
from servicequality.models import servqual
from servicequality.widgets import (
    Challenge,
    Choice,
    Demo,
    Figure,
    Group,
    Number,
    Prediction,
    Preset,
    Slider,
    State,
    View,
    fixed,
    percent,
)

DIMENSIONS = {
    "tangibles": _("Tangibles"),
    "reliability": _("Reliability"),
    "responsiveness": _("Responsiveness"),
    "assurance": _("Assurance"),
    "empathy": _("Empathy"),
}
KIOSK_DIMENSIONS = {
    "usefulness/reliability": _("Usefulness"),
    "enjoyment": _("Enjoyment"),
    "control": _("Control"),
    "economy (time and cost saving)": _("Time and cost"),
    "personalisation": _("Personalised"),
    "convenience": _("Convenience"),
    "security": _("Security"),
    "tangibles": _("Tangibles"),
}
RULES = {
    "unweighted": _("Plain mean"),
    "weighted": _("Weighted"),
    "item_mean": _("Item mean"),
    "servperf": _("Perceptions only"),
}
HEADINGS = {
    "unweighted": _("Plain\nmean"),
    "weighted": _("Weighted\ngap"),
    "item_mean": _("Item\nmean"),
    "servperf": _("Perceived\nonly"),
}
SCORES = {
    "unweighted": _("plain mean of the gaps"),
    "weighted": _("weighted gap"),
    "item_mean": _("mean gap of all items"),
    "servperf": _("perceptions only"),
}
BY_RULE = {
    "unweighted": _("by the plain mean"),
    "weighted": _("by the weighted gap"),
    "item_mean": _("by the item mean"),
    "servperf": _("on perceptions only"),
}
PLACES = (_("1st"), _("2nd"), _("3rd"), _("4th"))


class Firm(NamedTuple):
    """A fictional firm: dimension means from 1 to 7, and importance points that sum to 100."""

    name: str
    short: str
    expected: tuple[float, ...]
    perceived: tuple[float, ...]
    points: tuple[int, ...]

    def settings(self) -> dict[str, float]:
        """Return what the sliders show for this firm."""
        columns = {"e": self.expected, "p": self.perceived, "w": self.points}
        return {
            f"{letter}_{dimension}": value
            for letter, values in columns.items()
            for dimension, value in zip(DIMENSIONS, values, strict=True)
        }


FIRMS = {
    "hotel": Firm(
        _("Harbour Lantern Hotel"),
        _("Hotel"),
        (5.2, 6.6, 6.3, 6.4, 5.9),
        (5.9, 5.7, 5.8, 6.2, 5.6),
        (11, 32, 22, 19, 16),
    ),
    "bank": Firm(
        _("Pinecone Bank"),
        _("Bank"),
        (6.0, 6.6, 6.5, 6.7, 6.0),
        (6.0, 6.4, 5.9, 6.4, 5.8),
        (8, 30, 18, 34, 10),
    ),
    "clinic": Firm(
        _("Riverside Clinic"),
        _("Clinic"),
        (5.6, 6.4, 6.1, 6.7, 6.4),
        (4.8, 6.2, 5.6, 6.6, 6.2),
        (6, 18, 20, 34, 22),
    ),
    "telecom": Firm(
        _("BluePeak Telecom"),
        _("Telecom"),
        (4.4, 6.2, 5.6, 5.0, 4.3),
        (5.0, 5.5, 5.2, 5.1, 4.6),
        (6, 42, 28, 12, 12),
    ),
}
SURVEYS = {
    "guests": _("Hotel survey, 480 guests (synthetic)"),
    "kiosks": _("Kiosk survey, 207 users (real)"),
}
AnyScores = servqual.Scores | servqual.SurveyScores
FIRST = FIRMS["hotel"].settings()
TARGET = -0.26


def gap_scorer() -> Demo:
    """Score firms from expectations and perceptions, under four overall rules (D2.1).

    Returns
    -------
    Demo
        Model M2.1; the first state is O2.1.
    """
    first = _score(FIRST)
    reliability = _worst(first)
    shortfalls = float(first.dimensions["gap"].clip(upper=0).sum())
    product = _("{weight} × {gap} = {part}, out of a net {net}").format(
        weight=_weight(reliability.weight),
        gap=fixed(reliability.gap),
        part=fixed(reliability.contribution, 3),
        net=fixed(first.overall["weighted"], 3),
    )
    share = percent(reliability.share)
    before = percent(reliability.gap / shortfalls, 0)
    return Demo(
        code="D2.1",
        title=_("The gap scorer"),
        question=_("Where does this hotel fall short, and does the answer depend on arithmetic?"),
        evidence="E",
        assumption=_(
            "The arithmetic is exact. The four firms are invented, and each has weights from its "
            "own customers. The hotel's weights are averages found among customers of large US "
            "firms about 1990; that they hold everywhere is folklore."
        ),
        taste=(_level("p_reliability", _("Perceived reliability")),),
        controls=(
            Choice(
                name="firm",
                label=_("Firm or survey"),
                options={key: firm.name for key, firm in FIRMS.items()} | SURVEYS,
                default="hotel",
                brings={key: firm.settings() for key, firm in FIRMS.items()},
            ),
            Choice(name="rule", label=_("Overall number"), options=RULES, default="weighted"),
            Group(
                _("What else is perceived"),
                tuple(
                    _level(f"p_{key}", name)
                    for key, name in DIMENSIONS.items()
                    if key != "reliability"
                ),
            ),
            Group(
                _("What is expected"),
                tuple(_level(f"e_{key}", name) for key, name in DIMENSIONS.items()),
            ),
            Group(
                _("Importance points"),
                tuple(
                    Slider(
                        name=f"w_{key}",
                        label=name,
                        low=0,
                        high=100,
                        step=1,
                        default=FIRST[f"w_{key}"],
                        unit=_("points"),
                    )
                    for key, name in DIMENSIONS.items()
                ),
            ),
        ),
        presets=(
            Preset(_("Harbour Lantern Hotel")),
            Preset(_("Refit the lobby"), {"p_tangibles": 6.9}),
            Preset(
                _("Modest guests"),
                {f"e_{key}": round(FIRST[f"e_{key}"] - 1, 1) for key in DIMENSIONS},
            ),
            Preset(
                FIRMS["telecom"].name,
                {"firm": "telecom", "rule": "unweighted", **FIRMS["telecom"].settings()},
            ),
            Preset(_("480 hotel guests"), {"firm": "guests"}),
            Preset(_("207 kiosk users"), {"firm": "kiosks"}),
        ),
        prediction=Prediction(
            question=_(
                "Reliability has the widest gap (−0.90) and the largest weight (32 %). How much of "
                "the hotel's net weighted gap does it make up alone?"
            ),
            options={
                "fifth": _("About 20 %"),
                "weight": _("About 32 %"),
                "gap": _("About 47 %"),
                "both": _("About 71 %"),
            },
            correct="both",
            feedback={
                "fifth": _(
                    "One dimension of five would be a fifth if all weights and gaps were alike. "
                    "Weight and gap multiply: {product}, which is {share}."
                ).format(product=product, share=share),
                "weight": _(
                    "That is its weight, but a weight counts only together with a gap: {product}, "
                    "which is {share}."
                ).format(product=product, share=share),
                "gap": _(
                    "Before weighting it is indeed {before} of all shortfalls. The weight counts "
                    "too: {product}, which is {share}."
                ).format(before=before, product=product, share=share),
                "both": _(
                    "Weight and gap multiply: {product}, which is {share}. The good score on "
                    "tangibles makes the net smaller and this share larger."
                ).format(product=product, share=share),
            },
        ),
        panels=(
            Figure(
                title=_("What customers expect and what they perceive"),
                description=_(
                    "One row for each dimension on a scale from 1 to 7: a square where customers "
                    "expect the service to be, a circle where they perceive it, and the gap "
                    "between them as a number. The weight stands beside the name."
                ),
                chart=expected_and_perceived,
                tables=("dimensions",),
                columns={
                    "dimension": _("Dimension"),
                    "expectation": _("Expected"),
                    "perception": _("Perceived"),
                    "gap": _("Gap"),
                    "weight": _("Weight (sum 1)"),
                },
                before_commit=True,
            ),
            Figure(
                title=_("How the weighted gap adds up: weight × gap"),
                description=_(
                    "A waterfall from zero: each dimension moves the running total by its weight "
                    "times its gap, and the last bar is the sum."
                ),
                chart=weighted_contributions,
                tables=("parts",),
                columns={
                    "dimension": _("Dimension"),
                    "weight": _("Weight (sum 1)"),
                    "gap": _("Gap"),
                    "contribution": _("Contribution"),
                },
                decimals=3,
            ),
            Figure(
                title=_("Who is best? Four invented firms, four rules"),
                description=_(
                    "A grid with one row for each firm and one column for each overall rule. Each "
                    "cell shows the firm's place and score; first places are filled, and the "
                    "present firm and rule are framed."
                ),
                chart=rule_ranks,
                tables=("ranks",),
                columns={
                    "firm": _("Firm"),
                    "rule": _("Rule"),
                    "rank": _("Place"),
                    "score": _("Score"),
                },
                decimals=3,
            ),
        ),
        view=_view,
        formula=r"G = \sum_{d} w_d \, (P_d - E_d), \qquad \sum_{d} w_d = 1",
        formula_note=_(
            "<i>E</i> mean expectation and <i>P</i> mean perception of dimension <i>d</i>, "
            "<i>w</i> its weight. Plain mean: all weights equal. Item mean: all 22 statements "
            "count the same, so <i>w</i> is the number of statements. Perceptions only: the plain "
            "mean of <i>P</i>. Parasuraman, Zeithaml and Berry (1988); Cronin and Taylor (1992)."
        ),
        challenge=Challenge(
            goal=_(
                "Start from the Harbour Lantern Hotel. Raise <b>exactly one</b> perceived score, "
                "by at most 0.5, so that the <b>weighted gap rises above −0.26</b>."
            ),
            solved=_solved,
            hint=_("A rise of half a point is worth half the weight."),
            success=_(
                "Half a point on reliability is worth 0.160 and lifts the hotel from last place to "
                "first by this rule. No other dimension carries enough weight."
            ),
        ),
    )


def _level(name: str, label: str) -> Slider:
    return Slider(name=name, label=label, low=1, high=7, default=FIRST[name])


def _score(values: State) -> servqual.Scores:
    columns = ({key: values[f"{letter}_{key}"] for key in DIMENSIONS} for letter in "epw")
    return servqual.score_firm(*columns)


@cache
def kiosk_dimensions() -> dict[str, tuple[str, ...]]:
    """Return the authors' eight initial dimensions of the kiosk survey, with their items."""
    items = data.load("kiosk-survey", "items").query("block == 'expectation'")
    return {
        str(name): tuple(group["item_no"].map("{:02}".format))
        for name, group in items.groupby("dimension_initial_8", sort=False)
    }


@cache
def _survey(key: str) -> tuple[servqual.SurveyScores, int]:
    """Score a survey; also return how many people answered it."""
    if key == "guests":
        guests = data.load("hotel-servqual")
        points = guests[["w_T", "w_R", "w_S", "w_A", "w_E"]]
        return servqual.score_survey(guests, weights=points), len(guests)
    users = data.load("kiosk-survey").dropna(subset=["E01"])
    return servqual.score_survey(users, kiosk_dimensions(), prefixes=("E", "P")), len(users)


@cache
def _undisturbed(firm: str) -> pd.Series:
    return _score(FIRMS[firm].settings()).overall


def _solved(state: State) -> bool:
    changed = {
        name: state[name] - value
        for name, value in FIRST.items()
        if abs(state[name] - value) > 1e-9
    }
    if state["firm"] != "hotel" or len(changed) != 1:
        return False
    ((name, rise),) = changed.items()
    small = name.startswith("p_") and 0 < rise <= 0.5 + 1e-9
    return bool(small and _score(state).overall["weighted"] > TARGET)


def _view(state: State) -> View:
    view = _view_of_survey if state["firm"] in SURVEYS else _view_of_firm
    return view(state)


def _view_of_firm(state: State) -> View:
    key, rule = state["firm"], state["rule"]
    if not any(state[f"w_{dimension}"] for dimension in DIMENSIONS):
        raise ValueError(_("All importance points are zero; give some to at least one dimension."))
    scores = _score(state)
    ranks = _ranks({key: scores.overall})
    leaders = {rule: _leader(ranks, rule) for rule in RULES}
    place = next(cell.rank for cell in ranks if (cell.firm, cell.rule) == (key, rule))
    number = fixed(scores.overall[rule], 3)
    standing = (
        _("By this rule ({rule}) {firm} scores {number}; none of the four firms does better.")
        if place == 1
        else _("By this rule ({rule}) {firm} scores {number}, {place} of four, behind {leader}.")
    )
    worst = _worst(scores)
    product = _(
        "A dimension contributes its weight times its gap; for {dimension} that is "
        "{weight} × {gap} = {part}."
    ).format(
        dimension=DIMENSIONS[worst.Index].lower(),
        weight=_weight(worst.weight),
        gap=fixed(worst.gap),
        part=fixed(worst.contribution, 3),
    )
    ruling = _("The rule decides who leads: {leaders}.").format(leaders=_who_leads(leaders))
    return View(
        tables=_tables(scores, DIMENSIONS, ranks, state),
        numbers=(
            Number(label=SCORES[rule], text=number),
            _alone(worst, DIMENSIONS),
            Number(label=_("place among the four firms"), text=PLACES[place - 1]),
        ),
        sentence=_message(scores, DIMENSIONS)
        + standing.format(
            rule=SCORES[rule],
            firm=FIRMS[key].name,
            number=number,
            place=PLACES[place - 1],
            leader=leaders[rule],
        ),
        explanation=f"{product} {ruling}",
        teaser=_(
            "Guests of the Harbour Lantern Hotel (invented) said what they expect, the squares, "
            "and what they perceive, the circles. For reliability they expect {expected} and "
            "perceive {perceived}."
        ).format(
            expected=fixed(state["e_reliability"], 1), perceived=fixed(state["p_reliability"], 1)
        ),
    )


def _view_of_survey(state: State) -> View:
    key, rule = state["firm"], state["rule"]
    scores, people = _survey(key)
    names = KIOSK_DIMENSIONS if key == "kiosks" else DIMENSIONS
    number = fixed(scores.overall[rule], 3)
    worst = _worst(scores)
    explanation = (
        _(
            "Nobody was asked for weights, so each of the eight dimensions carries {weight} and "
            "{dimension} contributes {weight} × {gap} = {part}. With equal weights and three "
            "statements in each dimension, the three gap rules must agree."
        )
        if key == "kiosks"
        else _(
            "Every guest shared out points of their own, so weight × gap is formed guest by guest "
            "and then averaged: {part} for {dimension}. The mean weight times the mean gap, "
            "{weight} × {gap} = {short_cut}, is only near to it."
        )
    ).format(
        dimension=names[worst.Index].lower(),
        weight=_weight(worst.weight),
        gap=fixed(worst.gap),
        part=fixed(worst.contribution, 3),
        short_cut=fixed(worst.weight * worst.gap, 3),
    )
    message = _("{survey}: by this rule ({rule}) the score is {number}.")
    return View(
        tables=_tables(scores, names, _ranks({}), state),
        numbers=(
            Number(label=SCORES[rule], text=number),
            _alone(worst, names),
            Number(label=_("people in the survey"), text=str(people)),
        ),
        sentence=_message(scores, names)
        + message.format(survey=SURVEYS[key], rule=SCORES[rule], number=number),
        explanation=explanation,
        teaser="",
        inactive=frozenset(FIRST),
    )


def _tables(
    scores: AnyScores, names: Mapping[str, str], ranks: list[Any], state: State
) -> dict[str, pd.DataFrame]:
    table = scores.dimensions.rename(index=names).reset_index(names="dimension")
    cells = [
        {
            "firm": FIRMS[cell.firm].short,
            "rule": HEADINGS[cell.rule],
            "rank": cell.rank,
            "score": cell.score,
            "chosen": (cell.firm, cell.rule) == (state["firm"], state["rule"]),
        }
        for cell in ranks
    ]
    return {
        "dimensions": table[["dimension", "expectation", "perception", "gap", "weight"]],
        "parts": table[["dimension", "weight", "gap", "contribution"]],
        "ranks": pd.DataFrame(cells),
    }


def _ranks(moved: Mapping[str, pd.Series]) -> list[Any]:
    """Rank the four firms by the four rules; `moved` replaces the scores of one firm."""
    overall = {key: moved.get(key, _undisturbed(key)) for key in FIRMS}
    cells = servqual.rank_firms(overall).itertuples()
    return [cell for cell in cells if cell.rule in RULES]


def _leader(ranks: list[Any], rule: str) -> str:
    best = (FIRMS[cell.firm].name for cell in ranks if cell.rule == rule and cell.rank == 1)
    return _(" and ").join(best)


def _who_leads(leaders: Mapping[str, str]) -> str:
    rules: dict[str, list[str]] = {}
    for rule, leader in leaders.items():
        rules.setdefault(leader, []).append(BY_RULE[rule])
    return ", ".join(
        _("{leader} {rules}").format(leader=leader, rules=_(" and ").join(by))
        for leader, by in rules.items()
    )


def _worst(scores: AnyScores) -> Any:
    """Return the row of the dimension that takes most off the weighted gap."""
    return min(scores.dimensions.itertuples(), key=attrgetter("contribution"))


def _weight(share: float) -> str:
    whole = abs(100 * share - round(100 * share)) < 0.05
    return percent(share, 0 if whole else 1)


def _alone(worst: Any, names: Mapping[str, str]) -> Number:
    return Number(
        label=_("from {dimension} alone").format(dimension=names[worst.Index].lower()),
        text=fixed(worst.contribution, 3),
    )


def _message(scores: AnyScores, names: Mapping[str, str]) -> str:
    """Say which dimension takes most off the weighted gap, and how much."""
    worst, net = _worst(scores), scores.overall["weighted"]
    if worst.contribution >= 0:
        return _("<b>No dimension that carries weight falls short.</b> ")
    if net >= 0:
        effect = _(
            "it takes {part} off the weighted gap, which the other dimensions more than make up"
        )
    elif worst.share <= 1:
        effect = _("it makes up {share} of the net weighted gap")
    else:
        effect = _("it takes {part} off, and the other dimensions win some of it back")
    text = _("<b>{dimension} misses by {miss} and carries {weight}: {effect}.</b> ")
    return text.format(
        dimension=names[worst.Index],
        miss=fixed(-worst.gap),
        weight=_weight(worst.weight),
        effect=effect.format(part=fixed(-worst.contribution, 3), share=percent(worst.share)),
    )
