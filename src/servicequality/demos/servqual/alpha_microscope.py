"""The alpha microscope (D2.3): what a high alpha shows, and what a difference of scales costs."""

import math
from gettext import gettext as _

import numpy as np
import pandas as pd

from servicequality.charts import reliability as charts
from servicequality.models import reliability
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

ITEM_GRID = (*range(2, 11), *range(12, 31, 2))
MIXED: dict[str, float | str | bool] = {"k": 10, "r": 0.6, "factors": "2"}
SCALE_CONTROLS = frozenset({"k", "r", "factors", "n", "reversed"})
GAP_CONTROLS = frozenset({"r_pp", "r_ee", "rho", "ratio"})


def alpha_microscope() -> Demo:
    """Look closely at Cronbach's alpha, then at the reliability of a gap (D2.3).

    Returns
    -------
    Demo
        Models M2.3 and M2.4; the prediction is about O2.3c.
    """
    mixed = reliability.alpha_curve([10], 0.6, factors=2).iloc[0]
    return Demo(
        code="D2.3",
        title=_("The alpha microscope"),
        question=_("A questionnaire reports “alpha = 0.80”. Is that good?"),
        evidence="E",
        assumption=_(
            "The formulas are exact. In this model all items of one topic correlate equally and "
            "items of different topics not at all; real items vary. Weak, fair, good and high are "
            "customary words, not laws."
        ),
        taste=(
            Slider(
                name="k",
                label=_("Number of items (questions)"),
                low=2,
                high=30,
                step=1,
                default=5,
            ),
        ),
        controls=(
            Choice(
                name="look",
                label=_("What to look at"),
                options={"scale": _("One scale"), "gap": _("Gap of two scales")},
                default="scale",
            ),
            Group(
                _("The items"),
                (
                    Slider(
                        name="r",
                        label=_("Correlation of two items on one topic"),
                        low=0,
                        high=0.9,
                        step=0.05,
                        default=0.4,
                    ),
                    Choice(
                        name="factors",
                        label=_("Hidden topics"),
                        options={"1": "1", "2": "2", "3": "3"},
                        default="1",
                    ),
                ),
                unfolded=True,
            ),
            Group(
                _("Sample, and a slip"),
                (
                    Slider(
                        name="n",
                        label=_("Respondents"),
                        low=20,
                        high=1000,
                        step=10,
                        default=100,
                    ),
                    Toggle(
                        name="reversed",
                        label=_("The last item is worded the other way, and nobody recoded it"),
                    ),
                ),
            ),
            Group(
                _("The two scales of the gap"),
                (
                    _reliability_slider("r_pp", _("Reliability of perceptions"), 0.85),
                    _reliability_slider("r_ee", _("Reliability of expectations"), 0.80),
                    Slider(
                        name="rho",
                        label=_("Correlation of the two"),
                        low=0,
                        high=0.9,
                        step=0.05,
                        default=0.7,
                    ),
                    Slider(
                        name="ratio",
                        label=_("Spread of perceptions ÷ spread of expectations"),
                        low=0.5,
                        high=2,
                        step=0.1,
                        default=1,
                    ),
                ),
            ),
        ),
        presets=(
            Preset(_("Short scale")),
            Preset(_("Long scale"), {"k": 22, "r": 0.2}),
            Preset(_("Two mixed topics"), MIXED),
            Preset(_("Forgotten reversal"), {"reversed": True}),
            Preset(_("Gap of two good scales"), {"look": "gap"}),
        ),
        prediction=Prediction(
            question=_(
                "Now ten questions, five on parking and five on the food. Within a topic the "
                "answers correlate 0.6, across topics not at all. What is alpha of the ten?"
            ),
            options={
                "zero": _("Near 0: the topics are unrelated"),
                "mean": _("About 0.3"),
                "within": _("About 0.6"),
                "high": _("About 0.8"),
            },
            correct="high",
            feedback={
                "zero": _(
                    "Only 25 of the 45 pairs of questions are unrelated. The other 20 lift alpha "
                    "to {alpha}: it does not notice that there are two topics."
                ).format(alpha=fixed(mixed["alpha"])),
                "mean": _(
                    "That is the mean correlation, {mean}. But alpha also counts the questions, "
                    "and ten of them make {alpha}, topics or not."
                ).format(mean=fixed(mixed["mean_correlation"]), alpha=fixed(mixed["alpha"])),
                "within": _(
                    "That is the correlation within a topic. Alpha looks at all pairs, then at the "
                    "number of questions: {alpha}."
                ).format(alpha=fixed(mixed["alpha"])),
                "high": _(
                    "It is {alpha}, which many reports would call fair to good, for a sum of "
                    "parking and food."
                ).format(alpha=fixed(mixed["alpha"])),
            },
            values=MIXED,
        ),
        panels=(
            Figure(
                title=_("Where it stands between 0 and 1"),
                description=_(
                    "A scale from 0 to 1 with the regions weak, fair, good and high. A dot stands "
                    "at alpha and a bar at its 95 % interval; for a gap, one dot each for "
                    "perceptions, expectations and their difference."
                ),
                chart=charts.reliability_dial,
                tables=("marks",),
                columns={
                    "label": _("What"),
                    "value": _("Reliability"),
                    "lower": _("Interval from"),
                    "upper": _("to"),
                },
                before_commit=True,
            ),
            Figure(
                title=_("Alpha rises with the number of items"),
                description=_(
                    "A rising curve of alpha against 2 to 30 items, with a band for the 95 % "
                    "interval and a dot at the present number of items."
                ),
                chart=charts.alpha_by_items,
                tables=("curve", "here"),
                columns={
                    "items": _("Items"),
                    "alpha": _("Alpha"),
                    "lower": _("From"),
                    "upper": _("To"),
                },
            ),
            Figure(
                title=_("What alpha does not show: who goes with whom"),
                description=_(
                    "A square grid with one row and one column for each item. Pairs that correlate "
                    "are blue, unrelated pairs pale, opposed pairs orange, and an item with itself "
                    "dark. Each topic is a block along the diagonal."
                ),
                chart=charts.item_correlations,
                tables=("blocks",),
                columns={
                    "items": _("Items"),
                    "others": _("with items"),
                    "correlation": _("Correlation"),
                },
            ),
            Figure(
                title=_("A gap is less reliable, the more alike its two scales"),
                description=_(
                    "A falling curve of the gap's reliability against the correlation of "
                    "perceptions and expectations, a dashed line at the average reliability of the "
                    "two scales, and a diamond at the present correlation."
                ),
                chart=charts.difference_by_correlation,
                tables=("gap_curve", "parts", "gap_here"),
                columns={"rho": _("Correlation"), "reliability": _("Reliability of the gap")},
            ),
            Figure(
                title=_("Part of the gap is perceptions in disguise"),
                description=_(
                    "A curve of the correlation between the gap and the perceptions that it is "
                    "made from, against the correlation of perceptions and expectations."
                ),
                chart=charts.gap_by_correlation,
                tables=("gap_curve", "parts", "gap_here"),
                columns={
                    "rho": _("Correlation"),
                    "gap_correlation": _("Gap with perceptions"),
                },
            ),
        ),
        view=_view,
        formula=(
            r"\begin{matrix} \alpha = \dfrac{k\,\bar r}{1 + (k - 1)\,\bar r} \\ \\"
            r"r_D = \dfrac{\sigma_P^2 r_{PP} + \sigma_E^2 r_{EE} - 2 \rho \sigma_P \sigma_E}"
            r"{\sigma_P^2 + \sigma_E^2 - 2 \rho \sigma_P \sigma_E}"
            r"\end{matrix}"
        ),
        formula_note=_(
            "<i>k</i> items with mean correlation <i>r̄</i> (alpha of standardised items; Cronbach, "
            "1951); its interval is Feldt's (1965). <i>r<sub>D</sub></i> reliability of "
            "perceptions minus expectations, <i>r<sub>PP</sub></i> and <i>r<sub>EE</sub></i> "
            "reliabilities of the two, <i>ρ</i> their correlation, <i>σ</i> their spreads (Peter, "
            "Churchill and Brown, 1993)."
        ),
        challenge=Challenge(
            goal=_(
                "Look at the gap of two scales. Let them <b>correlate 0.50</b> with <b>equal "
                "spreads</b> (ratio 1.0). Make the scales good enough for the gap to reach "
                "<b>reliability 0.70</b>."
            ),
            solved=_solved,
            hint=_(
                "The case “Gap of two good scales” opens the right controls. At a correlation of "
                "0.50 and equal spreads, the gap's reliability is the sum of the two others "
                "minus 1."
            ),
            success=_(
                "The two scales must average 0.85 to give a gap of 0.70, which is merely fair."
            ),
        ),
    )


