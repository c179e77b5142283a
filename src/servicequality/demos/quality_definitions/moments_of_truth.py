"""Moments of truth (D1.3): the same contacts, five rules, and very different journeys."""

from functools import partial
from gettext import gettext as _

import pandas as pd

from servicequality.charts.journey import journey_line, rule_bars
from servicequality.charts.servqual import rule_ranks
from servicequality.models import journey as model
from servicequality.widgets import (
    Challenge,
    Choice,
    Control,
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
)
from servicequality.widgets.controls import Value

HANDLES = ("q1", "q2", "q3", "q4", "q5")
PLACES = ("first", "middle", "last")
JOURNEYS: dict[str, tuple[float, ...]] = {
    "first": (3, 8, 9, 8, 9),
    "middle": (8, 9, 3, 8, 9),
    "last": (8, 9, 8, 9, 3),
    "hospital": (6, 9, 9, 3, 8),
    "app": (4, 2, 3, 9, 9),
}
NAMES = {
    "first": _("Bad first"),
    "middle": _("Bad middle"),
    "last": _("Bad last"),
    "hospital": _("Hospital"),
    "app": _("App"),
}
CONTACTS = {
    "hotel": (_("booking"), _("arrival"), _("room"), _("dinner"), _("checkout")),
    "hospital": (_("admission"), _("nurse"), _("doctor"), _("meals"), _("discharge")),
    "app": (_("search"), _("chatbot"), _("waiting"), _("agent"), _("solution")),
}
SERVICES = {"hotel": _("Hotel"), "hospital": _("Hospital"), "app": _("App support")}
HEADINGS = {
    "mean": _("Mean"),
    "minimum": _("Worst"),
    "geometric": _("Geo-\nmetric"),
    "early": _("By\nplace"),
    "peak_end": _("Peak–\nend"),
}
LEAST = 5
ROUNDING = 1e-9


