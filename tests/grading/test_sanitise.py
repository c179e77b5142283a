"""Nothing in a student's notebook runs, loads or misleads where others look at it."""

import base64
import json
import struct
import subprocess
import sys
import time
import tomllib
import zlib
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from servicequality.grading import drawing, landlock, sanitise
from servicequality.grading.drawing import Chart, NotDrawnError, chart_in, draw
from servicequality.grading.sanitise import clean_html, clean_markdown

ATTACKS = {
    attack["name"]: attack
    for attack in tomllib.loads(
        (Path(__file__).parent / "hostile_pages.toml").read_text(encoding="utf-8")
    )["attack"]
}
OUTPUTS = {
    "html": "text/html",
    "svg": "image/svg+xml",
    "javascript": "application/javascript",
    "latex": "text/latex",
}


def hostile_cell(kind, payload):
    if kind == "markdown":
        return new_markdown_cell(payload)
    if kind == "raw":
        return new_raw_cell(payload, metadata={"raw_mimetype": "text/html"})
    if kind == "code":
        return new_code_cell(payload)
    if kind == "stream":
        return new_code_cell(outputs=[new_output("stream", text=payload)])
    if kind == "error":
        return new_code_cell(
            outputs=[new_output("error", ename=payload, evalue=payload, traceback=[payload])]
        )
    return new_code_cell(outputs=[new_output("display_data", data={OUTPUTS[kind]: payload})])


def hostile_notebook():
    return new_notebook(cells=[hostile_cell(a["kind"], a["payload"]) for a in ATTACKS.values()])


def shown(cell):
    """All of a clean cell that is shown as HTML."""
    if cell.cell_type == "markdown":
        return cell.source
    return "".join(output.get("data", {}).get("text/html", "") for output in cell.outputs)


def one(cell):
    (clean,) = sanitise.sanitise(NotebookNode(cells=[cell])).cells
    return clean


def display(**data):
    data = {kind.replace("_", "/"): value for kind, value in data.items()}
    output = NotebookNode(output_type="display_data", data=data, metadata={})
    (clean,) = one(NotebookNode(cell_type="code", outputs=[output])).outputs
    return clean


def png(width=3, height=2, comment=b""):
    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    pixels = zlib.compress((b"\0" + b"\x88" * 3 * width) * height)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            chunk(b"tEXt", comment),
            chunk(b"IDAT", pixels),
            chunk(b"IEND", b""),
        ]
    )


def encoded(data):
    return base64.b64encode(data).decode()


# What a browser finds that should not be there: elements, attributes and addresses.
FAULTS = """() => {
  const elements = new RegExp("^(script|style|iframe|frame|object|embed|applet|meta|base|link|form|"
    + "input|button|select|textarea|svg|animate|foreignobject|video|audio|source|picture|template|"
    + "noscript|title|plaintext|mglyph|malignmark|annotation-xml|maction)$", "i");
  const attributes = new RegExp("^(on.*|style|id|name|srcset|action|formaction|background|poster|"
    + "xlink:href|data-.*|target)$", "i");
  const faults = [];
  for (const element of document.querySelectorAll("#shown *")) {
    if (elements.test(element.localName)) faults.push(element.localName);
    for (const {name, value} of element.attributes) {
      const good = {
        href: /^(https?|mailto):/.test(element.href),
        src: value.startsWith("data:image/png;base64,"),
        class: /^(|highlight|dataframe|[a-z][a-z0-9]{0,2})$/.test(value),
      }[name];
      if (attributes.test(name) || good === false) faults.push(`${name}=${value}`);
    }
  }
  return faults;
}"""


@pytest.fixture
def tab(browser):
    """A tab without network that notes what was asked for."""
    page = browser.new_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.route("https://**", lambda route: route.abort())
    page.route("http://**", lambda route: route.abort())
    yield page
    page.close()


def marks(page):
    return set(page.evaluate("window.marks || []"))


def visit(page, path, html):
    path.write_text(html, encoding="utf-8")
    page.goto(path.as_uri(), wait_until="load")
    page.evaluate("new Promise(done => setTimeout(done, 300))")  # time for events of images


