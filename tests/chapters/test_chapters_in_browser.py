"""Every chapter as a public viewer meets it, in a real browser against the real server.

The `page` fixture fails a test on any console error and any request to another host. A chapter is
opened once at each width.
"""

import re

import accessibility
from playwright.sync_api import Locator, Page, expect

from chapters import SLUGS, codes, notebook, questions, recalled, tag

CUT_OFF = """() => [...document.querySelectorAll('main *')].filter((node) => {
  const box = node.getBoundingClientRect();
  const card = node.closest('.sq-card')?.getBoundingClientRect() ?? {left: 0, right: innerWidth};
  if (!box.width || (box.right <= card.right + 1 && box.left >= card.left - 1)) return false;
  for (let around = node.parentElement; around; around = around.parentElement)
    if (['auto', 'scroll'].includes(getComputedStyle(around).overflowX)) return false;
  return true;
}).map((node) => node.outerHTML.slice(0, 120))"""


HYPHENS_FOR_MINUS = """() => [...document.querySelectorAll('main td, main th, main text')]
  .map((node) => node.textContent)
  .filter((text) => /(^|[\\s(])-[\\d.]/.test(text))"""


def commit_by_keyboard(page: Page, demo: Locator) -> None:
    """Make a prediction and commit to it without touching the mouse."""
    demo.locator(".sq-predict input").first.focus()
    page.keyboard.press("Space")
    for _ in range(5):
        page.keyboard.press("Tab")
        if "Commit" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    expect(demo).to_have_attribute("data-committed", "true")


def commit_all(page: Page) -> list[Locator]:
    demos = page.locator(".sq-demo").all()
    for demo in demos:
        commit_by_keyboard(page, demo)
        expect(demo.get_by_role("heading", name="Challenge")).to_be_visible()
        expect(demo.locator(".sq-verdict")).to_contain_text(re.compile("predicted"))
        expect(demo.locator(".sq-numbers dd").first).to_be_visible()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.sq-figure')]"
        ".every((figure) => figure.dataset.drawn || !figure.offsetParent)"
    )
    return demos


def assert_all_is_shown(page: Page, slug: str) -> None:
    demos = [cell for cell in notebook(slug) if tag(cell).get("kind") == "demo"]
    expect(page.locator(".sq-demo")).to_have_count(len(demos))
    asked = [*recalled(slug), *questions(slug)]
    expect(page.locator(".sq-question")).to_have_count(len(asked))
    shown = page.locator(".sq-question").evaluate_all("all => all.map((q) => q.dataset.question)")
    assert sorted(shown) == sorted(asked)
    expect(page.locator(".failed")).to_have_count(0)
    expect(page.get_by_text("Traceback")).to_have_count(0)
    for section in codes("", slug):
        expect(page.locator("main h2", has_text=f"{section} ")).to_be_visible()


def assert_charts_are_described(page: Page) -> None:
    images = page.locator(".sq-card").get_by_role("img").all()
    assert images
    for image in images:
        assert len((image.get_attribute("aria-label") or "").split()) >= 8


def test_a_chapter_works_on_a_desk_and_with_the_keyboard_alone(open_chapter, slug):
    page = open_chapter(slug)
    assert_all_is_shown(page, slug)
    for demo in page.locator(".sq-demo").all():
        expect(demo.locator(".sq-numbers")).to_be_hidden()
        expect(demo.get_by_role("heading", name="Challenge")).to_be_hidden()
    commit_all(page)
    assert_charts_are_described(page)
    accessibility.check(page, dark=slug == SLUGS[0])
    accessibility.check_keyboard(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_chapter_fits_on_a_phone(open_chapter, slug):
    page = open_chapter(slug, width=390)
    assert_all_is_shown(page, slug)
    commit_all(page)
    assert page.evaluate(HYPHENS_FOR_MINUS) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(CUT_OFF) == []
