"""Spend the budget (D3.3): which projects close most, and what rules of thumb leave behind."""

from functools import cache, partial
from gettext import gettext as _
from itertools import pairwise

import pandas as pd

from servicequality.charts.budget import (
    best_by_budget,
    closed_by_rule,
    money_by_gap,
    purse_and_cards,
)
from servicequality.models import budget as money
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
)

# Shelf of the shop: what it is about, and its two projects with cost and weighted points closed.
SHELVES = {
    "listen": (_("Listening"), {_("Guest panel"): (20, 9), _("Complaint study"): (15, 7)}),
    "design": (_("Standards"), {_("Clear standards"): (25, 10), _("Fail-safing"): (30, 14)}),
    "people": (_("Delivery"), {_("Empowerment"): (40, 18), _("Shared records"): (35, 12)}),
    "outside": (_("Promises and looks"), {_("Promise audit"): (10, 6), _("Lobby refit"): (45, 13)}),
}
PROJECTS = pd.DataFrame.from_dict(
    {name: numbers for _title, shelf in SHELVES.values() for name, numbers in shelf.items()},
    orient="index",
    columns=["cost", "value"],
)
NEEDS = {_("Empowerment"): _("Clear standards")}
RULES = {
    "yours": _("Your basket"),
    "largest": _("Largest first"),
    "ratio": _("Best value for money first"),
    "best": _("Every basket tried"),
}
# Gaps of O3.5b: weighted points, and how fast they respond to money.
GAPS = {
    _("Gap 1 · Listening"): (30, 0.05),
    _("Gap 2 · Standards"): (20, 0.04),
    _("Gap 3 · Delivery"): (40, 0.03),
    _("Gap 4 · Communication"): (25, 0.06),
}
SIZES = tuple(size for size, _rate in GAPS.values())
RATES = tuple(rate for _size, rate in GAPS.values())
SPLITS = {
    "best": _("best split"),
    "equal": _("equal parts"),
    "proportional": _("as the gaps"),
}
SPLIT_NAMES = {
    "best": _("Where the next credit closes most"),
    "equal": _("Equal parts"),
    "proportional": _("In proportion to the gaps"),
}
TARGET, FULL_PURSE, SOLD_OUT = 44, 100, _("Fail-safing")
NEGLIGIBLE = 1e-9


