"""Audit a state (D8.1): what its hospitals should mend first, by whom you compare them with."""

from functools import cache, partial
from gettext import gettext as _

import pandas as pd

from servicequality import data
from servicequality.charts.capstone import two_lines_over_years
from servicequality.charts.importance_performance import importance_performance_map, map_tables
from servicequality.charts.intervals import interval_rows
from servicequality.models import importance_performance as ipa
from servicequality.models import segments, weights
from servicequality.widgets import (
    Challenge,
    Choice,
    Demo,
    Figure,
    Number,
    Prediction,
    Preset,
    State,
    View,
    fixed,
)

THEMES = {
    "h_comp_1_a_p": _("nurses"),
    "h_comp_2_a_p": _("doctors"),
    "h_comp_3_a_p": _("quick help"),
    "h_comp_5_a_p": _("medicines"),
    "h_comp_6_y_p": _("going home"),
    "h_comp_7_sa": _("care after"),
    "h_clean_hsp_a_p": _("cleanliness"),
    "h_quiet_hsp_a_p": _("quiet"),
}
RATING = "h_hsp_rating_9_10"
FEWEST_HOSPITALS = 30
IMPORTANCE = {"alone": "squared_correlation", "together": "relative_weight"}
SHARE, AHEAD = (30, 100), (-14, 14)
"""What the charts show of performance: shares in percent, points ahead of the country."""
RATINGS = (58, 84)
LINES = (_("this state"), _("United States"))


def audit_a_state() -> Demo:
    """Compare the hospitals of a state with each other's themes, or with the country (D8.1).

    Returns
    -------
    Demo
        Models M2.6 and M6.6 on the HCAHPS results of 2022, and the releases of 2015 to 2023.
    """
    return Demo(
        code="D8.1",
        title=_("Audit a state"),
        question=_("What should the hospitals of Massachusetts mend first?"),
        evidence="M",
        assumption=_(
            "Real data: what discharged patients told US hospitals with at least 100 answers "
            "(CMS, HCAHPS). Importance is derived from how themes and verdict go together across "
            "hospitals; that shows no causes, and says nothing of single patients. That the "
            "regions of the map tell where effort works best is disputed (Oh, 2001)."
        ),
        taste=(
            Choice(
                name="state",
                label=_("State"),
                options={
                    code: _("{state} ({n} hospitals)").format(state=name, n=n)
                    for code, (name, n) in _states().items()
                },
                default="MA",
            ),
        ),
        controls=(
            Choice(
                name="compare",
                label=_("Compare each theme with"),
                options={"own": _("The other themes"), "country": _("The country")},
                default="own",
            ),
            Choice(
                name="importance",
                label=_("Importance of a theme"),
                options={"alone": _("By itself"), "together": _("Beside the others")},
                default="alone",
            ),
        ),
        presets=(
            Preset(_("Massachusetts, other themes")),
            Preset(_("Massachusetts, country"), {"compare": "country"}),
            Preset(_("Maryland, other themes"), {"state": "MD"}),
            Preset(_("New Jersey, country"), {"state": "NJ", "compare": "country"}),
            Preset(_("Georgia, country"), {"state": "GA", "compare": "country"}),
        ),
        prediction=Prediction(
            question=_(
                "In Massachusetts four themes get clearly fewer best answers than the other four. "
                "Now compare each with the same theme in the whole country. Which of them is "
                "furthest behind?"
            ),
            options={
                "care": _("Care after the stay"),
                "medicines": _("Talk about medicines"),
                "help": _("Quick help"),
                "quiet": _("Quiet at night"),
            },
            correct="quiet",
            feedback={
                "care": _(
                    "Care after the stay is low everywhere: it counts only “strongly agree”. "
                    "Massachusetts is 0.3 points behind. Quiet is 9.4 points behind."
                ),
                "medicines": _(
                    "Medicines are low everywhere: Massachusetts is 0.8 points behind. Quiet is "
                    "9.4 points behind."
                ),
                "help": _(
                    "Quick help comes second, 2.6 points behind. Quiet is 9.4 points behind."
                ),
                "quiet": _(
                    "Quiet is 9.4 points behind, quick help 2.6. The other two are low everywhere."
                ),
            },
            values={"compare": "country"},
        ),
        panels=(
            Figure(
                title=_("How well it is done, and how much it goes with the verdict"),
                description=_(
                    "A map of eight themes with performance to the right and importance upwards. "
                    "Two lines cut it into four regions: concentrate here, keep up, low priority "
                    "and possible overkill."
                ),
                chart=partial(
                    importance_performance_map,
                    across=_("best answers, %, or points ahead"),
                ),
                tables=("points", "regions", "cross"),
                columns={
                    "attribute": _("Theme"),
                    "importance": _("Importance"),
                    "performance": _("Performance"),
                    "advice": _("Advice"),
                },
                before_commit=True,
            ),
            Figure(
                title=_("Points ahead of the country, with 95 % intervals"),
                description=_(
                    "One row for each theme, the furthest behind first: a point with its interval "
                    "beside a line at zero, where the country stands."
                ),
                chart=partial(
                    interval_rows,
                    title=_("points ahead of the country"),
                    line_name=_("country"),
                    ends=AHEAD,
                ),
                tables=("rows",),
                columns={
                    "name": _("Theme"),
                    "value": _("Points ahead"),
                    "lower": _("From"),
                    "upper": _("To"),
                },
            ),
            Figure(
                title=_("Patients who gave 9 or 10, by release"),
                description=_(
                    "Two lines over the yearly releases from 2015 to 2023: the share of top "
                    "ratings in this state, and in the United States."
                ),
                chart=partial(two_lines_over_years, upwards=_("gave 9 or 10, %"), ends=RATINGS),
                tables=("lines",),
                columns={
                    "name": _("Where"),
                    "release": _("Release"),
                    "value": _("Gave 9 or 10, %"),
                },
                decimals=0,
            ),
        ),
        view=_view,
        formula=r"\text{gap}_t = \bar{x}_t^{\,\text{state}} - \bar{x}_t^{\,\text{country}}",
        formula_note=_(
            "<i>x</i> is a hospital's share of best answers on theme <i>t</i>, in percent; the "
            "bar is the mean over hospitals, so the gap is in percentage points and negative is "
            "behind. Importance by itself is the squared correlation with the share of 9 and 10, "
            "beside the others the relative weight (Johnson, 2000); both add up to 1. The lines of "
            "the last chart count patients, not hospitals, in whole percent."
        ),
        challenge=Challenge(
            goal=_(
                "Find a state that is behind the country in <b>no theme</b>. Compare it with the "
                "country; then compare its themes with each other."
            ),
            solved=_solved,
            hint=_("The north of the Middle West has several."),
            success=_(
                "Against the country there is nothing to mend. Against its own other themes the "
                "same state always has something below the line: some must be below an average."
            ),
        ),
    )


