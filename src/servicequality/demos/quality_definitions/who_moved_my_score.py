"""Who moved my score (D1.2): a league table reshuffles although nothing has changed but luck."""

from functools import cache, lru_cache
from gettext import gettext as _
from typing import NamedTuple

import pandas as pd

from servicequality.charts.variance_components import (
    league_table,
    places_by_month,
    reliability_by_ratings,
    true_and_observed,
    variance_bars,
)
from servicequality.models import variance_components as model
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

BRANCHES, BOTTOM, MONTHS = 12, 3, 24
SEVEN = 7
VARIANCE = 2.0
SHARES = {"branch": 5.0, "employee": 12.5}
GOAL, AFFORDED = 0.8, 200
# A chain in which branch 7, in truth seventh of twelve, comes last in the first month.
SEED = 570
RATINGS = (5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200)


class Table(NamedTuple):
    """A month's league table beside the one before; places count from 1, the best.

    `before` is empty in the first month.
    """

    now: model.Month
    before: pd.Series

    @property
    def again(self) -> int:
        """How many of last month's bottom branches are at the bottom again."""
        return len(_bottom(self.now) & set(self.before[self.before > BRANCHES - BOTTOM].index))


def who_moved_my_score() -> Demo:
    """Rank branches month after month, and learn how much of the order is real (D1.2).

    Returns
    -------
    Demo
        Model M1.2; the first state is O1.2c.
    """
    return Demo(
        code="D1.2",
        title=_("Who moved my score?"),
        question=_("Is branch 7 really worse, or unlucky?"),
        evidence="E",
        assumption=_(
            "The formulas are established; the twelve branches are simulated (synthetic). In this "
            "model their true levels never change, and each month brings other customers and other "
            "staff on duty. The chain was chosen so that branch 7 comes last in month 1."
        ),
        at_hand=(
            Slider(
                name="month",
                label=_("Month"),
                low=1,
                high=MONTHS,
                step=1,
                default=1,
                button=_("Next month"),
            ),
            Toggle(name="truth", label=_("Show the truth")),
        ),
        taste=(
            Slider(
                name="ratings",
                label=_("Ratings for each employee"),
                low=5,
                high=200,
                step=1,
                default=15,
            ),
        ),
        controls=(
            Slider(
                name="employees",
                label=_("Employees in each branch"),
                low=1,
                high=20,
                step=1,
                default=6,
            ),
            Group(
                _("Where differences come from"),
                (
                    _share("branch", _("From the branch")),
                    _share("employee", _("From the employee")),
                ),
            ),
        ),
        presets=(
            Preset(_("Bank branches")),
            Preset(_("Their true levels"), {"truth": True, "month": 2}),
            Preset(_("One-doctor clinics"), {"employees": 1, "month": 2}),
            Preset(_("Call centres"), {"employees": 20, "ratings": 200, "month": 2}),
            Preset(_("All branches alike"), {"branch": 0, "month": 2}),
            Preset(_("Very unequal branches"), {"branch": 40, "month": 2}),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("This month's league table: twelve branches by their mean rating"),
                description=_(
                    "Twelve rows, the best branch first. Small grey dots are employees' mean "
                    "ratings, the large mark is the branch's mean; the bottom three, under a "
                    "dashed line, are orange diamonds. At the right stands how many places the "
                    "branch has moved since last month; last month's bottom three are shaded."
                ),
                chart=league_table,
                tables=("league", "employees"),
                columns={
                    "place": _("Place"),
                    "branch": _("Branch"),
                    "mean": _("Mean rating"),
                    "before": _("Last month"),
                    "true": _("True level"),
                },
                before_commit=True,
            ),
            Figure(
                title=_("Branch 7, month by month"),
                description=_(
                    "A line of the places of branch 7 from month 1 to the present month, the best "
                    "place at the top. The bottom three places are shaded. With the truth switched "
                    "on, a dashed line shows the true place."
                ),
                chart=places_by_month,
                tables=("history",),
                columns={"month": _("Month"), "place": _("Place")},
                decimals=0,
            ),
            Figure(
                title=_("More ratings help up to a ceiling; more employees lift it"),
                description=_(
                    "A curve of the reliability of branch means, from 0 to 1, against the number "
                    "of ratings for each employee. It flattens under a dashed ceiling that the "
                    "number of employees sets. A dot marks the present number of ratings."
                ),
                chart=reliability_by_ratings,
                tables=("reliability", "here"),
                columns={"ratings": _("Ratings for each employee"), "value": _("Reliability")},
            ),
            Figure(
                title=_("Where the differences between two ratings come from"),
                description=_(
                    "A stacked bar of three shares: branches, employees, and customers with "
                    "chance, as estimated from this month's ratings. With the truth switched on, a "
                    "second bar shows the true shares."
                ),
                chart=variance_bars,
                tables=("shares",),
                columns={
                    "name": _("Shares"),
                    "branch": _("Branches"),
                    "employee": _("Employees"),
                    "residual": _("Customers, chance"),
                },
                decimals=3,
            ),
            Figure(
                title=_("Where each branch belongs, and where the ratings put it"),
                description=_(
                    "A scatter of twelve numbered branches: true place to the right, this month's "
                    "place upwards, the best at the upper right. On the dashed diagonal both "
                    "agree. The bottom three of this month are orange diamonds."
                ),
                chart=true_and_observed,
                tables=("ranks",),
                columns={
                    "branch": _("Branch"),
                    "true_rank": _("True place"),
                    "observed_rank": _("This month"),
                },
                decimals=0,
            ),
        ),
        view=_view,
        formula=(r"R = \frac{\sigma_b^2}{\sigma_b^2 + \sigma_e^2 / J + \sigma_r^2 / (J\,n)}"),
        formula_note=_(
            "<i>R</i> reliability of the branch means; <i>σ</i><sup>2</sup> variances between "
            "branches (<i>b</i>), between employees of a branch (<i>e</i>), and of the rest, "
            "customers and chance (<i>r</i>); <i>J</i> employees in each branch, <i>n</i> ratings "
            "for each (Brennan, 2001). Without end, <i>n</i> removes only the last part: the "
            "ceiling. Pairs in the wrong order: arccos(√<i>R</i>) ÷ π (Sheppard, 1899)."
        ),
        challenge=Challenge(
            goal=_(
                "Leave the branches as different as they are (5 % branch, 12.5 % employee). Change "
                "how they are measured until the <b>reliability reaches 0.80</b>, with at most "
                "<b>200 ratings</b> in each branch."
            ),
            solved=_solved,
            hint=_(
                "With six employees the ceiling is {ceiling}, however many ratings you collect. "
                "What lifts the ceiling?"
            ).format(ceiling=fixed(_ceiling(6))),
            success=_(
                "Eleven employees would need 66 ratings each, 726 in all; twenty need only 7 each, "
                "140 in all. A branch's score is only as good as its sample of employees."
            ),
        ),
    )