def spend_the_budget() -> Demo:
    """Spend a budget on projects that close gaps, against two rules of thumb (D3.3).

    Returns
    -------
    Demo
        Model M3.5; the prediction is O3.5a, the last preset O3.5b.
    """
    found = {
        "largest": money.greedy_portfolio(PROJECTS, FULL_PURSE, by="value"),
        "ratio": money.greedy_portfolio(PROJECTS, FULL_PURSE),
        "best": money.best_portfolio(PROJECTS, FULL_PURSE),
    }
    result = _(
        "Largest first closes {largest}, best value for money first {ratio}, the best of all "
        "baskets {best}."
    ).format(**{rule: fixed(basket.value, 0) for rule, basket in found.items()})
    bound = fixed(money.fractional_bound(PROJECTS, FULL_PURSE))
    return Demo(
        code="D3.3",
        title=_("Spend the budget"),
        question=_("You have 100 to spend. Which projects close most of the gaps?"),
        evidence="T",
        assumption=_(
            "The search is exact. What each project costs and closes, and how gaps respond to "
            "money, is invented: in this model projects neither help nor hinder each other, apart "
            "from a prerequisite. With real guesses, a point more or less means nothing."
        ),
        taste=tuple(_shelf(key) for key in SHELVES),
        controls=(
            Group(
                _("Budget and rules"),
                (
                    Slider(name="budget", label=_("Purse"), low=10, high=200, step=5, default=100),
                    Choice(
                        name="kind",
                        label=_("Money goes to"),
                        options={
                            "projects": _("Whole projects"),
                            "portions": _("Gaps, in portions"),
                        },
                        default="projects",
                    ),
                    Toggle(name="needs", label=_("Empowerment needs clear standards")),
                    Toggle(name="peek", label=_("Show what is in the other baskets")),
                ),
            ),
        ),
        presets=(
            Preset(_("Largest first")),
            Preset(
                _("Best value for money first"),
                {"listen": "both", "design": "both", "people": "none", "outside": "a"},
            ),
            Preset(
                _("Empowerment needs standards"), {"needs": True, "design": "b", "outside": "a"}
            ),
            Preset(_("Look into all baskets"), {"peek": True}),
            Preset(_("A purse of 40"), {"budget": 40, "design": "none"}),
            Preset(_("In portions, 80 to spend"), {"kind": "portions", "budget": 80}),
            Preset(_("In portions, only 10"), {"kind": "portions", "budget": 10}),
        ),
        prediction=Prediction(
            question=_(
                "This basket buys what closes most first: empowerment, fail-safing, then what "
                "still fits. It closes 42 points. Can a purse of 100 close more?"
            ),
            options={
                "no": _("No, the largest first is best"),
                "ratio": _("Yes, and the best value for money first closes most"),
                "best": _("Yes, but no such rule finds the best basket"),
                "far": _("Yes, far more: about 60"),
            },
            correct="best",
            feedback={
                "no": _("{result} The largest projects are also the dearest.").format(
                    result=result
                ),
                "ratio": _(
                    "{result} Value for money is the better rule here, but it cannot see what will "
                    "fit at the end."
                ).format(result=result),
                "best": _("{result} A rule cannot see what will fit at the end.").format(
                    result=result
                ),
                "far": _(
                    "{result} Even if the last project could be bought in part, 100 would close "
                    "only {bound}."
                ).format(result=result, bound=bound),
            },
        ),
        panels=(
            Figure(
                title=_("The purse and what it can buy"),
                description=_(
                    "A purse as a bar, filled with what has been bought; what goes beyond the "
                    "purse is orange. Below it four rows of cards with what each costs and closes. "
                    "Chosen cards are tinted and ticked."
                ),
                chart=purse_and_cards,
                tables=("purse", "cards"),
                columns={
                    "caption": _("Shelf"),
                    "title": _("Card"),
                    "words": _("What it costs and closes"),
                    "mark": _("Chosen"),
                },
                numbers_from="cards",
                before_commit=True,
            ),
            Figure(
                title=_("What each way of spending closes"),
                description=_(
                    "One bar for each way of spending the purse, with the points that it closes. A "
                    "short line shows what no basket can exceed. Pale bars cannot be bought."
                ),
                chart=closed_by_rule,
                tables=("rules",),
                columns={"name": _("Way of spending"), "words": _("What it closes and costs")},
            ),
            NumberTable(
                title=_("What is in the baskets"),
                table="baskets",
                columns={"name": _("Way of spending"), "projects": _("Projects")},
            ),
            Figure(
                title=_("The best that each purse can close"),
                description=_(
                    "A staircase that rises with the money: the points that the best basket of "
                    "each budget closes. A diamond stands at your basket, a dashed line at your "
                    "purse."
                ),
                chart=best_by_budget,
                tables=("frontier", "here"),
                columns={"budget": _("From a budget of"), "value": _("Best value")},
                decimals=0,
            ),
            Figure(
                title=_("Who gets the money?"),
                description=_(
                    "One row for each gap: a bar for the money that it gets in the best split, and "
                    "marks for equal parts and for parts in proportion to the gaps."
                ),
                chart=partial(money_by_gap, rules=SPLITS),
                tables=("splits",),
                columns={"name": _("Gap"), "words": _("Size"), **SPLITS},
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} \max \sum_{i \in \text{basket}} v_i \quad \text{with} \quad "
            r"\sum_{i \in \text{basket}} c_i \le B \\ \\"
            r"\max \sum_{g} w_g \left(1 - e^{-k_g x_g}\right) \quad \text{with} \quad "
            r"\sum_{g} x_g = B \end{matrix}"
        ),
        formula_note=_(
            "<i>v</i> points that project <i>i</i> closes, <i>c</i> its cost, <i>B</i> the budget "
            "(a knapsack; value for money first: Dantzig, 1957). In portions: <i>w</i> the "
            "weighted points of gap <i>g</i>, <i>k</i> how fast it responds, <i>x</i> the money it "
            "gets; in the best split the next credit closes as much at every gap that gets any."
        ),
        challenge=Challenge(
            goal=_(
                "<b>Fail-safing</b> can no longer be bought; the other baskets here do not know "
                "that. With whole projects and a purse of <b>100</b>, fill a basket that closes "
                "<b>44 points</b> without it."
            ),
            solved=_solved,
            hint=_(
                "Spend all of it. The project that is best value for money is not among those to "
                "buy."
            ),
            success=_(
                "Guest panel, complaint study, clear standards and empowerment: the only basket "
                "of the 128 without fail-safing that closes 44 for 100."
            ),
        ),
    )


