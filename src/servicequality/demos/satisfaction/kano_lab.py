"""The Kano lab (D6.1): what pleases if it is there, and what annoys if it is missing."""

from collections.abc import Hashable, Mapping
from functools import cache
from gettext import gettext as _
from gettext import ngettext
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from servicequality import data
from servicequality.charts.importance_performance import label_sides
from servicequality.charts.kano import (
    answer_names,
    answer_table,
    better_worse_map,
    class_bars,
    class_names,
)
from servicequality.charts.penalty_reward import contrast_dots
from servicequality.models import kano, penalty_reward
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
    Toggle,
    View,
    fixed,
    percent,
)

ATTRIBUTES = {
    "safe_brakes": (_("brakes"), _("safe brakes")),
    "correct_fare": (_("fare"), _("the fare is correct")),
    "finds_address": (_("address"), _("the driver finds the address")),
    "short_wait": (_("wait"), _("it comes within five minutes")),
    "seat_comfort": (_("seat"), _("a comfortable seat")),
    "clean_car": (_("clean"), _("a clean car")),
    "meter_stops_in_jam": (_("meter"), _("the meter stops in a jam")),
    "free_charger": (_("charger"), _("a free phone charger")),
    "umbrella_to_the_door": (_("umbrella"), _("an umbrella to the door")),
    "driver_uniform": (_("uniform"), _("a driver in uniform")),
    "ceiling_lights": (_("lights"), _("a starry sky inside")),
    "advert_screen": (_("adverts"), _("a screen with adverts")),
}
CLAIMS = {
    "a1": _("amount paid is correct"),
    "a2": _("speed"),
    "a3": _("news without asking"),
    "a4": _("clear letters"),
    "a5": _("look of office and app"),
    "a6": _("courtesy"),
    "a7": _("extra help, such as a hired car"),
    "a8": _("value for the premium"),
}
SEGMENTS = {
    "all": _("All"),
    "resident": _("Residents"),
    "commuter": _("Commuters"),
    "visitor": _("Visitors"),
}
SOURCES = {
    "taxi": _("Taxi (synthetic)"),
    "kiosk": _("Kiosks (real)"),
    "claims": _("Claims (synthetic)"),
}
PUZZLE, HOOK = "meter_stops_in_jam", "free_charger"
KIOSK_ITEMS = 29
OLDEST = 10
CLOUD = 120
AFFORDED, GOAL = 6, 0.81
CLEAR = 1.96
"""An effect further from zero than so many standard errors can be told from none."""


Row = Mapping[Hashable, Any]


class Survey(NamedTuple):
    """A survey with paired questions: counts of pairs and of classes, one row an attribute.

    Attributes
    ----------
    pairs : DataFrame
        attribute, functional, dysfunctional (codes 1-5) and count.
    classes : DataFrame
        From `servicequality.models.kano.count_classes`.
    summary : DataFrame
        From `servicequality.models.kano.summarise`.
    names, labels : mapping of str to str
        Each attribute in words, and on the map.
    """

    pairs: pd.DataFrame
    classes: pd.DataFrame
    summary: pd.DataFrame
    names: Mapping[str, str]
    labels: Mapping[str, str]