def test_the_attacks_are_real(tab, tmp_path):
    html, _resources = HTMLExporter(template_name="lab").from_notebook_node(hostile_notebook())
    visit(tab, tmp_path / "page.html", html.replace("http-equiv", "data-later"))
    assert marks(tab) >= {
        "script element",
        "script in Markdown",
        "event attribute",
        "event attribute without a space",
        "frame with a document",
        "SVG in HTML",
        "javascript output",
    }
    assert any("nowhere.invalid/seen.png" in address for address in tab.asked)


@pytest.mark.parametrize("template", ["classic", "lab", "basic"])
def test_no_attack_works_on_a_trusting_exporter(template, tab, tmp_path):
    exporter = HTMLExporter(template_name=template)
    html, _resources = exporter.from_notebook_node(sanitise.sanitise(hostile_notebook()))
    visit(tab, tmp_path / "page.html", html)
    assert marks(tab) == set()
    assert not [address for address in tab.asked if "invalid" in address or "evil" in address]
    assert tab.url == (tmp_path / "page.html").as_uri()


def test_nothing_forbidden_is_left_for_a_browser(tab, tmp_path):
    pieces = [shown(cell) for cell in sanitise.sanitise(hostile_notebook()).cells]
    visit(tab, tmp_path / "page.html", f"<main id=shown>{''.join(pieces)}</main>")
    assert tab.evaluate(FAULTS) == []
    assert marks(tab) == set()
    visit(tab, tmp_path / "page.html", "<main id=shown><a id=x onclick=1 href=evil>x</a></main>")
    assert tab.evaluate(FAULTS) == ["id=x", "onclick=1", "href=evil"]


@pytest.mark.parametrize("name", ATTACKS)
def test_each_attack_alone(name):
    html = shown(one(hostile_cell(ATTACKS[name]["kind"], ATTACKS[name]["payload"])))
    for sign in ("<script", "<iframe", "<style", "<svg", "<form", "<meta", "<base", "<link"):
        assert sign not in html.lower()
    assert " onerror=" not in html.replace("&lt;img src=nothing onerror", "")
    assert "nowhere.invalid" not in html.replace("\\style", "")


def test_words_of_an_attacked_cell_stay():
    assert "Good work." in clean_markdown(ATTACKS["script in Markdown"]["payload"])
    assert "my answer" in clean_markdown(ATTACKS["javascript link"]["payload"])
    assert "{{ 7*7 }}" in clean_markdown(ATTACKS["template injection"]["payload"])
    assert "<msup>" in clean_markdown(ATTACKS["formula"]["payload"])


def test_good_links_stay_and_tell_nothing():
    assert clean_markdown("[x](https://example.org/a_b?c=1&d=2)") == (
        '<p><a href="https://example.org/a_b?c=1&amp;d=2" rel="noopener noreferrer nofollow">x</a>'
        "</p>\n"
    )
    assert 'href="mailto:ada@example.org"' in clean_markdown("[x](mailto:ada@example.org)")


def test_a_table_of_pandas_stays_as_it_is():
    frame = pd.DataFrame({"gap": [-0.9, 0.7]}, index=["reliability", "tangibles"])
    output = display(text_html=frame._repr_html_(), text_plain="...")
    html = output.data["text/html"]
    assert '<table class="dataframe">' in html
    cells = [cell.get_text() for cell in BeautifulSoup(html, "html.parser").find_all("td")]
    assert cells == ["-0.9", "0.7"]
    assert "<style" not in html
    assert set(output.data) == {"text/html"}


def test_markdown_keeps_its_forms():
    html = clean_markdown(
        "# A\n\n*b* `c`\n\n| d | e |\n|---|--:|\n| 1 | 2 |\n\n"
        "```python\nx = 1\n```\n\n$$\\frac{1}{2}$$"
    )
    for part in (
        "<h1>A</h1>",
        "<em>b</em>",
        "<code>c</code>",
        '<td align="right">2</td>',
        '<span class="mi">1</span>',
        '<math display="block">',
        "<mfrac>",
    ):
        assert part in html


