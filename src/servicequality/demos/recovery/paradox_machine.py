"""The paradox machine (D7.3): a stumble and a brilliant rescue, counted for all guests."""

from gettext import gettext as _
from typing import NamedTuple

import numpy as np
import pandas as pd

from servicequality.charts.recovery_paradox import (
    change_bars,
    deliberate_gamble,
    guest_paths,
    repurchase_intervals,
    satisfaction_intervals,
)
from servicequality.models import recovery_paradox as model
from servicequality.widgets import (
    Challenge,
    Demo,
    Figure,
    Group,
    Number,
    Prediction,
    Preset,
    Slider,
    State,
    Toggle,
    View,
    fixed,
    percent,
)

SEEN = 60
LEAST_SEVERITY, LEAST_GUESTS, MOST_BACK = 1, 1000, 3
SEED = 131
"""Added to the number of the draw; the first sample lies near the long run."""

EDGES = np.linspace(-5, 4, 37)

INTERVAL = {
    "name": _("Compared with"),
    "value": _("Difference"),
    "lower": _("From"),
    "upper": _("To"),
}


class Found(NamedTuple):
    """What a state brings.

    Attributes
    ----------
    customers : DataFrame
        The sample.
    long_run : model.Shift
    satisfaction, repurchase : model.Difference
        Against guests without a failure; repurchase as a share.
    gamble : model.Gamble
        Failing on purpose.
    best, worst : float
        Change of satisfaction if the recovery of a deliberate failure is excellent, or fails.
    """

    customers: pd.DataFrame
    long_run: model.Shift
    satisfaction: model.Difference
    repurchase: model.Difference
    gamble: model.Gamble
    best: float
    worst: float


