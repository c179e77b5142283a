"""The guarantee designer (D7.4): a promise that pays with good service and ruins a poor one."""

from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd

from servicequality.charts.guarantees import profit_lines, promise_range, what_decides
from servicequality.models import guarantees as model
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
    Toggle,
    View,
    fixed,
    percent,
)

HIGHEST_FAILURE = 20
WIDEST_PAYOUT = 400
SHOWN_LEVERS = 6
CHANGE = 0.25
POOR_KITCHEN, LEAST_PAYOUT, MOST_LEARNING = 8, 70, 15


class Service(NamedTuple):
    """A service that could be guaranteed: its promise, what is paid, and the same in jargon."""

    name: str
    promise: str
    payment: str
    jargon: str


SERVICES = {
    "noodles": Service(
        _("Noodle bar"),
        _("Hot in 20 minutes"),
        _("your meal is free"),
        _("Thermal target of serving process 4b within the standard interval"),
    ),
    "parcel": Service(
        _("Parcels"),
        _("At your door by ten"),
        _("the postage is back"),
        _("Delivery quality class A1 on working days as defined in annex 2"),
    ),
    "pest": Service(
        _("Pest control"),
        _("Not one pest left"),
        _("a year's fee is back, and we pay your guest's meal"),
        _("Infestation index below 0.3 in the sense of section 7"),
    ),
    "hospital": Service(
        _("Hospital"),
        _("Well again in ten days"),
        _("the treatment is free"),
        _("Recovery indicator in line with the reference group"),
    ),
}


class Criterion(NamedTuple):
    """A quality of a good promise: its name, how it reads when met, and when not."""

    name: str
    met: str
    missed: str
    default: bool


CRITERIA = {
    "understandable": Criterion(_("Easy to understand"), _("{promise}."), "{jargon}.", True),
    "meaningful": Criterion(
        _("Worth something to guests"), _("If not, {payment}."), _("If not, you get a pen."), True
    ),
    "unconditional": Criterion(
        _("No conditions"),
        _("Every day, every order, no exceptions."),
        _("Not on Fridays, in bad weather or for large orders."),
        True,
    ),
    "invocable": Criterion(
        _("Easy to claim"),
        _("Just say so: paid on the spot."),
        _("Send form B and the receipt within 14 days."),
        False,
    ),
    "credible": Criterion(
        _("Credible"),
        _("Last month's results hang at the door."),
        _("Perfection, always."),
        False,
    ),
}
WARNINGS = {
    "image": _("It does not fit our image"),
    "uncontrollable": _("Quality is beyond our control"),
    "safe": _("Guests feel little risk anyway"),
    "alike": _("Rivals hardly differ in quality"),
}
LEVERS = {
    "failure": _("failures"),
    "margin": _("margin"),
    "invocation": _("failures that are claimed"),
    "cheating": _("false claims"),
    "payout": _("payout"),
    "future_loss": _("loss per failure"),
    "recovered": _("future loss saved"),
    "uplift": _("more guests"),
    "learning": _("learning"),
}
IN_CREDITS = ("margin", "payout", "future_loss")


