"""What a class did not understand, on simulated classes of which the truth is known."""

import json
import shutil
from argparse import Namespace
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import BaseCell, Grade, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import Engine, event, select

from servicequality.grading import insights, insights_charts
from servicequality.grading.cli import UserError, main
from servicequality.grading.course import Course
from servicequality.grading.evidence import gather
from servicequality.grading.report import FILE_NAME, Note, Report, Test

ROOT = Path(__file__).parents[2]
SLUG = "simulated"
N = 200
TASKS = [f"X9.{number}" for number in range(1, 7)]
PARTS = ["small", "large", "edge"]
TESTS = [f"{task.lower().replace('.', '-')}-{part}" for task in TASKS for part in PARTS]
DIFFICULTY = pd.Series(np.linspace(-1.7, 1.7, len(TESTS)), TESTS).sample(frac=1, random_state=1)
BROKEN = "x9-3-edge"
DISCRIMINATION = pd.Series(1.6, TESTS).where(pd.Series(TESTS, TESTS) != BROKEN, -1.4)
POINTS = {"small": 1, "large": 2, "edge": 1}
DUE = datetime(2026, 11, 2, 12)
HOURS_LATE = {"s003": 1.5, "s004": 30.0, "s005": 200.0}
BLANK = [f"s{i:03}" for i in range(N, N + 20)]
COPIES = ("s040", "s160")


def points_of(test: str) -> int:
    return POINTS[test.rsplit("-", 1)[1]]


def cell(name, source, kind="code", task="", **role):
    known = {"grade_id": name, "schema_version": 3, "task": False}
    known |= {"grade": False, "locked": True, "solution": False} | role
    make = new_code_cell if kind == "code" else new_markdown_cell
    metadata = {"nbgrader": known} | ({"servicequality": {"task": task}} if task else {})
    return make(source, id=name, metadata=metadata)


def source_notebook():
    cells = []
    for task in TASKS:
        code = task.lower().replace(".", "-")
        stub = "def solve(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION"
        cells.append(
            cell(f"{code}-solution", stub, task=task, locked=False, solution=True),
        )
        cells += [
            cell(f"{code}-{part}", f"assert solve({i}) == {i}", grade=True, points=POINTS[part])
            for i, part in enumerate(PARTS)
        ]
    cells.append(new_markdown_cell("Write.", metadata={"servicequality": {"task": "X9.7"}}))
    written = {"grade": True, "locked": False, "solution": True, "points": 5}
    cells.append(cell("x9-7-answer", "Your answer", "markdown", **written))
    return new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}},
        cells=cells,
    )


def rasch(rng):
    """Right (1) or wrong (0): one row a student, one column a test (Birnbaum, 1968)."""
    ability = rng.normal(size=(N, 1))
    logit = DISCRIMINATION[TESTS].to_numpy() * (ability - DIFFICULTY[TESTS].to_numpy())
    right = rng.random((N, len(TESTS))) < 1 / (1 + np.exp(-logit))
    return pd.DataFrame(right.astype(int), [f"s{i:03}" for i in range(N)], TESTS)


def message(test, rng):
    """Two of three are told the same but for the numbers."""
    if rng.random() < 2 / 3:
        return (
            f"Not yet. {test}:\nexpected {rng.normal():.4g}, your function gave 'x{rng.normal()}'."
        )
    return f"Not yet. {test}: " + rng.choice(["it has the wrong sign.", "no entry 'gap'."])


def own_code(rng):
    steps = [
        f"    {rng.choice(list('abcd'))} = x.{rng.choice(['mean', 'sum', 'max', 'std'])}() "
        f"{rng.choice(list('+-*/'))} {rng.integers(1, 9)} {rng.choice(['', '- len(x)', '** 2'])}"
        for _ in range(12)
    ]
    return "def solve(x):\n" + "\n".join(steps) + "\n    return a"