def _reliability_slider(name: str, label: str, default: float) -> Slider:
    return Slider(name=name, label=label, low=0.5, high=0.95, step=0.01, default=default)


def _scale(state: State, **changed: bool) -> pd.Series:
    """Alpha, its interval and the mean correlation, with some settings changed."""
    at = {**state, **changed}
    return reliability.alpha_curve([int(at["k"])], *_kind(at), int(at["n"])).iloc[0]


def _kind(state: State) -> tuple[float, int, bool]:
    return state["r"], int(state["factors"]), state["reversed"]


def _gap(state: State) -> pd.DataFrame:
    """One row: reliability of the gap and its correlation with perceptions, if they can be."""
    return reliability.difference_curve(
        state["r_pp"], state["r_ee"], [state["rho"]], sd_p=state["ratio"]
    )


def _solved(state: State) -> bool:
    return bool(
        state["look"] == "gap"
        and math.isclose(state["rho"], 0.5)
        and math.isclose(state["ratio"], 1)
        and _gap(state)["reliability"].item() >= 0.7 - 1e-9
    )


def _view(state: State) -> View:
    return _gap_view(state) if state["look"] == "gap" else _scale_view(state)


def _scale_view(state: State) -> View:
    k, topics = int(state["k"]), int(state["factors"])
    if k < topics:
        raise ValueError(
            _("{k} items cannot cover {topics} topics. Take more items or fewer topics.").format(
                k=k, topics=topics
            )
        )
    scale = _scale(state)
    alpha, mean = fixed(scale["alpha"]), fixed(scale["mean_correlation"])
    interval = _("{lower} to {upper}").format(
        lower=fixed(scale["lower"]), upper=fixed(scale["upper"])
    )
    sentence = _(
        "<b>Alpha is {alpha}</b> (95 % interval {interval}, {n} respondents) for {k} items that "
        "correlate {mean} on average."
    ).format(alpha=alpha, interval=interval, n=fixed(state["n"], 0), k=k, mean=mean)
    return View(
        tables=_scale_tables(state, scale),
        numbers=(
            Number(label=_("alpha"), text=alpha),
            Number(label=_("95 % interval"), text=interval),
            Number(label=_("mean correlation of two items"), text=mean),
        ),
        sentence=f"{sentence} {_warning(state, scale)}",
        explanation=_why(state, scale),
        teaser=_teaser(state),
        inactive=GAP_CONTROLS,
    )


