"""Do it yourself? (D4.6): seven factors decide between doing it oneself and buying."""

from gettext import gettext as _

import pandas as pd

from servicequality.charts.make_or_buy import leaning, tornado
from servicequality.models import make_or_buy as model
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
    percent,
)

# Name, what a high rating says, and the rating of Rui, who moves house (O4.3).
FACTORS = {
    "expertise": (_("know-how"), _("I know how to do it"), -1),
    "resources": (_("tools and help"), _("I have tools and help"), 1),
    "time": (_("time"), _("I have the time"), -1),
    "economic": (_("money saved"), _("It saves money"), 2),
    "psychic": (_("fun and pride"), _("I enjoy doing it"), 1),
    "trust": (_("distrust of firms"), _("I distrust the firms"), -1),
    "control": (_("control"), _("I want it my way"), 1),
}
ASKED = ("economic", "expertise", "time", "control")
NUDGE = 0.5


def do_it_yourself() -> Demo:
    """Rate seven factors, and see who buys and who does it alone (D4.6).

    Returns
    -------
    Demo
        Model M4.3; the first state is O4.3.
    """
    return Demo(
        code="D4.6",
        title=_("Do it yourself?"),
        question=_("Moving house: hire a firm, or do it yourself?"),
        evidence="T",
        assumption=_(
            "In this model seven ratings add up, with weights that are invented. The factors are a "
            "framework of Lusch, Brown and Brunswick (1992). In reality some are musts (without "
            "any time nobody does it), weights differ from service to service, and habit decides "
            "much. Rui and all other cases are invented."
        ),
        taste=(_slider("psychic"),),
        controls=(
            Group(
                _("What I can do (−2 not at all, 2 very much)"),
                tuple(_slider(factor) for factor in ("expertise", "resources", "time")),
                unfolded=True,
            ),
            Group(
                _("What I gain, and whom I trust (−2 to 2)"),
                tuple(_slider(factor) for factor in ("economic", "trust", "control")),
            ),
        ),
        presets=(
            Preset(_("Rui moves house")),
            Preset(_("Rui, after a class"), {"expertise": 1}),
            _case(_("Haircut"), (-2, -1, 0, 1, -1, -1, 0)),
            _case(_("Tax return"), (-1, 1, -1, 1, -2, 1, 1)),
            _case(_("Therapy"), (-2, 0, 1, 1, -1, -1, 1)),
            _case(_("Printing invitations"), (0, -1, -1, -1, 1, 0, 2)),
            _case(_("Cooking on Sunday"), (1, 2, 1, 2, 2, 0, 1)),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("Which way does the choice lean?"),
                description=_(
                    "A bar from buying at the left to doing it alone at the right; a dashed line "
                    "in the middle marks undecided."
                ),
                chart=leaning,
                tables=("now",),
                columns={"words": _("Chance of doing it alone")},
                before_commit=True,
            ),
            Figure(
                title=_("What each factor alone could do"),
                description=_(
                    "Seven bars, the longest on top: the range of chances if only that rating "
                    "went from −2 to 2. An upright line on each marks the present chance."
                ),
                chart=tornado,
                tables=("factors", "now"),
                columns={"name": _("Factor"), "lowest": _("At −2"), "highest": _("At 2")},
            ),
            NumberTable(
                title=_("Where each factor alone would tip the choice"),
                table="tips",
                columns={
                    "name": _("Factor"),
                    "rating": _("Rating now"),
                    "tips": _("Undecided at"),
                },
                decimals=1,
            ),
        ),
        view=_view,
        formula=r"P = \dfrac{1}{1 + e^{-z}}, \quad z = \beta_0 + \sum_j \beta_j x_j",
        formula_note=_(
            "<i>x<sub>j</sub></i> the seven ratings, from −2 to 2; <i>β<sub>j</sub></i> what a "
            "point of each adds: {weights}; <i>β</i><sub>0</sub> = 0. A teaching assumption."
        ).format(
            weights=", ".join(
                f"{FACTORS[factor][0]} {fixed(weight, 1)}"
                for factor, weight in model.WEIGHTS.items()
            )
        ),
        challenge=Challenge(
            goal=_(
                "Begin with Rui. You are the moving firm: tip him to <b>below 50 %</b> by changing "
                "<b>exactly two</b> ratings, each by <b>no more than half a point</b>."
            ),
            solved=_solved,
            hint=_("Half a point counts most where the weight is largest: see the formula."),
            success=_(
                "Two small nudges turn someone who seemed decided. Not every pair can do it: the "
                "weights decide, and in real life you would have to find them out."
            ),
        ),
    )


def _slider(factor: str) -> Slider:
    _name, label, default = FACTORS[factor]
    return Slider(
        name=factor,
        label=label,
        low=model.LOWEST,
        high=model.HIGHEST,
        step=0.5,
        default=default,
    )


def _case(label: str, ratings: tuple[int, ...]) -> Preset:
    return Preset(label, dict(zip(FACTORS, ratings, strict=True)))


def _first() -> dict[str, float]:
    return {factor: default for factor, (_name, _label, default) in FACTORS.items()}


