"""D4.2: guests in a queue, replayed; the formula beside the simulation."""

import math
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from servicequality import widgets as w
from servicequality.demos.customers_role import full_cafe
from servicequality.demos.customers_role.full_cafe import DOOR, HEIGHT, SEEN, WIDTH
from servicequality.models import queueing

DEMO = full_cafe()
PRESETS = {preset.label: DEMO.check(preset.values) for preset in DEMO.presets}


def look(**values):
    return DEMO.view(DEMO.check(values))


def waits(view):
    (row,) = view.tables["here"].itertuples()
    return row.wait, row.simulated


@pytest.mark.parametrize(
    ("undecided", "wait"), [(0, 2.5), (10, 3.8235), (25, 7), (50, 25), (60, 70)]
)
def test_o4_2b_formula_and_simulation_side_by_side(undecided, wait):
    view = look(undecided=undecided)
    formula, simulated = waits(view)
    assert formula == pytest.approx(wait, abs=5e-5)
    assert simulated == pytest.approx(wait, rel=0.15)
    assert f"{wait:.1f} minutes by the formula" in view.sentence
    assert f"{simulated:.1f} in the simulation" in view.sentence
    told = view.tables["told"].set_index("undecided")["wait"]
    assert told[str(undecided)] == f"{wait:.1f}"


def test_the_first_state_and_the_prediction_are_7_and_25_minutes():
    assert "7.0 minutes by the formula and 7.1" in DEMO.view(DEMO.first_state()).sentence
    assert (
        "With a quarter of the guests undecided, the mean wait is 7.0" in DEMO.prediction.question
    )
    assert DEMO.prediction.values == {"undecided": 50}
    assert all("from 7.0 to 25.0" in text for text in DEMO.prediction.feedback.values())


def test_no_wait_of_the_result_is_sent_before_the_commit():
    view = w.DemoWidget(DEMO).view
    assert set(view["tables"]) == {"tracks", "scenery", "moments", "curve"}
    assert "minutes by the formula" not in view["teaser"]


def test_beyond_the_wall_the_wait_has_no_limit():
    wall = look().tables["wall"]["share"].item()
    assert wall == pytest.approx(0.67)
    view = look(undecided=65, hourly=15)
    assert all(math.isnan(wait) for wait in waits(view))
    assert "the wait has no limit" in view.sentence
    assert view.numbers[0].text == "no limit"
    assert look(counters=3).tables["wall"]["share"].item() == pytest.approx(0.7)


def test_a_simulation_that_is_off_the_formula_says_why():
    told = "even twenty thousand guests are few"
    assert told in look(undecided=65).explanation
    for values in ({}, {"undecided": 50}, {"hourly": 3, "counters": 3}):
        assert told not in look(**values).explanation


def test_the_board_halves_the_undecided():
    assert waits(look(menu=True))[0] == pytest.approx(4.2308, abs=5e-5)
    assert waits(look(menu=True, undecided=50))[0] == pytest.approx(7)
    assert "12.5 %" in look(menu=True).sentence


def test_lines_apart_wait_longer_than_one_line():
    one, each = (look(undecided=50, counters=2, lines=lines) for lines in ("one", "each"))
    for formula_or_simulation in range(2):
        assert waits(each)[formula_or_simulation] > 2 * waits(one)[formula_or_simulation]
    alone = queueing.mixed_queue(0.1, [0.5, 0.5], [3, 6], [1, 2])
    assert waits(each)[0] == pytest.approx(float(alone.wq))
    assert look(counters=1).inactive == {"lines"}
    assert look(counters=2).inactive == set()


@pytest.mark.parametrize(
    ("values", "solved"),
    [
        ({"menu": True, "decided": 2.5}, True),
        ({"menu": True, "decided": 2.5, "place": "library"}, True),
        ({"menu": True, "decided": 2.5, "undecided": 25}, False),
        ({"menu": True, "decided": 2.5, "hourly": 11}, False),
        ({"menu": True, "thinking": 5.5}, False),
        ({"menu": True, "decided": 2.5, "thinking": 5.5}, False),
        ({"menu": True, "decided": 2}, False),
        ({"menu": True}, False),
        ({"decided": 2.5}, False),
        ({"menu": True, "counters": 2}, False),
        ({"counters": 2}, False),
    ],
)
def test_the_challenge_takes_the_board_and_half_a_minute_off_the_decided(values, solved):
    assert DEMO.challenge.solved(DEMO.check({"undecided": 50} | values)) is solved


def test_the_success_names_the_waits_of_both_ways():
    for kind, words in (({"decided": 2.5}, "{:.1f} minutes"), ({"thinking": 5.5}, "leave {:.1f}")):
        wait = waits(look(undecided=50, menu=True, **kind))[0]
        assert words.format(wait) in DEMO.challenge.success