def moments_of_truth() -> Demo:
    """Put a bad contact first, in the middle or last, and score the journey by five rules (D1.3).

    Returns
    -------
    Demo
        Model M1.3; the first state is O1.3a, the other places O1.3b.
    """
    return Demo(
        code="D1.3",
        title=_("Moments of truth"),
        question=_("Five contacts, one of them bad. Where would you rather have it?"),
        evidence="M",
        assumption=_(
            "There is evidence for each rule and none wins everywhere; which contact matters most "
            "depends on the service. The scores are invented, and in this model all contacts last "
            "equally long."
        ),
        taste=(
            Choice(
                name="place",
                label=_("The bad contact comes"),
                options={
                    "first": _("First"),
                    "middle": _("In the middle"),
                    "last": _("Last"),
                },
                default="middle",
                brings={key: _settings(key) for key in PLACES},
            ),
        ),
        controls=(
            Choice(
                name="service",
                label=_("Service"),
                options=SERVICES,
                default="hotel",
                brings={
                    "hotel": {"own": False, "place": "middle", **_settings("middle")},
                    "hospital": {"own": True, **_settings("hospital")},
                    "app": {"own": True, **_settings("app")},
                },
            ),
            Slider(
                name="delta",
                label=_("By place: weight of a contact, against the one before"),
                low=0.5,
                high=1.5,
                step=0.05,
                default=0.8,
                unit="×",
            ),
            Slider(
                name="lam",
                label=_("Peak–end: weight of bad against good"),
                low=1,
                high=4,
                step=0.05,
                default=2.25,
                unit="×",
            ),
            Group(
                _("The five contacts"),
                (Toggle(name="own", label=_("Set them by hand")), *_handles()),
            ),
            Group(
                _("A second journey beside it"),
                (
                    Choice(
                        name="other",
                        label=_("Compare with"),
                        options={
                            "none": _("None"),
                            **{key: NAMES[key] for key in PLACES},
                        },
                        default="none",
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("Hotel, bad room")),
            Preset(_("Bad booking"), {"place": "first", **_settings("first")}),
            Preset(_("Bad checkout"), {"place": "last", **_settings("last")}),
            Preset(_("Hospital"), _case("hospital")),
            Preset(_("App support"), _case("app")),
        ),
        prediction=_prediction(),
        panels=(
            Figure(
                title=_("The journey, contact by contact"),
                description=_(
                    "Five contacts from left to right, joined by a line, each with its score from "
                    "0 to 10. Good contacts are blue circles, bad ones orange diamonds. A second "
                    "journey, if chosen, is a dashed grey line."
                ),
                chart=journey_line,
                tables=("contacts",),
                columns={"contact": _("Contact"), "score": _("Score"), "other": _("Second")},
                decimals=1,
                before_commit=True,
            ),
            Figure(
                title=_("Five rules make five numbers of it"),
                description=_(
                    "One bar for each rule, from 0 to 10: the mean of all contacts, the worst "
                    "contact, the geometric mean, a mean weighted by place, and the mean of peak "
                    "and end. A square marks the second journey, if there is one."
                ),
                chart=rule_bars,
                tables=("rules",),
                columns={"rule": _("Rule"), "score": _("Score"), "other": _("Second")},
            ),
            Figure(
                title=_("Which journey is best? It depends on the rule"),
                description=_(
                    "A grid with one row for each of five journeys and one column for each rule. "
                    "Each cell shows the journey's place and score; first places are filled. The "
                    "present journey is framed."
                ),
                chart=partial(rule_ranks, row="journey", name=_("journey")),
                tables=("ranks",),
                columns={
                    "journey": _("Journey"),
                    "heading": _("Rule"),
                    "rank": _("Place"),
                    "score": _("Score"),
                },
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} \text{by place} = \dfrac{\sum_i \delta^{i-1} q_i}"
            r"{\sum_i \delta^{i-1}} \\ \\"
            r"\text{peak–end} = \dfrac{q_{\text{peak}} + q_n}{2}"
            r"\end{matrix}"
        ),
        formula_note=_(
            "<i>q<sub>i</sub></i> score of contact <i>i</i>; <i>δ</i> weight of a contact against "
            "the one before it: below 1 early contacts count more, above 1 late ones. The peak is "
            "the contact furthest from the neutral 5, where a distance below 5 counts <i>λ</i> "
            "times (Fredrickson and Kahneman, 1993; 2.25 from Tversky and Kahneman, 1992). The "
            "geometric mean is the <i>n</i>-th root of the product."
        ),
        challenge=Challenge(
            goal=_(
                "Compare a journey of your own with a second one beside it. Both have the <b>same "
                "mean</b>, yours has <b>no contact below 5</b>, and “by place” and “peak–end” rank "
                "the two in <b>opposite order</b>."
            ),
            solved=_solved,
            hint=_(
                "Open “The five contacts” and “A second journey beside it”. Five scores with the "
                "same sum have the same mean. Which rule likes a late failure?"
            ),
            success=_(
                "One rule looks at the start, the other at the peak and the end, so one mean can "
                "please the one and not the other. Which do your customers follow?"
            ),
        ),
    )


def _settings(key: str) -> dict[str, Value]:
    return dict(zip(HANDLES, JOURNEYS[key], strict=True))


def _case(key: str) -> dict[str, Value]:
    return {"own": True, "service": key, **_settings(key)}


def _handles() -> tuple[Control, ...]:
    labels = (_("First"), _("Second"), _("Third"), _("Fourth"), _("Fifth"))
    return tuple(
        Slider(name=name, label=label, low=0, high=10, step=0.5, default=default)
        for name, label, default in zip(HANDLES, labels, JOURNEYS["middle"], strict=True)
    )


def _prediction() -> Prediction:
    scores = model.journey_scores(JOURNEYS["middle"])
    calm = model.journey_scores(JOURNEYS["middle"], lam=1)
    return Prediction(
        question=_(
            "Suppose a guest remembers two moments only: the most intense one and the last one. A "
            "bad moment feels about twice as intense as a good one. The mean of the two is the "
            "score of the stay. Will it be nearer 3, 6 or 9?"
        ),
        options={"3": _("Near 3"), "6": _("Near 6"), "9": _("Near 9")},
        correct="6",
        feedback={
            "3": _(
                "That is the worst contact alone. Peak and end also counts the checkout: 3 and 9 "
                "make {found}. The plain mean is {mean}."
            ).format(found=fixed(float(scores.peak_end), 1), mean=fixed(float(scores.mean), 1)),
            "6": _(
                "The peak is the bad room (3), the end the checkout (9): {found}. The plain mean "
                "is {mean}, and if bad moments felt no more intense than good ones, it would be "
                "{calm}."
            ).format(
                found=fixed(float(scores.peak_end), 1),
                mean=fixed(float(scores.mean), 1),
                calm=fixed(float(calm.peak_end), 1),
            ),
            "9": _(
                "It would be {calm} if good and bad moments felt equally intense. Here the bad "
                "room is the peak: 3 and 9 make {found}."
            ).format(found=fixed(float(scores.peak_end), 1), calm=fixed(float(calm.peak_end), 1)),
        },
    )


def _now(state: State) -> tuple[float, ...]:
    if state["own"]:
        return tuple(state[name] for name in HANDLES)
    return JOURNEYS[state["place"]]


def _score(scores: tuple[float, ...], state: State) -> dict[str, float]:
    found = model.journey_scores(scores, state["delta"], state["lam"])
    return {rule: float(score) for rule, score in found._asdict().items()}


def _solved(state: State) -> bool:
    if not state["own"] or state["other"] == "none" or min(_now(state)) < LEAST:
        return False
    one, two = (_score(scores, state) for scores in (_now(state), JOURNEYS[state["other"]]))
    opposite = (one["early"] - two["early"]) * (one["peak_end"] - two["peak_end"]) < -ROUNDING
    same = abs(one["mean"] - two["mean"]) < ROUNDING
    return same and opposite


def _view(state: State) -> View:
    now = _now(state)
    scores = _score(now, state)
    second = None if state["other"] == "none" else JOURNEYS[state["other"]]
    shown = {"mean": _("mean"), "minimum": _("worst"), "early": _("by place")} | {
        "peak_end": _("peak–end")
    }
    return View(
        tables=_tables(state, now, second, scores),
        numbers=tuple(
            Number(label=label, text=fixed(scores[rule])) for rule, label in shown.items()
        ),
        sentence=_sentence(state, scores, second),
        explanation=_explanation(state, now, scores),
        teaser=_teaser(state, now),
        inactive=frozenset({"place"} if state["own"] else HANDLES),
    )


def _teaser(state: State, now: tuple[float, ...]) -> str:
    worst = min(range(len(now)), key=now.__getitem__)
    return _(
        "One hotel stay, five contacts, each scored from 0 to 10 (invented). One went badly: the "
        "<b>{contact}</b>. Would you rather have it first, in the middle or last? <b>Move it.</b>"
    ).format(contact=CONTACTS[state["service"]][worst])


def _rules(state: State) -> dict[str, str]:
    delta = state["delta"]
    weighty = _("early more") if delta < 1 else _("late more") if delta > 1 else _("all alike")
    return {
        "mean": _("Mean of all contacts"),
        "minimum": _("Worst contact"),
        "geometric": _("Geometric mean"),
        "early": _("By place ({weighty})").format(weighty=weighty),
        "peak_end": _("Peak–end"),
    }


def _sentence(state: State, scores: dict[str, float], second: tuple[float, ...] | None) -> str:
    text = {rule: fixed(score) for rule, score in scores.items()}
    low, high = min(scores, key=scores.__getitem__), max(scores, key=scores.__getitem__)
    rules = {rule: name[0].lower() + name[1:] for rule, name in _rules(state).items()}
    told = _(
        "<b>One journey, five rules: from {low} under “{lowest}” to {high} under “{highest}”.</b> "
        "Mean {mean}, worst {minimum}, geometric mean {geometric}, by place {early}, peak–end "
        "{peak_end}."
    ).format(low=text[low], lowest=rules[low], high=text[high], highest=rules[high], **text)
    if second is None:
        return told
    other = _score(second, state)
    better = [rules[rule] for rule in scores if scores[rule] - other[rule] > ROUNDING]
    worse = [rules[rule] for rule in scores if other[rule] - scores[rule] > ROUNDING]
    compared = _("Against the second journey it is better by: {better}; worse by: {worse}.").format(
        better=", ".join(better) or _("no rule"), worse=", ".join(worse) or _("no rule")
    )
    return f"{told} {compared}"


def _explanation(state: State, now: tuple[float, ...], scores: dict[str, float]) -> str:
    contacts = CONTACTS[state["service"]]
    peak = int(model.peak(now, state["lam"]))
    weights = model.position_weights(len(now), state["delta"])
    by_peak = _(
        "Peak–end takes the {contact} ({score}), the most intense contact, and the {last} "
        "({end}), the last one, and forgets the rest: {found}."
    )
    if peak == len(now) - 1:
        by_peak = _(
            "The {last} ({end}) is the last contact and the most intense one, so peak–end sees "
            "nothing else: {found}."
        )
    by_peak = by_peak.format(
        contact=contacts[peak],
        score=fixed(now[peak], 1),
        last=contacts[-1],
        end=fixed(now[-1], 1),
        found=fixed(scores["peak_end"]),
    )
    by_place = _(
        "By place, the {first} weighs {heavy} and the {last} {light}: {found}. Each rule is a "
        "theory of what people remember, and none is right for every service."
    ).format(
        first=contacts[0],
        last=contacts[-1],
        heavy=f"{fixed(100 * weights[0], 0)} %",
        light=f"{fixed(100 * weights[-1], 0)} %",
        found=fixed(scores["early"]),
    )
    return f"{by_peak} {by_place}"


def _tables(
    state: State,
    now: tuple[float, ...],
    second: tuple[float, ...] | None,
    scores: dict[str, float],
) -> dict[str, pd.DataFrame]:
    nothing = float("nan")
    other = dict.fromkeys(scores, nothing) if second is None else _score(second, state)
    texts = {rule: fixed(score) for rule, score in scores.items()}
    rules = pd.DataFrame({"rule": _rules(state), "score": scores, "other": other, "words": texts})
    if second is not None:
        against = rules["other"].map(fixed)
        rules["words"] = [
            _("{now} (■ {other})").format(now=one, other=two)
            for one, two in zip(rules["words"], against, strict=True)
        ]
    return {
        "contacts": pd.DataFrame(
            {
                "position": range(1, len(now) + 1),
                "contact": CONTACTS[state["service"]],
                "score": now,
                "other": second or [nothing] * len(now),
            }
        ),
        "rules": rules,
        "ranks": _ranks(state, now),
    }


def _ranks(state: State, now: tuple[float, ...]) -> pd.DataFrame:
    saved = pd.DataFrame({key: _score(scores, state) for key, scores in JOURNEYS.items()}).T
    # Rounded first: equal means must share a place.
    places = saved.round(9).rank(ascending=False, method="min").astype(int)
    return pd.DataFrame(
        {
            "journey": NAMES[key],
            "rule": heading,
            "heading": heading.replace("-\n", "").replace("–\n", "–").replace("\n", " "),
            "score": saved.loc[key, rule],
            "rank": places.loc[key, rule],
            "chosen": JOURNEYS[key] == now,
        }
        for key in JOURNEYS
        for rule, heading in HEADINGS.items()
    )