def kano_lab() -> Demo:
    """Answer a pair of Kano questions, classify attributes, and let them age (D6.1).

    Returns
    -------
    Demo
        Model M6.2 on DS-10, DS-11 and the kiosk survey (R6.2).
    """
    answers = {answer: name.capitalize() for answer, name in answer_names().items()}
    return Demo(
        code="D6.1",
        title=_("Kano lab"),
        question=_("Would a free charger please you, or would its absence annoy you?"),
        evidence="M",
        assumption=_(
            "The table of classes is a convention, and other methods often put the same attribute "
            "in another class (Mikulić and Prebežac, 2011). Taxi passengers and claims are "
            "synthetic, with far clearer answers than real ones; the kiosk survey is real, but "
            "nearly all who answered were in their twenties. In this model everybody grows used "
            "to a feature at the same speed; real attributes age at their own, or never."
        ),
        taste=(
            Choice(
                name="functional",
                label=_("A taxi has a free charger: I …"),
                options=answers,
                default="neutral",
            ),
            Choice(
                name="dysfunctional",
                label=_("It has none: I …"),
                options=answers,
                default="neutral",
            ),
        ),
        controls=(
            Choice(name="source", label=_("Whose answers"), options=SOURCES, default="taxi"),
            Choice(
                name="attribute",
                label=_("Feature of the taxi"),
                options={key: long for key, (_short, long) in ATTRIBUTES.items()},
                default=PUZZLE,
            ),
            Group(
                _("Feature of the kiosk"),
                (
                    Choice(
                        name="item",
                        label=_("Question"),
                        options=_kiosk_questions(),
                        default="27",
                    ),
                ),
            ),
            Group(
                _("Time and passengers"),
                (
                    Slider(
                        name="years",
                        label=_("Years since the feature was new"),
                        low=0,
                        high=OLDEST,
                        step=1,
                        default=0,
                        button=_("Next year"),
                    ),
                    Choice(name="segment", label=_("Passengers"), options=SEGMENTS, default="all"),
                ),
            ),
            Group(
                _("Equip a taxi"),
                tuple(
                    Toggle(name=f"fund_{key}", label=long[0].upper() + long[1:])
                    for key, (_short, long) in ATTRIBUTES.items()
                ),
            ),
        ),
        presets=(
            Preset(_("Meter stops in a jam")),
            Preset(_("The same, seven years on"), {"years": 7}),
            Preset(_("Safe brakes"), {"attribute": "safe_brakes"}),
            Preset(_("Free charger, and you"), {"attribute": HOOK}),
            Preset(_("Kiosk: usable with gloves"), {"source": "kiosk"}),
            Preset(_("Kiosk: accurate choice"), {"source": "kiosk", "item": "1"}),
            Preset(_("Claims: another method"), {"source": "claims"}),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("Two answers give a class"),
                description=_(
                    "A table of five by five cells: down, how one feels if the feature is there; "
                    "across, if it is missing. Each cell has the letter of its class. Your own "
                    "pair has a frame; circles show how many customers gave each pair."
                ),
                chart=answer_table,
                tables=("answers",),
                columns={
                    "functional": _("If there"),
                    "dysfunctional": _("If missing"),
                    "words": _("Who answers so"),
                },
                before_commit=True,
            ),
            Figure(
                title=_("How many customers find it so?"),
                description=_(
                    "Six columns, one for each class, with the share of customers who gave it. "
                    "The most frequent class is in full colour."
                ),
                chart=class_bars,
                tables=("classes",),
                columns={"word": _("Class"), "count": _("Customers"), "percent": _("%")},
                decimals=0,
                glide=True,
            ),
            Figure(
                title=_("What pleases, and what annoys"),
                description=_(
                    "A map of all features: to the right what annoys if it is missing, upwards "
                    "what pleases if it is there. Attractive features lie at the upper left, "
                    "must-be at the lower right. Dots around the chosen one are resampled surveys; "
                    "a line is its way over the years."
                ),
                chart=better_worse_map,
                tables=("points", "cloud", "path"),
                columns={
                    "name": _("Feature"),
                    "class": _("Class"),
                    "pleases": _("Better"),
                    "annoys": _("−Worse"),
                },
                glide=True,
            ),
            Figure(
                title=_("Another method: what a low rating costs, what a high one adds"),
                description=_(
                    "Eight attributes of a claim. On each line a square shows what a low rating "
                    "costs and a circle what a high rating adds, in points of satisfaction, with "
                    "intervals. A wrong amount costs most; unasked news adds much and costs little."
                ),
                chart=contrast_dots,
                tables=("contrast",),
                columns={
                    "name": _("Attribute"),
                    "penalty": _("Rated low"),
                    "reward": _("Rated high"),
                    "words": _("Kind"),
                },
            ),
        ),
        view=_view,
        formula=(
            r"\text{Better} = \frac{A + O}{A + O + M + I} \qquad "
            r"\text{Worse} = -\frac{O + M}{A + O + M + I}"
        ),
        formula_note=_(
            "<i>A</i>, <i>O</i>, <i>M</i>, <i>I</i>: customers who find it attractive, "
            "one-dimensional, must-be, indifferent. The first class <i>a</i> is certain if it "
            "leads the second <i>b</i> by 1.65 √((a + b)(2n − a − b) / 2n) or more (Fong, 1996). "
            "Kano and colleagues (1984); table and coefficients: Berger and colleagues (1993)."
        ),
        challenge=Challenge(
            goal=_(
                "The firm can pay for <b>six</b> features. Open <b>Equip a taxi</b> (all "
                "passengers, feature new): leave out <b>no must-be</b>, and let the other three "
                "please most: a mean Better of <b>0.81</b> or more."
            ),
            solved=_solved,
            hint=_(
                "Must-be features lie at the lower right of the map. For the others, height "
                "counts: the table under the map has the numbers."
            ),
            success=_(
                "The three must-bes please hardly anyone, yet without them nothing else counts. "
                "Delight comes on top of the basics, not in their place."
            ),
        ),
    )


