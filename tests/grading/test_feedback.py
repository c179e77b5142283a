"""The page that a student gets back: what it teaches, and what it never shows."""

import datetime
import re
import tomllib
from pathlib import Path

import altair as alt
import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from servicequality.grading.cli import main
from servicequality.grading.feedback import page
from servicequality.grading.report import FILE_NAME, Note, Report, Test

SLUG = "tiny"
HIDDEN = ["double(-3.5)", "-3.5", "HIDDEN TESTS", "== 4", "AssertionError", "secret"]
MESSAGES = {"x9-1-large": "Twice 10 is 20.\nYour function gave 100."}
ATTACKS = tomllib.loads((Path(__file__).parent / "hostile_pages.toml").read_text(encoding="utf-8"))[
    "attack"
]


def answered(course, **answers):
    """What grading leaves: the source with its hidden tests, and a student's answers in it."""
    notebook = nbformat.read(course.source(SLUG), as_version=4)
    for cell in notebook.cells:
        name = cell.id.replace("-", "_")
        if name in answers:
            cell.source = answers.pop(name)
        elif cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = "def double(x):\n    return x * x"
        if cell.id == "x9-1-large":
            error = 'AssertionError: secret: twice -3.5 is -7 in "assert double(-3.5) == -7"'
            cell.outputs = [
                new_output("error", ename="AssertionError", evalue="secret", traceback=[error])
            ]
    assert not answers
    return notebook


def hand_back(course, student, notebook, reported=True, first_name=None, last_name=None):
    """Put a graded submission where grading leaves it, in files and gradebook."""
    folder = course.autograded(student, SLUG)
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{SLUG}.ipynb")
    points = {"x9-1-small": 1, "x9-1-large": 1.5, "x9-2-name": 0}
    states = ["passed", "partial", "timeout"]
    tests = [
        Test(name, name[:4], points[name], 4, state, MESSAGES.get(name, ""))
        for name, state in zip(points, states, strict=True)
    ]
    notes = (Note("repair", "A cell was missing and was put back."),)
    report = Report(
        *(SLUG, student, "graded", "", "bubblewrap", "2026-11-22T08:00:00+00:00", "0", "0", 1),
        tests=tuple(tests),
        notes=notes,
    )
    if reported:
        (folder / FILE_NAME).write_text(report.to_json(), encoding="utf-8")
    with course.gradebook() as book:
        book.update_or_create_student(student, first_name=first_name, last_name=last_name)
        handed_in = datetime.datetime(2026, 11, 20, 14, 5)
        book.update_or_create_submission(SLUG, student, timestamp=handed_in)
        for name, value in points.items():
            grade = book.find_grade(name, SLUG, SLUG, student)
            grade.auto_score, grade.needs_manual_grade = value, False
        book.find_comment("x9-2-solution", SLUG, SLUG, student).auto_comment = "No response."
        book.db.commit()


def mark(course, student, **changes):
    """Give the points and comments that an instructor gives in formgrader."""
    with course.gradebook() as book:
        for name, (points, comment) in changes.items():
            cell = name.replace("_", "-")
            if points is not None:
                grade = book.find_grade(cell, SLUG, SLUG, student)
                grade.manual_score, grade.needs_manual_grade = points, False
            if comment:
                book.find_comment(cell, SLUG, SLUG, student).manual_comment = comment
        book.db.commit()


def feedback(course, student="ada"):
    """Write the page by the command, and read it."""
    assert main(["feedback", SLUG, "--course", str(course.root)]) == 0
    html = (course.feedback(student, SLUG) / f"{SLUG}.html").read_text(encoding="utf-8")
    return html, BeautifulSoup(html, "html.parser")


def words(element):
    return " ".join(element.get_text(" ").split())


def marks_of(soup):
    return {
        words(item.select_one(".name")): (item["class"][0], words(item.select_one(".points")))
        for item in soup.select(".marks li")
    }


def test_the_page_tells_points_states_messages_comments_and_notes(course):
    hand_back(course, "ada", answered(course), first_name="Ada", last_name="Nkemelu")
    mark(course, "ada", x9_3_answer=(3.5, "Say *why*.\n\n<script>1</script>"))
    html, soup = feedback(course)
    assert words(soup.h1) == "A tiny exercise"
    assert words(soup.select_one(".kicker")) == "Ada Nkemelu"
    assert "20 November 2026, 14:05" in html
    assert words(soup.select_one(".total .score")) == "6 / 11"
    rows = [[words(cell) for cell in row.select("th, td")] for row in soup.select("tbody tr")]
    assert rows == [
        ["X9.1 · Double", "1 of 2 tests passed", "2.5 / 4", ""],
        ["X9.2 · Greet", "0 of 1 test passed", "0 / 2", ""],
        ["X9.3 · Reflect", "marked by your instructor", "3.5 / 5", ""],
    ]
    assert marks_of(soup) == {
        "x9-1-small": ("passed", "1 / 1"),
        "x9-1-large": ("partial", "1.5 / 3"),
        "x9-2-name": ("timeout", "0 / 2"),
        "Your text": ("marked", "3.5 / 5"),
    }
    assert [message.get_text() for message in soup.select(".message")] == [MESSAGES["x9-1-large"]]
    (comment,) = soup.select(".comment")
    assert words(comment) == "From your instructor Say why ."
    assert comment.em.get_text() == "why"
    assert "A cell was missing and was put back." in words(soup.select_one(".notice"))
    assert "return x * x" in words(soup.select_one("#task-1 .code"))
    assert "You left this as it was." in words(soup.select_one("#task-2"))