def _share(name: str, label: str) -> Slider:
    return Slider(name=name, label=label, low=0, high=40, step=0.5, default=SHARES[name], unit="%")


def _prediction() -> Prediction:
    first = {"month": 2, "ratings": 15, "employees": 6, **SHARES}
    again = _table(first).again
    usual = _usual(first)
    facts = {
        "again": again,
        "usual": fixed(usual, 1),
        "luck": fixed(_usual(first | {"branch": 0}), 2),
    }
    told = _(
        "This time {again} of the three. Over many months it would be {usual} on average; by pure "
        "luck it would be {luck}."
    ).format(**facts)
    return Prediction(
        question=_(
            "Next month nothing changes in any branch. Other customers come, and other staff are "
            "on duty. How many of this month's bottom three will be in the bottom three again?"
        ),
        options={"all": _("All three"), "some": _("One or two"), "none": _("None")},
        correct={BOTTOM: "all", 0: "none"}.get(again, "some"),
        feedback={
            "all": _("A table that stayed like that would be a table without luck. {told}").format(
                told=told
            ),
            "some": told,
            "none": _("The table is not pure luck. {told}").format(told=told),
        },
        values={"month": 2},
    )


def _variances(state: State) -> model.Components:
    branch, employee = (VARIANCE * state[name] / 100 for name in SHARES)
    return model.Components(branch, employee, VARIANCE - branch - employee)


