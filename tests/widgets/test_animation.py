"""Things that move about a stage: played, paused, stepped, and as still pictures."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect
from toys import marching, parade

from servicequality import widgets as w

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def test_an_animation_sends_each_of_its_tables_before_the_commit():
    tables = w.DemoWidget(parade()).view["tables"]
    assert set(tables) == {"tracks", "scenery", "moments", "curve"}
    expected = marching({"length": 10}).tables
    assert tables["tracks"]["x"] == expected["tracks"]["x"].tolist()


def test_its_declaration_holds_the_looks_and_no_moves():
    (panel,) = parade().declaration()["panels"]
    assert panel["kind"] == "animation"
    assert panel["looks"]["rider"] == {
        "label": "on a horse",
        "shape": "diamond",
        "colour": "#d9730d",
    }
    assert "ann" not in str(panel)


def test_its_numbers_come_from_its_moments_or_another_table():
    (panel,) = parade().panels
    assert panel.tables[0] == "moments"
    other = w.Animation(**{**vars(panel), "numbers_from": "steps"})
    assert other.tables == ("steps", "moments", "tracks", "scenery", "curve")


@pytest.fixture(scope="module")
def parade_site(serve, tmp_path_factory):
    folder = tmp_path_factory.mktemp("parade")
    shutil.copy(Path(__file__).with_name("toys.py"), folder)
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": KERNEL})
    notebook.cells = [
        nbformat.v4.new_markdown_cell("# A parade", id="title"),
        nbformat.v4.new_code_cell("import toys\ntoys.parade()", id="demo"),
    ]
    nbformat.write(notebook, folder / "parade.ipynb")
    return serve(folder)


@pytest.fixture
def stage(page, parade_site):
    """Open the parade; still, if so asked."""

    def stage(motion="no-preference", width=1280):
        page.emulate_media(reduced_motion=motion)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{parade_site}chapters/parade.ipynb")
        page.wait_for_selector("html[data-ready]")
        return page.locator(".sq-animation")

    return stage


def places(panel):
    """Where each visible thing is, by kind, in units of the stage."""
    scale = panel.locator(".sq-stage").evaluate("node => node.clientWidth / 100")
    found = {}
    for mark in panel.locator(".sq-stage path").all():
        if mark.is_visible():
            numbers = re.findall(r"-?[\d.]+", mark.get_attribute("transform"))
            found[mark.get_attribute("data-kind")] = tuple(float(n) / scale for n in numbers)
    return found


def button(panel, name):
    return panel.get_by_role("button", name=name)


def test_it_plays_by_itself_and_pauses_and_steps_by_keyboard(stage, page):
    panel = stage()
    expect(panel.locator(".sq-said")).to_have_text("Bob follows.")
    button(panel, "Pause").focus()
    page.keyboard.press("Space")
    expect(button(panel, "Play")).to_be_visible()
    still = places(panel)
    page.wait_for_timeout(300)
    assert places(panel) == still
    button(panel, "Step back").focus()
    # From between two moments back to the last one, and from there to the one before.
    page.keyboard.press("Enter")
    expect(panel.locator(".sq-said")).to_have_text("Bob follows.")
    page.keyboard.press("Enter")
    expect(panel.locator(".sq-said")).to_have_text("Ann sets out.")
    assert places(panel) == {"walker": pytest.approx((10, 10), abs=0.1)}
    button(panel, "Step forward").focus()
    page.keyboard.press("Enter")
    expect(panel.locator(".sq-said")).to_have_text("Bob follows.")
    assert places(panel)["walker"] == pytest.approx((90, 10), abs=0.1)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(panel.locator(".sq-said")).to_have_text("Ann is there.")


def test_a_thing_glides_and_turns_where_it_is(stage):
    panel = stage()
    slide = panel.get_by_role("slider", name="Time")
    for time, kind, place in [
        (2, "walker", (50, 10)),
        (5, "rider", (30, 30)),
        # Half way across it turns: nothing jumps.
        (6.1, "rider", (50, 30)),
        (8, "rider", (26.8, 30)),
    ]:
        slide.evaluate(
            "(node, time) => { node.value = time; node.dispatchEvent(new Event('input')); }", time
        )
        assert places(panel)[kind] == pytest.approx(place, abs=3)
    expect(slide).to_have_attribute("aria-valuetext", "Bob follows.")


def test_kinds_differ_in_shape_and_the_key_says_which(stage):
    panel = stage()
    marks = panel.locator(".sq-stage path")
    shapes = {mark.get_attribute("data-kind"): mark.get_attribute("d") for mark in marks.all()}
    assert "a" in shapes["walker"]
    assert "a" not in shapes["rider"]
    expect(panel.locator(".sq-key")).to_have_text("on footon a horse")
    expect(panel.get_by_role("img")).to_have_attribute("aria-label", re.compile("cross a square"))


def test_who_asks_for_less_motion_gets_still_pictures(stage, page):
    panel = stage("reduce")
    said = panel.locator(".sq-said")
    # The one in the middle, with everybody where the last move has led.
    expect(said).to_have_text("Bob follows.")
    expect(said).to_have_attribute("aria-live", "polite")
    first = places(panel)
    assert first["walker"] == pytest.approx((90, 10), abs=0.1)
    page.wait_for_timeout(400)
    assert places(panel) == first
    expect(panel.get_by_role("button", name="Play")).to_have_count(0)
    # Bob follows at second 20 now, so that the picture goes back to the moment before.
    page.get_by_role("slider", name="Length").fill("50")
    expect(said).to_have_text("Ann sets out.")
    assert float(panel.get_by_role("slider", name="Time").input_value()) == 0
    button(panel, "Step forward").press("Enter")
    expect(said).to_have_text("Bob follows.")
    page.emulate_media(reduced_motion="no-preference")
    expect(button(panel, "Play")).to_be_visible()


def test_new_moves_take_over_and_a_replay_that_has_ended_begins_again(stage, page):
    panel = stage()
    panel.get_by_role("combobox", name="Speed").select_option("4")
    expect(button(panel, "Play")).to_be_visible()
    expect(panel.locator(".sq-said")).to_have_text("Ann is there.")
    page.get_by_label("18 credits").check()
    page.get_by_role("button", name="Commit my prediction").click()
    expect(button(panel, "Pause")).to_be_visible()
    page.get_by_role("button", name="Slow").click()
    expect(page.get_by_text("The parade takes 100 seconds.")).to_be_visible()
    button(panel, "Pause").click()
    expect(panel.get_by_role("slider", name="Time")).to_have_attribute("max", "100")


def test_it_fits_a_phone(stage, page):
    panel = stage(width=390)
    expect(panel.locator(".sq-stage text")).to_have_text("fountain")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    stage_width = panel.locator(".sq-stage > svg").evaluate("node => node.clientWidth")
    assert stage_width == panel.locator(".sq-stage").evaluate("node => node.clientWidth")