def write_class(course, right, rng):
    """Write the class where grading leaves it: gradebook, autograded notebooks, reports."""
    release = nbformat.read(course.release(SLUG) / f"{SLUG}.ipynb", as_version=4)
    with course.gradebook() as book:
        book.update_or_create_assignment(SLUG, duedate=DUE)
        for student in [*right.index, *BLANK]:
            book.add_student(student)
            late = timedelta(hours=HOURS_LATE.get(student, -5))
            book.add_submission(SLUG, student, timestamp=DUE + late)
        grades = select(Grade, SubmittedAssignment.student_id, BaseCell.name).join(Grade.cell)
        grades = grades.join(Grade.notebook).join(SubmittedNotebook.assignment)
        for grade, student, name in book.db.execute(grades):
            if name != "x9-7-answer":
                value = right.loc[student, name] if student in right.index else 0
                grade.auto_score = float(value * points_of(name))
                grade.needs_manual_grade = False
            elif student not in ("s000", "s001"):
                grade.manual_score, grade.needs_manual_grade = 4.0, False
        book.db.commit()
    for student in [*right.index, *BLANK]:
        notebook = nbformat.from_dict(release)
        if student in right.index:
            for each in notebook.cells:
                if each.metadata.get("nbgrader", {}).get("solution"):
                    each.source = own_code(rng)
        folder = course.autograded(student, SLUG)
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{SLUG}.ipynb")
        write_report(course, student, right, rng)
    one, other = (course.autograded(student, SLUG) / f"{SLUG}.ipynb" for student in COPIES)
    other.write_text(one.read_text().replace("(x)", "(values)").replace("x.", "values."))


def write_report(course, student, right, rng):
    tests = tuple(
        Test(test, "", points_of(test), points_of(test), "passed")
        if student in right.index and right.loc[student, test]
        else Test(test, "", 0, points_of(test), "failed", message(test, rng))
        for test in TESTS
    )
    notes = ()
    if student in ("s010", "s011", "s012"):
        notes = (Note("sandbox", "The code tried to reach the network."),)
    if student == "s020":
        notes = (Note("tampering", "A test cell was changed; \x1b[31mit was put back.", TESTS[0]),)
    report = Report(SLUG, student, "graded", "", "none", "", "", "", tests=tests, notes=notes)
    (course.autograded(student, SLUG) / FILE_NAME).write_text(report.to_json())


@pytest.fixture(scope="module")
def truth():
    return rasch(np.random.default_rng(7))


@pytest.fixture(scope="module")
def simulated(released, tmp_path_factory, truth):
    root = tmp_path_factory.mktemp("simulated") / "course"
    course = Course(shutil.copytree(released(source_notebook(), SLUG, {}), root))
    write_class(course, truth, np.random.default_rng(8))
    return course


@pytest.fixture(scope="module")
def evidence(simulated):
    return gather(simulated, SLUG)


@pytest.fixture
def results():
    """Three students, two tasks; worked by hand below."""
    rows = [
        ("a", "x9-1-one", "X9.1", 4, 4, "passed", ""),
        ("a", "x9-1-two", "X9.1", 0, 1, "failed", "expected 3, got 4"),
        ("a", "x9-2-one", "X9.2", 5, 5, "passed", ""),
        ("b", "x9-1-one", "X9.1", 2, 4, "partial", "half"),
        ("b", "x9-1-two", "X9.1", 0, 1, "failed", "expected 3, got 7"),
        ("b", "x9-2-one", "X9.2", 0, 5, "failed", "nothing"),
        ("c", "x9-1-one", "X9.1", 0, 4, "failed", "none"),
        ("c", "x9-1-two", "X9.1", 1, 1, "passed", ""),
        ("c", "x9-2-one", "X9.2", 0, 5, "failed", "nothing"),
    ]
    columns = ["student", "test", "task", "points", "most", "state", "message"]
    return pd.DataFrame(rows, columns=columns).assign(late=0.0)


def test_the_scores_are_those_of_the_gradebook(simulated, evidence, truth):
    points = evidence.results.groupby("student")["points"].sum()
    with simulated.gradebook() as book:
        for student in ["s000", "s002", "s100", BLANK[0]]:
            assert points[student] == book.find_submission(SLUG, student).score
    expected = truth.mul([points_of(test) for test in TESTS]).sum(axis=1)
    shares = insights.scores(evidence.results)
    assert list(shares) == sorted(shares)
    np.testing.assert_allclose(shares[truth.index], expected / (6 * 4))