@pytest.mark.parametrize("case", PRESETS)
def test_the_replay_shows_the_simulated_guests(case):
    state = PRESETS[case]
    tables = DEMO.view(state).tables
    tracks, moments = tables["tracks"], tables["moments"]
    assert len(moments) == SEEN
    assert tracks["thing"].nunique() == SEEN
    end, last = moments["time"].iloc[-1], tracks.groupby("thing").last()
    assert (last["time"] > end)[last["y"] <= HEIGHT].all(), "who is inside stays on the stage"
    inside = tracks[tracks["time"] <= end].groupby("thing")["y"].last() <= HEIGHT
    assert ((last["time"] > end) == inside).all()
    assert inside.sum() > moments["waiting"].iloc[-1], "those in line, and who is served"
    assert (tracks.groupby("thing")["time"].diff().dropna() >= 0).all()
    first = tracks.groupby("thing").first()
    assert (first[["x", "y"]].to_numpy() == DOOR).all()
    np.testing.assert_allclose(first["time"], moments["time"])
    assert tracks["x"].between(0, WIDTH).all()
    assert tracks["y"].between(0, HEIGHT + 5).all()
    # Nobody stands on anybody: between two moves every place of the line has one guest.
    for time in np.linspace(10, moments["time"].iloc[-1], 40):
        now = tracks[tracks["time"] <= time].groupby("thing").last()
        inside = now[now["y"] <= HEIGHT]
        assert not inside.duplicated(["x", "y"]).any()


def test_kind_and_line_of_the_replay_are_those_of_the_simulation():
    guests = queueing.simulate(0.2, [0.5, 0.5], [3, 6], [1, 2], customers=20_000, seed=279)[:SEEN]
    view = look(undecided=50)
    kinds = view.tables["tracks"].groupby("thing")["kind"].first()
    assert (kinds == np.where(guests["kind"] == 0, "d", "u")).all()
    waiting = [
        ((guests["arrival"] <= at) & (guests["start"] > at)).sum() for at in guests["arrival"]
    ]
    assert view.tables["moments"]["waiting"].tolist() == waiting
    assert f"first sixty wait {guests['wait'].mean():.1f}" in view.sentence


def test_the_bars_hold_all_guests():
    for values in ({}, {"undecided": 65}, {"hourly": 18, "undecided": 65}):
        assert look(**values).tables["bins"]["share"].sum() == pytest.approx(1, abs=0.001)


def test_a_full_room_is_welcome_in_a_bar_and_not_in_a_library():
    bar, library = (look(undecided=50, place=place).tables["room"] for place in ("bar", "library"))
    assert bar["occupancy"].item() == pytest.approx(0.2 * (25 + 4.5) / 8)
    assert bar["mood"].item() > 2
    assert library["mood"].item() < -1


def test_sixty_guests_move_smoothly_and_are_stepped_by_keyboard(open_demo, page):
    page.add_init_script(
        """window.costs = [];
        const request = window.requestAnimationFrame.bind(window);
        window.requestAnimationFrame = (call) => request((time) => {
          const start = performance.now();
          call(time);
          window.costs.push(performance.now() - start);
        });"""
    )
    page = open_demo("full_cafe")
    demo = page.locator(".sq-demo")
    demo.get_by_label("About 25 minutes").check()
    demo.get_by_role("button", name="Commit my prediction").click()
    expect(demo.locator(".sq-sentence")).to_contain_text("25.0 minutes by the formula")
    expect(demo.locator(".sq-stage path")).to_have_count(SEEN)
    demo.get_by_role("button", name="At the wall").click()
    demo.get_by_role("slider", name="Guests an hour").fill("18")
    expect(demo.locator(".sq-sentence")).to_contain_text("no limit")
    page.evaluate("window.costs = []")
    page.wait_for_function("window.costs.length > 60")
    assert page.evaluate("window.costs.sort((a, b) => a - b)[30]") < 8
    demo.get_by_role("button", name="Pause").press("Space")
    said = demo.locator(".sq-said")
    before = int(re.search(r"guest (\d+)", said.inner_text())[1])
    demo.get_by_role("button", name="Step forward").press("Enter")
    expect(said).to_contain_text(f"guest {before + 1} comes in")
    demo.get_by_role("button", name="Half undecided").click()
    demo.get_by_role("checkbox", name="Menu board outside").check()
    demo.locator("summary").get_by_text("The café", exact=True).click()
    demo.get_by_role("slider", name="An order that is decided takes").fill("2.5")
    expect(demo.get_by_text("✓ Solved.")).to_be_attached()