def _teaser(state: State) -> str:
    alpha = reliability.standardised_alpha(state["k"], state["r"])
    return _(
        "{k} questions on one topic, answered by {n} people. Alpha tells how much the answers move "
        "in step: here <b>{alpha}</b>. Ask more or fewer questions and watch it."
    ).format(k=int(state["k"]), n=fixed(state["n"], 0), alpha=fixed(float(alpha)))


def _warning(state: State, scale: pd.Series) -> str:
    if state["reversed"]:
        return _(
            "<b>Warning:</b> one item is worded the other way. Recode it before you count: alpha "
            "is then {recoded}."
        ).format(recoded=fixed(_scale(state, reversed=False)["alpha"]))
    if state["factors"] != "1":
        return _(
            "<b>Warning:</b> the sum mixes {topics} unrelated topics, and alpha does not show it."
        ).format(topics=state["factors"])
    if scale["alpha"] >= 0.8 and scale["mean_correlation"] < 0.3:
        return _("<b>Warning:</b> it is high because the scale is long; two items hardly agree.")
    if scale["alpha"] < 0.7:
        return _("Much of what separates two people's sums is chance.")
    if scale["upper"] - scale["lower"] > 0.2:
        return _("<b>Warning:</b> the interval is too wide to call it weak or good.")
    return _("The items share one topic, so their sum has a clear meaning.")


