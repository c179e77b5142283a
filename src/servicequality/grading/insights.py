"""What a class did not understand, and what the instructor should look at.

Difficulty and discrimination are those of classical test theory (Crocker & Algina, 1986).
"""

import re
from argparse import Namespace
from dataclasses import replace
from gettext import gettext as _
from gettext import ngettext

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text
from scipy import stats

from servicequality.grading.course import Course
from servicequality.grading.evidence import Evidence, gather, one_line
from servicequality.grading.similarity import pairs

SMALL_CLASS = 20  # submissions; below, a correlation is mostly noise
VALUES = re.compile(r"'[^']*'|\"[^\"]*\"|[-−+]?\d[\d.,_]*(?:e[-+]?\d+)?|\bnan\b|\binf\b")


def items(results: pd.DataFrame, by: str = "task") -> pd.DataFrame:
    """Return difficulty and discrimination of each task or test.

    Discrimination is the corrected item-total correlation: Pearson's, between the points for the
    item and the points for all other items, with its 95 % interval (Fisher's z). It is missing
    where everybody has the same points, and for items that are not marked for everybody.

    Parameters
    ----------
    results : DataFrame
        As in `Evidence`.
    by : {"task", "test"}

    Returns
    -------
    DataFrame
        One row per item, in the order of the notebook: most (points), share (0-1, mean share of
        the points), full and none (0-1, shares of those with all points and with none),
        discrimination, lower, upper (-1 to 1).
    """
    each = results.assign(unmarked=results["points"].isna())
    each = each.groupby(["student", by], sort=False)[["points", "most", "unmarked"]].sum()
    each["points"] = each["points"].mask(each["unmarked"] > 0)
    each["share"] = each["points"] / each["most"]
    shares = _wide(each["share"], by)
    table = pd.DataFrame(
        {
            "most": each.groupby(by, sort=False)["most"].max(),
            "share": shares.mean(),
            "full": (shares > 1 - 1e-9).where(shares.notna()).mean(),
            "none": (shares < 1e-9).where(shares.notna()).mean(),
        }
    )
    points = _wide(each["points"], by).dropna(axis="columns")
    rest = points.rsub(points.sum(axis=1), axis=0)
    varied = (points.std() > 1e-9) & (rest.std() > 1e-9)
    points, rest = points.loc[:, varied], rest.loc[:, varied]
    if len(points) > 3 and varied.any():
        found = stats.pearsonr(points, rest, axis=0)
        low, high = found.confidence_interval(0.95)
        values = {"discrimination": found.statistic, "lower": low, "upper": high}
        return table.join(pd.DataFrame(values, index=points.columns))
    return table.assign(discrimination=np.nan, lower=np.nan, upper=np.nan)


def _wide(column: pd.Series, by: str) -> pd.DataFrame:
    rows = column.reset_index()
    return rows.pivot_table(
        column.name, index="student", columns=by, sort=False, dropna=False, observed=True
    )


def failures(results: pd.DataFrame) -> pd.DataFrame:
    """Return how many failed each test, and what most of them were told.

    Messages that differ in numbers and quoted values only count as one.

    Returns
    -------
    DataFrame
        Indexed by test, those with most failures first: task, failed (students), share (0-1, of
        all students), message (the most common one) and told (students who got it).
    """
    short_of_all = results["points"] < results["most"] - 1e-9
    failed = results[short_of_all & (results["state"] != "marked")]
    failed = failed.assign(kind=failed["message"].str.replace(VALUES, "…", regex=True))
    groups = failed.groupby(["test", "kind"], sort=False)
    messages = groups.agg(message=("message", _most_common), told=("student", "size"))
    best = messages.sort_values("told", ascending=False, kind="stable").groupby("test").head(1)
    table = failed.groupby("test", sort=False).agg(task=("task", "first"), failed=("test", "size"))
    table["share"] = table["failed"] / results["student"].nunique()
    table = table.join(best.reset_index("kind", drop=True))
    return table.sort_values("failed", ascending=False, kind="stable")