def test_a_graph_of_many_cells_keeps_order_ids_and_roles():
    role = {
        "grade": True,
        "grade_id": "x2-1",
        "locked": True,
        "points": 3,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }
    notebook = new_notebook(
        cells=[
            new_code_cell("a = 1", id="first", metadata={"nbgrader": role, "tags": ["x"]}),
            new_markdown_cell("text", id="second"),
        ]
    )
    before = json.dumps(notebook)
    first, second = sanitise.sanitise(notebook).cells
    assert (first.id, first.source, first.metadata) == ("first", "a = 1", {"nbgrader": role})
    assert (second.id, second.metadata) == ("second", {})
    assert json.dumps(notebook) == before


@pytest.mark.parametrize("name", ['"><script>', "a b", "", "../x", "x" * 200, 7, None])
def test_a_role_with_a_hostile_name_is_none(name):
    role = {"grade": True, "grade_id": name, "points": "<b>", "schema_version": 3}
    assert one(new_code_cell("x", metadata={"nbgrader": role})).metadata == {}


def test_copied_cells_get_ids_of_their_own():
    cells = [new_code_cell("1", id="same"), new_code_cell("2", id="same")]
    clean = sanitise.sanitise(NotebookNode(cells=cells)).cells
    assert [cell.source for cell in clean] == ["1", "2"]
    assert clean[0].id == "same" != clean[1].id


def test_numbers_that_are_markup_are_none():
    cell = NotebookNode(
        cell_type="code",
        execution_count="<script>1</script>",
        id="<b>",
        source=["a", "b"],
        metadata="x",
        outputs=[
            {
                "output_type": "execute_result",
                "execution_count": "<i>",
                "data": {"text/plain": "1"},
            },
            {"output_type": "stream", "name": "<b>", "text": ["1", "2", 3]},
            {"output_type": "surprise"},
            "text",
        ],
    )
    clean = one(cell)
    assert (clean.execution_count, clean.source, clean.metadata) == (None, "ab", {})
    assert clean.id != "<b>"
    assert clean.outputs[0].execution_count is None
    assert (clean.outputs[1].name, clean.outputs[1].text) == ("stdout", "12")
    assert "no output" in clean.outputs[2].data["text/plain"]


@pytest.mark.parametrize("cells", [None, "x", {}, [], [None, 3, "x"]])
def test_a_notebook_that_is_none_is_empty(cells):
    assert sanitise.sanitise(NotebookNode(cells=cells)).cells == []


def test_images_stay_if_they_are_images():
    assert base64.b64decode(display(image_png=encoded(png())).data["image/png"]) == png()
    for fake in [
        encoded(b"<svg onload=1>"),
        encoded(b"\x89PNG\r\n\x1a\n" + b"x" * 100),
        encoded(png(comment=b"x" * sanitise.MOST_IMAGE)),
        encoded(b"GIF89a"),
        '"><script>',
        {"not": "text"},
    ]:
        assert display(image_png=fake, text_plain="t").data == {"text/plain": "t"}


def test_images_that_would_fill_the_memory_of_a_browser_are_left_out():
    bomb = png()[:16] + struct.pack(">II", 50_000, 50_000) + png()[24:]
    assert display(image_png=encoded(bomb), text_plain="t").data == {"text/plain": "t"}
    start = b"\xff\xd8\xff\xe0\x00\x04xx\xff\xc0\x00\x11\x08"
    good = start + struct.pack(">HH", 20, 30) + b"x" * 20
    assert "image/jpeg" in display(image_jpeg=encoded(good)).data
    bomb = start + struct.pack(">HH", 60_000, 60_000) + b"x" * 20
    assert display(image_jpeg=encoded(bomb), text_plain="t").data == {"text/plain": "t"}


def test_all_images_together_have_a_limit():
    picture = new_output("display_data", data={"image/png": encoded(png()), "text/plain": "t"})
    clean = sanitise._Cleaner(image_bytes=2 * len(png())).notebook(
        new_notebook(cells=[new_code_cell(outputs=[picture] * 3)])
    )
    kinds = [set(output.data) for output in clean.cells[0].outputs]
    assert kinds == [{"image/png"}, {"image/png"}, {"text/plain"}]


