"""The dashboard that every candidate shows: the same data, four sliders and three charts.

480 hotel guests gave marks from 1 to 7 for what they expect and what they got. Four sliders say
how much a dimension counts (the fifth, empathy, counts 20); each of them changes all three charts.
Nothing here depends on a framework.
"""

from collections.abc import Mapping
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd

FILE = Path(__file__).parents[3] / "datasets" / "hotel-servqual" / "hotel_servqual.csv"
DIMENSIONS = {
    "T": "Tangibles",
    "R": "Reliability",
    "S": "Responsiveness",
    "A": "Assurance",
    "E": "Empathy",
}
SLIDERS = list(DIMENSIONS.values())[:4]
LOW, HIGH, STEP, START = 0, 40, 1, 20
TITLES = ("Weighted gap by dimension", "Guests by their gap", "From the worst gap to the best")
WIDTH, HEIGHT = 360, 220
BINS = np.linspace(-3, 3, 41)

Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def load() -> pd.DataFrame:
    """Return each guest's gap, perceived minus expected, one column a dimension."""
    answers = pd.read_csv(FILE)
    gaps = {
        name: answers.filter(regex=f"^P_{letter}").mean(axis=1)
        - answers.filter(regex=f"^E_{letter}").mean(axis=1)
        for letter, name in DIMENSIONS.items()
    }
    return pd.DataFrame(gaps).dropna()


def tables(gaps: pd.DataFrame, weights: Mapping[str, float]) -> Tables:
    """Return what the three charts show when the dimensions count as the sliders say."""
    counts = pd.Series(dict(weights)).reindex(gaps.columns, fill_value=START)
    weighted = gaps * (counts / counts.sum())
    score = weighted.sum(axis=1)
    shares = np.linspace(0, 1, 101)
    return (
        pd.DataFrame({"dimension": gaps.columns, "gap": weighted.mean().to_numpy()}),
        pd.DataFrame(
            {"from": BINS[:-1], "to": BINS[1:], "guests": np.histogram(score, bins=BINS)[0]}
        ),
        pd.DataFrame({"share": shares, "gap": score.quantile(shares).to_numpy()}),
    )


def bars(data: alt.NamedData | pd.DataFrame) -> alt.Chart:
    return (
        alt.Chart(data, title=TITLES[0], width=WIDTH, height=HEIGHT)
        .mark_bar()
        .encode(
            alt.X("gap:Q", title="Weighted gap", scale=alt.Scale(domain=[-0.5, 0.5])),
            alt.Y("dimension:N", title=None, sort=list(DIMENSIONS.values())),
        )
    )


def histogram(data: alt.NamedData | pd.DataFrame) -> alt.Chart:
    return (
        alt.Chart(data, title=TITLES[1], width=WIDTH, height=HEIGHT)
        .mark_bar()
        .encode(
            alt.X("from:Q", title="Weighted gap of a guest", bin="binned"),
            alt.X2("to"),
            alt.Y("guests:Q", title="Guests", scale=alt.Scale(domain=[0, 80])),
        )
    )


def curve(data: alt.NamedData | pd.DataFrame) -> alt.Chart:
    return (
        alt.Chart(data, title=TITLES[2], width=WIDTH, height=HEIGHT)
        .mark_line()
        .encode(
            alt.X("share:Q", title="Share of guests", axis=alt.Axis(format="%")),
            alt.Y("gap:Q", title="Weighted gap", scale=alt.Scale(domain=[-3, 3])),
        )
    )


CHARTS = (bars, histogram, curve)


def charts(gaps: pd.DataFrame, weights: Mapping[str, float]) -> list[alt.Chart]:
    """Return the three charts with their data."""
    return [draw(table) for draw, table in zip(CHARTS, tables(gaps, weights), strict=True)]