def test_each_student_and_test_is_one_row_in_the_order_of_the_notebook(evidence):
    assert len(evidence.results) == (N + len(BLANK)) * (len(TESTS) + 1)
    for _student, rows in evidence.results.groupby("student"):
        assert rows["test"].tolist() == [*TESTS, "x9-7-answer"]
        assert rows["task"].tolist() == [*np.repeat(TASKS, 3), "X9.7"]


def test_the_gradebook_is_read_at_once(simulated):
    asked = []

    def listen(*arguments):
        asked.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        gather(simulated, SLUG)
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
    assert 2 <= len([query for query in asked if query.startswith("SELECT")]) < 10


def test_the_order_of_difficulty_is_recovered(evidence, truth):
    results = insights.at_work(evidence).results
    tests = insights.items(results, by="test")
    assert tests["share"].drop("x9-7-answer").to_dict() == pytest.approx(truth.mean().to_dict())
    others = [test for test in TESTS if test != BROKEN]
    ranks = tests.loc[others, "share"].corr(-DIFFICULTY[others], method="spearman")
    assert ranks > 0.97
    weighted = truth.mul([points_of(test) for test in TESTS]).T.groupby(np.repeat(TASKS, 3)).sum()
    tasks = insights.items(results)
    assert tasks.index.tolist() == [*TASKS, "X9.7"]
    assert tasks["share"].drop("X9.7").to_dict() == pytest.approx((weighted.T.mean() / 4).to_dict())


def test_the_broken_test_is_the_only_one_against_the_others(evidence):
    tests = insights.items(insights.at_work(evidence).results, by="test")
    assert tests.index[tests["upper"] < 0].tolist() == [BROKEN]
    good = tests["discrimination"].drop([BROKEN, "x9-7-answer"])
    assert good.min() > 0
    assert good.mean() > 0.25
    assert np.isnan(tests.loc["x9-7-answer", "discrimination"])
    assert [text for text in insights.sentences(evidence) if "against the others" in text] == [
        f"{BROKEN} goes against the others: those who do well elsewhere do worse here "
        f"(discrimination {insights.correlation(tests.loc[BROKEN, 'discrimination'])}). "
        "Look at the test before you look at the class."
    ]


def test_empty_submissions_would_hide_the_broken_test(evidence):
    assert insights.blank(evidence.answers) == BLANK
    everybody = insights.items(evidence.results, by="test")
    at_work = insights.items(insights.at_work(evidence).results, by="test")
    assert everybody.loc[BROKEN, "discrimination"] > at_work.loc[BROKEN, "discrimination"]
    assert insights.untouched(evidence.answers).to_dict() == dict.fromkeys(
        [*TASKS, "X9.7"], len(BLANK)
    )


def test_the_task_that_most_others_left_is_named(evidence):
    answers = evidence.answers.copy()
    left = answers["student"].isin(["s003", "s004"]) & (answers["task"] == "X9.5")
    answers.loc[left, "touched"] = False
    said = insights.sentences(replace(evidence, answers=answers))
    assert "X9.5 was left untouched most often, by 2 students." in said
    assert "untouched" not in "".join(insights.sentences(evidence))
    table = insights.task_table(replace(evidence, answers=answers))
    assert table["untouched"].tolist() == ["0", "0", "0", "0", "2", "0", "0"]


def test_copies_among_200_are_found_and_nobody_else(evidence):
    pairs = insights.alike(evidence)
    assert list(zip(pairs["first"], pairs["second"], strict=True)) == [COPIES]
    assert pairs.loc[0, "tasks"] == tuple(TASKS)
    assert "copied" not in "".join(insights.alike_table(evidence).columns)


def test_the_most_common_message_is_found_whatever_its_numbers(evidence, truth):
    table = insights.failures(insights.at_work(evidence).results)
    assert table["failed"].to_dict() == (N - truth.sum()).to_dict()
    assert table["failed"].is_monotonic_decreasing
    assert table["message"].str.contains("your function gave").all()
    assert (table["told"] / table["failed"]).mean() == pytest.approx(2 / 3, abs=0.05)