def test_an_attached_image_is_shown_and_a_missing_one_named():
    cell = new_markdown_cell(
        "![my plot](attachment:a.png) ![lost](attachment:b.png)",
        attachments={"a.png": {"image/png": encoded(png())}, "c.svg": {"image/svg+xml": "<svg>"}},
    )
    html = one(cell).source
    assert f"data:image/png;base64,{encoded(png())}" in html
    assert "lost" in html
    assert html.count("<img") == 1
    assert "attachments" not in one(cell)


def test_huge_outputs_are_cut():
    cell = new_code_cell(
        outputs=[new_output("stream", text="x" * 1_000_000)] * 60,
    )
    clean = one(cell)
    assert len(clean.outputs) == sanitise.MOST_OUTPUTS + 1
    assert "980,000 more characters" in clean.outputs[0].text
    assert "10 more outputs" in clean.outputs[-1].data["text/plain"]
    assert len(json.dumps(clean)) < 2_000_000
    many = NotebookNode(cells=[new_code_cell("1")] * (sanitise.MOST_CELLS + 5))
    assert "5 more cells" in sanitise.sanitise(many).cells[-1].source


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 100_000,
        "<b><i>" * 5_000,
        "\\\\[" * 60_000,
        "[" * 20_000,
        "> " * 9_000,
        "<" * 600_000,
    ],
)
def test_texts_made_to_be_slow_are_not(text):
    start = time.monotonic()
    clean = sanitise.sanitise(
        new_notebook(
            cells=[
                new_markdown_cell(text),
                new_code_cell(outputs=[new_output("display_data", data={"text/html": text})]),
            ]
        )
    )
    assert time.monotonic() - start < 20
    assert len(clean.cells) == 2


def test_when_the_time_is_over_text_stays_text():
    cell = one(new_markdown_cell("*late*"))
    assert "<em>late</em>" in cell.source
    late = sanitise._Cleaner(deadline=0).notebook(new_notebook(cells=[new_markdown_cell("*late*")]))
    assert "<em>" not in late.cells[0].source
    assert "late" in late.cells[0].source


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/ab\"'=& \n\t`*_[]()!$\\|#-~1{}:.;"), max_size=80))
def test_markdown_leaves_clean_cells_alone(text):
    """An exporter that renders the clean source as Markdown gets what `sanitise` made of it."""
    source = one(new_markdown_cell(text)).source
    again = MarkdownWithMath(renderer=IPythonRenderer(escape=False)).render(source)
    assert again.strip() == source


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=60), st.sampled_from(["p", "td", "math", "svg", "style", "title", "select"])
)
def test_cleaning_twice_changes_nothing(text, tag):
    once = clean_html(f"<{tag}>{text}<b title='{text}'>")
    assert clean_html(once) == once


CHART = (
    alt.Chart(pd.DataFrame({"dimension": ["a", "b"], "gap": [1, -2]}), description='Gaps "a" & <b>')
    .mark_bar()
    .encode(x="dimension", y="gap")
)


def test_charts_are_drawn_with_their_description_from_every_form_of_altair():
    specification = CHART.to_dict()
    (html,) = (CHART._repr_mimebundle_()["text/html"],)
    outputs = [
        new_output("display_data", data={"text/html": html, "text/plain": "alt.Chart(...)"}),
        *(
            new_output("display_data", data={f"application/vnd.vegalite.{v}+json": specification})
            for v in ("v5", "v6")
        ),
    ]
    for output in one(new_code_cell(outputs=outputs)).outputs:
        picture = base64.b64decode(output.data["image/png"])
        width, height = struct.unpack(">II", picture[16:24])
        assert output.metadata["image/png"] == {
            "alt": 'Gaps "a" & <b>',
            "width": width // 2,
            "height": height // 2,
        }
        assert width > 100
        assert set(output.data) == {"image/png"}


def test_a_description_cannot_leave_its_attribute(tab, tmp_path):
    chart = CHART.properties(description="\"><img src=x onerror=window.marks=['chart']>")
    cell = new_code_cell(outputs=[new_output("display_data", data=chart._repr_mimebundle_())])
    notebook = sanitise.sanitise(new_notebook(cells=[cell]))
    html, _resources = HTMLExporter(template_name="classic").from_notebook_node(notebook)
    visit(tab, tmp_path / "page.html", html)
    assert marks(tab) == set()
    assert tab.locator("img").get_attribute("alt").startswith('"><img')