def _reliability(state: State, **changed: float) -> float:
    at = {**state, **changed}
    return float(model.branch_reliability(*_variances(at), at["employees"], at["ratings"]))


def _ceiling(employees: float) -> float:
    return _reliability({**SHARES, "employees": employees, "ratings": float("inf")})


def _usual(state: State) -> float:
    return _bottom_again(round(_reliability(state), 3))


@cache
def _bottom_again(reliability: float) -> float:
    return model.bottom_again(reliability, BRANCHES, BOTTOM)


def _month(state: State, month: int) -> model.Month:
    return _simulated(_variances(state), int(state["employees"]), int(state["ratings"]), month)


@lru_cache(maxsize=4 * MONTHS)
def _simulated(
    variances: model.Components, employees: int, ratings: int, month: int
) -> model.Month:
    return model.simulate(
        *variances,
        branches=BRANCHES,
        employees=employees,
        ratings=ratings,
        month=month,
        seed=SEED,
    )


def _table(state: State) -> Table:
    month = int(state["month"])
    before = _month(state, month - 1).branches["observed_rank"] if month > 1 else pd.Series()
    return Table(_month(state, month), before)


def _bottom(month: model.Month) -> set[int]:
    ranks = month.branches["observed_rank"]
    return set(ranks[ranks > BRANCHES - BOTTOM].index)


def _solved(state: State) -> bool:
    untouched = all(state[name] == share for name, share in SHARES.items())
    afforded = state["employees"] * state["ratings"] <= AFFORDED
    return untouched and afforded and _reliability(state) >= GOAL - 1e-9


def _view(state: State) -> View:
    table = _table(state)
    reliability = _reliability(state)
    wrong = percent(float(model.wrong_pairs(reliability)))
    numbers = [
        Number(label=_("reliability R of the order"), text=fixed(reliability)),
        Number(label=_("of all pairs in the wrong order, usually"), text=wrong),
    ]
    if len(table.before):
        numbers.append(
            Number(
                label=_("of last month's bottom three again"),
                text=_("{again} of {bottom}").format(again=table.again, bottom=BOTTOM),
            )
        )
    if state["truth"] and state["branch"] > 0:
        numbers.append(
            Number(
                label=_("rank correlation with the truth"), text=fixed(table.now.rank_correlation)
            )
        )
    return View(
        tables=_tables(state, table),
        numbers=tuple(numbers),
        sentence=_sentence(state, table, reliability, wrong),
        explanation=_explanation(state, reliability),
        teaser=_teaser(state, table),
    )


def _teaser(state: State, table: Table) -> str:
    last = table.now.branches["observed_rank"].idxmax()
    return _(
        "Twelve bank branches, ranked by their mean rating this month (synthetic data). Each grey "
        "dot is one employee, rated by {ratings} customers. Branch {last} is last, and its manager "
        "is called in. <b>Is that fair?</b>"
    ).format(ratings=int(state["ratings"]), last=last)