def scores(results: pd.DataFrame) -> pd.Series:
    """Return each student's share (0-1) of the points marked for everybody, lowest first."""
    unmarked = results.loc[results["points"].isna(), "test"].unique()
    marked = results[~results["test"].isin(unmarked)]
    sums = marked.groupby("student")[["points", "most"]].sum()
    return (sums["points"] / sums["most"]).sort_values().rename("share")


def distribution(shares: pd.Series) -> pd.Series:
    """Count students in each tenth of the points, from "0–9 %" to "90–100 %"."""
    names = [f"{low}–{low + 9 if low < 90 else 100} %" for low in range(0, 100, 10)]
    # Rounded first, so that 0.3 does not fall below 30 %.
    tenths = (shares.mul(10).round(9).floordiv(1)).clip(upper=9).astype(int)
    counts = tenths.value_counts().reindex(range(10), fill_value=0)
    return counts.set_axis(names).rename("students")


def late(results: pd.DataFrame) -> pd.Series:
    """Return how many hours each late student was late, the latest first."""
    hours = results.groupby("student")["late"].first()
    return hours[hours > 0].sort_values(ascending=False)


def untouched(answers: pd.DataFrame) -> pd.Series:
    """Return how many students left each task as it was given, in the order of the notebook."""
    own = answers[answers["solution"]]
    touched = own.groupby(["student", "task"], sort=False)["touched"].any()
    return (~touched).groupby("task", sort=False).sum().rename("untouched")


def blank(answers: pd.DataFrame) -> list[str]:
    """Return the students who changed nothing at all."""
    touched = answers[answers["solution"]].groupby("student")["touched"].any()
    return touched.index[~touched].tolist()


def alike(evidence: Evidence) -> pd.DataFrame:
    """Return pairs of students whose code is worth a look; see `similarity.pairs`."""
    answers = evidence.answers
    return pairs(answers[answers["code"] & answers["touched"]], evidence.given)


def at_work(evidence: Evidence) -> Evidence:
    """Return what is known about those who changed something.

    An empty submission would tell nothing about the tasks, and would make all items agree.
    """
    out = blank(evidence.answers)
    results, answers = evidence.results, evidence.answers
    return replace(
        evidence,
        results=results[~results["student"].isin(out)],
        answers=answers[~answers["student"].isin(out)],
    )


def sentences(evidence: Evidence) -> list[str]:
    """Return what stands out, one plain sentence each."""
    active = at_work(evidence)
    said = [
        *_about_the_class(evidence),
        *_about_tasks(active.results, untouched(active.answers)),
        *_about_tests(active.results),
    ]
    hours = late(evidence.results)
    if len(hours):
        said.append(
            ngettext(
                "{n} submission was late, by {median:.0f} hours.",
                "{n} submissions were late, the median by {median:.0f} hours.",
                len(hours),
            ).format(n=len(hours), median=hours.median())
        )
    return said


def _about_the_class(evidence: Evidence) -> list[str]:
    n = evidence.results["student"].nunique()
    shares = scores(evidence.results)
    said = [
        ngettext(
            "{n} submission was graded; it has {median} of the points.",
            "{n} submissions were graded; the median is {median} of the points.",
            n,
        ).format(n=n, median=percent(shares.median()))
    ]
    unmarked = evidence.results.loc[evidence.results["points"].isna()]
    for test, rows in unmarked.groupby("test", sort=False):
        said.append(
            ngettext(
                "{test} waits to be read for {n} student, and does not count here.",
                "{test} waits to be read for {n} students, and does not count here.",
                len(rows),
            ).format(test=test, n=len(rows))
        )
    if evidence.failed:
        said.append(
            ngettext(
                "{n} submission could not be graded: {names}.",
                "{n} submissions could not be graded: {names}.",
                len(evidence.failed),
            ).format(n=len(evidence.failed), names=_some(sorted(evidence.failed)))
        )
    if nothing := blank(evidence.answers):
        said.append(
            ngettext(
                "{n} submission has no answer at all, and is left out of the tasks and tests: "
                "{names}.",
                "{n} submissions have no answer at all, and are left out of the tasks and tests: "
                "{names}.",
                len(nothing),
            ).format(n=len(nothing), names=_some(nothing))
        )
    if n - len(nothing) < SMALL_CLASS:
        said.append(
            _(
                "With fewer than {small} submissions discrimination is mostly noise: read it as a "
                "hint at most."
            ).format(small=SMALL_CLASS)
        )
    return said


