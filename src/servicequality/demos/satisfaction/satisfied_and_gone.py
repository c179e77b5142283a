"""Satisfied and gone (D6.2): where customers may choose, only the very satisfied stay."""

from gettext import gettext as _

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicequality.charts.loyalty import loyalty_curve, move_bars, stay_bars
from servicequality.models import loyalty as model
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

SHARES = (5, 10, 15, 50, 20)
MARKETS = {
    "telephone monopoly": _("telephone monopoly"),
    "hub airline": _("hub airline"),
    "hospital": _("hospital"),
    "personal computer": _("computer maker"),
    "car": _("car maker"),
}
FIRST_MARKET, CAPTIVE_MARKET = "car", "telephone monopoly"
SATISFIED, STAYS = 4, 50
"""From here on satisfaction and patronage count as high."""

POINTS = 5.0
"""What the charts tell the cost of; the challenge asks for more, so that none shows its answer."""

GOAL, TOO_MANY = 10.0, 15.0
STEEP = 1.5
MOVED, AT_ONCE = 10.0, 10
CURVE = np.linspace(1, 5, 41)
FAMILY = np.array([1, 2, 2.5, 3, 3.5, 4, 4.25, 4.5, 4.75, 5])
NAMED_AT = 2.5
CROWDED = 20
"""A curve so little above this market's leaves no room for its name between the two."""
WHO = {
    1: _("Very dissatisfied (1)"),
    2: _("Dissatisfied (2)"),
    3: _("Neither (3)"),
    4: _("Satisfied (4)"),
    5: _("Very satisfied (5)"),
}
KINDS = {
    "true": _("true loyalty"),
    "latent": _("satisfied, but gone (latent loyalty)"),
    "spurious": _("captive (spurious loyalty)"),
    "none": _("no loyalty"),
}