def _sentence(state: State, table: Table, reliability: float, wrong: str) -> str:
    ranks = table.now.branches[["true_rank", "observed_rank"]].loc[SEVEN].to_dict()
    facts = {
        "reliability": fixed(reliability),
        "wrong": wrong,
        "again": table.again if len(table.before) else 0,
        "usual": fixed(_usual(state), 1),
        "place": int(ranks["observed_rank"]),
        "was": int(table.before[SEVEN]) if len(table.before) else 0,
        "true": int(ranks["true_rank"]),
        "rho": fixed(table.now.rank_correlation),
    }
    if table.before.empty:
        moved = _("<b>Branch 7 is in place {place} of 12. Press “Next month”.</b>")
    else:
        moved = _(
            "<b>Of last month's bottom three, {again} of 3 are there again</b> (usually {usual}); "
            "branch 7 moved from place {was} to {place}."
        )
    real = _(
        "The order has reliability {reliability}: about {wrong} of all pairs of branches stand the "
        "wrong way round."
    )
    truth = _("In truth branch 7 is {true} of 12; the true and this month's order correlate {rho}.")
    if state["branch"] == 0:
        truth = _("In truth all twelve are equally good.")
    parts = [moved, real, truth] if state["truth"] else [moved, real]
    return " ".join(parts).format(**facts)


def _explanation(state: State, reliability: float) -> str:
    ceiling = _reliability(state, ratings=float("inf"))
    facts = {
        "real": percent(reliability, 0),
        "luck": percent(1 - reliability, 0),
        "employees": int(state["employees"]),
        "ratings": int(state["ratings"]),
        "ceiling": fixed(ceiling),
    }
    if state["branch"] == 0:
        return _(
            "All twelve branches are equally good in this setting, so every place in the table is "
            "luck, and it will be other branches' luck next month. No number of ratings can make "
            "this order reliable."
        )
    what = _(
        "Nothing has changed in any branch but luck: other customers, other staff. Of the "
        "differences between branch means {real} are real and {luck} are luck."
    )
    if state["employee"] == 0:
        why = _("Employees do not differ here, so more ratings alone can bring it close to 1.")
    elif state["employees"] == 1:
        why = _(
            "With one employee in each branch, nobody can tell a good branch from a good employee; "
            "even endless ratings reach only {ceiling}."
        )
    else:
        why = _(
            "Endless ratings would lift {now} to {ceiling} at most, because "
            "{employees} employees are still a small sample of a branch."
        )
    return f"{what} {why}".format(**facts, now=fixed(reliability))


def _tables(state: State, table: Table) -> dict[str, pd.DataFrame]:
    branches = table.now.branches
    place = branches["observed_rank"].astype(int)
    league = pd.DataFrame(
        {
            "place": place,
            "branch": branches.index,
            "mean": branches["observed"],
            "before": table.before.reindex(branches.index),
            "true": branches["true"] if state["truth"] else float("nan"),
        }
    ).sort_values("place")
    staff = table.now.employees
    reliability = _reliability(state)
    tables = {
        "league": league.round(2),
        "employees": pd.DataFrame({"place": staff["branch"].map(place), "mean": staff["mean"]}),
        "reliability": pd.DataFrame(
            {
                "ratings": RATINGS,
                "value": [_reliability(state, ratings=n) for n in RATINGS],
                "ceiling": _reliability(state, ratings=float("inf")),
            }
        ),
        "here": pd.DataFrame(
            {
                "ratings": [state["ratings"]],
                "value": [reliability],
                "label": [fixed(reliability)],
            }
        ),
    }
    places = [
        _month(state, month).branches.loc[SEVEN, "observed_rank"]
        for month in range(1, int(state["month"]) + 1)
    ]
    true = state["truth"] and state["branch"] > 0
    tables["history"] = pd.DataFrame(
        {
            "month": range(1, len(places) + 1),
            "place": places,
            "true": branches.loc[SEVEN, "true_rank"] if true else float("nan"),
        }
    )
    rows = {}
    if state["employees"] > 1:
        rows[_("Estimated from this month's ratings")] = table.now.components
    if state["truth"]:
        rows[_("The truth")] = _variances(state)
    if true:
        tables["ranks"] = (
            branches[["true_rank", "observed_rank"]].astype(int).rename_axis("branch").reset_index()
        )
    if rows:
        shares = pd.DataFrame(map(model.variance_shares, rows.values()))
        shares.insert(0, "name", list(rows))
        tables["shares"] = shares
    return {name: part.round(2 if name == "employees" else 4) for name, part in tables.items()}