def paradox_machine() -> Demo:
    """Let guests down, recover some of them brilliantly, and see who ends higher (D7.3).

    Returns
    -------
    Demo
        Model M7.6; the first state is the mixture of O7.6a, the case "A small shine" O7.6b.
    """
    return Demo(
        code="D7.3",
        title=_("The paradox machine"),
        question=_("Should we stumble on purpose, to shine in the rescue?"),
        evidence="T",
        assumption=_(
            "In this model a failure costs everybody the same and recoveries vary by chance; "
            "scores are not cut at 7, so happy guests have more room to rise than in life. That "
            "few recoveries are excellent, and that repurchase gains nothing on average, is found "
            "in studies (de Matos, Henrique and Rossi, 2007; Michel and Meuter, 2008), with mixed "
            "results. All guests are synthetic."
        ),
        taste=(
            Slider(
                name="severity",
                label=_("The failure costs"),
                low=0,
                high=4,
                default=1.2,
                unit=_("points"),
            ),
        ),
        controls=(
            Slider(
                name="share",
                label=_("Recoveries that are excellent"),
                low=0,
                high=100,
                step=5,
                default=20,
                unit="%",
            ),
            Toggle(name="second", label=_("It is the second failure")),
            Group(
                _("How well recoveries work"),
                (
                    Slider(
                        name="excellent",
                        label=_("An excellent one gives back"),
                        low=0,
                        high=4,
                        step=0.05,
                        default=2.5,
                        unit=_("points"),
                    ),
                    Slider(
                        name="ordinary",
                        label=_("An ordinary one gives back"),
                        low=0,
                        high=4,
                        step=0.05,
                        default=0.8,
                        unit=_("points"),
                    ),
                    Slider(
                        name="sd",
                        label=_("They vary by (standard deviation)"),
                        low=0.2,
                        high=2,
                        default=0.8,
                        unit=_("points"),
                    ),
                ),
            ),
            Group(
                _("Failing on purpose"),
                (
                    Slider(
                        name="chance",
                        label=_("Chance that the recovery is excellent, not a failure too"),
                        low=0,
                        high=100,
                        step=5,
                        default=60,
                        unit="%",
                    ),
                ),
            ),
            Group(
                _("The sample"),
                (
                    Slider(
                        name="n",
                        label=_("Guests in each group"),
                        low=100,
                        high=3000,
                        step=100,
                        default=1000,
                    ),
                    Slider(
                        name="draw",
                        label=_("Other guests"),
                        low=1,
                        high=50,
                        step=1,
                        default=1,
                        button=_("Draw again"),
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("First slip")),
            Preset(_("Second slip"), {"second": True}),
            Preset(_("Severe"), {"severity": 3}),
            Preset(_("Every recovery excellent"), {"share": 100}),
            Preset(_("A small shine"), {"excellent": 1.7}),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("Sixty guests: let down, then recovered"),
                description=_(
                    "Sixty thin lines from satisfaction before, down to the moment after the "
                    "failure, and up again after the recovery. Lines of guests who end higher than "
                    "before are blue, others orange; a thick black line is the mean of the sixty."
                ),
                chart=guest_paths,
                tables=("paths", "means"),
                columns={
                    "before": _("Mean before"),
                    "dropped": _("After the failure"),
                    "after": _("After the recovery"),
                    "higher": _("Who ends higher"),
                },
                numbers_from="means",
                before_commit=True,
                glide=True,
            ),
            Figure(
                title=_("How much each guest has changed"),
                description=_(
                    "Bars: how the satisfaction of recovered guests changed, blue where it rose "
                    "and orange where it fell. A dashed outline shows guests without a failure, "
                    "who change by chance only."
                ),
                chart=change_bars,
                tables=("bins",),
                columns={
                    "low": _("Change from"),
                    "high": _("To"),
                    "recovered": _("With failure (share)"),
                    "control": _("Without (share)"),
                },
                glide=True,
            ),
            Figure(
                title=_("Are they happier, on average?"),
                description=_(
                    "Two points with their 95 % intervals: mean satisfaction after the recovery, "
                    "compared with guests without a failure and with the same guests before. A "
                    "dashed line marks no difference."
                ),
                chart=satisfaction_intervals,
                tables=("satisfaction",),
                columns=INTERVAL,
                glide=True,
            ),
            Figure(
                title=_("Do more of them buy again?"),
                description=_(
                    "Two points with their 95 % intervals: the share who would buy again after "
                    "the recovery, compared with guests without a failure and with the same "
                    "guests before. A dashed line marks no difference."
                ),
                chart=repurchase_intervals,
                tables=("repurchase",),
                columns=INTERVAL,
                decimals=1,
                glide=True,
            ),
            Figure(
                title=_("Failing on purpose: how sure must you be?"),
                description=_(
                    "A line that rises with the chance that the recovery works: the mean change "
                    "per guest who is let down on purpose. It crosses zero at the dashed upright "
                    "line; a diamond marks the chosen chance."
                ),
                chart=deliberate_gamble,
                tables=("line", "here", "even"),
                columns={"chance": _("Chance (%)"), "change": _("Change per guest")},
                glide=True,
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} S_1 = S_0 - \text{sev} + R, \quad R \sim N(\mu, \sigma) \\ \\ "
            r"P(S_1 > S_0) = \Phi\left( \dfrac{\mu - \text{sev}}{\sigma} \right), \quad "
            r"q^* = \dfrac{\text{loss}}{\text{gain} + \text{loss}} \end{matrix}"
        ),
        formula_note=_(
            "<i>S</i><sub>0</sub>, <i>S</i><sub>1</sub> satisfaction before and after, sev what "
            "the failure costs, <i>R</i> what the recovery gives back, <i>Φ</i> share of a normal "
            "distribution below a value, <i>q</i>* chance from which failing on purpose would "
            "pay. A recovery that fails costs {more} points more; a second failure hurts {times} "
            "times as much and its recovery gives back {part} as much. Buying again: a logistic "
            "curve of satisfaction, lower after any failure. Teaching assumptions."
        ).format(
            more=fixed(model.FAILED_RECOVERY, 1),
            times=fixed(model.SECOND_SEVERITY, 1),
            part=percent(model.SECOND_EFFECT, 0),
        ),
        challenge=Challenge(
            goal=_(
                "Make a paradox in words, but not in deeds, with a failure of <b>1 point or "
                "more</b>, no recovery that gives back more than 3 points on average, and 1,000 "
                "guests or more in each group: recovered guests are <b>surely "
                "more satisfied</b> than guests without a failure (interval wholly above zero), "
                "but <b>no more of them buy again</b> (the point is at or below zero)."
            ),
            solved=_solved,
            hint=_(
                "A failure leaves a doubt that about two thirds of a point of satisfaction make "
                "up for. Stay between zero and there: make more recoveries excellent, or the "
                "failure a little worse."
            ),
            success=_(
                "Happier, and yet no more loyal. Studies find the same on average: the paradox, "
                "where there is one, is in what guests say, not in what they buy."
            ),
        ),
    )


def _first() -> dict[str, float]:
    return {"severity": 1.2, "share": 20, "excellent": 2.5, "ordinary": 0.8, "sd": 0.8}


def _prediction() -> Prediction:
    first = _long_run({**_first(), "second": False})
    result = _("{higher} end higher than before, and the mean falls by {fall} points.").format(
        higher=percent(float(first.improved), 0), fall=fixed(-float(first.change))
    )
    return Prediction(
        question=_(
            "The failure costs 1.2 points. Then one guest in five gets an excellent recovery: it "
            "gives back 2.5 points on average. The others get 0.8. Where do the guests end?"
        ),
        options={
            "most": _("Most end higher than before, and so does the mean"),
            "mean": _("Fewer than half end higher, but they lift the mean above zero"),
            "lower": _("Fewer than half end higher, and the mean is a little lower"),
            "nobody": _("Hardly anybody ends higher"),
        },
        correct="lower",
        feedback={
            key: text.format(result=result)
            for key, text in {
                "most": _("So the paradox is often told; but four in five got little. {result}"),
                "mean": _("They win much, but they are too few. {result}"),
                "lower": "{result}",
                "nobody": _("Recoveries vary: some ordinary ones are enough too. {result}"),
            }.items()
        },
    )


def _long_run(state: State) -> model.Shift:
    return model.mixed_shift(
        state["severity"],
        state["share"] / 100,
        state["excellent"],
        state["ordinary"],
        state["sd"],
        state["second"],
    )


def _sample(state: State) -> pd.DataFrame:
    return model.simulate(
        int(state["n"]),
        state["severity"],
        state["share"] / 100,
        state["excellent"],
        state["ordinary"],
        state["sd"],
        state["second"],
        SEED + int(state["draw"]),
    )


def _found(state: State) -> Found:
    customers = _sample(state)
    second = state["second"]
    best = float(model.shift(state["severity"], state["excellent"], 0, second).change)
    worst = float(model.shift_without_recovery(state["severity"], second))
    # What is lost even in the best case is a cost of the gamble, whatever comes.
    gain, cost = max(best, 0), max(-best, 0)
    return Found(
        customers,
        _long_run(state),
        model.paradox(customers),
        model.paradox(customers, "repurchase"),
        model.deliberate_failure(gain, -worst - cost, state["chance"] / 100, cost),
        best,
        worst,
    )


def _solved(state: State) -> bool:
    back = max(state["excellent"], state["ordinary"])
    if state["severity"] < LEAST_SEVERITY or state["n"] < LEAST_GUESTS or back > MOST_BACK:
        return False
    customers = _sample(state)
    happier = model.paradox(customers).lower > 0
    return happier and model.paradox(customers, "repurchase").value <= 0


def _view(state: State) -> View:
    found = _found(state)
    tables = _path_tables(state, found.customers)
    hidden = tables["means"].assign(after=np.nan, higher="", lower="")
    return View(
        tables={
            **tables,
            "bins": _bins(found.customers),
            "satisfaction": _intervals(found.customers, "satisfaction"),
            "repurchase": _intervals(found.customers, "repurchase"),
            **_gamble_tables(state, found),
        },
        covers={"paths": tables["paths"].assign(after=np.nan), "means": hidden},
        numbers=(
            Number(
                label=_("end higher than before (long run)"),
                text=percent(float(found.long_run.improved)),
            ),
            Number(
                label=_("points: mean change (long run)"),
                text=fixed(float(found.long_run.change), sign=True),
            ),
            Number(
                label=_("more of 100 buy again (sample)"),
                text=fixed(100 * found.repurchase.value, 1, sign=True),
            ),
            Number(label=_("chance needed to fail on purpose"), text=_needed(found)),
        ),
        sentence=_sentence(state, found),
        explanation=_explanation(state, found),
        teaser=_(
            "Sixty guests of Kite Air, an invented airline, before and after a late flight: the "
            "failure costs each of them {cost} points of satisfaction. Now the crew makes up for "
            "it. Some do it brilliantly, most do not. <b>Where will the lines end?</b>"
        ).format(cost=fixed(_cost(state), 1)),
        inactive=frozenset({"ordinary"} if state["share"] == 100 else ()),
    )


def _cost(state: State) -> float:
    return -float(model.shift(state["severity"], 0, 0, state["second"]).change)


def _needed(found: Found) -> str:
    needed = float(found.gamble.break_even)
    return percent(needed) if needed <= 1 else _("never pays")


def _sentence(state: State, found: Found) -> str:
    improved, change = float(found.long_run.improved), float(found.long_run.change)
    low, high = found.satisfaction.lower, found.satisfaction.upper
    told = _(
        "<b>{improved} of the guests end higher than before; the mean {moves}.</b> In this sample "
        "satisfaction differs by {value} points from guests without a failure (95 % interval "
        "{low} to {high}): {verdict}. Of 100, {buyers}. {policy}"
    )
    moves = _("does not move")
    if abs(change) >= 0.005:
        moves = _("changes by {change} points").format(change=fixed(change, sign=True))
    verdict = _("no clear difference")
    if low > 0:
        verdict = _("a paradox in satisfaction")
    elif high < 0:
        verdict = _("no paradox, but a loss")
    return told.format(
        improved=percent(improved),
        moves=moves,
        value=fixed(found.satisfaction.value, sign=True),
        low=fixed(low),
        high=fixed(high),
        verdict=verdict,
        buyers=_buyers(found),
        policy=_policy(state, found),
    )


def _buyers(found: Found) -> str:
    more = 100 * found.repurchase.value
    if abs(more) < 0.05:
        return _("as many buy again")
    told = _("{number} more buy again") if more > 0 else _("{number} fewer buy again")
    return told.format(number=fixed(abs(more), 1))


def _policy(state: State, found: Found) -> str:
    needed, expected = float(found.gamble.break_even), float(found.gamble.expected)
    if needed > 1:
        return _(
            "Failing on purpose never pays: even an excellent recovery leaves {best} points."
        ).format(best=fixed(found.best, sign=True))
    told = _(
        "Failing on purpose {brings} {expected} points of satisfaction a guest if {chance} "
        "of the recoveries work; to pay, it needs more than {needed}."
    )
    return told.format(
        brings=_("wins") if expected > 0 else _("loses"),
        expected=fixed(abs(expected)),
        chance=percent(state["chance"] / 100, 0),
        needed=percent(needed),
    )


def _explanation(state: State, found: Found) -> str:
    excellent, ordinary = (
        float(model.shift(state["severity"], state[kind], 0, state["second"]).change)
        for kind in ("excellent", "ordinary")
    )
    told = _(
        "Compared with the start, an excellent recovery ends at {excellent} points and an ordinary "
        "one at {ordinary}, on average; {share} are excellent. "
    ).format(
        excellent=fixed(excellent, sign=True),
        ordinary=fixed(ordinary, sign=True),
        share=percent(state["share"] / 100, 0),
    )
    doubt = _(
        "Whoever was let down also trusts less: it takes about two thirds of a point more "
        "satisfaction than before to buy again as often. "
    )
    if found.best <= 0:
        return told + doubt
    bet = _("On purpose it is a bet of {worst} points to win {best}.").format(
        worst=fixed(-found.worst, 1), best=fixed(found.best, 1)
    )
    return told + doubt + bet


def _path_tables(state: State, customers: pd.DataFrame) -> dict[str, pd.DataFrame]:
    seen = customers[customers["failed"]].iloc[:SEEN]
    before, after = seen["satisfaction_before"], seen["satisfaction_after"]
    paths = pd.DataFrame({"before": before, "dropped": before - _cost(state), "after": after})
    higher = int((after > before).sum())
    told = {
        "higher": _("{number} of {all} end higher").format(number=higher, all=SEEN),
        "lower": _("{number} of {all} end lower").format(number=SEEN - higher, all=SEEN),
    }
    return {"paths": paths.round(3), "means": paths.mean().to_frame().T.round(3).assign(**told)}


def _bins(customers: pd.DataFrame) -> pd.DataFrame:
    """Count changes in steps of a quarter of a point; what is beyond the ends is in the last."""
    change = customers["satisfaction_after"] - customers["satisfaction_before"]
    inside = change.clip(EDGES[0], EDGES[-1])
    failed = customers["failed"]
    shares = {
        name: np.histogram(inside[group], EDGES)[0] / group.sum()
        for name, group in (("recovered", failed), ("control", ~failed))
    }
    return pd.DataFrame({"low": EDGES[:-1], "high": EDGES[1:], **shares}).round(4)


def _intervals(customers: pd.DataFrame, outcome: str) -> pd.DataFrame:
    scale, digits = (1, 2) if outcome == "satisfaction" else (100, 1)
    names = {
        "control": _("Against guests without failure"),
        "before-after": _("Against themselves, before"),
    }
    found = np.array([model.paradox(customers, outcome, design) for design in names]) * scale
    return pd.DataFrame(found, columns=["value", "lower", "upper"]).assign(
        name=list(names.values()),
        words=[fixed(value, digits, sign=True) for value in found[:, 0]],
        line=0,
    )


def _gamble_tables(state: State, found: Found) -> dict[str, pd.DataFrame]:
    needed, expected = float(found.gamble.break_even), float(found.gamble.expected)
    even = [100 * needed] if needed <= 1 else []
    return {
        "line": pd.DataFrame({"chance": [0, 100], "change": [found.worst, found.best]}),
        "here": pd.DataFrame(
            {
                "chance": [state["chance"]],
                "change": [expected],
                "words": [_("{change} a guest").format(change=fixed(expected, sign=True))],
            }
        ),
        "even": pd.DataFrame(
            {
                "chance": even,
                "words": [_("even at {chance}").format(chance=_needed(found))] * len(even),
            }
        ),
    }
