"""Move the crosshair (D2.4): one dataset, several to-do lists."""

from functools import cache, partial
from gettext import gettext as _

import pandas as pd

from servicequality import data
from servicequality.charts.importance_performance import (
    advice_by_rule,
    advice_names,
    importance_performance_map,
    map_tables,
    shortfall_bars,
)
from servicequality.models import importance_performance as ipa
from servicequality.models import servqual
from servicequality.widgets import (
    Challenge,
    Choice,
    Demo,
    Figure,
    Number,
    Prediction,
    Preset,
    Slider,
    State,
    View,
    fixed,
)

MIDDLE = 4
LINES = frozenset({"importance_line", "performance_line"})
COLUMNS = ["importance", "performance", "correlation"]
INVENTED = {
    "hotel": {
        _("speed"): (6.6, 5.1, 0.46),
        _("courtesy"): (6.1, 6.2, 0.52),
        _("decor"): (4.6, 5.8, 0.34),
        _("accuracy"): (6.8, 5.9, 0.30),
        _("parking"): (4.9, 4.7, 0.12),
        _("advice"): (5.6, 5.0, 0.50),
    },
    "clinic": {
        _("explanation"): (6.8, 5.2, 0.55),
        _("waiting"): (6.3, 4.3, 0.38),
        _("hygiene"): (6.9, 6.4, 0.15),
        _("kindness"): (6.5, 5.9, 0.52),
        _("privacy"): (6.6, 6.1, 0.26),
        _("hours"): (6.2, 5.4, 0.30),
    },
    "app": {
        _("login"): (6.6, 6.5, 0.22),
        _("speed"): (6.7, 6.2, 0.48),
        _("layout"): (5.2, 6.6, 0.41),
        _("help"): (5.8, 6.3, 0.45),
        _("safety"): (6.8, 6.7, 0.18),
        _("updates"): (4.6, 6.1, 0.14),
    },
}
SURVEYS = {
    "hotel": _("Harbour Lantern Hotel (synthetic)"),
    "clinic": _("Riverside Clinic (synthetic)"),
    "app": _("PrintNest app (synthetic)"),
    "kiosks": _("Kiosks, 207 users (real)"),
}
SHORT = {"hotel": _("Hotel"), "clinic": _("Clinic"), "app": _("App"), "kiosks": _("Kiosks")}
RULES = {
    "free": _("By hand"),
    "scale": _("Middle of scale"),
    "data": _("Averages"),
    "diagonal": _("Diagonal"),
    "derived": _("Derived importance"),
}
HEADINGS = {
    "scale": _("Middle"),
    "data": _("Averages"),
    "diagonal": _("Diagonal"),
    "derived": _("Derived"),
    "now": _("Now"),
}


