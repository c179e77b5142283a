"""Pull the chain (D4.4): six plausible links from better tools to profit multiply to little."""

from gettext import gettext as _
from itertools import pairwise
from math import isclose
from typing import Any

import numpy as np
import pandas as pd

from servicequality.charts.service_profit_chain import effect_bars, path_diagram, survey
from servicequality.models import service_profit_chain as model
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
    Toggle,
    View,
    fixed,
)

CAUSE, EFFECT = "ISQ", "PR"
# Name, name in the diagram, and place there (column, row).
NODES = {
    "ISQ": (_("better tools"), _("better|tools"), (1, 0)),
    "ES": (_("happy staff"), _("happy|staff"), (1, 1)),
    "ER": (_("staff stay"), _("staff|stay"), (0, 2)),
    "EP": (_("staff are productive"), _("productive|staff"), (2, 2)),
    "ESV": (_("value to customers"), _("value to|customers"), (0, 3)),
    "CS": (_("happy customers"), _("happy|customers"), (1, 3)),
    "CL": (_("customers stay"), _("customers|stay"), (1, 4)),
    "PR": (_("profit"), _("profit"), (2, 4)),
}
# Two links cross; their numbers stand apart.
AT = {("ES", "CS"): 0.35, ("EP", "ESV"): 0.27}
SHOWN = (("ISQ", "PR"), ("ISQ", "CS"), ("ES", "CS"), ("ES", "PR"), ("EP", "PR"), ("CS", "PR"))
SEED = 527
"""Surveys whose correlation is close to that of all business units, both ways round."""

PLOTTED = 300
DOUBLE = 2.0


def pull_the_chain() -> Demo:
    """Follow better tools for staff through to profit, and doubt a survey (D4.4).

    Returns
    -------
    Demo
        Model M4.6; the first state is O4.6.
    """
    return Demo(
        code="D4.4",
        title=_("Pull the chain"),
        question=_("Better tools for staff: how much profit?"),
        evidence="T",
        assumption=_(
            "The algebra is established. In this model the strengths of the ten paths are "
            "invented, relations are straight lines, and arrows run one way. Studies find the "
            "links, but they differ by kind of service, and more contented staff do not always "
            "pay (Hogreve and colleagues, 2017). The business units are synthetic."
        ),
        taste=(_path(("ISQ", "ES")),),
        controls=(
            Toggle(name="reverse", label=_("In the survey: profit pays for tools instead")),
            Slider(
                name="n", label=_("Business units asked"), low=50, high=5000, step=50, default=300
            ),
            Group(
                _("Staff"),
                tuple(_path(path) for path in model.PATHS if path[0] in ("ES", "ER", "EP")),
            ),
            Group(
                _("Customers and profit"),
                tuple(_path(path) for path in model.PATHS if path[0] in ("ESV", "CS", "CL")),
            ),
        ),
        presets=(
            Preset(_("The chain")),
            Preset(_("Profit pays for tools"), {"reverse": True}),
            Preset(_("5,000 units"), {"n": 5000}),
            Preset(_("Strong links all along"), {_name(path): 0.8 for path in STRONG}),
            Preset(_("Staff leave, whatever you do"), {_name(("ES", "ER")): 0.0}),
            Preset(_("Productive, but rushed"), {_name(("EP", "ESV")): -0.2}),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("The chain runs down and to the right; the wider, the stronger"),
                description=_(
                    "A diagram that runs from better tools at the top, through happy staff, staff "
                    "who stay and are productive, value to customers, happy customers and "
                    "customers who stay, to profit at the bottom right. Each of the ten links is "
                    "as wide as it is strong and has its number."
                ),
                chart=path_diagram,
                tables=("paths", "nodes"),
                columns={"link": _("Link"), "value": _("Strength")},
                before_commit=True,
            ),
            Figure(
                title=_("What arrives: links multiply, chains add up"),
                description=_(
                    "A bar for each pair of things: its total effect, with a thin orange bar for "
                    "the part that is direct. The bar of tools on profit is short."
                ),
                chart=effect_bars,
                tables=("effects",),
                columns={
                    "name": _("From, to"),
                    "direct": _("Direct"),
                    "indirect": _("Through others"),
                    "total": _("Total"),
                },
                decimals=3,
            ),
            NumberTable(
                title=_("Every way from tools to profit"),
                table="ways",
                columns={"way": _("Way"), "effect": _("Effect")},
                decimals=4,
            ),
            Figure(
                title=_("A survey sees the cloud, never the arrows"),
                description=_(
                    "A cloud of points, one for each business unit, with its tools and its "
                    "profit, and a line of best fit. It looks the same whichever is the cause."
                ),
                chart=survey,
                tables=("units", "fit"),
                columns={"tools": _("Tools"), "profit": _("Profit, on the line")},
                numbers_from="fit",
            ),
        ),
        view=_view,
        formula=r"\text{total} = (I - B)^{-1} - I = B + B^2 + B^3 + \dots",
        formula_note=_(
            "<i>B</i> holds the strength of each path, in standard deviations: how far the effect "
            "moves when the cause moves by one. Each power of <i>B</i> adds chains that are one "
            "link longer. Bollen (1987); the chain: Heskett and colleagues (1994)."
        ),
        challenge=Challenge(
            goal=_(
                "<b>Double</b> the total effect of tools on profit by raising <b>one</b> link, by "
                "as little as you can: the winner needs no more than <b>0.31</b>."
            ),
            solved=_solved,
            hint=_("A short cut to profit is worth more than a link far from it."),
            success=_(
                "Productive staff earn profit at once, without the long way through customers: "
                "+0.30 on that link doubles everything."
            ),
        ),
    )