def _prediction() -> Prediction:
    survey = _taxi("all")
    row = _row(survey.summary, PUZZLE)
    result = _(
        "{count} of {n} passengers who gave both answers find it attractive: good news that nobody "
        "waits for."
    )
    result = result.format(count=_row(survey.classes, PUZZLE)["A"], n=int(row["n"]))
    return Prediction(
        question=_(
            "260 passengers (synthetic) were asked about a driver who stops the meter in a traffic "
            "jam. What do most of them find?"
        ),
        options={
            "M": _("Must-be: nobody thanks you for it, but do not leave it out"),
            "O": _("One-dimensional: the more the better, the less the worse"),
            "A": _("Attractive: a happy surprise, not missed"),
            "I": _("Indifferent: who cares?"),
        },
        correct=str(row["mode"]),
        feedback={
            "M": _("Nobody expects to pay nothing while the taxi stands. {result}").format(
                result=result
            ),
            "O": _("Few would be annoyed by a running meter: it is the custom. {result}").format(
                result=result
            ),
            "A": result,
            "I": _("People notice what saves them money. {result}").format(result=result),
        },
    )


def _kiosk_questions() -> dict[str, str]:
    items = data.load("kiosk-survey", "items").set_index("code")["english"]
    return {
        str(number): f"{number}. {items[f'KF{number:02}'].removeprefix('If: ')}"
        for number in range(1, KIOSK_ITEMS + 1)
    }


@cache
def _taxi(segment: str) -> Survey:
    answers = data.load("kano-pairs")
    if segment != "all":
        answers = answers[answers["segment"] == segment]
    names = {key: long for key, (_short, long) in ATTRIBUTES.items()}
    labels = {key: short for key, (short, _long) in ATTRIBUTES.items()}
    return _survey(answers, names, labels)


@cache
def _kiosk() -> Survey:
    responses = data.load("kiosk-survey")
    answers = pd.concat(
        pd.DataFrame(
            {
                "attribute": str(number),
                "functional": responses[f"KF{number:02}"],
                "dysfunctional": responses[f"KD{number:02}"],
            }
        )
        for number in range(1, KIOSK_ITEMS + 1)
    )
    names = _kiosk_questions()
    return _survey(answers, names, dict.fromkeys(names, ""))


def _survey(answers: pd.DataFrame, names: Mapping[str, str], labels: Mapping[str, str]) -> Survey:
    classes = kano.count_classes(answers)
    pairs = answers.dropna().value_counts(["attribute", "functional", "dysfunctional"])
    return Survey(
        pairs.rename("count").reset_index(), classes, kano.summarise(classes), names, labels
    )


def _row(table: pd.DataFrame, key: Hashable) -> Row:
    return table.loc[[key]].to_dict("records")[0]