def test_nothing_of_a_hidden_test_is_shown(course):
    notebook = answered(course)
    copied = next(cell for cell in notebook.cells if cell.id == "x9-1-large").source
    notebook.cells.append(new_code_cell(copied, id="copy-of-a-test"))
    stray = next(cell for cell in notebook.cells if cell.id == "x9-1-small").copy()
    stray["id"] = "second-with-the-same-name"
    notebook.cells.append(stray)
    hand_back(course, "ada", notebook)
    html, _soup = feedback(course)
    assert [part for part in HIDDEN if part in html] == []
    assert "assert" not in html


def test_without_a_report_the_message_of_the_test_cell_is_shown_and_no_more(course):
    notebook = answered(course)
    hand_back(course, "ada", notebook, reported=False)
    html, soup = feedback(course)
    assert [message.get_text() for message in soup.select(".message")] == ["secret"]
    assert [part for part in HIDDEN if part in html] == ["secret"]
    assert marks_of(soup)["x9-1-large"] == ("partial", "1.5 / 3")
    assert marks_of(soup)["x9-2-name"] == ("failed", "0 / 2")


def test_what_waits_for_a_person_is_said(course):
    hand_back(course, "ada", answered(course))
    _html, soup = feedback(course)
    assert marks_of(soup)["Your text"] == ("unmarked", "– / 5")
    assert "not marked yet" in words(soup.select_one(".total"))


def test_points_that_the_instructor_changed_are_named(course):
    hand_back(course, "ada", answered(course))
    mark(course, "ada", x9_1_large=(3, None))
    _html, soup = feedback(course)
    assert marks_of(soup)["x9-1-large"] == ("partial", "3 / 3")
    assert "points changed by your instructor" in words(soup.select_one(".marks .partial"))


def test_own_cells_stand_with_their_task_and_charts_are_drawn(course):
    chart = (
        alt.Chart(pd.DataFrame({"x": [1], "y": [2]}), description="One bar")
        .mark_bar()
        .encode(x="x", y="y")
    )
    notebook = answered(course)
    place = [cell.id for cell in notebook.cells].index("x9-2-task")
    notebook.cells[place:place] = [
        new_code_cell(
            "draw()",
            outputs=[
                new_output("display_data", data=chart._repr_mimebundle_()),
                new_output("stream", text="\x1b[31mred\x1b[0m & <b>"),
                new_output("error", ename="KeyError", evalue="'gap'", traceback=["long"]),
            ],
        ),
        new_markdown_cell("I think **so**: $x^2$"),
        new_code_cell("   "),
    ]
    hand_back(course, "ada", notebook)
    _html, soup = feedback(course)
    work = soup.select_one("#task-1 .work")
    assert work.img["alt"] == "One bar"
    assert work.img["src"].startswith("data:image/png;base64,")
    assert [pre.get_text() for pre in work.select(".output > pre")] == [
        "red & <b>",
        "KeyError: 'gap'",
    ]
    assert work.strong.get_text() == "so"
    assert work.msup
    assert len(work.select(".cell")) == 3
    assert "draw()" not in words(soup.select_one("#task-2"))


def test_instructors_cells_are_not_repeated(course):
    hand_back(course, "ada", answered(course))
    html, _soup = feedback(course)
    assert "import math" not in html
    assert "Before the first task" not in html


def test_a_late_submission_says_what_it_costs(course):
    hand_back(course, "ada", answered(course))
    with course.gradebook() as book:
        book.find_submission_notebook(SLUG, SLUG, "ada").late_submission_penalty = 1
        book.db.commit()
    _html, soup = feedback(course)
    assert words(soup.select_one(".total .score")) == "1.5 / 11"
    assert "Handed in late −1" in words(soup.select_one("tbody"))


def test_a_submission_that_could_not_be_graded_gets_its_reason(course):
    folder = course.autograded("bo", SLUG)
    folder.mkdir(parents=True)
    reason = "The file is no notebook: it ends in the middle. Please hand it in again."
    report = Report(SLUG, "bo", "not graded", reason, "bubblewrap", "2026", "0", "0")
    (folder / FILE_NAME).write_text(report.to_json(), encoding="utf-8")
    _html, soup = feedback(course, "bo")
    assert reason in words(soup.main)
    assert not soup.select("table, .total")