def move_the_crosshair() -> Demo:
    """Move the cross of an importance-performance map, and watch the advice change (D2.4).

    Returns
    -------
    Demo
        Model M2.6; the first state and the prediction are O2.6.
    """
    return Demo(
        code="D2.4",
        title=_("Move the crosshair"),
        question=_("What should this hotel improve first?"),
        evidence="M",
        assumption=_(
            "To sort attributes by two lines is arithmetic. That the quadrants tell where money "
            "works best is disputed (Oh, 2001). Hotel, clinic and app are invented. The kiosk "
            "answers are real, from 207 users in South Korea, nearly all in their twenties."
        ),
        taste=(
            _line("importance_line", _("Importance line")),
            _line("performance_line", _("Performance line")),
        ),
        controls=(
            Choice(name="rule", label=_("Where the lines run"), options=RULES, default="free"),
            Choice(name="survey", label=_("Whose answers"), options=SHORT, default="hotel"),
        ),
        presets=(
            Preset(_("Hotel, middle of the scale")),
            Preset(_("Hotel, averages"), {"rule": "data"}),
            Preset(_("Hotel, diagonal"), {"rule": "diagonal"}),
            Preset(_("Hotel, importance derived"), {"rule": "derived"}),
            Preset(_("Clinic"), {"survey": "clinic", "rule": "data"}),
            Preset(_("App, all excellent"), {"survey": "app", "rule": "data"}),
            Preset(_("Kiosks, real answers"), {"survey": "kiosks", "rule": "data"}),
        ),
        prediction=Prediction(
            question=_(
                "With the cross at the middle of the scale, all six are “keep up”. Now it moves to "
                "the average importance and performance of the six. For how many does the advice "
                "change?"
            ),
            options={
                "0": _("None: the guests' answers are the same"),
                "1": _("1"),
                "4": _("4"),
                "6": _("All 6"),
            },
            correct="4",
            feedback={
                "0": _(
                    "The answers are the same, the advice is not. Four of six change: speed, "
                    "decor, parking and advice each fall below a line."
                ),
                "1": _(
                    "Only speed becomes “concentrate here”. But decor, parking and advice change "
                    "too, to advice that is less urgent: four of six."
                ),
                "4": _(
                    "Speed, decor, parking and advice each fall below a line. No guest has changed "
                    "an answer."
                ),
                "6": _(
                    "Four of six. Courtesy and accuracy lie above both averages, so they stay "
                    "“keep up”."
                ),
            },
            values={"rule": "data"},
        ),
        panels=(
            Figure(
                title=_("How well it is done, and how much it matters"),
                description=_(
                    "A map with performance to the right and importance upwards. Two lines cut it "
                    "into four regions: concentrate here, keep up, low priority and possible "
                    "overkill. Each attribute has the colour and the shape of its region."
                ),
                chart=importance_performance_map,
                tables=("points", "regions", "cross"),
                columns={
                    "attribute": _("Attribute"),
                    "importance": _("Importance"),
                    "performance": _("Performance"),
                    "advice": _("Advice"),
                },
                before_commit=True,
                drag={"x": "performance_line", "y": "importance_line"},
            ),
            Figure(
                title=_("The same answers, several to-do lists"),
                description=_(
                    "A grid with one row for each attribute and one column for each place of the "
                    "cross. A sign of colour and shape tells the advice. Rows are tinted where the "
                    "advice now differs from the one at the middle of the scale."
                ),
                chart=partial(advice_by_rule, rules=HEADINGS),
                tables=("advice",),
                columns={"attribute": _("Attribute"), **HEADINGS},
            ),
            Figure(
                title=_("The diagonal's list: where performance is behind importance"),
                description=_(
                    "One bar for each attribute: performance minus importance as asked. Bars to "
                    "the left fall short, the largest shortfall first."
                ),
                chart=shortfall_bars,
                tables=("shortfalls",),
                columns={
                    "attribute": _("Attribute"),
                    "shortfall": _("Performance minus importance"),
                },
            ),
        ),
        view=_view,
        formula=(r"I_a \ge I_0, \; P_a < P_0 \;\; \Rightarrow \;\; \text{concentrate on}\; a"),
        formula_note=_(
            "<i>I</i> importance and <i>P</i> performance of attribute <i>a</i>; "
            "<i>I</i><sub>0</sub> and <i>P</i><sub>0</sub> the two lines. At or above a line "
            "counts as high. The diagonal acts where <i>P</i> − <i>I</i> is below zero. Derived "
            "importance is the correlation of an attribute's rating with overall satisfaction. "
            "Martilla and James (1977)."
        ),
        challenge=Challenge(
            goal=_(
                "Put the hotel's <b>accuracy</b> into “concentrate here” while <b>courtesy</b> "
                "stays in “keep up”. Place the cross yourself."
            ),
            solved=_solved,
            hint=_(
                "Only one line has to pass between the two dots. The other must not rise above "
                "courtesy."
            ),
            success=_(
                "No guest has changed an answer. A cross can put any single attribute on the to-do "
                "list, so ask who placed it, and why there."
            ),
        ),
    )


def _line(name: str, label: str) -> Slider:
    return Slider(name=name, label=label, low=3, high=7, step=0.05, default=MIDDLE)


@cache
def _attributes(survey: str) -> pd.DataFrame:
    if survey in INVENTED:
        return pd.DataFrame.from_dict(INVENTED[survey], orient="index", columns=COLUMNS)
    users = data.load("kiosk-survey").dropna(subset=["E01"])
    items = data.load("kiosk-survey", "items").query("block == 'expectation'")
    short = items["dimension_initial_8"].str.extract(r"^([^/(]+)", expand=False).str.strip()
    dimensions = {
        name: list(group.item_no.map("{:02}".format))
        for name, group in items.groupby(short, sort=False)
    }
    codes = [code for group in dimensions.values() for code in group]
    important, satisfied = (
        servqual.dimension_scores(servqual.answers_of(users, codes, prefix), dimensions)
        for prefix in ("IMP", "SAT")
    )
    derived = ipa.derived_importance(satisfied, users["Y1_overall_satisfaction"])
    return pd.concat([important.mean(), satisfied.mean(), derived], axis=1, keys=COLUMNS).round(4)


@cache
def _derived(survey: str) -> pd.DataFrame:
    table = _attributes(survey)
    return table.assign(importance=table["correlation"])


@cache
def _customs(survey: str) -> pd.DataFrame:
    """Advice by each custom, whatever the reader has chosen."""
    derived = ipa.classify(_derived(survey), "data")
    return ipa.compare_modes(_attributes(survey)).assign(derived=derived)


@cache
def _shortfalls(survey: str) -> pd.Series:
    return ipa.shortfalls(_attributes(survey))


def _placed(state: State) -> pd.Series:
    """Advice with the cross where the reader has put it."""
    return ipa.classify(_attributes(state["survey"]), "free", lines=_lines(state))


def _solved(state: State) -> bool:
    if (state["survey"], state["rule"]) != ("hotel", "free"):
        return False
    advice = _placed(state)
    return bool(advice[_("accuracy")] == ipa.CONCENTRATE and advice[_("courtesy")] == ipa.KEEP_UP)


def _lines(state: State) -> tuple[float, float]:
    return state["importance_line"], state["performance_line"]