@cache
def _claims() -> pd.DataFrame:
    answers = data.load("satisfaction-survey")
    found = penalty_reward.contrast(answers[list(CLAIMS)], answers["sat"])
    for effect in ("penalty", "reward"):
        half = CLEAR * found[f"{effect}_se"]
        found[f"{effect}_low"] = found[effect] - half
        found[f"{effect}_high"] = found[effect] + half
    weak = (found["penalty_high"] > 0) & (found["reward_low"] < 0)
    found["words"] = found["label"].where(~weak, _("too weak to tell"))
    return found.assign(name=list(CLAIMS.values()))


def _funded(state: State) -> list[str]:
    return [key for key in ATTRIBUTES if state[f"fund_{key}"]]


def _must_be() -> list[str]:
    summary = _taxi("all").summary
    return summary.index[summary["mode"] == "M"].tolist()


def _mean_better(features: list[str]) -> float:
    return float(_taxi("all").summary.loc[features, "better"].mean()) if features else np.nan


def _solved(state: State) -> bool:
    if state["source"] != "taxi" or state["segment"] != "all" or state["years"]:
        return False
    funded, must = _funded(state), _must_be()
    added = [feature for feature in funded if feature not in must]
    complete = len(funded) == AFFORDED and len(added) == AFFORDED - len(must)
    return complete and _mean_better(added) >= GOAL


def _view(state: State) -> View:
    return _claims_view(state) if state["source"] == "claims" else _survey_view(state)


def _letter(state: State) -> str:
    return str(kano.classify(state["functional"], state["dysfunctional"]))


def _meaning(letter: str) -> str:
    return {
        "M": _("nobody is pleased by it, but its absence annoys"),
        "O": _("it pleases if it is there and annoys if it is not"),
        "A": _("it pleases if it is there and is not missed if it is not"),
        "I": _("it makes no difference"),
        "R": _("it is better left out"),
        "Q": _("the two answers contradict each other: was the question understood?"),
    }[letter]


def _own_pair(state: State) -> pd.DataFrame:
    names = answer_names()
    return pd.DataFrame(
        {
            "functional": [names[state["functional"]]],
            "dysfunctional": [names[state["dysfunctional"]]],
            "share": [np.nan],
            "words": [_("you")],
        }
    )


def _teaser(state: State) -> str:
    letter = _letter(state)
    return _(
        "A taxi has a free phone charger, or it has none: choose how you feel about each. Your "
        "two answers together say <b>{name}</b>: {meaning}. <b>Now think of a driver who stops "
        "the meter in a traffic jam.</b>"
    ).format(name=class_names()[letter], meaning=_meaning(letter))


def _controls(*groups: str) -> frozenset[str]:
    """Return the names of controls that belong to some of the surveys."""
    members = {
        "taxi": {"attribute", "years", "segment", *(f"fund_{key}" for key in ATTRIBUTES)},
        "kiosk": {"item"},
        "own": {"functional", "dysfunctional"},
    }
    return frozenset(name for group in groups for name in members[group])


def _claims_view(state: State) -> View:
    found = _claims()
    lopsided = found["reward"] + found["penalty"]
    worst, best = lopsided.idxmin(), lopsided.idxmax()
    columns = ["name", "words", "penalty", "reward"]
    columns += [f"{effect}_{end}" for effect in ("penalty", "reward") for end in ("low", "high")]
    must, surprise = _row(found, worst), _row(found, best)
    penalty = fixed(must["penalty"], sign=True)
    reward = fixed(surprise["reward"], sign=True)
    return View(
        tables={"answers": _own_pair(state), "contrast": found[columns].round(3)},
        numbers=(
            Number(label=_("{name}, rated low").format(name=must["name"]), text=penalty),
            Number(label=_("{name}, rated high").format(name=surprise["name"]), text=reward),
        ),
        sentence=_(
            "<b>No paired questions: ratings and overall satisfaction of {claims} claims "
            "(synthetic) show the classes as well.</b> “{worst}”, rated low, moves satisfaction by "
            "{penalty} points; rated high, it adds nothing: a must-be. “{best}”, rated high, adds "
            "{reward}; rated low, it takes only {little}: it pleases more than it is missed."
        ).format(
            claims=len(data.load("satisfaction-survey")[[*CLAIMS, "sat"]].dropna()),
            worst=must["name"].capitalize(),
            best=surprise["name"].capitalize(),
            penalty=penalty,
            reward=reward,
            little=fixed(-surprise["penalty"]),
        ),
        explanation=_(
            "A regression compares customers who rate an attribute low (1 to 3) or high (6, 7) "
            "with those in the middle, all other attributes being the same. The thick lines are "
            "95 % intervals: where both touch zero, as for “{weak}”, no kind can be named."
        ).format(weak=CLAIMS["a5"]),
        teaser=_teaser(state),
        inactive=_controls("taxi", "kiosk"),
    )