def test_the_hardest_task_and_its_worst_test_are_named(evidence, truth):
    share = truth.mul([points_of(test) for test in TESTS]).T.groupby(np.repeat(TASKS, 3)).sum()
    hardest = (share.T.mean() / 4).idxmin()
    worst = truth[[test for test in TESTS if test.startswith(hardest.lower().replace(".", "-"))]]
    (said,) = (text for text in insights.sentences(evidence) if "hardest" in text)
    assert said.startswith(f"{hardest} was the hardest: the class has ")
    assert f"most failed '{worst.mean().idxmin().rsplit('-', 1)[1]}'" in said
    assert "your function gave" in said


def test_late_submissions(simulated, evidence):
    assert insights.late(evidence.results).to_dict() == dict(
        sorted(HOURS_LATE.items(), key=lambda pair: -pair[1])
    )
    assert "3 submissions were late, the median by 30 hours." in insights.sentences(evidence)
    with simulated.gradebook() as book:
        book.find_submission(SLUG, "s004").extension = timedelta(hours=10)
        book.db.commit()
    try:
        assert insights.late(gather(simulated, SLUG).results)["s004"] == 20
    finally:
        with simulated.gradebook() as book:
            book.find_submission(SLUG, "s004").extension = None
            book.db.commit()


def test_without_a_due_time_nobody_is_late(simulated):
    with simulated.gradebook() as book:
        book.find_assignment(SLUG).duedate = None
        book.db.commit()
    try:
        assert insights.late(gather(simulated, SLUG).results).empty
    finally:
        with simulated.gradebook() as book:
            book.find_assignment(SLUG).duedate = DUE
            book.db.commit()


def test_what_waits_to_be_read_is_said_and_not_counted(evidence):
    unmarked = evidence.results.query("points.isna()")
    assert unmarked["student"].tolist() == ["s000", "s001"]
    assert set(unmarked["state"]) == {"unmarked"}
    assert "x9-7-answer waits to be read for 2 students, and does not count here." in (
        insights.sentences(evidence)
    )


def test_integrity_notes_with_those_they_are_about(evidence):
    table = insights.note_table(evidence)
    assert table.reset_index().to_numpy().tolist() == [
        ["refused by the sandbox", "The code tried to reach the network.", 3, "s010, s011, s012"],
        ["tampering", "A test cell was changed; [31mit was put back.", 1, "s020"],
    ]


def test_the_distribution_counts_everybody_once(evidence):
    counts = insights.distribution(insights.scores(evidence.results))
    assert counts.sum() == N + len(BLANK)
    shares = pd.Series([0, 0.09, 0.1, 0.3, 3 * 0.1, 0.7, 0.9, 1.0])
    assert insights.distribution(shares).to_dict() == {
        "0–9 %": 2,
        "10–19 %": 1,
        "20–29 %": 0,
        "30–39 %": 2,
        "40–49 %": 0,
        "50–59 %": 0,
        "60–69 %": 0,
        "70–79 %": 1,
        "80–89 %": 0,
        "90–100 %": 2,
    }


def test_items_by_hand(results):
    tests = insights.items(results, by="test")
    assert tests["share"].tolist() == pytest.approx([0.5, 1 / 3, 1 / 3])
    assert tests["full"].tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3])
    assert tests["none"].tolist() == pytest.approx([1 / 3, 2 / 3, 2 / 3])
    tasks = insights.items(results)
    assert tasks["most"].tolist() == [5, 5]
    assert tasks["share"].tolist() == pytest.approx([7 / 15, 1 / 3])
    assert tasks["discrimination"].isna().all()  # three students


def test_discrimination_leaves_the_item_out_of_the_total():
    rng = np.random.default_rng(3)
    table = pd.DataFrame(rng.integers(0, 3, (50, 4)), columns=list("pqrs"))
    table["s"] = 2
    long = table.rename_axis("student").reset_index().melt("student", var_name="test")
    results = long.assign(task=long["test"], points=long["value"], most=2.0)
    items = insights.items(results, by="test")
    for test in "pqr":
        rest = table.drop(columns=test).sum(axis=1)
        expected = np.corrcoef(table[test], rest)[0, 1]
        assert items.loc[test, "discrimination"] == pytest.approx(expected)
        z, half = np.arctanh(expected), 1.959964 / np.sqrt(50 - 3)
        assert items.loc[test, "lower"] == pytest.approx(np.tanh(z - half), abs=1e-6)
        assert items.loc[test, "upper"] == pytest.approx(np.tanh(z + half), abs=1e-6)
    assert np.isnan(items.loc["s", "discrimination"])


