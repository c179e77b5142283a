"""The average trap (D5.3): equal averages, and a crowd of which many are disappointed."""

from functools import cache
from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd

from servicequality import data
from servicequality.charts.average_trap import (
    crowd,
    expected_and_received,
    share_over_mean,
)
from servicequality.charts.delays import LATEST, delay_bars
from servicequality.models import average_trap as model
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

PEOPLE = 200
EXPECTED = 6.0
MOST = 7.0
GOAL = 0.9
SLIDERS = ("mean_p", "sd_p", "sd_e", "rho")
SOURCES = {
    "model": _("Customers in this model"),
    "flights": _("Flights out of New York (real)"),
    "kiosks": _("Fun with kiosks (real)"),
}


class Case(NamedTuple):
    """A real case: its crowd, its tables, and what is said about it."""

    tables: dict[str, pd.DataFrame]
    numbers: tuple[Number, ...]
    sentence: str
    explanation: str


def average_trap() -> Demo:
    """See how many of two hundred customers get less than they expected (D5.3).

    Returns
    -------
    Demo
        Model M5.4; the first state is O5.4, the flights are R5.1.
    """
    return Demo(
        code="D5.3",
        title=_("The average trap"),
        question=_("They expect 6 on average, and get 6 on average. How many leave disappointed?"),
        evidence="E",
        assumption=_(
            "The counting is plain algebra. In this model expectations and service follow bell "
            "curves on an invented scale, and the two hundred figures are spread evenly over them "
            "instead of drawn at random, so that the count is not a matter of luck. The flights "
            "and the kiosks are real; being late is taken for getting less than expected."
        ),
        taste=(
            Slider(
                name="mean_p",
                label=_("Service, on average"),
                low=3,
                high=9,
                step=0.02,
                default=6,
                unit=_("points"),
            ),
        ),
        controls=(
            Slider(
                name="sd_p",
                label=_("How uneven the service is (±)"),
                low=0.1,
                high=2,
                default=1,
                unit=_("points"),
            ),
            Slider(
                name="rho",
                label=_("Fit: who expects more gets more"),
                low=-0.5,
                high=0.9,
                default=0,
            ),
            Choice(name="source", label=_("Who is counted"), options=SOURCES, default="model"),
            Group(
                _("What people expect"),
                (
                    Slider(
                        name="sd_e",
                        label=_("How different the expectations are (±)"),
                        low=0.1,
                        high=2,
                        default=1,
                        unit=_("points"),
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("Both averages 6")),
            Preset(_("One point better"), {"mean_p": 7}),
            Preset(_("Clinic, uneven waits"), {"mean_p": 6.5, "sd_p": 2}),
            Preset(_("Restaurant, all served alike"), {"mean_p": 6.5, "sd_p": 0.2}),
            Preset(_("Restaurant that knows its guests"), {"mean_p": 6.5, "rho": 0.8}),
            Preset(_("Steady, but too low"), {"mean_p": 5.5, "sd_p": 0.2}),
            Preset(_("New York flights 2013"), {"source": "flights"}),
            Preset(_("Fun with kiosks"), {"source": "kiosks"}),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("Two averages, and the people behind them"),
                description=_(
                    "Above, one ruler with two arrows, the average of what was expected and of "
                    "what was received. Below, one small figure for each customer in columns of "
                    "ten: those who got less than they expected stand on the left with hanging "
                    "arms, the others on the right with raised arms."
                ),
                chart=crowd,
                tables=("crowd", "means"),
                columns={
                    "people": _("All"),
                    "sad": _("Less than expected"),
                    "glad": _("As expected, or more"),
                },
                decimals=0,
                before_commit=True,
                glide=True,
            ),
            Figure(
                title=_("The same people: below the line they got less than they expected"),
                description=_(
                    "One dot for each customer, expected from left to right and received from "
                    "bottom to top. A diagonal separates circles above it, who got what they "
                    "expected or more, from triangles below it, who got less. A diamond marks the "
                    "averages."
                ),
                chart=expected_and_received,
                tables=("people", "diagonal", "average"),
                columns={"expected": _("Expected"), "received": _("Received")},
                glide=True,
            ),
            Figure(
                title=_("Would a steadier service help? Not on every level"),
                description=_(
                    "Two rising curves: the share of satisfied customers against the average "
                    "service, one for service as uneven as now, one for half of it. They cross at "
                    "the average expectation. A diamond marks the present state."
                ),
                chart=share_over_mean,
                tables=("lines", "here", "expected"),
                columns={
                    "mean": _("Average service"),
                    "now": _("Satisfied now"),
                    "steadier": _("Half as uneven"),
                },
            ),
            Figure(
                title=_("A few very late flights pull the average up"),
                description=_(
                    "Bars for every ten minutes of delay: most flights are early, a long tail is "
                    "late, and the last bar holds all that were later still. Two dashed lines "
                    "mark the flight in the middle and the average."
                ),
                chart=delay_bars,
                tables=("bins", "marks"),
                columns={
                    "low": _("From (min late)"),
                    "high": _("To"),
                    "percent": _("Flights (%)"),
                },
                decimals=1,
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} \text{satisfied} = \Phi(d / s), \quad d = \mu_P - \mu_E \\ \\"
            r"s = \sqrt{\sigma_P^2 + \sigma_E^2 - 2 \rho \, \sigma_P \sigma_E} \\ \\"
            r"\text{missing} = s \, \varphi(d / s) - d \, \Phi(-d / s) \end{matrix}"
        ),
        formula_note=_(
            "<i>μ</i> averages and <i>σ</i> spreads (standard deviations) of service <i>P</i> and "
            "expectation <i>E</i>, <i>ρ</i> their correlation, Φ and <i>φ</i> area and height of "
            "the bell curve. Satisfaction as service against expectation: Oliver (1980); why its "
            "spread counts: Rust, Inman, Jia and Zahorik (1999)."
        ),
        challenge=Challenge(
            goal=_(
                "Satisfy <b>90 %</b> of the customers with an average service of <b>at most 7 "
                "points</b>. Leave what people expect as it is."
            ),
            solved=_solved,
            hint=_(
                "An even service alone is not enough: expectations differ too, and you cannot make "
                "people alike. Can the service follow the person?"
            ),
            success=_(
                "By the average alone it would take {needed} points. You have brought the service "
                "closer to each person: who expects more now gets more."
            ).format(needed=fixed(_needed(_first()), 1)),
        ),
    )


def _first() -> State:
    return {"mean_p": EXPECTED, "sd_p": 1.0, "sd_e": 1.0, "rho": 0.0, "source": "model"}


def _prediction() -> Prediction:
    state = _first()
    sad = _sad(state)
    result = _("{sad} of {people} got less than they expected: every second one.").format(
        sad=sad, people=PEOPLE
    )
    return Prediction(
        question=_(
            "On average people expect 6 and get 6; both vary by a point or so from one to the "
            "next. How many of the {people} got less than they expected?"
        ).format(people=PEOPLE),
        options={
            "none": _("None, or nearly: they got what they expected"),
            "few": _("About 30"),
            "half": _("About {sad}").format(sad=sad),
            "most": _("Nearly all: nobody is ever content"),
        },
        correct="half",
        feedback={
            "none": _("That would need everyone to get their own 6. {result}").format(
                result=result
            ),
            "few": _(
                "So few only if the service lay about one and a half points above what people "
                "expect. {result}"
            ).format(result=result),
            "half": result,
            "most": _("As many are lucky as unlucky here. {result}").format(result=result),
        },
    )


def _numbers(state: State) -> tuple[float, float, float, float, float]:
    return state["mean_p"], EXPECTED, state["sd_p"], state["sd_e"], state["rho"]


def _population(state: State) -> pd.DataFrame:
    return model.population(*_numbers(state), n=PEOPLE)


def _sad(state: State) -> int:
    return int((~_population(state)["satisfied"]).sum())


def _share(state: State) -> float:
    return float(model.share_satisfied(*_numbers(state)))


def _steadier(state: State) -> State:
    return {**state, "sd_p": state["sd_p"] / 2}


def _needed(state: State) -> float:
    _mean, *others = _numbers(state)
    return float(model.required_performance(GOAL, *others))


def _solved(state: State) -> bool:
    # Firms shape the service, and not how much people differ.
    people = state["source"] == "model" and state["sd_e"] == _first()["sd_e"]
    return people and state["mean_p"] <= MOST and _share(state) >= GOAL


def _view(state: State) -> View:
    real = {"flights": _flights, "kiosks": _kiosks}
    case = _model(state) if state["source"] == "model" else real[state["source"]]()
    tables = case.tables
    return View(
        tables=tables,
        numbers=case.numbers,
        sentence=case.sentence,
        explanation=case.explanation,
        teaser=_(
            "These {people} customers expect {expected} points on average, and on average they get "
            "{mean}. Each of them compares what they get with what they themselves expect. "
            "<b>How many get less?</b>"
        ).format(people=PEOPLE, expected=fixed(EXPECTED), mean=fixed(state["mean_p"])),
        inactive=frozenset() if state["source"] == "model" else frozenset(SLIDERS),
        covers={
            "crowd": tables["crowd"].assign(
                sad=np.nan,
                glad=np.nan,
                sad_words=_("{people} customers: how many got less?").format(people=PEOPLE),
                glad_words="",
            )
        },
    )


def _model(state: State) -> Case:
    people, share = _population(state), _share(state)
    sad = int((~people["satisfied"]).sum())
    mean, missing = state["mean_p"], float(model.mean_shortfall(*_numbers(state)))
    averages = _("Expected on average {expected}, received on average {mean}").format(
        expected=fixed(EXPECTED), mean=fixed(mean)
    )
    return Case(
        tables={
            **_crowd_tables(
                len(people),
                sad,
                [
                    _("expected on average: {mean}").format(mean=fixed(EXPECTED)),
                    _("received on average: {mean}").format(mean=fixed(mean)),
                ],
                [EXPECTED, mean],
                (1, 11),
            ),
            **_plane_tables(people["expectation"], people["performance"], people["satisfied"]),
            **_curve_tables(state, share),
        },
        numbers=(
            Number(label=_("of {people} disappointed").format(people=PEOPLE), text=str(sad)),
            Number(label=_("satisfied"), text=percent(share)),
            Number(label=_("points missing, over everybody"), text=fixed(missing)),
            Number(label=_("average that satisfies 90 %"), text=fixed(_needed(state))),
        ),
        sentence=_(
            "<b>{averages}: {sad} of {people} customers got less than they expected.</b> {share} "
            "are satisfied; counted over everybody, {missing} points are missing. With people and "
            "service as they are, 90 % would be satisfied at an average of {needed}."
        ).format(
            averages=averages,
            sad=sad,
            people=PEOPLE,
            share=percent(share),
            missing=fixed(missing),
            needed=fixed(_needed(state)),
        ),
        explanation=_explanation(state, share),
    )


def _explanation(state: State, share: float) -> str:
    gap, size = state["mean_p"] - EXPECTED, float(model.gap_sd(*_numbers(state)[2:]))
    words = {"gap": fixed(abs(gap)), "size": fixed(size)}
    if abs(gap) < 1e-9:
        cause = _(
            "What a customer gets differs from what that customer expects by {size} points or so, "
            "up as often as down: so half are disappointed, whatever the averages say."
        )
    elif gap > 0:
        cause = _(
            "The average lies {gap} points above the expectation, but service and expectation of "
            "one and the same customer differ by a further {size} points or so, up or down."
        )
    else:
        cause = _(
            "The average lies {gap} points below the expectation; only because service and "
            "expectation of one customer differ by a further {size} points or so are some content."
        )
    steadier = _share(_steadier(state))
    if abs(gap) < 1e-9:
        effect = _("A service half as uneven would change nothing: still {share}.")
    elif steadier > share:
        effect = _("A service half as uneven would help: {steadier} satisfied instead of {share}.")
    else:
        effect = _(
            "A service half as uneven would even hurt: {steadier} satisfied instead of {share}."
        )
    return f"{cause} {effect}".format(**words, share=percent(share), steadier=percent(steadier))


@cache
def _flights() -> Case:
    """Count flights that came later than the timetable said (R5.1)."""
    minutes = data.load("nyc-flights")["arr_delay_min"].dropna()
    late = float((minutes > 0).mean())
    few = minutes.quantile((np.arange(PEOPLE) + 0.5) / PEOPLE)
    sad = int((few > 0).sum())
    mean, middle = float(minutes.mean()), float(minutes.median())
    missing = float(minutes.clip(lower=0).mean())
    edges = np.arange(-60, LATEST + 20, 10)
    counts, _edges = np.histogram(-minutes.clip(-59, LATEST + 10), -edges[::-1])
    share = counts[::-1] / len(minutes)
    return Case(
        tables={
            **_crowd_tables(
                PEOPLE,
                sad,
                [
                    _("expected: the timetable"),
                    _("on average: {mean} min late").format(mean=fixed(mean, 1)),
                ],
                [0, mean],
                (-30, 30),
                _("{sad} late"),
                _("{glad} on time or early"),
            ),
            "bins": pd.DataFrame(
                {
                    "low": edges[:-1],
                    "high": edges[1:],
                    "share": share.round(4),
                    "percent": 100 * share,
                    "late": edges[:-1] >= 0,
                }
            ),
            "marks": pd.DataFrame(
                {
                    "minutes": [middle, mean],
                    "words": [
                        _("middle flight: {middle} min").format(middle=fixed(middle, 0)),
                        _("average: {mean} min").format(mean=fixed(mean, 1, sign=True)),
                    ],
                    "row": [0, 1],
                }
            ),
        },
        numbers=(
            Number(label=_("of {people} late").format(people=PEOPLE), text=str(sad)),
            Number(label=_("on time or early"), text=percent(1 - late)),
            Number(label=_("minutes late on average"), text=fixed(mean, 1)),
            Number(label=_("minutes: the flight in the middle"), text=fixed(middle, 0)),
        ),
        sentence=_(
            "<b>The average flight came {mean} minutes late, and yet {share} came on time or "
            "early: the flight in the middle was {middle} minutes early.</b> All {flights} "
            "flights out of New York in 2013 that arrived, shown as {people}: {sad} of them were "
            "late. Counted over all, {missing} minutes were lost; {quarter} came more than a "
            "quarter of an hour late."
        ).format(
            mean=fixed(mean, 1),
            share=percent(1 - late),
            middle=fixed(-middle, 0),
            flights=f"{len(minutes):,}",
            people=PEOPLE,
            sad=sad,
            missing=fixed(missing, 1),
            quarter=percent(float((minutes > 15).mean())),
        ),
        explanation=_(
            "Here the average deceives the other way: a few flights are hours late and pull it up "
            "to {mean} minutes, while most flights land before the printed time. Real waits and "
            "delays are lopsided: count how many are late, and not only minutes."
        ).format(mean=fixed(mean, 1)),
    )


@cache
def _kiosks() -> Case:
    """Compare what people expect of the fun with a kiosk, and what they find."""
    users = data.load("kiosk-survey").dropna(subset=["E01"])
    items = data.load("kiosk-survey", "items").query("block == 'expectation'")
    numbers = items.loc[items["dimension_initial_8"] == "enjoyment", "item_no"]
    # Sums of three answers are whole numbers, which compare exactly.
    expected, received = (
        users[[f"{letter}{number:02}" for number in numbers]].sum(axis=1) for letter in "EP"
    )
    order = (received - expected).sort_values(kind="stable").index
    expected, received = expected[order], received[order]
    satisfied, equal = received >= expected, received == expected
    expected, received = expected / len(numbers), received / len(numbers)
    sad = int((~satisfied).sum())
    missing = float((expected - received).clip(lower=0).mean())
    means = [float(expected.mean()), float(received.mean())]
    before, after = (fixed(mean) for mean in means)
    return Case(
        tables={
            **_crowd_tables(
                len(users),
                sad,
                [
                    _("expected on average: {mean}").format(mean=before),
                    _("received on average: {mean}").format(mean=after),
                ],
                means,
                (1, 7),
            ),
            **_plane_tables(expected, received, satisfied, (1, 7)),
        },
        numbers=(
            Number(label=_("of {people} disappointed").format(people=len(users)), text=str(sad)),
            Number(label=_("satisfied"), text=percent(float(satisfied.mean()))),
            Number(label=_("points missing, over everybody"), text=fixed(missing)),
            Number(label=_("got exactly what they expected"), text=str(int(equal.sum()))),
        ),
        sentence=_(
            "<b>Expected on average {before}, received on average {after} of 7, and yet {sad} of "
            "{people} people got less fun from kiosks than they expected.</b> {share} are "
            "satisfied, {equal} people of them exactly. Counted over everybody, {missing} points "
            "are missing. (Survey in South Korea 2019, mostly people in their twenties.)"
        ).format(
            before=before,
            after=after,
            sad=sad,
            people=len(users),
            share=percent(float(satisfied.mean())),
            equal=int(equal.sum()),
            missing=fixed(missing),
        ),
        explanation=_(
            "It would be worse if fun did not go along with expectation: here who expects more "
            "also finds more (correlation {rho}). A report of {before} against {after} would never "
            "mention the {sad}. (A strong dot stands for several people.)"
        ).format(rho=fixed(float(expected.corr(received))), before=before, after=after, sad=sad),
    )


def _crowd_tables(
    people: int,
    sad: int,
    words: list[str],
    means: list[float],
    span: tuple[float, float],
    sad_words: str = _("{sad} disappointed"),
    glad_words: str = _("{glad} satisfied"),
) -> dict[str, pd.DataFrame]:
    return {
        "crowd": pd.DataFrame(
            {
                "people": [people],
                "sad": [sad],
                "glad": [people - sad],
                "sad_words": [sad_words.format(sad=sad)],
                "glad_words": [glad_words.format(glad=people - sad)],
            }
        ),
        "means": pd.DataFrame(
            {
                "value": means,
                "words": words,
                "place": ["above", "below"],
                "low": span[0],
                "high": span[1],
            }
        ),
    }


def _plane_tables(
    expected: pd.Series,
    received: pd.Series,
    satisfied: pd.Series,
    span: tuple[float, float] = (1, 11),
) -> dict[str, pd.DataFrame]:
    return {
        "people": pd.DataFrame(
            {
                "expected": expected.round(2),
                "received": received.round(2),
                "sad": (~satisfied).astype(int),
            }
        ),
        "diagonal": pd.DataFrame({"level": span}),
        "average": pd.DataFrame(
            {
                "expected": [expected.mean()],
                "received": [received.mean()],
                "words": [_("the average customer")],
            }
        ),
    }


def _curve_tables(state: State, share: float) -> dict[str, pd.DataFrame]:
    _mean, *others = _numbers(state)
    _mean, *steadier = _numbers(_steadier(state))
    means = np.linspace(3, 9, 21)
    return {
        "lines": pd.DataFrame(
            {
                "mean": means,
                "now": model.share_satisfied(means, *others),
                "steadier": model.share_satisfied(means, *steadier),
            }
        ).round(3),
        "here": pd.DataFrame(
            {"mean": [state["mean_p"]], "share": [share], "words": [percent(share, 0)]}
        ),
        "expected": pd.DataFrame({"mean": [EXPECTED]}),
    }
