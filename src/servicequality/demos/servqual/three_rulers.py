"""Three rulers, one firm (D2.2): gap, performance or zone, and which predicts the verdict."""

from collections.abc import Mapping
from functools import cache, lru_cache
from gettext import gettext as _
from typing import NamedTuple

import pandas as pd

from servicequality import data
from servicequality.charts.servqual import explained_variance, ruler_fit, ruler_scatters
from servicequality.demos.servqual.gap_scorer import (
    DIMENSIONS,
    KIOSK_DIMENSIONS,
    kiosk_dimensions,
)
from servicequality.models import servperf
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

RULERS = {"gap": _("Gap"), "performance": _("Performance"), "zone": _("Zone")}
SOURCES = {
    "simulated": _("Simulated"),
    "guests": _("Hotel (synthetic)"),
    "satisfaction": _("Kiosks: satisfaction"),
    "quality": _("Kiosks: quality"),
}
VERDICTS = {"satisfaction": "Y1_overall_satisfaction", "quality": "Y2_overall_quality"}
SCORE_AXES = {"gap": (-4, 2), "performance": (1, 7), "zone": (-3, 3)}
VERDICT_AXES = {
    "simulated": (0, 11),
    "guests": (0.5, 10.5),
    "satisfaction": (0.5, 5.5),
    "quality": (0.5, 5.5),
}
RULE = ("rho", "noise", "beta_p", "beta_e")
DRAWN = 120


class Comparison(NamedTuple):
    """Customers, and what each ruler makes of them."""

    customers: int
    drawn: pd.DataFrame
    rulers: pd.DataFrame
    dimensions: pd.DataFrame