def _survey_view(state: State) -> View:
    taxi = state["source"] == "taxi"
    survey = _taxi(state["segment"]) if taxi else _kiosk()
    chosen = state["attribute"] if taxi else state["item"]
    path = kano.drift(_counts(survey, chosen), OLDEST if taxi else 0)
    years = int(state["years"]) if taxi else 0
    now = _row(kano.summarise(path.loc[[years], list(kano.CLASSES)]), years)
    counts = _row(path, years)
    return View(
        tables={
            "answers": _pairs(survey, chosen, state),
            "classes": _class_table(counts, now),
            **_map(survey, chosen, path, years, now),
        },
        numbers=(
            Number(label=_("class"), text=_class_text(now)),
            Number(label=_("Better: having it pleases"), text=fixed(now["better"])),
            Number(label=_("Worse: lacking it annoys"), text=fixed(now["worse"])),
            _third(state, now),
        ),
        sentence=_sentence(state, survey, chosen, counts, now, years),
        explanation=_explanation(state, path, now, years),
        teaser=_teaser(state),
        covers={"answers": _own_pair(state)},
        inactive=_controls("kiosk" if taxi else "taxi", *(() if chosen == HOOK else ("own",))),
    )


def _counts(survey: Survey, chosen: str) -> dict[str, float]:
    return {str(letter): count for letter, count in _row(survey.classes, chosen).items()}


def _class_text(now: Row) -> str:
    name = class_names()[now["mode"]]
    return _("{name}?").format(name=name) if now["mixed"] else name


def _third(state: State, now: Row) -> Number:
    funded = _funded(state) if state["source"] == "taxi" else []
    if not funded:
        return Number(label=_("lead of the first class"), text=percent(now["category_strength"], 0))
    added = [feature for feature in funded if feature not in _must_be()]
    return Number(
        label=_("your taxi: {must} of {all} must-bes, mean Better of the other {others}").format(
            must=len(funded) - len(added), all=len(_must_be()), others=len(added)
        ),
        text=fixed(_mean_better(added), 3),
    )


def _sentence(
    state: State,
    survey: Survey,
    chosen: str,
    counts: Row,
    now: Row,
    years: int,
) -> str:
    told = _(
        "<b>“{feature}”{when}: {name} for {share} ({count} of {n} {people}).</b> Having it gives "
        "a Better of {better}, lacking it a Worse of {worse}. {next}"
    )
    mode = now["mode"]
    following = (
        _(
            "But {second} is so close behind, with {b}, that the class is not certain: the lead "
            "would have to be {limit} or more."
        )
        if now["mixed"]
        else _("Next comes {second} with {b}; the lead is beyond chance (limit {limit}).")
    )
    return told.format(
        feature=survey.names[chosen].split(". ")[-1].capitalize(),
        when=_when(years),
        name=class_names()[mode],
        count=fixed(counts[mode], 0),
        n=fixed(now["n"], 0),
        people=_("passengers, synthetic") if state["source"] == "taxi" else _("kiosk users"),
        share=percent(counts[mode] / now["n"], 0),
        better=fixed(now["better"]),
        worse=fixed(now["worse"]),
        next=following.format(
            second=class_names()[now["second"]],
            b=fixed(counts[now["second"]], 0),
            limit=fixed(now["fong_limit"], 0),
        ),
    )


def _when(years: int) -> str:
    if years == 0:
        return ""
    return ngettext(", {years} year on", ", {years} years on", years).format(years=years)