def _about_tasks(results: pd.DataFrame, skipped: pd.Series) -> list[str]:
    said = []
    # What most did not even begin is no measure of difficulty.
    shares = items(results)["share"][skipped <= results["student"].nunique() / 2].dropna()
    if len(shares) and shares.min() < 1:
        hardest = str(shares.idxmin())
        text = _("{task} was the hardest: the class has {share} of its points").format(
            task=hardest, share=percent(shares.min())
        )
        failed = failures(results).query("task == @hardest")
        if len(failed):
            worst = failed.iloc[0]
            text += _("; most failed '{test}' ({failed} of {n}): {message}").format(
                test=short(str(failed.index[0]), hardest),
                failed=worst["failed"],
                n=results["student"].nunique(),
                message=worst["message"] or _("no message"),
            )
        said.append(text if text.endswith((".", "?", "!")) else text + ".")
    if skipped.max() > 0:
        most = str(skipped.idxmax())
        said.append(
            ngettext(
                "{task} was left untouched most often, by {n} student.",
                "{task} was left untouched most often, by {n} students.",
                skipped[most],
            ).format(task=most, n=skipped[most])
        )
    return said


def _about_tests(results: pd.DataFrame) -> list[str]:
    said = []
    tests = items(results, by="test")
    for test, row in tests[tests["upper"] < 0].iterrows():
        said.append(
            _(
                "{test} goes against the others: those who do well elsewhere do worse here "
                "(discrimination {value}). Look at the test before you look at the class."
            ).format(test=test, value=correlation(row["discrimination"]))
        )
    own_fault = results[results["state"] == "test error"]
    for test, rows in own_fault.groupby("test", sort=False):
        said.append(
            ngettext(
                "{test} is itself at fault for {n} submission ({message}). Mend it, then run "
                "servicequality regrade.",
                "{test} is itself at fault for {n} submissions ({message}). Mend it, then run "
                "servicequality regrade.",
                len(rows),
            ).format(test=test, n=len(rows), message=_most_common(rows["message"]))
        )
    return said


def short(test: str, task: str) -> str:
    """Return a test's name without its task: "interval" for "x2-3-interval" of X2.3."""
    return test.removeprefix(task.lower().replace(".", "-") + "-")


def _some(names: list[str], most: int = 10) -> str:
    more = [_("and {n} more").format(n=len(names) - most)] if len(names) > most else []
    return ", ".join(names[:most] + more)


def _most_common(texts: pd.Series) -> str:
    return str(texts.value_counts().index[0])


def task_table(evidence: Evidence) -> pd.DataFrame:
    """Return each task's difficulty in words and numbers for people."""
    active = at_work(evidence)
    rows = items(active.results).join(untouched(active.answers))
    return pd.DataFrame(
        {
            _("points"): rows["most"].map("{:g}".format),
            _("earned"): rows["share"].map(percent),
            _("all points"): rows["full"].map(percent),
            _("no points"): rows["none"].map(percent),
            _("untouched"): rows["untouched"].fillna(0).map("{:.0f}".format),
            _("discrimination"): rows["discrimination"].map(correlation),
        }
    ).rename_axis(_("task"))