def guarantee_designer() -> Demo:
    """Design a service guarantee, and find the failure rate at which it still pays (D7.4).

    Returns
    -------
    Demo
        Model M7.9; the first state is O7.9a, a rival and a premium are those of O7.9b.
    """
    return Demo(
        code="D7.4",
        title=_("The guarantee designer"),
        question=_("“Hot in 20 minutes, or free”: a good idea?"),
        evidence="T",
        assumption=_(
            "In this model a payout changes neither how many guests come nor how often they claim "
            "or cheat, so that a payout of nothing looks best: real guests would laugh at it. How "
            "many more come, and how much claims teach, are guesses that a pilot must check. The "
            "ticks change the words, not the numbers. All services are invented. Criteria: after "
            "Hart (1988), with credibility added."
        ),
        taste=(
            Slider(
                name="failure",
                label=_("Services that fail"),
                low=0.5,
                high=HIGHEST_FAILURE,
                step=0.5,
                default=5,
                unit="%",
            ),
        ),
        controls=(
            Slider(
                name="payout",
                label=_("Payout for a claim"),
                low=0,
                high=150,
                step=5,
                default=80,
                unit=_("credits"),
            ),
            Slider(
                name="learning",
                label=_("Failures avoided, as claims show causes"),
                low=0,
                high=50,
                step=1,
                default=0,
                unit="%",
            ),
            Group(
                _("The promise: tick what it meets"),
                (
                    Choice(
                        name="service",
                        label=_("Service"),
                        options={key: service.name for key, service in SERVICES.items()},
                        default="noodles",
                    ),
                    *(
                        Toggle(name=key, label=criterion.name, default=criterion.default)
                        for key, criterion in CRITERIA.items()
                    ),
                ),
            ),
            Group(
                _("Warnings: tick what is true here"),
                tuple(Toggle(name=key, label=label) for key, label in WARNINGS.items()),
            ),
            Group(
                _("Guests and money"),
                (
                    Slider(
                        name="uplift",
                        label=_("More guests, thanks to the promise"),
                        low=0,
                        high=20,
                        step=1,
                        default=8,
                        unit="%",
                    ),
                    Slider(
                        name="invocation",
                        label=_("Failures that are claimed"),
                        low=5,
                        high=100,
                        step=5,
                        default=60,
                        unit="%",
                    ),
                    Slider(
                        name="cheating",
                        label=_("False claims, of all services"),
                        low=0,
                        high=5,
                        step=0.1,
                        default=0.5,
                        unit="%",
                    ),
                    Slider(
                        name="margin",
                        label=_("Margin of a service"),
                        low=10,
                        high=25,
                        step=1,
                        default=20,
                        unit=_("credits"),
                    ),
                    Slider(
                        name="future_loss",
                        label=_("A failure loses in the future"),
                        low=0,
                        high=120,
                        step=5,
                        default=60,
                        unit=_("credits"),
                    ),
                    Slider(
                        name="recovered",
                        label=_("Of that loss the promise saves"),
                        low=0,
                        high=100,
                        step=1,
                        default=42,
                        unit="%",
                    ),
                ),
            ),
            Group(
                _("A rival"),
                (
                    Slider(
                        name="rival",
                        label=_("The rival's services that fail"),
                        low=0.5,
                        high=HIGHEST_FAILURE,
                        step=0.5,
                        default=12,
                        unit="%",
                    ),
                    Slider(
                        name="premium",
                        label=_("Guests pay more for a promise"),
                        low=1,
                        high=10,
                        step=0.5,
                        default=4,
                        unit=_("credits"),
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("Noodle bar")),
            Preset(_("Good kitchen"), {"failure": 2}),
            Preset(_("Poor kitchen"), {"failure": 12}),
            Preset(_("A kitchen that learns"), {"learning": 30}),
            Preset(
                _("Parcels"),
                {
                    "service": "parcel",
                    "failure": 2,
                    "payout": 30,
                    "uplift": 3,
                    "invocation": 30,
                    "cheating": 0.1,
                    "margin": 10,
                    "future_loss": 40,
                    "recovered": 30,
                    "alike": True,
                    "invocable": False,
                },
            ),
            Preset(
                _("Pest control"),
                {
                    "service": "pest",
                    "failure": 1,
                    "payout": 150,
                    "learning": 20,
                    "uplift": 20,
                    "invocation": 90,
                    "margin": 25,
                    "future_loss": 120,
                    "recovered": 60,
                    "invocable": True,
                    "credible": True,
                },
            ),
            Preset(
                _("Hospital"),
                {
                    "service": "hospital",
                    "failure": 10,
                    "payout": 150,
                    "uplift": 2,
                    "invocation": 50,
                    "cheating": 1,
                    "future_loss": 100,
                    "recovered": 20,
                    "image": True,
                    "uncontrollable": True,
                },
            ),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("Profit per guest, by how often the service fails"),
                description=_(
                    "Two falling lines: profit without a guarantee, dashed, and with it. The "
                    "second falls faster. An orange diamond marks where they cross, a dotted "
                    "upright line the present failure rate. A lamp says whether it pays."
                ),
                chart=profit_lines,
                tables=("profits", "here", "even", "lamp"),
                columns={
                    "failure": _("Fail (%)"),
                    "without": _("Without (credits)"),
                    "with_guarantee": _("With (credits)"),
                },
                numbers_from="here",
                before_commit=True,
                glide=True,
            ),
            NumberTable(
                title=_("The promise, as guests read it"),
                table="promise",
                columns={"name": _("Criterion"), "met": _("Met"), "reads": _("So it reads")},
            ),
            NumberTable(
                title=_("Better not, if ..."),
                table="warnings",
                columns={"name": _("Warning"), "true": _("Here"), "source": _("Who says so")},
            ),
            Figure(
                title=_("Which assumption decides?"),
                description=_(
                    "Six bars, the longest on top: the gain per guest if only that assumption "
                    "were a quarter smaller (blue) or larger (orange). A dashed line marks no "
                    "gain; right of it the promise pays."
                ),
                chart=what_decides,
                tables=("levers",),
                columns={
                    "name": _("Assumption"),
                    "words": _("From, to"),
                    "at_low": _("Gain if less"),
                    "at_high": _("Gain if more"),
                },
            ),
            Figure(
                title=_("What a promise tells: payouts that a worse firm cannot afford"),
                description=_(
                    "Three bars along a scale of payouts: small ones that both firms can promise, "
                    "middle ones that only the better firm can, and large ones that neither can. "
                    "An orange line marks the present payout."
                ),
                chart=promise_range,
                tables=("spans", "promised"),
                columns={"name": _("Who"), "words": _("Payout (credits)")},
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} \pi_0 = m - \Lambda f \\ \\ "
            r"\pi_G = (1 + u) \left( m - h G - f (1 - \delta) (i G + \Lambda (1 - \rho)) \right) "
            r"\\ \\ f^* = \dfrac{(1 + u)(m - h G) - m}"
            r"{(1 + u)(1 - \delta)(i G + \Lambda (1 - \rho)) - \Lambda} \end{matrix}"
        ),
        formula_note=_(
            "<i>π</i><sub>0</sub>, <i>π<sub>G</sub></i> profit per present guest without and with "
            "the guarantee, <i>m</i> margin, <i>f</i> share that fails, <i>Λ</i> future loss of a "
            "failure, <i>ρ</i> part of it that the promise saves, <i>u</i> uplift, <i>G</i> "
            "payout, <i>i</i> failures that are claimed, <i>h</i> false claims, <i>δ</i> failures "
            "avoided by learning, <i>f</i>* where it breaks even. A teaching assumption; the idea "
            "that a promise tells quality is signalling (Spence, 1973)."
        ),
        challenge=Challenge(
            goal=_(
                "Begin with the first case and let <b>8 %</b> fail. Make the promise pay with a "
                "payout of <b>70 or more</b> (for less, guests would not come) and learning of "
                "<b>15 % or less</b>. Guests and money stay as they are."
            ),
            solved=_solved,
            hint=_("One alone is not enough: promise a little less, and learn from the claims."),
            success=_(
                "A slightly smaller promise that is taken seriously inside: at this failure rate "
                "more guests alone do not pay for it, and what claims teach makes the difference."
            ),
        ),
    )


MONEY = {
    "margin": 20,
    "invocation": 60,
    "cheating": 0.5,
    "future_loss": 60,
    "recovered": 42,
    "uplift": 8,
}
"""What the challenge leaves as it is."""


def _terms(state: State) -> model.Terms:
    return model.Terms(
        **{
            name: state[name] if name in IN_CREDITS else state[name] / 100
            for name in model.Terms._fields
        }
    )


def _prediction() -> Prediction:
    first = model.Terms(20, 0.6, 0.005, 80, 60, 0.42, 0.08)
    result = _("It breaks even at {even}: below that it pays, above it loses.").format(
        even=percent(float(model.break_even(first).failure))
    )
    return Prediction(
        question=_(
            "A meal brings 20 credits of margin. With the promise 8 % more guests come, and 60 % "
            "of the failures are claimed, at 80 credits each. Up to which failure rate does it pay?"
        ),
        options={
            "1": _("About 1 %"),
            "4": _("About 4 %"),
            "12": _("About 12 %"),
            "every": _("At any rate: more guests always come"),
        },
        correct="4",
        feedback={
            "1": _("The promise also saves some guests who were let down. {result}").format(
                result=result
            ),
            "4": result,
            "12": _("More guests also bring more failures and claims. {result}").format(
                result=result
            ),
            "every": _("A failing kitchen pays with every meal. {result}").format(result=result),
        },
    )


def _solved(state: State) -> bool:
    unchanged = all(state[name] == value for name, value in MONEY.items())
    allowed = state["payout"] >= LEAST_PAYOUT and state["learning"] <= MOST_LEARNING
    pays = model.guarantee(state["failure"] / 100, _terms(state)).pays
    return unchanged and allowed and state["failure"] == POOR_KITCHEN and bool(pays)


def _view(state: State) -> View:
    terms, failure = _terms(state), state["failure"] / 100
    found, even = model.guarantee(failure, terms), model.break_even(terms)
    warnings = _warnings(state, found, even)
    profits = _profit_tables(state, terms, found, even, warnings)
    unknown = {"state": "unknown", "words": _("Does it pay?")}
    return View(
        tables={
            **profits,
            "promise": _promise(state),
            "warnings": warnings,
            "levers": _levers(failure, terms),
            **_signal(state, terms),
        },
        covers={
            "profits": profits["profits"].assign(with_guarantee=np.nan),
            "here": profits["here"].assign(with_guarantee=np.nan),
            "even": profits["even"].iloc[:0],
            "lamp": pd.DataFrame([unknown]),
        },
        numbers=(
            Number(
                label=_("credits per guest with the guarantee"),
                text=fixed(float(found.with_guarantee)),
            ),
            Number(label=_("credits without"), text=fixed(float(found.without))),
            Number(label=_("failure rate at which it breaks even"), text=_even_words(even)),
            Number(label=_("credits paid out per guest"), text=fixed(float(found.payouts))),
        ),
        sentence=_sentence(state, found, even, warnings),
        explanation=_explanation(state, terms, even),
        teaser=_(
            "A noodle bar wants to promise “Hot in 20 minutes, or free”. Now {failure} of 100 "
            "meals come late. Each late meal loses future visits: the dashed line shows what is "
            "left per guest. <b>Where would the line with the promise run?</b>"
        ).format(failure=fixed(state["failure"], 0 if state["failure"] % 1 == 0 else 1)),
    )


def _reachable(even: model.BreakEven) -> bool:
    return bool(even.failure <= 1)


def _even_words(even: model.BreakEven) -> str:
    if _reachable(even):
        return percent(float(even.failure))
    return _("none: pays always") if _always(even) else _("none: never pays")


def _always(even: model.BreakEven) -> bool:
    beyond = even.case == model.PAYS_BELOW and not _reachable(even)
    return bool(even.case == model.PAYS_ALWAYS or beyond)


def _sentence(
    state: State, found: model.Guarantee, even: model.BreakEven, warnings: pd.DataFrame
) -> str:
    gain = float(found.with_guarantee - found.without)
    told = _(
        "<b>{verdict}: {promised} credits per guest with the guarantee, {without} without "
        "it.</b> {limit} {payouts} credits per guest are paid out. The wording meets {met} of 5 "
        "criteria; {warned}."
    )
    if _always(even):
        limit = _("With these terms it pays at every failure rate.")
    elif not _reachable(even):
        limit = _("With these terms it pays at no failure rate.")
    else:
        limit = _("It pays only above {even} failures, where learning outweighs the payouts.")
        if even.case == model.PAYS_BELOW:
            limit = _("It pays as long as fewer than {even} of the services fail.")
        limit = limit.format(even=percent(float(even.failure)))
    held = [str(name) for name in warnings.loc[warnings["true"] == _("yes"), "name"]]
    warned = _("no warning holds")
    if held:
        warned = _("warnings that hold: {names}").format(names="; ".join(held).lower())
    return told.format(
        verdict=_("It pays") if gain > 0 else _("It does not pay"),
        promised=fixed(float(found.with_guarantee)),
        without=fixed(float(found.without)),
        limit=limit,
        payouts=fixed(float(found.payouts)),
        met=sum(state[key] for key in CRITERIA),
        warned=warned,
    )


def _explanation(state: State, terms: model.Terms, even: model.BreakEven) -> str:
    told = _(
        "The promise brings {uplift} more guests and saves {saved} of what a failure would lose, "
        "but every claim costs {payout} credits. "
    ).format(
        uplift=percent(state["uplift"] / 100, 0),
        saved=percent(state["recovered"] / 100, 0),
        payout=fixed(state["payout"], 0),
    )
    if even.case == model.PAYS_BELOW:
        told += _("With the promise a failure is dearer than without, so a poor service loses. ")
    least = float(model.least_learning(state["failure"] / 100, terms))
    if np.isnan(least):
        return told + _("Here not even learning from every claim would make it pay.")
    if least == 0:
        return told + _("Here it pays even if nobody learns anything from the claims.")
    return told + _(
        "Here claims must teach how to avoid {least} of the failures; you assume {learning}."
    ).format(least=percent(least), learning=percent(state["learning"] / 100, 0))


def _profit_tables(
    state: State,
    terms: model.Terms,
    found: model.Guarantee,
    even: model.BreakEven,
    warnings: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    ends = np.array([0, HIGHEST_FAILURE])
    lines = model.guarantee(ends / 100, terms)
    crossing = float(even.failure)
    seen = [crossing] if 100 * crossing <= HIGHEST_FAILURE else []
    gain = float(found.with_guarantee - found.without)
    words = _("It pays: {gain}") if gain > 0 else _("It does not pay: {gain}")
    if gain > 0 and (warnings["true"] == _("yes")).any():
        words = _("Pays, with warnings: {gain}")
    return {
        "profits": pd.DataFrame(
            {
                "failure": ends,
                "without": lines.without,
                "with_guarantee": lines.with_guarantee,
            }
        ),
        "here": pd.DataFrame(
            {
                "failure": [state["failure"]],
                "without": [float(found.without)],
                "with_guarantee": [float(found.with_guarantee)],
            }
        ),
        "even": pd.DataFrame(
            {
                "failure": [100 * failure for failure in seen],
                "profit": [float(model.guarantee(failure, terms).without) for failure in seen],
                "words": [_("even at {failure}").format(failure=percent(f)) for f in seen],
            }
        ),
        "lamp": pd.DataFrame(
            {
                "state": ["yes" if gain > 0 else "no"],
                "words": [words.format(gain=fixed(gain, sign=True))],
            }
        ),
    }


def _promise(state: State) -> pd.DataFrame:
    service = SERVICES[state["service"]]._asdict()
    return pd.DataFrame(
        {
            "name": [criterion.name for criterion in CRITERIA.values()],
            "met": ["✓" if state[key] else "✗" for key in CRITERIA],
            "reads": [
                (criterion.met if state[key] else criterion.missed).format(**service)
                for key, criterion in CRITERIA.items()
            ],
        }
    )


def _warnings(state: State, found: model.Guarantee, even: model.BreakEven) -> pd.DataFrame:
    poor = even.case == model.PAYS_BELOW and state["failure"] / 100 >= even.failure
    calculated = {
        _("Too many failures now"): bool(poor),
        _("It costs more than it brings"): not found.pays,
    }
    ticked = {label: state[key] for key, label in WARNINGS.items()}
    return pd.DataFrame(
        {
            "name": [*calculated, *ticked],
            "true": [
                _("yes") if true else _("no") for true in (*calculated.values(), *ticked.values())
            ],
            "source": [_("the numbers")] * len(calculated) + [_("your tick")] * len(ticked),
        }
    )


def _levers(failure: float, terms: model.Terms) -> pd.DataFrame:
    table = model.sensitivity(failure, terms, CHANGE).iloc[:SHOWN_LEVERS]
    found = model.guarantee(failure, terms)
    return pd.DataFrame(
        {
            "name": [LEVERS[str(name)] for name in table.index],
            "at_low": table["at_low"].to_numpy(),
            "at_high": table["at_high"].to_numpy(),
            "now": float(found.with_guarantee - found.without),
            "words": [
                _("{low} to {high}").format(
                    low=_amount(str(name), low), high=_amount(str(name), high)
                )
                for name, low, high in zip(table.index, table["low"], table["high"], strict=True)
            ],
        }
    )


def _amount(name: str, value: float) -> str:
    shown = value if name in IN_CREDITS else 100 * value
    text = fixed(shown, 0 if round(shown, 1) % 1 == 0 else 1)
    return text if name in IN_CREDITS else f"{text} %"


def _signal(state: State, terms: model.Terms) -> dict[str, pd.DataFrame]:
    """Return payouts that tell two firms apart; nothing if both fail equally often."""
    own, rival = state["failure"], state["rival"]
    if own == rival:
        return {}
    good, bad = sorted((own / 100, rival / 100))
    least, most = model.separating_payouts(state["premium"], good, bad, terms.invocation)
    ends = {"low": fixed(float(least), 0), "high": fixed(float(most), 0)}
    limits = [0, *np.minimum([float(least), float(most)], WIDEST_PAYOUT), WIDEST_PAYOUT]
    better = _("Only you, the better one") if own < rival else _("Only the rival, who is better")
    names = [_("You and the rival can promise it"), better, _("Neither of you can")]
    spans = pd.DataFrame(
        {
            "low": limits[:-1],
            "high": limits[1:],
            "name": names,
            "words": [
                words.format(**ends)
                for words in (_("up to {low}"), _("{low} to {high}"), _("over {high}"))
            ],
            "tells": [False, True, False],
        }
    )
    return {
        "spans": spans[spans["low"] < spans["high"]],
        "promised": pd.DataFrame(
            {
                "payout": [state["payout"]],
                "words": [_("your payout: {payout}").format(payout=fixed(state["payout"], 0))],
            }
        ),
    }
