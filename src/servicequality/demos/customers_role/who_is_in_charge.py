"""Who is in charge? (D4.3): organisation, employee and customer share the control."""

from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicequality.charts.encounter_triad import LEVELS, benefit_bars, control_map
from servicequality.models import encounter_triad as model
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
from servicequality.widgets.controls import Value

CORNERS = 45
GOAL_SHARE, GOAL_JOINT = 20, 58.4
LITTLE, MUCH = 0.2, 0.6
STRICTER = {"organisation": 78, "employee": 10}
MOVED = 10


class Party(NamedTuple):
    """A party, and what is heard from it with little control, enough, and much."""

    name: str
    little: str
    enough: str
    much: str


PARTIES = {
    "organisation": Party(
        _("organisation"),
        _("“Everyone does it differently, and we pay for it.”"),
        _("“Costs and rules are under control.”"),
        _("“It runs like a machine. Why do people leave?”"),
    ),
    "employee": Party(
        _("employee"),
        _("“I may not even say sorry in my own words.”"),
        _("“I can help without asking first.”"),
        _("“They all depend on me, and I decide for them.”"),
    ),
    "customer": Party(
        _("customer"),
        _("“Nobody asks what I need.”"),
        _("“I can have it my way where it matters.”"),
        _("“I do everything myself. Is anybody there?”"),
    ),
}
CASES = {
    "fast": (_("fast food"), (75, 10)),
    "law": (_("law office"), (20, 60)),
    "cash": (_("cash machine"), (35, 0)),
}


def who_is_in_charge() -> Demo:
    """Share out control in a service, and see who gets what (D4.3).

    Returns
    -------
    Demo
        Model M4.4; the cases are those of O4.4.
    """
    return Demo(
        code="D4.3",
        title=_("Who is in charge?"),
        question=_("Fast food, law office, cash machine: who is in charge?"),
        evidence="T",
        assumption=_(
            "In this model control is a cake: what one gets, another lacks. A good system can give "
            "more of it to everyone. A party without any say brings the joint benefit to zero; "
            "whether a cash machine needs an employee is a question to discuss. The three parties: "
            "Bateson (1985); all numbers are invented."
        ),
        taste=(
            _share("organisation", _("Control of the organisation"), CASES["fast"][1][0]),
            _share("employee", _("Control of the employee"), CASES["fast"][1][1]),
        ),
        controls=(
            Group(
                _("What a little more control is worth"),
                tuple(
                    Slider(
                        name=f"exponent_{key}",
                        label=_("To the {party}").format(party=party.name),
                        low=0.1,
                        high=1,
                        step=0.05,
                        default=exponent,
                    )
                    for (key, party), exponent in zip(PARTIES.items(), model.EXPONENTS, strict=True)
                ),
            ),
            Group(
                _("How much each party counts"),
                tuple(
                    Slider(
                        name=f"weight_{key}",
                        label=_("The {party}").format(party=party.name),
                        low=0.05,
                        high=1,
                        step=0.05,
                        default=weight,
                    )
                    for (key, party), weight in zip(PARTIES.items(), model.IMPORTANCE, strict=True)
                ),
            ),
        ),
        presets=(
            Preset(_("Fast food")),
            Preset(_("Law office"), _case("law")),
            Preset(_("Cash machine"), _case("cash")),
            Preset(_("A third each"), {"organisation": 34, "employee": 33}),
            Preset(_("Custom-made"), {"organisation": 15, "employee": 25}),
            Preset(
                _("Therapy: the employee counts more"),
                {**_case("law"), "weight_organisation": 0.2, "weight_employee": 0.5},
            ),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("A corner has all the control, the side across none"),
                description=_(
                    "A triangle with the organisation at the top, the employee at the left and "
                    "the customer at the right. Fast food lies near the top, the law office near "
                    "the employee, the cash machine on the side without an employee. Stronger blue "
                    "is better for all three together; a cross marks the best place, a diamond "
                    "the present one."
                ),
                chart=control_map,
                tables=("areas", "places"),
                columns={
                    "name": _("Service"),
                    "organisation": _("Organisation"),
                    "employee": _("Employee"),
                    "customer": _("Customer"),
                },
                numbers_from="places",
                before_commit=True,
            ),
            Figure(
                title=_("What each party gets"),
                description=_(
                    "Three bars, one for each party: its benefit from 0 to 100. The shortest bar "
                    "is orange."
                ),
                chart=benefit_bars,
                tables=("parties",),
                columns={
                    "name": _("Party"),
                    "share": _("Control (%)"),
                    "benefit": _("Benefit"),
                },
                decimals=1,
            ),
            NumberTable(
                title=_("What you would hear, the loudest first"),
                table="voices",
                columns={"name": _("Who"), "voice": _("Says")},
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} u_i = 100\,p_i^{\alpha_i}, \quad U = \prod_i u_i^{\omega_i}, \quad "
            r"p_i^{*} = \dfrac{\omega_i \alpha_i}{\sum_j \omega_j \alpha_j} \\ \\"
            r"H = -\dfrac{1}{\ln 3} \sum_i p_i \ln p_i \end{matrix}"
        ),
        formula_note=_(
            "<i>p<sub>i</sub></i> share of the control; <i>u<sub>i</sub></i> benefit; "
            "<i>α<sub>i</sub></i> what a little more is worth (1: every part counts alike); "
            "<i>ω<sub>i</sub></i> how much a party counts, scaled to sum 1; <i>U</i> joint "
            "benefit; <i>H</i> balance, Shannon (1948). A teaching assumption."
        ),
        challenge=Challenge(
            goal=_(
                "Give every party <b>at least 20 %</b> of the control, and reach a joint benefit "
                "of <b>58.4</b> or more. Leave the two groups of settings as they are."
            ),
            solved=_solved,
            hint=_("Start at the cross on the map. Who has a little less than 20 % there?"),
            success=_(
                "Near the best place the map is flat: fairness to the weakest party costs almost "
                "nothing."
            ),
        ),
    )