@cache
def _hospitals() -> pd.DataFrame:
    return data.load("hcahps").rename(columns=THEMES)


@cache
def _states() -> dict[str, tuple[str, int]]:
    """Name and hospitals of each state with enough of them, by name."""
    names = data.load("hcahps", "regions").set_index("state")["state_name"]
    sizes = _hospitals()["state"].value_counts()
    enough = sizes[sizes >= FEWEST_HOSPITALS].index.intersection(names.index)
    return {code: (names[code], int(sizes[code])) for code in names[enough].sort_values().index}


@cache
def _country() -> pd.Series:
    return _hospitals()[[*THEMES.values(), RATING]].mean()


@cache
def _themes(code: str) -> pd.DataFrame:
    """One row per theme: share of best answers, points ahead of the country, importance."""
    state = _hospitals().query("state == @code")
    rated = state[list(THEMES.values())]
    long = rated.melt()
    shares = segments.group_means(long["value"], long["variable"]).loc[rated.columns]
    ahead = shares[["mean", "lower", "upper"]].sub(_country()[rated.columns], axis=0)
    importance = weights.derive(rated, state[RATING])[list(IMPORTANCE.values())]
    return importance.assign(share=shares["mean"], **ahead.rename(columns={"mean": "ahead"}))


@cache
def _rating(code: str) -> pd.Series:
    state = _hospitals().query("state == @code")
    return segments.group_means(state[RATING], [code] * len(state)).iloc[0]


@cache
def _results() -> tuple[pd.DataFrame, pd.Series]:
    """Share of 9 and 10 by release: of each state in a column, and of the nation."""
    shown = "measure_id == 'H_HSP_RATING'"
    states = data.load("hcahps", "states").query(shown)
    nation = data.load("hcahps", "national").query(shown)
    by_state = states.pivot_table(index="release", columns="state", values="top_box_pct")
    return by_state, nation.set_index("release")["top_box_pct"]


def _releases(code: str) -> pd.DataFrame:
    """Share of 9 and 10 in the state and in the nation, by the year of the release."""
    by_state, nation = _results()
    both = pd.concat([by_state[code], nation], axis=1, keys=LINES).dropna()
    both.index = both.index.str[-4:].astype(int)
    return both.sort_index()


def _map(state: State) -> tuple[pd.DataFrame, tuple[float, float]]:
    """Themes with importance and performance, and where the lines cross."""
    themes = _themes(state["state"])
    compared = themes["ahead" if state["compare"] == "country" else "share"]
    points = pd.DataFrame(
        {"importance": themes[IMPORTANCE[state["importance"]]], "performance": compared}
    )
    level, upright = ipa.crosshair(points)
    return points, (level, 0.0 if state["compare"] == "country" else upright)


def _solved(state: State) -> bool:
    themes = _themes(state["state"])
    return bool(state["compare"] == "country" and themes["ahead"].min() >= 0)


