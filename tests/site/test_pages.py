"""The pages of the site in a real browser: gallery, chapter, errors."""

import json
import re
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).parents[2]
SECRET = "no_reader_may_see_this_name"

CELLS = [
    new_markdown_cell(
        "# 3 · A trial chapter\n\n**试** · One line of promise.\n\n"
        "Alpha is $\\alpha = \\frac{k}{k-1}$, a gap is $5 - 7 = -2$, and\n\n"
        "$$\\sum_{i=1}^{k} s_i^2$$",
        id="title",
    ),
    new_markdown_cell("## 3.1 Sliders & more\n\n" + "Words of a lesson. " * 120, id="sliders"),
    new_code_cell(
        f"import sys\nfrom time import sleep\n{SECRET} = 'never printed'\n"
        "import ipywidgets\nfrom IPython.display import HTML, display\nsleep(1)",
        id="setup",
    ),
    new_code_cell(
        "slider = ipywidgets.IntSlider(description='Wait')\nlabel = ipywidgets.Label('0 min')\n"
        "slider.observe(lambda change: setattr(label, 'value', f'{change.new} min'), 'value')\n"
        "ipywidgets.VBox([slider, label])",
        id="wait",
    ),
    new_code_cell(
        "print('printed')\nprint('a warning', file=sys.stderr)\n"
        "display(ipywidgets.HTML('<b>first</b>'))\ndisplay(HTML('<b>second</b>'))\n"
        "ipywidgets.HTML('<b>third</b>')",
        id="several",
    ),
    new_code_cell(f"{SECRET} / 0", id="fails"),
    new_code_cell(
        "button = ipywidgets.Button(description='Break')\n"
        f"button.on_click(lambda _: {SECRET} / 0)\nbutton",
        id="breaks",
    ),
    new_markdown_cell("## 3.2 Words\n\n| a | b |\n|---|---|\n| 1 | 2 |", id="words"),
    new_code_cell("HTML('<dl><dt id=\"a-term\">A term</dt></dl>')", id="terms"),
    new_markdown_cell("Words after the terms. " * 400, id="end"),
]


def write(folder: Path, slug: str, cells: list[nbformat.NotebookNode]) -> None:
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    nbformat.write(
        new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / f"{slug}.ipynb"
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trial")
    start = new_markdown_cell("# Where to begin\n\nHere.", id="title")
    write(folder, "00-start-here", [start])
    write(folder, "03-trial", CELLS)
    write(folder, "myths", [new_markdown_cell("# Myths\n\nNot so.", id="title")])
    (folder / "03-trial.quiz.toml").write_text("answer = 1")
    (folder / "03-trial.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        "<title>Bars &amp; lines.</title><path d='M0 0h9v9z'/></svg>"
    )
    (folder / ".hidden").write_text("hidden")
    return folder


@pytest.fixture(scope="module")
def trial(serve, folder: Path) -> str:
    return serve(folder)


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


SHOWN_PICTURES = """
  () => [...document.querySelectorAll("main img")].map((img) => [img.alt, img.naturalWidth > 0])
"""


def test_the_front_page_leads_to_every_page_that_exists(page: Page, trial: str) -> None:
    page.goto(trial)
    expect(page).to_have_title("Service Quality")
    expect(page.get_by_role("heading", level=1)).to_have_text("Service Quality")
    links = page.get_by_role("main").get_by_role("link")
    addresses = [link.get_attribute("href") for link in links.all()]
    pages = [f"/chapters/{slug}.ipynb" for slug in ("00-start-here", "03-trial", "myths")]
    assert set(addresses) == set(pages)
    card = page.get_by_role("listitem").filter(has_text="A trial chapter")
    expect(card).to_contain_text("One line of promise.")
    assert page.evaluate(SHOWN_PICTURES) == [["Bars & lines.", True]]

    page.get_by_role("button", name="Chapters").press("Enter")
    menu = page.get_by_role("navigation", name="All pages").get_by_role("link")
    assert [link.get_attribute("href") for link in menu.all()] == pages
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)


