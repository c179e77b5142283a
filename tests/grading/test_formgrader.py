"""Formgrader shows students' notebooks to the instructor, on the server that holds everything."""

import tomllib
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from playwright.sync_api import expect

from servicequality.grading.formgrader import allow_only_its_scripts

SLUG = "tiny"
ATTACKS = tomllib.loads((Path(__file__).parent / "hostile_pages.toml").read_text(encoding="utf-8"))[
    "attack"
]
NAME = "<img src=x onerror=window.marks=['name']>"


def hostile(course):
    """A graded notebook that holds all attacks, as cells and as outputs of a cell."""
    notebook = nbformat.read(course.source(SLUG), as_version=4)
    mimes = {"html": "text/html", "svg": "image/svg+xml", "javascript": "application/javascript"}
    for attack in ATTACKS:
        if attack["kind"] == "markdown":
            notebook.cells.append(new_markdown_cell(attack["payload"]))
        elif attack["kind"] in mimes:
            data = {mimes[attack["kind"]]: attack["payload"]}
            output = new_output("display_data", data=data)
            notebook.cells.append(new_code_cell("show()", outputs=[output]))
    answer = next(cell for cell in notebook.cells if cell.id == "x9-3-answer")
    answer.source = "My answer: $x^2$\n\n" + ATTACKS[2]["payload"]
    return notebook


@pytest.fixture
def submissions(course):
    """Ids in the gradebook of two graded submissions, in the order of formgrader."""
    with course.gradebook() as book:
        for student in ("ada", "bo"):
            folder = course.autograded(student, SLUG)
            folder.mkdir(parents=True)
            nbformat.write(hostile(course), folder / f"{SLUG}.ipynb")
            book.update_or_create_student(student, first_name=NAME, last_name="Nkemelu")
            book.update_or_create_submission(SLUG, student)
            for name, points in {"x9-1-small": 1, "x9-1-large": 0, "x9-2-name": 2}.items():
                grade = book.find_grade(name, SLUG, SLUG, student)
                grade.auto_score, grade.needs_manual_grade = points, False
        book.db.commit()
        return sorted(found.id for found in book.notebook_submissions(SLUG, SLUG))


@pytest.fixture
def tab(browser):
    """A tab that collects errors, and requests to other servers."""
    page = browser.new_context().new_page()
    page.problems, page.asked = [], []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda line: line.type == "error" and page.problems.append(line.text))
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    page.context.close()


def test_formgrader_works_and_runs_nothing_of_a_students(course, submissions, start_server, tab):
    first, second = submissions
    address = start_server(course.root)
    tab.goto(f"{address}/login?token=secret&next=/api")
    tab.asked.clear()
    tab.goto(f"{address}/formgrader/submissions/{first}/?index=0")
    score = tab.locator("#x9-3-answer")
    expect(tab.locator("#x9-2-name")).to_have_attribute("placeholder", "2")

    assert tab.evaluate("window.marks") is None
    local = (address, "data:image/")
    assert [url for url in tab.asked if not url.startswith(local)] == []
    assert tab.locator("math msup").count() > 0
    tab.locator(".glyphicon.name-hidden").click()
    expect(tab.locator("a.name-shown")).to_contain_text(NAME)
    assert tab.evaluate("window.marks") is None

    score.fill("4")
    score.press("Tab")
    comment = tab.locator("#x9-3-answer-comment")
    comment.fill("Well **seen**.")
    comment.press("Tab")
    expect(tab.locator(".comment-saved").last).to_be_attached()
    tab.wait_for_load_state("networkidle")
    tab.get_by_role("link", name="Next").click()
    tab.wait_for_url(f"**/submissions/{second}/**")
    expect(tab.locator("#x9-2-name")).to_have_attribute("placeholder", "2")
    assert tab.problems == []

    with course.gradebook() as book:
        marked = next(s for s in book.notebook_submissions(SLUG, SLUG) if s.id == first)
        grade = book.find_grade("x9-3-answer", SLUG, SLUG, marked.student.id)
        said = book.find_comment("x9-3-answer", SLUG, SLUG, marked.student.id)
        assert (grade.manual_score, grade.needs_manual_grade) == (4, False)
        assert said.manual_comment == "Well **seen**."

    # The second wall: what cleaning might miss one day.
    tab.evaluate(
        "document.body.insertAdjacentHTML('beforeend',"
        " '<img src=x onerror=window.marks=1><a id=go href=javascript:window.marks=1>x</a>')"
    )
    tab.locator("#go").click()
    tab.evaluate(
        "() => { const script = document.createElement('script'); script.text = 'marks = 1';"
        " document.body.append(script); }"
    )
    assert tab.evaluate("window.marks") is None


def test_without_protection_the_same_notebook_runs(course, submissions, tab, tmp_path):
    """What the test above would see if nothing protected formgrader."""
    html, _resources = HTMLExporter(template_name="classic").from_notebook_node(hostile(course))
    path = tmp_path / "page.html"
    path.write_text(html.replace("http-equiv", "data-later"), encoding="utf-8")
    tab.goto(path.as_uri(), wait_until="commit")
    tab.wait_for_function("(window.marks || []).length > 2")


def test_the_policy_names_each_script_of_formgrader():
    header = (
        '<html><head>\n<script src="/static/a.js"></script><script>var a = 1</script>\n'
        '<script src="https://elsewhere.invalid/mathjax.js"> </script>'
    )
    navigation = '<span onclick="show(&quot;x&quot;)"></span><script>start()</script>'
    html = allow_only_its_scripts(header, navigation)
    again = allow_only_its_scripts(header, navigation)
    policy = html.split('content="')[1].split('"')[0]
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert html.count(f'<script nonce="{nonce}"') == html.count("<script") == 3
    assert "elsewhere.invalid" not in html
    assert policy.count("'sha256-") == 2
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert nonce not in again