def satisfied_and_gone() -> Demo:
    """Bend the loyalty curve by competition, and lift customers where it pays (D6.2).

    Returns
    -------
    Demo
        Model M6.7; the numbers of O6.7.
    """
    return Demo(
        code="D6.2",
        title=_("Satisfied and gone"),
        question=_("Most are satisfied; why do they leave?"),
        evidence="T",
        assumption=_(
            "That competition bends the curve was seen in five industries (Jones and Sasser, "
            "1995). The formula, the place of each market on it and the customers are invented; "
            "in this model satisfaction stands for the whole attitude, and it is measured without "
            "error."
        ),
        taste=(
            Choice(
                name="start",
                label=_("Lift customers"),
                options={str(level): _step(level) for level in model.LEVELS[:-1]},
                default="4",
            ),
            Slider(
                name="moved",
                label=_("How many of all customers"),
                low=0,
                high=50,
                step=0.1,
                default=MOVED,
                unit="%",
            ),
        ),
        controls=(
            Slider(
                name="competitiveness",
                label=_("Competition (0 monopoly, 1 free choice)"),
                low=0,
                high=1,
                step=0.05,
                default=model.MARKETS[FIRST_MARKET],
            ),
            Group(
                _("Why else they stay"),
                (
                    Slider(
                        name="inertia",
                        label=_("Stay from habit, whatever happens"),
                        low=0,
                        high=60,
                        step=1,
                        default=0,
                        unit="%",
                    ),
                    Slider(
                        name="switching",
                        label=_("Trouble of switching (0 none, 1 too much)"),
                        low=0,
                        high=1,
                        step=0.05,
                        default=0,
                    ),
                ),
            ),
            Group(
                _("Customers today, of 100"),
                tuple(
                    Slider(
                        name=f"share_{level}",
                        label=WHO[level],
                        low=0,
                        high=100,
                        step=1,
                        default=share,
                    )
                    for level, share in zip(model.LEVELS, SHARES, strict=True)
                ),
            ),
        ),
        presets=(
            Preset(_("Car maker")),
            Preset(_("Rescue the dissatisfied"), {"start": "2"}),
            Preset(_("Computer maker"), {"competitiveness": model.MARKETS["personal computer"]}),
            Preset(_("Hospital"), {"competitiveness": model.MARKETS["hospital"]}),
            Preset(_("Hub airline"), {"competitiveness": model.MARKETS["hub airline"]}),
            Preset(_("Telephone monopoly"), {"competitiveness": model.MARKETS[CAPTIVE_MARKET]}),
            Preset(_("Locked in by contract"), {"switching": 0.8, "inertia": 20}),
            Preset(
                _("Half are unhappy"),
                {f"share_{level}": share for level, share in enumerate((20, 30, 20, 20, 10), 1)},
            ),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("Satisfaction, and who stays"),
                description=_(
                    "Curves of the customers who stay, against their satisfaction from 1 to 5. In "
                    "a monopoly the curve is high and nearly flat; the more competition, the lower "
                    "it lies up to 4, and the more steeply it rises to 5. Bubbles show how many "
                    "customers are at each level. Dashed lines part four kinds of loyalty."
                ),
                chart=loyalty_curve,
                tables=("family", "curve", "levels", "cuts"),
                columns={
                    "satisfaction": _("Satisfaction"),
                    "words": _("Customers"),
                    "stay": _("Of 100 stay"),
                    "kind": _("Loyalty"),
                },
                numbers_from="levels",
                decimals=1,
                before_commit=True,
                glide=True,
            ),
            Figure(
                title=_("Satisfied is one thing, staying another"),
                description=_(
                    "Three bars from 0 to 100: customers who are satisfied, who stay, and who stay "
                    "after the lift."
                ),
                chart=stay_bars,
                tables=("shares",),
                columns={"name": _("Of 100 customers"), "percent": _("How many")},
                decimals=1,
                glide=True,
            ),
            Figure(
                title=_("What each step brings"),
                description=_(
                    "Four bars, one for each step from one level to the next: how many more of 100 "
                    "customers stay if 10 of them are lifted. The chosen step is orange."
                ),
                chart=move_bars,
                tables=("moves",),
                columns={
                    "name": _("Step"),
                    "gain": _("More stay"),
                    "needed": _("For 5 points lift (%)"),
                },
                glide=True,
            ),
        ),
        view=_view,
        formula=(
            r"L = 100 \left[ (1 - c)\,(0.80 + 0.04\,(S - 1)) + "
            r"\frac{c}{1 + e^{-4 (S - 4.5)}} \right]"
        ),
        formula_note=_(
            "<i>L</i> of 100 customers stay, <i>S</i> satisfaction, <i>c</i> competition. The "
            "first part is what captives do, the second what free customers do. A teaching "
            "assumption, after the curves of Jones and Sasser (1995). Kinds of loyalty: Dick and "
            "Basu (1994)."
        ),
        challenge=Challenge(
            goal=_(
                "The car maker wants <b>ten points</b> more of its customers to stay. Lift <b>as "
                "few as you can</b> by one step: <b>less than 15 %</b> of them, as market and "
                "customers are now."
            ),
            solved=_solved,
            hint=_("Where is the curve steepest, and are there enough customers at its foot?"),
            success=_(
                "From satisfied to very satisfied, one customer in seven is enough. With little "
                "competition (0.1) no single step brings ten points, and five take 44.6 %."
            ),
        ),
    )


def _step(level: int) -> str:
    return _("{start} to {end}").format(start=level, end=level + 1)


def _prediction() -> Prediction:
    gain = model.moves(SHARES, model.MARKETS[FIRST_MARKET]).gain * MOVED / 100
    result = _(
        "Among 100 customers of a car maker, 10 lifted from 2 to 3 keep {low} more of them, 10 "
        "lifted from 4 to 5 keep {high} more."
    ).format(low=fixed(gain[1], 1), high=fixed(gain[3], 1))
    return Prediction(
        question=_(
            "Now cars, with many rivals and the same 100 customers. You can make 10 of them "
            "happier by one step. What keeps more of them?"
        ),
        options={
            "2": _("From 2 to 3: rescue the dissatisfied"),
            "4": _("From 4 to 5: delight the satisfied"),
            "same": _("About the same: a step is a step"),
        },
        correct="4" if gain[3] > 2 * gain[1] else "same",
        feedback={
            "2": _("Who is only less unhappy still takes the better offer. {result}").format(
                result=result
            ),
            "4": result,
            "same": _("The curve is not a straight line where rivals wait. {result}").format(
                result=result
            ),
        },
    )