def _ratings(state: State) -> dict[str, float]:
    return {factor: state[factor] for factor in FACTORS}


def _prediction() -> Prediction:
    chance = float(model.self_provision(_first()).probability)
    lowest = model.sensitivity(_first())["lowest"]
    best = str(lowest[list(ASKED)].idxmin())
    told = _("With {name} at −2 the chance falls from {chance} to {lowest}.")
    more = _("{told} With {name} it falls further, to {lowest}.")
    feedback = {
        factor: told.format(
            name=FACTORS[factor][0],
            chance=percent(chance, 0),
            lowest=percent(float(lowest[factor]), 0),
        )
        for factor in ASKED
    }
    return Prediction(
        question=_(
            "Rui leans to doing it himself: {chance}. The moving firm may talk him down on one "
            "rating, as far as −2. Which one would bring him down most?"
        ).format(chance=percent(chance, 0)),
        options={factor: FACTORS[factor][0] for factor in ASKED},
        correct=best,
        feedback={
            factor: text
            if factor == best
            else more.format(
                told=text, name=FACTORS[best][0], lowest=percent(float(lowest[best]), 0)
            )
            for factor, text in feedback.items()
        },
    )


def _solved(state: State) -> bool:
    changes = [
        abs(state[factor] - first) for factor, first in _first().items() if state[factor] != first
    ]
    nudged = len(changes) == 2 and max(changes) <= NUDGE
    # A score that is zero on paper may miss it in the last binary digit.
    return nudged and float(model.self_provision(_ratings(state)).score) < -1e-9


def _view(state: State) -> View:
    ratings = _ratings(state)
    choice = model.self_provision(ratings)
    chance, score = float(choice.probability), float(choice.score)
    levers = model.sensitivity(ratings)
    lowest = float(levers["lowest"].min())
    return View(
        tables=_tables(chance, levers),
        numbers=(
            Number(label=_("chance of doing it alone"), text=percent(chance)),
            Number(label=_("score (0 is undecided)"), text=fixed(score, 1)),
            Number(label=_("the lowest that one rating could bring"), text=percent(lowest, 0)),
        ),
        sentence=_sentence(chance, score, levers),
        explanation=_explanation(ratings, chance),
        teaser=_(
            "Rui moves house. He has friends with a van, and much to save; he has little time and "
            "little practice. The bar shows how likely he is to do it without a firm. <b>What "
            "would change his mind?</b>"
        ),
    )


def _sentence(chance: float, score: float, levers: pd.DataFrame) -> str:
    most, least = levers.iloc[0], levers.iloc[-1]
    told = _(
        "<b>With these ratings the chance of doing it alone is {chance}; {side}.</b> The score is "
        "{score}. The strongest single lever is {most}, between {low} and {high}; the weakest is "
        "{least}."
    )
    side = _("that is undecided")
    if score > 1e-9:
        side = _("that is more likely than buying")
    elif score < -1e-9:
        side = _("buying is more likely")
    return told.format(
        chance=percent(chance),
        side=side,
        score=fixed(score, 1),
        most=FACTORS[str(most.name)][0],
        low=percent(float(most["lowest"]), 0),
        high=percent(float(most["highest"]), 0),
        least=FACTORS[str(least.name)][0],
    )


def _explanation(ratings: dict[str, float], chance: float) -> str:
    step = -1 if ratings["expertise"] >= model.LOWEST + 1 else 1
    moved = {**ratings, "expertise": ratings["expertise"] + step}
    after = float(model.self_provision(moved).probability)
    told = _(
        "A point of know-how adds {strong} to the score, a point of control only {weak}. Here one "
        "point of know-how {more} would bring the chance from {chance} to {after}; {where}."
    )
    return told.format(
        strong=fixed(model.WEIGHTS["expertise"], 1),
        weak=fixed(model.WEIGHTS["control"], 1),
        more=_("less") if step < 0 else _("more"),
        chance=percent(chance, 0),
        after=percent(after, 0),
        where=_("near the middle small changes count")
        if abs(after - chance) > 0.15
        else _("near the ends they count less"),
    )


def _tables(chance: float, levers: pd.DataFrame) -> dict[str, pd.DataFrame]:
    names = [FACTORS[str(factor)][0] for factor in levers.index]
    spans = zip(levers["lowest"], levers["highest"], strict=True)
    return {
        "now": pd.DataFrame({"probability": [chance], "words": [percent(chance, 0)]}),
        "factors": pd.DataFrame(
            {
                "name": names,
                "lowest": levers["lowest"].round(4).to_numpy(),
                "highest": levers["highest"].round(4).to_numpy(),
                "now": round(chance, 4),
                "words": [
                    _("{low} to {high}").format(low=percent(low, 0), high=percent(high, 0))
                    for low, high in spans
                ],
            }
        ),
        "tips": pd.DataFrame(
            {
                "name": names,
                "rating": levers["rating"].to_numpy(),
                "tips": [
                    _("out of reach") if pd.isna(at) else fixed(float(at))
                    for at in levers["undecided"]
                ],
            }
        ),
    }