def _share(name: str, label: str, default: int) -> Slider:
    return Slider(name=name, label=label, low=0, high=100, step=1, default=default, unit="%")


def _case(key: str) -> dict[str, Value]:
    organisation, employee = CASES[key][1]
    return {"organisation": organisation, "employee": employee}


def _prediction() -> Prediction:
    found = dict(zip(PARTIES, model.benefits(_shares(STRICTER)), strict=True))
    least = min(found, key=lambda key: found[key])
    result = _(
        "In this model the organisation gets {organisation}, the employee {employee} and the "
        "customer {customer} of 100."
    ).format(**{key: fixed(float(benefit), 1) for key, benefit in found.items()})
    return Prediction(
        question=_(
            "A fast-food chain makes its rules stricter still: the organisation has 78 % of the "
            "control, the employee 10 % and the customer 12 %. Who is served worst, and complains "
            "first?"
        ),
        options={key: _("The {party}").format(party=party.name) for key, party in PARTIES.items()},
        correct=least,
        feedback={
            "organisation": _("It has most of the control. {result}").format(result=result),
            "employee": _(
                "The smallest share, but a little freedom goes a long way at work. {result}"
            ).format(result=result),
            "customer": _(
                "A bigger share than the employee's, but customers need more to be content. "
                "{result}"
            ).format(result=result),
        },
        values=STRICTER,
    )


def _shares(state: State) -> NDArray[np.float64]:
    organisation, employee = state["organisation"], state["employee"]
    if organisation + employee > 100:
        raise ValueError(
            _(
                "The organisation and the employee together have {sum} % of the control, and "
                "there is only 100 %."
            ).format(sum=fixed(organisation + employee, 0))
        )
    return np.array([organisation, employee, 100 - organisation - employee]) / 100


def _settings(state: State) -> tuple[list[float], list[float]]:
    return (
        [state[f"exponent_{key}"] for key in PARTIES],
        [state[f"weight_{key}"] for key in PARTIES],
    )


def _solved(state: State) -> bool:
    if _settings(state) != (list(model.EXPONENTS), list(model.IMPORTANCE)):
        return False
    if state["organisation"] + state["employee"] > 100:
        return False
    shares = _shares(state)
    enough = bool((shares >= GOAL_SHARE / 100 - 1e-9).all())
    return enough and float(model.joint_benefit(shares)) >= GOAL_JOINT