def test_failures_by_hand(results):
    table = insights.failures(results)
    assert table["failed"].to_dict() == {"x9-1-two": 2, "x9-2-one": 2, "x9-1-one": 2}
    assert table.loc["x9-1-two", ["message", "told"]].tolist() == ["expected 3, got 4", 2]
    assert table.loc["x9-1-one", "told"] == 1
    assert table["share"].tolist() == pytest.approx([2 / 3] * 3)


def test_numbers_for_people():
    assert insights.correlation(-0.456) == "−0.46"
    assert insights.correlation(np.nan) == insights.percent(np.nan) == "–"
    assert insights.percent(0.414) == "41 %"


def test_a_small_class_is_warned_about_noise(evidence):
    warning = "With fewer than 20 submissions discrimination is mostly noise"
    for n, warned in [(19, True), (20, False)]:
        some = [f"s{i:03}" for i in range(30, 30 + n)]
        few = replace(
            evidence,
            results=evidence.results[evidence.results["student"].isin(some)],
            answers=evidence.answers[evidence.answers["student"].isin(some)],
        )
        assert any(text.startswith(warning) for text in insights.sentences(few)) is warned


def test_a_test_at_fault_is_named(evidence):
    at_fault = evidence.results["test"].eq(TESTS[4]) & (evidence.results["student"] < "s003")
    results = evidence.results.copy()
    results.loc[at_fault, ["state", "message"]] = ["test error", "KeyError: 'gap'"]
    said = insights.sentences(replace(evidence, results=results))
    assert (
        f"{TESTS[4]} is itself at fault for 3 submissions (KeyError: 'gap'). Mend it, then run "
        "servicequality regrade." in said
    )


def test_what_could_not_be_graded_is_named_and_not_counted(simulated, truth):
    path = simulated.autograded("s050", SLUG) / FILE_NAME
    kept = path.read_text()
    report = replace(
        Report.from_json(kept), state="not graded", reason="No notebook in it.", tests=()
    )
    path.write_text(report.to_json())
    try:
        evidence = gather(simulated, SLUG)
    finally:
        path.write_text(kept)
    assert evidence.failed == {"s050": "No notebook in it."}
    assert "s050" not in set(evidence.results["student"])
    assert "1 submission could not be graded: s050." in insights.sentences(evidence)


def test_marks_without_reports_are_read_as_well(course, nbgrader, release, submit):
    good = release(course)
    for each in good.cells:
        if each.id == "x9-1-solution":
            each.source = "def double(x):\n    return abs(2 * x)"
    submit(course, "ada", good)
    submit(course, "bob", release(course))
    nbgrader(course, "autograde", "tiny")
    for student in ("ada", "bob"):
        (course.autograded(student, "tiny") / FILE_NAME).unlink(missing_ok=True)
    evidence = gather(course, "tiny")
    ada = evidence.results.query("student == 'ada'").set_index("test")["state"].to_dict()
    assert ada == {
        "x9-1-small": "passed",
        "x9-1-large": "failed",
        "x9-2-name": "failed",
        "x9-3-answer": "marked",
    }
    assert insights.blank(evidence.answers) == ["bob"]
    touched = evidence.answers.query("student == 'ada' and touched")
    assert touched["cell"].tolist() == ["x9-1-solution"]
    assert evidence.notes.empty


def test_nothing_graded_yet_is_said_plainly(course, capsys):
    with pytest.raises(UserError, match="Nothing of tiny is graded yet: servicequality grade tiny"):
        gather(course, "tiny")
    assert main(["insights", "tiny", "--course", str(course.root)]) == 2
    (course.folder / "gradebook.db").unlink()
    assert main(["insights", "tiny", "--course", str(course.root)]) == 2
    assert not (course.folder / "gradebook.db").exists()
    assert "Nothing of tiny is graded yet" in capsys.readouterr().err