def _explanation(state: State, path: pd.DataFrame, now: Row, years: int) -> str:
    told = _(
        "The class is the most frequent one: {name} leads by {strength} of all who answered, and "
        "{total} find the feature attractive, one-dimensional or must-be at all."
    ).format(
        name=class_names()[now["mode"]],
        strength=percent(now["category_strength"], 0),
        total=percent(now["total_strength"], 0),
    )
    if state["source"] == "kiosk":
        return f"{told} " + _(
            "In real surveys the lead is often small: of these 29 features, {mixed} have no "
            "certain class."
        ).format(mixed=int(_kiosk().summary["mixed"].sum()))
    first, later = _row(path, 0), _row(path, max(years, 7))
    return f"{told} " + _(
        "Attributes age: in this model {a} find it attractive at first and {a_later} after "
        "{years} years, while must-be goes from {m} to {m_later}."
    ).format(
        a=fixed(first["A"], 0),
        a_later=fixed(later["A"], 0),
        years=max(years, 7),
        m=fixed(first["M"], 0),
        m_later=fixed(later["M"], 0),
    )


def _pairs(survey: Survey, chosen: str, state: State) -> pd.DataFrame:
    pairs = survey.pairs[survey.pairs["attribute"] == chosen]
    names = list(answer_names().values())
    share = pairs["count"] / pairs["count"].sum()
    given = pd.DataFrame(
        {
            "functional": [names[int(code) - 1] for code in pairs["functional"]],
            "dysfunctional": [names[int(code) - 1] for code in pairs["dysfunctional"]],
            "share": share.round(3),
            "words": [percent(each, 0) for each in share],
        }
    )
    return pd.concat([given, _own_pair(state)]) if chosen == HOOK else given


def _class_table(counts: Row, now: Row) -> pd.DataFrame:
    names = class_names()
    short = {
        "A": _("attrac-|tive"),
        "O": _("one-|dimen-|sional"),
        "I": _("indif-|ferent"),
        "Q": _("ques-|tionable"),
    }
    letters = ["A", "O", "M", "I", "R", "Q"]
    shares = [float(counts[letter] / now["n"]) for letter in letters]
    return pd.DataFrame(
        {
            "letter": letters,
            "name": [short.get(letter, names[letter]) for letter in letters],
            "word": [names[letter] for letter in letters],
            "count": [round(float(counts[letter])) for letter in letters],
            "share": np.round(shares, 3),
            "percent": np.round(100 * np.array(shares)),
            "words": [percent(share, 0) for share in shares],
            "most": [letter == now["mode"] for letter in letters],
        }
    )


def _map(
    survey: Survey, chosen: str, path: pd.DataFrame, years: int, now: Row
) -> dict[str, pd.DataFrame]:
    summary = survey.summary
    points = pd.DataFrame(
        {
            "name": [survey.names[key] for key in summary.index],
            "label": [survey.labels[key] for key in summary.index],
            "letter": summary["mode"],
            "annoys": -summary["worse"],
            "pleases": summary["better"],
            "chosen": summary.index == chosen,
        },
        index=summary.index,
    )
    points.loc[chosen, ["letter", "annoys", "pleases"]] = [
        now["mode"],
        -now["worse"],
        now["better"],
    ]
    if not points.loc[chosen, "label"]:
        points.loc[chosen, "label"] = _("no. {number}").format(number=chosen)
    points["class"] = points["letter"].map(class_names())
    places = points.set_index("label").rename(
        columns={"annoys": "performance", "pleases": "importance"}
    )
    points["side"] = label_sides(places, (0, 1), (0, 1)).to_numpy()
    cloud = kano.bootstrap(_counts(survey, chosen), CLOUD)
    way = path.reset_index()
    return {
        "points": points.round(3),
        "cloud": pd.DataFrame({"annoys": -cloud["worse"], "pleases": cloud["better"]}).round(3),
        "path": pd.DataFrame(
            {
                "year": way["year"],
                "annoys": -way["worse"],
                "pleases": way["better"],
                "words": [
                    _("{year} years").format(year=year) if year == OLDEST else ""
                    for year in way["year"]
                ],
            }
        ).round(3),
    }