def _view(state: State) -> View:
    survey, rule = str(state["survey"]), str(state["rule"])
    customs, shortfalls = _customs(survey), _shortfalls(survey)
    if rule == "derived":
        tables = map_tables(_derived(survey), "data", importance=(0, 0.8))
    else:
        tables = map_tables(_attributes(survey), rule, _lines(state))
    now = _placed(state) if rule == "free" else customs[rule]
    compared = "diagonal" if rule == "diagonal" else "now"
    changes = ipa.advice_changes(customs.assign(now=now), ("scale", compared))
    names = advice_names()
    tables["regions"] = tables["regions"].round(4)
    tables["advice"] = pd.DataFrame(
        {column: [names[advice] for advice in customs[column]] for column in customs}
        | {"now": now.map(names).tolist(), "changes": changes.tolist()}
    )
    tables["advice"].insert(0, "attribute", customs.index)
    tables["shortfalls"] = (
        shortfalls.round(4).rename_axis("attribute").reset_index(name="shortfall")
    )
    changed = _("{some} of {many}").format(some=changes.sum(), many=len(now))
    return View(
        tables=tables,
        numbers=(
            Number(label=_("other advice than at the middle"), text=changed),
            _where(rule, tables["cross"], shortfalls),
        ),
        sentence=_sentence(state, now, changed),
        explanation=_explanation(state, now, changes),
        teaser=_(
            "Six things that guests of a hotel rated (synthetic data): how well they are done, and "
            "how much they matter. <b>The cross decides the advice. Drag it</b>, or use the "
            "sliders."
        ),
        inactive=frozenset() if rule == "free" else LINES,
    )


def _where(rule: str, cross: pd.DataFrame, shortfalls: pd.Series) -> Number:
    if rule == "diagonal":
        worst = f"{shortfalls.index[0]} {fixed(shortfalls.iloc[0])}"
        return Number(label=_("largest shortfall"), text=worst)
    lines = ", ".join(fixed(cross[column].item()) for column in ("importance", "performance"))
    return Number(label=_("importance line, performance line"), text=lines)


def _sentence(state: State, now: pd.Series, changed: str) -> str:
    lists: dict[str, list[str]] = {advice: [] for advice in advice_names()}
    for name, advice in now.items():
        lists[advice].append(str(name))
    if state["rule"] == "diagonal":
        short = _shortfalls(state["survey"])
        lists[ipa.CONCENTRATE] = [
            f"{name} ({fixed(gap)})" for name, gap in short.items() if gap < 0
        ]
    phrases = {
        ipa.KEEP_UP: _("keep up {names}"),
        ipa.OVERKILL: _("possible overkill on {names}"),
        ipa.LOW_PRIORITY: _("low priority for {names}"),
        ipa.LEAVE: _("leave {names} as it is"),
    }
    rest = [
        phrase.format(names=", ".join(lists[advice]))
        for advice, phrase in phrases.items()
        if lists[advice]
    ]
    return _(
        "{survey}: <b>concentrate on {urgent}</b>; {rest}. For <b>{changed}</b> the advice differs "
        "from the one at the middle of the scale."
    ).format(
        survey=SURVEYS[state["survey"]],
        urgent=", ".join(lists[ipa.CONCENTRATE]) or _("nothing"),
        rest="; ".join(rest),
        changed=changed,
    )


def _explanation(state: State, now: pd.Series, changes: pd.Series) -> str:
    attributes = _attributes(state["survey"])
    if state["rule"] == "diagonal":
        return _(
            "The diagonal asks another question: does performance keep up with importance? It "
            "compares the answers to two different questions on one scale, and importance is "
            "easily given high marks: {many} of {all} attributes fall short."
        ).format(many=(now == ipa.CONCENTRATE).sum(), all=len(now))
    if state["rule"] == "derived":
        asked = str(attributes["importance"].idxmax())
        found = str(attributes["correlation"].idxmax())
        return _(
            "Here importance was not asked; it is the correlation of each rating with overall "
            "satisfaction. Asked, people put {asked} first ({importance}), yet it correlates only "
            "{low} with their satisfaction, while {found} correlates {high}."
        ).format(
            asked=asked,
            importance=_cell(attributes, asked, "importance"),
            low=_cell(attributes, asked, "correlation"),
            found=found,
            high=_cell(attributes, found, "correlation"),
        )
    if not changes.any():
        return _(
            "Most means lie above 4, so at the middle of the scale nearly everything is “keep up”. "
            "Move a line past a dot and its advice changes, although nobody has changed an answer."
        )
    changed = now[changes]
    name = str((changed == ipa.CONCENTRATE).idxmax())
    names = advice_names()
    example = _(
        "The answers on {name} are the same on every map: importance {importance}, performance "
        "{performance}. At the middle of the scale they mean “{before}”, here “{after}”: the "
        "quadrant describes the cross as much as the attribute."
    ).format(
        name=name,
        importance=_cell(attributes, name, "importance"),
        performance=_cell(attributes, name, "performance"),
        before=names[_customs(state["survey"])["scale"][name]].lower(),
        after=names[changed[name]].lower(),
    )
    if state["rule"] == "data":
        example += " " + _("And some attribute must lie below an average, however good all are.")
    return example


def _cell(attributes: pd.DataFrame, name: str, column: str) -> str:
    return fixed(float(attributes[column][name]))
