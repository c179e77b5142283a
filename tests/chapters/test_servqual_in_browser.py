"""The demos of chapter 2 at work on their page, in a real browser against the real server."""

import pytest
from playwright.sync_api import Page, expect


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