def test_the_real_front_page_shows_a_picture_of_each_chapter(page: Page, site: str) -> None:
    chapters = len(list((ROOT / "chapters").glob("0[1-9]-*.ipynb")))
    page.goto(site)
    for width in (390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert fits(page)
    pictures = page.evaluate(SHOWN_PICTURES)
    assert len({words for words, shown in pictures if words and shown}) == chapters
    page.get_by_role("link", name="Measuring with SERVQUAL").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Measuring with SERVQUAL")
    page.get_by_role("link", name="Service Quality").first.click()
    page.get_by_role("link", name="Start here").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Service Quality")


def test_a_chapter_is_taken_along_as_its_own_file(trial: str, folder: Path) -> None:
    with urllib.request.urlopen(f"{trial}chapters/03-trial.ipynb") as response:
        address = re.search(r'href="/(notebooks/[^"]+)" download', response.read().decode())
    assert address is not None
    with urllib.request.urlopen(trial + address[1]) as response:
        assert response.headers["Content-Disposition"] == 'attachment; filename="03-trial.ipynb"'
        assert response.read() == (folder / "03-trial.ipynb").read_bytes()


def test_the_words_stand_before_any_code_has_run(page: Page, trial: str) -> None:
    page.goto(f"{trial}chapters/03-trial.ipynb", wait_until="commit")
    expect(page.get_by_role("heading", name="3.2 Words")).to_be_visible()
    assert page.locator("html[data-ready]").count() == 0
    expect(page.get_by_role("progressbar", name="Preparing the demos of this page")).to_be_visible()
    page.wait_for_selector("html[data-ready]")
    expect(page.get_by_role("progressbar")).to_be_hidden()


def test_a_chapter_page_has_its_landmarks(page: Page, trial: str) -> None:
    page.goto(f"{trial}chapters/03-trial.ipynb")
    expect(page).to_have_title("3 · A trial chapter · Service Quality")
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.get_by_role("main")).to_have_count(1)
    contents = page.get_by_role("navigation", name="On this page")
    expect(contents.get_by_role("link")).to_have_text(["3.1 Sliders & more", "3.2 Words"])
    contents.get_by_role("link", name="3.2 Words").click()
    expect(page.get_by_role("heading", name="3.2 Words")).to_be_in_viewport()
    page.keyboard.press("Home")
    page.get_by_role("link", name="Skip to the text").focus()
    expect(page.get_by_role("link", name="Skip to the text")).to_be_in_viewport()
    expect(page.get_by_role("contentinfo")).to_contain_text("MIT licence")
    onward = page.get_by_role("navigation", name="Where to go from here").get_by_role("link")
    expect(onward).to_have_count(2)
    onward.first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where to begin")


def test_formulas_are_drawn_by_the_browser(page: Page, trial: str) -> None:
    page.goto(f"{trial}chapters/03-trial.ipynb")
    formulas = page.locator("#content math")
    expect(formulas).to_have_count(3)
    assert all(formula.bounding_box()["width"] > 10 for formula in formulas.all())
    assert "$" not in page.get_by_role("main").inner_text()


def test_outputs_are_live_in_order_and_without_a_traceback(page: Page, trial: str, serve) -> None:
    received: list[str] = []
    page.on("websocket", lambda ws: ws.on("framereceived", lambda f: received.append(str(f))))
    page.goto(f"{trial}chapters/03-trial.ipynb")
    page.wait_for_selector("html[data-ready]")

    page.get_by_role("button", name="Break").click()
    page.locator("[data-cell=wait]").get_by_role("slider").press("ArrowRight")
    expect(page.locator("[data-cell=wait]")).to_contain_text("1 min")

    shown = page.locator("[data-cell=several]").inner_text().split()
    assert shown == ["printed", "first", "second", "third"]

    expect(page.locator("[data-cell=fails]")).to_contain_text("could not be shown")
    expect(page.locator("[data-cell=terms]")).to_contain_text("A term")
    assert "ZeroDivisionError" not in page.content()
    assert SECRET not in page.content() + "".join(received)
    assert "03-trial, cell fails" in serve.log(trial)
    assert "TypeError" in serve.log(trial)
    assert "a warning" in serve.log(trial)