def _name(path: tuple[str, str]) -> str:
    return "_".join(path).lower()


def _link(path: tuple[str, str]) -> str:
    return " → ".join(NODES[node][0] for node in path)


STRONG = (("ISQ", "ES"), ("ES", "ER"), ("ESV", "CS"), ("CS", "CL"), ("CL", "PR"))
STRONGER = 0.31


def _path(path: tuple[str, str]) -> Slider:
    return Slider(
        name=_name(path),
        label=_link(path),
        low=-0.2,
        high=0.8,
        step=0.01,
        default=model.PATHS[path],
    )


def _pull(found: model.Effects, cause: str = CAUSE) -> float:
    return float(found.total[EFFECT].loc[cause])


def _prediction() -> Prediction:
    total = _pull(model.effects())
    result = _("The correlation is {total}.").format(total=fixed(total, 3))
    right = "none" if total < 0.1 else "some"
    return Prediction(
        question=_(
            "No link is weaker than 0.1, one is as strong as 0.6. How strongly do tools and profit "
            "correlate in this chain?"
        ),
        options={
            "strong": _("About 0.5: good tools pay"),
            "some": _("About 0.25: a middling link"),
            "none": _("Less than 0.1: hardly at all"),
        },
        correct=right,
        feedback={
            "strong": _("Each link passes on only a part of what it gets. {result}").format(
                result=result
            ),
            "some": _("So strong is a single link, not six in a row. {result}").format(
                result=result
            ),
            "none": _("{result} Plausible links multiply to little.").format(result=result),
        },
    )


def _paths(state: State) -> dict[tuple[str, str], float]:
    return {path: state[_name(path)] for path in model.PATHS}


def _solved(state: State) -> bool:
    paths = _paths(state)
    changes = [
        paths[path] - first
        for path, first in model.PATHS.items()
        if not isclose(paths[path], first, abs_tol=1e-9)
    ]
    if len(changes) != 1 or not 0 < changes[0] <= STRONGER + 1e-9:
        return False
    before, now = (_pull(model.effects(each)) for each in (model.PATHS, paths))
    # The last step of a slider may fall a hair short of the double.
    return now >= DOUBLE * before * (1 - 0.002)


def _survey(state: State, paths: dict[tuple[str, str], float]) -> pd.DataFrame:
    # A refusal names the node as the reader knows it.
    named = {(NODES[cause][0], NODES[effect][0]): value for (cause, effect), value in paths.items()}
    nodes = [NODES[node][0] for node in model.NODES]
    units = model.simulate(int(state["n"]), named, nodes, state["reverse"], SEED)
    return units.set_axis(list(model.NODES), axis=1)


