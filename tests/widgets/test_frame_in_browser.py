"""The frame as a reader meets it: one toy page in a real browser."""

import shutil
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

CELLS = {
    "imports": "import toys",
    "demo": "toys.lemonade()",
    "question": "toys.question()",
    "still": "toys.still()",
}


@pytest.fixture(scope="module")
def toy_site(serve, tmp_path_factory):
    folder = tmp_path_factory.mktemp("toys")
    shutil.copy(Path(__file__).with_name("toys.py"), folder)
    notebook = nbformat.v4.new_notebook(
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        }
    )
    notebook.cells = [nbformat.v4.new_markdown_cell("# Toys", id="title")] + [
        nbformat.v4.new_code_cell(source, id=name) for name, source in CELLS.items()
    ]
    nbformat.write(notebook, folder / "01-toys.ipynb")
    return serve(folder)


@pytest.fixture
def toys(page, toy_site):
    page.goto(f"{toy_site}chapters/01-toys.ipynb")
    page.wait_for_selector("html[data-ready]")
    expect(page.locator(".sq-demo .sq-figure[data-drawn]")).to_have_count(1)
    return page


def commit(page, answer="18 credits"):
    page.get_by_label(answer).check()
    page.get_by_role("button", name="Commit my prediction").click()
    expect(page.locator(".sq-demo")).to_have_attribute("data-committed", "true")


def picture(page):
    return page.locator(".sq-demo .sq-plot svg").first.inner_html()


def test_the_result_waits_for_a_prediction(toys):
    demo = toys.locator(".sq-demo")
    expect(demo.get_by_role("slider", name="Price of a cup")).to_be_enabled()
    expect(demo.get_by_text("Two days of a lemonade stand.")).to_be_visible()
    for hidden in ("Both days", "Not solved yet", "Show the formula", "Hot day"):
        expect(demo.get_by_text(hidden)).to_be_hidden()
    expect(toys.get_by_role("button", name="Commit my prediction")).to_be_disabled()
    commit(toys, "9 credits")
    expect(demo.get_by_text("Not what you predicted. Nine cups were sold")).to_be_visible()
    verdict = demo.locator(".sq-verdict")
    expect(verdict).to_be_focused()
    expect(verdict).to_be_in_viewport()
    expect(demo.get_by_text("Both days")).to_be_visible()


def test_the_commit_shows_the_state_that_the_prediction_was_about(toys):
    slider = toys.get_by_role("slider", name="Price of a cup")
    slider.fill("5")
    commit(toys)
    expect(slider).to_have_value("2")
    expect(toys.get_by_text("At 2.0 a cup the stand earns 18.0.")).to_be_visible()


def test_a_key_press_moves_chart_sentence_number_and_table_together(toys):
    commit(toys)
    before = picture(toys)
    slider = toys.get_by_role("slider", name="Price of a cup")
    slider.focus()
    toys.keyboard.press("ArrowRight")
    expect(toys.get_by_text("At 2.1 a cup the stand earns 18.9.")).to_be_visible()
    expect(toys.locator(".sq-numbers dd")).to_have_text("18.9")
    expect(toys.locator(".sq-demo .sq-table").last).to_contain_text("18.90")
    expect(slider).to_have_attribute("aria-valuetext", "2.1 credits")
    assert picture(toys) != before


def test_the_chart_is_drawn_once_and_then_only_fed(toys):
    commit(toys)
    toys.evaluate("window.firstPicture = document.querySelector('.sq-demo .sq-plot svg')")
    for label in ("Hot day", "Cheap", "Hot day"):
        toys.get_by_role("button", name=label).click()
    expect(toys.get_by_text("At 5.0 a cup the stand earns 70.0.")).to_be_visible()
    assert toys.evaluate("window.firstPicture.isConnected")