def three_rulers() -> Demo:
    """Compare three rulers of service quality by the verdict that they explain (D2.2).

    Returns
    -------
    Demo
        Model `servicequality.models.servperf`; DS-01 and R2.5 among the sources.
    """
    first = _explained(_simulated(480, 0.3, 0.8, 1.0, 0.0).rulers)
    result = _("Here performance explains {performance}, the zone {zone}, the gap {gap}.").format(
        **first
    )
    return Demo(
        code="D2.2",
        title=_("Three rulers, one firm"),
        question=_("Gap, performance or zone: which ruler predicts the overall verdict?"),
        evidence="T",
        assumption=_(
            "In this model the verdict is a straight line in a customer's average perception and "
            "average expectation, plus chance. Nobody was asked which service would just do: the "
            "acceptable level is assumed to lie 1.2 points below the expected one on average, and "
            "to move half as much from customer to customer."
        ),
        taste=(
            Slider(
                name="rho",
                label=_("Correlation of expected and perceived"),
                low=-0.2,
                high=0.8,
                default=0.3,
            ),
        ),
        controls=(
            Choice(
                name="source",
                label=_("Customers (those of kiosks are real)"),
                options=SOURCES,
                default="simulated",
            ),
            Choice(name="ruler", label=_("Ruler to look at"), options=RULERS, default="gap"),
            Slider(
                name="noise",
                label=_("Chance in the verdict"),
                low=0,
                high=2,
                default=0.8,
                unit=_("points"),
            ),
            Group(
                _("Sample and true rule"),
                (
                    Slider(
                        name="n",
                        label=_("Customers asked"),
                        low=50,
                        high=1000,
                        step=10,
                        default=480,
                    ),
                    Slider(
                        name="beta_p",
                        label=_("Verdict points for more perception"),
                        low=0,
                        high=1.5,
                        default=1,
                    ),
                    Slider(
                        name="beta_e",
                        label=_("Verdict points for more expectation"),
                        low=-1.5,
                        high=1.5,
                        default=0,
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("Hotel")),
            Preset(_("Monopoly utility"), {"rho": 0.0, "noise": 1.8, "n": 200}),
            Preset(_("Luxury spa"), {"rho": 0.5, "beta_e": -0.6}),
            Preset(_("Hotel guests"), {"source": "guests"}),
            Preset(_("Kiosks: satisfaction"), {"source": "satisfaction"}),
            Preset(_("Kiosks: quality"), {"source": "quality"}),
        ),
        prediction=Prediction(
            question=_("Which ruler explains the verdicts of these customers best, which worst?"),
            options={
                "gap": _("Gap best, then zone, then performance"),
                "zone": _("Zone best, then gap, then performance"),
                "performance": _("Performance best, then zone, then gap"),
                "equal": _("All three about alike"),
            },
            correct="performance",
            feedback={
                "gap": _(
                    "It is tempting to think that a ruler with more information predicts more. "
                    "{result} These customers give their verdict on what they got; taking off "
                    "what they expected adds a difference that the verdict does not know."
                ).format(result=result),
                "zone": _(
                    "{result} The zone takes off only part of the expectation, so it beats the "
                    "gap; but these customers give their verdict on what they got alone."
                ).format(result=result),
                "performance": _(
                    "{result} These customers give their verdict on what they got; whatever a "
                    "ruler takes off for expectations only blurs it."
                ).format(result=result),
                "equal": _(
                    "All three contain the perception, but that does not make them alike. "
                    "{result} What a ruler takes off for expectations can blur it."
                ).format(result=result),
            },
        ),
        panels=(
            Figure(
                title=_("Same customers, three rulers: score across, verdict up"),
                description=_(
                    "Three small scatters side by side, one for each ruler, with the overall "
                    "verdict upwards. The narrower the cloud around a rising line, the better the "
                    "ruler tells the verdict. At most 120 customers are drawn."
                ),
                chart=ruler_scatters,
                tables=("customers", "frame"),
                columns={
                    "gap": _("Gap"),
                    "performance": _("Performance"),
                    "zone": _("Zone"),
                    "verdict": _("Verdict"),
                },
                before_commit=True,
            ),
            Figure(
                title=_("How much of the verdict does each ruler explain?"),
                description=_(
                    "One bar for each ruler from 0 to 100 per cent of the differences between "
                    "verdicts (R²), with a 95 per cent bootstrap interval as a line."
                ),
                chart=explained_variance,
                tables=("rulers",),
                columns={
                    "ruler": _("Ruler"),
                    "r2": _("R²"),
                    "lower": _("From"),
                    "upper": _("To"),
                },
            ),
            Figure(
                title=_("The chosen ruler, and the line that fits best"),
                description=_(
                    "A scatter of the chosen ruler's score against the verdict, and the straight "
                    "line through all customers."
                ),
                chart=ruler_fit,
                tables=("points", "line"),
                columns={"score": _("Score"), "verdict": _("Verdict")},
            ),
            NumberTable(
                title=_("By dimension: where the firm falls short, and what predicts"),
                table="dimensions",
                columns={
                    "dimension": _("Dimension"),
                    "gap": _("Mean gap"),
                    "r2_gap": _("R² gap"),
                    "r2_performance": _("R² perf."),
                    "r2_zone": _("R² zone"),
                },
            ),
        ),
        view=_view,
        formula=r"V = 5.5 + \beta_P z_P + \beta_E z_E + \varepsilon, \qquad "
        r"R^2 = \mathrm{corr}(V, \text{score})^2",
        formula_note=_(
            "<i>V</i> verdict; <i>z</i> average perception or expectation in standard deviations; "
            "<i>ε</i> chance. Gap = <i>P</i> − <i>E</i>, performance = <i>P</i>, zone = <i>P</i> − "
            "<i>A</i> with the acceptable level <i>A</i>. That perceptions alone explain more was "
            "found by Cronin and Taylor (1992, 1994); over 17 studies both explained about as "
            "much (Carrillat, Jaramillo and Mulki, 2007). The makers of the gap answer that it is "
            "made to find faults (Parasuraman, Zeithaml and Berry, 1994)."
        ),
        challenge=Challenge(
            goal=_(
                "Find simulated customers for whom the <b>gap wins clearly</b>: its whole interval "
                "lies above the R² of both other rulers. Expectation may count <b>no more</b> in "
                "the verdict than perception does."
            ),
            solved=_solved,
            hint=_(
                "Unfold “Sample and true rule”. How would customers judge whose verdict is "
                "perception minus expectation?"
            ),
            success=_(
                "Customers who judge against their own expectations, point for point, are the "
                "customers for whom the gap is the right ruler."
            ),
        ),
    )


@lru_cache(maxsize=32)
def _simulated(n: int, rho: float, noise: float, beta_p: float, beta_e: float) -> Comparison:
    ratings = servperf.simulate(n, rho, noise, beta_p, beta_e)
    drawn = servperf.average_scores(ratings).head(DRAWN)
    return _compare(ratings, drawn, DIMENSIONS)


@cache
def _surveyed(source: str) -> Comparison:
    ratings = _ratings(source)
    drawn = servperf.average_scores(ratings).sample(DRAWN, random_state=0)
    return _compare(ratings, drawn, DIMENSIONS if source == "guests" else KIOSK_DIMENSIONS)


def _ratings(source: str) -> servperf.Ratings:
    if source == "guests":
        return servperf.from_survey(data.load("hotel-servqual"), "overall")
    users = data.load("kiosk-survey")
    return servperf.from_survey(users, VERDICTS[source], kiosk_dimensions(), ("E", "P"))


def _compare(
    ratings: servperf.Ratings, drawn: pd.DataFrame, names: Mapping[str, str]
) -> Comparison:
    dimensions = servperf.dimension_table(ratings).rename(index=names)
    return Comparison(
        customers=len(ratings.verdict),
        drawn=drawn.round(2),
        rulers=servperf.compare_rulers(ratings).loc[list(RULERS)],
        dimensions=dimensions.reset_index(names="dimension"),
    )


@cache
def _with_own_weights(source: str) -> dict[str, str]:
    return _explained(servperf.compare_rulers(_ratings(source), each_dimension=True))


def _explained(rulers: pd.DataFrame) -> dict[str, str]:
    return {ruler: percent(rulers["r2"][ruler]) for ruler in RULERS}


def _comparison(state: State) -> Comparison:
    if state["source"] != "simulated":
        return _surveyed(state["source"])
    if state["noise"] == 0 and state["beta_p"] == 0 and state["beta_e"] == 0:
        raise ValueError(_("Without chance and without a rule all customers say the same."))
    values = (state[name] for name in RULE)
    return _simulated(int(state["n"]), *values)


def _solved(state: State) -> bool:
    if state["source"] != "simulated" or abs(state["beta_e"]) > state["beta_p"]:
        return False
    rulers = _comparison(state).rulers
    return bool(rulers.loc["gap", "lower"] > rulers.drop(index="gap")["r2"].max())


def _view(state: State) -> View:
    found = _comparison(state)
    rulers, chosen, source = found.rulers, state["ruler"], state["source"]
    ranking = rulers["r2"].sort_values(ascending=False)
    best, second, worst = ranking.index
    explained = _explained(rulers)
    order = _(
        "<b>{best} explains {most} of the differences in the verdict, {second} {middle}, "
        "{worst} {least}.</b> "
    ).format(
        best=RULERS[best],
        most=explained[best],
        second=RULERS[second].lower(),
        middle=explained[second],
        worst=RULERS[worst].lower(),
        least=explained[worst],
    )
    close = rulers.loc[second, "upper"] >= rulers.loc[best, "r2"]
    doubt = _("The first place may be chance: the intervals overlap. ") if close else ""
    frame = pd.DataFrame({"verdict": VERDICT_AXES[source]})
    line = frame.assign(
        score=SCORE_AXES[chosen],
        intercept=rulers.loc[chosen, "intercept"],
        slope=rulers.loc[chosen, "slope"],
    )
    bars = rulers.assign(best=rulers.index == best).rename(index=RULERS)
    return View(
        tables={
            "customers": found.drawn,
            "frame": frame,
            "line": line,
            "rulers": bars.reset_index(names="ruler")[["ruler", "r2", "lower", "upper", "best"]],
            "points": found.drawn[[chosen, "verdict"]].rename(columns={chosen: "score"}),
            "dimensions": found.dimensions,
        },
        numbers=tuple(
            Number(label=_("R² of {ruler}").format(ruler=name.lower()), text=explained[ruler])
            for ruler, name in RULERS.items()
        ),
        sentence=order + doubt + _rule(state, found.customers),
        explanation=_why(state, best, explained),
        teaser=_(
            "Each of {n} simulated customers gave an overall verdict, and said for five dimensions "
            "what they expect and what they perceive. Three rulers turn the same answers into one "
            "score. A ruler is good if its cloud is narrow."
        ).format(n=fixed(found.customers, 0)),
        inactive=frozenset() if source == "simulated" else frozenset({"n", *RULE}),
    )


def _rule(state: State, customers: int) -> str:
    if state["source"] == "guests":
        return _(
            "These {n} guests are synthetic: their verdict was drawn from perceptions alone."
        ).format(n=fixed(customers, 0))
    if state["source"] != "simulated":
        return _("These {n} people are real, and nobody knows the rule behind them.").format(
            n=fixed(customers, 0)
        )
    return _(
        "The rule behind these {n} simulated customers: verdict = 5.5 {beta_p} × perception "
        "{beta_e} × expectation, give or take {noise} points of chance."
    ).format(
        n=fixed(customers, 0),
        beta_p=_added(state["beta_p"]),
        beta_e=_added(state["beta_e"]),
        noise=fixed(state["noise"], 1),
    )


def _added(number: float) -> str:
    return f"{'−' if number < 0 else '+'} {fixed(abs(number), 1)}"


def _why(state: State, best: str, explained: Mapping[str, str]) -> str:
    if state["source"] == "guests":
        own = _with_own_weights(state["source"])
        return _(
            "Expectations had no effect when these verdicts were drawn, so taking them off brings "
            "the share explained down from {performance} to {gap}. Where each dimension gets a "
            "weight of its own it is {own_performance} against {own_gap}: the order stays."
        ).format(**explained, own_performance=own["performance"], own_gap=own["gap"])
    if state["source"] != "simulated":
        return _(
            "The same 207 people: for overall satisfaction performance is well ahead of the gap "
            "({satisfaction}), for overall quality hardly ({quality}). Ask which verdict you want "
            "to predict, and check, before you choose a ruler."
        ).format(**{source: _performance_and_gap(source) for source in VERDICTS})
    rule = {name: state[name] for name in RULE}
    truth = servperf.rule_r_squared(**rule)
    meant = str(truth.idxmax())
    if meant != best:
        return _(
            "By its rule {meant} is the better ruler here ({true_share} if everybody were asked). "
            "With {n} customers and this much chance the sample says otherwise; ask more of them."
        ).format(
            meant=RULERS[meant].lower(), true_share=percent(truth[meant]), n=fixed(state["n"], 0)
        )
    reasons = {
        "performance": _(
            "In this model expectations count {beta_e} in the verdict: little or no reason to take "
            "them off. The gap takes them off in full and explains {gap}, the zone half "
            "({zone}), performance nothing ({performance})."
        ),
        "gap": _(
            "In this model expectations weigh on the verdict ({beta_e}, beside {beta_p} for "
            "perception), and the gap takes them off in full: {gap}. The zone takes off half "
            "({zone}), performance nothing ({performance})."
        ),
        "zone": _(
            "In this model expectations weigh on the verdict a little ({beta_e}, beside {beta_p} "
            "for perception), and the zone takes off about as much: {zone}. The gap takes off "
            "too much ({gap}), performance nothing ({performance})."
        ),
    }
    return reasons[best].format(
        **explained,
        beta_p=fixed(state["beta_p"], 1, sign=True),
        beta_e=fixed(state["beta_e"], 1, sign=True),
    )


def _performance_and_gap(source: str) -> str:
    found = _explained(_surveyed(source).rulers)
    return _("{performance} against {gap}").format(**found)