def _shelf(key: str) -> Choice:
    title, projects = SHELVES[key]
    one, other = projects
    first = {"design": "both", "people": "a"}
    return Choice(
        name=key,
        label=title,
        options={"none": _("None"), "a": one, "b": other, "both": _("Both")},
        default=first.get(key, "none"),
    )


def _basket(state: State) -> list[str]:
    """Return the projects that the reader has put into the basket."""
    chosen = []
    for key, (_title, projects) in SHELVES.items():
        for letter, name in zip("ab", projects, strict=True):
            if state[key] in (letter, "both"):
                chosen.append(name)
    return chosen


def _needs(state: State) -> dict[str, str]:
    return NEEDS if state["needs"] else {}


def _lacks(state: State) -> bool:
    """Say whether a project lies in the basket without the one that it needs."""
    basket = _basket(state)
    return any(name in basket and needed not in basket for name, needed in _needs(state).items())


def _solved(state: State) -> bool:
    yours = money.evaluate(PROJECTS, _basket(state))
    return bool(
        state["kind"] == "projects"
        and state["budget"] == FULL_PURSE
        and yours.cost <= FULL_PURSE
        and yours.value >= TARGET
        and SOLD_OUT not in yours.projects
        and not _lacks(state)
    )


@cache
def _frontier(needs: bool) -> pd.DataFrame:
    return money.frontier(PROJECTS, NEEDS if needs else None)


def _view(state: State) -> View:
    return _project_view(state) if state["kind"] == "projects" else _portion_view(state)


def _project_view(state: State) -> View:
    budget, needs = state["budget"], _needs(state)
    yours = money.evaluate(PROJECTS, _basket(state))
    baskets = {
        "yours": yours,
        "largest": money.greedy_portfolio(PROJECTS, budget, needs, by="value"),
        "ratio": money.greedy_portfolio(PROJECTS, budget, needs),
        "best": money.best_portfolio(PROJECTS, budget, needs),
    }
    possible = yours.cost <= budget and not _lacks(state)
    return View(
        tables=_project_tables(state, baskets, possible),
        numbers=(
            Number(label=_("points closed"), text=fixed(yours.value, 0)),
            Number(
                label=_("spent"),
                text=_("{cost} of {budget}").format(
                    cost=fixed(yours.cost, 0), budget=fixed(budget, 0)
                ),
            ),
            Number(label=_("best of all baskets"), text=fixed(baskets["best"].value, 0)),
        ),
        sentence=_project_sentence(state, baskets),
        explanation=_(
            "A rule buys one project at a time and cannot see what will fit at the end: value for "
            "money first spends {cost} and closes {ratio}, largest first spends {other} and closes "
            "{largest}. The best basket closes {best}; if projects could be bought in part, the "
            "purse would close {bound}, and nothing can exceed that."
        ).format(
            cost=fixed(baskets["ratio"].cost, 0),
            ratio=fixed(baskets["ratio"].value, 0),
            other=fixed(baskets["largest"].cost, 0),
            largest=fixed(baskets["largest"].value, 0),
            best=fixed(baskets["best"].value, 0),
            bound=fixed(money.fractional_bound(PROJECTS, budget)),
        ),
        teaser=_(
            "Eight projects of a hotel (invented): what each costs, and how many points of the "
            "service gaps it closes. Your basket closes <b>{value} points for {cost}</b>. Change "
            "it with the four shelves."
        ).format(value=fixed(yours.value, 0), cost=fixed(yours.cost, 0)),
    )