def test_table(evidence: Evidence) -> pd.DataFrame:
    """Return the tests that were failed, most often first, with their most common message."""
    results = at_work(evidence).results
    rows = failures(results).join(items(results, by="test")[["discrimination", "lower", "upper"]])
    interval = rows["lower"].map(correlation) + _(" to ") + rows["upper"].map(correlation)
    return pd.DataFrame(
        {
            _("failed"): rows["failed"],
            _("share"): rows["share"].map(percent),
            _("discrimination"): rows["discrimination"].map(correlation),
            _("95 % interval"): interval.where(rows["lower"].notna(), "–"),
            _("told"): rows["told"],
            _("most common message"): rows["message"],
        }
    ).rename_axis(_("test"))


def late_table(evidence: Evidence) -> pd.DataFrame:
    """Return who was late by how many hours, the latest first."""
    hours = late(evidence.results).map("{:.1f}".format)
    return hours.rename(_("hours late")).rename_axis(_("student")).to_frame()


def note_table(evidence: Evidence) -> pd.DataFrame:
    """Return what was noticed while grading, most often first, with the students."""
    kinds = {
        "repair": _("repaired"),
        "tampering": _("tampering"),
        "sandbox": _("refused by the sandbox"),
        "limit": _("limit reached"),
    }
    groups = evidence.notes.groupby(["kind", "text"], sort=False)["student"]
    rows = groups.agg(times="size", students=list).reset_index()
    rows = rows.sort_values("times", ascending=False, kind="stable")
    return pd.DataFrame(
        {
            _("kind"): rows["kind"].map(kinds),
            _("note"): rows["text"],
            _("times"): rows["times"],
            _("students"): rows["students"].map(lambda names: _some(sorted(set(names)), 5)),
        }
    ).set_index(_("kind"))


def alike_table(evidence: Evidence) -> pd.DataFrame:
    """Return the pairs whose code is worth a look, with most in common first."""
    rows = alike(evidence)
    return pd.DataFrame(
        {
            _("one"): rows["first"],
            _("other"): rows["second"],
            _("tasks"): rows["tasks"].map(", ".join),
            _("passages in common"): rows["passages"],
            _("share of the smaller answer"): rows["share"].map(percent),
        }
    ).set_index(_("one"))


def run(options: Namespace) -> int:
    """Print what the class did not understand; return 0."""
    evidence = gather(Course(options.course), options.assignment)
    console = Console()
    for sentence in sentences(evidence):
        console.print(Text("• " + sentence))
    counts = distribution(scores(evidence.results)).rename_axis(_("points earned")).to_frame()
    counts[""] = counts["students"].map(lambda n: "█" * round(40 * n / counts["students"].max()))
    for title, table in [
        (
            _("Tasks. Discrimination: do those who do well elsewhere do well here?"),
            task_table(evidence),
        ),
        (_("Tests that were failed"), test_table(evidence)),
        (_("Scores"), counts),
        (_("Late"), late_table(evidence)),
        (_("Noticed while grading"), note_table(evidence)),
        (
            _(
                "Pairs worth a look: code more alike than usual in this class. There may be good "
                "reasons: read both before you ask."
            ),
            alike_table(evidence),
        ),
    ]:
        if len(table):
            console.print()
            console.print(_as_rich(title, table))
    return 0


def _as_rich(title: str, table: pd.DataFrame) -> Table:
    shown = Table(title=title, title_justify="left")
    for name in [table.index.name, *table.columns]:
        shown.add_column(Text(str(name)))
    # Text, so that nothing that a student wrote is read as markup.
    for row in table.itertuples(name=None):
        shown.add_row(*(Text(one_line(str(value))) for value in row))
    return shown


def percent(share: float) -> str:
    """Write a share (0-1) in percent; a dash if it is missing."""
    return "–" if pd.isna(share) else f"{100 * share:.0f} %"


def correlation(value: float) -> str:
    """Write a correlation with two digits and a true minus sign; a dash if it is missing."""
    return "–" if pd.isna(value) else f"{value:.2f}".replace("-", "−")