def test_one_bad_submission_leaves_the_others_their_pages(course, capsys):
    hand_back(course, "ada", answered(course))
    hand_back(course, "bo", answered(course))
    (course.autograded("ada", SLUG) / f"{SLUG}.ipynb").write_text("{", encoding="utf-8")
    course.autograded("cy", SLUG).mkdir(parents=True)
    assert main(["feedback", SLUG, "--course", str(course.root)]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "No page for ada" in said
    assert "No page for cy: the gradebook does not know this submission" in said
    assert (course.feedback("bo", SLUG) / f"{SLUG}.html").is_file()
    assert not (course.feedback("ada", SLUG) / f"{SLUG}.html").exists()


def test_one_student_alone(course, capsys):
    hand_back(course, "ada", answered(course))
    hand_back(course, "bo", answered(course))
    arguments = ["feedback", SLUG, "--course", str(course.root), "--student"]
    assert main([*arguments, "bo"]) == 0
    assert not course.feedback("ada", SLUG).exists()
    assert main([*arguments, "nobody"]) == 2
    assert "nothing graded of nobody" in capsys.readouterr().err


def test_names_with_markup_and_templates_are_names(course):
    hand_back(
        course,
        "a<b>d",
        answered(course, x9_3_answer="{{ 7*7 }} {% raw %}"),
        first_name="<img src=x onerror=1> {{ 7*7 }}",
        last_name="</title><script>1</script>",
    )
    html, soup = feedback(course, "a<b>d")
    assert words(soup.select_one(".kicker")).startswith("<img src=x onerror=1> {{ 7*7 }}")
    assert "{{ 7*7 }} {% raw %}" in words(soup.select_one("#task-3"))
    assert "<script" not in html
    assert "49" not in words(soup.main)


def test_the_page_opens_offline_and_runs_nothing(course, browser):
    notebook = answered(course)
    for attack in ATTACKS:
        kind, payload = attack["kind"], attack["payload"]
        if kind == "markdown":
            notebook.cells.append(new_markdown_cell(payload))
        elif kind == "html":
            output = new_output("display_data", data={"text/html": payload})
            notebook.cells.append(new_code_cell("show()", outputs=[output]))
    attached = new_output("display_data", data={"image/svg+xml": "<svg onload='window.marks=1'/>"})
    notebook.cells.append(new_code_cell("svg()", outputs=[attached]))
    hand_back(course, "ada", notebook)
    mark(course, "ada", x9_3_answer=(1, "<img src=x onerror=window.marks=1>"))
    feedback(course)
    path = course.feedback("ada", SLUG) / f"{SLUG}.html"
    for width in (1280, 390):
        tab = browser.new_page(viewport={"width": width, "height": 900})
        asked, problems = [], []
        tab.on("request", lambda request, asked=asked: asked.append(request.url))
        tab.on("console", lambda message, problems=problems: problems.append(message.text))
        tab.goto(path.as_uri())
        assert tab.evaluate("window.marks") is None
        assert [address for address in asked if not address.startswith("data:image/")] == [
            path.as_uri()
        ]
        assert problems == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.locator(".marks li").count() == 4
        ink = tab.evaluate("getComputedStyle(document.body).color")
        assert ink == "rgb(27, 39, 51)"  # the style passes the policy
        tab.close()


def test_the_policy_stops_what_cleaning_would_miss(course, browser, tmp_path):
    hand_back(course, "ada", answered(course))
    html, _soup = feedback(course)
    inserted = (
        "<script>window.marks = 1</script><img src=x onerror=window.marks=1>"
        "<p style='position:fixed'>x</p><iframe srcdoc='x'></iframe>"
    )
    path = tmp_path / "inserted.html"
    path.write_text(html.replace("<main>", f"<main>{inserted}"), encoding="utf-8")
    tab = browser.new_page()
    tab.goto(path.as_uri())
    assert tab.evaluate("window.marks") is None
    assert tab.evaluate("getComputedStyle(document.querySelector('main > p')).position") == "static"
    tab.close()


def test_no_page_needs_another_server(course):
    hand_back(course, "ada", answered(course))
    html, soup = feedback(course)
    assert not soup.select("script, link, iframe, object, embed, base")
    assert not re.search(r"(?:src|url\()\W*(?:https?:|//)", html)


def test_nbgrader_generates_the_same_page(course, nbgrader):
    hand_back(course, "ada", answered(course))
    nbgrader(course, "generate_feedback", SLUG)
    written = (course.feedback("ada", SLUG) / f"{SLUG}.html").read_text(encoding="utf-8")
    notebook = nbformat.read(course.autograded("ada", SLUG) / f"{SLUG}.ipynb", as_version=4)
    assert written == page(course, SLUG, "ada", notebook)
    assert "1 of 2 tests passed" in written


@pytest.mark.parametrize(
    ("first_line", "title"),
    [
        ("# X2.1, item gaps: 4 points", "Item gaps"),
        ("# X2.5, derived importance: 1 point", "Derived importance"),
        ("# A title of its own", "A title of its own"),
        ("x = 1", "x9-2-name"),
    ],
)
def test_a_test_is_called_by_its_first_line(first_line, title, course):
    source = nbformat.read(course.source(SLUG), as_version=4)
    cell = next(cell for cell in source.cells if cell.id == "x9-2-name")
    cell.source = f"{first_line}\n{cell.source}"
    nbformat.write(source, course.source(SLUG))
    hand_back(course, "ada", answered(course))
    _html, soup = feedback(course)
    assert title in marks_of(soup)
