"""Chapter 2 as a public viewer meets it, in a real browser against the real server.

The `page` fixture fails a test on any console error and any request to another host.
"""

import re

import pytest
from playwright.sync_api import Page, expect

DEMOS = ("D2.1", "D2.2", "D2.3", "D2.4")


@pytest.fixture
def chapter(open_chapter):
    return open_chapter("02-servqual")


def demo(page: Page, code: str):
    found = page.locator(f'[data-demo="{code}"]')
    found.scroll_into_view_if_needed()
    return found


def commit(found, answer: int = 0) -> None:
    found.locator(".sq-predict input").nth(answer).check()
    found.get_by_role("button", name="Commit my prediction").click()
    expect(found).to_have_attribute("data-committed", "true")


def number(found) -> str:
    return found.locator(".sq-numbers dd").first.inner_text()


def test_every_part_of_the_chapter_is_shown(chapter):
    expect(chapter.locator(".sq-demo")).to_have_count(4)
    expect(chapter.locator(".sq-question")).to_have_count(10)
    expect(chapter.locator(".failed")).to_have_count(0)
    expect(chapter.get_by_text("Traceback")).to_have_count(0)
    for section in range(1, 9):
        expect(chapter.locator("main h2", has_text=f"2.{section} ")).to_be_visible()
    for code in DEMOS:
        expect(demo(chapter, code).locator(".sq-figure[data-drawn] svg").first).to_be_visible()


def test_a_demo_hides_its_result_until_a_prediction_is_committed(chapter):
    for code in DEMOS:
        found = demo(chapter, code)
        expect(found.get_by_role("heading", name="Challenge")).to_be_hidden()
        expect(found.locator(".sq-numbers")).to_be_hidden()
        expect(found.locator(".sq-more")).to_be_hidden()
        commit(found)
        expect(found.get_by_role("heading", name="Challenge")).to_be_visible()
        expect(found.locator(".sq-numbers dd").first).to_be_visible()
        expect(found.locator(".sq-verdict")).to_contain_text(re.compile("predicted"))


def test_a_slider_moved_by_keyboard_changes_chart_sentence_and_number_together(chapter):
    found = demo(chapter, "D2.1")
    commit(found)
    expect(found.locator(".sq-numbers dd").first).to_have_text("−0.407")
    chart = found.locator(".sq-plot svg").first
    before = chart.inner_html()
    found.get_by_role("slider", name="Perceived reliability").focus()
    chapter.keyboard.press("ArrowRight")
    expect(found.locator(".sq-numbers dd").first).to_have_text("−0.375")
    expect(found.locator(".sq-sentence")).to_contain_text("misses by 0.80")
    assert chart.inner_html() != before


def test_reset_restores_the_first_state_exactly(chapter):
    found = demo(chapter, "D2.4")
    commit(found)
    found.get_by_role("button", name="Reset").click()
    expect(found.get_by_role("slider", name="Importance line")).to_be_enabled()
    state = "node => [...node.querySelectorAll('input')].map(n => [n.value, n.checked, n.disabled])"
    first = found.evaluate(state), found.locator(".sq-sentence").inner_text()
    picture = found.locator(".sq-plot svg").first.inner_html()
    found.get_by_role("slider", name="Importance line").fill("6")
    found.get_by_role("button", name="Clinic").click()
    expect(found.locator(".sq-sentence")).not_to_have_text(first[1])
    found.get_by_role("button", name="Reset").click()
    expect(found.locator(".sq-sentence")).to_have_text(first[1])
    assert (found.evaluate(state), found.locator(".sq-sentence").inner_text()) == first
    assert found.locator(".sq-plot svg").first.inner_html() == picture


def test_the_challenge_can_be_solved(chapter):
    found = demo(chapter, "D2.1")
    commit(found)
    expect(found.get_by_text("Not solved yet.")).to_be_visible()
    slider = found.get_by_role("slider", name="Perceived reliability")
    slider.focus()
    for _ in range(5):
        chapter.keyboard.press("ArrowRight")
    expect(slider).to_have_value("6.2")
    expect(found.locator(".sq-solved")).to_contain_text("✓ Solved.")


def test_the_cross_can_be_dragged(chapter):
    found = demo(chapter, "D2.4")
    plot = found.locator(".sq-plot").first
    plot.scroll_into_view_if_needed()
    expect(found.locator(".sq-draggable")).to_have_count(1)
    box = plot.bounding_box()
    chapter.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.5)
    chapter.mouse.down()
    chapter.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.4, steps=5)
    chapter.mouse.up()
    expect(found.get_by_role("slider", name="Performance line")).not_to_have_value("4")
    expect(found.get_by_role("slider", name="Importance line")).not_to_have_value("4")


def test_a_quiz_answer_shows_its_own_feedback(chapter):
    question = chapter.locator('[data-question="Q2.1"]')
    status = question.get_by_role("status")
    expect(status).to_be_hidden()
    question.get_by_role("radio").nth(0).check()
    expect(status).to_contain_text("Not quite.")
    first = status.inner_text()
    question.get_by_role("radio").nth(1).check()
    expect(status).to_contain_text("Right.")
    question.get_by_role("radio").nth(2).check()
    expect(status).to_contain_text("Not quite.")
    assert status.inner_text() != first


def test_a_setting_that_cannot_be_says_so_and_the_page_stays_usable(chapter):
    found = demo(chapter, "D2.1")
    commit(found)
    found.get_by_text("Importance points").click()
    for dimension in ("Tangibles", "Reliability", "Responsiveness", "Assurance", "Empathy"):
        found.get_by_role("group", name="Importance points").get_by_role(
            "slider", name=dimension
        ).fill("0")
    expect(found.get_by_role("alert")).to_contain_text("All importance points are zero")
    found.get_by_role("button", name="Reset").click()
    expect(found.get_by_role("alert")).to_be_hidden()
    expect(found.locator(".sq-numbers dd").first).to_have_text("−0.407")


def test_nothing_is_cut_off_on_a_phone(open_chapter):
    page = open_chapter("02-servqual", width=390)
    for code in DEMOS:
        commit(demo(page, code))
        page.wait_for_function(
            "code => [...document.querySelectorAll(`[data-demo='${code}'] .sq-figure`)]"
            ".every(figure => figure.dataset.drawn || !figure.offsetParent)",
            arg=code,
        )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.sq-card *')].filter(node => {
             if (node.closest('.sq-scroll')) return false;
             const box = node.getBoundingClientRect();
             const card = node.closest('.sq-card').getBoundingClientRect();
             return box.width && (box.right > card.right + 1 || box.left < card.left - 1);
           }).map(node => node.outerHTML.slice(0, 90))"""
    )
    assert cut == []