def _shares(state: State) -> NDArray[np.float64]:
    shares = np.array([state[f"share_{level}"] for level in model.LEVELS])
    if shares.sum() == 0:
        raise ValueError(_("There are no customers: give at least one level some of them."))
    return shares / shares.sum()


def _market(state: State) -> tuple[float, float, float]:
    return state["competitiveness"], state["inertia"] / 100, state["switching"]


def _moved(state: State, shares: NDArray[np.float64]) -> float:
    """Return the part of all customers that is lifted: no more than there are at that level."""
    return float(min(state["moved"] / 100, shares[int(state["start"]) - 1]))


def _lifted(state: State, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    return model.lift(shares, int(state["start"]), _moved(state, shares))


def _solved(state: State) -> bool:
    shares = _shares(state)
    car = (model.MARKETS[FIRST_MARKET], 0, 0)
    if _market(state) != car or not np.allclose(100 * shares, SHARES):
        return False
    if state["moved"] >= TOO_MANY:
        return False
    gain = model.retention(_lifted(state, shares), *car) - model.retention(shares, *car)
    return gain >= GOAL


def _view(state: State) -> View:
    shares = _shares(state)
    after = _lifted(state, shares)
    market = _market(state)
    captive = (model.MARKETS[CAPTIVE_MARKET], 0.0, 0.0)
    now, later = model.retention(shares, *market), model.retention(after, *market)
    moves = model.moves(shares, market[0], POINTS, *market[1:])
    satisfied = float(shares[SATISFIED - 1 :].sum())
    best = int(np.argmin(moves.needed))
    return View(
        tables=_tables(state, shares, after, moves, now, later),
        covers={
            "family": _family([CAPTIVE_MARKET], captive),
            "curve": pd.DataFrame({"satisfaction": [], "stay": []}),
            "levels": _levels(after, captive),
        },
        numbers=(
            Number(label=_("are satisfied (4 or 5)"), text=percent(satisfied)),
            Number(label=_("stay today"), text=percent(now / 100)),
            Number(label=_("stay after the lift"), text=percent(later / 100)),
            Number(label=_("of all to lift for 5 points, at best"), text=_needed(moves, best)),
        ),
        sentence=_sentence(state, _moved(state, shares), satisfied, now, later, moves, best),
        explanation=_explanation(market),
        teaser=_teaser(state, shares, after, satisfied),
    )


def _needed(moves: model.Move, step: int) -> str:
    return percent(float(moves.needed[step])) if moves.possible[step] else _("not possible")


def _teaser(
    state: State,
    shares: NDArray[np.float64],
    after: NDArray[np.float64],
    satisfied: float,
) -> str:
    captive = model.MARKETS[CAPTIVE_MARKET]
    return _(
        "Of these 100 customers of a telephone monopoly {satisfied} are satisfied (4 or 5), and "
        "{now} stay: even the dissatisfied have nowhere to go. Lift {moved} from {step}, and "
        "{later} stay. <b>What if there were rivals?</b>"
    ).format(
        satisfied=fixed(100 * satisfied, 0),
        now=fixed(model.retention(shares, captive), 1),
        moved=_whole(_moved(state, shares)),
        step=_step(int(state["start"])),
        later=fixed(model.retention(after, captive), 1),
    )


def _sentence(
    state: State,
    moved: float,
    satisfied: float,
    now: float,
    later: float,
    moves: model.Move,
    best: int,
) -> str:
    told = (
        _("<b>{satisfied} are satisfied (4 or 5), but only {now} stay.</b>")
        if now < 100 * satisfied
        else _("<b>{satisfied} are satisfied (4 or 5), and {now} stay.</b>")
    ).format(satisfied=percent(satisfied), now=percent(now / 100))
    told += " " + _(
        "Lift {moved} of all customers{all} from {step}, and {later} stay: {gain} points."
    ).format(
        moved=_whole(moved),
        all=_(" (more there are not)") if moved < state["moved"] / 100 - 1e-9 else "",
        step=_step(int(state["start"])),
        later=percent(later / 100),
        gain=fixed(later - now, 1, sign=True),
    )
    if moves.possible[best]:
        return f"{told} " + _(
            "The best step is from {step}: five points take {needed} of the customers."
        ).format(step=_step(best + 1), needed=percent(float(moves.needed[best])))
    return f"{told} " + _("No single step could bring five points: too few customers stand at it.")


def _explanation(market: tuple[float, float, float]) -> str:
    three, four, five = model.loyalty([3, 4, 5], *market)
    if five / four > STEEP:
        told = _(
            "From 4 to 5 multiplies loyalty by {times} here ({four} to {five} of 100), in a market "
            "with little competition (0.1) by {captive}. Where rivals wait, “satisfied” only means "
            "“nothing against you”, and that is no reason to stay."
        )
    else:
        told = _(
            "From 4 to 5 multiplies loyalty by no more than {times} here ({four} to {five} of "
            "100). Most stay anyway, even at 3 ({three}): where nobody can leave, satisfaction "
            "hardly shows in loyalty, until a rival comes."
        )
    captive = model.loyalty([4, 5], 0.1)
    return told.format(
        times=fixed(float(five / four)),
        captive=fixed(float(captive[1] / captive[0])),
        three=fixed(float(three), 1),
        four=fixed(float(four), 1),
        five=fixed(float(five), 1),
    )


def _levels(shares: NDArray[np.float64], market: tuple[float, float, float]) -> pd.DataFrame:
    stay = model.loyalty(model.LEVELS, *market)
    kinds = model.loyalty_type(model.LEVELS, stay, SATISFIED, STAYS)
    return pd.DataFrame(
        {
            "satisfaction": model.LEVELS,
            "stay": stay,
            "share": shares,
            "words": [_whole(float(share)) for share in shares],
            "kind": [KINDS[kind] for kind in kinds],
        }
    )


def _whole(share: float) -> str:
    return percent(share, 0 if np.isclose(100 * share, round(100 * share)) else 1)


def _family(markets: list[str], here: tuple[float, float, float]) -> pd.DataFrame:
    stay = model.loyalty(NAMED_AT, *here)
    return pd.concat(
        pd.DataFrame(
            {
                "market": number,
                "satisfaction": FAMILY,
                "stay": model.loyalty(FAMILY, model.MARKETS[market]).round(1),
                "words": [MARKETS[market] if at == NAMED_AT else "" for at in FAMILY],
                "over": 0 < model.loyalty(NAMED_AT, model.MARKETS[market]) - stay < CROWDED,
            }
        )
        for number, market in enumerate(markets)
    )


def _tables(
    state: State,
    shares: NDArray[np.float64],
    after: NDArray[np.float64],
    moves: model.Move,
    now: float,
    later: float,
) -> dict[str, pd.DataFrame]:
    market = _market(state)
    satisfied = 100 * float(shares[SATISFIED - 1 :].sum())
    percents = [satisfied, now, later]
    return {
        "family": _family(list(MARKETS), market),
        "curve": pd.DataFrame(
            {"satisfaction": CURVE.round(1), "stay": model.loyalty(CURVE, *market).round(1)}
        ),
        "levels": _levels(after, market),
        "cuts": pd.DataFrame({"attitude": [SATISFIED - 0.5], "patronage": [STAYS]}),
        "shares": pd.DataFrame(
            {
                "name": [
                    _("are satisfied (4 or 5)"),
                    _("stay today"),
                    _("stay after the lift"),
                ],
                "percent": percents,
                "words": [fixed(each, 1) for each in percents],
                "stays": [False, True, True],
            }
        ),
        "moves": pd.DataFrame(
            {
                "name": [_step(level) for level in model.LEVELS[:-1]],
                "gain": moves.gain * AT_ONCE / 100,
                "needed": np.where(moves.possible, 100 * moves.needed, np.nan),
                "words": [
                    _("{gain}; for 5 points lift {needed}").format(
                        gain=fixed(gain * AT_ONCE / 100, 1, sign=True),
                        needed=_needed(moves, step),
                    )
                    if moves.possible[step]
                    else _("{gain}; 5 points not possible").format(
                        gain=fixed(gain * AT_ONCE / 100, 1, sign=True)
                    )
                    for step, gain in enumerate(moves.gain)
                ],
                "chosen": [str(level) == state["start"] for level in model.LEVELS[:-1]],
            }
        ),
    }
