"""The pages to look things up, as a reader meets them: the glossary and the myth shelf."""

import accessibility
from playwright.sync_api import Page, expect

from chapters import CHAPTERS
from servicequality import glossary, myths

FITS = "document.documentElement.scrollWidth <= innerWidth"


def item(page: Page, name: str):
    return page.locator(f".sq-item[id='{name}']")


def search(page: Page, words: str, *found: str) -> None:
    page.get_by_role("searchbox", name="Search").fill(words)
    shown = page.locator(".sq-item:visible")
    expect(shown).to_have_count(len(found))
    assert [node.get_attribute("id") for node in shown.all()] == list(found)


def open_at(page: Page, site: str, address: str, width: int = 1280) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site}chapters/{address}")
    page.wait_for_selector("html[data-ready]")


def test_a_link_opens_one_myth_and_a_vote_by_keyboard_shows_what_is_behind_it(page, site):
    shelf = {myth.id: myth for myth in myths.load(CHAPTERS)}
    myth = shelf["recovery-paradox"]
    open_at(page, site, f"myths.ipynb#{myth.id}")
    linked = item(page, myth.id)
    expect(linked).to_be_in_viewport()
    expect(page.locator(".sq-linked")).to_have_count(1)
    expect(linked).to_have_class("sq-item sq-linked")
    expect(linked.get_by_role("heading", name=myth.claim)).to_be_visible()
    assert myth.verdict not in page.content()
    assert myth.counted not in page.content()

    linked.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    expect(linked.get_by_role("radio", name="It is mixed")).to_be_checked()
    verdict = linked.get_by_role("status")
    expect(verdict).to_contain_text("Right.")
    expect(verdict).to_contain_text(myth.verdict)
    expect(
        page.get_by_text(f"You voted on 1 of {len(shelf)}; the evidence agrees with 1.")
    ).to_be_visible()
    others = [other for other in shelf.values() if other is not myth]
    assert not [other.id for other in others if other.verdict in page.content()]

    search(page, "GRONROOS", "gronroos-1982")
    search(page, "净推荐值", "nps-predicts-growth")
    search(page, "retention % more", "five-points-retention")
    search(page, "established")  # A word of every vote.
    page.evaluate("location.hash = 'six-sigma'")
    expect(item(page, "six-sigma")).to_be_in_viewport()
    expect(page.locator(".sq-linked")).to_have_attribute("id", "six-sigma")
    expect(page.locator(".sq-item:visible")).to_have_count(len(shelf))
    verdict.get_by_role("link", name="de Matos, Henrique & Rossi 2007").click()
    expect(page.locator("#ref-de-2007")).to_be_in_viewport()
    accessibility.check(page, dark=True)
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate(FITS)


def test_the_glossary_is_searched_in_both_languages_on_a_phone(page, site):
    open_at(page, site, "glossary.ipynb#cronbachs-alpha", width=390)
    expect(item(page, "cronbachs-alpha")).to_be_in_viewport()
    terms = {term.slug: term for term in glossary.load(CHAPTERS)}
    expect(page.locator(".sq-item:visible")).to_have_count(len(terms))
    accessibility.check(page)
    search(page, "鱼骨", "fishbone-diagram")
    search(page, "bone HEAD", "fishbone-diagram")
    search(page, "no such word anywhere")
    expect(page.get_by_text(f"0 of {len(terms)} shown")).to_be_visible()
    assert page.evaluate(FITS)