def _project_tables(
    state: State, baskets: dict[str, money.Portfolio], possible: bool
) -> dict[str, pd.DataFrame]:
    yours, budget = baskets["yours"], state["budget"]
    bought = PROJECTS.loc[list(yours.projects), "cost"].astype(float)
    words = _("{cost} of {budget} spent, {value} points closed").format(
        cost=fixed(yours.cost, 0), budget=fixed(budget, 0), value=fixed(yours.value, 0)
    )
    cards = [
        {
            "row": row,
            "column": column,
            "caption": title,
            "title": name,
            "words": _("costs {cost}, closes {value}").format(cost=cost, value=value),
            "chosen": name in yours.projects,
            "mark": "✓" if name in yours.projects else "",
        }
        for row, (title, shelf) in enumerate(SHELVES.values())
        for column, (name, (cost, value)) in enumerate(shelf.items())
    ]
    bound = money.fractional_bound(PROJECTS, budget)
    tables = {
        "purse": _purse(bought, budget, words),
        "cards": pd.DataFrame(cards),
        "rules": pd.DataFrame(
            {
                "name": [RULES[rule] for rule in baskets],
                "closed": [basket.value for basket in baskets.values()],
                "words": [
                    _("{value} for {cost}").format(
                        value=fixed(basket.value, 0), cost=fixed(basket.cost, 0)
                    )
                    for basket in baskets.values()
                ],
                "kind": [rule if rule in ("yours", "best") else "other" for rule in baskets],
                "possible": [possible, True, True, True],
                "bound": bound,
            }
        ),
        "frontier": _frontier(state["needs"]),
        "here": pd.DataFrame({"cost": [yours.cost], "value": [yours.value], "budget": [budget]}),
    }
    if state["peek"]:
        tables["baskets"] = pd.DataFrame(
            {
                "name": [RULES[rule] for rule in baskets],
                "projects": [", ".join(b.projects) or _("nothing") for b in baskets.values()],
            }
        )
    return tables


def _purse(bought: pd.Series, budget: float, words: str) -> pd.DataFrame:
    """Lay purchases side by side; what passes the end of the purse is cut off and marked."""
    if bought.empty:
        bought = pd.Series([0.0], index=[_("nothing")])
    ends = bought.cumsum().tolist()
    rows = []
    for name, start, end in zip(bought.index, [0.0, *ends], ends, strict=False):
        cuts = [start, *([budget] if start < budget < end else []), end]
        rows += [
            {"title": name, "start": a, "end": b, "beyond": a >= budget and b > a}
            for a, b in pairwise(cuts)
        ]
    return pd.DataFrame(rows).assign(budget=budget, words=words).round(3)


def _project_sentence(state: State, baskets: dict[str, money.Portfolio]) -> str:
    yours, best, budget = baskets["yours"], baskets["best"], state["budget"]
    names = ", ".join(yours.projects) or _("nothing")
    bought = _("<b>Your basket closes {value} points for {cost}</b>: {names}. ").format(
        value=fixed(yours.value, 0), cost=fixed(yours.cost, 0), names=names
    )
    if yours.cost > budget:
        return bought + _(
            "But the purse holds only {budget}: put {over} worth of projects back."
        ).format(budget=fixed(budget, 0), over=fixed(yours.cost - budget, 0))
    if _lacks(state):
        return bought + _("But empowerment does not work before there are clear standards.")
    others = _("Largest first closes {largest}, value for money first {ratio}.").format(
        largest=fixed(baskets["largest"].value, 0), ratio=fixed(baskets["ratio"].value, 0)
    )
    if state["peek"]:
        others += _(" In the best basket lie {names}.").format(
            names=", ".join(best.projects) or _("nothing")
        )
    if best.value - yours.value < NEGLIGIBLE:
        return (
            bought
            + _("No basket for {budget} closes more. ").format(budget=fixed(budget, 0))
            + others
        )
    return (
        bought
        + _("The best basket for {budget} closes {best}, {more} more. ").format(
            budget=fixed(budget, 0),
            best=fixed(best.value, 0),
            more=fixed(best.value - yours.value, 0),
        )
        + others
    )