def _view(state: State) -> View:
    code = str(state["state"])
    name, n = _states()[code]
    themes, rating, releases = _themes(code), _rating(code), _releases(code)
    points, lines = _map(state)
    advice = ipa.classify(points, "free", lines=lines)
    behind = themes.sort_values("ahead")
    country = state["compare"] == "country"
    weakest = f"{behind.index[0]} {fixed(behind['ahead'].iloc[0], 1, sign=True)}"
    mean, lower, upper = (fixed(rating[column], 1) for column in ("mean", "lower", "upper"))
    share = _("{mean} % ({lower} to {upper})").format(mean=mean, lower=lower, upper=upper)
    distance = releases[LINES[0]] - releases[LINES[1]]
    first, last = (fixed(distance.iloc[end], 0, sign=True) for end in (0, -1))
    tables = map_tables(
        points, "free", lines, importance=(0, 0.35), performance=AHEAD if country else SHARE
    )
    tables["cross"]["movable"] = False
    return View(
        tables={**tables, "rows": _rows(behind), "lines": _lines(releases)},
        numbers=(
            Number(label=_("weakest against the country, points"), text=weakest),
            Number(label=_("gave 9 or 10, mean of hospitals"), text=share),
            Number(
                label=_("points ahead of the nation, {year} and {now}").format(
                    year=distance.index[0], now=distance.index[-1]
                ),
                text=_("{first} and {last}").format(first=first, last=last),
            ),
        ),
        sentence=_(
            "{state}, {n} hospitals, {measure}: <b>concentrate on {urgent}</b>. Weakest against "
            "the country: {weakest} points. In the mean of its hospitals {share} of the patients "
            "gave 9 or 10. State minus nation: {first} points in {year}, {last} in {now}."
        ).format(
            state=name,
            n=n,
            measure=_("each theme against the country")
            if country
            else _("each theme against the other themes"),
            urgent=", ".join(advice.index[advice == ipa.CONCENTRATE]) or _("nothing"),
            weakest=weakest,
            share=share,
            first=first,
            year=distance.index[0],
            last=last,
            now=distance.index[-1],
        ),
        explanation=_explanation(state, themes, advice),
        teaser=_(
            "Eight themes that patients in {state} judged: how often they gave the best answer, "
            "and how closely each theme goes with the overall verdict. <b>Choose a state</b> and "
            "see which themes end up on the left."
        ).format(state=name),
    )


def _explanation(state: State, themes: pd.DataFrame, advice: pd.Series) -> str:
    if state["compare"] == "own":
        low = themes["share"] < themes["share"].mean()
        usual = str(themes.loc[low, "ahead"].idxmax())
        return _(
            "Themes are asked in different ways, and some are low everywhere. {theme} has "
            "{share} % here, below the average of the eight; in the country it has {country} %. "
            "Compare like with like before you call it weak."
        ).format(
            theme=usual.capitalize(),
            share=fixed(float(themes["share"][usual]), 1),
            country=fixed(_country()[usual], 1),
        )
    behind = int((themes["ahead"] < 0).sum())
    clear = int((themes["upper"] < 0).sum())
    worst = str(themes["ahead"].idxmin())
    if not behind:
        return _(
            "No theme is behind the country, so nothing is on the left. The state's weakest theme "
            "is {worst}, {points} points ahead. Being ahead of others is still no promise kept."
        ).format(worst=worst, points=fixed(themes["ahead"].min(), 1))
    if advice[worst] == ipa.CONCENTRATE:
        listed = _("is on the list, as important enough and behind")
    else:
        listed = _(
            "is not on the list: its importance is below the line, and the map does not ask how "
            "far behind it is"
        )
    return _(
        "Behind the country: {behind} of 8 themes. Clearly so, with an interval that does not "
        "reach it: {clear}. The furthest behind, {worst}, {listed}."
    ).format(behind=behind, clear=clear, worst=worst, listed=listed)


def _rows(behind: pd.DataFrame) -> pd.DataFrame:
    rows = behind[["ahead", "lower", "upper"]].round(2)
    rows = rows.set_axis(["value", "lower", "upper"], axis=1).rename_axis("name").reset_index()
    return rows.assign(words=rows["value"].map(lambda gap: fixed(gap, 1, sign=True)), line=0)


def _lines(releases: pd.DataFrame) -> pd.DataFrame:
    table = releases.rename_axis("year").reset_index()
    lines = table.melt("year", var_name="name", value_name="value")
    middle = lines["year"] == table["year"][len(table) // 2]
    other = lines["name"] == LINES[1]
    ours, theirs = lines.loc[middle, "value"]
    # Two names at one height would hide each other.
    above = other if theirs >= ours else ~other
    return lines.assign(
        other=other,
        words=lines["name"].where(middle, ""),
        above=above,
        release=lines["year"].astype(str),
    )