VALUES = {"values": [{"url": "https://example.org/a", "n": 1}]}


@pytest.mark.parametrize(
    "specification",
    [
        {"data": {"url": "https://nowhere.invalid/data.csv"}, "mark": "bar"},
        {"data": {"url": "file:///etc/hostname", "format": {"type": "csv"}}, "mark": "bar"},
        {"data": VALUES, "mark": {"type": "image", "url": "https://nowhere.invalid/a.png"}},
        {"data": VALUES, "mark": "image", "encoding": {"url": {"field": "url"}}},
        {"layer": [{"mark": "bar", "data": {"url": "x.json"}}]},
        {
            "data": VALUES,
            "mark": "bar",
            "transform": [{"lookup": "n", "from": {"data": {"url": "x.csv"}, "key": "n"}}],
        },
    ],
)
def test_a_chart_that_would_load_something_is_not_drawn(specification):
    (answer,) = draw([Chart("vegalite", specification)])
    assert isinstance(answer, NotDrawnError)
    assert "load something" in str(answer)


def test_a_column_may_be_called_url():
    encoding = {"x": {"field": "url", "type": "nominal"}}
    (answer,) = draw([Chart("vegalite", {"data": VALUES, "mark": "bar", "encoding": encoding})])
    assert isinstance(answer, bytes)


def test_one_bad_chart_leaves_the_others(monkeypatch):
    monkeypatch.setattr(drawing, "SECONDS", 5)
    good = Chart("vegalite", CHART.to_dict())
    endless = Chart("vegalite", {"data": {"sequence": {"start": 0, "stop": 1e9}}, "mark": "point"})
    broken = Chart("vegalite", {"mark": 3})
    vega = Chart("vega", {"width": 50, "height": 50, "marks": []})
    answers = draw([good, broken, vega, endless])
    assert [isinstance(answer, bytes) for answer in answers] == [True, False, True, False]
    assert "broken" in str(answers[1])
    assert "too long" in str(answers[3])


def test_the_painter_has_no_environment_of_ours(monkeypatch):
    monkeypatch.setenv("SECRET", "1")
    seen = []
    real = drawing.subprocess.run
    monkeypatch.setattr(
        drawing.subprocess, "run", lambda *a, **k: seen.append(k["env"]) or real(*a, **k)
    )
    draw([Chart("vegalite", CHART.to_dict())])
    assert [set(environment) for environment in seen] == [{"HOME", "TMPDIR"}]


def test_the_painter_has_neither_files_nor_network(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("1")
    attempts = f"""
import socket
from servicequality.grading import drawing
drawing._paint()
for attempt in (
    lambda: open({str(secret)!r}),
    lambda: open({str(tmp_path / "new")!r}, "w"),
    lambda: socket.create_connection(("127.0.0.1", 9), timeout=5),
):
    try:
        attempt()
        print("works")
    except OSError as error:
        print(type(error).__name__)
"""
    answer = subprocess.run(
        [sys.executable, "-c", attempts], input="", stdout=subprocess.PIPE, text=True
    ).stdout.split()
    free = ["works", "works", "ConnectionRefusedError"]
    walls = 3 if landlock.abi() >= 4 else 2 if landlock.abi() else 0  # TCP since version 4
    assert answer == ["PermissionError"] * walls + free[walls:]


def test_what_is_no_chart_is_none():
    assert chart_in({"text/html": "<script>vegaEmbed({})({not json</script>"}) is None
    assert chart_in({"application/vnd.vegalite.v5+json": "text"}) is None
    assert chart_in({"text/html": "})({}) vegaEmbed"}) is None


def test_a_chart_without_words_says_so():
    assert Chart("vegalite", {"title": {"text": "Gaps"}}).description == "Gaps"
    assert Chart("vegalite", {"title": "Gaps\n now"}).description == "Gaps now"
    assert "without a description" in Chart("vegalite", {"description": 3}).description


def test_widgets_and_scripts_are_named_not_run():
    output = display(**{"application/vnd.jupyter.widget-view+json": {"model_id": "x"}})
    assert "vnd.jupyter.widget-view+json" in output.data["text/plain"]
    assert display(text_html="<script>1</script>", text_plain="t").data == {"text/plain": "t"}
