"""The pages around the chapters are for everyone; chapters are looked at where they are opened."""

import pytest

pytest.register_assert_rewrite("accessibility")

import accessibility  # noqa: E402 - once its assertions are to be rewritten
from playwright.sync_api import Browser, Page, expect  # noqa: E402


def test_the_front_page_is_for_everyone(page: Page, site: str) -> None:
    page.goto(site)
    accessibility.check(page, dark=True)
    accessibility.check_keyboard(page)


def test_an_error_page_is_for_everyone(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}nowhere")
    accessibility.check(page, dark=True)
    accessibility.check_keyboard(page)
    page.close()


def test_the_start_page_is_for_everyone(open_chapter) -> None:
    page = open_chapter("00-start-here")
    accessibility.check(page)
    accessibility.check_keyboard(page)


def test_a_demo_alone_is_for_everyone(page: Page, site: str) -> None:
    page.goto(f"{site}demos/D2.1")
    page.wait_for_selector("html[data-ready]")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Commit").click()
    expect(page.get_by_role("heading", name="Challenge")).to_be_visible()
    accessibility.check(page, dark=True)
    accessibility.check_keyboard(page)
