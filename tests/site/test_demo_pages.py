"""A demo on a page of its own, its link, and how a page looks at night and on paper."""

import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from servicequality.site import chapters

ROOT = Path(__file__).parents[2]
DIAL = "[data-demo='D5.4']"


def test_a_lecture_steps_from_demo_to_demo(site: str) -> None:
    def steps(code: str) -> dict[str, str]:
        with httpx.stream("GET", f"{site}demos/{code}", timeout=60) as response:
            words = next(response.iter_text())
        return dict(re.findall(r'<a rel="(prev|next)" href="/demos/([^"]+)"', words))

    assert steps("D1.1") == {"next": "D1.2"}
    assert steps("D1.4") == {"prev": "D1.3", "next": "D2.1"}
    assert steps("D8.1") == {"prev": "D7.4"}


def test_a_demo_alone_runs_only_what_it_needs() -> None:
    chapter = chapters.read(ROOT / "chapters" / "02-servqual.ipynb").only("D2.1")
    assert [cell.source for cell in chapter.cells] == [
        "from servicequality.demos import servqual\nservqual.gap_scorer()"
    ]
    with pytest.raises(KeyError):
        chapters.read(ROOT / "chapters" / "02-servqual.ipynb").only("D2.9")


def test_what_a_cell_needs_is_found_through_names() -> None:
    cells = [
        "import json, math\nfrom os import path as place, sep",
        "half = math.pi / 2\nother = json.dumps(1)",
        "def turn(x):\n    return x + half",
        "show(turn(1))",
    ]
    ids = [*("abc"), "x-d3-1"]
    code = [chapters.Cell(name, source=source) for name, source in zip(ids, cells, strict=True)]
    chapter = chapters.Chapter("03-x", "", "", "", "en", "python3", tuple(code), ())
    (cell,) = chapter.only("D3.1").cells
    assert cell.source.split("\n") == [
        "import math",
        "half = math.pi / 2",
        "def turn(x):",
        "    return x + half",
        "show(turn(1))",
    ]


def test_a_link_opens_a_demo_as_it_stood(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{site}demos/D5.4?promise=85&shown=")
    promise = page.get_by_role("slider", name="The advert promises")
    expect(promise).to_have_value("85")
    expect(page.locator(DIAL)).to_have_attribute("data-committed", "true")
    expect(page.locator(".sq-verdict")).to_contain_text("Somebody chose these settings")
    expect(page.locator(".sq-sentence")).to_contain_text("The advert promises 85")
    expect(page).to_have_title(
        "What should the advert say? · Demo 5.4 · Expectations · Service Quality"
    )

    # The address follows the controls, and the link is the same.
    promise.press("ArrowLeft")
    page.wait_for_url(f"{site}demos/D5.4?promise=84&shown=")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.get_by_role("button", name="Start again").click()
    page.wait_for_url(f"{site}demos/D5.4")

    # At night light and dark change places, charts too; on paper nothing is dark, nothing is cut.
    look = """() => [
      getComputedStyle(document.body).backgroundColor,
      getComputedStyle(document.querySelector(".sq-plot svg")).filter !== "none",
      getComputedStyle(document.querySelector(".sq-predict")).display !== "none",
    ]"""
    assert page.evaluate(look) == ["rgb(255, 255, 255)", False, True]
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(look) == ["rgb(19, 20, 22)", True, True]
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate(look) == ["rgb(255, 255, 255)", False, False]
    for media, widths in (("print", (680,)), ("screen", (390, 768))):
        page.emulate_media(media=media)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(
                "document.documentElement.scrollWidth <= innerWidth &&"
                "[...document.querySelectorAll('.sq-plot svg')].every((svg) =>"
                "  svg.getBoundingClientRect().right <= innerWidth)"
            )


@pytest.fixture
def course(tmp_path: Path) -> Iterator[str]:
    """Address of another site, and the folder of its pages."""
    handler = partial(SimpleHTTPRequestHandler, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_an_impossible_link_says_so_within_a_page_of_another_site(
    context: BrowserContext, site: str, course: str, tmp_path: Path
) -> None:
    page = context.new_page()
    address = f"{site}demos/D5.4?promise=850&first_sale=true"
    frame = f'<iframe src="{address}" width="500" height="900"></iframe>'
    (tmp_path / "index.html").write_text(f'<link rel="icon" href="data:,">{frame}')
    page.goto(course)
    demo = page.frame_locator("iframe")
    demo.locator("html[data-ready]").wait_for()
    expect(demo.get_by_role("alert").first).to_contain_text("left out: The advert promises")
    expect(demo.get_by_role("slider", name="The advert promises")).to_have_value("70")
    expect(demo.get_by_role("banner")).to_be_hidden()
    assert demo.locator("[data-cell]").count() == 1

    # That page does not let the frame write to the clipboard: the reader copies by hand.
    demo.get_by_role("button", name="Copy link").click()
    by_hand = demo.get_by_role("textbox", name="Link to this demo")
    expect(by_hand).to_have_value(f"{site}demos/D5.4?first_sale=true")