def _view(state: State) -> View:
    shares = _shares(state)
    exponents, weights = _settings(state)
    found = model.benefits(shares, exponents)
    joint = float(model.joint_benefit(shares, exponents, weights))
    best = model.best_shares(exponents, weights)
    top = float(model.joint_benefit(best, exponents, weights))
    balance = float(model.balance_index(shares))
    parties = pd.DataFrame(
        {
            "name": [party.name for party in PARTIES.values()],
            "share": 100 * shares,
            "benefit": found,
            "least": found == found.min(),
        }
    )
    parties["words"] = [
        _("{benefit}, with {share} of the control").format(
            benefit=fixed(benefit, 1), share=percent(share, 0)
        )
        for benefit, share in zip(found, shares, strict=True)
    ]
    return View(
        tables={
            "areas": _areas(exponents, weights),
            "places": _places(shares, best),
            "parties": parties,
            "voices": _voices(shares, found),
        },
        numbers=(
            Number(label=_("joint benefit"), text=fixed(joint, 1)),
            Number(label=_("is the best that can be reached"), text=fixed(top, 1)),
            Number(label=_("balance of control (0 to 1)"), text=fixed(balance)),
            Number(label=_("benefit of the party served worst"), text=fixed(found.min(), 1)),
        ),
        sentence=_sentence(shares, found, joint, balance, best, top),
        explanation=_explanation(shares, exponents, joint),
        teaser=_(
            "Three services, three ways to share control. The diamond stands at fast food, where "
            "the organisation has {organisation}. Stronger blue is better for all three together. "
            "<b>Who pays for strict rules?</b>"
        ).format(organisation=percent(shares[0], 0)),
    )


def _sentence(
    shares: NDArray[np.float64],
    found: NDArray[np.float64],
    joint: float,
    balance: float,
    best: NDArray[np.float64],
    top: float,
) -> str:
    told = _(
        "<b>With control shared {shares} (organisation, employee, customer), the benefits are "
        "{benefits}, and the joint benefit is {joint}.</b> The best that can be reached is {top}, "
        "at {best}. The balance is {balance}; the {worst} is served worst."
    )
    return told.format(
        shares=_three([percent(share, 0) for share in shares]),
        benefits=_three([fixed(float(benefit), 1) for benefit in found]),
        joint=fixed(joint, 1),
        top=fixed(top, 1),
        best=_three([percent(float(share), 0) for share in best]),
        balance=fixed(balance),
        worst=list(PARTIES.values())[int(found.argmin())].name,
    )


def _three(texts: list[str]) -> str:
    return " / ".join(texts)


def _explanation(shares: NDArray[np.float64], exponents: list[float], joint: float) -> str:
    most, least = int(shares.argmax()), int(shares.argmin())
    moved = shares.copy()
    moved[most] -= MOVED / 100
    moved[least] += MOVED / 100
    change = model.benefits(moved, exponents) - model.benefits(shares, exponents)
    names = [party.name for party in PARTIES.values()]
    told = _(
        "Control has diminishing returns: {moved} points of it, moved from the {most} to the "
        "{least}, would cost the first {cost} and bring the other {gain} of benefit. {so}"
    ).format(
        so=_("That makes extremes dear for all three together.")
        if change.sum() > 0
        else _("Here that would not pay: nobody is short of it."),
        moved=MOVED,
        most=names[most],
        least=names[least],
        cost=fixed(-float(change[most]), 1),
        gain=fixed(float(change[least]), 1),
    )
    if joint == 0:
        told += " " + _(
            "The {least} has no say at all, which here brings the whole to zero."
        ).format(least=names[least])
    return told


def _areas(exponents: list[float], weights: list[float]) -> pd.DataFrame:
    levels = np.array(LEVELS) / 100
    contours = model.joint_benefit_contours(levels, exponents, weights, CORNERS)
    contours["level"] *= 100
    shares = ["organisation", "customer"]
    contours[shares] *= 1000
    return contours[["level", *shares]].round().astype(int)


def _places(shares: NDArray[np.float64], best: NDArray[np.float64]) -> pd.DataFrame:
    cases = {key: _shares(_case(key)) for key in CASES}
    rows = [("best", _("best for all"), *best)]
    rows += [
        ("case", CASES[key][0], *case)
        for key, case in cases.items()
        if not np.allclose(case, shares)
    ]
    here = [CASES[key][0] for key, case in cases.items() if np.allclose(case, shares)]
    rows.append(("now", here[0] if here else _("now"), *shares))
    return pd.DataFrame(rows, columns=["kind", "name", *PARTIES]).round(3)


def _voices(shares: NDArray[np.float64], found: NDArray[np.float64]) -> pd.DataFrame:
    order = np.argsort(found, kind="stable")
    parties = list(PARTIES.values())
    return pd.DataFrame(
        {
            "name": [parties[at].name for at in order],
            "voice": [_voice(parties[at], float(shares[at])) for at in order],
        }
    )


def _voice(party: Party, share: float) -> str:
    if share < LITTLE - 1e-9:
        return party.little
    return party.much if share >= MUCH - 1e-9 else party.enough