def _portion_view(state: State) -> View:
    budget = state["budget"]
    best = money.allocate(SIZES, RATES, budget)
    splits = money.compare_splits(SIZES, RATES, budget)
    spending = splits.pivot_table(index="gap", columns="rule", values="spending")
    closed = splits.groupby("rule")["closed"].sum()
    largest = SIZES.index(max(SIZES))
    share = _("{money} of {budget}").format(
        money=fixed(float(best.spending[largest])), budget=fixed(budget, 0)
    )
    return View(
        tables=_portion_tables(budget, best, spending, closed),
        numbers=(
            Number(label=_("for the largest gap"), text=share),
            Number(label=_("points closed by the best split"), text=fixed(best.value)),
            Number(label=_("closed by equal parts"), text=fixed(float(closed["equal"]))),
        ),
        sentence=_(
            "<b>The largest gap, delivery with 40 points, gets {share}.</b> The best split gives "
            "{parts}, and closes {best} of 115 points; equal parts close {equal}, parts in "
            "proportion to the gaps {proportional}."
        ).format(
            share=share,
            parts=_list(best.spending),
            best=fixed(best.value),
            equal=fixed(float(closed["equal"])),
            proportional=fixed(float(closed["proportional"])),
        ),
        explanation=_(
            "What counts is not the size of a gap but what the next credit closes: size times "
            "response, at first 1.50 for listening and communication, 1.20 for delivery, 0.80 for "
            "standards. In this model money flows to the highest until all are level, here at "
            "{marginal} points a credit. {flat}"
        ).format(marginal=fixed(best.marginal), flat=_flatness(best.value, closed)),
        teaser="",
        inactive=frozenset([*SHELVES, "needs", "peek"]),
    )


def _list(spending: money.Array) -> str:
    return ", ".join(
        f"{name.split(' · ')[1].lower()} {fixed(float(part))}"
        for name, part in zip(GAPS, spending, strict=True)
    )


def _flatness(best: float, closed: pd.Series) -> str:
    simple = float(closed.drop("best").max())
    if simple > 0.97 * best:
        return _("Simple splits come close to the best: the peak is flat, good news for guessers.")
    return _("With little money the choice matters: simple splits close clearly less.")


def _portion_tables(
    budget: float, best: money.Allocation, spending: pd.DataFrame, closed: pd.Series
) -> dict[str, pd.DataFrame]:
    spent = pd.Series(best.spending, index=list(GAPS))
    gains = money.closure(SIZES, RATES, best.spending)
    cards = [
        {
            "row": row,
            "column": column,
            "caption": name,
            "title": title,
            "words": words,
            "chosen": bool(column and spent.iloc[row] > NEGLIGIBLE),
            "mark": "✓" if column and spent.iloc[row] > NEGLIGIBLE else "",
        }
        for row, (name, (size, rate)) in enumerate(GAPS.items())
        for column, (title, words) in enumerate(
            [
                (
                    _("{size} points").format(size=size),
                    _("next credit: {first}").format(first=fixed(size * rate)),
                ),
                (
                    _("gets {money}").format(money=fixed(float(spent.iloc[row]), 1)),
                    _("closes {points} points").format(points=fixed(float(gains[row]), 1)),
                ),
            ]
        )
    ]
    words = _("{budget} spent, {value} points closed").format(
        budget=fixed(budget, 0), value=fixed(best.value, 1)
    )
    return {
        "purse": _purse(spent[spent > NEGLIGIBLE], budget, words),
        "cards": pd.DataFrame(cards),
        "rules": pd.DataFrame(
            {
                "name": list(SPLIT_NAMES.values()),
                "closed": [float(closed[rule]) for rule in SPLIT_NAMES],
                "words": [fixed(float(closed[rule])) for rule in SPLIT_NAMES],
                "kind": ["best", "other", "other"],
                "possible": True,
                "bound": float("nan"),
            }
        ),
        "splits": spending[list(SPLITS)]
        .round(3)
        .assign(
            name=list(GAPS),
            words=[_("{size} points").format(size=size) for size in SIZES],
        ),
    }
