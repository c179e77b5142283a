"""How many should we ask? (D6.3): the size of the city hardly matters, who stays silent does."""

from gettext import gettext as _

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from servicequality.charts.sampling import answers_needed, error_curve, survey_intervals
from servicequality.models import sampling as model
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
)

TOWN, CITY = 2_000, 1_000_000
POPULATIONS = {
    str(people): f"{people:,}" for people in (100, 500, TOWN, 10_000, 100_000, CITY, 10_000_000)
}
GRID = np.unique(np.append(np.logspace(2, 7, 26).round(), TOWN))
ANSWERS = np.logspace(1, 5, 33)
SURE = {"0.8": _("80 %"), "0.9": _("90 %"), "0.95": _("95 %"), "0.99": _("99 %")}
TRUTH = 4.0
SURVEYS = 100
GOAL, MOST_RESPONSE, MOST_INVITED = 0.15, 60, 500
TILT, SD, MARGIN, RESPONSE, LEVEL = 0.3, 1.4, 0.15, 25, "0.95"


def how_many_to_ask() -> Demo:
    """Plan a survey for a town and a city, and see what silence does to it (D6.3).

    Returns
    -------
    Demo
        Model M6.5; the first state is O6.5.
    """
    return Demo(
        code="D6.3",
        title=_("How many should we ask?"),
        question=_("A city of a million or a town of two thousand: where must you ask more?"),
        evidence="T",
        assumption=_(
            "The sample size is established (Cochran, 1977), for people drawn at random. In this "
            "model everybody answers with the same probability, and those who stay silent differ "
            "by one fixed amount. In reality nobody knows that amount: they do not answer."
        ),
        taste=(
            Slider(
                name="margin",
                label=_("Wanted: right to within"),
                low=0.05,
                high=0.5,
                step=0.01,
                default=MARGIN,
                unit=_("points"),
            ),
        ),
        controls=(
            Choice(
                name="population",
                label=_("People who live there"),
                options=POPULATIONS,
                default=str(CITY),
            ),
            Slider(
                name="response",
                label=_("Of 100 invited answer"),
                low=5,
                high=100,
                step=1,
                default=RESPONSE,
            ),
            Slider(
                name="tilt",
                label=_("Who answers is happier by"),
                low=0,
                high=1,
                step=0.05,
                default=TILT,
                unit=_("points"),
            ),
            Group(
                _("How much answers vary, and how sure to be"),
                (
                    Slider(
                        name="sd",
                        label=_("Standard deviation of the answers"),
                        low=0.5,
                        high=3,
                        default=SD,
                    ),
                    Choice(name="level", label=_("How sure"), options=SURE, default=LEVEL),
                    Slider(
                        name="draw",
                        label=_("Another hundred surveys"),
                        low=1,
                        high=50,
                        step=1,
                        default=1,
                        button=_("Ask again"),
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("City of a million")),
            Preset(_("Town of two thousand"), {"population": str(TOWN)}),
            Preset(_("Ten million"), {"population": "10000000"}),
            Preset(_("Twice as precise"), {"margin": 0.08}),
            Preset(_("A town where nobody is silent"), {"population": str(TOWN), "response": 100}),
            Preset(_("The silent are no different"), {"tilt": 0}),
            Preset(_("Thousands of the happiest"), {"margin": 0.05, "response": 5, "tilt": 0.6}),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("Answers needed, by the size of the place"),
                description=_(
                    "A curve on axes in powers of ten: the answers needed, against the people who "
                    "live there. It rises up to a few thousand people and is flat from then on, "
                    "far below the dashed line for asking everybody."
                ),
                chart=answers_needed,
                tables=("plan", "cities"),
                columns={"people": _("People"), "needed": _("Answers needed")},
                numbers_from="cities",
                before_commit=True,
                glide=True,
            ),
            Figure(
                title=_("A hundred such surveys, and the truth"),
                description=_(
                    "A pile of a hundred horizontal intervals and an upright line at the true "
                    "mean. Intervals that miss it are orange. If those who answer are "
                    "happier, the whole pile stands to the right of the line."
                ),
                chart=survey_intervals,
                tables=("surveys", "truth"),
                columns={
                    "rank": _("Survey"),
                    "lower": _("From"),
                    "upper": _("To"),
                },
                glide=True,
            ),
            Figure(
                title=_("More answers cure chance, not bias"),
                description=_(
                    "The typical error of a survey falls with the number of answers, but only down "
                    "to a level line: the bias. A dashed curve shows the error by chance alone, "
                    "which falls to nothing. A diamond stands at the present survey."
                ),
                chart=error_curve,
                tables=("curve", "floor", "here"),
                columns={
                    "answers": _("Answers"),
                    "error": _("Typical error"),
                    "chance": _("By chance alone"),
                },
                decimals=3,
                glide=True,
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} n_0 = \dfrac{z^2 s^2}{d^2}, \quad "
            r"n = \dfrac{n_0}{1 + (n_0 - 1) / N} \\ \\ "
            r"\text{typical error} = \sqrt{\text{standard error}^2 + \text{bias}^2}, \quad "
            r"\text{bias} = \text{tilt} \, (1 - \text{response}) \end{matrix}"
        ),
        formula_note=_(
            "<i>n</i> answers needed (round up), <i>z</i> 1.96 for 95 %, <i>s</i> standard "
            "deviation of the answers, <i>d</i> margin, <i>N</i> people who live there; tilt is "
            "how much happier those who answer are. Cochran (1977)."
        ),
        challenge=Challenge(
            goal=_(
                "The city of a million, where those who answer are 0.3 points happier. Bring the "
                "typical error down to <b>0.15</b> or less with <b>500 invitations</b> at most. "
                "Reminders can bring the answers to <b>60 of 100</b>, and no further."
            ),
            solved=_solved,
            hint=_(
                "Begin with the silent. Then see how much of the error is chance, and how many "
                "answers you could do without."
            ),
            success=_(
                "Fewer letters, and a better survey: 261 answers from 435 invited are nearer to "
                "the truth than 335 from 1,340. Reminders, a short form and good timing are worth "
                "more than a crowd of further invitations."
            ),
        ),
    )


def _plan(state: State, population: ArrayLike) -> model.SampleSize:
    z = model.z_value(float(state["level"]))
    return model.sample_size_mean(
        state["sd"], state["margin"], z, population, state["response"] / 100
    )


def _answers(state: State, population: float) -> int:
    return int(_plan(state, population).n)


def _first() -> State:
    return {"level": LEVEL, "sd": SD, "margin": MARGIN, "response": RESPONSE}


def _prediction() -> Prediction:
    town, city = (_answers(_first(), people) for people in (TOWN, CITY))
    ratio = CITY / TOWN
    result = _("{city} are enough for a million, against {town} for two thousand.").format(
        city=city, town=town
    )
    return Prediction(
        question=_(
            "To know the mean satisfaction to within 0.15 points, a town of 2,000 people needs "
            "{town} answers. How many does a city of 1,000,000 need?"
        ).format(town=town),
        options={
            "same": _("About {n}").format(n=city),
            "root": _("About {n:,}").format(n=100 * round(town * ratio**0.5 / 100)),
            "share": _("About {n:,}: five hundred times as many").format(n=round(town * ratio)),
        },
        correct="same" if city < 2 * town else "root",
        feedback={
            "same": result,
            "root": _(
                "What counts is how many answer, and hardly how many live there. {result}"
            ).format(result=result),
            "share": _(
                "A spoonful tells how salty a soup is, however big the pot. {result}"
            ).format(result=result),
        },
    )


def _error(state: State) -> float:
    people = int(state["population"])
    n, share = _answers(state, people), state["response"] / 100
    return float(model.survey_rmse(state["sd"], n, state["tilt"], share, people))


def _solved(state: State) -> bool:
    asked = (state["sd"], state["level"], state["tilt"], state["population"])
    return (
        asked == (SD, LEVEL, TILT, str(CITY))
        and state["response"] <= MOST_RESPONSE
        and int(_plan(state, CITY).invitations) <= MOST_INVITED
        and _error(state) <= GOAL
    )


def _view(state: State) -> View:
    people = int(state["population"])
    plan = _plan(state, people)
    n, share = int(plan.n), state["response"] / 100
    bias = float(model.nonresponse(state["tilt"], 0.0, share).bias)
    error = _error(state)
    surveys = model.simulate_surveys(
        n,
        sd=state["sd"],
        truth=TRUTH,
        tilt=state["tilt"],
        response=share,
        population=people,
        surveys=SURVEYS,
        level=float(state["level"]),
        seed=int(state["draw"]),
    )
    hits = int(surveys["covers"].sum())
    tables = {
        **_size_tables(state, people),
        **_survey_tables(surveys, hits),
        **_error_tables(state, people, n, bias, error),
    }
    town = tables["cities"].iloc[:1]
    return View(
        tables=tables,
        covers={
            "plan": tables["plan"][tables["plan"]["population"] <= TOWN],
            "cities": pd.concat([town, _city(CITY, None, west=False)]),
        },
        numbers=(
            Number(label=_("answers needed"), text=f"{n:,}"),
            Number(label=_("people to invite"), text=f"{int(plan.invitations):,}"),
            Number(label=_("bias from the silent (points)"), text=fixed(bias, 3)),
            Number(label=_("typical error in all (points)"), text=fixed(error, 3)),
        ),
        sentence=_sentence(state, people, plan, bias, error, hits),
        explanation=_explanation(state, people, n, bias, error),
        teaser=_(
            "A town of 2,000 people needs {town} answers to know how satisfied they are, to within "
            "{margin} points (on a scale of 1 to 7). A city has five hundred times as many people. "
            "<b>How many answers there?</b>"
        ).format(town=f"{_answers(state, TOWN):,}", margin=fixed(state["margin"])),
    )


def _sentence(
    state: State, people: int, plan: model.SampleSize, bias: float, error: float, hits: int
) -> str:
    n = int(plan.n)
    told = _(
        "<b>Of {people} people, {n} answers are enough to be right to within {margin} points.</b>"
    ).format(people=f"{people:,}", n=f"{n:,}", margin=fixed(state["margin"]))
    if plan.reachable:
        told += " " + _("If {response} of 100 answer, invite {invited}.").format(
            response=fixed(state["response"], 0), invited=f"{int(plan.invitations):,}"
        )
    else:
        told += " " + _(
            "But {response} of 100 answer: even inviting all {invited} does not bring so many."
        ).format(response=fixed(state["response"], 0), invited=f"{int(plan.invitations):,}")
    if bias:
        reason = _(
            "Whoever answers is {tilt} points happier than the silent, so that every survey is "
            "too friendly by {bias} on average: the typical error is {error}, and {hits} of 100 "
            "intervals contain the truth."
        )
    else:
        reason = _(
            "Those who answer stand for all. The typical error of {error} is chance alone, and "
            "{hits} of 100 intervals contain the truth."
        )
    return f"{told} " + reason.format(
        tilt=fixed(state["tilt"]), bias=fixed(bias, 3), error=fixed(error, 3), hits=hits
    )


def _explanation(state: State, people: int, n: int, bias: float, error: float) -> str:
    endless = _answers(state, np.inf)
    told = _(
        "Precision depends on how many you ask and how much they differ, not on how many you do "
        "not ask: even an endless city would need no more than {endless}."
    ).format(endless=f"{endless:,}")
    if bias == 0:
        return told
    share = state["response"] / 100
    if 10 * n <= people:
        tenfold = model.survey_rmse(state["sd"], 10 * n, state["tilt"], share, people)
        told += " " + _(
            "Ten times as many answers would bring the typical error only from {error} to "
            "{tenfold}."
        ).format(error=fixed(error, 3), tenfold=fixed(float(tenfold), 3))
    return f"{told} " + _(
        "The bias, {tilt} × (1 − {share}) = {bias}, stays, however many you ask."
    ).format(tilt=fixed(state["tilt"]), share=fixed(share), bias=fixed(bias, 3))


def _city(people: int, answers: int | None, west: bool) -> pd.DataFrame:
    needed = _("?") if answers is None else f"{answers:,}"
    return pd.DataFrame(
        {
            "population": [people],
            "answers": [np.nan if answers is None else answers],
            "people": [f"{people:,}"],
            "needed": [needed],
            "words": [
                _("{people} people:|ask {needed}").format(people=f"{people:,}", needed=needed)
            ],
            "west": [west],
        }
    )


def _size_tables(state: State, people: int) -> dict[str, pd.DataFrame]:
    places = [_city(TOWN, _answers(state, TOWN), west=people > TOWN)]
    if people != TOWN:
        places.append(_city(people, _answers(state, people), west=people < TOWN))
    return {
        "plan": pd.DataFrame({"population": GRID, "answers": _plan(state, GRID).n}),
        "cities": pd.concat(places),
    }


def _survey_tables(surveys: pd.DataFrame, hits: int) -> dict[str, pd.DataFrame]:
    pile = surveys.sort_values("mean")[["lower", "upper", "covers"]].round(3)
    return {
        "surveys": pile.assign(rank=range(1, SURVEYS + 1)),
        "truth": pd.DataFrame(
            {
                "value": [TRUTH],
                "words": [_("truth {truth}: in {hits} of 100").format(truth=TRUTH, hits=hits)],
            }
        ),
    }


def _error_tables(
    state: State, people: int, n: int, bias: float, error: float
) -> dict[str, pd.DataFrame]:
    share = state["response"] / 100
    answers = ANSWERS[people >= ANSWERS]
    errors = model.survey_rmse(state["sd"], answers, state["tilt"], share, people)
    chance = model.standard_error(state["sd"], answers, people)
    return {
        "curve": pd.DataFrame({"answers": answers, "error": errors, "chance": chance}).round(3),
        "floor": pd.DataFrame(
            {
                "bias": [bias],
                "words": [_("bias {bias}").format(bias=fixed(bias, 3)) if bias else ""],
            }
        ),
        "here": pd.DataFrame({"answers": [n], "error": [error], "words": [fixed(error, 3)]}),
    }