def test_the_command_prints_all_of_it(simulated, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["insights", SLUG, "--course", str(simulated.root)]) == 0
    printed = capsys.readouterr().out
    for text in ["hardest", BROKEN, "s040", "s160", "worth a look", "90–100 %", "s005", "200.0"]:
        assert text in printed
    assert "copied" not in printed
    assert "\x1b[31m" not in printed


def test_what_students_wrote_is_not_read_as_markup(simulated, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    path = simulated.autograded("s060", SLUG) / FILE_NAME
    kept = path.read_text()
    values = json.loads(kept)
    values["notes"] = [{"kind": "limit", "text": "[red]x[/blue] [link=a]b", "cell": ""}]
    path.write_text(json.dumps(values))
    try:
        assert insights.run(Namespace(course=simulated.root, assignment=SLUG)) == 0
    finally:
        path.write_text(kept)
    assert "[red]x[/blue] [link=a]b" in capsys.readouterr().out


def run_dashboard(course):
    """Run the instructors' notebook; return what its sections show, and its charts."""
    shutil.copy(ROOT / "grading" / "insights.ipynb", course.grading)
    notebook = nbformat.read(course.grading / "insights.ipynb", as_version=4)
    NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(course.grading)}}
    ).execute()
    assert not [o for c in notebook.cells for o in c.get("outputs", []) if o.output_type == "error"]
    states = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    shown = [output for state in states.values() for output in state["state"].get("outputs", [])]
    assert not [output for output in shown if output["output_type"] == "error"]
    figures = [state["state"]["figure"] for state in states.values() if "figure" in state["state"]]
    return shown, figures


def test_the_dashboard_shows_the_same(simulated, evidence):
    path = simulated.autograded("s061", SLUG) / FILE_NAME
    kept = path.read_text()
    values = json.loads(kept)
    hostile = "<img src=x onerror=alert(1)> $\\href{javascript:alert(1)}{x}$"
    values["notes"] = [{"kind": "limit", "text": hostile, "cell": ""}]
    path.write_text(json.dumps(values))
    try:
        shown, figures = run_dashboard(simulated)
    finally:
        path.write_text(kept)
    tables = [
        output["data"]["text/html"] for output in shown if "text/html" in output.get("data", {})
    ]
    assert len(tables) == 6
    assert all("mathjax_ignore" in table for table in tables)
    html = "".join(tables)
    for sentence in insights.sentences(evidence):
        assert escape(sentence) in html
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert "s040" in html
    assert len(figures) == 3
    assert all(figure["title"] and figure["description"] for figure in figures)


def test_the_dashboard_says_that_nothing_is_graded(course):
    shown, figures = run_dashboard(course)
    assert [output["text"].strip() for output in shown] == [
        "Nothing of tiny is graded yet: servicequality grade tiny"
    ]
    assert not figures


def test_the_dashboard_is_clean():
    path = ROOT / "grading" / "insights.ipynb"
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert not [cell.id for cell in notebook.cells if cell.get("outputs")]
    assert all(cell.id.startswith("insights-") for cell in notebook.cells)
    assert max(len(cell.source.splitlines()) for cell in notebook.cells) <= 8


def test_charts_by_their_numbers(evidence):
    tests = insights.items(insights.at_work(evidence).results, by="test")
    spec = insights_charts.discrimination(tests).to_dict()
    (rows,) = [rows for rows in spec["datasets"].values() if "kind" in rows[0]]
    assert [row["test"] for row in rows] == TESTS
    assert [row["test"] for row in rows if row["kind"] == "against the others"] == [BROKEN]
    spec = insights_charts.score_distribution(insights.scores(evidence.results)).to_dict()
    (rows,) = spec["datasets"].values()
    assert sum(row["students"] for row in rows) == N + len(BLANK)
    tasks = insights.items(insights.at_work(evidence).results)
    (rows,) = insights_charts.difficulty(tasks).to_dict()["datasets"].values()
    assert [row["task"] for row in rows] == [*TASKS, "X9.7"]
    assert [row["task"] for row in rows if row["kind"] == "hardest"] == [tasks["share"].idxmin()]