def _why(state: State, scale: pd.Series) -> str:
    k, mean = int(state["k"]), fixed(scale["mean_correlation"])
    what = _(
        "Alpha knows two things only: that there are {k} items, and that two of them correlate "
        "{mean} on average."
    ).format(k=k, mean=mean)
    if state["reversed"]:
        why = _(
            "The last item points the other way, so its pairs count against the others (orange in "
            "the grid). Recoded, two items would correlate {recoded} on average."
        ).format(recoded=fixed(_scale(state, reversed=False)["mean_correlation"]))
    elif state["factors"] == "1":
        double = reliability.standardised_alpha(2 * k, scale["mean_correlation"])
        why = _(
            "Twice as many items of the same kind would lift it from {alpha} to {double}, "
            "though each item is as good or bad as before."
        ).format(alpha=fixed(scale["alpha"]), double=fixed(float(double)))
    else:
        why = _(
            "It would also be {alpha} for {k} items on one topic that all correlate {mean}. To see "
            "how many topics there are, look at the grid of correlations."
        ).format(alpha=fixed(scale["alpha"]), k=k, mean=mean)
    return f"{what} {why}"


def _gap_view(state: State) -> View:
    r_pp, r_ee, rho = (fixed(state[name]) for name in ("r_pp", "r_ee", "rho"))
    gap = _gap(state)
    if not gap["possible"].item():
        limit = reliability.largest_correlation(state["r_pp"], state["r_ee"])
        raise ValueError(
            _(
                "Scales with reliabilities {r_pp} and {r_ee} cannot correlate {rho}; the most is "
                "{limit}, because chance errors do not correlate."
            ).format(r_pp=r_pp, r_ee=r_ee, rho=rho, limit=fixed(limit, 3))
        )
    reliable = gap["reliability"].item()
    found, with_p = fixed(reliable), fixed(gap["gap_correlation"].item())
    mean = (state["r_pp"] + state["r_ee"]) / 2
    return View(
        tables=_gap_tables(state, gap),
        numbers=(
            Number(label=_("reliability of the gap"), text=found),
            Number(label=_("average of its two scales"), text=fixed(mean, 3)),
        ),
        sentence=_(
            "<b>The gap has reliability {found}</b>; its two scales have {r_pp} and {r_ee} and "
            "correlate {rho}. The gap also correlates {with_p} with the perceptions inside it."
        ).format(found=found, r_pp=r_pp, r_ee=r_ee, rho=rho, with_p=with_p),
        explanation=_(
            "What perceptions and expectations share is steady signal, and subtracting removes "
            "it; their chance errors are separate, and both stay. Of the differences between "
            "people's gaps {share} are real, against {mean} for the two scales on average."
        ).format(share=percent(reliable), mean=percent(mean)),
        teaser=_teaser(state),
        inactive=SCALE_CONTROLS,
    )


def _scale_tables(state: State, scale: pd.Series) -> dict[str, pd.DataFrame]:
    curve = reliability.alpha_curve(ITEM_GRID, *_kind(state), int(state["n"]))
    blocks = reliability.correlation_blocks(int(state["k"]), *_kind(state))
    return _rounded(
        marks=_marks((_("Alpha"), "alpha", scale["alpha"], scale["lower"], scale["upper"])),
        curve=curve[["k", "alpha", "lower", "upper"]].assign(items=curve["k"].astype(str)),
        here=pd.DataFrame({"k": [int(state["k"])], "alpha": [scale["alpha"]]}),
        blocks=blocks.assign(
            items=_range(blocks["row"], blocks["last_row"]),
            others=_range(blocks["column"], blocks["last_column"]),
        ),
    )


def _gap_tables(state: State, gap: pd.DataFrame) -> dict[str, pd.DataFrame]:
    parts = (state["r_pp"], state["r_ee"])
    limit = reliability.largest_correlation(*parts)
    curve = reliability.difference_curve(*parts, np.linspace(0, limit, 20), sd_p=state["ratio"])
    return _rounded(
        marks=_marks(
            (_("Perceptions"), "part", parts[0], math.nan, math.nan),
            (_("Expectations"), "part", parts[1], math.nan, math.nan),
            (_("Gap"), "gap", gap["reliability"].item(), math.nan, math.nan),
        ),
        gap_curve=curve[["rho", "reliability", "gap_correlation"]],
        gap_here=gap[["rho", "reliability", "gap_correlation"]],
        parts=pd.DataFrame({"mean": [sum(parts) / 2], "limit": [limit]}),
    )


def _range(first: pd.Series, last: pd.Series) -> list[str]:
    return [str(a) if a == b else f"{a}–{b}" for a, b in zip(first, last, strict=True)]


def _marks(*rows: tuple[str, str, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["label", "kind", "value", "lower", "upper"])


def _rounded(**tables: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {name: table.round(4) for name, table in tables.items()}
