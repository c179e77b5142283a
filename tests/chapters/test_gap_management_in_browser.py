"""The demos of chapter 3 at work on their page, in a real browser against the real server."""

import pytest
from playwright.sync_api import Page, expect

# Height of the letters as drawn, in pixels of the screen.
LETTERS = """(figure) => [...figure.querySelectorAll('svg text')]
  .filter((node) => node.textContent.trim())
  .map((node) => [node.textContent, parseFloat(getComputedStyle(node).fontSize)
    * node.getScreenCTM().a])"""


@pytest.fixture
def demo(open_chapter):
    def opened(code: str, width: int = 1280):
        page: Page = open_chapter("03-gap-management", width)
        found = page.locator(f'[data-demo="{code}"]')
        found.scroll_into_view_if_needed()
        found.locator(".sq-predict input").first.check()
        found.get_by_role("button", name="Commit my prediction").click()
        expect(found).to_have_attribute("data-committed", "true")
        return page, found

    return opened


def test_a_smaller_promise_shrinks_the_customer_gap(demo):
    page, found = demo("D3.1")
    found.get_by_role("button", name="Harbour Lantern Hotel", exact=True).click()
    gap = found.locator(".sq-numbers dd").first
    expect(gap).to_have_text("−13.0")
    chart = found.locator(".sq-plot svg").first
    before = chart.inner_html()
    found.get_by_role("slider", name="What the advert promises").focus()
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    expect(gap).to_have_text("−12.0")
    expect(found.locator(".sq-sentence")).to_contain_text("Customers expect 84")
    assert chart.inner_html() != before


def test_the_blueprint_has_lanes_lines_and_marks_that_a_phone_can_show(demo):
    page, found = demo("D3.2", width=390)
    figure = found.locator(".sq-figure[data-drawn]").first
    letters = figure.evaluate(LETTERS)
    texts = [text for text, _ in letters]
    whole = " ".join(texts)
    for lane in ("Customer", "Onstage", "Backstage", "Support", "front desk, queue"):
        assert lane in whole
    for line in ("line of interaction", "line of visibility", "line of internal interaction"):
        assert line in texts
    assert {"F", "W"} <= set(texts)
    assert min(size for text, size in letters if text not in "FW") >= 11
    box, width = figure.bounding_box(), page.viewport_size["width"]
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