def test_reset_restores_the_first_state_exactly(toys):
    commit(toys)
    expect(toys.get_by_text("the stand earns 18.0")).to_be_visible()
    before = picture(toys)
    toys.get_by_role("button", name="Hot day").click()
    expect(toys.get_by_text("Solved. Sun and price together.")).to_be_visible()
    toys.get_by_role("button", name="Reset").click()
    expect(toys.get_by_text("At 2.0 a cup the stand earns 18.0.")).to_be_visible()
    expect(toys.get_by_role("checkbox", name="It is sunny")).not_to_be_checked()
    expect(toys.get_by_text("Not solved yet")).to_be_visible()
    expect(toys.get_by_role("button", name="Hot day")).to_have_attribute("aria-pressed", "false")
    assert picture(toys) == before


def test_start_again_closes_the_result(toys):
    commit(toys)
    toys.get_by_role("button", name="Start again").click()
    expect(toys.get_by_text("Both days")).to_be_hidden()
    expect(toys.get_by_role("button", name="Commit my prediction")).to_be_disabled()
    expect(toys.get_by_label("9 credits")).to_be_focused()


def test_a_group_without_effect_is_put_away(toys):
    commit(toys)
    place = toys.get_by_text("Place")
    sunny = toys.get_by_role("checkbox", name="It is sunny")
    sunny.check()
    expect(place).to_be_hidden()
    sunny.uncheck()
    expect(place).to_be_visible()
    expect(toys.get_by_label("Beeton")).to_be_hidden()
    place.click()
    expect(toys.get_by_role("radio", name="Beeton")).to_be_enabled()
    sunny.check()
    expect(place).to_be_hidden()
    sunny.uncheck()
    expect(toys.get_by_role("radio", name="Beeton")).to_be_enabled()


def test_a_demo_that_raises_says_so_and_the_page_stays_usable(toys):
    commit(toys)
    slider = toys.get_by_role("slider", name="Price of a cup")
    slider.fill("9.5")
    alert = toys.get_by_role("alert")
    expect(alert).to_have_text("Nobody pays more than 9. Move a control or press Reset to go on.")
    slider.fill("8")
    expect(alert).to_contain_text("This setting could not be calculated.")
    expect(toys.get_by_text("Traceback")).to_have_count(0)
    expect(toys.get_by_text("a secret")).to_have_count(0)
    toys.get_by_role("button", name="Reset").click()
    expect(toys.get_by_text("At 2.0 a cup the stand earns 18.0.")).to_be_visible()
    expect(alert).to_be_hidden()
    toys.get_by_label("No", exact=True).check()
    expect(toys.get_by_text("it is a thing.")).to_be_visible()


def test_a_fast_drag_ends_on_the_last_position(toys):
    commit(toys)
    toys.evaluate(
        """() => {
          const slider = document.querySelector('.sq-demo input[type=range]');
          for (let price = 0; price <= 7; price += 0.1) {
            slider.value = price;
            slider.dispatchEvent(new Event('input', {bubbles: true}));
          }
        }"""
    )
    expect(toys.get_by_text("At 7.0 a cup the stand earns 63.0.")).to_be_visible()


def test_a_question_answers_the_option_that_was_chosen(toys):
    toys.get_by_label("Yes", exact=True).check()
    expect(toys.locator(".sq-question [role=status]")).to_have_text(
        "✗ Not quite. A toy is a thing."
    )
    toys.keyboard.press("ArrowDown")
    expect(toys.locator(".sq-question [role=status]")).to_contain_text("it is a thing.")


def test_every_control_has_a_name_and_every_chart_a_description(toys):
    commit(toys)
    unnamed = toys.evaluate(
        """() => [...document.querySelectorAll('.sq-card :is(input, select, button)')]
          .filter((node) => !(node.labels?.[0] ?? node).textContent.trim()).length"""
    )
    assert unnamed == 0
    for image in toys.get_by_role("img").all():
        assert len(image.get_attribute("aria-label")) > 20


@pytest.mark.parametrize("width", [390, 768])
def test_nothing_sticks_out_on_a_narrow_screen(toys, width):
    toys.set_viewport_size({"width": width, "height": 844})
    commit(toys)
    expect(toys.get_by_text("Both days")).to_be_visible()
    toys.wait_for_function(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    too_wide = toys.evaluate(
        """() => [...document.querySelectorAll('.sq-card *')]
          .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
          .map((node) => node.outerHTML.slice(0, 80))"""
    )
    assert too_wide == []