def _view(state: State) -> View:
    paths = _paths(state)
    found = model.effects(paths)
    total = _pull(found)
    ways = model.chains(CAUSE, EFFECT, paths)
    seen = _survey(state, paths)
    correlation = float(seen[CAUSE].corr(seen[EFFECT]))
    return View(
        tables=_tables(paths, found, ways, seen, correlation),
        numbers=(
            Number(label=_("total effect of tools on profit"), text=fixed(total, 3)),
            Number(label=_("the strongest single way"), text=fixed(ways["effect"].iloc[0], 3)),
            Number(label=_("correlation in the survey"), text=fixed(correlation, 3)),
        ),
        sentence=_sentence(state, found, correlation),
        explanation=_explanation(state, paths, ways, total),
        teaser=_(
            "Better tools make staff happier, happy staff stay and work better, customers get more "
            "for their money, come back, and bring profit. Every link of this chain is plausible. "
            "<b>What is left of a pull at its end?</b>"
        ),
    )


def _sentence(state: State, found: model.Effects, correlation: float) -> str:
    total = _pull(found)
    if state["reverse"]:
        told = _(
            "<b>If the arrows were right, one standard deviation of better tools would move profit "
            "by {total} standard deviations.</b> But in this survey profit pays for tools. It "
            "finds a correlation of {correlation} all the same ({n} units)."
        )
    else:
        told = _(
            "<b>One standard deviation of better tools moves profit by {total} standard "
            "deviations.</b> Happy staff move it by {staff}, productive staff by {productive}, "
            "happy customers by {customers}. A survey of {n} units in which tools bring profit "
            "finds a correlation of {correlation}."
        )
    return told.format(
        total=fixed(total, 3),
        staff=fixed(_pull(found, "ES"), 3),
        productive=fixed(_pull(found, "EP"), 3),
        customers=fixed(_pull(found, "CS"), 3),
        n=f"{int(state['n']):,}",
        correlation=fixed(correlation, 3),
    )


def _explanation(
    state: State, paths: dict[tuple[str, str], float], ways: pd.DataFrame, total: float
) -> str:
    chain = max(ways["chain"], key=len)
    product = float(ways.set_index("chain")["effect"][chain])
    links = pairwise(chain)
    told = _(
        "The long way multiplies {links} = {product}; all {count} ways together make {total}."
    ).format(
        links=" × ".join(fixed(paths[link]) for link in links),
        product=fixed(product, 4),
        count=len(ways),
        total=fixed(total, 3),
    )
    if state["reverse"]:
        return f"{told} " + _(
            "In this survey profit came first and paid for the tools, so that better tools would "
            "change nothing. The cloud is the same: a correlation has no arrow."
        )
    return f"{told} " + _(
        "The correlation would look the same if profit paid for the tools: try the switch."
    )


def _tables(
    paths: dict[tuple[str, str], float],
    found: model.Effects,
    ways: pd.DataFrame,
    seen: pd.DataFrame,
    correlation: float,
) -> dict[str, pd.DataFrame]:
    ends = np.array([-3.2, 3.2])
    pairs = pd.DataFrame(
        {
            "name": [_link(pair) for pair in SHOWN],
            **{
                kind: [float(getattr(found, kind).loc[pair]) for pair in SHOWN]
                for kind in ("direct", "indirect", "total")
            },
        }
    )
    pairs["words"] = [fixed(total, 3) for total in pairs["total"]]
    return {
        "nodes": pd.DataFrame(
            [
                (name, *place, node in (CAUSE, EFFECT))
                for node, (_full, name, place) in NODES.items()
            ],
            columns=["name", "column", "row", "end"],
        ),
        "paths": pd.DataFrame([_drawn(path, value) for path, value in paths.items()]),
        "effects": pairs,
        "ways": pd.DataFrame(
            {
                "way": [" → ".join(NODES[node][0] for node in chain) for chain in ways["chain"]],
                "effect": ways["effect"],
            }
        ),
        "units": pd.DataFrame(
            {"tools": seen[CAUSE][:PLOTTED], "profit": seen[EFFECT][:PLOTTED]}
        ).round(2),
        "fit": pd.DataFrame(
            {
                "tools": ends,
                "profit": correlation * ends,
                "words": _("correlation {r}").format(r=fixed(correlation, 3)),
            }
        ),
    }


def _drawn(path: tuple[str, str], value: float) -> dict[str, Any]:
    (x, y), (x2, y2) = (NODES[node][2] for node in path)
    return {
        "link": _link(path),
        "x": x,
        "y": y,
        "x2": x2,
        "y2": y2,
        "value": value,
        "words": fixed(value),
        "at": AT.get(path, 0.5),
    }
