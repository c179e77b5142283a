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
MIXED = {"k": 10, "r": 0.6, "factors": "2"}
SCALE_CONTROLS = frozenset({"k", "r", "factors", "n", "reversed"})
GAP_CONTROLS = frozenset({"r_pp", "r_ee", "rho", "ratio"})


def alpha_microscope() -> Demo:
    """Look closely at Cronbach's alpha, then at the reliability of a gap (D2.3).

    Returns
    -------
    Demo
        Models M2.3 and M2.4; the prediction is about O2.3c.
    """
    mixed = _alpha(10, 0.6, 2)
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
                ),
                "mean": _(
                    "That is the mean correlation, {mean}. But alpha also counts the questions, "
                    "and ten of them make {alpha}, topics or not."
                ),
                "within": _(
                    "That is the correlation within a topic. Alpha looks at all pairs, then at the "
                    "number of questions: {alpha}."
                ),
                "high": _(
                    "It is {alpha}, which many reports would call fair to good, for a sum of "
                    "parking and food."
                ),
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
                    "k": _("Items"),
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
                    "row": _("Items from"),
                    "last_row": _("to"),
                    "column": _("with items from"),
                    "last_column": _("to "),
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
            r"\alpha = \frac{k\,\bar r}{1 + (k - 1)\,\bar r} \qquad "
            r"r_D = \frac{\sigma_P^2 r_{PP} + \sigma_E^2 r_{EE} - 2 \rho \sigma_P \sigma_E}"
            r"{\sigma_P^2 + \sigma_E^2 - 2 \rho \sigma_P \sigma_E}"
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


def _alpha(k: float, r: float, factors: int, reverse: bool = False, n: float = 100) -> pd.Series:
    return reliability.alpha_curve([int(k)], r, factors, reverse, int(n)).iloc[0]


def _gap(state: State) -> pd.Series:
    return reliability.difference_curve(
        state["r_pp"], state["r_ee"], [state["rho"]], sd_p=state["ratio"]
    ).iloc[0]


def _solved(state: State) -> bool:
    return bool(
        state["look"] == "gap"
        and math.isclose(state["rho"], 0.5)
        and math.isclose(state["ratio"], 1)
        and _gap(state)["reliability"] >= 0.7 - 1e-9
    )