def test_a_link_to_a_term_in_an_output_lands_on_it(page: Page, trial: str) -> None:
    page.goto(f"{trial}chapters/03-trial.ipynb#a-term")
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("#a-term")).to_be_in_viewport()


def test_a_chapter_fits_a_phone(page: Page, trial: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{trial}chapters/03-trial.ipynb")
    page.wait_for_selector("html[data-ready]")
    assert fits(page)
    link = page.get_by_role("link", name="3.2 Words")
    expect(link).to_be_hidden()
    page.get_by_text("On this page").click()
    expect(link).to_be_visible()


def test_a_kernel_that_cannot_start_leaves_the_words(
    browser: Browser, serve, tmp_path: Path
) -> None:
    cells = [new_markdown_cell("# Title", id="title"), new_code_cell("1", id="one")]
    notebook = new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "nosuch", "display_name": "?"}}
    )
    nbformat.write(notebook, tmp_path / "broken.ipynb")
    page = browser.new_page()
    page.goto(f"{serve(tmp_path)}chapters/broken.ipynb")
    expect(page.get_by_role("heading", name="Title")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("could not be shown")
    page.close()


@pytest.mark.parametrize("path", ["chapters/99-nothing.ipynb", "nowhere", "chapters/"])
def test_a_page_that_does_not_exist_says_so_kindly(browser: Browser, trial: str, path: str) -> None:
    page = browser.new_page()
    response = page.goto(trial + path)
    assert response is not None
    assert response.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    expect(page.get_by_role("main").get_by_role("link")).to_have_attribute("href", "/")
    assert "Traceback" not in page.content()
    page.close()


@pytest.mark.parametrize(
    "path",
    [
        "notebooks/99-nothing.ipynb",
        "notebooks/..%2f03-trial.ipynb",
        "chapters/..%2f03-trial.svg",
        "chapters/myths.svg",
        "demos/D3.1",
        "demos/03-trial",
        "voila/tree",
        "voila/render/03-trial.ipynb",
        "voila/files/03-trial.quiz.toml",
        "voila/api/contents",
        "api/contents",
        "api/kernels",
        "chapters/03-trial.quiz.toml",
        "chapters/.hidden",
        "chapters/..%2f03-trial.ipynb",
        "chapters/%2e%2e/%2e%2e/etc/passwd",
        "static/../app.py",
        "static/%2e%2e/app.py",
        "outputs/03-trial/no-such-kernel",
    ],
)
def test_nothing_else_is_served(trial: str, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(trial + path)
    assert refusal.value.code in {403, 404}


def test_neither_page_nor_outputs_carry_source_or_traceback(trial: str) -> None:
    with urllib.request.urlopen(f"{trial}chapters/03-trial.ipynb") as response:
        html = response.read().decode()
    config = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', html)
    assert config is not None
    assert [e["name"] for e in json.loads(config[1])["federated_extensions"]] == [
        "anywidget",
        "@jupyter-widgets/jupyterlab-manager",
        "@voila-dashboards/widgets-manager8",
    ]
    outputs = f"{trial}outputs/03-trial/{json.loads(config[1])['kernelId']}"
    with urllib.request.urlopen(outputs) as response:
        lines = response.read().decode()
    assert [json.loads(line)["cell"] for line in lines.splitlines()] == [
        cell.id for cell in CELLS if cell.cell_type == "code"
    ]
    assert SECRET not in html + lines
    assert "TypeError" not in html + lines
